//! The configuration file, `.kubeconfig-lint.yaml`, and how it combines with the flags.

use std::path::Path;

use crate::cli::{Cli, FailOn};
use crate::discover::exclude::Exclude;
use crate::discover::globs::{Folder, Globs};
use crate::discover::read::regular;
use crate::discover::shown_path;
use crate::finding::Severity;
use crate::finding::rule::Rule;
use crate::kubernetes::version::Target;
use crate::role::Role;
use crate::rule::MENTION;
use crate::text::source::{Encoding, Source};

use file::{Fault, File, Reader};

pub(crate) use search::NAMES;

mod file;
mod search;
#[cfg(test)]
mod tests;

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
    /// The kubectl versions that will read the files.
    pub target: Target,
    /// The findings that make the exit status 1.
    pub fail_on: FailOn,
    /// The paths to leave out.
    pub exclude: Exclude,
    /// The roles of the files.
    pub roles: Roles,
    /// The least severity of the findings to report.
    min_severity: Severity,
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
            let (file, folder) = (File::default(), Folder::default());
            return Ok(Self::combine(cli, exclude?, file, folder, &mut reader));
        };
        let shown = shown_path(&path, current);
        let source = read(&path, &shown).map_err(|message| vec![message])?;
        let messages = |faults| messages(faults, &source, &shown);
        let file = file::parse(source.text()).map_err(|fault| messages(vec![fault]))?;
        let folder = Folder::of(&path, current);
        let settings = Self::combine(cli, exclude?, file, folder, &mut reader);
        if !reader.faults.is_empty() {
            return Err(messages(reader.faults));
        }
        Ok(Self { file: Some(shown), ..settings })
    }

    /// Combines the flags with the keys of the file. `reader` collects the faults of the file.
    fn combine(
        mut flags: Cli,
        exclude: Exclude,
        file: File,
        folder: Folder,
        reader: &mut Reader,
    ) -> Self {
        let target = file.kubectl_version.and_then(|version| reader.value(version));
        let fail_on = file.fail_on.and_then(|severity| reader.value(severity));
        let fail_on = flags.fail_on.or(fail_on).unwrap_or_default();
        let (select, ignore) = (reader.list(file.select), reader.list(file.ignore));
        if flags.select.is_empty() {
            flags.select = select;
        }
        if flags.ignore.is_empty() {
            flags.ignore = ignore;
        }
        let excluded = reader.globs(file.exclude.unwrap_or_default());
        let roles = reader.roles(file.roles.unwrap_or_default());
        let shows_notes = flags.show_notes || fail_on == FailOn::Note;
        flags.show_mentions |= fail_on == FailOn::Note;
        Self {
            file: None,
            target: flags.kubectl_version.or(target).unwrap_or_default(),
            fail_on,
            min_severity: if shows_notes { Severity::Note } else { Severity::Warning },
            exclude: exclude.and(folder.clone(), excluded),
            roles: Roles { folder, roles },
            flags,
        }
    }
}

impl Settings {
    /// Whether the run reports findings of a rule with that severity, rather than counting them.
    /// Mentions and notes need a flag, unless `select` names their rule.
    pub(crate) fn reports(&self, rule: &'static Rule, severity: Severity) -> bool {
        let is_chosen = rule.severity == Severity::Note && self.flags.select.contains(&rule);
        let is_asked_for = match *rule == MENTION {
            true => self.flags.show_mentions,
            false => severity >= self.min_severity,
        };
        is_chosen || is_asked_for
    }
}

/// The roles of files, by glob.
#[derive(Debug, Clone, Default)]
pub(crate) struct Roles {
    folder: Folder,
    roles: Vec<(Globs, Role)>,
}

impl Roles {
    /// Returns the role of a file by the last match; `None` if nothing matches.
    pub(crate) fn of(&self, path: &Path) -> Option<Role> {
        if self.roles.is_empty() {
            return None;
        }
        let path = self.folder.relative(path)?;
        let last = self.roles.iter().rev().find(|(globs, _)| globs.reach(&path));
        last.map(|(_, role)| *role)
    }
}

/// Reads the text of a configuration file, which is UTF-8; `shown` is its path for messages.
fn read(path: &Path, shown: &str) -> Result<Source, String> {
    if path.is_dir() {
        return Err(format!("{shown}: it is a directory, and must be a file"));
    }
    let bytes = regular(path, MAX_BYTES).map_err(|reason| format!("{shown}: {reason}"))?;
    let source = Source::new(path, bytes);
    if source.encoding() != Encoding::Utf8 {
        return Err(format!("{shown}: it is UTF-16, and must be UTF-8"));
    }
    match source.invalid_at() {
        Some(at) => Err(message((at, "this is not UTF-8".to_owned()), &source, shown)),
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
    // As in findings, a quoted scalar is located inside its quotes.
    let is_quoted = source.text().get(at..).is_some_and(|word| word.starts_with(['"', '\'']));
    let position = source.position(at + usize::from(is_quoted));
    format!("{shown}:{}:{}: {message}", position.line, position.column)
}
