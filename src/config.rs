//! The configuration file, `.kubeconfig-lint.yaml`, and how it combines with the flags.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::cli::{Cli, FailOn};
use crate::discover::exclude::Exclude;
use crate::discover::globs::{Folder, Globs};
use crate::discover::read::regular;
use crate::discover::shown_path;
use crate::finding::rule::Rule;
use crate::kubernetes::version::Target;
use crate::role::Role;
use crate::rule::MENTION;
use crate::text::source::{Encoding, Source};

mod keys;
mod read;
pub mod schema;

/// The names of the configuration file in the current directory.
pub const NAMES: [&str; 2] = [".kubeconfig-lint.yaml", ".kubeconfig-lint.yml"];

/// Limit on the bytes of a configuration file.
const MAX_BYTES: u64 = 1 << 20;

/// Limit on the faults that are reported at once.
const MOST_TOLD: usize = 10;

/// The settings of a configuration file.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// The kubectl versions that will read the files.
    pub target: Option<Target>,
    /// The findings that make the exit status 1.
    pub fail_on: Option<FailOn>,
    /// The rules to apply; empty means all.
    pub select: Vec<&'static Rule>,
    /// The rules to skip.
    pub ignore: Vec<&'static Rule>,
    /// The paths to leave out, relative to the folder.
    pub exclude: Globs,
    /// The roles of the files.
    pub roles: Roles,
    /// The folder of the configuration file.
    pub folder: Folder,
}

/// The roles of files, by glob.
#[derive(Debug, Clone, Default)]
pub struct Roles {
    folder: Folder,
    roles: Vec<(Globs, Role)>,
}

impl Roles {
    /// Returns the role of a file by the last match; `None` if nothing matches.
    pub fn of(&self, path: &Path) -> Option<Role> {
        if self.roles.is_empty() {
            return None;
        }
        let path = self.folder.relative(path)?;
        let last = self.roles.iter().rev().find(|(globs, _)| globs.reach(&path));
        last.map(|(_, role)| *role)
    }
}

impl Config {
    /// Reads a configuration file.
    ///
    /// # Errors
    /// Returns a message for each fault, with its place.
    pub fn read(path: &Path, current: &Path) -> Result<Self, Vec<String>> {
        let shown = shown_path(path, current);
        let bytes = bytes(path).map_err(|reason| vec![format!("{shown}: {reason}")])?;
        let source = Source::new(path, bytes);
        let place = |at| {
            let position = source.position(at);
            format!("{shown}:{}:{}", position.line, position.column)
        };
        if source.encoding() != Encoding::Utf8 {
            return Err(vec![format!("{shown}: it is UTF-16, and must be UTF-8")]);
        }
        if let Some(at) = source.invalid_at() {
            return Err(vec![format!("{}: this is not UTF-8", place(at))]);
        }
        read::read(&source, &Folder::of(path, current)).map_err(|problems| {
            let told = problems.iter().take(MOST_TOLD);
            let told = told.map(|(span, message)| format!("{}: {message}", place(span.start)));
            let more = problems.len().saturating_sub(MOST_TOLD);
            let more = (more > 0).then(|| format!("{shown}: and {more} more"));
            told.chain(more).collect()
        })
    }
}

/// Reads the bytes of a configuration file.
fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    if path.is_dir() {
        return Err("it is a directory, and must be a file".to_owned());
    }
    regular(path, MAX_BYTES)
}

/// Returns the configuration file that the command line names or the current directory contains.
fn find(cli: &Cli, current: &Path) -> Result<Option<PathBuf>, String> {
    if cli.no_config || cli.config.is_some() {
        return Ok(cli.config.clone());
    }
    // A dangling link counts as a file: somebody relies on it.
    let is_there = |name: &&str| match fs::symlink_metadata(current.join(name)) {
        Err(error) => error.kind() != io::ErrorKind::NotFound,
        Ok(_) => true,
    };
    let mut names = NAMES.iter().copied().filter(is_there);
    match (names.next(), names.next()) {
        (Some(first), Some(second)) => {
            Err(format!("there are both {first} and {second}; only one of them can count"))
        }
        (first, _) => Ok(first.map(|name| current.join(name))),
    }
}

/// The combination of the flags and the configuration file.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The configuration file, as it is shown, if there is one.
    pub file: Option<String>,
    /// The kubectl versions that will read the files.
    pub target: Target,
    /// The findings that make the exit status 1.
    pub fail_on: FailOn,
    /// The rules to apply; empty means all.
    pub select: Vec<&'static Rule>,
    /// The rules to skip.
    pub ignore: Vec<&'static Rule>,
    /// The paths to leave out.
    pub exclude: Exclude,
    /// The roles of the files.
    pub roles: Roles,
    /// Whether to report mentions: either requested, or needed for the exit status.
    pub shows_mentions: bool,
}

