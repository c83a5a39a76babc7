//! Finds the globs of the configuration file that match nothing: most are misspelled.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::discover::absolute;
use crate::discover::globs::{Builder, Folder, Globs, levels};
use crate::text::escape::visible;

/// Limit on the rounds of matching: each finds the last glob that matches a path.
const MAX_ROUNDS: usize = 100;

/// The globs of a configuration file as they are written, each with its location for messages.
#[derive(Debug, Default)]
pub(crate) struct WrittenGlobs {
    pub(super) folder: Folder,
    /// The location and the glob.
    pub(super) globs: Vec<(String, String)>,
}

impl WrittenGlobs {
    /// Returns a sentence for each glob that matches none of the paths, which are relative to
    /// `current`. Nothing is known if the search for them did not begin in the folder of the
    /// configuration file or above it.
    pub(crate) fn unmatched(
        &self,
        roots: &[PathBuf],
        current: &Path,
        paths: impl Iterator<Item = PathBuf>,
    ) -> Vec<String> {
        let is_above = |root: &PathBuf| self.folder.path().starts_with(absolute(root, current));
        if self.globs.is_empty() || !roots.iter().any(is_above) {
            return Vec::new();
        }
        let is_folder = |path: &Path| path.symlink_metadata().is_ok_and(|found| found.is_dir());
        let paths = paths.filter_map(|path| {
            Some((self.folder.relative(&path)?, is_folder(&current.join(path))))
        });
        let paths: Vec<(PathBuf, bool)> = paths.collect();
        let mut left: Vec<&(String, String)> = self.globs.iter().collect();
        for _ in 0..MAX_ROUNDS {
            let Some(globs) = compiled(&left) else { return Vec::new() };
            let levels = paths.iter().flat_map(|(path, is_folder)| levels(path, *is_folder));
            let found = levels.filter_map(|(path, is_folder)| globs.last_match(path, is_folder));
            let found: HashSet<&str> = found.collect();
            if found.is_empty() {
                let sentence = |(place, glob): &&(String, String)| {
                    format!("{place}: `{}` matches no file of this run", visible(glob))
                };
                return left.iter().map(sentence).collect();
            }
            left.retain(|(_, glob)| !found.contains(pattern(glob)));
        }
        Vec::new()
    }
}

/// Returns what a glob matches, whether it is an exception or not.
fn pattern(glob: &str) -> &str {
    glob.strip_prefix('!').unwrap_or(glob)
}

fn compiled(globs: &[&(String, String)]) -> Option<Globs> {
    let mut builder = Builder::default();
    globs.iter().try_for_each(|(_, glob)| builder.add(pattern(glob))).ok()?;
    builder.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unmatched_lists_globs_that_no_path_needs() {
        let unmatched = |globs: &[&str], root: &str| {
            let current = Path::new("/nowhere/repo");
            let folder = Folder::of(Path::new("c.yaml"), current);
            let globs = globs.iter().map(|glob| ("c.yaml:1:1".to_owned(), (*glob).to_owned()));
            let written = WrittenGlobs { folder, globs: globs.collect() };
            let paths = ["a/b/c.yaml", "d", "./e/f"].map(PathBuf::from).into_iter();
            written.unmatched(&[PathBuf::from(root)], current, paths)
        };
        let used = ["a/", "/a/b", "*.yaml", "*.yaml", "**", "!a", "{d,x}", "/e/f"];
        assert_eq!(unmatched(&used, "."), [""; 0]);
        let unused = ["a", "d/", "/b", "!*.yml", "{x,y}"];
        let expected = ["d/", "/b", "!*.yml", "{x,y}"];
        let expected =
            expected.map(|glob| format!("c.yaml:1:1: `{glob}` matches no file of this run"));
        for root in [".", "..", "/nowhere"] {
            assert_eq!(unmatched(&unused, root), expected, "{root}");
        }
        assert_eq!(unmatched(&unused, "a"), [""; 0]);
    }
}
