//! Making fixes, and making sure in memory that they did what they should.
//!
//! After the edits the text is judged anew: what was to be fixed must be gone, nothing may have
//! come but remarks about what kubectl now accepts, and what else there was must stand where it
//! stood. A fix that does not keep to that is not made. What comments silence is to stay as it is;
//! of what the baseline holds, less is as good.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Applicability, Edit};
use crate::finding::{Finding, Severity};
use crate::lint::{Linted, Options, lint};
use crate::source::{Encoding, Source, Span};
use crate::suppress::{Suppressed, Suppression};

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
}

/// So many times the file is judged anew: fixes that touch the same bytes need a round each.
const MAX_ROUNDS: usize = 100;

/// So many times fixes are tried, where they cannot all be made together; of large files less
/// often, down to [`MIN_TRIES`].
const MAX_TRIES: usize = 200;
const MIN_TRIES: usize = 8;
/// So many bytes are judged for it.
const MAX_TRIED: usize = 32 << 20;

/// Makes every fix of at least that applicability, but none of the findings that are `suppressed`;
/// `None` where none can be made. Nothing is written to disk.
pub fn fix(
    source: &Source,
    options: &Options,
    least: Applicability,
    suppressed: &[Suppressed],
) -> Option<Fixed> {
    let mut linted = lint(source, options);
    set_aside(&mut linted, in_baseline(suppressed, &[]));
    let source = Source::new(source.path(), source.bytes()?);
    let mut trial = Trial::new(&source, options);
    let mut fixed = Fixed { source, bytes: Vec::new(), linted, count: 0 };
    for _ in 0..MAX_ROUNDS {
        trial.verify(&fixed.source, &mut fixed.linted);
        let is_wanted = |(_, finding): &Numbered<'_>| {
            finding.fix.as_ref().is_some_and(|fix| fix.applicability >= least)
        };
        let wanted = fixed.linted.findings.iter().enumerate().filter(is_wanted).collect();
        let chosen: Vec<&Finding> =
            compatible(wanted).0.into_iter().map(|(_, finding)| finding).collect();
        let next = trial.make(&fixed.source, &fixed.linted, &chosen).or_else(|| {
            // What is sound alone may not be so together.
            let first = chosen.first()?;
            trial.make(&fixed.source, &fixed.linted, &[*first])
        });
        let Some(next) = next else { break };
        fixed = Fixed { count: fixed.count + next.count, ..next };
    }
    (fixed.count > 0).then_some(fixed)
}

/// Takes the fixes away that would not do what they should.
pub fn verify(source: &Source, linted: &mut Linted, options: &Options) {
    if linted.findings.iter().any(|finding| finding.fix.is_some()) {
        Trial::new(source, options).verify(source, linted);
    }
}

/// What a finding is known by, whatever happens before it: its rule, its user, and where it
/// begins.
type Key = (&'static str, Option<String>, usize);

/// Trying fixes.
struct Trial<'a> {
    options: &'a Options,
    /// How many are left.
    tries: usize,
}

impl<'a> Trial<'a> {
    fn new(source: &Source, options: &'a Options) -> Self {
        let affordable = MAX_TRIED / source.text().len().max(1);
        Self { options, tries: affordable.clamp(MIN_TRIES, MAX_TRIES) }
    }

    /// Takes the fixes away that are not sound, and those for which no try is left.
    fn verify(&mut self, source: &Source, linted: &mut Linted) {
        let mut refused: HashSet<usize> = HashSet::new();
        let has_fix = |(_, finding): &(usize, &Finding)| finding.fix.is_some();
        let mut rest: Vec<_> = linted.findings.iter().enumerate().filter(has_fix).collect();
        while !rest.is_empty() {
            let (chosen, others) = compatible(rest);
            let mut groups = vec![chosen.as_slice()];
            while let Some(group) = groups.pop() {
                let findings: Vec<&Finding> = group.iter().map(|(_, finding)| *finding).collect();
                if self.make(source, linted, &findings).is_some() {
                    continue;
                }
                match group {
                    [] => {}
                    [(only, _)] => {
                        refused.insert(*only);
                    }
                    several => {
                        let (first, second) = several.split_at(several.len() / 2);
                        groups.extend([second, first]);
                    }
                }
            }
            rest = others;
        }
        for (at, finding) in linted.findings.iter_mut().enumerate() {
            finding.fix.take_if(|_| refused.contains(&at));
        }
    }

