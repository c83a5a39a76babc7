//! Fixes: the smallest right change of a file's bytes.
//!
//! A [`Fix`] is a set of [`Edit`]s that belong together: all of them are made, or none. What a
//! rule wants written is a [`Remedy`]; `propose` turns it into edits of the text that the
//! finding is in, and `outward` carries them through the texts around it. `compose` puts the
//! fixes that were chosen together, [`apply`] makes them, and makes sure in memory that they did
//! what they should and nothing else; [`mod@write`] puts the result into the place of the file.

pub mod apply;
mod change;
mod compose;
mod decoded;
pub mod diff;
mod insert;
mod outward;
mod propose;
mod remove;
mod sealed;
mod share;
mod sound;
pub mod write;

use std::sync::Arc;

use crate::kubernetes::api_versions::ApiVersion;
use crate::source::Span;

pub use change::{Change, Encoded};
pub(crate) use decoded::Decoded;
pub use decoded::Wanted;
pub(crate) use outward::Layer;
pub(crate) use propose::propose;
pub(crate) use sealed::{respect, seals};
pub(crate) use share::agree;

/// Replaces the bytes at `span`; where that is empty, it inserts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    /// What is replaced: bytes of the text of the source, 0-based, end exclusive.
    pub span: Span,
    /// What is written there; edits that are the same share it.
    pub text: Arc<str>,
}

impl Edit {
    /// Whether the two do the same. A text that they share may be large, and is not read then.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.span == other.span && (Arc::ptr_eq(&self.text, &other.text) || self.text == other.text)
    }
}

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
