//! Finds files: first those given by name, then those in the given folders, in parallel.
//!
//! Like git, the walk does not follow symbolic links to folders. It reads a link to a file if it
//! does not read the file itself, and only once for any number of links.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use ignore::{WalkBuilder, WalkState};

use crate::text::escape::plain_reason;

use super::exclude::Exclude;
use super::globs;
use super::left_out::Seen;
use super::mounts;

/// What to search, and how.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    /// The files and folders, as given.
    pub paths: &'a [PathBuf],
    /// What to leave out.
    pub exclude: &'a Exclude,
    /// Whether `exclude` also applies to files given by name.
    pub force_exclude: bool,
    /// Whether to search what ignore files leave out.
    pub no_ignore: bool,
    /// The number of threads; 0 means one per core.
    pub threads: usize,
    /// Whether to report what is left out as well, which reads the folders again.
    pub tells_left_out: bool,
}

/// A file that was found, or a path that is not read.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    /// A regular file.
    File {
        /// Its path, as given or found.
        path: &'a Path,
        /// Whether it was given by name.
        named: bool,
        /// Whether a read that returns less than it was asked for has reached its end.
        ends_short: bool,
    },
    /// A path that cannot be read.
    Unreadable {
        /// The path.
        path: &'a Path,
        /// Why it cannot be read, without a full stop.
        reason: String,
        /// Whether it was given by name.
        named: bool,
        /// Whether this is worth a warning.
        notable: bool,
    },
    /// How many paths `exclude` leaves out, each of which may be a folder.
    Excluded(usize),
    /// A path that is left out.
    LeftOut {
        /// The path.
        path: &'a Path,
        /// Why it is left out, without a full stop.
        reason: &'static str,
    },
}

/// Calls a visitor for everything that is found. `visitor` makes one visitor per thread.
pub(crate) fn search<'s, V>(search: &Search<'_>, visitor: impl Fn() -> V + Sync)
where
    V: FnMut(Found<'_>) + Send + 's,
{
    let mut named = visitor();
    let mut directories = Vec::new();
    let mut files = NamedFiles::default();
    for path in search.paths {
        let metadata = fs::metadata(path);
        if metadata.as_ref().is_ok_and(fs::Metadata::is_dir) {
            directories.push(path);
            continue;
        }
        if let Some(reason) = search.exclude.covers(path).filter(|_| search.force_exclude) {
            named(Found::Excluded(1));
            named(Found::LeftOut { path, reason });
            continue;
        }
        match metadata {
            Ok(metadata) if metadata.is_file() => files.add(path, &metadata),
            Ok(metadata) => {
                let kind = special(metadata.file_type());
                let reason = format!(
                    "{kind}, which kubeconfig-lint does not open; pass its text on standard input (`-`)"
                );
                named(Found::Unreadable { path, reason, named: true, notable: true });
            }
            Err(error) => {
                let reason = plain_reason(&error);
                named(Found::Unreadable { path, reason, named: true, notable: true });
            }
        }
    }
    drop(named);
    let files = files.distinct;
    visit_named(&files, search.threads, &visitor);
    if !directories.is_empty() {
        let seen = files.into_iter().map(real).collect();
        walk(search, &directories, seen, &visitor);
    }
}

/// The files given by name, each once however many names it has.
#[derive(Default)]
struct NamedFiles<'a> {
    /// The first name of each file, in the order given.
    distinct: Vec<&'a Path>,
    /// The first name of each device and inode.
    by_inode: HashMap<(u64, u64), &'a Path>,
    /// The canonical paths of the names that share an inode, which may be hard links: two files.
    canonical: HashSet<PathBuf>,
}

impl<'a> NamedFiles<'a> {
    fn add(&mut self, path: &'a Path, metadata: &fs::Metadata) {
        if let Some(inode) = inode(metadata) {
            match self.by_inode.entry(inode) {
                Entry::Vacant(entry) => {
                    entry.insert(path);
                    self.distinct.push(path);
                    return;
                }
                Entry::Occupied(first) => self.canonical.insert(real(first.get())),
            };
        }
        if self.canonical.insert(real(path)) {
            self.distinct.push(path);
        }
    }
}

/// Returns the device and the inode of a file, where the system has them.
#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((metadata.dev(), metadata.ino()))
}

/// Returns the device and the inode of a file, where the system has them.
#[cfg(not(unix))]
fn inode(_: &fs::Metadata) -> Option<(u64, u64)> {
    None
}

fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Visits files given by name, on as many threads as a walk.
fn visit_named<'s, V>(files: &[&Path], threads: usize, visitor: &(impl Fn() -> V + Sync))
where
    V: FnMut(Found<'_>) + Send + 's,
{
    // Fewer files are read before a thread has started.
    const MIN_PER_THREAD: usize = 16;
    let threads = match threads {
        0 => thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let next = AtomicUsize::new(0);
    let visit_all = || {
        let mut visit = visitor();
        while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            visit(Found::File { path, named: true, ends_short: false });
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.min(files.len() / MIN_PER_THREAD) {
            scope.spawn(visit_all);
        }
        visit_all();
    });
}

/// Searches the folders. `seen` contains the files given by name.
fn walk<'s, V>(
    search: &Search<'_>,
    directories: &[&PathBuf],
    seen: HashSet<PathBuf>,
    visitor: &(impl Fn() -> V + Sync),
) where
    V: FnMut(Found<'_>) + Send + 's,
{
    let mut roots: HashSet<PathBuf> = HashSet::new();
    // Only `/` contains the system file trees.
    let mut system: Vec<PathBuf> = Vec::new();
    let mut directories = directories.to_vec();
    directories.retain(|path| {
        let real = real(path);
        if ENDLESS.iter().any(|system| real.starts_with(system)) {
            let reason = "a system file tree, which kubeconfig-lint does not search".to_owned();
            visitor()(Found::Unreadable { path, reason, named: true, notable: true });
            return false;
        }
        if real.parent().is_none() {
            system.extend(SYSTEM.map(|system| path.join(system.trim_start_matches('/'))));
        }
        roots.insert(real)
    });
    let system = Arc::new(system);
    // Track which files were read only if a file may be found twice.
    let overlap = directories_overlap(&roots) || !seen.is_empty();
    let ends_short = mounts::short_reads_end_files(roots.iter());
    let links: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    let read: Mutex<HashSet<PathBuf>> = Mutex::new(seen);
    let unruly: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
    let excluded: Arc<AtomicUsize> = Arc::default();
    let entries: Option<Arc<Seen>> = search.tells_left_out.then(Arc::default);
    let tell = |path: &Path| {
        let reason = "its ignore file is skipped: not a regular file, too large, or braces nested \
                      too deep";
        visitor()(Found::Unreadable {
            path,
            reason: reason.to_owned(),
            named: false,
            notable: true,
        });
    };
    let walk_some = |roots: &[&PathBuf], obeys: bool| {
        let Some((first, more)) = roots.split_first() else { return };
        let mut builder = walker(first, !obeys);
        for directory in more {
            builder.add(directory);
        }
        if let Some(entries) = &entries {
            roots.iter().for_each(|root| entries.root(root));
        }
        let (exclude, found_unruly) = (search.exclude.clone(), Arc::clone(&unruly));
        let system = Arc::clone(&system);
        let (entries, excluded) = (entries.clone(), Arc::clone(&excluded));
        builder.threads(search.threads).filter_entry(move |entry| {
            let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
            if is_dir && entry.depth() > 0 && obeys && has_dangerous_ignore_file(entry.path()) {
                lock(&found_unruly).push(entry.path().to_path_buf());
                if let Some(entries) = &entries {
                    entries.entry(entry.path(), is_dir, None);
                }
                return false;
            }
            if entry.depth() == 0 {
                return true;
            }
            let is_git = is_dir && entry.file_name() == ".git";
            let by_globs = exclude.excludes(entry.path(), is_dir).filter(|_| !is_git);
            excluded.fetch_add(usize::from(by_globs.is_some()), Ordering::Relaxed);
            let is_system = system.iter().any(|system| system == entry.path());
            let why_not = by_globs
                .or(is_git.then_some("part of git's own data"))
                .or(is_system.then_some("a system file tree"));
            if let Some(entries) = &entries {
                entries.entry(entry.path(), is_dir, why_not);
            }
            why_not.is_none()
        });
        builder.build_parallel().run(|| {
            let mut visit = visitor();
            let (links, read) = (&links, &read);
            Box::new(move |entry| {
                let is_new = |path: &Path| !overlap || lock(read).insert(real(path));
                visit_entry(entry, links, is_new, ends_short, &mut visit);
                WalkState::Continue
            })
        });
    };
    let unruly_above = |root: &Path| {
        let real = real(root);
        let found = real.ancestors().find(|folder| has_dangerous_ignore_file(folder));
        found.filter(|_| !search.no_ignore).map(Path::to_path_buf)
    };
    let above: BTreeSet<PathBuf> =
        directories.iter().filter_map(|root| unruly_above(root)).collect();
    above.iter().for_each(|folder| tell(folder));
    let obeys = |root: &Path| !search.no_ignore && unruly_above(root).is_none();
    // Walk nested roots one after the other, so that the first root names a file, not the fastest
    // thread.
    let all_obey = directories.iter().all(|root| obeys(root));
    if overlap || (!all_obey && !search.no_ignore) {
        for root in &directories {
            walk_some(&[root], obeys(root));
        }
    } else {
        walk_some(&directories, all_obey);
    }
    let mut unruly = std::mem::take(&mut *lock(&unruly));
    unruly.sort();
    for path in &unruly {
        tell(path);
        walk_some(&[path], false);
    }
    let links = links.into_inner().unwrap_or_else(PoisonError::into_inner);
    let read = read.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut visit = visitor();
    follow_links(search, links, read, &roots, &mut visit);
    visit(Found::Excluded(excluded.load(Ordering::Relaxed)));
    // The filters also held a reference; they are dropped by now.
    for (path, reason) in entries.and_then(Arc::into_inner).map(Seen::left_out).unwrap_or_default()
    {
        visit(Found::LeftOut { path: &path, reason });
    }
}

/// Returns whether the ignore files of a folder must not be read: a FIFO or a device never ends, a
/// file of many megabytes takes gigabytes to compile, and deeply nested braces overflow the stack.
fn has_dangerous_ignore_file(folder: &Path) -> bool {
    const MAX_IGNORE_FILE_BYTES: u64 = 1 << 20;
    [".gitignore", ".ignore", ".git/info/exclude"].into_iter().any(|name| {
        let path = folder.join(name);
        let Ok(file) = fs::metadata(&path) else { return false };
        if !file.is_file() {
            return !file.is_dir();
        }
        let is_deep = |text: Vec<u8>| text.split(|b| *b == b'\n').any(globs::is_nested_too_deep);
        file.len() > MAX_IGNORE_FILE_BYTES || fs::read(&path).is_ok_and(is_deep)
    })
}

fn visit_entry<V: FnMut(Found<'_>)>(
    entry: Result<ignore::DirEntry, ignore::Error>,
    links: &Mutex<Vec<PathBuf>>,
    is_new: impl Fn(&Path) -> bool,
    ends_short: bool,
    visit: &mut V,
) {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => return report_walk_error(&error, visit),
    };
    let path = entry.path();
    match entry.file_type() {
        Some(kind) if kind.is_file() && is_new(path) => {
            visit(Found::File { path, named: false, ends_short });
        }
        Some(kind) if kind.is_symlink() => lock(links).push(path.to_path_buf()),
        Some(kind) if !kind.is_dir() && !kind.is_file() => {
            let reason = special(kind).to_owned();
            visit(Found::Unreadable { path, reason, named: false, notable: false });
        }
        _ => {}
    }
}

