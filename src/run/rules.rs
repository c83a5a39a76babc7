//! `--list-rules`: writes a line or a JSON object for each rule.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::Sink;
use crate::finding::rule::Rule;
use crate::rule::RULES;

use super::Failure;

#[derive(Serialize)]
struct RuleJson {
    name: &'static str,
    summary: &'static str,
    severity: &'static str,
    since: &'static str,
    fixable: bool,
    url: String,
}

/// Returns whether `--format` asks for JSON.
///
/// # Errors
///
/// Fails if it asks for another format than text and JSON, or for a file.
pub(super) fn is_json(formats: &[Sink]) -> Result<bool, Failure> {
    match formats {
        [Sink { format, file: None }] if format.name == "text" => Ok(false),
        [Sink { format, file: None }] if format.name == "json" => Ok(true),
        _ => Err(Failure::Usage("--list-rules prints text or json, to standard output".to_owned())),
    }
}

/// Writes the rules.
///
/// # Errors
///
/// Fails if `out` cannot be written.
pub(super) fn list(is_json: bool, out: &mut impl Write) -> io::Result<()> {
    if is_json {
        let json = |rule: &&'static Rule| RuleJson {
            name: rule.name,
            summary: rule.summary,
            severity: rule.severity.as_str(),
            since: rule.since,
            fixable: rule.is_fixable,
            url: rule.url(),
        };
        let rules: Vec<_> = RULES.iter().map(json).collect();
        return writeln!(out, "{}", serde_json::to_string_pretty(&rules)?);
    }
    let width = RULES.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
    for rule in RULES.iter() {
        let severity = rule.severity.as_str();
        let fixable = if rule.is_fixable { "fixable" } else { "" };
        writeln!(out, "{:width$}  {severity:7}  {fixable:7}  {}", rule.name, rule.summary)?;
    }
    Ok(())
}
