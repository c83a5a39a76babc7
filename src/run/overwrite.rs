//! Checks the files that a run writes: they must not replace a file that is worth keeping.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

use crate::api_group::own_report::is_own_report;
use crate::baseline::Baseline;
use crate::config::Settings;
use crate::discover::globs::Folder;
use crate::discover::read::{MAX_BYTES, regular};
use crate::fix::write;
use crate::lint::{Options, lint};
use crate::model::{Evidence, Recognized};
use crate::role::Role;
use crate::text::escape::visible;
use crate::text::source::Source;

use super::{Failure, interrupt};

/// Checks that the files to write replace nothing else.
///
/// # Errors
/// Names the file.
pub(super) fn check(settings: &Settings, paths: &[PathBuf]) -> Result<(), Failure> {
    let flags = &settings.flags;
    let reports = flags.formats.iter().filter_map(|sink| sink.file.as_deref());
    let files: Vec<&Path> = reports.chain(flags.write_baseline.as_deref()).collect();
    if files.is_empty() {
        return Ok(());
    }
    let read = [&flags.baseline, &flags.files_from].into_iter().flatten();
    let configured = settings.file.as_ref().map(PathBuf::from);
    let inputs: HashSet<PathBuf> = paths
        .iter()
        .chain(read)
        .chain(&configured)
        .filter(|path| path.is_file())
        .filter_map(|path| same(path))
        .collect();
    let mut seen: Vec<PathBuf> = Vec::new();
    for file in files {
        let shown = visible(&file.to_string_lossy());
        let fault = |what: &str| Err(Failure::Usage(format!("{shown} {what}")));
        if leads_outside(file) {
            return fault(
                "is behind a symbolic link that leads out of the current directory: give its real path",
            );
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        if folder.is_some_and(|folder| !folder.is_dir()) {
            return fault("is in a directory that does not exist: create it first");
        }
        let Some(place) = same(file) else { continue };
        if inputs.contains(&place) {
            return fault("would overwrite a file that this run reads: write to another file");
        }
        if seen.contains(&place) {
            return fault("would be written twice: write each report to its own file");
        }
        if let Some(what) = configuration(&place) {
            return fault(&format!("{what}, and would be overwritten: write to another file"));
        }
        seen.push(place);
    }
    let Some(file) = &flags.write_baseline else { return Ok(()) };
    let fault = match file.metadata() {
        Ok(metadata) if !metadata.is_file() => "is not a regular file",
        Ok(metadata) if metadata.len() > 0 && Baseline::read(file, Folder::default()).is_err() => {
            "exists but is not a baseline: remove it first, or write to another file"
        }
        _ => return Ok(()),
    };
    Err(Failure::Usage(format!("{} {fault}", visible(&file.to_string_lossy()))))
}

/// Whether a folder on the way to the file is a link in the current directory that leads out of it.
/// The checked repository may contain such a link.
fn leads_outside(file: &Path) -> bool {
    let current = std::env::current_dir().and_then(|current| current.canonicalize());
    let (Ok(current), Some(folder)) = (current, file.parent()) else { return false };
    let mut place = current.clone();
    for component in folder.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => drop(place.pop()),
            Component::Prefix(_) | Component::RootDir => place.push(component),
            Component::Normal(name) => {
                let Ok(next) = place.join(name).canonicalize() else { return false };
                if place.starts_with(&current) && !next.starts_with(&current) {
                    return true;
                }
                place = next;
            }
        }
    }
    false
}

/// Writes a file; see [`write::put`]. A link with its name, which the checked repository may
/// contain, is replaced rather than followed, unless it is one of the system's, such as
/// `/dev/stdout`.
///
/// # Errors
///
/// Returns the errors of the file system and of `content`.
pub(super) fn write(
    file: &Path,
    content: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let folder = file.parent().and_then(|folder| folder.canonicalize().ok());
    let is_of_system =
        folder.is_some_and(|folder| folder == Path::new("/dev") || folder.starts_with("/proc"));
    let is_special = file.metadata().is_ok_and(|metadata| !metadata.is_file());
    if is_of_system && file.is_symlink() {
        let mut out = BufWriter::new(File::create(file)?);
        content(&mut out)?;
        out.flush()
    } else if is_special {
        // Nobody may read a FIFO, so the run must remain interruptible.
        write::put(file, content)
    } else {
        interrupt::hold(|| write::put(file, content))
    }
}

/// Returns the canonical path of an existing file, or of a new file in an existing folder.
fn same(file: &Path) -> Option<PathBuf> {
    if let Ok(place) = file.canonicalize() {
        // A device accepts all that is written to it.
        return place.is_file().then_some(place);
    }
    let name = file.file_name()?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    Some(folder.unwrap_or(Path::new(".")).canonicalize().ok()?.join(name))
}

/// Returns what a file is if it is worth keeping: a kubeconfig, or a file with an exec config that is
/// in use.
fn configuration(file: &Path) -> Option<&'static str> {
    let bytes = regular(file, MAX_BYTES as u64).ok().filter(|bytes| !is_own_report(bytes))?;
    let linted = lint(&Source::new(file, bytes), &Options::default());
    let findings = linted.findings.iter().map(|finding| (finding.evidence, finding.role));
    let accepted = linted.accepted.iter().map(|accepted| (accepted.evidence, accepted.role));
    let is_live = |(evidence, role): (Evidence, Role)| evidence.is_whole() && role == Role::Live;
    let Recognized { kubeconfigs, exec_users, .. } = linted.recognized;
    if kubeconfigs > 0 && exec_users == 0 {
        return Some("is a kubeconfig");
    }
    (kubeconfigs > 0 || findings.chain(accepted).any(is_live)).then_some("has an exec config")
}
