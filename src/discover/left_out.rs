//! What a walk leaves out, for whoever wants to know (`-v`).
//!
//! The walker says nothing of what ignore files name. So it is the rest: what a folder that was
//! walked holds, and the walk did not come to.

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
    /// Everything that the filter was asked about.
    all: HashSet<PathBuf>,
    /// What it did not let through, and why.
    left_out: Vec<(PathBuf, &'static str)>,
}

impl Seen {
    /// Notes a folder at which the walk begins.
    pub(super) fn root(&self, path: &Path) {
        self.lock().folders.insert(path.to_path_buf());
    }

    /// Notes what the filter was asked, and its answer: why not, where it left the entry out.
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

    /// Everything that was left out, and why.
    pub(super) fn left_out(self) -> Vec<(PathBuf, &'static str)> {
        let Entries { folders, all, mut left_out } =
            self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        for folder in &folders {
            // What cannot be read the walk has spoken of.
            let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
            let ignored = entries.map(|entry| entry.path()).filter(|path| !all.contains(path));
            left_out.extend(ignored.map(|path| (path, "an ignore file names it")));
        }
        left_out
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Entries> {
        // Nothing is inserted by halves.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
