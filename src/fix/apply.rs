//! Making fixes, and making sure in memory that they did what they should.
//!
//! After the edits the text is judged and decoded anew: what was to be fixed must be gone, nothing
//! may have come but remarks about what kubectl now accepts, and what else there was must stand
//! where it stood. No value may have changed but those that the fixes want to change. A fix that
//! does not keep to that is not made.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::edit::compose::Union;
use crate::edit::decoded::{Decoded, strays};
use crate::finding::Finding;
use crate::finding::change::Edit;
use crate::finding::fix::Applicability;
use crate::lint::suppress::{Suppressed, Suppression};
use crate::lint::{Linted, Options, lint, lint_and_decode};
use crate::text::source::{Encoding, Source, Span};

use super::verify::{Key, Moves, gone, key, surprises};

/// A file in which fixes were made.
#[derive(Debug)]
pub struct Fixed {
    /// The file as it is to be.
    pub source: Source,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What there is to say of it then.
    pub linted: Linted,
    /// How many findings are gone.
    pub count: usize,
    /// How many findings of what is left have a fix that nobody could try: the file is too large.
    pub untried: usize,
    /// What must be true of the plugins now, a sentence each.
    pub needs: BTreeSet<String>,
    /// What all rules say of it, and what it decodes to.
    whole: Whole,
}

/// So many times the file is judged anew, to make fixes; of large files less often, down to
/// [`MIN_TRIES`]. Fixes that touch the same bytes need a round each.
const MAX_ROUNDS: usize = 100;
/// So many times fixes are tried before they are offered.
const MAX_TRIES: usize = 200;
const MIN_TRIES: usize = 16;
/// So many bytes are judged for either.
const MAX_TRIED: usize = 32 << 20;

/// Makes every fix of at least that applicability, but none of the findings that are `suppressed`;
/// `None` where none can be made. Nothing is written to disk.
pub fn fix(
    source: &Source,
    options: &Options,
    least: Applicability,
    suppressed: &[Suppressed],
) -> Option<Fixed> {
    let (mut linted, whole) = judged(source, options);
    set_aside(&mut linted, in_baseline(suppressed, &[]));
    let source = Source::new(source.path(), source.bytes()?);
    let mut rounds = Trial::new(&source, options, MAX_ROUNDS);
    let mut offers = Trial::new(&source, options, MAX_TRIES);
    let (bytes, needs) = (Vec::new(), BTreeSet::new());
    let mut fixed = Fixed { source, bytes, linted, count: 0, untried: 0, needs, whole };
    while let Some(next) = rounds.next(&fixed.source, &fixed.linted, &fixed.whole, least) {
        let needs = fixed.needs.into_iter().chain(next.needs).collect();
        fixed = Fixed { count: fixed.count + next.count, needs, ..next };
    }
    fixed.untried = offers.verify(&fixed.source, &mut fixed.linted, &fixed.whole);
    (fixed.count > 0).then_some(fixed)
}

/// Takes the fixes away that would not do what they should. Returns of how many that could not be
/// found out, which are taken away too.
pub fn verify(source: &Source, linted: &mut Linted, options: &Options) -> usize {
    if linted.findings.iter().all(|finding| finding.fix.is_none()) {
        return 0;
    }
    let (all, decoded) = lint_and_decode(source, &options.unfiltered());
    let whole = Whole { linted: options.is_filtered().then_some(all), decoded };
    Trial::new(source, options, MAX_TRIES).verify(source, linted, &whole)
}

/// Trying fixes.
struct Trial<'a> {
    options: &'a Options,
    /// How many tries are left.
    tries: usize,
}

/// What a finding says whose fix is not offered.
const REFUSED: &str = "`--fix` leaves it to you: its edit would not do this and nothing else";

/// What a fix must not change, whichever rules are chosen.
#[derive(Debug)]
struct Whole {
    /// What all rules say, also those that are switched off: one of those may be the one to say what
    /// a fix spoils. `None` where none is switched off.
    linted: Option<Linted>,
    /// What the text decodes to.
    decoded: Vec<Decoded>,
}

/// What the chosen rules say of a text, and all of it.
fn judged(source: &Source, options: &Options) -> (Linted, Whole) {
    if options.is_filtered() {
        let (all, decoded) = lint_and_decode(source, &options.unfiltered());
        return (lint(source, options), Whole { linted: Some(all), decoded });
    }
    let (linted, decoded) = lint_and_decode(source, options);
    (linted, Whole { linted: None, decoded })
}

/// What came of a try.
enum Tried<'a> {
    Sound(Box<Fixed>),
    /// It is not: those that may be the reason, and the others.
    Unsound(Vec<Numbered<'a>>, Vec<Numbered<'a>>),
    /// No try is left.
    Untried,
}

