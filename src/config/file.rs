//! Deserializes the text of a configuration file into [`File`], and explains its faults.
//!
//! To add a key, add a field to [`File`] and use it in `Settings`. The doc comment of the field is
//! its description in the JSON schema and in the man page.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_saphyr::{
    DuplicateKeyPolicy, Error, Location, MergeKeyPolicy, MessageFormatter, Spanned,
    UserMessageFormatter,
};

use crate::cli::{FailOn, FixTo};
use crate::discover::globs::{Builder, Globs};
use crate::finding::Severity;
use crate::finding::rule::Rule;
use crate::kubernetes::plugins::PluginReleases;
use crate::kubernetes::target::Target;
use crate::role::Role;
use crate::rule::{self, RULES};
use crate::text::suggest::did_you_mean;

/// Limit on the globs of a file. Nobody writes more, and each takes memory; with aliases, a short
/// file may have millions.
const MAX_GLOBS: usize = 10_000;

/// Limit on the YAML nodes of a file, counting the target of each alias.
const MAX_NODES: usize = 50_000;

/// The settings of kubeconfig-lint.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    /// The kubectl version to check against: one release, or a range, every version of which must
    /// accept the files; or the same of another program with client-go, such as helm@3.8-3.12.
    /// --kubectl-version overrides it.
    pub(super) kubectl_version: Option<Value<Target>>,
    /// The releases of plugins that are in use, such as `aws-cli=1.22`. --plugin-version overrides
    /// them.
    pub(super) plugins: Option<Vec<Value<PluginReleases>>>,
    /// The lowest severity that makes the exit status 1 (default: `warning`). --fail-on overrides
    /// it.
    pub(super) fail_on: Option<Value<FailOn>>,
    /// The lowest severity to report and fix: `error`, `warning` or `note` (default: `warning`).
    /// Findings below it are only counted. --min-severity overrides it.
    pub(super) min_severity: Option<Value<Severity>>,
    /// The rules to apply (default: all), at least one. --select overrides it.
    #[cfg_attr(test, schemars(with = "Option<Vec<Value<&'static Rule>>>", length(min = 1)))]
    pub(super) select: Option<Spanned<Vec<Value<&'static Rule>>>>,
    /// The rules to skip. --ignore overrides it.
    pub(super) ignore: Option<Vec<Value<&'static Rule>>>,
    /// Rules to ignore in some files. If several items match a file, all of them apply.
    pub(super) per_path: Option<Vec<PathItem>>,
    /// The files to skip, as globs that work like lines of a .gitignore in the directory of this
    /// file. Files given by name are checked anyway, unless --force-exclude is given. --exclude adds
    /// to it.
    #[cfg_attr(test, schemars(length(max = MAX_GLOBS)))]
    pub(super) exclude: Option<Vec<Value<Glob>>>,
    /// The purpose of files whose paths do not show it. If several items match a file, the last
    /// one applies.
    pub(super) roles: Option<Vec<RoleItem>>,
    /// The baseline, whose findings are hidden, relative to the directory of this file. --baseline
    /// and --write-baseline override it.
    pub(super) baseline: Option<Value<FileName>>,
    /// The version that --fix writes if both the plugin and kubectl accept it. --fix-to overrides
    /// it.
    pub(super) fix_to: Option<Value<FixTo>>,
}

/// An item of `roles`.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RoleItem {
    /// The files, as globs that work like lines of a .gitignore in the directory of this file.
    #[cfg_attr(test, schemars(length(max = MAX_GLOBS)))]
    paths: Vec<Value<Glob>>,
    /// `live`: findings are as severe as their rules say. `documentation`: findings are warnings at
    /// most. Others: findings are notes.
    role: Value<Role>,
}

/// An item of `per-path`.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct PathItem {
    /// The files, as globs that work like lines of a .gitignore in the directory of this file.
    #[cfg_attr(test, schemars(length(max = MAX_GLOBS)))]
    paths: Vec<Value<Glob>>,
    /// The rules to ignore in these files.
    ignore: Vec<Value<&'static Rule>>,
}

/// A glob as in a .gitignore.
#[derive(Debug)]
pub(super) struct Glob(String);

/// The name of a file.
#[derive(Debug)]
pub(super) struct FileName(pub(super) String);

/// A scalar of the file, parsed as a `T`. Parse errors are kept, so that all of them are reported.
#[derive(Debug)]
pub(super) struct Value<T> {
    /// Byte offset in the file.
    at: usize,
    parsed: Result<T, String>,
}

