//! The rules. One file a rule; its doc comment is its documentation everywhere.
//!
//! To add one: write `src/rule/NAME.rs` with a `declare_rule!` and a `check` function, and put
//! its name into the list below.

use std::sync::LazyLock;

use crate::finding::{Finding, Severity};
use crate::kubernetes::version::Target;
use crate::model::Subject;

/// A rule, as its file declares it.
#[derive(Debug)]
pub struct Rule {
    /// Its stable name, such as `removed-api-version`.
    pub name: &'static str,
    /// One line, without a full stop: what it finds.
    pub summary: &'static str,
    /// Its severity on live configuration.
    pub severity: Severity,
    /// The release that brought it.
    pub since: &'static str,
    /// Whether it is true of a part of a file too: of an example, a template, a text with
    /// placeholders. The other rules ask for the whole, and are silent there.
    pub holds_for_excerpts: bool,
    /// The doc comment of the declaration: Markdown.
    pub documentation: &'static str,
    /// Judges one subject.
    pub check: fn(&Subject, &Target) -> Vec<Finding>,
}

impl Rule {
    /// The documentation as Markdown, its common leading blank removed.
    pub fn markdown(&self) -> String {
        let lines = self.documentation.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n").trim().to_owned()
    }

    /// The name in PascalCase: SARIF wants a name that differs from the id.
    pub fn pascal_name(&self) -> String {
        let word = |word: &str| {
            let mut chars = word.chars();
            chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>())
        };
        self.name.split('-').filter_map(word).collect()
    }

    /// Where its documentation can be read.
    pub fn url(&self) -> String {
        format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), self.name)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}

/// Declares the rule of a file: `pub(crate) static RULE`. The doc comment becomes its
/// documentation.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:expr])+
        $name:literal: $severity:ident,
        summary: $summary:literal,
        since: $since:literal,
        holds_for_excerpts: $holds_for_excerpts:literal $(,)?
    ) => {
        $(#[doc = $doc])+
        pub(crate) static RULE: $crate::rule::Rule = $crate::rule::Rule {
            name: $name,
            summary: $summary,
            severity: $crate::finding::Severity::$severity,
            since: $since,
            holds_for_excerpts: $holds_for_excerpts,
            documentation: concat!($($doc, "\n"),+),
            check,
        };
    };
}

/// Lists the rules: the order is that of the documentation and of SARIF's `rules[]`.
macro_rules! rules {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+
        /// All rules, in the order of the documentation.
        pub static RULES: LazyLock<Vec<&'static Rule>> = LazyLock::new(|| vec![$(&$module::RULE),+]);
    };
}

rules![
    removed_api_version,
    unsupported_api_version,
    unknown_api_version,
    deprecated_api_version,
    missing_api_version,
    missing_command,
    missing_env_name,
    missing_interactive_mode,
    invalid_interactive_mode,
    plugin_api_version,
    plugin_output_format,
    not_a_plugin,
    inconsistent_api_version,
    interactive_mode_always,
    unused_exec,
    unseen_exec,
    auth_provider_conflict,
    removed_auth_provider,
    deprecated_auth_provider,
    unknown_auth_provider,
    invalid_auth_info,
    missing_context,
    missing_cluster,
    missing_user,
    invalid_cluster,
    invalid_kubeconfig,
    invalid_exec_credential,
    invalid_credential_plugin_policy,
    ignored_credential_plugin_policy,
    invalid_ignore,
    unused_ignore,
    mention,
];

mod exec_entry;
mod undecodable;

/// The name of the rule for what no other explains; its findings are hidden by default.
pub const MENTION: &str = "mention";

/// The name of the rule for comments that silence nothing.
pub const UNUSED_IGNORE: &str = "unused-ignore";

/// The name of the rule for comments that are not understood.
pub const INVALID_IGNORE: &str = "invalid-ignore";

/// The rule of that name.
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}
