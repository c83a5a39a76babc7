//! The keys of the configuration file as serde reads them, and the words for what is wrong with
//! it.
//!
//! To add a key, add a field to [`File`] and use it in `Settings`. Editors and the man page show
//! the doc comment of the field.

use serde::{Deserialize, Deserializer};
use serde_saphyr::{
    DuplicateKeyPolicy, Error, MergeKeyPolicy, MessageFormatter, Spanned, UserMessageFormatter,
};

use crate::cli::FailOn;
use crate::discover::globs::{Builder, Globs};
use crate::finding::rule::Rule;
use crate::kubernetes::version::Target;
use crate::role::Role;
use crate::rule::{self, RULES};
use crate::text::suggest::meant_by;

/// Limit on the globs of a file. Nobody writes more, and each takes memory; with aliases, a short
/// file may have millions.
const MAX_GLOBS: usize = 10_000;

/// Limit on the values of a file, with those that aliases stand for.
const MAX_VALUES: usize = 50_000;

/// What .kubeconfig-lint.yaml may say.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct File {
    /// The kubectl that will read the files: one release, or a range, every version of which must
    /// accept them. --kubectl-version replaces it.
    pub(super) kubectl_version: Option<Value<Target>>,
    /// The least severity that makes the exit status 1; `warning` where it is not said. --fail-on
    /// replaces it.
    pub(super) fail_on: Option<Value<FailOn>>,
    /// Only these rules are applied; all where it is absent or empty. --select replaces it.
    pub(super) select: Option<Vec<Value<&'static Rule>>>,
    /// These rules are not applied. --ignore replaces it.
    pub(super) ignore: Option<Vec<Value<&'static Rule>>>,
    /// What is left out, by globs as in a .gitignore in the folder of this file. Files given by
    /// name are checked all the same, unless --force-exclude is given. --exclude adds to it.
    #[cfg_attr(test, schemars(length(max = MAX_GLOBS)))]
    pub(super) exclude: Option<Vec<Value<Glob>>>,
    /// What files are there for, where their paths do not tell it. Of several items that match a
    /// file the last counts.
    pub(super) roles: Option<Vec<RoleItem>>,
}

/// An item of `roles`.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct RoleItem {
    /// The files, by globs as in a .gitignore in the folder of this file.
    #[cfg_attr(test, schemars(length(max = MAX_GLOBS)))]
    paths: Vec<Value<Glob>>,
    /// `live`: findings are as severe as their rules say. `documentation`: they are warnings at
    /// most. The others: notes.
    role: Value<Role>,
}

/// A glob as in a .gitignore.
#[derive(Debug)]
pub(super) struct Glob(String);

/// A word of the file, and what it means or why it means nothing.
#[derive(Debug)]
pub(super) struct Value<T> {
    /// The byte at which it begins.
    at: usize,
    read: Result<T, String>,
}

impl<'de, T: Word> Deserialize<'de> for Value<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As a number, 1.30 would be 1.3.
        let text = Spanned::<String>::deserialize(deserializer)?;
        let at = text.defined.span().byte_offset().unwrap_or_default();
        Ok(Self { at: usize::try_from(at).unwrap_or_default(), read: T::read(&text.value) })
    }
}

/// A type that a word of the file stands for.
pub(super) trait Word: Sized {
    /// Reads the word.
    ///
    /// # Errors
    /// Says why the word means nothing.
    fn read(word: &str) -> Result<Self, String>;
}

impl Word for Target {
    fn read(word: &str) -> Result<Self, String> {
        word.parse()
    }
}

impl Word for Glob {
    fn read(word: &str) -> Result<Self, String> {
        Ok(Self(word.to_owned()))
    }
}

impl Word for FailOn {
    fn read(word: &str) -> Result<Self, String> {
        one_of("fail-on", word, &Self::ALL, Self::as_str)
    }
}

impl Word for Role {
    fn read(word: &str) -> Result<Self, String> {
        one_of("role", word, &Self::ALL, Self::as_str)
    }
}

impl Word for &'static Rule {
    fn read(word: &str) -> Result<Self, String> {
        rule::find(word).ok_or_else(|| {
            let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
            no_such("rule", word, &names, "see --list-rules")
        })
    }
}

/// Reads one of a few words.
fn one_of<T: Copy>(
    what: &str,
    word: &str,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, String> {
    let names: Vec<_> = all.iter().map(|one| name(*one)).collect();
    let found = all.iter().zip(&names).find(|(_, name)| **name == word);
    found
        .map(|(one, _)| *one)
        .ok_or_else(|| no_such(what, word, &names, &format!("write one of {}", names.join(", "))))
}

/// A fault: the byte at which it begins, and what is wrong there.
pub(super) type Fault = (usize, String);

/// Takes the values out of a [`File`], and collects the faults.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) faults: Vec<Fault>,
    /// How many globs were read.
    globs: usize,
}

