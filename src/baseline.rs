//! The findings that a repository has already: written once, and hidden from then on.
//!
//! A finding is known by its rule, its path and the hash of its line as GitHub computes it, the
//! very one that the SARIF report holds; so it may move within its file. A [`Baseline`] holds such
//! findings as a multiset.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::error::Category;

use crate::discover::walk::plain_reason;
use crate::finding::Finding;
use crate::fingerprint::{self, LineHashes};
use crate::report::{FileReport, json_text};
use crate::secrets::{self, has_secret};
use crate::suppress::{Suppressed, Suppression};

/// Changes when a file of the old kind would be misread.
const VERSION: u32 = 1;
/// A baseline is not larger.
const MAX_BYTES: u64 = 64 << 20;

/// What a finding is known by, within its file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Known {
    rule: String,
    fingerprint: String,
}

/// Findings of earlier, by the path of their file as it is shown, and how many of each there were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    files: BTreeMap<String, BTreeMap<Known, usize>>,
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
struct Document {
    version: u32,
    findings: Vec<Entry<'static>>,
}

/// Entries of one rule in one file whose findings are no longer there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gone {
    /// The path, as it is shown.
    pub path: String,
    /// The name of the rule.
    pub rule: String,
    /// How many findings.
    pub count: usize,
}

impl Baseline {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// Why it cannot be read, with the line where something is wrong in it. Nothing of the file is
    /// quoted: it may be another one than was meant.
    pub fn read(path: &Path) -> Result<Self, String> {
        let shown = path.to_string_lossy();
        let text = text(path).map_err(|reason| format!("{shown}: {reason}"))?;
        let document: Document = serde_json::from_str(&text).map_err(|error| {
            let place = format!("{shown}:{}:{}", error.line(), error.column());
            let what = "this is not what --write-baseline writes";
            match error.classify() {
                Category::Syntax => {
                    let message = error.to_string();
                    let message = message.split(" at line ").next().unwrap_or("");
                    format!("{place}: {what}: {message}")
                }
                Category::Eof => format!("{place}: {what}: the file ends too early"),
                Category::Data | Category::Io => format!("{place}: {what}"),
            }
        })?;
        if document.version != VERSION {
            let mut lines = (1..).zip(text.lines());
            let line = lines.find(|(_, line)| line.contains("\"version\"")).map_or(1, |(at, _)| at);
            let version = document.version;
            return Err(format!(
                "{shown}:{line}: this baseline is of version {version}, and {VERSION} is understood"
            ));
        }
        let mut baseline = Self::default();
        for Entry { path, rule, fingerprint, count } in document.findings {
            let known = Known { rule: rule.into_owned(), fingerprint: fingerprint.into_owned() };
            let entries = baseline.files.entry(path.into_owned()).or_default();
            let total = entries.entry(known).or_default();
            *total = total.saturating_add(count);
        }
        Ok(baseline)
    }

