//! `--list-rules`: writes a line or a JSON object for each rule.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::Sink;
use crate::finding::rule::Rule;
use crate::report::Style;
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

/// Writes the rules. If a line does not fit the terminal, each summary has a line of its own.
///
/// # Errors
///
/// Fails if `out` cannot be written.
pub(super) fn list(is_json: bool, style: Style, out: &mut impl Write) -> io::Result<()> {
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
    let before = |rule: &Rule| {
        let fixable = if rule.is_fixable { "fixable" } else { "" };
        format!("{:width$}  {:7}  {fixable:7}", rule.name, rule.severity.as_str())
    };
    let is_long = |rule: &Rule| before(rule).len() + 2 + rule.summary.len() > style.width;
    let is_narrow = style.wraps && RULES.iter().any(|rule| is_long(rule));
    for rule in RULES.iter() {
        match is_narrow {
            true => writeln!(out, "{}\n    {}", before(rule).trim_end(), rule.summary)?,
            false => writeln!(out, "{}  {}", before(rule), rule.summary)?,
        }
    }
    Ok(())
}
