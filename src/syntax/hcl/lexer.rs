//! Splits HCL into tokens. Never fails: a character that starts no token of HCL is an operator.

use std::collections::HashMap;

use crate::syntax::layout::common_indent;
use crate::text::source::{self, Span};

/// A token, without its delimiters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A name, a path such as `var.x`, or a number.
    Word(Span),
    /// A quoted string; the span excludes the quotes.
    Str(Span),
    /// A heredoc: its lines, and the number of blanks of each that are not part of the value.
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
    /// Any other operator.
    Operator,
}

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Whether a string or a comment was not closed.
    pub(super) is_broken: bool,
    /// The cached end of a line, valid for every position before it on that line.
    line_end: Option<usize>,
    /// For each of [`ENGINES`], the offset before which its closing mark does not occur.
    unclosed: [usize; ENGINES.len()],
    /// Whether a string ran to the end of the text. Later unclosed strings then end at their line,
    /// so that not each of them reads the whole text.
    is_cut: bool,
    /// The lines that may end a heredoc, by their word: the start of the line, and the end of the
    /// word. Built at the first heredoc.
    ends: Option<HashMap<&'a str, Vec<(usize, usize)>>>,
}

/// Marks of text that template engines remove.
const ENGINES: [(&str, &str); 4] = [("{%", "%}"), ("{#", "#}"), ("<%", "%>"), ("{{", "}}")];

/// Returns whether the letter may occur in the word of a heredoc.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            text,
            at,
            is_broken: false,
            line_end: None,
            unclosed: [0; ENGINES.len()],
            is_cut: false,
            ends: None,
        }
    }

    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes()
    }

    /// Returns what follows the last token.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes().get(self.at..).unwrap_or(&[])
    }

    fn starts_with(&self, word: &str) -> bool {
        self.rest().starts_with(word.as_bytes())
    }

    /// Returns the offset of the first `word` from `from`.
    fn offset_of(&self, from: usize, word: &str) -> Option<usize> {
        let rest = self.bytes().get(from..)?;
        memchr::memmem::find(rest, word.as_bytes()).map(|found| from + found)
    }

    fn end_of_line(&mut self) -> usize {
        if let Some(end) = self.line_end.filter(|end| self.at <= *end) {
            return end;
        }
        let found = memchr::memchr(b'\n', self.rest());
        let end = found.map_or(self.bytes().len(), |found| self.at + found);
        self.line_end = Some(end);
        end
    }

    /// Skips comments and text that a template engine removes; returns whether there was any.
    fn skip(&mut self) -> bool {
        let end = if self.starts_with("#") || self.starts_with("//") {
            Some(self.end_of_line())
        } else if self.starts_with("/*") {
            let end = self.offset_of(self.at + 2, "*/").map(|end| end + 2);
            self.is_broken |= end.is_none();
            Some(end.unwrap_or(self.bytes().len()))
        } else {
            ENGINES.iter().position(|(start, _)| self.starts_with(start)).and_then(|engine| {
                // HCL may contain two adjacent braces too, but those enclose several lines.
                let line_end = self.end_of_line();
                let (from, (_, close)) = (self.at + 2, ENGINES[engine]);
                let line = self.bytes().get(from..line_end)?;
                if line_end <= self.unclosed[engine] {
                    return None;
                }
                let end = memchr::memmem::find(line, close.as_bytes());
                if end.is_none() {
                    self.unclosed[engine] = line_end;
                }
                end.map(|end| from + end + 2)
            })
        };
        self.at = end.unwrap_or(self.at);
        end.is_some()
    }

    /// Finds the closing quote of the string whose content begins at `start`. Interpolations may
    /// contain strings of their own.
    fn string_end(&mut self, start: usize) -> Option<usize> {
        let bytes = self.bytes();
        // The number of open braces of each open interpolation. Each interpolation lies in a string
        // whose closing quote is still to come.
        let mut open: Vec<usize> = Vec::new();
        let mut in_string = true;
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            if byte == b'\n' && self.is_cut {
                return None;
            }
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
        self.is_cut = true;
        None
    }

    fn string(&mut self) -> Token {
        let start = self.at + 1;
        let end = self.string_end(start);
        self.is_broken |= end.is_none();
        self.at = end.map_or_else(|| self.end_of_line(), |end| end + 1);
        let end = end.unwrap_or(self.at);
        // The line break is not part of a string that breaks off.
        let text = self.text.get(start..end).unwrap_or("").trim_end_matches('\r');
        Token::Str(Span::new(start, start + text.len()))
    }

    /// Reads the heredoc at `<<`, if there is one.
    fn heredoc(&mut self) -> Option<Token> {
        let header_end = self.end_of_line();
        let header = self.text.get(self.at + 2..header_end)?;
        let rest = header.strip_prefix('-').unwrap_or(header);
        let name = rest.get(..rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()))?;
        let is_alone = || rest.chars().skip_while(|c| is_of_word(*c)).all(char::is_whitespace);
        if name.is_empty() || !is_alone() {
            return None;
        }
        let start = (header_end + 1).min(self.text.len());
        let ends = self.ends.get_or_insert_with(|| heredoc_ends(self.text)).get(name)?;
        let (end, word_end) = *ends.get(ends.partition_point(|(line, _)| *line < start))?;
        let lines = Span::new(start, end);
        let body = self.text.get(lines.range()).unwrap_or("");
        let indent = if header.starts_with('-') { common_indent(body) } else { 0 };
        self.at = word_end;
        Some(Token::Heredoc(lines, indent))
    }
}

/// Returns the lines that consist of one word, by that word: the start of the line, and the end of
/// the word.
fn heredoc_ends(text: &str) -> HashMap<&str, Vec<(usize, usize)>> {
    let mut ends: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
    for (start, line) in source::lines(text) {
        let word = line.trim();
        if !word.is_empty() && word.chars().all(is_of_word) {
            ends.entry(word).or_default().push((start, start + line.trim_end().len()));
        }
    }
    ends
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
