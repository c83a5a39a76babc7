//! What the kuberc carrier finds: kubectl's preferences.
//!
//! Source of the names: kubectl `pkg/config/types.go`.

use crate::kubernetes::version::Minor;
use crate::text::source::{Span, Spanned};

use super::refusal::Reason;

/// A kuberc file, as kubectl takes it apart.
#[derive(Debug, Clone, Default)]
pub struct Kuberc {
    /// Its documents, in order, blank ones left out.
    pub documents: Vec<Preference>,
    /// A `---` that is no separator for kubectl.
    pub bad_separator: Option<BadSeparator>,
}

/// A line that begins with `---` and goes on with more than a comment: kubectl reads no further.
#[derive(Debug, Clone)]
pub struct BadSeparator {
    /// The `---`.
    pub span: Span,
    /// The text behind it. No report may show it.
    pub text: String,
    /// The start of the document before it, which is lost with it.
    pub lost_from: usize,
}

/// One document of a kuberc: kubectl's `Preference`.
#[derive(Debug, Clone, Default)]
pub struct Preference {
    /// The whole document.
    pub span: Span,
    /// `apiVersion`, whatever its case; `None` where it is absent, null or empty.
    pub api_version: Option<Spanned<String>>,
    /// `kind`, likewise.
    pub kind: Option<Spanned<String>>,
    /// Why kubectl reads past the document, in the order in which it is met; empty where it can
    /// be used.
    pub unread: Vec<Unread>,
    /// The fields that kubectl warns of and reads past, in the order of its words.
    pub strict: Vec<Strict>,
    /// The keys that set a policy for credential plugins, or seem meant to.
    pub keys: Vec<PolicyKey>,
    /// `credentialPluginPolicy`; `None` where it is absent, null or empty, or where the version
    /// has no such field.
    pub policy: Option<Spanned<String>>,
    /// `credentialPluginAllowlist`; `None` where it is absent or null, likewise.
    pub allowlist: Option<Allowlist>,
    /// What is wrong with the aliases and defaults, which kubectl looks at before the policy.
    pub invalid: Option<InvalidCommand>,
    /// Whether it has `overrides` or `flags`, which v1beta1 calls `defaults` and `options`.
    pub has_old_names: bool,
}

/// `credentialPluginAllowlist`.
#[derive(Debug, Clone)]
pub struct Allowlist {
    /// The list.
    pub span: Span,
    /// The key.
    pub key: Span,
    /// Its entries.
    pub entries: Vec<AllowlistEntry>,
}

/// kubectl's `AllowlistEntry`.
#[derive(Debug, Clone)]
pub struct AllowlistEntry {
    /// The whole entry.
    pub span: Span,
    /// The alias by which it came here, if it did.
    pub alias: Option<Span>,
    /// The key `name`, where it is written.
    pub name_key: Option<Span>,
    /// `name`, which 1.36 renamed; `None` where it is absent, null or empty.
    pub name: Option<Spanned<String>>,
    /// The key `command`, where it is written.
    pub command_key: Option<Span>,
    /// `command`; `None` where it is absent, null or empty.
    pub command: Option<Spanned<String>>,
}

/// A key at the top of a document that sets a policy for credential plugins, or seems meant to.
#[derive(Debug, Clone)]
pub struct PolicyKey {
    /// The key.
    pub span: Span,
    /// What it is meant to be, such as `credentialPluginPolicy`.
    pub meant: &'static str,
    /// Whether it is spelt so.
    pub is_exact: bool,
    /// Whether its value forbids a plugin: it is anything but absent, `""` and `AllowAll`.
    pub restricts: bool,
}

/// Why kubectl reads past a document of a kuberc, and where.
#[derive(Debug, Clone)]
pub struct Unread {
    /// The place that is at fault.
    pub span: Span,
    /// What is wrong there.
    pub why: UnreadWhy,
    /// The first kubectl that minds.
    pub since: Minor,
}

/// What kubectl trips over in a document of a kuberc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnreadWhy {
    /// It cannot be decoded.
    Undecodable(Reason),
    /// A text that begins with `{` is read as JSON, and this is none; what is wrong.
    NotJson(String),
    /// The same, because of a comment.
    JsonComment,
    /// kubectl does not come to it, or loses it, because of a bad separator.
    BadSeparator,
    /// Another kind than `Preference`, or none.
    Kind,
    /// Another version than those that kubectl knows, or none.
    Version,
    /// An entry of the allowlist with a `name` and another `command`.
    TwoNames,
}

/// A field that kubectl warns of and reads past.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Strict {
    /// The key, where its text stands.
    pub span: Span,
    /// What is wrong with it.
    pub why: StrictWhy,
    /// Its path, or the key as Go prints it.
    pub field: String,
    /// The first kubectl that says so.
    pub since: Minor,
    /// The last one.
    pub until: Minor,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StrictWhy {
    /// There is no such field.
    Unknown,
    /// It stands twice in JSON.
    Duplicate,
    /// It stands twice in YAML; the line of its value, from 1, in the document.
    AlreadySet(usize),
}

/// What kubectl refuses of the aliases and defaults of a kuberc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidCommand {
    /// An alias with other characters than letters in its name, or without one.
    AliasName,
    /// An option or flag whose name begins with a dash.
    FlagName(Spanned<String>),
    /// Two aliases of this name.
    DuplicateAlias(Spanned<String>),
}
