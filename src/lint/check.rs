//! Applies the rules to one subject, which is what a carrier found, and collects what `lint` must
//! know about it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use crate::advice::version_copies::{copies, settled};
use crate::advice::{self, consumers};
use crate::edit::{propose, spelling};
use crate::finding::decoded::DecodedPlace;
use crate::finding::few::Few;
use crate::finding::{Accepted, Finding, Label, Severity, SharedAccepted};
use crate::kubernetes::api_versions::{self, ApiVersion};
use crate::kubernetes::plugins::{Plugin, names_program};
use crate::kubernetes::target::Target;
use crate::lint::severity::Grade;
use crate::model::refusal::{CredentialProblem, DecodeError, JsonType, Reason, TypeField, Wanted};
use crate::model::{Counted, EntryKind, Subject};
use crate::rule::RULES;
use crate::text::message::message;
use crate::text::offsets::OffsetMap;
use crate::text::source::{Source, Span, clip};

use super::options::Options;

/// What `lint` must know about one subject.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    /// Where the subject gives its API version.
    pub(super) claim: Option<Span>,
    /// The user's name, as shown.
    pub(super) user: Option<Arc<str>>,
    /// Where the subject repeats its API version.
    pub(super) copies: Few<Span>,
    /// The values in which no version needs a finding of its own.
    pub(super) settled: Few<Span>,
    pub(super) counted: Counted,
    /// Whether the subject is the output of a plugin.
    pub(super) is_printed: bool,
    /// Whether the subject is an exec config with an unknown plugin.
    pub(super) has_unknown_plugin: bool,
}

/// What the rules found about the subjects of a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Judged {
    pub(super) checked: Vec<Checked>,
    /// The findings, in the order of their subjects, which are numbers of `checked`.
    pub(super) findings: Vec<Finding>,
    pub(super) accepted: Vec<Accepted>,
}

impl Judged {
    /// Translates all places into the outer text. `decoded` is the inner text and its secrets if it
    /// is in base64 there.
    pub(super) fn outside(mut self, map: &OffsetMap, decoded: Option<(&Source, &[Span])>) -> Self {
        let outer = |span: &mut Span| *span = map.outer(*span);
        for checked in &mut self.checked {
            checked.claim.as_mut().map(outer);
            checked.copies.iter_mut().for_each(outer);
            checked.settled.clear();
        }
        for finding in &mut self.findings {
            if let Some((source, secrets)) = decoded {
                // Of base64 in base64, the innermost text is shown.
                if finding.decoded.is_none() {
                    let place = DecodedPlace::new(finding, source, secrets);
                    finding.remarks.push(message!("base64 line {}", place.position.line));
                    finding.decoded = Some(Arc::new(place));
                }
                // All places in the base64 are now the same place.
                finding.related.clear();
                finding.alias = None;
            }
            outer(&mut finding.primary.span);
            finding.related.iter_mut().map(|label| &mut label.span).for_each(outer);
            finding.alias.as_mut().map(outer);
        }
        self.accepted.iter_mut().for_each(|accepted| outer(&mut accepted.span));
        self
    }

    /// Removes the subjects whose API version is not `new`, with what was found about them.
    pub(super) fn retain(&mut self, is_new: impl Fn(Span) -> bool) {
        let mut left = 0;
        // The number of each subject among those that are left.
        let numbers: Vec<Option<usize>> = self
            .checked
            .iter()
            .map(|checked| {
                let number = checked.claim.is_none_or(&is_new).then_some(left);
                left += usize::from(number.is_some());
                number
            })
            .collect();
        if left == self.checked.len() {
            return;
        }
        self.checked.retain(|checked| checked.claim.is_none_or(&is_new));
        self.accepted.retain(|accepted| is_new(accepted.span));
        self.findings.retain_mut(|finding| {
            let number = numbers.get(finding.subject).copied().flatten();
            finding.subject = number.unwrap_or(0);
            number.is_some()
        });
    }

    /// Adds what was found about other subjects.
    pub(super) fn append(&mut self, mut other: Self) {
        let first = self.checked.len();
        if first == 0 {
            *self = other;
            return;
        }
        self.checked.append(&mut other.checked);
        self.accepted.append(&mut other.accepted);
        other.findings.iter_mut().for_each(|finding| finding.subject += first);
        self.findings.append(&mut other.findings);
    }

