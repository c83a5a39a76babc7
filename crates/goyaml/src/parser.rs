//! Turns tokens into events.
//!
//! Source: go-yaml v2.4.0, `parserc.go`, and libyaml.

use std::borrow::Cow;
use std::collections::HashMap;
use std::iter::FusedIterator;

use super::reader::Reader;
use super::scanner::{Data, Kind, Peek, Scanner, Token};
use super::text::{ValueSink, send};
use super::{Error, ErrorKind, Event, EventKind, ScalarStyle, Span, Tag};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    StreamStart,
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceFirstEntry,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingFirstKey,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirstEntry,
    FlowSequenceEntry,
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMappingFirstKey,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

/// The context of a node, which decides what it may be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Block,
    /// In a block mapping, where a sequence may be unindented.
    BlockOrIndentless,
    Flow,
}

/// Reads the events of a YAML stream one by one: an iterator that ends with the stream, or after
/// the first error.
///
/// ```
/// use goyaml::{Event, EventKind, Parser};
///
/// let mut parser = Parser::new("a: b: c");
/// let error = parser.find_map(Result::err).unwrap();
/// assert_eq!(error.to_string(), "yaml: mapping values are not allowed in this context");
/// assert_eq!(error.offset, 4);
/// assert_eq!(parser.next(), None);
/// ```
#[derive(Debug)]
pub struct Parser<'a> {
    scanner: Scanner<'a>,
    state: State,
    /// The states to continue with after the current node.
    states: Vec<State>,
    /// The tag handles of the current document, and their prefixes.
    handles: HashMap<&'a str, Cow<'a, str>>,
    /// The end of the last non-empty token.
    last_end: usize,
}

impl<'a> Parser<'a> {
    /// Creates a parser for a whole stream, which may start with a byte order mark.
    pub fn new(input: &'a str) -> Self {
        Self::build(input, input.as_bytes(), 0, 0)
    }

    /// Like [`new`](Self::new), for text that may not be UTF-8: the parser fails at the first
    /// invalid byte, if it gets that far, as go-yaml does. go-yaml also reads UTF-16; callers must
    /// decode that themselves.
    pub fn from_bytes(input: &'a [u8]) -> Self {
        let text = match std::str::from_utf8(input) {
            Ok(text) => text,
            Err(error) => input
                .get(..error.valid_up_to())
                .and_then(|valid| std::str::from_utf8(valid).ok())
                .unwrap_or(""),
        };
        Self::build(text, input, 0, 0)
    }

    /// Creates a parser that starts at byte `offset` of `input`, after `line` line breaks. The
    /// offset should be the start of a `---` line. Offsets and lines still count from the start of
    /// `input`.
    pub fn resume(input: &'a str, offset: usize, line: usize) -> Self {
        let offset = if input.is_char_boundary(offset) { offset } else { input.len() };
        Self::build(input, input.as_bytes(), offset, line)
    }

    fn build(text: &'a str, raw: &'a [u8], offset: usize, line: usize) -> Self {
        Self {
            scanner: Scanner::new(Reader::new(text, raw, offset, line)),
            state: State::StreamStart,
            states: Vec::new(),
            handles: HashMap::new(),
            last_end: offset,
        }
    }

