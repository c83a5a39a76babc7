//! Decodes a document as Kubernetes' strict decoder does: into Go structs, with a warning for each
//! unknown or duplicate field.
//!
//! Source: sigs.k8s.io/json `internal/golang/encoding/json/decode.go` and `kubernetes_patch.go`,
//! apimachinery `pkg/runtime/serializer/json/json.go`, go-yaml v2 `decode.go` (`setMapIndex`);
//! measured with kubectl 1.34 to 1.37.

use std::collections::{BTreeMap, HashSet};

use crate::go::quote::go_quote;
use crate::kubectl::decode::schema::{Struct, Type};
use crate::kubectl::decode::view::{Field, View};
use crate::kubernetes::version::Minor;
use crate::model::refusal::{DecodeError, Reason};
use crate::model::{Strict, StrictWhy};
use crate::syntax::node::{NodeId, NodeKind, ScalarStyle};
use crate::text::source::{Span, Spanned, clip};

/// Limit on the warnings that we keep; kubectl prints the first hundred of most kinds.
const MOST: usize = 10_000;

/// A valid document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Content<'a> {
    /// Its tree and text.
    pub(super) view: View<'a>,
    /// Its root.
    pub(super) root: NodeId,
    /// The byte offset of its start.
    pub(super) start: usize,
    /// Whether it was read as JSON.
    pub(super) is_json: bool,
}

impl Content<'_> {
    /// Returns the top-level fields in the order in which the decoder meets them: as written in
    /// JSON, sorted and without duplicates in YAML.
    pub(super) fn top(&self) -> Vec<(String, Field)> {
        fields(self.view, self.root, self.is_json)
    }
}

/// A Go value, limited to strings, lists and structs.
#[derive(Debug, Default)]
pub(super) struct Value {
    /// The key that last set it; `None` for an item of a list.
    pub(super) key: Option<Span>,
    /// The span of the value.
    pub(super) span: Span,
    /// The alias through which it got here, if any.
    pub(super) alias: Option<Span>,
    /// The string; `None` if it was never set.
    pub(super) text: Option<Spanned<String>>,
    fields: BTreeMap<&'static str, Value>,
    /// The items, followed by those that a longer, earlier list left in Go's memory.
    items: Vec<Value>,
    /// The number of items; `None` for a nil list.
    length: Option<usize>,
}

impl Value {
    /// Returns a field of a struct, if it was set.
    pub(super) fn field(&self, name: &str) -> Option<&Self> {
        self.fields.get(name)
    }

    /// Returns the items of a list; `None` if it is nil.
    pub(super) fn list(&self) -> Option<&[Self]> {
        self.items.get(..self.length?)
    }

    /// Returns the items of a list field; none if it is nil.
    pub(super) fn items_of(&self, name: &str) -> &[Self] {
        self.field(name).and_then(Self::list).unwrap_or(&[])
    }

    /// Returns a string field with its span; `None` if it is empty.
    pub(super) fn text_of(&self, name: &str) -> Option<&Spanned<String>> {
        self.field(name)?.text.as_ref().filter(|text| !text.value.is_empty())
    }
}

/// The result of decoding a document.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// The struct.
    pub(super) value: Value,
    /// Values of the wrong type; a single one makes kubectl skip the document.
    pub(super) errors: Vec<DecodeError>,
    /// The warnings.
    pub(super) strict: Vec<Strict>,
}

/// Decodes a document into the struct `of`.
pub(super) fn decode(content: &Content<'_>, of: &'static Struct) -> Decoded {
    let Content { view, root, is_json, .. } = *content;
    let strict = if is_json { Vec::new() } else { already_set(content) };
    let mut decoder = Decoder { view, is_json, errors: Vec::new(), strict };
    let mut value = Value::default();
    let root = Field { key: root, value: root, alias: None };
    decoder.value(&mut value, &root, Type::Struct(of), "", Minor::OLDEST);
    Decoded { value, errors: decoder.errors, strict: decoder.strict }
}

fn fields(view: View<'_>, node: NodeId, is_json: bool) -> Vec<(String, Field)> {
    if !is_json {
        return view.fields(node, None).into_iter().collect();
    }
    let pairs = view.tree.pairs(node).iter();
    let field = |&(key, value): &(NodeId, NodeId)| {
        Some((view.string(key)?.into_owned(), Field { key, value, alias: None }))
    };
    pairs.filter_map(field).collect()
}

