//! The display copy of the lines that have labels: what a report may show of them.
//!
//! Secrets become `***`, invisible characters are spelled out, tabs become blanks, and long lines
//! are cut around their labels. Lines without a label are never shown.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

use codespan_reporting::files::{Error, Files};
use unicode_width::UnicodeWidthStr;

use crate::finding::decoded::{DecodedLabel, DecodedLine, DecodedPlace};
use crate::secrets::line::{LineMasks, hidden};
use crate::text::escape;
use crate::text::source::Span;

use super::FileReport;

mod line;
#[cfg(test)]
mod tests;

/// The minimum number of columns shown of a line, however narrow the terminal.
const MIN_WIDTH: usize = 24;

/// The lines of one file, prepared for display on demand.
pub(super) struct Excerpts<'a> {
    file: &'a FileReport,
    name: String,
    /// The known and guessed secrets, by line; cached because a one-line file may have a thousand
    /// findings.
    masks: HashMap<usize, Rc<LineMasks>>,
}

/// The display copy of the lines that a few labels are on.
pub(super) struct Excerpt<'a> {
    name: Cow<'a, str>,
    text: String,
    lines: Vec<Line>,
    /// Pairs of a place in `text` and the true column there, where it is known.
    columns: Vec<(usize, usize)>,
    /// How many columns of the terminal a line may take.
    budget: usize,
}

struct Line {
    number: usize,
    /// Like `number`, but with at least two free between lines that are not adjacent, so that
    /// codespan does not ask for a line in between.
    index: usize,
    range: Range<usize>,
}

impl<'a> Excerpts<'a> {
    pub(super) fn new(file: &'a FileReport) -> Self {
        Self { file, name: escape::visible(&file.path), masks: HashMap::new() }
    }

    /// Returns an excerpt of the lines on which `labels` begin, for a terminal of `width` columns,
    /// and the place of each label in it. `texts` are the texts of the labels.
    pub(super) fn excerpt(
        &mut self,
        labels: &[Span],
        texts: &[String],
        width: usize,
    ) -> (Excerpt<'_>, Vec<Range<usize>>) {
        let source = &self.file.source;
        let mut by_line: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (i, label) in labels.iter().enumerate() {
            by_line.entry(source.position(label.start()).line).or_default().push(i);
        }
        let last = by_line.keys().next_back().copied().unwrap_or(1);
        let mut excerpt = Excerpt::new(last, width);
        let mut places = vec![0..0; labels.len()];
        for (number, members) in by_line {
            let span = source.line_span(number).unwrap_or(Span::at(0));
            let in_line = |label: Span| {
                // A label that spans lines is shown on its first line.
                let start = label.start().clamp(span.start(), span.end()) - span.start();
                let end = label.end().clamp(span.start(), span.end()) - span.start();
                start..end.max(start)
            };
            let ranges: Vec<_> =
                members.iter().filter_map(|&i| labels.get(i)).map(|&l| in_line(l)).collect();
            let column = |range: &Range<usize>| source.position(span.start() + range.start).column;
            let columns: Vec<_> = ranges.iter().map(column).collect();
            let text_width = |&i: &usize| texts.get(i).map_or(0, |text| text.width());
            let widths: Vec<_> = members.iter().map(text_width).collect();
            let masks = self.masks_of(number, span);
            let shown =
                excerpt.push(number, source.slice(span), &ranges, &columns, &widths, &masks);
            for (i, place) in members.into_iter().zip(shown) {
                if let Some(slot) = places.get_mut(i) {
                    *slot = place;
                }
            }
        }
        excerpt.name = Cow::Borrowed(&self.name);
        (excerpt, places)
    }

    /// Returns an excerpt of a text that is decoded from the base64 at `span`, and the place of each
    /// label in it.
    pub(super) fn decoded(
        &self,
        place: &DecodedPlace,
        span: Span,
        width: usize,
    ) -> (Excerpt<'_>, Vec<Range<usize>>) {
        let last = place.lines.last().map_or(1, |line| line.number);
        let mut excerpt = Excerpt::new(last, width);
        let at = self.file.source.position(span.start());
        excerpt.name = Cow::Owned(format!("{}:{}:{} (base64)", self.name, at.line, at.column));
        let mut places = Vec::new();
        for DecodedLine { number, text, labels } in &place.lines {
            let ranges: Vec<_> = labels.iter().map(|label| label.range.clone()).collect();
            let columns: Vec<_> = labels.iter().map(|label| label.column).collect();
            let width = |label: &DecodedLabel| escape::visible(&label.text.to_string()).width();
            let widths: Vec<_> = labels.iter().map(width).collect();
            let masks = LineMasks::default();
            places.extend(excerpt.push(*number, text, &ranges, &columns, &widths, &masks));
        }
        (excerpt, places)
    }

