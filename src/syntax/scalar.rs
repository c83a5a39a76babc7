//! What a plain scalar means to kubectl: YAML 1.1 as go-yaml v2 reads it.
//!
//! Source: go-yaml v2 `resolve.go`; measured with kubectl on 120 scalars.

use super::node::{Node, NodeKind, ScalarStyle};

/// The kind of value that go-yaml makes of a scalar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// Nothing, `~`, `null`: decodes as an empty string.
    Null,
    /// `true`, `yes`, `on`, `y` and their opposites.
    Bool,
    /// A number that JSON can hold.
    Number,
    /// `.inf` or `.nan`, which JSON cannot hold; the word that Go prints.
    NotJson(&'static str),
    /// A string, as written.
    Str,
    /// `!!binary`: base64 that decodes to the string.
    Binary,
    /// The merge key `<<`.
    Merge,
}

const CORE: &str = "tag:yaml.org,2002:";

/// What the scalar `node` with the value `value` means; collections are `Str`, and never asked.
pub fn resolve(node: &Node, value: &str) -> Resolved {
    let NodeKind::Scalar { style, .. } = &node.kind else {
        return Resolved::Str;
    };
    let Some(tag) = node.tag.as_deref() else {
        return if *style == ScalarStyle::Plain {
            plain(value)
        } else {
            Resolved::Str
        };
    };
    match tag.strip_prefix(CORE) {
        Some("null") => Resolved::Null,
        Some("binary") => Resolved::Binary,
        Some("merge") => Resolved::Merge,
        Some("bool" | "int" | "float") => match plain(value) {
            Resolved::Str | Resolved::Merge => Resolved::Str,
            resolved => resolved,
        },
        _ => Resolved::Str,
    }
}

/// What an untagged plain scalar means.
pub fn plain(value: &str) -> Resolved {
    match value {
        "" | "~" | "null" | "Null" | "NULL" => return Resolved::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "n" | "N" | "no" | "No" | "NO" | "on" | "On" | "ON"
        | "off" | "Off" | "OFF" | "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => {
            return Resolved::Bool;
        }
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Resolved::NotJson("+Inf"),
        "-.inf" | "-.Inf" | "-.INF" => return Resolved::NotJson("-Inf"),
        ".nan" | ".NaN" | ".NAN" => return Resolved::NotJson("NaN"),
        "<<" => return Resolved::Merge,
        _ => {}
    }
    match value.as_bytes().first() {
        Some(b'.') if is_decimal_float(value) => Resolved::Number,
        Some(b'0'..=b'9' | b'+' | b'-') => {
            // Underscores are dropped wherever they stand.
            let digits = value.replace('_', "");
            if is_integer(&digits) || is_decimal_float(&digits) {
                Resolved::Number
            } else {
                Resolved::Str
            }
        }
        _ => Resolved::Str,
    }
}

/// Go's `strconv.ParseInt(text, 0, 64)` as far as the spelling goes; longer ones are floats.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (digits, radix) = match digits.get(..2) {
        Some("0x" | "0X") => (&digits[2..], 16),
        Some("0b" | "0B") => (&digits[2..], 2),
        Some("0o" | "0O") => (&digits[2..], 8),
        _ if digits.starts_with('0') && digits.len() > 1 => (&digits[1..], 8),
        _ => (digits, 10),
    };
    // 64 bits; what does not fit is a number only where it reads as a decimal float.
    !digits.is_empty()
        && digits.chars().all(|c| c.is_digit(radix))
        && u64::from_str_radix(digits, radix).is_ok()
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, and not beyond 64-bit floats.
fn is_decimal_float(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = digits(rest);
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if whole == 0 && length == 0 {
            return false;
        }
        rest = &fraction[length..];
    } else if whole == 0 {
        return false;
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let length = digits(exponent);
        if length == 0 {
            return false;
        }
        rest = &exponent[length..];
    }
    // Go's ParseFloat refuses what is out of range; Rust's makes it infinite.
    rest.is_empty() && text.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measured with kubectl 1.20, 1.22, 1.23, 1.31 and 1.37, which agree.
    #[test]
    fn plain_scalars_mean_what_kubectl_makes_of_them() {
        let words = |text: &'static str| text.split_whitespace();
        for word in words("y Y yes Yes YES n N no No NO on On ON off Off OFF true True TRUE false")
        {
            assert_eq!(plain(word), Resolved::Bool, "{word}");
        }
        for word in words(
            "0 -0 +0 +1 -1 1. .5 +.5 -.5 1.5 1e3 1E3 1e+3 1.e3 12e03 0x1F 0X1F -0x1F 0b101 -0b1 \
             0o17 017 08 09 -017 00 0_1 1_000 1__0 1_ 123456789012345678901234567890 0777 \
             18446744073709551616 9223372036854775808 1_0.5",
        ) {
            assert_eq!(plain(word), Resolved::Number, "{word}");
        }
        for word in words(
            "yEs nO oN tRue t f nULL . 1e1000 -1e1000 1e 0x 0b2 0o8 1:30 12:30:45 190:20:30.15 \
             2020-01-01 2020-1-1 = 1.2.3 v1 1e+ 0x1.8p1 inf nan NaN Infinity 1,000 _1 .iNF",
        ) {
            assert_eq!(plain(word), Resolved::Str, "{word}");
        }
        for word in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(word), Resolved::Null, "{word}");
        }
        assert_eq!(plain(".inf"), Resolved::NotJson("+Inf"));
        assert_eq!(plain("<<"), Resolved::Merge);
    }
}
