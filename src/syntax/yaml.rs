//! Parses YAML as kubectl does into a spanned tree. Only this file uses goyaml's parser.

use std::collections::HashMap;

use goyaml::{Event, EventKind, Parser, ScalarStyle as Style, Tag};
use memchr::memmem;

use crate::text::source::Span;

use super::layout::Layout;
use super::nesting::Nesting;
use super::node::{
    Children, Document, Fault, NodeId, NodeKind, NodeStyle, Properties, SyntaxError, Tree,
    one_character,
};

/// Parses all documents of `text`. Never fails: the documents hold the errors.
pub fn parse(text: &str) -> Tree {
    parse_from(text, 0)
}

/// Like [`parse`], as if the text began at byte `start`; spans count from its actual start.
pub fn parse_from(text: &str, start: usize) -> Tree {
    let mut parser = Parser::resume(text, start, 0);
    let mut builder = Builder { text, ..Builder::default() };
    let (mut resumed, mut lines) = (start, 0);
    while let Some(event) = parser.next() {
        match event {
            Ok(event) => builder.event(event),
            Err(error) => {
                let span = one_character(text, error.offset);
                // Later documents of the stream may be valid and are read with correct offsets. The
                // error may be at the very marker that begins the next document.
                let from = resumed.max(error.offset.saturating_sub(1));
                builder.end_document(Some(SyntaxError { span, fault: Fault::Yaml(error) }));
                let Some(start) = next_document(text, from) else { break };
                lines += text.get(resumed..start).map_or(0, |t| t.matches('\n').count());
                parser = Parser::resume(text, start, lines);
                resumed = start;
            }
        }
    }
    builder.finish()
}

/// Returns go-yaml's error in the first document of bytes that are not valid UTF-8; `None` if
/// go-yaml finishes the document before the invalid bytes.
pub fn error_in_bytes(bytes: &[u8]) -> Option<SyntaxError> {
    let mut first_document = Parser::from_bytes(bytes).take_while(|event| {
        !matches!(event, Ok(Event { kind: EventKind::DocumentEnd { .. }, .. }))
    });
    let error = first_document.find_map(Result::err)?;
    let span = Span::at(error.offset.min(bytes.len()));
    Some(SyntaxError { span, fault: Fault::Yaml(error) })
}

/// Returns the start of the first `---` line whose preceding line break is not before `offset`.
fn next_document(text: &str, mut offset: usize) -> Option<usize> {
    while !text.is_char_boundary(offset) {
        offset += 1;
    }
    let rest = text.get(offset..)?;
    let is_start = |at: &usize| {
        let after = rest.get(at + 4..).and_then(|rest| rest.chars().next());
        after.is_none_or(char::is_whitespace)
    };
    let at = memmem::find_iter(rest.as_bytes(), "\n---").find(is_start)?;
    Some(offset + at + 1)
}

#[derive(Default)]
struct Builder<'a> {
    text: &'a str,
    tree: Tree,
    nesting: Nesting,
    anchors: HashMap<&'a str, NodeId>,
    in_document: bool,
    root: Option<NodeId>,
}

impl<'a> Builder<'a> {
    fn event(&mut self, event: Event<'a>) {
        let Event { span, anchor, tag, kind } = event;
        self.tree.make_room(self.text.as_bytes().get(span.start()..).unwrap_or(&[]));
        match kind {
            EventKind::DocumentStart { .. } => {
                self.in_document = true;
                self.root = None;
                self.anchors.clear();
            }
            EventKind::DocumentEnd { .. } => self.end_document(None),
            EventKind::SequenceEnd | EventKind::MappingEnd => {
                self.nesting.close(&mut self.tree, Some(span.end()));
            }
            EventKind::SequenceStart { .. } => {
                let id = self.tree.push(NodeKind::Sequence(Children::default()), span);
                self.add(id, anchor, tag);
                self.nesting.open(id, false);
            }
            EventKind::MappingStart { .. } => {
                let id = self.tree.push(NodeKind::Mapping(Children::default()), span);
                self.add(id, anchor, tag);
                self.nesting.open(id, true);
            }
            EventKind::Alias(name) => {
                let target = self.anchors.get(name).copied();
                let id =
                    self.tree.push(target.map_or(NodeKind::UnknownAlias, NodeKind::Alias), span);
                if target.is_none() {
                    self.tree.set_names(id, [name]);
                }
                self.add(id, anchor, tag);
            }
            EventKind::Scalar { value, style, plain_implicit, block, .. } => {
                let indent = block.map_or(0, |block| block.indent);
                let layout = Layout::Yaml { span, style, indent };
                let (style, span) = self.content(style, span);
                let is_verbatim = self.text.get(span.range()) == Some(value.as_ref());
                let value = (!is_verbatim).then(|| (value.as_ref().into(), layout));
                let id = self.tree.push_scalar(style, plain_implicit, span, value);
                self.add(id, anchor, tag);
            }
        }
    }

