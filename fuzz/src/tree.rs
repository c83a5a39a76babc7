//! What must hold for the tree of any parser.

use kubeconfig_lint::Span;
use kubeconfig_lint::internals::{NodeKind, Tree};

use super::maps;

/// A scalar that a generator wrote: its bytes without quotes, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
    /// The value.
    pub value: String,
}

/// Checks that all spans are in the text.
pub fn is_in_bounds(tree: &Tree, text: &str) {
    for node in tree.iter() {
        assert!(text.get(node.span.range()).is_some(), "{node:?} is not in the text");
    }
    for document in &tree.documents {
        if let Some(error) = &document.error {
            assert!(text.get(error.span.range()).is_some(), "{error:?} is not in the text");
        }
    }
}

/// Checks that all spans are in the text, that those of children are in those of their parents,
/// and that the value of each scalar maps back to its bytes.
pub fn is_sound(tree: &Tree, text: &str) {
    is_in_bounds(tree, text);
    for id in tree.ids() {
        let (pairs, span) = (tree.pairs(id), tree.node(id).span);
        // Where a document breaks off, what is open has no end.
        let document = tree.documents.get(tree.document_of(id));
        let is_open = document.is_none_or(|document| document.error.is_some());
        let of_pairs = pairs.iter().flat_map(|(key, value)| [*key, *value]);
        for child in of_pairs.chain(tree.items(id).iter().copied()) {
            let inner = tree.node(child).span;
            assert!(
                is_open || inner.is_empty() || span.contains(inner),
                "{inner:?} is not in {span:?}"
            );
        }
        if let Some(mapped) = tree.mapped(id, text) {
            assert_eq!(Some(&*mapped.text), tree.scalar(id, text));
            maps::leads_back(&mapped.map, &mapped.text, text);
            if !mapped.text.is_empty() {
                let whole = mapped.map.outer(Span::new(0, mapped.text.len()));
                assert!(
                    span.is_empty() || span.contains(whole) || whole.contains(span),
                    "{whole:?}, {span:?}"
                );
            }
        }
    }
}

/// Checks that the scalars of the tree are those that were placed.
pub fn scalars_are(tree: &Tree, text: &str, placed: &[Placed]) {
    let is_scalar = |id: &_| matches!(tree.node(*id).kind, NodeKind::Scalar { .. });
    let scalars = tree.ids().filter(is_scalar).map(|id| {
        let span = tree.node(id).span;
        let (start, end) = (span.start(), span.end());
        Placed { start, end, value: tree.scalar(id, text).unwrap_or_default().to_owned() }
    });
    let scalars: Vec<_> = scalars.filter(|scalar| scalar.start < scalar.end).collect();
    let error = tree.documents.iter().find_map(|document| document.error.as_ref());
    if let Some(error) = error {
        // What precedes the error was read.
        let before =
            scalars.iter().zip(placed).take_while(|(scalar, _)| scalar.end < error.span.start());
        for (scalar, placed) in before {
            assert_eq!(scalar, placed);
        }
        return;
    }
    assert_eq!(scalars, placed, "{text}");
}
