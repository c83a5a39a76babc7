//! Which versions a plugin returned in which of its releases, and the releases in use.

use std::ops::Deref;
use std::str::FromStr;

use super::super::api_versions::ApiVersion;
use super::super::release::{Release, Releases};
use super::{Answers, PLUGINS, Plugin};

/// What a plugin does from one release on, until the next phase begins.
#[derive(Debug)]
pub struct Phase {
    /// The first release.
    pub since: Release,
    /// The versions that it prints, and how it chooses.
    pub answers: Answers,
}

impl Plugin {
    /// Returns the versions that its newest release prints, and how it chooses.
    pub fn newest_answers(&self) -> &'static Answers {
        const NONE: &Answers = &Answers::Seen(&[]);
        self.history.last().map_or(NONE, |phase| &phase.answers)
    }

    /// Returns what these releases print; `None` if they do not all do the same.
    fn answers_of(&self, releases: Releases) -> Option<&'static Answers> {
        let begins = |phase: &Phase| phase.since <= releases.last;
        let last = self.history.iter().rposition(begins).unwrap_or(0);
        let phase = self.history.get(last)?;
        (last == 0 || phase.since <= releases.first).then_some(&phase.answers)
    }

    /// Returns the releases in which it changed, in order.
    fn changes(&self) -> impl Iterator<Item = Release> {
        self.history.iter().skip(1).map(|phase| phase.since)
    }

    /// Returns, for each line of releases, the first from which on all of that line may print a
    /// version; empty if the first releases of all lines may, or if none is known to.
    pub(super) fn first_releases(&self, version: &ApiVersion) -> Vec<Release> {
        let lines = || self.history.chunk_by(|a, b| a.since.0 == b.since.0);
        let begins_with = |line: &[Phase]| line.first().is_some_and(|p| p.answers.allow(version));
        if lines().all(begins_with) {
            return Vec::new();
        }
        let first = lines().filter_map(|line| {
            let wrong = line.iter().rposition(|phase| !phase.answers.allow(version));
            Some(line.get(wrong.map_or(0, |at| at + 1))?.since)
        });
        first.collect()
    }

    /// What its releases are called: `aws-cli 2.6.3` is one of `aws`.
    pub fn package(&self) -> &'static str {
        self.package.unwrap_or(self.name)
    }
}

/// The releases of a plugin that are in use.
#[derive(Debug, Clone, Copy)]
pub struct PluginReleases {
    plugin: &'static Plugin,
    releases: Releases,
    answers: &'static Answers,
}

impl PartialEq for PluginReleases {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.plugin, other.plugin) && self.releases == other.releases
    }
}

impl Eq for PluginReleases {}

impl FromStr for PluginReleases {
    type Err = String;

    /// Reads `aws-cli=1.22`, or `aws=1.22.5`.
    fn from_str(text: &str) -> Result<Self, String> {
        let Some((name, word)) = text.split_once('=') else {
            return Err(format!("`{text}` names no release; write one such as aws-cli=1.22"));
        };
        // PyPI's name is awscli.
        let joined = |name: &str| name.replace('-', "");
        let is_named = |plugin: &&Plugin| {
            [plugin.package(), plugin.name].iter().any(|known| joined(known) == joined(name))
        };
        let Some(plugin) = changed().find(is_named) else {
            let names: Vec<_> = changed().map(Plugin::package).collect();
            return Err(format!(
                "the release of `{name}` makes no difference that is known; expected one of {}",
                names.join(", ")
            ));
        };
        let Some(releases) = Releases::of(word) else {
            return Err(format!("`{word}` is not a release; write one such as 1.22 or 1.22.5"));
        };
        Self::new(plugin, releases).ok_or_else(|| {
            let within = |release: &Release| (releases.first..=releases.last).contains(release);
            let changes: Vec<_> = plugin.changes().filter(within).map(|r| r.to_string()).collect();
            format!(
                "not every release of {name} {releases} returns the same version (it changed in \
                 {}); write three numbers, such as {name}={}",
                changes.join(", "),
                plugin.changes().filter(within).last().unwrap_or(releases.first)
            )
        })
    }
}

