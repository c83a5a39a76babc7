//! `--statistics`: counts the findings of each rule, file and plugin.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::finding::fix::Applicability;
use crate::finding::{Finding, Severity};
use crate::kubernetes::plugins::base;
use crate::report::{Report, Style};
use crate::rule::RULES;
use crate::text::escape::{self, visible};

/// Limit on the rows of a table.
const MAX_ROWS: usize = 15;

/// The counts of some findings.
#[derive(Debug, Clone, Copy, Default, Serialize)]
struct Counts {
    count: usize,
    /// How many `--fix` fixes.
    fixable: usize,
    /// How many more `--unsafe-fixes` fixes.
    unsafe_fixable: usize,
}

impl Counts {
    fn add(&mut self, finding: &Finding) {
        let applicability = finding.fix.as_ref().map(|fix| fix.applicability);
        self.count += 1;
        self.fixable += usize::from(applicability == Some(Applicability::Safe));
        self.unsafe_fixable += usize::from(applicability == Some(Applicability::Unsafe));
    }
}

#[derive(Serialize)]
struct OfRule {
    rule: &'static str,
    severity: &'static str,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Serialize)]
struct OfFile<'a> {
    path: &'a str,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Serialize)]
struct OfPlugin<'a> {
    /// The command of the plugin without its path; `None` for findings that are about none.
    plugin: Option<&'a str>,
    #[serde(flatten)]
    counts: Counts,
}

/// All counts, each list with the most frequent first.
#[derive(Serialize)]
struct Statistics<'a> {
    rules: Vec<OfRule>,
    files: Vec<OfFile<'a>>,
    plugins: Vec<OfPlugin<'a>>,
}

impl<'a> Statistics<'a> {
    fn of(report: &'a Report) -> Self {
        let mut rules: BTreeMap<(&'static str, Severity), Counts> = BTreeMap::new();
        let mut files: BTreeMap<&str, Counts> = BTreeMap::new();
        let mut plugins: BTreeMap<Option<&str>, Counts> = BTreeMap::new();
        for file in &report.files {
            for finding in &file.linted.findings {
                rules.entry((finding.rule.name, finding.severity)).or_default().add(finding);
                files.entry(&file.path).or_default().add(finding);
                plugins.entry(finding.command.as_deref().map(base)).or_default().add(finding);
            }
        }
        let place = |name| RULES.iter().position(|rule| rule.name == name);
        let mut rules: Vec<_> = rules.into_iter().collect();
        rules.sort_by_key(|((name, severity), counts)| {
            (Reverse(counts.count), Reverse(*severity), place(*name))
        });
        let rules = rules.into_iter().map(|((rule, severity), counts)| OfRule {
            rule,
            severity: severity.as_str(),
            counts,
        });
        let files = most_first(files).map(|(path, counts)| OfFile { path, counts });
        let plugins = most_first(plugins).map(|(plugin, counts)| OfPlugin { plugin, counts });
        Self { rules: rules.collect(), files: files.collect(), plugins: plugins.collect() }
    }
}

fn most_first<Key>(counts: BTreeMap<Key, Counts>) -> impl Iterator<Item = (Key, Counts)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, counts)| Reverse(counts.count));
    counts.into_iter()
}

/// Writes the counts as three tables: the rules, and the first rows of the files and the plugins.
///
/// # Errors
///
/// Fails if `out` cannot be written.
pub(super) fn write(report: &Report, style: Style, out: &mut impl Write) -> io::Result<()> {
    let Statistics { rules, files, plugins } = Statistics::of(report);
    let rules: Vec<_> =
        rules.iter().map(|row| (format!("{}[{}]", row.severity, row.rule), row.counts)).collect();
    let files: Vec<_> = files.iter().map(|row| (visible(row.path), row.counts)).collect();
    let plugins: Vec<_> = plugins
        .iter()
        .map(|row| (row.plugin.map_or_else(|| "(none)".to_owned(), visible), row.counts))
        .collect();
    if rules.is_empty() {
        return Ok(());
    }
    table("rule", &rules, usize::MAX, style, out)?;
    writeln!(out)?;
    table("file", &files, MAX_ROWS, style, out)?;
    writeln!(out)?;
    table("plugin", &plugins, MAX_ROWS, style, out)
}

/// Writes all counts as a JSON object.
///
/// # Errors
///
/// Fails if `out` cannot be written.
pub(super) fn write_json(report: &Report, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", escape::json(&serde_json::to_string_pretty(&Statistics::of(report))?))
}

/// Writes a table with at most `most` rows. Names are last, because they have any length.
fn table(
    what: &str,
    rows: &[(String, Counts)],
    most: usize,
    style: Style,
    out: &mut impl Write,
) -> io::Result<()> {
    const HEAD: &str = "findings  --fix  --unsafe-fixes  ";
    writeln!(out, "{HEAD}{what}")?;
    let number = |count| if count == 0 { "-".to_owned() } else { format!("{count}") };
    for (name, Counts { count, fixable, unsafe_fixable }) in rows.iter().take(most) {
        let (fixable, unsafe_fixable) = (number(*fixable), number(*unsafe_fixable));
        let room = if style.wraps { style.width.saturating_sub(HEAD.len()) } else { usize::MAX };
        let name = end_of(name, room);
        writeln!(out, "{count:8}  {fixable:>5}  {unsafe_fixable:>14}  {name}")?;
    }
    match rows.len().saturating_sub(most) {
        0 => Ok(()),
        1 => writeln!(out, "and 1 more {what}"),
        more => writeln!(out, "and {more} more {what}s"),
    }
}

/// Returns the end of a name that fits into `room` columns.
fn end_of(name: &str, room: usize) -> String {
    if name.width() <= room {
        return name.to_owned();
    }
    let mut left = room.saturating_sub(1);
    let fits = |c: &char| {
        let width = c.width().unwrap_or(0);
        let is_fit = width <= left;
        left = if is_fit { left - width } else { 0 };
        is_fit
    };
    let kept: Vec<char> = name.chars().rev().take_while(fits).collect();
    std::iter::once('…').chain(kept.into_iter().rev()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{file, finding, report};
    use crate::text::source::Span;

    #[test]
    fn statistics_fit_the_terminal_and_are_bounded() {
        let long = "日本/".repeat(20);
        let files = (0..20).map(|number| {
            let found = vec![finding(Span::new(0, 2)); 1 + number];
            file(&format!("{long}{number}"), "v1", found, Vec::new())
        });
        let report = report(files.collect());
        let style = Style { color: false, links: false, width: 80, wraps: true };
        let mut out = Vec::new();
        write(&report, style, &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert!(shown.lines().all(|line| line.width() <= 80), "{shown}");
        assert!(shown.contains("\n      20      -               -  …"), "{shown}");
        assert!(shown.contains("本/19\n") && !shown.contains("本/4\n"), "{shown}");
        assert!(shown.contains("\nand 5 more files\n"), "{shown}");
    }
}
