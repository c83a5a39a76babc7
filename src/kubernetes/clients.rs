//! Programs other than kubectl that read kubeconfigs with a client-go of their own.
//!
//! Source: `k8s.io/client-go` in `go.mod` at every tag of each repository (after `replace`), and in
//! the build information of the real Helm 4.3.1. client-go 0.24 is that of kubectl 1.24.

use std::fmt;

use super::release::{Release, Releases};
use super::version::Minor;

/// A program that contains client-go.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Client {
    /// What it is called on the command line, such as `helm` in `helm@3.8`.
    pub name: &'static str,
    /// What it is called in messages.
    pub title: &'static str,
    /// The repository whose tags were read.
    pub source: &'static str,
    /// The first release with each client-go, oldest first. The first of all is the oldest release
    /// that can be checked, and each row holds for all releases up to the next one.
    releases: &'static [(Release, Minor)],
    /// The newest known release.
    newest: Release,
    /// Whether it prints client-go's errors as Helm does.
    pub(crate) is_helm: bool,
}

/// The releases of a client that read the files: one, or an inclusive range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientReleases {
    pub(crate) client: &'static Client,
    pub(crate) first: Releases,
    pub(crate) last: Releases,
}

impl ClientReleases {
    /// Returns the newest of them that contains client-go of this minor; `None` if none does.
    pub(crate) fn with(self, minor: Minor) -> Option<Releases> {
        let (first, last) = (self.first.first, self.last.last);
        let rows = self.client.releases;
        let next = |at: usize| rows.get(at + 1).map(|(next, _)| *next);
        let of_minor = rows.iter().enumerate().rev().filter(|(_, (_, known))| *known == minor);
        let mut found = of_minor
            .filter(|(at, (since, _))| *since <= last && next(*at).is_none_or(|next| first < next));
        let (at, (since, _)) = found.next()?;
        Some(match next(at).filter(|next| *next <= last) {
            None => self.last,
            Some(Release(major, minor, patch)) if patch > 0 => {
                Release(major, minor, patch - 1).into()
            }
            Some(Release(major, minor, _)) if minor > 0 => {
                Releases::of_minor(Release(major, minor - 1, 0))
            }
            // Which one is the last before a major release changes.
            Some(_) => Releases::of_minor((*since).max(first)),
        })
    }

    /// Returns the oldest and the newest client-go of these releases.
    pub(super) fn minors(self) -> Option<(Minor, Minor)> {
        let known = || (Minor::OLDEST.0..=Minor::NEWEST.0).map(Minor);
        let mut found = known().filter(|minor| self.with(*minor).is_some());
        let first = found.next()?;
        Some((first, found.next_back().unwrap_or(first)))
    }

    /// Returns whether they run backwards.
    pub(super) fn are_backwards(self) -> bool {
        self.first.are_after(self.last)
    }

    /// Returns whether the oldest of them is older than what can be checked.
    pub(super) fn are_too_old(self) -> bool {
        self.first.first < self.client.oldest()
    }

    /// Replaces releases that are newer than the newest known one by that; returns the newest
    /// release that was asked for then.
    pub(super) fn clamp(&mut self) -> Option<Releases> {
        let newest = self.client.latest();
        let asked = self.last;
        if self.first.are_after(newest) {
            self.first = newest;
        }
        if !asked.are_after(newest) {
            return None;
        }
        self.last = newest;
        Some(asked)
    }
}

impl fmt::Display for ClientReleases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, last, .. } = self;
        if first == last { write!(f, "{first}") } else { write!(f, "{first}-{last}") }
    }
}

impl Client {
    /// Returns the client of this name.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        CLIENTS.iter().find(|client| client.name == name)
    }

    /// Returns the newest known release.
    pub(super) fn latest(&self) -> Releases {
        Releases::of_minor(self.newest)
    }

    /// Returns the oldest release that can be checked.
    pub(crate) fn oldest(&self) -> Release {
        self.releases.first().map_or(Release::FIRST, |(since, _)| *since)
    }

    /// Returns the first release from which on all have at least client-go of this minor.
    pub(crate) fn since(&self, minor: Minor) -> Release {
        let before = self.releases.iter().rposition(|(_, known)| *known < minor);
        let row = before.map_or(0, |before| before + 1);
        self.releases.get(row).map_or(Release::FIRST, |(since, _)| *since)
    }
}

const fn row(major: u32, minor: u32, patch: u32, client_go: u16) -> (Release, Minor) {
    (Release(major, minor, patch), Minor(client_go))
}

