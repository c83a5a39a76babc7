//! The paths given by name: what each is, and which name stands for a file that has several.
//!
//! Asking the kernel about every name takes a fifth of the time of reading the files. Of the folders
//! of many names, the listing says at once which are regular files.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::folder;
#[cfg(target_os = "linux")]
use super::listing;
use super::share::share;

/// What a path is.
#[derive(Debug)]
pub(super) enum Status {
    /// A folder.
    Folder,
    /// A regular file.
    File {
        /// Its inode, where the system has them.
        inode: Option<u64>,
        /// Whether a read that returns less than it was asked for has reached its end.
        ends_short: bool,
    },
    /// Something that is never opened; the name of its kind.
    Special(&'static str),
    /// Nothing that can be read; why.
    Unreadable(io::Error),
}

impl Status {
    fn of(path: &Path) -> Self {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => Self::Folder,
            Ok(metadata) if metadata.is_file() => {
                Self::File { inode: inode(&metadata), ends_short: false }
            }
            Ok(metadata) => Self::Special(folder::special(metadata.file_type())),
            Err(error) => Self::Unreadable(error),
        }
    }
}

/// Returns the paths and what each of them is.
pub(super) fn statuses(
    paths: &[PathBuf],
    threads: usize,
) -> impl Iterator<Item = (&PathBuf, Status)> {
    let mut known: Vec<OnceLock<Status>> = Vec::new();
    known.resize_with(paths.len(), OnceLock::new);
    #[cfg(target_os = "linux")]
    listing::find_files(paths, threads, |number, inode| {
        if let Some(known) = known.get(number) {
            known.get_or_init(|| Status::File { inode: Some(inode), ends_short: true });
        }
    });
    share(paths.len(), threads, || {
        |number| {
            if let (Some(path), Some(known)) = (paths.get(number), known.get(number)) {
                known.get_or_init(|| Status::of(path));
            }
        }
    });
    let known = known.into_iter().map(OnceLock::into_inner);
    paths.iter().zip(known).map(|(path, known)| (path, known.unwrap_or_else(|| Status::of(path))))
}

/// The files given by name, each once however many names it has.
#[derive(Debug, Default)]
pub(super) struct NamedFiles<'a> {
    /// The first name of each file, in the order given, and whether a short read ends it.
    pub(super) distinct: Vec<(&'a Path, bool)>,
    /// The number of the first name of each inode. If files on several disks share the number of an
    /// inode, their canonical paths tell them apart.
    by_inode: HashMap<u64, usize>,
    /// The canonical paths of the names that share an inode, which may be hard links: two files.
    canonical: HashSet<PathBuf>,
}

impl<'a> NamedFiles<'a> {
    /// Creates an empty collection with room for `count` names.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self { by_inode: HashMap::with_capacity(count), ..Self::default() }
    }

    /// Adds a file, unless it is there under another name.
    pub(super) fn add(&mut self, path: &'a Path, inode: Option<u64>, ends_short: bool) {
        if let Some(inode) = inode {
            match self.by_inode.entry(inode) {
                Entry::Vacant(entry) => {
                    entry.insert(self.distinct.len());
                    self.distinct.push((path, ends_short));
                    return;
                }
                Entry::Occupied(first) => {
                    let first = self.distinct.get(*first.get());
                    self.canonical.extend(first.map(|(first, _)| real(first)));
                }
            }
        }
        if self.canonical.insert(real(path)) {
            self.distinct.push((path, ends_short));
        }
    }
}

/// Returns the inode of a file, where the system has them.
#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    Some(metadata.ino())
}

/// Returns the inode of a file, where the system has them.
#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> Option<u64> {
    None
}

/// Returns the canonical path, or the path itself if that fails.
pub(super) fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn statuses_are_the_same_with_and_without_listings() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["a", "b", "c", "d", "e", "f", "g", "unnamed"] {
            fs::write(at(name), name).unwrap();
        }
        fs::create_dir(at("folder")).unwrap();
        symlink("a", at("link")).unwrap();
        symlink("folder", at("link to folder")).unwrap();
        symlink("nothing", at("broken")).unwrap();
        fs::hard_link(at("b"), at("hard")).unwrap();
        drop(std::os::unix::net::UnixListener::bind(at("socket")).unwrap());
        let names = "a b c d e f g hard link broken socket folder missing a/ folder/ . .. /a b a";
        let mut paths: Vec<PathBuf> = names.split(' ').map(at).collect();
        paths.extend(["link to folder", "./a", ".//b", "folder/../c"].map(at));
        let said = |status: &Status| {
            let said = format!("{status:?}");
            said.split(", ends_short").next().unwrap().to_owned()
        };
        for threads in [1, 3] {
            let found: Vec<_> =
                statuses(&paths, threads).map(|(_, status)| said(&status)).collect();
            let alone: Vec<_> = paths.iter().map(|path| said(&Status::of(path))).collect();
            assert_eq!(found, alone);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn listings_find_most_files_of_large_folders() {
        let folder = tempfile::tempdir().unwrap();
        let paths: Vec<_> = (0..100).map(|i| folder.path().join(format!("{i}"))).collect();
        paths.iter().for_each(|path| fs::write(path, "").unwrap());
        let listed = |paths: &[PathBuf]| {
            let is_listed =
                |status: &Status| matches!(status, Status::File { ends_short: true, .. });
            statuses(paths, 2).map(|(_, status)| status).filter(is_listed).count()
        };
        let is_of_disk = super::super::mounts::is_of_disk(&fs::File::open(folder.path()).unwrap());
        assert_eq!(listed(&paths), if is_of_disk { 100 } else { 0 });
        assert_eq!(listed(&paths[..3]), 0);
    }
}
