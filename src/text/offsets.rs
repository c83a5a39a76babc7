//! The way back from an embedded text to the text that holds it.
//!
//! A text in a block scalar, a quoted string, a heredoc or a fence is read as a text of its own.
//! [`OffsetMap`] knows, piece by piece, which bytes of the outer text its bytes come from, so
//! that every span found inside becomes a span outside; through several layers one map after the
//! other is applied.

use std::ops::Range;

use super::source::Span;

/// A piece of an inner text and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    /// The bytes stand in the outer text as they are, from this byte on.
    Verbatim { inner: Range<usize>, outer: usize },
    /// The bytes stand for those of the outer text as a whole: an escape, a folded line break,
    /// base64.
    Replaced { inner: Range<usize>, outer: Range<usize> },
}

impl Piece {
    fn inner(&self) -> &Range<usize> {
        match self {
            Self::Verbatim { inner, .. } | Self::Replaced { inner, .. } => inner,
        }
    }

    /// The outer byte at which what stands at inner byte `at` begins.
    fn start(&self, at: usize) -> usize {
        match self {
            Self::Verbatim { inner, outer } => outer + (at - inner.start),
            Self::Replaced { outer, .. } => outer.start,
        }
    }

    /// The outer byte at which what ends at inner byte `at` ends.
    fn end(&self, at: usize) -> usize {
        match self {
            Self::Verbatim { inner, outer } => outer + (at - inner.start),
            Self::Replaced { outer, .. } => outer.end,
        }
    }
}

/// From bytes of an inner text to bytes of the outer one. Both count from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffsetMap {
    /// In order, without a gap in the inner text.
    pieces: Vec<Piece>,
    length: usize,
}

impl OffsetMap {
    /// The map of a part of the outer text that is read as it stands.
    pub fn verbatim(outer: Span) -> Self {
        let mut map = Self::default();
        map.keep(outer);
        map
    }

    /// The map of a text of `length` bytes for all of which the outer span stands.
    pub fn whole(length: usize, outer: Span) -> Self {
        let mut map = Self::default();
        map.replace(length, outer);
        map
    }

    /// How many bytes of the inner text are mapped.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// The next bytes of the inner text stand in the outer one as they are.
    pub fn keep(&mut self, outer: Span) {
        if outer.is_empty() {
            return;
        }
        let end = self.length + outer.len();
        match self.pieces.last_mut() {
            Some(Piece::Verbatim { inner, outer: start })
                if *start + inner.len() == outer.start =>
            {
                inner.end = end;
            }
            _ => {
                self.pieces.push(Piece::Verbatim { inner: self.length..end, outer: outer.start });
            }
        }
        self.length = end;
    }

    /// The next `length` bytes of the inner text stand for the outer span.
    pub fn replace(&mut self, length: usize, outer: Span) {
        if length == 0 {
            return;
        }
        let end = self.length + length;
        self.pieces.push(Piece::Replaced { inner: self.length..end, outer: outer.range() });
        self.length = end;
    }

    /// The outer span of what stands at an inner one. An empty span stays empty; what lies behind
    /// the end of the inner text counts as its end.
    pub fn outer(&self, span: Span) -> Span {
        let start = self.start(span.start);
        let end = match span.end.checked_sub(1).filter(|_| !span.is_empty()) {
            Some(last) => match self.piece(last) {
                Some(piece) => piece.end(span.end),
                None => self.end(),
            },
            None => start,
        };
        Span::new(start, end)
    }

    /// The outer span of an inner one, if all of it, and nothing else, stands there: the end of
    /// an escape does not.
    pub fn exact(&self, span: Span) -> Option<Span> {
        let is_sound = |at: usize| match self.piece(at) {
            Some(Piece::Replaced { inner, .. }) => inner.start == at,
            Some(Piece::Verbatim { .. }) => true,
            None => at == self.length,
        };
        (is_sound(span.start) && is_sound(span.end)).then(|| self.outer(span))
    }

