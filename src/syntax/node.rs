//! The spanned tree that every syntax produces.
//!
//! Nodes live in one vector and refer to each other by number, so nothing here recurses, however
//! deeply the input is nested. Aliases are not expanded.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::ops::Range;

use crate::text::offsets::{Mapped, OffsetMap};
use crate::text::source::{Span, floor_boundary};

use super::layout::Layout;

/// The number of a node in its `Tree`, from 1, so that an optional one takes no more memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    fn at(index: usize) -> Self {
        // A node takes at least one byte of input, and inputs over 4 GiB are never read.
        Self(NonZeroU32::MIN.saturating_add(u32::try_from(index).unwrap_or(u32::MAX)))
    }

    /// Returns the number as an index.
    pub fn index(self) -> usize {
        (self.0.get() - 1) as usize
    }
}

/// The style of a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeStyle {
    /// Without quotes.
    Plain,
    /// `'…'`.
    SingleQuoted,
    /// `"…"`.
    DoubleQuoted,
    /// `|` or `>`.
    Block,
}

/// The kind of a node. The tree holds the rest of its content: see [`Tree::scalar`],
/// [`Tree::items`], [`Tree::pairs`] and [`Tree::names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar.
    Scalar {
        /// The style of the scalar.
        style: NodeStyle,
        /// Whether only its text determines its type: it is plain and has no tag.
        implicit: bool,
        /// Whether its value is the bytes of `Node::span`, without escapes, doubled quotes, folded
        /// lines and the like.
        is_verbatim: bool,
    },
    /// A sequence with its items.
    Sequence(Children),
    /// A mapping: keys and values as written, including duplicates and merge keys.
    Mapping(Children),
    /// An alias, and the node that has its anchor.
    Alias(NodeId),
    /// An alias to a missing anchor, which the tree names.
    UnknownAlias,
    /// A block of HCL: the attributes and the blocks inside as written. The tree names its labels
    /// without quotes.
    Block(Children),
    /// A call in HCL with its arguments. The tree names the function.
    Call(Children),
    /// The operands of `==` or `!=` in HCL.
    Comparison(Children),
    /// An expression in HCL with several operands, such as those of `a ? b : c`.
    Expression(Children),
}

/// Where a tree holds the items or pairs of a node, after their count; `None` if there are none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Children(Option<NodeId>);

impl Children {
    /// Adds the children of a node to those of all others.
    fn add<T: Child>(all: &mut Vec<T>, children: impl IntoIterator<Item = T>) -> Self {
        let at = all.len();
        all.push(T::counting(0));
        all.extend(children);
        let count = all.len() - at - 1;
        if count == 0 {
            all.pop();
            return Self::default();
        }
        if let Some(first) = all.get_mut(at) {
            *first = T::counting(count);
        }
        Self(Some(NodeId::at(at)))
    }

    fn of<T: Child>(self, all: &[T]) -> &[T] {
        let children = self.0.and_then(|at| all.get(at.index()..)?.split_first());
        children.and_then(|(count, rest)| rest.get(..count.count())).unwrap_or(&[])
    }
}

/// An item or a pair of a node, or how many of them follow.
trait Child: Copy {
    fn counting(count: usize) -> Self;
    fn count(self) -> usize;
}

impl Child for NodeId {
    fn counting(count: usize) -> Self {
        Self::at(count)
    }

    fn count(self) -> usize {
        self.index()
    }
}

impl Child for (NodeId, NodeId) {
    fn counting(count: usize) -> Self {
        (NodeId::at(count), NodeId::at(0))
    }

    fn count(self) -> usize {
        self.0.index()
    }
}

/// One node. A text has one for every few bytes, so it contains only what all nodes have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// The kind of the node.
    pub kind: NodeKind,
    /// The bytes that spell the node: a scalar without its quotes, an alias with its `*`, a
    /// collection from its first to its last byte. Empty for an absent value (`key:`).
    pub span: Span,
}

/// The value of a scalar that is not verbatim.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Value {
    text: Box<str>,
    layout: Layout,
}

