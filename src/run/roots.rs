//! The paths that a run was given. There may be as many as files, so nothing looks at all of them
//! for each file.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::discover::absolute;

/// The paths that a run was given.
pub(super) struct Roots<'a> {
    paths: &'a [PathBuf],
    current: &'a Path,
    given: OnceLock<HashSet<&'a Path>>,
    absolute: OnceLock<HashSet<PathBuf>>,
    real: OnceLock<HashSet<PathBuf>>,
}

impl<'a> Roots<'a> {
    pub(super) fn new(paths: &'a [PathBuf], current: &'a Path) -> Self {
        let (given, absolute, real) = Default::default();
        Self { paths, current, given, absolute, real }
    }

    /// Returns whether `path` is one of them, as it was given.
    pub(super) fn contain(&self, path: &Path) -> bool {
        let given = || self.paths.iter().map(PathBuf::as_path).collect();
        self.given.get_or_init(given).contains(path)
    }

    /// Returns the outermost folder among them that holds an absolute path.
    pub(super) fn outermost_above<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        let all = || self.paths.iter().map(|path| absolute(path, self.current)).collect();
        let all = self.absolute.get_or_init(all);
        path.ancestors().skip(1).filter(|above| all.contains(*above)).last()
    }

    /// Returns whether one of them is a canonical path, or a folder that holds it.
    pub(super) fn hold(&self, real: &Path) -> bool {
        let all = || self.paths.iter().filter_map(|path| path.canonicalize().ok()).collect();
        let all = self.real.get_or_init(all);
        real.ancestors().any(|path| all.contains(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_answer_as_if_all_were_compared() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap();
        std::fs::create_dir_all(real.join("a/b")).unwrap();
        let paths = ["./a/b", "a", "../x/c", "/y"].map(PathBuf::from);
        let paths = [&paths[..], &[real.join("a")]].concat();
        let roots = Roots::new(&paths, Path::new("/x"));
        assert!(roots.contain(Path::new("a")) && !roots.contain(Path::new("a/b/../b")));
        let outermost = |path| roots.outermost_above(Path::new(path));
        assert_eq!(outermost("/x/a/b/c"), Some(Path::new("/x/a")));
        assert_eq!(outermost("/x/c/d/e"), Some(Path::new("/x/c")));
        assert_eq!(outermost("/y"), None);
        assert_eq!(outermost("/x/ab"), None);
        assert!(roots.hold(&real.join("a/b/c")) && roots.hold(&real.join("a")));
        assert!(!roots.hold(&real) && !roots.hold(&real.join("ab")));
    }
}
