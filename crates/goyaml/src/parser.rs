//! Turns tokens into events.
//!
//! Source: go-yaml v2.4.0, `parserc.go`, and libyaml.

mod document;
mod flow;

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
                Ok(self.empty(token.span.start, State::FlowMappingKey))
            }
        }
        .map(Some)
    }

    /// Takes the token that was peeked at.
    fn take(&mut self) -> Option<Token<'a>> {
        let token = self.scanner.take();
        if let Some(token) = &token
            && token.span.start < token.span.end
        {
            self.last_end = token.span.end;
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
                Span::at(token.span.start),
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
                input.get(span.start + quotes..span.end.saturating_sub(quotes)).unwrap_or(""),
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
                    Ok(self.empty(entry.span.end, State::BlockSequenceEntry))
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
                Ok(self.empty(entry.span.end, State::IndentlessSequenceEntry))
            }
            _ => self.node_then(Context::Block, State::IndentlessSequenceEntry),
        }
    }

    fn block_mapping_key(&mut self) -> Result<Event<'a>, Error> {
        let key = self.scanner.peek()?;
        match key.kind {
            Kind::Key => match self.after()?.kind {
                Kind::Key | Kind::Value | Kind::BlockEnd => {
                    Ok(self.empty(key.span.end, State::BlockMappingValue))
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
            return Ok(self.empty(value.span.start, State::BlockMappingKey));
        }
        match self.after()?.kind {
            Kind::Key | Kind::Value | Kind::BlockEnd => {
                Ok(self.empty(value.span.end, State::BlockMappingKey))
            }
            _ => self.node_then(Context::BlockOrIndentless, State::BlockMappingKey),
        }
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
        offset: at.span.start,
        kind: ErrorKind::Syntax,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the events in the notation of the YAML test suite, without those of the stream.
    fn events(text: &str) -> String {
        let shown = Parser::new(text).map(|event| {
            let Event { kind, anchor, tag, .. } = event.unwrap();
            let anchor = anchor.map_or(String::new(), |(name, _)| format!(" &{name}"));
            let tag = tag.map_or(String::new(), |tag| format!(" <{}>", tag.text));
            match kind {
                EventKind::DocumentStart { explicit: true } => "+DOC ---".to_owned(),
                EventKind::DocumentStart { .. } => "+DOC".to_owned(),
                EventKind::DocumentEnd { explicit: true } => "-DOC ...".to_owned(),
                EventKind::DocumentEnd { .. } => "-DOC".to_owned(),
                EventKind::SequenceStart { flow: true } => format!("+SEQ []{anchor}{tag}"),
                EventKind::SequenceStart { .. } => format!("+SEQ{anchor}{tag}"),
                EventKind::SequenceEnd => "-SEQ".to_owned(),
                EventKind::MappingStart { flow: true } => format!("+MAP {{}}{anchor}{tag}"),
                EventKind::MappingStart { .. } => format!("+MAP{anchor}{tag}"),
                EventKind::MappingEnd => "-MAP".to_owned(),
                EventKind::Alias(name) => format!("=ALI *{name}"),
                EventKind::Scalar { value, style, .. } => {
                    let style = match style {
                        ScalarStyle::Plain => ':',
                        ScalarStyle::SingleQuoted => '\'',
                        ScalarStyle::DoubleQuoted => '"',
                        ScalarStyle::Literal => '|',
                        ScalarStyle::Folded => '>',
                    };
                    format!("=VAL{anchor}{tag} {style}{value}")
                }
            }
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    /// Returns the bytes of each event that has any, with its anchor and tag before it.
    fn spans(text: &str) -> Vec<&str> {
        let spans = Parser::new(text).flat_map(|event| {
            let event = event.unwrap();
            let anchor = event.anchor.map(|(_, span)| span);
            [anchor, event.tag.map(|tag| tag.span), Some(event.span)]
        });
        spans.flatten().filter(|span| !span.is_empty()).map(|span| &text[span.range()]).collect()
    }

    #[test]
    fn block_collections_end_where_the_indentation_does() {
        let table = [
            (
                "a: b\nc:\n  d: e\nf: g\n",
                "+MAP =VAL :a =VAL :b =VAL :c +MAP =VAL :d =VAL :e -MAP =VAL :f =VAL :g -MAP",
            ),
            ("- a\n- - b\n  - c\n", "+SEQ =VAL :a +SEQ =VAL :b =VAL :c -SEQ -SEQ"),
            // A sequence in a mapping needs no indentation.
            ("a:\n- b\n-\nc: d\n", "+MAP =VAL :a +SEQ =VAL :b =VAL : -SEQ =VAL :c =VAL :d -MAP"),
            ("- a: b\n  c: d\n", "+SEQ +MAP =VAL :a =VAL :b =VAL :c =VAL :d -MAP -SEQ"),
            ("? a\n: b\n? c\n", "+MAP =VAL :a =VAL :b =VAL :c =VAL : -MAP"),
            ("? - a\n: - b\n", "+MAP +SEQ =VAL :a -SEQ +SEQ =VAL :b -SEQ -MAP"),
            ("?\n: a\nb:\n", "+MAP =VAL : =VAL :a =VAL :b =VAL : -MAP"),
        ];
        for (text, wanted) in table {
            assert_eq!(events(text), format!("+DOC {wanted} -DOC"), "{text:?}");
        }
    }

    #[test]
    fn flow_collections_hold_pairs_and_absent_values() {
        let table = [
            ("[a, 'b',]", "+SEQ [] =VAL :a =VAL 'b -SEQ"),
            (
                "[a: b, ? c, ? d: e]",
                "+SEQ [] +MAP {} =VAL :a =VAL :b -MAP +MAP {} =VAL :c =VAL : -MAP +MAP {} =VAL :d =VAL :e -MAP -SEQ",
            ),
            (
                "{a: b, c, ? d: , \"e\":f}",
                "+MAP {} =VAL :a =VAL :b =VAL :c =VAL : =VAL :d =VAL : =VAL \"e =VAL :f -MAP",
            ),
            ("{a: {b: [c]}}", "+MAP {} =VAL :a +MAP {} =VAL :b +SEQ [] =VAL :c -SEQ -MAP -MAP"),
            ("{a: https://b:1/c}", "+MAP {} =VAL :a =VAL :https://b:1/c -MAP"),
            ("[a\n b]", "+SEQ [] =VAL :a b -SEQ"),
        ];
        for (text, wanted) in table {
            assert_eq!(events(text), format!("+DOC {wanted} -DOC"), "{text:?}");
        }
    }

    #[test]
    fn documents_have_markers_and_directives() {
        let table = [
            ("", ""),
            ("# a\n", ""),
            ("a\n", "+DOC =VAL :a -DOC"),
            ("---\n", "+DOC --- =VAL : -DOC"),
            ("---\na\n...\n", "+DOC --- =VAL :a -DOC ..."),
            ("a\n---\nb\n---\n", "+DOC =VAL :a -DOC +DOC --- =VAL :b -DOC +DOC --- =VAL : -DOC"),
            ("%YAML 1.1\n---\na\n", "+DOC --- =VAL :a -DOC"),
            // From go-yaml's tests.
            (
                "%TAG !y! tag:yaml.org,2002:\n---\nv: !y!int '1'",
                "+DOC --- +MAP =VAL :v =VAL <tag:yaml.org,2002:int> '1 -MAP -DOC",
            ),
        ];
        for (text, wanted) in table {
            assert_eq!(events(text), wanted, "{text:?}");
        }
    }

    /// So kubectl, which reads one document, takes `[]: x` for an empty list.
    #[test]
    fn an_empty_flow_collection_is_no_key() {
        let mut parser = Parser::new("[]: x");
        let first: Vec<_> = parser.by_ref().map_while(Result::ok).map(|event| event.kind).collect();
        assert!(first.contains(&EventKind::SequenceEnd));
        assert_eq!(first.last(), Some(&EventKind::DocumentEnd { explicit: false }));
        let error = Parser::new("[]: x").find_map(Result::err).unwrap();
        assert_eq!(error.message, "did not find expected <document start>");
    }

    #[test]
    fn nodes_have_anchors_tags_and_aliases() {
        let table = [
            ("&a !!str b", "=VAL &a <tag:yaml.org,2002:str> :b"),
            ("!b &a\n- *a\n", "+SEQ &a <!b> =ALI *a -SEQ"),
            ("&a", "=VAL &a :"),
            ("! b", "=VAL <!> :b"),
            ("!<tag:a> b", "=VAL <tag:a> :b"),
            ("!a%C3%A9 b", "=VAL <!aé> :b"),
            ("&a b: *a\n", "+MAP =VAL &a :b =ALI *a -MAP"),
        ];
        for (text, wanted) in table {
            assert_eq!(events(text), format!("+DOC {wanted} -DOC"), "{text:?}");
        }
    }

    #[test]
    fn only_plain_scalars_without_a_tag_resolve_by_the_plain_rules() {
        for (text, plain, quoted) in [
            ("a", true, false),
            ("'a'", false, true),
            ("|\n a\n", false, true),
            ("! 'a'", true, false),
            ("!!str a", false, false),
            ("!!str", false, false),
            ("&a", true, false),
        ] {
            let found = Parser::new(text).find_map(|event| match event.unwrap().kind {
                EventKind::Scalar { plain_implicit, quoted_implicit, .. } => {
                    Some((plain_implicit, quoted_implicit))
                }
                _ => None,
            });
            assert_eq!(found, Some((plain, quoted)), "{text:?}");
        }
    }

    #[test]
    fn spans_are_exact() {
        let table: [(&str, &[&str]); 9] = [
            ("\u{feff}a: b # c\n", &["a", "b"]),
            ("'a''b': \"c\\n\"\r\n", &["'a''b'", "\"c\\n\""]),
            ("- &x !!str a\n- *x\n", &["&x", "!!str", "a", "*x"]),
            ("--- [a, {b: c}] # d\n...\n", &["---", "[", "a", "{", "b", "c", "}", "]", "..."]),
            ("a: b\n  c\n\nd: é\u{85}", &["a", "b\n  c", "d", "é"]),
            ("a: | # b\n  c\n\n  d\n\ne: f\n", &["a", "  c\n\n  d\n", "e", "f"]),
            ("a: |+\n  c\n\nb: >-\n  d\n\n", &["a", "  c\n\n", "b", "  d"]),
            ("[a: b]", &["[", "a", "b", "]"]),
            ("a:\n- b\n-\n", &["a", "b"]),
        ];
        for (text, wanted) in table {
            assert_eq!(spans(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn block_headers_tell_the_indentation() {
        for (text, header, indent) in [
            ("a: |2- # b\n    c\n", "|2-", 2),
            ("a: >+1\n   c\n", ">+1", 1),
            ("a:\n  b: |\n      c\n", "|", 6),
            ("- |1\n  c\n", "|1", 1),
            ("|\n\n", "|", 1),
        ] {
            let block = Parser::new(text).find_map(|event| match event.unwrap().kind {
                EventKind::Scalar { block, .. } => block,
                _ => None,
            });
            let block = block.unwrap();
            assert_eq!((&text[block.span.range()], block.indent), (header, indent), "{text:?}");
        }
    }

    #[test]
    fn resume_counts_from_the_start_of_the_text() {
        let text = "a: [\n---\nb: c\n---\na: b: c\n";
        let mut parser = Parser::resume(text, 5, 1);
        let scalar = parser.find_map(|event| {
            let event = event.unwrap();
            matches!(event.kind, EventKind::Scalar { .. }).then_some(event.span)
        });
        assert_eq!(scalar, Some(Span::new(9, 10)));
        let error = parser.find_map(Result::err).unwrap();
        assert_eq!(
            error.to_string(),
            "yaml: line 5: mapping values are not allowed in this context"
        );
        assert_eq!(&text[error.offset..], ": c\n");
    }

    #[test]
    fn resume_within_a_character_starts_at_the_end() {
        assert_eq!(Parser::resume("é", 1, 0).next(), None);
    }
}
