//! Finds the files to check: those given by name, and those in the given folders that are worth a
//! look.
//!
//! Paths come in; the texts of files, or why a file is not read, go out. [`walk`] finds the files,
//! [`read`] reads their bytes, and the [prefilter](crate::api_group::prefilter) decides in one pass
//! over the bytes whether a file is worth a look. FIFOs, sockets and devices are never opened.

pub(crate) mod exclude;
pub(crate) mod folder;
pub(crate) mod globs;
mod ignore_files;
#[cfg(target_os = "linux")]
mod listing;
mod mounts;
mod named;
pub(crate) mod read;
mod share;
mod tree;
pub(crate) mod walk;

use std::path::{Component, Path, PathBuf};

/// Returns a path as it is shown: relative to `current` if it is below it, with `/`, without `./`.
pub(crate) fn shown_path(path: &Path, current: &Path) -> String {
    let relative = path.strip_prefix(current).unwrap_or(path);
    let plain: PathBuf = relative.components().filter(|c| *c != Component::CurDir).collect();
    let plain = if plain.as_os_str().is_empty() { Path::new(".") } else { plain.as_path() };
    // Spell out bytes that are not text, so that two names never look the same.
    let mut shown = String::new();
    for chunk in plain.as_os_str().as_encoded_bytes().utf8_chunks() {
        shown.push_str(chunk.valid());
        shown.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    if std::path::MAIN_SEPARATOR == '/' { shown } else { shown.replace('\\', "/") }
}

/// Returns the root of the repository that contains the folder, which may be the folder itself.
pub(crate) fn repository(folder: &Path) -> Option<&Path> {
    folder.ancestors().find(|folder| is_repository(folder))
}

/// Returns whether a folder is the root of a repository.
pub(crate) fn is_repository(folder: &Path) -> bool {
    // A worktree and a submodule have a file of this name.
    folder.join(".git").symlink_metadata().is_ok()
}

/// Returns an absolute path, with `.` and `..` resolved by name alone.
pub(crate) fn absolute(path: &Path, current: &Path) -> PathBuf {
    let mut absolute = PathBuf::new();
    for component in current.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            component => absolute.push(component),
        }
    }
    absolute
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_removes_dots() {
        let current = Path::new("/here/there");
        for path in ["/here/a", "../a", "./.././a", "../../../here/a"] {
            assert_eq!(absolute(Path::new(path), current), Path::new("/here/a"));
        }
    }

    #[test]
    fn shown_path_is_unique_per_file() {
        let current = Path::new("/here");
        for path in ["a/b", "./a/b", "/here/a/b", "a/./b"] {
            assert_eq!(shown_path(Path::new(path), current), "a/b");
        }
        assert_eq!(shown_path(Path::new("../x"), current), "../x");
        assert_eq!(shown_path(Path::new("/else/x"), current), "/else/x");
        assert_eq!(shown_path(Path::new("."), current), ".");
    }
}
