//! `--kubeconfig`: the files that kubectl would load here, and what they hide of each other.
//!
//! Source: client-go `tools/clientcmd/loader.go`, `NewDefaultClientConfigLoadingRules`.

use std::collections::{HashMap, HashSet};
use std::env;
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::cli::Cli;
use crate::discover::read::{MAX_BYTES, at_most, regular};
use crate::discover::shown_path;
use crate::kubectl::merge::{Merged, Siblings};
use crate::kubernetes::target::Target;
use crate::model::Recognized;
use crate::report::Report;
use crate::text::source::Source;

use super::Failure;

/// Limit on the names that are listed.
const MAX_LISTED: usize = 10;

/// Returns the kubeconfigs that kubectl would load here, the first one first.
pub(super) fn candidates() -> Vec<PathBuf> {
    listed(env::var_os("KUBECONFIG").as_deref(), home().as_deref())
}

/// Returns the kubeconfigs that kubectl would load here: those that exist, each once, and those that
/// do not.
fn paths() -> (Vec<PathBuf>, Vec<PathBuf>) {
    // kubectl skips missing files, and complains about others that it cannot read.
    let (mut paths, absent): (Vec<_>, Vec<_>) =
        candidates().into_iter().partition(|path| path.try_exists().unwrap_or(true));
    let mut places = HashSet::new();
    paths.retain(|path| path.canonicalize().map_or(true, |place| places.insert(place)));
    (paths, absent)
}

/// The kubeconfigs that kubectl would load here.
pub(crate) struct Loads {
    /// Their paths, the first one first.
    pub(super) paths: Vec<PathBuf>,
    /// The names in messages of those that do not exist.
    absent: Vec<String>,
    /// What kubectl says about folders in their place.
    pub(super) refusals: Vec<String>,
    /// What kubectl makes of those that can be read.
    merged: Arc<Merged>,
    /// Their positions in kubectl's order.
    positions: HashMap<PathBuf, usize>,
    /// Their names in messages.
    shown: Vec<String>,
    /// Their texts, until someone takes them.
    sources: Mutex<HashMap<PathBuf, Source>>,
}

impl Loads {
    /// Reads the kubeconfigs.
    ///
    /// # Errors
    ///
    /// Fails if none exists.
    pub(super) fn read(current: &Path, target: &Target) -> Result<Self, Failure> {
        let (paths, absent) = paths();
        let mut missing: Vec<_> = absent.iter().map(|path| shown_path(path, current)).collect();
        if paths.is_empty() {
            let more = missing.len().saturating_sub(MAX_LISTED);
            missing.truncate(MAX_LISTED);
            missing.extend((more > 0).then(|| format!("and {more} more")));
            let names = missing.join(", ");
            let names = if names.is_empty() { names } else { format!(": {names}") };
            let message = "none of the files that kubectl would load exists";
            return Err(Failure::Usage(format!("{message}{names}")));
        }
        Ok(Self::of(paths, missing, current, target))
    }

    /// Reads the kubeconfigs of these names, or those that kubectl would load here if there are no
    /// names.
    ///
    /// # Errors
    ///
    /// Fails if none exists, or if one cannot be read; kubectl then does nothing, either.
    pub(crate) fn named(
        names: &[PathBuf],
        current: &Path,
        target: &Target,
    ) -> Result<Self, Vec<String>> {
        if let Some(missing) = names.iter().find(|name| !name.exists()) {
            return Err(vec![format!("{}: no such file", shown_path(missing, current))]);
        }
        let loads = match names.is_empty() {
            true => Self::read(current, target).map_err(Failure::messages)?,
            false => Self::of(names.to_vec(), Vec::new(), current, target),
        };
        let unread = loads.paths.iter().filter(|path| !loads.positions.contains_key(*path));
        let unread = unread.map(|path| format!("{}: cannot be read", shown_path(path, current)));
        let errors: Vec<String> = loads.refusals.iter().cloned().chain(unread).collect();
        if errors.is_empty() { Ok(loads) } else { Err(errors) }
    }

