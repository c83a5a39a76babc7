//! The configuration file, `.kubeconfig-lint.yaml`, and how it combines with the flags.
//!
//! The flags come in; the [`Settings`] of a run go out, or errors with line and column.

use std::path::Path;

use crate::cli::{Cli, FailOn};
use crate::discover::exclude::Exclude;
use crate::discover::globs::{Folder, Globs};
use crate::discover::read::regular;
use crate::discover::shown_path;
use crate::finding::Severity;
use crate::finding::rule::Rule;
use crate::kubernetes::plugins::Declared;
use crate::kubernetes::target::Target;
use crate::role::Role;
use crate::rule::MENTION;
use crate::text::source::{Encoding, Source};

use file::{Fault, File, FileName, Reader};

pub(crate) use search::NAMES;
pub(crate) use unmatched::WrittenGlobs;

mod file;
mod search;
#[cfg(test)]
mod tests;
mod unmatched;

/// The JSON schema of the configuration file, for editors. A test keeps it equal to the keys.
pub(crate) const SCHEMA: &str = include_str!("../docs/config.schema.json");

/// Limit on the bytes of a configuration file.
const MAX_BYTES: u64 = 1 << 20;

/// Limit on the faults that are reported at once.
const MAX_MESSAGES: usize = 10;

/// The flags combined with the configuration file: everything that a run needs.
#[derive(Debug)]
pub(crate) struct Settings {
    /// The flags. `select` and `ignore` are those of the file if no flag is given.
    pub flags: Cli,
    /// The configuration file, as it is shown, if there is one.
    pub file: Option<String>,
    /// The folder of the configuration file that was found, which the paths in baselines are
    /// relative to; the default if none was found.
    pub root: Folder,
    /// The kubectl versions that will read the files.
    pub target: Target,
    /// The findings that make the exit status 1.
    pub fail_on: FailOn,
    /// The paths to leave out.
    pub exclude: Exclude,
    /// The roles of the files.
    pub roles: ByPath<Role>,
    /// The rules whose findings do not count in some files.
    pub ignored: ByPath<Vec<&'static Rule>>,
    /// The globs of the configuration file.
    pub globs: WrittenGlobs,
    /// A file that may be meant as the configuration file, but whose name is another.
    pub misnamed: Option<String>,
    /// Whether the baseline is the one that the configuration file names.
    pub has_own_baseline: bool,
    /// Whether the configuration file switches rules off, sets roles or names a baseline.
    pub narrows: bool,
    /// The least severity of the findings to report.
    pub min_severity: Severity,
    /// Whether to report mentions: either requested, or needed for the exit status.
    pub shows_mentions: bool,
}

impl Settings {
    /// Finds and reads the configuration file. Flags override it.
    ///
    /// # Errors
    /// Returns a message for each fault of the file or the flags.
    pub(crate) fn new(cli: Cli, current: &Path) -> Result<Self, Vec<String>> {
        let found = match &cli.config {
            None if !cli.no_config => search::find(&cli.paths, current),
            named => Ok(named.clone()),
        };
        let found = found.map_err(|message| vec![message])?;
        let exclude = Exclude::new(current, &cli.exclude)
            .map_err(|error| vec![format!("--exclude: {error}")]);
        let mut reader = Reader::default();
        let Some(path) = found else {
            let folders = Folders::default();
            let misnamed = if cli.no_config { None } else { search::misnamed(&cli.paths, current) };
            let settings = Self::combine(cli, exclude?, File::default(), folders, &mut reader);
            return Ok(Self { misnamed, ..settings });
        };
        let shown = shown_path(&path, current);
        let flag = if cli.config.is_some() { "--config: " } else { "" };
        let source = read(&path, &shown, flag).map_err(|message| vec![message])?;
        let messages = |faults| messages(faults, &source, &shown);
        let file = file::parse(source.text()).map_err(|fault| messages(vec![fault]))?;
        let folders = Folders::new(&path, cli.config_root.as_deref(), current)
            .map_err(|message| vec![message])?;
        let folder = folders.root.clone();
        let settings = Self::combine(cli, exclude?, file, folders, &mut reader);
        if !reader.faults.is_empty() {
            return Err(messages(reader.faults));
        }
        reader.globs.sort_unstable();
        let globs = reader.globs.into_iter();
        let globs = globs.map(|(at, glob)| (place(at, &source, &shown), glob)).collect();
        Ok(Self { file: Some(shown), globs: WrittenGlobs { folder, globs }, ..settings })
    }

