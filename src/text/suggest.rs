//! Finds the name that a misspelled one was meant to be.

/// Limit on the letters of a word that are compared: a file may contain anything.
const MAX_LETTERS: usize = 64;

/// The fewest letters that suggest the name that begins with them.
const MIN_START: usize = 4;

/// Drops what people confuse: lowercases the word, removes `-` and `_`, and truncates it.
pub(crate) fn normalized(word: &str) -> String {
    let letters = word.chars().take(MAX_LETTERS).filter(|c| !matches!(c, '-' | '_'));
    letters.flat_map(char::to_lowercase).collect()
}

/// Returns in how many letters two words differ, both normalized.
pub(crate) fn distance(word: &str, other: &str) -> usize {
    strsim::levenshtein(&normalized(word), &normalized(other))
}

/// Returns the name nearest to a misspelled word, both normalized; `None` if two are equally near, or
/// if the distance exceeds `most` letters.
pub(crate) fn nearest<'a>(
    word: &str,
    names: impl IntoIterator<Item = &'a str>,
    most: usize,
) -> Option<&'a str> {
    let word = normalized(word);
    let names = names.into_iter().map(|name| (strsim::levenshtein(&word, &normalized(name)), name));
    let mut names: Vec<(usize, &'a str)> = names.collect();
    names.sort_unstable();
    let (&(distance, name), others) = names.split_first()?;
    let is_alone = others.first().is_none_or(|(next, _)| distance < *next);
    (distance <= most && is_alone).then_some(name)
}

/// Like [`nearest`], allowing a third of the letters to be wrong, but always at least one; else the
/// only name that begins with the word.
pub(crate) fn suggestion<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let letters = normalized(word);
    let length = letters.chars().count();
    let begun = || {
        let mut begun = names.iter().filter(|name| normalized(name).starts_with(&letters));
        begun.next().filter(|_| begun.next().is_none() && length >= MIN_START).copied()
    };
    nearest(word, names.iter().copied(), (length / 3).max(1)).or_else(begun)
}

/// Asks whether a name was meant; returns `otherwise` if no name is near.
pub(crate) fn did_you_mean(word: &str, names: &[&str], otherwise: &str) -> String {
    let meant = suggestion(word, names).map(|name| format!("did you mean `{name}`?"));
    meant.unwrap_or_else(|| otherwise.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_finds_the_one_name_within_reach() {
        let names = ["alpha", "alpine", "beta"];
        assert_eq!(nearest("Al-Pha", names, 0), Some("alpha"));
        assert_eq!(nearest("betta", names, 1), Some("beta"));
        assert_eq!(nearest("betta", names, 0), None);
        assert_eq!(nearest("alpi", ["alpha", "alpin"], 2), Some("alpin"));
        assert_eq!(nearest("alpx", ["alpha", "alpin"], 2), None);
        assert_eq!(nearest("", [], 9), None);
    }

    #[test]
    fn suggestion_completes_a_name() {
        let names = ["removed-api-version", "removed-auth-provider", "unused-exec"];
        assert_eq!(suggestion("removed-api", &names), Some("removed-api-version"));
        assert_eq!(suggestion("removed", &names), None);
        assert_eq!(suggestion("unu", &names), None);
    }
}
