//! Where the name of the exec API group occurs, plain and in base64.
//!
//! [`prefilter`] takes the bytes of a file and decides whether the file is worth parsing;
//! [`own_report`] recognizes reports of this program. [`occurrences`] takes a text and returns
//! every place that names the group. The linter accounts for each of these places exactly once.

pub(crate) mod own_report;
pub(crate) mod prefilter;
mod words;

use std::sync::{Arc, LazyLock};

use aho_corasick::Match;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::kubernetes::api_versions::GROUP;
use crate::text::source::Span;

use words::Words;

/// The group in base64 at each of the three alignments, without the letters that depend on the
/// surrounding bytes.
pub(crate) const BASE64: [&str; 3] = [
    "Y2xpZW50LmF1dGhlbnRpY2F0aW9uLms4cy5pb",
    "NsaWVudC5hdXRoZW50aWNhdGlvbi5rOHMuaW",
    "jbGllbnQuYXV0aGVudGljYXRpb24uazhzLmlv",
];

/// One occurrence of the group in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The group, with the version after it if there is one.
    pub span: Span,
    /// Group and version, if a version follows.
    pub api_version: Option<Arc<str>>,
    /// Whether the group is in base64; the span is then that of the base64.
    pub base64: bool,
    /// Whether this is the path of client-go's package for the version; the span then covers its
    /// last two words.
    pub is_package: bool,
}

/// Halves of the group in base64, which remain on one line if the base64 is wrapped and a line
/// break cuts the group in two. Then the same for base64 within base64: each of the three inner
/// alignments at each of the three outer ones, without the letters that depend on the surrounding
/// bytes.
pub(crate) static HINTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let once = BASE64.iter().map(|whole| (*whole).to_owned());
    let twice = BASE64.iter().flat_map(|inner| encoded(inner));
    once.chain(twice).flat_map(halves).collect()
});

/// Returns ASCII letters in base64 at each of the three alignments, without the letters that
/// depend on the surrounding bytes.
fn encoded(inner: &str) -> impl Iterator<Item = String> {
    (0..3).map(move |before| {
        let encoded = STANDARD.encode(format!("{}{inner}", "A".repeat(before)));
        // Skip letters that hold bits of the surrounding bytes.
        let from = (before * 8).div_ceil(6);
        let bits = (before + inner.len()) * 8;
        encoded.get(from..bits / 6).unwrap_or("").to_owned()
    })
}

fn halves(whole: String) -> [String; 2] {
    let (first, second) = whole.split_at(whole.len() / 2);
    [first.to_owned(), second.to_owned()]
}

/// Returns the [`HINTS`] that every file is searched for.
///
/// For base64 within base64, these are only the first halves. The second halves would slow down the
/// search of every file by a twelfth, to find only text that is in base64 twice, wrapped, and cut
/// at exactly these letters.
pub(crate) fn hints_of_files() -> impl Iterator<Item = &'static String> {
    let (once, twice) = HINTS.split_at(2 * BASE64.len());
    once.iter().chain(twice.iter().step_by(2))
}

static HINT_FINDER: LazyLock<Words> = LazyLock::new(|| Words::new(&HINTS));

/// Returns the offset of every base64 fragment in `text` that may contain the group, in order.
pub(crate) fn base64_hints(text: &str) -> Vec<usize> {
    starts(HINT_FINDER.find_all(text.as_bytes()))
}

fn starts(found: Vec<Match>) -> Vec<usize> {
    found.into_iter().map(|found| found.start()).collect()
}

/// The first halves of the group in base64 within base64 within base64.
static THRICE: LazyLock<Words> = LazyLock::new(|| {
    let twice = BASE64.iter().flat_map(|inner| encoded(inner));
    let thrice = twice.flat_map(|inner| encoded(&inner).collect::<Vec<_>>());
    Words::new(&thrice.map(halves).map(|[first, _]| first).collect::<Vec<_>>())
});

