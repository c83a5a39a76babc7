//! Identifies the findings of a file across runs.
//!
//! GitHub's hash of a line covers its first 100 characters. Someone who knows all of them but a
//! short secret can compute the secret from the hash, so lines with a secret there get no hash.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::finding::Finding;
use crate::secrets::{self, has_secret};
use crate::text::line_hash::{self, LineHashes};

use super::FileReport;

/// The fingerprints of the findings of a file.
pub(crate) struct Fingerprints<'a> {
    file: &'a FileReport,
    hashes: LineHashes,
    /// What the line hashes cover, for the lines requested so far.
    covered: RefCell<HashMap<usize, Covered>>,
}

/// What the hash of a line covers.
#[derive(Debug, Clone, Copy)]
struct Covered {
    has_secret: bool,
    /// Whether the hash covers the whole line.
    is_all: bool,
}

impl<'a> Fingerprints<'a> {
    pub(crate) fn new(file: &'a FileReport) -> Self {
        let hashes = LineHashes::new(file.source.text());
        Self { file, hashes, covered: RefCell::default() }
    }

    /// Returns GitHub's hash of the finding's line; `None` if it covers a secret.
    pub(crate) fn of_line(&self, finding: &Finding) -> Option<String> {
        let line = self.line(finding);
        let covered = self.covered(line);
        self.hashes.of(line).filter(|_| !covered.has_secret)
    }

    /// Returns what tells the finding from others of its rule in the file: the hash of its line. If
    /// that hash covers a secret or only a part of the line, it is a hash of the user, command and
    /// version.
    pub(crate) fn of(&self, finding: &Finding) -> String {
        let line = self.line(finding);
        let covered = self.covered(line);
        let of_line = self.hashes.of(line).filter(|_| !covered.has_secret && covered.is_all);
        of_line.unwrap_or_else(|| of_words(finding))
    }

    fn line(&self, finding: &Finding) -> usize {
        self.file.source.line(finding.primary.span.start())
    }

    fn covered(&self, line: usize) -> Covered {
        let file = self.file;
        *self.covered.borrow_mut().entry(line).or_insert_with(|| {
            let source = &file.source;
            let span = source.line_span(line).unwrap_or_default();
            let covered = line_hash::covered(source.text(), span.start());
            let has_secret =
                secrets::is_in(&file.linted.keyed_secrets, covered) || has_secret(source, covered);
            Covered { has_secret, is_all: covered.end() >= span.end() }
        })
    }
}

/// Ends in `:0`, which GitHub's line hashes never do, because they count from 1.
fn of_words(finding: &Finding) -> String {
    let words = [&finding.user, &finding.command, &finding.api_version];
    let words = words.map(|word| word.as_deref().unwrap_or(""));
    format!("{}:0", line_hash::hash(&words))
}
