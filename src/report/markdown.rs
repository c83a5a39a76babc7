//! The format `markdown`: a table, for GitHub's job summaries and comments on merge requests.
//!
//! Everything that may come from a file is in code spans, where GitHub and GitLab create no links,
//! images, mentions, references or emoji, and interpret no HTML. Outside of them there are only
//! words of letters, numbers, and a few punctuation marks.

use std::cmp::Reverse;
use std::io::{self, Write};

use crate::finding::{Finding, Severity};
use crate::text::escape;

use super::{FileReport, Format, Report, Style, headline};

#[cfg(test)]
mod tests;

pub(super) static FORMAT: Format = Format {
    name: "markdown",
    help: "A table in Markdown, for job summaries and comments of merge requests",
    write,
};

/// Limit on the findings that are listed.
const ROWS: usize = 100;
/// Limit on the characters shown of a message.
const MESSAGE: usize = 1_000;
/// Limit on the listed files that were not checked.
const SKIPPED: usize = 20;
/// Limit on the bytes of both lists. A comment may have 65,536 characters on GitHub and 1,000,000
/// on GitLab, and a job summary on GitHub 1 MiB per step.
const BYTES: usize = 60_000;

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut left = BYTES;
    writeln!(out, "### {}: {}", env!("CARGO_PKG_NAME"), headline::found(report))?;
    let files = report.files.iter();
    let mut findings: Vec<_> =
        files.flat_map(|file| file.findings.iter().map(move |finding| (file, finding))).collect();
    // Sort so that the limit cuts off the least severe findings.
    findings.sort_by_key(|(_, finding)| Reverse(finding.severity));
    let mut about = vec![format!("For kubectl {}", report.target)];
    about.extend(headline::fixed(report));
    let fixable = headline::fixable(findings.iter().map(|(_, finding)| *finding));
    about.extend(fixable.map(|fixable| inline(&fixable)));
    writeln!(out, "\n{}.", about.join("; "))?;
    if !findings.is_empty() {
        writeln!(out, "\n| severity | rule | place | message |\n|---|---|---|---|")?;
        let rows = findings.iter().map(|(file, finding)| row(file, finding));
        write_list(rows, ROWS, &mut left, out)?;
    }
    let skipped: Vec<_> = report.skipped.iter().filter(|s| s.named || s.notable).collect();
    if !skipped.is_empty() {
        writeln!(out, "\nNot judged:\n")?;
        let item = |path, reason| format!("- {}: {}", code(&escape::visible(path)), inline(reason));
        let items = skipped.iter().map(|skipped| item(&skipped.path, &skipped.reason));
        write_list(items, SKIPPED, &mut left, out)?;
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
    let at = file.source.position(finding.primary.span.start);
    let place = code(&escape::visible(&format!("{}:{}:{}", file.path, at.line, at.column)));
    let rule = finding.rule;
    let severity = match finding.severity {
        Severity::Error => "❌ error",
        Severity::Warning => "⚠️ warning",
        Severity::Note => "ℹ️ note",
    };
    let mut message = finding.full_message();
    if let Some((end, _)) = message.char_indices().nth(MESSAGE) {
        message.truncate(end);
        message.push('…');
    }
    let message = inline(&message);
    let (name, url) = (rule.name, rule.url());
    format!("| {severity} | [{name}]({url}) | {} | {} |", cell(&place), cell(&message))
}

/// Escapes Markdown for a cell of a table, which a bar would end.
fn cell(markdown: &str) -> String {
    // Renderers disagree on a bar after an escaped backslash.
    markdown.replace("\\|", "\\\\u{7c}").replace('|', "\\|")
}

/// Formats a message as Markdown. Text between backticks becomes code, and so does each word that
/// could be more than a word.
fn inline(message: &str) -> String {
    let message = escape::visible(message);
    let mut line = Line::default();
    let parts = message.split('`');
    let last = parts.clone().count() - 1;
    for (i, part) in parts.enumerate() {
        let is_quoted = i % 2 == 1;
        if is_quoted && i < last {
            line.code(if part.is_empty() { "\"\"" } else { part });
            continue;
        }
        if is_quoted {
            // No backtick closes this one.
            line.code("`");
        }
        for (i, word) in part.split(' ').enumerate() {
            if i > 0 {
                line.blank();
            }
            line.word(word);
        }
    }
    line.finish()
}

/// Builds a line of Markdown.
#[derive(Default)]
struct Line {
    done: String,
    /// A code span that may go on: the backticks of two spans must not touch.
    open: String,
    /// Whether a blank follows `open`. It becomes part of the code if more code follows.
    has_blank: bool,
}

impl Line {
    fn code(&mut self, text: &str) {
        if std::mem::take(&mut self.has_blank) {
            self.open.push(' ');
        }
        self.open.push_str(text);
    }

    fn plain(&mut self, text: &str) {
        if !text.is_empty() {
            self.close();
            self.done.push_str(text);
        }
    }

    fn blank(&mut self) {
        if self.open.is_empty() || self.has_blank {
            self.plain(" ");
        } else {
            self.has_blank = true;
        }
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.done.push_str(&code(&std::mem::take(&mut self.open)));
        }
        if std::mem::take(&mut self.has_blank) {
            self.done.push(' ');
        }
    }

    /// Appends a word, with the punctuation around it.
    fn word(&mut self, word: &str) {
        let core = word.trim_start_matches(['(', '"', '\'']);
        let before = word.len() - core.len();
        let core = core.trim_end_matches(['.', ',', ':', ';', ')', '?', '"', '\'', '…']);
        let after = before + core.len();
        self.plain(word.get(..before).unwrap_or_default());
        if is_plain(core) {
            self.plain(core)
        } else {
            self.code(core)
        }
        self.plain(word.get(after..).unwrap_or_default());
    }

    fn finish(mut self) -> String {
        self.close();
        self.done
    }
}

/// Whether the word can only be read as a word or a short number, not as an address, a commit or a
/// ticket.
fn is_plain(word: &str) -> bool {
    let in_word = |c: char| c.is_alphabetic() || matches!(c, '-' | '/' | '\'' | '.');
    let is_word = word.starts_with(char::is_alphabetic)
        && word.chars().all(in_word)
        && !word.to_lowercase().contains("www.")
        && !word.contains("//");
    let is_hash = word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_number = word.len() < 7 && word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    (is_word && !is_hash) || is_number
}

/// Returns a code span, fenced by more backticks than the text has in a row.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let is_padded = text.starts_with(' ') && text.ends_with(' ');
    let pad = if is_padded || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}