    /// Returns the bytes of a scalar that spell its value: without quotes, and for a block scalar
    /// from the first letter to the last.
    fn content(&self, style: Style, token: Span) -> (NodeStyle, Span) {
        match style {
            Style::Plain => (NodeStyle::Plain, token),
            Style::SingleQuoted => (NodeStyle::SingleQuoted, unquoted(token)),
            Style::DoubleQuoted => (NodeStyle::DoubleQuoted, unquoted(token)),
            Style::Literal | Style::Folded => {
                let text = self.text.get(token.range()).unwrap_or("");
                let start = token.end() - text.trim_ascii_start().len();
                let span = Span::new(start, start + text.trim_ascii().len());
                (NodeStyle::Block, span)
            }
        }
    }

    /// Adds the node that was just pushed to the innermost open collection.
    fn add(&mut self, id: NodeId, anchor: Option<(&'a str, Span)>, tag: Option<Tag<'a>>) {
        if tag.is_some() || anchor.is_some() {
            let tag = tag.map(|tag| tag.text.into());
            let anchor = anchor.map(|(name, _)| name.into());
            self.tree.set_properties(id, Properties { tag, anchor });
        }
        if let Some((name, _)) = anchor {
            self.anchors.insert(name, id);
        }
        if !self.nesting.add(id) {
            self.root.get_or_insert(id);
        }
    }

    fn end_document(&mut self, error: Option<SyntaxError>) {
        // The document may have broken off.
        while self.nesting.close(&mut self.tree, None).is_some() {}
        let root = self.root.take();
        self.tree.push_document(Document::new(root, error));
        self.in_document = false;
    }

    fn finish(mut self) -> Tree {
        if self.in_document {
            self.end_document(None);
        }
        self.tree
    }
}

/// Returns the span without the quote at each end.
fn unquoted(token: Span) -> Span {
    if token.len() >= 2 { Span::new(token.start() + 1, token.end() - 1) } else { token }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns every scalar and alias: its bytes in the source, and its value if that differs.
    fn scalars(text: &str) -> Vec<String> {
        let tree = parse(text);
        let show = |id: NodeId| {
            let node = tree.node(id);
            let bytes = text.get(node.span.range()).unwrap();
            match node.kind {
                NodeKind::Scalar { is_verbatim: false, .. } => {
                    Some(format!("{bytes}={}", tree.scalar(id, text).unwrap()))
                }
                NodeKind::Scalar { .. } | NodeKind::Alias(_) => Some(bytes.to_owned()),
                NodeKind::UnknownAlias => Some(format!("?{}", tree.names(id).next().unwrap())),
                _ => None,
            }
        };
        tree.ids().filter_map(show).collect()
    }

    /// The golden table of spans.
    #[test]
    fn yaml_spans_are_exact() {
        let table: &[(&str, &[&str])] = &[
            ("a: b # c\n", &["a", "b"]),
            ("a:\tb\t\n", &["a", "b"]),
            ("\u{feff}a: b", &["a", "b"]),
            ("a: 'it''s'\r\nb: \"x\\u0041\"\r\n", &["a", "it''s=it's", "b", "x\\u0041=xA"]),
            ("日本: \"😀\"\n", &["日本", "😀"]),
            ("a: &x b\nc: *x\nd: *y\n", &["a", "b", "c", "*x", "d", "?y"]),
            ("a: !!str 1\n", &["a", "1"]),
            ("a:\nb: ~\n", &["a", "", "b", "~"]),
            ("{a: [b,\"c\"], d: {e: f}}", &["a", "b", "c", "d", "e", "f"]),
            ("a: |\n  x\n  y\nb: c\n", &["a", "x\n  y=x\ny\n", "b", "c"]),
            ("a: b\n  c\nd: e\n", &["a", "b\n  c=b c", "d", "e"]),
            ("? a\n: b\n", &["a", "b"]),
            ("- - a\n  - b\n- c\n", &["a", "b", "c"]),
            ("{\"a\":\"b\"}", &["a", "b"]),
        ];
        for (text, expected) in table {
            assert_eq!(scalars(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn yaml_reads_the_document_after_a_broken_one() {
        let tree = parse("a: [1\n---\nb: 2\n");
        assert_eq!(tree.documents.len(), 2);
        assert!(tree.documents[0].error.is_some());
        assert_eq!(tree.documents[1].error, None);
        assert!(tree.documents[1].root.is_some());
    }

    #[test]
    fn yaml_bounds_the_nesting_depth() {
        for text in ["[".repeat(100_000), "{a: ".repeat(50_000), "- ".repeat(50_000)] {
            let tree = parse(&text);
            assert!(tree.documents[0].error.is_some());
        }
    }

    proptest::proptest! {
        #[test]
        fn yaml_spans_lie_within_any_text(text in "[-a:b{}\\[\\],'\"#&*!|>%@\\n\\r\\t \u{feff}é😀]{0,60}") {
            let tree = parse(&text);
            for node in tree.iter() {
                proptest::prop_assert!(text.get(node.span.range()).is_some());
            }
        }
    }
}
