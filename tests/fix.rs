//! `--fix`: what it writes, what it leaves alone, and that nothing is ever lost.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;
#[path = "fix/generated.rs"]
mod generated;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use generated::{Random, carried, decoded, is_exact, kubeconfig, mutated, plain, untouched};
use kubeconfig_lint::fix::{Applicability, apply};
use kubeconfig_lint::kubernetes::plugins::PLUGINS;
use kubeconfig_lint::{Options, Source, lint};

const GROUP: &str = "client.authentication.k8s.io";
const LIMIT: Duration = Duration::from_secs(60);

fn run(dir: &Path, args: &[&str]) -> common::Outcome {
    common::run(dir, args, b"", LIMIT)
}

#[test]
fn every_plugin_of_the_table_gets_the_version_that_it_answers() {
    for old in ["v1alpha1", "v1beta1", "v1"] {
        let folder = tempfile::tempdir().unwrap();
        let mut users = String::new();
        let mut expected = Vec::new();
        for (at, (plugin, run)) in
            PLUGINS.iter().flat_map(|p| p.invocations.iter().map(move |run| (p, run))).enumerate()
        {
            for (form, command, args) in [
                ("plain", run.command.to_owned(), run.args.to_vec()),
                ("path", format!("/usr/local/bin/{}", run.command), run.args.to_vec()),
                ("env", "env".to_owned(), [&["A=b", run.command], run.args].concat()),
            ] {
                let name = format!("u{at}-{form}");
                users.push_str(&format!(
                    "- name: {name}\n  user:\n    exec:\n      apiVersion: {GROUP}/{old}\n      \
                     command: {command}\n      interactiveMode: Never\n"
                ));
                if !args.is_empty() {
                    users.push_str("      args:\n");
                    args.iter().for_each(|arg| users.push_str(&format!("      - {arg}\n")));
                }
                let is_answered = plugin.answers.versions().iter().any(|v| v.version == old);
                let is_refused = old == "v1alpha1";
                // What may be right with an old release of the plugin is left alone.
                let is_left = !is_refused && (is_answered || plugin.least.is_some());
                let version = match plugin.target {
                    Some(target) if !is_left => target.version,
                    _ => old,
                };
                expected.push((name, version.to_owned()));
            }
        }
        let file = folder.path().join("config");
        fs::write(&file, format!("kind: Config\nusers:\n{users}")).unwrap();
        run(folder.path(), &["--fix", "-q"]);
        let fixed = fs::read_to_string(&file).unwrap();
        let names = fixed.lines().filter_map(|line| line.strip_prefix("- name: "));
        let versions = fixed.lines().filter_map(|line| line.trim().strip_prefix("apiVersion: "));
        let versions = versions.map(|version| version.strip_prefix(GROUP).unwrap()[1..].to_owned());
        let got: Vec<_> = names.map(str::to_owned).zip(versions).collect();
        assert_eq!(got, expected, "{old}");
        // And once more changes nothing.
        run(folder.path(), &["--fix", "-q"]);
        assert_eq!(fs::read_to_string(&file).unwrap(), fixed);
    }
}

/// How many files were compared to the byte.
static EXACT: AtomicUsize = AtomicUsize::new(0);

/// How many findings are more than remarks.
fn weight(findings: &[kubeconfig_lint::finding::Finding]) -> usize {
    let is_remark = |severity| severity == kubeconfig_lint::finding::Severity::Note;
    findings.iter().filter(|finding| !is_remark(finding.severity)).count()
}

/// Fixes a text as far as it can be fixed, and looks at what came of it.
fn check(name: &str, text: &str, least: Applicability) -> usize {
    let source = Source::new(name, text.into());
    let options = Options::default();
    let mut before = lint(&source, &options);
    apply::verify(&source, &mut before, &options);
    let is_fixable = |f: &&kubeconfig_lint::finding::Finding| {
        f.fix.as_ref().is_some_and(|fix| fix.applicability >= least)
    };
    let Some(fixed) = apply::fix(&source, &options, least, &[]) else {
        let fixable: Vec<_> = before.findings.iter().filter(is_fixable).collect();
        assert!(fixable.is_empty(), "{name}\n{text}\n{fixable:#?}");
        return 0;
    };
    let after = fixed.source.text();
    assert_eq!(after.as_bytes(), fixed.bytes);
    let anew = lint(&fixed.source, &options);
    let rules = |linted: &kubeconfig_lint::Linted| {
        linted.findings.iter().map(|f| (f.rule.name, f.primary.span)).collect::<Vec<_>>()
    };
    assert_eq!(rules(&anew), rules(&fixed.linted), "{name}\n{text}\n---\n{after}");
    assert!(
        fixed.linted.findings.iter().filter(is_fixable).count() == 0,
        "{name}\n{text}\n---\n{after}"
    );
    assert!(
        // (What kubectl accepts now it may have a remark for.)
        weight(&before.findings) >= weight(&anew.findings) + fixed.count,
        "{name}\n{text}\n---\n{after}"
    );
    let lines = plain(text).replace('\r', "");
    let is_base64 = decoded(&lines).trim_end() != lines.trim_end();
    if is_base64 {
        assert_eq!(untouched(after), untouched(text), "{name}\n{text}\n---\n{after}");
    } else {
        assert!(is_exact(text, after), "{name}\n{text}\n---\n{after}");
        EXACT.fetch_add(1, Ordering::Relaxed);
    }
    assert!(
        apply::fix(&fixed.source, &options, least, &[]).is_none(),
        "{name}\n{text}\n---\n{after}"
    );
    fixed.count
}

