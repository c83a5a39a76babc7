//! Reports for the tests of the formats.

use std::collections::BTreeSet;

use crate::finding::Finding;
use crate::kubernetes::version::Target;
use crate::rule;
use crate::text::source::{Source, Span};

use super::{FileReport, Format, Report, Skipped, Style, Summary};

/// Where `needle` stands in `text`.
pub(super) fn span(text: &str, needle: &str) -> Span {
    let start = text.find(needle).unwrap();
    Span::new(start, start + needle.len())
}

/// A finding of `removed-api-version` there.
pub(super) fn finding(span: Span) -> Finding {
    let rule = rule::find("removed-api-version").unwrap();
    Finding::new(rule, span, "it is wrong").label("here")
}

/// A file in which `secrets` are known to be secret.
pub(super) fn file(
    path: &str,
    text: &str,
    findings: Vec<Finding>,
    secrets: Vec<Span>,
) -> FileReport {
    let source = Source::new(path, text.as_bytes().to_vec());
    FileReport { findings, secrets, ..FileReport::new(path.to_owned(), source) }
}

/// A report of these files.
pub(super) fn report(files: Vec<FileReport>) -> Report {
    Report {
        target: Target::default(),
        files,
        skipped: Vec::new(),
        summary: Summary::default(),
        has_baseline: false,
        shows_suppressed: false,
        needs: BTreeSet::new(),
    }
}

/// A file that was found and not judged.
pub(super) fn skipped(path: &str, reason: &str) -> Skipped {
    let (path, reason) = (path.to_owned(), reason.to_owned());
    Skipped { path, reason, named: false, notable: true }
}

/// What the format makes of it, without colours.
pub(super) fn render(format: &Format, report: &Report, width: usize) -> String {
    let mut out = Vec::new();
    let style = Style { color: false, links: false, width };
    (format.write)(report, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}
