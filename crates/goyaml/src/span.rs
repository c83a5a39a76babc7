//! Byte ranges.

use std::ops::Range;

/// A range of bytes in a text: 0-based, end exclusive.
///
/// ```
/// use goyaml::Span;
///
/// let text = "kind: Config";
/// let value = Span::new(6, 12);
/// assert_eq!(&text[value.range()], "Config");
/// assert!(Span::new(0, 12).contains(value));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// Returns the span from `start` to `end`; an inverted pair becomes the empty span at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// Returns the empty span at `offset`.
    pub fn at(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// Returns the length in bytes.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Returns whether the span is empty.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Returns whether `other` lies within this span or equals it.
    pub fn contains(&self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns whether the spans have a byte in common.
    pub fn overlaps(&self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Returns the span as a range, for slicing.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}
