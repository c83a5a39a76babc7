//! The report formats. A [`Report`] comes in; its text in one format goes out.
//!
//! Each format is in its own file, as a [`Format`] in the list below.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use crate::finding::{Finding, Severity};
use crate::kubernetes::target::Target;
use crate::lint::Linted;
use crate::model::Recognized;
use crate::text::message::message;
use crate::text::source::Source;

pub(crate) mod display;
#[cfg(test)]
pub(crate) mod fixture;
mod groups;
pub(crate) mod headline;
pub(crate) mod identity;
pub(crate) mod notes;
pub(crate) mod wrap;

/// All results of a run, sorted by path, then place, then rule.
#[derive(Debug)]
pub struct Report {
    /// The versions that the files were checked against.
    pub target: Target,
    /// The files that have something to show.
    pub files: Vec<FileReport>,
    /// The files that could not be checked, sorted by path.
    pub skipped: Vec<Skipped>,
    /// The counts of the run.
    pub summary: Summary,
    /// The configuration file, as it is shown, if there is one.
    pub configuration: Option<String>,
    /// Whether the findings were compared with a baseline.
    pub has_baseline: bool,
    /// Whether formats for other tools also show what is suppressed.
    pub shows_suppressed: bool,
    /// The limits that left out a part of a file or of its findings.
    pub limits: Vec<Limited>,
    /// What to know about the fixes that were made or shown, such as what must be true of the
    /// plugins. With `-v`, also what accepted versions need. Each sentence has the paths of the
    /// files that it is about.
    pub notes: BTreeMap<String, BTreeSet<String>>,
}

/// A file of which a limit left out a part: it was not checked, or its findings are not listed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limited {
    /// The path as shown.
    pub path: String,
    /// What is left out, in a few words without a full stop.
    pub reason: String,
}

/// Limit on the findings listed per rule and file.
const MAX_LISTED: usize = 1000;

impl Report {
    /// Returns all findings, the worst first: errors before warnings, and what is in use before
    /// examples.
    fn worst_first(&self) -> Vec<(&FileReport, &Finding)> {
        let of_file = |file| move |finding| (file, finding);
        let files = self.files.iter();
        let mut findings: Vec<_> =
            files.flat_map(|file| file.linted.findings.iter().map(of_file(file))).collect();
        findings.sort_by_key(|(_, finding)| finding.rank());
        findings
    }

    /// Returns the findings to report.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &Finding> + Clone {
        self.files.iter().flat_map(|file| &file.linted.findings)
    }

    /// Drops the findings after the first 1,000 of each rule in each file; the last one kept says
    /// how many there are. The summary still counts all.
    pub fn limit(&mut self) {
        for file in self.files.iter_mut().filter(|file| file.linted.findings.len() > MAX_LISTED) {
            let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
            for finding in &file.linted.findings {
                *counts.entry(finding.rule.name).or_default() += 1;
            }
            counts.retain(|_, count| *count > MAX_LISTED);
            let mut listed: BTreeMap<&'static str, usize> = BTreeMap::new();
            file.linted.findings.retain_mut(|finding| {
                let rule = finding.rule.name;
                let Some(count) = counts.get(rule) else { return true };
                let listed = listed.entry(rule).or_default();
                *listed += 1;
                if *listed == MAX_LISTED {
                    let more = count - MAX_LISTED;
                    finding.help.push(message!(
                        "{} more findings of `{}` in this file are not listed",
                        more,
                        rule
                    ));
                }
                *listed <= MAX_LISTED
            });
            self.limits.extend(counts.into_iter().map(|(rule, count)| {
                let more = count - MAX_LISTED;
                let reason = format!("{more} more findings of {rule} are not listed");
                Limited { path: file.path.clone(), reason }
            }));
        }
    }
}

/// One file with findings, accepted values, or both.
#[derive(Debug)]
pub struct FileReport {
    /// The path as shown: relative to the current directory if it is below it, with `/`.
    pub path: String,
    /// The text of the file; none if no report shows a part of it.
    pub source: Source,
    /// The results, without the mentions that are only counted.
    pub linted: Linted,
    /// How many mentions are only counted.
    pub hidden_mentions: usize,
}

/// A file that was found but not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The path as shown.
    pub path: String,
    /// Why it was not checked, in a few words without a full stop.
    pub reason: String,
    /// Whether it was given by name, which makes it a failure of the run.
    pub named: bool,
    /// Whether it is worth a warning because it may contain something to check.
    pub notable: bool,
}

