//! Runs `--kubeconfig` with lists of files in `KUBECONFIG`, and compares what it says with what real
//! kubectls made of 500 lists (`tests/kubectl/lists`, which `scripts/kubectl/record-lists` records).
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::Duration;

use kubeconfig_lint::internals::Merged;
use kubeconfig_lint::{Source, Target};
use serde::Deserialize;
use serde_json::Value;

/// Runs `--kubeconfig` in the tree of the case; returns standard output, standard error and the
/// exit status.
fn run(list: &str, flags: &[&str]) -> (String, String, Option<i32>) {
    let temporary = tempfile::tempdir().unwrap();
    let dir = fs::canonicalize(temporary.path()).unwrap().join("tree");
    let tree = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/kubeconfig-flag/tree");
    common::copy_tree(&tree, &dir);
    let mut command = common::command(&dir);
    command.env("KUBECONFIG", list).args(["--kubeconfig", "--format", "short"]).args(flags);
    let outcome = common::run_command(&mut command, b"", Duration::from_secs(60));
    (outcome.out(), outcome.err(), outcome.status)
}

#[test]
fn first_file_shadows_users_of_later_ones() {
    let (out, err, status) = run("first:second", &[]);
    assert_eq!(out.lines().count(), 1, "{out}");
    assert!(out.starts_with("second:17:24: error[removed-api-version]: [*] user `v`"), "{out}");
    assert!(
        err.contains("note: second: user `u` is never used: kubectl takes the one in `first`"),
        "{err}"
    );
    assert!(err.contains("1 note (--show-notes)"), "{err}");
    assert_eq!(status, Some(1));
    let (out, ..) = run("first:second", &["--show-notes"]);
    assert!(out.contains("second:14:24: note[removed-api-version]: user `u`"), "{out}");
    assert!(out.contains("(never used)"), "{out}");
}

#[test]
fn missing_and_repeated_files_are_skipped() {
    let (out, err, status) = run("second::nowhere:first:second", &["-v"]);
    assert_eq!(out.matches("error[removed-api-version]").count(), 2, "{out}");
    assert_eq!(err.matches("\nread second").count(), 1, "{err}");
    assert_eq!(err.matches("did not read nowhere: no such file\n").count(), 1, "{err}");
    assert!(
        err.contains("note: first: user `u` is never used: kubectl takes the one in `second`"),
        "{err}"
    );
    assert_eq!(status, Some(1));
    let (_, err, status) = run("nowhere", &[]);
    assert_eq!(err, "error: none of the files that kubectl would load exists: nowhere\n");
    assert_eq!(status, Some(2));
    let (_, err, _) = run("~/.kube/prod", &[]);
    assert!(
        err.ends_with("hint: the shell left the `~` as it is: write \"$HOME/.kube/prod\"\n"),
        "{err}"
    );
}

#[test]
fn findings_about_missing_entries_name_missing_files() {
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path();
    let text = "apiVersion: v1\nkind: Config\ncurrent-context: prod\n";
    fs::write(dir.join("first"), text).unwrap();
    for (list, expected) in [
        (
            "first:confg",
            "name one of the contexts, or correct KUBECONFIG: there is no file `confg`",
        ),
        ("first", "name one of the contexts\n"),
    ] {
        let mut command = common::command(dir);
        command.env("KUBECONFIG", list).arg("--kubeconfig");
        let outcome = common::run_command(&mut command, b"", Duration::from_secs(60));
        assert!(outcome.out().contains(expected), "{}", outcome.out());
    }
}

/// A list of files in `KUBECONFIG`, and what kubectls made of it.
#[derive(Deserialize)]
struct List {
    name: String,
    list: Vec<String>,
    files: BTreeMap<String, String>,
    verdicts: Vec<Recorded>,
}

/// What some minors made of a list. The maps contain the file that kubectl took each entry from;
/// `None` where the entry is empty, so that no file can be told from another.
#[derive(Deserialize)]
struct Recorded {
    minors: Vec<String>,
    #[serde(rename = "current-context", default)]
    current_context: String,
    /// None of the maps is there if kubectl refused a file.
    users: Option<BTreeMap<String, Option<String>>>,
    #[serde(default)]
    clusters: BTreeMap<String, Option<String>>,
    #[serde(default)]
    contexts: BTreeMap<String, Option<String>>,
    #[serde(default)]
    minified: Vec<String>,
    class: String,
    says: String,
}

