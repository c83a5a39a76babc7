//! The collections that a parser of YAML or JSON has begun: each gets its children when it ends, so
//! that they stand next to each other in the tree.

use super::node::{NodeId, Tree};

/// The collections that are not closed yet, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    open: Vec<Open>,
    /// The children of all of them: items, and keys each followed by its value.
    children: Vec<NodeId>,
}

/// A collection that is not closed yet.
#[derive(Debug, Clone, Copy)]
struct Open {
    id: NodeId,
    is_mapping: bool,
    /// The number of the first of its children in [`Nesting::children`].
    first: usize,
}

/// The innermost collection.
pub(super) struct Innermost {
    pub(super) is_mapping: bool,
    /// How many children it has so far; a key and its value are two.
    pub(super) children: usize,
}

impl Nesting {
    /// Returns the number of open collections.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Returns the innermost collection; `None` at the top.
    pub(super) fn innermost(&self) -> Option<Innermost> {
        let Open { is_mapping, first, .. } = *self.open.last()?;
        Some(Innermost { is_mapping, children: self.children.len() - first })
    }

    /// Opens a collection within the innermost one.
    pub(super) fn open(&mut self, id: NodeId, is_mapping: bool) {
        self.open.push(Open { id, is_mapping, first: self.children.len() });
    }

    /// Adds a node as the next key, value or item of the innermost collection. Returns whether there
    /// is one.
    pub(super) fn add(&mut self, id: NodeId) -> bool {
        let is_within = !self.open.is_empty();
        self.children.extend(is_within.then_some(id));
        is_within
    }

    /// Closes the innermost collection at `end` (exclusive), or where its span ends so far, and returns
    /// it; `None` at the top. A key without a value is left out.
    pub(super) fn close(&mut self, tree: &mut Tree, end: Option<usize>) -> Option<NodeId> {
        let Open { id, is_mapping, first } = self.open.pop()?;
        let children = self.children.get(first..).unwrap_or(&[]);
        let all = match is_mapping {
            true => tree.add_pairs(children.chunks_exact(2).map(|pair| (pair[0], pair[1]))),
            false => tree.add_items(children),
        };
        self.children.truncate(first);
        tree.close(id, all, end.unwrap_or_else(|| tree.node(id).span.end()));
        Some(id)
    }
}