/// The counts of a run.
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
    /// Other notes that were counted but are not shown.
    pub hidden_notes: usize,
    /// Warnings that were counted but are not shown.
    pub hidden_warnings: usize,
    /// Findings that comments or the configuration suppress.
    pub ignored: usize,
    /// Findings that are in the baseline.
    pub in_baseline: usize,
    /// Findings of the baseline that no longer exist.
    pub gone_from_baseline: usize,
    /// Exec API versions that every target kubectl accepts.
    pub accepted: usize,
    /// Files with at least one error or warning.
    pub files_with_findings: usize,
    /// Files that were read.
    pub files: usize,
    /// Files that could not be checked.
    pub skipped: usize,
    /// Files and folders that `exclude` leaves out.
    pub excluded: usize,
    /// Findings that are gone because they were fixed.
    pub fixed: usize,
    /// Files that were changed.
    pub files_fixed: usize,
    /// Files that could not be changed, or whose diff cannot be shown.
    pub not_fixed: usize,
    /// Whether the configuration file switches rules off, sets roles or names a baseline.
    #[serde(skip)]
    pub narrowed: bool,
    /// The counts of recognized configurations.
    #[serde(flatten)]
    pub recognized: Recognized,
}

impl Summary {
    /// Counts the findings and accepted versions of the files.
    pub fn count(&mut self, files: &[FileReport]) {
        let findings = || files.iter().flat_map(|file| &file.linted.findings);
        let count = |severity| findings().filter(|f| f.severity == severity).count();
        self.errors = count(Severity::Error);
        self.warnings = count(Severity::Warning);
        self.notes = count(Severity::Note);
        let hidden = || files.iter().flat_map(|file| &file.linted.hidden);
        let hidden = |severity| hidden().filter(|finding| finding.severity == severity).count();
        self.hidden_notes = hidden(Severity::Note);
        self.hidden_warnings = hidden(Severity::Warning);
        let suppressed = files.iter().flat_map(|file| &file.linted.suppressed);
        let (ignored, in_baseline): (Vec<_>, Vec<_>) =
            suppressed.partition(|suppressed| suppressed.is_ignored());
        (self.ignored, self.in_baseline) = (ignored.len(), in_baseline.len());
        self.accepted = files.iter().map(|file| file.linted.accepted.len()).sum();
        let has_findings = |file: &&FileReport| !file.linted.findings.is_empty();
        self.files_with_findings = files.iter().filter(has_findings).count();
    }

    /// Returns how many shown findings are at or above `severity`.
    pub fn at_or_above(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.errors + self.warnings,
            Severity::Note => self.errors + self.warnings + self.notes,
        }
    }
}

/// How a report is displayed.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Whether to write colors.
    pub color: bool,
    /// Whether the terminal supports links (OSC 8).
    pub links: bool,
    /// The width of the terminal in columns, to which lines of files are cut.
    pub width: usize,
    /// Whether sentences are wrapped to that width.
    pub wraps: bool,
}

/// A format: its name and its writer.
pub struct Format {
    /// The name on the command line.
    pub name: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// Whether it lists the versions that every target kubectl accepts.
    pub lists_accepted: bool,
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

/// Returns the format with that name.
pub(crate) fn find(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::version::Minor;
    use crate::model::kubectl_message::KubectlMessage;
    use fixture::{file, finding, render, report, skipped, span};

    /// Checks for every format what `tests/hostile.rs` checks for whole runs: neither a terminal
    /// nor a CI system obeys what files hold.
    #[test]
    fn formats_escape_what_files_hold() {
        let evil = "\x1b[31m\u{202e}\u{9b}\r::error::a\n::error::b\r\n##[error]##vso[x]".to_owned();
        let text = format!("{evil} bad # {evil}\n");
        let mut found = finding(span(&text, "bad"));
        found.message = message!("{} is wrong", evil.clone());
        found.primary.text = message!("`{}`", evil.clone());
        found.help = vec![message!("write `{}`", evil.clone())];
        found.kubectl_message =
            Some(KubectlMessage { by: Minor(37).into(), message: evil.clone().into() }.into());
        let is_harmful = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        for path in [&evil, "::error::x", "##[error]x"] {
            let files = vec![file(path, &text, vec![found.clone()], Vec::new())];
            let report = Report { skipped: vec![skipped(path, &evil)], ..report(files) };
            for format in FORMATS {
                let written = render(format, &report, 80);
                let commands = ["##[", "##vso["].iter().any(|command| written.contains(command));
                assert!(!commands && !written.contains(is_harmful), "{}: {written:?}", format.name);
                for line in written.lines() {
                    let own = format.name == "github" && line.starts_with("::error file=");
                    assert!(own || !line.trim_start().starts_with("::"), "{}: {line}", format.name);
                }
            }
        }
    }
}
