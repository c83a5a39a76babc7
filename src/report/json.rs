//! The format `json`: everything, for other programs. `docs/json-report.md` describes it.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::finding::change::Edit;
use crate::finding::fix::{Doubt, Fix};
use crate::finding::{Accepted, Finding, Label};
use crate::lint::suppress::{Suppressed, Suppression};
use crate::model::enclosing::{Enclosing, KubernetesObject, TerraformBlock};
use crate::model::kubectl_message::KubectlMessage;
use crate::text::escape;
use crate::text::message::Message;
use crate::text::source::{Source, Span};

use super::{FileReport, Format, Report, Style, Summary};

pub(super) static FORMAT: Format = Format {
    name: "json",
    help: "One JSON object with everything, for programs",
    lists_accepted: true,
    write,
};

/// Incremented when a field changes its meaning or is removed; new fields do not change it.
const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct ReportJson<'a> {
    schema_version: u32,
    tool: Tool,
    kubectl_version: String,
    findings: Each<'a, Finding, FindingJson<'a>>,
    suppressed: Each<'a, Suppressed, SuppressedJson<'a>>,
    accepted: Each<'a, Accepted, AcceptedJson<'a>>,
    skipped: Vec<SkippedJson<'a>>,
    limits: Vec<SkippedJson<'a>>,
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
    severity: &'static str,
    title: Message,
    message: Message,
    path: &'a str,
    #[serde(flatten)]
    place: LocationJson,
    decoded: Option<DecodedJson>,
    carrier: &'static str,
    object: Option<&'a KubernetesObject>,
    block: Option<&'a TerraformBlock>,
    user: Option<&'a str>,
    api_version: Option<&'a str>,
    command: Option<&'a str>,
    evidence: &'static str,
    role: &'static str,
    kubectl_says: Option<KubectlMessageJson<'a>>,
    kubectl_says_later: &'a [Message],
    help: &'a [Message],
    related: Vec<RelatedJson<'a>>,
    fix: Option<FixJson<'a>>,
}

/// The place in a text that is decoded from base64.
#[derive(Serialize)]
struct DecodedJson {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct SuppressedJson<'a> {
    by: &'static str,
    reason: Option<&'a str>,
    #[serde(flatten)]
    finding: FindingJson<'a>,
}

#[derive(Serialize)]
struct FixJson<'a> {
    applicability: &'static str,
    doubt: Option<&'static str>,
    message: &'a Message,
    /// Absent if the edits contain something that reports must mask.
    edits: Option<Vec<EditJson<'a>>>,
}

#[derive(Serialize)]
struct EditJson<'a> {
    #[serde(flatten)]
    place: LocationJson,
    text: &'a str,
}

#[derive(Serialize)]
struct KubectlMessageJson<'a> {
    version: String,
    words: &'a str,
}

#[derive(Serialize)]
struct RelatedJson<'a> {
    message: &'a Message,
    #[serde(flatten)]
    place: LocationJson,
}

#[derive(Serialize)]
struct AcceptedJson<'a> {
    path: &'a str,
    #[serde(flatten)]
    place: LocationJson,
    carrier: &'static str,
    object: Option<&'a KubernetesObject>,
    block: Option<&'a TerraformBlock>,
    user: Option<&'a str>,
    api_version: &'a str,
    command: Option<&'a str>,
    evidence: &'static str,
    role: &'static str,
}

/// A file that was skipped, or checked or reported only in part.
#[derive(Serialize)]
struct SkippedJson<'a> {
    path: &'a str,
    reason: &'a str,
}

/// A span in lines and columns, and in bytes of the file.
#[derive(Serialize)]
struct LocationJson {
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    byte_start: usize,
    byte_end: usize,
}

impl LocationJson {
    fn new(source: &Source, span: Span) -> Self {
        let (start, end) = (source.position(span.start()), source.position(span.end()));
        Self {
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            byte_start: source.file_offset(span.start()),
            byte_end: source.file_offset(span.end()),
        }
    }
}

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let (skipped, limits) = (report.skipped.iter(), report.limits.iter());
    let json = ReportJson {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        kubectl_version: report.target.to_string(),
        findings: Each { report, of: |file| &file.linted.findings, json: finding },
        suppressed: Each { report, of: |file| &file.linted.suppressed, json: suppressed },
        accepted: Each { report, of: |file| &file.linted.accepted, json: accepted },
        skipped: skipped.map(|s| SkippedJson { path: &s.path, reason: &s.reason }).collect(),
        limits: limits.map(|l| SkippedJson { path: &l.path, reason: &l.reason }).collect(),
        summary: report.summary,
    };
    let mut lines = Escaped { out, line: Vec::new() };
    serde_json::to_writer_pretty(&mut lines, &json)?;
    lines.write_all(b"\n")
}

