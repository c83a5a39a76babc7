//! A context: what doctor observed of it, and its problems.

use std::path::PathBuf;

use crate::finding::{Finding, Scope};
use crate::kubectl::step::Step;
use crate::kubectl::verdict::{Class, Verdict};
use crate::kubernetes::plugins::{self, PluginReleases};
use crate::kubernetes::reader::Reader;
use crate::kubernetes::version::Minor;
use crate::report::{FileReport, Report};
use crate::text::source::Span;

use super::ask::Answer;
use super::diagnosis::{Order, Problem, Remedy, either};
use super::findings;
use super::newer::Better;
use super::release::Installed;

/// A context that was checked.
#[derive(Default)]
pub(super) struct Checked {
    /// Its name; empty if kubectl uses none.
    pub(super) name: String,
    pub(super) is_current: bool,
    pub(super) user: String,
    /// The file that defines the user.
    pub(super) file: Option<String>,
    pub(super) cluster: Option<ClusterEntry>,
    /// Its command line, as far as it may be shown.
    pub(super) command: Option<String>,
    /// The version in the kubeconfig.
    pub(super) api_version: Option<String>,
    /// What the command resolves to.
    pub(super) installed: Option<Installed>,
    /// The plugin that this runs in turn, if it is a wrapper such as `sh`.
    pub(super) inner: Option<Installed>,
    /// What a release of the plugin is called.
    pub(super) package: Option<&'static str>,
    /// The other executables of the plugin on PATH, which do not run.
    pub(super) others: Vec<Installed>,
    /// Whether they do not run because the kubeconfig names the plugin by its path.
    pub(super) is_by_path: bool,
    pub(super) answers: Vec<Answer>,
    /// The one of them that returns what the plugin should return.
    pub(super) better: Option<Better>,
    /// The helm on PATH, and whether it accepts the kubeconfig.
    pub(super) helm: Option<(Reader, bool)>,
    /// What else there is to know.
    pub(super) notes: Vec<String>,
    pub(super) problems: Vec<Problem>,
}

/// The cluster of a context.
pub(super) struct ClusterEntry {
    /// The file that defines it.
    pub(super) path: PathBuf,
    /// Its place there.
    pub(super) place: Span,
    /// The place of its `certificate-authority-data`.
    pub(super) authority: Option<Span>,
    /// The command that writes it again.
    pub(super) regenerate: Option<String>,
}

/// A context as it was observed. What the rules say about its file is still missing.
pub(super) struct Observed {
    /// What was observed.
    pub(super) checked: Checked,
    /// What kubectl does with it.
    pub(super) verdict: Verdict,
    /// Names without an entry.
    pub(super) dangling: Vec<Problem>,
    /// The problems of other files that the context names.
    pub(super) files: Vec<Problem>,
    /// The helm on PATH, and what it does with the context.
    pub(super) helm: Option<(Reader, Verdict)>,
    /// The release of the plugin, if it makes a difference.
    pub(super) releases: Option<PluginReleases>,
    /// What the plugin returned, if it is not known and the kubeconfig should name another version.
    pub(super) returned: Option<plugins::Observed>,
    /// The problem of the plugin.
    pub(super) problem: Option<Problem>,
    /// How to get a plugin that returns the version which it should return; empty if this one does.
    pub(super) newer: Vec<String>,
    /// Secrets that no report may show.
    pub(super) secrets: Vec<String>,
}

