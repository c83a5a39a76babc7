//! Says which values may be shown: those of known keys and flags, and those that are no secrets
//! whatever their key.

use std::ops::Range;

use crate::kubernetes::api_versions::{EXEC_CREDENTIAL_KIND, GROUP, INTERACTIVE_MODES};
use crate::kubernetes::kuberc::{self, POLICIES};
use crate::kubernetes::plugins;
use crate::secrets::{is_secret_key, is_version_alone, stand_in, words};

/// Keys and flags with a value that may be shown, in lower case and without `-`, `_` and `.`.
const SHOWN: [&str; 74] = [
    "account",
    "apigroup",
    "apigroups",
    "args",
    "as",
    "authinfo",
    "authprovider",
    "certificateauthority",
    "clientcertificate",
    "cluster",
    "clusters",
    "command",
    "config",
    "context",
    "contexts",
    "credentialpluginallowlist",
    "credentialpluginpolicy",
    "currentcontext",
    "disable",
    "disablecompression",
    "endpoint",
    "env",
    "environment",
    "exec",
    "execenv",
    "execinteractivemode",
    "execprovideclusterinfo",
    "from",
    "format",
    "function",
    "host",
    "hosts",
    "href",
    "ignore",
    "image",
    "insecureskiptlsverify",
    "interactive",
    "interactivemode",
    "issuer",
    "kubeconfig",
    "kubeconfiglint",
    "label",
    "labels",
    "location",
    "login",
    "loginmode",
    "metadata",
    "name",
    "namespace",
    "noqa",
    "org",
    "organization",
    "output",
    "preferences",
    "profile",
    "project",
    "provideclusterinfo",
    "query",
    "region",
    "resourcegroup",
    "role",
    "rolearn",
    "run",
    "scope",
    "scopes",
    "server",
    "source",
    "spec",
    "status",
    "ttl",
    "user",
    "users",
    "uses",
    "zone",
];
const SHOWN_ENDS: [&str; 23] = [
    "alias",
    "arn",
    "audience",
    "command",
    "context",
    "dir",
    "endpoint",
    "extrascope",
    "file",
    "host",
    "id",
    "kind",
    "level",
    "name",
    "namespace",
    "path",
    "region",
    "serviceaccount",
    "timeout",
    "timestamp",
    "type",
    "url",
    "version",
];
/// Short names of secrets. As a word of a key, they make its value secret, whatever the end of the key.
pub(super) const SECRETS: [&str; 8] = ["cred", "creds", "otp", "pass", "pin", "psk", "pw", "pwd"];
/// Keys and flags whose values are sentences.
pub(super) const PROSE: [&str; 10] = [
    "comment",
    "description",
    "execinstallhint",
    "help",
    "installhint",
    "message",
    "note",
    "summary",
    "text",
    "title",
];
/// Flags of `kubectl config set-credentials` that add an argument of the plugin.
const ARGUMENT: [&str; 2] = ["arg", "execarg"];
/// Values that only switch something.
const SWITCHES: [&str; 8] = ["true", "false", "null", "nil", "None", "True", "False", "~"];

/// Words of Kubernetes objects, client-go's types, Terraform and YAML that are no keys with a value.
const WORDS: [&str; 24] = [
    ".inf",
    ".nan",
    "Config",
    "ConfigMap",
    "ExecConfig",
    "ExecCredential",
    "ExecEnvVar",
    "List",
    "Preference",
    "Secret",
    "ca-data",
    "data",
    "helm",
    "items",
    "kubernetes",
    "locals",
    "no",
    "off",
    "on",
    "provider",
    "string",
    "stringData",
    "variable",
    "yes",
];

/// A value that a reader of a finding does not need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::secrets) struct Setting {
    /// Where the key begins.
    pub(in crate::secrets) start: usize,
    pub(in crate::secrets) value: Range<usize>,
    /// Whether it is an argument, which may be shown only for the version in it.
    pub(in crate::secrets) is_argument: bool,
}

impl Setting {
    pub(super) fn of(start: usize, value: Range<usize>) -> Self {
        Self { start, value, is_argument: false }
    }

    pub(super) fn argument(start: usize, value: Range<usize>) -> Self {
        Self { start, value, is_argument: true }
    }

    /// Returns it as one of a line in which its text begins at `at`.
    pub(in crate::secrets) fn moved(self, at: usize) -> Self {
        let Self { start, value: Range { start: from, end }, is_argument } = self;
        Self { start: at + start, value: at + from..at + end, is_argument }
    }
}