/// What the files of a report have of one kind, written one by one: a report may have very many.
struct Each<'a, T, U> {
    report: &'a Report,
    of: fn(&'a FileReport) -> &'a Vec<T>,
    json: fn(&'a FileReport, &'a T) -> U,
}

impl<T, U: Serialize> Serialize for Each<'_, T, U> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { report, of, json } = self;
        let items =
            report.files.iter().flat_map(|file| of(file).iter().map(move |item| (file, item)));
        serializer.collect_seq(items.map(|(file, item)| json(file, item)))
    }
}

/// Escapes JSON line by line. No string of JSON spans lines.
struct Escaped<'a> {
    out: &'a mut dyn Write,
    line: Vec<u8>,
}

impl Write for Escaped<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.line.extend_from_slice(bytes);
        if let Some(end) = memchr::memrchr(b'\n', bytes) {
            let end = self.line.len() - bytes.len() + end + 1;
            let lines = String::from_utf8_lossy(self.line.get(..end).unwrap_or_default());
            self.out.write_all(escape::json(&lines).as_bytes())?;
            self.line.drain(..end);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn finding<'a>(file: &'a FileReport, finding: &'a Finding) -> FindingJson<'a> {
    let kubectl_message = |message: &'a KubectlMessage| KubectlMessageJson {
        version: message.by.value(),
        words: &message.message,
    };
    let related = |label: &'a Label| RelatedJson {
        message: &label.text,
        place: LocationJson::new(&file.source, label.span),
    };
    let (object, block) = object_and_block(finding.enclosing.as_deref());
    FindingJson {
        rule: finding.rule.name,
        severity: finding.severity.as_str(),
        title: finding.title(),
        message: finding.full_message(),
        path: &file.path,
        place: LocationJson::new(&file.source, finding.primary.span),
        decoded: finding.decoded.as_ref().map(|decoded| DecodedJson {
            line: decoded.position.line,
            column: decoded.position.column,
        }),
        carrier: finding.carrier,
        object,
        block,
        user: finding.user.as_deref(),
        api_version: finding.api_version.as_deref(),
        command: finding.command.as_deref(),
        evidence: finding.evidence.as_str(),
        role: finding.role.as_str(),
        kubectl_says: finding.kubectl_message.as_deref().map(kubectl_message),
        kubectl_says_later: &finding.kubectl_says_later,
        help: &finding.help,
        related: finding.related.iter().map(related).collect(),
        fix: finding.fix.as_ref().map(|fix| fix_json(file, fix)),
    }
}

fn object_and_block(
    enclosing: Option<&Enclosing>,
) -> (Option<&KubernetesObject>, Option<&TerraformBlock>) {
    match enclosing {
        Some(Enclosing::Object(object)) => (Some(object), None),
        Some(Enclosing::Block(block)) => (None, Some(block)),
        None => (None, None),
    }
}

fn suppressed<'a>(file: &'a FileReport, suppressed: &'a Suppressed) -> SuppressedJson<'a> {
    let (by, reason) = match &suppressed.by {
        Suppression::Comment { reason } => ("comment", reason.as_deref()),
        Suppression::Configuration => ("configuration", None),
        Suppression::Baseline => ("baseline", None),
    };
    SuppressedJson { by, reason, finding: finding(file, &suppressed.finding) }
}

fn fix_json<'a>(file: &'a FileReport, fix: &'a Fix) -> FixJson<'a> {
    let edit = |edit: &'a Edit| EditJson {
        place: LocationJson::new(&file.source, edit.span),
        text: &edit.text,
    };
    FixJson {
        applicability: fix.applicability.as_str(),
        doubt: fix.doubt.map(Doubt::as_str),
        message: &fix.message,
        edits: fix.edits().map(|edits| edits.into_iter().map(edit).collect()),
    }
}

