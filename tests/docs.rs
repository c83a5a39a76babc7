//! Checks the documentation: links resolve, commands run, and it names the inputs of the action,
//! the formats and the rules.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test may stop at the first surprise"
)]

mod common;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kubeconfig_lint::{FORMATS, RULES};

/// A kubeconfig with a finding, so that every command has something to do.
const KUBECONFIG: &str = "apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n    exec:\n      \
    apiVersion: client.authentication.k8s.io/v1alpha1\n      command: aws\n      \
    args: [eks, get-token, --cluster-name, c]\n";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the pages with their paths from the root.
fn pages() -> Vec<(String, String)> {
    let mut names: Vec<_> =
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"].map(str::to_owned).into();
    for folder in ["docs", "docs/rules"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".md") {
                names.push(format!("{folder}/{name}"));
            }
        }
    }
    names.sort();
    let read = |name: String| {
        let text = fs::read_to_string(root().join(&name)).unwrap();
        (name, text)
    };
    names.into_iter().map(read).collect()
}

/// Returns the lines of a page, each with the info string of the code fence around it.
fn lines(text: &str) -> Vec<(Option<&str>, &str)> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        match (line.trim_start().strip_prefix("```"), fence) {
            (Some(word), None) => fence = Some(word.trim()),
            (Some(_), Some(_)) => fence = None,
            (None, _) => lines.push((fence, line)),
        }
    }
    assert_eq!(fence, None, "a fence is left open");
    lines
}

/// Returns the anchors of a page's headings, as GitHub creates them.
fn anchors(text: &str) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let headings = lines(text).into_iter().filter(|(fence, _)| fence.is_none());
    let headings = headings.filter_map(|(_, line)| {
        let title = line.trim_start_matches('#');
        (title.len() < line.len()).then(|| title.strip_prefix(' '))?
    });
    headings
        .map(|title| {
            let kept = title.trim().to_lowercase();
            let kept = kept.chars().filter(|&c| c.is_alphanumeric() || " -_".contains(c));
            let slug: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
            let count = seen.entry(slug.clone()).or_default();
            *count += 1;
            if *count == 1 { slug } else { format!("{slug}-{}", *count - 1) }
        })
        .collect()
}

/// Returns the targets of the links in a line, except those in code.
fn links(line: &str) -> Vec<&str> {
    let mut links = Vec::new();
    for (index, part) in line.split('`').enumerate() {
        // Text between backticks is code, unless it is the text of a link.
        if index % 2 == 0 {
            let mut rest = part;
            while let Some((_, after)) = rest.split_once("](") {
                let (target, after) = after.split_once(')').expect("a link ends in its line");
                links.push(target);
                rest = after;
            }
        }
    }
    links
}

#[test]
fn docs_links_have_targets() {
    let mut count = 0;
    for (name, text) in pages() {
        let folder = root().join(&name).parent().unwrap().to_owned();
        for (_, line) in lines(&text).into_iter().filter(|(fence, _)| fence.is_none()) {
            for link in links(line).into_iter().filter(|link| !link.contains("://")) {
                count += 1;
                let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
                let target = match path {
                    "" => root().join(&name),
                    _ => folder.join(path),
                };
                assert!(target.exists(), "{name}: nothing is at {link}");
                if !anchor.is_empty() {
                    let anchors = anchors(&fs::read_to_string(&target).unwrap());
                    assert!(anchors.iter().any(|a| a == anchor), "{name}: no heading for {link}");
                }
            }
        }
    }
    assert!(count > 50, "only {count} links are seen");
}

#[test]
fn docs_are_reachable_from_the_readme() {
    let all: HashMap<_, _> = pages().into_iter().collect();
    let mut reached = vec!["README.md".to_owned()];
    let mut next = 0;
    while let Some(name) = reached.get(next).cloned() {
        next += 1;
        let folder = Path::new(&name).parent().unwrap().to_owned();
        for (_, line) in lines(&all[&name]) {
            for link in links(line) {
                let path = folder.join(link.split('#').next().unwrap());
                let path = path.components().as_path().to_string_lossy().replace('\\', "/");
                if all.contains_key(&path) && !reached.contains(&path) {
                    reached.push(path);
                }
            }
        }
    }
    // The README links to the folder of the rules.
    let lost = all.keys().filter(|n| !reached.contains(n) && !n.starts_with("docs/rules/"));
    let lost: Vec<_> = lost.filter(|name| *name != "CHANGELOG.md").collect();
    assert!(lost.is_empty(), "no page links {lost:?}");
}

