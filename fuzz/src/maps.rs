//! Offset maps, lines and columns.

use kubeconfig_lint::internals::{Mapped, OffsetMap};
use kubeconfig_lint::{Encoding, Position, Source, Span};

use super::choices::{Choices, is_structured};

/// Maps and counts what the bytes describe.
pub fn holds(bytes: &[u8]) {
    check_map(bytes, OffsetMap::outer);
    check_positions(bytes, Source::position);
}

/// Checks how a map that is built piece by piece leads back.
pub fn check_map(bytes: &[u8], outer_of: impl Fn(&OffsetMap, Span) -> Span) {
    let mut choices = Choices::new(bytes);
    let outer: String = ('a'..='z').chain(['é', '\n']).cycle().take(300).collect();
    let near = |at: usize| (0..=at).rev().find(|at| outer.is_char_boundary(*at)).unwrap_or(0);
    let mut mapped = Mapped::default();
    // Where each character of the inner text comes from.
    let mut origins: Vec<(usize, Span)> = Vec::new();
    let mut at = 0;
    while !choices.is_done() {
        let span = Span::new(
            near(at + choices.below(3)),
            near(at + choices.below(3) + 1 + choices.below(5)),
        );
        if span.end() > outer.len() || span.start() >= span.end() || span.end() + 9 > outer.len() {
            break;
        }
        let inner = mapped.text.len();
        if choices.one_in(2) {
            let text = choices.pick(&["\n", "xy", "é", ""]);
            origins.extend(text.char_indices().map(|(i, _)| (inner + i, span)));
            mapped.replace(text, span);
        } else {
            let chars = outer[span.range()].char_indices();
            origins.extend(chars.map(|(i, c)| {
                (inner + i, Span::new(span.start() + i, span.start() + i + c.len_utf8()))
            }));
            mapped.keep(&outer, span);
        }
        at = span.end();
    }
    assert_eq!(mapped.map.len(), mapped.text.len());
    let ends = origins.iter().map(|(at, _)| *at).skip(1).chain([mapped.text.len()]);
    let ends: Vec<_> = ends.collect();
    for (first, (start, from)) in origins.iter().enumerate() {
        for (end, (_, to)) in ends.iter().zip(&origins).skip(first).take(12) {
            let outer = outer_of(&mapped.map, Span::new(*start, *end));
            assert_eq!(outer, Span::new(from.start(), to.end()), "{start}..{end} of {mapped:?}");
        }
        let empty = outer_of(&mapped.map, Span::at(*start));
        assert_eq!(empty, Span::at(from.start()));
    }
    let after = outer_of(&mapped.map, Span::at(mapped.text.len() + 5));
    assert_eq!(after, Span::at(origins.last().map_or(0, |(_, from)| from.end())));
}

/// Checks that every character of a decoded text leads back to bytes that spell it, in order.
pub fn leads_back(map: &OffsetMap, inner: &str, outer: &str) {
    assert_eq!(map.len(), inner.len());
    let mut last = 0;
    for (start, c) in inner.char_indices() {
        let span = Span::new(start, start + c.len_utf8());
        let place = map.outer(span);
        let spelling = outer.get(place.range());
        let spelling = spelling.unwrap_or_else(|| panic!("{place:?} is not in the text"));
        assert!(!spelling.is_empty(), "nothing spells {c:?}");
        assert!(last <= place.start(), "{place:?} is before {last}");
        last = place.start();
        // An escape may be as long as what it stands for: `\_` is U+00A0.
        let is_one = spelling.chars().count() == 1;
        if is_one && map.exact(span).is_some() && !spelling.trim().is_empty() {
            assert_eq!(spelling.chars().next(), Some(c), "{place:?}");
        }
    }
}

/// Checks lines and columns against a count of each character.
pub fn check_positions(bytes: &[u8], position_of: impl Fn(&Source, usize) -> Position) {
    let bytes = if is_structured(bytes) { encoded(bytes) } else { bytes.to_vec() };
    let source = Source::new("f", bytes.clone());
    let text = source.text();
    let unmarked = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mark = text.len() - unmarked.len();
    let (mut line, mut column, mut utf16, mut units) = (1, 1, 1, 0);
    if mark > 0 && source.encoding() != Encoding::Utf8 {
        units = 1;
    }
    let mut chars = unmarked.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let at = mark + at;
        assert_eq!(position_of(&source, at), Position { line, column }, "byte {at}");
        assert_eq!(source.utf16_column(at), utf16, "byte {at}");
        if source.encoding() != Encoding::Utf8 {
            assert_eq!(source.file_offset(at), 2 * units, "byte {at}");
        }
        units += c.len_utf16();
        let is_end = c == '\n' || (c == '\r' && chars.peek().map(|(_, c)| *c) != Some('\n'));
        if is_end {
            (line, column, utf16) = (line + 1, 1, 1);
        } else {
            (column, utf16) = (column + 1, utf16 + c.len_utf16());
        }
    }
    assert_eq!(position_of(&source, text.len()), Position { line, column });
    assert_eq!(position_of(&source, usize::MAX), Position { line, column });
    assert_eq!(source.line_count(), line);
    let mut last = 0;
    for line in 1..=source.line_count() {
        let span = source.line_span(line).expect("each line has a span");
        assert!(last <= span.start() && text.get(span.range()).is_some());
        assert!(!source.slice(span).contains('\n'));
        last = span.end();
    }
    assert_eq!(source.line_span(source.line_count() + 1), None);
    if source.invalid_at().is_none() {
        assert_eq!(source.bytes(), Some(bytes), "the text determines the bytes");
    }
}

/// Returns characters of all lengths, in one of the encodings.
fn encoded(bytes: &[u8]) -> Vec<u8> {
    let mut choices = Choices::new(bytes);
    let encoding = choices.pick(&[Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be]);
    let mark = if encoding == Encoding::Utf8 && choices.one_in(2) { "" } else { "\u{feff}" };
    let text = choices.soup(&["a", "bc ", "\n", "\r\n", "\r", "é", "😀", "\t", "\u{feff}", "日本"]);
    encoding.encode(&format!("{mark}{text}"))
}
