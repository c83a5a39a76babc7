//! Applies fixes in memory, and checks that they did what they should.
//!
//! After the edits, the text is linted and decoded again. The fixed findings must be gone, new
//! findings may only be remarks about what kubectl now accepts, and all others must still be at
//! their places. No value may change except those that the fixes mean to change. A fix that breaks
//! these rules is not applied.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use crate::edit::compose::MergedFixes;
use crate::edit::decoded::unintended_changes;
use crate::finding::Finding;
use crate::finding::change::Edit;
use crate::finding::fix::{Applicability, Doubt};
use crate::lint::suppress::{Suppressed, Suppression};
use crate::lint::{FixBasis, Linted, Options, lint, lint_fixed};
use crate::text::message::Message;
use crate::text::source::{Source, Span};

use super::verify::{EditOffsets, FindingKey, count_gone, unexpected_findings};

/// A file with fixes applied.
#[derive(Debug)]
pub struct Fixed {
    /// The fixed file.
    pub source: Source,
    /// The result of linting the fixed file.
    pub linted: Linted,
    /// How many findings are gone.
    pub count: usize,
    /// How many of the remaining findings have a fix that was not tried because the file is too
    /// large, or has too many.
    pub untried: usize,
    /// What to know about the fixes, one sentence each.
    pub notes: BTreeSet<String>,
}

/// Limit on how often a file is linted again to apply fixes. It is lower for large files, down to
/// [`MIN_TRIES`]. Fixes that touch the same bytes need a round each.
const MAX_ROUNDS: usize = 100;
/// Limit on how often fixes are tried before they are offered.
const MAX_TRIES: usize = 200;
const MIN_TRIES: usize = 16;
/// Limit on the bytes linted in all rounds, or in all tries.
const MAX_TRIED: usize = 32 << 20;

/// What verification found.
#[derive(Debug, Default)]
pub struct Verified {
    /// How many fixes could not be tried because the file is too large, or has too many.
    pub untried: usize,
    /// The file with as many safe fixes made as fit together, if that went well.
    safe: Option<Box<Fixed>>,
    /// The same for all fixes; `None` if there are only safe ones.
    all: Option<Option<Box<Fixed>>>,
}

/// Applies every fix of at least applicability `least`, except those of suppressed findings;
/// `None` if no fix can be applied. `linted` is the result of linting the file with `options`.
/// Writes nothing to disk.
pub fn fix(
    source: &Source,
    linted: &Linted,
    options: &Options,
    least: Applicability,
) -> Option<Fixed> {
    Verified::default().fix(source, linted, options, least)
}

/// Removes the fixes that would not do what they should, and those that could not be tried.
pub fn verify(source: &Source, linted: &mut Linted, options: &Options) -> Verified {
    Trial::new(source, options, MAX_TRIES).verify(source, linted)
}

/// Does what [`verify`] does, but keeps no fixed file, which takes as much memory as the file and
/// its findings.
pub(crate) fn verify_only(source: &Source, linted: &mut Linted, options: &Options) -> Verified {
    let trial = Trial::new(source, options, MAX_TRIES);
    Trial { keeps_made: false, ..trial }.verify(source, linted)
}

impl Verified {
    /// Does what [`fix`] does, but starts from the fixed file that verification made. `linted` must
    /// be what was verified.
    pub(crate) fn fix(
        self,
        source: &Source,
        linted: &Linted,
        options: &Options,
        least: Applicability,
    ) -> Option<Fixed> {
        let mut rounds = Trial::new(source, options, MAX_ROUNDS);
        let mut offers = Trial::new(source, options, MAX_TRIES);
        let made = match (least, self.all) {
            (Applicability::Unsafe, Some(all)) => all,
            _ => self.safe,
        };
        let first = made.map(|made| *made).or_else(|| rounds.next(source, linted, least));
        let mut fixed = first?;
        while let Some(next) = rounds.next(&fixed.source, &fixed.linted, least) {
            let notes = fixed.notes.into_iter().chain(next.notes).collect();
            fixed = Fixed { count: fixed.count + next.count, notes, ..next };
        }
        fixed.untried = offers.verify(&fixed.source, &mut fixed.linted).untried;
        Some(fixed)
    }
}

