//! Parses sequences and mappings in brackets.

use super::{Context, Error, Event, EventKind, Kind, Parser, Span, State, error, plain_event};

impl<'a> Parser<'a> {
    /// Ends a flow collection whose bracket is at the front.
    fn flow_end(&mut self, kind: EventKind<'a>, span: Span) -> Event<'a> {
        self.skip();
        self.state = self.pop();
        plain_event(kind, span)
    }

    pub(super) fn flow_sequence_entry(&mut self, first: bool) -> Result<Event<'a>, Error> {
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
                Ok(plain_event(EventKind::MappingStart { flow: true }, Span::at(token.span.start)))
            }
            _ => self.node_then(Context::Flow, State::FlowSequenceEntry),
        }
    }

    pub(super) fn flow_pair_key(&mut self) -> Result<Event<'a>, Error> {
        let token = self.scanner.peek()?;
        match token.kind {
            Kind::Value | Kind::FlowEntry | Kind::FlowSequenceEnd => {
                // Like libyaml, go-yaml drops that token without looking at it.
                self.skip();
                Ok(self.empty(token.span.end, State::FlowPairValue))
            }
            _ => self.node_then(Context::Flow, State::FlowPairValue),
        }
    }

    pub(super) fn flow_pair_value(&mut self) -> Result<Event<'a>, Error> {
        let token = self.scanner.peek()?;
        if token.kind == Kind::Value {
            let next = self.after()?;
            if !matches!(next.kind, Kind::FlowEntry | Kind::FlowSequenceEnd) {
                return self.node_then(Context::Flow, State::FlowPairEnd);
            }
            return Ok(self.empty(token.span.end, State::FlowPairEnd));
        }
        Ok(self.empty(token.span.start, State::FlowPairEnd))
    }

    pub(super) fn flow_mapping_key(&mut self, first: bool) -> Result<Event<'a>, Error> {
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
                        Ok(self.empty(next.span.start, State::FlowMappingValue))
                    }
                    _ => self.node_then(Context::Flow, State::FlowMappingValue),
                }
            }
            _ => self.node_then(Context::Flow, State::FlowMappingEmptyValue),
        }
    }

    pub(super) fn flow_mapping_value(&mut self) -> Result<Event<'a>, Error> {
        let mut token = self.scanner.peek()?;
        if token.kind == Kind::Value {
            token = self.after()?;
            if !matches!(token.kind, Kind::FlowEntry | Kind::FlowMappingEnd) {
                return self.node_then(Context::Flow, State::FlowMappingKey);
            }
        }
        Ok(self.empty(token.span.start, State::FlowMappingKey))
    }
}
