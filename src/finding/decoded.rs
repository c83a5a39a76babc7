//! Where a finding is in a text decoded from base64, with the lines that a report may show of it.
//!
//! The decoded text is gone when the report is written, and it is full of secrets. So only the lines
//! with labels are kept, masked and cut.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::secrets::MASK;
use crate::secrets::line::{LineMasks, hidden};
use crate::text::message::Message;
use crate::text::source::{Position, Source, Span, floor_boundary};

use super::Finding;

/// How many bytes to keep around the labels of a line.
const REACH: usize = 600;
/// Limit on the bytes between the first and the last label of a line.
const MAX_APART: usize = 1200;

/// The place of a finding in a text decoded from base64.
#[derive(Debug, PartialEq, Eq)]
pub struct DecodedPlace {
    /// The line and column in the decoded text.
    pub position: Position,
    /// The lines with labels, in order.
    pub(crate) lines: Vec<DecodedLine>,
}

/// A line of a decoded text, with its secrets masked.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DecodedLine {
    pub(crate) number: usize,
    pub(crate) text: String,
    pub(crate) labels: Vec<DecodedLabel>,
}

/// A label of such a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DecodedLabel {
    /// In bytes of the masked line.
    pub(crate) range: Range<usize>,
    /// The column in the decoded text.
    pub(crate) column: usize,
    pub(crate) text: Message,
    pub(crate) is_primary: bool,
}

impl DecodedPlace {
    /// Returns the place of a finding in the decoded `source`. `secrets` are the known ones, sorted
    /// and not overlapping.
    pub(crate) fn new(finding: &Finding, source: &Source, secrets: &[Span]) -> Self {
        let position = source.position(finding.primary.span.start());
        let mut by_line: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        for (i, label) in labels.enumerate() {
            let at = source.position(label.span.start());
            by_line.entry(at.line).or_default().push((label, at.column, i == 0));
        }
        let lines = by_line.into_iter().map(|(number, labels)| {
            let span = source.line_span(number).unwrap_or_default();
            let line = source.slice(span);
            let in_line = |at: usize| at.clamp(span.start(), span.end()) - span.start();
            let range = |label: Span| {
                in_line(label.start())..in_line(label.end()).max(in_line(label.start()))
            };
            let first = labels.iter().map(|(label, ..)| range(label.span).start).min().unwrap_or(0);
            let kept = labels
                .into_iter()
                .filter(|(label, ..)| range(label.span).start <= first + MAX_APART);
            let kept: Vec<_> = kept
                .map(|(label, column, is_primary)| (range(label.span), label, column, is_primary))
                .collect();
            let ranges: Vec<_> = kept.iter().map(|(range, ..)| range.clone()).collect();
            let masked =
                Masked::new(line, first, &ranges, &LineMasks::new(source, number, span, secrets));
            let labels = kept.into_iter().map(|(range, label, column, is_primary)| DecodedLabel {
                range: masked.range(&range),
                column,
                text: label.text.clone(),
                is_primary,
            });
            DecodedLine { number, labels: labels.collect(), text: masked.text(line) }
        });
        Self { position, lines: lines.collect() }
    }
}

/// A window of a line, and what is masked in it.
struct Masked {
    window: Range<usize>,
    hidden: Vec<Range<usize>>,
    /// Replaces what is before and behind the window.
    before: &'static str,
    after: &'static str,
}

impl Masked {
    fn new(line: &str, first: usize, labels: &[Range<usize>], masks: &LineMasks) -> Self {
        let end = floor_boundary(line, (first + MAX_APART + REACH).min(line.len()));
        let window = floor_boundary(line, first.saturating_sub(REACH))..end;
        let hidden = hidden(line, masks, labels, std::slice::from_ref(&window));
        // A mask is shown as a whole.
        let start = hidden.first().map_or(window.start, |first| first.start.min(window.start));
        let end = hidden.last().map_or(window.end, |last| last.end.max(window.end));
        let before = if start > 0 { "…" } else { "" };
        let after = if end < line.len() { "…" } else { "" };
        Self { window: start..end, hidden, before, after }
    }

    fn text(&self, line: &str) -> String {
        let mut text = self.before.to_owned();
        let mut from = self.window.start;
        for range in &self.hidden {
            text.push_str(line.get(from..range.start).unwrap_or(""));
            text.push_str(MASK);
            from = range.end;
        }
        text.push_str(line.get(from..self.window.end).unwrap_or(""));
        text.push_str(self.after);
        text
    }

    /// Returns a range of the line in the masked text.
    fn range(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.place(range.start, 0);
        start..self.place(range.end, MASK.len()).max(start)
    }

    /// Returns a place of the line in the masked text; `within` is where it is in a mask.
    fn place(&self, at: usize, within: usize) -> usize {
        let at = at.clamp(self.window.start, self.window.end);
        let (mut place, mut from) = (self.before.len(), self.window.start);
        for range in self.hidden.iter().take_while(|range| range.start < at) {
            place += range.start - from;
            if at < range.end {
                return place + within;
            }
            place += MASK.len();
            from = range.end;
        }
        place + (at - from)
    }
}