/// Tries fixes, a limited number of times.
struct Trial<'a> {
    options: &'a Options,
    /// How many tries are left.
    tries: usize,
    /// Whether [`Tries::made`] is wanted.
    keeps_made: bool,
}

/// The help of a finding whose fix is not sound.
const REFUSED: &str = "make this change by hand: `--fix` cannot make it safely";

/// The help of a finding whose fix could not be tried.
const UNTRIED: &str =
    "make this change by hand: the file is too large, or has too many fixes, to verify it";

/// The result of a try.
enum Tried<'a> {
    Applied(Box<Fixed>),
    /// Something went wrong: the findings whose fixes may be the reason, and the others.
    Rejected(Vec<Numbered<'a>>, Vec<Numbered<'a>>),
    /// No tries are left.
    Untried,
}

/// What became of all fixes of a file.
#[derive(Debug, Default)]
struct Tries {
    /// The numbers of the findings whose fixes are not sound or could not be tried, with the help
    /// that says so.
    refused: HashMap<usize, &'static str>,
    /// How many could not be tried.
    untried: usize,
    /// The result of the first try, if it went well.
    made: Option<Box<Fixed>>,
}

impl<'a> Trial<'a> {
    fn new(source: &Source, options: &'a Options, most: usize) -> Self {
        let affordable = MAX_TRIED / source.text().len().max(1);
        Self { options, tries: affordable.clamp(MIN_TRIES, most), keeps_made: true }
    }

    /// Returns the file with as many fixes applied as fit together.
    fn next(&mut self, source: &Source, linted: &Linted, least: Applicability) -> Option<Fixed> {
        let found = self.each(source, linted, least, |_, tried| match tried {
            Tried::Applied(fixed) => ControlFlow::Break(Some(*fixed)),
            Tried::Rejected(..) => ControlFlow::Continue(()),
            Tried::Untried => ControlFlow::Break(None),
        });
        found.break_value().flatten()
    }

    /// Removes the fixes that are not sound, and those for which no try is left. A fix that is
    /// sound only together with unsafe ones becomes unsafe, too.
    fn verify(&mut self, source: &Source, linted: &mut Linted) -> Verified {
        let safe = self.try_all(source, linted, Applicability::Safe);
        let is_unsafe = |finding: &Finding| {
            finding.fix.as_ref().is_some_and(|fix| fix.applicability == Applicability::Unsafe)
        };
        let has_unsafe = linted.findings.iter().any(is_unsafe);
        let all = has_unsafe.then(|| self.try_all(source, linted, Applicability::Unsafe));
        let Tries { refused, untried, .. } = all.as_ref().unwrap_or(&safe);
        for (at, finding) in linted.findings.iter_mut().enumerate() {
            if let Some(&help) = refused.get(&at) {
                if finding.fix.take().is_some() {
                    finding.help.push(help.into());
                }
            } else if safe.refused.contains_key(&at)
                && let Some(fix) = &mut finding.fix
            {
                fix.applicability = Applicability::Unsafe;
                fix.doubt = fix.doubt.or(Some(Doubt::Conflict));
            }
        }
        Verified { untried: *untried, safe: safe.made, all: all.map(|all| all.made) }
    }

    /// Tries all fixes of at least applicability `least`.
    fn try_all(&mut self, source: &Source, linted: &Linted, least: Applicability) -> Tries {
        let mut tries = Tries::default();
        // Only the first try has all fixes.
        let mut is_made = self.keeps_made;
        let _ = self.each(source, linted, least, |numbers, tried| {
            let count = numbers.len();
            let refuse = |help| {
                tries.refused.extend(numbers.into_iter().map(|number| (number, help)));
            };
            match tried {
                Tried::Applied(fixed) if is_made => tries.made = Some(fixed),
                Tried::Applied(_) => {}
                Tried::Rejected(..) => refuse(REFUSED),
                Tried::Untried => {
                    refuse(UNTRIED);
                    tries.untried += count;
                }
            }
            is_made = false;
            ControlFlow::<()>::Continue(())
        });
        tries
    }

