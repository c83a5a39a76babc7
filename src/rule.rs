//! The rules. A subject and the target kubectl versions come in; findings go out.
//!
//! Each rule has one file, whose doc comment is the rule's documentation everywhere.
//!
//! One mistake is one finding. Two rules report the same subject only if the user has two things to
//! change. If the second change depends on the first (the version on the command), if the first
//! makes the second unnecessary, or if kubectl never gets to the second (it never runs the plugin),
//! one rule leaves the mistake to the other with [`Finding::covered_by`], and the finding that
//! remains also mentions it. The error that kubectl reports first remains. `lint/pairs.rs` lists the
//! rules that may report the same user.
//!
//! [`Finding::covered_by`]: crate::finding::Finding::covered_by
//!
//! To add a rule, write `src/rule/NAME.rs` with a `declare_rule!` and a `check` function, and add
//! its name to the list below.

use std::sync::LazyLock;

use crate::finding::rule::Rule;

/// Declares the rule of a file as `pub(crate) static RULE`. The doc comment becomes the rule's
/// documentation.
macro_rules! declare_rule {
    (
        $(#[doc = $doc:expr])+
        $name:literal: $severity:ident,
        summary: $summary:literal,
        since: $since:literal,
        needs: $needs:ident,
        $(needs_run: $needs_run:literal,)?
        $(is_deprecation: $is_deprecation:literal,)?
        $(is_fixable: $is_fixable:literal,)?
        $(step: $step:ident,)?
        $(foretells: $foretells:ident,)?
    ) => {
        $(#[doc = $doc])+
        pub(crate) static RULE: $crate::finding::rule::Rule = $crate::finding::rule::Rule {
            name: $name,
            summary: $summary,
            severity: $crate::finding::Severity::$severity,
            since: $since,
            needs: $crate::finding::rule::Needs::$needs,
            needs_run: false $(|| $needs_run)?,
            is_deprecation: false $(|| $is_deprecation)?,
            is_fixable: false $(|| $is_fixable)?,
            step: optional!($($crate::kubectl::step::Step::$step)?),
            foretells: optional!($($crate::finding::rule::Foretold::$foretells)?),
            documentation: concat!($($doc, "\n"),+),
            check: |subject, target, findings| findings.extend(check(subject, target)),
        };
    };
}

/// Returns `Some` of what is given, if anything is.
macro_rules! optional {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

/// Lists the rules by subject, in the order of the documentation and of SARIF's `rules[]`. A rule
/// anywhere but at the end moves the `ruleIndex` of those after it, which is harmless: SARIF files
/// carry their own list.
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
    plugin_version_conflict,
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
mod quotes;
mod undecodable;

pub(crate) use invalid_ignore::RULE as INVALID_IGNORE;
pub(crate) use mention::RULE as MENTION;
pub(crate) use unused_ignore::RULE as UNUSED_IGNORE;

/// Returns the rules about the messages of kubectl that a text quotes, in the order of the
/// documentation. Names, versions and what surrounds a message may differ.
pub(crate) fn of_message(text: &str) -> Vec<&'static Rule> {
    let names = quotes::rules_about(text, &RULES);
    RULES.iter().copied().filter(|rule| names.contains(&rule.name)).collect()
}

/// Returns the rule with that name.
pub(crate) fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_message_finds_rules_that_quote_it() {
        let of = |message| of_message(message).iter().map(|rule| rule.name).collect::<Vec<_>>();
        assert_eq!(
            of("exec plugin: invalid apiVersion"),
            ["removed-api-version", "unsupported-api-version", "unknown-api-version"]
        );
        assert_eq!(
            of("interactiveMode must be specified for arn:x to use exec authentication plugin"),
            ["missing-interactive-mode"]
        );
        // The third message of the README: aws-cli's.
        assert_eq!(
            of("Kubeconfig user entry is using deprecated API version \
                client.authentication.k8s.io/v1alpha1. Run 'aws eks update-kubeconfig' to update."),
            ["removed-api-version"]
        );
        assert_eq!(of("error: EOF"), ["unseen-exec", "missing-user"]);
        assert!(of("no such message anywhere").is_empty() && of("").is_empty());
    }
}
