//! What files are checked against: a range of releases of kubectl or of another program with
//! client-go, and the releases of plugins.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::api_versions::{ALL, ApiVersion};
use super::clients::{CLIENTS, Client, ClientReleases};
use super::plugins::{Declared, Observed, Plugin, PluginReleases};
use super::reader::{Reader, title};
use super::release::Releases;
use super::version::Minor;

/// The releases of kubectl, or of another program with client-go, that will read the files, every
/// one of which must accept the files, and the plugins that they run. A minor stands for the
/// client-go of the kubectl with this version, whatever program contains it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The oldest client-go.
    pub first: Minor,
    /// The newest client-go.
    pub last: Minor,
    /// The newest release requested, if it is newer than the newest known; it is treated like that
    /// one.
    pub unknown: Option<Reader>,
    /// The program and its releases; `None` if it is kubectl.
    pub(crate) releases: Option<ClientReleases>,
    /// The releases of plugins that are in use.
    pub plugins: Declared,
    /// The releases of plugins that files of the repository install, one at most for each plugin.
    pub installed: Vec<Installed>,
    /// What plugins returned that are not in the table.
    pub observed: Vec<Observed>,
    /// The API version to write wherever plugin and program allow it, if one is asked for.
    pub(crate) fix_to: Option<&'static ApiVersion>,
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
    /// Returns the kubectls from one version to another.
    pub fn of_kubectls(first: Minor, last: Minor) -> Self {
        Self { first, last, ..Self::default() }
    }

    /// Returns the minors of client-go in the target, oldest first.
    pub fn minors(&self) -> impl DoubleEndedIterator<Item = Minor> + use<> {
        let releases = self.releases;
        let is_read =
            move |minor: &Minor| releases.is_none_or(|releases| releases.with(*minor).is_some());
        (self.first.0..=self.last.0).map(Minor).filter(is_read)
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

    /// Returns the newest release in the target that contains client-go of this minor.
    pub fn reader(&self, minor: Minor) -> Reader {
        let release = |releases: ClientReleases| (releases.client, releases.with(minor));
        let client = self.releases.map(release);
        Reader::new(minor, client.and_then(|(client, release)| Some((client, release?))))
    }

    /// Returns the program that reads the files; `None` if it is kubectl.
    pub(crate) fn client(&self) -> Option<&'static Client> {
        self.releases.map(|releases| releases.client)
    }

    /// Returns what the program is called: `kubectl`, `Helm`.
    pub(crate) fn program(&self) -> &'static str {
        title(self.client())
    }

    /// Returns the releases without the program: `1.24`, `3.8-3.12`.
    pub(crate) fn span(&self) -> String {
        match self.releases {
            Some(releases) => releases.to_string(),
            None if self.first == self.last => self.first.to_string(),
            None => format!("{}-{}", self.first, self.last),
        }
    }

    /// Returns the program and its releases in words: `kubectl 1.24`, `Helm 3.8-3.12`.
    pub(crate) fn who(&self) -> String {
        format!("{} {}", self.program(), self.span())
    }

    /// Returns the first release of the program from which on all have client-go of this minor:
    /// `kubectl 1.24`, `Helm 3.9.0`.
    pub(crate) fn since(&self, minor: Minor) -> String {
        self.at(minor, " ")
    }

    /// Returns the releases of the program before that: `kubectl before 1.24`.
    pub(crate) fn before(&self, minor: Minor) -> String {
        self.at(minor, " before ")
    }

    fn at(&self, minor: Minor, relation: &str) -> String {
        match self.client() {
            None => format!("kubectl{relation}{minor}"),
            Some(client) => {
                format!("{}{relation}{}", client.title, client.since(minor))
            }
        }
    }

    /// Returns the same, with an API version to write wherever possible.
    pub(crate) fn fixed_to(&self, version: &'static ApiVersion) -> Self {
        Self { fix_to: Some(version), ..self.clone() }
    }

    /// Returns the kubectls with the same client-go.
    pub(crate) fn as_kubectl(&self) -> Self {
        Self { releases: None, unknown: None, ..self.clone() }
    }

    /// Reads the releases of a kubectl.
    fn of_kubectl(text: &str) -> Result<Self, String> {
        let (oldest, newest) = (Minor::OLDEST, Minor::NEWEST);
        // The revision of a package (`1.30.4-1.1`) is not a release.
        let is_last = |last: &Minor| last.0 >= 10;
        let open = |first: Minor| first.max(newest);
        let Some((first, last)) = ends(text.trim_matches(' '), Minor::of_release, is_last, open)
        else {
            let client = CLIENTS.iter().find(|client| {
                text.strip_prefix(client.name)
                    .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
            });
            return Err(match client {
                Some(Client { name, title, .. }) => {
                    format!("`{text}` is not a version of {title}; write `{name}@VERSION`")
                }
                None => format!(
                    "`{text}` is not a kubectl version; write one such as 1.24, or a range such as \
                     1.24-{newest} or 1.24-"
                ),
            });
        };
        if first > last {
            return Err(format!("the range `{text}` runs backwards; write {last}-{first}"));
        }
        if first < oldest {
            return Err(format!(
                "kubectl {first} is too old; kubeconfig-lint checks kubectl {oldest} and newer"
            ));
        }
        Ok(Self {
            first: first.min(newest),
            last: last.min(newest),
            unknown: Some(last).filter(|last| *last > newest).map(Reader::from),
            ..Self::default()
        })
    }

    /// Reads the releases of another program.
    fn of_client(client: &'static Client, text: &str) -> Result<Self, String> {
        let Client { name, title, .. } = client;
        let latest = client.latest();
        let read = |word: &str| match word {
            "latest" => Some(latest),
            word => Releases::of(word),
        };
        let open = |first: Releases| if first.are_after(latest) { first } else { latest };
        let Some((first, last)) = ends(text.trim_matches(' '), read, |_| true, open) else {
            return Err(format!(
                "`{name}@{text}` is not a version of {title}; write one such as {name}@{latest}, or a \
                 range such as {name}@{}-{latest}",
                client.oldest()
            ));
        };
        let mut releases = ClientReleases { client, first, last };
        if releases.are_backwards() {
            return Err(format!(
                "the range `{name}@{text}` runs backwards; write {name}@{last}-{first}"
            ));
        }
        if releases.are_too_old() {
            return Err(format!(
                "{title} {first} is too old; kubeconfig-lint checks {title} {} and newer",
                client.oldest()
            ));
        }
        let unknown = releases.clamp();
        let (first, last) = releases.minors().unwrap_or((Minor::NEWEST, Minor::NEWEST));
        let unknown = unknown.map(|release| Reader::new(last, Some((client, release))));
        Ok(Self { first, last, unknown, releases: Some(releases), ..Self::default() })
    }
}

