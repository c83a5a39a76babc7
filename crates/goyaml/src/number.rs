//! Numbers and timestamps as Go's `strconv` and `time` read and write them.
//!
//! Source: go-yaml v2.4.0, `resolve.go`, and sigs.k8s.io/yaml, `yaml.go`.

/// Go's `strconv.ParseInt` or `ParseUint` with base 0 (prefixes `0x`, `0o`, `0b`, `0`): returns the
/// value if it fits into 64 bits. `text` must not contain underscores: go-yaml removes them first.
pub(super) fn parse_int(text: &str) -> Option<i128> {
    let (negative, signed, digits) = match text.as_bytes().first()? {
        b'-' => (true, true, text.get(1..)?),
        b'+' => (false, true, text.get(1..)?),
        _ => (false, false, text),
    };
    let prefix = digits.get(..2).map(str::to_ascii_lowercase);
    let (radix, digits) = match prefix.as_deref() {
        Some("0x") => (16, digits.get(2..)?),
        Some("0o") => (8, digits.get(2..)?),
        Some("0b") => (2, digits.get(2..)?),
        _ if digits.len() > 1 && digits.starts_with('0') => (8, digits.get(1..)?),
        _ => (10, digits),
    };
    in_range(unsigned(digits, radix)?, negative, signed)
}

/// Go's `ParseInt` or `ParseUint` with base 2, for numbers with a sign after `0b`, which
/// `parse_int` does not cover.
pub(super) fn parse_binary(text: &str) -> Option<i128> {
    if let Some(digits) = text.strip_prefix("-0b") {
        return in_range(unsigned(digits, 2)?, true, true);
    }
    let digits = text.strip_prefix("0b")?;
    match digits.as_bytes().first()? {
        b'-' => in_range(unsigned(digits.get(1..)?, 2)?, true, true),
        b'+' => in_range(unsigned(digits.get(1..)?, 2)?, false, true),
        _ => in_range(unsigned(digits, 2)?, false, false),
    }
}

fn unsigned(digits: &str, radix: u32) -> Option<u128> {
    // Rust would accept a sign here.
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    u128::from_str_radix(digits, radix).ok()
}

/// Returns the number if it is in range; a number without a sign may use all 64 bits.
fn in_range(magnitude: u128, negative: bool, signed: bool) -> Option<i128> {
    let value = i128::try_from(magnitude).ok()?;
    let value = if negative { -value } else { value };
    let most = if signed { i128::from(i64::MAX) } else { i128::from(u64::MAX) };
    (value >= i128::from(i64::MIN) && value <= most).then_some(value)
}

/// Go's `strconv.ParseFloat` for decimal text that starts with a digit, a sign or a dot. `None` if
/// out of range.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, Some(unsigned.get(at + 1..)?)),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let has_digit = |part: &str| part.bytes().any(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || !(has_digit(whole) || has_digit(fraction)) {
        return None;
    }
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if !digits.starts_with(|digit: char| digit.is_ascii_digit()) || !is_digits(digits) {
            return None;
        }
    }
    if !underscores_fit(unsigned) {
        return None;
    }
    let value: f64 = text.replace('_', "").parse().ok()?;
    value.is_finite().then_some(value)
}

/// Returns whether each underscore is between digits.
fn underscores_fit(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    bytes
        .iter()
        .enumerate()
        .all(|(at, &byte)| byte != b'_' || (digit(at.checked_sub(1)) && digit(Some(at + 1))))
}

/// go-yaml's pattern for floats: `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`.
pub(super) fn is_yaml_float(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (text.get(..at).unwrap_or(""), text.get(at + 1..)),
        None => (text, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => digits(whole) && (fraction.is_empty() || digits(fraction)),
        None => digits(mantissa),
    };
    mantissa
        && exponent
            .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

/// Formats a float key as sigs.k8s.io/yaml does: Go's `FormatFloat(value, 'g', -1, 32)`, which
/// means single precision, with an exponent below 1e-4 and from 1e6.
///
/// ```
/// assert_eq!(goyaml::float_key(123456789.0), "1.2345679e+08");
/// ```
pub fn float_key(value: f64) -> String {
    #[allow(clippy::cast_possible_truncation)]
    let single = value as f32;
    if single.is_nan() {
        return ".nan".into();
    }
    if single.is_infinite() {
        return if single > 0.0 { ".inf".into() } else { "-.inf".into() };
    }
    let text = even_tie(format!("{single:e}"), |decimals| format!("{single:.decimals$e}"), single);
    let Some((digits, exponent)) = text.split_once('e') else {
        return text;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..6).contains(&exponent) {
        even_tie(format!("{single}"), |decimals| format!("{single:.decimals$}"), single)
    } else {
        format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.unsigned_abs())
    }
}

/// Resolves ties as Go does: of two shortest texts equally near to the number, Go takes the one
/// with an even last digit, Rust the greater. `exact` formats the number with the given number of
/// decimals, rounding ties to even.
fn even_tie<T: std::str::FromStr + PartialEq>(
    shortest: String,
    exact: impl Fn(usize) -> String,
    number: T,
) -> String {
    // Whole numbers below 1e21 never tie, and `exact` would give them more digits than needed.
    if !shortest.contains(['e', '.']) {
        return shortest;
    }
    let mantissa = shortest.split('e').next().unwrap_or("");
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let other = exact(decimals);
    if other.len() == shortest.len() && other.parse().is_ok_and(|same: T| same == number) {
        other
    } else {
        shortest
    }
}