impl Recorded {
    /// Returns the file of each entry by kind and name; `None` where it is unknown.
    fn files(&self) -> BTreeMap<(&str, &str), Option<&str>> {
        let users = self.users.iter().flatten().map(|entry| ("user", entry));
        let clusters = self.clusters.iter().map(|entry| ("cluster", entry));
        let contexts = self.contexts.iter().map(|entry| ("context", entry));
        let entries = users.chain(clusters).chain(contexts);
        entries.map(|(kind, (name, file))| ((kind, name.as_str()), file.as_deref())).collect()
    }
}

fn lists() -> Vec<List> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kubectl/lists/random.jsonl");
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).expect("a line is a list")).collect()
}

/// Returns the name of the file that an entry of `KUBECONFIG` means.
fn file_of(entry: &str) -> &str {
    entry.trim_start_matches("./").trim_start_matches("$TMP/")
}

#[test]
fn merged_view_is_that_of_recorded_kubectls() {
    let lists = lists();
    assert!(lists.len() >= 500);
    for list in &lists {
        let mut seen = BTreeSet::new();
        let names: Vec<&str> = list.list.iter().map(|entry| file_of(entry)).collect();
        let names = names.into_iter().filter(|name| list.files.contains_key(*name));
        let names: Vec<&str> = names.filter(|name| seen.insert(*name)).collect();
        let source = |name: &&str| {
            ((*name).to_owned(), Source::new(name, list.files[*name].clone().into_bytes()))
        };
        let sources: Vec<(String, Source)> = names.iter().map(source).collect();
        let files = sources.iter().map(|(name, source)| (name.clone(), Some(source)));
        let merged = Merged::new(files, &Target::default());
        for recorded in list.verdicts.iter().filter(|recorded| recorded.users.is_some()) {
            let place = format!("{}, kubectl {:?}", list.name, recorded.minors);
            let current = merged.current_context().unwrap_or_default();
            assert_eq!(current, recorded.current_context, "{place}");
            let kubectl = recorded.files();
            let ours = merged.first().map(|(kind, name, at)| {
                let is_known = kubectl.get(&(kind, name)).is_none_or(Option::is_some);
                ((kind, name), is_known.then_some(names[at]))
            });
            assert_eq!(ours.collect::<BTreeMap<_, _>>(), kubectl, "{place}");
        }
    }
}

/// What `--kubeconfig` reports about a list, in its folder.
fn findings(list: &List) -> (Vec<Value>, String) {
    let temporary = tempfile::tempdir().unwrap();
    let dir = fs::canonicalize(temporary.path()).unwrap();
    fs::create_dir(dir.join("dev")).unwrap();
    for (name, text) in &list.files {
        fs::write(dir.join(name), text).unwrap();
    }
    let listed = list.list.join(":").replace("$TMP", dir.to_str().unwrap());
    let mut command = common::command(&dir);
    let flags = ["--kubeconfig", "--show-notes", "--format", "json"];
    command.env("KUBECONFIG", listed).args(flags);
    let outcome = common::run_command(&mut command, b"", Duration::from_secs(60));
    let recorded = |text: String| text.replace(dir.to_str().unwrap(), "$TMP");
    let report: Value = serde_json::from_str(&recorded(outcome.out())).unwrap_or_default();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    (findings, recorded(outcome.err()))
}