impl Settings {
    /// Finds and reads the configuration file. Flags override it.
    ///
    /// # Errors
    /// Returns a message for each fault of the file or the flags.
    pub fn new(cli: &Cli, current: &Path) -> Result<Self, Vec<String>> {
        let file = find(cli, current).map_err(|message| vec![message])?;
        let config = file.as_deref().map(|file| Config::read(file, current)).transpose()?;
        let config = config.unwrap_or_default();
        let exclude = Exclude::new(current, &cli.exclude)
            .map_err(|error| vec![format!("--exclude: {error}")])?;
        let given = |flag: &[&'static Rule], file: Vec<&'static Rule>| {
            if flag.is_empty() { file } else { flag.to_vec() }
        };
        let select = given(&cli.select, config.select);
        let fail_on = cli.fail_on.or(config.fail_on).unwrap_or_default();
        let selects_mentions = select.iter().any(|rule| **rule == MENTION);
        Ok(Self {
            file: file.map(|file| shown_path(&file, current)),
            target: cli.kubectl_version.or(config.target).unwrap_or_default(),
            fail_on,
            shows_mentions: cli.show_mentions || selects_mentions || fail_on == FailOn::Note,
            select,
            ignore: given(&cli.ignore, config.ignore),
            exclude: exclude.and(config.folder, config.exclude),
            roles: config.roles,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::version::Minor;
    use clap::Parser;

    /// Returns the settings in a file with this text, or its first fault.
    fn read(text: &str) -> Result<Config, String> {
        let temporary = tempfile::tempdir().unwrap();
        fs::write(temporary.path().join("c.yaml"), text).unwrap();
        let config = Config::read(&temporary.path().join("c.yaml"), temporary.path());
        config.map_err(|mut problems| problems.swap_remove(0))
    }

    fn names(rules: &[&'static Rule]) -> Vec<&'static str> {
        rules.iter().map(|rule| rule.name).collect()
    }

    #[test]
    fn every_key_is_read() {
        let text = "kubectl-version: 1.30\nfail-on: never\nselect: [mention, missing-command]\n\
                    ignore: [unused-exec]\nexclude: [old/]\nroles:\n- paths: [docs/]\n  \
                    role: documentation\n";
        for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("\u{feff}{text}")] {
            let config = read(&text).unwrap();
            // As a number, 1.30 would be 1.3.
            assert_eq!(
                config.target,
                Some(Target { first: Minor(30), last: Minor(30), unknown: None })
            );
            assert_eq!(config.fail_on, Some(FailOn::Never));
            assert_eq!(names(&config.select), ["mention", "missing-command"]);
            assert_eq!(names(&config.ignore), ["unused-exec"]);
            assert!(config.exclude.cover(Path::new("old/a")));
            assert_eq!(config.roles.roles.len(), 1);
        }
    }

    #[test]
    fn many_faults_are_told_in_order_but_not_without_end() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("c.yaml");
        let told = |text: &str| {
            fs::write(&path, text).unwrap();
            Config::read(&path, temporary.path()).unwrap_err()
        };
        let problems = told("roles: [{}]\nselect: x\nz: 1\n");
        let places: Vec<_> = problems.iter().map(|problem| &problem[..10]).collect();
        assert_eq!(places, ["c.yaml:1:9", "c.yaml:1:9", "c.yaml:2:9", "c.yaml:3:1"]);
        let problems = told(&(0..100).map(|n| format!("z{n}: 1\n")).collect::<String>());
        assert_eq!(problems.len(), MOST_TOLD + 1);
        assert_eq!(problems[MOST_TOLD], "c.yaml: and 90 more");
        let long = told(&format!("{}: 1", "é".repeat(500)));
        assert!(long[0].len() < 400, "{long:?}");
    }

    #[test]
    fn the_last_match_gives_the_role() {
        let temporary = tempfile::tempdir().unwrap();
        let current = fs::canonicalize(temporary.path()).unwrap();
        let text = "roles:\n- {paths: ['deploy/**', '*.tf'], role: live}\n\
                    - {paths: [deploy/test/, '!deploy/test/live.yaml'], role: test-data}\n\
                    - {paths: [/deploy/test/old/], role: history}\n";
        fs::write(current.join(NAMES[0]), text).unwrap();
        let roles = Config::read(Path::new(&current.join(NAMES[0])), &current).unwrap().roles;
        for (path, role) in [
            ("deploy/a", Some(Role::Live)),
            ("./deploy/a", Some(Role::Live)),
            ("x/a.tf", Some(Role::Live)),
            ("deploy/test/a.tf", Some(Role::TestData)),
            ("deploy/test/live.yaml", Some(Role::Live)),
            ("deploy/test/old/a/b", Some(Role::History)),
            ("x/deploy/test/a", None),
            ("a.yaml", None),
            ("../a.tf", None),
        ] {
            assert_eq!(roles.of(Path::new(path)), role, "{path}");
            let absolute = current.join(path);
            assert_eq!(roles.of(&absolute), role, "{}", absolute.display());
        }
    }

    #[test]
    fn what_cannot_be_read_is_a_fault() {
        let temporary = tempfile::tempdir().unwrap();
        let fault = |bytes: &[u8]| {
            let path = temporary.path().join("c.yaml");
            fs::write(&path, bytes).unwrap();
            Config::read(&path, temporary.path()).unwrap_err().remove(0)
        };
        assert_eq!(fault(b"# a\n# \xff"), "c.yaml:2:3: this is not UTF-8");
        assert_eq!(fault(b"\xff\xfea\0"), "c.yaml: it is UTF-16, and must be UTF-8");
        assert_eq!(fault(&[b'#'; (1 << 20) + 1]), "c.yaml: it is larger than 1 MiB");
        let folder = Config::read(Path::new("."), Path::new("/nowhere")).unwrap_err();
        assert_eq!(folder, [".: it is a directory, and must be a file"]);
        assert!(Config::read(Path::new("/nowhere/c"), Path::new("/nowhere")).is_err());
    }

    #[test]
    fn flags_win() {
        let temporary = tempfile::tempdir().unwrap();
        let path = temporary.path().join("c.yaml");
        let text = "kubectl-version: 1.24\nfail-on: note\nselect: [mention]\nignore: [unused-exec]\n\
                    exclude: [a]\n";
        fs::write(&path, text).unwrap();
        let settings = |flags: &[&str]| {
            let config = ["kubeconfig-lint", "--config", path.to_str().unwrap()];
            let cli = Cli::try_parse_from(config.iter().chain(flags)).unwrap();
            Settings::new(&cli, temporary.path()).unwrap()
        };
        let configured = settings(&[]);
        assert_eq!(configured.target.to_string(), "1.24");
        assert_eq!(configured.fail_on, FailOn::Note);
        assert_eq!(names(&configured.select), ["mention"]);
        assert_eq!(names(&configured.ignore), ["unused-exec"]);
        assert!(configured.shows_mentions);
        let flags = "--kubectl-version 1.30 --fail-on error --select missing-command \
                     --ignore unseen-exec --exclude b";
        let flagged = settings(&flags.split_whitespace().collect::<Vec<_>>());
        assert_eq!(flagged.target.to_string(), "1.30");
        assert_eq!(flagged.fail_on, FailOn::Error);
        assert_eq!(names(&flagged.select), ["missing-command"]);
        assert_eq!(names(&flagged.ignore), ["unseen-exec"]);
        assert!(!flagged.shows_mentions);
        for (settings, b) in [(configured, false), (flagged, true)] {
            assert!(settings.exclude.covers(Path::new("a")).is_some());
            assert_eq!(settings.exclude.covers(Path::new("b")).is_some(), b);
        }
    }

    #[test]
    fn the_current_directory_may_hold_one() {
        let temporary = tempfile::tempdir().unwrap();
        let current = temporary.path();
        let settings = |flags: &[&str]| {
            let cli = Cli::try_parse_from(["kubeconfig-lint"].iter().chain(flags)).unwrap();
            Settings::new(&cli, current).map(|settings| (settings.file, settings.fail_on))
        };
        assert_eq!(settings(&[]), Ok((None, FailOn::Warning)));
        for name in NAMES {
            fs::write(current.join(name), "fail-on: error").unwrap();
            assert_eq!(settings(&[]), Ok((Some(name.to_owned()), FailOn::Error)));
            assert_eq!(settings(&["--no-config"]), Ok((None, FailOn::Warning)));
            fs::remove_file(current.join(name)).unwrap();
        }
        NAMES.iter().for_each(|name| fs::write(current.join(name), "").unwrap());
        let both = "there are both .kubeconfig-lint.yaml and .kubeconfig-lint.yml; only one of \
                    them can count";
        assert_eq!(settings(&[]), Err(vec![both.to_owned()]));
        let named = current.join(NAMES[1]);
        assert!(settings(&["--config", named.to_str().unwrap()]).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_is_no_absence() {
        let temporary = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("nowhere", temporary.path().join(NAMES[0])).unwrap();
        let cli = Cli::try_parse_from(["kubeconfig-lint"]).unwrap();
        let told = Settings::new(&cli, temporary.path()).unwrap_err();
        assert_eq!(told, [".kubeconfig-lint.yaml: no such file or directory"]);
    }
}