/// Returns whether a value cannot be a secret, whatever its key.
pub(in crate::secrets) fn is_harmless(text: &str) -> bool {
    const VERSIONS: [&str; 3] = ["v1alpha1", "v1beta1", "v1"];
    // `>= 2.8, < 3`
    let is_constraint = || {
        text.starts_with(['<', '>', '=', '~', '^'])
            && text.chars().all(|c| c.is_ascii_digit() || "<>=~^!., ".contains(c))
    };
    is_constraint()
        || SWITCHES.contains(&text)
        || VERSIONS.contains(&text)
        || is_version_alone(text)
        || stand_in::is_stand_in(text)
}

/// Returns whether a word cannot be a secret, wherever it is.
pub(in crate::secrets) fn is_known(word: &str) -> bool {
    WORDS.contains(&word)
        || INTERACTIVE_MODES.contains(&word)
        || POLICIES.contains(&word)
        || word.strip_prefix(kuberc::GROUP).is_some_and(is_version)
        || word == EXEC_CREDENTIAL_KIND
        || word == GROUP
        || is_harmless(word)
        || plugins::names_program(word)
        || plugins::is_of_invocation(word)
        || word.strip_prefix("--").is_some_and(is_shown)
}

/// Returns whether what follows an API group is a version or nothing.
fn is_version(rest: &str) -> bool {
    matches!(rest, "" | "/v1alpha1" | "/v1beta1" | "/v1")
}

/// Returns whether the value of a key or flag is the name of a user, to which a password may be
/// attached.
pub(super) fn names_user(key: &str) -> bool {
    let name = normalized(key);
    ["user", "username", "login"].into_iter().any(|end| name.ends_with(end))
}

/// Returns whether the value of a key is a name, which may have several words.
pub(super) fn may_have_blanks(key: &str) -> bool {
    let name = normalized(key);
    ["name", "context", "cluster", "user", "label"].into_iter().any(|end| name.ends_with(end))
}

/// Returns whether the name of a user has a password attached: `name:password`.
pub(super) fn is_pair(user: &str) -> bool {
    user.contains(':') && !["arn:", "system:", "oidc:"].iter().any(|name| user.starts_with(name))
}

/// Returns whether the value of a key may be a whole command line.
pub(super) fn runs_command(key: &str) -> bool {
    let name = normalized(key);
    name == "run" || name.ends_with("command")
}

/// Returns whether a flag adds arguments of a plugin.
pub(super) fn is_argument(flag: &str) -> bool {
    ARGUMENT.contains(&normalized(flag).as_str())
}

/// Returns whether the value of a key is an address, which may hold a password.
pub(in crate::secrets) fn is_address(key: &str) -> bool {
    let ends = |end: &str| {
        let at = key.len().checked_sub(end.len());
        at.and_then(|at| key.get(at..)).is_some_and(|last| last.eq_ignore_ascii_case(end))
    };
    ["server", "url", "endpoint", "proxy", "host"].into_iter().any(ends)
}

/// Returns whether the value of a key is a sentence.
pub(in crate::secrets) fn is_prose(key: &str) -> bool {
    PROSE.contains(&normalized(key).as_str())
}

/// Returns a key or flag in lower case and without `-`, `_` and `.`.
pub(super) fn normalized(key: &str) -> String {
    let letters = key.chars().filter(|c| !matches!(c, '-' | '_' | '.'));
    letters.flat_map(char::to_lowercase).collect()
}

/// Returns whether the value of a key or flag may be shown, unless it is [a pair](is_pair).
pub(in crate::secrets) fn is_shown(key: &str) -> bool {
    let name = normalized(key);
    let of_end = || {
        SHOWN_ENDS.into_iter().any(|end| name.ends_with(end))
            && !parts(key).any(|part| SECRETS.contains(&part.to_lowercase().as_str()))
    };
    let is_port = || parts(key).last().is_some_and(|part| part.eq_ignore_ascii_case("port"));
    !is_secret_key(key)
        && !["session", "hook"].into_iter().any(|part| name.contains(part))
        && (SHOWN.contains(&name.as_str()) || of_end() || is_port())
}

/// Returns the words in a key such as `pin-id` or `pinId`.
fn parts(key: &str) -> impl Iterator<Item = &str> {
    key.split(['-', '_', '.']).flat_map(words::humps)
}
