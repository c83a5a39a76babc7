//! Scans anchors, tags and directives.

use std::borrow::Cow;

use crate::Error;
use crate::reader::{Reader, is_word};

use super::{Data, Kind};

/// Limit on the digits of each part of a version number.
const MAX_NUMBER_LENGTH: usize = 2;

fn is_uri(byte: u8) -> bool {
    is_word(byte) || b";/?:@&=+$,.!~*'()[]%".contains(&byte)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Scans `&name` or `*name`; returns the name.
pub(super) fn name<'a>(reader: &mut Reader<'a>) -> Result<&'a str, Error> {
    reader.skip();
    let name = reader.skip_word()?;
    let ended = reader.is_blankz(0) || b"?:,]}%@`".contains(&reader.byte(0));
    if name.is_empty() || !ended {
        return Err(reader.error("did not find expected alphabetic or numeric character"));
    }
    Ok(name)
}

/// Scans a tag; returns its handle, which is empty for `!<tag>` and `!`, and its suffix.
pub(super) fn tag<'a>(reader: &mut Reader<'a>) -> Result<(&'a str, Cow<'a, str>), Error> {
    let start = reader.mark.offset;
    reader.ensure(2)?;
    let (handle, suffix) = if reader.byte(1) == b'<' {
        reader.skip();
        reader.skip();
        let suffix = scan_uri(reader, reader.mark.offset, false)?;
        if reader.byte(0) != b'>' {
            return Err(reader.error("did not find the expected '>'"));
        }
        reader.skip();
        ("", suffix)
    } else {
        let handle = scan_handle(reader, false)?;
        if handle.len() > 1 && handle.ends_with('!') {
            (handle, scan_uri(reader, reader.mark.offset, false)?)
        } else {
            // That was not a handle: the text after the first `!` is the suffix of the handle `!`.
            match scan_uri(reader, start + 1, true)? {
                suffix if suffix.is_empty() => ("", Cow::Borrowed("!")),
                suffix => ("!", suffix),
            }
        }
    };
    reader.ensure(1)?;
    if !reader.is_blankz(0) {
        return Err(reader.error("did not find expected whitespace or line break"));
    }
    Ok((handle, suffix))
}

/// Scans a directive, up to what may follow it on its line.
pub(super) fn directive<'a>(reader: &mut Reader<'a>) -> Result<(Kind, Data<'a>), Error> {
    reader.skip();
    let name = reader.skip_word()?;
    if name.is_empty() {
        return Err(reader.error("could not find expected directive name"));
    }
    if !reader.is_blankz(0) {
        return Err(reader.error("found unexpected non-alphabetical character"));
    }
    match name {
        "YAML" => Ok((Kind::VersionDirective, scan_version(reader)?)),
        "TAG" => Ok((Kind::TagDirective, scan_tag_directive(reader)?)),
        _ => Err(reader.error("found unknown directive name")),
    }
}

fn scan_version<'a>(reader: &mut Reader<'a>) -> Result<Data<'a>, Error> {
    reader.ensure(1)?;
    reader.skip_blanks()?;
    let major = scan_number(reader)?;
    if reader.byte(0) != b'.' {
        return Err(reader.error("did not find expected digit or '.' character"));
    }
    reader.skip();
    Ok(Data::Version(major, scan_number(reader)?))
}

fn scan_number(reader: &mut Reader<'_>) -> Result<u8, Error> {
    let (mut number, mut length) = (0, 0);
    reader.ensure(1)?;
    while reader.byte(0).is_ascii_digit() {
        length += 1;
        if length > MAX_NUMBER_LENGTH {
            return Err(reader.error("found extremely long version number"));
        }
        number = number * 10 + (reader.byte(0) - b'0');
        reader.skip();
        reader.ensure(1)?;
    }
    if length == 0 {
        return Err(reader.error("did not find expected version number"));
    }
    Ok(number)
}

fn scan_tag_directive<'a>(reader: &mut Reader<'a>) -> Result<Data<'a>, Error> {
    reader.ensure(1)?;
    reader.skip_blanks()?;
    let handle = scan_handle(reader, true)?;
    reader.ensure(1)?;
    if !reader.is_blank(0) {
        return Err(reader.error("did not find expected whitespace"));
    }
    reader.skip_blanks()?;
    let prefix = scan_uri(reader, reader.mark.offset, false)?;
    reader.ensure(1)?;
    if !reader.is_blankz(0) {
        return Err(reader.error("did not find expected whitespace or line break"));
    }
    Ok(Data::Tag(handle, prefix))
}

/// Scans `!`, `!!` or `!name!`, or, outside of a directive, the start of a tag without a handle.
fn scan_handle<'a>(reader: &mut Reader<'a>, directive: bool) -> Result<&'a str, Error> {
    let start = reader.mark.offset;
    reader.ensure(1)?;
    if reader.byte(0) != b'!' {
        return Err(reader.error("did not find expected '!'"));
    }
    reader.skip();
    let name = reader.skip_word()?;
    if reader.byte(0) == b'!' {
        reader.skip();
    } else if directive && !name.is_empty() {
        return Err(reader.error("did not find expected '!'"));
    }
    Ok(reader.since(start))
}

/// Scans a tag or the rest of one; the part from `start` to here is already scanned. `bare`: the
/// result may be empty.
fn scan_uri<'a>(reader: &mut Reader<'a>, start: usize, bare: bool) -> Result<Cow<'a, str>, Error> {
    let mut escaped: Option<Vec<u8>> = None;
    reader.ensure(1)?;
    let scan_start = reader.mark.offset;
    while is_uri(reader.byte(0)) {
        if reader.byte(0) == b'%' {
            let mut octets =
                escaped.take().unwrap_or_else(|| reader.since(start).as_bytes().to_vec());
            scan_octets(reader, &mut octets)?;
            escaped = Some(octets);
        } else {
            if let Some(bytes) = &mut escaped {
                bytes.push(reader.byte(0));
            }
            reader.skip();
        }
        reader.ensure(1)?;
    }
    if reader.mark.offset == scan_start && !bare {
        return Err(reader.error("did not find expected tag URI"));
    }
    Ok(match escaped {
        Some(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        None => Cow::Borrowed(reader.since(start)),
    })
}

/// Scans one character written as `%` and hexadecimal octets.
fn scan_octets(reader: &mut Reader<'_>, octets: &mut Vec<u8>) -> Result<(), Error> {
    let mut missing = None;
    while missing != Some(0) {
        reader.ensure(3)?;
        let digits = (reader.byte(0) == b'%').then(|| (hex(reader.byte(1)), hex(reader.byte(2))));
        let Some((Some(high), Some(low))) = digits else {
            return Err(reader.error("did not find URI escaped octet"));
        };
        let octet = high << 4 | low;
        missing = Some(match missing {
            None => match octet {
                0..=0x7f => 0,
                0xc0..=0xdf => 1,
                0xe0..=0xef => 2,
                0xf0..=0xf7 => 3,
                _ => return Err(reader.error("found an incorrect leading UTF-8 octet")),
            },
            Some(_) if octet & 0xc0 != 0x80 => {
                return Err(reader.error("found an incorrect trailing UTF-8 octet"));
            }
            Some(count) => count - 1,
        });
        octets.push(octet);
        for _ in 0..3 {
            reader.skip();
        }
    }
    Ok(())
}
