//! Resolves scalars as go-yaml v2 does when it decodes into an `interface{}`.
//!
//! Source: go-yaml v2.4.0, `resolve.go`.

use std::borrow::Cow;
use std::fmt;

use super::number::{is_timestamp, is_yaml_float, parse_binary, parse_float, parse_int};

/// The prefix that `!!` expands to.
const CORE: &str = "tag:yaml.org,2002:";

/// The value of a scalar.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved<'a> {
    /// Nothing, `~` or `null`.
    Null,
    /// `true`, `yes`, `on`, `y` or their opposites.
    Bool(bool),
    /// From -2^63 to 2^64-1. Above 2^63-1, Go uses a `uint64`, which cannot be the key of a map in
    /// JSON.
    Int(i128),
    /// May be infinite or not a number, which JSON cannot represent.
    Float(f64),
    /// The text itself.
    Str(&'a str),
    /// A timestamp, which go-yaml returns as its text.
    Timestamp(&'a str),
    /// The bytes of a `!!binary`. JSON gets them as text, with U+FFFD for each byte that is not
    /// UTF-8.
    Binary(Vec<u8>),
}

/// Why a tag does not fit its value. Displays as go-yaml's message after `yaml: `, which has no
/// line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mismatch {
    /// A `!!binary` that is not base64.
    Base64,
    /// A value of another type.
    Type {
        /// The type of the value, such as `str`.
        found: &'static str,
        /// The value.
        value: String,
        /// The type that the tag names, such as `int`.
        wanted: String,
    },
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Base64 => f.write_str("!!binary value contains invalid base64 data"),
            Self::Type { found, value, wanted } => {
                write!(f, "cannot decode !!{found} `{value}` as a !!{wanted}")
            }
        }
    }
}

/// Resolves a scalar. `tag` is as in [`Tag::text`](super::Tag::text), or `""`; `plain_implicit` is
/// as in the event.
///
/// Tags other than `!!str`, `!!bool`, `!!int`, `!!float`, `!!null`, `!!timestamp` and `!!binary`
/// are ignored: the value is then text, even for `!` and `!!merge`. A merge key `<<` is text too;
/// use [`is_merge`] to recognize it.
///
/// ```
/// use goyaml::{Resolved, resolve};
///
/// assert_eq!(resolve("", "yes", true), Ok(Resolved::Bool(true)));
/// assert_eq!(resolve("", "0o17", true), Ok(Resolved::Int(15)));
/// assert_eq!(resolve("", "1:30", true), Ok(Resolved::Str("1:30")));
/// let error = resolve("tag:yaml.org,2002:int", "x", true).unwrap_err();
/// assert_eq!(error.to_string(), "cannot decode !!str `x` as a !!int");
/// ```
pub fn resolve<'a>(
    tag: &str,
    value: &'a str,
    plain_implicit: bool,
) -> Result<Resolved<'a>, Mismatch> {
    if tag.is_empty() && !plain_implicit {
        return Ok(Resolved::Str(value));
    }
    let short = match tag.strip_prefix(CORE) {
        Some(name) => name,
        None if tag.is_empty() => "",
        None => return Ok(Resolved::Str(value)),
    };
    match short {
        "str" => return Ok(Resolved::Str(value)),
        "binary" => {
            let bytes = decode_base64(value.as_bytes());
            return bytes.map(Resolved::Binary).ok_or(Mismatch::Base64);
        }
        "" if tag.is_empty() => {}
        "bool" | "int" | "float" | "null" | "timestamp" => {}
        _ => return Ok(Resolved::Str(value)),
    }
    let (found, resolved) = plain(value, short.is_empty() || short == "timestamp");
    if short.is_empty() || found == short {
        return Ok(resolved);
    }
    match resolved {
        // Go's int becomes a float, its uint64 does not.
        #[allow(clippy::cast_precision_loss)]
        Resolved::Int(number) if short == "float" && number <= i128::from(i64::MAX) => {
            Ok(Resolved::Float(number as f64))
        }
        _ => Err(Mismatch::Type { found, value: value.to_string(), wanted: short.to_owned() }),
    }
}

