//! Shows one line: masks its secrets, makes everything visible, and cuts it around its labels.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use crate::secrets::MASK;
use crate::secrets::line::merged;
use crate::text::escape;

/// Replaces what is cut out.
const CUT: &str = "…";
const TAB: usize = 4;

/// What is shown for one or more characters of a line; it is never split.
struct Cell {
    /// In bytes of the line.
    source: Range<usize>,
    /// In bytes of [`Cells::text`].
    text: Range<usize>,
    width: usize,
}

/// A line split into cells.
#[derive(Default)]
struct Cells {
    text: String,
    cells: Vec<Cell>,
}

/// How many columns around the labels are enough to recognize their context.
const MIN_CONTEXT: usize = 12;

/// How many bytes to look at per column to fill.
const BYTES_PER_COLUMN: usize = 3;

/// Returns the parts of the line to look at, sorted and not overlapping: enough on both sides of
/// the labels' ends to fill `budget` columns. A mask counts as what is shown for it.
pub(super) fn windows(
    line: &str,
    labels: &[Range<usize>],
    masks: &[Range<usize>],
    budget: usize,
) -> Vec<Range<usize>> {
    let reach = budget.saturating_mul(BYTES_PER_COLUMN);
    let before = |end: usize| {
        let (mut at, mut left) = (end, reach);
        let masks = masks.get(..masks.partition_point(|mask| mask.start < end));
        for mask in masks.unwrap_or_default().iter().rev() {
            let gap = at.saturating_sub(mask.end);
            if gap >= left {
                break;
            }
            left = (left - gap).saturating_sub(MASK.len());
            at = at.min(mask.start);
        }
        at.saturating_sub(left)
    };
    let after = |end: usize| {
        let (mut at, mut left) = (end, reach);
        let masks = masks.get(masks.partition_point(|mask| mask.end <= end)..);
        for mask in masks.unwrap_or_default() {
            let gap = mask.start.saturating_sub(at);
            if gap >= left {
                break;
            }
            left = (left - gap).saturating_sub(MASK.len());
            at = at.max(mask.end);
        }
        at.saturating_add(left).min(line.len())
    };
    let ends = labels.iter().flat_map(|label| [label.start, label.end]);
    merged(ends.map(|end| before(end)..after(end)).collect())
}

/// Appends what is shown of `line` to `out`, and returns the places of the labels in `out`. Neither
/// the line nor the text of a label, which can be below the label, takes more than `budget` columns,
/// unless the labels need more. `texts` are the widths of the texts. `hidden` must be sorted, must not
/// overlap, and must be inside the windows as a whole.
pub(super) fn show(
    line: &str,
    labels: &[Range<usize>],
    texts: &[usize],
    hidden: &[Range<usize>],
    windows: &[Range<usize>],
    budget: usize,
    out: &mut String,
) -> Vec<Range<usize>> {
    let Cells { text, cells } = Cells::new(line, hidden, windows);
    let in_cells = |label: &Range<usize>| {
        let start = cells.partition_point(|cell| cell.source.end <= label.start);
        let end = cells.partition_point(|cell| cell.source.start < label.end);
        start..end.max(start)
    };
    let labels: Vec<_> = labels.iter().map(in_cells).collect();
    let mut kept = kept(&cells, &labels, texts, budget).into_iter().peekable();
    // The start of each cell, and the end of the line, in `out`.
    let mut places = Vec::with_capacity(cells.len() + 1);
    let mut is_cut = false;
    for (i, cell) in cells.iter().enumerate() {
        while kept.next_if(|range| range.end <= i).is_some() {}
        let is_kept = kept.peek().is_some_and(|range| range.contains(&i));
        let mut start = out.len();
        if is_kept {
            out.push_str(text.get(cell.text.clone()).unwrap_or(""));
        } else if is_cut {
            start = out.len() - CUT.len();
        } else {
            out.push_str(CUT);
        }
        is_cut = !is_kept;
        places.push(start..out.len());
    }
    places.push(out.len()..out.len());
    let place = |label: Range<usize>| {
        let start = places.get(label.start).map_or(out.len(), |place| place.start);
        let last = label.end.checked_sub(1).filter(|&last| last >= label.start);
        let end = last.and_then(|last| places.get(last)).map_or(start, |place| place.end);
        start..end
    };
    labels.into_iter().map(place).collect()
}

impl Cells {
    /// Splits the line into cells: one for each whole secret, and one for each gap between windows.
    fn new(line: &str, hidden: &[Range<usize>], windows: &[Range<usize>]) -> Self {
        let mut windows = windows.iter().peekable();
        let mut hidden = hidden.iter().peekable();
        let mut cells = Self::default();
        let (mut at, mut column) = (0, 0);
        while let Some(c) = line.get(at..).and_then(|rest| rest.chars().next()) {
            while windows.next_if(|window| window.end <= at).is_some() {}
            while hidden.next_if(|range| range.end <= at).is_some() {}
            let reached = windows.peek().map_or(line.len(), |window| window.start);
            let masked = hidden.peek().filter(|range| range.start <= at);
            let plain_end = at + c.len_utf8();
            let start = cells.text.len();
            let (end, width) = if reached > at {
                cells.text.push_str(CUT);
                (boundary_from(line, reached), 1)
            } else if let Some(range) = masked {
                cells.text.push_str(MASK);
                (boundary_from(line, range.end), MASK.len())
            } else if c == '\t' {
                let width = TAB - column % TAB;
                cells.text.extend(std::iter::repeat_n(' ', width));
                (plain_end, width)
            } else if escape::is_invisible(c) || (c == '[' && escape::opens_command(&cells.text)) {
                escape::push_picture(&mut cells.text, c);
                let picture = cells.text.get(start..).unwrap_or("");
                (plain_end, picture.chars().count())
            } else {
                cells.text.push(c);
                (plain_end, c.width().unwrap_or(0))
            };
            cells.push(at..end, start, width);
            column += width;
            at = end;
        }
        cells
    }

