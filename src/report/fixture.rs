//! Reports for the tests of the formats.

use std::collections::BTreeMap;

use crate::finding::Finding;
use crate::kubernetes::target::Target;
use crate::lint::Linted;
use crate::rule;
use crate::text::source::{Source, Span};

use super::{FileReport, Format, Report, Skipped, Style, Summary};

/// Returns the span of `needle` in `text`.
pub(crate) fn span(text: &str, needle: &str) -> Span {
    let start = text.find(needle).unwrap();
    Span::new(start, start + needle.len())
}

/// Returns a `removed-api-version` finding at `span`.
pub(crate) fn finding(span: Span) -> Finding {
    let rule = rule::find("removed-api-version").unwrap();
    Finding::new(rule, span, "it is wrong").label("here")
}

/// Returns a file in which `secrets` are known to be secret.
pub(crate) fn file(
    path: &str,
    text: &str,
    findings: Vec<Finding>,
    secrets: Vec<Span>,
) -> FileReport {
    let source = Source::new(path, text.as_bytes().to_vec());
    let linted = Linted { findings, keyed_secrets: secrets, ..Linted::default() };
    FileReport { path: path.to_owned(), source, linted, hidden_mentions: 0 }
}

/// Returns a report of `files`.
pub(crate) fn report(files: Vec<FileReport>) -> Report {
    Report {
        target: Target::default(),
        files,
        skipped: Vec::new(),
        summary: Summary::default(),
        configuration: None,
        has_baseline: false,
        shows_suppressed: false,
        limits: Vec::new(),
        notes: BTreeMap::new(),
    }
}

/// Returns a file that was found but not checked.
pub(crate) fn skipped(path: &str, reason: &str) -> Skipped {
    let (path, reason) = (path.to_owned(), reason.to_owned());
    Skipped { path, reason, named: false, notable: true }
}

/// Renders the report in a format, without colors.
pub(crate) fn render(format: &Format, report: &Report, width: usize) -> String {
    let mut out = Vec::new();
    let style = Style { color: false, links: false, width, wraps: true };
    (format.write)(report, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
