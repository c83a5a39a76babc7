//! Maps the bytes of a scalar's value back to the input.

use super::text::{Sink, send};
use super::{ScalarStyle, Span};

/// A piece of a scalar's value, and its origin in the input. A value may have one for every few
/// bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Bytes of the value.
    pub inner: Span,
    /// Bytes of the input.
    pub outer: Span,
    /// Whether the bytes are the same. Otherwise, those of the value stand for an escape, a folded
    /// line break, a doubled quote, or a line break other than LF.
    pub is_verbatim: bool,
}

/// Returns the pieces of the value of the scalar at `span` in order, without gaps in the value.
/// Input that leaves no trace in the value (quotes, indentation, escaped line breaks) is in no
/// piece. Empty for an empty value.
///
/// `input` must be the text that the scalar was read from; `indent` is the indentation of the lines
/// of a block scalar.
///
/// ```
/// use goyaml::{EventKind, Parser, segments};
///
/// let text = r#""a\tb""#;
/// let scalar = Parser::new(text).nth(1).unwrap()?;
/// let EventKind::Scalar { style, .. } = scalar.kind else { unreachable!() };
/// let tab = segments(text, scalar.span, style, 0)[1];
/// assert_eq!((tab.inner.range(), tab.outer.range(), tab.is_verbatim), (1..2, 2..4, false));
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
            Some(Segment { inner, outer, is_verbatim: true }) if outer.end() == span.start() => {
                *inner = Span::new(inner.start(), end);
                *outer = Span::new(outer.start(), span.end());
            }
            _ => {
                let inner = Span::new(self.inner, end);
                self.segments.push(Segment { inner, outer: span, is_verbatim: true });
            }
        }
        self.inner = end;
    }

    fn put(&mut self, text: &str, outer: Span) {
        let inner = Span::new(self.inner, self.inner + text.len());
        self.inner = inner.end();
        self.segments.push(Segment { inner, outer, is_verbatim: false });
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
        let shown = |Segment { inner, outer, .. }: &Segment| {
            (value[inner.range()].to_owned(), &text[outer.range()])
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
