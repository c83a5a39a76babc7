//! Finding files: those given by name first, then what the directories hold, in parallel.
//!
//! Symbolic links to directories are not followed, as git does not; a link to a file is read
//! unless the file itself is, and once however many links there are.

use std::collections::HashSet;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{WalkBuilder, WalkState};

use super::exclude::Exclude;

/// What to search, and how.
#[derive(Debug)]
pub struct Search<'a> {
    /// Files and directories, as given.
    pub paths: &'a [PathBuf],
    /// What to leave out.
    pub exclude: &'a Exclude,
    /// Whether that holds for files given by name too.
    pub force_exclude: bool,
    /// Whether to search what .gitignore leaves out.
    pub no_ignore: bool,
    /// How many threads; 0 is one a core.
    pub threads: usize,
}

/// A file, or a reason why there is none.
#[derive(Debug)]
pub enum Found<'a> {
    /// A regular file.
    File {
        /// Its path, as given or found.
        path: &'a Path,
        /// Whether it was given by name.
        named: bool,
    },
    /// A path that cannot be read.
    Unreadable {
        /// The path.
        path: &'a Path,
        /// Why, without a full stop.
        reason: String,
        /// Whether it was given by name.
        named: bool,
        /// Whether that is worth a warning.
        notable: bool,
    },
}

/// Calls the visitor that `visitor` makes for each thread with everything that is found.
pub fn search<'s, V>(search: &Search<'_>, visitor: impl Fn() -> V + Sync)
where
    V: FnMut(Found<'_>) + Send + 's,
{
    let mut named = visitor();
    let mut directories = Vec::new();
    let mut seen = HashSet::new();
    for path in search.paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => directories.push(path),
            _ if search.force_exclude && search.exclude.covers(path) => {}
            Ok(metadata) if metadata.is_file() => {
                if seen.insert(fs::canonicalize(path).unwrap_or_else(|_| path.clone())) {
                    named(Found::File { path, named: true });
                }
            }
            Ok(metadata) => {
                let kind = special(metadata.file_type());
                let reason =
                    format!("{kind}, which is not opened; give it on standard input (`-`)");
                named(Found::Unreadable { path, reason, named: true, notable: true });
            }
            Err(error) => {
                let reason = plain_reason(&error);
                named(Found::Unreadable { path, reason, named: true, notable: true });
            }
        }
    }
    drop(named);
    if !directories.is_empty() {
        walk(search, &directories, seen, &visitor);
    }
}

/// Searches the directories; `seen` holds the files that were named.
fn walk<'s, V>(
    search: &Search<'_>,
    directories: &[&PathBuf],
    mut seen: HashSet<PathBuf>,
    visitor: &(impl Fn() -> V + Sync),
) where
    V: FnMut(Found<'_>) + Send + 's,
{
    let mut roots: HashSet<PathBuf> = HashSet::new();
    let mut directories = directories
        .iter()
        .filter(|path| roots.insert(fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())));
    let Some(first) = directories.next() else {
        return;
    };
    let mut builder = walker(first, search);
    for directory in directories {
        builder.add(directory);
    }
    let exclude = search.exclude.clone();
    builder.threads(search.threads).filter_entry(move |entry| {
        let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
        let is_git = is_dir && entry.file_name() == ".git";
        entry.depth() == 0 || !(is_git || exclude.is_excluded(entry.path(), is_dir))
    });
    let links: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    // Which files were read matters only to links and to files that were named as well.
    let overlap = directories_overlap(&roots) || !seen.is_empty();
    let read: Mutex<HashSet<PathBuf>> = Mutex::new(std::mem::take(&mut seen));
    builder.build_parallel().run(|| {
        let mut visit = visitor();
        let (links, read) = (&links, &read);
        Box::new(move |entry| {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    report_walk_error(&error, &mut visit);
                    return WalkState::Continue;
                }
            };
            let path = entry.path();
            match entry.file_type() {
                Some(kind) if kind.is_file() => {
                    let is_new = !overlap || {
                        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
                        lock(read).insert(real)
                    };
                    if is_new {
                        visit(Found::File { path, named: false });
                    }
                }
                Some(kind) if kind.is_symlink() => lock(links).push(path.to_path_buf()),
                Some(kind) if !kind.is_dir() => {
                    let reason = special(kind).to_owned();
                    visit(Found::Unreadable { path, reason, named: false, notable: false });
                }
                _ => {}
            }
            WalkState::Continue
        })
    });
    let links = links.into_inner().unwrap_or_else(PoisonError::into_inner);
    let read = read.into_inner().unwrap_or_else(PoisonError::into_inner);
    follow_links(search, links, read, &roots, &mut visitor());
}

