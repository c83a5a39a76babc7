//! `--kubeconfig`: the files that kubectl would load here, and what they hide of each other.
//!
//! Source: client-go `tools/clientcmd/loader.go`, `NewDefaultClientConfigLoadingRules` and `Load`.
//! Of users, clusters and contexts with the same name, kubectl takes the first as a whole: so did
//! kubectl 1.20 and 1.37 with 500 random lists of files, read with `kubectl config view --raw`.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::cli::Cli;
use crate::discover::read::regular;
use crate::discover::shown_path;
use crate::finding::{Finding, Severity};
use crate::kubectl::file::KubeconfigFile;
use crate::lint::Linted;
use crate::model::Recognized;
use crate::report::Report;
use crate::text::message::message;
use crate::text::source::Source;

/// Returns the kubeconfigs that exist of those that kubectl would load here, the first one first.
pub(super) fn paths() -> Vec<PathBuf> {
    let mut paths = listed(env::var_os("KUBECONFIG").as_deref(), home().as_deref());
    // kubectl skips missing files, and complains about others that it cannot read.
    paths.retain(|path| path.try_exists().unwrap_or(true));
    paths
}

/// Returns a kubeconfig that the user may have meant: the first one that kubectl would load here,
/// if a search found none. Reads nothing.
pub(super) fn overlooked(report: &Report, flags: &Cli) -> Option<PathBuf> {
    let is_search = flags.paths.is_empty() && flags.files_from.is_none() && !flags.kubeconfig;
    let is_empty = report.summary.recognized == Recognized::default();
    (is_search && is_empty && report.findings().next().is_none())
        .then(paths)
        .and_then(|paths| paths.into_iter().next())
}

/// Returns the home directory.
fn home() -> Option<PathBuf> {
    let names: &[&str] = if cfg!(windows) { &["HOME", "USERPROFILE"] } else { &["HOME"] };
    let mut homes = names.iter().filter_map(env::var_os).filter(|home| !home.is_empty());
    homes.next().map(PathBuf::from)
}

/// Returns the kubeconfigs that the value of `KUBECONFIG` lists, each once, or else the one in the
/// home directory.
fn listed(variable: Option<&OsStr>, home: Option<&Path>) -> Vec<PathBuf> {
    let Some(variable) = variable.filter(|variable| !variable.is_empty()) else {
        return home.map(|home| home.join(".kube").join("config")).into_iter().collect();
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for path in env::split_paths(variable) {
        if !path.as_os_str().is_empty() && !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// Limit on the bytes that are read of a kubeconfig to learn its names.
const MAX_BYTES: u64 = 64 << 20;
/// Limit on the names that are listed.
const MAX_LISTED: usize = 10;

/// Turns the findings about users that an earlier one of the `paths` defines into notes, because
/// kubectl never uses these users. Hides them if `least` is above notes. Returns a sentence for
/// each user, cluster and context that is never used.
pub(super) fn shadow(report: &mut Report, paths: &[PathBuf], least: Severity) -> Vec<String> {
    let current = env::current_dir().unwrap_or_default();
    let mut first: BTreeMap<(&'static str, String), String> = BTreeMap::new();
    let mut sentences = Vec::new();
    for path in paths {
        // Whether it can be read was reported already.
        let Ok(bytes) = regular(path, MAX_BYTES) else { continue };
        let shown = shown_path(path, &current);
        let names: BTreeSet<_> = KubeconfigFile::new(&Source::new(path, bytes)).names().collect();
        let (known, new): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|name| first.contains_key(name));
        let file = report.files.iter_mut().find(|file| file.source.path() == path);
        if let Some(file) = file {
            let Linted { findings, hidden, .. } = &mut file.linted;
            for finding in findings.iter_mut() {
                let user = finding.user.clone().unwrap_or_default();
                if let Some(other) = first.get(&("user", user)) {
                    demote(finding, other);
                }
            }
            hidden.extend(findings.extract_if(.., |finding| finding.severity < least));
        }
        for name in known {
            let Some(other) = first.get(&name) else { continue };
            let (kind, name) = name;
            sentences
                .push(format!("{shown}: kubectl never uses {kind} `{name}`: {other} comes first"));
        }
        first.extend(new.into_iter().map(|name| (name, shown.clone())));
    }
    report.summary.count(&report.files);
    let more = sentences.len().saturating_sub(MAX_LISTED);
    sentences.truncate(MAX_LISTED);
    sentences.extend((more > 0).then(|| format!("and {more} more")));
    sentences
}

/// Makes a note of a finding about a user that kubectl never uses because `other` defines it.
fn demote(finding: &mut Finding, other: &str) {
    finding.severity = Severity::Note;
    finding.kubectl_message = None;
    finding.fix = None;
    finding.help = vec![message!("kubectl never uses this user: {} comes first", other.to_owned())];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_splits_the_variable_as_kubectl_does() {
        let separator = if cfg!(windows) { ";" } else { ":" };
        let listed = |parts: &[&str]| {
            let variable = parts.join(separator);
            let paths = listed(Some(OsStr::new(&variable)), Some(Path::new("/home/me")));
            paths.iter().map(|path| path.to_string_lossy().replace('\\', "/")).collect::<Vec<_>>()
        };
        assert_eq!(listed(&["a", "b", "", "a", "c/d"]), ["a", "b", "c/d"]);
        assert_eq!(listed(&["a"]), ["a"]);
        assert_eq!(listed(&["", ""]), [""; 0]);
        assert_eq!(listed(&[""]), ["/home/me/.kube/config"]);
    }
}
