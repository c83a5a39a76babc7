//! Makes values that several users share change for all of them or for none.

use crate::finding::Finding;
use crate::finding::change::{Change, Edit};
use crate::finding::fix::{Applicability, Doubt, Fix};
use crate::text::message::{Message, message};
use crate::text::source::Span;

/// Limit on the users named in a message.
const MAX_NAMED: usize = 5;

/// A use of a value: its span, the name of its user, and the user's findings.
type Use<'a> = (Span, Option<&'a str>, &'a mut [Finding]);

/// Drops a fix if users that share a value (through an anchor) disagree about the edit, and says
/// so.
pub(crate) fn drop_disputed_fixes<'a>(uses: impl Iterator<Item = Use<'a>>) {
    let mut uses: Vec<Use<'_>> = uses.collect();
    uses.sort_by_key(|(value, ..)| *value);
    let shared = uses.chunk_by_mut(|(one, ..), (other, ..)| one == other);
    for uses in shared.filter(|uses| uses.len() > 1) {
        let Some(value) = uses.first().map(|(value, ..)| *value) else { continue };
        let wanted: Vec<Option<Edit>> =
            uses.iter().map(|(.., findings)| edit_of(value, findings)).collect();
        let Some(first) = wanted.first().filter(|_| wanted.iter().any(Option::is_some)) else {
            continue;
        };
        let is_agreed = wanted.iter().all(|edit| edit == first);
        let names = names(uses.iter().filter_map(|(_, user, _)| *user));
        let all = uses.iter_mut().flat_map(|(.., findings)| findings.iter_mut());
        let touching: Vec<&mut Finding> = all.filter(|finding| touches(value, finding)).collect();
        let weakest = touching.iter().filter_map(|f| Some(f.fix.as_ref()?.applicability)).min();
        for finding in touching {
            if !is_agreed {
                finding.fix = None;
                finding.help.push(message!(
                    "give each user its own value: this one is shared{}, and not all of them need \
                     this change",
                    names.clone()
                ));
            } else if let (Some(fix), Some(weakest)) = (finding.fix.as_mut(), weakest) {
                fix.applicability = weakest;
                fix.doubt =
                    fix.doubt.or((weakest == Applicability::Unsafe).then_some(Doubt::Shared));
                finding.help.push(message!(
                    "this value is shared{}: a change affects all of them",
                    names.clone()
                ));
            }
        }
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Message {
    let names: Vec<&str> = names.collect();
    let Some((last, others)) = names.split_last().filter(|(_, others)| !others.is_empty()) else {
        return Message::default();
    };
    if names.len() > MAX_NAMED {
        return message!(" by {} users", names.len());
    }
    let mut message = Message::default();
    for (number, name) in others.iter().enumerate() {
        let before = if number == 0 { " by " } else { ", " };
        message.push(message!("{}`{}`", before, (*name).to_owned()));
    }
    message.push(message!(" and `{}`", (*last).to_owned()));
    message
}

/// Returns the edit of the value that the findings want.
fn edit_of(value: Span, findings: &[Finding]) -> Option<Edit> {
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    let edits = fixes.flat_map(|fix| &fix.changes).filter_map(Change::as_edit);
    let mut edits = edits.filter(|edit| is_within(value, edit));
    edits.next().cloned()
}

fn touches(value: Span, finding: &Finding) -> bool {
    let is_touched = |fix: &Fix| {
        fix.changes.iter().filter_map(Change::as_edit).any(|edit| is_within(value, edit))
    };
    finding.fix.as_deref().is_some_and(is_touched)
}

fn is_within(value: Span, edit: &Edit) -> bool {
    value.contains(edit.span) && !edit.span.is_empty()
}
