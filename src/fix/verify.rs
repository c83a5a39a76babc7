//! Checks that fixes did what they should and nothing else, by comparing the findings before and
//! after.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::finding::change::Edit;
use crate::finding::{Finding, Severity};
use crate::lint::{Linted, Outline, Outlined};
use crate::text::source::Span;

/// Maps places in a text to where they are after some edits. The default is for no edits.
#[derive(Default)]
pub(super) struct EditOffsets {
    /// Where the edits begin and end, in the text before.
    starts: Vec<usize>,
    ends: Vec<usize>,
    /// Where the edits begin, in the text after.
    starts_after: Vec<usize>,
    /// By index `n`: how far the first `n` edits move the text after them.
    shifts: Vec<isize>,
}

impl EditOffsets {
    /// Maps the places for edits that are sorted and do not overlap.
    pub(super) fn new(edits: &[Edit]) -> Self {
        let starts = edits.iter().map(|edit| edit.span.start()).collect();
        let ends = edits.iter().map(|edit| edit.span.end()).collect();
        let (mut starts_after, mut shifts) = (Vec::with_capacity(edits.len()), vec![0]);
        let mut sum = 0;
        for edit in edits {
            starts_after.push(edit.span.start().saturating_add_signed(sum));
            sum += edit.text.len().cast_signed() - edit.span.len().cast_signed();
            shifts.push(sum);
        }
        Self { starts, ends, starts_after, shifts }
    }

    /// Returns where a place in the text before is after the edits.
    fn map(&self, at: usize) -> usize {
        let edits = self.ends.partition_point(|end| *end <= at);
        at.saturating_add_signed(self.shifts.get(edits).copied().unwrap_or(0))
    }

    /// Returns the key of a finding in the text before, with its place after the edits.
    pub(super) fn key(&self, finding: &Outlined) -> FindingKey {
        (finding.rule.name, finding.user.clone(), self.map(finding.place.start()))
    }

    /// Returns whether an edit changes something in the place (in the text before), or directly
    /// next to it.
    fn touch(&self, place: Span) -> bool {
        let first = self.ends.partition_point(|end| *end < place.start());
        self.starts.get(first).is_some_and(|start| *start <= place.end())
    }

    /// Returns the number of the last edit that begins at or before a place in the text after.
    fn nearest(&self, at: usize) -> usize {
        self.starts_after.partition_point(|start| *start <= at).saturating_sub(1)
    }
}

/// Identifies a finding, whatever changes before it: its rule, its user, and where it begins.
pub(super) type FindingKey = (&'static str, Option<Arc<str>>, usize);

/// Counts the findings by key, at their places after the edits.
fn counted<'a>(
    findings: impl Iterator<Item = Cow<'a, Outlined>>,
    offsets: &EditOffsets,
) -> HashMap<FindingKey, usize> {
    let mut counts = HashMap::new();
    for finding in findings {
        *counts.entry(offsets.key(&finding)).or_default() += 1;
    }
    counts
}

/// Counts the findings that are gone after the edits, except mentions.
pub(super) fn count_gone(before: &Linted, after: &Linted, offsets: &EditOffsets) -> usize {
    let is_finding = |finding: &&Finding| !finding.is_mention();
    let outlined = |finding: &Finding| Cow::Owned(Outlined::from(finding));
    let mut left = counted(before.findings.iter().filter(is_finding).map(outlined), offsets);
    let here = EditOffsets::default();
    for finding in after.findings.iter().filter(is_finding) {
        if let Some(count) = left.get_mut(&here.key(&finding.into())) {
            *count = count.saturating_sub(1);
        }
    }
    left.into_values().sum()
}

/// Something that appeared or disappeared and should not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnexpectedFinding {
    /// The user that it is about.
    pub(super) user: Option<Arc<str>>,
    /// The number of the nearest edit.
    pub(super) edit: usize,
}

