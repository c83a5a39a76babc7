//! What the kuberc carrier finds: kubectl's preferences.
//!
//! Source of the names: kubectl `pkg/config/types.go`.

use crate::kubernetes::version::Minor;
use crate::text::source::{Span, Spanned};

use super::refusal::Reason;

/// A kuberc file, split as kubectl splits it.
#[derive(Debug, Clone, Default)]
pub struct Kuberc {
    /// Its documents in order, without blank ones.
    pub documents: Vec<Preference>,
    /// A `---` that kubectl does not accept as a separator.
    pub bad_separator: Option<BadSeparator>,
    /// Whether more documents follow that name the group of kubercs. They were not read.
    pub is_cut_off: bool,
}

/// A line that begins with `---` followed by more than a comment: kubectl stops reading there.
#[derive(Debug, Clone)]
pub struct BadSeparator {
    /// The `---`.
    pub span: Span,
    /// The text after the `---`. No report may show it.
    pub text: String,
    /// The start of the preceding document, which kubectl loses as well.
    pub lost_from: usize,
}

/// One document of a kuberc: kubectl's `Preference`.
#[derive(Debug, Clone, Default)]
pub struct Preference {
    /// The whole document.
    pub span: Span,
    /// `apiVersion`, in any case; `None` where it is absent, null or empty.
    pub api_version: Option<Spanned<String>>,
    /// `kind`, in any case; `None` where it is absent, null or empty.
    pub kind: Option<Spanned<String>>,
    /// Why kubectl skips the document, in the order in which it meets the reasons; empty if it uses
    /// the document.
    pub skips: Vec<Skip>,
    /// The keys that set a policy for credential plugins, or seem meant to.
    pub keys: Vec<PolicyKey>,
    /// `credentialPluginPolicy`; `None` if it is absent, null or empty, or if the version has no
    /// such field.
    pub policy: Option<Spanned<String>>,
    /// `credentialPluginAllowlist`; `None` if it is absent or null, or if the version has no such
    /// field.
    pub allowlist: Option<Allowlist>,
    /// The error in the aliases and defaults, which kubectl checks before the policy.
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
    /// The alias through which the entry got here, if any.
    pub alias: Option<Span>,
    /// The key `name`, if present.
    pub name_key: Option<Span>,
    /// `name`, which 1.36 renamed to `command`; `None` where it is absent, null or empty.
    pub name: Option<Box<Spanned<String>>>,
    /// The key `command`, if present.
    pub command_key: Option<Span>,
    /// `command`; `None` where it is absent, null or empty.
    pub command: Option<Box<Spanned<String>>>,
}

/// A top-level key that sets a policy for credential plugins, or seems meant to.
#[derive(Debug, Clone)]
pub struct PolicyKey {
    /// The key.
    pub span: Span,
    /// The key that was meant, such as `credentialPluginPolicy`.
    pub intended: &'static str,
    /// Whether the key is spelled exactly like that.
    pub is_exact: bool,
    /// Whether its value can forbid plugins: it is present and neither `""` nor `AllowAll`.
    pub restricts: bool,
}

/// Why kubectl skips a document of a kuberc, and where.
#[derive(Debug, Clone)]
pub struct Skip {
    /// The offending place.
    pub span: Span,
    /// What is wrong there.
    pub reason: SkipReason,
    /// The first kubectl that objects.
    pub since: Minor,
}

/// A reason for kubectl to skip a document of a kuberc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkipReason {
    /// kubectl cannot decode it.
    Undecodable(Reason),
    /// A text that begins with `{`, and so is read as JSON, has a comment.
    JsonComment,
    /// kubectl does not reach the document, or loses it, because of a bad separator.
    BadSeparator,
    /// A missing `kind`, or one other than `Preference`.
    Kind,
    /// A missing `apiVersion`, or one that kubectl does not know.
    Version,
    /// An allowlist entry whose `name` and `command` differ.
    TwoNames,
}

/// An error that kubectl reports in the aliases and defaults of a kuberc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidCommand {
    /// An alias whose name is empty or has characters other than letters.
    AliasName,
    /// An option or flag whose name begins with a dash.
    FlagName(Spanned<String>),
    /// Two aliases of this name.
    DuplicateAlias(Spanned<String>),
}
