//! `--statistics`: counts the findings of each rule and severity.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::finding::fix::Applicability;
use crate::finding::{Finding, Severity};
use crate::report::{Report, headline};
use crate::rule::RULES;

#[derive(Serialize)]
struct GroupJson {
    rule: &'static str,
    severity: &'static str,
    count: usize,
    /// How many `--fix` fixes.
    fixable: usize,
    /// How many more `--unsafe-fixes` fixes.
    unsafe_fixable: usize,
}

/// Writes a line or a JSON object per rule and severity, the most frequent first.
///
/// # Errors
///
/// Fails if `out` cannot be written.
pub(super) fn write(report: &Report, is_json: bool, out: &mut impl Write) -> io::Result<()> {
    let mut groups: BTreeMap<(&'static str, Severity), Vec<&Finding>> = BTreeMap::new();
    for finding in report.files.iter().flat_map(|file| &file.linted.findings) {
        groups.entry((finding.rule.name, finding.severity)).or_default().push(finding);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|((name, severity), findings)| {
        let place = RULES.iter().position(|rule| rule.name == *name);
        (Reverse(findings.len()), Reverse(*severity), place)
    });
    if is_json {
        let groups: Vec<_> = groups.iter().map(json).collect();
        return writeln!(out, "{}", serde_json::to_string_pretty(&groups)?);
    }
    let most = groups.first().map_or(0, |(_, findings)| findings.len());
    let digits = most.to_string().len();
    let width = groups.iter().map(|((name, _), _)| name.len()).max().unwrap_or(0);
    for ((name, severity), findings) in &groups {
        let fixable = fixable(findings);
        let (count, severity) = (findings.len(), severity.as_str());
        let line = format!("{count:digits$}  {severity:7}  {name:width$}  {fixable}");
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn json(((rule, severity), findings): &((&'static str, Severity), Vec<&Finding>)) -> GroupJson {
    let with = |applicability| {
        let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
        fixes.filter(|fix| fix.applicability == applicability).count()
    };
    GroupJson {
        rule,
        severity: severity.as_str(),
        count: findings.len(),
        fixable: with(Applicability::Safe),
        unsafe_fixable: with(Applicability::Unsafe),
    }
}

/// Returns `[*]` if `--fix` fixes all findings, `[-]` if it fixes only some of them or needs
/// `--unsafe-fixes`.
fn fixable(findings: &[&Finding]) -> String {
    let is_safe = |finding: &&Finding| {
        finding.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Safe)
    };
    let is_all_safe = findings.iter().all(is_safe);
    let mark = if is_all_safe { Applicability::Safe } else { Applicability::Unsafe }.mark();
    let fixable = headline::fixable(findings.iter().copied());
    fixable.map(|fixable| format!("{mark} {fixable}")).unwrap_or_default()
}
