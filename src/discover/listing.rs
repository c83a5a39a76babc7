//! Finds regular files by listing the folders of many names, which costs a tenth of asking about
//! each of them.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::folder::OpenFolder;
use super::mounts;
use super::share::share;

/// How many names in a folder pay for listing it.
const MIN_NAMES: usize = 5;

/// How many entries of a folder pay for one name in it.
const MAX_ENTRIES_PER_NAME: usize = 4;

/// Calls `found` with the numbers and inodes of paths that are regular files, if many of the paths
/// are in their folder. The others, such as links, may be anything.
pub(super) fn find_files(paths: &[PathBuf], threads: usize, found: impl Fn(usize, u64) + Sync) {
    let folders = folders(paths);
    if folders.is_empty() {
        return;
    }
    // What is mounted on a file is not what its folder lists.
    let Some(mounted) = mounts::names_on_files() else { return };
    share(folders.len(), threads, || {
        |number| {
            let Some((folder, numbers)) = folders.get(number) else { return };
            let folder = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
            let Ok(folder) = OpenFolder::open(folder.to_path_buf(), true) else { return };
            let names =
                numbers.iter().filter_map(|number| Some((name(paths.get(*number)?), *number)));
            let names: HashMap<&OsStr, usize> = names.collect();
            folder.regular_files(MAX_ENTRIES_PER_NAME * names.len(), |name, inode| {
                if let Some(number) = names.get(name).filter(|_| !mounted.contains(name)) {
                    found(*number, inode);
                }
            });
        }
    });
}

/// Returns the folders of at least [`MIN_NAMES`] paths, with the numbers of these paths.
fn folders(paths: &[PathBuf]) -> Vec<(&OsStr, Vec<usize>)> {
    let mut folders: Vec<(&OsStr, Vec<usize>)> = Vec::new();
    let mut numbers: HashMap<&OsStr, usize> = HashMap::new();
    let mut last = 0;
    for (number, path) in paths.iter().enumerate() {
        let folder = parts(path).0;
        // Most paths follow one in the same folder.
        if folders.get(last).is_none_or(|(last, _)| *last != folder) {
            last = *numbers.entry(folder).or_insert(folders.len());
            if last == folders.len() {
                folders.push((folder, Vec::new()));
            }
        }
        if let Some((_, numbers)) = folders.get_mut(last) {
            numbers.push(number);
        }
    }
    folders.retain(|(_, numbers)| numbers.len() >= MIN_NAMES);
    folders
}

/// Returns the folder of a path, with the slash, and the name in it.
fn parts(path: &Path) -> (&OsStr, &OsStr) {
    let bytes = path.as_os_str().as_bytes();
    let at = memchr::memrchr(b'/', bytes).map_or(0, |slash| slash + 1);
    let (folder, name) = bytes.split_at(at);
    (OsStr::from_bytes(folder), OsStr::from_bytes(name))
}

fn name(path: &Path) -> &OsStr {
    parts(path).1
}