    /// The findings of these files; not those that are suppressed.
    pub fn of<'a>(files: impl Iterator<Item = &'a FileReport>) -> Self {
        let mut baseline = Self::default();
        for file in files.filter(|file| !file.findings.is_empty()) {
            let mut fingerprints = Fingerprints::new(file);
            let entries = baseline.files.entry(file.path.clone()).or_default();
            for finding in &file.findings {
                *entries.entry(fingerprints.of(finding)).or_default() += 1;
            }
        }
        baseline
    }

    /// How many findings it holds.
    pub fn count(&self) -> usize {
        self.files.values().flat_map(BTreeMap::values).fold(0, |all, n| all.saturating_add(*n))
    }

    /// Writes the file: sorted, an entry a line.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut text = format!("{{\n  \"version\": {VERSION},\n  \"findings\": [");
        let mut before = "\n";
        for (path, entries) in &self.files {
            for (Known { rule, fingerprint }, &count) in entries {
                let (path, rule) = (path.into(), rule.into());
                let entry = Entry { path, rule, fingerprint: fingerprint.into(), count };
                text.push_str(&format!("{before}    {}", serde_json::to_string(&entry)?));
                before = ",\n";
            }
        }
        text.push_str(if before == "\n" { "]\n}\n" } else { "\n  ]\n}\n" });
        File::create(path)?.write_all(json_text(&text).as_bytes())
    }

    /// Whether it holds findings of the file of that path, as it is shown.
    pub fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Suppresses the findings of a file that it holds: of several that are the same to it the
    /// first ones.
    pub fn hide(&self, file: &mut FileReport) {
        let Some(entries) = self.files.get(&file.path).filter(|_| !file.findings.is_empty()) else {
            return;
        };
        let mut left = entries.clone();
        let findings = std::mem::take(&mut file.findings);
        let mut fingerprints = Fingerprints::new(file);
        let (mut hidden, mut rest) = (Vec::new(), Vec::new());
        for finding in findings {
            match left.get_mut(&fingerprints.of(&finding)).filter(|count| **count > 0) {
                Some(count) => {
                    *count -= 1;
                    hidden.push(Suppressed::new(finding, Suppression::Baseline));
                }
                None => rest.push(finding),
            }
        }
        file.findings = rest;
        file.suppressed.extend(hidden);
        file.suppressed.sort_by_key(|suppressed| suppressed.finding.primary.span);
    }

    /// What it holds and what is no longer there, of the `checked` files: they are given as they
    /// are now, with what is hidden of them.
    pub fn gone(&self, checked: &BTreeSet<String>, files: &[FileReport]) -> Vec<Gone> {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (path, entries) in self.files.iter().filter(|(path, _)| checked.contains(*path)) {
            for (known, count) in entries {
                let all = counts.entry((path, &known.rule)).or_default();
                *all = all.saturating_add(*count);
            }
        }
        for file in files {
            let in_baseline = file.suppressed.iter().filter(|suppressed| !suppressed.is_ignored());
            for Suppressed { finding, .. } in in_baseline {
                if let Some(count) = counts.get_mut(&(file.path.as_str(), finding.rule.name)) {
                    *count = count.saturating_sub(1);
                }
            }
        }
        let gone = counts.into_iter().filter(|(_, count)| *count > 0);
        let gone = gone.map(|((path, rule), count)| Gone {
            path: path.to_owned(),
            rule: rule.to_owned(),
            count,
        });
        gone.collect()
    }

    /// The paths of the files of which it holds findings, as they are shown.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

/// The text of the file.
fn text(path: &Path) -> Result<String, String> {
    let read = || -> io::Result<Option<Vec<u8>>> {
        // A FIFO may have nobody who writes it.
        if !fs::metadata(path)?.is_file() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    };
    let bytes = match read() {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err("it is no regular file".to_owned()),
        Err(error) => return Err(plain_reason(&error)),
    };
    if bytes.len() as u64 > MAX_BYTES {
        return Err(format!("it is larger than {} MiB", MAX_BYTES >> 20));
    }
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// What the findings of a file are known by.
struct Fingerprints<'a> {
    file: &'a FileReport,
    hashes: LineHashes,
    /// Of the lines that were asked for: whether there is a secret in what their hashes cover.
    secret: HashMap<usize, bool>,
}

impl<'a> Fingerprints<'a> {
    fn new(file: &'a FileReport) -> Self {
        Self { file, hashes: LineHashes::new(file.source.text()), secret: HashMap::new() }
    }

    fn of(&mut self, finding: &Finding) -> Known {
        let source = &self.file.source;
        let line = source.position(finding.primary.span.start).line;
        let is_secret = *self.secret.entry(line).or_insert_with(|| {
            let start = source.line_span(line).map_or(0, |line| line.start);
            let covered = fingerprint::covered(source.text(), start);
            secrets::is_in(&self.file.keyed_secrets, covered) || has_secret(source, covered)
        });
        let of_line = self.hashes.of(line).filter(|_| !is_secret);
        let fingerprint = of_line.unwrap_or_else(|| of_words(finding));
        Known { rule: finding.rule.name.to_owned(), fingerprint }
    }
}

/// What a finding is known by that stands beside a secret: who knows the rest of a line can work
/// back from its hash to the secret. GitHub counts from 1, so no hash of a line looks like it.
fn of_words(finding: &Finding) -> String {
    let words = [&finding.user, &finding.command, &finding.api_version];
    let words = words.map(|word| word.as_deref().unwrap_or(""));
    let hash = LineHashes::new(&words.join("/")).of(1).unwrap_or_default();
    format!("{}:0", hash.split(':').next().unwrap_or(""))
}
