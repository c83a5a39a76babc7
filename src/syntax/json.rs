//! JSON as Go's `encoding/json` reads it, as a spanned tree.
//!
//! kubectl reads some files as JSON and nothing else, where YAML would be more lenient (no quotes,
//! comments) or stricter (tabs, unpaired surrogates). Source: Go's `encoding/json` `scanner.go`
//! and `decode.go` (`unquote`); measured with kubectl 1.34 to 1.37.

use crate::text::source::Span;

use super::node::{Document, Node, NodeId, NodeKind, ScalarStyle, SyntaxError, Tree};

/// Go gives up on values nested deeper than this.
const MAX_DEPTH: usize = 10_000;

/// Reads the one value that stands in `text` from byte `start` to its end; spans count from the
/// start of `text`.
pub fn parse(text: &str, start: usize) -> Result<Tree, SyntaxError> {
    let mut parser = Parser { text, at: start, tree: Tree::default(), open: Vec::new() };
    match parser.run() {
        Ok(root) => {
            parser.tree.documents.push(Document { root: Some(root), error: None });
            Ok(parser.tree)
        }
        Err(message) => {
            let rest = text.get(parser.at..).unwrap_or("");
            let width = rest.chars().next().filter(|c| !c.is_control()).map_or(0, char::len_utf8);
            let span = Span::new(parser.at, parser.at + width);
            Err(SyntaxError { span, message: message.to_owned() })
        }
    }
}

/// A collection that is still open.
enum Open {
    Sequence(NodeId, Vec<NodeId>),
    Mapping(NodeId, Vec<(NodeId, NodeId)>, Option<NodeId>),
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    Colon,
    CommaOrEnd,
    End,
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    tree: Tree,
    open: Vec<Open>,
}