/// A walker with our rules: hidden files in, ignore files obeyed within a repository or not, but
/// never those outside of it, so that every machine finds the same.
fn walker(root: &Path, search: &Search<'_>) -> WalkBuilder {
    let mut builder = WalkBuilder::new(root);
    builder
        .hidden(false)
        .git_global(false)
        .require_git(false)
        .git_ignore(!search.no_ignore)
        .git_exclude(!search.no_ignore)
        .ignore(!search.no_ignore)
        .parents(!search.no_ignore);
    builder
}

/// Whether one of the roots lies in another.
fn directories_overlap(roots: &HashSet<PathBuf>) -> bool {
    roots.iter().any(|root| root.ancestors().skip(1).any(|above| roots.contains(above)))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A thread that panicked left a whole collection behind: nothing is inserted by halves.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads the files behind links, but for those that the walk has read already.
fn follow_links<V: FnMut(Found<'_>)>(
    search: &Search<'_>,
    mut links: Vec<PathBuf>,
    mut read: HashSet<PathBuf>,
    roots: &HashSet<PathBuf>,
    visit: &mut V,
) {
    // The first in order stands for all links to one file, whatever thread found it.
    links.sort();
    for link in links {
        let path = link.as_path();
        let real = match fs::canonicalize(path) {
            Ok(real) => real,
            Err(error) => {
                let reason =
                    format!("a symbolic link that leads nowhere: {}", plain_reason(&error));
                visit(Found::Unreadable { path, reason, named: false, notable: false });
                continue;
            }
        };
        let Ok(metadata) = fs::metadata(&real) else {
            continue;
        };
        if !metadata.is_file() {
            if !metadata.is_dir() {
                let reason = special(metadata.file_type()).to_owned();
                visit(Found::Unreadable { path, reason, named: false, notable: false });
            }
            continue;
        }
        if !is_walked(search, &real, roots) && read.insert(real.clone()) {
            visit(Found::File { path, named: false });
        }
    }
}

/// Whether the walk comes to this file by itself: asked of the walker, for one path.
fn is_walked(search: &Search<'_>, real: &Path, roots: &HashSet<PathBuf>) -> bool {
    let Some(root) = real.ancestors().skip(1).find(|folder| roots.contains(*folder)) else {
        return false;
    };
    let Ok(below) = real.strip_prefix(root) else {
        return false;
    };
    if below.components().any(|part| part.as_os_str() == ".git") {
        return false;
    }
    let target = real.to_path_buf();
    let exclude = search.exclude.clone();
    let mut walk = walker(root, search)
        .filter_entry(move |entry| {
            let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
            target.starts_with(entry.path())
                && (entry.depth() == 0 || !exclude.is_excluded(entry.path(), is_dir))
        })
        .build();
    walk.any(|entry| entry.is_ok_and(|entry| entry.path() == real))
}

fn report_walk_error<V: FnMut(Found<'_>)>(error: &ignore::Error, visit: &mut V) {
    let (path, reason) = match error {
        ignore::Error::WithPath { path, err } => {
            let reason = err.io_error().map_or_else(|| err.to_string(), plain_reason);
            (path.as_path(), reason)
        }
        other => (Path::new("."), other.to_string()),
    };
    visit(Found::Unreadable { path, reason, named: false, notable: true });
}

/// What the system says, without the number of its error.
pub fn plain_reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let plain = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = plain.chars();
    let first = chars.next().map(|c| c.to_lowercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}", chars.as_str())
}

/// What kind of special file it is.
#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a FIFO"
    } else if kind.is_socket() {
        "a socket"
    } else if kind.is_char_device() || kind.is_block_device() {
        "a device"
    } else {
        "not a regular file"
    }
}

/// What kind of special file it is.
#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "not a regular file"
}
