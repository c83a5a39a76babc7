//! Fixes as data: a [`Fix`] is a set of edits that are made together or not at all, and a
//! [`Remedy`] is what a rule wants written.

use crate::finding::change::Edit;
use crate::kubernetes::api_versions::ApiVersion;
use crate::text::message::Message;
use crate::text::source::Span;

use super::change::Change;

/// Whether a fix may be made without review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// The fix follows the message's advice, but something is unknown: which plugin runs, or what
    /// reads the value. `--unsafe-fixes` makes it.
    Unsafe,
    /// The structure was parsed, and the plugin is known to return the version written. `--fix`
    /// makes it.
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
    /// What the fix does, such as ``write `v1beta1` ``, without a full stop.
    pub message: Message,
    /// The changes, sorted and disjoint.
    pub changes: Vec<Change>,
    /// Whether the fix may be made without review.
    pub applicability: Applicability,
    /// The condition on the plugin after the fix, in a sentence without a full stop; `None` if
    /// every release meets it.
    pub needs: Option<Message>,
    /// The intended effect on the decoded file.
    pub wanted: Wanted,
}

impl Fix {
    /// Returns the edits of the file that this fix alone makes; `None` if it changes base64, whose
    /// text no report may show.
    pub fn edits(&self) -> Option<Vec<&Edit>> {
        self.changes.iter().map(Change::as_edit).collect()
    }
}

/// What a rule wants written, independent of how the file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// This API version, replacing the current one, if any.
    ApiVersion(&'static ApiVersion),
    /// An `interactiveMode` where it is missing.
    InteractiveMode,
    /// This API version, in the copy at the finding's place.
    Copy(&'static ApiVersion),
    /// JSON as the plugin's output format, where the finding's place asks for another.
    Json,
}

/// A use of a value: where it is written, and the outermost alias that leads to it.
pub(crate) type ValueUse = (Span, Option<Span>);

/// The intended effect of a fix on the text that its finding is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The number of that text among the texts of its file.
    pub(crate) text: usize,
    /// The `apiVersion` to rewrite.
    pub(crate) version: Option<ValueUse>,
    /// The `command` next to it.
    pub(crate) command: Option<ValueUse>,
    /// Values that may hold a copy of the version.
    pub(crate) copies: Vec<ValueUse>,
    /// The argument or variable that changes; all arguments if one is removed, since that moves the
    /// others.
    pub(crate) given: Vec<ValueUse>,
    /// Whether `apiVersion`, or just the group or version word in it, may change.
    pub(crate) changes_version: bool,
    /// The version to write.
    pub(crate) new: Option<&'static ApiVersion>,
    /// Whether an `interactiveMode` is added.
    pub(crate) adds_mode: bool,
    /// Whether the fix is meant for all users that share the exec config: the finding is at its
    /// definition.
    pub(crate) is_of_all: bool,
}