#[test]
fn reports_agree_with_recorded_kubectls() {
    let mut differences = Vec::new();
    for list in lists() {
        let recorded = list.verdicts.last().unwrap();
        assert!(recorded.minors.contains(&"1.37".to_owned()), "{}", list.name);
        let (findings, err) = findings(&list);
        let mut differ = |what: &str| {
            let Recorded { class, says, minified, .. } = recorded;
            differences
                .push(format!("{}: {what}\n  kubectl: {class} {minified:?}: {says}", list.name));
        };
        let of = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let words = |finding: &Value| of(&finding["kubectl_says"], "words");
        let is_always = |finding: &&Value| {
            let title = of(finding, "title").replace("(with the current context)", "");
            !title.contains("(with ")
        };
        let errors = || findings.iter().filter(|finding| finding["severity"] != "note");
        let rule = |name: &'static str| errors().filter(move |finding| finding["rule"] == name);
        let said =
            |name: &'static str| rule(name).filter(is_always).any(|f| words(f) == recorded.says);
        let Some(users) = &recorded.users else {
            // kubectl lists the errors of several files. A report leaves out what may be a secret.
            let is_said = |finding| {
                let words: String = words(finding);
                let (_, error) = words.split_once("error loading config file ").unwrap();
                recorded.says.contains(error.split('…').next().unwrap())
            };
            let refused = rule("invalid-kubeconfig");
            // kubectl reads no folder.
            let folder = "error loading config file \"dev\": read dev: is a directory";
            let is_folder_said = recorded.says.contains(folder) == err.contains(folder);
            let is_refused = refused.clone().count() > 0 || err.contains(folder);
            if !is_refused || !is_folder_said || !refused.clone().all(is_said) {
                let said: Vec<_> = refused.map(words).collect();
                differ(&format!("{said:?} {err}"));
            }
            continue;
        };
        for finding in findings.iter().filter(|finding| finding["rule"] == "removed-api-version") {
            let user = of(finding, "user");
            let file = users.get(&user).cloned().flatten();
            // No flag selects a user without a name.
            let may_be_idle = user.is_empty()
                && recorded.contexts.contains_key(&recorded.current_context)
                && !recorded.minified.contains(&user);
            let is_taken = file == Some(of(finding, "path"));
            let is_error = finding["severity"] == "error";
            if is_taken != is_error && !(is_taken && may_be_idle) {
                differ(&format!("the user of {finding}"));
            }
        }
        let current = rule("removed-api-version").filter(is_always).map(|f| of(f, "user"));
        let current: BTreeSet<String> = current.collect();
        // Without a valid context, kubectl uses the user without a name, but minifies nothing.
        let is_current = |name: &String| recorded.minified.contains(name) || name.is_empty();
        if !recorded.contexts.is_empty()
            && !recorded.current_context.is_empty()
            && !current.iter().all(is_current)
        {
            differ(&format!("current: {current:?}"));
        }
        let names = ["missing-context", "missing-cluster", "missing-user"];
        let missing = names.map(|name| rule(name).any(|finding| is_always(&finding)));
        let is_same = match recorded.class.as_str() {
            "invalid-apiVersion" => said("removed-api-version"),
            "cluster-invalid" => said("invalid-cluster"),
            "context-missing" => said("missing-context"),
            "no-cluster" => !missing[0] && (!missing[2] || missing[1]),
            "no-credentials-prompt" => !missing[0] && !missing[1],
            _ => missing == [false; 3],
        };
        if !is_same {
            let titles = findings.iter().map(|f| format!("{} {}", of(f, "path"), of(f, "title")));
            differ(&titles.collect::<Vec<_>>().join(", "));
        }
    }
    let shown: Vec<&str> = differences.iter().take(10).map(String::as_str).collect();
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), shown.join("\n"));
}

/// Returns the folder of a test with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Runs `--kubeconfig` in a folder; returns standard output, standard error and the exit status.
fn run_in(folder: &tempfile::TempDir, list: &str, flags: &[&str]) -> (String, String, Option<i32>) {
    let mut command = common::command(folder.path());
    let format: &[&str] = if flags.contains(&"--format") { &[] } else { &["--format", "short"] };
    command.env("KUBECONFIG", list).arg("--kubeconfig").args(format).args(flags);
    let outcome = common::run_command(&mut command, b"", Duration::from_secs(60));
    (outcome.out(), outcome.err(), outcome.status)
}

const CONTEXTS: &str = "apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters:\n- name: c\n  \
                        cluster: {server: 'https://c'}\ncontexts:\n- name: a\n  context: {cluster: \
                        c, user: u}\n- name: b\n  context: {cluster: c, user: v}\n";
const USERS: &str = "apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user: {exec: {apiVersion: \
                     client.authentication.k8s.io/v1alpha1, command: aws, args: [eks, \
                     get-token]}}\n- name: v\n  user: {exec: {apiVersion: \
                     client.authentication.k8s.io/v1alpha1, command: aws, args: [eks, \
                     get-token]}}\n";

#[test]
fn contexts_of_one_file_select_users_of_another() {
    let folder = folder(&[("contexts", CONTEXTS), ("users", USERS)]);
    for list in ["contexts:users", "users:contexts"] {
        let (out, err, _) = run_in(&folder, list, &["--show-notes"]);
        let lines: Vec<_> = out.lines().collect();
        assert_eq!(lines.len(), 2, "{out}");
        assert!(lines[0].contains("user `u` (with the current context): "), "{out}");
        assert!(lines[1].contains("user `v` (with `--context b`): "), "{out}");
        assert!(!err.contains("never used"), "{err}");
    }
    // No file defines the user.
    let (out, _, status) = run_in(&folder, "contexts", &[]);
    assert!(out.starts_with("contexts:9:31: warning[missing-user]: "), "{out}");
    assert_eq!(status, Some(1));
}

#[test]
fn fix_leaves_shadowed_users_as_they_are() {
    let folder = folder(&[("first", USERS), ("second", USERS)]);
    let (_, err, status) = run_in(&folder, "first:second", &["--fix", "--show-notes"]);
    assert_eq!(status, Some(0), "{err}");
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("first"), USERS.replace("v1alpha1", "v1beta1"));
    assert_eq!(read("second"), USERS);
}