impl<'a> Trial<'a> {
    fn new(source: &Source, options: &'a Options, most: usize) -> Self {
        let affordable = MAX_TRIED / source.text().len().max(1);
        Self { options, tries: affordable.clamp(MIN_TRIES, most) }
    }

    /// The file with as many fixes made as can be made together.
    fn next(
        &mut self,
        source: &Source,
        linted: &Linted,
        whole: &Whole,
        least: Applicability,
    ) -> Option<Fixed> {
        let is_wanted = |(_, finding): &Numbered<'_>| finding.is_fixable(least);
        let mut rest: Vec<_> = linted.findings.iter().enumerate().filter(is_wanted).collect();
        while !rest.is_empty() {
            let (chosen, others) = compatible(rest);
            let mut groups = vec![chosen];
            while let Some(group) = groups.pop() {
                match self.make(source, linted, whole, group) {
                    Tried::Sound(fixed) => return Some(*fixed),
                    Tried::Unsound(blamed, others) => push_parts(&mut groups, blamed, others),
                    Tried::Untried => return None,
                }
            }
            rest = others;
        }
        None
    }

    /// Takes the fixes away that are not sound, and those for which no try is left: so many. One
    /// that is sound only together with unsafe ones is unsafe, too.
    fn verify(&mut self, source: &Source, linted: &mut Linted, whole: &Whole) -> usize {
        let (mut unsafe_alone, untried) = self.refused(source, linted, whole, Applicability::Safe);
        let is_unsafe = |finding: &Finding| {
            finding.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Unsafe)
        };
        let has_unsafe = linted.findings.iter().any(is_unsafe);
        let (refused, untried) = if has_unsafe {
            self.refused(source, linted, whole, Applicability::Unsafe)
        } else {
            (std::mem::take(&mut unsafe_alone), untried)
        };
        for (at, finding) in linted.findings.iter_mut().enumerate() {
            if refused.contains(&at) && finding.fix.take().is_some() {
                finding.help.push(REFUSED.to_owned());
            } else if let Some(fix) = finding.fix.as_mut().filter(|_| unsafe_alone.contains(&at)) {
                fix.applicability = Applicability::Unsafe;
            }
        }
        untried
    }

    /// The findings, by number, whose fixes are not sound, among those of at least that
    /// applicability; and how many of them could not be tried.
    fn refused(
        &mut self,
        source: &Source,
        linted: &Linted,
        whole: &Whole,
        least: Applicability,
    ) -> (HashSet<usize>, usize) {
        let mut refused: HashSet<usize> = HashSet::new();
        let mut untried = 0;
        let is_wanted = |(_, finding): &Numbered<'_>| finding.is_fixable(least);
        let mut rest: Vec<_> = linted.findings.iter().enumerate().filter(is_wanted).collect();
        while !rest.is_empty() {
            let (chosen, others) = compatible(rest);
            let mut groups = vec![chosen];
            while let Some(group) = groups.pop() {
                let numbers: Vec<usize> = group.iter().map(|(number, _)| *number).collect();
                match self.make(source, linted, whole, group) {
                    Tried::Sound(_) => {}
                    Tried::Unsound(blamed, others) => {
                        if numbers.len() == 1 {
                            refused.extend(numbers);
                        } else {
                            push_parts(&mut groups, blamed, others);
                        }
                    }
                    Tried::Untried => {
                        untried += numbers.len();
                        refused.extend(numbers);
                    }
                }
            }
            rest = others;
        }
        (refused, untried)
    }

    /// The file with the fixes made, if all is well then.
    fn make<'f>(
        &mut self,
        source: &Source,
        linted: &'f Linted,
        whole: &Whole,
        group: Vec<Numbered<'f>>,
    ) -> Tried<'f> {
        let Some(left) = self.tries.checked_sub(1) else { return Tried::Untried };
        self.tries = left;
        let fixes = group.iter().filter_map(|(_, finding)| finding.fix.as_ref());
        let least = fixes.clone().map(|fix| fix.applicability).min();
        let mut union = Union::default();
        for fix in fixes {
            union.add(fix);
        }
        // What others share is fixed for all of them.
        let is_made = |finding: &&Finding| {
            finding
                .fix
                .as_ref()
                .is_some_and(|fix| Some(fix.applicability) >= least && union.has(fix))
        };
        let chosen: Vec<&Finding> = linted.findings.iter().filter(is_made).collect();
        let Some(edits) = union.edits() else {
            return Tried::Unsound(group, Vec::new());
        };
        let Some(bytes) = edited(source, &edits) else {
            return Tried::Unsound(group, Vec::new());
        };
        let after = Source::new(source.path(), bytes.clone());
        let (mut judged, new) = judged(&after, self.options);
        let strays = strays(&whole.decoded, &new.decoded, &chosen);
        set_aside(&mut judged, in_baseline(&linted.suppressed, &edits));
        let (before, now) = match (&whole.linted, &new.linted) {
            (Some(before), Some(now)) => (before, now),
            _ => (linted, &judged),
        };
        let surprises = surprises(before, now, &edits, &chosen);
        if surprises.is_empty() && strays.is_empty() {
            let count = gone(linted, &judged, &edits);
            let needs = chosen.iter().filter_map(|finding| finding.fix.as_ref()?.needs.clone());
            let needs = needs.collect();
            let (source, linted, whole) = (after, judged, new);
            let fixed = Fixed { source, bytes, linted, count, untried: 0, needs, whole };
            return Tried::Sound(Box::new(fixed));
        }
        let users: HashSet<&str> = surprises.iter().filter_map(|s| s.user.as_deref()).collect();
        let places: HashSet<Span> =
            surprises.iter().filter_map(|s| edits.get(s.edit)).map(|edit| edit.span).collect();
        let (blamed, others) = group.into_iter().partition(|(_, finding)| {
            let mut changes = finding.fix.iter().flat_map(|fix| &fix.changes);
            let fix = finding.fix.as_ref();
            finding.user.as_deref().is_some_and(|user| users.contains(user))
                || fix.is_some_and(|fix| strays.iter().any(|stray| stray.may_come_of(fix)))
                || changes.any(|change| places.contains(&change.span()))
        });
        Tried::Unsound(blamed, others)
    }
}