/// What YAML may write before a value, and seldom does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties {
    /// The resolved tag (`tag:yaml.org,2002:str`), if one is written.
    pub tag: Option<Box<str>>,
    /// The name of the anchor, if the node has one.
    pub anchor: Option<Box<str>>,
}

/// What only some nodes have, sorted by node.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rare<T>(Vec<(NodeId, T)>);

impl<T> Default for Rare<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Rare<T> {
    /// Adds what a node has; it follows all others that have it.
    fn push(&mut self, id: NodeId, of: T) {
        self.0.push((id, of));
    }

    fn get(&self, id: NodeId) -> Option<&T> {
        let at = self.0.binary_search_by_key(&id, |(id, _)| *id).ok()?;
        self.0.get(at).map(|(_, of)| of)
    }
}

/// Why parsing stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// The location of the error.
    pub span: Span,
    /// What is wrong there.
    pub fault: Fault,
}

/// Returns the span of the character at the byte `offset`, or of that which contains it; empty at the
/// end of a line or of the text.
pub(super) fn one_character(text: &str, offset: usize) -> Span {
    let start = floor_boundary(text, offset);
    let first = text.get(start..).and_then(|rest| rest.chars().next());
    let width = first.filter(|c| !c.is_control()).map_or(0, char::len_utf8);
    Span::new(start, start + width)
}

/// Why a parser rejects a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The text is not YAML.
    Yaml(goyaml::Error),
    /// The text is not JSON.
    Json(JsonFault),
    /// A bracket or quote of HCL is not closed, or closed twice.
    Hcl,
    /// HCL is nested too deeply.
    HclDepth,
}

/// Why a text is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonFault {
    /// The text ends within the value.
    BreaksOff,
    /// The value is complete, and more than white space follows.
    TextBehind,
    /// A bracket closes where a comma announces another item.
    TrailingComma,
    /// A string in single quotes.
    SingleQuotes,
    /// Something other than a string as a key.
    NoKey,
    /// Something other than a colon after a key.
    NoColon,
    /// Something other than a comma or the closing bracket after an item.
    NoComma,
    /// Neither a string, a number, a list, a map, `true`, `false` nor `null`.
    NoValue,
    /// An unknown escape in a string.
    Escape,
    /// A control character in a string.
    ControlCharacter,
    /// Nested too deeply.
    Depth,
}

impl JsonFault {
    /// Returns what is wrong, in words that quote nothing of the text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BreaksOff => "the JSON ends too early",
            Self::TextBehind => "text after the JSON value",
            Self::TrailingComma => "JSON does not allow a trailing comma",
            Self::SingleQuotes => "JSON does not allow single quotes",
            Self::NoKey => "expected a key in double quotes",
            Self::NoColon => "expected a colon",
            Self::NoComma => "expected a comma or a closing bracket",
            Self::NoValue => "expected a JSON value",
            Self::Escape => "invalid JSON escape",
            Self::ControlCharacter => "JSON does not allow control characters in strings",
            Self::Depth => "the JSON is nested too deeply",
        }
    }
}

/// One document of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The root; `None` if nothing could be read.
    pub root: Option<NodeId>,
    /// Why the document could not be read to its end. The tree holds everything before the error.
    pub error: Option<Box<SyntaxError>>,
}

impl Document {
    /// Creates a document that was read to its end or to an error.
    pub fn new(root: Option<NodeId>, error: Option<SyntaxError>) -> Self {
        Self { root, error: error.map(Box::new) }
    }

    /// Returns the byte, 0-based, at which more than white space follows a whole JSON value.
    pub(crate) fn text_behind(&self) -> Option<usize> {
        let error = self.error.as_ref()?;
        (error.fault == Fault::Json(JsonFault::TextBehind)).then(|| error.span.start())
    }
}

