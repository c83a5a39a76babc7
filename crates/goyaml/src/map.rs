//! Maps the bytes of a scalar's value back to the input.

use std::ops::Range;

use super::text::{Sink, send};
use super::{ScalarStyle, Span};

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

/// Returns the pieces of the value of the scalar at `span` in order, without gaps in the value.
/// Input that leaves no trace in the value (quotes, indentation, escaped line breaks) is in no
/// piece. Empty for an empty value.
///
/// `input` must be the text that the scalar was read from; `indent` is the indentation of the lines
/// of a block scalar.
///
/// ```
/// use goyaml::{EventKind, Parser, Segment, segments};
///
/// let text = r#""a\tb""#;
/// let scalar = Parser::new(text).nth(1).unwrap()?;
/// let EventKind::Scalar { style, .. } = scalar.kind else { unreachable!() };
/// let tab = Segment::Replaced { inner: 1..2, outer: 2..4 };
/// assert_eq!(segments(text, scalar.span, style, 0)[1], tab);
/// # Ok::<(), goyaml::Error>(())
/// ```
pub fn segments(input: &str, span: Span, style: ScalarStyle, indent: usize) -> Vec<Segment> {
    // An absent value has an empty span; a quoted one has at least two quotes.
    if span.is_empty() {
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
        let end = self.inner + span.len();
        match self.segments.last_mut() {
            Some(Segment::Verbatim { inner, outer_start })
                if *outer_start + inner.len() == span.start() =>
            {
                inner.end = end;
            }
            _ => self
                .segments
                .push(Segment::Verbatim { inner: self.inner..end, outer_start: span.start() }),
        }
        self.inner = end;
    }

    fn put(&mut self, text: &str, outer: Span) {
        let inner = self.inner..self.inner + text.len();
        self.inner = inner.end;
        self.segments.push(Segment::Replaced { inner, outer: outer.range() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, EventKind, Parser};

    /// Returns the pieces of the first scalar: bytes of the value, and what the input has for them.
    fn pieces(text: &str) -> Vec<(String, &str)> {
        let is_scalar = |event: &Event<'_>| matches!(event.kind, EventKind::Scalar { .. });
        let event = Parser::new(text).map(Result::unwrap).find(is_scalar).unwrap();
        let EventKind::Scalar { value, style, block, .. } = &event.kind else { unreachable!() };
        let shown = |segment: &Segment| match segment {
            Segment::Verbatim { inner, outer_start } => {
                (value[inner.clone()].to_owned(), &text[*outer_start..outer_start + inner.len()])
            }
            Segment::Replaced { inner, outer } => {
                (value[inner.clone()].to_owned(), &text[outer.clone()])
            }
        };
        let indent = block.map_or(0, |block| block.indent);
        segments(text, event.span, *style, indent).iter().map(shown).collect()
    }

    #[test]
    fn segments_map_escapes_folds_and_indentation() {
        let table: [(&str, &[(&str, &str)]); 8] = [
            ("abc", &[("abc", "abc")]),
            ("'it''s'", &[("it", "it"), ("'", "''"), ("s", "s")]),
            ("\"a\\u0041b\"", &[("a", "a"), ("A", "\\u0041"), ("b", "b")]),
            ("a\n  b", &[("a", "a"), (" ", "\n  "), ("b", "b")]),
            ("\"a \\\n  b\"", &[("a ", "a "), ("b", "b")]),
            ("|\n  a\n  b\n", &[("a\n", "a\n"), ("b\n", "b\n")]),
            (">\r\n  a\r\n  b\r\n", &[("a", "a"), (" ", "\r\n  "), ("b", "b"), ("\n", "\r\n")]),
            ("''", &[]),
        ];
        for (text, wanted) in table {
            let wanted: Vec<_> = wanted.iter().map(|(a, b)| ((*a).to_owned(), *b)).collect();
            assert_eq!(pieces(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn segments_of_an_absent_value_are_empty() {
        assert_eq!(segments("a:", Span::new(2, 2), ScalarStyle::Plain, 0), []);
    }
}
