//! kubectl's YAML as a spanned tree. The only file that knows the parser crate.

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle as Style, ScanError, Tag};

use super::node::{Document, Node, NodeId, NodeKind, ScalarStyle, SyntaxError, Tree};
use crate::source::Span;

/// go-yaml v2 refuses deeper nesting, in blocks as in brackets.
const MAX_DEPTH: usize = 10_000;

/// Reads all documents of `text`. Never fails: what is wrong stands in the documents.
pub fn parse(text: &str) -> Tree {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        bom_inside_document_as_content: true,
        block_scalar_eof_without_line_feed: true,
        simple_key_max_lookahead: 1024,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder {
        text,
        ..Builder::default()
    };
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                let fallback = || Span::at(text.len());
                let span = span
                    .byte_range()
                    .map_or_else(fallback, |r| Span::new(r.start, r.end));
                builder.event(event, span);
            }
            Err(error) => {
                builder.fail(&error);
                // Later documents of the stream may be sound, and are read with true offsets.
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    builder.finish()
}

/// A collection that is still open.
enum Open {
    Sequence {
        id: NodeId,
        items: Vec<NodeId>,
    },
    Mapping {
        id: NodeId,
        pairs: Vec<(NodeId, NodeId)>,
        key: Option<NodeId>,
    },
}

#[derive(Default)]
struct Builder<'a> {
    text: &'a str,
    tree: Tree,
    open: Vec<Open>,
    anchors: HashMap<usize, NodeId>,
    in_document: bool,
    root: Option<NodeId>,
    last: Option<NodeId>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) {
        match event {
            Event::DocumentStart(..) => {
                self.in_document = true;
                self.root = None;
                self.anchors.clear();
            }
            Event::DocumentEnd => self.end_document(None),
            Event::Scalar(value, style, anchor, tag) => {
                let (span, kind) = self.scalar(&value, style, span);
                self.add(kind, span, anchor, tag.as_deref());
            }
            Event::SequenceStart(_, anchor, tag) => {
                let id = self.add(NodeKind::Sequence(Vec::new()), span, anchor, tag.as_deref());
                self.open.push(Open::Sequence {
                    id,
                    items: Vec::new(),
                });
            }
            Event::MappingStart(_, anchor, tag) => {
                let id = self.add(NodeKind::Mapping(Vec::new()), span, anchor, tag.as_deref());
                self.open.push(Open::Mapping {
                    id,
                    pairs: Vec::new(),
                    key: None,
                });
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(Some(span.end)),
            Event::Alias(id) => {
                let kind = match self.anchors.get(&id) {
                    Some(&target) => NodeKind::Alias(target),
                    None => self.unknown_alias(span),
                };
                self.add(kind, span, 0, None);
            }
            Event::UnresolvedAlias(name) => {
                self.add(NodeKind::UnknownAlias(name.into()), span, 0, None);
            }
            Event::Anchor(_, name) => {
                if let Some(id) = self.last {
                    self.tree.node_mut(id).anchor = Some(name.into());
                }
            }
            _ => {}
        }
    }

    fn unknown_alias(&self, span: Span) -> NodeKind {
        let token = self.text.get(span.range()).unwrap_or("");
        NodeKind::UnknownAlias(token.trim_start_matches('*').into())
    }

    fn scalar(&self, value: &str, style: Style, token: Span) -> (Span, NodeKind) {
        let (style, span) = match style {
            Style::Plain => (ScalarStyle::Plain, token),
            Style::SingleQuoted => (ScalarStyle::SingleQuoted, unquoted(token)),
            Style::DoubleQuoted => (ScalarStyle::DoubleQuoted, unquoted(token)),
            _ => (ScalarStyle::Block, token),
        };
        let written = self.text.get(span.range()).unwrap_or("");
        // An absent value is reported as a plain `~` with an empty span: null all the same.
        let same = written == value || (style == ScalarStyle::Plain && span.is_empty());
        let value = (!same).then(|| value.into());
        (span, NodeKind::Scalar { style, value })
    }

    /// Adds a node to the tree and to what is open.
    fn add(&mut self, kind: NodeKind, span: Span, anchor: usize, tag: Option<&Tag>) -> NodeId {
        let tag = tag.map(|tag| format!("{}{}", tag.handle(), tag.suffix()).into());
        let id = self.tree.push(Node {
            kind,
            span,
            tag,
            anchor: None,
        });
        if anchor != 0 {
            self.anchors.insert(anchor, id);
        }
        self.attach(id);
        self.last = Some(id);
        id
    }

    fn attach(&mut self, child: NodeId) {
        match self.open.last_mut() {
            None => self.root = self.root.or(Some(child)),
            Some(Open::Sequence { items, .. }) => items.push(child),
            Some(Open::Mapping { pairs, key, .. }) => match key.take() {
                None => *key = Some(child),
                Some(key) => pairs.push((key, child)),
            },
        }
    }

    /// Closes the innermost collection; `end` is unknown where the document broke off.
    fn close(&mut self, end: Option<usize>) {
        let (id, kind) = match self.open.pop() {
            None => return,
            Some(Open::Sequence { id, items }) => (id, NodeKind::Sequence(items)),
            Some(Open::Mapping { id, pairs, .. }) => (id, NodeKind::Mapping(pairs)),
        };
        let node = self.tree.node_mut(id);
        node.kind = kind;
        node.span.end = end.unwrap_or(node.span.end).max(node.span.start);
    }

    fn end_document(&mut self, error: Option<SyntaxError>) {
        while !self.open.is_empty() {
            self.close(None);
        }
        self.tree.documents.push(Document {
            root: self.root.take(),
            error,
        });
        self.in_document = false;
    }

    fn fail(&mut self, error: &ScanError) {
        let at = error.marker().byte_offset().unwrap_or(self.text.len());
        let span = Span::at(at.min(self.text.len()));
        self.end_document(Some(SyntaxError {
            span,
            message: error.info(),
        }));
    }

    fn finish(mut self) -> Tree {
        if self.in_document {
            self.end_document(None);
        }
        self.tree
    }
}

