//! Walks folders on several threads.
//!
//! One thread lists a folder and visits its files; all threads share the folders that are still to
//! be walked. A thread without work takes over half of the files that another has yet to visit.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::folder::{Entry, Kind, OpenFolder};
use super::ignore_files::{Rules, Unruly};

/// What a walk meets.
#[derive(Debug)]
pub(super) enum Met<'a> {
    /// An entry of a folder.
    Entry {
        /// Its path: that of the root, and the names below it.
        path: &'a Path,
        /// What it is.
        kind: Kind,
        /// Its folder.
        folder: &'a OpenFolder,
        /// Whether an ignore file leaves it out.
        is_ignored: bool,
    },
    /// A folder that cannot be read, or not to its end.
    Unreadable {
        /// Its path.
        path: &'a Path,
        /// Why.
        error: io::Error,
    },
    /// A folder with an unruly ignore file. No ignore files are obeyed below it.
    Unruly(&'a Path),
}

/// Walks the folders below the roots. `visitor` makes one visitor per thread, which returns whether
/// to walk the folder that it is called for. Links to folders are not followed, except roots.
pub(super) fn walk<V>(roots: Vec<(PathBuf, Rules)>, threads: usize, visitor: impl Fn() -> V + Sync)
where
    V: FnMut(Met<'_>) -> bool,
{
    let roots = roots.into_iter().rev();
    let roots = roots.map(|(path, rules)| Task::Folder { path, rules, is_root: true });
    let tasks = Tasks {
        state: Mutex::new(State { waiting: roots.collect(), ..State::default() }),
        wanted: AtomicBool::new(false),
        changed: Condvar::new(),
    };
    let work = || {
        let mut visit = visitor();
        while let Some((task, _busy)) = tasks.next() {
            task.run(&tasks, &mut visit);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
}

/// Something that one thread does at a time.
enum Task {
    /// Walk a folder.
    Folder { path: PathBuf, rules: Rules, is_root: bool },
    /// Visit some of the entries of a folder, except the folders in it.
    Files { listing: Arc<Listing>, range: Range<usize> },
}

impl Task {
    fn run(self, tasks: &Tasks, visit: &mut impl FnMut(Met<'_>) -> bool) {
        let (listing, mut range) = match self {
            Self::Folder { path, rules, is_root } => {
                let Some(listing) = Listing::read(path, &rules, is_root, visit) else { return };
                tasks.add(listing.visit_folders(visit));
                let range = 0..listing.entries.len();
                (Arc::new(listing), range)
            }
            Self::Files { listing, range } => (listing, range),
        };
        let mut path = listing.folder.path().to_path_buf();
        while let Some(entry) = range.next().and_then(|at| listing.entries.get(at)) {
            if !range.is_empty() && tasks.are_wanted() {
                let half = range.start + range.len() / 2;
                let listing = Arc::clone(&listing);
                tasks.add(vec![Self::Files { listing, range: half..range.end }]);
                range.end = half;
            }
            if entry.kind != Kind::Folder {
                listing.visit(entry, &mut path, |met, _| visit(met));
            }
        }
    }
}

/// An open folder and what is in it.
struct Listing {
    folder: OpenFolder,
    entries: Vec<Entry>,
    rules: Rules,
}

impl Listing {
    /// Opens and lists a folder. `above` says what the ignore files above it say.
    fn read(
        path: PathBuf,
        above: &Rules,
        is_root: bool,
        visit: &mut impl FnMut(Met<'_>) -> bool,
    ) -> Option<Self> {
        let folder = OpenFolder::open(path, is_root);
        let folder = folder.map_err(|(path, error)| visit(Met::Unreadable { path: &path, error }));
        let folder = folder.ok()?;
        let (entries, error) = folder.entries();
        if let Some(error) = error {
            visit(Met::Unreadable { path: folder.path(), error });
        }
        let rules = above.within(folder.path(), &entries).unwrap_or_else(|Unruly| {
            visit(Met::Unruly(folder.path()));
            Rules::none()
        });
        Some(Self { folder, entries, rules })
    }

    /// Visits the folders in the folder, and returns those to walk.
    fn visit_folders(&self, visit: &mut impl FnMut(Met<'_>) -> bool) -> Vec<Task> {
        let mut path = self.folder.path().to_path_buf();
        let folders = self.entries.iter().filter(|entry| entry.kind == Kind::Folder);
        let task = |path: &Path| {
            let (path, rules) = (path.to_path_buf(), self.rules.clone());
            Task::Folder { path, rules, is_root: false }
        };
        folders
            .filter_map(|folder| {
                self.visit(folder, &mut path, |met, path| visit(met).then(|| task(path)))
            })
            .collect()
    }

    /// Visits an entry. `path` is the path of the folder.
    fn visit<T>(
        &self,
        Entry { name, kind }: &Entry,
        path: &mut PathBuf,
        visit: impl FnOnce(Met<'_>, &Path) -> T,
    ) -> T {
        path.push(name);
        let is_ignored = self.rules.ignores(path, *kind == Kind::Folder);
        let met = Met::Entry { path, kind: *kind, folder: &self.folder, is_ignored };
        let visited = visit(met, path);
        path.pop();
        visited
    }
}

/// The tasks of a walk.
struct Tasks {
    state: Mutex<State>,
    /// Whether a thread waits for a task that nobody has added yet.
    wanted: AtomicBool,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// What no thread does yet. The last is done first, so that few folders wait.
    waiting: Vec<Task>,
    /// How many threads do a task, which may add others.
    busy: usize,
    /// How many threads wait for a task.
    idle: usize,
}

impl Tasks {
    /// Waits for a task. Returns `None` when all are done.
    fn next(&self) -> Option<(Task, Busy<'_>)> {
        let mut state = self.lock();
        loop {
            if let Some(task) = state.waiting.pop() {
                state.busy += 1;
                return Some((task, Busy(self)));
            }
            if state.busy == 0 {
                return None;
            }
            state.idle += 1;
            self.tell_wanted(&state);
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    fn add(&self, tasks: Vec<Task>) {
        if !tasks.is_empty() {
            let mut state = self.lock();
            state.waiting.extend(tasks);
            self.tell_wanted(&state);
            // Waking nobody is a system call, too.
            let is_awaited = state.idle > 0;
            drop(state);
            if is_awaited {
                self.changed.notify_all();
            }
        }
    }

    fn tell_wanted(&self, state: &State) {
        self.wanted.store(state.idle > state.waiting.len(), Ordering::Relaxed);
    }

    /// Returns whether a thread waits for a task that nobody has added yet.
    fn are_wanted(&self) -> bool {
        self.wanted.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Ignore poisoning: no thread leaves a change half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says that a thread does a task, until it is dropped, also by a panic.
struct Busy<'a>(&'a Tasks);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.busy -= 1;
        if state.busy == 0 && state.waiting.is_empty() {
            self.0.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::time::Duration;

    use ignore::WalkBuilder;
    use proptest::prelude::*;

    use super::*;

    /// Returns the files that the walk finds, as paths that begin with the root.
    fn found(root: &Path, threads: usize) -> BTreeSet<PathBuf> {
        let found = Mutex::new(BTreeSet::new());
        let rules = Rules::above(root).unwrap();
        walk(vec![(root.to_path_buf(), rules)], threads, || {
            |met: Met<'_>| {
                let Met::Entry { path, kind, is_ignored, .. } = met else { panic!("{met:?}") };
                if kind == Kind::File && !is_ignored {
                    assert!(found.lock().unwrap().insert(path.to_path_buf()), "{path:?} twice");
                }
                !is_ignored
            }
        });
        found.into_inner().unwrap()
    }

    /// Returns the files that the walker of ripgrep finds.
    fn found_by_ripgrep(root: &Path) -> BTreeSet<PathBuf> {
        let mut builder = WalkBuilder::new(root);
        builder.hidden(false).git_global(false).require_git(false).parents(true);
        let entries = builder.build().map(Result::unwrap);
        let files = entries.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        files.map(ignore::DirEntry::into_path).collect()
    }

    #[test]
    fn walk_visits_every_file_of_a_large_folder_once() {
        let folder = tempfile::tempdir().unwrap();
        let files: BTreeSet<PathBuf> =
            (0..400).map(|i| folder.path().join(format!("{i}"))).collect();
        files.iter().for_each(|path| fs::write(path, "").unwrap());
        fs::create_dir(folder.path().join("empty")).unwrap();
        for threads in [1, 2, 9] {
            assert_eq!(found(folder.path(), threads), files, "{threads} threads");
        }
    }

    #[test]
    fn walk_shares_the_files_of_one_folder() {
        let folder = tempfile::tempdir().unwrap();
        (0..1000).for_each(|i| fs::write(folder.path().join(format!("{i}")), "").unwrap());
        let visitors = Mutex::new(BTreeSet::new());
        let root = (folder.path().to_path_buf(), Rules::none());
        walk(vec![root], 2, || {
            |met: Met<'_>| {
                if matches!(met, Met::Entry { kind: Kind::File, .. }) {
                    let mut visitors = visitors.lock().unwrap();
                    visitors.insert(format!("{:?}", thread::current().id()));
                    let is_alone = visitors.len() == 1;
                    drop(visitors);
                    if is_alone {
                        // The other thread needs time to start.
                        thread::sleep(Duration::from_millis(5));
                    }
                }
                true
            }
        });
        assert_eq!(visitors.into_inner().unwrap().len(), 2);
    }

    #[test]
    fn walk_ends_if_a_visitor_panics() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "").unwrap();
        let walked = std::panic::catch_unwind(|| {
            let root = (folder.path().to_path_buf(), Rules::none());
            walk(vec![root], 3, || |_: Met<'_>| -> bool { panic!("as a bug would") });
        });
        assert!(walked.is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn walk_obeys_ignore_files_as_ripgrep_does(
            files in prop::collection::vec("[abc](/[abc]){0,3}/[xyz]", 1..20),
            ignores in prop::collection::vec(
                (
                    prop::sample::select(&["", "a/", "b/", "a/b/", "c/a/b/"][..]),
                    prop::sample::select(&[".gitignore", ".ignore", ".git/info/exclude"][..]),
                    "(\u{feff}?(!?/?([abcxyz*]|\\*\\*/|[abc]/[abcxyz*])/?|#a|\\[)\r?\n){1,4}",
                ),
                0..6,
            ),
            below in prop::sample::select(&["", "a", "c/a"][..]),
        ) {
            let folder = tempfile::tempdir().unwrap();
            let write = |path: &str, text: &str| {
                let path = folder.path().join(path);
                // What is a file in one path may be a folder in another.
                let _ = fs::create_dir_all(path.parent().unwrap());
                let _ = fs::write(path, text);
            };
            files.iter().for_each(|path| write(path, ""));
            ignores.iter().for_each(|(at, name, text)| write(&format!("{at}{name}"), text));
            let root = folder.path().join(below);
            prop_assume!(root.is_dir());
            prop_assert_eq!(found(&root, 2), found_by_ripgrep(&root));
        }
    }
}
