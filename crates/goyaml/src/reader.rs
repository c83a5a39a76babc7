//! Reads characters: position, line breaks, and go-yaml's buffered look-ahead.
//!
//! go-yaml decodes its input in raw buffers of 512 bytes. It rejects a bad character as soon as it
//! decodes the buffer that contains it, which may be long before the scanner reaches it. It also
//! looks for a byte order mark at the start of that buffer rather than at the current character.
//! Both are visible from outside, so [`Reader::ensure`] tracks what go-yaml would have in its
//! buffer. Nothing is copied: the buffer is a range of the input.
//!
//! Source: go-yaml v2.4.0, `readerc.go`, and libyaml.

use super::{Error, ErrorKind};

/// Number of bytes that go-yaml reads at a time.
const RAW_BUFFER: usize = 512;
/// At this distance in bytes from the end of the decoded part, at least two more characters are
/// decoded.
const SAFE_MARGIN: usize = 8;

/// Classes of characters that end a run of plain ASCII characters; see [`Reader::skip_run`].
pub(super) mod stop {
    /// Line breaks, control characters and everything beyond ASCII: these always end a run.
    pub(crate) const SPECIAL: u8 = 1;
    pub(crate) const BLANK: u8 = 2;
    pub(crate) const COLON: u8 = 4;
    /// `,?[]{}`
    pub(crate) const FLOW: u8 = 8;
    pub(crate) const SINGLE: u8 = 16;
    /// `"` and `\`
    pub(crate) const DOUBLE: u8 = 32;
}

const CLASS: [u8; 256] = {
    let mut table = [0u8; 256];
    let mut byte = 0;
    while byte < 256 {
        if byte < 0x20 || byte > 0x7e {
            table[byte] = stop::SPECIAL;
        }
        byte += 1;
    }
    table[b'\t' as usize] = stop::BLANK;
    table[b' ' as usize] = stop::BLANK;
    table[b':' as usize] = stop::COLON;
    table[b'\'' as usize] = stop::SINGLE;
    table[b'"' as usize] = stop::DOUBLE;
    table[b'\\' as usize] = stop::DOUBLE;
    let flow = b",?[]{}";
    let mut i = 0;
    while i < flow.len() {
        table[flow[i] as usize] = stop::FLOW;
        i += 1;
    }
    table
};

/// A position in the input, as go-yaml counts it and in bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mark {
    /// Bytes from the start of the input.
    pub offset: usize,
    /// Characters from the start, without the byte order mark; CR LF counts as two.
    pub index: usize,
    /// Line breaks before this position.
    pub line: usize,
    /// Characters since the last line break.
    pub column: usize,
}

