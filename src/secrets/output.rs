//! What a program printed, with anything masked that may be a secret.
//!
//! A password may be an ordinary word. So words are shown only if they are known: those of error
//! messages, and those that the report shows anyway.

use std::collections::HashSet;

use crate::text::source::{Source, Span, floor_boundary, merged};

use super::mask::odd_words;
use super::{MASK, masked, words};

/// The shortest known secret that is looked for: shorter ones are parts of ordinary words.
const MIN_KNOWN: usize = 4;
/// The most bytes of a line that are shown.
const MAX_LINE: usize = 300;
/// The fewest words of a line that is shown: one word alone may be a password.
const MIN_WORDS: usize = 2;

/// Lines that a program printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    /// Those that are shown.
    pub(crate) shown: Vec<String>,
    /// How many others there are, blank ones not included.
    pub(crate) hidden: usize,
}

/// Words that reports may show.
#[derive(Debug, Default)]
pub(crate) struct Known(HashSet<String>);

impl Known {
    /// Takes the words of texts that the report shows anyway.
    pub(crate) fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let words = texts.into_iter().flat_map(|text| text.split(|c: char| !is_letter(c)));
        Self(words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect())
    }

    /// Returns whether a report may show a word, which may have punctuation around it and several
    /// parts: `eu-west-1`, `ExpiredToken`, `/etc/hosts`.
    pub(crate) fn has(&self, word: &str) -> bool {
        let bare = word.trim_matches(|c: char| !(is_letter(c) || "/~".contains(c)));
        if bare.is_empty() {
            return word.len() <= 3;
        }
        if bare.starts_with(['/', '~']) {
            return !path_looks_secret(bare);
        }
        let mut parts = bare.split(|c: char| !is_letter(c)).filter(|part| !part.is_empty());
        parts.all(|part| self.has_part(part) || words::humps(part).all(|hump| self.has_part(hump)))
    }

    fn has_part(&self, part: &str) -> bool {
        let is_number = part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number || words::has(part) || self.0.contains(&part.to_lowercase())
    }
}

/// Returns whether a character is a part of a word.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '\''
}

/// Returns the last lines that a program printed, at most `most`. `secrets` may occur in them, and
/// `known` are words that the report shows anyway. `is_cut` says that the beginning of the text is
/// missing.
pub(crate) fn shown_lines(
    text: &str,
    is_cut: bool,
    secrets: &[String],
    known: &Known,
    most: usize,
) -> Lines {
    // The rest of a line whose beginning is missing may be the rest of a secret.
    let text = match is_cut {
        true => text.split_once('\n').map_or("", |(_, rest)| rest),
        false => text,
    };
    let text = anstream::adapter::strip_str(text).to_string();
    // A secret of several lines may be cut or indented.
    let mut secrets: Vec<&str> =
        secrets.iter().flat_map(|secret| secret.lines()).map(str::trim).collect();
    secrets.retain(|secret| secret.len() >= MIN_KNOWN);
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let text = secrets.iter().fold(text, |text, secret| text.replace(secret, MASK));
    let source = Source::new("output", text.into_bytes());
    let lines = (1..=source.line_count()).filter(|line| {
        source.line_span(*line).is_some_and(|span| !source.slice(span).trim().is_empty())
    });
    let lines: Vec<usize> = lines.collect();
    let last = lines.iter().skip(lines.len().saturating_sub(most));
    let shown: Vec<String> = last.filter_map(|line| shown_line(&source, *line, known)).collect();
    Lines { hidden: lines.len() - shown.len(), shown }
}

/// Returns a line without what may be a secret; `None` if little is left of it.
fn shown_line(source: &Source, line: usize, known: &Known) -> Option<String> {
    let span = source.line_span(line)?;
    let text = source.slice(span);
    let within = |range: std::ops::Range<usize>| {
        Span::new(span.start() + range.start, span.start() + range.end)
    };
    let odd: Vec<_> = odd_words(text).into_iter().map(within).collect();
    // `error: no such user` is a sentence, and not a setting.
    let likely: Vec<_> = masked(source, line..=line).map(|(place, _)| place).collect();
    let masks = [odd, likely].concat();
    let mut hidden = masks.clone();
    let (mut shown, mut unknown, mut at) = (0, 0, 0);
    for word in text.split([' ', '\t']) {
        let place = within(at..at + word.len());
        at += word.len() + 1;
        if word.is_empty() {
            continue;
        }
        let has_mask = word.contains(MASK);
        let is_masked = has_mask || masks.iter().any(|mask| mask.overlaps(place));
        if is_masked || !known.has(word) {
            unknown += 1;
            hidden.extend((!is_masked || has_mask).then_some(place));
        } else {
            shown += usize::from(word.chars().any(char::is_alphanumeric));
        }
    }
    if shown < MIN_WORDS || shown < unknown {
        return None;
    }
    let mut line = String::new();
    let mut at = span.start();
    for place in merged(hidden) {
        line.push_str(source.slice(Span::new(at, place.start())));
        line.push_str(MASK);
        at = place.end();
    }
    line.push_str(source.slice(Span::new(at, span.end())));
    let end = floor_boundary(&line, MAX_LINE);
    if end < line.len() {
        line.truncate(end);
        line.push('…');
    }
    Some(line.trim_end().to_owned())
}