struct Decoder<'a> {
    view: View<'a>,
    is_json: bool,
    errors: Vec<DecodeError>,
    strict: Vec<Strict>,
}

impl Decoder<'_> {
    /// Decodes a value. Recursion is limited by the depth of kubectl's structs, not of the input.
    fn value(&mut self, into: &mut Value, field: &Field, kind: Type, path: &str, since: Minor) {
        let node = field.value;
        let found = self.view.json_type(node);
        let span = self.view.tree.node(node).span;
        if found == "null" {
            // null makes a list nil, and changes nothing else.
            if matches!(kind, Type::List(..)) {
                into.items.clear();
                into.length = None;
            }
            return;
        }
        (into.span, into.alias) = (span, field.alias);
        match (kind, found) {
            (Type::String, "string") => {
                let value = self.view.string(node).unwrap_or_default().into_owned();
                into.text = Some(Spanned { value, span, alias: field.alias });
            }
            (Type::List(item, _), "array") => {
                let items = self.view.tree.items(node);
                for (i, &child) in items.iter().enumerate() {
                    if i == into.items.len() {
                        into.items.push(Value::default());
                    }
                    let (value, alias) = self.view.tree.resolve(child);
                    let child = Field { key: child, value, alias: field.alias.or(alias) };
                    if let Some(into) = into.items.get_mut(i) {
                        (into.span, into.alias) = (self.view.tree.node(value).span, child.alias);
                        self.value(into, &child, *item, &format!("{path}[{i}]"), since);
                    }
                }
                into.length = Some(items.len());
                if items.is_empty() {
                    into.items.clear();
                }
            }
            (Type::Struct(of), "object") => self.object(into, field, of, path, since),
            _ => {
                let wanted = match kind {
                    Type::List(..) => "[]",
                    Type::Struct(of) => of.go_name,
                    _ => "string",
                };
                let reason = Reason::WrongType { found, field: path.to_owned(), wanted };
                self.errors.push(DecodeError { since, ..DecodeError::new(span, reason) });
            }
        }
    }

    fn object(
        &mut self,
        into: &mut Value,
        field: &Field,
        of: &'static Struct,
        path: &str,
        since: Minor,
    ) {
        let view = self.view;
        let mut seen = HashSet::new();
        for (name, mut child) in fields(view, field.value, self.is_json) {
            child.alias = field.alias.or(child.alias);
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let key = view.tree.node(view.tree.resolve(child.key).0).span;
            let Some(known) = of.fields.iter().find(|known| known.json == name) else {
                self.warn(key, StrictWhy::Unknown, &path, since, Minor::NEWEST);
                continue;
            };
            let brought = known.since().max(since);
            if brought > since {
                let before = Minor(brought.0 - 1);
                self.warn(key, StrictWhy::Unknown, &path, since, before);
            }
            if !seen.insert(known.json) {
                self.warn(key, StrictWhy::Duplicate, &path, brought, Minor::NEWEST);
            }
            let into = into.fields.entry(known.json).or_default();
            into.key = Some(view.tree.node(child.key).span);
            let kind = match known.kind {
                Type::Since(_, kind) => *kind,
                kind => kind,
            };
            self.value(into, &child, kind, &path, brought);
        }
    }

    fn warn(&mut self, span: Span, why: StrictWhy, path: &str, since: Minor, until: Minor) {
        if self.strict.len() < MOST {
            let field = clip(path).to_owned();
            self.strict.push(Strict { span, why, field, since, until });
        }
    }
}

/// The steps that [`already_set`] has yet to take, last first.
enum Step {
    /// Look into a node.
    Node(NodeId),
    /// Read the pairs of a mapping into the map with that number.
    Pairs(NodeId, usize),
    /// Merge a value into the map with that number.
    Merge(NodeId, usize),
    /// Set a key of the map with that number, after its value was read.
    Set(NodeId, NodeId, usize),
}