    /// The inner text with all that stands verbatim in the outer one as `outer` has it.
    pub fn restored(&self, inner: &str, outer: &str) -> String {
        let mut text = String::with_capacity(inner.len());
        for piece in &self.pieces {
            let own = || inner.get(piece.inner().clone()).unwrap_or("");
            text.push_str(match piece {
                Piece::Verbatim { inner, outer: at } => {
                    outer.get(*at..at + inner.len()).unwrap_or_else(own)
                }
                Piece::Replaced { .. } => own(),
            });
        }
        text
    }

    fn start(&self, at: usize) -> usize {
        self.piece(at).map_or_else(|| self.end(), |piece| piece.start(at))
    }

    fn end(&self) -> usize {
        self.pieces.last().map_or(0, |piece| piece.end(piece.inner().end))
    }

    /// The piece that holds the inner byte.
    fn piece(&self, at: usize) -> Option<&Piece> {
        let index = self.pieces.partition_point(|piece| piece.inner().end <= at);
        self.pieces.get(index)
    }
}

/// A text and its map, put together piece by piece.
#[derive(Debug, Clone, Default)]
pub struct Mapped {
    /// The inner text.
    pub text: String,
    /// Where its bytes come from.
    pub map: OffsetMap,
}

impl Mapped {
    /// Appends what stands at `span` of the outer text.
    pub fn keep(&mut self, outer: &str, span: Span) {
        let text = outer.get(span.range()).unwrap_or("");
        self.text.push_str(text);
        self.map.keep(Span::new(span.start, span.start + text.len()));
    }

    /// Appends `text`, which stands for the outer span.
    pub fn replace(&mut self, text: &str, outer: Span) {
        self.text.push_str(text);
        self.map.replace(text.len(), outer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_lead_back_through_pieces() {
        // Outer: `ab\ncd`, in which `\n` is an escape of two bytes.
        let outer = "ab\\ncd";
        let mut inner = Mapped::default();
        inner.keep(outer, Span::new(0, 2));
        inner.replace("\n", Span::new(2, 4));
        inner.keep(outer, Span::new(4, 6));
        let at = |start, end| inner.map.outer(Span::new(start, end)).range();
        assert_eq!(inner.text, "ab\ncd");
        assert_eq!(at(0, 2), 0..2);
        assert_eq!(at(1, 4), 1..5);
        assert_eq!(at(2, 3), 2..4);
        assert_eq!(at(3, 5), 4..6);
        assert_eq!(at(3, 3), 4..4);
        assert_eq!(at(5, 5), 6..6);
        assert_eq!(at(9, 12), 6..6);
        let exact = |start, end| inner.map.exact(Span::new(start, end)).map(|span| span.range());
        assert_eq!(exact(1, 4), Some(1..5));
        assert_eq!(exact(5, 5), Some(6..6));
        assert_eq!(exact(5, 6), None);
        assert_eq!(OffsetMap::whole(3, Span::new(1, 5)).exact(Span::new(1, 2)), None);
    }

    #[test]
    fn what_stands_for_a_whole_is_the_whole() {
        let map = OffsetMap::whole(3, Span::new(10, 14));
        assert_eq!(map.outer(Span::new(1, 2)).range(), 10..14);
        assert_eq!(OffsetMap::default().outer(Span::new(0, 4)).range(), 0..0);
    }

    proptest::proptest! {
        /// What is kept reads the same inside and outside, wherever it lies.
        #[test]
        fn kept_bytes_agree(parts in proptest::collection::vec((0_usize..4, 0_usize..6, proptest::bool::ANY), 0..8)) {
            let outer: String = ('a'..='z').cycle().take(100).collect();
            let (mut inner, mut at) = (Mapped::default(), 0);
            for (skip, length, kept) in parts {
                let span = Span::new(at + skip, at + skip + length);
                match kept {
                    true => inner.keep(&outer, span),
                    false => inner.replace("\n", span),
                }
                at = span.end;
            }
            for start in 0..inner.text.len() {
                let span = Span::new(start, start + 1);
                let found = inner.map.outer(span);
                if inner.text[span.range()] != *"\n" {
                    proptest::prop_assert_eq!(&inner.text[span.range()], &outer[found.range()]);
                }
            }
        }
    }
}
