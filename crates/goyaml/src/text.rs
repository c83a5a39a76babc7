//! Computes the value of a scalar from its span: folded lines, escapes, doubled quotes,
//! indentation.
//!
//! Source: go-yaml v2.4.0, `scannerc.go`, and libyaml.

use std::borrow::Cow;

use super::reader::break_width;
use super::{ScalarStyle, Span};

/// Receives the pieces of a value in order.
pub(super) trait Sink {
    /// Adds bytes of the input verbatim.
    fn keep(&mut self, span: Span);
    /// Adds `text` in place of bytes of the input.
    fn put(&mut self, text: &str, outer: Span);
}

/// Builds a value, borrowed from the input as long as it occurs there in one piece.
pub(super) struct ValueSink<'a> {
    input: &'a str,
    kept: Span,
    owned: Option<String>,
}

impl<'a> ValueSink<'a> {
    pub(super) fn new(input: &'a str) -> Self {
        Self { input, kept: Span::default(), owned: None }
    }

    pub(super) fn finish(self) -> Cow<'a, str> {
        match self.owned {
            Some(text) => Cow::Owned(text),
            None => Cow::Borrowed(slice(self.input, self.kept)),
        }
    }

    fn owned(&mut self) -> &mut String {
        let (input, kept) = (self.input, self.kept);
        self.owned.get_or_insert_with(|| slice(input, kept).to_owned())
    }
}

impl Sink for ValueSink<'_> {
    fn keep(&mut self, span: Span) {
        if self.owned.is_none() && self.kept.is_empty() {
            self.kept = span;
        } else if self.owned.is_none() && self.kept.end() == span.start() {
            self.kept = Span::new(self.kept.start(), span.end());
        } else {
            let text = slice(self.input, span);
            self.owned().push_str(text);
        }
    }

    fn put(&mut self, text: &str, _outer: Span) {
        self.owned().push_str(text);
    }
}

fn slice(input: &str, span: Span) -> &str {
    input.get(span.range()).unwrap_or("")
}

/// Sends the value of the scalar at `span` to `sink`. `indent` is the number of spaces before each
/// line of a block scalar.
pub(super) fn send(
    input: &str,
    span: Span,
    style: ScalarStyle,
    indent: usize,
    sink: &mut impl Sink,
) {
    let bytes = input.as_bytes();
    let within = |end: usize| bytes.get(..end).unwrap_or(bytes);
    match style {
        ScalarStyle::Plain => Text { bytes: within(span.end()), sink }.plain(span.start()),
        ScalarStyle::SingleQuoted => {
            Text { bytes: within(span.end().saturating_sub(1)), sink }.single(span.start() + 1)
        }
        ScalarStyle::DoubleQuoted => {
            Text { bytes: within(span.end().saturating_sub(1)), sink }.double(span.start() + 1)
        }
        ScalarStyle::Literal => {
            Text { bytes: within(span.end()), sink }.block(span.start(), indent, false)
        }
        ScalarStyle::Folded => {
            Text { bytes: within(span.end()), sink }.block(span.start(), indent, true)
        }
    }
}

/// The input up to the end of the scalar.
struct Text<'s, S> {
    bytes: &'s [u8],
    sink: &'s mut S,
}

