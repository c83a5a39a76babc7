//! Terraform's modules: the files of a folder, which Terraform reads as one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::fix::apply;
use crate::lint::{Linted, Options, lint};
use crate::source::Source;

/// What is known of the modules of a run.
#[derive(Debug, Default)]
pub(super) struct Modules {
    /// The files, by folder.
    files: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    /// The variables whose values end an exec API version, by folder.
    references: BTreeMap<PathBuf, BTreeSet<String>>,
}

impl Modules {
    /// Whether a file is part of a module, by its name.
    pub(super) fn has(path: &Path) -> bool {
        path.extension().is_some_and(|extension| extension == "tf" || extension == "tofu")
    }

    /// A file that was read.
    pub(super) fn add_file(&mut self, path: &Path) {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        self.files.entry(folder).or_default().insert(path.to_owned());
    }

    /// The variables that a file leaves the end of an exec API version to.
    pub(super) fn add_references(&mut self, path: &Path, references: &[String]) {
        if !references.is_empty() && Self::has(path) {
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            self.references.entry(folder).or_default().extend(references.iter().cloned());
        }
    }

    /// The variables that the files of a file's folder leave the end of an exec API version to.
    pub(super) fn references_beside(&self, path: &Path) -> Vec<String> {
        if !Self::has(path) {
            return Vec::new();
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        self.references.get(folder).into_iter().flatten().cloned().collect()
    }

    /// The files to look for variables in, and their names.
    pub(super) fn to_follow(&self) -> impl Iterator<Item = (PathBuf, Vec<String>)> {
        let folders = self.references.iter();
        folders.flat_map(|(folder, references)| {
            let files = self.files.get(folder).into_iter().flatten();
            files.map(|file| (file.clone(), references.iter().cloned().collect()))
        })
    }
}

/// Larger files hold no variables that people write.
const MAX_BYTES: u64 = 1 << 20;

/// What there is to say of the variables that a file of a module declares for the others; `None`
/// where it declares none.
pub(super) fn follow(path: &Path, options: &Options) -> Option<(Source, Linted)> {
    let mut bytes = Vec::new();
    // It was read before: if it cannot be now, it was said then why.
    File::open(path).ok()?.take(MAX_BYTES).read_to_end(&mut bytes).ok()?;
    let source = Source::new(path, bytes);
    let without = Options { references: Vec::new(), ..options.clone() };
    let (known, mut linted) = (lint(&source, &without), lint(&source, options));
    apply::verify(&source, &mut linted, options);
    // Only what the references bring is new.
    let places: BTreeSet<_> = known.findings.iter().map(|found| found.primary.span).collect();
    linted.findings.retain(|finding| !places.contains(&finding.primary.span));
    let places: BTreeSet<_> = known.accepted.iter().map(|accepted| accepted.span).collect();
    linted.accepted.retain(|accepted| !places.contains(&accepted.span));
    let is_new = !(linted.findings.is_empty() && linted.accepted.is_empty());
    is_new.then_some((source, linted))
}
