//! A release of the program that reads the files: a kubectl, or another program with client-go.

use std::fmt;

use super::clients::Client;
use super::release::Releases;
use super::version::Minor;

/// A release of a program that reads kubeconfigs. It is written as in messages: `kubectl 1.24`,
/// `Helm 3.8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reader {
    /// Its client-go, by the minor of the kubectl with the same one.
    pub minor: Minor,
    /// The program and its release; `None` if it is kubectl.
    client: Option<(&'static Client, Releases)>,
}

impl Reader {
    pub(super) const fn new(minor: Minor, client: Option<(&'static Client, Releases)>) -> Self {
        Self { minor, client }
    }

    /// Returns what the program is called: `kubectl`, `Helm`.
    pub(crate) fn program(&self) -> &'static str {
        title(self.client())
    }

    /// Returns the program; `None` if it is kubectl.
    pub(crate) fn client(&self) -> Option<&'static Client> {
        self.client.map(|(client, _)| client)
    }

    /// Returns the release without the program: `1.24`, `3.8`.
    pub(crate) fn release(&self) -> String {
        match self.client {
            None => self.minor.to_string(),
            Some((_, release)) => release.to_string(),
        }
    }

    /// Returns the major number of its release.
    pub(crate) fn major(&self) -> u32 {
        self.client.map_or(1, |(_, release)| release.first.0)
    }

    /// Returns it as it is written on the command line: `1.24`, `helm@3.8`.
    pub fn value(&self) -> String {
        match self.client {
            None => self.minor.to_string(),
            Some((client, release)) => format!("{}@{release}", client.name),
        }
    }
}

impl From<Minor> for Reader {
    fn from(minor: Minor) -> Self {
        Self::new(minor, None)
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.program(), self.release())
    }
}

/// Returns what a program is called in messages.
pub(super) fn title(client: Option<&Client>) -> &'static str {
    client.map_or("kubectl", |client| client.title)
}
