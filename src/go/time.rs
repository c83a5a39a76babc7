//! Go's `time.Parse(time.RFC3339, …)`, which reads `expirationTimestamp`, and its error messages.
//!
//! Both depend on the Go that a kubectl was built with: 1.20 with Go 1.15, 1.23 with 1.17, 1.24
//! with 1.18, 1.27 with 1.22, 1.30 with 1.23, measured with one release of each minor.
//!
//! Source: Go's `time/format.go` and `time/format_rfc3339.go`; measured with kubectl 1.20 to 1.37.

use crate::kubernetes::version::Minor;

const LAYOUT: &str = "2006-01-02T15:04:05Z07:00";

/// Returns Go's error message for `value`, or `None` if Go reads it as a time.
pub fn error(value: &str, minor: Minor) -> Option<String> {
    let parser = Parser { rest: value.as_bytes(), minor };
    let words = match parser.parse() {
        Ok(()) => return None,
        Err(words) => words,
    };
    let value = quote(value.as_bytes(), minor);
    Some(match words {
        Words::Message(message) => format!("parsing time {value}: {message}"),
        Words::CannotParse { rest, element } => {
            let rest = quote(rest, minor);
            format!("parsing time {value} as \"{LAYOUT}\": cannot parse {rest} as \"{element}\"")
        }
    })
}

/// The two forms of Go's `ParseError`.
enum Words<'a> {
    Message(String),
    CannotParse { rest: &'a [u8], element: &'static str },
}

struct Parser<'a> {
    rest: &'a [u8],
    minor: Minor,
}

