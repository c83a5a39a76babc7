//! Knows the words that texts about clusters, programs and errors consist of. A password that is a
//! word of a language is not among them, but by chance.

use std::cmp::Ordering;

/// The words in lower case, sorted, with a blank or a line break between them: those that occur in many
/// public repositories, and those of error messages.
const WORDS: &str = include_str!("words.txt");

/// Returns whether a part of a name or of a sentence is known, or consists of words that are, such as
/// `ExpiredTokenException`. Ignores case.
pub(super) fn knows(part: &str) -> bool {
    has(part) || humps(part).all(|hump| hump.len() == 1 || has(hump))
}

/// Returns whether a word is known. Ignores case.
pub(super) fn has(word: &str) -> bool {
    let word = word.to_lowercase();
    let mut rest = WORDS;
    loop {
        let start = rest.get(..rest.len() / 2).and_then(|half| half.rfind(is_gap));
        let start = start.map_or(0, |gap| gap + 1);
        let (before, from) = rest.split_at(start);
        let (middle, after) = from.split_once(is_gap).unwrap_or((from, ""));
        rest = match word.as_str().cmp(middle) {
            Ordering::Equal => return !word.is_empty(),
            Ordering::Less => before.trim_end_matches(is_gap),
            Ordering::Greater => after,
        };
        if rest.is_empty() {
            return false;
        }
    }
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\n')
}

/// Returns the words in a name such as `ExpiredTokenException` or `APIVersion`.
pub(super) fn humps(name: &str) -> impl Iterator<Item = &str> {
    let mut rest = name;
    std::iter::from_fn(move || {
        let mut letters = rest.char_indices().peekable();
        let (_, mut last) = letters.next()?;
        let mut end = rest.len();
        while let Some((at, letter)) = letters.next() {
            let is_next_lower = letters.peek().is_some_and(|(_, next)| next.is_lowercase());
            if letter.is_uppercase() && (!last.is_uppercase() || is_next_lower) {
                end = at;
                break;
            }
            last = letter;
        }
        let (hump, others) = rest.split_at(end);
        rest = others;
        Some(hump)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_and_found() {
        let words: Vec<_> = WORDS.split_whitespace().collect();
        assert!(words.is_sorted());
        for word in &words {
            assert!(has(word) && *word == word.to_lowercase(), "{word}");
        }
    }

    #[test]
    fn knows_names_of_known_words_alone() {
        for name in ["Cluster", "ExpiredTokenException", "apiVersion", "execAPIVersion", "a"] {
            assert!(knows(name), "{name}");
        }
        for name in ["", "swordfish", "clusterSwordfish", "zzz", "aaaa", "hunter"] {
            assert!(!has(name), "{name}");
        }
        assert!(!knows("clusterSwordfish"));
    }
}
