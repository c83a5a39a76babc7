//! Turns characters into tokens: indentation, simple keys, and which token starts where.
//!
//! Source: go-yaml v2.4.0, `scannerc.go`, and libyaml.

mod keys;
mod scalar;
mod tag;

use std::borrow::Cow;
use std::collections::VecDeque;

use super::reader::{Mark, Reader};
use super::{BlockHeader, Error, ErrorKind, ScalarStyle, Span};

use keys::KeyTable;

/// Limit on the characters between the start of a simple key and its `:`.
const MAX_KEY_LENGTH: usize = 1024;

const MAX_FLOW_LEVEL: usize = 10_000;
const MAX_INDENTS: usize = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    StreamStart,
    StreamEnd,
    VersionDirective,
    TagDirective,
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias,
    Anchor,
    Tag,
    Scalar,
}

/// The content of a token.
#[derive(Clone, Debug)]
pub(super) enum Data<'a> {
    None,
    /// The name of an anchor or alias.
    Name(&'a str),
    /// The handle and the suffix of a tag, or the handle and the prefix of a tag directive.
    Tag(&'a str, Cow<'a, str>),
    Version(u8, u8),
    /// A scalar; its value is computed when the parser asks for it.
    Scalar {
        style: ScalarStyle,
        verbatim: bool,
        block: Option<BlockHeader>,
    },
}

#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    pub span: Span,
    /// The number of line breaks before its start.
    pub line: usize,
    pub data: Data<'a>,
}

/// The part of a token that the parser looks at before taking it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peek {
    pub kind: Kind,
    pub span: Span,
    pub line: usize,
}

/// A position where a key without `?` may start; one for each flow level.
#[derive(Clone, Copy, Debug, Default)]
struct SimpleKey {
    possible: bool,
    /// In block context at the indentation of the mapping: only a key may be here.
    required: bool,
    token: usize,
    mark: Mark,
}

