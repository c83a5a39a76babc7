//! Decides in one pass over the bytes of a file whether it is worth parsing.
//!
//! It is if it contains the exec API group (plain or in base64), the group of a kuberc, or the keys
//! of a kubeconfig that does not name the group. A repository without kubeconfigs costs no more
//! than a text search.

use std::cell::LazyCell;
use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem;

use crate::kubernetes::{api_versions::GROUP, kuberc};

use super::words::Words;
use super::{ESCAPED, PACKAGE, hints_of_files};

/// A word that makes a file worth parsing, if what is around it does.
struct Sign {
    word: &'static str,
    /// The end of the word that is searched for: its first four letters are rare.
    rare: &'static str,
    needs: Needs,
}

/// What a [`Sign`] needs around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// Nothing.
    Nothing,
    /// It must be a key.
    Key,
    /// It must be the key of a map.
    MapKey,
    /// It must be a list of a kubeconfig in a file of kind `Config`.
    Config,
    /// The same, or it must be the key of a list in a file with credentials.
    ConfigOrCredentials,
}

/// The words that make a file worth parsing, except those in base64.
const SIGNS: [Sign; 10] = [
    Sign::new(GROUP, 5, Needs::Nothing),
    Sign::new(ESCAPED, 5, Needs::Nothing),
    Sign::new(PACKAGE, 5, Needs::Nothing),
    Sign::new("ExecCredential", 2, Needs::Nothing),
    Sign::new(kuberc::GROUP, 12, Needs::Nothing),
    Sign::new("current-context", 5, Needs::Key),
    Sign::new("auth-provider", 3, Needs::MapKey),
    Sign::new("users", 0, Needs::ConfigOrCredentials),
    Sign::new("clusters", 0, Needs::Config),
    Sign::new("contexts", 0, Needs::Config),
];

impl Sign {
    /// Creates a sign. `common` is the number of its first letters that are not searched for.
    const fn new(word: &'static str, common: usize, needs: Needs) -> Self {
        let (_, rare) = word.split_at(common);
        Self { word, rare, needs }
    }
}

/// The order of the words in [`WORDS`]: the numbers of [`SIGNS`], then those of the base64.
///
/// The vector search puts every eighth word into the same of its eight buckets, and mistakes a mix
/// of letters of the words in one bucket for a word. This order gives it a quarter of the mistakes
/// in source code that the order of the numbers gives.
const ORDER: [usize; 25] =
    [13, 2, 7, 14, 4, 21, 11, 10, 6, 9, 12, 8, 1, 3, 5, 16, 22, 17, 0, 19, 23, 15, 20, 24, 18];

/// The ends of the [`SIGNS`], and base64 of the group.
static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let signs = SIGNS.iter().map(|sign| sign.rare);
    let words: Vec<_> = signs.chain(hints_of_files().map(String::as_str)).collect();
    let ordered = ORDER.into_iter().filter_map(|number| words.get(number));
    Words::new(&ordered.collect::<Vec<_>>())
});

/// The bytes that two pieces of a file must share so that [`may_be_interesting`] recognizes a word
/// in one of them; more than any word has.
pub(crate) const OVERLAP: usize = 128;

/// Returns whether these bytes may contain anything to check.
pub(crate) fn is_interesting(bytes: &[u8]) -> bool {
    let is_config = LazyCell::new(|| is_config(bytes));
    let has_credentials = LazyCell::new(|| has_credentials(bytes));
    any_sign(bytes, |needs, range| {
        let value = || value_of(bytes, range.clone());
        match needs {
            Needs::Nothing => true,
            Needs::Key => value().is_some(),
            Needs::MapKey => value().is_some_and(|value| b"\n{".contains(&value)),
            Needs::Config => value().is_some() && *is_config,
            // The value starts on the next line or with a bracket, or is an alias, or has an
            // anchor or a tag.
            Needs::ConfigOrCredentials => value().is_some_and(|value| {
                *is_config || (b"\n-[*&#!".contains(&value) && *has_credentials)
            }),
        }
    })
}

/// Returns whether a file that contains these bytes may be interesting. Of pieces of a file that
/// overlap by [`OVERLAP`], this holds for one at least if the file is interesting.
pub(crate) fn may_be_interesting(piece: &[u8]) -> bool {
    any_sign(piece, |needs, range| {
        // What decides may be in the next piece.
        let rest = piece.get(range.end..).unwrap_or_default();
        let is_cut = || rest.iter().all(|byte| b" \t\r\n\"':".contains(byte));
        needs == Needs::Nothing || value_of(piece, range).is_some() || is_cut()
    })
}

/// Returns whether the bytes contain a sign whose needs are met, or base64 of the group.
fn any_sign(bytes: &[u8], mut is_met: impl FnMut(Needs, Range<usize>) -> bool) -> bool {
    WORDS.any(bytes, |found| {
        let number = ORDER.get(found.pattern().as_usize());
        let Some(sign) = number.and_then(|number| SIGNS.get(*number)) else { return true };
        let start = found.end().checked_sub(sign.word.len());
        let whole = start.map(|start| start..found.end());
        let is_whole =
            |range: &Range<usize>| bytes.get(range.clone()) == Some(sign.word.as_bytes());
        whole.filter(is_whole).is_some_and(|range| is_met(sign.needs, range))
    })
}

/// Returns whether the value of a key `kind` is `Config`.
fn is_config(bytes: &[u8]) -> bool {
    const CONFIG: &str = "Config";
    memmem::find_iter(bytes, CONFIG).any(|at| is_kind(bytes, at..at + CONFIG.len()))
}

/// Returns whether there is a map of credentials.
fn has_credentials(bytes: &[u8]) -> bool {
    let has = |word: &str| {
        memmem::find_iter(bytes, word).any(|at| {
            let value = value_of(bytes, at..at + word.len());
            value.is_some_and(|value| b"\n{*&#!".contains(&value))
        })
    };
    ["exec", "auth-provider"].into_iter().any(has)
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
    fn order_names_every_word_once() {
        let mut numbers = ORDER.to_vec();
        numbers.sort_unstable();
        let count = SIGNS.len() + hints_of_files().count();
        assert_eq!(numbers, (0..count).collect::<Vec<_>>());
    }

    #[test]
    fn pieces_of_interesting_files_may_be_interesting() {
        for text in ["users:\n- exec: {}", "{\"kind\": \"Config\", \"contexts\"  : []}", GROUP] {
            for cut in OVERLAP..OVERLAP + text.len() + 1 {
                let text = " ".repeat(OVERLAP) + text + &" ".repeat(OVERLAP);
                assert!(is_interesting(text.as_bytes()));
                let (first, second) = (&text.as_bytes()[..cut], &text.as_bytes()[cut - OVERLAP..]);
                assert!(may_be_interesting(first) || may_be_interesting(second), "{cut}: {text}");
            }
        }
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
