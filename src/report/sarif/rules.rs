//! Writes `rules.json`: the rules in SARIF, at the indentation that they have in a report. Reports
//! contain it as it is, because to write all rules again would take longer than to check a file.

use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::finding::Severity;
use crate::finding::rule::Rule;
use crate::rule::RULES;
use crate::text::escape;

use super::model::Text;
use super::{DESCRIPTORS, sentence, text};

/// GitHub's limit for descriptions, in characters.
const MAX_DESCRIPTION: usize = 1024;

/// `reportingDescriptor`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: String,
    short_description: Text,
    full_description: Text,
    help: Help,
    help_uri: String,
    default_configuration: Configuration,
    properties: Properties,
}

/// `multiformatMessageString`.
#[derive(Debug, Serialize)]
struct Help {
    text: String,
    markdown: String,
}

/// `reportingConfiguration`.
#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
}

/// The properties that GitHub reads.
#[derive(Debug, Serialize)]
struct Properties {
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    problem_severity: &'static str,
    tags: Vec<&'static str>,
}

fn descriptor(rule: &Rule) -> Descriptor {
    let markdown = rule.markdown();
    let mut tags = vec!["kubernetes", "kubeconfig", "maintainability"];
    if rule.is_deprecation {
        tags.push("deprecation");
    }
    Descriptor {
        id: rule.name,
        name: name(rule),
        short_description: text(sentence(rule.summary)),
        full_description: text(description(&markdown)),
        help: Help { text: plain(&markdown), markdown },
        help_uri: rule.url(),
        default_configuration: Configuration { level: rule.severity.as_str() },
        properties: Properties {
            precision: if rule.severity == Severity::Note { "medium" } else { "very-high" },
            problem_severity: match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "recommendation",
            },
            tags,
        },
    }
}

/// Returns the name in PascalCase. It must differ from the id by more than case (SARIF1001).
fn name(rule: &Rule) -> String {
    let name = rule.pascal_name();
    if name.eq_ignore_ascii_case(rule.name) { format!("{name}Rule") } else { name }
}

/// Strips Markdown markup; code stays as it is.
fn plain(markdown: &str) -> String {
    let mut in_code = false;
    let mut lines = Vec::new();
    for line in markdown.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            lines.push(line.to_owned());
        } else {
            lines.push(line.trim_start_matches(['#', '>']).trim_start().replace('`', ""));
        }
    }
    lines.join("\n")
}

/// Returns the whole sentences before the first heading or code block, as many as GitHub accepts.
fn description(markdown: &str) -> String {
    let is_prose = |line: &&str| !line.starts_with('#') && !line.starts_with("```");
    let lines = markdown.lines().take_while(is_prose);
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    let prose: String = plain(&lines.join(" ")).chars().take(MAX_DESCRIPTION).collect();
    match prose.rfind(". ") {
        Some(end) if !prose.ends_with('.') => prose.get(..=end).unwrap_or(&prose).to_owned(),
        _ => prose,
    }
}

#[test]
fn docs_of_the_rules_in_sarif_are_current() {
    let descriptors: Vec<Descriptor> = RULES.iter().map(|rule| descriptor(rule)).collect();
    let written = escape::json(&serde_json::to_string_pretty(&descriptors).unwrap());
    // They are in an array of the log, in a run, a tool and a driver.
    let written = written.replace('\n', &format!("\n{}", "  ".repeat(5))) + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/sarif/rules.json");
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &written).unwrap();
    } else {
        let hint = "UPDATE_DOCS=1 cargo test --lib --test rules docs";
        assert!(DESCRIPTORS == written, "{hint} writes {path:?}");
    }
}
