//! Finds out whether `sed` or `perl` writes a value: the second half of an `s/…/…/`.

/// Programs whose scripts contain substitutions.
const PROGRAMS: &[&str] = &["sed", "gsed", "perl"];

/// Returns whether a command, cut off at a value, substitutes the value for something else.
pub(super) fn writes(command: &str) -> bool {
    let is_mark = |c: char| c.is_whitespace() || "\"'`([{,$@/".contains(c);
    let is_program = |word: &str| PROGRAMS.contains(&word);
    PROGRAMS.iter().any(|program| command.contains(program))
        && command.split(is_mark).any(is_program)
        && is_in_replacement(command)
}

/// Returns whether a text ends in the replacement of a substitution.
fn is_in_replacement(text: &str) -> bool {
    let mut rest = text;
    while let Some(begin) = next_substitution(rest) {
        let Some(replacement) = after_part(begin) else { return false };
        // A replacement in brackets has its own opening bracket.
        let opening = begin.chars().next().filter(|c| closing(*c) != *c);
        let replacement = match opening {
            Some(_) => replacement.trim_start(),
            None => begin.get(begin.len() - replacement.len() - 1..).unwrap_or(""),
        };
        if replacement.is_empty() {
            return false;
        }
        match after_part(replacement) {
            Some(behind) => rest = behind,
            None => return true,
        }
    }
    false
}

/// Returns the text from the first mark of the next substitution: after an `s` that is a word of
/// its own, or that follows an address.
fn next_substitution(text: &str) -> Option<&str> {
    let is_mark = |c: char| c.is_ascii_punctuation() && !"\\\"'`$&*-.;=_)]}>".contains(c);
    text.match_indices('s').find_map(|(at, _)| {
        let rest = text.get(at + 1..)?;
        let is_word = !text.get(..at)?.ends_with(|c: char| c.is_alphabetic() || "_-.".contains(c));
        (is_word && rest.starts_with(is_mark)).then_some(rest)
    })
}

/// Returns the text after the part of a substitution that begins with its mark; `None` if nothing
/// ends the part.
fn after_part(text: &str) -> Option<&str> {
    let mut chars = text.char_indices();
    let (_, open) = chars.next()?;
    let (close, mut depth) = (closing(open), 0_usize);
    let mut is_escaped = false;
    for (at, c) in chars {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            c if c == close && depth == 0 => return text.get(at + c.len_utf8()..),
            c if c == close => depth -= 1,
            c if c == open => depth += 1,
            _ => {}
        }
    }
    None
}

/// Returns the mark that closes what another mark opens.
fn closing(open: char) -> char {
    match open {
        '{' => '}',
        '(' => ')',
        '[' => ']',
        '<' => '>',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substitution_writes_tells_replacement_from_pattern() {
        let writes = |text: &str| writes(text.split('X').next().unwrap());
        for text in [
            "sed -i 's/a/X/' f",
            r"sed -i 's/a\/b/X\/c/' f",
            "sed -e 's#a#b#' -e \"s|a b|c X|\" f",
            "sed -i '/x/s/a/apiVersion: X/; p' f",
            "sed -i 1,2s,a,X, f",
            "perl -pi -e 's{a{1}}{X}g' f",
            "perl -pe 's/a/X/' f",
            "/usr/bin/gsed s~~X~",
            "[\"sed\", \"-i\", \"s@a@X@\"]",
        ] {
            assert!(writes(text), "{text}");
        }
        for text in [
            "sed -i 's/X/a/' f",
            r"sed -i 's/\/X/a/' f",
            "sed -e 's#a#b#' X",
            "sed -e 's/a/b/' -e 's/X/b/'",
            "perl -pi -e 's{X}{a}g' f",
            "sed -n '/X/p' f",
            "grep s/a/X f",
            "sed /s/X",
            "sed",
        ] {
            assert!(!writes(text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn substitution_writes_accepts_any_text(text in "sed ?[s/{}|\\\\a\u{e9} '-]{0,30}") {
            writes(&text);
        }
    }
}
