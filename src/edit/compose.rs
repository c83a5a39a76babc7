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
            let last = Span::new(span.end(), usize::MAX);
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
    a.overlaps(b) || a.start() == b.start()
}

/// Returns the text with the edits made, which must be sorted and disjoint. Returns `None` if an
/// edit does not fit the text.
pub(crate) fn edited(text: &str, edits: &[Edit]) -> Option<String> {
    let mut made = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for Edit { span, text: new } in edits {
        made.push_str(text.get(at..span.start())?);
        made.push_str(new);
        at = span.end();
    }
    made.push_str(text.get(at..)?);
    Some(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::change::Form;
    use crate::finding::few::Few;
    use crate::finding::fix::{Applicability, Intent};
    use std::sync::Arc;

    fn fix(changes: Vec<Change>) -> Fix {
        let (message, intent) = ("write it".into(), Intent::default());
        let applicability = Applicability::Safe;
        Fix { message, changes, applicability, doubt: None, notes: Few::default(), intent }
    }

    fn text(start: usize, end: usize, text: &str) -> Change {
        Change::Text(Edit { span: Span::new(start, end), text: text.into() })
    }

    /// Changes of `abcdef`, which is encoded at 10 to 18.
    fn base64(changes: Vec<Change>) -> Change {
        let (form, joint) = Form::of("YWJjZGVm", "abcdef").unwrap();
        let span = Span::new(10, 18);
        Change::Base64(Box::new(Encoded { span, form: Arc::new(form), joint, changes }))
    }

    /// Returns the edits if both fixes can be made together.
    fn merged(first: &Fix, second: &Fix) -> Option<Vec<(usize, usize, String)>> {
        let mut union = MergedFixes::default();
        assert!(union.add(first) && union.has(first), "{first:?}");
        let is_repeated = union.has(second);
        let is_added = union.add(second);
        assert_eq!(union.has(second), is_added, "{second:?}");
        assert!(is_added || !is_repeated);
        assert!(union.has(first));
        let shown = |edit: Edit| (edit.span.start(), edit.span.end(), edit.text.to_string());
        is_added.then(|| union.edits().unwrap().into_iter().map(shown).collect())
    }

    #[test]
    fn fixes_merge_unless_they_touch_the_same_bytes() {
        let one = fix(vec![text(2, 4, "x")]);
        let edit = |start, end, text: &str| (start, end, text.to_owned());
        let x = || edit(2, 4, "x");
        for (start, end, new) in [(0, 2, "y"), (4, 6, "y"), (4, 4, "y"), (0, 0, "y")] {
            let mut expected = vec![x(), edit(start, end, new)];
            expected.sort();
            assert_eq!(merged(&one, &fix(vec![text(start, end, new)])), Some(expected));
        }
        for (start, end, new) in [(2, 4, "y"), (2, 2, "x"), (3, 5, "x"), (0, 3, "x"), (2, 3, "x")] {
            assert_eq!(merged(&one, &fix(vec![text(start, end, new)])), None, "{start}..{end}");
        }
        // What several fixes want is made once; a fix is made as a whole or not at all.
        assert_eq!(merged(&one, &one), Some(vec![x()]));
        let two = fix(vec![text(2, 4, "x"), text(6, 6, "z")]);
        assert_eq!(merged(&one, &two), Some(vec![x(), edit(6, 6, "z")]));
        assert_eq!(merged(&two, &one), Some(vec![x(), edit(6, 6, "z")]));
        assert_eq!(merged(&one, &fix(vec![text(0, 1, "z"), text(3, 5, "y")])), None);
        assert_eq!(merged(&one, &fix(vec![text(2, 4, "y"), text(6, 6, "z")])), None);
    }

    #[test]
    fn fixes_merge_within_base64() {
        let one = fix(vec![base64(vec![text(0, 1, "X")])]);
        let made = |text: &str| Some(vec![(10, 18, text.to_owned())]);
        let inner = |start, end, new| fix(vec![base64(vec![text(start, end, new)])]);
        assert_eq!(merged(&one, &inner(1, 2, "Y")), made("WFljZGVm"));
        assert_eq!(merged(&one, &one), made("WGJjZGVm"));
        assert_eq!(merged(&one, &inner(0, 2, "Y")), None);
        assert_eq!(merged(&one, &inner(0, 1, "Y")), None);
        // Not the same text, and not in base64 at all.
        let (form, joint) = Form::of("YWJj", "abc").unwrap();
        let (span, changes) = (Span::new(12, 16), vec![text(1, 2, "Y")]);
        let other = Encoded { span, form: Arc::new(form), joint, changes };
        assert_eq!(merged(&one, &fix(vec![Change::Base64(Box::new(other.clone()))])), None);
        let elsewhere = Encoded { span: Span::new(20, 24), ..other };
        assert!(merged(&one, &fix(vec![Change::Base64(Box::new(elsewhere))])).is_some());
        assert_eq!(merged(&one, &fix(vec![text(12, 13, "y")])), None);
        assert_eq!(merged(&fix(vec![text(12, 13, "y")]), &one), None);
    }
}
