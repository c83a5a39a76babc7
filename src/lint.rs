//! Lints one source: a [`Source`] and [`Options`] come in, its findings go out as [`Linted`].
//!
//! `layer` reads the text and the texts embedded in it, `check` applies the rules to each
//! subject, `severity` decides how bad each finding is and which words of kubectl it may quote, and
//! `suppress` applies the comments.

mod check;
mod layer;
mod options;
pub(crate) mod severity;
pub(crate) mod suppress;
mod words;

use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use crate::api_group::Occurrence;
use crate::carrier::input::{Input, TextContext};
use crate::carrier::{Reference, TEXT, terraform};
use crate::edit::decoded::Decoded;
use crate::finding::rule::Rule;
use crate::finding::{Accepted, Finding, Label, Severity};
use crate::lint::severity::Grade;
use crate::lint::suppress::{Ignores, Suppressed, Suppression};
use crate::model::{Mention, Recognized, Subject};
use crate::role::Role;
use crate::rule::{INVALID_IGNORE, RULES, UNUSED_IGNORE};
use crate::text::source::{Source, Span, merged};

use check::check_subject;
use layer::Layer;
use words::SharedWords;

pub use options::Options;

/// The result of linting one source.
///
/// All places are bytes of [`Source::text`], 0-based, end exclusive. They differ from the bytes of
/// a file in UTF-16; see [`Source::file_offset`].
#[derive(Debug, Clone, Default)]
pub struct Linted {
    /// The findings, including mentions, sorted by place, then rule.
    pub findings: Vec<Finding>,
    /// The findings that do not count, sorted by place, then rule.
    pub suppressed: Vec<Suppressed>,
    /// The findings below [`Options::min_severity`], sorted by place, then rule.
    pub hidden: Vec<Finding>,
    /// The exec API versions that every target kubectl accepts, sorted by place.
    pub accepted: Vec<Accepted>,
    /// The values that reports must mask because their own key, or their looks, mark them as secret,
    /// sorted.
    pub keyed_secrets: Vec<Span>,
    /// Other values that may be secret, such as what is passed to a plugin, sorted.
    pub other_secrets: Vec<Span>,
    /// Base64 that was decoded and contains no secret, sorted.
    pub harmless_base64: Vec<Span>,
    /// The Terraform variables whose values end an exec API version in this file. Another file of
    /// the folder may declare them.
    pub references: Vec<Reference>,
    /// The Terraform variables and locals in this file that hold exec API versions, sorted. Another
    /// file of the folder may use them.
    pub declared: Vec<String>,
    /// The counts of recognized configurations.
    pub recognized: Recognized,
    /// Why the source could not be checked completely, in a few words without a full stop; `None`
    /// if it was.
    pub skipped: Option<String>,
    /// The limits that left a part of the source unchecked, whatever was found in the rest; each in
    /// a few words without a full stop.
    pub limits: BTreeSet<String>,
    /// What a fix must not change; `None` if no finding has a fix.
    pub(crate) fix_basis: Option<Arc<FixBasis>>,
}

/// What a fix must not change, whichever rules are selected.
#[derive(Debug)]
pub(crate) struct FixBasis {
    /// The results of all rules, including those switched off: one of these may be the only rule
    /// that notices what a fix breaks.
    pub(crate) outline: Outline,
    /// What the texts of the file decode to. Texts without fixes may be left out.
    pub(crate) decoded: Vec<Option<Decoded>>,
    /// Whether fixes were applied: see [`lint_fixed`].
    pub(crate) is_of_fixed: bool,
}

/// The results of a text, without the words for people: a file may have thousands.
#[derive(Debug)]
pub(crate) struct Outline {
    pub(crate) findings: Vec<Outlined>,
    /// The findings that comments or the configuration suppress.
    pub(crate) ignored: Vec<Outlined>,
    /// The user and the place of each version that every target kubectl accepts.
    pub(crate) accepted: Vec<(Option<Arc<str>>, Span)>,
    /// Whether the text could not be checked completely.
    pub(crate) is_skipped: bool,
}

/// What distinguishes a finding from others.
#[derive(Debug, Clone)]
pub(crate) struct Outlined {
    pub(crate) rule: &'static Rule,
    pub(crate) user: Option<Arc<str>>,
    pub(crate) place: Span,
    pub(crate) severity: Severity,
    pub(crate) is_mention: bool,
}

impl Outline {
    fn of(linted: &Linted) -> Self {
        let ignored = linted.suppressed.iter().filter(|suppressed| suppressed.is_ignored());
        let accepted = linted.accepted.iter();
        Self {
            findings: linted.findings.iter().map(Outlined::from).collect(),
            ignored: ignored.map(|suppressed| Outlined::from(&suppressed.finding)).collect(),
            accepted: accepted.map(|accepted| (accepted.user.clone(), accepted.span)).collect(),
            is_skipped: linted.skipped.is_some(),
        }
    }
}

impl From<&Finding> for Outlined {
    fn from(finding: &Finding) -> Self {
        Self {
            rule: finding.rule,
            user: finding.user.clone(),
            place: finding.primary.span,
            severity: finding.severity,
            is_mention: finding.is_mention(),
        }
    }
}

