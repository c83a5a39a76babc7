//! The format `gitlab`: GitLab's Code Quality report.
//!
//! Source of its shape: "Code Quality report format" in GitLab's `doc/ci/testing/code_quality.md`.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;

use crate::finding::{Finding, Severity};
use crate::text::escape;
use crate::text::line_hash::hash;

use super::identity::Fingerprints;
use super::{FileReport, Format, Report, Style};

pub(super) static FORMAT: Format = Format {
    name: "gitlab",
    help: "GitLab's Code Quality report, for merge requests",
    lists_accepted: false,
    write,
};

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
}

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    // A repeated fingerprint would hide all but one of its findings.
    let mut seen = HashMap::new();
    let mut issues = Vec::new();
    for file in report.files.iter().filter(|file| !file.linted.findings.is_empty()) {
        let known = Fingerprints::new(file);
        issues.extend(
            file.linted.findings.iter().map(|finding| issue(file, finding, &known, &mut seen)),
        );
    }
    writeln!(out, "{}", escape::json(&serde_json::to_string_pretty(&issues)?))
}

fn issue<'a>(
    file: &'a FileReport,
    finding: &Finding,
    known: &Fingerprints<'_>,
    seen: &mut HashMap<String, usize>,
) -> Issue<'a> {
    let line = file.source.position(finding.primary.span.start()).line;
    let path = file.path.trim_start_matches("./");
    let mut fingerprint = hash(&[finding.rule.name, path, &known.of(finding)]);
    let count = seen.entry(fingerprint.clone()).or_default();
    *count += 1;
    if *count > 1 {
        fingerprint.push_str(&format!(":{count}"));
    }
    Issue {
        description: escape::visible(&finding.title().to_string()),
        check_name: finding.rule.name,
        fingerprint,
        severity: match finding.severity {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: Location { path, lines: Lines { begin: line } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{file, finding, render, report, span};
    use crate::text::source::Span;
    use serde_json::{Value, json};

    fn written(report: &Report) -> Value {
        let text = render(&FORMAT, report, 80);
        assert!(text.ends_with("]\n"), "{text}");
        serde_json::from_str(&text).unwrap()
    }

    fn fingerprints(text: &str, path: &str) -> Vec<String> {
        let at = text.match_indices("bad").map(|(at, bad)| Span::new(at, at + bad.len()));
        let found = at.map(finding).collect();
        let written = written(&report(vec![file(path, text, found, Vec::new())]));
        let issues = written.as_array().unwrap().iter();
        issues.map(|issue| issue["fingerprint"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn gitlab_issues_have_documented_fields_only() {
        let text = "a\nb: bad\n";
        let mut first = finding(span(text, "bad")).help("write\n`c`");
        first.message = "`\x1b[31m` is wrong".to_owned().into();
        let of = |severity| {
            let mut found = finding(span(text, "bad"));
            found.severity = severity;
            found
        };
        let found = vec![first, of(Severity::Warning), of(Severity::Note)];
        let written = written(&report(vec![file("d/ä\n.yaml", text, found, Vec::new())]));
        let issues = written.as_array().unwrap();
        let fingerprint = issues[0]["fingerprint"].clone();
        assert_eq!(
            issues[0],
            json!({
                "description": "`␛[31m` is wrong",
                "check_name": "removed-api-version",
                "fingerprint": fingerprint,
                "severity": "major",
                "location": { "path": "d/ä\n.yaml", "lines": { "begin": 2 } },
            })
        );
        assert_eq!([&issues[1]["severity"], &issues[2]["severity"]], ["minor", "info"]);
    }

    #[test]
    fn gitlab_writes_an_empty_list_without_findings() {
        let clean = file("f", "x", Vec::new(), Vec::new());
        assert_eq!(written(&report(vec![clean])), json!([]));
    }

    #[test]
    fn gitlab_fingerprints_survive_moved_lines() {
        let text = "bad, bad\nbad, bad\nbad\n".to_owned() + &"x".repeat(100);
        let before = fingerprints(&text, "f");
        let mut all = before.clone();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 5, "{before:?}");
        assert_eq!(
            before,
            fingerprints(&format!("new\n\n{}", text.replace("bad,", "  bad,")), "f")
        );
        assert!(fingerprints(&text, "g").iter().all(|other| !before.contains(other)));
    }
}