impl<'de, T: Scalar> Deserialize<'de> for Value<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A string, not a number: 1.30 is not 1.3.
        let text = Spanned::<String>::deserialize(deserializer)?;
        Ok(Self { at: start_of(text.defined), parsed: T::parse(&text.value) })
    }
}

/// Returns the byte offset of a location.
fn start_of(location: Location) -> usize {
    let at = location.span().byte_offset().unwrap_or_default();
    usize::try_from(at).unwrap_or_default()
}

/// A type with a scalar representation in the file.
pub(super) trait Scalar: Sized {
    /// Parses the text of a scalar.
    ///
    /// # Errors
    /// Returns the message to show.
    fn parse(text: &str) -> Result<Self, String>;
}

impl Scalar for Target {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
    }
}

impl Scalar for PluginReleases {
    fn parse(text: &str) -> Result<Self, String> {
        text.parse()
    }
}

impl Scalar for Glob {
    fn parse(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
}

impl Scalar for FileName {
    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("missing value".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

impl Scalar for Severity {
    fn parse(text: &str) -> Result<Self, String> {
        one_of("severity", text, &Self::ALL, Self::as_str)
    }
}

impl Scalar for FixTo {
    fn parse(text: &str) -> Result<Self, String> {
        one_of("API version", text, &Self::ALL, Self::as_str)
    }
}

impl Scalar for FailOn {
    fn parse(text: &str) -> Result<Self, String> {
        one_of("severity", text, &Self::ALL, Self::as_str)
    }
}

impl Scalar for Role {
    fn parse(text: &str) -> Result<Self, String> {
        one_of("role", text, &Self::ALL, Self::as_str)
    }
}

impl Scalar for &'static Rule {
    fn parse(text: &str) -> Result<Self, String> {
        rule::find(text).ok_or_else(|| {
            let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
            no_such("rule", text, &names, "see --list-rules")
        })
    }
}

/// Parses one of a few words.
fn one_of<T: Copy>(
    what: &str,
    word: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, String> {
    let names: Vec<_> = all.iter().map(|one| name(*one)).collect();
    let found = all.iter().zip(&names).find(|(_, name)| **name == word);
    found.map(|(one, _)| *one).ok_or_else(|| {
        no_such(what, word, &names, &format!("expected one of {}", names.join(", ")))
    })
}

/// The byte offset of a fault, and the message to show.
pub(super) type Fault = (usize, String);

/// Takes the parsed values out of a [`File`], and collects the faults.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) faults: Vec<Fault>,
    /// The globs so far.
    pub(super) globs: Vec<(usize, String)>,
}

impl Reader {
    /// Returns the parsed value; `None` if it is invalid.
    pub(super) fn value<T>(&mut self, value: Value<T>) -> Option<T> {
        value.parsed.map_err(|reason| self.faults.push((value.at, reason))).ok()
    }

    /// Returns the valid items of a list.
    pub(super) fn list<T>(&mut self, values: Option<Vec<Value<T>>>) -> Vec<T> {
        values.into_iter().flatten().filter_map(|value| self.value(value)).collect()
    }

    /// Returns the rules to apply.
    pub(super) fn select(
        &mut self,
        rules: Option<Spanned<Vec<Value<&'static Rule>>>>,
    ) -> Vec<&'static Rule> {
        let Some(Spanned { value: rules, defined, .. }) = rules else { return Vec::new() };
        if rules.is_empty() {
            let reason = "an empty list selects no rule: name one, or remove the key";
            self.faults.push((start_of(defined), reason.to_owned()));
        }
        self.list(Some(rules))
    }

    /// Compiles globs.
    pub(super) fn globs(&mut self, globs: Vec<Value<Glob>>) -> Globs {
        let begin = globs.first().map_or(0, |glob| glob.at);
        let mut builder = Builder::default();
        for glob in globs {
            let at = glob.at;
            let Some(Glob(glob)) = self.value(glob) else { continue };
            if let Err(reason) = builder.add(&glob) {
                self.faults.push((at, format!("invalid glob {}: {reason}", quoted(&glob))));
            }
            self.globs.push((at, glob));
            if self.globs.len() > MAX_GLOBS {
                self.faults.push((at, format!("more than {MAX_GLOBS} globs")));
                break;
            }
        }
        builder.build().unwrap_or_else(|reason| {
            self.faults.push((begin, format!("invalid globs: {reason}")));
            Globs::default()
        })
    }

