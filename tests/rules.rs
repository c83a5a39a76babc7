//! Checks the rules' documentation: `docs/rules/*.md` matches the doc comments, and the examples do
//! what they say. `UPDATE_DOCS=1 cargo test --lib --test rules docs` writes the pages again.

#![allow(clippy::expect_used, reason = "a test may stop at the first surprise")]

use std::fs;
use std::path::Path;

use kubeconfig_lint::RULES;
use kubeconfig_lint::Rule;
use kubeconfig_lint::Target;
use kubeconfig_lint::internals::{FileReader, Installed, Loaded};
use kubeconfig_lint::{Options, lint};

fn page(rule: &Rule) -> String {
    let (name, severity, since) = (rule.name, rule.severity.as_str(), rule.since);
    format!("# {name}\n\n{severity}, since {since}\n\n{}\n", rule.markdown())
}

/// Returns the page that lists the others.
fn contents() -> String {
    let row = |rule: &&'static Rule| {
        let (name, severity, summary) = (rule.name, rule.severity.as_str(), rule.summary);
        let fixable = if rule.is_fixable { "yes" } else { "" };
        format!("| [`{name}`]({name}.md) | {severity} | {fixable} | {summary} |\n")
    };
    let rows: String = RULES.iter().map(row).collect();
    format!(
        "# Rules\n\n`kubeconfig-lint --explain RULE` prints the page of a rule; `--select` and `--ignore` choose \
         rules.\n\n| rule | severity | fixable | finds |\n|---|---|---|---|\n{rows}"
    )
}

#[test]
fn docs_pages_match_the_doc_comments() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules");
    let update = std::env::var_os("UPDATE_DOCS").is_some();
    let hint = "UPDATE_DOCS=1 cargo test --lib --test rules docs writes";
    for rule in RULES.iter() {
        let path = folder.join(format!("{}.md", rule.name));
        if update {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, page(rule)).unwrap();
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(text, page(rule), "{hint} {path:?}");
    }
    let index = folder.join("README.md");
    if update {
        fs::write(&index, contents()).unwrap();
    }
    let text = fs::read_to_string(&index).unwrap_or_default();
    assert_eq!(text, contents(), "{hint} {index:?}");
    let pages = fs::read_dir(&folder).unwrap().count();
    assert_eq!(pages, RULES.len() + 1, "a page of docs/rules belongs to no rule");
}

/// Returns the text below a heading, up to the next.
fn section<'a>(markdown: &'a str, heading: &str) -> Option<&'a str> {
    let start = markdown.find(heading)? + heading.len();
    let rest = markdown.get(start..)?;
    rest.split("\n## ").next()
}

/// Returns the example in a section, and the kubectl versions that it names.
fn example(section: &str) -> (String, Target) {
    let code = section.split("```").nth(1).expect("an example in a fence");
    let (_, code) = code.split_once('\n').expect("a fence with a tag");
    let flag = "--kubectl-version ";
    let target = section.split(flag).nth(1).map(|rest| rest.split('`').next().unwrap_or(""));
    let mut target =
        target.map_or_else(Target::default, |target| target.parse().expect("a version"));
    // A file of the repository that installs the plugin.
    let installed = section.split("With `awscli==").nth(1).and_then(|rest| rest.split('`').next());
    target.installed.extend(installed.map(|release| Installed {
        release: format!("aws-cli={release}").parse().expect("a release"),
        place: "requirements.txt:1".into(),
    }));
    (code.to_owned(), target)
}

#[test]
fn rule_examples_trigger_their_rule_or_not() {
    for rule in RULES.iter() {
        let markdown = rule.markdown();
        let fires = |heading: &str| {
            let (code, target) = example(section(&markdown, heading)?);
            let options = Options { target, ..Options::default() };
            // Load the example like a file.
            let loaded = FileReader::default().load(Path::new("example"), code.as_bytes());
            let Ok(Loaded::Source(source)) = loaded else { return Some(Vec::new()) };
            let linted = lint(&source, &options);
            let mut fixed = linted.findings.iter().filter(|finding| finding.fix.is_some());
            assert!(fixed.all(|finding| finding.rule.is_fixable), "{}: is_fixable", rule.name);
            let names = linted.findings.iter().map(|finding| finding.rule.name);
            Some(names.collect::<Vec<_>>())
        };
        if rule.name == "mention" {
            assert_eq!(fires("## Example"), Some(vec!["mention"]));
            continue;
        }
        let bad = fires("## Bad").expect("a bad example");
        assert!(bad.contains(&rule.name), "{}: the bad example gives {bad:?}", rule.name);
        assert_eq!(fires("## Good"), Some(Vec::new()), "{}: the good example", rule.name);
    }
}