    /// Combines the flags with the keys of the file. `reader` collects the faults of the file.
    fn combine(
        mut flags: Cli,
        exclude: Exclude,
        file: File,
        folders: Folders,
        reader: &mut Reader,
    ) -> Self {
        let folder = folders.root;
        let target = file.kubectl_version.and_then(|version| reader.value(version));
        let narrows = file.select.is_some()
            || file.ignore.is_some()
            || file.roles.is_some()
            || file.baseline.is_some();
        let mut target = flags.kubectl_version.clone().or(target).unwrap_or_default();
        let plugins = reader.list(file.plugins);
        let of_flags = flags.plugin_version.iter().copied();
        target.plugins = Declared(plugins.into_iter().chain(of_flags).collect());
        let fail_on = file.fail_on.and_then(|severity| reader.value(severity));
        let fail_on = flags.fail_on.or(fail_on).unwrap_or_default();
        let (select, ignore) = (reader.select(file.select), reader.list(file.ignore));
        if flags.select.is_empty() {
            flags.select = select;
        }
        if flags.ignore.is_empty() {
            flags.ignore = ignore;
        }
        let excluded = reader.globs(file.exclude.unwrap_or_default());
        let roles = reader.roles(file.roles.unwrap_or_default());
        let ignored = reader.per_path(file.per_path.unwrap_or_default());
        let implied = |severity| (severity == FailOn::Note).then_some(Severity::Note);
        let configured = file.min_severity.and_then(|severity| reader.value(severity));
        let min_severity = flags.min_severity.or(flags.show_notes.then_some(Severity::Note));
        let min_severity = min_severity.or(flags.fail_on.and_then(implied)).or(configured);
        let min_severity = min_severity.or(implied(fail_on)).unwrap_or(Severity::Warning);
        let fix_to = file.fix_to.and_then(|version| reader.value(version));
        flags.fix_to = flags.fix_to.or(fix_to);
        let baseline = file.baseline.and_then(|name| reader.value(name));
        let has_own_baseline =
            baseline.is_some() && flags.baseline.is_none() && flags.write_baseline.is_none();
        if has_own_baseline {
            flags.baseline = baseline.map(|FileName(name)| folders.own.join(&name));
        }
        let selects_mentions = flags.select.iter().any(|rule| **rule == MENTION);
        Self {
            file: None,
            root: if flags.config.is_none() || flags.config_root.is_some() {
                folder.clone()
            } else {
                Folder::default()
            },
            target,
            fail_on,
            narrows,
            min_severity,
            shows_mentions: flags.show_mentions
                || selects_mentions
                || (fail_on == FailOn::Note && min_severity == Severity::Note),
            exclude: exclude.and(folder.clone(), excluded),
            roles: ByPath { folder: folder.clone(), items: roles },
            ignored: ByPath { folder, items: ignored },
            globs: WrittenGlobs::default(),
            misnamed: None,
            has_own_baseline,
            flags,
        }
    }
}

/// The folders that a configuration file is about.
#[derive(Debug, Default)]
struct Folders {
    /// The folder of the file, which its baseline is relative to.
    own: Folder,
    /// The folder that its globs are relative to.
    root: Folder,
}

impl Folders {
    /// Returns the folders of the configuration file `path`; `root` is that of `--config-root`.
    ///
    /// # Errors
    /// Says that `root` is no folder: its globs would match nothing.
    fn new(path: &Path, root: Option<&Path>, current: &Path) -> Result<Self, String> {
        let own = Folder::of(path, current);
        let root = match root {
            None => own.clone(),
            Some(root) if current.join(root).is_dir() => Folder::of(&root.join(NAMES[0]), current),
            Some(root) => {
                return Err(format!(
                    "--config-root: {} is not a directory",
                    shown_path(root, current)
                ));
            }
        };
        Ok(Self { own, root })
    }
}

/// What holds for some files, by glob.
#[derive(Debug, Clone, Default)]
pub(crate) struct ByPath<T> {
    folder: Folder,
    items: Vec<(Globs, T)>,
}

impl<T> ByPath<T> {
    /// Returns what holds for a file, the last item first.
    pub(crate) fn of(&self, path: &Path) -> impl Iterator<Item = &T> {
        let path = if self.items.is_empty() { None } else { self.folder.relative(path) };
        path.into_iter().flat_map(|path| {
            let matching = self.items.iter().rev().filter(move |(globs, _)| globs.reach(&path));
            matching.map(|(_, value)| value)
        })
    }
}

/// Reads the text of a configuration file, which is UTF-8; `shown` is its path for messages, and
/// `flag` the flag that names it, if one does.
fn read(path: &Path, shown: &str, flag: &str) -> Result<Source, String> {
    if path.is_dir() {
        return Err(format!("{flag}{shown}: expected a file, found a directory"));
    }
    let bytes = regular(path, MAX_BYTES).map_err(|reason| format!("{flag}{shown}: {reason}"))?;
    let source = Source::new(path, bytes);
    if source.encoding() != Encoding::Utf8 {
        return Err(format!("{shown}: expected UTF-8, found UTF-16"));
    }
    match source.invalid_at() {
        Some(at) => Err(message((at, "invalid UTF-8".to_owned()), &source, shown)),
        None => Ok(source),
    }
}

/// Returns the messages for faults, sorted by location; `shown` is the path of the file.
fn messages(mut faults: Vec<Fault>, source: &Source, shown: &str) -> Vec<String> {
    faults.sort();
    faults.dedup();
    let more = faults.len().saturating_sub(MAX_MESSAGES);
    let more = (more > 0).then(|| format!("{shown}: and {more} more"));
    let shown_faults = faults.into_iter().take(MAX_MESSAGES);
    shown_faults.map(|fault| message(fault, source, shown)).chain(more).collect()
}

/// Returns the message for a fault, with its location.
fn message((at, message): Fault, source: &Source, shown: &str) -> String {
    format!("{}: {message}", place(at, source, shown))
}

/// Returns the location of a byte, as messages show it.
fn place(at: usize, source: &Source, shown: &str) -> String {
    // As in findings, a quoted scalar is located inside its quotes.
    let is_quoted = source.text().get(at..).is_some_and(|word| word.starts_with(['"', '\'']));
    let position = source.position(at + usize::from(is_quoted));
    format!("{shown}:{}:{}", position.line, position.column)
}
