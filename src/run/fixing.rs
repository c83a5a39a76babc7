//! Fixes what was found: in place, or as a diff.

use std::collections::BTreeSet;
use std::io::{self, Write};

use supports_hyperlinks::Stream;

use crate::cli::{Cli, Mode};
use crate::discover::shown_path;
use crate::finding::Finding;
use crate::finding::fix::Applicability;
use crate::fix::apply::Fixed;
use crate::fix::decoded_lines::decoded_changes;
use crate::fix::diff::{self, Diff, Side};
use crate::fix::write;
use crate::kubernetes::api_versions::{self, GROUP};
use crate::lint::Linted;
use crate::report::{FileReport, headline};
use crate::role::Role;
use crate::secrets::{self, MASK, context};
use crate::text::escape::visible;
use crate::text::source::{Encoding, Source, Span};

use super::inputs::STDIN;
use super::{complain, ignore_broken_pipe, interrupt, terminal};

/// The result of fixing one file.
pub(super) enum Outcome {
    /// The file was changed.
    Fixed(Box<Fixed>),
    /// The fixes cannot be applied, which was reported; why.
    Refused(String),
    /// The diff was shown; the findings still exist. What to know about it.
    Shown(BTreeSet<String>),
    /// Fixing failed, which was reported; why.
    Failed(String),
}

/// Writes a fixed file, or its diff to `out`. `fixed` is `None` if the fixes of the file do not do what they should.
///
/// # Errors
///
/// Fails if the diff cannot be written.
pub(super) fn write_or_show(
    file: &FileReport,
    fixed: Option<Fixed>,
    flags: &Cli,
    out: &mut impl Write,
) -> io::Result<Outcome> {
    let least = flags.least_applicability();
    let all = if least == Applicability::Unsafe { "--fix --unsafe-fixes" } else { "--fix" };
    let failed = |reason: &str| {
        complain(&format!("error: {}: {}", visible(&file.path), visible(reason)));
        Ok(Outcome::Failed(reason.to_owned()))
    };
    let sides = fixed.and_then(|fixed| Some((file.source.bytes()?, fixed.source.bytes()?, fixed)));
    let Some((old, new, fixed)) = sides else {
        let reason = "not fixed: the fixes would also change other values";
        warn(&file.path, reason);
        return Ok(Outcome::Refused(reason.to_owned()));
    };
    if fixed.untried > 0 {
        warn(&file.path, &untried(fixed.untried));
    }
    if flags.fixes_stdin() {
        ignore_broken_pipe(out.write_all(&new))?;
        return Ok(Outcome::Fixed(Box::new(fixed)));
    }
    let is_fix = flags.mode() == Mode::Fix;
    if is_fix {
        let replace = || write::replace(file.source.path(), &old, &new);
        if let Err(refusal) = interrupt::hold(replace) {
            return failed(&format!("cannot be fixed: {refusal}"));
        }
        if !flags.diff {
            return Ok(Outcome::Fixed(Box::new(fixed)));
        }
    }
    let no_diff = match (file.source.path().to_str(), file.source.encoding()) {
        (None, _) => Some("a file whose name is not valid text"),
        (_, Encoding::Utf8) => None,
        _ => Some("UTF-16 text"),
    };
    if let Some(what) = no_diff {
        if is_fix {
            warn(&file.path, &format!("cannot print a diff of {what}"));
            return Ok(Outcome::Fixed(Box::new(fixed)));
        }
        return failed(&format!("cannot print a diff of {what}; {all} changes it"));
    }
    let Diff { text, masked } = diff_of(file, &old, &fixed, &new);
    let text = if terminal::style(flags.color, Stream::Stdout).color {
        diff::colored(&text)
    } else {
        text
    };
    ignore_broken_pipe(out.write_all(&text))?;
    if is_fix {
        return Ok(Outcome::Fixed(Box::new(fixed)));
    }
    if masked > 0 {
        let (changes, comments) =
            if masked == 1 { ("change", "a comment") } else { ("changes", "comments") };
        let run = if is_stdin(file) {
            format!("`kubeconfig-lint {all} -` prints the whole fixed text")
        } else {
            format!("run `kubeconfig-lint {all}`")
        };
        let what = format!(
            "the diff has {masked} {changes} only as {comments}, with secrets masked, which git \
             apply and patch skip; {run}"
        );
        warn(&file.path, &what);
    }
    Ok(Outcome::Shown(fixed.notes))
}

fn is_stdin(file: &FileReport) -> bool {
    file.source.path() == std::path::Path::new(STDIN)
}

