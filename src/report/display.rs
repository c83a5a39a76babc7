//! The display copy of the lines that have labels: what a report may show of them.
//!
//! Secrets become `***`, invisible characters are spelled out, tabs become blanks, and long lines
//! are cut around their labels. Lines without a label are never shown.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

use codespan_reporting::files::{Error, Files};
use unicode_width::UnicodeWidthStr;

use crate::secrets::mask;
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

/// What to hide of a line, in bytes of the line. Each list is sorted and its ranges do not overlap.
struct LineMasks {
    /// Known secrets.
    secrets: Vec<Range<usize>>,
    /// Values that the file calls secret.
    named: Vec<Range<usize>>,
    /// Values that look like secrets.
    likely: Vec<Range<usize>>,
    /// All of these, merged.
    all: Vec<Range<usize>>,
}

/// The display copy of the lines that a few labels are on.
pub(super) struct Excerpt<'a> {
    name: &'a str,
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
            by_line.entry(source.position(label.start).line).or_default().push(i);
        }
        let digits = by_line.keys().next_back().map_or(1, |line| line.ilog10() as usize + 1);
        // The line number, a blank, the border and a blank.
        let budget = width.saturating_sub(digits + 3).max(MIN_WIDTH);

        let mut places = vec![0..0; labels.len()];
        let mut columns = Vec::new();
        let mut text = String::new();
        let mut lines: Vec<Line> = Vec::new();
        for (number, members) in by_line {
            let span = source.line_span(number).unwrap_or(Span::at(0));
            let in_line = |label: Span| {
                // A label that spans lines is shown on its first line.
                let start = label.start.clamp(span.start, span.end) - span.start;
                let end = label.end.clamp(span.start, span.end) - span.start;
                start..end.max(start)
            };
            let ranges: Vec<_> =
                members.iter().filter_map(|&i| labels.get(i)).map(|&l| in_line(l)).collect();
            let text_width = |&i: &usize| texts.get(i).map_or(0, |text| text.width());
            let widths: Vec<_> = members.iter().map(text_width).collect();
            let masks = self.masks_of(number, span);
            let line = source.slice(span);
            let start = text.len();
            let windows = line::windows(line, &ranges, &masks.all, budget);
            let hidden = hidden(line, &masks, &ranges, &windows);
            let shown = line::show(line, &ranges, &widths, &hidden, &windows, budget, &mut text);
            for (i, (place, range)) in members.into_iter().zip(shown.into_iter().zip(&ranges)) {
                let column = source.position(span.start + range.start).column;
                columns.push((place.start, column));
                if let Some(slot) = places.get_mut(i) {
                    *slot = place;
                }
            }
            let index = match lines.last() {
                Some(last) if last.number + 1 == number => last.index + 1,
                Some(last) => last.index + 3,
                None => 0,
            };
            lines.push(Line { number, index, range: start..text.len() });
            text.push('\n');
        }
        (Excerpt { name: &self.name, text, lines, columns, budget }, places)
    }

    fn masks_of(&mut self, number: usize, span: Span) -> Rc<LineMasks> {
        let file = self.file;
        let masks = self.masks.entry(number).or_insert_with(|| {
            // Secrets are sorted and do not overlap, so only those of the line are visited.
            let first = file.linted.secrets.partition_point(|secret| secret.end <= span.start);
            let last = file.linted.secrets.partition_point(|secret| secret.start < span.end);
            let secrets = file.linted.secrets.get(first..last.max(first)).unwrap_or(&[]).iter();
            let in_line = |secret: &Span| {
                let start = secret.start.max(span.start);
                start - span.start..secret.end.min(span.end) - span.start
            };
            let (named, likely): (Vec<_>, Vec<_>) =
                mask::masks(&file.source, number).into_iter().partition(|mask| mask.is_named);
            let secrets = merged(secrets.map(in_line).collect());
            let named = merged(named.into_iter().map(|mask| mask.range).collect());
            let likely = merged(likely.into_iter().map(|mask| mask.range).collect());
            let all = merged([&*secrets, &*named, &*likely].concat());
            Rc::new(LineMasks { secrets, named, likely, all })
        });
        Rc::clone(masks)
    }
}

/// Returns what to hide in the windows of a line, sorted and not overlapping. A label shows what it
/// points at, unless that is known to be secret, or the file calls it secret and it is not the name
/// of an API version.
fn hidden(
    line: &str,
    masks: &LineMasks,
    labels: &[Range<usize>],
    windows: &[Range<usize>],
) -> Vec<Range<usize>> {
    let is_group = |label: &&Range<usize>| line.get((*label).clone()).is_some_and(names_api_group);
    let groups: Vec<_> = labels.iter().filter(is_group).cloned().collect();
    let lists: [(_, &[Range<usize>]); 3] =
        [(&masks.secrets, &[]), (&masks.named, &groups), (&masks.likely, labels)];
    let mut ranges = Vec::new();
    for (list, holes) in lists {
        for range in windows.iter().flat_map(|window| overlapping(list, window)) {
            ranges.extend(holes.iter().fold(vec![range.clone()], |rest, hole| {
                rest.iter().flat_map(|range| without(range, hole)).collect()
            }));
        }
    }
    merged(ranges)
}

/// Returns the ranges that overlap the window, from a sorted list of ranges that do not overlap.
fn overlapping<'a>(list: &'a [Range<usize>], window: &Range<usize>) -> &'a [Range<usize>] {
    let start = list.partition_point(|range| range.end <= window.start);
    let end = list.partition_point(|range| range.start < window.end);
    list.get(start..end).unwrap_or_default()
}

/// Merges ranges: returns the same bytes as sorted ranges that do not overlap.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Whether the text names an exec API version or the group, which is never a secret.
fn names_api_group(text: &str) -> bool {
    let in_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'-' | b'_');
    text.len() < 80 && text.contains("authentication.k8s.io") && text.bytes().all(in_name)
}

fn without(range: &Range<usize>, hole: &Range<usize>) -> [Range<usize>; 2] {
    let before = range.start..range.end.min(hole.start.max(range.start));
    let after = range.start.max(hole.end.min(range.end))..range.end;
    if hole.start >= range.end || hole.end <= range.start {
        [range.clone(), range.end..range.end]
    } else {
        [before, after]
    }
}

impl Excerpt<'_> {
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
        Ok(self.name)
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
