//! What the findings of a file are known by.
//!
//! GitHub's hash of a line is made of its first 100 characters. Who knows the rest of them can work
//! back from it to a short secret among them: of such lines there is none.

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
    /// Of the lines that were asked for: what their hashes cover.
    covered: RefCell<HashMap<usize, Covered>>,
}

/// What the hash of a line covers.
#[derive(Debug, Clone, Copy)]
struct Covered {
    has_secret: bool,
    /// Whether it is all of the line.
    is_all: bool,
}

impl<'a> Fingerprints<'a> {
    pub(crate) fn new(file: &'a FileReport) -> Self {
        let hashes = LineHashes::new(file.source.text());
        Self { file, hashes, covered: RefCell::default() }
    }

    /// GitHub's hash of the finding's line; `None` where it covers a secret.
    pub(crate) fn of_line(&self, finding: &Finding) -> Option<String> {
        let line = self.line(finding);
        let covered = self.covered(line);
        self.hashes.of(line).filter(|_| !covered.has_secret)
    }

    /// What tells the finding from the others of its rule in the file: the hash of its line, or,
    /// where that covers a secret or a part of the line only, one of its user, command and version.
    pub(crate) fn of(&self, finding: &Finding) -> String {
        let line = self.line(finding);
        let covered = self.covered(line);
        let of_line = self.hashes.of(line).filter(|_| !covered.has_secret && covered.is_all);
        of_line.unwrap_or_else(|| of_words(finding))
    }

    fn line(&self, finding: &Finding) -> usize {
        self.file.source.line(finding.primary.span.start)
    }

    fn covered(&self, line: usize) -> Covered {
        let file = self.file;
        *self.covered.borrow_mut().entry(line).or_insert_with(|| {
            let source = &file.source;
            let span = source.line_span(line).unwrap_or_default();
            let covered = line_hash::covered(source.text(), span.start);
            let has_secret =
                secrets::is_in(&file.keyed_secrets, covered) || has_secret(source, covered);
            Covered { has_secret, is_all: covered.end >= span.end }
        })
    }
}

/// GitHub counts from 1, so no hash of a line looks like it.
fn of_words(finding: &Finding) -> String {
    let words = [&finding.user, &finding.command, &finding.api_version];
    let words = words.map(|word| word.as_deref().unwrap_or(""));
    format!("{}:0", line_hash::hash(&words))
}
