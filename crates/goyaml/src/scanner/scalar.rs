//! Finds the extent of scalars; [`text`](crate::text) computes their values.

use crate::reader::{Reader, stop};
use crate::{BlockHeader, Error, ErrorKind, ScalarStyle, Span};

/// How the line breaks after the last line of a block scalar are treated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

/// Skips a block scalar in a collection at the column `parent`, -1 outside of all. Returns the span
/// of its lines, and its header.
pub(super) fn block(reader: &mut Reader<'_>, parent: isize) -> Result<(Span, BlockHeader), Error> {
    let start = reader.mark.offset;
    let (chomping, increment) = block_header(reader)?;
    let header = Span::new(start, reader.mark.offset);

    reader.end_line()?;
    let start = reader.mark.offset;

    let mut indent = increment.map(|increment| parent.max(0).unsigned_abs() + increment);
    let mut after_breaks = skip_block_breaks(reader, &mut indent, parent)?;
    let indent = indent.unwrap_or(1);
    let (mut text_end, mut line_end) = (start, start);
    reader.ensure(1)?;
    while reader.mark.column == indent && !reader.at_end() {
        reader.skip_to_break()?;
        text_end = reader.mark.offset;
        reader.ensure(2)?;
        reader.skip_line();
        line_end = reader.mark.offset;
        after_breaks = skip_block_breaks(reader, &mut Some(indent), parent)?;
    }
    let end = match chomping {
        Chomping::Strip => text_end,
        Chomping::Clip => line_end,
        Chomping::Keep => after_breaks,
    };
    Ok((Span::new(start, end), BlockHeader { span: header, indent }))
}

/// Scans the indicator and the optional chomping and indentation after it, in any order.
fn block_header(reader: &mut Reader<'_>) -> Result<(Chomping, Option<usize>), Error> {
    reader.skip();
    reader.ensure(1)?;
    if let Some(chomping) = scan_chomping(reader) {
        reader.ensure(1)?;
        return Ok((chomping, scan_increment(reader)?));
    }
    let increment = scan_increment(reader)?;
    if increment.is_none() {
        return Ok((Chomping::Clip, None));
    }
    reader.ensure(1)?;
    Ok((scan_chomping(reader).unwrap_or(Chomping::Clip), increment))
}

fn scan_chomping(reader: &mut Reader<'_>) -> Option<Chomping> {
    let chomping = match reader.byte(0) {
        b'+' => Chomping::Keep,
        b'-' => Chomping::Strip,
        _ => return None,
    };
    reader.skip();
    Some(chomping)
}

fn scan_increment(reader: &mut Reader<'_>) -> Result<Option<usize>, Error> {
    match reader.byte(0) {
        b'0' => Err(reader.error("found an indentation indicator equal to 0")),
        digit @ b'1'..=b'9' => {
            reader.skip();
            Ok(Some(usize::from(digit - b'0')))
        }
        _ => Ok(None),
    }
}

/// Skips indentation and empty lines, and detects the indentation if it is unknown. Returns the end
/// of the last line break.
fn skip_block_breaks(
    reader: &mut Reader<'_>,
    indent: &mut Option<usize>,
    parent: isize,
) -> Result<usize, Error> {
    let mut end = reader.mark.offset;
    let mut deepest = 0;
    loop {
        reader.ensure(1)?;
        while reader.byte(0) == b' ' && indent.is_none_or(|indent| reader.mark.column < indent) {
            reader.skip();
            reader.ensure(1)?;
        }
        deepest = deepest.max(reader.mark.column);
        if reader.byte(0) == b'\t' && indent.is_none_or(|indent| reader.mark.column < indent) {
            let error =
                reader.error("found a tab character where an indentation space is expected");
            return Err(error.with_kind(ErrorKind::Tab));
        }
        if !reader.is_break(0) {
            break;
        }
        reader.ensure(2)?;
        reader.skip_line();
        end = reader.mark.offset;
    }
    if indent.is_none() {
        *indent = Some(deepest.max((parent + 1).unsigned_abs()).max(1));
    }
    Ok(end)
}

/// Returns whether a document marker is here, which ends or breaks any flow scalar.
fn at_document_marker(reader: &Reader<'_>) -> bool {
    reader.mark.column == 0
        && matches!(reader.byte(0), b'-' | b'.')
        && reader.is_marker(reader.byte(0))
}

