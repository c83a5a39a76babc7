//! What files are checked against: a range of kubectl versions, and the releases of plugins.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::api_versions::{ALL, ApiVersion};
use super::plugins::{Declared, Plugin, PluginReleases};
use super::version::Minor;

/// The kubectl versions that will read the files, every one of which must accept the files, and the
/// plugins that they run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The oldest version.
    pub first: Minor,
    /// The newest version.
    pub last: Minor,
    /// The newest version requested, if it is newer than [`Minor::NEWEST`]; it is treated like that
    /// one.
    pub unknown: Option<Minor>,
    /// The releases of plugins that are in use.
    pub plugins: Declared,
    /// The releases of plugins that files of the repository install, one at most for each plugin.
    pub installed: Vec<Installed>,
}

/// A release of a plugin, and the file that installs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The release.
    pub release: PluginReleases,
    /// The file and its line (1-based): `Dockerfile:12`.
    pub place: Arc<str>,
}

impl Target {
    /// Returns the minors of the target, oldest first.
    pub fn minors(&self) -> impl DoubleEndedIterator<Item = Minor> + use<> {
        (self.first.0..=self.last.0).map(Minor)
    }

    /// Returns the newest minor of the target for which `holds` is true.
    pub fn newest_where(&self, holds: impl Fn(Minor) -> bool) -> Option<Minor> {
        self.minors().rev().find(|&minor| holds(minor))
    }

    /// Returns what is installed if it does not return a version that every kubectl of the target
    /// accepts, unless another release is declared to be in use.
    pub(crate) fn installed_conflict(
        &self,
        plugin: &'static Plugin,
        version: &ApiVersion,
    ) -> Option<&Installed> {
        let installed = self.installed.iter().find(|installed| installed.release.are_of(plugin))?;
        let is_declared = self.plugins.of(plugin).releases.is_some();
        let allows = installed.release.in_use().answers.allow(version);
        (!is_declared && !allows && version.accepted_by_all(self)).then_some(installed)
    }

    /// Returns the first and the last release that a word names, known or not.
    fn ends(word: &str) -> Option<(Minor, Minor)> {
        let open = |first: Minor| (first, first.max(Minor::NEWEST));
        if let Some(first) = word.strip_prefix(">=") {
            return Minor::of_release(first.trim_matches(' ')).map(open);
        }
        // A hyphen may also begin the suffix of a release.
        let mut ranges = word.match_indices('-').filter_map(|(at, _)| {
            let first = Minor::of_release(word.get(..at)?.trim_matches(' '))?;
            match word.get(at + 1..)?.trim_matches(' ') {
                "" => Some(open(first)),
                // The revision of a package (`1.30.4-1.1`) is not a release.
                last => {
                    Minor::of_release(last).filter(|last| last.0 >= 10).map(|last| (first, last))
                }
            }
        });
        ranges.next().or_else(|| Minor::of_release(word).map(|minor| (minor, minor)))
    }
}

