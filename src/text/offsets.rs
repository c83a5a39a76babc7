//! Maps spans of an embedded text back to the text that contains it.
//!
//! A text in a block scalar, a quoted string, a heredoc or a fence is parsed on its own.
//! [`OffsetMap`] records, piece by piece, which bytes of the outer text the inner bytes come from,
//! so that every inner span becomes an outer span. For nested texts, apply one map after the other.

use goyaml::Segment;

use super::source::Span;

/// Returns the outer byte at which a span that starts at inner byte `at` starts.
fn start_of(piece: &Segment, at: usize) -> usize {
    let into = if piece.is_verbatim { at - piece.inner.start() } else { 0 };
    piece.outer.start() + into
}

/// Returns the outer byte at which a span that ends at inner byte `at` ends.
fn end_of(piece: &Segment, at: usize) -> usize {
    let short_of = if piece.is_verbatim { piece.inner.end() - at } else { 0 };
    piece.outer.end() - short_of
}

/// Maps bytes of an inner text to bytes of the outer one. Both count from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OffsetMap {
    /// In order, without gaps in the inner text.
    pieces: Vec<Segment>,
    length: usize,
}

impl OffsetMap {
    /// Returns the map of a part of the outer text that is read verbatim.
    pub fn verbatim(outer: Span) -> Self {
        let mut map = Self::default();
        map.keep(outer);
        map
    }

    /// Returns the map of a text of `length` bytes that stands for the outer span as a whole.
    pub fn whole(length: usize, outer: Span) -> Self {
        let mut map = Self::default();
        map.replace(length, outer);
        map
    }

    /// Returns the mapped length of the inner text, in bytes.
    pub fn len(&self) -> usize {
        self.length
    }

    /// Returns whether no byte is mapped.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Maps the next bytes of the inner text verbatim to an outer span.
    pub fn keep(&mut self, outer: Span) {
        if outer.is_empty() {
            return;
        }
        let end = self.length + outer.len();
        match self.pieces.last_mut() {
            Some(last) if last.is_verbatim && last.outer.end() == outer.start() => {
                last.inner = Span::new(last.inner.start(), end);
                last.outer = Span::new(last.outer.start(), outer.end());
            }
            _ => {
                let inner = Span::new(self.length, end);
                self.pieces.push(Segment { inner, outer, is_verbatim: true });
            }
        }
        self.length = end;
    }

    /// Maps the next `length` bytes of the inner text to the outer span as a whole.
    pub fn replace(&mut self, length: usize, outer: Span) {
        if length == 0 {
            return;
        }
        let end = self.length + length;
        let inner = Span::new(self.length, end);
        self.pieces.push(Segment { inner, outer, is_verbatim: false });
        self.length = end;
    }

    /// Returns the outer span of an inner one. An empty span stays empty; offsets past the end of
    /// the inner text count as its end.
    pub fn outer(&self, span: Span) -> Span {
        let start = self.start(span.start());
        let end = match span.end().checked_sub(1).filter(|_| !span.is_empty()) {
            Some(last) => match self.piece(last) {
                Some(piece) => end_of(piece, span.end()),
                None => self.end(),
            },
            None => start,
        };
        Span::new(start, end)
    }

    /// Returns the outer span of an inner one if the two cover exactly the same content. A span
    /// that starts or ends inside an escape has no exact counterpart.
    pub fn exact(&self, span: Span) -> Option<Span> {
        let is_boundary = |at: usize| match self.piece(at) {
            Some(piece) => piece.is_verbatim || piece.inner.start() == at,
            None => at == self.length,
        };
        (is_boundary(span.start()) && is_boundary(span.end())).then(|| self.outer(span))
    }

    /// Returns the inner text with every verbatim piece taken from `outer`.
    pub fn restored(&self, inner: &str, outer: &str) -> String {
        let mut text = String::with_capacity(inner.len());
        for piece in &self.pieces {
            let verbatim = outer.get(piece.outer.range()).filter(|_| piece.is_verbatim);
            let own = || inner.get(piece.inner.range()).unwrap_or("");
            text.push_str(verbatim.unwrap_or_else(own));
        }
        text
    }

    fn start(&self, at: usize) -> usize {
        self.piece(at).map_or_else(|| self.end(), |piece| start_of(piece, at))
    }

    fn end(&self) -> usize {
        self.pieces.last().map_or(0, |piece| piece.outer.end())
    }

    /// Returns the piece that contains the inner byte `at`.
    fn piece(&self, at: usize) -> Option<&Segment> {
        let index = self.pieces.partition_point(|piece| piece.inner.end() <= at);
        self.pieces.get(index)
    }
}

impl From<Vec<Segment>> for OffsetMap {
    fn from(pieces: Vec<Segment>) -> Self {
        let length = pieces.last().map_or(0, |piece| piece.inner.end());
        Self { pieces, length }
    }
}

/// A text and its map, built piece by piece.
#[derive(Debug, Clone, Default)]
pub struct Mapped {
    /// The inner text.
    pub text: String,
    /// Where its bytes come from.
    pub map: OffsetMap,
}

impl Mapped {
    /// Appends the part of the outer text at `span`.
    pub fn keep(&mut self, outer: &str, span: Span) {
        let text = outer.get(span.range()).unwrap_or("");
        self.text.push_str(text);
        self.map.keep(Span::new(span.start(), span.start() + text.len()));
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
    fn offset_map_leads_spans_back_through_pieces() {
        // Outer: `ab\ncd`, where `\n` is an escape of two bytes.
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
    fn offset_map_of_a_whole_yields_the_whole() {
        let map = OffsetMap::whole(3, Span::new(10, 14));
        assert_eq!(map.outer(Span::new(1, 2)).range(), 10..14);
        assert_eq!(OffsetMap::default().outer(Span::new(0, 4)).range(), 0..0);
        assert_eq!((map.is_empty(), OffsetMap::default().is_empty()), (false, true));
    }

    proptest::proptest! {
        /// Verbatim pieces read the same inside and outside, at any offset.
        #[test]
        fn offset_map_keeps_verbatim_bytes_equal(parts in proptest::collection::vec((0_usize..4, 0_usize..6, proptest::bool::ANY), 0..8)) {
            let outer: String = ('a'..='z').cycle().take(100).collect();
            let (mut inner, mut at) = (Mapped::default(), 0);
            for (skip, length, kept) in parts {
                let span = Span::new(at + skip, at + skip + length);
                match kept {
                    true => inner.keep(&outer, span),
                    false => inner.replace("\n", span),
                }
                at = span.end();
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
