//! The display copy: of the lines that have labels, what a report may show.
//!
//! Secrets become `***`, invisible characters are spelt out, tabs become blanks, and long lines
//! are cut around their labels. Lines without a label are never shown.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::rc::Rc;

use codespan_reporting::files::{Error, Files};
use unicode_width::UnicodeWidthChar;

use super::mask::{self, Mask};
use super::{FileReport, escape};
use crate::source::Span;

#[cfg(test)]
mod tests;

/// Stands for a secret, whatever its length.
const MASK: &str = "***";
/// Stands for what is cut out.
const CUT: &str = "…";
const TAB: usize = 4;
/// However narrow the terminal is, so much of a line is shown.
const LEAST: usize = 24;
/// How many bytes are looked at for each column to fill: masks take more than they give.
const REACH: usize = 8;

/// The lines of one file, made presentable on demand.
pub(super) struct Views<'a> {
    file: &'a FileReport,
    name: String,
    /// By line: its secrets, known and guessed. A one-line file may have a thousand findings.
    masks: HashMap<usize, Rc<LineMasks>>,
}

/// What is to be hidden of a line, in bytes of the line.
struct LineMasks {
    secrets: Vec<Range<usize>>,
    guesses: Vec<Mask>,
}

/// The display copy of the lines that a few labels stand on.
pub(super) struct View<'a> {
    name: &'a str,
    text: String,
    lines: Vec<Line>,
    /// True columns by the place in `text`, where they are known.
    columns: Vec<(usize, usize)>,
}

struct Line {
    number: usize,
    /// Counts like the number, but leaves at least two free between lines that are apart: then
    /// codespan asks for no line in between.
    index: usize,
    range: Range<usize>,
}

/// What is shown for one or more characters of a line, and never cut through.
struct Cell {
    source: Range<usize>,
    text: String,
    width: usize,
}

impl<'a> Views<'a> {
    pub(super) fn new(file: &'a FileReport) -> Self {
        Self { file, name: escape::visible(&file.path), masks: HashMap::new() }
    }

