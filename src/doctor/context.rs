//! What was found out about a context, and what is wrong with it.

use crate::finding::Finding;
use crate::kubectl::verdict::{Class, Verdict};
use crate::kubernetes::plugins::PluginReleases;
use crate::kubernetes::version::Minor;
use crate::report::Report;

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
        let found = findings::all(report).filter(|(_, finding)| checked.is_about(finding));
        let found =
            found.map(|(file, finding)| findings::problem(file, finding, &checked.answers, fixes));
        let mut found: Vec<Problem> = found.collect();
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
    pub(super) fn is_about(&self, finding: &Finding) -> bool {
        finding.user.as_deref().is_none_or(|user| user == self.user)
    }
}
