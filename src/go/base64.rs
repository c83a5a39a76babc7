//! Decodes base64 as Go's `encoding/base64` does, and finds where that rejects a text.
//!
//! Source: Go's `encoding/base64/base64.go` (`decodeQuantum`); measured with kubectl 1.20 to 1.37.

use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};

/// Returns the offset of Go's `CorruptInputError` in `value`, or `None` if it is valid. Line breaks
/// are skipped; leftover bits after the end of the data are ignored.
pub(crate) fn corrupt_at(value: &str) -> Option<usize> {
    let bytes = value.as_bytes();
    let is_break = |at: usize| matches!(bytes.get(at), Some(b'\n' | b'\r'));
    // Number of letters read of the current group of four.
    let mut read = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\n' | b'\r' => {}
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => read = (read + 1) % 4,
            b'=' if read >= 2 => {
                let mut next = after_breaks(at + 1, is_break);
                if read == 2 {
                    match bytes.get(next) {
                        None => return Some(bytes.len()),
                        Some(b'=') => next = after_breaks(next + 1, is_break),
                        Some(_) => return Some(next - 1),
                    }
                }
                return (next < bytes.len()).then_some(next);
            }
            _ => return Some(at),
        }
        at += 1;
    }
    // Go counts back the letters, but not the line breaks between them.
    (read > 0).then(|| bytes.len() - read)
}

/// Returns what `value` encodes; `None` if it is invalid.
pub(crate) fn decode(value: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, config);
    engine.decode(value.replace(['\n', '\r'], "")).ok()
}

fn after_breaks(from: usize, is_break: impl Fn(usize) -> bool) -> usize {
    (from..).find(|&at| !is_break(at)).unwrap_or(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measured with kubectl 1.20, 1.23, 1.30 and 1.37.
    #[test]
    fn corrupt_at_fails_where_go_does() {
        for valid in ["", "YWJj", "YQ==", "YWI=", "YQ==\n", "YQ\n==", "YR==", "\n", "YW\r\nJj"] {
            assert_eq!(corrupt_at(valid), None, "{valid:?}");
            assert!(decode(valid).is_some(), "{valid:?}");
        }
        for (value, at) in [
            ("x", 0),
            ("YQ", 0),
            ("YWJ", 0),
            ("YWJjZ", 4),
            ("YQ=", 3),
            ("YQ=\n", 4),
            ("YQ=a", 2),
            ("YQ==a", 4),
            ("YQ==\n\nx", 6),
            ("Y=", 1),
            ("==", 0),
            ("YW\nJj!", 5),
            ("YWJj\r\nZGVm!", 10),
            ("YWI=YQ==", 4),
            ("é", 0),
            ("YW Jj", 2),
        ] {
            assert_eq!(corrupt_at(value), Some(at), "{value:?}");
            assert_eq!(decode(value), None, "{value:?}");
        }
    }
}
