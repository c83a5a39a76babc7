//! What kubectl says about a kuberc, and whether its credential plugin policy takes effect.
//!
//! Source: kubectl `pkg/kuberc/kuberc.go` (`DefaultGetPreferences`, `validate`), client-go
//! `plugin/pkg/client/auth/exec/exec.go` (`ValidatePluginPolicy`) and
//! `tools/clientcmd/api/types.go`, apimachinery `pkg/runtime/error.go`; measured with the real
//! kubectl 1.20 to 1.37.

use crate::go::path;
use crate::go::quote::go_quote;
use crate::kubernetes::kuberc::{ALLOWLIST, COMMAND_SINCE, POLICIES, POLICY_SINCE, READ_SINCE};
use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;
use crate::model::{Allowlist, AllowlistEntry, InvalidCommand, Kuberc, Preference};
use crate::text::source::{Spanned, clip};

/// How kubectl reacts to a kuberc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// It uses the file, or finds nothing to use. It warns about fields that it does not know.
    Ok,
    /// It warns, ignores the whole file, and goes on.
    Ignored,
    /// It refuses every command, even `--help`.
    Invalid,
}

impl Reaction {
    /// Returns the name of the class.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Ignored => "ignored",
            Self::Invalid => "kuberc-invalid",
        }
    }
}

