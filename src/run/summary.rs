//! The summary of a run: what was found, and which flag tells more.

use crate::cli::{Cli, Mode};
use crate::report::{Report, Skipped, headline};
use crate::text::escape::visible;
use crate::text::message::capitalized;

/// Returns the lines of the summary: what was fixed, what was found, and what else there is, as
/// many items per line as fit into `width` columns.
pub(super) fn lines(report: &Report, flags: &Cli, width: usize) -> Vec<String> {
    let verbose = flags.verbose;
    let mut more = headline::fixable(report.findings()).into_iter().collect::<Vec<_>>();
    let summary = &report.summary;
    let by_hand = report.findings().filter(|f| f.fix.is_none() && !f.is_mention()).count();
    if flags.mode() == Mode::Fix && by_hand > 0 {
        more.push(format!("{by_hand} to fix by hand"));
    }
    let amounts = [
        (summary.ignored, "ignored"),
        (summary.in_baseline, "in the baseline"),
        (summary.gone_from_baseline, "in the baseline but no longer found (--write-baseline)"),
    ];
    let amounts = amounts.into_iter().filter(|(count, _)| *count > 0);
    more.extend(amounts.map(|(count, what)| format!("{count} {what}")));
    let hidden = [
        (summary.hidden_warnings, "warning", "--min-severity warning"),
        (summary.hidden_notes, "note", "--show-notes"),
        (summary.hidden_mentions, "mention", "--show-mentions"),
    ];
    let hidden = hidden.into_iter().filter_map(|(count, what, flag)| {
        headline::amount(count, what).map(|amount| format!("{amount} ({flag})"))
    });
    more.extend(hidden);
    let unknown = headline::unknown_versions(&summary.recognized);
    more.extend(unknown.map(|versions| if verbose { versions } else { versions + " (-v)" }));
    // Files given by name are errors.
    let (named, found): (Vec<_>, Vec<_>) = report.skipped.iter().partition(|file| file.named);
    if !found.is_empty() {
        let is_all_told = found.iter().all(|skipped| is_reported(skipped, verbose));
        let hint = if is_all_told { "" } else { " (-v)" };
        more.push(format!("{} skipped{hint}", found.len()));
    }
    if summary.excluded > 0 {
        let hint = if verbose { "" } else { " (-v)" };
        more.push(format!("{} excluded{hint}", summary.excluded));
    }
    // `-v` has already named it.
    let takes_away = !verbose && (summary.narrowed || summary.excluded + summary.ignored > 0);
    let took_away = report.configuration.as_deref().filter(|_| takes_away);
    more.extend(took_away.map(|file| format!("configured by {}", visible(file))));
    let found = match summary.files {
        0 if !named.is_empty() => None,
        0 if summary.excluded == 0 => Some("warning: no files were checked".to_owned()),
        _ => Some(capitalized(&headline::found(report))),
    };
    // A line about a single file has said the same.
    let fixed = headline::fixed(report).filter(|_| summary.files_fixed > 1);
    let fixed = fixed.map(|line| capitalized(&line));
    fixed.into_iter().chain(found).chain(joined(more, width)).collect()
}

/// Joins the items, as many as fit into each line of `width` columns.
fn joined(items: Vec<String>, width: usize) -> Vec<String> {
    const SEPARATOR: &str = " · ";
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        let length = item.len() + SEPARATOR.chars().count();
        match lines.last_mut().filter(|line| line.chars().count() + length <= width) {
            Some(line) => *line += &(SEPARATOR.to_owned() + &item),
            None => lines.push(item),
        }
    }
    lines
}

/// Whether to report why a file was skipped.
pub(super) fn is_reported(skipped: &Skipped, verbose: bool) -> bool {
    skipped.named || skipped.notable || verbose
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_fills_lines() {
        let items = |lengths: &[usize]| lengths.iter().map(|length| "x".repeat(*length)).collect();
        let lengths = |lines: Vec<String>| -> Vec<usize> {
            lines.iter().map(|line| line.chars().count()).collect()
        };
        assert_eq!(lengths(joined(items(&[]), 80)), [0; 0]);
        assert_eq!(lengths(joined(items(&[40, 37]), 80)), [80]);
        assert_eq!(lengths(joined(items(&[40, 38, 90, 1]), 80)), [40, 38, 90, 1]);
    }
}