/// Builds a walker with our rules: it visits hidden files and obeys ignore files, in a repository
/// or not, but never those outside of it, so that every machine finds the same files.
fn walker(root: &Path, no_ignore: bool) -> WalkBuilder {
    let mut builder = WalkBuilder::new(root);
    builder
        .hidden(false)
        .git_global(false)
        .require_git(false)
        .git_ignore(!no_ignore)
        .git_exclude(!no_ignore)
        .ignore(!no_ignore)
        .parents(!no_ignore);
    builder
}

/// Returns whether one of the roots is inside another.
fn directories_overlap(roots: &HashSet<PathBuf>) -> bool {
    roots.iter().any(|root| root.ancestors().skip(1).any(|above| roots.contains(above)))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Ignore poisoning: a thread that panicked left no insertion half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Reads the files behind links, except those that the walk has already read.
fn follow_links<V: FnMut(Found<'_>)>(
    search: &Search<'_>,
    mut links: Vec<PathBuf>,
    mut read: HashSet<PathBuf>,
    roots: &HashSet<PathBuf>,
    visit: &mut V,
) {
    // The first link in sorted order represents all links to a file, whichever thread found it.
    links.sort();
    let mut to_files = Vec::new();
    for link in links {
        let path = link.as_path();
        let real = match fs::canonicalize(path) {
            Ok(real) => real,
            Err(error) => {
                let reason = format!("a broken symbolic link: {}", plain_reason(&error));
                visit(Found::Unreadable { path, reason, named: false, notable: false });
                continue;
            }
        };
        if SYSTEM.iter().any(|system| real.starts_with(system)) {
            // A file there may never end, or block until the kernel has something to report.
            let reason = "a symbolic link into a system file tree".to_owned();
            visit(Found::Unreadable { path, reason, named: false, notable: false });
            continue;
        }
        let Ok(metadata) = fs::metadata(&real) else {
            continue;
        };
        if metadata.is_dir() {
            let reason = "a symbolic link to a directory, which is not followed";
            visit(Found::LeftOut { path, reason });
        } else if !metadata.is_file() {
            let reason = special(metadata.file_type()).to_owned();
            visit(Found::Unreadable { path, reason, named: false, notable: false });
        } else {
            to_files.push((link, real));
        }
    }
    read.extend(reached(search, roots, to_files.iter().map(|(_, real)| real.as_path())));
    for (path, real) in &to_files {
        if read.insert(real.clone()) {
            visit(Found::File { path, named: false, ends_short: false });
        } else {
            let reason = "a symbolic link to a file that is already checked";
            visit(Found::LeftOut { path, reason });
        }
    }
}

/// File trees that no repository contains.
const SYSTEM: [&str; 3] = ["/proc", "/sys", "/dev"];

/// File trees with regular files that have no end, such as `/proc/self/pagemap`, or block until the
/// kernel has something to report.
const ENDLESS: [&str; 2] = ["/proc", "/sys"];

/// Returns the files that the walk reaches by itself in the folders of `targets`, which are
/// canonical paths. Lists only these folders and those above them, once each.
fn reached<'t>(
    search: &Search<'_>,
    roots: &HashSet<PathBuf>,
    targets: impl Iterator<Item = &'t Path>,
) -> Vec<PathBuf> {
    let folders: HashSet<&Path> = targets.filter_map(Path::parent).collect();
    let mut dangerous: HashMap<&Path, bool> = HashMap::new();
    // The folders of one walk: below the same root, and obeying ignore files or not.
    let mut walks: HashMap<(&Path, bool), HashSet<PathBuf>> = HashMap::new();
    for folder in folders {
        let Some(root) = folder.ancestors().find(|above| roots.contains(*above)) else { continue };
        let below = folder.strip_prefix(root).unwrap_or(folder);
        if below.components().any(|part| part.as_os_str() == ".git") {
            continue;
        }
        // As in the walk: do not obey ignore files that must not be read.
        let mut is_dangerous =
            |folder| *dangerous.entry(folder).or_insert_with(|| has_dangerous_ignore_file(folder));
        let obeys = !search.no_ignore && !folder.ancestors().any(&mut is_dangerous);
        walks.entry((root, obeys)).or_default().insert(folder.to_path_buf());
    }
    let mut reached = Vec::new();
    for ((root, obeys), folders) in walks {
        let above = folders.iter().flat_map(|folder| folder.ancestors());
        let on_the_way: HashSet<PathBuf> = above.map(Path::to_path_buf).collect();
        let (folders, exclude) = (Arc::new(folders), search.exclude.clone());
        let wanted = Arc::clone(&folders);
        let walk = walker(root, !obeys)
            .filter_entry(move |entry| {
                let path = entry.path();
                let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
                let is_wanted = match is_dir {
                    true => on_the_way.contains(path),
                    false => path.parent().is_some_and(|folder| wanted.contains(folder)),
                };
                let excluded = || entry.depth() > 0 && exclude.excludes(path, is_dir).is_some();
                is_wanted && !excluded()
            })
            .build();
        let entries = walk.filter_map(Result::ok).map(ignore::DirEntry::into_path);
        reached.extend(
            entries.filter(|path| path.parent().is_some_and(|above| folders.contains(above))),
        );
    }
    reached
}

fn report_walk_error<V: FnMut(Found<'_>)>(error: &ignore::Error, visit: &mut V) {
    let mut inner = error;
    let mut path = Path::new(".");
    loop {
        match inner {
            ignore::Error::WithPath { path: of, err } => (path, inner) = (of, err),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                inner = err;
            }
            _ => break,
        }
    }
    let reason = inner.io_error().map_or_else(|| inner.to_string(), plain_reason);
    visit(Found::Unreadable { path, reason, named: false, notable: true });
}

/// Names the kind of a special file.
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

/// Names the kind of a special file.
#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "not a regular file"
}
