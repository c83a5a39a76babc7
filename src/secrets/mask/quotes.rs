//! Reads the quotes of other alphabets and encodings: `”token”:”X”`, `&quot;token&quot;:&quot;X&quot;`,
//! `\x22token\x22:\x22X\x22`; and line breaks in strings.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::escape::is_invisible;
use crate::text::source::floor_boundary;

/// The spellings of a quotation mark.
const SPELLINGS: [&str; 17] = [
    "&quot;", "&#34;", "&#x22;", "\\u0022", "\\x22", "\\042", "%22", "^\"", "@\"", "”", "“", "„",
    "«", "»", "″", "＂", "&apos;",
];
/// The bytes that each of them begins with.
const FIRST: &[u8] = b"&\\%^@\xe2\xc2\xef";
/// The marks that syntax highlighters put around each word.
const TAGS: [&str; 2] = ["<span", "</span"];
/// The spellings of a line break, without the backslash.
const BREAKS: [&str; 4] = ["n", "x0a", "u000a", "012"];
/// The end of a line of a string that goes on in the next.
const CONTINUED: &str = "\\n\\";

/// Returns the line with blanks and `"` in place of odd quotes and highlighting, at the same offsets.
pub(super) fn plain(line: &str) -> Cow<'_, str> {
    let bytes = line.as_bytes();
    let is_tagged = line.contains("</span>");
    let mut out: Option<String> = None;
    let mut is_open = false;
    let (mut at, mut copied) = (0, 0);
    while let Some(&first) = bytes.get(at) {
        let rest = line.get(at..).unwrap_or("");
        let spelling = match first {
            b'<' if is_tagged && TAGS.iter().any(|tag| rest.starts_with(tag)) => {
                rest.find('>').and_then(|end| rest.get(..=end))
            }
            _ if rest == CONTINUED => Some(rest),
            // Copied from a web page: `pin\u{200b}: X`
            _ if !first.is_ascii() && is_invisible_blank(line, at) => {
                rest.chars().next().and_then(|blank| rest.get(..blank.len_utf8()))
            }
            first if FIRST.contains(&first) => {
                SPELLINGS.into_iter().find(|spelling| rest.starts_with(spelling))
            }
            _ => None,
        };
        // `"$@"` of a shell
        let is_argument =
            first == b'@' && at.checked_sub(1).and_then(|at| bytes.get(at)) == Some(&b'$');
        let Some(spelling) = spelling.filter(|_| !is_argument) else {
            at += 1;
            continue;
        };
        let is_blank = first == b'<' || spelling == CONTINUED || !SPELLINGS.contains(&spelling);
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let opens = before.is_none_or(|b| b" \t{[(,:=>;&'\"`".contains(b));
        if !is_blank && !opens && !is_open {
            // Within a word: `a%22b`
            at += spelling.len();
            continue;
        }
        is_open = opens || (is_open && is_blank);
        let out = out.get_or_insert_with(|| String::with_capacity(line.len()));
        out.push_str(line.get(copied..at).unwrap_or(""));
        let blanks = spelling.len() - 1;
        if is_blank {
            out.push_str(&" ".repeat(spelling.len()));
        } else if opens {
            out.push_str(&" ".repeat(blanks));
            out.push('"');
        } else {
            out.push('"');
            out.push_str(&" ".repeat(blanks));
        }
        at += spelling.len();
        copied = at;
    }
    match out {
        Some(out) => Cow::Owned(out + line.get(copied..).unwrap_or("")),
        None => Cow::Borrowed(line),
    }
}

/// Returns whether an invisible character at `at` is beside the joint of a key and its value.
fn is_invisible_blank(line: &str, at: usize) -> bool {
    let is_joint = |byte: Option<u8>| matches!(byte, Some(b':' | b'=' | b' ' | b'"' | b'\''));
    let (before, rest) = line.split_at_checked(at).unwrap_or_default();
    let mut next = rest.chars();
    next.next().is_some_and(is_invisible)
        && (is_joint(before.bytes().next_back()) || is_joint(next.as_str().bytes().next()))
}

/// Returns a line of code without one level of its escapes, at the same offsets, if it has a string
/// with several lines: `"a:\n- b\n"`.
pub(super) fn unescaped(line: &str) -> Option<String> {
    let mut text = Cow::Borrowed(line);
    // Strings within strings escape the backslash.
    while text.contains('\\') {
        let (mut out, mut rest) = (String::with_capacity(text.len()), &*text);
        while let Some((before, escaped)) = rest.split_once('\\') {
            let is_break = |spelling: &&&str| {
                let start = escaped.get(..spelling.len());
                start.is_some_and(|start| start.eq_ignore_ascii_case(spelling))
            };
            let line_break = BREAKS.iter().find(is_break).map_or(0, |spelling| spelling.len());
            out.push_str(before);
            out.push_str(&" ".repeat(line_break.max(1)));
            let kept = escaped.chars().next().map_or(0, char::len_utf8);
            out.push_str(if line_break > 0 { "\n" } else { escaped.get(..kept).unwrap_or("") });
            rest = escaped.get(line_break.max(kept)..).unwrap_or("");
        }
        out.push_str(rest);
        if out.contains('\n') {
            return Some(out);
        }
        text = Cow::Owned(out);
    }
    None
}

/// Returns a range of a [plain](plain) line as one of the line itself: no character is cut.
pub(super) fn widened(line: &str, range: &Range<usize>) -> Range<usize> {
    let mut end = range.end.min(line.len());
    while !line.is_char_boundary(end) {
        end += 1;
    }
    floor_boundary(line, range.start)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_keeps_offsets() {
        for (line, expected) in [
            ("{”a”:”b”}", "{  \"a\"  :  \"b\"  }"),
            ("x=&quot;a&quot;", "x=     \"a\"     "),
            ("{@\"a\": @\"b\"}", "{ \"a\":  \"b\"}"),
            ("<span class=x>\"a\"</span>:", "              \"a\"       :"),
            ("sh \"$@\" x", "sh \"$@\" x"),
            ("a\\\"b\\\"", "a\\\"b\\\""),
            ("a: b\\n\\", "a: b   "),
            ("a\u{200b}: b\u{a0}c", "a   : b\u{a0}c"),
        ] {
            assert_eq!(plain(line), expected);
            assert_eq!(plain(line).len(), line.len());
        }
    }

    #[test]
    fn unescaped_keeps_offsets() {
        for (line, expected) in [
            ("x = \"a:\\n- \\\"b\\\"\\n\"", Some("x = \"a: \n-  \"b \" \n\"")),
            ("x\\\\nb", Some("x  \nb")),
            ("x\\u000Ab\\x0ac\\é", Some("x     \nb   \nc é")),
            ("x \\\"y\\\" \\", None),
            ("x", None),
        ] {
            assert_eq!(unescaped(line).as_deref(), expected);
            assert!(expected.is_none_or(|text| text.len() == line.len()));
        }
    }
}
