//! What go-yaml and the way to JSON refuse in a document, before any struct is looked at.
//!
//! Source: go-yaml v2 `decode.go` (compose, alias, mapping, merge), sigs.k8s.io/yaml
//! `YAMLToJSON`; measured with kubectl.

use std::collections::HashSet;

use crate::model::refusal::{DecodeError, Reason};
use crate::syntax::node::{NodeId, NodeKind};
use crate::syntax::scalar::Resolved;
use crate::text::source::Span;

use super::go_syntax;
use super::view::View;

/// What is left to do, last first.
enum Step {
    /// Decode a node that may be an alias.
    Value(NodeId),
    /// Decode a key, and refuse collections; the key's value.
    Key(NodeId, NodeId),
    /// Merge a value into the map it stands in.
    Merge(NodeId),
    /// Merge an item of a list.
    MergeItem(NodeId),
    /// A list or a map was decoded as a key, which it cannot be.
    BadKey(NodeId),
    /// This alias is done.
    Leave(NodeId),
}

/// go-yaml counts every node it decodes, and those it decodes within aliases.
struct Counter {
    decoded: u32,
    aliased: u32,
}

impl Default for Counter {
    fn default() -> Self {
        // The document is the first of them.
        Self { decoded: 1, aliased: 0 }
    }
}

impl Counter {
    /// Counts a node; `false` where go-yaml gives up.
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

/// Why the document must not be expanded, if so: its aliases multiply, or hold themselves.
pub fn unbounded(view: View<'_>, root: NodeId) -> Option<DecodeError> {
    if !view.tree.has_aliases() {
        return None;
    }
    let mut walk = Walk { lenient: true, ..Walk::default() };
    walk.run(view, root).err()
}

/// The first thing that go-yaml, and then the way to JSON, refuses in the document at `root`.
pub fn check(view: View<'_>, root: NodeId) -> Result<(), DecodeError> {
    unknown_anchors(view, root)?;
    let mut walk = Walk::default();
    walk.run(view, root)?;
    match walk.not_json {
        Some((span, reason)) => Err(DecodeError::new(span, reason)),
        None => Ok(()),
    }
}

/// go-yaml's walk over a document, with aliases followed as often as they stand there.
#[derive(Default)]
struct Walk {
    steps: Vec<Step>,
    /// The aliases that are being followed.
    inside: HashSet<NodeId>,
    counter: Counter,
    /// What YAML allows and JSON does not: found later than everything else.
    not_json: Option<(Span, Reason)>,
    /// Whether only what has no end is an error.
    lenient: bool,
}

impl Walk {
    fn run(&mut self, view: View<'_>, root: NodeId) -> Result<(), DecodeError> {
        self.steps.push(Step::Value(root));
        while let Some(step) = self.steps.pop() {
            match step {
                Step::Leave(alias) => {
                    self.inside.remove(&alias);
                }
                Step::Merge(id) => self.merge(view, id)?,
                Step::MergeItem(id) if view.is_mapping(view.tree.resolve(id).0) => {
                    self.node(view, id, None)?;
                }
                Step::MergeItem(id) => self.fail(view.tree.node(id).span, Reason::Merge)?,
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

    /// An error, but where only endlessness is one.
    fn fail(&self, span: Span, reason: Reason) -> Result<(), DecodeError> {
        if self.lenient { Ok(()) } else { Err(DecodeError::new(span, reason)) }
    }

    /// Decodes a node; `key_of` is its value where it is a key.
    fn node(
        &mut self,
        view: View<'_>,
        id: NodeId,
        key_of: Option<NodeId>,
    ) -> Result<(), DecodeError> {
        let node = view.tree.node(id);
        if !self.counter.count(!self.inside.is_empty()) {
            return Err(DecodeError::new(node.span, Reason::ExcessiveAliasing));
        }
        if key_of.is_some() && matches!(node.kind, NodeKind::Mapping(_) | NodeKind::Sequence(_)) {
            // What is in it is decoded first, and may fail first.
            self.steps.push(Step::BadKey(id));
        }
        match &node.kind {
            NodeKind::Alias(target) => {
                if !self.inside.insert(id) {
                    let name = view.tree.node(*target).anchor.clone().unwrap_or_default();
                    let reason = Reason::SelfContaining(name.into());
                    return Err(DecodeError::new(node.span, reason));
                }
                self.steps.push(Step::Leave(id));
                self.steps.push(match key_of {
                    Some(value) => Step::Key(*target, value),
                    None => Step::Value(*target),
                });
            }
            NodeKind::Sequence(items) => {
                self.steps.extend(items.iter().rev().map(|&item| Step::Value(item)));
            }
            NodeKind::Mapping(pairs) => {
                for &(key, value) in pairs.iter().rev() {
                    if view.is_merge(key) {
                        self.steps.push(Step::Merge(value));
                    } else {
                        self.steps.push(Step::Value(value));
                        self.steps.push(Step::Key(key, value));
                    }
                }
            }
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
            (Some(Resolved::Null), Some(value)) if self.not_json.is_none() => {
                let value = go_syntax::show(view, value);
                self.not_json = Some((span, Reason::NullKey(value)));
            }
            (Some(Resolved::NotJson(word)), None) => {
                self.not_json.get_or_insert((span, Reason::NotJson(word)));
            }
            (Some(Resolved::Mismatch(words)), _) => self.fail(span, Reason::Tag(words))?,
            _ => {}
        }
        Ok(())
    }

    /// Only maps, aliases to maps, and lists of those can be merged, the last of a list first.
    fn merge(&mut self, view: View<'_>, id: NodeId) -> Result<(), DecodeError> {
        let node = view.tree.node(id);
        match &node.kind {
            NodeKind::Sequence(items) => {
                self.steps.extend(items.iter().map(|&item| Step::MergeItem(item)));
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

/// An alias to nothing fails while the document is composed: before anything is decoded, and
/// before what the parser has not come to yet.
pub fn unknown_anchors(view: View<'_>, root: NodeId) -> Result<(), DecodeError> {
    let nodes = view.tree.iter().take(view.tree.end_of(root)).skip(root.index());
    let mut unknown = nodes.filter_map(|node| match &node.kind {
        NodeKind::UnknownAlias(name) => Some((node.span, name)),
        _ => None,
    });
    match unknown.next() {
        Some((span, name)) => Err(DecodeError::new(span, Reason::UnknownAnchor(name.to_string()))),
        None => Ok(()),
    }
}
