//! JSON with `//` and `/* */` comments, which people write and kubectl rejects.

use memchr::memmem;

/// Overwrites each comment with blanks of the same length, so that a YAML or JSON parser reports
/// correct offsets; `None` if the text is not JSON with comments.
pub(crate) fn blank_comments(text: &str) -> Option<String> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let bytes = text.as_bytes();
    if !start.starts_with(['{', '[', '/'])
        || !["//", "/*"].iter().any(|mark| may_begin(bytes, mark))
    {
        return None;
    }
    let mut comments = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        let end = match (byte, next) {
            (b'"', _) => {
                at = end_of_string(bytes, at);
                continue;
            }
            (b'/', Some(b'/')) => find(bytes, at, |rest| rest.starts_with(b"\n")),
            (b'/', Some(b'*')) => find(bytes, at + 2, |rest| rest.starts_with(b"*/")) + 2,
            // Outside of strings, JSON consists of punctuation, numbers and three words. Anything
            // else is YAML, in which `https://` does not start a comment.
            _ if is_json(byte) => {
                at += 1;
                continue;
            }
            _ => return None,
        };
        comments.push(at..end.min(bytes.len()));
        at = end;
    }
    if comments.is_empty() {
        return None;
    }
    let mut blank = bytes.to_vec();
    for comment in comments {
        let letters = blank.get_mut(comment).into_iter().flatten();
        letters.filter(|byte| !matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
    }
    // Whole comments were overwritten byte by byte, so the rest is still UTF-8.
    String::from_utf8(blank).ok()
}

/// Returns whether comments with this mark may begin outside of strings, none of which has a line
/// break in JSON. Most texts have slashes in strings only: this looks at few of their lines, and
/// passes over URLs.
fn may_begin(bytes: &[u8], mark: &str) -> bool {
    let is_of_url = |at: &usize| {
        let before = bytes.get(..*at).unwrap_or_default();
        before.strip_suffix(b":").and_then(<[u8]>::last).is_some_and(u8::is_ascii_alphabetic)
    };
    // The end of the last string that was looked at, or the start of a line.
    let mut outside = 0;
    memmem::find_iter(bytes, mark).filter(|at| !is_of_url(at)).any(|at| {
        let unknown = bytes.get(outside..at).unwrap_or_default();
        outside += memchr::memrchr(b'\n', unknown).map_or(0, |end| end + 1);
        let quote = |from| memchr::memchr(b'"', bytes.get(from..at)?).map(|found| from + found);
        while let Some(quote) = quote(outside) {
            outside = end_of_string(bytes, quote);
        }
        outside <= at
    })
}

/// Returns the offset in bytes, 0-based, of the first comment: where a text differs from itself
/// with its comments blanked by [`blank_comments`].
pub(crate) fn first_comment(text: &str, blank: &str) -> Option<usize> {
    let mut pairs = text.bytes().zip(blank.bytes());
    pairs.position(|(before, after)| before != after)
}

/// Returns whether the byte occurs in JSON outside of strings (or in a byte-order mark).
fn is_json(byte: u8) -> bool {
    let is_mark = matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'+' | b'-' | b'.');
    let is_of_word = || b"eEtrufalsn\xef\xbb\xbf".contains(&byte);
    is_mark || matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'0'..=b'9') || is_of_word()
}

/// Returns the offset after the string that begins at `at`.
fn end_of_string(bytes: &[u8], at: usize) -> usize {
    let mut from = at + 1;
    let mark = |from| memchr::memchr2(b'"', b'\\', bytes.get(from..)?).map(|found| from + found);
    while let Some(at) = mark(from) {
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        from = at + 2;
    }
    bytes.len()
}

/// Returns the first offset from `from` at which `is_here` holds; the end of the bytes if there is
/// none.
fn find(bytes: &[u8], from: usize, is_here: impl Fn(&[u8]) -> bool) -> usize {
    (from..bytes.len()).find(|&at| is_here(&bytes[at..])).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_comments_keeps_strings_and_offsets() {
        let text = "{ // é\n \"a\": \"http://x\", /* b\n c */ \"d\": \"\\\"//\" } // end";
        let blank = blank_comments(text).unwrap();
        assert_eq!(blank.len(), text.len());
        assert_eq!(
            blank.split_whitespace().collect::<Vec<_>>(),
            ["{", "\"a\":", "\"http://x\",", "\"d\":", "\"\\\"//\"", "}"]
        );
        assert_eq!(blank.find("\"d\""), text.find("\"d\""));
        assert_eq!(blank.lines().count(), text.lines().count());
    }

    #[test]
    fn blank_comments_ignores_other_texts() {
        for text in [
            "a: b // c",
            "{a: https://b}",
            "{'a // b': c}",
            "{\"a\": \"http://x\"}",
            "",
            "{}",
            "{\"a\": \"// x",
            "{\"a\": \"x/*\",\n\"b\": \"\\\"//\", \"c\": \"/*\"}",
        ] {
            assert_eq!(blank_comments(text), None, "{text}");
        }
        for text in
            ["{ /*", "{\"a\":\n\"http://\", // \"", "{\"a//\":\"/*\"}//", "[\"//\",\n1/*\"*/]"]
        {
            assert!(blank_comments(text).is_some(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn blank_comments_keeps_the_length_of_any_text(text in "[{}\\[\\]\"\\\\/* \\na:é]{0,40}") {
            if let Some(blank) = blank_comments(&text) {
                proptest::prop_assert_eq!(blank.len(), text.len());
            }
        }

        #[test]
        fn blank_comments_finds_those_outside_of_strings(
            values in proptest::collection::vec(("[a-z\\\\\"/*:. ]{0,8}", "(//[a-z\"/]{0,3}\n|/\\*[a-z\"]{0,3}\\*/|\n| )?"), 0..8),
        ) {
            let value = |value: &String| serde_json::to_string(value).unwrap();
            let pairs = values.iter().map(|(of, comment)| format!("{},{comment}", value(of)));
            let text = format!("[{}]", pairs.collect::<String>());
            let plain = values.iter().map(|(of, _)| format!("{},", value(of)));
            let blank = blank_comments(&text);
            let has_comment = values.iter().any(|(_, comment)| comment.starts_with('/'));
            proptest::prop_assert_eq!(blank.is_some(), has_comment, "{}", text);
            let left: String = blank.unwrap_or(text).replace(char::is_whitespace, "");
            let plain = format!("[{}]", plain.collect::<String>()).replace(' ', "");
            proptest::prop_assert_eq!(left, plain);
        }
    }
}
