//! HCL as tokens. Nothing is refused: what is no token of HCL is an operator.

use crate::source::Span;
use crate::syntax::written::common_indent;

/// A token, without what it encloses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, a path such as `var.x`, or a number.
    Word(Span),
    /// A string in quotes; the span is what stands between them.
    Str(Span),
    /// A heredoc: its lines, and how many blanks of each do not count.
    Heredoc(Span, usize),
    /// `(`, `[` or `{`.
    Open(u8, usize),
    /// `)`, `]` or `}`.
    Close(u8, usize),
    /// `=`.
    Equals,
    /// `:`.
    Colon,
    /// `,`.
    Comma,
    /// The end of a line.
    Newline,
    /// `==` or `!=`.
    Comparison,
    /// Any other.
    Operator,
}

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Whether a string or a comment did not end.
    pub(super) is_broken: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self { text, at, is_broken: false }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes().get(self.at..).unwrap_or(&[])
    }

    fn starts_with(&self, word: &str) -> bool {
        self.rest().starts_with(word.as_bytes())
    }

    /// The offset of the first `word` from `from` on.
    fn offset_of(&self, from: usize, word: &str) -> Option<usize> {
        let rest = self.bytes().get(from..)?;
        memchr::memmem::find(rest, word.as_bytes()).map(|found| from + found)
    }

    fn end_of_line(&self) -> usize {
        memchr::memchr(b'\n', self.rest()).map_or(self.bytes().len(), |found| self.at + found)
    }

    /// Comments and what a template engine takes away; whether there was one.
    fn skip(&mut self) -> bool {
        let end = if self.starts_with("#") || self.starts_with("//") {
            Some(self.end_of_line())
        } else if self.starts_with("/*") {
            let end = self.offset_of(self.at + 2, "*/").map(|end| end + 2);
            self.is_broken |= end.is_none();
            Some(end.unwrap_or(self.bytes().len()))
        } else {
            let engines = [("{%", "%}"), ("{#", "#}"), ("<%", "%>"), ("{{", "}}")];
            let found = engines.into_iter().find(|(start, _)| self.starts_with(start));
            // In HCL two braces may stand side by side, but what they enclose takes lines.
            found.and_then(|(_, close)| {
                let end = self.offset_of(self.at + 2, close).map(|end| end + 2)?;
                (end <= self.end_of_line()).then_some(end)
            })
        };
        self.at = end.unwrap_or(self.at);
        end.is_some()
    }

    /// The end of the string whose content begins at `start`: the closing quote. Interpolations
    /// may hold strings of their own.
    fn string_end(&self, start: usize) -> Option<usize> {
        let bytes = self.bytes();
        // Of each interpolation that is open, how many of its braces are.
        let mut open: Vec<usize> = Vec::new();
        let mut in_string = true;
        // Of each open interpolation: it lies in a string, whose quote is still to come.
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            if in_string {
                match byte {
                    b'\\' => at += 1,
                    b'"' if open.is_empty() => return Some(at),
                    b'"' => in_string = false,
                    b'\n' if open.is_empty() => return None,
                    b'$' | b'%' if bytes.get(at + 1) == Some(&byte) => at += 1,
                    b'$' | b'%' if bytes.get(at + 1) == Some(&b'{') => {
                        open.push(0);
                        in_string = false;
                        at += 1;
                    }
                    _ => {}
                }
            } else {
                match byte {
                    b'"' => in_string = true,
                    b'{' => {
                        if let Some(braces) = open.last_mut() {
                            *braces += 1;
                        }
                    }
                    b'}' => match open.last_mut() {
                        Some(0) => {
                            open.pop();
                            in_string = true;
                        }
                        Some(braces) => *braces -= 1,
                        None => return None,
                    },
                    _ => {}
                }
            }
            at += 1;
        }
        None
    }

    fn string(&mut self) -> Token {
        let start = self.at + 1;
        let end = self.string_end(start);
        self.is_broken |= end.is_none();
        self.at = end.map_or_else(|| self.end_of_line(), |end| end + 1);
        let end = end.unwrap_or(self.at);
        // The end of a line is no part of a string that breaks off.
        let text = self.text.get(start..end).unwrap_or("").trim_end_matches('\r');
        Token::Str(Span::new(start, start + text.len()))
    }

    /// The heredoc at `<<`, if it is one.
    fn heredoc(&mut self) -> Option<Token> {
        let header_end = self.end_of_line();
        let header = self.text.get(self.at + 2..header_end)?.trim_end();
        let name = header.strip_prefix('-').unwrap_or(header);
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        if name.is_empty() || !name.chars().all(is_name) {
            return None;
        }
        let start = (header_end + 1).min(self.text.len());
        let mut end = start;
        for line in self.text.get(start..)?.split_inclusive('\n') {
            if line.trim() == name {
                let lines = Span::new(start, end);
                let body = self.text.get(lines.range()).unwrap_or("");
                let indent = if header.starts_with('-') { common_indent(body) } else { 0 };
                self.at = end + line.trim_end().len();
                return Some(Token::Heredoc(lines, indent));
            }
            end += line.len();
        }
        None
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            let blanks = self.rest().iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r'));
            self.at += blanks.count();
            if !self.skip() {
                break;
            }
        }
        let byte = *self.rest().first()?;
        let start = self.at;
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*');
        let token = match byte {
            b'"' => return Some(self.string()),
            b'<' if self.starts_with("<<") => {
                if let Some(heredoc) = self.heredoc() {
                    return Some(heredoc);
                }
                Token::Operator
            }
            b'\n' => Token::Newline,
            b'(' | b'[' | b'{' => Token::Open(byte, start),
            b')' | b']' | b'}' => Token::Close(byte, start),
            b',' => Token::Comma,
            b':' => Token::Colon,
            b'=' | b'!' if self.rest().get(1) == Some(&b'=') => {
                self.at += 2;
                return Some(Token::Comparison);
            }
            b'=' if self.rest().get(1) == Some(&b'>') => {
                self.at += 2;
                return Some(Token::Operator);
            }
            b'<' | b'>' if self.rest().get(1) == Some(&b'=') => {
                self.at += 2;
                return Some(Token::Operator);
            }
            b'=' => Token::Equals,
            _ => {
                let rest = self.text.get(start..).unwrap_or("");
                let first = rest.chars().next().unwrap_or(' ');
                if first.is_alphanumeric() || first == '_' {
                    let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                    self.at += length;
                    return Some(Token::Word(Span::new(start, start + length)));
                }
                self.at += first.len_utf8();
                return Some(Token::Operator);
            }
        };
        self.at += 1;
        Some(token)
    }
}