fn accepted<'a>(file: &'a FileReport, accepted: &'a Accepted) -> AcceptedJson<'a> {
    let (object, block) = object_and_block(accepted.enclosing.as_deref());
    AcceptedJson {
        path: &file.path,
        place: LocationJson::new(&file.source, accepted.span),
        carrier: accepted.carrier,
        object,
        block,
        user: accepted.user.as_deref(),
        api_version: &accepted.api_version,
        command: accepted.command.as_deref(),
        evidence: accepted.evidence.as_str(),
        role: accepted.role.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::finding::SharedAccepted;
    use crate::finding::fix::Applicability;
    use crate::kubernetes::version::Minor;
    use crate::model::Evidence;
    use crate::report::fixture::{file, finding, render, report, skipped, span};
    use crate::role::Role;
    use serde_json::{Value, json};

    fn written(report: &Report) -> Value {
        let text = render(&FORMAT, report, 80);
        assert!(text.ends_with("}\n"));
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn json_report_has_every_field() {
        let text = "a: é😀 bad\nb: it\n";
        let mut found = finding(span(text, "bad")).related(span(text, "it"), "there").help("do");
        found.kubectl_message =
            Some(KubectlMessage { by: Minor(37).into(), message: "no".into() }.into());
        found.fix = Some(Box::new(Fix {
            message: "write `it`".into(),
            changes: vec![Edit { span: span(text, "bad"), text: "it".into() }.into()],
            applicability: Applicability::Safe,
            doubt: None,
            notes: crate::finding::few::Few::default(),
            intent: crate::finding::fix::Intent::default(),
        }));
        found.carrier = "kubeconfig";
        found.enclosing = Some(Arc::new(Enclosing::Object(KubernetesObject {
            kind: "Secret".to_owned(),
            namespace: None,
            name: "s".to_owned(),
            key: Some("k".to_owned()),
        })));
        found.user = Some("u".into());
        found.api_version = Some("v".into());
        let mut files = vec![file("d/f.yaml", text, vec![found], Vec::new())];
        files[0].linted.accepted.push(Accepted {
            span: span(text, "it"),
            enclosing: None,
            user: None,
            shared: Arc::new(SharedAccepted {
                api_version: "w".into(),
                carrier: "exec-credential",
                command: Some("aws".into()),
                evidence: Evidence::Embedded,
                role: Role::Documentation,
                plugin: None,
            }),
        });
        let mut report = report(files);
        report.skipped.push(skipped("big", "too large"));
        report.summary.errors = 1;
        let written = written(&report);
        assert_eq!(written["schema_version"], 1);
        assert_eq!(written["tool"]["name"], "kubeconfig-lint");
        assert_eq!(written["kubectl_version"], report.target.to_string());
        assert_eq!(
            written["findings"],
            json!([{
                "rule": "removed-api-version",
                "severity": "error",
                "title": "Secret `s`, key `k`, user `u`: it is wrong",
                "message": "Secret `s`, key `k`, user `u`: it is wrong. kubectl 1.37 says: `no`. Do.",
                "path": "d/f.yaml",
                "line": 1, "column": 7, "end_line": 1, "end_column": 10,
                "byte_start": 10, "byte_end": 13,
                "decoded": null,
                "carrier": "kubeconfig",
                "object": { "kind": "Secret", "namespace": null, "name": "s", "key": "k" },
                "block": null,
                "user": "u",
                "api_version": "v",
                "command": null,
                "evidence": "parsed",
                "role": "live",
                "kubectl_says": { "version": "1.37", "words": "no" },
                "kubectl_says_later": [],
                "help": ["do"],
                "related": [{
                    "message": "there",
                    "line": 2, "column": 4, "end_line": 2, "end_column": 6,
                    "byte_start": 17, "byte_end": 19,
                }],
                "fix": {
                    "applicability": "safe",
                    "doubt": null,
                    "message": "write `it`",
                    "edits": [{
                        "line": 1, "column": 7, "end_line": 1, "end_column": 10,
                        "byte_start": 10, "byte_end": 13,
                        "text": "it",
                    }],
                },
            }])
        );
        assert_eq!(
            written["accepted"],
            json!([{
                "path": "d/f.yaml",
                "line": 2, "column": 4, "end_line": 2, "end_column": 6,
                "byte_start": 17, "byte_end": 19,
                "carrier": "exec-credential",
                "object": null, "block": null,
                "user": null,
                "api_version": "w",
                "command": "aws",
                "evidence": "embedded",
                "role": "documentation",
            }])
        );
        assert_eq!(written["skipped"], json!([{ "path": "big", "reason": "too large" }]));
        assert_eq!(written["summary"]["errors"], 1);
    }

    #[test]
    fn json_byte_offsets_are_those_of_the_file() {
        let units = "\u{feff}é x".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let source = Source::new("f", units);
        let found = finding(span(source.text(), "x"));
        let mut file = file("f", "", vec![found], Vec::new());
        file.source = source;
        let written = written(&report(vec![file]));
        let place = &written["findings"][0];
        assert_eq!(place["column"], 3);
        assert_eq!((&place["byte_start"], &place["byte_end"]), (&json!(6), &json!(8)));
    }
}