impl<'a> Parser<'a> {
    fn parse(mut self) -> Result<(), Words<'a>> {
        let year = self.year()?;
        self.literal(b'-', "-")?;
        let month = self.number("01", true)?;
        if !(1..=12).contains(&month) {
            return Err(out_of_range("month"));
        }
        self.literal(b'-', "-")?;
        let day = self.number("02", true)?;
        self.literal(b'T', "T")?;
        if self.number("15", false)? > 23 {
            return Err(out_of_range("hour"));
        }
        self.literal(b':', ":")?;
        if self.number("04", true)? > 59 {
            return Err(out_of_range("minute"));
        }
        self.literal(b':', ":")?;
        if self.number("05", true)? > 59 {
            return Err(out_of_range("second"));
        }
        self.fraction()?;
        self.zone()?;
        if !self.rest.is_empty() {
            let extra = quote(self.rest, self.minor);
            return Err(Words::Message(format!("extra text: {extra}")));
        }
        if day < 1 || day > days_in(month, year) {
            return Err(out_of_range("day"));
        }
        Ok(())
    }

    /// Returns the error for an element that does not parse. Go 1.20 and newer quote the text from
    /// the start of the element, older releases the text after it.
    fn bad(&self, element: &'static str, width: usize) -> Words<'a> {
        let skipped = if self.minor < Minor(27) { width } else { 0 };
        Words::CannotParse { rest: self.rest.get(skipped..).unwrap_or(&[]), element }
    }

    fn year(&mut self) -> Result<u32, Words<'a>> {
        let Some(digits) = self.rest.get(..4).filter(|digits| digits[0].is_ascii_digit()) else {
            return Err(self.bad("2006", 0));
        };
        let Some(year) = decimal(digits) else { return Err(self.bad("2006", 4)) };
        self.rest = self.rest.get(4..).unwrap_or(&[]);
        Ok(u32::try_from(year).unwrap_or(0))
    }

    fn literal(&mut self, wanted: u8, element: &'static str) -> Result<(), Words<'a>> {
        match self.rest.split_first() {
            Some((byte, rest)) if *byte == wanted => {
                self.rest = rest;
                Ok(())
            }
            _ => Err(self.bad(element, 0)),
        }
    }

    /// Go's `getnum`: reads two digits, or one unless `fixed`.
    fn number(&mut self, element: &'static str, fixed: bool) -> Result<u32, Words<'a>> {
        let digit = |at: usize| {
            self.rest
                .get(at)
                .filter(|byte| byte.is_ascii_digit())
                .map(|byte| u32::from(byte - b'0'))
        };
        let (number, width) = match (digit(0), digit(1)) {
            (Some(tens), Some(ones)) => (tens * 10 + ones, 2),
            (Some(ones), None) if !fixed => (ones, 1),
            _ => return Err(self.bad(element, 0)),
        };
        self.rest = self.rest.get(width..).unwrap_or(&[]);
        Ok(number)
    }

    /// Skips fractions of a second, which the layout does not name.
    fn fraction(&mut self) -> Result<(), Words<'a>> {
        let is_mark = match self.rest.first() {
            Some(b'.') => true,
            Some(b',') => self.minor >= Minor(23),
            _ => false,
        };
        let digits = self.rest.get(1..).unwrap_or(&[]);
        let width = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !is_mark || width == 0 {
            return Ok(());
        }
        let (digits, rest) = digits.split_at(width);
        self.rest = rest;
        // Go 1.18 was the first to ignore digits beyond nanoseconds.
        if self.minor < Minor(24) {
            match decimal(digits) {
                None => return Err(Words::CannotParse { rest, element: "05" }),
                Some(1_000_000_000..) => return Err(out_of_range("fractional second")),
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Reads `Z` or `+01:00`.
    fn zone(&mut self) -> Result<(), Words<'a>> {
        const ELEMENT: &str = "Z07:00";
        if let Some(rest) = self.rest.strip_prefix(b"Z") {
            self.rest = rest;
            return Ok(());
        }
        let &[sign, h0, h1, b':', m0, m1, ref rest @ ..] = self.rest else {
            return Err(self.bad(ELEMENT, 0));
        };
        let (hours, minutes) = (decimal(&[h0, h1]), decimal(&[m0, m1]));
        // Go 1.23 was the first to check the range.
        if self.minor >= Minor(30) {
            // If both are out of range, Go reports the minutes, which it checks last.
            if hours.and(minutes).is_some_and(|minutes| minutes > 60) {
                return Err(out_of_range("time zone offset minute"));
            }
            if hours.is_some_and(|hours| hours > 24) {
                return Err(out_of_range("time zone offset hour"));
            }
        }
        if hours.is_none() || minutes.is_none() || !matches!(sign, b'+' | b'-') {
            return Err(self.bad(ELEMENT, 6));
        }
        self.rest = rest;
        Ok(())
    }
}

fn out_of_range(what: &str) -> Words<'static> {
    Words::Message(format!("{what} out of range"))
}

/// Parses ASCII digits; `None` if one is not a digit, or if the number exceeds 63 bits, as in Go.
fn decimal(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0_i64, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
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

/// Quotes like package `time`, which escapes nothing before Go 1.17.
fn quote(text: &[u8], minor: Minor) -> String {
    if minor < Minor(23) {
        return format!("\"{}\"", String::from_utf8_lossy(text));
    }
    let mut quoted = String::from("\"");
    for &byte in text {
        match byte {
            b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
            b' '..=0x7f => quoted.push(char::from(byte)),
            _ => quoted.push_str(&format!("\\x{byte:02x}")),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Measured with kubectl 1.20 to 1.37.
    #[test]
    fn takes_and_says_what_go_does() {
        let says = |value: &str, minor| {
            let words = error(value, Minor(minor)).unwrap_or_default();
            words.replace(" as \"2006-01-02T15:04:05Z07:00\"", "")
        };
        for (value, old, new) in [
            ("2030-01-02T15:04:05Z", "", ""),
            ("2030-01-02T15:04:05+01:00", "", ""),
            ("2030-01-02T5:04:05.123456789-24:60", "", ""),
            ("2024-02-29T00:00:00Z", "", ""),
            ("soon", "parsing time \"soon\": cannot parse \"soon\" as \"2006\"", "same"),
            ("", "parsing time \"\": cannot parse \"\" as \"2006\"", "same"),
            ("2030-01-02", "parsing time \"2030-01-02\": cannot parse \"\" as \"T\"", "same"),
            (
                "2030-1-02T15:04:05Z",
                "parsing time \"2030-1-02T15:04:05Z\": cannot parse \"1-02T15:04:05Z\" as \"01\"",
                "same",
            ),
            (
                "203-01-02T15:04:05Z",
                "parsing time \"203-01-02T15:04:05Z\": cannot parse \"01-02T15:04:05Z\" as \"2006\"",
                "parsing time \"203-01-02T15:04:05Z\": cannot parse \"203-01-02T15:04:05Z\" as \
                 \"2006\"",
            ),
            (
                "2030-01-02T15:04:05,5Z",
                "parsing time \"2030-01-02T15:04:05,5Z\": cannot parse \",5Z\" as \"Z07:00\"",
                "",
            ),
            (
                "2030-01-02T15:04:05.1234567891Z",
                "parsing time \"2030-01-02T15:04:05.1234567891Z\": fractional second out of range",
                "",
            ),
            (
                "2030-01-02T15:04:05+25:00",
                "",
                "parsing time \"2030-01-02T15:04:05+25:00\": time zone offset hour out of range",
            ),
            (
                "2030-01-02T15:04:05*01:00",
                "parsing time \"2030-01-02T15:04:05*01:00\": cannot parse \"\" as \"Z07:00\"",
                "parsing time \"2030-01-02T15:04:05*01:00\": cannot parse \"*01:00\" as \"Z07:00\"",
            ),
            (
                "2030-13-32T25:00:00Z",
                "parsing time \"2030-13-32T25:00:00Z\": month out of range",
                "same",
            ),
            (
                "2023-02-29T00:00:00Z",
                "parsing time \"2023-02-29T00:00:00Z\": day out of range",
                "same",
            ),
            (
                "2030-01-02T15:04:05Z ",
                "parsing time \"2030-01-02T15:04:05Z \": extra text: \" \"",
                "same",
            ),
            (
                "\"é\t",
                "parsing time \"\"é\t\": cannot parse \"\"é\t\" as \"2006\"",
                "parsing time \"\\\"\\xc3\\xa9\\x09\": cannot parse \"\\\"\\xc3\\xa9\\x09\" as \
                 \"2006\"",
            ),
        ] {
            assert_eq!(says(value, 20), old, "{value}");
            assert_eq!(says(value, 37), if new == "same" { old } else { new }, "{value}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(value in "[-0-9T:.Z+é,x]{0,30}", minor in 10_u16..=37) {
            let _ = error(&value, Minor(minor));
        }
    }
}
