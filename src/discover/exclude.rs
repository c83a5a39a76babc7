//! `--exclude`, and `exclude` of the configuration file: globs as in .gitignore.

use std::path::Path;

use ignore::gitignore::GitignoreBuilder;

use super::globs::{self, Folder, Globs};

const BY_FLAG: &str = "excluded by --exclude";
const BY_CONFIGURATION: &str = "excluded by the configuration file";

/// The globs of the paths to leave out.
#[derive(Debug, Clone)]
pub(crate) struct Exclude {
    /// The globs of `--exclude`, relative to the current directory.
    globs: Globs,
    /// The globs of the configuration file, if it has any.
    configured: Option<(Folder, Globs)>,
}

impl Exclude {
    /// Compiles the globs, which are relative to `root`.
    ///
    /// # Errors
    /// Names the invalid glob.
    pub(crate) fn new(root: &Path, globs: &[String]) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new(root);
        for glob in globs {
            // Report the same errors as for the configuration file.
            globs::check(glob).map_err(|reason| {
                let start: String = glob.chars().take(80).collect();
                let rest = if start.len() < glob.len() { "…" } else { "" };
                format!("`{start}{rest}`: {reason}")
            })?;
            builder.add_line(None, glob).map_err(|error| error.to_string())?;
        }
        let globs = builder.build().map_err(|error| error.to_string())?;
        Ok(Self { globs: Globs { globs }, configured: None })
    }

    /// Adds the globs of the configuration file.
    #[must_use]
    pub(crate) fn and(self, folder: Folder, globs: Globs) -> Self {
        Self { configured: (!globs.is_empty()).then_some((folder, globs)), ..self }
    }

    /// Returns why a path is left out, if a glob matches the path itself.
    pub(crate) fn excludes(&self, path: &Path, is_dir: bool) -> Option<&'static str> {
        if self.globs.name(path, is_dir) {
            return Some(BY_FLAG);
        }
        self.is_configured(path, |globs, path| globs.name(path, is_dir)).then_some(BY_CONFIGURATION)
    }

    /// Returns why a file is left out, if a glob matches it or a folder above it.
    pub(crate) fn covers(&self, path: &Path) -> Option<&'static str> {
        if self.globs.cover(path) {
            return Some(BY_FLAG);
        }
        self.is_configured(path, Globs::cover).then_some(BY_CONFIGURATION)
    }

    /// Matches a path below the folder of the configuration file against its globs.
    fn is_configured(&self, path: &Path, ask: impl Fn(&Globs, &Path) -> bool) -> bool {
        let Some((folder, globs)) = &self.configured else { return false };
        folder.relative(path).is_some_and(|path| ask(globs, &path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::globs::Builder;

    #[test]
    fn exclude_matches_like_gitignore() {
        let globs = ["*.bak", "/vendor", "deep/**/x", "old/"].map(str::to_owned);
        let exclude = Exclude::new(Path::new("/repo"), &globs).unwrap();
        for path in ["a.bak", "d/a.bak", "vendor/a", "./vendor/a", "deep/1/2/x", "a/old/b"] {
            assert_eq!(exclude.covers(Path::new(path)), Some(BY_FLAG), "{path}");
        }
        for path in ["a", "d/vendor/a", "deep", "old", "/else/vendor/a"] {
            assert_eq!(exclude.covers(Path::new(path)), None, "{path}");
        }
        assert!(Exclude::new(Path::new("/"), &["a{b".to_owned()]).is_err());
    }

    #[test]
    fn exclude_resolves_configured_globs_from_its_folder() {
        let exclude = |file: &str, glob: &str| {
            let current = Path::new("/nowhere/repo");
            let mut globs = Builder::default();
            globs.add(glob).unwrap();
            let folder = Folder::of(Path::new(file), current);
            Exclude::new(current, &[]).unwrap().and(folder, globs.build().unwrap())
        };
        for (file, glob, path, expected) in [
            ("c.yaml", "/old/", "old/a", true),
            ("c.yaml", "/old/", "./old/b/a", true),
            ("c.yaml", "/old/", "/nowhere/repo/old/a", true),
            ("c.yaml", "*.bak", "../a.bak", false),
            ("ci/c.yaml", "*.bak", "a.bak", false),
            ("ci/c.yaml", "/*.bak", "ci/a.bak", true),
            ("../c.yaml", "/repo/", "a", true),
            ("../c.yaml", "/repo/", "../a", false),
        ] {
            let expected = expected.then_some(BY_CONFIGURATION);
            assert_eq!(exclude(file, glob).covers(Path::new(path)), expected, "{glob} {path}");
        }
        let old = exclude("c.yaml", "/old/");
        assert_eq!(old.excludes(Path::new("./old"), true), Some(BY_CONFIGURATION));
        assert_eq!(old.excludes(Path::new("./old"), false), None);
    }
}