impl<S: Sink> Text<'_, S> {
    fn is_blank(&self, at: usize) -> bool {
        matches!(self.bytes.get(at), Some(b' ' | b'\t'))
    }

    fn is_space(&self, at: usize) -> bool {
        self.is_blank(at) || break_width(self.bytes, at) != 0
    }

    /// Returns the length in bytes of the line break at `at`, counting CR LF as one; 0 if there is
    /// none.
    fn line_break(&self, at: usize) -> usize {
        if self.bytes.get(at..at + 2) == Some(b"\r\n") { 2 } else { break_width(self.bytes, at) }
    }

    /// Returns the offset of the first byte from `at` for which `stops` holds, or the end.
    fn find(&self, at: usize, stops: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(at..).unwrap_or(&[]);
        at + rest.iter().position(|&byte| stops(byte)).unwrap_or(rest.len())
    }

    fn keep(&mut self, start: usize, end: usize) {
        if start < end {
            self.sink.keep(Span::new(start, end));
        }
    }

    /// Adds a line break to the value: CR, CR LF and NEL become LF; LS and PS stay.
    fn keep_break(&mut self, at: usize, width: usize) {
        match (width, self.bytes.get(at)) {
            (1, Some(b'\n')) | (3, _) => self.keep(at, at + width),
            _ => self.sink.put("\n", Span::new(at, at + width)),
        }
    }

    /// Adds the line breaks in a range of breaks and blanks, except the first `skipped`.
    fn keep_breaks(&mut self, start: usize, end: usize, skipped: usize) {
        let (mut at, mut count) = (start, 0);
        while at < end {
            let width = self.line_break(at);
            if width > 0 {
                if count >= skipped {
                    self.keep_break(at, width);
                }
                count += 1;
            }
            at += width.max(1);
        }
    }

    /// Folds the breaks in a range: a single one becomes a space; of several, the first is dropped.
    fn fold(&mut self, start: usize, end: usize) {
        let mut breaks = (start..end).filter(|&at| self.line_break(at) > 0);
        let first = breaks.next().unwrap_or(end);
        let width = self.line_break(first);
        if width == 3 {
            // LS and PS are not folded.
            self.keep_breaks(start, end, 0);
        } else if (first + width..end).any(|at| self.line_break(at) > 0) {
            self.keep_breaks(start, end, 1);
        } else {
            self.sink.put(" ", Span::new(start, end));
        }
    }

    /// Handles the blanks and breaks between two words of a flow scalar; returns the start of the
    /// next word.
    fn gap(&mut self, start: usize) -> usize {
        let mut end = start;
        let mut broken = false;
        while self.is_space(end) {
            let width = self.line_break(end);
            broken |= width > 0;
            end += width.max(1);
        }
        if broken {
            self.fold(start, end);
        } else {
            self.keep(start, end);
        }
        end
    }

    fn plain(&mut self, mut at: usize) {
        while at < self.bytes.len() {
            let mut end = at;
            while end < self.bytes.len() && !self.is_space(end) {
                end += 1;
            }
            self.keep(at, end);
            at = if self.is_space(end) { self.gap(end) } else { end };
        }
    }

    /// Adds text up to a blank, a break or the byte `special`.
    fn word(&mut self, at: usize, special: u8) -> usize {
        let mut end = at;
        loop {
            end = self.find(end, |byte| {
                byte == special || matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0xc2 | 0xe2)
            });
            // Not every character that starts with such a byte is a break.
            if matches!(self.bytes.get(end), Some(0xc2 | 0xe2)) && !self.is_space(end) {
                end += 1;
            } else {
                break;
            }
        }
        self.keep(at, end);
        end
    }

    fn single(&mut self, mut at: usize) {
        while at < self.bytes.len() {
            at = self.word(at, b'\'');
            if self.bytes.get(at) == Some(&b'\'') {
                self.sink.put("'", Span::new(at, at + 2));
                at += 2;
            } else if at < self.bytes.len() {
                at = self.gap(at);
            }
        }
    }

    fn double(&mut self, mut at: usize) {
        while at < self.bytes.len() {
            at = self.word(at, b'\\');
            if self.bytes.get(at) != Some(&b'\\') {
                if at < self.bytes.len() {
                    at = self.gap(at);
                }
                continue;
            }
            match escape(self.bytes.get(at..).unwrap_or(&[])) {
                Some((found, width)) => {
                    self.sink.put(found.encode_utf8(&mut [0; 4]), Span::new(at, at + width));
                    at += width;
                }
                None => at = self.after_escaped_break(at + 1),
            }
        }
    }

    /// Drops an escaped line break and the blanks after it; keeps further breaks, unfolded.
    fn after_escaped_break(&mut self, start: usize) -> usize {
        let start = start + self.line_break(start);
        let mut end = start;
        while self.is_space(end) {
            end += self.line_break(end).max(1);
        }
        self.keep_breaks(start, end, 0);
        end
    }

    fn block(&mut self, start: usize, indent: usize, folded: bool) {
        // The start of the breaks since the last line of text, and whether that line starts with a
        // blank.
        let (mut gap, mut indented) = (start, false);
        let mut at = start;
        let mut first = true;
        while at < self.bytes.len() {
            let text = at
                + self.bytes.iter().skip(at).take(indent).take_while(|&&byte| byte == b' ').count();
            let width = self.line_break(text);
            if width > 0 {
                at = text + width;
                continue;
            }
            if text >= self.bytes.len() {
                break;
            }
            let blank = self.is_blank(text);
            if folded && !first && !indented && !blank {
                self.fold(gap, text);
            } else {
                self.keep_breaks(gap, text, 0);
            }
            let mut end = text;
            while end < self.bytes.len() && break_width(self.bytes, end) == 0 {
                end = self.find(end + 1, |byte| matches!(byte, b'\r' | b'\n' | 0xc2 | 0xe2));
            }
            self.keep(text, end);
            (gap, indented, first) = (end, blank, false);
            at = end + self.line_break(end);
        }
        self.keep_breaks(gap, self.bytes.len(), 0);
    }
}