impl Default for Target {
    fn default() -> Self {
        let plugins = Declared::default();
        Self {
            first: Minor::NEWEST,
            last: Minor::NEWEST,
            unknown: None,
            plugins,
            installed: Vec::new(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

impl FromStr for Target {
    type Err = String;

    /// Reads one release (`1.24`), an inclusive range (`1.22-1.37`, `1.22-latest`), or an open one
    /// (`1.22-`, `>=1.22`).
    fn from_str(text: &str) -> Result<Self, String> {
        let (oldest, newest) = (Minor::OLDEST, Minor::NEWEST);
        let Some((first, last)) = Self::ends(text.trim_matches(' ')) else {
            return Err(format!(
                "`{text}` is not a kubectl version; write one such as 1.24, or a range such as \
                 1.24-{newest}"
            ));
        };
        if first > last {
            return Err(format!("the range `{text}` runs backwards; write {last}-{first}"));
        }
        if first < oldest {
            return Err(format!(
                "kubectl {first} is too old; kubeconfig-lint checks kubectl {oldest} and newer"
            ));
        }
        let unknown = Some(last).filter(|last| *last > newest);
        let plugins = Declared::default();
        Ok(Self {
            first: first.min(newest),
            last: last.min(newest),
            unknown,
            plugins,
            installed: Vec::new(),
        })
    }
}

impl ApiVersion {
    /// Returns whether every kubectl of the target accepts this version.
    pub fn accepted_by_all(&self, target: &Target) -> bool {
        target.minors().all(|minor| self.accepted_by(minor))
    }
}

/// Returns the versions that every kubectl of the target accepts, oldest first.
pub(crate) fn choices(target: &Target) -> impl Iterator<Item = &'static ApiVersion> {
    ALL.into_iter().filter(|version| version.accepted_by_all(target))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (u16, u16, Option<u16>) {
        let target: Target = text.parse().unwrap();
        (target.first.0, target.last.0, target.unknown.map(|minor| minor.0))
    }

    #[test]
    fn parse_target_accepts_what_kubectl_clouds_and_packages_print() {
        for text in [
            "1.30",
            " v1.30 ",
            "1.30.4",
            "1.30+",
            "v1.30.4-eks-a737599",
            "v1.30.5-gke.100",
            "1.30.0-rc.1",
            "v1.30.4+k3s1",
            "v1.30.0-beta.0.12+abc",
            "1.30.4-1.1",
            "1.30.1-00",
        ] {
            assert_eq!(read(text), (30, 30, None), "{text}");
        }
        assert_eq!(read("latest"), (37, 37, None));
    }

    #[test]
    fn parse_target_accepts_ranges_with_one_end_or_two() {
        for (text, first, last) in [
            (" v1.22.3 - 1.37 ", 22, 37),
            ("1.22-1.22", 22, 22),
            ("1.24-", 24, 37),
            ("1.24 -", 24, 37),
            (">=1.24", 24, 37),
            (">= v1.24.1", 24, 37),
            ("1.24-latest", 24, 37),
            ("1.24+-1.30+", 24, 30),
            ("v1.24.17-eks-a5565ad-v1.31.5-gke.100", 24, 31),
            ("1.30.0-rc.1-", 30, 37),
        ] {
            assert_eq!(read(text), (first, last, None), "{text}");
        }
        assert_eq!("1.22-".parse::<Target>().unwrap().to_string(), "1.22-1.37");
    }

    #[test]
    fn parse_target_takes_a_newer_minor_for_the_newest_known() {
        assert_eq!(read("1.38"), (37, 37, Some(38)));
        assert_eq!(read("1.24-1.40"), (24, 37, Some(40)));
        assert_eq!(read("1.38-"), (37, 37, Some(38)));
        assert_eq!(read("1.38.0-alpha.1"), (37, 37, Some(38)));
    }

    #[test]
    fn parse_target_names_the_whole_word_in_its_errors() {
        let error = |text: &str| text.parse::<Target>().unwrap_err();
        for text in [
            "",
            "1",
            "2.1",
            "1.x",
            "1.24.x",
            "1.24.1.1",
            "1.24-x",
            "1.+24",
            "1.024",
            "vv1.24",
            "1.24.",
            "1.24.+1",
            "1.24 .1",
            "\t1.24",
            "-1.24",
            "-",
            "1.24-37",
            "1.1000",
            ">=",
            ">1.24",
            "1.24--1.30",
            "1.24.1-\u{e9}",
        ] {
            let words = format!(
                "`{text}` is not a kubectl version; write one such as 1.24, or a range such as \
                 1.24-1.37"
            );
            assert_eq!(error(text), words);
        }
        for (text, old) in [("1.18", "1.18"), ("v1.9.3", "1.9"), ("1.10-1.30", "1.10")] {
            let words =
                format!("kubectl {old} is too old; kubeconfig-lint checks kubectl 1.20 and newer");
            assert_eq!(error(text), words);
        }
        assert_eq!(error("1.30-1.20"), "the range `1.30-1.20` runs backwards; write 1.20-1.30");
    }
}
