//! Finds the executable that a command resolves to, as client-go does.
//!
//! Source: client-go `tools/clientcmd/loader.go` (`GetAuthInfoFileReferences`: a command with a slash
//! is relative to the directory of its kubeconfig), Go's `os/exec` (`LookPath`, and `ErrDot` since Go
//! 1.19, with which kubectl 1.25 is built); measured with kubectl 1.20, 1.24, 1.25 and 1.37.

use std::collections::HashSet;
use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::go;
use crate::kubernetes::version::Minor;
use crate::text::escape::visible;

/// The first kubectl that refuses an executable found relative to the current directory.
const DOT_REFUSED_SINCE: Minor = Minor(25);

/// What a command resolves to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Executable {
    /// This file runs. A command with a slash names it, whether or not it exists.
    Found {
        /// The file.
        path: PathBuf,
        /// The other executables of that name, in the order of PATH: none of them runs.
        shadowed: Vec<PathBuf>,
    },
    /// PATH has no executable of that name.
    Missing {
        /// Files of that name on PATH that are not executable.
        unusable: Vec<PathBuf>,
    },
    /// PATH leads to it by a relative directory, such as `.`, which kubectl refuses.
    Relative(PathBuf),
}

/// Where commands are looked up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lookup<'a> {
    /// The value of PATH.
    pub(super) path: Option<&'a OsStr>,
    /// The current directory.
    pub(super) current: &'a Path,
    /// The kubectl that looks it up.
    pub(super) minor: Minor,
}

impl Lookup<'_> {
    /// Resolves a command; `base` is the directory of the kubeconfig that names it.
    pub(super) fn executable(self, command: &str, base: &Path) -> Executable {
        let has_separator = command.contains('/') || (cfg!(windows) && command.contains('\\'));
        if has_separator {
            let path = self.current.join(base).join(command);
            let path =
                path.to_str().filter(|_| cfg!(unix)).map(|path| go::path::clean(path).into());
            let path = path.unwrap_or_else(|| self.current.join(base).join(command));
            return Executable::Found { path, shadowed: Vec::new() };
        }
        let (mut found, mut unusable) = (Vec::new(), Vec::new());
        let folders = self.path.map(|path| env::split_paths(path).collect::<Vec<_>>());
        for folder in folders.unwrap_or_default() {
            for name in names(command) {
                let path = match folder.as_os_str().is_empty() {
                    true => Path::new(".").join(name),
                    false => folder.join(name),
                };
                let place = self.current.join(&path);
                if is_executable(&place) {
                    found.push((path, place));
                } else if place.is_file() {
                    unusable.push(place);
                }
            }
        }
        match found.first() {
            None => return Executable::Missing { unusable },
            Some((path, _)) if path.is_relative() && self.minor >= DOT_REFUSED_SINCE => {
                return Executable::Relative(path.clone());
            }
            Some(_) => {}
        }
        // A directory may be on PATH twice, also by a link to it.
        let mut seen = HashSet::new();
        let mut found = found.into_iter().map(|(_, place)| place);
        let first = found.next();
        seen.extend(first.as_deref().map(real));
        let shadowed = found.filter(|path| seen.insert(real(path))).collect();
        match first {
            Some(path) => Executable::Found { path, shadowed },
            None => Executable::Missing { unusable },
        }
    }
}

/// Returns a path as reports show it.
pub(super) fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).replace('`', "'")
}

/// Returns the place of a file without links, or the path if there is no such file.
pub(super) fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Returns the file names that a command may have.
#[cfg(not(windows))]
fn names(command: &str) -> [String; 1] {
    [command.to_owned()]
}

/// Returns the file names that a command may have: Windows adds the extensions of PATHEXT.
#[cfg(windows)]
fn names(command: &str) -> Vec<String> {
    let extensions = env::var("PATHEXT").unwrap_or_else(|_| ".COM;.EXE;.BAT;.CMD".to_owned());
    let has_extension = Path::new(command).extension().is_some();
    let own = has_extension.then(|| command.to_owned());
    let others = extensions.split(';').filter(|extension| !extension.is_empty());
    own.into_iter().chain(others.map(|extension| format!("{command}{extension}"))).collect()
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let is_marked = |metadata: std::fs::Metadata| {
        metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
    };
    path.metadata().is_ok_and(is_marked)
        && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    /// A folder with executables `a/p` and `b/p`, a file `c/p` and a link `d` to `a`.
    fn tree() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (folder, mode) in [("a", 0o755), ("b", 0o755), ("c", 0o644)] {
            let file = dir.path().join(folder).join("p");
            fs::create_dir(dir.path().join(folder)).unwrap();
            fs::write(&file, "").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        }
        symlink("a", dir.path().join("d")).unwrap();
        dir
    }

    fn look_up(dir: &Path, path: &str, command: &str, minor: u16) -> Executable {
        let path = path.replace('@', &dir.to_string_lossy());
        let lookup = Lookup { path: Some(OsStr::new(&path)), current: dir, minor: Minor(minor) };
        lookup.executable(command, Path::new("sub"))
    }

    #[test]
    fn executable_is_the_first_on_path_and_shadows_the_others() {
        let dir = tree();
        let dir = dir.path();
        let found = |first: &str, shadowed: &[&str]| Executable::Found {
            path: dir.join(first),
            shadowed: shadowed.iter().map(|path| dir.join(path)).collect(),
        };
        assert_eq!(look_up(dir, "@/c:@/nowhere:@/a:@/d:@/b:@/a", "p", 37), found("a/p", &["b/p"]));
        assert_eq!(look_up(dir, "@/d:@/a", "p", 37), found("d/p", &[]));
        let missing = Executable::Missing { unusable: vec![dir.join("c/p")] };
        assert_eq!(look_up(dir, "@/c:@", "p", 37), missing);
        assert_eq!(look_up(dir, "", "q", 37), Executable::Missing { unusable: Vec::new() });
    }

    #[test]
    fn executable_on_a_relative_path_is_refused_since_1_25() {
        let dir = tree();
        let dir = dir.path();
        let found = Executable::Found { path: dir.join("a/p"), shadowed: vec![dir.join("b/p")] };
        assert_eq!(look_up(dir, "a:@/b", "p", 24), found);
        assert_eq!(look_up(dir, "a:@/b", "p", 25), Executable::Relative("a/p".into()));
        assert!(matches!(look_up(dir, "@/b:a", "p", 25), Executable::Found { .. }));
    }

    #[test]
    fn command_with_a_slash_is_relative_to_the_kubeconfig() {
        let dir = tree();
        for (command, path) in [("./p", "sub/p"), ("../a/p", "a/p"), ("x/../q", "sub/q")] {
            let path = dir.path().join(path);
            let found = Executable::Found { path, shadowed: Vec::new() };
            assert_eq!(look_up(dir.path(), "@/b", command, 37), found);
        }
        let found = Executable::Found { path: "/p".into(), shadowed: Vec::new() };
        assert_eq!(look_up(dir.path(), "@/b", "/p", 37), found);
    }
}
