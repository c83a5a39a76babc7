//! The files that a run writes: none of them may be one that is worth keeping.

use std::path::{Path, PathBuf};

use super::Failure;
use crate::baseline::Baseline;
use crate::cli::Cli;
use crate::discover::read::{Loaded, Reader};
use crate::lint::{Options, lint};
use crate::report::escape::visible;

/// Makes sure that what is to be written takes the place of nothing else.
///
/// # Errors
/// Names the file.
pub(super) fn check(cli: &Cli) -> Result<(), Failure> {
    let reports = cli.formats.iter().filter_map(|sink| sink.file.as_deref());
    let files: Vec<&Path> = reports.chain(cli.write_baseline.as_deref()).collect();
    let inputs: Vec<PathBuf> =
        cli.paths.iter().filter(|path| path.is_file()).filter_map(|path| same(path)).collect();
    let mut seen: Vec<PathBuf> = Vec::new();
    for file in files {
        let shown = visible(&file.to_string_lossy());
        let fault = |what: &str| Err(Failure::Usage(format!("{shown} {what}")));
        let Some(place) = same(file) else { continue };
        if inputs.contains(&place) {
            return fault("is to be checked, and would be overwritten: write to another file");
        }
        if seen.contains(&place) {
            return fault("is to be written twice: write each report to a file of its own");
        }
        if is_kubeconfig(&place) {
            return fault("is a kubeconfig, and would be overwritten: write to another file");
        }
        seen.push(place);
    }
    if let Some(file) = cli.write_baseline.as_ref().filter(|file| file.exists() && !file.is_file())
    {
        let shown = visible(&file.to_string_lossy());
        return Err(Failure::Usage(format!("{shown} is no regular file")));
    }
    if let Some(file) = &cli.write_baseline
        && file.is_file()
        && file.metadata().is_ok_and(|metadata| metadata.len() > 0)
        && Baseline::read(file).is_err()
    {
        let shown = visible(&file.to_string_lossy());
        return Err(Failure::Usage(format!(
            "{shown} is there already and is no baseline: remove it first, or write to another file"
        )));
    }
    Ok(())
}

/// The one name of a file that is there, or of one in a folder that is there.
fn same(file: &Path) -> Option<PathBuf> {
    if let Ok(place) = file.canonicalize() {
        // A device takes all that is written to it.
        return place.is_file().then_some(place);
    }
    let name = file.file_name()?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    Some(folder.unwrap_or(Path::new(".")).canonicalize().ok()?.join(name))
}

/// Whether the file holds users of its own, as kubectl reads them.
fn is_kubeconfig(file: &Path) -> bool {
    let Ok(Loaded::Source(source)) = Reader::default().file(file) else { return false };
    let linted = lint(&source, &Options::default());
    let carriers = linted.findings.iter().map(|finding| (finding.carrier, finding.evidence));
    let accepted = linted.accepted.iter().map(|accepted| (accepted.carrier, accepted.evidence));
    carriers
        .chain(accepted)
        .any(|(carrier, evidence)| carrier == "kubeconfig" && evidence.is_whole())
}