impl Observed {
    /// Adds what the rules say. `fixes` is the command that fixes the kubeconfigs, and `lists` the
    /// one that lists all findings.
    pub(super) fn judged(self, report: &Report, minor: Minor, fixes: &str, lists: &str) -> Checked {
        let Self { mut checked, verdict, problem, newer, dangling, files, helm, secrets, .. } =
            self;
        let about = findings::all(report).filter(|(file, finding)| checked.is_about(file, finding));
        // Doctor has looked for these names itself.
        let about = about.filter(|(_, finding)| finding.scope != Scope::Current);
        let (refuted, about): (Vec<_>, Vec<_>) = about.partition(|(_, finding)| {
            findings::is_refuted(finding, &checked.answers, checked.better.as_ref())
        });
        let problem_of = |(file, finding): (&FileReport, &Finding)| {
            let mut problem = findings::problem(file, finding, &checked.answers, fixes);
            let cluster = checked.cluster.as_ref();
            problem.remedies.extend(cluster.and_then(|cluster| cluster.remedy(file, finding)));
            problem
        };
        let mut found: Vec<Problem> = about.into_iter().map(problem_of).collect();
        let notes: Vec<_> =
            refuted.into_iter().map(|(file, finding)| findings::refuted(file, finding)).collect();
        checked.notes.extend(notes);
        findings::merge(problem, &newer, &mut found, fixes);
        // A kubeconfig that kubectl cannot read names nothing.
        let is_read = found.iter().all(|problem| problem.step != Some(Step::Loading));
        found.extend(dangling.into_iter().filter(|_| is_read));
        found.extend(files);
        let is_refused = is_refusal(&verdict);
        if is_refused && found.is_empty() {
            let title = format!("kubectl {minor} refuses this context");
            found.push(Problem { title, says: verdict.message.clone(), ..Problem::default() });
        }
        sort(&mut found, &verdict);
        if let Some((helm, verdict)) = helm {
            let refuses = is_refusal(&verdict);
            checked.helm = Some((helm, !refuses));
            found.extend((refuses && !is_refused).then(|| of_helm(helm, verdict, minor, lists)));
        }
        found.iter_mut().for_each(|problem| problem.hide(&secrets));
        checked.problems = found;
        checked
    }
}

/// Sorts problems as kubectl meets them. It reports all that it finds while it validates together.
fn sort(problems: &mut [Problem], verdict: &Verdict) {
    if let [_, _, ..] = verdict.problems.as_slice() {
        let validated = |problem: &&mut Problem| problem.step == Some(Step::Validation);
        for problem in problems.iter_mut().filter(validated) {
            problem.says.clone_from(&verdict.message);
        }
    }
    problems.sort_by_key(|problem| {
        let is_now = verdict.message.is_some() && problem.says == verdict.message;
        (problem.step != Some(Step::Loading), !is_now, problem.step.is_none(), problem.step)
    });
}

/// Returns whether a program does nothing with a context.
fn is_refusal(verdict: &Verdict) -> bool {
    matches!(verdict.class, Class::Refused(_) | Class::NoCluster | Class::AsksForUser)
}

/// Returns the problem that Helm has with a context that kubectl accepts.
fn of_helm(helm: Reader, verdict: Verdict, minor: Minor, lists: &str) -> Problem {
    let help = format!("`{lists} --kubectl-version {}` says what to write", helm.value());
    Problem {
        title: format!("{helm} refuses the kubeconfig, which kubectl {minor} accepts"),
        says: verdict.message,
        helm: Some(helm.to_string()),
        remedies: either([help, "upgrade helm".to_owned()]),
        ..Problem::default()
    }
}

impl Checked {
    /// Returns whether a finding is about this context.
    pub(super) fn is_about(&self, file: &FileReport, finding: &Finding) -> bool {
        if let Some(user) = finding.user.as_deref() {
            return user == self.user;
        }
        match finding.scope {
            Scope::File => true,
            Scope::Current => self.is_current,
            Scope::Cluster => self
                .cluster
                .as_ref()
                .is_some_and(|cluster| cluster.holds(cluster.place, file, finding)),
        }
    }
}

impl ClusterEntry {
    /// Returns whether a finding is at that place in the file of the cluster.
    fn holds(&self, place: Span, file: &FileReport, finding: &Finding) -> bool {
        let places = [Some(finding.primary.span), finding.alias];
        self.path == file.source.path() && places.into_iter().flatten().any(|at| place.contains(at))
    }

    /// Returns the other remedy for a finding about the certificate authority.
    fn remedy(&self, file: &FileReport, finding: &Finding) -> Option<Remedy> {
        self.authority.filter(|place| self.holds(*place, file, finding))?;
        Some(Remedy { order: Order::Or, text: self.regenerate.clone()? })
    }
}