/// The shortest part of a path that may be a secret; shorter ones are names.
const MIN_PART: usize = 16;

/// Returns whether a path looks as if it held a secret, or were one.
pub(crate) fn path_looks_secret(path: &str) -> bool {
    let is_odd = |part: &str| part.len() >= MIN_PART && !odd_words(part).is_empty();
    path.split(['/', '\\']).any(is_odd)
        || masked(&Source::new("path", path.as_bytes().to_vec()), 1..=1).next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_lines_mask_known_secrets_and_what_looks_like_one() {
        let known = Known::of(["aws --profile prod"]);
        let shown = |text: &str| {
            let lines = shown_lines(text, false, &["plain-word".to_owned()], &known, 9);
            let hidden = (lines.hidden > 0).then(|| format!("+{}", lines.hidden));
            lines.shown.into_iter().chain(hidden).collect::<Vec<_>>().join("|")
        };
        for (text, expected) in [
            ("a plain-word and plain-words", "a *** and ***"),
            (
                "Unable to locate credentials.\n\n  Run aws configure.",
                "Unable to locate credentials.|  Run aws configure.",
            ),
            ("exit 255: AKIAIOSFODNN7EXAMPLE", "exit 255: ***"),
            ("password: horse\n", "+1"),
            ("horse\ncorrect horse battery\n", "+2"),
            ("horse is no region", "*** is no region"),
            (
                "The profile (prod) and the profile (horse) expired",
                "The profile (prod) and the profile *** expired",
            ),
            (
                "An error occurred (ExpiredTokenException) when calling",
                "An error occurred (ExpiredTokenException) when calling",
            ),
            (
                "dial tcp: lookup sts.eu-west-1.amazonaws.com: no such host",
                "dial tcp: lookup sts.eu-west-1.amazonaws.com: no such host",
            ),
            ("\u{1b}[31mnot\u{1b}[0m logged in", "not logged in"),
            ("Authorization: Bearer abc.def", "+1"),
            ("open /etc/x.conf: no such file", "open /etc/x.conf: no such file"),
            ("error: You must be logged in", "error: You must be logged in"),
            (
                "aws: error: argument operation: Invalid choice",
                "aws: error: argument operation: Invalid choice",
            ),
            (
                "error: unknown command \"oidc-login\" for \"kubectl\"",
                "error: unknown command \"oidc-login\" for \"kubectl\"",
            ),
            ("error: token: horse", "error: token: ***"),
            ("error: bad pin 4711x", "error: bad pin ***"),
            (
                "The security token included in the request is expired; token=horse",
                "The security token included in the request is expired; token=***",
            ),
            ("the token expired", "the token expired"),
            ("token: expired", "+1"),
            ("password invalid", "password invalid"),
            ("token horse is bad", "token *** is bad"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn path_looks_secret_if_a_part_does() {
        for path in ["/etc/ssl/certs/ca-certificates.crt", "../.minikube/profiles/a1/client.key"] {
            assert!(!path_looks_secret(path), "{path}");
        }
        for path in ["eyJhbGciOiJIUzI1NiJ9.eyJodW50ZXIiOjF9", "/x/hunter2hunter2hunter2/y"] {
            assert!(path_looks_secret(path), "{path}");
        }
    }

    #[test]
    fn shown_lines_are_the_last_whole_ones() {
        let lines = |text: &str, is_cut, most| {
            shown_lines(text, is_cut, &["secret-value".to_owned()], &Known::default(), most)
        };
        let shown = |text: &str, is_cut, most| lines(text, is_cut, most).shown;
        assert_eq!(shown("t-value of a\nis on\nis off\n", true, 9), ["is on", "is off"]);
        assert_eq!(shown("t-value is on", true, 9), [""; 0]);
        let three = lines("a is on\nb is on\nit is on", false, 2);
        assert_eq!(
            (three.shown, three.hidden),
            (vec!["*** is on".to_owned(), "it is on".to_owned()], 1)
        );
        assert_eq!(shown(&"is é ".repeat(300), false, 1)[0].len(), MAX_LINE + "…".len());
    }
}