    /// Compiles the valid items of `roles`.
    pub(super) fn roles(&mut self, items: Vec<RoleItem>) -> Vec<(Globs, Role)> {
        let mut roles = Vec::new();
        for item in items {
            let globs = self.globs(item.paths);
            roles.extend(self.value(item.role).map(|role| (globs, role)));
            if self.globs.len() > MAX_GLOBS {
                break;
            }
        }
        roles
    }

    /// Compiles the valid items of `per-path`.
    pub(super) fn per_path(&mut self, items: Vec<PathItem>) -> Vec<(Globs, Vec<&'static Rule>)> {
        let mut ignored = Vec::new();
        for item in items {
            ignored.push((self.globs(item.paths), self.list(Some(item.ignore))));
            if self.globs.len() > MAX_GLOBS {
                break;
            }
        }
        ignored
    }
}

/// Deserializes the text of a configuration file.
///
/// # Errors
/// Returns the first syntax error; else the first unknown key or value of the wrong type. [`Reader`]
/// reports invalid scalars.
pub(super) fn parse(text: &str) -> Result<File, Fault> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_nodes: MAX_NODES },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    let file: Result<Option<File>, Error> =
        serde_saphyr::from_str_with_options(text, options.clone());
    file.map(Option::unwrap_or_default).map_err(|error| {
        // What looks like an unknown key may come from the syntax error behind it.
        let syntax = serde_saphyr::from_str_with_options::<IgnoredAny>(text, options);
        let error = syntax.err().unwrap_or(error);
        (offset(&error, text), message(&error))
    })
}

/// Returns the byte offset of an error.
fn offset(error: &Error, text: &str) -> usize {
    let Some(span) = error.location().map(|location| location.span()) else { return 0 };
    let byte = span.byte_offset().and_then(|at| usize::try_from(at).ok());
    let at = byte.unwrap_or_else(|| {
        let character = usize::try_from(span.offset()).unwrap_or_default();
        text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
    });
    match error {
        // The error is located at the value after the tag.
        Error::UnsupportedTag { .. } => {
            text.get(..at).and_then(|text| text.rfind('!')).unwrap_or(at)
        }
        _ => at,
    }
}

/// Returns the message for an error, without its location.
fn message(error: &Error) -> String {
    match error {
        Error::AliasError { error, .. } | Error::WithSnippet { error, .. } => message(error),
        Error::SerdeUnknownField { field, expected, .. } => {
            no_such("key", field, expected, &format!("expected one of {}", expected.join(", ")))
        }
        Error::SerdeMissingField { field, .. } => format!("missing key `{field}`"),
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            format!("duplicate key {}", quoted(key))
        }
        Error::MultipleDocuments { .. } => "only one document is allowed".to_owned(),
        Error::UnknownAnchor { .. } => {
            "unknown alias; quote a glob that begins with `*`".to_owned()
        }
        Error::UnsupportedTag { tag, .. } => {
            format!("YAML reads {} as a tag; quote a glob that begins with `!`", quoted(tag))
        }
        Error::NullIntoString { .. } => "missing value".to_owned(),
        Error::Unexpected { expected: "mapping start", .. } => {
            "expected a map (`key: value`)".to_owned()
        }
        Error::Unexpected { expected: "sequence start", .. } => {
            "expected a list: write `[a, b]`, or each item on its own line after `-`".to_owned()
        }
        Error::Unexpected { expected: "string scalar", .. } => {
            "expected one value, not a list or a map (a range of versions: `1.28-1.30`)".to_owned()
        }
        Error::Budget { .. } => {
            format!("more than {MAX_NODES} values, or values nested too deep")
        }
        _ => format!("invalid YAML: {}", UserMessageFormatter.format_message(error)),
    }
}

/// Quotes a word of the file for a message, clipped.
fn quoted(word: &str) -> String {
    const MAX_CHARS: usize = 80;
    match word.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("`{}…`", word.get(..end).unwrap_or("")),
        None => format!("`{word}`"),
    }
}

/// Says that a word is not one of the names, and suggests the one that was probably meant.
fn no_such(what: &str, word: &str, names: &[&str], otherwise: &str) -> String {
    format!("unknown {what} {}; {}", quoted(word), did_you_mean(word, names, otherwise))
}
