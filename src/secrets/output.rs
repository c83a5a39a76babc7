//! What a program printed, with anything masked that may be a secret.

use crate::text::source::{Source, Span, floor_boundary, merged};

use super::mask::odd_words;
use super::{MASK, masked};

/// The shortest known secret that is looked for: shorter ones are parts of ordinary words.
const MIN_KNOWN: usize = 4;
/// The most bytes of a line that are shown.
const MAX_LINE: usize = 300;

/// Returns the last lines that a program printed, at most `most` that are not blank. `known` are
/// secrets that may occur in them. What looks like a value and not like a word is masked, too.
/// `is_cut` says that the beginning of the text is missing.
pub(crate) fn shown_lines(text: &str, is_cut: bool, known: &[String], most: usize) -> Vec<String> {
    // The rest of a line whose beginning is missing may be the rest of a secret.
    let text = match is_cut {
        true => text.split_once('\n').map_or("", |(_, rest)| rest),
        false => text,
    };
    let text = anstream::adapter::strip_str(text).to_string();
    // A secret of several lines may be cut or indented.
    let mut known: Vec<&str> =
        known.iter().flat_map(|known| known.lines()).map(str::trim).collect();
    known.retain(|known| known.len() >= MIN_KNOWN);
    known.sort_by_key(|known| std::cmp::Reverse(known.len()));
    let text = known.iter().fold(text, |text, known| text.replace(known, MASK));
    let source = Source::new("output", text.into_bytes());
    let lines = (1..=source.line_count()).filter_map(|line| {
        let span = source.line_span(line)?;
        let odd = odd_words(source.slice(span)).into_iter();
        let odd = odd.map(|word| Span::new(span.start() + word.start, span.start() + word.end));
        // `error: no such user` is a sentence, and not a setting.
        let likely = masked(&source, line..=line).map(|(place, _)| place);
        let masked = merged(likely.chain(odd).collect());
        let mut shown = String::new();
        let mut at = span.start();
        for place in masked {
            shown.push_str(source.slice(Span::new(at, place.start())));
            shown.push_str(MASK);
            at = place.end();
        }
        shown.push_str(source.slice(Span::new(at, span.end())));
        let end = floor_boundary(&shown, MAX_LINE);
        if end < shown.len() {
            shown.truncate(end);
            shown.push('…');
        }
        let shown = shown.trim_end();
        (!shown.is_empty()).then(|| shown.to_owned())
    });
    let lines: Vec<String> = lines.collect();
    let first = lines.len().saturating_sub(most);
    lines.into_iter().skip(first).collect()
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
        let shown = |text: &str| shown_lines(text, false, &["plain-word".to_owned()], 9).join("|");
        for (text, expected) in [
            ("a plain-word and plain-words", "a *** and ***s"),
            (
                "Unable to locate credentials.\n\n  Run aws configure.",
                "Unable to locate credentials.|  Run aws configure.",
            ),
            ("exit 255: AKIAIOSFODNN7EXAMPLE", "exit 255: ***"),
            ("password: horse\n", "password: ***"),
            ("\u{1b}[31mnot\u{1b}[0m logged in", "not logged in"),
            ("Authorization: Bearer abc.def", "Authorization: ***"),
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
            ("token: expired", "token: ***"),
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
        let known = ["secret-value".to_owned()];
        assert_eq!(shown_lines("t-value\nb\nc\n", true, &known, 9), ["b", "c"]);
        assert_eq!(shown_lines("t-value", true, &known, 9), [""; 0]);
        assert_eq!(shown_lines("a\nb\nc", false, &known, 2), ["b", "c"]);
        assert_eq!(shown_lines(&"é ".repeat(300), false, &[], 1)[0].len(), MAX_LINE + "…".len());
    }
}
