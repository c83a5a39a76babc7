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
    /// It must be the key of a map, or a flag.
    MapKeyOrFlag,
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
    Sign::new("auth-provider", 3, Needs::MapKeyOrFlag),
    Sign::new("users", 1, Needs::ConfigOrCredentials),
    Sign::new("clusters", 0, Needs::Config),
    Sign::new("contexts", 4, Needs::Config),
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
/// of letters of the words in one bucket for a word. In source code, this order leaves one place in
/// 2,000 bytes to look at, most of them the first letters of `clusters`.
const ORDER: [usize; 25] =
    [10, 2, 7, 1, 17, 14, 11, 0, 6, 9, 8, 19, 20, 3, 5, 12, 22, 4, 13, 21, 23, 15, 16, 24, 18];

/// The ends of the [`SIGNS`], and base64 of the group.
static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let signs = SIGNS.iter().map(|sign| sign.rare);
    let words: Vec<_> = signs.chain(hints_of_files().map(String::as_str)).collect();
    let ordered = ORDER.into_iter().filter_map(|number| words.get(number));
    Words::new(&ordered.collect::<Vec<_>>())
});

/// The bytes that two pieces of a file must share so that [`Pieces`] recognize a word in one of them;
/// more than any word has.
pub(crate) const OVERLAP: usize = 128;

/// Returns whether these bytes may contain anything to check.
pub(crate) fn is_interesting(bytes: &[u8]) -> bool {
    let is_config = LazyCell::new(|| find(bytes, CONFIG).any(|range| is_kind(bytes, range)));
    let has_credentials = LazyCell::new(|| has_credentials(bytes, value_of));
    any_sign(bytes, |needs, range| {
        let value = || value_of(bytes, range.clone());
        match needs {
            Needs::Nothing => true,
            Needs::Key => value().is_some(),
            Needs::MapKeyOrFlag => {
                is_flag(bytes, &range) || value().is_some_and(|value| b"\n{".contains(&value))
            }
            Needs::Config => value().is_some() && *is_config,
            // The value starts on the next line or with a bracket, or is an alias, or has an
            // anchor or a tag.
            Needs::ConfigOrCredentials => value().is_some_and(|value| {
                *is_config || (b"\n-[*&#!".contains(&value) && *has_credentials)
            }),
        }
    })
}

/// What the pieces of a file say of the whole, if each begins with the last [`OVERLAP`] bytes of the
/// one before. A file that is interesting may be so by its pieces, too.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    /// Whether a list was found that a file of kind `Config` must have.
    needs_config: bool,
    /// Whether a list was found that needs credentials.
    needs_credentials: bool,
}

impl Pieces {
    /// Returns whether the file may be interesting because of a sign in this piece, whatever the
    /// others contain.
    pub(crate) fn add(&mut self, piece: &[u8]) -> bool {
        any_sign(piece, |needs, range| {
            let value = value_in_piece(piece, range.clone());
            match needs {
                Needs::Nothing => true,
                Needs::Key => value.is_some(),
                Needs::MapKeyOrFlag => {
                    is_flag(piece, &range) || value.is_some_and(|value| b"\n{".contains(&value))
                }
                Needs::Config | Needs::ConfigOrCredentials => {
                    self.needs_config |= value.is_some();
                    let is_list = value.is_some_and(|value| b"\n-[*&#!".contains(&value));
                    self.needs_credentials |= is_list && needs == Needs::ConfigOrCredentials;
                    false
                }
            }
        })
    }

    /// Returns whether a sign was found that needs something that any piece may contain.
    pub(crate) fn need_more(&self) -> bool {
        self.needs_config || self.needs_credentials
    }

    /// Returns whether this piece may contain what the signs need.
    pub(crate) fn are_met_in(&self, piece: &[u8]) -> bool {
        let may_be_kind = |range: Range<usize>| {
            is_cut(piece.get(..range.start).unwrap_or_default()) || is_kind(piece, range)
        };
        (self.needs_config && find(piece, CONFIG).any(may_be_kind))
            || (self.needs_credentials && has_credentials(piece, value_in_piece))
    }
}