#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a str,
    /// All bytes; `text` is the part that is valid UTF-8.
    raw: &'a [u8],
    pub mark: Mark,
    /// The end of the decoded part. Past the end of the input, one more for each NUL that go-yaml
    /// appends.
    ready: usize,
    /// End of the decoded part without those NULs.
    decoded: usize,
    /// The end of the bytes read into the raw buffer.
    raw_end: usize,
    end_seen: bool,
    started: bool,
    /// Whether go-yaml's buffer starts with a byte order mark.
    bom_in_front: bool,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, raw: &'a [u8], offset: usize, line: usize) -> Self {
        Self {
            text,
            raw,
            mark: Mark { offset, index: 0, line, column: 0 },
            ready: offset,
            decoded: offset,
            raw_end: offset,
            end_seen: false,
            started: false,
            bom_in_front: false,
        }
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Returns the byte `ahead` bytes from here; NUL past the end.
    #[inline]
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.mark.offset + ahead).copied().unwrap_or(0)
    }

    /// Returns whether the input is at its end, where go-yaml sees a NUL. A NUL in the input itself
    /// is rejected earlier.
    #[inline]
    pub(super) fn at_end(&self) -> bool {
        self.byte(0) == 0
    }

    #[inline]
    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    #[inline]
    pub(super) fn is_break(&self, ahead: usize) -> bool {
        break_width(self.text.as_bytes(), self.mark.offset + ahead) != 0
    }

    #[inline]
    pub(super) fn is_breakz(&self, ahead: usize) -> bool {
        self.byte(ahead) == 0 || self.is_break(ahead)
    }

    #[inline]
    pub(super) fn is_blankz(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_breakz(ahead)
    }

    /// Returns whether the document marker `---` or `...` is here. The caller checks for column 0.
    pub(super) fn is_marker(&self, byte: u8) -> bool {
        (0..3).all(|ahead| self.byte(ahead) == byte) && self.is_blankz(3)
    }

    /// Returns whether go-yaml sees a byte order mark. It allows one to start a line, but looks for
    /// it at the start of its buffer.
    pub(super) fn sees_bom(&self) -> bool {
        self.bom_in_front
    }

    #[inline]
    pub(super) fn skip(&mut self) {
        let width = match self.byte(0) {
            0..=0x7f => 1,
            0x80..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0.. => 4,
        };
        self.mark.offset += width;
        self.mark.index += 1;
        self.mark.column += 1;
    }

    /// Skips the line break here, if there is one. CR LF is one break of two characters.
    pub(super) fn skip_line(&mut self) {
        let bytes = self.text.as_bytes();
        let width = match bytes.get(self.mark.offset..self.mark.offset + 2) {
            Some(b"\r\n") => {
                self.mark.index += 1;
                2
            }
            _ => break_width(bytes, self.mark.offset),
        };
        if width == 0 {
            return;
        }
        self.mark.offset += width;
        self.mark.index += 1;
        self.mark.column = 0;
        self.mark.line += 1;
    }

    /// Skips ASCII characters up to one of `classes` (see [`stop`]), but no further than go-yaml
    /// would without refilling its buffer.
    #[inline]
    pub(super) fn skip_run(&mut self, classes: u8) {
        let limit = self.ready.saturating_sub(SAFE_MARGIN).min(self.text.len());
        let Some(run) = self.text.as_bytes().get(self.mark.offset..limit) else {
            return;
        };
        let length =
            run.iter().position(|&byte| CLASS[usize::from(byte)] & (classes | stop::SPECIAL) != 0);
        let length = length.unwrap_or(run.len());
        self.mark.offset += length;
        self.mark.index += length;
        self.mark.column += length;
    }

    /// Skips to the end of the line, leaving one character decoded.
    pub(super) fn skip_to_break(&mut self) -> Result<(), Error> {
        loop {
            self.skip_run(stop::SPECIAL);
            if self.is_breakz(0) {
                return Ok(());
            }
            self.skip();
            self.ensure(1)?;
        }
    }

    /// Skips spaces and tabs, leaving one character decoded.
    pub(super) fn skip_blanks(&mut self) -> Result<(), Error> {
        while self.is_blank(0) {
            self.skip();
            self.ensure(1)?;
        }
        Ok(())
    }

    /// Returns a scanner error at the current position, with the line as go-yaml prints it.
    #[cold]
    pub(super) fn error(&self, message: &'static str) -> Error {
        let line = self.mark.line;
        Error {
            message: message.into(),
            line: (line != 0).then(|| line + 1),
            offset: self.mark.offset,
            kind: ErrorKind::Syntax,
        }
    }

    /// Returns the input from `start` to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.mark.offset).unwrap_or("")
    }

    /// Skips letters, digits, `_` and `-`.
    pub(super) fn skip_word(&mut self) -> Result<&'a str, Error> {
        let start = self.mark.offset;
        self.ensure(1)?;
        while is_word(self.byte(0)) {
            self.skip();
            self.ensure(1)?;
        }
        Ok(self.since(start))
    }

    /// Skips the rest of a line, which may only contain a comment, and its line break.
    pub(super) fn end_line(&mut self) -> Result<(), Error> {
        self.ensure(1)?;
        self.skip_blanks()?;
        if self.byte(0) == b'#' {
            self.skip_to_break()?;
        }
        if !self.is_breakz(0) {
            return Err(self.error("did not find expected comment or line break"));
        }
        if self.is_break(0) {
            self.ensure(2)?;
            self.skip_line();
        }
        Ok(())
    }

    /// Decodes at least `count` characters from here, or fails with the reader's error.
    #[inline]
    pub(super) fn ensure(&mut self, count: usize) -> Result<(), Error> {
        if self.mark.offset + 4 * count <= self.ready { Ok(()) } else { self.refill(count) }
    }

    #[cold]
    fn refill(&mut self, count: usize) -> Result<(), Error> {
        let mut unread = self.unread();
        if unread >= count as isize {
            return Ok(());
        }
        if !self.started {
            self.start();
        }
        let front = self.mark.offset;
        let mut first = true;
        while unread < count as isize {
            if !first || self.decoded == self.raw_end {
                self.read();
            }
            first = false;
            unread += self.decode()? as isize;
            if self.end_seen {
                self.ready += 1;
                break;
            }
        }
        self.bom_in_front =
            self.text.as_bytes().get(front..).is_some_and(|rest| rest.starts_with(b"\xef\xbb\xbf"));
        Ok(())
    }

    /// Returns the number of decoded characters not skipped yet. Negative if NULs were skipped that
    /// go-yaml does not count.
    fn unread(&self) -> isize {
        let here = self.mark.offset;
        let nuls = self.ready as isize - here.max(self.decoded) as isize;
        let chars = self.text.get(here..self.decoded).map_or(0, |part| part.chars().count());
        nuls + chars as isize
    }

    /// Detects the encoding by the first bytes and drops a byte order mark, as go-yaml does.
    fn start(&mut self) {
        self.started = true;
        while !self.end_seen && self.raw_end - self.decoded < 3 {
            self.read();
        }
        if self.raw.get(self.decoded..).is_some_and(|rest| rest.starts_with(b"\xef\xbb\xbf")) {
            self.decoded += 3;
            self.ready += 3;
            self.mark.offset += 3;
        }
    }

    fn read(&mut self) {
        if self.raw_end == self.raw.len() {
            self.end_seen = true;
        } else {
            self.raw_end = self.raw.len().min(self.decoded + RAW_BUFFER);
        }
    }

    /// Decodes the complete characters in the raw buffer; returns their number.
    fn decode(&mut self) -> Result<usize, Error> {
        let mut end = self.raw_end.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let part = self.text.get(self.decoded..end).unwrap_or("");
        let count = match forbidden(part) {
            Ok(count) => count,
            Err(at) => {
                return Err(Error {
                    message: "control characters are not allowed".into(),
                    line: None,
                    offset: self.decoded + at,
                    kind: ErrorKind::ForbiddenCharacter,
                });
            }
        };
        if end > self.decoded {
            self.decoded = end;
            self.ready = end;
        }
        if end == self.text.len() && end < self.raw_end {
            self.malformed()?;
        }
        Ok(count)
    }

    /// Fails for the bytes after the valid part, unless they may be the start of a character not
    /// read completely yet.
    fn malformed(&self) -> Result<(), Error> {
        let at = self.text.len();
        let Some((&lead, rest)) = self.raw.get(at..self.raw_end).and_then(<[u8]>::split_first)
        else {
            return Ok(());
        };
        let fail = |message: &'static str, ahead| {
            let (message, offset) = (message.into(), at + ahead);
            Err(Error { message, line: None, offset, kind: ErrorKind::Encoding })
        };
        let width = match lead {
            0..=0x7f => 1,
            0xc0..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf7 => 4,
            _ => return fail("invalid leading UTF-8 octet", 0),
        };
        let Some(tail) = rest.get(..width - 1) else {
            return if self.end_seen { fail("incomplete UTF-8 octet sequence", 0) } else { Ok(()) };
        };
        if let Some(wrong) = tail.iter().position(|byte| byte & 0xc0 != 0x80) {
            return fail("invalid trailing UTF-8 octet", wrong + 1);
        }
        match (lead, tail.first()) {
            (0xed, _) => fail("invalid Unicode character", 0),
            (0xf4, Some(0x90..)) | (0xf5.., _) => fail("invalid Unicode character", 0),
            _ => fail("invalid length of a UTF-8 sequence", 0),
        }
    }
}

