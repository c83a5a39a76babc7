//! Parses the start and end of documents, and their directives.

use std::borrow::Cow;

use super::{
    Context, Data, Error, Event, EventKind, Kind, Parser, Span, State, error, plain_event,
};

impl<'a> Parser<'a> {
    pub(super) fn document_start(&mut self, implicit: bool) -> Result<Option<Event<'a>>, Error> {
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
            return Ok(Some(plain_event(kind, Span::at(token.span.start))));
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
                    return Err(error("found incompatible YAML document", token));
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

    pub(super) fn document_content(&mut self) -> Result<Event<'a>, Error> {
        let token = self.scanner.peek()?;
        match token.kind {
            Kind::VersionDirective
            | Kind::TagDirective
            | Kind::DocumentStart
            | Kind::DocumentEnd
            | Kind::StreamEnd => {
                let then = self.pop();
                Ok(self.empty(token.span.start, then))
            }
            _ => self.node(Context::Block),
        }
    }

    pub(super) fn document_end(&mut self) -> Result<Event<'a>, Error> {
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
}