/// Returns whether what stands between a word and an end of a piece leaves open what the word is: the
/// next piece may say whether it is a key, and the one before whether its key is `kind`.
fn is_cut(between: &[u8]) -> bool {
    between.iter().all(|byte| b" \t\r\n\"':=kind".contains(byte))
}

/// Returns the first byte of the value after the word at `range`, as [`value_of`], or the end of the
/// line if the word is cut off from it.
fn value_in_piece(piece: &[u8], range: Range<usize>) -> Option<u8> {
    match is_cut(piece.get(range.end..).unwrap_or_default()) {
        true => Some(b'\n'),
        false => value_of(piece, range),
    }
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

/// The kind of a kubeconfig.
const CONFIG: &str = "Config";

/// Returns the places of a word.
fn find(bytes: &[u8], word: &'static str) -> impl Iterator<Item = Range<usize>> {
    memmem::find_iter(bytes, word).map(|at| at..at + word.len())
}

/// Returns whether there is a map of credentials. `value_of` is how to find the first byte of a
/// value.
fn has_credentials(bytes: &[u8], value_of: fn(&[u8], Range<usize>) -> Option<u8>) -> bool {
    let is_map = |range| value_of(bytes, range).is_some_and(|value| b"\n{*&#!".contains(&value));
    ["exec", "auth-provider"].into_iter().any(|word| find(bytes, word).any(is_map))
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

/// Returns whether the word at `range` is the name of a flag.
fn is_flag(bytes: &[u8], range: &Range<usize>) -> bool {
    let is_end = |byte: &u8| byte.is_ascii_whitespace() || b"=\"',".contains(byte);
    bytes.get(..range.start).is_some_and(|before| before.ends_with(b"--"))
        && bytes.get(range.end).is_some_and(is_end)
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

    /// Returns whether a file of these pieces may be interesting.
    fn may_be_interesting(texts: &[&str]) -> bool {
        let mut pieces = Pieces::default();
        let is_found = texts.iter().any(|piece| pieces.add(piece.as_bytes()));
        let is_met = |piece: &&str| pieces.are_met_in(piece.as_bytes());
        is_found || (pieces.need_more() && texts.iter().any(is_met))
    }

    #[test]
    fn pieces_of_interesting_files_may_be_interesting() {
        let blanks = " ".repeat(2 * OVERLAP);
        for text in [
            "kubectl config set-credentials a --auth-provider=gcp",
            "users:\n- exec: {}",
            "users:\n- user:\n    auth-provider:\n      name: gcp",
            "{\"kind\": \"Config\", \"contexts\"  : []}",
            GROUP,
            &format!("kind: {blanks}Config\nclusters{blanks}:\n- a"),
            &format!("users{blanks}: [exec{blanks}: {{}}]"),
        ] {
            for cut in OVERLAP..OVERLAP + text.len() + 1 {
                let text = " ".repeat(OVERLAP) + text + &" ".repeat(OVERLAP);
                assert!(is_interesting(text.as_bytes()));
                assert!(
                    may_be_interesting(&[&text[..cut], &text[cut - OVERLAP..]]),
                    "{cut}: {text}"
                );
            }
        }
    }

    #[test]
    fn pieces_of_prose_are_not_interesting() {
        for text in ["For users: [this].", "contexts: two", "kind: Config", "x users: y", "exec:\n"]
        {
            assert!(!may_be_interesting(&[text, "a kind: ConfigMap", "no exec: here."]), "{text}");
        }
        assert!(may_be_interesting(&["For users: [this].", "an", "exec: {"]));
        assert!(may_be_interesting(&["kind: Config", "", "some users: a"]));
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
            "kubectl config set-credentials a --auth-provider azure",
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
            "oauth --auth-provider-x=gcp -auth-provider=gcp",
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
