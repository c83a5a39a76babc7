//! Walks folders on several threads.
//!
//! One thread lists a folder and visits its files; all threads share the folders that are still to
//! be walked, and the files of large ones.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
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
        state: Mutex::new(State { waiting: roots.collect(), busy: 0 }),
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
        let (path, rules, is_root) = match self {
            Self::Folder { path, rules, is_root } => (path, rules, is_root),
            Self::Files { listing, range } => return listing.visit_files(range, visit),
        };
        let Some(listing) = Listing::read(path, &rules, is_root, visit) else { return };
        let mut more = listing.visit_folders(visit);
        let listing = Arc::new(listing);
        let end = listing.entries.len();
        // These are done first, so the folder is closed before another one is opened.
        let starts = (MAX_ENTRIES..end).step_by(MAX_ENTRIES);
        more.extend(starts.map(|start| {
            let range = start..end.min(start + MAX_ENTRIES);
            Self::Files { listing: Arc::clone(&listing), range }
        }));
        tasks.add(more);
        listing.visit_files(0..end.min(MAX_ENTRIES), visit);
    }
}

/// How many entries of a folder one thread visits before it asks for other work.
const MAX_ENTRIES: usize = 128;

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
        let mut tasks = Vec::new();
        self.visit(
            &self.entries,
            |kind| kind == Kind::Folder,
            |met, path| {
                if visit(met) {
                    let (path, rules) = (path.to_path_buf(), self.rules.clone());
                    tasks.push(Task::Folder { path, rules, is_root: false });
                }
            },
        );
        tasks
    }

    /// Visits some of the entries, except folders.
    fn visit_files(&self, range: Range<usize>, visit: &mut impl FnMut(Met<'_>) -> bool) {
        let entries = self.entries.get(range).unwrap_or_default();
        self.visit(
            entries,
            |kind| kind != Kind::Folder,
            |met, _| {
                visit(met);
            },
        );
    }

    fn visit(
        &self,
        entries: &[Entry],
        is_wanted: fn(Kind) -> bool,
        mut visit: impl FnMut(Met<'_>, &Path),
    ) {
        let Self { folder, rules, .. } = self;
        let mut path = folder.path().to_path_buf();
        for Entry { name, kind } in entries.iter().filter(|entry| is_wanted(entry.kind)) {
            path.push(name);
            let is_ignored = rules.ignores(&path, *kind == Kind::Folder);
            visit(Met::Entry { path: &path, kind: *kind, folder, is_ignored }, &path);
            path.pop();
        }
    }
}

/// The tasks of a walk.
struct Tasks {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// What no thread does yet. The last is done first, so that few folders wait.
    waiting: Vec<Task>,
    /// How many threads do a task, which may add others.
    busy: usize,
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
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn add(&self, tasks: Vec<Task>) {
        if !tasks.is_empty() {
            self.lock().waiting.extend(tasks);
            self.changed.notify_all();
        }
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
            (0..3 * MAX_ENTRIES + 1).map(|i| folder.path().join(format!("{i}"))).collect();
        files.iter().for_each(|path| fs::write(path, "").unwrap());
        fs::create_dir(folder.path().join("empty")).unwrap();
        for threads in [1, 2, 9] {
            assert_eq!(found(folder.path(), threads), files, "{threads} threads");
        }
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
