//! Finds the texts in a line that may be values, whatever is around them: in quotes, between tags, in
//! the cells of a table, or the line itself.
//!
//! A text is shown if its key is known, if it is an argument that is shown, or if it has only words.

use std::ops::Range;

use super::shown::{is_pair, is_shown, may_have_blanks, names_user};
use super::{argument, closing_quote, find, is_blank, is_word, prose};

/// How far around a text, in bytes, to look for its key.
const MAX_KEY_DISTANCE: usize = 80;
/// The most letters before the bracket of a text.
const MAX_LETTERS: usize = 2;
/// The fewest cells of a row.
const MIN_CELLS: usize = 3;

/// Returns the words of the texts in a line that may be values.
pub(super) fn odd_words(line: &str) -> Vec<Range<usize>> {
    let texts = quoted_texts(line).into_iter().filter(|text| !is_known(line, text));
    let texts = texts.chain(between_quotes(line)).chain(items(line));
    let texts = texts.chain(between_tags(line)).chain(cells(line));
    texts.flat_map(|text| words(line, text)).collect()
}

/// Returns the word of a line that is nothing else, such as a line of a heredoc, if it may be a
/// value.
pub(super) fn lone_word(line: &str) -> Option<Range<usize>> {
    let start = line.len() - line.trim_start().len();
    // The end of a text in quotes that began above.
    let text = line.trim().trim_end_matches([',', ';', ')']);
    let word = text.strip_suffix(['"', '\'']).unwrap_or(line.trim());
    let is_part = |c: char| c.is_alphanumeric() || "!@%^+$&*-_~?#".contains(c);
    let is_lone = word.chars().all(is_part) && !word.starts_with(['-', '#']);
    let odd = words(line, start..start + word.len()).next();
    odd.filter(|_| is_lone).map(|_| start..start + word.len())
}

/// Returns the words of a text that are not known to be harmless.
fn words(line: &str, text: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let words = prose::unknown_words(line.get(text.clone()).unwrap_or("")).into_iter();
    words.map(move |word| text.start + word.start..text.start + word.end)
}

/// Returns what is between quotes.
fn quoted_texts(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let (mut texts, mut at) = (Vec::new(), 0);
    while let Some(open) = find(bytes, at, |b| matches!(b, b'"' | b'\'' | b'`')) {
        let before = line.get(at..open).unwrap_or("");
        let escapes = before.len() - before.trim_end_matches('\\').len();
        // An apostrophe is within a word. Letters before a quote say how a language reads it.
        let letters = before.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
        let quote = bytes.get(open).copied().unwrap_or(b'"');
        at = open + 1;
        if quote == b'\'' && letters > 2 {
            // Lua calls a function so.
            texts.extend(closing_quote(bytes, at, quote, escapes).map(|end| at..end));
            continue;
        }
        let end = closing_quote(bytes, at, quote, escapes).unwrap_or(bytes.len());
        if quote == b'\'' && escapes == 0 && end > at && bytes.get(end - 1) == Some(&b'\\') {
            // In most languages, this quote does not close the text; in a shell, it does.
            texts.push(at..bytes.len());
            return texts;
        }
        texts.push(at..end);
        at = (end + escapes + 1).max(at);
    }
    texts
}

/// Returns what is between any two quotes of a line with a quote that closes nothing, or with quotes
/// within an expression, such as `"{{ .Name | default "x" }}"`: which of them open a text depends on
/// who reads it.
fn between_quotes(line: &str) -> Vec<Range<usize>> {
    const EXPRESSIONS: [(&str, &str); 5] =
        [("{{", "}}"), ("${", "}"), ("[[", "]]"), ("#{", "}"), ("$[", "]")];
    let has_quotes = |(open, close): (&str, &str)| {
        let inside = line.split_once(open).and_then(|(_, rest)| rest.rsplit_once(close));
        inside.is_some_and(|(inside, _)| inside.contains(['"', '\'']))
    };
    let is_paired = line.matches('"').count().is_multiple_of(2);
    if is_paired && !EXPRESSIONS.into_iter().any(has_quotes) {
        return Vec::new();
    }
    let mut at = 0;
    let texts = line.split(['"', '\'']).map(|text| {
        let start = at;
        at += text.len() + 1;
        start..start + text.len()
    });
    texts.skip(1).filter(|text| !is_known(line, text)).collect()
}

