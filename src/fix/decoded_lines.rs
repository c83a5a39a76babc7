//! The lines that fixes change in texts encoded in base64, decoded, with their secrets masked.
//!
//! Base64 changes as a whole, so the diff of a file does not say what changes in it.

use std::collections::HashSet;
use std::ops::Range;
use std::slice;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::edit::decoded::{Base64Text, Decoded, place_in_file};
use crate::secrets::MASK;
use crate::secrets::line::{LineMasks, hidden};
use crate::text::source::{Source, Span};

/// Adjacent lines of a decoded text that fixes change.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DecodedChange {
    /// The line of the file on which the base64 starts, 1-based.
    pub file_line: usize,
    /// The first of the lines in the decoded text, 1-based.
    pub line: usize,
    /// The lines before the fixes, masked.
    pub removed: Vec<String>,
    /// The lines after the fixes, masked.
    pub added: Vec<String>,
}

/// Returns what fixes change in base64, in the order of the file. `before` and `after` are the
/// texts of the file before and after the fixes.
pub(crate) fn decoded_changes(
    file: &Source,
    before: &[Option<Decoded>],
    after: &[Option<Decoded>],
) -> Vec<DecodedChange> {
    let mut changes = Vec::new();
    for (number, (old, new)) in before.iter().zip(after).enumerate() {
        if let (Some(old), Some(new)) = (old, new)
            && let (Some(old), Some(new)) = (&old.base64, &new.base64)
            && let Some(place) = place_in_file(before, number)
        {
            changes.extend(changed_lines(file.line(place.start()), old, new));
        }
    }
    changes.sort_by_key(|change| change.file_line);
    changes
}

fn changed_lines(file_line: usize, old: &Base64Text, new: &Base64Text) -> Vec<DecodedChange> {
    let (old_lines, new_lines) = (lines(&old.source), lines(&new.source));
    let ops = capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines);
    let changes = ops.into_iter().filter(|op| !matches!(op, DiffOp::Equal { .. })).map(|op| {
        let text =
            |lines: &[&str], range: Range<usize>| lines.get(range).unwrap_or_default().join("\n");
        let (was, is) = (text(&old_lines, op.old_range()), text(&new_lines, op.new_range()));
        DecodedChange {
            file_line,
            line: op.old_range().start + 1,
            removed: masked(old, op.old_range(), &words(&is).map(|(_, word)| word).collect()),
            added: masked(new, op.new_range(), &words(&was).map(|(_, word)| word).collect()),
        }
    });
    // A change inside of a mask is one of base64 in this base64, which is a text of its own.
    changes.filter(|change| change.removed != change.added).collect()
}

fn lines(source: &Source) -> Vec<&str> {
    spans(source, 0..source.line_count()).map(|(_, span)| source.slice(span)).collect()
}

/// Returns the spans of lines (0-based) with their 1-based numbers.
fn spans(source: &Source, lines: Range<usize>) -> impl Iterator<Item = (usize, Span)> {
    lines.map(|line| (line + 1, source.line_span(line + 1).unwrap_or_default()))
}

/// Returns lines (0-based) as a report shows them, with labels on the words that the fixes change:
/// those that are not in `other`.
fn masked(text: &Base64Text, lines: Range<usize>, other: &HashSet<&str>) -> Vec<String> {
    let masked = |(number, span): (usize, Span)| {
        let line = text.source.slice(span);
        let changed = words(line).filter(|(_, word)| !other.contains(word));
        let labels: Vec<_> = changed.map(|(at, word)| at..at + word.len()).collect();
        let masks = LineMasks::new(&text.source, number, span, &text.secrets);
        let mut shown = String::new();
        let mut from = 0;
        for range in hidden(line, &masks, &labels, slice::from_ref(&(0..line.len()))) {
            shown.push_str(line.get(from..range.start).unwrap_or(""));
            shown.push_str(MASK);
            from = range.end;
        }
        shown + line.get(from..).unwrap_or("")
    };
    spans(&text.source, lines).map(masked).collect()
}

/// Returns the words of a text with their offsets. An exec API version is one word.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_between = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '/' | '-' | '_'));
    let mut at = 0;
    text.split_inclusive(is_between).filter_map(move |part| {
        let start = at;
        at += part.len();
        let word = part.trim_end_matches(is_between);
        (!word.is_empty()).then_some((start, word))
    })
}
