//! The findings that a repository already has: written once, and hidden from then on.
//!
//! The reports of a run come in. `--write-baseline` stores their findings in a file; `--baseline`
//! reads it and moves the findings that it contains to the suppressed ones.
//!
//! A finding is identified by its rule, its path and the hash of its line as GitHub computes it
//! (the same hash as in the SARIF report), so it may move within its file. On a long line, or next
//! to a secret, its user, command and version replace the hash. A [`Baseline`] stores such findings
//! as a multiset.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use crate::discover::globs::Folder;
use crate::discover::read::regular;
use crate::discover::shown_path;
use crate::finding::Finding;
use crate::lint::suppress::{Suppressed, Suppression};
use crate::report::FileReport;
use crate::report::identity::Fingerprints;
use crate::text::escape;

/// The version of the format; raised if a change would make old files be misread.
const VERSION: u32 = 1;
/// Limit on the bytes of a baseline.
const MAX_BYTES: u64 = 64 << 20;

/// Identifies a finding within its file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct FindingKey {
    rule: String,
    fingerprint: String,
}

/// Earlier findings and their counts, by the path of their file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Baseline {
    files: BTreeMap<String, BTreeMap<FindingKey, usize>>,
    /// The folder that the paths are relative to; the current directory if it is the default.
    root: Folder,
}

/// One line of the file.
#[derive(Deserialize, Serialize)]
struct Entry<'a> {
    path: std::borrow::Cow<'a, str>,
    rule: std::borrow::Cow<'a, str>,
    fingerprint: std::borrow::Cow<'a, str>,
    count: usize,
}

/// The file.
#[derive(Deserialize)]
struct BaselineFile {
    version: u32,
    findings: Vec<Entry<'static>>,
}

/// Entries of one rule in one file whose findings no longer exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StaleEntry {
    /// The path, as it is shown.
    pub path: String,
    /// The name of the rule.
    pub rule: String,
    /// How many findings are gone.
    pub count: usize,
}

impl Baseline {
    /// Reads the file at `path`. The paths in it are relative to `root`, or to the current directory
    /// if `root` is the default.
    ///
    /// # Errors
    /// Says why it cannot be read, with the line of the fault. The message quotes nothing from the
    /// file, which may be another one than intended.
    pub(crate) fn read(path: &Path, root: Folder) -> Result<Self, String> {
        let shown = path.to_string_lossy();
        let text = text(path).map_err(|reason| format!("{shown}: {reason}"))?;
        let file: BaselineFile = serde_json::from_str(&text).map_err(|error| {
            let place = format!("{shown}:{}:{}", error.line(), error.column());
            let what = "not a baseline; remove it, and write a new one with --write-baseline";
            match error.classify() {
                Category::Eof => format!("{place}: {what}: the file ends too early"),
                Category::Syntax | Category::Data | Category::Io => format!("{place}: {what}"),
            }
        })?;
        if file.version != VERSION {
            let mut lines = (1..).zip(text.lines());
            let line = lines.find(|(_, line)| line.contains("\"version\"")).map_or(1, |(at, _)| at);
            let version = file.version;
            return Err(format!(
                "{shown}:{line}: this baseline has version {version}, not {VERSION}: remove it, and write a new one \
                 with --write-baseline"
            ));
        }
        let mut baseline = Self { root, ..Self::default() };
        for Entry { path, rule, fingerprint, count } in file.findings {
            let key = FindingKey { rule: rule.into_owned(), fingerprint: fingerprint.into_owned() };
            let entries = baseline.files.entry(path.into_owned()).or_default();
            let total = entries.entry(key).or_default();
            *total = total.saturating_add(count);
        }
        Ok(baseline)
    }