/// What of a group is tried next: without those that may be the reason, and then those; where
/// that tells nothing, one half after the other.
fn push_parts<'a>(
    groups: &mut Vec<Vec<Numbered<'a>>>,
    mut blamed: Vec<Numbered<'a>>,
    mut others: Vec<Numbered<'a>>,
) {
    if blamed.is_empty() || others.is_empty() {
        blamed.append(&mut others);
        if blamed.len() < 2 {
            return;
        }
        others = blamed.split_off(blamed.len() / 2);
        std::mem::swap(&mut blamed, &mut others);
    }
    groups.extend([blamed, others]);
}

/// What a finding in the baseline is known by. The place is that of all findings in one base64, so
/// it takes the command and the version to tell them apart, as the baseline itself does.
type Known = (Key, Option<String>, Option<String>);

/// How many findings in the baseline are known by each key once the edits are made.
fn in_baseline(suppressed: &[Suppressed], edits: &[Edit]) -> HashMap<Known, usize> {
    let moves = Moves::new(edits);
    let mut counts = HashMap::new();
    for Suppressed { finding, .. } in suppressed.iter().filter(|known| !known.is_ignored()) {
        *counts.entry(known(finding, &moves)).or_default() += 1;
    }
    counts
}

fn known(finding: &Finding, moves: &Moves) -> Known {
    let (rule, user, at) = key(finding);
    ((rule, user, moves.to(at)), finding.command.clone(), finding.api_version.clone())
}

/// Suppresses the findings that the baseline holds.
fn set_aside(linted: &mut Linted, mut in_baseline: HashMap<Known, usize>) {
    if in_baseline.is_empty() {
        return;
    }
    let here = Moves::new(&[]);
    for finding in std::mem::take(&mut linted.findings) {
        let count = in_baseline.get_mut(&known(&finding, &here));
        match count.filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                linted.suppressed.push(Suppressed::new(finding, Suppression::Baseline));
            }
            None => linted.findings.push(finding),
        }
    }
}

/// A finding with a fix, and its number.
type Numbered<'a> = (usize, &'a Finding);

/// Of the findings those whose edits do not come into each other's way, edits that several want
/// being made once; and the others.
fn compatible(findings: Vec<Numbered<'_>>) -> (Vec<Numbered<'_>>, Vec<Numbered<'_>>) {
    let mut union = Union::default();
    findings
        .into_iter()
        .partition(|(_, finding)| finding.fix.as_ref().is_some_and(|fix| union.add(fix)))
}

/// The bytes of the file with the edits made; they are sorted. `None` where they do not fit.
fn edited(source: &Source, edits: &[Edit]) -> Option<Vec<u8>> {
    let bytes = source.bytes()?;
    let mut made = Vec::with_capacity(bytes.len() + 64);
    let mut at = 0;
    for edit in edits {
        let (start, end) = (source.file_offset(edit.span.start), source.file_offset(edit.span.end));
        made.extend_from_slice(bytes.get(at..start)?);
        match source.encoding() {
            Encoding::Utf8 => made.extend_from_slice(edit.text.as_bytes()),
            Encoding::Utf16Le => made.extend(edit.text.encode_utf16().flat_map(u16::to_le_bytes)),
            Encoding::Utf16Be => made.extend(edit.text.encode_utf16().flat_map(u16::to_be_bytes)),
        }
        at = end;
    }
    made.extend_from_slice(bytes.get(at..)?);
    Some(made)
}
