//! Where to get a plugin that returns a version: another one on this machine, or a newer release.

use std::path::Path;

use crate::kubernetes::api_versions::{self, ApiVersion, V1ALPHA1, V1BETA1};
use crate::kubernetes::plugins::{Answers, Plugin, PluginReleases, Releases};
use crate::kubernetes::version::Minor;
use crate::model::ExecConfig;

use super::ask::{Answer, Outcome};
use super::path::shown;
use super::release::Installed;

/// A known plugin on this machine.
pub(super) struct Newer<'a> {
    pub(super) plugin: &'static Plugin,
    /// The version that it should return.
    pub(super) wanted: &'static ApiVersion,
    /// What runs; `None` if it is not found.
    pub(super) own: Option<&'a Installed>,
    /// Whether that returns the version; `None` if its release does not tell.
    pub(super) returns: Option<bool>,
    /// Another one on PATH that returns the version.
    pub(super) better: Option<&'a Better>,
}

/// Another executable of a plugin that returns a version which the one that runs does not return.
pub(super) struct Better {
    pub(super) installed: Installed,
    /// What to write as `command`, and where, if the kubeconfig names the plugin by its path.
    pub(super) write: Option<String>,
    /// What it answered; `None` if it was not asked.
    pub(super) answer: Option<Answer>,
}

/// Returns the version that a plugin should return: the one in the kubeconfig, or v1beta1, which
/// every client accepts, if that will not do.
pub(super) fn wanted(exec: &ExecConfig, plugin: &Plugin, minor: Minor) -> &'static ApiVersion {
    let named = exec.api_version.as_ref().and_then(|named| api_versions::lookup(&named.value));
    let is_fit = |version: &&ApiVersion| {
        **version != V1ALPHA1
            && version.accepted_by(minor)
            && plugin.newest_answers().allow(version)
    };
    named.filter(is_fit).unwrap_or(&V1BETA1)
}

/// Returns whether an executable returns a version, judging by its release; `None` if that does not
/// tell.
pub(super) fn returns(
    plugin: &'static Plugin,
    installed: &Installed,
    version: &ApiVersion,
) -> Option<bool> {
    let releases = Releases::of(installed.release.as_deref()?)?;
    let answers = PluginReleases::new(plugin, releases)?.in_use().answers;
    let is_certain = !matches!(answers, Answers::Seen(_) | Answers::Depends(_));
    is_certain.then(|| answers.versions().contains(&version))
}

impl Better {
    /// Returns whether what it answered does not speak against it.
    pub(super) fn is_better(&self) -> bool {
        let outcome = self.answer.as_ref().map(|answer| answer.outcome);
        !outcome.is_some_and(|outcome| {
            matches!(outcome, Outcome::OtherVersion | Outcome::Crashed | Outcome::NotStarted(_))
        })
    }
}

impl Newer<'_> {
    /// Returns how to use another executable on PATH that returns the version.
    pub(super) fn instead(&self) -> Option<String> {
        let Better { installed, write, .. } = self.better?;
        let (path, release) = (shown(&installed.path), self.release(installed));
        let version = self.wanted.version;
        if let Some(write) = write {
            return Some(format!("use `{path}`{release}, which returns {version}: write {write}"));
        }
        let own = self.own?;
        let folder = |path: &Path| shown(path.parent().unwrap_or(Path::new("/")));
        let [first, then] = [&installed.path, &own.path].map(|path| folder(path));
        Some(format!(
            "use `{path}`{release}, which returns {version} but comes later on PATH: put `{first}` \
             before `{then}` in PATH, or remove `{}`",
            shown(&own.path)
        ))
    }

    /// Returns all ways to get a plugin that returns the version, if it is known that what runs does
    /// not return it.
    pub(super) fn ways(&self) -> Vec<String> {
        let are_needed = self.returns == Some(false);
        self.instead().into_iter().chain(self.upgrade()).filter(|_| are_needed).collect()
    }

    /// Returns to which release to upgrade what runs.
    pub(super) fn upgrade(&self) -> Option<String> {
        let releases = self.releases().filter(|_| self.returns != Some(true))?;
        let release = self.own.map(|own| self.release(own)).unwrap_or_default();
        let file = self.own.map_or_else(|| self.plugin.name.to_owned(), |own| shown(&own.path));
        let version = self.wanted.version;
        Some(format!("upgrade `{file}`{release} to {releases}, which return {version}"))
    }

    /// Returns the releases that return the version, if not all do.
    pub(super) fn releases(&self) -> Option<String> {
        let is_returned = self.plugin.newest_answers().allow(self.wanted);
        self.plugin.since_or_newer(self.wanted).filter(|_| is_returned)
    }

    /// Returns the release of an executable in parentheses, after a blank.
    fn release(&self, installed: &Installed) -> String {
        let release = installed.release.as_ref();
        release.map(|release| format!(" ({} {release})", self.plugin.package())).unwrap_or_default()
    }
}