    /// Creates a baseline from the findings of these files, hidden or not, except those that are
    /// suppressed.
    pub(crate) fn of<'a>(files: impl Iterator<Item = &'a FileReport>, root: Folder) -> Self {
        let mut baseline = Self { root, ..Self::default() };
        for file in files.filter(|file| has_name(file)) {
            let findings = || file.linted.findings.iter().chain(&file.linted.hidden);
            if findings().next().is_none() {
                continue;
            }
            let fingerprints = Fingerprints::new(file);
            let path = baseline.name(file.source.path(), &file.path);
            let entries = baseline.files.entry(path).or_default();
            for finding in findings() {
                *entries.entry(key_of(&fingerprints, finding)).or_default() += 1;
            }
        }
        baseline
    }

    /// Returns the number of findings.
    pub(crate) fn count(&self) -> usize {
        self.files.values().flat_map(BTreeMap::values).fold(0, |all, n| all.saturating_add(*n))
    }

    /// Writes the file, sorted, with one entry per line.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub(crate) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut text = format!("{{\n  \"version\": {VERSION},\n  \"findings\": [");
        let mut before = "\n";
        for (path, entries) in &self.files {
            for (FindingKey { rule, fingerprint }, &count) in entries {
                let (path, rule) = (path.into(), rule.into());
                let entry = Entry { path, rule, fingerprint: fingerprint.into(), count };
                text.push_str(&format!("{before}    {}", serde_json::to_string(&entry)?));
                before = ",\n";
            }
        }
        text.push_str(if before == "\n" { "]\n}\n" } else { "\n  ]\n}\n" });
        out.write_all(escape::json(&text).as_bytes())
    }

    /// Returns the path by which the baseline knows a file, if it has findings of it. `shown` is its
    /// path as it is shown.
    pub(crate) fn known(&self, path: &Path, shown: &str) -> Option<String> {
        Some(self.name(path, shown)).filter(|name| self.files.contains_key(name))
    }

    /// Returns the path of a file relative to the root.
    fn name(&self, path: &Path, shown: &str) -> String {
        let below = self.root.relative(path);
        below.map_or_else(|| shown.to_owned(), |below| shown_path(&below, Path::new("")))
    }

    /// Suppresses the findings of a file that the baseline contains, the hidden ones too. Of several
    /// findings with the same identity, it suppresses the first ones.
    pub(crate) fn hide(&self, file: &mut FileReport) {
        let name = self.name(file.source.path(), &file.path);
        let Some(entries) = self.files.get(&name).filter(|_| has_name(file)) else { return };
        let (findings, hidden) = (&mut file.linted.findings, &mut file.linted.hidden);
        if findings.is_empty() && hidden.is_empty() {
            return;
        }
        let mut lists = [std::mem::take(findings), std::mem::take(hidden)];
        let mut left = entries.clone();
        let fingerprints = Fingerprints::new(file);
        let mut is_known = |finding: &mut Finding| {
            let count = left.get_mut(&key_of(&fingerprints, finding)).filter(|count| **count > 0);
            count.map(|count| *count -= 1).is_some()
        };
        let mut known = Vec::new();
        for list in &mut lists {
            let found = list.extract_if(.., &mut is_known);
            known.extend(found.map(|finding| Suppressed::new(finding, Suppression::Baseline)));
        }
        [file.linted.findings, file.linted.hidden] = lists;
        file.linted.suppressed.extend(known);
        file.linted.suppressed.sort_by_key(|suppressed| suppressed.finding.primary.span);
    }

    /// Returns the entries of the `checked` files whose findings no longer exist. `files` are the
    /// files after [`Self::hide`].
    pub(crate) fn stale(
        &self,
        checked: &BTreeSet<String>,
        files: &[FileReport],
    ) -> Vec<StaleEntry> {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (path, entries) in self.files.iter().filter(|(path, _)| checked.contains(*path)) {
            for (key, count) in entries {
                let all = counts.entry((path, &key.rule)).or_default();
                *all = all.saturating_add(*count);
            }
        }
        for file in files {
            let name = self.name(file.source.path(), &file.path);
            let Some((name, _)) = self.files.get_key_value(&name) else { continue };
            let in_baseline =
                file.linted.suppressed.iter().filter(|suppressed| !suppressed.is_ignored());
            for Suppressed { finding, .. } in in_baseline {
                if let Some(count) = counts.get_mut(&(name.as_str(), finding.rule.name)) {
                    *count = count.saturating_sub(1);
                }
            }
        }
        let stale = counts.into_iter().filter(|(_, count)| *count > 0);
        let stale = stale.map(|((path, rule), count)| StaleEntry {
            path: path.to_owned(),
            rule: rule.to_owned(),
            count,
        });
        stale.collect()
    }

    /// Returns the paths of the files with findings that no longer exist.
    pub(crate) fn removed_files(&self, current: &Path) -> impl Iterator<Item = &str> {
        let root = current.join(self.root.path());
        self.files.keys().map(String::as_str).filter(move |path| !root.join(path).exists())
    }
}

/// Returns the identity of a finding within its file.
fn key_of(fingerprints: &Fingerprints<'_>, finding: &Finding) -> FindingKey {
    FindingKey { rule: finding.rule.name.to_owned(), fingerprint: fingerprints.of(finding) }
}

/// Returns whether the name of a file is UTF-8. Several names that are not may be shown as the same
/// path.
fn has_name(file: &FileReport) -> bool {
    file.source.path().to_str().is_some()
}

/// Reads the text of the file.
fn text(path: &Path) -> Result<String, String> {
    let bytes = regular(path, MAX_BYTES)?;
    String::from_utf8(bytes).map_err(|_| "not UTF-8".to_owned())
}