/// Skips a quoted scalar. Returns whether the text between the quotes is its value.
pub(super) fn quoted(reader: &mut Reader<'_>, style: ScalarStyle) -> Result<bool, Error> {
    let (quote, stops) = match style {
        ScalarStyle::SingleQuoted => (b'\'', stop::BLANK | stop::SINGLE),
        _ => (b'"', stop::BLANK | stop::DOUBLE),
    };
    let mut verbatim = true;
    reader.skip();
    loop {
        reader.ensure(4)?;
        if at_document_marker(reader) {
            let error = reader.error("found unexpected document indicator");
            return Err(error.with_kind(ErrorKind::UnclosedQuote));
        }
        if reader.at_end() {
            let error = reader.error("found unexpected end of stream");
            return Err(error.with_kind(ErrorKind::UnclosedQuote));
        }
        loop {
            reader.skip_run(stops);
            if reader.is_blankz(0) {
                break;
            }
            let byte = reader.byte(0);
            if byte == quote {
                if quote == b'"' || reader.byte(1) != quote {
                    break;
                }
                reader.skip();
                reader.skip();
                verbatim = false;
            } else if byte == b'\\' && quote == b'"' {
                verbatim = false;
                if reader.is_break(1) {
                    reader.ensure(3)?;
                    reader.skip();
                    reader.skip_line();
                    // go-yaml does not look further ahead before it handles the blanks of the
                    // next line.
                    break;
                }
                skip_escape(reader)?;
            } else {
                reader.skip();
            }
            reader.ensure(2)?;
        }
        reader.ensure(1)?;
        if reader.byte(0) == quote {
            break;
        }
        loop {
            if reader.is_blank(0) {
                reader.skip();
            } else if reader.is_break(0) {
                reader.ensure(2)?;
                reader.skip_line();
                verbatim = false;
            } else {
                break;
            }
            reader.ensure(1)?;
        }
    }
    reader.skip();
    Ok(verbatim)
}

/// Checks and skips an escape sequence other than an escaped line break.
fn skip_escape(reader: &mut Reader<'_>) -> Result<(), Error> {
    let digits = match reader.byte(1) {
        b'0' | b'a' | b'b' | b't' | b'\t' | b'n' | b'v' | b'f' | b'r' | b'e' | b' ' | b'"'
        | b'\'' | b'\\' | b'N' | b'_' | b'L' | b'P' => 0,
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        byte => {
            let is_slash = byte == b'/';
            let kind = if is_slash { ErrorKind::EscapedSlash } else { ErrorKind::Escape };
            return Err(reader.error("found unknown escape character").with_kind(kind));
        }
    };
    reader.skip();
    reader.skip();
    if digits == 0 {
        return Ok(());
    }
    reader.ensure(digits)?;
    let mut value = 0u32;
    for ahead in 0..digits {
        let Some(digit) = char::from(reader.byte(ahead)).to_digit(16) else {
            let error = reader.error("did not find expected hexdecimal number");
            return Err(error.with_kind(ErrorKind::Escape));
        };
        value = value << 4 | digit;
    }
    if char::from_u32(value).is_none() {
        let error = reader.error("found invalid Unicode character escape code");
        return Err(error.with_kind(ErrorKind::Escape));
    }
    for _ in 0..digits {
        reader.skip();
    }
    Ok(())
}

/// Where a plain scalar ends.
pub(super) struct Plain {
    /// The end of its text.
    pub end: usize,
    /// Whether its text is its value.
    pub verbatim: bool,
    /// Whether line breaks follow it, which are skipped too.
    pub broken: bool,
}

/// Skips a plain scalar whose lines begin at the column `indent` or deeper.
pub(super) fn plain(reader: &mut Reader<'_>, indent: isize, in_flow: bool) -> Result<Plain, Error> {
    let stops = stop::BLANK | stop::COLON | if in_flow { stop::FLOW } else { 0 };
    let mut end = reader.mark.offset;
    let mut verbatim = true;
    // Whether there are line breaks between the last text and here.
    let mut broken = false;
    loop {
        reader.ensure(4)?;
        if at_document_marker(reader) || reader.byte(0) == b'#' {
            break;
        }
        loop {
            let before = reader.mark.offset;
            reader.skip_run(stops);
            let ran = reader.mark.offset != before;
            let ends = match reader.byte(0) {
                b':' => reader.is_blankz(1),
                b',' | b'?' | b'[' | b']' | b'{' | b'}' => in_flow,
                _ => reader.is_blankz(0),
            };
            if ran || !ends {
                verbatim &= !broken;
                broken = false;
                if !ends {
                    reader.skip();
                }
                end = reader.mark.offset;
            }
            if ends {
                break;
            }
            reader.ensure(2)?;
        }
        if !reader.is_blank(0) && !reader.is_break(0) {
            break;
        }
        reader.ensure(1)?;
        loop {
            if reader.is_blank(0) {
                if broken && (reader.mark.column as isize) < indent && reader.byte(0) == b'\t' {
                    let error = reader.error("found a tab character that violates indentation");
                    return Err(error.with_kind(ErrorKind::Tab));
                }
                reader.skip();
            } else if reader.is_break(0) {
                reader.ensure(2)?;
                reader.skip_line();
                broken = true;
            } else {
                break;
            }
            reader.ensure(1)?;
        }
        if !in_flow && (reader.mark.column as isize) < indent {
            break;
        }
    }
    Ok(Plain { end, verbatim, broken })
}