impl Reader {
    /// Returns what a word means.
    pub(super) fn value<T>(&mut self, value: Value<T>) -> Option<T> {
        value.read.map_err(|reason| self.faults.push((value.at, reason))).ok()
    }

    /// Returns what the words of a list mean.
    pub(super) fn list<T>(&mut self, values: Option<Vec<Value<T>>>) -> Vec<T> {
        values.into_iter().flatten().filter_map(|value| self.value(value)).collect()
    }

    /// Compiles globs.
    pub(super) fn globs(&mut self, globs: Vec<Value<Glob>>) -> Globs {
        let begin = globs.first().map_or(0, |glob| glob.at);
        let mut builder = Builder::default();
        for glob in globs {
            let at = glob.at;
            self.globs += 1;
            if self.globs > MAX_GLOBS {
                self.faults.push((at, format!("there are more than {MAX_GLOBS} globs")));
                break;
            }
            let Some(Glob(glob)) = self.value(glob) else { continue };
            if let Err(reason) = builder.add(&glob) {
                self.faults.push((at, format!("{} is no glob: {reason}", quoted(&glob))));
            }
        }
        builder.build().unwrap_or_else(|reason| {
            self.faults.push((begin, format!("these globs cannot be compiled: {reason}")));
            Globs::default()
        })
    }

    /// Returns the roles of files.
    pub(super) fn roles(&mut self, items: Vec<RoleItem>) -> Vec<(Globs, Role)> {
        let mut roles = Vec::new();
        for item in items {
            let globs = self.globs(item.paths);
            roles.extend(self.value(item.role).map(|role| (globs, role)));
            if self.globs > MAX_GLOBS {
                break;
            }
        }
        roles
    }
}

/// Reads the text of a configuration file. What is wrong with a single word is left to [`Reader`].
///
/// # Errors
/// Returns the first place that is not YAML or not as the keys have it.
pub(super) fn parse(text: &str) -> Result<File, Fault> {
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_nodes: MAX_VALUES },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::AsOrdinary,
        reject_unsupported_tags: true,
        with_snippet: false,
    };
    let file: Result<Option<File>, Error> = serde_saphyr::from_str_with_options(text, options);
    file.map(Option::unwrap_or_default).map_err(|error| (place(&error, text), words(&error)))
}

/// Returns the byte at which a fault begins.
fn place(error: &Error, text: &str) -> usize {
    let Some(span) = error.location().map(|location| location.span()) else { return 0 };
    let byte = span.byte_offset().and_then(|at| usize::try_from(at).ok());
    let at = byte.unwrap_or_else(|| {
        let character = usize::try_from(span.offset()).unwrap_or_default();
        text.char_indices().nth(character).map_or(text.len(), |(at, _)| at)
    });
    match error {
        // The place is that of the value behind the tag.
        Error::UnsupportedTag { .. } => {
            text.get(..at).and_then(|text| text.rfind('!')).unwrap_or(at)
        }
        _ => at,
    }
}

/// Says what is wrong with the file.
fn words(error: &Error) -> String {
    match error {
        Error::AliasError { error, .. } | Error::WithSnippet { error, .. } => words(error),
        Error::SerdeUnknownField { field, expected, .. } => {
            no_such("key", field, expected, &format!("the keys are {}", expected.join(", ")))
        }
        Error::SerdeMissingField { field, .. } => format!("`{field}` is missing"),
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            format!("{} stands here again", quoted(key))
        }
        Error::MultipleDocuments { .. } => {
            "a second document begins; the configuration is one".to_owned()
        }
        Error::UnknownAnchor { .. } => "there is no anchor for this alias; what begins with `*` \
                                        must stand in quotes"
            .to_owned(),
        Error::UnsupportedTag { tag, .. } => {
            format!("{} is a tag to YAML; put a glob in quotes", quoted(tag))
        }
        Error::NullIntoString { .. } => "this is empty, and must be a word".to_owned(),
        Error::Unexpected { expected: "mapping start", .. } => "this must be a mapping".to_owned(),
        Error::Unexpected { expected: "sequence start", .. } => "this must be a list".to_owned(),
        Error::Unexpected { expected: "string scalar", .. } => "this must be a word".to_owned(),
        Error::Budget { .. } => "there is too much in this file".to_owned(),
        _ => format!("this is no YAML: {}", UserMessageFormatter.format_message(error)),
    }
}

/// Quotes a word of the file for a message, clipped.
fn quoted(word: &str) -> String {
    const MOST: usize = 80;
    match word.char_indices().nth(MOST) {
        Some((end, _)) => format!("`{}…`", word.get(..end).unwrap_or("")),
        None => format!("`{word}`"),
    }
}

/// Says that a word is not one of the names, and suggests the one that was probably meant.
fn no_such(what: &str, word: &str, names: &[&'static str], otherwise: &str) -> String {
    let meant = meant_by(word, names).map(|name| format!("did you mean `{name}`?"));
    format!("there is no such {what} {}; {}", quoted(word), meant.as_deref().unwrap_or(otherwise))
}