/// Returns the first and the last release that a word names, known or not: `read` reads one,
/// `is_last` says whether it can end a range, and `open` returns the end of a range without one.
fn ends<R: Copy>(
    word: &str,
    read: impl Fn(&str) -> Option<R>,
    is_last: impl Fn(&R) -> bool,
    open: impl Fn(R) -> R,
) -> Option<(R, R)> {
    let read = |word: &str| read(word.trim_matches(' '));
    let with_open = |first: R| (first, open(first));
    if let Some(first) = word.strip_prefix(">=") {
        return read(first).map(with_open);
    }
    // A hyphen may also begin the suffix of a release.
    let mut ranges = word.match_indices('-').filter_map(|(at, _)| {
        let first = read(word.get(..at)?)?;
        match word.get(at + 1..)?.trim_matches(' ') {
            "" => Some(with_open(first)),
            last => read(last).filter(&is_last).map(|last| (first, last)),
        }
    });
    ranges.next().or_else(|| read(word).map(|one| (one, one)))
}

impl Default for Target {
    fn default() -> Self {
        let (first, last) = (Minor::NEWEST, Minor::NEWEST);
        Self {
            first,
            last,
            unknown: None,
            releases: None,
            plugins: Declared::default(),
            installed: Vec::new(),
            observed: Vec::new(),
            fix_to: None,
        }
    }
}

impl fmt::Display for Target {
    /// Writes it as on the command line: `1.22-1.37`, `helm@3.8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(client) = self.client() {
            write!(f, "{}@", client.name)?;
        }
        f.write_str(&self.span())
    }
}

impl FromStr for Target {
    type Err = String;