#[test]
fn links_to_one_file_are_read_once() {
    let folder = folder(&[("users", USERS)]);
    std::os::unix::fs::symlink("users", folder.path().join("link")).unwrap();
    let (out, err, _) = run_in(&folder, "link:users:./users", &["-v"]);
    assert_eq!(out.lines().count(), 2, "{out}");
    assert!(err.contains("read link\n") && !err.contains("never used"), "{err}");
}

#[test]
fn what_kubectl_refuses_is_said_in_its_words() {
    let folder = folder(&[("users", USERS), ("notes.txt", "hello\n")]);
    fs::create_dir(folder.path().join("dir")).unwrap();
    let (out, err, status) = run_in(&folder, "dir", &[]);
    assert!(err.starts_with("error: error loading config file \"dir\": read dir: is a directory"));
    assert_eq!((out.as_str(), status), ("", Some(2)), "{err}");
    let (out, ..) = run_in(&folder, "users:notes.txt", &["--format", "text"]);
    assert!(
        out.contains("error: error loading config file \"notes.txt\": couldn't get version/kind"),
        "{out}"
    );
    assert!(out.contains("once kubectl can load `notes.txt`, it says: "), "{out}");
}

#[test]
fn what_seems_missing_may_be_in_an_undecodable_file() {
    let folder =
        folder(&[("contexts", CONTEXTS), ("users", &USERS.replace("users:", "users: {}"))]);
    let (out, _, status) = run_in(&folder, "contexts:users", &[]);
    assert!(out.starts_with("users:"), "{out}");
    assert!(!out.contains("missing-user"), "{out}");
    assert_eq!(status, Some(1));
}

#[test]
fn what_seems_missing_may_be_in_a_file_that_cannot_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(&[("contexts", CONTEXTS), ("users", USERS)]);
    let users = folder.path().join("users");
    fs::set_permissions(&users, fs::Permissions::from_mode(0o000)).unwrap();
    // Root may read all files, but no socket.
    if fs::read(&users).is_ok() {
        fs::remove_file(&users).unwrap();
        std::os::unix::net::UnixListener::bind(&users).unwrap();
    }
    let (out, err, status) = run_in(&folder, "contexts:users", &["--show-notes"]);
    assert!(!out.contains("missing-user"), "{out}");
    assert_eq!(err.matches("error: users: ").count(), 1, "{err}");
    assert_eq!(status, Some(2));
}

#[test]
fn pipes_are_read_as_kubectl_reads_them() {
    let folder = folder(&[("contexts", CONTEXTS), ("users", USERS)]);
    let lint = env!("CARGO_BIN_EXE_kubeconfig-lint");
    let script = format!(
        "mkfifo fifo; cat users >fifo & KUBECONFIG=contexts:fifo '{lint}' --kubeconfig --format short; \
         cat users | KUBECONFIG=contexts:/dev/stdin '{lint}' --kubeconfig --format short"
    );
    let mut command = std::process::Command::new("sh");
    command.args(["-c", &script]).current_dir(folder.path()).env("HOME", folder.path());
    let outcome = common::run_command(&mut command, b"", Duration::from_secs(60));
    let out = outcome.out();
    for name in ["fifo", "/dev/stdin"] {
        let found = out.lines().filter(|line| line.starts_with(&format!("{name}:")));
        assert_eq!(found.count(), 2, "{out}{}", outcome.err());
    }
    assert!(
        !out.contains("missing-user") && !outcome.err().contains("error:"),
        "{}",
        outcome.err()
    );
}

#[test]
fn dev_null_is_an_empty_file() {
    let folder = folder(&[("contexts", CONTEXTS), ("users", USERS)]);
    let (out, err, status) = run_in(&folder, "/dev/null:contexts:users", &[]);
    assert_eq!((out.lines().count(), status), (2, Some(1)), "{out}{err}");
    let (_, err, status) = run_in(&folder, "/dev/null", &[]);
    assert_eq!((err.as_str(), status), ("warning: no files were checked\n", Some(0)));
}

#[test]
fn secrets_of_other_files_are_not_quoted() {
    let contexts = CONTEXTS.replace("'https://c'", "'https://me:pass-word@c:1:2'");
    let folder = folder(&[("contexts", &contexts), ("users", USERS)]);
    for format in ["text", "json", "short"] {
        let (out, err, _) =
            run_in(&folder, "users:contexts", &["--show-notes", "--format", format]);
        assert!(!out.contains("pass-word") && !err.contains("pass-word"), "{out}{err}");
    }
}
