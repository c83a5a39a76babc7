//! The format `github`: workflow commands, which GitHub shows as annotations.
//!
//! Source of the escaping: `src/Runner.Common/ActionCommand.cs` of actions/runner.

use std::io::{self, Write};

use super::{FileReport, Format, Report, Style, escape};
use crate::finding::{Finding, Severity};
use crate::source::Span;

pub(super) static FORMAT: Format = Format {
    name: "github",
    help: "Annotations in GitHub Actions",
    write,
};

/// How many annotations of each level GitHub shows of a step.
const SHOWN: usize = 10;

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut counts = [
        (Severity::Error, 0),
        (Severity::Warning, 0),
        (Severity::Note, 0),
    ];
    for file in &report.files {
        for finding in &file.findings {
            writeln!(out, "{}", command(file, finding))?;
            for (_, count) in counts
                .iter_mut()
                .filter(|(level, _)| *level == finding.severity)
            {
                *count += 1;
            }
        }
    }
    let more = counts.iter().filter(|(_, count)| *count > SHOWN);
    let more: Vec<_> = more
        .map(|&(level, count)| amount(count - SHOWN, level))
        .collect();
    if !more.is_empty() {
        writeln!(
            out,
            "GitHub shows {SHOWN} annotations of each level for a step; this log alone has {} more",
            more.join(" and ")
        )?;
    }
    Ok(())
}

fn amount(count: usize, level: Severity) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {}{plural}", level.as_str())
}

fn command(file: &FileReport, finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let source = &file.source;
    let span = finding.primary.span;
    let start = source.position(span.start);
    // GitHub takes columns only within one line.
    let line_end = source
        .line_span(start.line)
        .map_or(span.end, |line| line.end);
    let end = source.position(Span::new(span.start, span.end.min(line_end)).end);
    // The log shows the message alone: it must say where.
    let path = escape::visible(&file.path);
    let lines = escape::visible_lines(&finding.full_message()).join("\n");
    let message = format!("{path}:{}:{}: {lines}", start.line, start.column);
    format!(
        "::{level} file={},line={},endLine={},col={},endColumn={},title={}::{}",
        property(&file.path),
        start.line,
        end.line,
        start.column,
        end.column,
        property(finding.rule.name),
        data(&message),
    )
}

/// What follows the second `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// The value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