/// Returns what went wrong with the edits that fix `fixed`; nothing if all is well.
pub(super) fn unexpected_findings(
    before: &Outline,
    after: &Outline,
    offsets: &EditOffsets,
    fixed: &[&Finding],
) -> Vec<UnexpectedFinding> {
    let unexpected = |user: &Option<Arc<str>>, at| UnexpectedFinding {
        user: user.clone(),
        edit: offsets.nearest(at),
    };
    if after.is_skipped && !before.is_skipped {
        return vec![unexpected(&None, 0)];
    }
    let ignored = |outline: &Outline, offsets: &EditOffsets| {
        counted(outline.ignored.iter().map(Cow::Borrowed), offsets)
    };
    let here = EditOffsets::default();
    let (old, new) = (ignored(before, offsets), ignored(after, &here));
    let is_other = |key: &&FindingKey| old.get(*key) != new.get(*key);
    let changed = old.keys().chain(new.keys()).filter(is_other);
    let mut unexpected_findings: Vec<_> =
        changed.map(|(_, user, at)| unexpected(user, *at)).collect();
    let users: HashSet<&str> = fixed.iter().filter_map(|f| f.user.as_deref()).collect();
    let places: HashSet<usize> =
        fixed.iter().map(|f| offsets.map(f.primary.span.start())).collect();
    // Once kubectl accepts a user, the rules may find more about that user, or less.
    let is_of_fixed = |user: &Option<Arc<str>>, at: usize| {
        user.as_deref().is_some_and(|user| users.contains(user)) || places.contains(&at)
    };

    let mut expected = counted(before.findings.iter().map(Cow::Borrowed), offsets);
    for &finding in fixed {
        if let Some(count) = expected.get_mut(&offsets.key(&finding.into())) {
            *count = count.saturating_sub(1);
        }
    }
    for finding in &after.findings {
        let key = here.key(finding);
        if let Some(count) = expected.get_mut(&key).filter(|count| **count > 0) {
            *count -= 1;
            continue;
        }
        let is_remark = finding.severity == Severity::Note && !finding.is_mention;
        let (_, user, at) = key;
        if !(is_remark && is_of_fixed(&user, at)) {
            unexpected_findings.push(unexpected(&user, at));
        }
    }
    // Several findings may be about a value that was edited, and all of them may go.
    let mut count_gone = expected;
    count_gone.retain(|_, count| *count > 0);
    for finding in &before.findings {
        let key = offsets.key(finding);
        let is_gone = count_gone.remove(&key).is_some();
        let (_, user, at) = key;
        if is_gone && !is_of_fixed(&user, at) && !offsets.touch(finding.place) {
            unexpected_findings.push(unexpected(&user, at));
        }
    }
    // What was accepted before must still be accepted.
    let accepted: HashSet<_> =
        after.accepted.iter().map(|(user, span)| (user.clone(), span.start())).collect();
    for (user, span) in &before.accepted {
        let at = offsets.map(span.start());
        let is_there = accepted.contains(&(user.clone(), at));
        if !is_there && !is_of_fixed(user, at) && !offsets.touch(*span) {
            unexpected_findings.push(unexpected(user, at));
        }
    }
    unexpected_findings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replaces `cd` with `xyz`, and inserts `12` before `g`.
    fn offsets() -> EditOffsets {
        let edit = |start, end, text: &str| Edit { span: Span::new(start, end), text: text.into() };
        EditOffsets::new(&[edit(2, 4, "xyz"), edit(6, 6, "12")])
    }

    #[test]
    fn edit_offsets_map_places_to_the_text_after() {
        let (before, after) = ("abcdefgh", "abxyzef12gh");
        for letter in ['a', 'b', 'e', 'f', 'g', 'h'] {
            let at = before.find(letter).unwrap();
            assert_eq!(Some(offsets().map(at)), after.find(letter), "{letter}");
            assert_eq!(EditOffsets::default().map(at), at, "{letter}");
        }
    }

    #[test]
    fn edit_offsets_touch_places_at_and_next_to_edits() {
        let touched = |start, end| offsets().touch(Span::new(start, end));
        for (start, end) in [(0, 2), (1, 3), (2, 4), (4, 5), (5, 6), (6, 7), (0, 8)] {
            assert!(touched(start, end), "{start}..{end}");
        }
        for (start, end) in [(0, 1), (5, 5), (7, 8)] {
            assert!(!touched(start, end), "{start}..{end}");
        }
    }

    #[test]
    fn edit_offsets_know_the_nearest_edit_before_a_place() {
        let nearest = [0, 2, 5, 6, 7, 10].map(|at| offsets().nearest(at));
        assert_eq!(nearest, [0, 0, 0, 0, 1, 1]);
    }

    fn finding(user: &str, at: usize) -> Finding {
        let rule = crate::rule::find("removed-api-version").unwrap();
        let mut finding = Finding::new(rule, Span::new(at, at + 1), "it is wrong");
        finding.severity = Severity::Error;
        finding.user = Some(user.into());
        finding
    }

    fn outline(findings: &[Finding]) -> Outline {
        let findings = findings.iter().map(Outlined::from).collect();
        Outline { findings, ignored: Vec::new(), accepted: Vec::new(), is_skipped: false }
    }

    /// Returns the users and edits of what went wrong when [`offsets`] fix the finding of `u` at 2.
    fn wrong(before: &Outline, after: &Outline) -> String {
        let fixed = finding("u", 2);
        let found = unexpected_findings(before, after, &offsets(), &[&fixed]);
        let shown = found.iter().map(|found| format!("{:?} {}", found.user, found.edit));
        shown.collect::<Vec<_>>().join(", ").replace("Some(\"", "").replace("\")", "")
    }

    #[test]
    fn only_the_fixed_findings_may_go() {
        let (u, w) = (|at| finding("u", at), |at| finding("w", at));
        let gone = |before: &[Finding], after: &[Finding]| {
            wrong(&outline(&[&[u(2)][..], before].concat()), &outline(after))
        };
        assert_eq!(gone(&[], &[]), "");
        // Another finding stays at its place, which the edits move.
        assert_eq!(gone(&[w(0), w(7)], &[w(0), w(10)]), "");
        assert_eq!(gone(&[w(0), w(7)], &[w(0)]), "w 1");
        assert_eq!(gone(&[w(0), w(7)], &[w(10)]), "w 0");
        assert_eq!(gone(&[w(7)], &[w(7)]), "w 1, w 1");
        // There is one less of two equal ones, or one more.
        assert_eq!(gone(&[u(2)], &[u(2)]), "");
        assert_eq!(gone(&[w(7), w(7)], &[w(10)]), "w 1");
        assert_eq!(gone(&[w(7)], &[w(10), w(10)]), "w 1");
        // What is about the same user, or about what an edit touches, may go with it.
        assert_eq!(gone(&[u(7)], &[]), "");
        assert_eq!(gone(&[w(2), w(1), w(4), w(6)], &[]), "");
    }

    #[test]
    fn new_findings_may_only_be_remarks_about_what_was_fixed() {
        let note = |user: &str, at| {
            let mut note = finding(user, at);
            note.severity = Severity::Note;
            note
        };
        let before = outline(&[finding("u", 2)]);
        let new = |finding: Finding| wrong(&before, &outline(&[finding]));
        assert_eq!(new(note("u", 10)), "");
        assert_eq!(new(note("w", 2)), "");
        assert_eq!(new(note("w", 10)), "w 1");
        assert_eq!(new(finding("u", 10)), "u 1");
        let mut mention = outline(&[note("u", 10)]);
        mention.findings[0].is_mention = true;
        assert_eq!(wrong(&before, &mention), "u 1");
    }

    #[test]
    fn nothing_else_may_change_its_state() {
        let before = || outline(&[finding("u", 2)]);
        let after = || outline(&[]);
        let accepts = |outline, user: &str, at| {
            let accepted = vec![(Some(user.into()), Span::new(at, at + 1))];
            Outline { accepted, ..outline }
        };
        assert_eq!(wrong(&accepts(before(), "w", 7), &accepts(after(), "w", 10)), "");
        assert_eq!(wrong(&accepts(before(), "w", 7), &accepts(after(), "w", 7)), "w 1");
        assert_eq!(wrong(&accepts(before(), "w", 7), &accepts(after(), "x", 10)), "w 1");
        assert_eq!(wrong(&accepts(before(), "w", 7), &after()), "w 1");
        assert_eq!(wrong(&accepts(before(), "w", 4), &after()), "");
        assert_eq!(wrong(&accepts(before(), "u", 7), &after()), "");
        // What comments suppress.
        let ignores = |outline, at| {
            let ignored = vec![Outlined::from(&finding("w", at))];
            Outline { ignored, ..outline }
        };
        assert_eq!(wrong(&ignores(before(), 7), &ignores(after(), 10)), "");
        assert_eq!(wrong(&ignores(before(), 7), &after()), "w 1");
        assert_eq!(wrong(&before(), &ignores(after(), 10)), "w 1");
        // A text that can no longer be read.
        let skipped = |outline| Outline { is_skipped: true, ..outline };
        assert_eq!(wrong(&before(), &skipped(after())), "None 0");
        assert_eq!(wrong(&skipped(before()), &skipped(after())), "");
    }
}