/// All clients.
pub static CLIENTS: [Client; 6] = [
    Client {
        name: "helm",
        title: "Helm",
        source: "https://github.com/helm/helm",
        releases: &[
            row(3, 5, 0, 20),
            row(3, 6, 0, 21),
            row(3, 7, 0, 22),
            row(3, 8, 0, 23),
            row(3, 9, 0, 24),
            row(3, 10, 0, 25),
            row(3, 11, 0, 26),
            row(3, 12, 0, 27),
            row(3, 13, 0, 28),
            row(3, 14, 0, 29),
            row(3, 15, 0, 30),
            row(3, 16, 0, 31),
            row(3, 17, 0, 32),
            row(3, 18, 0, 33),
            row(3, 19, 0, 34),
            row(3, 20, 0, 35),
            row(3, 21, 2, 36),
            row(4, 0, 0, 34),
            row(4, 1, 0, 35),
            row(4, 2, 0, 36),
            row(4, 3, 0, 37),
        ],
        newest: Release(4, 3, 1),
        is_helm: true,
    },
    Client {
        name: "argocd",
        title: "Argo CD",
        source: "https://github.com/argoproj/argo-cd",
        releases: &[
            row(2, 0, 0, 20),
            row(2, 1, 0, 21),
            row(2, 2, 0, 22),
            row(2, 3, 0, 23),
            row(2, 5, 0, 24),
            row(2, 10, 0, 26),
            row(2, 12, 0, 29),
            row(2, 13, 0, 31),
            row(3, 0, 0, 32),
            row(3, 1, 0, 33),
            row(3, 2, 0, 34),
            row(3, 5, 0, 36),
        ],
        newest: Release(3, 5, 1),
        is_helm: false,
    },
    Client {
        name: "terraform-provider-kubernetes",
        title: "hashicorp/kubernetes",
        source: "https://github.com/hashicorp/terraform-provider-kubernetes",
        releases: &[
            row(2, 2, 0, 21),
            row(2, 8, 0, 22),
            row(2, 11, 0, 23),
            row(2, 17, 0, 25),
            row(2, 24, 0, 27),
            row(2, 26, 0, 28),
            row(3, 0, 0, 33),
        ],
        newest: Release(3, 2, 1),
        is_helm: false,
    },
    Client {
        name: "terraform-provider-helm",
        title: "hashicorp/helm",
        source: "https://github.com/hashicorp/terraform-provider-helm",
        releases: &[
            row(2, 1, 0, 20),
            row(2, 3, 0, 21),
            row(2, 4, 0, 22),
            row(2, 5, 0, 23),
            row(2, 6, 0, 24),
            row(2, 9, 0, 26),
            row(2, 10, 0, 27),
            row(2, 12, 0, 28),
            row(2, 14, 1, 30),
            row(3, 0, 0, 32),
            row(3, 1, 0, 33),
        ],
        newest: Release(3, 1, 2),
        is_helm: false,
    },
    Client {
        name: "gavinbunney/terraform-provider-kubectl",
        title: "gavinbunney/kubectl",
        source: "https://github.com/gavinbunney/terraform-provider-kubectl",
        releases: &[
            row(1, 11, 0, 20),
            row(1, 11, 3, 21),
            row(1, 15, 0, 31),
            row(1, 16, 0, 21),
            row(1, 17, 0, 31),
            row(1, 19, 0, 32),
        ],
        newest: Release(1, 19, 0),
        is_helm: false,
    },
    Client {
        name: "alekc/terraform-provider-kubectl",
        title: "alekc/kubectl",
        source: "https://github.com/alekc/terraform-provider-kubectl",
        // 2.0.0 runs no plugin at all.
        releases: &[
            row(2, 0, 1, 24),
            row(2, 0, 3, 28),
            row(2, 1, 0, 31),
            row(2, 1, 4, 35),
            row(2, 3, 0, 36),
        ],
        newest: Release(2, 4, 1),
        is_helm: false,
    },
];

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn docs_name_the_first_releases_of_each_client() {
        let read = |name: &str| {
            fs::read_to_string(format!("{}/docs/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
        };
        let (clients, configuration) = (read("clients.md"), read("configuration.md"));
        for client in &CLIENTS {
            let is_row = |line: &&str| {
                let cell = line.strip_prefix("| ").and_then(|line| line.split(" |").next());
                cell.is_some_and(|cell| cell.trim_start_matches("Terraform ") == client.title)
            };
            let row = clients.lines().find(is_row).unwrap();
            let accepts_v1 = format!("| {} and newer |", client.since(Minor(22)));
            assert!(row.contains(&accepts_v1), "{row}: {accepts_v1}");
            // Where releases alternate, the row lists them.
            if client.releases.is_sorted_by_key(|(_, minor)| *minor) || client.is_helm {
                let refuses = match client.since(Minor(24)) {
                    first if first == client.oldest() => "| no |".to_owned(),
                    first => format!("| before {first} |"),
                };
                assert!(row.contains(&refuses), "{row}: {refuses}");
            }
            let oldest = format!("| `{}` | ", client.name);
            let row = configuration.lines().find(|line| line.starts_with(&oldest)).unwrap();
            let oldest = format!("{} {} and newer |", client.title, client.oldest());
            assert!(row.contains(&oldest), "{row}: {oldest}");
        }
    }

    #[test]
    fn clients_have_rows_in_order_and_a_source() {
        for client in &CLIENTS {
            assert!(client.source.starts_with("https://github.com/"), "{}", client.name);
            assert!(client.releases.is_sorted_by_key(|(since, _)| *since), "{}", client.name);
            assert!(client.releases.iter().all(|(since, _)| *since <= client.newest));
            let mut minors = client.releases.iter().map(|(_, minor)| *minor);
            assert!(minors.all(|minor| (Minor::OLDEST..=Minor::NEWEST).contains(&minor)));
        }
    }
}
