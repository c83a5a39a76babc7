//! The text that everything turns on: the name of the exec API group, plain and in base64.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::kubernetes::api_versions::GROUP;
use crate::source::Span;

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
}

static FINDER: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let [a, b, c] = BASE64;
    AhoCorasick::new([GROUP, a, b, c]).ok()
});

/// Every place in `text` where the group stands, in order.
pub fn occurrences(text: &str) -> Vec<Occurrence> {
    let Some(finder) = FINDER.as_ref() else {
        return Vec::new();
    };
    let at = |found: aho_corasick::Match| {
        let base64 = found.pattern().as_usize() != 0;
        let word = if base64 { 0 } else { version_word(&text[found.end()..]) };
        let span = Span::new(found.start(), found.end() + word);
        let api_version = (word > 0).then(|| text[span.range()].replace('\\', ""));
        Occurrence { span, api_version, base64 }
    };
    finder.find_iter(text).map(at).collect()
}

/// The length of `/v1beta1` at the start of `rest`; 0 where no version follows the group.
fn version_word(rest: &str) -> usize {
    let Some(word) = rest.strip_prefix("/v") else {
        return 0;
    };
    let letters = word.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if word.starts_with(|c: char| c.is_ascii_digit()) { 2 + letters } else { 0 }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn finds_group_and_version() {
        let text = "é client.authentication.k8s.io/v1alpha1, client.authentication.k8s.io/exec";
        let found = occurrences(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].api_version.as_deref(), Some("client.authentication.k8s.io/v1alpha1"));
        assert_eq!(&text[found[1].span.range()], GROUP);
        assert_eq!(found[1].api_version, None);
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