/// The span without a quote at each end.
fn unquoted(token: Span) -> Span {
    if token.len() >= 2 {
        Span::new(token.start + 1, token.end - 1)
    } else {
        token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every scalar and alias: its bytes in the source, and its value where that differs.
    fn scalars(text: &str) -> Vec<String> {
        let tree = parse(text);
        let show = |node: &Node| {
            let bytes = text.get(node.span.range()).unwrap();
            match &node.kind {
                NodeKind::Scalar {
                    value: Some(value), ..
                } => Some(format!("{bytes}={value}")),
                NodeKind::Scalar { .. } | NodeKind::Alias(_) => Some(bytes.to_owned()),
                NodeKind::UnknownAlias(name) => Some(format!("?{name}")),
                _ => None,
            }
        };
        tree.iter().filter_map(show).collect()
    }

    /// The golden table of spans: a change here is a change of the parser crate.
    #[test]
    fn spans_are_exact() {
        let table: &[(&str, &[&str])] = &[
            ("a: b # c\n", &["a", "b"]),
            ("a:\tb\t\n", &["a", "b"]),
            ("\u{feff}a: b", &["a", "b"]),
            (
                "a: 'it''s'\r\nb: \"x\\u0041\"\r\n",
                &["a", "it''s=it's", "b", "x\\u0041=xA"],
            ),
            ("日本: \"😀\"\n", &["日本", "😀"]),
            ("a: &x b\nc: *x\nd: *y\n", &["a", "b", "c", "*x", "d", "?y"]),
            ("a: !!str 1\n", &["a", "1"]),
            ("a:\nb: ~\n", &["a", "", "b", "~"]),
            ("{a: [b,\"c\"], d: {e: f}}", &["a", "b", "c", "d", "e", "f"]),
            (
                "a: |\n  x\n  y\nb: c\n",
                &["a", "x\n  y\n=x\ny\n", "b", "c"],
            ),
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
    fn a_broken_document_does_not_hide_the_next() {
        let tree = parse("a: [1\n---\nb: 2\n");
        assert_eq!(tree.documents.len(), 2);
        assert!(tree.documents[0].error.is_some());
        assert_eq!(tree.documents[1].error, None);
        assert!(tree.documents[1].root.is_some());
    }

    #[test]
    fn depth_is_bounded_and_never_recursed_into() {
        for text in [
            "[".repeat(100_000),
            "{a: ".repeat(50_000),
            "- ".repeat(50_000),
        ] {
            let tree = parse(&text);
            assert!(tree.documents[0].error.is_some());
        }
    }

    proptest::proptest! {
        #[test]
        fn spans_lie_in_the_text(text in "[-a:b{}\\[\\],'\"#&*!|>%@\\n\\r\\t \u{feff}é😀]{0,60}") {
            let tree = parse(&text);
            for node in tree.iter() {
                proptest::prop_assert!(text.get(node.span.range()).is_some());
            }
        }
    }
}
