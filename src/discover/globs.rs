//! Globs as in .gitignore that are written in a file and apply below its folder.

use std::fs;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::absolute;

/// A folder, and how to make paths relative to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folder {
    /// The base of relative paths.
    current: PathBuf,
    /// The folder as it was named, and its canonical path.
    names: Vec<PathBuf>,
}

impl Folder {
    /// Returns the folder of `file`; relative paths are relative to `current`.
    pub(crate) fn of(file: &Path, current: &Path) -> Self {
        let named = absolute(file, current);
        let named = named.parent().unwrap_or(Path::new("")).to_path_buf();
        let real = fs::canonicalize(&named).ok().filter(|real| *real != named);
        Self {
            current: current.to_path_buf(),
            names: [Some(named), real].into_iter().flatten().collect(),
        }
    }

    /// Returns the path of the folder; empty for the default.
    pub(crate) fn path(&self) -> &Path {
        self.names.first().map_or(Path::new(""), PathBuf::as_path)
    }

    /// Returns the path of a file in the folder, relative to the current directory if it is below it.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        let path = absolute(Path::new(name), self.path());
        path.strip_prefix(&self.current).unwrap_or(&path).to_path_buf()
    }

    /// Returns a path relative to the folder; `None` if it is not below it.
    pub(crate) fn relative(&self, path: &Path) -> Option<PathBuf> {
        let path = absolute(path, &self.current);
        let below = self.names.iter().find_map(|name| path.strip_prefix(name).ok())?;
        (!below.as_os_str().is_empty() && !below.has_root()).then(|| below.to_path_buf())
    }
}

/// Limit on the bytes of a glob. No path is longer, and the matcher recurses on nested braces.
pub(crate) const MAX_BYTES: usize = 4096;

/// Refuses a glob that is too long to compile, or that can never match.
///
/// # Errors
/// Says why.
pub(super) fn check(glob: &str) -> Result<(), String> {
    if glob.len() > MAX_BYTES {
        return Err(format!("longer than {MAX_BYTES} bytes"));
    }
    let names = glob.strip_prefix('!').unwrap_or(glob).trim_end();
    let parts = || names.split('/');
    if names.is_empty() || glob.starts_with('#') || parts().all(str::is_empty) {
        return Err("matches nothing".to_owned());
    }
    if let Some(part) = parts().find(|part| matches!(*part, "." | "..")) {
        return Err(format!(
            "`{part}` matches nothing: globs are relative to the directory of the configuration file and cannot leave it"
        ));
    }
    Ok(())
}

/// Returns whether a line of an ignore file has too many braces to compile: the matcher recurses on
/// them and overflows its stack.
pub(super) fn is_nested_too_deep(line: &[u8]) -> bool {
    memchr::memchr_iter(b'{', line).count() > MAX_BYTES / 4
}

/// Collects globs.
#[derive(Debug)]
pub(crate) struct Builder {
    globs: GitignoreBuilder,
}

impl Default for Builder {
    fn default() -> Self {
        Self { globs: GitignoreBuilder::new("") }
    }
}

impl Builder {
    /// Adds a glob.
    ///
    /// # Errors
    /// Says why the glob is invalid or can never match.
    pub(crate) fn add(&mut self, glob: &str) -> Result<(), String> {
        check(glob)?;
        self.globs.add_line(None, glob).map(|_| ()).map_err(|error| reason(&error))
    }

    /// Compiles the globs.
    ///
    /// # Errors
    /// Returns the matcher's message if the globs are too many or too large for it.
    pub(crate) fn build(self) -> Result<Globs, String> {
        Ok(Globs { globs: self.globs.build().map_err(|error| reason(&error))? })
    }
}

/// Returns the matcher's message without the glob.
fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    }
}

/// Compiled globs. They match paths relative to their folder.
#[derive(Debug, Clone)]
pub(crate) struct Globs {
    pub(super) globs: Gitignore,
}

impl Default for Globs {
    fn default() -> Self {
        Self { globs: Gitignore::empty() }
    }
}

impl Globs {
    /// Returns whether there are no globs.
    pub(crate) fn is_empty(&self) -> bool {
        self.globs.is_empty()
    }

    /// Returns whether a glob matches the path itself.
    pub(crate) fn name(&self, path: &Path, is_dir: bool) -> bool {
        self.globs.matched(path, is_dir).is_ignore()
    }

    /// Returns the last glob that matches the path itself, as it was written.
    pub(crate) fn last_match(&self, path: &Path, is_dir: bool) -> Option<&str> {
        self.globs.matched(path, is_dir).inner().map(|glob| glob.original())
    }

