//! Scans anchors, aliases, tags and directives.

use std::borrow::Cow;

use super::{Data, Error, Kind, Scanner};

/// Limit on the digits of each part of a version number.
const MAX_NUMBER_LENGTH: usize = 2;

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

fn is_uri(byte: u8) -> bool {
    is_word(byte) || b";/?:@&=+$,.!~*'()[]%".contains(&byte)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

impl<'a> Scanner<'a> {
    /// Returns the input from `start` to here.
    fn since(&self, start: usize) -> &'a str {
        self.reader.text().get(start..self.reader.mark.offset).unwrap_or("")
    }

    /// Skips letters, digits, `_` and `-`.
    fn skip_word(&mut self) -> Result<&'a str, Error> {
        let start = self.reader.mark.offset;
        self.reader.ensure(1)?;
        while is_word(self.reader.byte(0)) {
            self.reader.skip();
            self.reader.ensure(1)?;
        }
        Ok(self.since(start))
    }

    pub(super) fn fetch_anchor(&mut self, kind: Kind) -> Result<(), Error> {
        self.save_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark;
        self.reader.skip();
        let name = self.skip_word()?;
        let ended = self.reader.is_blankz(0) || b"?:,]}%@`".contains(&self.reader.byte(0));
        if name.is_empty() || !ended {
            return Err(self.error("did not find expected alphabetic or numeric character"));
        }
        self.push(kind, start, Data::Name(name));
        Ok(())
    }

    pub(super) fn fetch_tag(&mut self) -> Result<(), Error> {
        self.save_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark;
        self.reader.ensure(2)?;
        let (handle, suffix) = if self.reader.byte(1) == b'<' {
            self.reader.skip();
            self.reader.skip();
            let suffix = self.scan_uri(self.reader.mark.offset, false)?;
            if self.reader.byte(0) != b'>' {
                return Err(self.error("did not find the expected '>'"));
            }
            self.reader.skip();
            ("", suffix)
        } else {
            let handle = self.scan_handle(false)?;
            if handle.len() > 1 && handle.ends_with('!') {
                (handle, self.scan_uri(self.reader.mark.offset, false)?)
            } else {
                // That was not a handle: the text after the first `!` is the suffix of the handle
                // `!`.
                match self.scan_uri(start.offset + 1, true)? {
                    suffix if suffix.is_empty() => ("", Cow::Borrowed("!")),
                    suffix => ("!", suffix),
                }
            }
        };
        self.reader.ensure(1)?;
        if !self.reader.is_blankz(0) {
            return Err(self.error("did not find expected whitespace or line break"));
        }
        self.push(Kind::Tag, start, Data::Tag(handle, suffix));
        Ok(())
    }

    /// Scans `!`, `!!` or `!name!`, or, outside of a directive, the start of a tag without a
    /// handle.
    fn scan_handle(&mut self, directive: bool) -> Result<&'a str, Error> {
        let start = self.reader.mark.offset;
        self.reader.ensure(1)?;
        if self.reader.byte(0) != b'!' {
            return Err(self.error("did not find expected '!'"));
        }
        self.reader.skip();
        let name = self.skip_word()?;
        if self.reader.byte(0) == b'!' {
            self.reader.skip();
        } else if directive && !name.is_empty() {
            return Err(self.error("did not find expected '!'"));
        }
        Ok(self.since(start))
    }

    /// Scans a tag or the rest of one; the part from `start` to here is already scanned. `bare`:
    /// the result may be empty.
    fn scan_uri(&mut self, start: usize, bare: bool) -> Result<Cow<'a, str>, Error> {
        let mut escaped: Option<Vec<u8>> = None;
        self.reader.ensure(1)?;
        let scan_start = self.reader.mark.offset;
        while is_uri(self.reader.byte(0)) {
            if self.reader.byte(0) == b'%' {
                let mut octets =
                    escaped.take().unwrap_or_else(|| self.since(start).as_bytes().to_vec());
                self.scan_octets(&mut octets)?;
                escaped = Some(octets);
            } else {
                if let Some(bytes) = &mut escaped {
                    bytes.push(self.reader.byte(0));
                }
                self.reader.skip();
            }
            self.reader.ensure(1)?;
        }
        if self.reader.mark.offset == scan_start && !bare {
            return Err(self.error("did not find expected tag URI"));
        }
        Ok(match escaped {
            Some(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
            None => Cow::Borrowed(self.since(start)),
        })
    }

    /// Scans one character written as `%` and hexadecimal octets.
    fn scan_octets(&mut self, octets: &mut Vec<u8>) -> Result<(), Error> {
        let mut missing = None;
        while missing != Some(0) {
            self.reader.ensure(3)?;
            let digits = (self.reader.byte(0) == b'%')
                .then(|| (hex(self.reader.byte(1)), hex(self.reader.byte(2))));
            let Some((Some(high), Some(low))) = digits else {
                return Err(self.error("did not find URI escaped octet"));
            };
            let octet = high << 4 | low;
            missing = Some(match missing {
                None => match octet {
                    0..=0x7f => 0,
                    0xc0..=0xdf => 1,
                    0xe0..=0xef => 2,
                    0xf0..=0xf7 => 3,
                    _ => return Err(self.error("found an incorrect leading UTF-8 octet")),
                },
                Some(_) if octet & 0xc0 != 0x80 => {
                    return Err(self.error("found an incorrect trailing UTF-8 octet"));
                }
                Some(count) => count - 1,
            });
            octets.push(octet);
            for _ in 0..3 {
                self.reader.skip();
            }
        }
        Ok(())
    }

    pub(super) fn fetch_directive(&mut self) -> Result<(), Error> {
        self.unroll(-1);
        self.remove_key()?;
        self.simple_key_allowed = false;

        let start = self.reader.mark;
        self.reader.skip();
        let name = self.skip_word()?;
        if name.is_empty() {
            return Err(self.error("could not find expected directive name"));
        }
        if !self.reader.is_blankz(0) {
            return Err(self.error("found unexpected non-alphabetical character"));
        }
        let (kind, data) = match name {
            "YAML" => (Kind::VersionDirective, self.scan_version()?),
            "TAG" => (Kind::TagDirective, self.scan_tag_directive()?),
            _ => return Err(self.error("found unknown directive name")),
        };
        let token = self.token(kind, start, data);

        self.end_line()?;
        self.tokens.push_back(token);
        Ok(())
    }

    /// Skips the rest of a line, which may only contain a comment, and its line break.
    pub(super) fn end_line(&mut self) -> Result<(), Error> {
        self.reader.ensure(1)?;
        self.reader.skip_blanks()?;
        if self.reader.byte(0) == b'#' {
            self.reader.skip_to_break()?;
        }
        if !self.reader.is_breakz(0) {
            return Err(self.error("did not find expected comment or line break"));
        }
        if self.reader.is_break(0) {
            self.reader.ensure(2)?;
            self.reader.skip_line();
        }
        Ok(())
    }

    fn scan_version(&mut self) -> Result<Data<'a>, Error> {
        self.reader.ensure(1)?;
        self.reader.skip_blanks()?;
        let major = self.scan_number()?;
        if self.reader.byte(0) != b'.' {
            return Err(self.error("did not find expected digit or '.' character"));
        }
        self.reader.skip();
        Ok(Data::Version(major, self.scan_number()?))
    }

    fn scan_number(&mut self) -> Result<u8, Error> {
        let (mut number, mut length) = (0, 0);
        self.reader.ensure(1)?;
        while self.reader.byte(0).is_ascii_digit() {
            length += 1;
            if length > MAX_NUMBER_LENGTH {
                return Err(self.error("found extremely long version number"));
            }
            number = number * 10 + (self.reader.byte(0) - b'0');
            self.reader.skip();
            self.reader.ensure(1)?;
        }
        if length == 0 {
            return Err(self.error("did not find expected version number"));
        }
        Ok(number)
    }

    fn scan_tag_directive(&mut self) -> Result<Data<'a>, Error> {
        self.reader.ensure(1)?;
        self.reader.skip_blanks()?;
        let handle = self.scan_handle(true)?;
        self.reader.ensure(1)?;
        if !self.reader.is_blank(0) {
            return Err(self.error("did not find expected whitespace"));
        }
        self.reader.skip_blanks()?;
        let prefix = self.scan_uri(self.reader.mark.offset, false)?;
        self.reader.ensure(1)?;
        if !self.reader.is_blankz(0) {
            return Err(self.error("did not find expected whitespace or line break"));
        }
        Ok(Data::Tag(handle, prefix))
    }
}
