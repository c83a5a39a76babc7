//! The text that everything turns on: the name of the exec API group, plain and in base64.

pub mod prefilter;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::kubernetes::api_versions::GROUP;
use crate::text::source::Span;

/// The group in base64 at each of the three alignments, without the letters that depend on what
/// stands around it.
pub const BASE64: [&str; 3] = [
    "Y2xpZW50LmF1dGhlbnRpY2F0aW9uLms4cy5pb",
    "NsaWVudC5hdXRoZW50aWNhdGlvbi5rOHMuaW",
    "jbGllbnQuYXV0aGVudGljYXRpb24uazhzLmlv",
];

/// One place where the group stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The group, and the version word behind it if there is one.
    pub span: Span,
    /// Group and version, if there is one.
    pub api_version: Option<String>,
    /// Whether it stands there in base64; the span is then that of the base64.
    pub base64: bool,
    /// Whether it is the path of client-go's package for the version; the span is that of its last
    /// two words.
    pub is_package: bool,
}

/// What is left of the group in base64 where the base64 is wrapped and a line break cuts it in two:
/// one of the halves stands on one line. Then the same of the group in base64 that is itself in
/// base64: of the three ways in which the inner one may stand, each in three, without the letters
/// that depend on what stands around.
pub static HINTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let once = BASE64.iter().map(|whole| (*whole).to_owned());
    let twice = BASE64.iter().flat_map(|inner| {
        (0..3).map(move |before| {
            let encoded = STANDARD.encode(format!("{}{inner}", "A".repeat(before)));
            // Letters that hold a bit of what stands before, or of what follows.
            let from = (before * 8).div_ceil(6);
            let bits = (before + inner.len()) * 8;
            encoded.get(from..bits / 6).unwrap_or("").to_owned()
        })
    });
    let halves = |whole: String| {
        let (first, second) = whole.split_at(whole.len() / 2);
        [first.to_owned(), second.to_owned()]
    };
    once.chain(twice).flat_map(halves).collect()
});

/// Those of [`HINTS`] that every file is searched for.
///
/// Of base64 within base64 only the first halves: the others would make the search of every file
/// slower by a twelfth, for what is in base64 twice, wrapped, and cut in just these letters.
pub fn hints_of_files() -> impl Iterator<Item = &'static String> {
    let (once, twice) = HINTS.split_at(2 * BASE64.len());
    once.iter().chain(twice.iter().step_by(2))
}

static HINT_FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::new(HINTS.iter()).ok());

/// Every place in `text` where base64 stands that may hold the group, in order.
pub fn base64_hints(text: &str) -> Vec<usize> {
    let Some(finder) = HINT_FINDER.as_ref() else { return Vec::new() };
    finder.find_iter(text).map(|found| found.start()).collect()
}

/// The group as patterns of `sed` and others have it.
pub const ESCAPED: &str = r"client\.authentication\.k8s\.io";

/// The end of the path of client-go's packages for versions of the group: `…/v1alpha1`.
pub const PACKAGE: &str = "clientauthentication/v1";

/// What stands before [`PACKAGE`].
const PACKAGES: &str = "client-go/pkg/apis/";

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let [a, b, c] = BASE64;
    AhoCorasick::new([GROUP, ESCAPED, PACKAGE, a, b, c]).ok()
});

/// Every place in `text` where the group stands, in order.
pub fn occurrences(text: &str) -> Vec<Occurrence> {
    let Some(finder) = FINDER.as_ref() else {
        return Vec::new();
    };
    let at = |found: aho_corasick::Match| {
        let pattern = found.pattern().as_usize();
        let (is_package, base64) = (pattern == 2, pattern > 2);
        // Of a package the version was part of what was looked for.
        let end = if is_package { found.end() - "/v1".len() } else { found.end() };
        let rest = text.get(end..).unwrap_or("");
        let word = if base64 { 0 } else { version_word(rest) };
        let span = Span::new(found.start(), end + word);
        let version = rest.get(..word).unwrap_or("").trim_start_matches('\\');
        let api_version = (word > 0).then(|| format!("{GROUP}{version}"));
        Occurrence { span, api_version, base64, is_package }
    };
    let is_one = |found: &Occurrence| {
        !found.is_package || text.get(..found.span.start).unwrap_or("").ends_with(PACKAGES)
    };
    finder.find_iter(text).map(at).filter(is_one).collect()
}

/// Whether the group stands in `text`, plain or in base64.
pub fn is_in(text: &str) -> bool {
    FINDER.as_ref().is_some_and(|finder| finder.is_match(text))
}

/// The length of `/v1beta1` at the start of `rest`; 0 where no version follows the group. The slash
/// may be escaped, in a string in a string more than once.
fn version_word(rest: &str) -> usize {
    const MOST_ESCAPES: usize = 4;
    let escapes = rest.bytes().take(MOST_ESCAPES).take_while(|byte| *byte == b'\\').count();
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
    fn finds_group_and_version() {
        let text = "é client.authentication.k8s.io/v1alpha1, client.authentication.k8s.io/exec";
        let found = occurrences(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].api_version.as_deref(), Some("client.authentication.k8s.io/v1alpha1"));
        assert_eq!(&text[found[1].span.range()], GROUP);
        assert_eq!(found[1].api_version, None);
        let text = r"client.authentication.k8s.io\/v1beta1 client\.authentication\.k8s\.io\\/v1";
        let versions = occurrences(text).into_iter().map(|found| found.api_version.unwrap());
        let expected = ["client.authentication.k8s.io/v1beta1", "client.authentication.k8s.io/v1"];
        assert_eq!(versions.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn finds_the_group_in_base64_at_every_alignment() {
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
