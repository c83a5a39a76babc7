//! The format `gitlab`: a Code Quality report, which GitLab shows in merge requests.
//!
//! Source: GitLab's documentation, "Code Quality", "Code Quality report format".

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use super::{FileReport, Format, Report, Style, escape};
use crate::finding::{Finding, Severity};
use crate::fingerprint::LineHashes;

pub(super) static FORMAT: Format =
    Format { name: "gitlab", help: "A Code Quality report for GitLab", write };

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    /// The same as long as the line is, wherever it stands in its file.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let issues: Vec<Issue> = report.files.iter().flat_map(issues).collect();
    writeln!(out, "{}", escape::json(&serde_json::to_string_pretty(&issues)?))
}

fn issues(file: &FileReport) -> Vec<Issue> {
    if file.findings.is_empty() {
        return Vec::new();
    }
    let hashes = LineHashes::new(file.source.text());
    // GitLab shows one of those with the same fingerprint.
    let mut seen: HashMap<String, usize> = HashMap::new();
    let findings = file.findings.iter();
    findings.map(|finding| issue(file, finding, &hashes, &mut seen)).collect()
}

fn issue(
    file: &FileReport,
    finding: &Finding,
    hashes: &LineHashes,
    seen: &mut HashMap<String, usize>,
) -> Issue {
    let position = |at| file.source.position(at).line;
    let span = finding.primary.span;
    let path = file.path.trim_start_matches("./").to_owned();
    let line = position(span.start);
    let hash = hashes.of(line).unwrap_or_default();
    let known = format!("{}/{hash}/{path}", finding.rule.name);
    let count = seen.entry(known.clone()).or_default();
    *count += 1;
    Issue {
        description: escape::visible_lines(&finding.full_message()).join(" "),
        check_name: finding.rule.name,
        fingerprint: format!("{:016x}{:016x}", fnv(&known), fnv(&format!("{count}/{known}"))),
        severity: match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: Location {
            path,
            lines: Lines { begin: line, end: position(span.end).max(line) },
        },
    }
}

/// Fowler, Noll and Vo's hash (FNV-1a, 64 bits): the same in every release and on every machine.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{file, finding, render, report, span};
    use serde_json::{Value, json};

    #[test]
    fn issues_are_as_gitlab_wants_them() {
        let text = "a\nb bad bad\n";
        let found = || finding(span(text, "bad"));
        let report = report(vec![file("d/f.yaml", text, vec![found(), found()], Vec::new())]);
        let written: Value = serde_json::from_str(&render(&FORMAT, &report, 80)).unwrap();
        assert_eq!(written[0]["check_name"], "removed-api-version");
        assert_eq!(written[0]["severity"], "major");
        assert_eq!(
            written[0]["location"],
            json!({ "path": "d/f.yaml", "lines": { "begin": 2, "end": 2 } })
        );
        assert_ne!(written[0]["fingerprint"], written[1]["fingerprint"]);
        assert_eq!(fnv(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(render(&FORMAT, &super::super::fixture::report(Vec::new()), 80), "[]\n");
    }

    #[test]
    fn a_fingerprint_moves_with_its_line() {
        let fingerprint = |text: &str| {
            let report =
                report(vec![file("f", text, vec![finding(span(text, "bad"))], Vec::new())]);
            let written: Value = serde_json::from_str(&render(&FORMAT, &report, 80)).unwrap();
            written[0]["fingerprint"].clone()
        };
        let rest = "and so on\n".repeat(20);
        assert_eq!(fingerprint(&format!("bad\n{rest}")), fingerprint(&format!("x\n\nbad\n{rest}")));
        assert_ne!(fingerprint(&format!("bad\n{rest}")), fingerprint(&format!("bad!\n{rest}")));
    }
}
