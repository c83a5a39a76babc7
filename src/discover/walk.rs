//! Finds files: first those given by name, then those in the given folders, in parallel.
//!
//! Like git, the walk does not follow symbolic links to folders. It reads a link to a file if it
//! does not read the file itself, and only once for any number of links.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::text::escape::plain_reason;

use super::exclude::Exclude;
use super::folder::{self, Kind, OpenFolder};
use super::ignore_files::Rules;
use super::mounts;
use super::named::{self, NamedFiles, Status, real};
use super::share::share;
use super::tree::{self, Met};

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
    /// Whether to report what is left out as well.
    pub tells_left_out: bool,
}

impl Search<'_> {
    /// Returns the number of threads.
    fn threads(&self) -> usize {
        // More only wait for each other and for the disk.
        const MAX_BY_DEFAULT: usize = 12;
        match self.threads {
            0 => thread::available_parallelism().map_or(1, usize::from).min(MAX_BY_DEFAULT),
            threads => threads,
        }
    }
}

/// A file that was found, or a path that is not read.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    /// A regular file.
    File {
        /// Its path, as given or found.
        path: &'a Path,
        /// The folder to open it in; otherwise, it is opened by its path.
        folder: Option<&'a OpenFolder>,
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
    // Fewer files are read before a thread has started.
    const MIN_PER_THREAD: usize = 16;
    let threads = search.threads().min(search.paths.len() / MIN_PER_THREAD);
    let mut visit = visitor();
    let mut directories = Vec::new();
    let mut files = NamedFiles::with_capacity(search.paths.len());
    for (path, status) in named::statuses(search.paths, threads) {
        let may_exclude = search.force_exclude && !matches!(status, Status::Folder);
        if let Some(reason) = may_exclude.then(|| search.exclude.covers(path)).flatten() {
            visit(Found::Excluded(1));
            visit(Found::LeftOut { path, reason });
            continue;
        }
        let reason = match status {
            Status::Folder => {
                directories.push(path);
                continue;
            }
            Status::File { inode, ends_short } => {
                files.add(path, inode, ends_short);
                continue;
            }
            Status::Special(kind) => format!(
                "{kind}, which kubeconfig-lint does not open; pass its text on standard input (`-`)"
            ),
            Status::Unreadable(error) => plain_reason(&error),
        };
        visit(Found::Unreadable { path, reason, named: true, notable: true });
    }
    drop(visit);
    let files = files.distinct;
    share(files.len(), threads, || {
        let (mut visit, files) = (visitor(), &files);
        move |number| {
            if let Some(&(path, ends_short)) = files.get(number) {
                visit(Found::File { path, folder: None, named: true, ends_short });
            }
        }
    });
    if !directories.is_empty() {
        let seen = files.into_iter().map(|(path, _)| real(path)).collect();
        walk(search, &directories, seen, &visitor);
    }
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
    let walk = Walk {
        search,
        system,
        may_find_twice: directories_overlap(&roots) || !seen.is_empty(),
        ends_short: mounts::short_reads_end_files(roots.iter()),
        links: Mutex::default(),
        read: Mutex::new(seen),
        excluded: AtomicUsize::default(),
    };
    let visit_all = || {
        let (mut visit, walk) = (visitor(), &walk);
        move |met: Met<'_>| walk.meets(met, &mut visit)
    };
    let mut unruly_above = BTreeSet::new();
    let rules = |root: &PathBuf| {
        let above = if search.no_ignore { Ok(Rules::none()) } else { Rules::above(root) };
        above.unwrap_or_else(|folder| {
            unruly_above.insert(folder);
            Rules::none()
        })
    };
    let rules: Vec<Rules> = directories.iter().copied().map(rules).collect();
    unruly_above.iter().for_each(|folder| visitor()(unruly(folder)));
    let roots_to_walk = directories.into_iter().cloned().zip(rules);
    let threads = search.threads();
    if walk.may_find_twice {
        // One root after the other, so that the first root names a file, not the fastest thread.
        roots_to_walk.for_each(|root| tree::walk(vec![root], threads, visit_all));
    } else {
        tree::walk(roots_to_walk.collect(), threads, visit_all);
    }
    let links = walk.links.into_inner().unwrap_or_else(PoisonError::into_inner);
    let read = walk.read.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut visit = visitor();
    follow_links(search, links, read, &roots, &mut visit);
    visit(Found::Excluded(walk.excluded.into_inner()));
}

/// A walk through folders, which all threads share.
struct Walk<'a> {
    search: &'a Search<'a>,
    /// The system file trees below the roots. Only `/` contains them.
    system: Vec<PathBuf>,
    /// Whether a file may be found twice, so that it matters which were read.
    may_find_twice: bool,
    /// Whether a read that returns less than it was asked for has reached the end of a file.
    ends_short: bool,
    /// The links that were found.
    links: Mutex<Vec<PathBuf>>,
    /// The canonical paths of the files that were read, if it matters.
    read: Mutex<HashSet<PathBuf>>,
    /// How many paths `exclude` leaves out.
    excluded: AtomicUsize,
}

