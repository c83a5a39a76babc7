//! The formats. One file a format, each a [`Format`] in the list below.

pub(crate) mod display;
pub(crate) mod identity;

use crate::finding::{Accepted, Finding, Severity};
use crate::kubernetes::version::Target;
use crate::lint::suppress::Suppressed;
use crate::model::Recognized;
use crate::text::escape;
use crate::text::source::{Source, Span};

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::io::{self, Write};

#[cfg(test)]
mod fixture;
pub(crate) mod headline;

/// JSON with the same meaning, fit to be shown.
pub(crate) fn json_text(text: &str) -> String {
    escape::json(text)
}

/// Everything a run has to tell, sorted by path, then place, then rule.
#[derive(Debug)]
pub struct Report {
    /// What the files were judged against.
    pub target: Target,
    /// The files that have something to show.
    pub files: Vec<FileReport>,
    /// The files that could not be judged, sorted by path.
    pub skipped: Vec<Skipped>,
    /// How many of what.
    pub summary: Summary,
    /// Whether the findings were held against a baseline.
    pub has_baseline: bool,
    /// Whether formats for other tools also show what is suppressed.
    pub shows_suppressed: bool,
    /// What must be true of plugins now that fixes were made, or once those that were shown are.
    pub needs: BTreeSet<String>,
}

/// Findings of a rule in a file that are counted and not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unlisted {
    /// The path as shown.
    pub path: String,
    /// The name of the rule.
    pub rule: &'static str,
    /// How many.
    pub count: usize,
}

/// Limit on the findings of one rule that are listed of one file.
const MOST_LISTED: usize = 1000;

impl Report {
    /// Leaves out, of each file, the findings of a rule after the first 1,000; the last of those
    /// says how many there are. The summary still counts all.
    pub fn limit(&mut self) -> Vec<Unlisted> {
        let mut unlisted = Vec::new();
        for file in self.files.iter_mut().filter(|file| file.findings.len() > MOST_LISTED) {
            let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
            for finding in &file.findings {
                *counts.entry(finding.rule.name).or_default() += 1;
            }
            counts.retain(|_, count| *count > MOST_LISTED);
            let mut listed: BTreeMap<&'static str, usize> = BTreeMap::new();
            file.findings.retain_mut(|finding| {
                let rule = finding.rule.name;
                let Some(count) = counts.get(rule) else { return true };
                let listed = listed.entry(rule).or_default();
                *listed += 1;
                if *listed == MOST_LISTED {
                    let more = count - MOST_LISTED;
                    finding.help.push(format!(
                        "{more} more findings of `{rule}` in this file are not listed"
                    ));
                }
                *listed <= MOST_LISTED
            });
            let more = counts.into_iter().map(|(rule, count)| Unlisted {
                path: file.path.clone(),
                rule,
                count: count - MOST_LISTED,
            });
            unlisted.extend(more);
        }
        unlisted
    }
}

/// One file with findings, accepted values, or both.
#[derive(Debug)]
pub struct FileReport {
    /// The path as shown: relative to the current directory where it lies below it, with `/`.
    pub path: String,
    /// Its text.
    pub source: Source,
    /// Its findings, sorted by place, then rule.
    pub findings: Vec<Finding>,
    /// Its findings that do not count, sorted by place.
    pub suppressed: Vec<Suppressed>,
    /// The exec API versions in it that every target kubectl accepts.
    pub accepted: Vec<Accepted>,
    /// The values that no report may show, sorted.
    pub secrets: Vec<Span>,
    /// Those of them that are secret by their own key, sorted.
    pub keyed_secrets: Vec<Span>,
}

impl FileReport {
    /// A file of which nothing is said yet.
    pub fn new(path: String, source: Source) -> Self {
        Self {
            path,
            source,
            findings: Vec::new(),
            suppressed: Vec::new(),
            accepted: Vec::new(),
            secrets: Vec::new(),
            keyed_secrets: Vec::new(),
        }
    }
}

/// A file that was found but not judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The path as shown.
    pub path: String,
    /// Why, in a few words without a full stop.
    pub reason: String,
    /// Whether it was given by name, which makes it a failure of the run.
    pub named: bool,
    /// Whether it is worth a warning: it may hold something to judge.
    pub notable: bool,
}

/// What a run counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are notes and are shown.
    pub notes: usize,
    /// Mentions that were counted but are not shown.
    pub hidden_mentions: usize,
    /// Findings that comments silence.
    pub ignored: usize,
    /// Findings that are in the baseline.
    pub in_baseline: usize,
    /// Findings that are in the baseline and no longer there.
    pub gone_from_baseline: usize,
    /// Exec API versions that every target kubectl accepts.
    pub accepted: usize,
    /// Files with at least one error or warning.
    pub files_with_findings: usize,
    /// Files that were looked at.
    pub files: usize,
    /// Files that could not be judged.
    pub skipped: usize,
    /// Findings that are gone because they were fixed.
    pub fixed: usize,
    /// Files that were changed.
    pub files_fixed: usize,
    /// Files that could not be changed, or whose diff cannot be shown.
    pub not_fixed: usize,
    /// How many of what was recognised.
    #[serde(flatten)]
    pub recognized: Recognized,
}

impl Summary {
    /// Counts what there is to say of the files.
    pub fn count(&mut self, files: &[FileReport]) {
        let findings = || files.iter().flat_map(|file| &file.findings);
        let count = |severity| findings().filter(|f| f.severity == severity).count();
        self.errors = count(Severity::Error);
        self.warnings = count(Severity::Warning);
        self.notes = count(Severity::Note);
        let suppressed = files.iter().flat_map(|file| &file.suppressed);
        let (ignored, in_baseline): (Vec<_>, Vec<_>) =
            suppressed.partition(|suppressed| suppressed.is_ignored());
        (self.ignored, self.in_baseline) = (ignored.len(), in_baseline.len());
        self.accepted = files.iter().map(|file| file.accepted.len()).sum();
        let has_findings = |file: &&FileReport| file.findings.iter().any(|f| !f.is_mention());
        self.files_with_findings = files.iter().filter(has_findings).count();
    }

    /// How many shown findings are at or above `severity`.
    pub fn at_or_above(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Note => self.errors + self.warnings + self.notes,
        }
    }
}

/// How a report is to look.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to write colours.
    pub color: bool,
    /// Whether the terminal takes links (OSC 8).
    pub links: bool,
    /// The width of the terminal in columns.
    pub width: usize,
}

/// A format: its name and how it is written.
pub struct Format {
    /// The name on the command line.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// Writes the whole report.
    pub write: fn(&Report, Style, &mut dyn Write) -> io::Result<()>,
}

/// Lists the formats, in the order of the help.
macro_rules! formats {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+
        /// All formats, in the order of the help.
        pub static FORMATS: &[&Format] = &[$(&$module::FORMAT),+];
    };
}

formats![text, short, json, sarif, github, gitlab, junit, markdown];

/// The format of that name.
pub fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}