    /// Adds a subject and the `findings` about it. `claims` are the places of the versions of other
    /// subjects, to which its own is added. Returns what the subject counts as if nothing else needs
    /// to be known about it.
    pub(super) fn add(
        &mut self,
        subject: &Subject,
        mut findings: Vec<Finding>,
        carrier: &'static str,
        grade: &Grade<'_>,
        target: &Target,
        claims: &mut HashSet<Span>,
    ) -> Option<Counted> {
        let claim = subject.api_version().map(|value| value.span);
        let is_found = |claim: &Span| findings.iter().any(|found| found.primary.span == *claim);
        // A finding about a misspelled key also explains its value.
        let misspelled = subject.misspelled_api_version().filter(|key| is_found(&key.key));
        let misspelled = misspelled.and_then(|key| Some(key.value.as_ref()?.span));
        // So does one about a list that kubectl expects to be a string.
        let mistyped = mistyped(subject).map(|error| error.span).find(is_found);
        let is_new = claim.is_some_and(|claim| claims.insert(claim));
        let accepted = claim.filter(|claim| is_new && !is_found(claim));
        let copies = subject.exec().map(|exec| copies(exec, advice::plugin_in_use(exec, target)));
        let copies = copies.unwrap_or_default();
        let exec = subject.exec_config();
        let user = findings.first().map_or_else(|| subject.user(), |found| found.user.clone());
        let accepted = accepted.map(|span| accept(subject, span, user.clone(), carrier, grade));
        let checked = Checked {
            claim: claim.or(misspelled).or(mistyped),
            user,
            settled: exec.into_iter().flat_map(|exec| settled(exec, &copies)).collect(),
            copies: copies.iter().filter(|copy| copy.has_group).map(|copy| copy.span).collect(),
            counted: Counted::of(subject),
            is_printed: is_printed(subject),
            has_unknown_plugin: has_unknown_plugin(subject),
        };
        let has_places =
            checked.claim.is_some() || !(checked.copies.is_empty() && checked.settled.is_empty());
        if !has_places && findings.is_empty() && accepted.is_none() {
            return Some(checked.counted);
        }
        let number = self.checked.len();
        findings.iter_mut().for_each(|finding| finding.subject = number);
        self.checked.push(checked);
        self.findings.append(&mut findings);
        self.accepted.extend(accepted);
        None
    }

    /// Returns each API version of a subject, with the subject's user and findings.
    pub(super) fn uses(&mut self) -> impl Iterator<Item = (Span, Option<&str>, &mut [Finding])> {
        let mut rest = self.findings.as_mut_slice();
        self.checked.iter().enumerate().filter_map(move |(number, checked)| {
            let count = rest.iter().take_while(|finding| finding.subject == number).count();
            let parts = std::mem::take(&mut rest).split_at_mut_checked(count);
            let (own, others) = parts.unwrap_or_default();
            rest = others;
            Some((checked.claim?, checked.user.as_deref(), own))
        })
    }

    /// Points from a wrong version of an unknown plugin to an ExecCredential with the same version
    /// in the same file: the plugin may be the program that prints it, and kubectl needs both to
    /// agree.
    pub(super) fn relate_to_printed(&mut self) {
        let Self { checked, findings, .. } = self;
        let is_of_claim = |checked: &Checked, finding: &Finding| {
            checked.claim == Some(finding.primary.span) && finding.api_version.is_some()
        };
        let printed = findings.iter().find(|finding| {
            let of = checked.get(finding.subject).filter(|checked| checked.is_printed);
            of.is_some_and(|checked| is_of_claim(checked, finding))
        });
        let printed = printed.map(|found| (found.primary.span, found.api_version.clone()));
        let Some((place, version)) = printed else { return };
        // An ExecCredential printed by a script in an exec config's own arguments belongs to that
        // config alone.
        let owns = |checked: &Checked| checked.copies.iter().any(|copy| copy.contains(place));
        let has_owner = checked.iter().any(owns);
        let may_print =
            |checked: &&Checked| checked.has_unknown_plugin && has_owner == owns(checked);
        for finding in findings {
            let Some(checked) = checked.get(finding.subject).filter(may_print) else { continue };
            if checked.claim == Some(finding.primary.span)
                && finding.api_version == version
                && finding.severity > Severity::Note
            {
                let label = Label::new(place, "this ExecCredential names the same version");
                finding.related.push(label);
                finding.help.push(
                    "if the plugin prints the ExecCredential in this file, change both \
                     versions together"
                        .into(),
                );
            }
        }
    }
}