impl Parser<'_> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn run(&mut self) -> Result<NodeId, &'static str> {
        let mut root = None;
        let mut expect = Expect::Value;
        loop {
            while self.byte().is_some_and(|byte| b" \t\r\n".contains(&byte)) {
                self.at += 1;
            }
            let Some(byte) = self.byte() else {
                return match (expect, root) {
                    (Expect::End, Some(root)) => Ok(root),
                    _ => Err("the JSON breaks off"),
                };
            };
            let is_value = matches!(expect, Expect::Value | Expect::ValueOrEnd);
            let is_key = matches!(expect, Expect::Key | Expect::KeyOrEnd);
            expect = match byte {
                b'{' | b'[' if is_value => {
                    let id = self.begin(byte == b'{')?;
                    root = root.or(Some(id));
                    if byte == b'{' { Expect::KeyOrEnd } else { Expect::ValueOrEnd }
                }
                b'"' if is_value || is_key => {
                    let id = self.string()?;
                    root = root.or(Some(id));
                    if is_key { Expect::Colon } else { self.after_value() }
                }
                b'-' | b'0'..=b'9' | b't' | b'f' | b'n' if is_value => {
                    let id = self.word(byte)?;
                    root = root.or(Some(id));
                    self.after_value()
                }
                b':' if expect == Expect::Colon => {
                    self.at += 1;
                    Expect::Value
                }
                b',' if expect == Expect::CommaOrEnd => {
                    self.at += 1;
                    match self.open.last() {
                        Some(Open::Mapping(..)) => Expect::Key,
                        _ => Expect::Value,
                    }
                }
                b'}' | b']' if self.may_end(expect, byte) => {
                    self.end();
                    self.after_value()
                }
                _ => return Err(wanted(expect)),
            };
        }
    }

    /// What may follow a value.
    fn after_value(&self) -> Expect {
        if self.open.is_empty() { Expect::End } else { Expect::CommaOrEnd }
    }

    /// Whether that bracket ends what is open.
    fn may_end(&self, expect: Expect, bracket: u8) -> bool {
        match self.open.last() {
            Some(Open::Mapping(..)) => {
                bracket == b'}' && matches!(expect, Expect::KeyOrEnd | Expect::CommaOrEnd)
            }
            Some(Open::Sequence(..)) => {
                bracket == b']' && matches!(expect, Expect::ValueOrEnd | Expect::CommaOrEnd)
            }
            None => false,
        }
    }

    fn begin(&mut self, is_mapping: bool) -> Result<NodeId, &'static str> {
        if self.open.len() == MAX_DEPTH {
            return Err("too deep for Go");
        }
        let kind = match is_mapping {
            true => NodeKind::Mapping(Vec::new()),
            false => NodeKind::Sequence(Vec::new()),
        };
        let id = self.add(kind, Span::new(self.at, self.at + 1));
        self.open.push(match is_mapping {
            true => Open::Mapping(id, Vec::new(), None),
            false => Open::Sequence(id, Vec::new()),
        });
        self.at += 1;
        Ok(id)
    }

    fn end(&mut self) {
        self.at += 1;
        let (id, kind) = match self.open.pop() {
            Some(Open::Sequence(id, items)) => (id, NodeKind::Sequence(items)),
            Some(Open::Mapping(id, pairs, _)) => (id, NodeKind::Mapping(pairs)),
            None => return,
        };
        let node = self.tree.node_mut(id);
        node.kind = kind;
        node.span.end = self.at;
    }

    /// Adds a node to the tree and to what is open.
    fn add(&mut self, kind: NodeKind, span: Span) -> NodeId {
        let id = self.tree.push(Node { kind, span, tag: None, anchor: None });
        match self.open.last_mut() {
            None => {}
            Some(Open::Sequence(_, items)) => items.push(id),
            Some(Open::Mapping(_, pairs, key)) => match key.take() {
                None => *key = Some(id),
                Some(key) => pairs.push((key, id)),
            },
        }
        id
    }

    /// A number, or `true`, `false` or `null`.
    fn word(&mut self, first: u8) -> Result<NodeId, &'static str> {
        let start = self.at;
        let rest = self.text.get(start..).unwrap_or("");
        let length = match first {
            b't' | b'f' | b'n' => {
                let word = ["true", "false", "null"].into_iter().find(|w| rest.starts_with(w));
                word.ok_or(wanted(Expect::Value))?.len()
            }
            _ => number_length(rest.as_bytes()).ok_or("no number of JSON")?,
        };
        self.at += length;
        let kind = NodeKind::Scalar { style: ScalarStyle::Plain, implicit: true, value: None };
        Ok(self.add(kind, Span::new(start, self.at)))
    }

    fn string(&mut self) -> Result<NodeId, &'static str> {
        self.at += 1;
        let start = self.at;
        let mut value: Option<String> = None;
        let mut plain = start;
        loop {
            match self.byte().ok_or("the string does not end")? {
                b'"' => break,
                0..0x20 => return Err("a control character in a string"),
                b'\\' => {
                    let value = value.get_or_insert_default();
                    value.push_str(self.text.get(plain..self.at).unwrap_or(""));
                    value.push(self.escape()?);
                    plain = self.at;
                }
                _ => self.at += 1,
            }
        }
        let span = Span::new(start, self.at);
        if let Some(value) = &mut value {
            value.push_str(self.text.get(plain..self.at).unwrap_or(""));
        }
        self.at += 1;
        let value = value.map(String::into_boxed_str);
        let kind = NodeKind::Scalar { style: ScalarStyle::DoubleQuoted, implicit: false, value };
        Ok(self.add(kind, span))
    }

    /// What the escape at this place stands for.
    fn escape(&mut self) -> Result<char, &'static str> {
        let letter = self.text.as_bytes().get(self.at + 1).copied();
        let c = match letter {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.unit(self.at).ok_or("no escape of JSON")?;
                self.at += 6;
                let second = self.unit(self.at);
                let pair = second.map(|second| char::decode_utf16([first, second]).next());
                return Ok(match (char::from_u32(first.into()), pair) {
                    (Some(c), _) => c,
                    (None, Some(Some(Ok(c)))) => {
                        self.at += 6;
                        c
                    }
                    // Half a pair.
                    _ => char::REPLACEMENT_CHARACTER,
                });
            }
            _ => return Err("no escape of JSON"),
        };
        self.at += 2;
        Ok(c)
    }

    /// The code unit of `\uXXXX` at `at`.
    fn unit(&self, at: usize) -> Option<u16> {
        let hex = self.text.get(at..at + 6)?.strip_prefix("\\u")?;
        let is_hex = hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        u16::from_str_radix(hex, 16).ok().filter(|_| is_hex)
    }
}