impl Walk<'_> {
    /// Tells a visitor what the walk meets. Returns whether to walk the folder that it met.
    fn meets(&self, met: Met<'_>, visit: &mut impl FnMut(Found<'_>)) -> bool {
        let (path, kind, folder) = match met {
            Met::Entry { path, is_ignored: true, .. } => {
                self.tell_left_out(path, "excluded by an ignore file", visit);
                return false;
            }
            Met::Entry { path, kind, folder, .. } => (path, kind, folder),
            Met::Unreadable { path, error } => {
                let reason = plain_reason(&error);
                let named = self.search.paths.iter().any(|named| named == path);
                visit(Found::Unreadable { path, reason, named, notable: true });
                return false;
            }
            Met::Unruly(path) => {
                visit(unruly(path));
                return false;
            }
        };
        if let Some(reason) = self.leaves_out(path, kind) {
            self.tell_left_out(path, reason, visit);
            return false;
        }
        match kind {
            Kind::Folder => return true,
            Kind::File if self.is_new(path) => {
                let (folder, ends_short) = (Some(folder), self.ends_short);
                visit(Found::File { path, folder, named: false, ends_short });
            }
            Kind::File => {}
            Kind::Link => lock(&self.links).push(path.to_path_buf()),
            Kind::Special(kind) => {
                let reason = kind.to_owned();
                visit(Found::Unreadable { path, reason, named: false, notable: false });
            }
        }
        false
    }

    fn tell_left_out(&self, path: &Path, reason: &'static str, visit: &mut impl FnMut(Found<'_>)) {
        if self.search.tells_left_out {
            visit(Found::LeftOut { path, reason });
        }
    }

    /// Returns why a path is left out, if it is.
    fn leaves_out(&self, path: &Path, kind: Kind) -> Option<&'static str> {
        if kind == Kind::Folder && path.file_name().is_some_and(|name| name == ".git") {
            return Some("part of git's own data");
        }
        let by_globs = self.search.exclude.excludes(path, kind == Kind::Folder);
        if by_globs.is_some() {
            self.excluded.fetch_add(1, Ordering::Relaxed);
        }
        let is_of_system = || self.system.iter().any(|system| system == path);
        by_globs.or_else(|| is_of_system().then_some("a system file tree"))
    }

    /// Returns whether a file was not read yet, and notes that it is.
    fn is_new(&self, path: &Path) -> bool {
        !self.may_find_twice || lock(&self.read).insert(real(path))
    }
}

/// Says that the ignore files of a folder are not obeyed.
fn unruly(folder: &Path) -> Found<'_> {
    let reason = "its ignore file is skipped: not a regular file, too large, or braces nested too \
                  deep";
    Found::Unreadable { path: folder, reason: reason.to_owned(), named: false, notable: true }
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
            let reason = folder::special(metadata.file_type()).to_owned();
            visit(Found::Unreadable { path, reason, named: false, notable: false });
        } else {
            to_files.push((link, real));
        }
    }
    read.extend(reached(search, roots, to_files.iter().map(|(_, real)| real.as_path())));
    for (path, real) in &to_files {
        if read.insert(real.clone()) {
            visit(Found::File { path, folder: None, named: false, ends_short: false });
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
    let mut walks: HashMap<&Path, HashSet<&Path>> = HashMap::new();
    for folder in targets.filter_map(Path::parent) {
        let root = folder.ancestors().find(|above| roots.contains(*above));
        if let Some(root) = root {
            walks.entry(root).or_default().insert(folder);
        }
    }
    let reached = Mutex::new(Vec::new());
    for (root, folders) in walks {
        let on_the_way: HashSet<&Path> =
            folders.iter().flat_map(|folder| folder.ancestors()).collect();
        let rules = match search.no_ignore {
            true => Rules::none(),
            false => Rules::above(root).unwrap_or_else(|_| Rules::none()),
        };
        let visitor = || {
            |met: Met<'_>| {
                let Met::Entry { path, kind, folder, is_ignored: false } = met else {
                    return false;
                };
                let is_folder = kind == Kind::Folder;
                let is_wanted = match is_folder {
                    true => on_the_way.contains(path) && !path.ends_with(".git"),
                    false => folders.contains(folder.path()),
                };
                if !is_wanted || search.exclude.excludes(path, is_folder).is_some() {
                    return false;
                }
                if !is_folder {
                    lock(&reached).push(path.to_path_buf());
                }
                is_folder
            }
        };
        tree::walk(vec![(root.to_path_buf(), rules)], 1, visitor);
    }
    reached.into_inner().unwrap_or_else(PoisonError::into_inner)
}