/// Returns the character of the escape sequence at the start of `rest`, and the length of the
/// sequence in bytes. `None` for an escaped break.
fn escape(rest: &[u8]) -> Option<(char, usize)> {
    let digits = match *rest.get(1)? {
        b'0' => return Some(('\0', 2)),
        b'a' => return Some(('\x07', 2)),
        b'b' => return Some(('\x08', 2)),
        b't' | b'\t' => return Some(('\t', 2)),
        b'n' => return Some(('\n', 2)),
        b'v' => return Some(('\x0b', 2)),
        b'f' => return Some(('\x0c', 2)),
        b'r' => return Some(('\r', 2)),
        b'e' => return Some(('\x1b', 2)),
        b' ' => return Some((' ', 2)),
        b'"' => return Some(('"', 2)),
        b'\'' => return Some(('\'', 2)),
        b'\\' => return Some(('\\', 2)),
        b'N' => return Some(('\u{85}', 2)),
        b'_' => return Some(('\u{a0}', 2)),
        b'L' => return Some(('\u{2028}', 2)),
        b'P' => return Some(('\u{2029}', 2)),
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        _ => return None,
    };
    let text = std::str::from_utf8(rest.get(2..2 + digits)?).ok()?;
    Some((char::from_u32(u32::from_str_radix(text, 16).ok()?)?, 2 + digits))
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use crate::{EventKind, Parser};

    /// Returns the value of the first scalar.
    fn value(text: &str) -> Cow<'_, str> {
        let scalar = Parser::new(text).find_map(|event| match event.unwrap().kind {
            EventKind::Scalar { value, .. } => Some(value),
            _ => None,
        });
        scalar.unwrap()
    }

    #[test]
    fn text_folds_line_breaks() {
        for (text, wanted) in [
            ("a\n b", "a b"),
            ("a \t\n\n \n b", "a\n\nb"),
            ("'a\n  b\n\n  c'", "a b\nc"),
            ("\"a\n  b \n\n  c\"", "a b\nc"),
            ("' a \n b '", " a b "),
            // CR, CR LF and NEL become LF; LS and PS stay, and are not folded.
            ("a\r\n\r\n b", "a\nb"),
            ("a\u{85}\u{85} b", "a\nb"),
            ("a\u{2028} b", "a\u{2028}b"),
        ] {
            assert_eq!(value(text), wanted, "{text:?}");
        }
    }

    /// The first two are from go-yaml's tests.
    #[test]
    fn text_of_block_scalars_keeps_or_folds_breaks() {
        for (text, wanted) in [
            ("| # Comment\n\n literal\n\n \ttext\n\n", "\nliteral\n\n\ttext\n"),
            (
                "> # Comment\n\n folded\n line\n \n next\n line\n  * one\n  * two\n\n last\n line\n\n",
                "\nfolded line\nnext line\n * one\n * two\n\nlast line\n",
            ),
            ("|-\n a\n\n", "a"),
            ("|+\n a\n\n", "a\n\n"),
            ("|2\n   a\n", " a\n"),
            (">\n a\r\n b\r\n", "a b\n"),
            ("|\n a", "a"),
            ("|\n", ""),
            ("|+\n\n\n", "\n\n"),
        ] {
            assert_eq!(value(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn text_of_quoted_scalars_decodes_escapes() {
        for (text, wanted) in [
            ("'it''s \\n'", "it's \\n"),
            (
                r#""\0\a\b\t\n\v\f\r\e\ \"\'\\\N\_\L\P""#,
                "\0\x07\x08\t\n\x0b\x0c\r\x1b \"'\\\u{85}\u{a0}\u{2028}\u{2029}",
            ),
            (r#""\x41\u00e9\U0001F600""#, "Aé😀"),
            ("\"a \\\n   b\"", "a b"),
            ("\"a\\\n\n b\"", "a\nb"),
            // From go-yaml's tests.
            (
                "\"Generic line break (no glyph)\\n\\\n Line separator\\u2028\\\n Paragraph separator\\u2029\"\n",
                "Generic line break (no glyph)\nLine separator\u{2028}Paragraph separator\u{2029}",
            ),
        ] {
            assert_eq!(value(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn text_borrows_values_that_the_input_contains() {
        for text in ["a b", "'a b'", "\"a  b\"", "|-\n a b"] {
            assert!(matches!(value(text), Cow::Borrowed(_)), "{text:?}");
        }
        for text in ["a\n b", "'a''b'", "\"\\x41\"", "|\n a\n b\n"] {
            assert!(matches!(value(text), Cow::Owned(_)), "{text:?}");
        }
    }
}
