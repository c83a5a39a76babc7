//! What was found out about a context, and what is wrong with it.

use std::path::PathBuf;

use crate::finding::Finding;
use crate::kubectl::verdict::{Class, Verdict};
use crate::kubernetes::plugins::PluginReleases;
use crate::kubernetes::version::Minor;
use crate::report::{FileReport, Report};
use crate::text::source::Span;

use super::ask::Answer;
use super::diagnosis::{Installed, Problem};
use super::findings;

/// What was found out about a context.
#[derive(Default)]
pub(super) struct Checked {
    /// Its name; empty if kubectl uses none.
    pub(super) name: String,
    pub(super) is_current: bool,
    pub(super) user: String,
    /// The file that defines the user.
    pub(super) file: Option<String>,
    /// The file that defines the cluster, and its place there.
    pub(super) cluster: Option<(PathBuf, Span)>,
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
    /// The executables that the plugin hides.
    pub(super) shadowed: Vec<Installed>,
    pub(super) answers: Vec<Answer>,
    /// What else there is to know.
    pub(super) notes: Vec<String>,
    pub(super) problems: Vec<Problem>,
}

/// A context as it was observed. What the rules say about its file is still missing.
pub(super) struct Observed {
    /// What was observed.
    pub(super) checked: Checked,
    /// What kubectl does with it.
    pub(super) verdict: Verdict,
    /// The release of the plugin, if it makes a difference.
    pub(super) releases: Option<PluginReleases>,
    /// The problem of the plugin.
    pub(super) problem: Option<Problem>,
    /// Secrets that no report may show.
    pub(super) secrets: Vec<String>,
}

impl Observed {
    /// Adds what the rules say. `fixes` is the command that fixes the kubeconfigs.
    pub(super) fn judged(self, report: &Report, minor: Minor, fixes: &str) -> Checked {
        let Self { mut checked, verdict, problem, secrets, .. } = self;
        let is_refused =
            matches!(verdict.class, Class::Refused(_) | Class::NoCluster | Class::AsksForUser);
        let about = findings::all(report).filter(|(file, finding)| checked.is_about(file, finding));
        let (refuted, about): (Vec<_>, Vec<_>) =
            about.partition(|(_, finding)| findings::is_refuted(finding, &checked.answers));
        let problem_of =
            |(file, finding)| findings::problem(file, finding, &checked.answers, fixes);
        let mut found: Vec<Problem> = about.into_iter().map(problem_of).collect();
        let notes = refuted.into_iter().map(|(file, finding)| findings::refuted(file, finding));
        checked.notes.extend(notes);
        findings::merge(problem, &mut found, is_refused, fixes);
        if is_refused && found.is_empty() {
            let title = format!("kubectl {minor} refuses this context");
            found.push(Problem { title, says: verdict.message, ..Problem::default() });
        }
        found.iter_mut().for_each(|problem| problem.hide(&secrets));
        checked.problems = found;
        checked
    }
}

impl Checked {
    /// Returns whether a finding is about this context.
    pub(super) fn is_about(&self, file: &FileReport, finding: &Finding) -> bool {
        let rule = finding.rule.name;
        if let Some(user) = finding.user.as_deref() {
            return user == self.user;
        }
        if findings::OF_CURRENT.contains(&rule) {
            return self.is_current;
        }
        if rule != findings::OF_CLUSTER {
            return true;
        }
        let places = [Some(finding.primary.span), finding.alias];
        let is_within = |place: &Span| places.iter().flatten().any(|at| place.contains(*at));
        let cluster = self.cluster.as_ref().filter(|(path, _)| path == file.source.path());
        cluster.is_some_and(|(_, place)| is_within(place))
    }
}