/// Returns whether a word, or a text in quotes, is a key: not if it follows `?` or `case`.
pub(super) fn is_key(line: &str, text: &Range<usize>) -> bool {
    let is_between = |b: &u8| b"\\\"'` \t".contains(b);
    let behind = line.as_bytes().get(text.end..).unwrap_or_default();
    let mut next = behind.iter().take(MAX_KEY_DISTANCE).skip_while(|b| is_between(b));
    let is_joined = match next.next() {
        Some(b':') => next.next() != Some(&b'='),
        // The end of base64 is a sign of the same shape.
        Some(b'=') => next.next().is_some_and(|b| !b"=)}],;".contains(b)),
        _ => false,
    };
    let start = text.start.saturating_sub(MAX_KEY_DISTANCE);
    let before = line.as_bytes().get(start..text.start).unwrap_or_default();
    let begins = match before.iter().rev().find(|b| !is_between(b)) {
        Some(sign) => b"{[(,;-#>".contains(sign),
        None => start == 0,
    };
    is_joined && begins
}

/// Returns whether a text is a key, the value of a key that is shown, or an argument that is shown.
fn is_known(line: &str, text: &Range<usize>) -> bool {
    let window = text.start.saturating_sub(MAX_KEY_DISTANCE)..text.start;
    let before = line.as_bytes().get(window.clone()).unwrap_or_default();
    let key_end = before.iter().rposition(|b| is_word(*b)).map_or(0, |last| last + 1);
    let (key, joint) = before.split_at_checked(key_end).unwrap_or_default();
    let key_start = key.iter().rposition(|b| !is_word(*b)).map_or(0, |last| last + 1);
    let key = line.get(window.start + key_start..window.start + key_end).unwrap_or("");
    let value = line.get(text.clone()).unwrap_or("");
    let has = |signs: &[u8]| joint.iter().any(|sign| signs.contains(sign));
    // `pw, user = "X", "me"`
    let is_one_of_many = || {
        let names = line.get(window.start..window.start + key_start).unwrap_or("").trim_end();
        has(b"=") && names.ends_with(',') && !names.contains(['(', '[', '{', '=', '"'])
    };
    let shows_value = || {
        let is_name = may_have_blanks(key) || !value.trim().contains(' ');
        is_shown(key) && is_name && !(names_user(key) && is_pair(value)) && !is_one_of_many()
    };
    is_key(line, text)
        || (has(b":=") && !has(b"([") && shows_value())
        || argument::unknown_part(value, key, false).is_none()
}

/// Returns the items without quotes of the lists in a line, but for those of a key that is shown. In
/// logs, maps look like lists; Perl, Ruby and Elixir have letters before the brackets of a text.
fn items(line: &str) -> Vec<Range<usize>> {
    let bytes = line.as_bytes();
    let (mut items, mut at) = (Vec::new(), 0);
    while let Some(open) = find(bytes, at, |b| matches!(b, b'[' | b'{' | b'(')) {
        at = open + 1;
        let before = line.get(..open).unwrap_or("");
        let letters = before.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
        let is_open = match bytes.get(open) {
            Some(b'(') => {
                before.ends_with(['=', '<'])
                    || before.ends_with(": ")
                    || matches!(letters, 1..=MAX_LETTERS)
            }
            _ => !before.ends_with(['$', '{', ')', ']', '_']) && letters <= MAX_LETTERS,
        };
        if !(is_open || before.ends_with("map")) || bytes.get(at) == Some(&b'{') {
            continue;
        }
        let found = argument::items(line, at);
        let own = found.into_iter().filter(|item| {
            let is_quoted =
                item.start > at && matches!(bytes.get(item.start - 1), Some(b'"' | b'\'' | b'`'));
            !is_quoted && !is_known(line, item)
        });
        items.extend(own);
    }
    items
}

