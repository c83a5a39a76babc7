//! Decides in one pass over the bytes of a file whether it is worth parsing.
//!
//! It is if it contains the exec API group (plain or in base64), the group of a kuberc, or the keys
//! of a kubeconfig that does not name the group. A repository without kubeconfigs costs no more
//! than a text search.

use std::cell::LazyCell;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;

use crate::api_group::{self, words::Words};
use crate::kubernetes::api_versions::GROUP;

/// Words that make a file worth parsing. Four need a further check: `current-context` and
/// `auth-provider` must be keys, `Config` must be the kind of a file with lists of a kubeconfig,
/// and the end of the group of a kuberc must complete it (its first letters are too common to
/// search for).
static SIGNS: LazyLock<Words> = LazyLock::new(|| {
    let mut words =
        vec![GROUP, "current-context", END_OF_KUBERC, "ExecCredential", "Config", AUTH_PROVIDER];
    words.extend(api_group::hints_of_files().map(String::as_str));
    words.extend([api_group::ESCAPED, api_group::PACKAGE]);
    Words::new(&words)
});
const CURRENT_CONTEXT: usize = 1;
const KUBERC: usize = 2;
const CONFIG: usize = 4;
const PROVIDER: usize = 5;
const AUTH_PROVIDER: &str = "auth-provider";
const END_OF_KUBERC: &str = "l.config.k8s.io";

static USERS: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new("users"));

/// Returns whether these bytes may contain anything to check.
pub(crate) fn is_interesting(bytes: &[u8]) -> bool {
    let has_list = LazyCell::new(|| has_list(bytes));
    let is_sign = |found: aho_corasick::Match| match found.pattern().as_usize() {
        CURRENT_CONTEXT => value_of(bytes, found.range()).is_some(),
        PROVIDER => value_of(bytes, found.range()).is_some_and(|value| b"\n{".contains(&value)),
        CONFIG => is_kind(bytes, found.range()) && *has_list,
        KUBERC => bytes
            .get(..found.end())
            .unwrap_or(&[])
            .ends_with(crate::kubernetes::kuberc::GROUP.as_bytes()),
        _ => true,
    };
    SIGNS.any(bytes, is_sign) || has_users_with_credentials(bytes)
}

/// Returns whether the word at `range` is a value of the key `kind`.
fn is_kind(bytes: &[u8], range: Range<usize>) -> bool {
    let is_end = |byte: &u8| !(byte.is_ascii_alphanumeric() || b"-_.".contains(byte));
    let before = bytes.get(..range.start).unwrap_or(&[]);
    let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
    let before = before.trim_ascii_end();
    let before = before.strip_suffix(b":").or_else(|| before.strip_suffix(b"=")).unwrap_or(before);
    let before = before.trim_ascii_end();
    let before = before.strip_suffix(b"\"").or_else(|| before.strip_suffix(b"'")).unwrap_or(before);
    let is_apart = before.len() < range.start && bytes.get(range.end).is_none_or(is_end);
    is_apart && before.ends_with(b"kind")
}

/// Returns whether one of the lists of a kubeconfig appears as a key.
fn has_list(bytes: &[u8]) -> bool {
    ["users", "clusters", "contexts"].into_iter().any(|key| {
        memmem::find_iter(bytes, key).any(|at| value_of(bytes, at..at + key.len()).is_some())
    })
}

/// Returns whether there is a list of users and a map of credentials.
fn has_users_with_credentials(bytes: &[u8]) -> bool {
    let has = |at: usize, word: &str, values: &[u8]| {
        value_of(bytes, at..at + word.len()).is_some_and(|value| values.contains(&value))
    };
    // The value starts on the next line or with a bracket, or is an alias, or has an anchor or a
    // tag.
    USERS.find_iter(bytes).any(|at| has(at, "users", b"\n-[*&#!"))
        && ["exec", "auth-provider"]
            .into_iter()
            .any(|word| memmem::find_iter(bytes, word).any(|at| has(at, word, b"\n{*&#!")))
}

/// Returns the first byte of the value after the word at `range`, if the word is a key: it starts a
/// token, and a colon follows it. Returns `\n` if the line ends after the colon.
fn value_of(bytes: &[u8], range: Range<usize>) -> Option<u8> {
    let before = range.start.checked_sub(1).and_then(|at| bytes.get(at));
    if before.is_some_and(|byte| !b" \t\r\n\"'{[,?\xbf".contains(byte)) {
        return None;
    }
    let rest = bytes.get(range.end..).unwrap_or(&[]);
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let rest = rest.trim_ascii_start().strip_prefix(b":")?;
    let blanks = rest.iter().take_while(|byte| b" \t\r".contains(byte)).count();
    rest.get(blanks).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_of_kuberc_is_a_suffix_of_its_group() {
        assert!(crate::kubernetes::kuberc::GROUP.ends_with(END_OF_KUBERC));
    }

    #[test]
    fn is_interesting_selects_possible_kubeconfigs() {
        for text in [
            "// client.authentication.k8s.io/v1alpha1",
            "import \"k8s.io/client-go/pkg/apis/clientauthentication/v1alpha1\"",
            r"s/client\.authentication\.k8s\.io\/v1alpha1/x/",
            "users:\n- user:\n    exec: {}\n",
            "{\"users\":[{\"user\":{\"exec\":{}}}]}",
            "\u{feff}users :\n- user: {'auth-provider': {}}\n",
            "? users\n: [exec: {}]",
            "current-context: x",
            "  user:\n    auth-provider:\n      name: gcp\n",
            "kind: ExecCredential",
            "apiVersion: kubectl.config.k8s.io/v1beta1",
            "kind: Config\nusers: []",
            "{\"clusters\":[],\"kind\":\"Config\"}",
            "kind:Config\ncontexts: a",
            "data: Y2xpZW50LmF1dGhlbnRpY2F0aW9uLms4cy5pby92MQ==",
        ] {
            assert!(is_interesting(text.as_bytes()), "{text}");
        }
        for text in [
            "",
            "users and exec are words",
            "kind: Config",
            "kind: ConfigMap\nusers: []",
            "kindConfig users: []\nrbacConfig",
            "livenessProbe:\n  exec:\n    command: [a]\n",
            "users: [a]\n",
            "{\"users\": \"x\", \"exec\": {}}",
            "{\"users\": [], \"exec\": 1}",
            "exec: users",
            "my-current-contextual: x",
            "apiVersion: kubelet.config.k8s.io/v1beta1 # kubectl.config",
            "apiVersion: l.config.k8s.io/v1",
        ] {
            assert!(!is_interesting(text.as_bytes()), "{text}");
        }
    }
}