/// Returns the keys that go-yaml's strict mode reports as set twice. Follows an alias each time
/// that it occurs. Expects a document that passes [`crate::kubectl::decode::compose::check`].
fn already_set(content: &Content<'_>) -> Vec<Strict> {
    let view = content.view;
    let mut found = Vec::new();
    let mut lines = Vec::new();
    let mut maps: Vec<HashSet<String>> = Vec::new();
    let mut steps = vec![Step::Node(content.root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Node(id) => {
                let id = view.tree.resolve(id).0;
                match &view.tree.node(id).kind {
                    NodeKind::Sequence(items) => {
                        steps.extend(items.iter().rev().map(|&item| Step::Node(item)));
                    }
                    NodeKind::Mapping(_) => {
                        steps.push(Step::Pairs(id, maps.len()));
                        maps.push(HashSet::new());
                    }
                    _ => {}
                }
            }
            Step::Pairs(id, map) => {
                for &(key, value) in view.tree.pairs(id).iter().rev() {
                    if view.is_merge(key) {
                        steps.push(Step::Merge(value, map));
                    } else {
                        steps.push(Step::Set(key, value, map));
                        steps.push(Step::Node(value));
                    }
                }
            }
            Step::Merge(id, map) => {
                let id = view.tree.resolve(id).0;
                match &view.tree.node(id).kind {
                    // The last item of a list is merged first.
                    NodeKind::Sequence(items) => {
                        steps.extend(items.iter().map(|&item| Step::Merge(item, map)));
                    }
                    _ => steps.push(Step::Pairs(id, map)),
                }
            }
            Step::Set(key, value, map) => {
                let node = view.tree.resolve(key).0;
                let Some(name) = go_key(view, node) else { continue };
                if maps.get_mut(map).is_none_or(|map| map.insert(name.clone())) {
                    continue;
                }
                if lines.is_empty() {
                    lines = line_starts(view.text, content.start);
                }
                let place = begin_of(view, key, value);
                let line = lines.partition_point(|&start| start <= place);
                found.push(Strict {
                    span: view.tree.node(node).span,
                    why: StrictWhy::AlreadySet(line),
                    field: name,
                    since: Minor::OLDEST,
                    until: Minor::NEWEST,
                });
                if found.len() == MOST {
                    break;
                }
            }
        }
    }
    found
}

/// Returns a key as Go's `%#v` prints it.
fn go_key(view: View<'_>, key: NodeId) -> Option<String> {
    let node = view.tree.node(key);
    let NodeKind::Scalar { implicit, .. } = node.kind else { return None };
    let value = view.tree.scalar(key, view.text)?.into();
    Some(match goyaml::resolve(node.tag.as_deref().unwrap_or(""), &value, implicit).ok()? {
        goyaml::Resolved::Null => "<nil>".to_owned(),
        goyaml::Resolved::Bool(value) => value.to_string(),
        goyaml::Resolved::Int(number) => number.to_string(),
        goyaml::Resolved::Float(number) => goyaml::float_key(number),
        goyaml::Resolved::Str(text) | goyaml::Resolved::Timestamp(text) => go_quote(clip(&text)),
        goyaml::Resolved::Binary(bytes) => go_quote(clip(&String::from_utf8_lossy(&bytes))),
    })
}

/// Returns the offset at which go-yaml says that a value begins: its anchor, its tag or the `|` of
/// a block, which the tree does not keep.
fn begin_of(view: View<'_>, key: NodeId, value: NodeId) -> usize {
    let node = view.tree.node(value);
    let is_block = matches!(node.kind, NodeKind::Scalar { style: ScalarStyle::Block, .. });
    if !is_block && node.anchor.is_none() && node.tag.is_none() {
        return node.span.start;
    }
    let from = view.tree.node(key).span.end;
    let between = view.text.get(from..node.span.start).unwrap_or("");
    from + between.find(['&', '!', '|', '>']).unwrap_or(between.len())
}

/// Returns the offset of each line of the document that begins at `start`, by go-yaml's line
/// breaks.
fn line_starts(text: &str, start: usize) -> Vec<usize> {
    let rest = text.get(start..).unwrap_or("");
    let is_break = |&(at, c): &(usize, char)| match c {
        '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => true,
        '\r' => rest.as_bytes().get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    let breaks = rest.char_indices().filter(is_break);
    std::iter::once(start).chain(breaks.map(|(at, c)| start + at + c.len_utf8())).collect()
}
