//! Go's `time.Parse(time.RFC3339, …)`, which reads `expirationTimestamp`.
//!
//! What it accepts depends on the Go that a kubectl was built with: 1.23 with Go 1.17, 1.24 with
//! 1.18, 1.30 with 1.23.
//!
//! Source: Go's `time/format.go`; measured with kubectl 1.20 to 1.37.

use crate::kubernetes::version::Minor;

/// Go 1.17 was the first to accept a comma before the fractions of a second.
const COMMA_SINCE: Minor = Minor(23);
/// Go 1.18 was the first to ignore digits beyond nanoseconds.
const LONG_FRACTIONS_SINCE: Minor = Minor(24);
/// Go 1.23 was the first to check the range of an offset from UTC.
const OFFSET_RANGE_SINCE: Minor = Minor(30);

/// Returns whether kubectl of that minor reads `value` as a time.
pub(crate) fn is_time(value: &str, minor: Minor) -> bool {
    unix_seconds(value, minor).is_some()
}

/// Returns a time as kubectl of that minor reads it, in seconds since 1970, without fractions.
pub(crate) fn unix_seconds(value: &str, minor: Minor) -> Option<i64> {
    let text = value.as_bytes();
    let (year, rest) = number(text, 4)?;
    let (month, rest) = number(rest.strip_prefix(b"-")?, 2)?;
    let (day, rest) = number(rest.strip_prefix(b"-")?, 2)?;
    let rest = rest.strip_prefix(b"T")?;
    // Go accepts one digit for the hour, against RFC 3339.
    let (hour, rest) = number(rest, 2).or_else(|| number(rest, 1))?;
    let (minute, rest) = number(rest.strip_prefix(b":")?, 2)?;
    let (second, rest) = number(rest.strip_prefix(b":")?, 2)?;
    let zone = fraction(rest, minor)?;
    let is_valid = (1..=12).contains(&month)
        && (1..=days_in(month, year)).contains(&day)
        && hour <= 23
        && minute <= 59
        && second <= 59;
    let offset = match zone {
        b"Z" => 0,
        [sign @ (b'+' | b'-'), offset @ ..] => {
            let (hours, rest) = number(offset, 2)?;
            let (minutes, rest) = number(rest.strip_prefix(b":")?, 2)?;
            let is_in_range = minor < OFFSET_RANGE_SINCE || (hours <= 24 && minutes <= 60);
            if !rest.is_empty() || !is_in_range {
                return None;
            }
            let seconds = i64::from(hours) * 3600 + i64::from(minutes) * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    let clock = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    is_valid.then(|| days_since_1970(year, month, day) * 86_400 + clock - offset)
}

/// Returns the number of days from 1970-01-01 to a date.
fn days_since_1970(year: u32, month: u32, day: u32) -> i64 {
    // Years begin in March, so that a leap day is the last.
    let year = i64::from(year) - i64::from(month <= 2);
    let month = i64::from((month + 9) % 12);
    let day_of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + day_of_year - 719_468
}

/// Splits off a number of exactly `width` digits.
fn number(text: &[u8], width: usize) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(width)?;
    let number = digits.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0'))
    })?;
    Some((number, rest))
}

/// Skips fractions of a second; returns the text after them.
fn fraction(text: &[u8], minor: Minor) -> Option<&[u8]> {
    let digits = match text {
        [b'.', digits @ ..] => digits,
        [b',', digits @ ..] if minor >= COMMA_SINCE => digits,
        _ => return Some(text),
    };
    let width = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let is_short = digits.iter().take(width).skip_while(|byte| **byte == b'0').count() <= 9;
    // Without a digit, the mark itself is left over, which no zone begins with.
    (width > 0 && (is_short || minor >= LONG_FRACTIONS_SINCE)).then(|| digits.get(width..))?
}

fn days_in(month: u32, year: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(400) => 29,
        2 if year.is_multiple_of(4) && !year.is_multiple_of(100) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measured with kubectl 1.20 to 1.37.
    #[test]
    fn is_time_accepts_what_go_accepts() {
        let accepted = |value: &str| -> Vec<u16> {
            (20..=37).filter(|&minor| is_time(value, Minor(minor))).collect()
        };
        for (value, minors) in [
            ("2030-01-02T15:04:05Z", 20..=37),
            ("2030-01-02T15:04:05+01:00", 20..=37),
            ("2030-01-02T5:04:05.123456789-24:60", 20..=37),
            ("2024-02-29T00:00:00Z", 20..=37),
            ("2030-01-02T15:04:05,5Z", 23..=37),
            ("2030-01-02T15:04:05.1234567891Z", 24..=37),
            ("2030-01-02T15:04:05+25:00", 20..=29),
        ] {
            assert_eq!(accepted(value), minors.collect::<Vec<_>>(), "{value}");
        }
        for value in [
            "soon",
            "",
            "2030-01-02",
            "2030-1-02T15:04:05Z",
            "203-01-02T15:04:05Z",
            "2030-01-02T15:04:05.Z",
            "2030-01-02T15:04:05*01:00",
            "2030-13-32T25:00:00Z",
            "2023-02-29T00:00:00Z",
            "2030-01-02T15:04:05Z ",
        ] {
            assert_eq!(accepted(value), [0; 0], "{value}");
        }
    }

    #[test]
    fn unix_seconds_counts_from_1970() {
        for (value, seconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-11-29T19:45:35+01:00", 1_795_977_935),
            ("1969-12-31T23:59:59.5Z", -1),
        ] {
            assert_eq!(unix_seconds(value, Minor(37)), Some(seconds), "{value}");
        }
    }

    proptest::proptest! {
        #[test]
        fn time_accepts_any_text(value in "[-0-9T:.Z+é,x]{0,30}", minor in 10_u16..=37) {
            let _ = is_time(&value, Minor(minor));
        }
    }
}
