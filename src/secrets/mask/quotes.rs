//! Reads the quotes of other alphabets and encodings: `”token”:”X”`, `&quot;token&quot;:&quot;X&quot;`,
//! `\x22token\x22:\x22X\x22`.

use std::borrow::Cow;
use std::ops::Range;

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

/// Returns the line with blanks and `"` in place of odd quotes and highlighting, at the same offsets.
pub(super) fn plain(line: &str) -> Cow<'_, str> {
    let bytes = line.as_bytes();
    let is_tagged = line.contains("</span>");
    let mut out: Option<String> = None;
    let (mut at, mut copied) = (0, 0);
    while let Some(&first) = bytes.get(at) {
        let rest = line.get(at..).unwrap_or("");
        let spelling = match first {
            b'<' if is_tagged && TAGS.iter().any(|tag| rest.starts_with(tag)) => {
                rest.find('>').and_then(|end| rest.get(..=end))
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
        let out = out.get_or_insert_with(|| String::with_capacity(line.len()));
        out.push_str(line.get(copied..at).unwrap_or(""));
        let blanks = spelling.len() - 1;
        let opens = out.bytes().next_back().is_none_or(|b| b" \t{[(,:=>".contains(&b));
        if first == b'<' {
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
        ] {
            assert_eq!(plain(line), expected);
            assert_eq!(plain(line).len(), line.len());
        }
    }
}