/// The plugins whose releases are known to differ.
pub fn changed() -> impl Iterator<Item = &'static Plugin> {
    PLUGINS.iter().filter(|plugin| plugin.history.len() > 1)
}

impl PluginReleases {
    /// Returns the plugin in these releases.
    pub fn in_use(&self) -> PluginInUse {
        Declared(vec![*self]).of(self.plugin)
    }

    /// Returns whether both print the same versions.
    pub fn do_the_same(&self, other: &Self) -> bool {
        self.are_of(other.plugin) && self.answers == other.answers
    }

    /// Returns whether these are releases of this plugin.
    pub fn are_of(&self, plugin: &Plugin) -> bool {
        std::ptr::eq(self.plugin, plugin)
    }

    /// Returns `None` if the releases do not all print the same versions.
    pub fn new(plugin: &'static Plugin, releases: Releases) -> Option<Self> {
        Some(Self { plugin, releases, answers: plugin.answers_of(releases)? })
    }
}

/// The releases of plugins that are in use, as far as they are declared; at most one entry a plugin
/// counts, the last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Declared(pub Vec<PluginReleases>);

impl Declared {
    /// Returns a plugin as it is in use.
    pub fn of(&self, plugin: &'static Plugin) -> PluginInUse {
        let declared = self.0.iter().rev().find(|declared| std::ptr::eq(declared.plugin, plugin));
        PluginInUse {
            plugin,
            releases: declared.map(|declared| declared.releases),
            answers: declared.map_or(plugin.newest_answers(), |declared| declared.answers),
        }
    }
}

/// A plugin, in the releases that are declared to be in use, or in its newest.
#[derive(Debug, Clone, Copy)]
pub struct PluginInUse {
    plugin: &'static Plugin,
    /// The releases in use; `None` if they are unknown.
    pub releases: Option<Releases>,
    /// The versions that those releases print, and how they choose; of the newest release if it is
    /// unknown which are in use.
    pub answers: &'static Answers,
}

impl Deref for PluginInUse {
    type Target = Plugin;

    fn deref(&self) -> &Plugin {
        self.plugin
    }
}