    /// Tries all fixes of at least applicability `least`, as many together as fit, and fewer if
    /// something goes wrong. `then` receives the numbers of the findings and what became of them;
    /// of a rejected group, only once a single finding is left.
    fn each<T>(
        &mut self,
        source: &Source,
        linted: &Linted,
        least: Applicability,
        mut then: impl FnMut(Vec<usize>, Tried<'_>) -> ControlFlow<T>,
    ) -> ControlFlow<T> {
        let is_wanted = |(_, finding): &Numbered<'_>| finding.is_fixable(least);
        let mut rest: Vec<_> = linted.findings.iter().enumerate().filter(is_wanted).collect();
        let mut basis = linted.fix_basis.clone().filter(|_| !rest.is_empty());
        if basis.as_ref().is_some_and(|basis| basis.is_of_fixed) {
            basis = lint(source, self.options).fix_basis;
        }
        let Some(basis) = basis else { return ControlFlow::Continue(()) };
        while !rest.is_empty() {
            let (chosen, others) = compatible(rest);
            let mut groups = vec![chosen];
            while let Some(group) = groups.pop() {
                let numbers: Vec<usize> = group.iter().map(|(number, _)| *number).collect();
                match self.make(source, linted, &basis, group) {
                    Tried::Rejected(blamed, others) if numbers.len() > 1 => {
                        push_halves(&mut groups, blamed, others);
                    }
                    tried => then(numbers, tried)?,
                }
            }
            rest = others;
        }
        ControlFlow::Continue(())
    }

    /// Returns the file with the fixes of `group` applied, if nothing went wrong.
    fn make<'f>(
        &mut self,
        source: &Source,
        linted: &'f Linted,
        basis: &FixBasis,
        group: Vec<Numbered<'f>>,
    ) -> Tried<'f> {
        let Some(left) = self.tries.checked_sub(1) else { return Tried::Untried };
        self.tries = left;
        let fixes = group.iter().filter_map(|(_, finding)| finding.fix.as_ref());
        let least = fixes.clone().map(|fix| fix.applicability).min();
        let mut union = MergedFixes::default();
        for fix in fixes {
            union.add(fix);
        }
        // A fix of a shared value fixes all findings that want the same edits.
        let is_made = |finding: &&Finding| {
            finding
                .fix
                .as_ref()
                .is_some_and(|fix| Some(fix.applicability) >= least && union.has(fix))
        };
        let chosen: Vec<&Finding> = linted.findings.iter().filter(is_made).collect();
        let Some(edits) = union.edits() else {
            return Tried::Rejected(group, Vec::new());
        };
        // Linting takes the most memory.
        drop(union);
        let Some(bytes) = edited(source, &edits) else {
            return Tried::Rejected(group, Vec::new());
        };
        let after = Source::new(source.path(), bytes);
        let mut new = lint_fixed(&after, self.options, basis);
        let Some(now) = &new.fix_basis else { return Tried::Rejected(group, Vec::new()) };
        let unintended_changes = unintended_changes(&basis.decoded, &now.decoded, &chosen);
        let offsets = EditOffsets::new(&edits);
        let unexpected = unexpected_findings(&basis.outline, &now.outline, &offsets, &chosen);
        suppress_baselined(&mut new, in_baseline(&linted.suppressed, &offsets));
        if unexpected.is_empty() && unintended_changes.is_empty() {
            let count = count_gone(linted, &new, &offsets);
            let fixes = chosen.iter().filter_map(|finding| finding.fix.as_ref());
            // Thousands of fixes may share a note.
            let notes: HashSet<&Message> = fixes.flat_map(|fix| &fix.notes).collect();
            let notes = notes.into_iter().map(ToString::to_string).collect();
            let fixed = Fixed { source: after, linted: new, count, untried: 0, notes };
            return Tried::Applied(Box::new(fixed));
        }
        let users: HashSet<&str> = unexpected.iter().filter_map(|u| u.user.as_deref()).collect();
        let places: HashSet<Span> =
            unexpected.iter().filter_map(|u| edits.get(u.edit)).map(|edit| edit.span).collect();
        let (blamed, others) = group.into_iter().partition(|(_, finding)| {
            let mut changes = finding.fix.iter().flat_map(|fix| &fix.changes);
            let fix = finding.fix.as_ref();
            finding.user.as_deref().is_some_and(|user| users.contains(user))
                || fix.is_some_and(|fix| {
                    unintended_changes.iter().any(|change| change.may_stem_from(fix))
                })
                || changes.any(|change| places.contains(&change.span()))
        });
        Tried::Rejected(blamed, others)
    }
}

