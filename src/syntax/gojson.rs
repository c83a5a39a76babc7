//! Parses JSON as Go's `encoding/json` does into a spanned tree, and fails where Go fails.
//!
//! go-yaml reads most JSON too, but not all (`\/`, control characters), and accepts much that is
//! not JSON. Text that kubectl reads as JSON is therefore parsed here.
//!
//! Source of the states: Go's `encoding/json/scanner.go`; measured with kubectl 1.20 to 1.37.

use crate::text::source::{Span, floor_boundary};

use super::escape;
use super::layout::Layout;
use super::nesting::{Innermost, Nesting};
use super::node::{
    Children, Document, Fault, JsonFault, NodeId, NodeKind, NodeStyle, SyntaxError, Tree,
};

/// Limit on nested arrays and objects: Go's `maxNestingDepth`.
const MAX_DEPTH: usize = 10_000;

/// Returns whether kubectl reads a text as JSON: it begins with `{` after white space. A byte-order
/// mark is not white space.
///
/// Source: apimachinery `pkg/util/yaml/decoder.go` (`IsJSONBuffer`).
pub(crate) fn is_json(text: &str) -> bool {
    // Go and Rust treat the same Unicode characters as white space.
    text.trim_start().starts_with('{')
}

/// Parses `text` as a single value. Never fails: the document holds the error, and the tree
/// everything read before it.
pub(crate) fn parse(text: &str) -> Tree {
    parse_from(text, 0)
}

/// Like [`parse`], from byte `start` to the end; spans count from the start of `text`.
pub(crate) fn parse_from(text: &str, start: usize) -> Tree {
    parse_into(Tree::default().json_like(), text, start)
}

/// Parses a stream of values, each as a document, which is empty if the value is not wanted. Each value
/// after the first begins a line, as in JSON Lines, and may have more lines. What follows a value in
/// its last line is passed over.
pub(crate) fn parse_stream(text: &str, is_wanted: impl Fn(&str) -> bool) -> Tree {
    let begins = |at: &usize| matches!(text.as_bytes().get(*at), Some(b'{' | b'['));
    let first = text.len() - text.trim_start().len();
    let lines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
    let starts = std::iter::once(first).chain(lines.filter(|start| *start > first));
    let mut starts = starts.filter(begins).peekable();
    let mut tree = Tree::default().json_like();
    while let Some(start) = starts.next() {
        let end = starts.peek().copied().unwrap_or(text.len());
        let piece = text.get(start..end).unwrap_or("");
        // Any other piece may be the first lines of a value.
        let is_whole = piece.trim_ascii_end().ends_with(['}', ']']);
        if is_whole && !is_wanted(piece) {
            tree.push_document(Document::new(None, None));
            continue;
        }
        tree = parse_into(tree, text, start);
        let Some(document) = tree.documents.last_mut() else { break };
        let Some(error) = &document.error else { break };
        let end = error.span.start();
        if document.text_behind().is_some() {
            document.error = None;
        }
        while starts.next_if(|next| *next < end).is_some() {}
    }
    tree
}

/// Adds the value from byte `start` of `text` to its end as a document.
fn parse_into(tree: Tree, text: &str, start: usize) -> Tree {
    let mut scanner =
        Scanner { text, tree, state: State::Value, nesting: Nesting::default(), start, root: None };
    let (mut at, mut fails) = (start, None);
    while let Some(&byte) = text.as_bytes().get(at) {
        if let Err(fault) = scanner.step(at, byte) {
            fails = Some((one_character(text, at), fault));
            break;
        }
        at += 1;
        if scanner.state == State::Text {
            at += plain(text.as_bytes().get(at..).unwrap_or(&[]));
        }
    }
    let end = fails.map_or(text.len(), |(span, _)| span.start());
    let fails =
        fails.or_else(|| scanner.breaks_off().then(|| (Span::at(end), JsonFault::BreaksOff)));
    scanner.close_all(end);
    let Scanner { mut tree, root, .. } = scanner;
    let error = fails.map(|(span, fault)| SyntaxError { span, fault: Fault::Json(fault) });
    tree.push_document(Document::new(root, error));
    tree
}