/// `FIX_CASES` sets how many.
#[test]
fn a_fix_changes_the_version_and_nothing_else() {
    let cases = std::env::var("FIX_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(5000);
    let seed = std::env::var("FIX_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut random = Random(seed);
    let mut fixed = 0;
    for _ in 0..cases {
        let mut text = kubeconfig(&mut random);
        let mut name = random.pick(&["config", "config.yaml"]);
        if random.one_in(3) {
            text = mutated(&mut random, &text);
        }
        for _ in 0..random.below(3) {
            let (outer, outer_name) = carried(&mut random, &text);
            (text, name) = (outer, outer_name);
        }
        if random.one_in(5) {
            text = text.replace('\n', "\r\n");
        }
        if random.one_in(8) {
            text.insert(0, '\u{feff}');
        }
        for least in [Applicability::Safe, Applicability::Unsafe] {
            fixed += check(name, &text, least);
        }
    }
    assert!(fixed > cases, "only {fixed} of {cases}");
    let exact = EXACT.load(Ordering::Relaxed);
    assert!(exact > cases / 2, "only {exact} of {cases} to the byte");
}

/// A file is the old one or the new one, whole, whenever the program is killed.
#[cfg(unix)]
#[test]
fn a_kill_tears_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    let users: String = (0..200)
        .map(|at| {
            format!(
                "- name: u{at}\n  user:\n    exec:\n      apiVersion: {GROUP}/v1alpha1\n      \
                 command: aws\n      args: [eks, get-token]\n"
            )
        })
        .collect();
    let old = format!("kind: Config\nusers:\n{users}");
    let new = old.replace("v1alpha1", "v1beta1");
    let mut random = Random(7);
    let binary = env!("CARGO_BIN_EXE_kubeconfig-lint");
    fs::write(&file, &old).unwrap();
    let begin = std::time::Instant::now();
    run(folder.path(), &["--fix", "-q"]);
    let whole = begin.elapsed();
    assert_eq!(fs::read_to_string(&file).unwrap(), new);
    let kills = std::env::var("FIX_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let (mut olds, mut news) = (0, 0);
    for _ in 0..kills {
        fs::write(&file, &old).unwrap();
        let mut child = Command::new(binary)
            .args(["--fix", "-q", "config"])
            .current_dir(folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let micros = whole.as_micros() as usize * 3 / 2;
        std::thread::sleep(Duration::from_micros(random.below(micros) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = fs::read_to_string(&file).unwrap();
        assert!(now == old || now == new, "{now}");
        if now == old {
            olds += 1
        } else {
            news += 1
        }
        for entry in fs::read_dir(folder.path()).unwrap() {
            let path = entry.unwrap().path();
            // What was being written lies beside it, under a name of its own.
            if path != file {
                assert!(path.to_string_lossy().ends_with(".tmp"), "{path:?}");
                fs::remove_file(path).unwrap();
            }
        }
    }
    assert!(olds > 0 && news > 0, "{olds} old, {news} new");
}

fn old_config(command: &str) -> String {
    format!(
        "kind: Config\nusers:\n- name: u\n  user:\n    exec:\n      apiVersion: \
         {GROUP}/v1alpha1\n      command: {command}\n      args: [eks, get-token]\n"
    )
}

#[cfg(unix)]
#[test]
fn mode_and_symbolic_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (home, dotfiles) = (folder.path().join("home"), folder.path().join("dotfiles"));
    fs::create_dir_all(home.join(".kube")).unwrap();
    fs::create_dir_all(&dotfiles).unwrap();
    let file = dotfiles.join("kubeconfig");
    fs::write(&file, old_config("aws")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    symlink("../../dotfiles/kubeconfig", home.join(".kube/config")).unwrap();
    let outcome = run(&home, &["--fix", ".kube/config"]);
    assert_eq!(outcome.status, Some(0), "{}", outcome.err());
    let said = "fixed 1 finding in .kube/config\nfixed 1 finding in 1 file; nothing to report in 1 \
                file\n";
    assert_eq!(outcome.err(), said);
    assert!(fs::symlink_metadata(home.join(".kube/config")).unwrap().is_symlink());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(fs::read_to_string(&file).unwrap(), old_config("aws").replace("alpha", "beta"));
}

/// The mode of a file with an access control list says more than its group may do.
#[cfg(target_os = "linux")]
#[test]
fn access_control_lists_and_attributes_stay() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    fs::write(&file, old_config("aws")).unwrap();
    // u::rw-, u:1000:rw-, g::---, m::rw-, o::---: version 2, then tag, rights and who.
    let entries: [(u16, u16, u32); 5] =
        [(1, 6, u32::MAX), (2, 6, 1000), (4, 0, u32::MAX), (16, 6, u32::MAX), (32, 0, u32::MAX)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, who) in entries {
        list.extend(tag.to_le_bytes());
        list.extend(rights.to_le_bytes());
        list.extend(who.to_le_bytes());
    }
    let attributes = [("system.posix_acl_access", list.as_slice()), ("user.note", b"mine")];
    let taken = attributes.map(|(name, value)| xattr::set(&file, name, value).is_ok());
    let outcome = run(folder.path(), &["--fix", "config"]);
    assert_eq!(outcome.status, Some(0), "{}", outcome.err());
    for ((name, value), is_taken) in attributes.into_iter().zip(taken) {
        // Where the file system takes none, there is none to keep.
        let expected = is_taken.then_some(value);
        assert_eq!(xattr::get(&file, name).unwrap_or(None).as_deref(), expected, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_changed_is_said_and_stays() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let old = old_config("aws");
    for name in ["free", "linked", "locked"] {
        fs::write(folder.path().join(name), &old).unwrap();
    }
    let locked = folder.path().join("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o444)).unwrap();
    fs::hard_link(folder.path().join("linked"), folder.path().join("other")).unwrap();
    let outcome = run(folder.path(), &["--fix", "--format", "short"]);
    assert_eq!(outcome.status, Some(2));
    let errors = outcome.err();
    for said in [
        "error: locked: it cannot be fixed: it is read-only: make it writable first\n",
        "error: linked: it cannot be fixed: it has 2 names (hard links)",
        "fixed 1 finding in 1 file; 3 errors in 3 of 4 files",
    ] {
        assert!(errors.contains(said), "{errors}");
    }
    assert_eq!(outcome.out().lines().count(), 3, "{}", outcome.out());
    for name in ["linked", "locked", "other"] {
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), old);
    }
    let free = fs::read_to_string(folder.path().join("free")).unwrap();
    assert_eq!(free, old.replace("alpha", "beta"));
}

/// Where this test may give a file away, and there is a user to give it to.
#[cfg(unix)]
#[test]
fn the_file_of_another_user_stays() {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config");
    fs::write(&file, old_config("aws")).unwrap();
    if chown(&file, Some(12345), None).is_err() {
        return;
    }
    let outcome = run(folder.path(), &["--fix"]);
    assert_eq!(outcome.status, Some(2));
    let said =
        "error: config: it cannot be fixed: it belongs to another user: let that user fix it";
    assert!(outcome.err().contains(said), "{}", outcome.err());
    assert_eq!(fs::read_to_string(&file).unwrap(), old_config("aws"));
    assert_eq!(fs::metadata(&file).unwrap().uid(), 12345);
}

/// A diff that is applied gives the bytes that `--fix` writes.
#[test]
fn a_diff_says_what_a_fix_does() {
    let has = |program: &str| Command::new(program).arg("--version").output().is_ok();
    let mut random = Random(3);
    let (fixed, diffed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for at in 0..60 {
        let mut text = kubeconfig(&mut random);
        let mut name = "config";
        if random.one_in(2) {
            let (outer, outer_name) = carried(&mut random, &text);
            (text, name) = (outer, outer_name);
        }
        if random.one_in(4) {
            text = text.replace('\n', "\r\n");
        }
        if random.one_in(4) {
            text.truncate(text.trim_end().len());
        }
        let name = match at % 7 {
            0 => format!("{at} with blanks/{name}"),
            1 => format!("ä/{at}-{name}"),
            2 => format!("\"quoted\\{at}-{name}"),
            _ => format!("d/e/{at}-{name}"),
        };
        for folder in [fixed.path(), diffed.path()] {
            let file = folder.join(&name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, &text).unwrap();
        }
    }
    let outcome = run(fixed.path(), &["--fix", "--unsafe-fixes", "-q", "--no-config"]);
    assert!(matches!(outcome.status, Some(0 | 1)), "{}", outcome.err());
    let diff = run(diffed.path(), &["--diff", "--unsafe-fixes", "-q", "--no-config"]);
    let hidden = diff.err().matches("its diff is not shown").count();
    assert!(hidden < 12, "{}", diff.err());
    let patch = diffed.path().join("patch");
    fs::write(&patch, &diff.stdout).unwrap();
    for (program, args) in [
        ("git", &["apply", "--check", "patch"][..]),
        ("patch", &["-p0", "-s", "--dry-run", "--fuzz=2", "-i", "patch"]),
        ("git", &["apply", "patch"]),
    ] {
        // Where there is none, there is nothing to compare with.
        if !has(program) {
            return;
        }
        let applied = Command::new(program).args(args).current_dir(diffed.path()).output().unwrap();
        let said = String::from_utf8_lossy(&applied.stderr).into_owned();
        assert!(applied.status.success(), "{program} {args:?}: {said}\n{}", diff.out());
    }
    let mut changed = 0;
    for entry in ignore::WalkBuilder::new(fixed.path()).hidden(false).build() {
        let entry = entry.unwrap();
        let Ok(name) = entry.path().strip_prefix(fixed.path()) else { continue };
        if !entry.file_type().unwrap().is_file() {
            continue;
        }
        let shown = name.to_string_lossy().into_owned();
        if diff.err().contains(&format!("error: {shown}: its diff is not shown")) {
            continue;
        }
        let (a, b) = (fs::read(entry.path()).unwrap(), fs::read(diffed.path().join(name)).unwrap());
        assert!(a == b, "{shown}");
        changed += 1;
    }
    assert!(changed > 40);
}

/// No byte of a secret is in a diff, nor in what a report says of a fix.
#[test]
fn a_diff_shows_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let old = format!(
        "apiVersion: v1\nkind: Config\nusers:\n- name: t\n  user:\n    token: hunter2hunter2\n    exec:\n      \
         apiVersion: {GROUP}/v1alpha1\n      command: aws\n      args: [eks, get-token]\n"
    );
    let json = format!(
        "{{\"kind\": \"Config\", \"users\": [{{\"name\": \"j\", \"user\": {{\"token\": \"hunter2hunter2\", \
         \"exec\": {{\"apiVersion\": \"{GROUP}/v1alpha1\", \"command\": \"aws\", \"args\": [\"eks\", \"get-token\"]}}}}}}]}}\n"
    );
    let base64 = STANDARD.encode(&old);
    fs::write(folder.path().join("yaml"), &old).unwrap();
    fs::write(folder.path().join("json"), &json).unwrap();
    fs::write(folder.path().join("secret.yaml"), format!("kind: Secret\ndata:\n  k: {base64}\n"))
        .unwrap();
    let diff = run(folder.path(), &["--diff"]);
    assert_eq!(diff.status, Some(2));
    let out = diff.out();
    assert!(out.contains("+      apiVersion: client.authentication.k8s.io/v1beta1"), "{out}");
    let rest = diff.err();
    assert_eq!(rest.matches("its diff is not shown").count(), 2, "{rest}");
    let mut all = out + &rest;
    for format in kubeconfig_lint::report::FORMATS {
        all += &run(folder.path(), &["--format", format.name]).out();
    }
    for secret in ["hunter2", &base64[40..60], &base64[100..120]] {
        assert!(!all.contains(secret), "{all}");
    }
}

#[test]
fn flags_that_do_not_go_together_are_said() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config"), old_config("aws")).unwrap();
    for (args, said) in [
        (&["--fix", "-"][..], "standard input cannot be fixed in place"),
        (&["--fix", "--diff"], "cannot be used with"),
        (&["--diff", "--format", "json"], "--diff goes to standard output"),
        (&["--fix", "--fix-to", "v1alpha1"], "invalid value 'v1alpha1'"),
    ] {
        let outcome = run(folder.path(), args);
        assert_eq!(outcome.status, Some(2), "{args:?}");
        assert!(outcome.err().contains(said), "{args:?}: {}", outcome.err());
    }
    assert_eq!(fs::read_to_string(folder.path().join("config")).unwrap(), old_config("aws"));
}

/// What many findings in one base64 want is written once, not once for each.
#[test]
fn many_findings_in_base64_are_one_edit() {
    let folder = tempfile::tempdir().unwrap();
    let user = |at: usize| {
        old_config("aws").replacen("kind: Config\nusers:\n", "", 1).replacen(
            "u\n",
            &format!("u{at}\n"),
            1,
        )
    };
    let config = format!("kind: Config\nusers:\n{}", (0..5000).map(user).collect::<String>());
    let secret = |config: &str| format!("kind: Secret\ndata:\n  k: {}\n", STANDARD.encode(config));
    let file = folder.path().join("secret.yaml");
    fs::write(&file, secret(&config)).unwrap();
    let outcome = run(folder.path(), &["--fix"]);
    let said = "fixed 5000 findings in secret.yaml\nfixed 5000 findings in 1 file; nothing to \
                report in 1 file\n";
    assert_eq!(outcome.err(), said);
    assert_eq!(fs::read_to_string(&file).unwrap(), secret(&config.replace("alpha", "beta")));
}

/// What is a part of something, is looked for, or stands in a comment is not changed by any flag.
#[test]
fn what_is_not_sure_stays() {
    let config = old_config("aws");
    let wide = STANDARD.encode(config.replace("kind: Config\n", "kind: Config\nx: yy\n"));
    let (first, second) = wide.split_at(208);
    let unpadded = STANDARD.encode(format!("{config}#")).trim_end_matches('=').to_owned();
    let lines: Vec<_> = unpadded
        .as_bytes()
        .chunks(unpadded.len() - 2)
        .map(|l| std::str::from_utf8(l).unwrap())
        .collect();
    let old = format!("{GROUP}/v1alpha1");
    let whole = STANDARD.encode(&config);
    let cases = [
        ("a.go", format!("k := \"{first}\" +\n\t\"{second}\"\n")),
        ("a.tf", format!("locals {{\n  k = join(\"\", [\"{first}\", \"{second}\"])\n}}\n")),
        ("a.json", format!("[\"{first}\", \"{second}\"]\n")),
        ("a.yaml", format!("k:\n- {first}\n- {second}\n")),
        ("a.txt", format!("{first}\n\n{second}\n")),
        ("b.txt", format!("{}\n", lines.join("\n"))),
        ("b.json", format!("{{\"k\": \"{}\"}}\n", lines.join("\\n"))),
        ("b.go", format!("package b\n\n// old: {whole}\nfunc x() {{}}\n")),
        ("b.yaml", format!("# KUBECONFIG: {whole}\na: b\n")),
        ("c.tf", format!("locals {{\n  k = replace(var.k, \"apiVersion: {old}\", \"x\")\n}}\n")),
        ("c.tpl", format!("{{{{ $k := .k | replace \"apiVersion: {old}\" \"x\" }}}}\n")),
        ("d.tpl", format!("{{{{ if eq .apiVersion \"{old}\" }}}}\n")),
        ("c.yaml", format!("- op: test\n  path: /users/0/user/exec/apiVersion\n  value: {old}\n")),
        ("c.js", format!("throw new Error('apiVersion: {old}')\n")),
        ("c.md", format!("It was `{old}` once.\n")),
        ("c.sh", format!("sed -i 's#{old}#x#' f\n# apiVersion: {old}\n")),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in &cases {
        fs::write(folder.path().join(name), text).unwrap();
    }
    run(folder.path(), &["--fix", "--unsafe-fixes", "-q"]);
    for (name, text) in &cases {
        assert_eq!(&fs::read_to_string(folder.path().join(name)).unwrap(), text, "{name}");
    }
}

/// Only what is searched is changed; what a symbolic link leads to elsewhere must be named.
#[cfg(unix)]
#[test]
fn a_link_out_of_the_tree_is_not_followed_to_fix() {
    let folder = tempfile::tempdir().unwrap();
    let (tree, home) = (folder.path().join("tree"), folder.path().join("home"));
    fs::create_dir_all(&tree).unwrap();
    fs::create_dir_all(&home).unwrap();
    let file = home.join("config");
    fs::write(&file, old_config("aws")).unwrap();
    std::os::unix::fs::symlink("../home/config", tree.join("k")).unwrap();
    let outcome = run(&tree, &["--fix", "."]);
    assert!(
        outcome.err().contains("warning: k: it is not fixed: a symbolic link"),
        "{}",
        outcome.err()
    );
    assert_eq!(fs::read_to_string(&file).unwrap(), old_config("aws"));
    run(&tree, &["--fix", "k"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), old_config("aws").replace("alpha", "beta"));
}
