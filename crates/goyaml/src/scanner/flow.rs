//! Finds the end of plain and quoted scalars; [`text`](super::super::text) computes their value.

use super::super::reader::stop;
use super::{Data, Error, Kind, ScalarStyle, Scanner};

impl Scanner<'_> {
    /// Returns whether a document marker is here, which ends or breaks any flow scalar.
    fn at_document_marker(&self) -> bool {
        self.reader.mark.column == 0
            && matches!(self.reader.byte(0), b'-' | b'.')
            && self.reader.is_marker(self.reader.byte(0))
    }

    pub(super) fn fetch_quoted(&mut self, style: ScalarStyle) -> Result<(), Error> {
        self.save_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark;
        let (quote, stops) = match style {
            ScalarStyle::SingleQuoted => (b'\'', stop::BLANK | stop::SINGLE),
            _ => (b'"', stop::BLANK | stop::DOUBLE),
        };
        let mut verbatim = true;
        self.reader.skip();
        loop {
            self.reader.ensure(4)?;
            if self.at_document_marker() {
                return Err(self.error("found unexpected document indicator"));
            }
            if self.reader.at_end() {
                return Err(self.error("found unexpected end of stream"));
            }
            loop {
                self.reader.skip_run(stops);
                if self.reader.is_blankz(0) {
                    break;
                }
                let byte = self.reader.byte(0);
                if byte == quote {
                    if quote == b'"' || self.reader.byte(1) != quote {
                        break;
                    }
                    self.reader.skip();
                    self.reader.skip();
                    verbatim = false;
                } else if byte == b'\\' && quote == b'"' {
                    verbatim = false;
                    if self.reader.is_break(1) {
                        self.reader.ensure(3)?;
                        self.reader.skip();
                        self.reader.skip_line();
                        // go-yaml does not look further ahead before it handles the blanks of the
                        // next line.
                        break;
                    }
                    self.skip_escape()?;
                } else {
                    self.reader.skip();
                }
                self.reader.ensure(2)?;
            }
            self.reader.ensure(1)?;
            if self.reader.byte(0) == quote {
                break;
            }
            loop {
                if self.reader.is_blank(0) {
                    self.reader.skip();
                } else if self.reader.is_break(0) {
                    self.reader.ensure(2)?;
                    self.reader.skip_line();
                    verbatim = false;
                } else {
                    break;
                }
                self.reader.ensure(1)?;
            }
        }
        self.reader.skip();
        self.push(Kind::Scalar, start, Data::Scalar { style, verbatim, block: None });
        Ok(())
    }

    /// Checks and skips an escape sequence other than an escaped line break.
    fn skip_escape(&mut self) -> Result<(), Error> {
        let digits = match self.reader.byte(1) {
            b'0' | b'a' | b'b' | b't' | b'\t' | b'n' | b'v' | b'f' | b'r' | b'e' | b' ' | b'"'
            | b'\'' | b'\\' | b'N' | b'_' | b'L' | b'P' => 0,
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => return Err(self.error("found unknown escape character")),
        };
        self.reader.skip();
        self.reader.skip();
        if digits == 0 {
            return Ok(());
        }
        self.reader.ensure(digits)?;
        let mut value = 0u32;
        for ahead in 0..digits {
            let Some(digit) = char::from(self.reader.byte(ahead)).to_digit(16) else {
                return Err(self.error("did not find expected hexdecimal number"));
            };
            value = value << 4 | digit;
        }
        if char::from_u32(value).is_none() {
            return Err(self.error("found invalid Unicode character escape code"));
        }
        for _ in 0..digits {
            self.reader.skip();
        }
        Ok(())
    }

    pub(super) fn fetch_plain(&mut self) -> Result<(), Error> {
        self.save_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark;
        let indent = self.indent + 1;
        let in_flow = self.flow_level > 0;
        let stops = stop::BLANK | stop::COLON | if in_flow { stop::FLOW } else { 0 };
        let mut end = start;
        let mut verbatim = true;
        // Whether there are line breaks between the last text and here.
        let mut broken = false;
        loop {
            self.reader.ensure(4)?;
            if self.at_document_marker() || self.reader.byte(0) == b'#' {
                break;
            }
            loop {
                let before = self.reader.mark.offset;
                self.reader.skip_run(stops);
                let ran = self.reader.mark.offset != before;
                let ends = match self.reader.byte(0) {
                    b':' => self.reader.is_blankz(1),
                    b',' | b'?' | b'[' | b']' | b'{' | b'}' => in_flow,
                    _ => self.reader.is_blankz(0),
                };
                if ran || !ends {
                    verbatim &= !broken;
                    broken = false;
                    if !ends {
                        self.reader.skip();
                    }
                    end = self.reader.mark;
                }
                if ends {
                    break;
                }
                self.reader.ensure(2)?;
            }
            if !self.reader.is_blank(0) && !self.reader.is_break(0) {
                break;
            }
            self.reader.ensure(1)?;
            loop {
                if self.reader.is_blank(0) {
                    if broken
                        && (self.reader.mark.column as isize) < indent
                        && self.reader.byte(0) == b'\t'
                    {
                        return Err(self.error("found a tab character that violates indentation"));
                    }
                    self.reader.skip();
                } else if self.reader.is_break(0) {
                    self.reader.ensure(2)?;
                    self.reader.skip_line();
                    broken = true;
                } else {
                    break;
                }
                self.reader.ensure(1)?;
            }
            if !in_flow && (self.reader.mark.column as isize) < indent {
                break;
            }
        }
        let mut token = self.token(
            Kind::Scalar,
            start,
            Data::Scalar { style: ScalarStyle::Plain, verbatim, block: None },
        );
        token.span.end = end.offset;
        self.tokens.push_back(token);
        if broken {
            self.simple_key_allowed = true;
        }
        Ok(())
    }
}