#[derive(Debug)]
pub(super) struct Scanner<'a> {
    reader: Reader<'a>,
    tokens: VecDeque<Token<'a>>,
    tokens_taken: usize,
    /// Whether the token at the front is certain to be the next one.
    ready: bool,
    started: bool,
    /// Column of the current block collection; -1 outside of all.
    indent: isize,
    indents: Vec<isize>,
    flow_level: usize,
    simple_key_allowed: bool,
    simple_keys: Vec<SimpleKey>,
    keys: KeyTable,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(reader: Reader<'a>) -> Self {
        Self {
            reader,
            tokens: VecDeque::new(),
            tokens_taken: 0,
            ready: false,
            started: false,
            indent: -1,
            indents: Vec::new(),
            flow_level: 0,
            simple_key_allowed: true,
            simple_keys: vec![SimpleKey::default()],
            keys: KeyTable::default(),
        }
    }

    pub(super) fn text(&self) -> &'a str {
        self.reader.text()
    }

    /// Returns the next token, which stays in the queue.
    pub(super) fn peek(&mut self) -> Result<Peek, Error> {
        if !self.ready {
            self.fetch()?;
        }
        match self.tokens.front() {
            Some(token) => Ok(Peek { kind: token.kind, span: token.span, line: token.line }),
            None => Err(self.reader.error("did not find expected <stream-end>")),
        }
    }

    /// Takes the token that was peeked at.
    pub(super) fn take(&mut self) -> Option<Token<'a>> {
        self.ready = false;
        self.tokens_taken += 1;
        self.tokens.pop_front()
    }

    /// Fetches tokens until the one at the front can no longer become the start of a key.
    fn fetch(&mut self) -> Result<(), Error> {
        loop {
            if !self.tokens.is_empty() {
                let Some(level) = self.keys.find(self.tokens_taken) else {
                    break;
                };
                if !self.is_key_valid(level)? {
                    break;
                }
            }
            self.fetch_next()?;
        }
        self.ready = true;
        Ok(())
    }

    fn fetch_next(&mut self) -> Result<(), Error> {
        self.reader.ensure(1)?;
        if !self.started {
            self.started = true;
            self.push(Kind::StreamStart, self.reader.mark, Data::None);
            return Ok(());
        }
        self.skip_to_token()?;
        self.unroll(self.reader.mark.column as isize);
        self.reader.ensure(4)?;

        let byte = self.reader.byte(0);
        let in_flow = self.flow_level > 0;
        if self.reader.mark.column == 0 {
            match byte {
                b'%' => return self.fetch_directive(),
                b'-' if self.reader.is_marker(b'-') => {
                    return self.fetch_marker(Kind::DocumentStart);
                }
                b'.' if self.reader.is_marker(b'.') => return self.fetch_marker(Kind::DocumentEnd),
                _ => {}
            }
        }
        match byte {
            0 => self.fetch_stream_end(),
            b'[' => self.fetch_flow_start(Kind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(Kind::FlowMappingStart),
            b']' => self.fetch_flow_end(Kind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(Kind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if self.reader.is_blankz(1) => self.fetch_block_entry(),
            b'?' if in_flow || self.reader.is_blankz(1) => self.fetch_key(),
            b':' if in_flow || self.reader.is_blankz(1) => self.fetch_value(),
            b'*' => self.fetch_anchor(Kind::Alias),
            b'&' => self.fetch_anchor(Kind::Anchor),
            b'!' => self.fetch_tag(),
            b'|' if !in_flow => self.fetch_block_scalar(ScalarStyle::Literal),
            b'>' if !in_flow => self.fetch_block_scalar(ScalarStyle::Folded),
            b'\'' => self.fetch_quoted(ScalarStyle::SingleQuoted),
            b'"' => self.fetch_quoted(ScalarStyle::DoubleQuoted),
            byte @ (b'#' | b'|' | b'>' | b'%' | b'@' | b'`' | b' ' | b'\t') => {
                let error = self.reader.error("found character that cannot start any token");
                Err(error.with_kind(match byte {
                    b'\t' => ErrorKind::Tab,
                    b'%' | b'@' | b'`' => ErrorKind::ReservedCharacter,
                    _ => ErrorKind::Syntax,
                }))
            }
            // The next character is not a blank here: the arms above handle `- `, `? ` and `: `.
            _ => self.fetch_plain(),
        }
    }

    fn skip_to_token(&mut self) -> Result<(), Error> {
        loop {
            self.reader.ensure(1)?;
            if self.reader.mark.column == 0 && self.reader.sees_bom() {
                self.reader.skip();
            }
            self.reader.ensure(1)?;
            // A tab may separate tokens, but not where it could pass for indentation.
            while self.reader.byte(0) == b' '
                || (self.reader.byte(0) == b'\t'
                    && (self.flow_level > 0 || !self.simple_key_allowed))
            {
                self.reader.skip();
                self.reader.ensure(1)?;
            }
            if self.reader.byte(0) == b'#' {
                self.reader.skip_to_break()?;
            }
            if !self.reader.is_break(0) {
                return Ok(());
            }
            self.reader.ensure(2)?;
            self.reader.skip_line();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    fn token(&self, kind: Kind, start: Mark, data: Data<'a>) -> Token<'a> {
        Token {
            kind,
            span: Span::new(start.offset, self.reader.mark.offset),
            line: start.line,
            data,
        }
    }

    /// Adds a token that started at `start` and ends here.
    fn push(&mut self, kind: Kind, start: Mark, data: Data<'a>) {
        let token = self.token(kind, start, data);
        self.tokens.push_back(token);
    }

    /// Adds the indicator here, `width` ASCII characters long.
    fn push_indicator(&mut self, kind: Kind, width: usize) {
        let start = self.reader.mark;
        for _ in 0..width {
            self.reader.skip();
        }
        self.push(kind, start, Data::None);
    }

    /// Inserts a token before the one numbered `number`. If that one has already left the queue,
    /// go-yaml appends the token instead, which is why it reads `[]: x` as two documents.
    fn insert(&mut self, number: usize, kind: Kind, mark: Mark) {
        let token = Token { kind, span: Span::at(mark.offset), line: mark.line, data: Data::None };
        match number.checked_sub(self.tokens_taken) {
            Some(at) if at < self.tokens.len() => self.tokens.insert(at, token),
            _ => self.tokens.push_back(token),
        }
    }

    /// Returns the number of the next token to be added.
    fn next_number(&self) -> usize {
        self.tokens_taken + self.tokens.len()
    }

    /// Opens a block collection if `column` is deeper than the current one. `number` is the token
    /// before which its start is inserted.
    fn roll(
        &mut self,
        column: usize,
        number: Option<usize>,
        kind: Kind,
        mark: Mark,
    ) -> Result<(), Error> {
        if self.flow_level > 0 || self.indent >= column as isize {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column as isize;
        if self.indents.len() > MAX_INDENTS {
            return Err(self.reader.error("exceeded max depth of 10000"));
        }
        self.insert(number.unwrap_or(usize::MAX), kind, mark);
        Ok(())
    }

    /// Closes the block collections that are deeper than `column`.
    fn unroll(&mut self, column: isize) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            self.push(Kind::BlockEnd, self.reader.mark, Data::None);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn fetch_stream_end(&mut self) -> Result<(), Error> {
        if self.reader.mark.column != 0 {
            self.reader.mark.column = 0;
            self.reader.mark.line += 1;
        }
        self.unroll(-1);
        self.remove_key()?;
        self.simple_key_allowed = false;
        self.push(Kind::StreamEnd, self.reader.mark, Data::None);
        Ok(())
    }

    fn fetch_marker(&mut self, kind: Kind) -> Result<(), Error> {
        self.unroll(-1);
        self.remove_key()?;
        self.simple_key_allowed = false;
        self.push_indicator(kind, 3);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: Kind) -> Result<(), Error> {
        self.save_key()?;
        let (token, mark) = (self.next_number(), self.reader.mark);
        self.simple_keys.push(SimpleKey { possible: false, required: false, token, mark });
        self.flow_level += 1;
        if self.flow_level > MAX_FLOW_LEVEL {
            return Err(self.reader.error("exceeded max depth of 10000"));
        }
        self.simple_key_allowed = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: Kind) -> Result<(), Error> {
        self.remove_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            // If no key was saved at this level, this is the number of the bracket itself, so
            // go-yaml forgets to wait for a `:` after `[]`.
            if let Some(key) = self.simple_keys.pop() {
                self.keys.remove(key.token);
            }
        }
        self.simple_key_allowed = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Result<(), Error> {
        self.remove_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(Kind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Result<(), Error> {
        // In flow context, the parser rejects it.
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self
                    .reader
                    .error("block sequence entries are not allowed in this context"));
            }
            let mark = self.reader.mark;
            self.roll(mark.column, None, Kind::BlockSequenceStart, mark)?;
        }
        self.remove_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(Kind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Result<(), Error> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.reader.error("mapping keys are not allowed in this context"));
            }
            let mark = self.reader.mark;
            self.roll(mark.column, None, Kind::BlockMappingStart, mark)?;
        }
        self.remove_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.push_indicator(Kind::Key, 1);
        Ok(())
    }

    fn fetch_value(&mut self) -> Result<(), Error> {
        let level = self.simple_keys.len().saturating_sub(1);
        if self.is_key_valid(level)? {
            let key = self.simple_keys.get(level).copied().unwrap_or_default();
            self.insert(key.token, Kind::Key, key.mark);
            self.roll(key.mark.column, Some(key.token), Kind::BlockMappingStart, key.mark)?;
            self.forget_key(level);
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    let error = self.reader.error("mapping values are not allowed in this context");
                    return Err(error.with_kind(ErrorKind::UnexpectedColon));
                }
                let mark = self.reader.mark;
                self.roll(mark.column, None, Kind::BlockMappingStart, mark)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.push_indicator(Kind::Value, 1);
        Ok(())
    }

    fn fetch_anchor(&mut self, kind: Kind) -> Result<(), Error> {
        self.save_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark;
        let name = tag::name(&mut self.reader)?;
        self.push(kind, start, Data::Name(name));
        Ok(())
    }

    fn fetch_tag(&mut self) -> Result<(), Error> {
        self.save_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark;
        let (handle, suffix) = tag::tag(&mut self.reader)?;
        self.push(Kind::Tag, start, Data::Tag(handle, suffix));
        Ok(())
    }

    fn fetch_directive(&mut self) -> Result<(), Error> {
        self.unroll(-1);
        self.remove_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark;
        let (kind, data) = tag::directive(&mut self.reader)?;
        self.push(kind, start, data);
        self.reader.end_line()
    }

    fn fetch_block_scalar(&mut self, style: ScalarStyle) -> Result<(), Error> {
        self.remove_key()?;
        self.simple_key_allowed = true;
        let line = self.reader.mark.line;
        let (span, header) = scalar::block(&mut self.reader, self.indent)?;
        let data = Data::Scalar { style, verbatim: false, block: Some(header) };
        self.tokens.push_back(Token { kind: Kind::Scalar, span, line, data });
        Ok(())
    }

    fn fetch_quoted(&mut self, style: ScalarStyle) -> Result<(), Error> {
        self.save_key()?;
        self.simple_key_allowed = false;
        let start = self.reader.mark;
        let verbatim = scalar::quoted(&mut self.reader, style)?;
        self.push(Kind::Scalar, start, Data::Scalar { style, verbatim, block: None });
        Ok(())
    }

    fn fetch_plain(&mut self) -> Result<(), Error> {
        self.save_key()?;
        let start = self.reader.mark;
        let plain = scalar::plain(&mut self.reader, self.indent + 1, self.flow_level > 0)?;
        self.simple_key_allowed = plain.broken;
        let style = ScalarStyle::Plain;
        self.tokens.push_back(Token {
            kind: Kind::Scalar,
            span: Span::new(start.offset, plain.end),
            line: start.line,
            data: Data::Scalar { style, verbatim: plain.verbatim, block: None },
        });
        Ok(())
    }

    /// Returns whether the simple key of the flow level `level` may still get its `:` here.
    fn is_key_valid(&mut self, level: usize) -> Result<bool, Error> {
        let here = self.reader.mark;
        let Some(key) = self.simple_keys.get_mut(level) else {
            return Ok(false);
        };
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < here.line || key.mark.index + MAX_KEY_LENGTH < here.index {
            if key.required {
                return Err(self.reader.error("could not find expected ':'"));
            }
            key.possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    /// Records that a simple key may start here.
    fn save_key(&mut self) -> Result<(), Error> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let mark = self.reader.mark;
        let required = self.flow_level == 0 && self.indent == mark.column as isize;
        let token = self.next_number();
        self.remove_key()?;
        let level = self.simple_keys.len().saturating_sub(1);
        if let Some(key) = self.simple_keys.last_mut() {
            *key = SimpleKey { possible: true, required, token, mark };
        }
        self.keys.insert(token, level);
        Ok(())
    }

    /// Gives up the simple key of the current flow level.
    fn remove_key(&mut self) -> Result<(), Error> {
        match self.simple_keys.last() {
            Some(key) if key.possible && key.required => {
                Err(self.reader.error("could not find expected ':'"))
            }
            Some(key) if key.possible => {
                self.forget_key(self.simple_keys.len() - 1);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn forget_key(&mut self, level: usize) {
        if let Some(key) = self.simple_keys.get_mut(level) {
            key.possible = false;
            self.keys.remove(key.token);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the tokens between the start and the end of the stream: kinds, and bytes if any.
    fn tokens(text: &str) -> String {
        let mut scanner = Scanner::new(Reader::new(text, text.as_bytes(), 0, 0));
        let mut shown = Vec::new();
        while scanner.peek().unwrap().kind != Kind::StreamEnd {
            let Token { kind, span, .. } = scanner.take().unwrap();
            shown.push(match kind {
                Kind::StreamStart => continue,
                Kind::BlockMappingStart | Kind::FlowMappingStart => "{".to_owned(),
                Kind::BlockSequenceStart | Kind::FlowSequenceStart => "[".to_owned(),
                Kind::BlockEnd => "end".to_owned(),
                Kind::Key if span.is_empty() => "key".to_owned(),
                _ => text[span.range()].to_owned(),
            });
        }
        shown.join(" ")
    }

    #[test]
    fn scanner_opens_and_closes_collections_by_indentation() {
        for (text, wanted) in [
            ("a: b", "{ key a : b end"),
            ("a:\n  b: c\nd: e", "{ key a : { key b : c end key d : e end"),
            ("- a\n- b: c\n  d: e", "[ - a - { key b : c key d : e end end"),
            ("a:\n- b", "{ key a : - b end"),
            ("? a\n: b", "{ ? a : b end"),
            ("a\n---\nb", "a --- b"),
        ] {
            assert_eq!(tokens(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn scanner_recognizes_keys_by_their_colon() {
        for (text, wanted) in [
            ("{a: [b: c], 'd':e}", "{ key a : [ key b : c ] , key 'd' : e }"),
            ("[a, b]: c", "{ key [ a , b ] : c end"),
            ("&a !b c:\n  *d : e", "{ key &a !b c : { key *d : e end end"),
            ("a b:c d", "a b:c d"),
            ("[a\n : b]", "[ a : b ]"),
        ] {
            assert_eq!(tokens(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn scanner_separates_tokens_by_blanks_and_comments() {
        for (text, wanted) in [
            ("a # b\n# c\n", "a"),
            ("a#b", "a#b"),
            ("a:\tb\t# c", "{ key a : b end"),
            ("[a#b, # c\n d]", "[ a#b , d ]"),
            ("\u{feff}# a\nb", "b"),
        ] {
            assert_eq!(tokens(text), wanted, "{text:?}");
        }
    }
}
