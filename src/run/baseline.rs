//! The baseline of a run: hides its findings, reports those that are gone, and writes it.

use std::collections::BTreeSet;
use std::path::Path;

use crate::baseline::{Baseline, StaleEntry};
use crate::config::Settings;
use crate::finding::rule::Rule;
use crate::report::{FileReport, Report, headline};
use crate::rule::MENTION;
use crate::text::escape::{plain_reason, visible};

use super::{Failure, complain, overwrite};

/// Reads the baseline of `--baseline`.
pub(super) fn read(settings: &Settings) -> Result<Option<Baseline>, Failure> {
    let read = |path: &Path| {
        Baseline::read(path, settings.root.clone()).map_err(|reason| {
            // A fault at a line begins with its place.
            let is_unread = reason.starts_with(&format!("{}: ", path.display()));
            if is_unread && !settings.has_own_baseline {
                return Failure::Usage(format!("--baseline {reason}"));
            }
            let by = settings.file.as_deref().filter(|_| settings.has_own_baseline);
            let by = by.map(|file| format!(" ({file} names it)"));
            Failure::Usage(reason + by.as_deref().unwrap_or_default())
        })
    };
    settings.flags.baseline.as_deref().map(read).transpose()
}

/// Returns the findings of the baseline that no longer exist. `checked` are the files of the
/// baseline that were read.
pub(super) fn stale(
    baseline: &Baseline,
    checked: &BTreeSet<String>,
    files: &[FileReport],
    (settings, current): (&Settings, &Path),
) -> Vec<StaleEntry> {
    let removed = baseline.removed_files(current).map(str::to_owned);
    let checked = checked.iter().cloned().chain(removed).collect();
    let was_looked_for = |rule: &str| {
        let is_named = |rules: &[&Rule]| rules.iter().any(|other| other.name == rule);
        let flags = &settings.flags;
        (flags.select.is_empty() || is_named(&flags.select))
            && !is_named(&flags.ignore)
            && (rule != MENTION.name || settings.shows_mentions)
    };
    let mut stale = baseline.stale(&checked, files);
    stale.retain(|entry| was_looked_for(&entry.rule));
    stale
}

/// Writes the findings of a run to a baseline and hides them; `false` if that fails, which is
/// reported at once. A run that is incomplete would lose what the baseline has about other files.
pub(super) fn write(
    settings: &Settings,
    file: &Path,
    report: &mut Report,
    is_complete: bool,
) -> bool {
    let shown = visible(&file.to_string_lossy());
    let obstacle = match report.summary.files {
        _ if !is_complete => Some("this run failed"),
        0 => Some("no files were checked"),
        _ => None,
    };
    if let Some(obstacle) = obstacle {
        complain(&format!("error: {shown} was not written: {obstacle}"));
        return false;
    }
    let before = Baseline::read(file, settings.root.clone()).map_or(0, |before| before.count());
    let baseline = Baseline::of(report.files.iter(), settings.root.clone());
    if let Err(error) = overwrite::write(file, |out| baseline.write(out)) {
        complain(&format!("error: cannot write {shown}: {}", plain_reason(&error)));
        return false;
    }
    let notes = report.summary.hidden_notes;
    report.files.iter_mut().for_each(|file| baseline.hide(file));
    report.summary.count(&report.files);
    report.has_baseline = true;
    if !settings.flags.quiet {
        let findings = headline::amount(baseline.count(), "finding");
        let findings = findings.unwrap_or_else(|| "0 findings".to_owned());
        // The report does not show them.
        let notes = headline::amount(notes, "note").map(|notes| format!(", including {notes},"));
        let now = baseline.count();
        let less = (now < before).then(|| format!(" (was {before}, now {now})"));
        let (notes, less) = (notes.unwrap_or_default(), less.unwrap_or_default());
        complain(&format!("wrote {findings}{notes} to {shown}{less}"));
    }
    true
}