/// Returns whether `text` contains the group in base64 within base64 within base64, which
/// [`base64_hints`] does not find.
pub(crate) fn is_in_base64_thrice(text: &str) -> bool {
    // Few texts have words of that length: the others need not prepare the search.
    const LENGTH: usize = 16;
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    let has_long_word = || text.as_bytes().chunks_exact(LENGTH).any(|c| c.iter().all(is_letter));
    has_long_word() && THRICE.any(text.as_bytes(), |_| true)
}

/// The group as written in patterns of `sed` and other tools.
pub(crate) const ESCAPED: &str = r"client\.authentication\.k8s\.io";

/// The end of the path of client-go's packages for versions of the group, up to the `v1` of
/// `…/v1alpha1`.
pub(crate) const PACKAGE: &str = "clientauthentication/v1";

/// The path before [`PACKAGE`].
const PACKAGES: &str = "client-go/pkg/apis/";

/// The number of the first base64 form among the words of [`FINDER`].
const FIRST_BASE64: usize = 3;

static FINDER: LazyLock<Words> = LazyLock::new(|| {
    let [a, b, c] = BASE64;
    Words::new(&[GROUP, ESCAPED, PACKAGE, a, b, c])
});

/// Returns every occurrence of the group in `text`, in order.
pub fn occurrences(text: &str) -> Vec<Occurrence> {
    search(text).occurrences
}

/// What a search for the group finds in a text.
#[derive(Debug)]
pub(crate) struct Found {
    /// Every occurrence of the group, in order.
    pub(crate) occurrences: Vec<Occurrence>,
    /// What [`base64_hints`] returns.
    pub(crate) base64_hints: Vec<usize>,
}

/// Searches a text for the group, and for base64 that may contain it.
pub(crate) fn search(text: &str) -> Found {
    // Most have the same version.
    let mut last: Option<Arc<str>> = None;
    let at = |found: Match| {
        let pattern = found.pattern().as_usize();
        let (is_package, base64) = (pattern == 2, pattern >= FIRST_BASE64);
        // The pattern of a package includes the start of its version.
        let end = if is_package { found.end() - "/v1".len() } else { found.end() };
        let rest = text.get(end..).unwrap_or("");
        let word = if base64 { 0 } else { version_word(rest) };
        let span = Span::new(found.start(), end + word);
        let version = rest.get(..word).unwrap_or("").trim_start_matches('\\');
        let api_version = (word > 0).then(|| format!("{GROUP}{version}"));
        if last.as_deref() != api_version.as_deref() {
            last = api_version.map(Arc::from);
        }
        Occurrence { span, api_version: last.clone(), base64, is_package }
    };
    let is_one = |found: &Occurrence| {
        !found.is_package || text.get(..found.span.start()).unwrap_or("").ends_with(PACKAGES)
    };
    let whole = FINDER.find_all(text.as_bytes()).into_iter().map(at).filter(is_one);
    let mut all: Vec<_> = whole.collect();
    let hints = HINT_FINDER.find_all(text.as_bytes());
    let cut = cut_base64(text.as_bytes(), &hints);
    if !cut.is_empty() {
        let occurrence =
            |span| Occurrence { span, api_version: None, base64: true, is_package: false };
        all.extend(cut.into_iter().map(occurrence));
        all.sort_by_key(|found| found.span);
    }
    Found { occurrences: all, base64_hints: starts(hints) }
}

/// Returns the places of the group in base64 that a line break cuts, in order. `hints` are the matches
/// of [`HINT_FINDER`].
fn cut_base64(bytes: &[u8], hints: &[Match]) -> Vec<Span> {
    let mut places: Vec<Span> = Vec::new();
    for found in hints {
        let (form, half) = (found.pattern().as_usize() / 2, found.pattern().as_usize() % 2);
        // The others are base64 within base64.
        let Some(whole) = BASE64.get(form) else { continue };
        let (first, _) = whole.split_at(whole.len() / 2);
        let start = match half {
            0 => Some(found.start()),
            _ => start_across_breaks(bytes, found.start(), first),
        };
        let place = start.and_then(|start| {
            let end = end_across_breaks(bytes, start, whole)?;
            Some(Span::new(start, end))
        });
        let last = places.last().map_or(0, |last| last.end());
        places.extend(place.filter(|place| place.start() >= last && place.len() > whole.len()));
    }
    places
}

