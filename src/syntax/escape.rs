//! Decodes strings with backslash escapes, as in JSON and HCL.

use crate::text::offsets::Mapped;
use crate::text::source::Span;

/// Decodes the escapes in the text between two quotes. Unknown escapes stay as they are.
pub(crate) fn decode(text: &str, span: Span) -> Mapped {
    let mut mapped = Mapped::default();
    let bytes = text.as_bytes().get(..span.end()).unwrap_or(&[]);
    let mut kept = span.start();
    let mut at = span.start();
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\\', rest)) {
        at += found;
        let Some((length, c)) = escaped(bytes, at) else {
            at = (at + 2).min(bytes.len());
            continue;
        };
        mapped.keep(text, Span::new(kept, at));
        mapped.replace(c.encode_utf8(&mut [0; 4]), Span::new(at, at + length));
        at += length;
        kept = at;
    }
    mapped.keep(text, Span::new(kept, span.end()));
    mapped
}

/// Returns the length of the escape at `at` in bytes, and its character.
fn escaped(bytes: &[u8], at: usize) -> Option<(usize, char)> {
    let c = match bytes.get(at + 1)? {
        b'n' => '\n',
        b't' => '\t',
        b'r' => '\r',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        byte @ (b'"' | b'\\' | b'/') => char::from(*byte),
        b'u' => {
            let (length, c) = unicode(bytes, at + 2)?;
            return Some((2 + length, c));
        }
        b'U' => return Some((10, char::from_u32(hex(bytes, at + 2, 8)?)?)),
        _ => return None,
    };
    Some((2, c))
}

/// Returns the length in bytes of the digits at `at`, after `\u`, and their character. The length
/// includes the second half of a surrogate pair. As in Go, half a pair is U+FFFD.
fn unicode(bytes: &[u8], at: usize) -> Option<(usize, char)> {
    let first = hex(bytes, at, 4)?;
    if let Some(c) = char::from_u32(first) {
        return Some((4, c));
    }
    let is_pair = bytes.get(at + 4..at + 6) == Some(b"\\u");
    let second = is_pair.then(|| hex(bytes, at + 6, 4)).flatten();
    let units = [first, second.unwrap_or(0)].map(|unit| unit as u16);
    match char::decode_utf16(units).next() {
        Some(Ok(c)) => Some((10, c)),
        _ => Some((4, char::REPLACEMENT_CHARACTER)),
    }
}

fn hex(bytes: &[u8], at: usize, digits: usize) -> Option<u32> {
    let digits = std::str::from_utf8(bytes.get(at..at + digits)?).ok()?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_decode_maps_spans_back() {
        let text = r#"a\nb\"c\u00e9\ud83d\ude00\/\q\"#;
        let halves = r"\ud800x\udc00\n";
        assert_eq!(decode(halves, Span::new(0, halves.len())).text, "\u{fffd}x\u{fffd}\n");
        let mapped = decode(text, Span::new(0, text.len()));
        assert_eq!(mapped.text, "a\nb\"cé😀/\\q\\");
        let place = |inner: &str| {
            let at = mapped.text.find(inner).unwrap();
            &text[mapped.map.outer(Span::new(at, at + inner.len())).range()]
        };
        assert_eq!(place("\n"), r"\n");
        assert_eq!(place("é"), r"\u00e9");
        assert_eq!(place("😀"), r"\ud83d\ude00");
        assert_eq!(place("b\"c"), r#"b\"c"#);
        assert_eq!(place("\\q\\"), r"\q\");
    }

    proptest::proptest! {
        #[test]
        fn escape_decode_round_trips_json_strings(value: String) {
            let written = serde_json::to_string(&value).unwrap();
            let mapped = decode(&written, Span::new(1, written.len() - 1));
            proptest::prop_assert_eq!(&mapped.text, &value);
            proptest::prop_assert_eq!(mapped.map.len(), value.len());
        }

        #[test]
        fn escape_decode_accepts_any_text(text in "[a\\\\u0\"é\n]{0,20}") {
            let mapped = decode(&text, Span::new(0, text.len()));
            proptest::prop_assert_eq!(mapped.map.len(), mapped.text.len());
        }
    }
}
