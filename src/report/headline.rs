//! Counts in words: the summary of a run, and the head of reports.

use crate::finding::Finding;
use crate::finding::fix::Applicability;
use crate::model::Recognized;

use super::Report;

/// Returns, for example, `found 2 errors in 1 of 340 files (1 kubeconfig, 2 exec configs)`, or after
/// a fix `2 errors left in …`.
pub(crate) fn found(report: &Report) -> String {
    let summary = &report.summary;
    let found = [
        amount(summary.errors, "error"),
        amount(summary.warnings, "warning"),
        amount(summary.notes, "note"),
    ];
    let found: Vec<_> = found.into_iter().flatten().collect();
    let files = amount(summary.files, "file").unwrap_or_default();
    let recognized = recognized(&summary.recognized);
    let seen = recognized.as_ref().map(|all| format!(" ({all})")).unwrap_or_default();
    if summary.files == 0 {
        "no files were checked".to_owned()
    } else if found.is_empty() {
        match recognized {
            Some(_) if summary.fixed > 0 => format!("nothing left to report in {files}{seen}"),
            Some(_) => format!("nothing to report in {files}{seen}"),
            None => format!("no kubeconfig or ExecCredential in {files}"),
        }
    } else {
        let part = match summary.files_with_findings {
            with if with == 0 || with == summary.files => String::new(),
            with => format!("{with} of "),
        };
        let found = match summary.fixed {
            0 => format!("found {}", found.join(", ")),
            _ => format!("{} left", found.join(", ")),
        };
        format!("{found} in {part}{files}{seen}")
    }
}

/// Returns, for example, `1 kubeconfig, 2 exec configs`; `None` if nothing was recognized.
fn recognized(recognized: &Recognized) -> Option<String> {
    let amounts = [
        amount(recognized.kubeconfigs, "kubeconfig"),
        amount(recognized.exec_users + recognized.other_exec_configs, "exec config"),
        amount(recognized.exec_credentials, "ExecCredential"),
        amount(recognized.kubercs, "kuberc"),
    ];
    let amounts: Vec<_> = amounts.into_iter().flatten().collect();
    (!amounts.is_empty()).then(|| amounts.join(", "))
}

/// Returns, for example, `1 version is set elsewhere`; `None` if all versions are known.
pub(crate) fn unknown_versions(recognized: &Recognized) -> Option<String> {
    let versions = amount(recognized.unknown_versions, "version")?;
    let are = if recognized.unknown_versions == 1 { "is" } else { "are" };
    Some(format!("{versions} {are} set elsewhere"))
}

/// Returns, for example, `fixed 2 findings in 1 file`; `None` if nothing was fixed.
pub(crate) fn fixed(report: &Report) -> Option<String> {
    let files = amount(report.summary.files_fixed, "file").unwrap_or_default();
    let fixed = amount(report.summary.fixed, "finding");
    fixed.map(|fixed| format!("fixed {fixed} in {files}"))
}

/// Returns, for example, `2 fixable with --fix, 1 more with --unsafe-fixes`; `None` if no finding
/// has a fix.
pub(crate) fn fixable<'a>(findings: impl Iterator<Item = &'a Finding> + Clone) -> Option<String> {
    let count = |applicability| {
        let fixes = findings.clone().filter_map(|finding| finding.fix.as_ref());
        fixes.filter(|fix| fix.applicability == applicability).count()
    };
    match (count(Applicability::Safe), count(Applicability::Unsafe)) {
        (0, 0) => None,
        (safe, 0) => Some(format!("{safe} fixable with --fix")),
        (0, other) => Some(format!("{other} fixable with --fix --unsafe-fixes")),
        (safe, other) => {
            Some(format!("{safe} fixable with --fix, {other} more with --unsafe-fixes"))
        }
    }
}

/// Returns, for example, `1 file` or `2 files`; `None` for zero.
pub(crate) fn amount(count: usize, what: &str) -> Option<String> {
    match count {
        0 => None,
        1 => Some(format!("1 {what}")),
        _ => Some(format!("{count} {what}s")),
    }
}