/// The documents of one text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    nodes: Vec<Node>,
    has_aliases: bool,
    /// How many bytes of long values were read through aliases, and whether that was too many.
    aliased: Cell<(usize, bool)>,
    is_json_like: bool,
    /// The number of nodes at the end of each document.
    ends: Vec<usize>,
    items: Vec<NodeId>,
    pairs: Vec<(NodeId, NodeId)>,
    values: Rare<Value>,
    properties: Rare<Properties>,
    names: Rare<Range<u32>>,
    /// The names of all nodes, one after the other, and where each ends.
    name_text: String,
    name_ends: Vec<u32>,
    /// The text that was parsed, if it is a copy of the original with parts overwritten.
    parsed: Option<Box<str>>,
    /// The documents, in order.
    pub documents: Vec<Document>,
}

impl Tree {
    /// Makes room, if none is left, for the nodes of the rest of a text, which has about as many
    /// separators. A tree that grows step by step leaves the memory of each step behind.
    pub fn make_room(&mut self, rest: &[u8]) {
        if self.nodes.len() < self.nodes.capacity() {
            return;
        }
        // Many a text that a parser rejects is rejected near its beginning.
        const BEGIN: usize = 1 << 16;
        let rest = if self.is_empty() { rest.get(..BEGIN).unwrap_or(rest) } else { rest };
        let count = |mark| memchr::memchr_iter(mark, rest).count();
        let marks: usize = b",:=[{(\n".iter().map(|mark| count(*mark)).sum();
        // Nodes without separators, such as those of `- - -`, must not be counted again and again.
        self.nodes.reserve_exact((marks + marks / 16 + 8).max(self.nodes.len() / 2));
    }

    /// Returns the tree as one of JSON or HCL: plain words are interpreted as in JSON, and nothing is
    /// merged.
    #[must_use]
    pub fn json_like(self) -> Self {
        Self { is_json_like: true, ..self }
    }

    /// Returns whether the text was read as JSON or HCL rather than YAML.
    pub fn is_json_like(&self) -> bool {
        self.is_json_like
    }

    /// Adds a node and returns its number.
    pub fn push(&mut self, kind: NodeKind, span: Span) -> NodeId {
        let id = NodeId::at(self.nodes.len());
        self.has_aliases |= matches!(kind, NodeKind::Alias(_));
        self.nodes.push(Node { kind, span });
        id
    }

    /// Adds a scalar; `value` is its value and its layout if that is not verbatim.
    pub fn push_scalar(
        &mut self,
        style: NodeStyle,
        implicit: bool,
        span: Span,
        value: Option<(Box<str>, Layout)>,
    ) -> NodeId {
        let id =
            self.push(NodeKind::Scalar { style, implicit, is_verbatim: value.is_none() }, span);
        if let Some((text, layout)) = value {
            self.values.push(id, Value { text, layout });
        }
        id
    }

    /// Sets the tag and the anchor of a node, which must follow all others that have some.
    pub fn set_properties(&mut self, id: NodeId, properties: Properties) {
        self.properties.push(id, properties);
    }

