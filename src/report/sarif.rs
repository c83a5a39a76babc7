//! The format `sarif`: SARIF 2.1.0, for GitHub code scanning and SARIF viewers.
//!
//! GitHub needs more than the standard: one run, no empty strings, one location per result,
//! `primaryLocationLineHash` as its own uploader computes it, and no `automationDetails`, which
//! would override the category of the upload.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};

mod model;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod tests;

use model::{
    ArtifactChange, ArtifactLocation, BaseId, Driver, FixJson, Invocation, Location, Log,
    LogicalLocation, Notification, PartialFingerprints, PhysicalLocation, Region, Replacement,
    ResultJson, Run, SuppressionJson, Text, Tool,
};

use crate::finding::change::Edit;
use crate::finding::fix::Fix;
use crate::finding::{Finding, Severity};
use crate::lint::suppress::{Suppressed, Suppression};
use crate::model::enclosing::Enclosing;
use crate::rule::RULES;
use crate::text::escape;
use crate::text::message::capitalized;
use crate::text::source::{Source, Span};

use super::identity::Fingerprints;
use super::{FileReport, Format, Report, Style};

pub(super) static FORMAT: Format = Format {
    name: "sarif",
    help: "SARIF 2.1.0, for GitHub code scanning",
    lists_accepted: false,
    write,
};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// The rules: the same text in every report, which `rules.rs` writes.
const DESCRIPTORS: &str = include_str!("sarif/rules.json");
const ROOT: &str = "%SRCROOT%";
/// GitHub's limit on the results of a run; it refuses a file with more.
const MAX_RESULTS: usize = 25_000;

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run(report)] };
    let log = escape::json(&serde_json::to_string_pretty(&log)?);
    // The first such key: only constants are before it.
    let (before, after) = log.split_once(r#""rules": []"#).unwrap_or((&log, ""));
    writeln!(out, r#"{before}"rules": {}{after}"#, DESCRIPTORS.trim_end())
}

fn run(report: &Report) -> Run {
    let (results, more) =
        worst(report.files.iter().flat_map(|file| results(report, file)).collect());
    let skipped = report.skipped.iter().filter(|skipped| skipped.named || skipped.notable);
    let skipped = skipped.map(|s| notification(&s.path, &format!("Not checked: {}.", s.reason)));
    let limits = report.limits.iter();
    let limits = limits.map(|l| notification(&l.path, &format!("Limit: {}.", l.reason)));
    let notifications = skipped.chain(limits).chain((more > 0).then(|| not_listed(more)));
    let root = "The directory from which the files were named: the root of the repository.";
    Run {
        tool: Tool {
            driver: Driver {
                name: env!("CARGO_PKG_NAME"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: env!("CARGO_PKG_REPOSITORY"),
                rules: [],
            },
        },
        invocations: [Invocation {
            // A run that skipped files still succeeded: GitHub drops the results of failed runs.
            execution_successful: true,
            tool_execution_notifications: notifications.collect(),
        }],
        original_uri_base_ids: BTreeMap::from([(ROOT, BaseId { description: text(root) })]),
        column_kind: "utf16CodeUnits",
        results,
    }
}

/// Returns the results that code scanning accepts, the worst ones, in their order; and how many are
/// left out.
fn worst(mut results: Vec<Ranked>) -> (Vec<ResultJson>, usize) {
    let more = results.len().saturating_sub(MAX_RESULTS);
    if more > 0 {
        let mut order: Vec<_> = (0..results.len()).collect();
        order.sort_by_key(|&at| results.get(at).map(|(rank, _)| *rank));
        let dropped: HashSet<_> = order.drain(MAX_RESULTS..).collect();
        let mut at = 0..;
        results.retain(|_| at.next().is_none_or(|at| !dropped.contains(&at)));
    }
    (results.into_iter().map(|(_, result)| result).collect(), more)
}

/// Returns the notification that results are left out.
fn not_listed(more: usize) -> Notification {
    let words =
        format!("{more} more findings are not listed: code scanning accepts {MAX_RESULTS}.");
    Notification { level: "warning", message: text(words), locations: Vec::new() }
}

fn text(text: impl Into<String>) -> Text {
    Text { text: text.into() }
}

/// Returns the text with an initial capital and a full stop.
fn sentence(text: &str) -> String {
    capitalized(text) + "."
}

/// A result, and the key that sorts the worst first.
type Ranked = ((bool, (Reverse<Severity>, bool)), ResultJson);

fn results(report: &Report, file: &FileReport) -> Vec<Ranked> {
    // GitHub ignores `suppressions`, so a suppressed finding would be an open alert.
    let suppressed = if report.shows_suppressed { file.linted.suppressed.as_slice() } else { &[] };
    if file.linted.findings.is_empty() && suppressed.is_empty() {
        return Vec::new();
    }
    let fingerprints = Fingerprints::new(file);
    let artifact = artifact(&file.path);
    let state = |state| report.has_baseline.then_some(state);
    let findings = file.linted.findings.iter().map(|finding| {
        let result = result(file, finding, &artifact, &fingerprints);
        ((false, finding.rank()), ResultJson { baseline_state: state("new"), ..result })
    });
    let suppressed = suppressed.iter().map(|Suppressed { finding, by }| {
        let (kind, justification, is) = match by {
            Suppression::Comment { reason } => ("inSource", reason.clone(), "new"),
            Suppression::Configuration => ("external", None, "new"),
            Suppression::Baseline => ("external", None, "unchanged"),
        };
        let justification = justification.map(|reason| escape::visible(&reason));
        let result = result(file, finding, &artifact, &fingerprints);
        let suppressions = vec![SuppressionJson { kind, justification }];
        let result = ResultJson { baseline_state: state(is), suppressions, ..result };
        ((true, finding.rank()), result)
    });
    findings.chain(suppressed).collect()
}

fn result(
    file: &FileReport,
    finding: &Finding,
    artifact: &ArtifactLocation,
    fingerprints: &Fingerprints<'_>,
) -> ResultJson {
    let locate = |span: Span| PhysicalLocation {
        artifact_location: artifact.clone(),
        region: Some(region(&file.source, span)),
    };
    let span = finding.primary.span;
    let mut message = plain_message(&finding.full_message().to_string());
    let mut related = Vec::new();
    for (label, id) in finding.related.iter().zip(1..) {
        let words = if label.text.is_empty() { "related place".into() } else { label.text.clone() };
        let words = plain_message(&words.to_string());
        let before = if id == 1 { " See also: " } else { ", " };
        message.push_str(&format!("{before}[{words}]({id})"));
        related.push(Location {
            id: Some(id),
            physical_location: locate(label.span),
            logical_locations: Vec::new(),
            message: Some(text(words)),
        });
    }
    if !related.is_empty() {
        message.push('.');
    }
    let logical_location = |enclosing: &Enclosing| LogicalLocation {
        fully_qualified_name: escape::visible(&enclosing.address()),
        kind: "resource",
    };
    let location = Location {
        id: None,
        physical_location: locate(span),
        logical_locations: finding.enclosing.as_deref().into_iter().map(logical_location).collect(),
        message: None,
    };
    ResultJson {
        rule_id: finding.rule.name,
        rule_index: RULES.iter().position(|rule| *rule == finding.rule).unwrap_or_default(),
        level: finding.severity.as_str(),
        message: text(message),
        locations: [location],
        related_locations: related,
        // If the hash is absent, GitHub computes its own from the file.
        partial_fingerprints: fingerprints
            .of_line(finding)
            .map(|primary_location_line_hash| PartialFingerprints { primary_location_line_hash }),
        baseline_state: None,
        suppressions: Vec::new(),
        fixes: finding.fix.iter().filter_map(|fix| fix_json(file, fix, artifact)).collect(),
    }
}

/// Returns the fix, unless its edits contain something that reports must mask.
fn fix_json(file: &FileReport, fix: &Fix, artifact: &ArtifactLocation) -> Option<FixJson> {
    let place = |at| (file.source.position(at).line, file.source.utf16_column(at));
    let replacement = |edit: &Edit| {
        let (start_line, start_column) = place(edit.span.start());
        let (end_line, end_column) = place(edit.span.end());
        Replacement {
            deleted_region: Region { start_line, start_column, end_line, end_column },
            inserted_content: text(&*edit.text),
        }
    };
    let how = fix.doubt.map(|doubt| format!(" (unsafe: {})", doubt.as_str())).unwrap_or_default();
    let edits = fix.edits()?;
    Some(FixJson {
        description: text(plain_message(&sentence(&format!("{}{how}", fix.message)))),
        artifact_changes: [ArtifactChange {
            artifact_location: artifact.clone(),
            replacements: edits.into_iter().map(replacement).collect(),
        }],
    })
}

/// Returns a notification about a file.
fn notification(path: &str, words: &str) -> Notification {
    let physical_location = PhysicalLocation { artifact_location: artifact(path), region: None };
    let logical_locations = Vec::new();
    Notification {
        level: "warning",
        message: text(plain_message(words)),
        locations: vec![Location { id: None, physical_location, logical_locations, message: None }],
    }
}

/// Escapes text for a `message`, where brackets create links.
fn plain_message(text: &str) -> String {
    let visible = escape::visible_lines(text).join("\n");
    let mut message = String::with_capacity(visible.len());
    for c in visible.chars() {
        if matches!(c, '[' | ']' | '\\') {
            message.push('\\');
        }
        message.push(c);
    }
    message
}

/// Returns the region of a span, cut to one line: GitHub shows an alert in a pull request only if
/// all its lines are part of the change.
fn region(source: &Source, span: Span) -> Region {
    let line = source.position(span.start()).line;
    let ends = source.line_span(line).unwrap_or(span);
    let start = span.start().clamp(ends.start(), ends.end());
    let end = span.end().clamp(start, ends.end().max(start));
    Region {
        start_line: line,
        start_column: source.utf16_column(start),
        end_line: line,
        end_column: source.utf16_column(end),
    }
}

/// Returns a path as a URI: relative to the root if the path is relative, else absolute, because
/// nothing else identifies the file.
fn artifact(path: &str) -> ArtifactLocation {
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let has_drive =
        matches!(path.as_bytes(), [drive, b':', b'/', ..] if drive.is_ascii_alphabetic());
    let encoded = percent_encoded(&path);
    if path.starts_with("//") {
        return ArtifactLocation { uri: format!("file:{encoded}"), uri_base_id: None };
    }
    if path.starts_with('/') {
        return ArtifactLocation { uri: format!("file://{encoded}"), uri_base_id: None };
    }
    if cfg!(windows) && has_drive {
        return ArtifactLocation { uri: format!("file:///{encoded}"), uri_base_id: None };
    }
    let plain = encoded.trim_start_matches("./");
    // The text before a colon would be read as a scheme.
    let has_colon = plain.split('/').next().is_some_and(|first| first.contains(':'));
    let uri = if has_colon { format!("./{plain}") } else { plain.to_owned() };
    ArtifactLocation { uri, uri_base_id: Some(ROOT) }
}

/// Encodes every byte that the path of a URI (RFC 3986) cannot contain literally as `%XX`.
fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for &byte in path.as_bytes() {
        let stands_for_itself =
            byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte);
        if stands_for_itself {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
