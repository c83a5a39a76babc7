//! Scans literal and folded block scalars: header, indentation and extent.

use super::{BlockHeader, Data, Error, Kind, ScalarStyle, Scanner, Span};

/// How the line breaks after the last line are treated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl Scanner<'_> {
    pub(super) fn fetch_block_scalar(&mut self, style: ScalarStyle) -> Result<(), Error> {
        self.remove_key()?;
        self.simple_key_allowed = true;
        let mark = self.reader.mark;
        let (chomping, increment) = self.scan_block_header()?;
        let header = Span::new(mark.offset, self.reader.mark.offset);

        self.end_line()?;
        let start = self.reader.mark.offset;

        let mut indent = increment.map(|increment| self.indent.max(0).unsigned_abs() + increment);
        let mut after_breaks = self.skip_block_breaks(&mut indent)?;
        let indent = indent.unwrap_or(1);
        let (mut text_end, mut line_end) = (start, start);
        self.reader.ensure(1)?;
        while self.reader.mark.column == indent && !self.reader.at_end() {
            self.reader.skip_to_break()?;
            text_end = self.reader.mark.offset;
            self.reader.ensure(2)?;
            self.reader.skip_line();
            line_end = self.reader.mark.offset;
            after_breaks = self.skip_block_breaks(&mut Some(indent))?;
        }
        let end = match chomping {
            Chomping::Strip => text_end,
            Chomping::Clip => line_end,
            Chomping::Keep => after_breaks,
        };
        let block = Some(BlockHeader { span: header, indent });
        let mut token =
            self.token(Kind::Scalar, mark, Data::Scalar { style, verbatim: false, block });
        token.span = Span::new(start, end);
        self.tokens.push_back(token);
        Ok(())
    }

    /// Scans the indicator and the optional chomping and indentation after it, in any order.
    fn scan_block_header(&mut self) -> Result<(Chomping, Option<usize>), Error> {
        self.reader.skip();
        self.reader.ensure(1)?;
        if let Some(chomping) = self.scan_chomping() {
            self.reader.ensure(1)?;
            return Ok((chomping, self.scan_increment()?));
        }
        let increment = self.scan_increment()?;
        if increment.is_none() {
            return Ok((Chomping::Clip, None));
        }
        self.reader.ensure(1)?;
        Ok((self.scan_chomping().unwrap_or(Chomping::Clip), increment))
    }

    fn scan_chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.reader.byte(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.reader.skip();
        Some(chomping)
    }

    fn scan_increment(&mut self) -> Result<Option<usize>, Error> {
        match self.reader.byte(0) {
            b'0' => Err(self.error("found an indentation indicator equal to 0")),
            digit @ b'1'..=b'9' => {
                self.reader.skip();
                Ok(Some(usize::from(digit - b'0')))
            }
            _ => Ok(None),
        }
    }

    /// Skips indentation and empty lines, and detects the indentation if it is unknown. Returns the
    /// end of the last line break.
    fn skip_block_breaks(&mut self, indent: &mut Option<usize>) -> Result<usize, Error> {
        let mut end = self.reader.mark.offset;
        let mut deepest = 0;
        loop {
            self.reader.ensure(1)?;
            while self.reader.byte(0) == b' '
                && indent.is_none_or(|indent| self.reader.mark.column < indent)
            {
                self.reader.skip();
                self.reader.ensure(1)?;
            }
            deepest = deepest.max(self.reader.mark.column);
            if self.reader.byte(0) == b'\t'
                && indent.is_none_or(|indent| self.reader.mark.column < indent)
            {
                return Err(
                    self.error("found a tab character where an indentation space is expected")
                );
            }
            if !self.reader.is_break(0) {
                break;
            }
            self.reader.ensure(2)?;
            self.reader.skip_line();
            end = self.reader.mark.offset;
        }
        if indent.is_none() {
            *indent = Some(deepest.max((self.indent + 1).unsigned_abs()).max(1));
        }
        Ok(end)
    }
}
