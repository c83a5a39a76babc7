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
    Str(Cow<'a, str>),
    /// A timestamp, which go-yaml returns as its text.
    Timestamp(Cow<'a, str>),
    /// The bytes of a `!!binary`. JSON gets them as text, with U+FFFD for each byte that is not
    /// UTF-8.
    Binary(Vec<u8>),
}

/// Why a tag does not fit its value. Displays as go-yaml's message after `yaml: `, which has no line.
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
pub fn resolve<'a>(
    tag: &str,
    value: &Cow<'a, str>,
    plain_implicit: bool,
) -> Result<Resolved<'a>, Mismatch> {
    if tag.is_empty() && !plain_implicit {
        return Ok(Resolved::Str(value.clone()));
    }
    let short = match tag.strip_prefix(CORE) {
        Some(name) => name,
        None if tag.is_empty() => "",
        None => return Ok(Resolved::Str(value.clone())),
    };
    match short {
        "str" => return Ok(Resolved::Str(value.clone())),
        "binary" => {
            let bytes = decode_base64(value.as_bytes());
            return bytes.map(Resolved::Binary).ok_or(Mismatch::Base64);
        }
        "" if tag.is_empty() => {}
        "bool" | "int" | "float" | "null" | "timestamp" => {}
        _ => return Ok(Resolved::Str(value.clone())),
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
fn plain<'a>(value: &Cow<'a, str>, timestamps: bool) -> (&'static str, Resolved<'a>) {
    let text = || ("str", Resolved::Str(value.clone()));
    let Some(first) = value.bytes().next() else {
        return ("null", Resolved::Null);
    };
    match first {
        b'+' | b'-' | b'0'..=b'9' | b'.' | b'~' => {}
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' => {}
        _ => return text(),
    }
    match value.as_ref() {
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
                return ("timestamp", Resolved::Timestamp(value.clone()));
            }
            let digits = if value.contains('_') {
                Cow::Owned(value.replace('_', ""))
            } else {
                Cow::Borrowed(&**value)
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
