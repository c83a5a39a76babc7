//! The ignore files of folders, and what they leave out.
//!
//! Of all `.ignore` files that say something about a path, the innermost decides; if none does, of
//! all `.gitignore` files; then of all `.git/info/exclude` files. ripgrep and `fd` do the same.

use std::borrow::Cow;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::folder::{Entry, Kind};
use super::globs;
use super::read::at_most;

/// What the ignore files of a folder and of those above it say.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    innermost: Option<Arc<Layer>>,
    /// The root of the walk as it was given and its canonical path, if ignore files above it
    /// matter.
    root: Option<Arc<(PathBuf, PathBuf)>>,
    /// Whether ignore files are read.
    obeys: bool,
}

/// The ignore files of one folder.
#[derive(Debug)]
struct Layer {
    /// Those above.
    outer: Option<Arc<Layer>>,
    /// Those of the folder, the most important first.
    files: [Gitignore; 3],
    /// Whether the folder is above the root of the walk: its globs match canonical paths.
    is_above: bool,
}

/// An ignore file that must not be read: a FIFO or a device never ends, a file of many megabytes
/// takes gigabytes to compile, and deeply nested braces overflow the stack.
#[derive(Debug)]
pub(super) struct Unruly;

impl Rules {
    /// Returns the rules of a walk that reads no ignore files.
    pub(super) const fn none() -> Self {
        Self { innermost: None, root: None, obeys: false }
    }

    /// Returns what the ignore files above the root of a walk say.
    ///
    /// # Errors
    /// Returns the innermost folder with an unruly one.
    pub(super) fn above(root: &Path) -> Result<Self, PathBuf> {
        let mut rules = Self { obeys: true, ..Self::none() };
        let Ok(real) = fs::canonicalize(root) else { return Ok(rules) };
        let mut layers = Vec::new();
        for folder in real.ancestors().skip(1) {
            let files = read(folder, |_| true).map_err(|Unruly| folder.to_path_buf())?;
            layers.extend(files);
        }
        for files in layers.into_iter().rev() {
            rules.add(files, true);
        }
        rules.root = rules.innermost.is_some().then(|| Arc::new((root.to_path_buf(), real)));
        Ok(rules)
    }

    /// Adds what the ignore files of a folder say, of which `entries` lists the contents.
    ///
    /// # Errors
    /// Fails if one of them is unruly.
    pub(super) fn within(&self, folder: &Path, entries: &[Entry]) -> Result<Self, Unruly> {
        let mut rules = self.clone();
        let has = |name: &str| {
            entries.iter().any(|entry| entry.name == name && !matches!(entry.kind, Kind::Folder))
        };
        let is_repository = || entries.iter().any(|entry| entry.name == GIT);
        if self.obeys
            && let Some(files) = read(folder, |name| match name {
                GIT => is_repository(),
                name => has(name),
            })?
        {
            rules.add(files, false);
        }
        Ok(rules)
    }

    fn add(&mut self, files: [Gitignore; 3], is_above: bool) {
        let outer = self.innermost.take();
        self.innermost = Some(Arc::new(Layer { outer, files, is_above }));
    }

    /// Returns whether an ignore file leaves out a path below the root of the walk.
    pub(super) fn ignores(&self, path: &Path, is_dir: bool) -> bool {
        if self.innermost.is_none() {
            return false;
        }
        let absolute = self.root.as_deref().map(|(root, real)| {
            path.strip_prefix(root).map_or(Cow::Borrowed(path), |below| real.join(below).into())
        });
        let layers = || std::iter::successors(self.innermost.as_deref(), |l| l.outer.as_deref());
        let of_kind = |kind: usize| {
            let mut found = layers().filter_map(|layer| {
                let path = absolute.as_deref().filter(|_| layer.is_above).unwrap_or(path);
                Some(layer.files.get(kind)?.matched(path, is_dir))
            });
            found.find(|found| !found.is_none()).unwrap_or(Match::None)
        };
        let mut kinds = (0..3).map(of_kind);
        kinds.find(|found| !found.is_none()).is_some_and(|found| found.is_ignore())
    }
}

const GIT: &str = ".git";

/// Reads the ignore files of a folder, of those that it has; `None` if they say nothing.
fn read(folder: &Path, has: impl Fn(&str) -> bool) -> Result<Option<[Gitignore; 3]>, Unruly> {
    let named = |name: &str| match has(name) {
        true => compiled(folder, &folder.join(name)),
        false => Ok(Gitignore::empty()),
    };
    let exclude = match has(GIT) {
        true => match common_folder(folder)? {
            Some(git) => compiled(folder, &git.join("info/exclude"))?,
            None => Gitignore::empty(),
        },
        false => Gitignore::empty(),
    };
    let files = [named(".ignore")?, named(".gitignore")?, exclude];
    Ok(files.iter().any(|file| !file.is_empty()).then_some(files))
}

/// Compiles an ignore file, up to the first line that is not text. Globs that are not valid are
/// skipped.
fn compiled(folder: &Path, path: &Path) -> Result<Gitignore, Unruly> {
    let Some(bytes) = contents(path)? else { return Ok(Gitignore::empty()) };
    let text = bytes.utf8_chunks().next().map(|chunk| (chunk.valid(), chunk.invalid().is_empty()));
    let (text, is_whole) = text.unwrap_or_default();
    let end = if is_whole { text.len() } else { text.rfind('\n').unwrap_or_default() };
    let mut builder = GitignoreBuilder::new(folder);
    for line in text.get(..end).unwrap_or(text).trim_start_matches('\u{feff}').lines() {
        if globs::is_nested_too_deep(line.as_bytes()) {
            return Err(Unruly);
        }
        // Like git, skip what is not a glob.
        let _ = builder.add_line(None, line);
    }
    Ok(builder.build().unwrap_or_else(|_| Gitignore::empty()))
}

/// Reads an ignore file, or a file that says where one is. `None` if there is none, or it may not
/// be read.
fn contents(path: &Path) -> Result<Option<Vec<u8>>, Unruly> {
    const MAX_BYTES: u64 = 1 << 20;
    let Ok(found) = fs::metadata(path) else { return Ok(None) };
    if found.is_dir() {
        return Ok(None);
    }
    if !found.is_file() || found.len() > MAX_BYTES {
        return Err(Unruly);
    }
    let Ok(file) = File::open(path) else { return Ok(None) };
    match at_most(file, MAX_BYTES) {
        Ok(Some(bytes)) => Ok(Some(bytes)),
        Ok(None) => Err(Unruly),
        Err(_) => Ok(None),
    }
}

/// Returns the folder of a repository that all its worktrees share, if this is its root or the root
/// of a worktree.
///
/// Source: `gitrepository-layout(5)`: `.git` as a file, and `commondir`.
fn common_folder(root: &Path) -> Result<Option<PathBuf>, Unruly> {
    let git = root.join(GIT);
    if git.is_dir() {
        return Ok(Some(git));
    }
    let first_line = |path: &Path| -> Result<Option<PathBuf>, Unruly> {
        let Some(bytes) = contents(path)? else { return Ok(None) };
        let line = std::str::from_utf8(&bytes).ok().and_then(|text| text.lines().next());
        Ok(line.map(PathBuf::from))
    };
    let Some(line) = first_line(&git)? else { return Ok(None) };
    let own = line.to_str().and_then(|line| line.strip_prefix("gitdir: "));
    let Some(own) = own.map(|own| root.join(own)) else { return Ok(None) };
    Ok(first_line(&own.join("commondir"))?.map(|common| own.join(common)))
}
