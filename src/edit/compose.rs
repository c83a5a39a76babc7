//! Combines fixes: computes the edits of a text that make all of them and nothing else.

use std::collections::BTreeMap;

use crate::finding::change::{Change, Edit, Encoded};
use crate::finding::fix::Fix;
use crate::text::source::Span;

/// Limit on the earlier changes compared with a new one: changes do not overlap, so only the
/// nearest can reach it.
const MAX_NEAR: usize = 4;

/// Changes of several fixes that can be made together.
#[derive(Debug, Default)]
pub(crate) struct MergedFixes<'a>(BTreeMap<Span, MergedChange<'a>>);

/// The change at one place.
#[derive(Debug)]
enum MergedChange<'a> {
    Text(&'a Edit),
    Base64(&'a Encoded, MergedFixes<'a>),
}

impl<'a> MergedFixes<'a> {
    /// Adds a fix unless it conflicts with an earlier change. Returns whether the fix was added.
    pub(crate) fn add(&mut self, fix: &'a Fix) -> bool {
        let is_free = self.has_room(&fix.changes);
        if is_free {
            self.extend(&fix.changes);
        }
        is_free
    }

    /// Returns whether a fix was added, or only repeats what the added fixes do.
    pub(crate) fn has(&self, fix: &Fix) -> bool {
        self.has_all(&fix.changes)
    }

    /// Returns the edits of the text that make all fixes, sorted; `None` if they do not fit.
    pub(crate) fn edits(&self) -> Option<Vec<Edit>> {
        let edit = |(span, node): (&Span, &MergedChange<'_>)| match node {
            MergedChange::Text(edit) => Some(Edit::clone(edit)),
            MergedChange::Base64(encoded, inside) => {
                let text = edited(encoded.form.inner(), &inside.edits()?)?;
                let text = encoded.form.encode(&text, &encoded.joint).into();
                Some(Edit { span: *span, text })
            }
        };
        self.0.iter().map(edit).collect()
    }

    fn has_room(&self, changes: &[Change]) -> bool {
        changes.iter().all(|change| {
            let span = change.span();
            let last = Span::new(span.end, usize::MAX);
            let mut near = self.0.range(..=last).rev().take(MAX_NEAR);
            near.all(|(place, node)| match (node, change) {
                (MergedChange::Text(taken), Change::Text(edit)) if taken.is_same(edit) => true,
                (MergedChange::Base64(taken, inside), Change::Base64(encoded))
                    if taken.is_same_text(encoded) =>
                {
                    inside.has_room(&encoded.changes)
                }
                _ => !conflict(*place, span),
            })
        })
    }

    fn extend(&mut self, changes: &'a [Change]) {
        for change in changes {
            match change {
                Change::Text(edit) => {
                    self.0.insert(edit.span, MergedChange::Text(edit));
                }
                Change::Base64(encoded) => {
                    let new = || MergedChange::Base64(encoded, MergedFixes::default());
                    let node = self.0.entry(encoded.span).or_insert_with(new);
                    if let MergedChange::Base64(_, inside) = node {
                        inside.extend(&encoded.changes);
                    }
                }
            }
        }
    }

    fn has_all(&self, changes: &[Change]) -> bool {
        changes.iter().all(|change| match (self.0.get(&change.span()), change) {
            (Some(MergedChange::Text(taken)), Change::Text(edit)) => taken.is_same(edit),
            (Some(MergedChange::Base64(taken, inside)), Change::Base64(encoded)) => {
                taken.is_same_text(encoded) && inside.has_all(&encoded.changes)
            }
            _ => false,
        })
    }
}

/// Returns whether two changes touch the same bytes or begin at the same place.
fn conflict(a: Span, b: Span) -> bool {
    a.overlaps(b) || a.start == b.start
}

/// Returns the text with the edits made, which must be sorted and disjoint. Returns `None` if an
/// edit does not fit the text.
pub(crate) fn edited(text: &str, edits: &[Edit]) -> Option<String> {
    let mut made = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for Edit { span, text: new } in edits {
        made.push_str(text.get(at..span.start)?);
        made.push_str(new);
        at = span.end;
    }
    made.push_str(text.get(at..)?);
    Some(made)
}
