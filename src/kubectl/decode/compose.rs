//! Finds the errors of go-yaml and of the conversion to JSON, which kubectl meets before it decodes
//! any struct.
//!
//! Source: go-yaml v2 `decode.go` (compose, alias, mapping, merge), sigs.k8s.io/yaml
//! `YAMLToJSON`; measured with kubectl.

use std::collections::HashSet;
use std::slice;

use crate::model::refusal::{DecodeError, Reason};
use crate::syntax::node::{Document, NodeId, NodeKind};
use crate::syntax::scalar::ScalarValue;
use crate::text::source::{Span, Spanned};

use super::go_syntax;
use super::view::View;

/// The steps yet to take, last first.
enum Step<'a> {
    /// Decode a node that may be an alias.
    Value(NodeId),
    /// Decode the rest of a list.
    Items(slice::Iter<'a, NodeId>),
    /// Decode the rest of a map.
    Pairs(slice::Iter<'a, (NodeId, NodeId)>),
    /// Decode a key, rejecting collections; also holds the key's value.
    Key(NodeId, NodeId),
    /// Merge the rest of a list, from its end.
    MergeItems(slice::Iter<'a, NodeId>),
    /// Fail: a list or a map was decoded as a key.
    BadKey(NodeId),
    /// Finish this alias.
    Leave(NodeId),
}

/// Counts the nodes that go-yaml decodes, in total and within aliases.
struct Counter {
    decoded: u32,
    aliased: u32,
}

impl Default for Counter {
    fn default() -> Self {
        // go-yaml counts the document as the first node.
        Self { decoded: 1, aliased: 0 }
    }
}

impl Counter {
    /// Counts a node; returns `false` if go-yaml gives up.
    fn count(&mut self, in_alias: bool) -> bool {
        self.decoded += 1;
        self.aliased += u32::from(in_alias);
        let (decoded, aliased) = (f64::from(self.decoded), f64::from(self.aliased));
        !(self.aliased > 100
            && self.decoded > 1000
            && aliased / decoded > allowed_alias_ratio(decoded))
    }
}

/// go-yaml's `allowedAliasRatio`.
fn allowed_alias_ratio(decoded: f64) -> f64 {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    if decoded <= LOW {
        0.99
    } else if decoded >= HIGH {
        0.10
    } else {
        0.99 - 0.89 * (decoded - LOW) / (HIGH - LOW)
    }
}

/// Returns why the document must not be expanded: its aliases multiply or contain themselves.
pub(crate) fn unbounded(view: View<'_>, root: NodeId) -> Option<DecodeError> {
    if !view.tree.has_aliases() {
        return None;
    }
    let mut walk = Walk { lenient: true, ..Walk::default() };
    walk.run(view, root).err()
}

/// Returns the root of a document, if it has one, or why it cannot become JSON.
pub(crate) fn root(view: View<'_>, document: &Document) -> Result<Option<NodeId>, DecodeError> {
    if let Some(root) = document.root {
        unknown_anchors(view, root)?;
    }
    if let Some(error) = &document.error {
        return Err(error.as_ref().clone().into());
    }
    if let Some(root) = document.root.filter(|_| !view.tree.is_json_like()) {
        check(view, root)?;
    }
    Ok(document.root)
}

/// Checks the document at `root`; returns the first error of go-yaml and then of the conversion to
/// JSON.
pub fn check(view: View<'_>, root: NodeId) -> Result<(), DecodeError> {
    unknown_anchors(view, root)?;
    let mut walk = Walk::default();
    walk.run(view, root)?;
    match walk.not_json {
        Some((span, reason)) => Err(DecodeError::new(span, reason)),
        None => Ok(()),
    }
}

/// go-yaml's walk over a document, which follows an alias each time that it occurs.
#[derive(Default)]
struct Walk<'a> {
    steps: Vec<Step<'a>>,
    /// The aliases that enclose the current node.
    inside: HashSet<NodeId>,
    counter: Counter,
    /// The first thing that YAML allows and JSON does not: kubectl reports it after all other
    /// errors.
    not_json: Option<(Span, Reason)>,
    /// Whether only unbounded expansion is an error.
    lenient: bool,
}

impl<'a> Walk<'a> {
    fn run(&mut self, view: View<'a>, root: NodeId) -> Result<(), DecodeError> {
        self.steps.push(Step::Value(root));
        while let Some(step) = self.steps.pop() {
            match step {
                Step::Leave(alias) => {
                    self.inside.remove(&alias);
                }
                Step::Items(mut items) => {
                    let Some(&item) = items.next() else { continue };
                    self.steps.push(Step::Items(items));
                    self.node(view, item, None)?;
                }
                Step::Pairs(mut pairs) => {
                    let Some(&(key, value)) = pairs.next() else { continue };
                    self.steps.push(Step::Pairs(pairs));
                    if view.is_merge(key) {
                        self.merge(view, value)?;
                    } else {
                        self.steps.push(Step::Value(value));
                        self.node(view, key, Some(value))?;
                    }
                }
                Step::MergeItems(mut items) => {
                    let Some(&item) = items.next_back() else { continue };
                    self.steps.push(Step::MergeItems(items));
                    if view.is_mapping(view.tree.resolve(item).0) {
                        self.node(view, item, None)?;
                    } else {
                        self.fail(view.tree.node(item).span, Reason::Merge)?;
                    }
                }
                Step::BadKey(_) if self.lenient => {}
                Step::BadKey(id) => {
                    let reason = Reason::CollectionKey(go_syntax::show(view, id));
                    self.fail(view.tree.node(id).span, reason)?;
                }
                Step::Value(id) => self.node(view, id, None)?,
                Step::Key(id, value) => self.node(view, id, Some(value))?,
            }
        }
        Ok(())
    }

    /// Returns an error, unless only unbounded expansion is one.
    fn fail(&self, span: Span, reason: Reason) -> Result<(), DecodeError> {
        if self.lenient { Ok(()) } else { Err(DecodeError::new(span, reason)) }
    }

    /// Decodes a node; if the node is a key, `key_of` is its value.
    fn node(
        &mut self,
        view: View<'a>,
        id: NodeId,
        key_of: Option<NodeId>,
    ) -> Result<(), DecodeError> {
        let node = view.tree.node(id);
        if !self.counter.count(!self.inside.is_empty()) {
            return Err(DecodeError::new(node.span, Reason::ExcessiveAliasing));
        }
        if key_of.is_some() && matches!(node.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_)) {
            // The content of the key is decoded first, and may fail first.
            self.steps.push(Step::BadKey(id));
        }
        match node.kind {
            NodeKind::Alias(target) => {
                if !self.inside.insert(id) {
                    let name = view.tree.anchor(target).unwrap_or_default();
                    let reason = Reason::SelfContaining(name.into());
                    return Err(DecodeError::new(node.span, reason));
                }
                self.steps.push(Step::Leave(id));
                self.steps.push(match key_of {
                    Some(value) => Step::Key(target, value),
                    None => Step::Value(target),
                });
            }
            NodeKind::Sequence(_) => self.steps.push(Step::Items(view.tree.items(id).iter())),
            NodeKind::Mapping(_) => self.steps.push(Step::Pairs(view.tree.pairs(id).iter())),
            _ => self.scalar(view, id, key_of)?,
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        view: View<'_>,
        id: NodeId,
        key_of: Option<NodeId>,
    ) -> Result<(), DecodeError> {
        let span = view.tree.node(id).span;
        match (view.scalar(id), key_of) {
            (Some(ScalarValue::Null), Some(value)) if self.not_json.is_none() => {
                let place = view.tree.node(value).span;
                let value =
                    Spanned { value: go_syntax::show(view, value), span: place, alias: None };
                self.not_json = Some((span, Reason::NullKey(value)));
            }
            (Some(ScalarValue::NotJson(word)), None) => {
                self.not_json.get_or_insert((span, Reason::NotJson(word)));
            }
            (Some(ScalarValue::Mismatch(mismatch)), _) => self.fail(span, Reason::Tag(mismatch))?,
            _ => {}
        }
        Ok(())
    }

    /// Merges a value: a map, an alias to a map, or a list of those, whose last item is merged
    /// first.
    fn merge(&mut self, view: View<'a>, id: NodeId) -> Result<(), DecodeError> {
        let node = view.tree.node(id);
        match node.kind {
            NodeKind::Sequence(_) => {
                self.steps.push(Step::MergeItems(view.tree.items(id).iter()));
                Ok(())
            }
            _ if view.is_mapping(view.tree.resolve(id).0) => {
                self.steps.push(Step::Value(id));
                Ok(())
            }
            _ => self.fail(node.span, Reason::Merge),
        }
    }
}

/// Fails at the first alias without an anchor. go-yaml reports it while it composes the document:
/// before it decodes anything, and before errors in the part that it has not parsed yet.
fn unknown_anchors(view: View<'_>, root: NodeId) -> Result<(), DecodeError> {
    let mut nodes = view.tree.ids_from(root);
    let unknown = nodes.find(|id| view.tree.node(*id).kind == NodeKind::UnknownAlias);
    let Some(unknown) = unknown else { return Ok(()) };
    let name = view.tree.names(unknown).collect();
    Err(DecodeError::new(view.tree.node(unknown).span, Reason::UnknownAnchor(name)))
}