    /// Reads kubeconfigs, the first one first. kubectl would also load the `absent` ones.
    fn of(paths: Vec<PathBuf>, absent: Vec<String>, current: &Path, target: &Target) -> Self {
        // kubectl reads it as an empty file.
        let paths = paths.into_iter().filter(|path| path != Path::new("/dev/null"));
        let paths: Vec<PathBuf> = paths.collect();
        let refusals = paths.iter().filter(|path| path.is_dir()).map(|folder| {
            // kubectl's words.
            let name = folder.to_string_lossy();
            format!("error loading config file \"{name}\": read {name}: is a directory")
        });
        let refusals = refusals.collect();
        // The search reports files that cannot be read.
        let sources = paths.iter().map(|path| Some(Source::new(path, bytes(path)?)));
        let sources: Vec<Option<Source>> = sources.collect();
        let shown: Vec<String> = paths.iter().map(|path| shown_path(path, current)).collect();
        let files = shown.iter().cloned().zip(sources.iter().map(Option::as_ref));
        let merged = Arc::new(Merged::new(files, target).without(&absent));
        let sources = sources.into_iter().flatten();
        let by_path = |source: Source| (source.path().to_owned(), source);
        let sources: HashMap<PathBuf, Source> = sources.map(by_path).collect();
        let positions = paths.iter().cloned().enumerate();
        let positions = positions.filter(|(_, path)| sources.contains_key(path));
        let positions = positions.map(|(at, path)| (path, at)).collect();
        let paths = paths.into_iter().filter(|path| !path.is_dir()).collect();
        let sources = Mutex::new(sources);
        Self { paths, absent, refusals, merged, positions, shown, sources }
    }

    /// Returns the same kubeconfigs, with the texts that nobody has taken. A pipe can be read only
    /// once.
    pub(crate) fn copy(&self) -> Self {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Self {
            paths: self.paths.clone(),
            absent: self.absent.clone(),
            refusals: self.refusals.clone(),
            merged: Arc::clone(&self.merged),
            positions: self.positions.clone(),
            shown: self.shown.clone(),
            sources: Mutex::new(sources),
        }
    }

    /// Returns the names in messages of the kubeconfigs that do not exist.
    pub(crate) fn absent(&self) -> &[String] {
        &self.absent
    }

    /// Returns copies of the texts that nobody has taken, in kubectl's order, with their names in
    /// messages.
    pub(crate) fn texts(&self) -> Vec<(String, Source)> {
        let sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let text = |path: &PathBuf| {
            let shown = self.shown.get(*self.positions.get(path)?)?;
            Some((shown.clone(), sources.get(path)?.clone()))
        };
        self.paths.iter().filter_map(text).collect()
    }

    /// Returns the kubeconfigs that kubectl loads together with this one; `None` if it does not
    /// load this one.
    pub(super) fn siblings(&self, path: &Path) -> Option<Siblings> {
        self.positions.get(path).map(|at| self.merged.siblings(*at))
    }

    /// Takes the text of a kubeconfig that was merged. Reading the file again may give another.
    pub(super) fn take(&self, path: &Path) -> Option<Source> {
        self.sources.lock().unwrap_or_else(PoisonError::into_inner).remove(path)
    }

    /// Returns a sentence for each file that does not exist.
    pub(super) fn not_read(&self) -> impl Iterator<Item = String> {
        self.absent.iter().map(|file| format!("did not read {file}: no such file"))
    }

    /// Returns a sentence for each user, cluster and context that kubectl never uses.
    pub(super) fn never_used(&self) -> Vec<String> {
        let shadowed = self.shown.iter().enumerate().flat_map(|(at, shown)| {
            let shadowed = self.merged.shadowed(at).into_iter();
            shadowed.map(move |(kind, name, file)| {
                format!("{shown}: {kind} `{name}` is never used: kubectl takes the one in `{file}`")
            })
        });
        let mut sentences: Vec<String> = shadowed.collect();
        let more = sentences.len().saturating_sub(MAX_LISTED);
        sentences.truncate(MAX_LISTED);
        sentences.extend((more > 0).then(|| format!("and {more} more")));
        sentences
    }
}

/// Reads a kubeconfig as kubectl does, which also reads pipes and devices: `KUBECONFIG=<(…)`.
/// `None` for a folder, and for a file that cannot be read or is too large.
fn bytes(path: &Path) -> Option<Vec<u8>> {
    let metadata = path.metadata().ok()?;
    if metadata.is_file() || metadata.is_dir() {
        return regular(path, MAX_BYTES as u64).ok();
    }
    File::open(path).and_then(|file| at_most(file, MAX_BYTES as u64)).ok().flatten()
}

/// Returns a kubeconfig that the user may have meant: the first one that kubectl would load here,
/// if a search found none. Reads nothing.
pub(super) fn overlooked(report: &Report, flags: &Cli) -> Option<PathBuf> {
    let is_search = flags.paths.is_empty() && flags.files_from.is_none() && !flags.kubeconfig;
    let is_empty = report.summary.recognized == Recognized::default();
    (is_search && is_empty && report.findings().next().is_none())
        .then(paths)
        .and_then(|(paths, _)| paths.into_iter().next())
}

/// Returns the home directory.
pub(crate) fn home() -> Option<PathBuf> {
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