/// An error in a policy, in the order of kubectl's checks.
#[derive(Debug, Clone)]
pub enum PolicyProblem<'a> {
    /// The policy is unknown.
    UnknownPolicy(&'a Spanned<String>),
    /// A list with a policy other than `Allowlist`.
    UnwantedList(&'a Allowlist),
    /// `Allowlist` without a list; holds the policy.
    NoList(&'a Spanned<String>),
    /// `Allowlist` with an empty list.
    EmptyList(&'a Allowlist),
    /// An entry that names no plugin, and the number of such entries.
    EmptyEntry(&'a AllowlistEntry, usize),
    /// An entry whose path is not normalized.
    LongPath(&'a Spanned<String>),
}

/// Returns the name of an entry's plugin field in every kubectl of the target that supports
/// policies.
pub fn entry_field(target: &Target) -> &'static str {
    if target.first >= COMMAND_SINCE { "command" } else { "name" }
}

/// Returns the plugin that an entry names, for kubectl of that minor.
pub fn plugin_of(entry: &AllowlistEntry, minor: Minor) -> Option<&Spanned<String>> {
    // kubectl skips a document in which the two differ, so the order does not matter.
    let command = entry.command.as_ref().filter(|_| minor >= COMMAND_SINCE);
    command.or(entry.name.as_ref()).map(Box::as_ref)
}

/// Returns the error in the policy of a document that kubectl uses, with kubectl's message.
pub fn validate(document: &Preference, minor: Minor) -> Option<(PolicyProblem<'_>, String)> {
    if minor < POLICY_SINCE {
        return None;
    }
    let policy = document.policy.as_ref();
    let name = policy.map_or("", |policy| policy.value.as_str());
    let list = document.allowlist.as_ref();
    match (policy, list) {
        (Some(policy), _) if !POLICIES.contains(&name) => {
            let message = format!("unknown plugin policy: {}", go_quote(clip(name)));
            Some((PolicyProblem::UnknownPolicy(policy), message))
        }
        (Some(policy), None) if name == ALLOWLIST => {
            let message =
                "credential plugin policy set to \"Allowlist\", but allowlist is unspecified";
            Some((PolicyProblem::NoList(policy), message.to_owned()))
        }
        (_, Some(list)) if name != ALLOWLIST => {
            let message = format!(
                "misconfigured credential plugin allowlist: plugin policy is {} but allowlist is \
                 non-nil",
                go_quote(name)
            );
            Some((PolicyProblem::UnwantedList(list), message))
        }
        (_, Some(list)) if list.entries.is_empty() => {
            let message = "credential plugin policy set to \"Allowlist\", but allowlist is empty; \
                         use \"DenyAll\" policy instead";
            Some((PolicyProblem::EmptyList(list), message.to_owned()))
        }
        (_, Some(list)) => validate_entries(list, minor),
        _ => None,
    }
}

fn validate_entries(list: &Allowlist, minor: Minor) -> Option<(PolicyProblem<'_>, String)> {
    let is_empty = |entry: &&AllowlistEntry| plugin_of(entry, minor).is_none();
    list.entries.iter().enumerate().find_map(|(i, entry)| match plugin_of(entry, minor) {
        None => {
            let count = list.entries.iter().filter(is_empty).count();
            let message = format!(
                "misconfigured credential plugin allowlist: empty allowlist entry #{}",
                i + 1
            );
            Some((PolicyProblem::EmptyEntry(entry, count), message))
        }
        Some(plugin) => {
            let clean = path::clean(&plugin.value);
            (clean != plugin.value).then(|| {
                let (path, clean) = (go_quote(clip(&plugin.value)), go_quote(clip(&clean)));
                let message = format!("non-normalized file path: {path} vs {clean}");
                (PolicyProblem::LongPath(plugin), message)
            })
        }
    })
}

/// Returns the document that kubectl of that minor uses: the first that it can read.
pub fn used(kuberc: &Kuberc, minor: Minor) -> Option<&Preference> {
    let is_skipped = |document: &Preference| document.skips.iter().any(|e| e.since <= minor);
    let mut documents = kuberc.documents.iter();
    documents.find(|document| !is_skipped(document)).filter(|_| minor >= READ_SINCE)
}

/// Returns whether the file sets a policy, valid or not, for kubectl of that minor.
pub fn sets_policy(kuberc: &Kuberc, minor: Minor) -> bool {
    minor >= POLICY_SINCE
        && used(kuberc, minor).is_some_and(|used| used.policy.is_some() || used.allowlist.is_some())
}

/// Returns how kubectl of that minor reacts to the file as its `~/.kube/kuberc`, and what it
/// prints, with `FILE` for the path; `None` if it prints nothing.
///
/// Leaves out what kubectl prints first, its warning about unknown and duplicate fields, and
/// messages about single commands: `aliases` and `defaults` for commands and flags that do not
/// exist.
pub fn reaction(kuberc: &Kuberc, minor: Minor) -> (Reaction, Option<String>) {
    if minor < READ_SINCE {
        return (Reaction::Ok, None);
    }
    let Some(document) = used(kuberc, minor) else {
        let reason = match &kuberc.bad_separator {
            Some(bad) => format!("invalid Yaml document separator: {}", clip(&bad.text)),
            None if kuberc.documents.is_empty() => return (Reaction::Ok, None),
            None => "no valid preferences found in FILE, use --v=5 to see details".to_owned(),
        };
        return (
            Reaction::Ignored,
            Some(format!("kuberc: no preferences loaded from FILE: {reason}")),
        );
    };
    let invalid = document.invalid.as_ref().map(message_of);
    match invalid.or_else(|| validate(document, minor).map(|(_, message)| message)) {
        Some(message) => (Reaction::Invalid, Some(refused(&message))),
        None => (Reaction::Ok, None),
    }
}

/// Returns what kubectl prints when it rejects a kuberc.
pub fn refused(message: &str) -> String {
    format!("error occurred while applying preferences {message}")
}

fn message_of(invalid: &InvalidCommand) -> String {
    match invalid {
        InvalidCommand::AliasName => {
            "invalid alias name, can only include alphabetical characters".to_owned()
        }
        InvalidCommand::FlagName(name) => {
            format!("flag name {} should be in long form without dashes", clip(&name.value))
        }
        InvalidCommand::DuplicateAlias(name) => {
            format!("duplicate alias name {}", clip(&name.value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;
    use crate::kubectl::kuberc::decode::read;
    use crate::kubernetes::kuberc::BEST_VERSION;

    /// Returns what kubectl of that minor says about a `v1beta1` kuberc with these lines.
    fn of(lines: &str, minor: u16) -> String {
        let text = format!("apiVersion: {BEST_VERSION}\nkind: Preference\n{lines}");
        of_file(text.as_bytes(), minor)
    }

    fn of_file(bytes: &[u8], minor: u16) -> String {
        let (class, message) =
            reaction(&read(&Source::new("kuberc", bytes.to_vec())), Minor(minor));
        let message = message.unwrap_or_default();
        let short = [
            ("kuberc: no preferences loaded from FILE: ", "NOT LOADED: "),
            ("no valid preferences found in FILE, use --v=5 to see details", "none"),
            ("error occurred while applying preferences ", "REFUSED: "),
        ];
        let message =
            short.into_iter().fold(message, |message, (long, short)| message.replace(long, short));
        format!("{} {message}", class.as_str()).trim().to_owned()
    }

    /// Measured with kubectl 1.33 to 1.37.
    #[test]
    fn kuberc_policy_errors_match_kubectl() {
        let list = "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: ";
        let empty = "REFUSED: misconfigured credential plugin allowlist: empty allowlist entry #";
        for (lines, minor, expected) in [
            ("credentialPluginPolicy: DenyAll", 37, "ok".to_owned()),
            ("credentialPluginPolicy: DenyAll", 33, "ok".to_owned()),
            ("credentialPluginPolicy: DenyAll", 34, "ok".to_owned()),
            (
                "credentialPluginPolicy: 'deny\n\n  x'",
                37,
                "kuberc-invalid REFUSED: unknown plugin policy: \"deny\\nx\"".to_owned(),
            ),
            (&format!("{list}[{{command: a}}]"), 36, "ok".to_owned()),
            (
                &format!("{list}[{{name: b}}, {{command: a}}]"),
                35,
                format!("kuberc-invalid {empty}2"),
            ),
            (&format!("{list}[null]"), 37, format!("kuberc-invalid {empty}1")),
            (
                &format!("{list}[{{name: ./a}}, {{}}]"),
                37,
                "kuberc-invalid REFUSED: non-normalized file path: \"./a\" vs \"a\"".to_owned(),
            ),
            (
                &format!("{list}[{{name: a, command: b}}]"),
                37,
                "ignored NOT LOADED: none".to_owned(),
            ),
            (&format!("{list}[{{name: a, command: b}}]"), 35, "ok".to_owned()),
            (
                "credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: ~",
                37,
                "kuberc-invalid REFUSED: credential plugin policy set to \"Allowlist\", but \
                 allowlist is unspecified"
                    .to_owned(),
            ),
            (
                "credentialPluginAllowlist: []",
                37,
                "kuberc-invalid REFUSED: misconfigured credential plugin allowlist: plugin policy \
                 is \"\" but allowlist is non-nil"
                    .to_owned(),
            ),
            ("credentialPluginPolicy: no", 37, "ignored NOT LOADED: none".to_owned()),
            ("credentialPluginPolicy: no", 34, "ok".to_owned()),
            (
                "credentialPluginPolicy: x\naliases: [{name: a1}]",
                37,
                "kuberc-invalid REFUSED: invalid alias name, can only include alphabetical \
                 characters"
                    .to_owned(),
            ),
        ] {
            assert_eq!(of(lines, minor), expected, "{lines} on 1.{minor}");
        }
    }

    /// Measured with kubectl 1.37.
    #[test]
    fn kuberc_policy_uses_the_first_known_document() {
        let deny = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n\
                    credentialPluginPolicy: deny\n";
        let loaded = "kuberc-invalid REFUSED: unknown plugin policy: \"deny\"";
        let none = "ignored NOT LOADED: none";
        for (text, expected) in [
            (format!("{{[\n---\n{deny}"), loaded),
            (format!("---\n---\n{deny}---\n{{["), loaded),
            (format!("%YAML 1.1\n--- # c\r\n{deny}"), loaded),
            (format!("\u{feff}---\n{deny}"), loaded),
            (format!(" ---\n{deny}"), none),
            (format!("a: 1\n...\n{deny}"), none),
            (
                format!("a: 1\n----\n{deny}"),
                "ignored NOT LOADED: invalid Yaml document separator: -",
            ),
            (deny.replace("Preference", "preference"), none),
            (deny.replace("v1beta1", "v1"), none),
            (deny.replace("apiVersion", "APIVERSION"), loaded),
            (format!("{deny}---\n{deny}"), loaded),
            (String::new(), "ok"),
            ("\u{a0}\n---\n\u{2028}\n".to_owned(), "ok"),
            ("# c\n".to_owned(), none),
        ] {
            assert_eq!(of_file(text.as_bytes(), 37), expected, "{text}");
        }
    }

    /// Measured with kubectl 1.37.
    #[test]
    fn kuberc_utf16_is_read_like_kubectl() {
        let text = format!("apiVersion: {BEST_VERSION}\nkind: Preference\n");
        let wide = |text: &str, is_big: bool| -> Vec<u8> {
            let order = if is_big { u16::to_be_bytes } else { u16::to_le_bytes };
            format!("\u{feff}{text}").encode_utf16().flat_map(order).collect()
        };
        let none = "ignored NOT LOADED: none";
        for (text, is_big, expected) in [
            (text.clone(), true, "ok"),
            (text.clone(), false, none),
            (text.trim_end().to_owned(), true, none),
            (format!("{text}---\n"), false, "ok"),
            (format!("{text}---"), false, none),
        ] {
            assert_eq!(of_file(&wide(&text, is_big), 37), expected, "{text} {is_big}");
        }
    }

    /// Measured with kubectl 1.37.
    #[test]
    fn kuberc_with_a_leading_brace_is_json() {
        let head = "\"apiVersion\":\"kubectl.config.k8s.io/v1beta1\",\"kind\":\"Preference\"";
        for (text, expected) in [
            (format!("\t{{{head}}}"), "ok".to_owned()),
            (format!("{{{head},}}"), "ignored NOT LOADED: none".to_owned()),
            (format!("{{{head} // c\n}}"), "ignored NOT LOADED: none".to_owned()),
            (
                "{apiVersion: kubectl.config.k8s.io/v1beta1, kind: Preference}".to_owned(),
                "ignored NOT LOADED: none".to_owned(),
            ),
            (
                "--- \n{apiVersion: kubectl.config.k8s.io/v1beta1, kind: Preference}".to_owned(),
                "ok".to_owned(),
            ),
        ] {
            assert_eq!(of_file(text.as_bytes(), 37), expected, "{text}");
        }
    }

    /// Go's own examples and more; measured with kubectl 1.37, which checks the path.
    #[test]
    fn clean_path_matches_go() {
        for (path, clean) in [
            ("a", "a"),
            ("./a", "a"),
            ("a/", "a"),
            ("/a//b", "/a/b"),
            ("/../a", "/a"),
            ("../a", "../a"),
            ("../../a/..", "../.."),
            ("a/..", "."),
            (".", "."),
            ("..", ".."),
            ("/", "/"),
            ("//", "/"),
            ("~/a", "~/a"),
        ] {
            assert_eq!(path::clean(path), clean, "{path}");
        }
    }
}