/// Returns what is between tags: `<td>X</td>`.
fn between_tags(line: &str) -> Vec<Range<usize>> {
    let closing = line.match_indices("</").filter_map(|(end, _)| {
        let start = line.get(..end)?.rfind(['>', '<'])? + 1;
        line.get(..start)?.ends_with('>').then_some(start..end)
    });
    closing.collect()
}

/// Returns the cells of a line that is a row of a table and nothing else.
fn cells(line: &str) -> Vec<Range<usize>> {
    let separates = |mark: &char| line.matches(*mark).count() + 1 >= MIN_CELLS;
    let is_row = !line.contains(['(', '{', '=', '"', '\'']) && !line.contains(": ");
    let marks = match line.trim_start() {
        text if text.starts_with('|') => &['|'][..],
        _ if is_row => &[',', ';', '|', '\t'],
        _ => &['\t'],
    };
    // Tabs that indent a line separate nothing.
    let mut marks = marks.iter().copied().filter(|mark| line.trim_start().contains(*mark));
    let Some(mark) = marks.find(separates) else { return Vec::new() };
    let is_separator = |byte: u8| char::from(byte) == mark;
    let bytes = line.as_bytes();
    let (mut cells, mut at) = (Vec::new(), find(bytes, 0, |b| !is_blank(b)).unwrap_or(0));
    while at < bytes.len() {
        let end = find(bytes, at, is_separator).unwrap_or(bytes.len());
        cells.push(at..end);
        at = end + 1;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_words_are_those_of_texts() {
        let odd = |line: &str| -> Vec<String> {
            odd_words(line).into_iter().map(|word| line[word].to_owned()).collect()
        };
        for line in [
            "cfg.set(\"pw\", \"s3cret7\")",
            "login(\"user\", \"s3cret7\")",
            "x = y or 's3cret7'",
            "pw = b\"s3cret7\"",
            "pins = [\"root:s3cret7\", \"x\"]",
            "db = \"root:s3cret7@tcp(db:3306)/x\"",
            "m=([db]=\"s3cret7\")",
            "mapOf(\"pw\" to \"s3cret7\")",
            "sh(\\\"s3cret7\\\")",
            "<td>pw</td><td>s3cret7</td>",
            "| a | s3cret7 |",
            "| \"a\" | s3cret7 |",
            "}}\",\"s3cret7\"]",
            "[\"{{ .A | default \"b\" }}\",\"s3cret7\"]",
            "f('it\\'s', 's3cret7')",
            "login's3cret7'",
            "{auth: [a, s3cret7]}",
            "qw(s3cret7)",
            "x = y ? \"s3cret7\" : z",
            "a,s3cret7,c",
            "a;b;c s3cret7;",
        ] {
            let mut found = odd(line);
            found.dedup();
            assert!(found.iter().any(|word| word.contains("s3cret7")), "{line}: {found:?}");
            assert_eq!(found.len(), 1, "{line}: {found:?}");
        }
        for line in [
            "name: \"u39\"",
            "Name: \"u39\", Region: 'us-east1'",
            "args = [\"--region\", \"us-east1\", \"eks\"]",
            "\"u39\": x, \"v40\" = y",
            "don't use words, it isn't y3z",
            "f(x2, y3)",
            "\"words, more words and v1beta1 of 2024\"",
            "\"https://kubernetes.io/docs/v1.24\"",
        ] {
            assert_eq!(odd(line), [""; 0], "{line}");
        }
        for (line, value) in [
            ("  s3cret7 ", Some(2..9)),
            ("Tr0ub4dor&3", Some(0..11)),
            (" s3cret7\");", Some(1..8)),
            ("- s3cret7", None),
            ("f(x2)", None),
            ("v1alpha1", None),
        ] {
            assert_eq!(lone_word(line), value, "{line}");
        }
    }
}