impl PluginInUse {
    /// The version that a kubeconfig should name for it; `None` if the plugin must be replaced.
    pub fn target(&self) -> Option<&'static ApiVersion> {
        let preferred = self.plugin.target?;
        if self.answers.versions().contains(&preferred) {
            return Some(preferred);
        }
        self.answers.versions().first().copied()
    }

    /// Returns the first releases that return a version, in words such as `aws-cli 1.23.9 or
    /// 2.6.3`; `None` if every release that may be in use does, or if that is not known.
    pub fn least(&self, version: &ApiVersion) -> Option<String> {
        if self.releases.is_some() { None } else { self.plugin.since(version) }
    }

    /// The version that it returned before, always, where it now always returns another; kubectl
    /// accepts both. `None` if it is known which release is in use.
    pub fn before(&self) -> Option<&'static ApiVersion> {
        let Answers::Fixed(now) = self.answers else { return None };
        let mut older = self.history.iter().rev().filter_map(|phase| match phase.answers {
            Answers::Fixed(version) if version != *now => Some(version),
            _ => None,
        });
        if self.releases.is_some() { None } else { older.next() }
    }

    /// Returns whether the command line alone shows that the plugin can print this version.
    pub fn is_certain(&self, version: &ApiVersion) -> bool {
        !matches!(self.answers, Answers::Depends(_))
            && self.before().is_none()
            && self.answers.versions().contains(&version)
    }

    /// Its name, or what its releases are called and which are in use, for the beginning of a
    /// sentence.
    pub fn in_words(&self) -> String {
        match self.releases {
            Some(releases) => format!("{} {releases}", self.package()),
            None => self.name.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::api_versions::{V1, V1ALPHA1, V1BETA1};
    use super::*;

    /// What releases that were run or read returned to a request for v1beta1.
    #[test]
    fn history_agrees_with_releases_that_were_run() {
        for (release, returned) in [
            ("aws-cli=1.16.156", &V1ALPHA1),
            ("awscli=1.20.8", &V1ALPHA1),
            ("aws-cli=1.20.9", &V1BETA1),
            ("aws-cli=1.20.11", &V1BETA1),
            ("aws-cli=1.22", &V1ALPHA1),
            ("aws-cli=1.22.101", &V1ALPHA1),
            ("aws-cli=1.23.8", &V1ALPHA1),
            ("aws-cli=2.2.24", &V1BETA1),
            ("aws-cli=2.6.2", &V1ALPHA1),
            ("aws-iam-authenticator=v0.5.3", &V1ALPHA1),
            ("aws-iam-authenticator=0.5.4", &V1BETA1),
            ("azure-kubelogin=0.0.20", &V1BETA1),
            ("pomerium-cli=0.32.2", &V1BETA1),
            ("pomerium-cli=0.33", &V1),
        ] {
            let read: PluginReleases = release.parse().unwrap();
            assert_eq!(read.answers.versions(), [returned], "{release}");
        }
        for release in ["aws-cli=1.23.9", "aws=1.46", "aws-cli=2.6.3", "aws-cli=2.36"] {
            let read: PluginReleases = release.parse().unwrap();
            assert!(matches!(read.answers, Answers::Echo(_)), "{release}");
        }
    }

    #[test]
    fn parse_release_of_plugin_explains_what_is_wrong() {
        let error = |text: &str| text.parse::<PluginReleases>().unwrap_err();
        assert_eq!(error("aws"), "`aws` names no release; write one such as aws-cli=1.22");
        assert_eq!(error("aws=new"), "`new` is not a release; write one such as 1.22 or 1.22.5");
        let words = error("aws-cli=1.23");
        assert!(words.contains("1.23.9") && !words.contains("2.6.3"), "{words}");
        assert!(error("aws-cli=2").contains("2.6.3"));
        let words = error("tsh=1");
        assert!(words.contains("`tsh`") && words.contains("aws-cli, aws-iam"), "{words}");
    }

    #[test]
    fn history_is_in_order_and_changes_at_each_phase() {
        for plugin in PLUGINS {
            let pairs = plugin.history.windows(2);
            for pair in pairs {
                let [a, b] = pair else { continue };
                assert!(a.since < b.since, "{}", plugin.name);
                let is_new_line = a.since.0 != b.since.0;
                let is_change = a.answers.versions() != b.answers.versions();
                assert!(is_change || is_new_line, "{} {}", plugin.name, b.since);
            }
        }
    }

    #[test]
    fn since_names_the_first_release_of_each_line() {
        let since = |name: &str, version| {
            PLUGINS.iter().find(|plugin| plugin.name == name).unwrap().since(version)
        };
        assert_eq!(since("aws", &V1BETA1).as_deref(), Some("aws-cli 1.23.9 or 2.6.3"));
        assert_eq!(since("aws", &V1ALPHA1), None);
        assert_eq!(
            since("aws-iam-authenticator", &V1).as_deref(),
            Some("aws-iam-authenticator 0.5.6")
        );
        assert_eq!(since("Azure kubelogin", &V1BETA1), None);
        assert_eq!(since("Azure kubelogin", &V1).as_deref(), Some("azure-kubelogin 0.0.21"));
        assert_eq!(since("pomerium-cli", &V1).as_deref(), Some("pomerium-cli 0.33.0"));
        assert_eq!(since("tsh", &V1BETA1), None);
    }
}
