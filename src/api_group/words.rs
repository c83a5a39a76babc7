//! Searches a text for several words at once.

use aho_corasick::packed::{self, Searcher};
use aho_corasick::{AhoCorasick, Match, MatchKind};

/// A search for several words. Where two words overlap, the leftmost counts.
#[derive(Debug)]
pub(super) enum Words {
    /// Vector instructions. This is built in a fraction of the time of an automaton, which is most
    /// of the time of a run on one small file.
    Packed(Searcher),
    /// An automaton, for processors without these instructions.
    Automaton(AhoCorasick),
    /// No search: an automaton that is too large, which the words of this program never make.
    Nothing,
}

impl Words {
    /// Prepares the search for `words`; a match refers to them by their index.
    pub(super) fn new<W: AsRef<[u8]>>(words: &[W]) -> Self {
        match packed::Config::new().builder().extend(words).build() {
            Some(searcher) => Self::Packed(searcher),
            None => Self::automaton(words),
        }
    }

    fn automaton<W: AsRef<[u8]>>(words: &[W]) -> Self {
        let automaton = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(words);
        automaton.map_or(Self::Nothing, Self::Automaton)
    }

    /// Calls `is_wanted` for each match in `text`, in order, until it returns `true`; returns
    /// whether it did.
    pub(super) fn any(&self, text: &[u8], is_wanted: impl FnMut(Match) -> bool) -> bool {
        match self {
            Self::Packed(searcher) => searcher.find_iter(text).any(is_wanted),
            Self::Automaton(automaton) => automaton.find_iter(text).any(is_wanted),
            Self::Nothing => false,
        }
    }

    /// Returns all matches in `text` that do not overlap, in order.
    pub(super) fn find_all(&self, text: &[u8]) -> Vec<Match> {
        let mut all = Vec::new();
        self.any(text, |found| {
            all.push(found);
            false
        });
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_searches_find_the_same() {
        let words = ["client.auth", "auth-provider", "Config"];
        let automaton = Words::automaton(&words);
        assert!(matches!(automaton, Words::Automaton(_)));
        for text in ["", "Config", "xclient.auth-provider Config,client.auth", &"- ".repeat(99)] {
            let found = automaton.find_all(text.as_bytes());
            assert_eq!(Words::new(&words).find_all(text.as_bytes()), found, "{text}");
        }
        assert_eq!(automaton.find_all(b"xclient.auth-provider Config").len(), 2);
    }
}