/// Returns whether names may have this byte.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Returns the number of characters in `part`, or the offset of the first one that go-yaml rejects.
fn forbidden(part: &str) -> Result<usize, usize> {
    let plain = |byte: &u8| matches!(byte, 0x20..=0x7e | b'\n' | b'\r' | b'\t');
    // Check every byte of a chunk: without an early exit, the compiler vectorizes the loop.
    let is_plain = |chunk: &&[u8]| chunk.iter().fold(true, |all, byte| all & plain(byte));
    let start = part.as_bytes().chunks(32).take_while(is_plain).map(<[u8]>::len).sum();
    let mut count = start;
    for (at, found) in part.get(start..).unwrap_or("").char_indices() {
        let allowed = matches!(found,
            '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        if !allowed {
            return Err(start + at);
        }
        count += 1;
    }
    Ok(count)
}

/// Returns the length in bytes of the line break at `at`: CR, LF, NEL, LS or PS; 0 if there is
/// none. CR LF counts as CR here.
#[inline]
pub(super) fn break_width(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'\r' | b'\n') => 1,
        Some(0xc2) if bytes.get(at + 1) == Some(&0x85) => 2,
        Some(0xe2) if matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9])) => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(text: &str) -> Reader<'_> {
        Reader::new(text, text.as_bytes(), 0, 0)
    }

    #[test]
    fn skip_counts_characters_and_skip_line_counts_lines() {
        let mut reader = reader("\u{feff}é😀\r\nab\u{2028}c");
        reader.ensure(10).unwrap();
        reader.skip();
        reader.skip();
        let Mark { offset, index, line, column } = reader.mark;
        assert_eq!((offset, index, line, column), (9, 2, 0, 2));
        reader.skip_line();
        assert_eq!((reader.mark.offset, reader.mark.index, reader.mark.line), (11, 4, 1));
        reader.skip_to_break().unwrap();
        reader.skip_line();
        assert_eq!((reader.mark.offset, reader.mark.line, reader.mark.column), (16, 2, 0));
        assert_eq!(reader.byte(0), b'c');
        reader.skip();
        assert!(reader.at_end() && reader.is_breakz(0));
    }

    #[test]
    fn ensure_decodes_in_steps_of_512_bytes() {
        let text = format!("{}\u{1}", "a".repeat(600));
        let mut reader = reader(&text);
        reader.ensure(1).unwrap();
        assert_eq!(reader.decoded, RAW_BUFFER);
        reader.ensure(RAW_BUFFER).unwrap();
        let error = reader.ensure(RAW_BUFFER + 1).unwrap_err();
        assert_eq!((error.offset, error.line), (600, None));
    }

    #[test]
    fn reader_decodes_characters_across_buffers() {
        let text = format!("{}é", "a".repeat(RAW_BUFFER - 1));
        let mut reader = reader(&text);
        reader.ensure(1).unwrap();
        assert_eq!(reader.decoded, RAW_BUFFER - 1);
        reader.ensure(RAW_BUFFER).unwrap();
        assert_eq!(reader.decoded, RAW_BUFFER + 1);
    }

    #[test]
    fn skip_run_leaves_a_margin_for_the_refill() {
        let text = "a".repeat(600);
        let mut reader = reader(&text);
        reader.ensure(1).unwrap();
        reader.skip_run(stop::BLANK);
        assert_eq!(reader.mark.offset, RAW_BUFFER - SAFE_MARGIN);
    }

    #[test]
    fn break_width_recognizes_five_breaks() {
        for (text, width) in [
            ("\n", 1),
            ("\r\n", 1),
            ("\u{85}", 2),
            ("\u{2028}", 3),
            ("\u{2029}", 3),
            ("\u{2027}", 0),
            ("\u{a0}", 0),
            ("", 0),
        ] {
            assert_eq!(break_width(text.as_bytes(), 0), width, "{text:?}");
        }
    }

    #[test]
    fn forbidden_accepts_printable_characters_of_yaml_1_1() {
        assert_eq!(forbidden("a\t\u{85}\u{a0}é\u{feff}😀"), Ok(7));
        for (text, at) in
            [("\0", 0), ("ab\u{7f}", 2), ("é\u{80}", 2), ("\u{fffe}", 0), ("\u{ffff}", 0)]
        {
            assert_eq!(forbidden(text), Err(at), "{text:?}");
        }
    }
}