/// Splits a group for the next tries: first the findings that are not blamed, then the blamed ones.
/// If the blame does not divide the group, one half after the other.
fn push_halves<'a>(
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

/// Identifies a finding in the baseline. All findings in one base64 have the same place, so the
/// command and the version tell them apart, as in the baseline itself.
type BaselinedKey = (FindingKey, Option<Arc<str>>, Option<Arc<str>>);

/// Counts the findings in the baseline by key, at their places after the edits.
fn in_baseline(suppressed: &[Suppressed], offsets: &EditOffsets) -> HashMap<BaselinedKey, usize> {
    let mut counts = HashMap::new();
    for Suppressed { finding, .. } in suppressed.iter().filter(|known| !known.is_ignored()) {
        *counts.entry(known(finding, offsets)).or_default() += 1;
    }
    counts
}

fn known(finding: &Finding, offsets: &EditOffsets) -> BaselinedKey {
    (offsets.key(&finding.into()), finding.command.clone(), finding.api_version.clone())
}

/// Suppresses the findings that the baseline contains.
fn suppress_baselined(linted: &mut Linted, mut in_baseline: HashMap<BaselinedKey, usize>) {
    if in_baseline.is_empty() {
        return;
    }
    let here = EditOffsets::default();
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

/// Splits the findings into those whose edits are compatible, and the others. An edit that several
/// findings want is applied once.
fn compatible(findings: Vec<Numbered<'_>>) -> (Vec<Numbered<'_>>, Vec<Numbered<'_>>) {
    let mut union = MergedFixes::default();
    findings
        .into_iter()
        .partition(|(_, finding)| finding.fix.as_ref().is_some_and(|fix| union.add(fix)))
}

/// Returns the bytes of the file with `edits` applied, which must be sorted; `None` if they do not
/// fit.
fn edited(source: &Source, edits: &[Edit]) -> Option<Vec<u8>> {
    let bytes = source.bytes()?;
    let mut made = Vec::with_capacity(bytes.len() + 64);
    let mut at = 0;
    for edit in edits {
        let (start, end) =
            (source.file_offset(edit.span.start()), source.file_offset(edit.span.end()));
        made.extend_from_slice(bytes.get(at..start)?);
        made.extend(source.encoding().encode(&edit.text));
        at = end;
    }
    made.extend_from_slice(bytes.get(at..)?);
    Some(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixes_that_are_not_tried_are_counted_and_not_offered() {
        let user = |name: &str| {
            format!(
                "- name: {name}\n  user:\n    exec:\n      apiVersion: \
                 client.authentication.k8s.io/v1alpha1\n      command: aws\n      args: [eks, \
                 get-token]\n"
            )
        };
        let text = format!("kind: Config\nusers:\n{}{}", user("a"), user("b"));
        let options = Options::default();
        let source = Source::new("f", text.into_bytes());
        for (tries, untried) in [(0, 2), (1, 0)] {
            let mut linted = lint(&source, &options);
            let mut trial = Trial { options: &options, tries, keeps_made: false };
            assert_eq!(trial.verify(&source, &mut linted).untried, untried);
            let offered = linted.findings.iter().filter(|finding| finding.fix.is_some());
            assert_eq!(offered.count(), linted.findings.len() - untried);
            let help = linted.findings.iter().flat_map(|finding| &finding.help);
            let says_so = help.filter(|help| help.to_string() == UNTRIED);
            assert_eq!(says_so.count(), untried);
        }
    }
}