/// Returns the errors about a list or a map where kubectl expects a string.
fn mistyped(subject: &Subject) -> impl Iterator<Item = &DecodeError> {
    let (of_kubeconfig, of_credential): (&[_], &[_]) = match subject {
        Subject::Undecodable(found) => (&found.errors, &[]),
        Subject::ExecCredential(credential) => (&[], &credential.refusal_ranges),
        _ => (&[], &[]),
    };
    let refusals = of_credential.iter().flat_map(|range| &range.refusals);
    let of_credential = refusals.filter_map(|refusal| match &refusal.problem {
        CredentialProblem::Decode(error) => Some(error),
        _ => None,
    });
    of_kubeconfig.iter().chain(of_credential).filter(|error| {
        let found = match error.reason {
            Reason::WrongType { found, wanted: Wanted::Type(JsonType::Text), .. } => found,
            Reason::VersionKind { found, field: TypeField::ApiVersion | TypeField::Kind } => found,
            _ => return false,
        };
        matches!(found, JsonType::List | JsonType::Map)
    })
}

/// Returns whether the subject is an ExecCredential that a plugin prints, rather than the request
/// that a plugin receives.
fn is_printed(subject: &Subject) -> bool {
    match subject {
        Subject::ExecCredential(credential) => !credential.is_request,
        Subject::ExecEntry(entry) => entry.kind == EntryKind::ExecCredential,
        _ => false,
    }
}

/// Returns whether the subject is an exec config whose plugin, and so whose output, is unknown.
fn has_unknown_plugin(subject: &Subject) -> bool {
    subject.exec_config().is_some_and(|exec| {
        let command = exec.command_word();
        // If the arguments that identify a known plugin are missing, as in an example, the plugin
        // does not count as unknown.
        advice::program_of(exec).is_none() && !command.is_some_and(names_program)
    })
}

/// Returns the releases that read the subject, in whose words the findings are: programs in place of
/// kubectl read kubeconfigs, but neither its preferences nor what another program configures.
/// `None` if nothing reads it.
fn reader_of<'a>(subject: &Subject, target: &'a Target) -> Option<Cow<'a, Target>> {
    let Some(client) = target.client() else { return Some(Cow::Borrowed(target)) };
    let is_read = match subject {
        Subject::Kuberc(_) => return None,
        Subject::ExecEntry(entry) => consumers::is_read_by(entry.consumer, client),
        _ => true,
    };
    Some(if is_read { Cow::Borrowed(target) } else { Cow::Owned(target.as_kubectl()) })
}

/// Applies every rule to the subject, weighs the findings, and proposes their fixes.
pub(super) fn check_subject(
    subject: &Subject,
    options: &Options,
    carrier: &'static str,
    grade: &Grade<'_>,
) -> Vec<Finding> {
    let Options { target, fix_to, .. } = options;
    let Some(target) = reader_of(subject, target) else { return Vec::new() };
    let chosen = fix_to.map(|version| target.fixed_to(version));
    let target = chosen.as_ref().unwrap_or(target.as_ref());
    let mut findings = Vec::new();
    RULES.iter().for_each(|rule| (rule.check)(subject, target, &mut findings));
    findings
        .into_iter()
        .filter_map(|finding| grade.apply(finding.of(subject), subject, target))
        .map(|mut finding| {
            let (text, unparsed) = (grade.text, grade.unparsed());
            spelling::respell(&mut finding, subject, text);
            let fix = propose::propose(&finding, subject, text, unparsed, target);
            finding.carrier = carrier;
            finding.fix = fix.map(Box::new);
            finding
        })
        .collect()
}

fn accept(
    subject: &Subject,
    span: Span,
    user: Option<Arc<str>>,
    carrier: &'static str,
    grade: &Grade<'_>,
) -> Accepted {
    let shared = SharedAccepted {
        api_version: subject.api_version().map_or("", |version| clip(&version.value)).into(),
        carrier,
        command: subject.command(),
        evidence: grade.evidence(subject.evidence()),
        role: grade.role(subject.role()),
        plugin: plugin(subject),
    };
    Accepted { span, enclosing: None, user, shared: Arc::new(shared) }
}

/// Returns the known plugin of an exec config, and the version that the exec config names.
fn plugin(subject: &Subject) -> Option<(&'static Plugin, &'static ApiVersion)> {
    let exec = subject.exec_config()?;
    let version = api_versions::lookup(&exec.api_version.as_ref()?.value)?;
    Some((advice::plugin_of(exec)?, version))
}

/// Returns whether the error stops kubectl's parser before the end of the text.
pub(super) fn stops_the_parser(error: &DecodeError) -> bool {
    matches!(error.reason, Reason::Syntax(_) | Reason::Encoding)
}
