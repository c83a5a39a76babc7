//! The format `markdown`: a table, for GitHub's job summaries and comments on merge requests.
//!
//! Everything that may come from a file is in code spans, where GitHub and GitLab create no links,
//! images, mentions, references or emoji, and interpret no HTML. Outside of them there are only our
//! own words.

use std::io::{self, Write};

use crate::finding::{Finding, Severity};
use crate::text::escape;
use crate::text::message::{Message, Part};

use super::{FileReport, Format, Report, Style, headline};

#[cfg(test)]
mod tests;

pub(super) static FORMAT: Format = Format {
    name: "markdown",
    help: "A table in Markdown, for job summaries and comments of merge requests",
    lists_accepted: false,
    write,
};

/// Limit on the findings that are listed.
const MAX_ROWS: usize = 100;
/// Limit on the characters shown of a message.
const MAX_MESSAGE_CHARS: usize = 1_000;
/// Limit on the listed files that were not checked.
const MAX_SKIPPED: usize = 20;
/// Limit on the bytes of both lists. A comment may have 65,536 characters on GitHub and 1,000,000
/// on GitLab, and a job summary on GitHub 1 MiB per step.
const MAX_BYTES: usize = 60_000;

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut left = MAX_BYTES;
    writeln!(out, "### {}: {}", env!("CARGO_PKG_NAME"), headline::found(report))?;
    // The limit cuts off the last ones.
    let findings = report.worst_first();
    let mut about = vec![format!("For {}", report.target.who())];
    about.extend(headline::fixed(report));
    let fixable = headline::fixable(findings.iter().map(|(_, finding)| *finding));
    about.extend(fixable);
    writeln!(out, "\n{}.", about.join("; "))?;
    if !findings.is_empty() {
        writeln!(out, "\n| severity | rule | place | message |\n|---|---|---|---|")?;
        let rows = findings.iter().map(|(file, finding)| row(file, finding));
        write_list(rows, MAX_ROWS, &mut left, out)?;
    }
    let skipped: Vec<_> = report.skipped.iter().filter(|s| s.named || s.notable).collect();
    if !skipped.is_empty() {
        writeln!(out, "\nNot checked:\n")?;
        let items = skipped.iter().map(|s| format!("- {}: {}", code(&s.path), code(&s.reason)));
        write_list(items, MAX_SKIPPED, &mut left, out)?;
    }
    if !report.limits.is_empty() {
        writeln!(out, "\nLimits:\n")?;
        let limits = report.limits.iter();
        let items = limits.map(|l| format!("- {}: {}", code(&l.path), code(&l.reason)));
        write_list(items, MAX_SKIPPED, &mut left, out)?;
    }
    Ok(())
}

/// Writes at most `most` lines and `left` bytes, and says how many lines were left out.
fn write_list(
    lines: impl ExactSizeIterator<Item = String>,
    most: usize,
    left: &mut usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    let all = lines.len();
    let mut shown = 0;
    for line in lines.take(most) {
        let Some(rest) = left.checked_sub(line.len() + 1) else { break };
        *left = rest;
        writeln!(out, "{line}")?;
        shown += 1;
    }
    if shown < all {
        writeln!(out, "\n… and {} more", all - shown)?;
    }
    Ok(())
}

fn row(file: &FileReport, finding: &Finding) -> String {
    let at = file.source.position(finding.primary.span.start());
    let place = code(&format!("{}:{}:{}", file.path, at.line, at.column));
    let rule = finding.rule;
    let severity = match finding.severity {
        Severity::Error => "❌ error",
        Severity::Warning => "⚠️ warning",
        Severity::Note => "ℹ️ note",
    };
    let message = inline(&finding.title());
    let (name, url) = (rule.name, rule.url());
    format!("| {severity} | [{name}]({url}) | {} | {} |", cell(&place), cell(&message))
}

/// Escapes Markdown for a cell of a table, which a bar would end.
fn cell(markdown: &str) -> String {
    // Renderers disagree on a bar after an escaped backslash.
    markdown.replace("\\|", "\\\\u{7c}").replace('|', "\\|")
}

/// Formats a message as Markdown.
fn inline(message: &Message) -> String {
    let mut line = String::new();
    let mut left = MAX_MESSAGE_CHARS;
    for part in message.parts() {
        let text: String = part.text().chars().take(left).collect();
        left -= text.chars().count();
        if matches!(part, Part::Words(_)) {
            line.push_str(&text);
            continue;
        }
        // The backticks of two spans must not touch.
        if line.ends_with('`') {
            line.push(' ');
        }
        line.push_str(&code(&text));
    }
    if left == 0 { line + "…" } else { line }
}

/// Returns a text of a file as a code span, fenced by more backticks than it has in a row.
fn code(text: &str) -> String {
    let text = if text.is_empty() { "\"\"" } else { &escape::visible(text) };
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let is_padded = text.starts_with(' ') && text.ends_with(' ');
    let pad = if is_padded || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}
