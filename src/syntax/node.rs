//! The spanned tree that every syntax yields.
//!
//! Nodes live in one vector and refer to each other by number: nothing here recurses, however
//! deep the input is. Aliases stay what they are; nothing is expanded.

use crate::text::offsets::{Mapped, OffsetMap};
use crate::text::source::Span;

use super::layout::Written;

/// The number of a node in its [`Tree`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// As an index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Without quotes.
    Plain,
    /// `'…'`.
    SingleQuoted,
    /// `"…"`.
    DoubleQuoted,
    /// `|` or `>`.
    Block,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar.
    Scalar {
        /// How it is written.
        style: ScalarStyle,
        /// Whether nothing but its looks says what it is: plain, and without a tag.
        implicit: bool,
        /// Its value where it differs from the bytes of [`Node::span`]; escapes, doubled
        /// quotes, folded lines and block scalars do.
        value: Option<Box<str>>,
    },
    /// A sequence, and its items.
    Sequence(Vec<NodeId>),
    /// A mapping: keys and values as they are written, duplicates and merge keys included.
    Mapping(Vec<(NodeId, NodeId)>),
    /// An alias, and the node its anchor stands at.
    Alias(NodeId),
    /// An alias to an anchor that is not there; the name.
    UnknownAlias(Box<str>),
}

/// One node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The bytes that spell it: a scalar without its quotes, an alias with its `*`, a collection
    /// from its first to its last byte. Empty where a value is absent (`key:`).
    pub span: Span,
    /// Its tag in full (`tag:yaml.org,2002:str`), if one is written.
    pub tag: Option<Box<str>>,
    /// The name of its anchor, if it has one.
    pub anchor: Option<Box<str>>,
}

/// Why reading stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What is wrong, in the words of the parser.
    pub message: String,
}

/// One document of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its root; `None` where nothing could be read.
    pub root: Option<NodeId>,
    /// Why it could not be read to its end. What was read before is in the tree.
    pub error: Option<SyntaxError>,
}

/// The documents of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Node>,
    has_aliases: bool,
    is_json: bool,
    /// How many nodes there were at the end of each document.
    ends: Vec<usize>,
    /// How the scalars are written whose value is not verbatim, by number.
    written: Vec<(NodeId, Written)>,
    /// The text that was parsed, where it is a copy of the text with parts overwritten.
    parsed: Option<Box<str>>,
    /// The documents, in order.
    pub documents: Vec<Document>,
}

impl Tree {
    /// A tree of JSON or HCL, in which plain words mean what they mean in JSON and nothing is
    /// merged.
    pub fn without_merges() -> Self {
        Self { is_json: true, ..Self::default() }
    }

    /// Whether it was read as JSON, not as YAML.
    pub fn is_json(&self) -> bool {
        self.is_json
    }

    /// Adds a node.
    pub fn push(&mut self, node: Node) -> NodeId {
        // A node takes a byte of input at least, and inputs over 4 GiB are never read.
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.has_aliases |= matches!(node.kind, NodeKind::Alias(_));
        self.nodes.push(node);
        id
    }

    /// Says how the last node, a scalar whose value is not verbatim, is written.
    pub fn push_written(&mut self, written: Written) {
        if let Some(last) = self.nodes.len().checked_sub(1).and_then(|at| u32::try_from(at).ok()) {
            self.written.push((NodeId(last), written));
        }
    }

    /// The value of a scalar, and where in `text`, of which the tree is, its bytes come from;
    /// `None` for any other node.
    pub fn mapped(&self, id: NodeId, text: &str) -> Option<Mapped> {
        let value = self.scalar(id, text)?.to_owned();
        let span = self.node(id).span;
        let at = self.written.partition_point(|(other, _)| *other < id);
        let written = self.written.get(at).filter(|(other, _)| *other == id);
        let map = match written {
            Some((_, written)) => written.map(self.parsed.as_deref().unwrap_or(text)),
            None => OffsetMap::verbatim(span),
        };
        // A value that was put together in a way of its own stands for its place as a whole.
        let map = if map.len() == value.len() { map } else { OffsetMap::whole(value.len(), span) };
        Some(Mapped { text: value, map })
    }

    /// Makes a tree that was parsed from a copy of `text`, of the same length, one of the text
    /// itself.
    pub fn restore(&mut self, text: &str, parsed: String) {
        for (id, written) in &self.written {
            let Some(node) = self.nodes.get_mut(id.index()) else { continue };
            let NodeKind::Scalar { value: Some(value), .. } = &mut node.kind else { continue };
            let map = written.map(&parsed);
            if map.len() == value.len() {
                *value = map.restored(value, text).into();
            }
        }
        self.parsed = Some(parsed.into());
    }

    /// Ends the document that the nodes since the last one are of.
    pub fn push_document(&mut self, document: Document) {
        self.ends.push(self.nodes.len());
        self.documents.push(document);
    }

    /// The number behind that of the last node of the document of `id`.
    pub fn end_of(&self, id: NodeId) -> usize {
        let at = self.ends.partition_point(|&end| end <= id.index());
        self.ends.get(at).copied().unwrap_or(self.nodes.len())
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is an alias, to an anchor that is there.
    pub fn has_aliases(&self) -> bool {
        self.has_aliases
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node of that number.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The numbers of all nodes, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        // There are never more than fit.
        (0..u32::try_from(self.nodes.len()).unwrap_or(u32::MAX)).map(NodeId)
    }

    /// The index in [`Tree::documents`] of the document that the node is of.
    pub fn document_of(&self, id: NodeId) -> usize {
        self.ends.partition_point(|&end| end <= id.index())
    }

    /// The same, to change it.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.index()]
    }

    /// Where the first node begins that begins at `at` or behind it.
    pub fn start_behind(&self, at: usize) -> Option<usize> {
        // A parser adds them in the order of the text.
        let first = self.nodes.partition_point(|node| node.span.start < at);
        self.nodes.get(first).map(|node| node.span.start)
    }

    /// All nodes, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// The node behind an alias, and the alias; any other node is itself.
    pub fn resolve(&self, id: NodeId) -> (NodeId, Option<Span>) {
        match self.node(id).kind {
            // An anchor never stands on an alias, so one step is enough.
            NodeKind::Alias(target) => (target, Some(self.node(id).span)),
            _ => (id, None),
        }
    }

    /// The text of a scalar, escapes undone; `None` for any other node.
    pub fn scalar<'a>(&'a self, id: NodeId, text: &'a str) -> Option<&'a str> {
        let node = self.node(id);
        match &node.kind {
            NodeKind::Scalar { value: Some(value), .. } => Some(value),
            NodeKind::Scalar { value: None, .. } => text.get(node.span.range()),
            _ => None,
        }
    }

    /// The pairs of a mapping as written; none for any other node.
    pub fn pairs(&self, id: NodeId) -> &[(NodeId, NodeId)] {
        match &self.node(id).kind {
            NodeKind::Mapping(pairs) => pairs,
            _ => &[],
        }
    }

    /// The items of a sequence; none for any other node.
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match &self.node(id).kind {
            NodeKind::Sequence(items) => items,
            _ => &[],
        }
    }
}
