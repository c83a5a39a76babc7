//! The findings of the rules about the kubeconfigs, as problems.

use crate::advice::regenerate::quoted as shell_word;
use crate::finding::fix::{Applicability, Doubt};
use crate::finding::rule::{Foretold, Rule};
use crate::finding::{Finding, Severity};
use crate::kubectl::step::Step;
use crate::kubernetes::api_versions::V1BETA1;
use crate::report::{FileReport, Report};
use crate::text::message::Message;

use super::ask::{Answer, Outcome};
use super::diagnosis::{Order, Problem, Remedy, either, place_in};
use super::newer::Better;

/// Returns the findings that may be problems, with their files.
pub(super) fn all(report: &Report) -> impl Iterator<Item = (&FileReport, &Finding)> {
    let of_file = |file| move |finding| (file, finding);
    let files = report.files.iter();
    let all = files.flat_map(move |file| file.linted.findings.iter().map(of_file(file)));
    all.filter(|(_, finding)| finding.severity >= Severity::Warning)
}

/// Returns whether `doctor --fix` makes the fix of a finding: it is safe, or the plugin has returned
/// the version that it writes; but not if the plugin has returned another one.
pub(super) fn is_made(finding: &Finding, answers: &[Answer]) -> bool {
    let Some(fix) = &finding.fix else { return false };
    let new = fix.intent.new.map(|new| new.name);
    let answer = answers.iter().find(|answer| Some(answer.asked.as_str()) == new);
    match answer.map(|answer| answer.outcome) {
        Some(Outcome::OtherVersion) => false,
        Some(Outcome::Accepted) if fix.doubt == Some(Doubt::PluginRelease) => true,
        _ => fix.applicability == Applicability::Safe,
    }
}

/// Returns a finding as a problem. `answers` are those of its user's plugin, and `fixes` is the
/// command that fixes the kubeconfigs.
pub(super) fn problem(
    file: &FileReport,
    finding: &Finding,
    answers: &[Answer],
    fixes: &str,
) -> Problem {
    let fix = finding.fix.as_ref();
    let is_fixable = is_made(finding, answers);
    let by_fix = match is_fixable {
        true => Some(format!("`{fixes}` does that")),
        false => fix.map(|_| {
            let file = shell_word(&file.path);
            format!("`kubeconfig-lint --fix --unsafe-fixes {file}` does that; review it")
        }),
    };
    let is_needed = |help: &&Message| fix.is_some_and(|fix| fix.notes.contains(help));
    let mut steps: Vec<String> =
        finding.help.iter().filter(|help| !is_needed(help)).map(ToString::to_string).collect();
    match (steps.first_mut(), by_fix) {
        (Some(first), Some(by_fix)) => *first = format!("{first}; {by_fix}"),
        (None, by_fix) => steps.extend(by_fix),
        _ => {}
    }
    // What the plugin must return comes first, unless it has been asked.
    let is_asked = is_fixable && answers.iter().any(Answer::is_accepted);
    let needs = finding.help.iter().find(is_needed).filter(|_| !is_asked).map(ToString::to_string);
    let mut remedies: Vec<Remedy> = Vec::new();
    for help in needs.into_iter().chain(steps) {
        let (order, text) = match help.strip_prefix("or ") {
            _ if remedies.is_empty() => (Order::Do, help),
            Some(other) => (Order::Or, other.to_owned()),
            None => (Order::Then, help),
        };
        remedies.push(Remedy { order, text });
    }
    Problem {
        rule: Some(finding.rule),
        step: finding.rule.step,
        title: finding.message.to_string(),
        place: Some(place(file, finding)),
        says: finding.kubectl_message.as_ref().map(|says| says.message.to_string()),
        remedies,
        is_fixable,
        ..Problem::default()
    }
}