    fn masks_of(&mut self, number: usize, span: Span) -> Rc<LineMasks> {
        let file = self.file;
        let masks = self.masks.entry(number).or_insert_with(|| {
            Rc::new(LineMasks::new(&file.source, number, span, &file.linted.keyed_secrets))
        });
        Rc::clone(masks)
    }
}

impl Excerpt<'_> {
    /// Returns an empty excerpt whose last line will be `last`.
    fn new(last: usize, width: usize) -> Self {
        let digits = last.ilog10() as usize + 1;
        // The line number, a blank, the border and a blank.
        let budget = width.saturating_sub(digits + 3).max(MIN_WIDTH);
        let (text, lines, columns) = (String::new(), Vec::new(), Vec::new());
        Self { name: Cow::Borrowed(""), text, lines, columns, budget }
    }

    /// Adds a line, and returns the places of its labels.
    fn push(
        &mut self,
        number: usize,
        line: &str,
        labels: &[Range<usize>],
        columns: &[usize],
        texts: &[usize],
        masks: &LineMasks,
    ) -> Vec<Range<usize>> {
        let (start, budget) = (self.text.len(), self.budget);
        let windows = line::windows(line, labels, &masks.all, budget);
        let hidden = hidden(line, masks, labels, &windows);
        let shown = line::show(line, labels, texts, &hidden, &windows, budget, &mut self.text);
        let starts = shown.iter().map(|place| place.start);
        self.columns.extend(starts.zip(columns.iter().copied()));
        let index = match self.lines.last() {
            Some(last) if last.number + 1 == number => last.index + 1,
            Some(last) => last.index + 3,
            None => 0,
        };
        self.lines.push(Line { number, index, range: start..self.text.len() });
        self.text.push('\n');
        shown
    }

    /// Returns how many columns the text behind the border may take.
    pub(super) fn budget(&self) -> usize {
        self.budget
    }

    /// Whether the text of a label fits on the line, behind the label at `place`.
    pub(super) fn has_room_behind(&self, place: &Range<usize>, text: &str) -> bool {
        let line = self.lines.iter().rfind(|line| line.range.start <= place.start);
        let before = line.and_then(|line| self.text.get(line.range.start..place.end));
        before.map_or(0, |before| before.width()) + 1 + text.width() <= self.budget
    }

    fn line_at(&self, index: usize) -> Result<&Line, Error> {
        let at = self.lines.binary_search_by_key(&index, |line| line.index);
        let max = self.lines.last().map_or(0, |line| line.index);
        let too_large = Error::LineTooLarge { given: index, max };
        at.ok().and_then(|at| self.lines.get(at)).ok_or(too_large)
    }
}

impl<'a> Files<'a> for Excerpt<'_> {
    type FileId = ();
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.name)
    }

    fn source(&'a self, (): ()) -> Result<&'a str, Error> {
        Ok(&self.text)
    }

    fn line_index(&'a self, (): (), byte: usize) -> Result<usize, Error> {
        let after = self.lines.partition_point(|line| line.range.start <= byte);
        let line = after.checked_sub(1).and_then(|at| self.lines.get(at));
        line.map(|line| line.index).ok_or(Error::FileMissing)
    }

    fn line_number(&'a self, (): (), index: usize) -> Result<usize, Error> {
        Ok(self.line_at(index)?.number)
    }

    fn column_number(&'a self, (): (), _: usize, byte: usize) -> Result<usize, Error> {
        let known = self.columns.iter().find(|(place, _)| *place == byte);
        Ok(known.map_or(1, |(_, column)| *column))
    }

    fn line_range(&'a self, (): (), index: usize) -> Result<Range<usize>, Error> {
        Ok(self.line_at(index)?.range.clone())
    }
}