/// Returns the name of the file for `git apply` and `patch`, which follow no symbolic links: the
/// name of the link's target, if that is below the current directory.
fn real_name(file: &FileReport) -> String {
    let real = || {
        let current = std::env::current_dir().ok()?.canonicalize().ok()?;
        let path = file.source.path();
        let place = path.canonicalize().ok()?;
        let is_link = current.join(path) != place;
        let below = place.strip_prefix(&current).ok().filter(|_| is_link)?;
        Some(shown_path(below, &current))
    };
    if is_stdin(file) {
        return file.path.clone();
    }
    real().unwrap_or_else(|| file.path.clone())
}

/// Returns how often the text around fixed examples still names an old version; `None` if it does
/// not. `text` is the fixed text.
pub(super) fn left_in_text(file: &FileReport, text: &str, least: Applicability) -> Option<String> {
    let fixed = file.linted.findings.iter();
    let fixed = fixed.filter(|f| f.role == Role::Documentation && f.is_fixable(least));
    let version = |finding: &Finding| {
        let value = file.source.text().get(finding.primary.span.range())?;
        let word = value.rsplit('/').next()?;
        api_versions::lookup(&format!("{GROUP}/{word}")).map(|known| known.version)
    };
    let left: Vec<String> = BTreeSet::from_iter(fixed.filter_map(version))
        .into_iter()
        .filter_map(|version| {
            let is_word = |at: usize| {
                let is_part = |c: char| c.is_alphanumeric() || c == '_';
                let (before, after) = (text.get(..at), text.get(at + version.len()..));
                !before.is_some_and(|before| before.ends_with(is_part))
                    && !after.is_some_and(|after| after.starts_with(is_part))
            };
            let count = text.match_indices(version).filter(|(at, _)| is_word(*at)).count();
            let times = headline::amount(count, "time")?;
            Some(format!("`{version}` {times}"))
        })
        .collect();
    let left = Some(left.join(" and ")).filter(|left| !left.is_empty())?;
    Some(format!("the text around the examples still names {left}: review it"))
}

/// Prints a warning about a file.
pub(super) fn warn(path: &str, what: &str) {
    complain(&format!("warning: {}: {what}", visible(path)));
}

/// Says that some fixes are not offered because they could not be checked.
pub(super) fn untried(count: usize) -> String {
    let fixes = if count == 1 { "1 fix is".to_owned() } else { format!("{count} fixes are") };
    format!("{fixes} not offered: the file is too large, or has too many, to verify each of them")
}

/// Returns the diff between the bytes of a file and of the fixed file.
pub(super) fn diff_of<'a>(file: &'a FileReport, old: &[u8], fixed: &'a Fixed, new: &[u8]) -> Diff {
    let before = Masking::new(&file.source, &file.linted, old);
    let after = Masking::new(&fixed.source, &fixed.linted, new);
    let decoded = |linted: &'a Linted| linted.fix_basis.as_ref().map(|basis| &*basis.decoded);
    let sides = decoded(&file.linted).zip(decoded(&fixed.linted));
    let in_base64 = sides.map(|(before, after)| decoded_changes(&file.source, before, after));
    diff::unified(
        &real_name(file),
        &Side { bytes: old, masked: &|line| before.masked(line) },
        &Side { bytes: new, masked: &|line| after.masked(line) },
        &|line| before.is_plain(line),
        &in_base64.unwrap_or_default(),
    )
}

/// A file whose lines are shown without its secrets.
struct Masking<'a> {
    source: &'a Source,
    linted: &'a Linted,
    /// The start of each line, and the end of the file. Only LF ends a line, as in git and patch.
    starts: Vec<usize>,
}

impl<'a> Masking<'a> {
    fn new(source: &'a Source, linted: &'a Linted, bytes: &[u8]) -> Self {
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1));
        Self { source, linted, starts: starts.chain([bytes.len()]).collect() }
    }

    fn span(&self, line: usize) -> Option<Span> {
        Some(Span::new(*self.starts.get(line)?, *self.starts.get(line + 1)?))
    }

    /// Returns whether all words of the line (0-based) are known to be harmless.
    fn is_plain(&self, line: usize) -> bool {
        let text = |line| self.span(line).map_or("", |span| self.source.slice(span));
        context::is_plain(text(line), line.checked_sub(1).map_or("", text))
    }

    /// Returns the line (0-based) with its secrets masked; `None` if it has none.
    fn masked(&self, line: usize) -> Option<String> {
        let span = self.span(line)?;
        let Linted { keyed_secrets, harmless_base64, .. } = self.linted;
        let hidden = secrets::hidden(self.source, span, keyed_secrets, harmless_base64);
        if hidden.is_empty() {
            return None;
        }
        let mut shown = String::new();
        let mut at = span.start();
        for place in hidden {
            shown.push_str(self.source.slice(Span::new(at, place.start())));
            shown.push_str(MASK);
            at = place.end();
        }
        shown.push_str(self.source.slice(Span::new(at, span.end())));
        Some(shown)
    }
}
