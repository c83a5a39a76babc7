//! `--exclude`: globs as in .gitignore, relative to the current directory.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// The globs of `--exclude`.
#[derive(Debug, Clone)]
pub struct Exclude {
    globs: Gitignore,
}

impl Exclude {
    /// Compiles the globs; they are relative to `root`.
    ///
    /// # Errors
    /// Names the glob that is none.
    pub fn new(root: &Path, globs: &[String]) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new(root);
        for glob in globs {
            builder.add_line(None, glob).map_err(|error| error.to_string())?;
        }
        Ok(Self { globs: builder.build().map_err(|error| error.to_string())? })
    }

    /// Whether a glob names this path itself.
    pub fn is_excluded(&self, path: &Path, is_dir: bool) -> bool {
        self.globs.matched(path, is_dir).is_ignore()
    }

    /// Whether a glob names this file or a directory it lies in.
    pub fn covers(&self, path: &Path) -> bool {
        let mut folders = path.ancestors().skip(1).filter(|path| !path.as_os_str().is_empty());
        self.is_excluded(path, false) || folders.any(|folder| self.is_excluded(folder, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_work_as_in_gitignore() {
        let globs = ["*.bak", "/vendor", "deep/**/x", "old/"].map(str::to_owned);
        let exclude = Exclude::new(Path::new("/repo"), &globs).unwrap();
        for path in ["a.bak", "d/a.bak", "vendor/a", "./vendor/a", "deep/1/2/x", "a/old/b"] {
            assert!(exclude.covers(Path::new(path)), "{path}");
        }
        for path in ["a", "d/vendor/a", "deep", "old", "/else/vendor/a"] {
            assert!(!exclude.covers(Path::new(path)), "{path}");
        }
        assert!(Exclude::new(Path::new("/"), &["a{b".to_owned()]).is_err());
    }
}
