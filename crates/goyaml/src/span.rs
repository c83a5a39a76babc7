//! Byte ranges.

use std::fmt;
use std::num::NonZeroU32;
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
///
/// A text has one for every few bytes, so it takes eight bytes, and so does an `Option<Span>`. Offsets
/// of 4 GiB and more become the last one that fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: u32,
    /// One past the last byte, counted from 1, so that zero stands for no span.
    end: NonZeroU32,
}

impl Span {
    /// Returns the span from `start` to `end`; an inverted pair becomes the empty span at `start`.
    pub fn new(start: usize, end: usize) -> Self {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX).min(u32::MAX - 1);
        let start = offset(start);
        Self { start, end: NonZeroU32::MIN.saturating_add(offset(end).max(start)) }
    }

    /// Returns the empty span at `offset`.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Returns the offset of the first byte.
    pub fn start(&self) -> usize {
        self.start as usize
    }

    /// Returns the offset one past the last byte.
    pub fn end(&self) -> usize {
        self.end.get() as usize - 1
    }

    /// Returns the length in bytes.
    pub fn len(&self) -> usize {
        self.end() - self.start()
    }

    /// Returns whether the span is empty.
    pub fn is_empty(&self) -> bool {
        self.start() == self.end()
    }

    /// Returns whether `other` lies within this span or equals it.
    pub fn contains(&self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns whether the spans have a byte in common.
    pub fn overlaps(&self, other: Span) -> bool {
        self.start() < other.end() && other.start() < self.end()
    }

    /// Returns the span as a range, for slicing.
    pub fn range(&self) -> Range<usize> {
        self.start()..self.end()
    }
}

impl Default for Span {
    fn default() -> Self {
        Self::at(0)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.range().fmt(f)
    }
}