/// Returns where `word` ends that begins at `at` and may have line breaks in it.
fn end_across_breaks(bytes: &[u8], at: usize, word: &str) -> Option<usize> {
    let mut rest = bytes.iter().enumerate().skip(at).filter(|(_, b)| !b.is_ascii_whitespace());
    let mut end = at;
    for letter in word.bytes() {
        end = rest.next().filter(|(_, byte)| **byte == letter)?.0 + 1;
    }
    Some(end)
}

/// Returns where `word` begins that ends before `end` and may have line breaks in it.
fn start_across_breaks(bytes: &[u8], end: usize, word: &str) -> Option<usize> {
    let before = bytes.get(..end)?.iter().enumerate().rev();
    let mut before = before.filter(|(_, byte)| !byte.is_ascii_whitespace());
    let mut start = end;
    for letter in word.bytes().rev() {
        start = before.next().filter(|(_, byte)| **byte == letter)?.0;
    }
    Some(start)
}

/// Returns whether `text` contains the group, plain or in base64.
pub(crate) fn is_in(text: &str) -> bool {
    FINDER.any(text.as_bytes(), |_| true)
}

/// Returns whether `text` contains the group as it is, not only in base64.
pub(crate) fn is_plain_in(text: &str) -> bool {
    FINDER.any(text.as_bytes(), |found| found.pattern().as_usize() < FIRST_BASE64)
}

/// Returns the length in bytes of `/v1beta1` at the start of `rest`; 0 if no version follows the
/// group. The slash may be escaped, more than once in a string inside a string.
fn version_word(rest: &str) -> usize {
    const MAX_ESCAPES: usize = 4;
    let escapes = rest.bytes().take(MAX_ESCAPES).take_while(|byte| *byte == b'\\').count();
    let Some(word) = rest.get(escapes..).and_then(|rest| rest.strip_prefix("/v")) else {
        return 0;
    };
    let letters = word.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if word.starts_with(|c: char| c.is_ascii_digit()) { escapes + 2 + letters } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occurrences_finds_group_and_version() {
        let text = "é client.authentication.k8s.io/v1alpha1, client.authentication.k8s.io/exec";
        let found = occurrences(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].api_version.as_deref(), Some("client.authentication.k8s.io/v1alpha1"));
        assert_eq!(&text[found[1].span.range()], GROUP);
        assert_eq!(found[1].api_version, None);
        let text = r"client.authentication.k8s.io\/v1beta1 client\.authentication\.k8s\.io\\/v1";
        let found = occurrences(text);
        let versions = found.iter().filter_map(|found| found.api_version.as_deref());
        let expected = ["client.authentication.k8s.io/v1beta1", "client.authentication.k8s.io/v1"];
        assert_eq!(versions.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn occurrences_finds_base64_that_a_line_break_cuts() {
        for before in ["", "a", "ab"] {
            let encoded = STANDARD.encode(format!("{before}{GROUP}/v1"));
            for cut in 0..=encoded.len() {
                for joint in ["\n", "\r\n    ", " "] {
                    let (first, second) = encoded.split_at(cut);
                    let text = format!("x: {first}{joint}{second}\n{GROUP} {encoded}");
                    let found = occurrences(&text);
                    assert_eq!(found.len(), 3, "{text}: {found:?}");
                    assert!(found[0].base64 && found[0].span.start() < found[1].span.start());
                }
            }
        }
    }

    #[test]
    fn occurrences_finds_base64_at_every_alignment() {
        for before in ["", "a", "ab", "abc"] {
            for after in ["", "/", "/v1", "/v1beta1\n"] {
                let encoded = STANDARD.encode(format!("{before}{GROUP}{after}"));
                let found = occurrences(&encoded);
                assert_eq!(found.len(), 1, "{before:?} {after:?}");
                assert!(found[0].base64);
            }
        }
    }
}