/// Returns whether the plugin was asked and did not do what a finding says it does: what was observed
/// counts. A plugin that is to run in its place must not do it, either.
pub(super) fn is_refuted(finding: &Finding, answers: &[Answer], better: Option<&Better>) -> bool {
    let configured = finding.api_version.as_deref();
    let answer = answers.iter().find(|answer| Some(answer.asked.as_str()) == configured);
    let better = better.and_then(|better| better.answer.as_ref());
    match finding.rule.foretells {
        Some(Foretold::OtherOutput) => {
            let is_credential = |answer: &Answer| answer.returned.is_some();
            answers.iter().any(is_credential) && better.is_none_or(is_credential)
        }
        Some(Foretold::OtherVersion | Foretold::NoCredential) => {
            answer.is_some_and(Answer::is_accepted)
        }
        None => false,
    }
}

/// Returns a note about a finding that was refuted.
pub(super) fn refuted(file: &FileReport, finding: &Finding) -> String {
    format!("not so here: {} ({})", finding.message, place(file, finding))
}

/// Returns the place of a finding.
fn place(file: &FileReport, finding: &Finding) -> String {
    place_in(&file.path, &file.source, finding.primary.span)
}

/// Adds the problem of a plugin to the findings. One mistake is one problem: if the kubeconfig
/// explains it, the finding is a part of it. `newer` says how to get a plugin that returns what it
/// should return, if this one does not.
pub(super) fn merge(
    problem: Option<Problem>,
    newer: &[String],
    found: &mut Vec<Problem>,
    fixes: &str,
) {
    let refuses_version = |problem: &&mut Problem| problem.step == Some(Step::Construction);
    // Another version may be the one that still works.
    let is_deprecation = |rule: &'static Rule| rule.is_deprecation && rule.step.is_none();
    let is_deprecated = |found: &&mut Problem| found.rule.is_some_and(is_deprecation);
    let first_get = |finding: &mut Problem, remedies: Vec<Remedy>| {
        finding.remedies = remedies;
        let text = format!("write `{}`: `{fixes}` does that", V1BETA1.name);
        finding.remedies.push(Remedy { order: Order::Then, text });
    };
    let Some(problem) = problem else {
        if let Some(finding) = found.iter_mut().find(is_deprecated)
            && !finding.is_fixable
            && !newer.is_empty()
        {
            first_get(finding, either(newer.iter().cloned()));
        }
        return;
    };
    let is_of_version = problem.returned == Some(Foretold::OtherVersion);
    let explains = |found: &&mut Problem| {
        let foretold = found.rule.and_then(|rule| rule.foretells);
        let is_foretold = match (foretold, problem.returned) {
            (Some(Foretold::NoCredential), Some(_)) | (Some(_), Some(Foretold::NoCredential)) => {
                true
            }
            (foretold, returned) => foretold.is_some() && foretold == returned,
        };
        is_foretold || (is_of_version && is_deprecated(found))
    };
    if let Some(finding) = found.iter_mut().find(explains) {
        // Of an unknown plugin, the rule knows only what it returned.
        finding.title = match finding.title.strip_prefix("the plugin ") {
            Some(_) => problem.title,
            None => format!("{}: {}", problem.title, finding.title),
        };
        finding.says = problem.says.or(finding.says.take());
        finding.step = problem.step;
        // An old release is not the fault of the kubeconfig.
        if !finding.is_fixable && is_of_version {
            finding.remedies = problem.remedies;
        } else if problem.returned == Some(Foretold::NoCredential) {
            // It may have failed for another reason, which its own message says.
            let more = std::mem::replace(&mut finding.remedies, problem.remedies).into_iter();
            let more = more.enumerate().map(|(at, remedy)| match at {
                0 => Remedy { order: Order::Then, ..remedy },
                _ => remedy,
            });
            finding.remedies.extend(more);
        }
        return;
    }
    match found.iter_mut().find(refuses_version) {
        Some(finding) if problem.is_of_missing || (is_of_version && !finding.is_fixable) => {
            finding.title = format!("{}, and {}", finding.title, problem.title);
            first_get(finding, problem.remedies);
        }
        _ => found.push(problem),
    }
}
