//! Finds the configuration file: the nearest one from the current directory upwards.
//!
//! The search ends at the root of the repository, so that neither a home directory nor `/tmp` above
//! a checkout configures it. Outside of a repository it ends at the root of the file system, as in
//! ruff and typos. Folders in which everyone may create files do not count.

use std::path::{Path, PathBuf};

use crate::discover::{absolute, is_repository, shown_path};

/// The names of the configuration file.
pub(crate) const NAMES: [&str; 2] = [".kubeconfig-lint.yaml", ".kubeconfig-lint.yml"];

/// Returns the configuration file for the `paths` of the command line. One above `current` is
/// `current/../NAME`, which is shown as `../NAME`.
///
/// If all the paths are outside of `current`, their own configuration comes first.
///
/// # Errors
/// Says that a folder has two such files.
pub(super) fn find(paths: &[PathBuf], current: &Path) -> Result<Option<PathBuf>, String> {
    let outside = common_folder_outside(paths, current);
    let mut files = folders(outside.as_deref(), current).map(|folder| file_in(folder, current));
    files.find_map(Result::transpose).transpose()
}

/// Returns the first file in the searched folders that lacks only the dot of its name.
pub(super) fn misnamed(paths: &[PathBuf], current: &Path) -> Option<String> {
    let outside = common_folder_outside(paths, current);
    let names = NAMES.map(|name| name.trim_start_matches('.'));
    let files = folders(outside.as_deref(), current)
        .flat_map(|folder| names.map(|name| as_seen_from(current, folder).join(name)));
    let found = files.into_iter().find(|file| file.is_file());
    found.map(|file| shown_path(&file, current))
}

/// Yields the folders that are searched.
fn folders<'a>(outside: Option<&'a Path>, current: &'a Path) -> impl Iterator<Item = &'a Path> {
    let starts = outside.into_iter().chain([current]);
    starts.flat_map(|start| searched_folders(start, current))
}

/// Returns the folder that all the paths have in common, if none of them is in `current`.
fn common_folder_outside(paths: &[PathBuf], current: &Path) -> Option<PathBuf> {
    let mut folders = Vec::new();
    for path in paths {
        let path = absolute(path, current);
        let folder = if path.is_dir() { path.as_path() } else { path.parent()? };
        if folder.starts_with(current) {
            return None;
        }
        folders.push(folder.to_path_buf());
    }
    let common = |a: PathBuf, b: PathBuf| {
        a.ancestors().find(|above| b.starts_with(above)).unwrap_or(Path::new("")).to_path_buf()
    };
    folders.into_iter().reduce(common)
}

/// Yields `start` and the folders above it, up to the root of the repository.
fn searched_folders<'a>(start: &'a Path, current: &'a Path) -> impl Iterator<Item = &'a Path> {
    let mut is_root_passed = false;
    start.ancestors().take_while(move |folder| {
        let is_searched = !is_root_passed && (*folder == current || !is_writable_by_all(folder));
        is_root_passed = is_repository(folder);
        is_searched
    })
}

/// Whether everyone may create files in a folder, as in `/tmp`. The sticky bit tells it from the
/// folders of file systems without permissions.
#[cfg(unix)]
fn is_writable_by_all(folder: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    const STICKY_AND_WRITABLE_BY_OTHERS: u32 = 0o1002;
    folder.metadata().is_ok_and(|metadata| {
        let mode = metadata.permissions().mode();
        mode & STICKY_AND_WRITABLE_BY_OTHERS == STICKY_AND_WRITABLE_BY_OTHERS
    })
}

#[cfg(not(unix))]
fn is_writable_by_all(_: &Path) -> bool {
    false
}

/// Returns the path of a folder; `current/..` for the one above.
fn as_seen_from(current: &Path, folder: &Path) -> PathBuf {
    match current.strip_prefix(folder) {
        Ok(below) => below.components().fold(current.to_path_buf(), |path, _| path.join("..")),
        Err(_) => folder.to_path_buf(),
    }
}

/// Returns the configuration file in a folder.
fn file_in(folder: &Path, current: &Path) -> Result<Option<PathBuf>, String> {
    let folder = as_seen_from(current, folder);
    let paths = NAMES.map(|name| folder.join(name));
    // A dangling link counts as a file: somebody relies on it.
    let mut files = paths.into_iter().filter(|path| path.symlink_metadata().is_ok());
    match (files.next(), files.next()) {
        (Some(first), Some(second)) => {
            let [first, second] = [first, second].map(|path| shown_path(&path, current));
            Err(format!("both {first} and {second} exist: remove one of them"))
        }
        (first, _) => Ok(first),
    }
}
