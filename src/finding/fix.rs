//! Fixes as data: a [`Fix`] is a set of edits that belong together, all of which are made or none,
//! and a [`Remedy`] is what a rule wants written.

use crate::finding::change::Edit;
use crate::kubernetes::api_versions::ApiVersion;
use crate::text::source::Span;

use super::change::Change;

/// Whether a fix may be made without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// It is what the message advises, but something about it was not seen: which plugin answers,
    /// or what reads the value. `--unsafe-fixes` makes it.
    Unsafe,
    /// The structure was parsed, and the plugin is known to answer what is written. `--fix` makes
    /// it.
    Safe,
}

impl Applicability {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }
}

/// Changes that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, such as ``write `v1beta1` ``, without a full stop.
    pub message: String,
    /// The changes, sorted, apart from each other.
    pub changes: Vec<Change>,
    /// Whether it may be made without asking.
    pub applicability: Applicability,
    /// What must be true of the plugin then, in a sentence without a full stop; `None` where
    /// every release of it does.
    pub needs: Option<String>,
    /// What they mean to change of what the file decodes to.
    pub wanted: Wanted,
}

impl Fix {
    /// The edits of the file that this fix makes when it is made alone; `None` where it changes
    /// base64, whose text no report may show.
    pub fn edits(&self) -> Option<Vec<&Edit>> {
        self.changes.iter().map(Change::as_edit).collect()
    }
}

/// What is to be written, before anybody has looked at how the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// This API version, in place of the one that is there, or of none.
    ApiVersion(&'static ApiVersion),
    /// An `interactiveMode`, where there is none.
    InteractiveMode,
    /// This API version, in the copy of it that stands at the finding's place.
    Copy(&'static ApiVersion),
    /// JSON as the output of the plugin, where the finding's place asks for something else.
    Json,
}

/// A use of a value: where it is written, and the outermost alias by which it comes to its place.
pub(crate) type Use = (Span, Option<Span>);

/// What a fix means to change, in the text in which its finding was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The number of that text among the texts of its file.
    pub(crate) text: usize,
    /// The `apiVersion` that is written anew.
    pub(crate) version: Option<Use>,
    /// The `command` beside it.
    pub(crate) command: Option<Use>,
    /// What may hold a copy of the version.
    pub(crate) copies: Vec<Use>,
    /// The argument or the variable that changes; all arguments where one of them goes, which moves
    /// the others.
    pub(crate) given: Vec<Use>,
    /// Whether `apiVersion`, or the group or the word in it, may change.
    pub(crate) changes_version: bool,
    /// The version that is written.
    pub(crate) new: Option<&'static ApiVersion>,
    /// Whether an `interactiveMode` is added.
    pub(crate) adds_mode: bool,
    /// Whether all who share the exec config are meant: it was found where it is written.
    pub(crate) is_of_all: bool,
}
