//! Whether a value is looked for, compared or replaced, and not written: `sed`, `grep`,
//! `strings.Replace`.

use crate::carrier::comment::{window_after, window_before};
use crate::source::Span;

/// Programs that look for a text or replace it.
const PROGRAMS: &[&str] = &[
    "sed", "gsed", "grep", "egrep", "fgrep", "zgrep", "rg", "ag", "ack", "awk", "gawk", "perl",
    "findstr", "sd", "Select-String", "-replace", "-match", "-notmatch", "-like", "-contains",
    "-ireplace", "-creplace",
];

/// Functions that do.
const FUNCTIONS: &[&str] = &[
    "replace(", "replaceall(", "replace_all(", "str_replace(", "re.sub(", "gsub(", ".sub(",
    "contains(", "includes(", "startswith(", "starts_with(", "hasprefix(", "hassuffix(",
    "endswith(", "indexof(", "assertin(", "assertequal(", "assertequals(", "tobe(", "toequal(",
    "regexp.mustcompile(", "re.compile(", "re.search(", "re.match(", "matches(", "equals(",
    "equal(", "equalfold(", "strcontains(",
];

/// Whether the value at `at` is given to something that looks for it.
pub(super) fn is_looked_for(text: &str, at: usize) -> bool {
    let segment = segment_before(text, at);
    // sed can also add lines.
    if ["/a\\", "/i\\", "/c\\", "/a ", "/i ", "/c "].into_iter().any(|add| segment.contains(add)) {
        return false;
    }
    let is_program = |word: &str| {
        let word = word.trim_matches(['"', '\'', '(', '`', '[', ']', ',', '$', '@', '!']);
        PROGRAMS.contains(&word.rsplit('/').next().unwrap_or(word))
    };
    let folded = segment.to_ascii_lowercase();
    segment.split_whitespace().any(is_program) || calls_one(&folded)
}

/// Whether the value stands in a message about an error that quotes a document.
pub(super) fn is_quoted(text: &str, at: usize) -> bool {
    let before = window_before(text, at);
    let above = before.rsplit('\n').skip(1).take(2);
    let is_message = |line: &str| {
        let line = line.to_ascii_lowercase();
        line.contains("error") && line.contains(": ") && line.contains("kind: execcredential")
    };
    above.into_iter().any(is_message)
}

/// Whether the line is one that a patch takes away: it and the next begin with `-` and more blanks
/// than an item of a list has.
pub(super) fn is_taken_away(text: &str, at: usize) -> bool {
    let is_removed = |line: &str| line.starts_with("-  ") || line.starts_with("-\t");
    let own = window_before(text, at).rsplit('\n').next().unwrap_or("");
    let mut around = window_before(text, at).rsplit('\n').skip(1).take(1);
    let mut below = window_after(text, at).lines().skip(1).take(1);
    is_removed(own) && (around.any(is_removed) || below.any(is_removed))
}

/// Whether the value belongs to a branch for this very version: code that knows them all.
pub(super) fn is_of_branch(text: &str, value: Span) -> bool {
    let before = window_before(text, value.start);
    let version = text.get(value.range()).and_then(|value| value.rsplit('/').next()).unwrap_or("");
    let above = before.rsplit('\n').skip(1).find(|line| !line.trim().is_empty()).unwrap_or("").trim();
    let words = above.split(|c: char| !c.is_ascii_alphanumeric());
    let is_branch = ["case", "when", "if", "elif", "else", "} else"].into_iter().any(|word| {
        above.strip_prefix(word).is_some_and(|rest| rest.starts_with([' ', '(']))
    });
    is_branch && words.into_iter().any(|word| word == version)
}

/// Whether the value is an argument of one of the functions: its parenthesis is still open.
fn calls_one(segment: &str) -> bool {
    // Of the parentheses behind a place, how many more open than close.
    let mut opened = 0_isize;
    segment.rmatch_indices(['(', ')']).any(|(at, bracket)| {
        if bracket == ")" {
            opened -= 1;
            return false;
        }
        let call = segment.get(..=at).unwrap_or("");
        let is_one = opened >= 0 && FUNCTIONS.iter().any(|function| call.ends_with(function));
        opened += 1;
        is_one
    })
}

/// The command that the value at `at` is part of, up to it: its line, those that it continues, and
/// nothing before a pipe or a semicolon that stands outside of quotes.
fn segment_before(text: &str, at: usize) -> &str {
    let before = window_before(text, at);
    let mut start = before.rfind('\n').map_or(0, |found| found + 1);
    while let Some(above) = before.get(..start.saturating_sub(1)).filter(|_| start > 0) {
        if !above.trim_end_matches('\r').ends_with(['\\', '^']) {
            break;
        }
        start = above.rfind('\n').map_or(0, |found| found + 1);
    }
    let line = before.get(start..).unwrap_or("");
    let (mut quote, mut begin) = (None, 0);
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            _ if escaped => {}
            (_, '\\') => {
                escaped = true;
                continue;
            }
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, '|' | ';') => begin = at + 1,
            _ => {}
        }
        escaped = false;
    }
    line.get(begin..).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_not_written() {
        let is_looked_for = |text: &str| is_looked_for(text, text.find('X').unwrap());
        for text in [
            "sed -i 's/apiVersion: X/apiVersion: Y/' f",
            "sed -i \\\n  -e 's|a|X|' f",
            "if grep -q \"apiVersion: X\" f; then",
            "cat f | grep X",
            "(Get-Content f) -replace 'X', 'Y'",
            "s.replace('apiVersion: X', 'b')",
            "strings.ReplaceAll(s, \"apiVersion: X\", b)",
            "find . -exec sed -i 's/X/Y/' {} +",
            "run: sed -i \"s#X#Y#\" f",
        ] {
            assert!(is_looked_for(text), "{text}");
        }
        for text in [
            "apiVersion: X",
            "sed -i s/a/b/ f; kubectl --exec-api-version=X",
            "grep a f | kubectl --exec-api-version X",
            "kubectl --exec-api-version=X | grep a",
            "f(s.replace('a', 'b'), 'X')",
            "grep a f\nb: X",
            "sed -i '/a:/a\\ apiVersion: X' f",
        ] {
            assert!(!is_looked_for(text), "{text}");
        }
    }
}