/// Lints a source of any language. Reads nothing from the disk.
///
/// The fixes of the findings are proposals. [`crate::verify`] removes those that would do more than
/// they should; [`crate::fix()`] makes only those that do not.
pub fn lint(source: &Source, options: &Options) -> Linted {
    lint_texts(source, options, None)
}

/// Lints a file with fixes applied. `before` is the basis of these fixes. That of the result is for
/// the comparison with it, and not for more fixes.
pub(crate) fn lint_fixed(source: &Source, options: &Options, before: &FixBasis) -> Linted {
    lint_texts(source, options, Some(before))
}

/// Lints a source and the texts embedded in it. Decodes those that have fixes, or all of them in a
/// file with fixes applied.
fn lint_texts(source: &Source, options: &Options, before: Option<&FixBasis>) -> Linted {
    let mut words = SharedWords::default();
    let texts_before = before.map(|basis| &*basis.decoded);
    // The trees are not needed any more where the findings are collected.
    let (mut layer, grade, occurrences, claims) = {
        let context = TextContext::of_file(source, options.role);
        let mut input = Input::within(source, context);
        input.references.clone_from(&options.references);
        input.settled.clone_from(&options.settled);
        input.siblings.clone_from(&options.siblings);
        let layer = Layer::read(&mut input, options, texts_before, &mut words);
        // No rule for mentions and comments looks at other branches.
        (layer, Grade::of_text(&input, &[], None), input.occurrences, input.claims)
    };
    let mut linted = Linted { skipped: layer.skipped.take(), ..Linted::default() };
    linted.limits = layer.limits;
    layer.references.sort();
    layer.references.dedup();
    layer.declared.sort();
    linted.references = layer.references;
    linted.declared = layer.declared;
    linted.recognized = layer.recognized;
    let mut judged = layer.judged;
    judged.relate_to_printed();
    judged.checked.iter().for_each(|checked| linted.recognized.count(checked.counted));
    (linted.findings, linted.accepted) = (judged.findings, judged.accepted);
    drop(judged.checked);
    // Two carriers may read the same text: report each finding once. Of titles, the hash is enough:
    // a file may have thousands, and they are long.
    let mut seen = HashSet::new();
    let hasher = RandomState::new();
    linted.findings.retain(|finding| {
        let title = hasher.hash_one((&finding.user, finding.title()));
        seen.insert((order(finding.rule), finding.primary.span, title, finding.alias))
    });
    // A variable and the exec configs that take their version from it count once.
    let counted = terraform::used(&linted.declared, &linted.references).count();
    linted.recognized.other_exec_configs =
        linted.recognized.other_exec_configs.saturating_sub(counted);
    share_anchors(&mut linted.findings);
    let is_checked = !(linted.findings.is_empty() && linted.accepted.is_empty());
    linted.skipped.take_if(|_| is_checked);
    drop(seen);
    for occurrence in occurrences.into_iter().filter(|found| !claims.hold(found)) {
        // The one place for accounting: an occurrence that no carrier explained is a mention.
        let Occurrence { span, api_version, base64, .. } = occurrence;
        let mention = Subject::Mention(Box::new(Mention { span, api_version, base64 }));
        let mut findings = check_subject(&mention, options, TEXT, &grade);
        findings.iter_mut().for_each(|finding| words.share(finding));
        linted.findings.extend(findings);
    }
    linted.accepted.sort_by_key(|accepted| accepted.span);
    linted.keyed_secrets = merged(layer.secrets.keyed);
    linted.other_secrets = merged(layer.secrets.others);
    linted.harmless_base64 = merged(layer.harmless_base64);
    let needs_basis =
        before.is_some() || linted.findings.iter().any(|finding| finding.fix.is_some());
    let mut ignores = Ignores::read(source);
    linted.limits.extend(ignores.limit());
    // A comment that suppresses nothing is a finding, too, which the options may filter out.
    let is_filtered = !options.is_unfiltered()
        && (!ignores.is_empty() || linted.findings.iter().any(|found| options.filters(found)));
    let all = (needs_basis && is_filtered).then(|| {
        let mut all = linted.clone();
        all.select(source, &mut ignores, &options.unfiltered(), &grade);
        ignores.forget_uses();
        Outline::of(&all)
    });
    linted.select(source, &mut ignores, options, &grade);
    linted.findings.shrink_to_fit();
    linted.accepted.shrink_to_fit();
    if needs_basis {
        let outline = all.unwrap_or_else(|| Outline::of(&linted));
        let is_of_fixed = before.is_some();
        let basis = FixBasis { outline, decoded: layer.decoded, is_of_fixed };
        linted.fix_basis = Some(Arc::new(basis));
    }
    linted
}

