//! The format `json`: everything, for other programs. `docs/json.md` describes it.

use std::io::{self, Write};

use serde::Serialize;

use super::{Accepted, FileReport, Format, Report, Style, Summary, escape};
use crate::finding::{Finding, KubectlSays, Label, Severity};
use crate::source::{Source, Span};

pub(super) static FORMAT: Format = Format {
    name: "json",
    help: "One JSON object with everything, for programs",
    write,
};

/// Changes when a field changes its meaning or goes away; new fields do not change it.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    schema_version: u32,
    tool: Tool,
    kubectl_version: String,
    findings: Vec<FindingJson<'a>>,
    accepted: Vec<AcceptedJson<'a>>,
    skipped: Vec<SkippedJson<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    rule: &'static str,
    severity: Severity,
    message: String,
    path: &'a str,
    #[serde(flatten)]
    place: Place,
    carrier: &'static str,
    user: Option<&'a str>,
    api_version: Option<&'a str>,
    command: Option<&'a str>,
    evidence: &'static str,
    kubectl_says: Option<Says<'a>>,
    help: &'a [String],
    related: Vec<RelatedJson<'a>>,
}

#[derive(Serialize)]
struct Says<'a> {
    version: &'a str,
    words: &'a str,
}

#[derive(Serialize)]
struct RelatedJson<'a> {
    message: &'a str,
    #[serde(flatten)]
    place: Place,
}

#[derive(Serialize)]
struct AcceptedJson<'a> {
    path: &'a str,
    #[serde(flatten)]
    place: Place,
    carrier: &'static str,
    user: Option<&'a str>,
    api_version: &'a str,
    command: Option<&'a str>,
}

#[derive(Serialize)]
struct SkippedJson<'a> {
    path: &'a str,
    reason: &'a str,
}

/// A span as people count, and in bytes of the file.
#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    byte_start: usize,
    byte_end: usize,
}

impl Place {
    fn new(source: &Source, span: Span) -> Self {
        let (start, end) = (source.position(span.start), source.position(span.end));
        Self {
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            byte_start: source.file_offset(span.start),
            byte_end: source.file_offset(span.end),
        }
    }
}

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let skipped = report.skipped.iter();
    let document = Document {
        schema_version: SCHEMA_VERSION,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        kubectl_version: report.target.to_string(),
        findings: in_files(report, |file| &file.findings, finding),
        accepted: in_files(report, |file| &file.accepted, accepted),
        skipped: skipped
            .map(|s| SkippedJson {
                path: &s.path,
                reason: &s.reason,
            })
            .collect(),
        summary: report.summary,
    };
    writeln!(
        out,
        "{}",
        escape::json(&serde_json::to_string_pretty(&document)?)
    )
}

fn in_files<'a, T: 'a, U>(
    report: &'a Report,
    items: impl Fn(&'a FileReport) -> &'a Vec<T>,
    map: impl Fn(&'a FileReport, &'a T) -> U,
) -> Vec<U> {
    let map = &map;
    let files = report.files.iter();
    files
        .flat_map(|file| items(file).iter().map(move |item| map(file, item)))
        .collect()
}

fn finding<'a>(file: &'a FileReport, finding: &'a Finding) -> FindingJson<'a> {
    let says = |says: &'a KubectlSays| Says {
        version: &says.version,
        words: &says.words,
    };
    let related = |label: &'a Label| RelatedJson {
        message: &label.text,
        place: Place::new(&file.source, label.span),
    };
    FindingJson {
        rule: finding.rule.name,
        severity: finding.severity,
        message: finding.full_message(),
        path: &file.path,
        place: Place::new(&file.source, finding.primary.span),
        carrier: finding.carrier,
        user: finding.user.as_deref(),
        api_version: finding.api_version.as_deref(),
        command: finding.command.as_deref(),
        evidence: finding.evidence.as_str(),
        kubectl_says: finding.kubectl_says.as_ref().map(says),
        help: &finding.help,
        related: finding.related.iter().map(related).collect(),
    }
}

fn accepted<'a>(file: &'a FileReport, accepted: &'a Accepted) -> AcceptedJson<'a> {
    AcceptedJson {
        path: &file.path,
        place: Place::new(&file.source, accepted.span),
        carrier: accepted.carrier,
        user: accepted.user.as_deref(),
        api_version: &accepted.api_version,
        command: accepted.command.as_deref(),
    }
}