/// Returns our commands in a line of shell, as words without quotes, except those with variables.
fn commands(line: &str) -> Vec<Vec<String>> {
    let mut commands = vec![vec![]];
    let (mut word, mut quote) = (None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(q), _) if c == q => quote = None,
            (Some(_), _) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '#') if word.is_none() => break,
            (None, ' ' | '|' | '&' | ';' | '(' | ')') => {
                commands.last_mut().unwrap().extend(word.take());
                if c != ' ' {
                    commands.push(vec![]);
                }
            }
            (None, _) => word.get_or_insert_default().push(c),
        }
    }
    commands.last_mut().unwrap().extend(word);
    commands.retain(|words| {
        words.first().is_some_and(|word| word == "kubeconfig-lint")
            && !words.iter().any(|word| word.contains('$'))
    });
    commands
}

/// Creates a tree with everything that the documentation mentions.
fn tree() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in [".kube/config", "deploy/kubeconfig", "checkouts/a/kubeconfig", "secret.yaml"] {
        let path: PathBuf = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, KUBECONFIG).unwrap();
    }
    fs::create_dir_all(dir.path().join("reports/kubeconfig-lint")).unwrap();
    fs::write(dir.path().join(".kubeconfig-lint.yaml"), "kubectl-version: 1.28-1.37\n").unwrap();
    dir
}

#[test]
fn docs_commands_succeed() {
    let limit = Duration::from_secs(60);
    let mut count = 0;
    for (name, text) in pages() {
        // The commands of one page run one after the other, as a reader would run them.
        let dir = tree();
        let home = dir.path().to_string_lossy();
        let text = text.replace("\\\n", " ");
        for (_, line) in lines(&text)
            .into_iter()
            .filter(|(fence, _)| matches!(fence, Some("sh" | "console" | "yaml")))
        {
            let line = line.trim_start();
            let line = line.strip_prefix("$ ").or(line.strip_prefix("- ")).unwrap_or(line);
            for words in commands(line) {
                let args: Vec<_> = words[1..].iter().map(|word| word.replace('~', &home)).collect();
                count += 1;
                let stdin = match words.iter().any(|word| word == "--files-from") {
                    true => "deploy/kubeconfig\n",
                    false => KUBECONFIG,
                };
                let args: Vec<_> = args.iter().map(String::as_str).collect();
                let outcome = common::run(dir.path(), &args, stdin.as_bytes(), limit);
                let ran = matches!(outcome.status, Some(0 | 1));
                assert!(ran, "{name}: {line}\n{}{}", outcome.out(), outcome.err());
            }
        }
    }
    assert!(count >= 20, "only {count} commands are seen");
}

#[test]
fn docs_show_a_json_report_as_it_is_printed() {
    let page = fs::read_to_string(root().join("docs/json-report.md")).unwrap();
    let shown = page.split_once("```json\n").unwrap().1.split_once("```").unwrap().0;
    let dir = tempfile::tempdir().unwrap();
    let text =
        KUBECONFIG.replace("aws", "rancher").replace("eks, get-token, --cluster-name, c", "token");
    fs::create_dir(dir.path().join("deploy")).unwrap();
    fs::write(dir.path().join("deploy/kubeconfig"), text).unwrap();
    let args = ["--kubectl-version", "1.22-1.37", "--format", "json"];
    let outcome = common::run(dir.path(), &args, b"", Duration::from_secs(60));
    assert_eq!(outcome.out(), shown);
}

#[test]
fn docs_show_the_secrets_of_a_cluster_as_they_are_reported() {
    let page = fs::read_to_string(root().join("docs/many-repositories.md")).unwrap();
    let command = "$ kubectl get secrets -A -o yaml | kubeconfig-lint -\n";
    let shown = page.split_once(command).unwrap().1.split_once("```").unwrap().0;
    let list = fs::read(root().join("tests/cases/kubernetes-objects/tree/secrets.yaml")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let outcome = common::run(dir.path(), &["-"], &list, Duration::from_secs(60));
    assert_eq!(outcome.out() + &outcome.err(), shown);
}

#[test]
fn docs_name_every_input_of_the_action() {
    let action = fs::read_to_string(root().join("action.yml")).unwrap();
    let page = fs::read_to_string(root().join("docs/ci.md")).unwrap();
    let end = action.find("\nruns:").unwrap();
    let name = |line: &str| {
        let name = line.strip_prefix("  ")?.strip_suffix(':')?.to_owned();
        (!name.starts_with(' ')).then_some(name)
    };
    let names: Vec<_> = action[..end].lines().filter_map(name).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert!(page.contains(&format!("`{name}`")), "docs/ci.md does not tell of {name}");
    }
}