impl Linted {
    /// Returns whether there is nothing to report or to count.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { findings, suppressed, hidden, accepted, .. } = self;
        findings.is_empty() && suppressed.is_empty() && hidden.is_empty() && accepted.is_empty()
    }

    /// Moves the findings that the baseline suppresses back to the findings.
    pub(crate) fn restore_baselined(&mut self) {
        let known = self.suppressed.extract_if(.., |suppressed| !suppressed.is_ignored());
        self.findings.extend(known.map(|suppressed| suppressed.finding));
        self.sort();
    }

    /// Keeps the findings of the selected rules and severities that no other finding covers, and
    /// that neither a comment nor the options suppress.
    fn select(
        &mut self,
        source: &Source,
        ignores: &mut Ignores,
        options: &Options,
        grade: &Grade<'_>,
    ) {
        self.findings.retain(|finding| options.applies(finding.rule));
        self.sort();
        self.suppress(&options.suppress);
        let covered = self.drop_covered();
        self.apply_ignores(source, ignores, covered, options, grade);
        self.suppress(&options.suppress);
        self.hidden.extend(self.findings.extract_if(.., |finding| options.hides(finding)));
    }

    /// Suppresses the findings of rules that do not count in this file.
    fn suppress(&mut self, rules: &[&'static Rule]) {
        if rules.is_empty() {
            return;
        }
        let found = self.findings.extract_if(.., |finding| rules.contains(&finding.rule));
        let by_configuration = |finding| Suppressed::new(finding, Suppression::Configuration);
        self.suppressed.extend(found.map(by_configuration));
        self.sort();
    }

    /// Removes and returns the findings that another finding about the same subject already covers.
    fn drop_covered(&mut self) -> Vec<Finding> {
        let reported: HashSet<_> = self.findings.iter().map(|f| (f.subject, f.rule.name)).collect();
        let is_covered = |finding: &mut Finding| {
            finding.covered_by.iter().any(|rule| reported.contains(&(finding.subject, rule.name)))
        };
        self.findings.extract_if(.., is_covered).collect()
    }

    /// Removes the findings that comments suppress, and reports the comments that suppress nothing.
    /// A `covered` finding comes back if the finding that covered it is suppressed.
    fn apply_ignores(
        &mut self,
        source: &Source,
        ignores: &mut Ignores,
        covered: Vec<Finding>,
        options: &Options,
        grade: &Grade<'_>,
    ) {
        if ignores.is_empty() {
            return;
        }
        if !covered.is_empty() {
            let secrets = [&*self.keyed_secrets, &*self.other_secrets];
            self.suppressed.extend(ignores.take(source, secrets, &mut self.findings));
            self.findings.extend(covered);
            self.drop_covered();
            self.sort();
        }
        let is_of_comments = |rule: &Rule| *rule == UNUSED_IGNORE || *rule == INVALID_IGNORE;
        // A comment may suppress findings about comments, but not those of the second pass.
        let role = grade.role(Role::Live);
        // Nobody edits these files, or they document how such comments are written.
        let is_passed_over = matches!(role, Role::History | Role::Vendored | Role::Documentation);
        let mut words = SharedWords::default();
        for of_comments in [false, true] {
            let secrets = [&*self.keyed_secrets, &*self.other_secrets];
            self.suppressed.extend(ignores.take(source, secrets, &mut self.findings));
            if is_passed_over {
                continue;
            }
            let counts = |rule| options.counts(rule) && is_of_comments(rule) == of_comments;
            let mut problems = ignores.problems(source, &self.findings, counts);
            problems.retain(|problem| !of_comments || problem.is_unused());
            self.findings.reserve_exact(problems.len());
            for problem in problems {
                let problem = Subject::Ignore(Box::new(problem));
                let mut found = check_subject(&problem, options, TEXT, grade);
                found.retain(|finding| options.applies(finding.rule));
                found.iter_mut().for_each(|finding| words.share(finding));
                self.findings.extend(found);
            }
            self.sort();
        }
    }

    /// Sorts the findings by place, then place in decoded base64, then rule.
    fn sort(&mut self) {
        let key = |finding: &Finding| {
            let decoded = finding.decoded.as_ref().map(|decoded| decoded.position);
            (finding.primary.span, decoded, order(finding.rule))
        };
        self.findings.sort_by_cached_key(key);
        self.suppressed.sort_by_cached_key(|suppressed| key(&suppressed.finding));
    }
}

/// Returns the position of a rule in [`RULES`].
fn order(rule: &Rule) -> usize {
    RULES.iter().position(|other| *other == rule).unwrap_or(usize::MAX)
}

/// Reports a value behind an anchor once at the anchor, and for each further user that shares it at
/// that user's alias. Each report shows both places.
fn share_anchors(findings: &mut [Finding]) {
    let mut taken: HashSet<(&'static str, Span)> = HashSet::new();
    for finding in findings {
        let is_new = taken.insert((finding.rule.name, finding.primary.span));
        let Some(alias) = finding.alias else { continue };
        if is_new {
            finding.related.push(Label::new(alias, "used through this alias"));
        } else {
            let text = std::mem::replace(&mut finding.primary.text, "defined here".into());
            let anchored = std::mem::replace(&mut finding.primary, Label::new(alias, text));
            finding.related.list().insert(0, anchored);
        }
    }
}

#[cfg(test)]
mod pairs;
#[cfg(test)]
mod tests;
