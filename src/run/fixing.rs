//! Fixing what was found: in place, or as a diff.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::gather::STDIN;
use super::interrupt::Interrupts;
use super::{complain, terminal};
use crate::cli::Cli;
use crate::discover::shown_path;
use crate::discover::walk::plain_reason;
use crate::fix::diff::{self, Diff};
use crate::fix::write::{self, Refusal};
use crate::fix::{Applicability, apply};
use crate::lint::{Options, lint};
use crate::report::FileReport;
use crate::report::escape::visible;
use crate::secrets;
use crate::source::{Encoding, Span};

/// What is to be done with the fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Nothing: they are reported.
    Report,
    /// The files are changed.
    Write,
    /// What would change is shown.
    Show {
        /// In colours.
        color: bool,
    },
}

impl Mode {
    /// What the command line asks for.
    pub(super) fn of(cli: &Cli) -> Self {
        match (cli.fix, cli.diff) {
            (true, _) => Self::Write,
            (_, true) => Self::Show { color: terminal::style(cli.color).color },
            _ => Self::Report,
        }
    }
}

/// The least applicability of the fixes that are to be made.
pub(super) fn least(cli: &Cli) -> Applicability {
    if cli.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe }
}

/// What came of fixing one file.
pub(super) enum Outcome {
    /// So many findings were fixed.
    Fixed(usize),
    /// Its fixes cannot be made, which was said; why.
    Refused(String),
    /// It was only shown, and its findings stand.
    Shown,
    /// It could not be done, which was said; why.
    Failed(String),
}

/// Fixes one file that has something to fix, or shows how; a diff goes to `out`, and what must be
/// true of the plugins then to `needs`.
///
/// # Errors
///
/// Where the diff cannot be written.
pub(super) fn fix(
    file: &FileReport,
    options: &Options,
    least: Applicability,
    mode: Mode,
    interrupts: &Interrupts,
    out: &mut impl Write,
    needs: &mut BTreeSet<String>,
) -> io::Result<Outcome> {
    let all = if least == Applicability::Unsafe { "--fix --unsafe-fixes" } else { "--fix" };
    let failed = |reason: &str| {
        complain(&format!("error: {}: {}", visible(&file.path), visible(reason)));
        Ok(Outcome::Failed(reason.to_owned()))
    };
    let fixed = apply::fix(&file.source, options, least, &file.suppressed);
    let (Some(fixed), Some(old)) = (fixed, file.source.bytes()) else {
        let reason = "it is not fixed: its fixes would change more than their findings";
        warn(&file.path, reason);
        return Ok(Outcome::Refused(reason.to_owned()));
    };
    if fixed.untried > 0 {
        warn(&file.path, &untried(fixed.untried));
    }
    if mode == Mode::Write {
        let replace = || write::replace(file.source.path(), &old, &fixed.bytes);
        return match interrupts.hold(replace) {
            Ok(()) => {
                needs.extend(fixed.needs);
                Ok(Outcome::Fixed(fixed.count))
            }
            Err(Refusal::Io(error)) => {
                let way_out = match error.kind() {
                    io::ErrorKind::PermissionDenied => {
                        ": the new file is written beside it, so its folder must be writable"
                    }
                    _ => "",
                };
                failed(&format!("it cannot be fixed: {}{way_out}", plain_reason(&error)))
            }
            Err(refusal) => failed(&format!("it cannot be fixed: {refusal}")),
        };
    }
    if file.source.path().to_str().is_none() {
        return failed(&format!(
            "there is no diff of a file whose name is no text; {all} changes it"
        ));
    }
    if file.source.encoding() != Encoding::Utf8 {
        return failed(&format!("there is no diff of UTF-16; {all} changes it"));
    }
    match diff_of(file, &old, &fixed.bytes, options) {
        Ok(Diff { text, withheld }) => {
            let text = match mode {
                Mode::Show { color: true } => diff::colored(&text),
                _ => text,
            };
            match out.write_all(&text) {
                // The reader has seen enough.
                Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
                _ if withheld > 0 => failed(&format!(
                    "its diff is not shown as a whole: {withheld} of its changes {} beside a value \
                     that no report may show; {all} makes all of them",
                    if withheld == 1 { "stands" } else { "stand" }
                )),
                _ => {
                    needs.extend(fixed.needs);
                    Ok(Outcome::Shown)
                }
            }
        }
        Err(reason) if file.source.path() == std::path::Path::new(STDIN) => failed(&format!(
            "its diff is not shown: {reason}; {all} changes it in a file of its own"
        )),
        Err(reason) => failed(&format!("its diff is not shown: {reason}; {all} changes it")),
    }
}

/// The name of the file for `git apply` and `patch`, which follow no symbolic links: that of the
/// file behind them, where it lies below the current directory.
fn real_name(file: &FileReport) -> String {
    let real = || {
        let current = std::env::current_dir().ok()?.canonicalize().ok()?;
        let path = file.source.path();
        let place = path.canonicalize().ok()?;
        let is_link = current.join(path) != place;
        let below = place.strip_prefix(&current).ok().filter(|_| is_link)?;
        Some(shown_path(below, &current))
    };
    if file.source.path() == std::path::Path::new(STDIN) {
        return file.path.clone();
    }
    real().unwrap_or_else(|| file.path.clone())
}

/// Says something of a file that stops nothing.
pub(super) fn warn(path: &str, what: &str) {
    complain(&format!("warning: {}: {what}", visible(path)));
}

/// That there are fixes of which nobody knows whether they are sound.
pub(super) fn untried(count: usize) -> String {
    let fixes = if count == 1 { "1 fix is".to_owned() } else { format!("{count} fixes are") };
    format!("{fixes} not offered: the file is too large to try each")
}

fn diff_of(file: &FileReport, old: &[u8], new: &[u8], options: &Options) -> Result<Diff, String> {
    let linted = lint(&file.source, options);
    let ends = old.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
    let starts: Vec<usize> = std::iter::once(0).chain(ends).collect();
    let is_secret = |line: usize| {
        let start = starts.get(line).copied().unwrap_or(old.len());
        let end = starts.get(line + 1).copied().unwrap_or(old.len());
        let span = Span::new(start, end);
        secrets::holds_secret(&linted.keyed_secrets, span, file.source.text())
            || secrets::looks_secret(&file.source, span, &linted.harmless)
    };
    diff::unified(&real_name(file), old, new, &is_secret)
}