    /// Reads one release (`1.24`), an inclusive range (`1.22-1.37`, `1.22-latest`), or an open one
    /// (`1.22-`, `>=1.22`), of kubectl, or after `NAME@` of another program.
    fn from_str(text: &str) -> Result<Self, String> {
        let Some((name, releases)) = text.split_once('@') else { return Self::of_kubectl(text) };
        let name = name.trim_matches(' ');
        match Client::find(name) {
            Some(client) => Self::of_client(client, releases),
            None if name == "kubectl" => Self::of_kubectl(releases),
            None => {
                let names: Vec<_> = CLIENTS.iter().map(|client| client.name).collect();
                Err(format!(
                    "unknown program `{name}` in `{text}`; write one of kubectl, {}",
                    names.join(", ")
                ))
            }
        }
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
        (target.first.0, target.last.0, target.unknown.map(|reader| reader.minor.0))
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
                 1.24-1.37 or 1.24-"
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

    /// Returns the client-go of a target, and who has it.
    fn of_client(text: &str) -> (Vec<u16>, Vec<String>) {
        let target: Target = text.parse().unwrap();
        let readers = target.minors().map(|minor| target.reader(minor).to_string());
        (target.minors().map(|minor| minor.0).collect(), readers.collect())
    }

    #[test]
    fn parse_target_accepts_other_programs_by_their_own_releases() {
        for (text, minors, readers) in [
            ("helm@3.8", vec![23], vec!["Helm 3.8"]),
            ("helm@v3.8.1+g5cb9af4", vec![23], vec!["Helm 3.8.1"]),
            (" helm @ 3.7-3.9 ", vec![22, 23, 24], vec!["Helm 3.7", "Helm 3.8", "Helm 3.9"]),
            ("helm@3.20.1-4.0", vec![34, 35, 36], vec!["Helm 4.0", "Helm 3.21.1", "Helm 3.21"]),
            ("helm@latest", vec![37], vec!["Helm 4.3"]),
            ("helm@>=4.2", vec![36, 37], vec!["Helm 4.2", "Helm 4.3"]),
            ("helm@4", vec![34, 35, 36, 37], vec!["Helm 4.0", "Helm 4.1", "Helm 4.2", "Helm 4"]),
            (
                "argocd@2.4-2.10",
                vec![23, 24, 26],
                vec!["Argo CD 2.4", "Argo CD 2.9", "Argo CD 2.10"],
            ),
            ("terraform-provider-kubernetes@2.16", vec![23], vec!["hashicorp/kubernetes 2.16"]),
            ("terraform-provider-helm@2.5.1", vec![23], vec!["hashicorp/helm 2.5.1"]),
            (
                "gavinbunney/terraform-provider-kubectl@1.14-1.16",
                vec![21, 31],
                vec!["gavinbunney/kubectl 1.16", "gavinbunney/kubectl 1.15"],
            ),
            ("kubectl@1.24", vec![24], vec!["kubectl 1.24"]),
        ] {
            let expected = (minors, readers.into_iter().map(str::to_owned).collect());
            assert_eq!(of_client(text), expected, "{text}");
        }
        let target: Target = "helm@3.8-3.12".parse().unwrap();
        assert_eq!(target.to_string(), "helm@3.8-3.12");
        assert_eq!(target.who(), "Helm 3.8-3.12");
        assert_eq!(target.since(Minor(24)), "Helm 3.9.0");
        assert_eq!(target.before(Minor(22)), "Helm before 3.7.0");
        let target: Target = "helm@3.8-5.1".parse().unwrap();
        assert_eq!(target.to_string(), "helm@3.8-4.3");
        assert_eq!(target.unknown.unwrap().to_string(), "Helm 5.1");
    }

    #[test]
    fn parse_target_explains_what_is_wrong_with_another_program() {
        for (text, words) in [
            (
                "flux@2",
                "unknown program `flux` in `flux@2`; write one of kubectl, helm, argocd, \
                 terraform-provider-kubernetes, terraform-provider-helm, \
                 gavinbunney/terraform-provider-kubectl, alekc/terraform-provider-kubectl",
            ),
            ("helm@3.4.2", "Helm 3.4.2 is too old; kubeconfig-lint checks Helm 3.5.0 and newer"),
            ("helm@3", "Helm 3 is too old; kubeconfig-lint checks Helm 3.5.0 and newer"),
            ("helm@3.9-3.8", "the range `helm@3.9-3.8` runs backwards; write helm@3.8-3.9"),
            (
                "helm@x",
                "`helm@x` is not a version of Helm; write one such as helm@4.3, or a range such as \
                 helm@3.5.0-4.3",
            ),
            (
                "kubectl@1.18",
                "kubectl 1.18 is too old; kubeconfig-lint checks kubectl 1.20 and newer",
            ),
        ] {
            assert_eq!(text.parse::<Target>().unwrap_err(), words);
        }
        for text in ["helm@", "helm@3.8.1.1", "helm@3.08", "helm@-", "helm@3.8-x", "helm@>3.8"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