    /// The file with the fixes made, if all is well then.
    fn make(&mut self, source: &Source, linted: &Linted, chosen: &[&Finding]) -> Option<Fixed> {
        self.tries = self.tries.checked_sub(1).filter(|_| !chosen.is_empty())?;
        let fixes = chosen.iter().filter_map(|finding| finding.fix.as_ref());
        // Those at one place are the same.
        let edits = fixes.flat_map(|fix| &fix.edits).map(|edit| (edit.span, edit));
        let edits: BTreeMap<Span, &Edit> = edits.collect();
        let edits: Vec<&Edit> = edits.into_values().collect();
        let bytes = edited(source, &edits)?;
        let after = Source::new(source.path(), bytes.clone());
        let mut judged = lint(&after, self.options);
        set_aside(&mut judged, in_baseline(&linted.suppressed, &edits));
        let is_sound = if self.options.is_filtered() {
            // A rule that is switched off may be the one to say what a fix spoils.
            let all = self.options.unfiltered();
            is_sound(&lint(source, &all), &lint(&after, &all), &edits, chosen)
        } else {
            is_sound(linted, &judged, &edits, chosen)
        };
        is_sound.then(|| Fixed { source: after, bytes, linted: judged, count: chosen.len() })
    }
}

fn key(finding: &Finding, at: usize) -> Key {
    (finding.rule.name, finding.user.clone(), at)
}

/// How many findings are known by each key, once the edits are made.
fn counted<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    edits: &[&Edit],
) -> HashMap<Key, usize> {
    let mut counts = HashMap::new();
    for finding in findings {
        *counts.entry(key(finding, shifted(finding.primary.span.start, edits))).or_default() += 1;
    }
    counts
}

/// Of what is suppressed what the baseline holds, as it is known once the edits are made.
fn in_baseline(suppressed: &[Suppressed], edits: &[&Edit]) -> HashMap<Key, usize> {
    let in_baseline = suppressed.iter().filter(|suppressed| !suppressed.is_ignored());
    counted(in_baseline.map(|suppressed| &suppressed.finding), edits)
}

/// Suppresses the findings that the baseline holds.
fn set_aside(linted: &mut Linted, mut known: HashMap<Key, usize>) {
    if known.is_empty() {
        return;
    }
    for finding in std::mem::take(&mut linted.findings) {
        let count = known.get_mut(&key(&finding, finding.primary.span.start));
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
    let mut taken: BTreeMap<Span, &Edit> = BTreeMap::new();
    findings.into_iter().partition(|(_, finding)| {
        let edits = finding.fix.as_ref().map_or(&[][..], |fix| &fix.edits);
        let is_free = |edit: &Edit| {
            let last = Span::new(edit.span.end, usize::MAX);
            let mut near = taken.range(..=last).rev().take(MAX_NEAR);
            near.all(|(_, taken)| taken.is_same(edit) || !meet(taken, edit))
        };
        let is_free = edits.iter().all(is_free);
        if is_free {
            taken.extend(edits.iter().map(|edit| (edit.span, edit)));
        }
        is_free
    })
}

/// So many edits before one are looked at; they are apart, so that only the last can reach it.
const MAX_NEAR: usize = 4;

/// Whether two edits change the same bytes, or begin at the same place.
fn meet(a: &Edit, b: &Edit) -> bool {
    let is_inside = a.span.start < b.span.end && b.span.start < a.span.end;
    is_inside || a.span.start == b.span.start
}

/// The bytes of the file with the edits made; they are sorted. `None` where they do not fit.
fn edited(source: &Source, edits: &[&Edit]) -> Option<Vec<u8>> {
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

/// Where a place of the text before the edits is after them.
fn shifted(at: usize, edits: &[&Edit]) -> usize {
    let before = edits.iter().take_while(|edit| edit.span.end <= at && edit.span.start <= at);
    before.fold(at, |at, edit| (at + edit.text.len()).saturating_sub(edit.span.len()))
}

/// Whether what was to be fixed is gone, and nothing else came or went elsewhere.
fn is_sound(before: &Linted, after: &Linted, edits: &[&Edit], fixed: &[&Finding]) -> bool {
    let ignored = |linted: &Linted, edits| {
        let ignored = linted.suppressed.iter().filter(|suppressed| suppressed.is_ignored());
        counted(ignored.map(|suppressed| &suppressed.finding), edits)
    };
    if ignored(before, edits) != ignored(after, &[]) {
        return false;
    }
    let mut expected = counted(before.findings.iter(), edits);
    for finding in fixed {
        let key = key(finding, shifted(finding.primary.span.start, edits));
        let Some(count) = expected.get_mut(&key).filter(|count| **count > 0) else { return false };
        *count -= 1;
    }
    let mut is_expected = |finding: &Finding| {
        let count = expected.get_mut(&key(finding, finding.primary.span.start));
        count.filter(|count| **count > 0).map(|count| *count -= 1).is_some()
    };
    let is_read = after.skipped.is_none() || before.skipped.is_some();
    // Of a user that kubectl now accepts there may be more to know than before.
    let is_remark = |finding: &Finding| {
        finding.severity == Severity::Note
            && !finding.is_mention()
            && fixed.iter().any(|fixed| fixed.user == finding.user)
    };
    is_read && after.findings.iter().all(|finding| is_expected(finding) || is_remark(finding))
}