    /// The view of the lines on which `labels` begin, fit for a terminal of `width` columns, and
    /// where each label stands in it.
    pub(super) fn view(&mut self, labels: &[Span], width: usize) -> (View<'_>, Vec<Range<usize>>) {
        let source = &self.file.source;
        let mut by_line: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (i, label) in labels.iter().enumerate() {
            by_line.entry(source.position(label.start).line).or_default().push(i);
        }
        let digits = by_line.keys().next_back().map_or(1, |line| line.ilog10() as usize + 1);
        // The number, a blank, the border, a blank.
        let budget = width.saturating_sub(digits + 3).max(LEAST);

        let mut places = vec![0..0; labels.len()];
        let mut columns = Vec::new();
        let mut text = String::new();
        let mut lines: Vec<Line> = Vec::new();
        for (number, members) in by_line {
            let span = source.line_span(number).unwrap_or(Span::at(0));
            let in_line = |label: Span| {
                // What goes on below is shown on its first line.
                let start = label.start.clamp(span.start, span.end) - span.start;
                let end = label.end.clamp(span.start, span.end) - span.start;
                start..end.max(start)
            };
            let ranges: Vec<_> =
                members.iter().filter_map(|&i| labels.get(i)).map(|&l| in_line(l)).collect();
            let masks = self.masks_of(number, span);
            let line = source.slice(span);
            let start = text.len();
            let shown = show(
                line,
                &ranges,
                &hidden(line, &masks, &ranges, budget.saturating_mul(REACH)),
                budget,
                &mut text,
            );
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
        (View { name: &self.name, text, lines, columns }, places)
    }

    fn masks_of(&mut self, number: usize, span: Span) -> Rc<LineMasks> {
        let file = self.file;
        let masks = self.masks.entry(number).or_insert_with(|| {
            let in_line = |secret: &Span| {
                let start = secret.start.max(span.start);
                let end = secret.end.min(span.end);
                (start < end).then(|| start - span.start..end - span.start)
            };
            Rc::new(LineMasks {
                secrets: file.secrets.iter().filter_map(in_line).collect(),
                guesses: mask::masks(&file.source, number),
            })
        });
        Rc::clone(masks)
    }
}

/// What to hide of a line around its labels, sorted and apart from each other. A label shows
/// what it points at, unless that is known to be secret, or is said to be and is not the name of
/// an API version.
fn hidden(
    line: &str,
    masks: &LineMasks,
    labels: &[Range<usize>],
    reach: usize,
) -> Vec<Range<usize>> {
    let is_near = |range: &&Range<usize>| {
        labels.iter().any(|label| {
            range.end.saturating_add(reach) >= label.start
                && range.start <= label.end.saturating_add(reach)
        })
    };
    let is_group = |label: &&Range<usize>| line.get((*label).clone()).is_some_and(names_api_group);
    let groups: Vec<_> = labels.iter().filter(is_group).collect();
    let mut ranges: Vec<_> = masks.secrets.iter().filter(is_near).cloned().collect();
    for mask in masks.guesses.iter().filter(|mask| is_near(&&mask.range)) {
        let holes = if mask.is_named { groups.clone() } else { labels.iter().collect() };
        let rest = holes.into_iter().fold(vec![mask.range.clone()], |rest, hole| {
            rest.iter().flat_map(|range| without(range, hole)).collect()
        });
        ranges.extend(rest);
    }
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges.into_iter().filter(|range| !range.is_empty()) {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// Whether it is the name of an exec API version, or of the group: never a secret.
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

/// Appends what is shown of `line` to `out`, no more than `budget` columns if the labels leave
/// it so, and says where in `out` the labels stand.
fn show(
    line: &str,
    labels: &[Range<usize>],
    hidden: &[Range<usize>],
    budget: usize,
    out: &mut String,
) -> Vec<Range<usize>> {
    let cells = cells(line, labels, hidden, budget.saturating_mul(REACH));
    let in_cells = |label: &Range<usize>| {
        let start = cells.partition_point(|cell| cell.source.end <= label.start);
        let end = cells.partition_point(|cell| cell.source.start < label.end);
        start..end.max(start)
    };
    let labels: Vec<_> = labels.iter().map(in_cells).collect();
    // Where each cell, and the end of the line, stands in `out`.
    let mut starts = Vec::with_capacity(cells.len() + 1);
    let mut ends = Vec::with_capacity(cells.len());
    let kept = kept(&cells, &labels, budget);
    let mut kept = kept.into_iter().peekable();
    let mut is_cut = false;
    for (i, cell) in cells.iter().enumerate() {
        while kept.next_if(|range| range.end <= i).is_some() {}
        let is_kept = kept.peek().is_some_and(|range| range.contains(&i));
        let mut start = out.len();
        if is_kept {
            out.push_str(&cell.text);
        } else if is_cut {
            start = out.len() - CUT.len();
        } else {
            out.push_str(CUT);
        }
        is_cut = !is_kept;
        starts.push(start);
        ends.push(out.len());
    }
    starts.push(out.len());
    let place = |label: Range<usize>| {
        let start = starts.get(label.start).copied().unwrap_or(out.len());
        let end = label.end.checked_sub(1).filter(|&last| last >= label.start);
        start..end.and_then(|last| ends.get(last).copied()).unwrap_or(start)
    };
    labels.into_iter().map(place).collect()
}

/// The cells of the line, as far as they are in reach of a label's ends: one for all of a secret,
/// and one for all that is out of reach.
fn cells(line: &str, labels: &[Range<usize>], hidden: &[Range<usize>], reach: usize) -> Vec<Cell> {
    let mut ends: Vec<usize> = labels.iter().flat_map(|label| [label.start, label.end]).collect();
    ends.sort_unstable();
    let mut ends = ends.into_iter().peekable();
    let mut hidden = hidden.iter().peekable();
    let mut cells: Vec<Cell> = Vec::new();
    let (mut at, mut column) = (0, 0);
    // The two characters before, for commands of GitHub's runner.
    let mut before = [' '; 2];
    while let Some(c) = line.get(at..).and_then(|rest| rest.chars().next()) {
        while ends.next_if(|end| end + reach < at).is_some() {}
        while hidden.next_if(|range| range.end <= at).is_some() {}
        let reached = ends.peek().map_or(line.len(), |end| end.saturating_sub(reach));
        let masked = hidden.peek().filter(|range| range.start <= at).map(|range| range.end);
        let plain_end = at + c.len_utf8();
        let mut text = String::new();
        let (end, width) = if reached > at {
            text.push_str(CUT);
            (boundary_from(line, reached), 1)
        } else if let Some(end) = masked {
            text.push_str(MASK);
            (boundary_from(line, end), MASK.len())
        } else if c == '\t' {
            let width = TAB - column % TAB;
            text.extend(std::iter::repeat_n(' ', width));
            (plain_end, width)
        } else if escape::is_invisible(c) || (c == '[' && before == ['#'; 2]) {
            escape::push_picture(&mut text, c);
            (plain_end, text.chars().count())
        } else {
            text.push(c);
            (plain_end, c.width().unwrap_or(0))
        };
        match cells.last_mut() {
            // A combining mark stays with its base.
            Some(last) if width == 0 => {
                last.source.end = end;
                last.text.push_str(&text);
            }
            _ => cells.push(Cell { source: at..end, text, width }),
        }
        before = [before[1], if end == plain_end { c } else { ' ' }];
        column += width;
        at = end;
    }
    cells
}

/// The first character boundary not before `at`.
fn boundary_from(line: &str, at: usize) -> usize {
    (at..line.len()).find(|&at| line.is_char_boundary(at)).unwrap_or(line.len())
}

/// Which cells to show: all if they fit, else the labels with as much around each as fits.
fn kept(cells: &[Cell], labels: &[Range<usize>], budget: usize) -> Vec<Range<usize>> {
    let mut sums = Vec::with_capacity(cells.len() + 1);
    let mut sum = 0;
    sums.push(sum);
    sums.extend(cells.iter().map(|cell| {
        sum += cell.width;
        sum
    }));
    let everything = std::iter::once(0..cells.len());
    if sum <= budget {
        return everything.collect();
    }
    let width = |range: &Range<usize>| {
        let at = |i: usize| sums.get(i).copied().unwrap_or(sum);
        at(range.end).saturating_sub(at(range.start))
    };
    // `by` columns more on both sides, as far as there are any.
    let widen = |range: &Range<usize>, by: usize| {
        let start = sums.get(range.start).copied().unwrap_or(sum).saturating_sub(by);
        let end = sums.get(range.end).copied().unwrap_or(sum).saturating_add(by);
        let first = sums.partition_point(|&s| s < start).min(range.start);
        let last = sums.partition_point(|&s| s <= end).saturating_sub(1).max(range.end);
        first..last.min(cells.len())
    };
    let most = (budget * 3 / 4 / labels.len().max(1)).max(8);
    let mut anchors = Vec::new();
    for label in labels {
        let end = label.end.max(label.start + 1).min(cells.len());
        let label = label.start.min(end.saturating_sub(1))..end;
        if width(&label) <= most {
            anchors.push(label);
        } else {
            // Too long to be shown: its head and its tail.
            let head = widen(&(label.start..label.start), most / 2);
            let tail = widen(&(label.end..label.end), most / 2);
            anchors.push(label.start..head.end.max(label.start + 1));
            anchors.push(tail.start.min(label.end.saturating_sub(1))..label.end);
        }
    }
    anchors.sort_by_key(|anchor| anchor.start);
    let widened = |by: usize| {
        let mut ranges: Vec<Range<usize>> = Vec::with_capacity(anchors.len());
        for range in anchors.iter().map(|anchor| widen(anchor, by)) {
            match ranges.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        ranges
    };
    let cost = |ranges: &[Range<usize>]| {
        let inner = ranges.len().saturating_sub(1);
        let first = usize::from(ranges.first().is_some_and(|range| range.start > 0));
        let last = usize::from(ranges.last().is_some_and(|range| range.end < cells.len()));
        ranges.iter().map(width).sum::<usize>() + inner + first + last
    };
    let widest = (0..=budget).rev().map(widened).find(|ranges| cost(ranges) <= budget);
    widest.unwrap_or_else(|| widened(0))
}

impl View<'_> {
    fn line_at(&self, index: usize) -> Result<&Line, Error> {
        let at = self.lines.binary_search_by_key(&index, |line| line.index);
        let max = self.lines.last().map_or(0, |line| line.index);
        let too_large = Error::LineTooLarge { given: index, max };
        at.ok().and_then(|at| self.lines.get(at)).ok_or(too_large)
    }
}

impl<'a> Files<'a> for View<'_> {
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
