//! Writes everything that people read into `target/messages.txt`, to be read in one go: the page of
//! each rule, its headlines, labels, help and fixes, and what runs print on standard error.
//!
//! Checks each file of `tests/cases` on its own, for a few versions of kubectl. What runs print on
//! standard error is recorded in the `case.txt` files, in lines that begin with `! `.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use kubeconfig_lint::internals::{FileReader, Installed, Loaded};
use kubeconfig_lint::{Finding, Options, RULES, Target, lint};

const TARGETS: [&str; 5] = ["1.37", "1.20", "1.23", "1.25", "1.20-1.37"];

/// Returns the lines of a finding, each with the word that says what it is.
fn lines(finding: &Finding) -> Vec<String> {
    let labels = [&finding.primary].into_iter().chain(&finding.related);
    let labels = labels.map(|label| format!("label: {}", label.text));
    let later = finding.kubectl_says_later.iter().map(|later| format!("later: {later}"));
    let help = finding.help.iter().map(|help| format!("help: {help}"));
    let fix = finding.fix.iter().map(|fix| format!("fix: {}", fix.message));
    let headline = format!("{}: {}", finding.severity.as_str(), finding.message);
    let remarks = finding.remarks.iter().map(|remark| format!("remark: {remark}"));
    [headline]
        .into_iter()
        .chain(remarks)
        .chain(labels)
        .chain(later)
        .chain(help)
        .chain(fix)
        .collect()
}

/// Returns the files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut folders = vec![folder.to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let list = if path.is_dir() { &mut folders } else { &mut files };
            list.push(path);
        }
    }
    files
}

/// Returns the lines that the cases record of standard error, without their numbers: they differ in
/// counts and places.
fn lines_on_standard_error(cases: &[PathBuf]) -> BTreeSet<String> {
    let is_record = |path: &&PathBuf| path.file_name().is_some_and(|name| name == "case.txt");
    let mut said = BTreeSet::new();
    for path in cases.iter().filter(is_record) {
        let text = fs::read_to_string(path).unwrap();
        let lines = text.lines().filter_map(|line| line.strip_prefix("! "));
        said.extend(lines.map(|line| line.replace(|c: char| c.is_ascii_digit(), "0")));
    }
    said
}

#[test]
fn messages_are_short_sentences() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut said: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let paths = files(&root.join("tests/cases"));
    for target in TARGETS {
        let mut target: Target = target.parse().unwrap();
        let release = "aws-cli=1.18.147".parse().unwrap();
        target.installed.push(Installed { release, place: "Dockerfile:3".into() });
        let options = Options { target, ..Options::default() };
        for path in &paths {
            let shown = path.to_string_lossy().replace('\\', "/");
            // The path tells what a file is for, so it begins where the case's own run begins.
            let Some((_, shown)) = shown.split_once("/tree/") else { continue };
            let file = fs::File::open(path).unwrap();
            let loaded = FileReader::default().load(Path::new(shown), file);
            let Ok(Loaded::Source(source)) = loaded else { continue };
            for finding in lint(&source, &options).findings {
                said.entry(finding.rule.name).or_default().extend(lines(&finding));
            }
        }
    }
    let mut text = String::new();
    for rule in RULES.iter() {
        let (name, severity, page) = (rule.name, rule.severity.as_str(), rule.markdown());
        writeln!(text, "# {name}: {severity}: {}\n\n{page}\n", rule.summary).unwrap();
        let lines = said.get(name).unwrap_or_else(|| panic!("{name} reports nothing"));
        lines.iter().for_each(|line| writeln!(text, "    {line}").unwrap());
        text.push('\n');
    }
    writeln!(text, "# Standard error\n").unwrap();
    let lines = lines_on_standard_error(&paths);
    assert!(!lines.is_empty());
    lines.iter().for_each(|line| writeln!(text, "    {line}").unwrap());
    fs::create_dir_all(root.join("target")).unwrap();
    fs::write(root.join("target/messages.txt"), text).unwrap();

    for line in said.values().flatten() {
        let (kind, words) = line.split_once(": ").unwrap();
        // Words of kubectl's may be sentences.
        let is_quoted = words.contains(" says: ") || words.contains(" reports instead: ");
        let is_sentence = words.ends_with('.') && !words.ends_with("..") && !is_quoted;
        assert!(!is_sentence, "a full stop at the end: {line}");
        assert!(kind != "label" || words.len() <= 80, "a long label: {line}");
    }
}