/// Returns whether go-yaml reads `text` as a timestamp: Go's `time.Parse` with go-yaml's four
/// layouts.
pub(super) fn is_timestamp(text: &str) -> bool {
    let year = text.bytes().take_while(u8::is_ascii_digit).count();
    if year != 4 {
        return false;
    }
    let number = |part: &str| part.get(..4).and_then(|year| year.parse::<u32>().ok());
    let (Some(year), Some(rest)) =
        (number(text), text.get(4..).and_then(|rest| rest.strip_prefix('-')))
    else {
        return false;
    };
    let Some((month, rest)) = one_or_two(rest) else {
        return false;
    };
    let Some((day, rest)) = rest.strip_prefix('-').and_then(one_or_two) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    if day < 1 || day > days {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    match rest.strip_prefix(['T', 't']) {
        Some(rest) => time(rest).is_some_and(is_zone),
        // Any number of spaces matches the single one of the layout.
        None => {
            rest.starts_with(' ') && time(rest.trim_start_matches(' ')).is_some_and(str::is_empty)
        }
    }
}

/// Reads a number of one or two digits; returns it and the text after it.
fn one_or_two(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    Some((text.get(..length)?.parse().ok()?, text.get(length..)?))
}

/// Reads a time of day; returns the text after it.
fn time(text: &str) -> Option<&str> {
    let (hour, rest) = one_or_two(text)?;
    let (minute, rest) = one_or_two(rest.strip_prefix(':')?)?;
    let (second, rest) = one_or_two(rest.strip_prefix(':')?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let Some(fraction) = rest.strip_prefix(['.', ',']) else {
        return Some(rest);
    };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 { Some(rest) } else { fraction.get(digits..) }
}

/// Returns whether `text` is `Z` or an offset such as `-05:00`.
fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        b"Z" => true,
        [b'+' | b'-', a, b, b':', c, d] => [a, b, c, d].into_iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_int_accepts_prefixes_of_go_and_64_bits() {
        for (text, number) in [
            ("0", 0),
            ("-0", 0),
            ("0x1F", 31),
            ("0X1f", 31),
            ("0o17", 15),
            ("017", 15),
            ("0B11", 3),
            ("18446744073709551615", i128::from(u64::MAX)),
            ("-9223372036854775808", i128::from(i64::MIN)),
        ] {
            assert_eq!(parse_int(text), Some(number), "{text}");
        }
        for text in
            ["", "-", "0x", "08", "1e3", "--1", "18446744073709551616", "+9223372036854775808"]
        {
            assert_eq!(parse_int(text), None, "{text}");
        }
    }

    #[test]
    fn parse_binary_allows_a_sign_after_the_prefix() {
        for (text, number) in [("0b-101", -5), ("0b+11", 3), ("-0b11", -3), ("0b11", 3)] {
            assert_eq!(parse_binary(text), Some(number), "{text}");
        }
        for text in ["0b", "0b-", "0b2", "101", "0B11"] {
            assert_eq!(parse_binary(text), None, "{text}");
        }
    }

    #[test]
    fn parse_float_has_the_form_of_go_yaml_and_range_of_go() {
        for text in ["1", "1.", ".5", "1e3", "-1.5E-3", "+.5e+1"] {
            assert!(is_yaml_float(text) && parse_float(text).is_some(), "{text}");
        }
        for text in ["", ".", "e3", "1e", "1e+", "1.5.2", "0x1p-2", "infinity"] {
            assert!(!is_yaml_float(text) && parse_float(text).is_none(), "{text}");
        }
        assert_eq!(parse_float(".1_0"), Some(0.1));
        assert_eq!(parse_float("._1"), None);
        assert_eq!(parse_float("1e400"), None);
        assert_eq!(parse_float("1e-400"), Some(0.0));
    }

    #[test]
    fn float_key_has_single_precision() {
        for (number, text) in [
            (1.5, "1.5"),
            (0.1, "0.1"),
            (1e5, "100000"),
            (1e6, "1e+06"),
            (123_456_789.0, "1.2345679e+08"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1e300, ".inf"),
            (f64::NEG_INFINITY, "-.inf"),
            (f64::NAN, ".nan"),
        ] {
            assert_eq!(float_key(number), text);
        }
    }

    /// The first five are from go-yaml's `decode_test.go`, which does not handle the first three of
    /// the second list either.
    #[test]
    fn is_timestamp_accepts_four_layouts() {
        for text in [
            "2015-01-01",
            "2015-02-24T18:19:39.12Z",
            "2015-2-3T3:4:5Z",
            "2015-02-24t18:19:39Z",
            "2015-02-24 18:19:39",
            "2016-02-29",
            "2015-02-24T18:19:39-05:00",
        ] {
            assert!(is_timestamp(text), "{text}");
        }
        for text in [
            "2001-12-14 21:59:43.10 -5",
            "2001-12-14 \t\t \t21:59:43.10 \t Z",
            "2015-02-24 18:19:39Z",
            "2015-02-29",
            "2015-13-01",
            "2015-00-01",
            "2015-1-0",
            "15-01-01",
            "2015-01-01T",
            "2015-02-24T24:00:00Z",
            "2015-02-24T18:19:39",
        ] {
            assert!(!is_timestamp(text), "{text}");
        }
    }
}