#[test]
fn docs_pin_actions_and_hooks_to_commits() {
    let is_commit = |rev: &str| rev.len() == 40 && rev.bytes().all(|b| b.is_ascii_hexdigit());
    let mut ours = Vec::new();
    for (name, text) in pages() {
        for (_, line) in lines(&text) {
            let line = line.trim_start().trim_start_matches("- ");
            let used = line.strip_prefix("uses: ").and_then(|action| action.split_once('@'));
            // An organization follows the branch of its own shared workflow.
            let used = used.filter(|(action, _)| !action.starts_with("ORGANIZATION/"));
            let rev = used.map(|(_, rev)| rev).or_else(|| line.strip_prefix("rev: "));
            let Some(rev) = rev.and_then(|rev| rev.split(' ').next()) else { continue };
            if used.is_none_or(|(action, _)| action == "kubeconfig-lint/kubeconfig-lint") {
                // There is no release yet, and a commit written here would soon be an old one.
                assert_eq!(rev, "COMMIT", "{name}: {line}");
                ours.push(name.clone());
            } else {
                assert!(is_commit(rev), "{name}: {line}");
            }
        }
    }
    assert!(ours.len() >= 5, "only {ours:?} are seen");
    for (name, text) in pages().iter().filter(|(name, _)| ours.contains(name)) {
        let command = "git ls-remote https://github.com/kubeconfig-lint/kubeconfig-lint HEAD";
        assert!(text.contains(command), "{name} does not say how to find the newest commit");
    }
}

#[test]
fn docs_name_every_format_and_rule() {
    let formats = || FORMATS.iter().map(|format| format.name);
    let rules = RULES.iter().map(|rule| rule.name);
    let mut lost = Vec::new();
    for (page, names) in [
        ("README.md", formats().collect::<Vec<_>>()),
        ("docs/report-formats.md", formats().collect()),
        ("CHANGELOG.md", formats().chain(rules).collect()),
    ] {
        let text = fs::read_to_string(root().join(page)).unwrap();
        let missing = names.into_iter().filter(|name| !text.contains(&format!("`{name}`")));
        lost.extend(missing.map(|name| format!("{page} does not tell of {name}")));
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// The beginnings of messages that no kubectl in `tests/kubectl` was made to print: messages of
/// other programs and of plugins that fail, and messages with a name that the recorded ones do not
/// have.
const NOT_RECORDED: [&str; 16] = [
    "An argument named \"interactive_mode\"",
    "Invalid version \"v1\"",
    "Kubeconfig user entry is using deprecated API version",
    "Mismatched apiVersion in response",
    "api version: ",
    "context was not found for specified context: prod",
    "decoding stdout: couldn't get version/kind",
    "exec: executable aws failed",
    "exec: executable aws not found",
    "exec: plugin api version ",
    "interactiveMode must be specified for  to",
    "no kind \"Config\" is registered",
    "plugin \"aws\" not allowed",
    "plugin path \"/usr/local/bin/aws\" is not permitted",
    "unknown interactiveMode: \"\"",
    "v1alpha1 of the client authentication API is deprecated",
];

#[test]
fn docs_messages_are_recorded_kubectl_messages() {
    let read = |name: &str| fs::read_to_string(root().join("tests/kubectl").join(name)).unwrap();
    let recorded = read("families.jsonl") + &read("random.jsonl");
    let page = fs::read_to_string(root().join("docs/error-messages.md")).unwrap();
    let headings = page.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'));
    let mut excused: Vec<&&str> = Vec::new();
    for heading in headings {
        // The line of client-go after it varies and is not recorded.
        let words = heading.split(" in scheme ").next().unwrap();
        let is_recorded = recorded.contains(&words.replace('"', "\\\""));
        let excuse = NOT_RECORDED.iter().find(|begin| heading.starts_with(**begin));
        assert!(is_recorded || excuse.is_some(), "no kubectl was recorded to say {heading}");
        excused.extend(excuse);
    }
    assert_eq!(excused.len(), NOT_RECORDED.len(), "{excused:?}");
}

#[test]
fn docs_reader_finds_anchors_links_and_commands() {
    let text = "# A `b` c.d/e_f!\n```sh\n# no\n```\n## A b cde_f\n";
    assert_eq!(anchors(text), ["a-b-cde_f", "a-b-cde_f-1"]);
    assert_eq!(links("[`x`](a#b) `[y](z)` ![i](c.svg)"), ["a#b", "c.svg"]);
    let words = commands("cd x && kubeconfig-lint --a 'b c' | kubeconfig-lint - # kubeconfig-lint");
    assert_eq!(words, [vec!["kubeconfig-lint", "--a", "b c"], vec!["kubeconfig-lint", "-"]]);
    assert!(commands("kubeconfig-lint \"$file\"; echo kubeconfig-lint").is_empty());
}