    /// Adds a cell whose text begins at `start`.
    fn push(&mut self, source: Range<usize>, start: usize, width: usize) {
        let text = start..self.text.len();
        match self.cells.last_mut() {
            // A combining mark stays with its base.
            Some(last) if width == 0 => {
                last.source.end = source.end;
                last.text.end = text.end;
            }
            _ => self.cells.push(Cell { source, text, width }),
        }
    }
}

/// Returns the first character boundary at or after `at`.
fn boundary_from(line: &str, at: usize) -> usize {
    (at..line.len()).find(|&at| line.is_char_boundary(at)).unwrap_or(line.len())
}

/// Returns the cells to show: all if they fit, else the labels with as much context as fits.
fn kept(
    cells: &[Cell],
    labels: &[Range<usize>],
    texts: &[usize],
    budget: usize,
) -> Vec<Range<usize>> {
    let sums = Sums::new(cells);
    let last = labels.iter().map(|label| label.end).max();
    // The first cell of each label, and the width of what begins there: the text below the label,
    // or the last label with its text behind it.
    let starts = |is_behind: bool| {
        let mut starts: Vec<_> = labels
            .iter()
            .zip(texts)
            .map(|(label, text)| {
                let is_last = is_behind && Some(label.end) == last && *text > 0;
                let before = if is_last { sums.width(label) + 1 } else { 0 };
                (label.start, before + text)
            })
            .collect();
        starts.sort_unstable();
        starts
    };
    let below = starts(false);
    let all: Vec<_> = std::iter::once(0..cells.len()).collect();
    if sums.fits(&all, &below, budget) {
        return all;
    }
    let anchors = anchors(&sums, cells.len(), labels, budget);
    let widened = |by: usize| {
        let mut ranges: Vec<Range<usize>> = Vec::with_capacity(anchors.len());
        for range in anchors.iter().map(|anchor| sums.widen(anchor, by)) {
            match ranges.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => ranges.push(range),
            }
        }
        ranges
    };
    // The width grows with the context, so bisect for the most context that fits.
    let most_context = |starts: &[(usize, usize)]| {
        let (mut least, mut most) = (0, budget);
        while least < most {
            let middle = (least + most).div_ceil(2);
            if sums.fits(&widened(middle), starts, budget) {
                least = middle;
            } else {
                most = middle - 1;
            }
        }
        least
    };
    // Prefer the text behind the label if that leaves enough of the line.
    let context = Some(most_context(&starts(true))).filter(|context| *context >= MIN_CONTEXT);
    widened(context.unwrap_or_else(|| most_context(&below)))
}

/// Returns the cells that must be shown: each label as a whole, or its head and its tail.
fn anchors(sums: &Sums, cells: usize, labels: &[Range<usize>], budget: usize) -> Vec<Range<usize>> {
    let most = (budget * 3 / 4 / labels.len().max(1)).max(8);
    let mut anchors = Vec::with_capacity(labels.len());
    for label in labels {
        // An empty label needs a cell to point at.
        let end = label.end.max(label.start + 1).min(cells);
        let label = label.start.min(end.saturating_sub(1))..end;
        if sums.width(&label) <= most {
            anchors.push(label);
        } else {
            let head = sums.widen(&(label.start..label.start), most / 2);
            let tail = sums.widen(&(label.end..label.end), most / 2);
            anchors.push(label.start..head.end.max(label.start + 1));
            anchors.push(tail.start.min(label.end.saturating_sub(1))..label.end);
        }
    }
    anchors.sort_by_key(|anchor| anchor.start);
    anchors
}

/// The width of the cells before each cell, in columns, and of all cells.
struct Sums(Vec<usize>);

impl Sums {
    fn new(cells: &[Cell]) -> Self {
        let mut sum = 0;
        let widths = cells.iter().map(|cell| cell.width);
        let after = widths.map(|width| {
            sum += width;
            sum
        });
        Self(std::iter::once(0).chain(after).collect())
    }

    fn before(&self, cell: usize) -> usize {
        self.0.get(cell).or(self.0.last()).copied().unwrap_or(0)
    }

    fn width(&self, range: &Range<usize>) -> usize {
        self.before(range.end).saturating_sub(self.before(range.start))
    }

    /// Whether the ranges and the marks for what is cut out between them fit, and the text below
    /// each of `starts`: a cell and a width, sorted.
    fn fits(&self, ranges: &[Range<usize>], starts: &[(usize, usize)], budget: usize) -> bool {
        let mut starts = starts.iter().peekable();
        let mut column = usize::from(ranges.first().is_some_and(|range| range.start > 0));
        for range in ranges {
            while let Some((start, text)) = starts.next_if(|(start, _)| *start < range.end) {
                let at = column + self.width(&(range.start..*start));
                if at + text > budget {
                    return false;
                }
            }
            column += self.width(range) + 1;
        }
        let is_whole = ranges.last().is_some_and(|range| range.end == self.0.len() - 1);
        column - usize::from(is_whole) <= budget
    }

    /// Widens the range by up to `by` columns on each side.
    fn widen(&self, range: &Range<usize>, by: usize) -> Range<usize> {
        let start = self.before(range.start).saturating_sub(by);
        let end = self.before(range.end).saturating_add(by);
        let first = self.0.partition_point(|&sum| sum < start).min(range.start);
        let last = self.0.partition_point(|&sum| sum <= end).saturating_sub(1).max(range.end);
        first..last.min(self.0.len() - 1)
    }
}
