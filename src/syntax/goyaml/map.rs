//! Where the bytes of a scalar's value come from.

use std::ops::Range;

use super::text::{Sink, send};
use super::{Event, EventKind, ScalarStyle, Span};

/// A piece of a scalar's value and the input it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The bytes `inner` of the value stand in the input from `outer_start` on.
    Verbatim {
        /// Bytes of the value.
        inner: Range<usize>,
        /// Byte of the input where the first of them stands.
        outer_start: usize,
    },
    /// The bytes `inner` of the value stand for the bytes `outer` of the input: an escape, a folded line break, a
    /// doubled quote, or a line break other than LF.
    Replaced {
        /// Bytes of the value.
        inner: Range<usize>,
        /// Bytes of the input.
        outer: Range<usize>,
    },
}

/// The pieces of a scalar's value in order, without gap in the value. Input that leaves no trace in the value (quotes,
/// indentation, escaped line breaks) is in no piece. Empty for an empty value and for other events.
///
/// `input` must be the text that `event` was read from.
pub fn scalar_map(input: &str, event: &Event<'_>) -> Vec<Segment> {
    let EventKind::Scalar { style, block, .. } = &event.kind else {
        return Vec::new();
    };
    segments(input, event.span, *style, block.map_or(0, |block| block.indent))
}

/// The same for the scalar that stands at `span`; `indent` is that of the lines of a block scalar.
pub fn segments(input: &str, span: Span, style: ScalarStyle, indent: usize) -> Vec<Segment> {
    // An absent value has an empty span; of a quoted one it holds two quotes at least.
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
    /// Bytes of the value so far.
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
