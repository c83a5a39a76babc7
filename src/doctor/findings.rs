//! The findings of the rules about the kubeconfigs, as problems.

use crate::advice::regenerate::quoted as shell_word;
use crate::finding::fix::{Applicability, Doubt};
use crate::finding::{Finding, Severity};
use crate::kubernetes::api_versions::V1BETA1;
use crate::report::{FileReport, Report};
use crate::text::message::Message;

use super::ask::{Answer, Outcome};
use super::diagnosis::{Problem, Remedy, Step, place_in};

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
        let (step, text) = match help.strip_prefix("or ") {
            _ if remedies.is_empty() => (Step::Do, help),
            Some(other) => (Step::Or, other.to_owned()),
            None => (Step::Then, help),
        };
        remedies.push(Remedy { step, text });
    }
    Problem {
        rule: Some(finding.rule.name),
        title: finding.message.to_string(),
        place: Some(place(file, finding)),
        says: finding.kubectl_message.as_ref().map(|says| says.message.to_string()),
        remedies,
        is_fixable,
        is_of_version: false,
        helm: None,
    }
}

/// The rules about what `current-context` names.
pub(super) const OF_CURRENT: [&str; 3] = ["missing-cluster", "missing-context", "missing-user"];
/// The rule about a cluster.
pub(super) const OF_CLUSTER: &str = "invalid-cluster";
/// The rules that say why a plugin returns something that kubectl refuses.
const EXPLAINING: [&str; 4] =
    ["inconsistent-api-version", "not-a-plugin", "plugin-api-version", "plugin-output-format"];
/// The rule about a version that kubectl still accepts.
const DEPRECATED: &str = "deprecated-api-version";
/// The rules about a version that kubectl refuses before it asks the plugin.
const REFUSED: [&str; 3] =
    ["removed-api-version", "unknown-api-version", "unsupported-api-version"];

/// Returns whether the plugin was asked and did not do what a finding says it does: what was observed
/// counts.
pub(super) fn is_refuted(finding: &Finding, answers: &[Answer]) -> bool {
    let configured = finding.api_version.as_deref();
    let answer = answers.iter().find(|answer| Some(answer.asked.as_str()) == configured);
    match finding.rule.name {
        "plugin-output-format" => answers.iter().any(|answer| answer.returned.is_some()),
        rule => EXPLAINING.contains(&rule) && answer.is_some_and(Answer::is_accepted),
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
/// explains it, the finding is a part of it.
/// `is_refused` says that kubectl refuses the user before it asks the plugin.
pub(super) fn merge(
    problem: Option<Problem>,
    found: &mut Vec<Problem>,
    is_refused: bool,
    fixes: &str,
) {
    let Some(problem) = problem else { return };
    let is_of = |rules: &[&str], found: &Problem| found.rule.is_some_and(|r| rules.contains(&r));
    let explains = |found: &&mut Problem| {
        is_of(&EXPLAINING, found) || (problem.is_of_version && is_of(&[DEPRECATED], found))
    };
    if let Some(finding) = found.iter_mut().find(explains) {
        // Of an unknown plugin, the rule knows only what it returned.
        finding.title = match finding.title.strip_prefix("the plugin ") {
            Some(_) => problem.title,
            None => format!("{}: {}", problem.title, finding.title),
        };
        finding.says = problem.says.or(finding.says.take());
        // An old release is not the fault of the kubeconfig.
        if !finding.is_fixable && problem.is_of_version {
            finding.remedies = problem.remedies;
        }
        return;
    }
    match found.iter_mut().find(|found| is_of(&REFUSED, found)) {
        Some(finding) if problem.is_of_version && !finding.is_fixable => {
            finding.title = format!("{}, and {}", finding.title, problem.title);
            finding.remedies = problem.remedies;
            let text = format!("write `{}`: `{fixes}` does that", V1BETA1.name);
            finding.remedies.push(Remedy { step: Step::Then, text });
        }
        _ if is_refused => found.push(problem),
        _ => found.insert(0, problem),
    }
}
