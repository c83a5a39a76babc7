//! Maps the bytes of a scalar's value back to the input.

use std::ops::Range;

use super::text::{Sink, send};
use super::{Event, EventKind, ScalarStyle, Span};

/// A piece of a scalar's value, and its origin in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The bytes `inner` of the value occur verbatim in the input, starting at `outer_start`.
    Verbatim {
        /// Bytes of the value.
        inner: Range<usize>,
        /// The byte of the input at which the first of them is.
        outer_start: usize,
    },
    /// The bytes `inner` of the value stand for the bytes `outer` of the input: an escape, a folded
    /// line break, a doubled quote, or a line break other than LF.
    Replaced {
        /// Bytes of the value.
        inner: Range<usize>,
        /// Bytes of the input.
        outer: Range<usize>,
    },
}

/// Returns the pieces of a scalar's value in order, without gaps in the value. Input that leaves no
/// trace in the value (quotes, indentation, escaped line breaks) is in no piece. Empty for an empty
/// value and for other events.
///
/// `input` must be the text that `event` was read from.
pub fn scalar_map(input: &str, event: &Event<'_>) -> Vec<Segment> {
    let EventKind::Scalar { style, block, .. } = &event.kind else {
        return Vec::new();
    };
    segments(input, event.span, *style, block.map_or(0, |block| block.indent))
}

/// Like [`scalar_map`], for the scalar at `span`; `indent` is the indentation of the lines of a
/// block scalar.
pub fn segments(input: &str, span: Span, style: ScalarStyle, indent: usize) -> Vec<Segment> {
    // An absent value has an empty span; a quoted one has at least two quotes.
    if span.start == span.end {
        return Vec::new();
    }
    let mut sink = MapSink::default();
    send(input, span, style, indent, &mut sink);
    sink.segments
}

#[derive(Default)]
struct MapSink {
    segments: Vec<Segment>,
    /// Number of bytes of the value so far.
    inner: usize,
}

impl Sink for MapSink {
    fn keep(&mut self, span: Span) {
        let end = self.inner + (span.end - span.start);
        match self.segments.last_mut() {
            Some(Segment::Verbatim { inner, outer_start })
                if *outer_start + inner.len() == span.start =>
            {
                inner.end = end;
            }
            _ => self
                .segments
                .push(Segment::Verbatim { inner: self.inner..end, outer_start: span.start }),
        }
        self.inner = end;
    }

    fn put(&mut self, text: &str, outer: Span) {
        let inner = self.inner..self.inner + text.len();
        self.inner = inner.end;
        self.segments.push(Segment::Replaced { inner, outer: outer.start..outer.end });
    }
}
