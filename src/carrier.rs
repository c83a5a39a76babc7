//! The carriers: the ways in which a file holds an exec config, or what governs one. Each carrier
//! has one file.
//!
//! To add a carrier, write `src/carrier/NAME.rs` with a `CARRIER`, and add its name to the list
//! below. A carrier takes an [`Input`], which is a text with its trees and its context, and returns
//! a [`Reading`]: the [`Subject`]s for the rules, whose API versions claim their places in the
//! text, and the texts embedded in this one. It knows files but no rules.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use crate::carrier::input::Input;
use crate::language::Language;
use crate::model::Subject;
use crate::role::Role;
use crate::text::offsets::Mapped;
use crate::text::source::Span;

pub(crate) mod choice;
mod comment;
pub(crate) mod enclosing;
pub(crate) mod fallback;
pub(crate) mod heuristics;
pub(crate) mod input;
pub(crate) mod key;
mod settings;
mod uses;
pub(crate) mod vocabulary;

pub(crate) use kubeconfig::names_plugin;

/// A value that an exec API version in Terraform refers to, in any file of the module. Clones share
/// their texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// `var.NAME` or `local.NAME`, or `provider.NAME` if v1 requires a release of the provider that
    /// supports it.
    pub name: Arc<str>,
    /// The command and the arguments of the exec config that takes its version from the value;
    /// `None` if only the word after the group comes from the value.
    pub command_line: Option<Arc<[String]>>,
}

/// What a carrier found.
#[derive(Default)]
pub(crate) struct Reading<'a> {
    /// The subjects for the rules, in the order of the file.
    pub subjects: Vec<Subject>,
    /// The subjects after these, if they are not all read at once.
    pub unread: Option<Unread<'a>>,
    /// The number of kubeconfigs found.
    pub kubeconfigs: usize,
    /// Embedded texts, to be read as texts of their own.
    pub texts: Vec<Embedded>,
    /// The references that exec API versions make here.
    pub references: Vec<Reference>,
    /// The Terraform variables and locals that hold exec API versions here.
    pub declared: Vec<String>,
    /// The places that were understood and hold nothing but mentions.
    pub done: Vec<Span>,
    /// Why a file that belongs to the carrier could not be read, without a full stop.
    pub skipped: Option<String>,
    /// The limits that left a part of the text unread, without a full stop.
    pub limits: Vec<String>,
    /// What must happen to the file before kubectl reads it.
    pub preprocessing: Option<Preprocessing>,
}

/// Subjects that are read one at a time, each when it is judged: a text may have one for every few
/// bytes.
pub(crate) struct Unread<'a> {
    /// Whether one of them concerns a credential plugin or an auth provider.
    pub has_plugin: bool,
    pub subjects: Box<dyn Iterator<Item = Subject> + 'a>,
}

/// What must happen to a file before kubectl reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Preprocessing {
    /// A template engine renders it.
    Rendered,
    /// SOPS decrypts it.
    Decrypted,
}

impl Preprocessing {
    /// Returns the word that completes "once …".
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Rendered => "rendered",
            Self::Decrypted => "decrypted",
        }
    }
}

/// A text embedded in another: in a string, a heredoc, a fence or base64.
#[derive(Debug)]
pub(crate) struct Embedded {
    /// The text, with the origin of its bytes.
    pub content: Mapped,
    /// The language of the text.
    pub language: Language,
    /// The role of the text, judging by the enclosing syntax.
    pub role: Role,
    /// Whether the text was base64: then no place in it can be shown. It is fixed only if encoding
    /// it again gives exactly the bytes of its place: on one line, or wrapped at one width.
    pub base64: bool,
    /// The bytes of the text if they are not valid UTF-8.
    pub raw: Option<Vec<u8>>,
    /// Whether the text is the value of `KUBERNETES_EXEC_INFO`.
    pub is_request: bool,
}

impl Embedded {
    /// Creates a text of unknown kind.
    pub(crate) fn new(content: Mapped) -> Self {
        let (language, role) = (Language::Data, Role::Live);
        Self { content, language, role, base64: false, raw: None, is_request: false }
    }
}

/// A carrier: its name, and how it reads.
pub(crate) struct Carrier {
    /// The name in reports.
    pub name: &'static str,
    /// Whether a file may belong to the carrier by its name. Other files are read only if their
    /// bytes show signs of an exec config.
    pub is_named: fn(&Path) -> bool,
    /// Whether a file with such a name is worth parsing, judging by its bytes.
    pub is_promising: fn(&[u8]) -> bool,
    /// Reads a file. Returns an empty [`Reading`] if the file does not belong to the carrier.
    pub read: for<'a> fn(&'a Input<'_>) -> Reading<'a>,
}

impl Carrier {
    /// Creates a carrier that knows files only by what they hold.
    const fn new(name: &'static str, read: for<'a> fn(&'a Input<'_>) -> Reading<'a>) -> Self {
        Self { name, is_named: |_| false, is_promising: |_| true, read }
    }
}

/// Returns whether a carrier knows the file by its name.
pub(crate) fn is_named(path: &Path) -> bool {
    CARRIERS.iter().any(|carrier| (carrier.is_named)(path))
}

/// Returns whether a carrier reads the file because of its name, and of its bytes if they matter.
pub(crate) fn is_of_interest(path: &Path, bytes: &[u8]) -> bool {
    let is_read = |carrier: &Carrier| (carrier.is_named)(path) && (carrier.is_promising)(bytes);
    CARRIERS.iter().any(|carrier| is_read(carrier))
}

/// Lists the carriers, in the order in which they run: the special before the general, because
/// later ones leave alone what an earlier one explained.
macro_rules! carriers {
    ($($module:ident),+ $(,)?) => {
        $(pub(crate) mod $module;)+
        /// All carriers, in the order in which they run.
        pub(crate) static CARRIERS: LazyLock<Vec<&'static Carrier>> =
            LazyLock::new(|| vec![$(&$module::CARRIER),+]);
    };
}

carriers![
    kubeconfig,
    exec_credential,
    kuberc,
    documentation,
    terraform,
    exec_config,
    base64,
    heredoc,
    pattern,
];

/// The name in reports for occurrences that no carrier claims.
pub(crate) const TEXT: &str = "text";

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::text::source::Source;

    #[test]
    fn every_carrier_finds_something_in_a_case() {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        if !tests.is_dir() {
            return; // The published crate has no cases.
        }
        let mut never: Vec<_> = CARRIERS.iter().collect();
        let mut folders = vec![tests.join("cases")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let source = Source::new(&path, fs::read(&path).unwrap());
                let input = Input::new(&source);
                never.retain(|carrier| {
                    let mut reading = (carrier.read)(&input);
                    let mut unread =
                        reading.unread.iter_mut().flat_map(|unread| &mut unread.subjects);
                    reading.subjects.is_empty()
                        && reading.texts.is_empty()
                        && unread.next().is_none()
                });
            }
        }
        let never: Vec<_> = never.iter().map(|carrier| carrier.name).collect();
        assert!(never.is_empty(), "no file of tests/cases holds {never:?}");
    }
}