/// Returns whether a scalar as the key of a mapping is a merge key. A quoted `<<` is one only if
/// tagged `!!merge`.
pub fn is_merge(tag: &str, value: &str, plain_implicit: bool) -> bool {
    value == "<<" && (plain_implicit || tag == "tag:yaml.org,2002:merge")
}

/// Applies the plain rules; returns the short name of the resolved tag, and the value.
fn plain<'a>(value: &'a str, timestamps: bool) -> (&'static str, Resolved<'a>) {
    let text = || ("str", Resolved::Str(value));
    let Some(first) = value.bytes().next() else {
        return ("null", Resolved::Null);
    };
    match first {
        b'+' | b'-' | b'0'..=b'9' | b'.' | b'~' => {}
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => {}
        _ => return text(),
    }
    match value {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return ("bool", Resolved::Bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return ("bool", Resolved::Bool(false));
        }
        "~" | "null" | "Null" | "NULL" => return ("null", Resolved::Null),
        ".nan" | ".NaN" | ".NAN" => return ("float", Resolved::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return ("float", Resolved::Float(f64::INFINITY));
        }
        "-.inf" | "-.Inf" | "-.INF" => return ("float", Resolved::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    match first {
        b'.' => match parse_float(value) {
            Some(number) => ("float", Resolved::Float(number)),
            None => text(),
        },
        b'+' | b'-' | b'0'..=b'9' => {
            if timestamps && is_timestamp(value) {
                return ("timestamp", Resolved::Timestamp(value));
            }
            let digits = if value.contains('_') {
                Cow::Owned(value.replace('_', ""))
            } else {
                Cow::Borrowed(value)
            };
            if let Some(number) = parse_int(&digits) {
                return ("int", Resolved::Int(number));
            }
            if is_yaml_float(&digits)
                && let Some(number) = parse_float(&digits)
            {
                return ("float", Resolved::Float(number));
            }
            parse_binary(&digits).map_or_else(text, |number| ("int", Resolved::Int(number)))
        }
        _ => text(),
    }
}

/// Go's `base64.StdEncoding.DecodeString`: padding is required, line breaks are skipped.
fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut count, mut padding) = (0u32, 0, 0);
    for &byte in text.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')) {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if count >= 2 && count + padding < 4 => {
                padding += 1;
                continue;
            }
            _ => return None,
        };
        if padding > 0 {
            return None;
        }
        bits = bits << 6 | u32::from(digit);
        count += 1;
        if count == 4 {
            bytes.extend_from_slice(bits.to_be_bytes().get(1..)?);
            (bits, count) = (0, 0);
        }
    }
    if count > 0 {
        if count + padding != 4 {
            return None;
        }
        let whole = (bits << (6 * padding)).to_be_bytes();
        bytes.extend_from_slice(whole.get(1..count)?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved<'a>(tag: &str, value: &'a str, plain: bool) -> Result<Resolved<'a>, String> {
        let tag = tag.strip_prefix("!!").map_or(tag.to_owned(), |name| format!("{CORE}{name}"));
        resolve(&tag, value, plain).map_err(|mismatch| mismatch.to_string())
    }

    fn plain(value: &str) -> Resolved<'_> {
        resolved("", value, true).unwrap()
    }

    /// From go-yaml's `decode_test.go`.
    #[test]
    fn resolve_takes_plain_numbers_as_in_go() {
        for (text, number) in [
            ("10", 10),
            ("-10", -10),
            ("0b10", 2),
            ("0xA", 10),
            ("4294967296", 4_294_967_296),
            ("685230", 685_230),
            ("+685_230", 685_230),
            ("02472256", 685_230),
            ("0x_0A_74_AE", 685_230),
            ("0b1010_0111_0100_1010_1110", 685_230),
            ("-0b101010", -42),
            ("-9223372036854775808", i128::from(i64::MIN)),
            ("18446744073709551615", i128::from(u64::MAX)),
        ] {
            assert_eq!(plain(text), Resolved::Int(number), "{text}");
        }
        for (text, number) in [
            ("0.1", 0.1),
            (".1", 0.1),
            ("-.1", -0.1),
            (".Inf", f64::INFINITY),
            ("-.inf", f64::NEG_INFINITY),
            ("6.8523e+5", 6.8523e5),
            ("685.230_15e+03", 685.23015e3),
            ("685_230.15", 685_230.15),
            ("123456e1", 123_456e1),
            ("123456E1", 123_456e1),
            ("18446744073709551616", 18_446_744_073_709_551_616.0),
            ("1.797693134862315708145274237317043567981e+308", f64::MAX),
        ] {
            assert_eq!(plain(text), Resolved::Float(number), "{text}");
        }
        assert!(matches!(plain(".NaN"), Resolved::Float(number) if number.is_nan()));
    }

    /// From go-yaml's `decode_test.go`.
    #[test]
    fn resolve_takes_numbers_of_other_readers_as_text() {
        for text in ["1:1", "190:20:30", "-b_c", "+b_c", "50cent_of_dollar", "<foo>", "hi", "<<"] {
            assert_eq!(plain(text), Resolved::Str(text), "{text}");
        }
    }

    #[test]
    fn resolve_recognizes_booleans_null_and_timestamps() {
        for text in ["y", "Y", "yes", "on", "True", "TRUE"] {
            assert_eq!(plain(text), Resolved::Bool(true), "{text}");
        }
        for text in ["n", "N", "NO", "off", "False"] {
            assert_eq!(plain(text), Resolved::Bool(false), "{text}");
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(text), Resolved::Null, "{text}");
        }
        for text in ["yEs", "tRUE", "nULL", "~~"] {
            assert_eq!(plain(text), Resolved::Str(text), "{text}");
        }
        assert_eq!(plain("2015-01-01"), Resolved::Timestamp("2015-01-01"));
    }

    /// From go-yaml's `decode_test.go`.
    #[test]
    fn resolve_follows_the_tag_or_fails() {
        for (tag, text, wanted) in [
            ("!!float", "1.1", Resolved::Float(1.1)),
            ("!!float", "0", Resolved::Float(0.0)),
            ("!!null", "", Resolved::Null),
            ("!!int", "1", Resolved::Int(1)),
            ("!!str", "2015-01-01", Resolved::Str("2015-01-01")),
            ("!!timestamp", "2015-01-01", Resolved::Timestamp("2015-01-01")),
            ("!!binary", "gIGC\n", Resolved::Binary(vec![0x80, 0x81, 0x82])),
            ("!", "1", Resolved::Str("1")),
            ("!x", "1", Resolved::Str("1")),
            ("!!merge", "<<", Resolved::Str("<<")),
        ] {
            assert_eq!(resolved(tag, text, false), Ok(wanted), "{tag} {text}");
        }
        for (tag, text, words) in [
            ("!!float", "error", "cannot decode !!str `error` as a !!float"),
            ("!!int", "x", "cannot decode !!str `x` as a !!int"),
            ("!!int", "1.5", "cannot decode !!float `1.5` as a !!int"),
            ("!!bool", "1", "cannot decode !!int `1` as a !!bool"),
            ("!!null", "x", "cannot decode !!str `x` as a !!null"),
            ("!!binary", "==", "!!binary value contains invalid base64 data"),
        ] {
            assert_eq!(resolved(tag, text, false), Err(words.to_owned()), "{tag} {text}");
        }
    }

    #[test]
    fn resolve_takes_quoted_scalars_as_text() {
        assert_eq!(resolved("", "1", false), Ok(Resolved::Str("1")));
        assert!(is_merge("", "<<", true));
        assert!(!is_merge("", "<<", false));
        assert!(is_merge("tag:yaml.org,2002:merge", "<<", false));
    }

    #[test]
    fn decode_base64_needs_padding_and_skips_line_breaks() {
        for (text, bytes) in
            [("", ""), ("YQ==", "a"), ("YW\r\nI=", "ab"), ("YWJj", "abc"), ("YR==", "a")]
        {
            assert_eq!(
                decode_base64(text.as_bytes()).as_deref(),
                Some(bytes.as_bytes()),
                "{text:?}"
            );
        }
        for text in ["YQ", "YQ=", "Y===", "YQ==YQ==", "YW I=", "YQ===", "_w==", "="] {
            assert_eq!(decode_base64(text.as_bytes()), None, "{text:?}");
        }
    }
}