    /// Returns the next event, or `None` at the end of the stream.
    fn step(&mut self) -> Result<Option<Event<'a>>, Error> {
        if self.state == State::StreamStart {
            self.scanner.peek()?;
            self.skip();
            self.state = State::ImplicitDocumentStart;
        }
        match self.state {
            State::StreamStart | State::End => return Ok(None),
            State::ImplicitDocumentStart => return self.document_start(true),
            State::DocumentStart => return self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(Context::Block),
            State::BlockSequenceFirstEntry => {
                self.scanner.peek()?;
                self.skip();
                self.block_sequence_entry()
            }
            State::BlockSequenceEntry => self.block_sequence_entry(),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingFirstKey => {
                self.scanner.peek()?;
                self.skip();
                self.block_mapping_key()
            }
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirstEntry => self.flow_sequence_entry(true),
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::FlowPairKey => self.flow_pair_key(),
            State::FlowPairValue => self.flow_pair_value(),
            State::FlowPairEnd => {
                let at = self.last_end;
                self.scanner.peek()?;
                self.state = State::FlowSequenceEntry;
                Ok(plain_event(EventKind::MappingEnd, Span::at(at)))
            }
            State::FlowMappingFirstKey => self.flow_mapping_key(true),
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingEmptyValue => {
                let token = self.scanner.peek()?;
                Ok(self.empty(token.span.start(), State::FlowMappingKey))
            }
        }
        .map(Some)
    }

    /// Takes the token that was peeked at.
    fn take(&mut self) -> Option<Token<'a>> {
        let token = self.scanner.take();
        if let Some(token) = &token
            && !token.span.is_empty()
        {
            self.last_end = token.span.end();
        }
        token
    }

    fn skip(&mut self) {
        self.take();
    }

    /// Takes the token and peeks at the next.
    fn after(&mut self) -> Result<Peek, Error> {
        self.skip();
        self.scanner.peek()
    }

    fn pop(&mut self) -> State {
        self.states.pop().unwrap_or(State::End)
    }

    /// Parses a node and continues with `then`.
    fn node_then(&mut self, context: Context, then: State) -> Result<Event<'a>, Error> {
        self.states.push(then);
        self.node(context)
    }

    /// Returns an absent value at `at`.
    fn empty(&mut self, at: usize, then: State) -> Event<'a> {
        self.state = then;
        plain_event(absent(true), Span::at(at))
    }

    fn document_start(&mut self, implicit: bool) -> Result<Option<Event<'a>>, Error> {
        let mut token = self.scanner.peek()?;
        while !implicit && token.kind == Kind::DocumentEnd {
            token = self.after()?;
        }
        if token.kind == Kind::StreamEnd {
            self.state = State::End;
            return Ok(None);
        }
        let directive =
            matches!(token.kind, Kind::VersionDirective | Kind::TagDirective | Kind::DocumentStart);
        if implicit && !directive {
            self.add_default_handles();
            self.states.push(State::DocumentEnd);
            self.state = State::BlockNode;
            let kind = EventKind::DocumentStart { explicit: false };
            return Ok(Some(plain_event(kind, Span::at(token.span.start()))));
        }
        self.directives()?;
        token = self.scanner.peek()?;
        if token.kind != Kind::DocumentStart {
            return Err(error("did not find expected <document start>", token));
        }
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        self.skip();
        Ok(Some(plain_event(EventKind::DocumentStart { explicit: true }, token.span)))
    }

    fn directives(&mut self) -> Result<(), Error> {
        let mut token = self.scanner.peek()?;
        let mut versioned = false;
        while matches!(token.kind, Kind::VersionDirective | Kind::TagDirective) {
            match self.take().map(|token| token.data) {
                Some(Data::Version(..)) if versioned => {
                    return Err(error("found duplicate %YAML directive", token));
                }
                Some(Data::Version(1, 1)) => versioned = true,
                Some(Data::Version(..)) => {
                    let error = error("found incompatible YAML document", token);
                    return Err(error.with_kind(ErrorKind::Version));
                }
                Some(Data::Tag(handle, _)) if self.handles.contains_key(handle) => {
                    return Err(error("found duplicate %TAG directive", token));
                }
                Some(Data::Tag(handle, prefix)) => {
                    self.handles.insert(handle, prefix);
                }
                _ => {}
            }
            token = self.scanner.peek()?;
        }
        self.add_default_handles();
        Ok(())
    }

    fn add_default_handles(&mut self) {
        self.handles.entry("!").or_insert(Cow::Borrowed("!"));
        self.handles.entry("!!").or_insert(Cow::Borrowed("tag:yaml.org,2002:"));
    }

    fn document_content(&mut self) -> Result<Event<'a>, Error> {
        let token = self.scanner.peek()?;
        match token.kind {
            Kind::VersionDirective
            | Kind::TagDirective
            | Kind::DocumentStart
            | Kind::DocumentEnd
            | Kind::StreamEnd => {
                let then = self.pop();
                Ok(self.empty(token.span.start(), then))
            }
            _ => self.node(Context::Block),
        }
    }

    fn document_end(&mut self) -> Result<Event<'a>, Error> {
        let at = self.last_end;
        let token = self.scanner.peek()?;
        let explicit = token.kind == Kind::DocumentEnd;
        let span = if explicit { token.span } else { Span::at(at) };
        if explicit {
            self.skip();
        }
        self.handles.clear();
        self.state = State::DocumentStart;
        Ok(plain_event(EventKind::DocumentEnd { explicit }, span))
    }

    fn node(&mut self, context: Context) -> Result<Event<'a>, Error> {
        let mut token = self.scanner.peek()?;
        if token.kind == Kind::Alias {
            self.state = self.pop();
            let name = name(self.take());
            return Ok(plain_event(EventKind::Alias(name), token.span));
        }
        let (mut anchor, mut tag_token) = (None, None);
        for _ in 0..2 {
            match token.kind {
                Kind::Anchor if anchor.is_none() => anchor = Some((name(self.take()), token.span)),
                Kind::Tag if tag_token.is_none() => tag_token = Some((self.take(), token)),
                _ => break,
            }
            token = self.scanner.peek()?;
        }
        let tag = match tag_token {
            Some((taken, at)) => Some(self.tag(taken, at)?),
            None => None,
        };
        let (kind, span, state) = match token.kind {
            Kind::BlockEntry if context == Context::BlockOrIndentless => (
                EventKind::SequenceStart { flow: false },
                Span::at(token.span.start()),
                State::IndentlessSequenceEntry,
            ),
            Kind::Scalar => {
                let state = self.pop();
                let kind = self.scalar(tag.as_ref());
                (kind, token.span, state)
            }
            Kind::FlowSequenceStart => {
                (EventKind::SequenceStart { flow: true }, token.span, State::FlowSequenceFirstEntry)
            }
            Kind::FlowMappingStart => {
                (EventKind::MappingStart { flow: true }, token.span, State::FlowMappingFirstKey)
            }
            Kind::BlockSequenceStart if context != Context::Flow => (
                EventKind::SequenceStart { flow: false },
                token.span,
                State::BlockSequenceFirstEntry,
            ),
            Kind::BlockMappingStart if context != Context::Flow => {
                (EventKind::MappingStart { flow: false }, token.span, State::BlockMappingFirstKey)
            }
            _ if anchor.is_some() || tag.is_some() => {
                let state = self.pop();
                (absent(tag.is_none()), Span::at(self.last_end), state)
            }
            _ => return Err(error("did not find expected node content", token)),
        };
        self.state = state;
        Ok(Event { kind, span, anchor, tag })
    }

    fn tag(&self, token: Option<Token<'a>>, at: Peek) -> Result<Tag<'a>, Error> {
        let Some(Data::Tag(handle, suffix)) = token.map(|token| token.data) else {
            return Err(error("found undefined tag handle", at));
        };
        if handle.is_empty() {
            return Ok(Tag { text: suffix, span: at.span });
        }
        match self.handles.get(handle) {
            Some(prefix) => {
                Ok(Tag { text: Cow::Owned(format!("{prefix}{suffix}")), span: at.span })
            }
            None => Err(error("found undefined tag handle", at)),
        }
    }

    /// Takes the scalar token at the front.
    fn scalar(&mut self, tag: Option<&Tag<'a>>) -> EventKind<'a> {
        let input = self.scanner.text();
        let Some(Token { span, data: Data::Scalar { style, verbatim, block }, .. }) = self.take()
        else {
            return absent(tag.is_none());
        };
        let value = if verbatim {
            let quotes = usize::from(style != ScalarStyle::Plain);
            Cow::Borrowed(
                input.get(span.start() + quotes..span.end().saturating_sub(quotes)).unwrap_or(""),
            )
        } else {
            let mut sink = ValueSink::new(input);
            send(input, span, style, block.map_or(0, |block| block.indent), &mut sink);
            sink.finish()
        };
        let plain_implicit = match tag {
            Some(tag) => tag.text == "!",
            None => style == ScalarStyle::Plain,
        };
        let quoted_implicit = tag.is_none() && style != ScalarStyle::Plain;
        EventKind::Scalar { value, style, plain_implicit, quoted_implicit, block }
    }

    fn block_sequence_entry(&mut self) -> Result<Event<'a>, Error> {
        let entry = self.scanner.peek()?;
        match entry.kind {
            Kind::BlockEntry => match self.after()?.kind {
                Kind::BlockEntry | Kind::BlockEnd => {
                    Ok(self.empty(entry.span.end(), State::BlockSequenceEntry))
                }
                _ => self.node_then(Context::Block, State::BlockSequenceEntry),
            },
            Kind::BlockEnd => Ok(self.block_end(EventKind::SequenceEnd)),
            _ => Err(error("did not find expected '-' indicator", entry)),
        }
    }

    fn block_end(&mut self, kind: EventKind<'a>) -> Event<'a> {
        self.skip();
        self.state = self.pop();
        plain_event(kind, Span::at(self.last_end))
    }

    fn indentless_sequence_entry(&mut self) -> Result<Event<'a>, Error> {
        let at = self.last_end;
        let entry = self.scanner.peek()?;
        if entry.kind != Kind::BlockEntry {
            self.state = self.pop();
            return Ok(plain_event(EventKind::SequenceEnd, Span::at(at)));
        }
        match self.after()?.kind {
            Kind::BlockEntry | Kind::Key | Kind::Value | Kind::BlockEnd => {
                Ok(self.empty(entry.span.end(), State::IndentlessSequenceEntry))
            }
            _ => self.node_then(Context::Block, State::IndentlessSequenceEntry),
        }
    }

    fn block_mapping_key(&mut self) -> Result<Event<'a>, Error> {
        let key = self.scanner.peek()?;
        match key.kind {
            Kind::Key => match self.after()?.kind {
                Kind::Key | Kind::Value | Kind::BlockEnd => {
                    Ok(self.empty(key.span.end(), State::BlockMappingValue))
                }
                _ => self.node_then(Context::BlockOrIndentless, State::BlockMappingValue),
            },
            Kind::BlockEnd => Ok(self.block_end(EventKind::MappingEnd)),
            _ => Err(error("did not find expected key", key)),
        }
    }

    fn block_mapping_value(&mut self) -> Result<Event<'a>, Error> {
        let value = self.scanner.peek()?;
        if value.kind != Kind::Value {
            return Ok(self.empty(value.span.start(), State::BlockMappingKey));
        }
        match self.after()?.kind {
            Kind::Key | Kind::Value | Kind::BlockEnd => {
                Ok(self.empty(value.span.end(), State::BlockMappingKey))
            }
            _ => self.node_then(Context::BlockOrIndentless, State::BlockMappingKey),
        }
    }

    /// Ends a flow collection whose bracket is at the front.
    fn flow_end(&mut self, kind: EventKind<'a>, span: Span) -> Event<'a> {
        self.skip();
        self.state = self.pop();
        plain_event(kind, span)
    }

    fn flow_sequence_entry(&mut self, first: bool) -> Result<Event<'a>, Error> {
        let mut token = self.scanner.peek()?;
        if first || token.kind == Kind::FlowEntry {
            token = self.after()?;
        } else if token.kind != Kind::FlowSequenceEnd {
            return Err(error("did not find expected ',' or ']'", token));
        }
        match token.kind {
            Kind::FlowSequenceEnd => Ok(self.flow_end(EventKind::SequenceEnd, token.span)),
            Kind::Key => {
                self.skip();
                self.state = State::FlowPairKey;
                Ok(plain_event(
                    EventKind::MappingStart { flow: true },
                    Span::at(token.span.start()),
                ))
            }
            _ => self.node_then(Context::Flow, State::FlowSequenceEntry),
        }
    }

    fn flow_pair_key(&mut self) -> Result<Event<'a>, Error> {
        let token = self.scanner.peek()?;
        match token.kind {
            Kind::Value | Kind::FlowEntry | Kind::FlowSequenceEnd => {
                // Like libyaml, go-yaml drops that token without looking at it.
                self.skip();
                Ok(self.empty(token.span.end(), State::FlowPairValue))
            }
            _ => self.node_then(Context::Flow, State::FlowPairValue),
        }
    }

    fn flow_pair_value(&mut self) -> Result<Event<'a>, Error> {
        let token = self.scanner.peek()?;
        if token.kind == Kind::Value {
            let next = self.after()?;
            if !matches!(next.kind, Kind::FlowEntry | Kind::FlowSequenceEnd) {
                return self.node_then(Context::Flow, State::FlowPairEnd);
            }
            return Ok(self.empty(token.span.end(), State::FlowPairEnd));
        }
        Ok(self.empty(token.span.start(), State::FlowPairEnd))
    }

    fn flow_mapping_key(&mut self, first: bool) -> Result<Event<'a>, Error> {
        let mut token = self.scanner.peek()?;
        if first || token.kind == Kind::FlowEntry {
            token = self.after()?;
        } else if token.kind != Kind::FlowMappingEnd {
            return Err(error("did not find expected ',' or '}'", token));
        }
        match token.kind {
            Kind::FlowMappingEnd => Ok(self.flow_end(EventKind::MappingEnd, token.span)),
            Kind::Key => {
                let next = self.after()?;
                match next.kind {
                    Kind::Value | Kind::FlowEntry | Kind::FlowMappingEnd => {
                        Ok(self.empty(next.span.start(), State::FlowMappingValue))
                    }
                    _ => self.node_then(Context::Flow, State::FlowMappingValue),
                }
            }
            _ => self.node_then(Context::Flow, State::FlowMappingEmptyValue),
        }
    }

    fn flow_mapping_value(&mut self) -> Result<Event<'a>, Error> {
        let mut token = self.scanner.peek()?;
        if token.kind == Kind::Value {
            token = self.after()?;
            if !matches!(token.kind, Kind::FlowEntry | Kind::FlowMappingEnd) {
                return self.node_then(Context::Flow, State::FlowMappingKey);
            }
        }
        Ok(self.empty(token.span.start(), State::FlowMappingKey))
    }
}

impl<'a> Iterator for Parser<'a> {
    type Item = Result<Event<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let event = self.step();
        if event.is_err() {
            self.state = State::End;
        }
        event.transpose()
    }
}

impl FusedIterator for Parser<'_> {}

fn plain_event<'a>(kind: EventKind<'a>, span: Span) -> Event<'a> {
    Event { kind, span, anchor: None, tag: None }
}

fn absent<'a>(plain_implicit: bool) -> EventKind<'a> {
    let value = Cow::Borrowed("");
    EventKind::Scalar {
        value,
        style: ScalarStyle::Plain,
        plain_implicit,
        quoted_implicit: false,
        block: None,
    }
}

fn name<'a>(token: Option<Token<'a>>) -> &'a str {
    match token.map(|token| token.data) {
        Some(Data::Name(name)) => name,
        _ => "",
    }
}

/// Returns an error of go-yaml's parser, which counts lines from 0 and omits line 0.
fn error(message: &'static str, at: Peek) -> Error {
    Error {
        message: message.into(),
        line: (at.line != 0).then_some(at.line),
        offset: at.span.start(),
        kind: ErrorKind::Syntax,
    }
}

#[cfg(test)]
mod tests;
