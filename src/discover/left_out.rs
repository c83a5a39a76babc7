//! Collects what a walk leaves out, for `-v`.
//!
//! The walker does not report what ignore files exclude. It is computed as a difference: what the
//! walked folders contain, minus what the walk reached.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What the filter of a walk saw.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    /// The folders that were walked.
    folders: HashSet<PathBuf>,
    /// All entries that the filter was called for.
    all: HashSet<PathBuf>,
    /// The entries that the filter rejected, and why.
    left_out: Vec<(PathBuf, &'static str)>,
}

impl Seen {
    /// Records a folder at which the walk begins.
    pub(super) fn root(&self, path: &Path) {
        self.lock().folders.insert(path.to_path_buf());
    }

    /// Records an entry and the filter's answer: why it rejects the entry, if it does.
    pub(super) fn entry(&self, path: &Path, is_dir: bool, why_not: Option<&'static str>) {
        let mut entries = self.lock();
        entries.all.insert(path.to_path_buf());
        match why_not {
            Some(reason) => entries.left_out.push((path.to_path_buf(), reason)),
            None if is_dir => {
                entries.folders.insert(path.to_path_buf());
            }
            None => {}
        }
    }

    /// Returns everything that was left out, and why.
    pub(super) fn left_out(self) -> Vec<(PathBuf, &'static str)> {
        let Entries { folders, all, mut left_out } =
            self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        for folder in &folders {
            // The walk has already reported what cannot be read.
            let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
            let ignored = entries.map(|entry| entry.path()).filter(|path| !all.contains(path));
            left_out.extend(ignored.map(|path| (path, "excluded by an ignore file")));
        }
        left_out
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Entries> {
        // Ignore poisoning: no insertion is left half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
