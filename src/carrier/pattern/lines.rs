//! The lines around a key that may say what belongs to it.

use std::ops::Range;

use crate::kubernetes::plugins::EXEC_INFO;
use crate::text::source::{Span, window_after, window_before};

use super::tokens;

/// Limit on the lines before a key; up to three times as many are read in all.
const LINES: usize = 24;

/// How many bytes before and after a key are read as tokens: more than exec configs have.
const NEAR: (usize, usize) = (1024, 2048);

/// Some lines of a text, or parts of lines.
#[derive(Debug, Clone)]
pub(super) struct Lines<'a> {
    pub(super) text: &'a str,
    pub(super) spans: Vec<Span>,
    /// The index of the line that holds the key.
    pub(super) own: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str, spans: Vec<Span>, at: usize) -> Self {
        let own = spans.iter().position(|line| line.end() >= at).unwrap_or(0);
        Self { text, spans, own }
    }

    /// Returns the lines around the key at `at` that are worth reading.
    pub(super) fn around(text: &'a str, at: usize) -> Self {
        let before = window_before(text, at);
        let start = at - before.len();
        let mut breaks = memchr::memrchr_iter(b'\n', before.as_bytes());
        let first = match breaks.nth(LINES) {
            Some(above) => start + above + 1,
            // Skip a line whose start is cut off.
            None if start > 0 => start + before.find('\n').map_or(0, |end| end + 1),
            None => 0,
        };
        let end = at + window_after(text, at).len();
        let bytes = text.as_bytes().get(first..end).unwrap_or(&[]);
        let breaks = memchr::memchr_iter(b'\n', bytes).map(|at| first + at);
        let mut spans = Vec::with_capacity(3 * LINES);
        let mut start = first;
        for stop in breaks.chain([end]).take(3 * LINES) {
            // No line follows the last break.
            if start >= end {
                break;
            }
            let line = bytes.get(start - first..stop - first).unwrap_or(&[]);
            let returns = line.iter().rev().take_while(|byte| **byte == b'\r').count();
            spans.push(Span::new(start, stop - returns));
            start = stop + 1;
        }
        Self::new(text, spans, at)
    }

    /// Returns the lines, or the parts of lines, that are near the key at `at`.
    pub(super) fn near(&self, at: usize) -> Self {
        let is_boundary = |at: &usize| self.text.is_char_boundary(*at);
        let start = (at.saturating_sub(NEAR.0)..=at).find(is_boundary).unwrap_or(at);
        let end = (at..=at.saturating_add(NEAR.1).min(self.text.len())).rev().find(is_boundary);
        let end = end.unwrap_or(at);
        let is_near = |line: &&Span| line.start() <= end && line.end() >= start;
        let part = |line: &Span| Span::new(line.start().max(start), line.end().min(end));
        Self::new(self.text, self.spans.iter().filter(is_near).map(part).collect(), at)
    }

    /// Returns a line; empty if there is none with that index.
    pub(super) fn line(&self, index: usize) -> &'a str {
        self.spans.get(index).and_then(|line| self.text.get(line.range())).unwrap_or("")
    }

    /// Returns the indentation of a line in bytes, including the marks of comments and lists. A
    /// blank line has the largest.
    pub(super) fn indent(&self, index: usize) -> usize {
        const MARKS: [char; 11] = [' ', '\t', '#', '/', '-', '"', '\'', '`', '*', '>', '\\'];
        let line = self.line(index);
        let marks = line.len() - line.trim_start_matches(MARKS).len();
        if line.trim().is_empty() { usize::MAX } else { marks }
    }

    /// Returns the nearest line above with less indentation than the line of the key.
    pub(super) fn outer(&self) -> Option<usize> {
        let indent = self.indent(self.own);
        (0..self.own).rev().find(|above| self.indent(*above) < indent)
    }

    /// Returns the lines that are indented like the line of the key, up to the nearest lines with
    /// less indentation.
    pub(super) fn aligned(&self) -> impl Iterator<Item = Span> + '_ {
        let indent = self.indent(self.own);
        let first = self.outer().map_or(0, |above| above + 1);
        let mut below = self.own + 1..self.spans.len();
        let end = below.find(|below| self.indent(*below) < indent).unwrap_or(self.spans.len());
        let aligned = (first..end).filter(move |line| self.indent(*line) == indent);
        aligned.filter_map(|line| self.spans.get(line).copied())
    }

    /// Returns the lines of a text that is written string by string, as in `echo "…" >> FILE` or
    /// `"…\n" +`, if one string holds both the key and the value of `place`.
    pub(super) fn written(&self, place: Span) -> Option<Self> {
        let text = self.text;
        let mut strings_of_own = tokens::strings(text, *self.spans.get(self.own)?);
        strings_of_own
            .find(|string| string.start() <= place.start() && place.end() <= string.end())?;
        let lines = self.spans.get(self.adjacent_items().unwrap_or(0..self.spans.len()))?;
        let strings = lines.iter().flat_map(|line| tokens::strings(text, *line));
        // A list item may be a command that contains the string.
        let strings = strings.flat_map(|string| {
            let is_command = text.get(string.range()).is_some_and(|text| text.starts_with("echo "));
            let inner = is_command.then(|| tokens::strings(text, string));
            let whole = (!is_command).then_some(string);
            inner.into_iter().flatten().chain(whole)
        });
        let mut written = Vec::new();
        for string in strings {
            let mut start = string.start();
            let content = text.get(string.range()).unwrap_or("");
            for (at, escape) in content.match_indices("\\n") {
                written.push(Span::new(start, string.start() + at));
                start = string.start() + at + escape.len();
            }
            if start < string.end() || string.is_empty() {
                written.push(Span::new(start, string.end()));
            }
        }
        Some(Self::new(text, written, place.start()))
    }

    /// Returns the lines that are items of the same list as the line of the key, in YAML
    /// (`- echo …`) or JSON (`"echo …",`); `None` if that line is not a list item.
    fn adjacent_items(&self) -> Option<Range<usize>> {
        let start_of = |index: usize| {
            let line = self.line(index);
            let content = line.trim_start_matches([' ', '\t']);
            (line.len() - content.len(), content.chars().next())
        };
        let content = self.line(self.own).trim_start_matches([' ', '\t']);
        if !content.starts_with("- ") && !content.starts_with("\"echo ") {
            return None;
        }
        let start = start_of(self.own);
        let before = (0..self.own).rev().take_while(|at| start_of(*at) == start).count();
        let behind = (self.own..self.spans.len()).take_while(|at| start_of(*at) == start).count();
        Some(self.own - before..self.own + behind)
    }

    /// Returns whether one of the lines near the key names the kind ExecCredential.
    pub(super) fn name_credential(&self) -> bool {
        const BESIDE: usize = 3;
        let first = self.own.saturating_sub(BESIDE);
        (first..=self.own + BESIDE).any(|line| names_credential(self.line(line)))
    }

    /// Returns whether the key at `at` is in the value of the variable that holds the request to a
    /// plugin.
    pub(super) fn is_in_request(&self, at: usize) -> bool {
        let before = self.spans.get(self.own).and_then(|own| self.text.get(own.start()..at));
        let before = before.unwrap_or("");
        let above = self.own.checked_sub(1).map_or("", |above| self.line(above));
        before.contains(EXEC_INFO) || (before.contains("value") && above.contains(EXEC_INFO))
    }
}

/// Returns whether a line names the kind ExecCredential. `exec-credential` does not count: it is an
/// argument of plugins.
pub(super) fn names_credential(line: &str) -> bool {
    line.to_ascii_lowercase().replace('_', "").contains("execcredential")
}
