//! Asks programs for their release.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::kubernetes::plugins::{Plugin, Releases, is_program};

use super::process::{self, Ended, Input};

/// How long a program may take to print its release.
const LIMIT: Duration = Duration::from_secs(10);

/// An executable, with its release if that is known.
#[derive(Debug, Clone)]
pub(super) struct Installed {
    /// The file.
    pub(super) path: PathBuf,
    /// Its release, as it prints it.
    pub(super) release: Option<String>,
}

/// Returns the release of a kubectl, such as `v1.37.1`.
pub(super) fn of_kubectl(path: &Path) -> Option<String> {
    let printed = printed(path, &["version", "--client", "--output", "json"])?;
    let version: Value = serde_json::from_str(&printed).ok()?;
    let version = version["clientVersion"]["gitVersion"].as_str()?.to_owned();
    is_release(&version).then_some(version)
}

/// Returns the release of a helm, such as `v3.9.4`.
pub(super) fn of_helm(path: &Path) -> Option<String> {
    first_in(&printed(path, &["version", "--short"])?)
}

/// Returns the release of an executable of a plugin, if the command that prints it is known and runs
/// this executable.
pub(super) fn of_plugin(plugin: &Plugin, path: &Path) -> Option<String> {
    let mut words = plugin.release?.split(' ');
    let program = words.next()?;
    let name = path.file_name()?.to_str()?;
    let arguments: Vec<&str> = words.collect();
    is_program(name, program)
        .then(|| printed(path, &arguments))
        .flatten()
        .and_then(|p| first_in(&p))
}

/// Returns what a program prints, on either stream: Python 2 prints versions as errors.
fn printed(path: &Path, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(path);
    command.args(arguments);
    let ran = process::run(command, Input::Null, LIMIT);
    let is_done = ran.ended == Ended::Exited(0);
    is_done.then(|| {
        if ran.out.is_empty() { String::from_utf8_lossy(&ran.err).into() } else { ran.text() }
    })
}

/// Returns the first release in a text.
fn first_in(text: &str) -> Option<String> {
    let words = text.split(|c: char| c.is_whitespace() || "/\"',()[]{}:;".contains(c));
    let found = words.map(|word| word.trim_end_matches('.')).find(|word| is_release(word))?;
    // What follows the numbers may be anything.
    Some(found.split(['-', '+']).next().unwrap_or_default().to_owned())
}

fn is_release(word: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-+".contains(c);
    word.contains('.')
        && word.len() <= 60
        && word.chars().all(is_plain)
        && Releases::of(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the programs print.
    #[test]
    fn first_release_is_that_of_the_program() {
        for (text, release) in [
            ("aws-cli/1.22.101 Python/3.11.7 Linux/6.1 botocore/1.24.46\n", "1.22.101"),
            ("{\"Version\":\"v0.5.3\",\"Commit\":\"a1b\"}", "v0.5.3"),
            ("kubelogin version \ngit hash: v0.1.0/abc\nGo version: go1.22.2\n", "v0.1.0"),
            ("kubelogin version v1.28.0 (go1.20.4 linux_amd64)", "v1.28.0"),
            ("v3.8.1+g5cb9af4", "v3.8.1"),
        ] {
            assert_eq!(first_in(text).as_deref(), Some(release));
        }
        assert_eq!(first_in("no release 12 here"), None);
    }
}