    /// Names a node, which must follow all others that have names.
    pub fn set_names<'a>(&mut self, id: NodeId, names: impl IntoIterator<Item = &'a str>) {
        // Inputs over 4 GiB are never read.
        let length = |length| u32::try_from(length).unwrap_or(u32::MAX);
        let first = length(self.name_ends.len());
        for name in names {
            self.name_text.push_str(name);
            self.name_ends.push(length(self.name_text.len()));
        }
        self.names.push(id, first..length(self.name_ends.len()));
    }

    /// Keeps the children of a node that has items.
    pub fn add_items(&mut self, items: &[NodeId]) -> Children {
        Children::add(&mut self.items, items.iter().copied())
    }

    /// Keeps the children of a mapping or a block: its keys, each with its value.
    pub fn add_pairs(&mut self, pairs: impl IntoIterator<Item = (NodeId, NodeId)>) -> Children {
        Children::add(&mut self.pairs, pairs)
    }

    /// Sets the children and the end of a collection.
    pub fn close(&mut self, id: NodeId, all: Children, end: usize) {
        let node = self.node_mut(id);
        node.span = Span::new(node.span.start(), end);
        match &mut node.kind {
            NodeKind::Sequence(children)
            | NodeKind::Mapping(children)
            | NodeKind::Block(children)
            | NodeKind::Call(children) => *children = all,
            _ => {}
        }
    }

    /// Returns whether key and value are the halves of a string in a command that YAML takes for a
    /// pair: `echo "apiVersion: …" >> FILE`.
    pub(crate) fn splits_string(&self, text: &str, key: NodeId, value: NodeId) -> bool {
        let written = |id| text.get(self.node(id).span.range()).unwrap_or("");
        let is_open = |text: &str, quote| text.matches(quote).count() % 2 == 1;
        let (key, value) = (written(key), written(value));
        ['"', '\''].into_iter().any(|quote| is_open(key, quote) && is_open(value, quote))
    }

    /// Returns the value of a scalar, with a map to `text`, the text of this tree; `None` for any
    /// other node.
    pub fn mapped(&self, id: NodeId, text: &str) -> Option<Mapped> {
        let value = self.scalar(id, text)?.to_owned();
        let span = self.node(id).span;
        let map = match self.values.get(id) {
            Some(Value { layout, .. }) => layout.map(self.parsed.as_deref().unwrap_or(text)),
            None => OffsetMap::verbatim(span),
        };
        // A value with a length that its layout does not explain is mapped to its span as a whole.
        let map = if map.len() == value.len() { map } else { OffsetMap::whole(value.len(), span) };
        Some(Mapped { text: value, map })
    }

    /// Converts a tree parsed from `parsed`, a copy of `text` of the same length, into a tree of
    /// `text` itself. A character of `text` may be several in `parsed`.
    pub fn restore(&mut self, text: &str, parsed: String) {
        for (_, Value { text: value, layout }) in &mut self.values.0 {
            let map = layout.map(&parsed);
            if map.len() == value.len() {
                *value = map.restored(value, text).into();
            }
        }
        for error in self.documents.iter_mut().filter_map(|document| document.error.as_mut()) {
            error.span = one_character(text, error.span.start());
        }
        self.parsed = Some(parsed.into());
    }

    /// Ends a document, which owns all nodes since the previous one.
    pub fn push_document(&mut self, document: Document) {
        self.ends.push(self.nodes.len());
        self.documents.push(document);
    }

    /// Returns the number after that of the last node in the document of `id`.
    pub fn end_of(&self, id: NodeId) -> usize {
        self.ends.get(self.document_of(id)).copied().unwrap_or(self.nodes.len())
    }

    /// Returns whether some document could not be read to its end.
    pub fn is_broken(&self) -> bool {
        self.documents.iter().any(|document| document.error.is_some())
    }

    /// Returns the number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns whether there is an alias to an existing anchor.
    pub fn has_aliases(&self) -> bool {
        self.has_aliases
    }

    /// Counts the bytes of a value that is read through an alias. Returns whether no more than
    /// `most` have been read so.
    pub(crate) fn read_aliased(&self, bytes: usize, most: usize) -> bool {
        let (read, was_cut) = self.aliased.get();
        let read = read.saturating_add(bytes);
        let fits = read <= most;
        self.aliased.set(if fits { (read, was_cut) } else { (most, true) });
        fits
    }

    /// Returns whether some value that was read through an alias was too much.
    pub(crate) fn has_cut_values(&self) -> bool {
        self.aliased.get().1
    }

    /// Returns whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns the node with that number.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// Returns the numbers of all nodes, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.nodes.len()).map(NodeId::at)
    }

    /// Returns the numbers of the node and of all after it in its document.
    pub fn ids_from(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (id.index()..self.end_of(id)).map(NodeId::at)
    }

    /// Returns the index in [`Tree::documents`] of the document that the node belongs to.
    pub fn document_of(&self, id: NodeId) -> usize {
        self.ends.partition_point(|&end| end <= id.index())
    }

    /// Returns the node with that number, mutably.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.nodes[id.index()]
    }

    /// Returns the start of the first node that begins at or after `at`.
    pub fn start_after(&self, at: usize) -> Option<usize> {
        // Parsers add nodes in text order.
        let first = self.nodes.partition_point(|node| node.span.start() < at);
        self.nodes.get(first).map(|node| node.span.start())
    }

    /// Returns all nodes, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter()
    }

    /// Resolves an alias to its node and the span of the alias; any other node resolves to itself.
    pub fn resolve(&self, id: NodeId) -> (NodeId, Option<Span>) {
        match self.node(id).kind {
            // An alias never has an anchor, so one step is enough.
            NodeKind::Alias(target) => (target, Some(self.node(id).span)),
            _ => (id, None),
        }
    }

    /// Returns the text of a scalar with its escapes decoded; `None` for any other node.
    pub fn scalar<'a>(&'a self, id: NodeId, text: &'a str) -> Option<&'a str> {
        let Node { kind, span } = self.node(id);
        match kind {
            NodeKind::Scalar { is_verbatim: true, .. } => text.get(span.range()),
            NodeKind::Scalar { .. } => self.values.get(id).map(|value| &*value.text),
            _ => None,
        }
    }

    /// Returns whether only the text of a scalar determines its type; `false` for any other node.
    pub fn is_implicit(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, NodeKind::Scalar { implicit: true, .. })
    }

    /// Returns the resolved tag of a node; empty if none is written.
    pub fn tag(&self, id: NodeId) -> &str {
        self.properties.get(id).and_then(|of| of.tag.as_deref()).unwrap_or("")
    }

    /// Returns the name of the anchor of a node, if it has one.
    pub fn anchor(&self, id: NodeId) -> Option<&str> {
        self.properties.get(id)?.anchor.as_deref()
    }

    /// Returns the names that a node has besides its children: the labels of a block, the function
    /// of a call, the missing anchor of an alias; empty for any other node.
    pub fn names(&self, id: NodeId) -> impl Iterator<Item = &str> {
        let names = self.names.get(id).cloned().unwrap_or_default();
        let end = |number: u32| self.name_ends.get(number as usize).map_or(0, |end| *end as usize);
        names.filter_map(move |number| {
            self.name_text.get(number.checked_sub(1).map_or(0, end)..end(number))
        })
    }

    /// Returns whether a node is a mapping or a block.
    pub fn is_mapping(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, NodeKind::Mapping(_) | NodeKind::Block(_))
    }

    /// Returns the pairs of a mapping or a block as written; empty for any other node.
    pub fn pairs(&self, id: NodeId) -> &[(NodeId, NodeId)] {
        match self.node(id).kind {
            NodeKind::Mapping(pairs) | NodeKind::Block(pairs) => pairs.of(&self.pairs),
            _ => &[],
        }
    }

    /// Returns the items of a sequence, the arguments of a call, or the operands of an expression
    /// or a comparison; empty for any other node.
    pub fn items(&self, id: NodeId) -> &[NodeId] {
        match self.node(id).kind {
            NodeKind::Sequence(items)
            | NodeKind::Call(items)
            | NodeKind::Comparison(items)
            | NodeKind::Expression(items) => items.of(&self.items),
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn make_room_seldom_looks_at_the_text() {
        let (mut tree, mut rooms) = (Tree::default(), std::collections::BTreeSet::new());
        for at in 0..100_000 {
            tree.make_room(b"- - - -");
            tree.push(NodeKind::UnknownAlias, Span::at(at));
            rooms.insert(tree.nodes.capacity());
        }
        assert!(rooms.len() < 40, "{rooms:?}");
        let mut tree = Tree::default();
        tree.make_room(b"[a,b,c]");
        assert!((4..40).contains(&tree.nodes.capacity()));
    }

    #[test]
    fn nodes_and_documents_are_small() {
        // A text has one for every few bytes.
        assert!(size_of::<Node>() <= 16, "{}", size_of::<Node>());
        assert!(size_of::<Document>() <= 16, "{}", size_of::<Document>());
    }
}