/// What is wrong where something else was expected.
fn wanted(expect: Expect) -> &'static str {
    match expect {
        Expect::Value | Expect::ValueOrEnd => "no value of JSON",
        Expect::Key | Expect::KeyOrEnd => "JSON wants a key in double quotes here",
        Expect::Colon => "JSON wants a colon here",
        Expect::CommaOrEnd => "JSON wants a comma or the end here",
        Expect::End => "text behind the end of the JSON",
    }
}

/// The length of the number at the start of `text`.
fn number_length(text: &[u8]) -> Option<usize> {
    let digits = |from: usize| {
        let rest = text.get(from..).unwrap_or(&[]);
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let some_digits = |from: usize| Some(from + digits(from)).filter(|&end| end > from);
    let mut at = usize::from(text.first() == Some(&b'-'));
    at = if text.get(at) == Some(&b'0') { at + 1 } else { some_digits(at)? };
    if text.get(at) == Some(&b'.') {
        at = some_digits(at + 1)?;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        at = some_digits(at + 1 + sign)?;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every scalar: its bytes in the source, and its value where that differs.
    fn scalars(text: &str) -> Result<String, String> {
        let show = |node: &Node| match &node.kind {
            NodeKind::Scalar { value: Some(value), .. } => Some(value.to_string()),
            NodeKind::Scalar { .. } => Some(text[node.span.range()].to_owned()),
            _ => None,
        };
        let tree = parse(text, 0).map_err(|error| format!("{}", error.span.start))?;
        Ok(tree.iter().filter_map(show).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn reads_what_go_reads() {
        for (text, expected) in [
            ("{\"a\":\t[1, -0.5e+3, true ,null,\"x\"], \"b\" : {}}", "a 1 -0.5e+3 true null x b"),
            (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (
                r#"["\u0041é\ud83d\ude00", "\ud83d", "\ude00\ud83dx"]"#,
                "Aé😀 \u{fffd} \u{fffd}\u{fffd}x",
            ),
            ("[]", ""),
            ("0", "0"),
        ] {
            assert_eq!(scalars(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn says_where_it_stops() {
        for (text, at) in [
            ("", 0),
            ("{a: 1}", 1),
            ("{\"a\":1,}", 7),
            ("{\"a\":1} x", 8),
            ("{\"a\" 1}", 5),
            ("[1 2]", 3),
            ("[1}", 2),
            ("[01]", 2),
            ("[1.]", 1),
            ("[+1]", 1),
            ("[\"a\nb\"]", 3),
            ("[\"\\x41\"]", 2),
            ("[\"\\u+123\"]", 2),
            ("{ // c\n}", 2),
            ("[nul]", 1),
            ("\u{a0}{}", 0),
            ("{\"a\"", 4),
        ] {
            assert_eq!(scalars(text), Err(at.to_string()), "{text:?}");
        }
    }

    #[test]
    fn depth_ends_where_go_ends() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(&nested(10_000), 0).is_ok());
        assert!(parse(&nested(10_001), 0).is_err());
    }

    #[test]
    fn a_part_of_a_text_keeps_its_offsets() {
        let text = "---\n{\"a\": 1}";
        let tree = parse(text, 4).unwrap();
        let root = tree.documents[0].root.unwrap();
        assert_eq!(tree.node(root).span, Span::new(4, 12));
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_serde(text in "[\\[\\]{}\",:0-9eE.+ tfn\\\\u-]{0,24}") {
            let ours = parse(&text, 0).is_ok();
            let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            // serde looks at halves of surrogate pairs, Go does not mind them.
            proptest::prop_assert!(ours == theirs || text.contains("\\u"), "{}", text);
        }
    }
}
