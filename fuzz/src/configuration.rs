//! The configuration file: it is obeyed, or its faults are at the places that the messages name.

use std::path::Path;

use kubeconfig_lint::{RULES, Report};

use super::choices::{Choices, is_structured};
use super::folder;
use super::kubeconfigs::GROUP;

const PIECES: &[&str] = &[
    "kubectl-version: ",
    "1.24",
    "1.20-1.37",
    "fail-on: ",
    "min-severity: ",
    "error",
    "note",
    "select: ",
    "ignore: ",
    "[",
    "]",
    ", ",
    "removed-api-version",
    "per-path:\n",
    "- paths: ",
    "  ignore: ",
    "exclude: ",
    "roles:\n",
    "  role: ",
    "live",
    "baseline: ",
    "b.json",
    "fix-to: ",
    "v1",
    "'*.yaml'",
    "\"a/**\"",
    "!x",
    "{a,b}",
    "\\",
    "\n",
    "  ",
    "- ",
    "&a ",
    "*a",
    "<<: ",
    "? ",
    "---\n",
    "# c\n",
    "é",
    "\u{feff}",
    "null",
    "{",
    "}",
    "|\n",
    "nonsense",
    "[[",
    "**/",
];

const NAME: &str = ".kubeconfig-lint.yaml";

/// Reads the bytes as a configuration.
pub fn holds(bytes: &[u8]) {
    check(bytes, folder::check);
}

/// Checks what runs in a folder with some options.
pub fn check(bytes: &[u8], run: impl Fn(&Path, &[&str]) -> Result<Report, Vec<String>>) {
    let mut choices = Choices::new(bytes);
    let folder = folder::new();
    let bad = format!(
        "users: [{{name: u, user: {{exec: {{apiVersion: {GROUP}/v1alpha1, command: aws}}}}}}]\n"
    );
    for name in ["a/one.yaml", "a/two.yaml", "b/three"] {
        folder::write(folder.path(), name, &bad);
    }
    if is_structured(bytes) && choices.one_in(2) {
        return check_generated(&mut choices, folder.path(), run);
    }
    let text = match is_structured(bytes) {
        true => choices.soup(PIECES).into_bytes(),
        false => bytes.to_vec(),
    };
    folder::write(folder.path(), NAME, &text);
    match run(folder.path(), &[]) {
        Ok(report) => assert!(report.files.len() <= 3),
        Err(messages) => {
            assert!(!messages.is_empty() && messages.len() <= 11, "{messages:?}");
            messages
                .iter()
                .for_each(|message| is_located(message, &String::from_utf8_lossy(&text)));
        }
    }
}

/// Checks that a message names a place of the file, if it names one.
fn is_located(message: &str, text: &str) {
    assert!(message.len() < 4_000, "{} bytes", message.len());
    let Some(rest) = message.strip_prefix(NAME).and_then(|rest| rest.strip_prefix(':')) else {
        return;
    };
    let mut numbers = rest.split(':').map(str::parse::<usize>);
    let (Some(Ok(line)), Some(Ok(column))) = (numbers.next(), numbers.next()) else { return };
    let lines: Vec<&str> = text.split('\n').flat_map(|line| line.split('\r')).collect();
    assert!(1 <= line && line <= lines.len().max(1), "{message}: {text:?}");
    assert!(1 <= column && column <= text.chars().count() + 1, "{message}: {text:?}");
}

/// Checks a configuration of which it is known what it does, with a fault in a known place or none.
fn check_generated(
    choices: &mut Choices<'_>,
    folder: &Path,
    run: impl Fn(&Path, &[&str]) -> Result<Report, Vec<String>>,
) {
    let mut lines = vec!["# A comment.".to_owned()];
    let mut left = vec!["a/one.yaml", "a/two.yaml", "b/three"];
    if choices.one_in(2) {
        let (glob, gone) = choices.pick(&[
            ("a/one.yaml", "a/one.yaml"),
            ("/b", "b/three"),
            ("three", "b/three"),
            ("'*two*'", "a/two.yaml"),
        ]);
        lines.push(format!("exclude: [{glob}]"));
        left.retain(|name| *name != gone);
    }
    if choices.one_in(3) {
        let name = choices.pick(&["a/two.yaml", "b/three"]);
        lines.push(format!("per-path:\n- paths: [{name}]\n  ignore: [removed-api-version, missing-interactive-mode]"));
        left.retain(|other| *other != name);
    }
    if choices.one_in(3) {
        let name = choices.pick(&["a/one.yaml", "b/three"]);
        // Test data is not reported by default.
        lines.push(format!("roles:\n- {{paths: [{name}], role: test-data}}"));
        left.retain(|other| *other != name);
    }
    if choices.one_in(4) {
        let rules: Vec<&str> =
            RULES.iter().map(|rule| rule.name).filter(|name| *name != "mention").collect();
        lines.push(format!("ignore: [{}]", rules.join(", ")));
        left.clear();
    }
    let fault = choices.one_in(3).then(|| {
        let (line, column) = choices.pick(&[
            ("nonsense: 1", 1),
            ("select: [unknown-rule]", 10),
            ("fail-on:   never-ever", 12),
            ("kubectl-version: '1.x'", 19),
            ("fix-to: v1alpha1", 9),
        ]);
        lines.push(line.to_owned());
        (lines.join("\n").lines().count(), column)
    });
    folder::write(folder, NAME, lines.join("\n") + "\n");
    match (run(folder, &[]), fault) {
        (Ok(report), None) => {
            let found = report.files.iter().filter(|file| !file.linted.findings.is_empty());
            let found: Vec<&str> = found.map(|file| &*file.path).collect();
            assert_eq!(found, left, "{lines:?}");
        }
        (Err(messages), Some((line, column))) => {
            let start = format!("{NAME}:{line}:{column}: ");
            assert!(
                messages.len() == 1 && messages[0].starts_with(&start),
                "{start}: {messages:?}"
            );
        }
        (result, fault) => panic!("{result:?}, {fault:?}: {lines:?}"),
    }
}