    /// Returns whether a glob matches the file or a folder above it.
    pub(crate) fn cover(&self, path: &Path) -> bool {
        levels(path, false).any(|(path, is_dir)| self.name(path, is_dir))
    }

    /// Like [`Self::cover`], but the match nearest to the file counts: `!` takes a file back out of
    /// a folder that matches.
    pub(crate) fn reach(&self, path: &Path) -> bool {
        let mut matches =
            levels(path, false).map(|(path, is_dir)| self.globs.matched(path, is_dir));
        matches!(matches.find(|found| !found.is_none()), Some(Match::Ignore(_)))
    }
}

/// Yields a path and the folders above it, each with whether it is a folder.
pub(crate) fn levels(path: &Path, is_dir: bool) -> impl Iterator<Item = (&Path, bool)> {
    let levels = path.ancestors().take_while(|path| !path.as_os_str().is_empty());
    levels.enumerate().map(move |(up, path)| (path, is_dir || up > 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn globs(globs: &[&str]) -> Globs {
        let mut builder = Builder::default();
        globs.iter().for_each(|glob| builder.add(glob).unwrap());
        builder.build().unwrap()
    }

    #[test]
    fn folder_makes_paths_relative_to_itself() {
        let seen = |file: &str, path: &str| {
            let folder = Folder::of(Path::new(file), Path::new("/nowhere/repo/sub"));
            folder.relative(Path::new(path)).map(|path| path.to_string_lossy().replace('\\', "/"))
        };
        for (file, path, expected) in [
            (".c.yaml", "a/b", Some("a/b")),
            (".c.yaml", "./a/./b", Some("a/b")),
            (".c.yaml", "a/../b", Some("b")),
            (".c.yaml", "/nowhere/repo/sub/a", Some("a")),
            (".c.yaml", "../a", None),
            (".c.yaml", "/nowhere/repo/subway/a", None),
            (".c.yaml", ".", None),
            ("../.c.yaml", "a/b", Some("sub/a/b")),
            ("../.c.yaml", "../a", Some("a")),
            ("../.c.yaml", "..", None),
            ("ci/.c.yaml", "a", None),
            ("ci/.c.yaml", "ci/a", Some("a")),
            ("/.c.yaml", "a", Some("nowhere/repo/sub/a")),
            ("../../../../../.c.yaml", "/a", Some("a")),
        ] {
            assert_eq!(seen(file, path).as_deref(), expected, "{file} {path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn folder_is_the_same_through_a_link() {
        let temporary = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(temporary.path()).unwrap();
        fs::create_dir(root.join("real")).unwrap();
        std::os::unix::fs::symlink("real", root.join("link")).unwrap();
        let folder = Folder::of(Path::new("link/c.yaml"), &root);
        for path in ["link/a", "real/a"] {
            assert_eq!(folder.relative(Path::new(path)), Some("a".into()), "{path}");
        }
    }

    #[test]
    fn globs_reach_files_below_matched_folders() {
        let reached = |list: &[&str], path: &str| globs(list).reach(Path::new(path));
        for (list, path, expected) in [
            (&["deploy/test/**"][..], "deploy/test/a/b", true),
            (&["deploy/test/**"], "deploy/test", false),
            (&["deploy/test"], "deploy/test/a/b", true),
            (&["deploy/test/"], "x/deploy/test/a", false),
            (&["testdata/"], "x/testdata/a", true),
            (&["testdata/"], "x/testdata", false),
            (&["*.yaml"], "x/a.yaml", true),
            (&["/*.yaml"], "x/a.yaml", false),
            (&["x/", "!x/a"], "x/a", false),
            (&["x/", "!x/a"], "x/b", true),
            (&["!x/a", "x/*"], "x/a", true),
            (&["{a,b}.yaml"], "b.yaml", true),
            (&[], "a", false),
        ] {
            assert_eq!(reached(list, path), expected, "{list:?} {path}");
        }
    }

    #[test]
    fn globs_reject_patterns_that_never_match() {
        for glob in ["", " ", "#a", "!", "/", "!/", "./a", "../a", "a/../b", "/./a", "a{b", "[z-a]"]
        {
            assert!(Builder::default().add(glob).is_err(), "{glob}");
        }
        for glob in ["a", "!a", "\\#a", "\\!a", "/a", "a/", "**", "...", ".a/b", "a b", "a["] {
            assert_eq!(Builder::default().add(glob), Ok(()), "{glob}");
        }
        // The result is up to the matcher, but it must return.
        let nested = "{".repeat(MAX_BYTES / 2) + &"}".repeat(MAX_BYTES / 2);
        let mut builder = Builder::default();
        let _ = builder.add(&nested).and_then(|()| builder.build().map(|_| ()));
        assert!(Builder::default().add(&(nested + "a")).is_err());
    }
}