/// Returns the span of the character at `offset`; empty at the end of a line or of the text.
fn one_character(text: &str, offset: usize) -> Span {
    let offset = floor_boundary(text, offset);
    let next = text.get(offset..).and_then(|rest| rest.chars().next());
    let width = next.filter(|c| !c.is_control()).map_or(0, char::len_utf8);
    Span::new(offset, offset + width)
}

/// What the next byte is part of; named after the functions of Go's scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    ValueOrEmpty,
    Key,
    KeyOrEmpty,
    Text,
    Escape,
    /// This many hexadecimal digits are missing.
    Hex(u8),
    Minus,
    Zero,
    Digits,
    Dot,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
    /// A word, and the number of its letters read.
    Word(&'static str, usize),
    EndOfValue,
    EndOfText,
}

struct Scanner<'a> {
    text: &'a str,
    tree: Tree,
    state: State,
    nesting: Nesting,
    /// Start of the scalar being read; for a string, the byte after its quote.
    start: usize,
    root: Option<NodeId>,
}

/// Returns the number of bytes that only continue a string.
fn plain(bytes: &[u8]) -> usize {
    let is_plain = |byte: &u8| *byte >= b' ' && !matches!(byte, b'"' | b'\\');
    bytes.iter().take_while(|byte| is_plain(byte)).count()
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

impl Scanner<'_> {
    /// Reads a byte.
    fn step(&mut self, at: usize, byte: u8) -> Result<(), JsonFault> {
        self.state = match (self.state, byte) {
            (State::Value | State::ValueOrEmpty | State::Key | State::KeyOrEmpty, byte)
                if is_space(byte) =>
            {
                return Ok(());
            }
            (State::ValueOrEmpty, b']') | (State::KeyOrEmpty, b'}') => return self.close(at),
            (State::Key | State::KeyOrEmpty, b'"') => {
                self.start = at + 1;
                State::Text
            }
            (State::Key, b'}') => return Err(JsonFault::TrailingComma),
            (State::Key | State::KeyOrEmpty, b'\'') => return Err(JsonFault::SingleQuotes),
            (State::Key | State::KeyOrEmpty, _) => return Err(JsonFault::NoKey),
            (State::Value | State::ValueOrEmpty, byte) => return self.value(at, byte),
            (State::Text, b'"') => {
                self.scalar(NodeStyle::DoubleQuoted, at);
                State::EndOfValue
            }
            (State::Text, b'\\') => State::Escape,
            (State::Text, 0..b' ') => return Err(JsonFault::ControlCharacter),
            (State::Text, _) => State::Text,
            (State::Escape, b'b' | b'f' | b'n' | b'r' | b't' | b'\\' | b'/' | b'"') => State::Text,
            (State::Escape, b'u') => State::Hex(4),
            (State::Escape, _) => return Err(JsonFault::Escape),
            (State::Hex(left), byte) if byte.is_ascii_hexdigit() => match left {
                1 => State::Text,
                left => State::Hex(left - 1),
            },
            (State::Hex(_), _) => return Err(JsonFault::Escape),
            (State::Minus, b'0') => State::Zero,
            (State::Minus | State::Digits, b'0'..=b'9') => State::Digits,
            (State::Zero | State::Digits, b'.') => State::Dot,
            (State::Zero | State::Digits | State::Fraction, b'e' | b'E') => State::Exponent,
            (State::Dot | State::Fraction, b'0'..=b'9') => State::Fraction,
            (State::Exponent, b'+' | b'-') => State::ExponentSign,
            (State::Exponent | State::ExponentSign | State::ExponentDigits, b'0'..=b'9') => {
                State::ExponentDigits
            }
            (State::Minus | State::Dot | State::Exponent | State::ExponentSign, _) => {
                return Err(JsonFault::NoValue);
            }
            (State::Zero | State::Digits | State::Fraction | State::ExponentDigits, _) => {
                self.scalar(NodeStyle::Plain, at);
                return self.after_value(at, byte);
            }
            (State::Word(word, read), byte) => {
                if word.as_bytes().get(read) != Some(&byte) {
                    return Err(JsonFault::NoValue);
                }
                if read + 1 < word.len() {
                    State::Word(word, read + 1)
                } else {
                    self.scalar(NodeStyle::Plain, at + 1);
                    State::EndOfValue
                }
            }
            (State::EndOfValue | State::EndOfText, byte) => return self.after_value(at, byte),
        };
        Ok(())
    }

    /// Reads the first byte of a value.
    fn value(&mut self, at: usize, byte: u8) -> Result<(), JsonFault> {
        self.start = at;
        self.state = match byte {
            b'{' => return self.open(at, true, State::KeyOrEmpty),
            b'[' => return self.open(at, false, State::ValueOrEmpty),
            b'"' => {
                self.start = at + 1;
                State::Text
            }
            b'-' => State::Minus,
            b'0' => State::Zero,
            b'1'..=b'9' => State::Digits,
            b't' => State::Word("true", 1),
            b'f' => State::Word("false", 1),
            b'n' => State::Word("null", 1),
            b']' | b'}' => return Err(JsonFault::TrailingComma),
            b'\'' => return Err(JsonFault::SingleQuotes),
            _ => return Err(JsonFault::NoValue),
        };
        Ok(())
    }

    /// Reads a byte after a value: Go's `stateEndValue` and `stateEndTop`.
    fn after_value(&mut self, at: usize, byte: u8) -> Result<(), JsonFault> {
        self.state = self.state_after_value();
        if is_space(byte) {
            return Ok(());
        }
        let Some(Innermost { is_mapping, children }) = self.nesting.innermost() else {
            return Err(JsonFault::TextBehind);
        };
        let is_after_key = is_mapping && children % 2 == 1;
        self.state = match (byte, is_mapping) {
            (b':', true) if is_after_key => State::Value,
            _ if is_after_key => return Err(JsonFault::NoColon),
            (b',', true) => State::Key,
            (b',', false) => State::Value,
            (b'}', true) | (b']', false) => return self.close(at),
            _ => return Err(JsonFault::NoComma),
        };
        Ok(())
    }

    fn open(&mut self, at: usize, is_object: bool, state: State) -> Result<(), JsonFault> {
        if self.nesting.depth() >= MAX_DEPTH {
            return Err(JsonFault::Depth);
        }
        let kind = if is_object { NodeKind::Mapping } else { NodeKind::Sequence };
        self.tree.make_room(self.text.as_bytes().get(at..).unwrap_or(&[]));
        let id = self.tree.push(kind(Children::default()), Span::new(at, at + 1));
        self.nesting.open(id, is_object);
        self.state = state;
        Ok(())
    }

    fn close(&mut self, at: usize) -> Result<(), JsonFault> {
        self.finish(at + 1);
        self.state = self.state_after_value();
        Ok(())
    }

    fn state_after_value(&self) -> State {
        if self.nesting.depth() == 0 { State::EndOfText } else { State::EndOfValue }
    }

    /// Closes the innermost collection at `end` (exclusive). Returns whether there was one.
    fn finish(&mut self, end: usize) -> bool {
        let closed = self.nesting.close(&mut self.tree, Some(end));
        closed.inspect(|id| self.add(*id)).is_some()
    }

    /// Adds the scalar that ends at `end` (exclusive).
    fn scalar(&mut self, style: NodeStyle, end: usize) {
        let span = Span::new(self.start, end);
        let text = self.text.get(span.range()).unwrap_or("");
        let is_verbatim = style == NodeStyle::Plain || !text.contains('\\');
        let decoded = || escape::decode(self.text, span).text.into();
        let value = (!is_verbatim).then(|| (decoded(), Layout::Escaped { span }));
        self.tree.make_room(self.text.as_bytes().get(end..).unwrap_or(&[]));
        let id = self.tree.push_scalar(style, style == NodeStyle::Plain, span, value);
        self.add(id);
    }

    /// Adds a complete node as the next key, value or item, or as the root.
    fn add(&mut self, id: NodeId) {
        if !self.nesting.add(id) {
            self.root = Some(id);
        }
    }

    /// Returns whether the text ends too early. Like Go, tries a blank first, which ends a number.
    fn breaks_off(&mut self) -> bool {
        self.step(self.text.len(), b' ').is_err() || self.state != State::EndOfText
    }

    /// Keeps what was read of unclosed strings and collections: even a string that breaks off may
    /// be a secret.
    fn close_all(&mut self, end: usize) {
        if matches!(self.state, State::Text | State::Escape | State::Hex(_)) {
            self.scalar(NodeStyle::DoubleQuoted, end.max(self.start));
        }
        while self.finish(end) {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Returns the offset at which Go fails, and why; `None` if Go accepts the text.
    fn fails(text: &str) -> Option<(usize, JsonFault)> {
        let error = parse(text).documents[0].error.clone()?;
        let Fault::Json(fault) = error.fault else { panic!("{error:?}") };
        Some((error.span.start(), fault))
    }

    #[test]
    fn parse_stream_reads_wanted_values_where_they_are() {
        let text = "{\"a\": 1}\n[\"b\"]\n\n{\n  \"a\": \"é\"\n}\nlog\n{\"a\": [\n{\"a\": 2} 3\n\
                    [{\"a\":\n[\n]}],";
        let tree = parse_stream(text, |value| value.contains("\"a\""));
        let read = |document: &Document| {
            let error = document.error.as_ref().map(|error| &text[..error.span.start()]);
            let line = error.map(|before| before.lines().count());
            (document.root.map(|root| &text[tree.node(root).span.range()]), line)
        };
        assert_eq!(
            tree.documents.iter().map(read).collect::<Vec<_>>(),
            [
                (Some("{\"a\": 1}"), None),
                (None, None),
                (Some("{\n  \"a\": \"é\"\n}"), None),
                (Some("{\"a\": [\n{\"a\": 2} "), Some(9)),
                (Some("[{\"a\":\n[\n]}]"), None),
            ]
        );
    }

    /// Measured with kubectl 1.20 to 1.37, which agree.
    #[test]
    fn gojson_fails_where_go_does() {
        for (text, at, fault) in [
            ("{", 1, JsonFault::BreaksOff),
            ("{\"a", 3, JsonFault::BreaksOff),
            ("{\"a\":1,", 7, JsonFault::BreaksOff),
            ("{\"a\":1", 6, JsonFault::BreaksOff),
            ("{\"a\":nul", 8, JsonFault::BreaksOff),
            ("{\"a\":\"b\\", 8, JsonFault::BreaksOff),
            ("{\"a\":1,}", 7, JsonFault::TrailingComma),
            ("{\"a\":1}}", 7, JsonFault::TextBehind),
            ("{a:1}", 1, JsonFault::NoKey),
            ("{'a':1}", 1, JsonFault::SingleQuotes),
            ("{\"a\" 1}", 5, JsonFault::NoColon),
            ("{\"a\":1 \"b\":2}", 7, JsonFault::NoComma),
            ("{\"a\":,}", 5, JsonFault::NoValue),
            ("{\"a\":[1,]}", 8, JsonFault::TrailingComma),
            ("{\"a\":[1 2]}", 8, JsonFault::NoComma),
            ("{\"a\":trux}", 8, JsonFault::NoValue),
            ("{\"a\":nulL}", 8, JsonFault::NoValue),
            ("{\"a\":01}", 6, JsonFault::NoComma),
            ("{\"a\":1.x}", 7, JsonFault::NoValue),
            ("{\"a\":-x}", 6, JsonFault::NoValue),
            ("{\"a\":1ex}", 7, JsonFault::NoValue),
            ("{\"a\":1e+}", 8, JsonFault::NoValue),
            ("{\"a\":'x'}", 5, JsonFault::SingleQuotes),
            ("{\"a\":\"\\x\"}", 7, JsonFault::Escape),
            ("{\"a\":\"\\u12\"}", 10, JsonFault::Escape),
            ("{\"a\":\"x\ny\"}", 7, JsonFault::ControlCharacter),
            ("{\u{e9}:1}", 1, JsonFault::NoKey),
            ("\u{a0}{}", 0, JsonFault::NoValue),
            ("\u{b}{}", 0, JsonFault::NoValue),
            ("{\u{7f}}", 1, JsonFault::NoKey),
        ] {
            assert_eq!(fails(text), Some((at, fault)), "{text}");
        }
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(fails(&nested(10_000)), None);
        assert_eq!(fails(&nested(10_001)), Some((10_000, JsonFault::Depth)));
    }

    #[test]
    fn gojson_reads_values_with_spans() {
        let text = " {\"a\\u00e9\\ud83d\\ude00\\/\": [1, \"x\", {}], \"b\": null}\n";
        let tree = parse(text);
        assert_eq!(tree.documents[0].error, None);
        let root = tree.documents[0].root.unwrap();
        assert_eq!(&text[tree.node(root).span.range()], text.trim());
        let pairs = tree.pairs(root);
        assert_eq!(tree.scalar(pairs[0].0, text), Some("aé😀/"));
        let items = tree.items(pairs[0].1).iter();
        let items: Vec<_> = items.map(|&item| &text[tree.node(item).span.range()]).collect();
        assert_eq!(items, ["1", "x", "{}"]);
        assert_eq!(tree.scalar(pairs[1].1, text), Some("null"));
    }

    #[test]
    fn gojson_keeps_truncated_values() {
        let text = "{\"a\": {\"token\": \"abc";
        let tree = parse(text);
        let root = tree.documents[0].root.unwrap();
        let inner = tree.pairs(root)[0].1;
        assert_eq!(tree.scalar(tree.pairs(inner)[0].1, text), Some("abc"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]
        #[test]
        fn gojson_accepts_what_serde_json_accepts(
            parts in proptest::collection::vec(
                proptest::sample::select(&[
                    "{", "}", "[", "]", ",", ":", "\"a\"", "\"\\n\"", "\"\\u00e9\"", "1", "-", "0",
                    ".5", "e3", "true", "null", "fals", " ", "\n", "\"", "\\", "é", "x",
                ][..]),
                0..10,
            ),
        ) {
            let text = parts.concat();
            let is_valid = fails(&text).is_none();
            let serde = serde_json::from_str::<serde_json::Value>(&text);
            // serde_json rejects numbers beyond f64 and half surrogate pairs.
            let is_too_large = |error: &serde_json::Error| error.to_string().contains("out of range");
            prop_assume!(!serde.as_ref().is_err_and(is_too_large));
            prop_assert_eq!(is_valid, serde.is_ok(), "{}: {:?}", text, serde);
        }

        #[test]
        fn gojson_strings_match_serde_json(value: String) {
            let text = serde_json::to_string(&value).unwrap();
            let tree = parse(&text);
            prop_assert_eq!(tree.scalar(tree.documents[0].root.unwrap(), &text), Some(&*value));
        }

        #[test]
        fn gojson_spans_lie_within_any_text(text in "[{}\\[\\]\":,a0é\\\\u \n]{0,30}") {
            let tree = parse(&text);
            for node in tree.iter() {
                prop_assert!(text.get(node.span.range()).is_some(), "{:?}", node);
            }
            let error = tree.documents[0].error.clone();
            prop_assert!(error.is_none_or(|error| text.get(error.span.range()).is_some()));
        }
    }
}
