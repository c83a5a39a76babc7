//! Parses HCL, the language of Terraform, OpenTofu and Terragrunt, into a spanned tree.
//!
//! The parser is tolerant and does not recurse: a file that is a template, breaks off or contains
//! errors still yields a tree of everything recognizable. Source: the HCL native syntax
//! specification.
//!
//! Objects are mappings, tuples are sequences, and a block is the value of its type.

mod lexer;

use crate::text::source::Span;

use self::lexer::{Lexer, Token};
use super::escape;
use super::layout::{Layout, lines};
use super::node::{Children, Document, Fault, NodeId, NodeKind, NodeStyle, SyntaxError, Tree};

/// Limit on the depth of blocks and brackets in each other: each one takes far more memory than the
/// byte that opens it.
pub(crate) const MAX_DEPTH: usize = 10_000;

/// Limit on the labels of a block: Terraform has no block with more than two.
const MAX_LABELS: usize = 8;

/// Parses `text`. Never fails: the only document holds the error.
pub(crate) fn parse(text: &str) -> Tree {
    let mut lexer = Lexer::new(text);
    let mut reader = HclReader {
        text,
        tree: Tree::default().json_like(),
        open: Vec::new(),
        closers: [0; 3],
        error: None,
        is_too_deep: false,
    };
    let body = NodeKind::Mapping(Children::default());
    let root = reader.tree.push(body, Span::new(0, text.len()));
    reader.open(Kind::Body, root, None);
    while let Some(token) = lexer.next() {
        reader.tree.make_room(lexer.rest());
        reader.token(token);
        if reader.open.len() > MAX_DEPTH {
            reader.is_too_deep = true;
            break;
        }
    }
    if lexer.is_broken || reader.open.len() > 1 {
        reader.fail(text.len());
    }
    while !reader.open.is_empty() {
        reader.end_frame(text.len());
    }
    let fault = if reader.is_too_deep { Fault::HclDepth } else { Fault::Hcl };
    let error = reader.error.map(|at| SyntaxError { span: Span::at(at), fault });
    reader.tree.push_document(Document::new(Some(root), error));
    reader.tree
}

/// Returns whether a text of unknown type looks like HCL: it contains a block with one of
/// Terraform's names.
pub(crate) fn is_hcl(text: &str) -> bool {
    const BLOCKS: &[&str] = &[
        "provider",
        "resource",
        "data",
        "module",
        "variable",
        "terraform",
        "locals",
        "backend",
        "exec",
        "output",
        "generate",
        "inputs",
    ];
    let breaks = memchr::memchr_iter(b'\n', text.as_bytes());
    let mut start = 0;
    breaks.chain(std::iter::once(text.len())).any(|end| {
        let line = text.get(start..end).unwrap_or("");
        start = end + 1;
        let Some(start) = line.trim_ascii_end().strip_suffix('{') else { return false };
        let start = start.trim_ascii_start();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let word = start.split(|c| !is_word(c)).next().unwrap_or("");
        let rest = start.get(word.len()..).unwrap_or("").trim();
        let is_label = |label: &str| label.starts_with('"') && label.ends_with('"');
        BLOCKS.contains(&word)
            && (rest.is_empty() || rest == "=" || rest.split_whitespace().all(is_label))
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A file or a block: `name = value`, `name "label" { … }`.
    Body,
    /// `{ name = value }`.
    Object,
    /// `[…]`.
    List,
    /// `(…)`.
    Call,
}

impl Kind {
    /// Returns the closing bracket.
    fn closer(self) -> u8 {
        match self {
            Self::Body | Self::Object => b'}',
            Self::List => b']',
            Self::Call => b')',
        }
    }
}

/// Returns the index of a closing bracket in [`HclReader::closers`].
fn slot(closer: u8) -> usize {
    match closer {
        b'}' => 0,
        b']' => 1,
        _ => 2,
    }
}

/// A body, object, list or call that is not closed yet.
struct Frame {
    kind: Kind,
    id: NodeId,
    /// The key, if this is a block.
    key: Option<NodeId>,
    pairs: Vec<(NodeId, NodeId)>,
    items: Vec<NodeId>,
    /// The names and labels read before `=` or `{`.
    header: Vec<(Span, bool)>,
    /// The key whose value is being read; lists have none.
    name: Option<NodeId>,
    operands: Vec<NodeId>,
    /// The indices of the operands that follow `==` or `!=`.
    compared: Vec<usize>,
    /// Whether the last token was a word, which a call may follow.
    after_word: bool,
}

impl Frame {
    /// Adds a name or a label. Of too many, keeps the first ones and the last, which may be a key.
    fn add_to_header(&mut self, span: Span, is_string: bool) {
        self.header.truncate(1 + MAX_LABELS);
        self.header.push((span, is_string));
    }

    fn new(kind: Kind, id: NodeId, key: Option<NodeId>) -> Self {
        Self {
            kind,
            id,
            key,
            pairs: Vec::new(),
            items: Vec::new(),
            header: Vec::new(),
            name: None,
            operands: Vec::new(),
            compared: Vec::new(),
            after_word: false,
        }
    }

    fn in_value(&self) -> bool {
        matches!(self.kind, Kind::List | Kind::Call) || self.name.is_some()
    }
}

struct HclReader<'a> {
    text: &'a str,
    tree: Tree,
    open: Vec<Frame>,
    /// The number of frames that wait for `}`, `]` and `)`.
    closers: [usize; 3],
    error: Option<usize>,
    /// Whether the text is nested deeper than [`MAX_DEPTH`]; the rest of it is not read.
    is_too_deep: bool,
}

impl HclReader<'_> {
    fn open(&mut self, kind: Kind, id: NodeId, key: Option<NodeId>) {
        self.closers[slot(kind.closer())] += 1;
        self.open.push(Frame::new(kind, id, key));
    }

    fn fail(&mut self, at: usize) {
        self.error.get_or_insert(at);
    }

    fn word(&mut self, span: Span, implicit: bool) -> NodeId {
        let style = if implicit { NodeStyle::Plain } else { NodeStyle::DoubleQuoted };
        self.tree.push_scalar(style, implicit, span, None)
    }

    fn string(&mut self, span: Span) -> NodeId {
        let text = self.text.get(span.range()).unwrap_or("");
        if !text.contains('\\') {
            return self.word(span, false);
        }
        let value = (escape::decode(self.text, span).text.into(), Layout::Escaped { span });
        self.tree.push_scalar(NodeStyle::DoubleQuoted, false, span, Some(value))
    }

    fn heredoc(&mut self, span: Span, indent: usize) -> NodeId {
        let body = self.text.get(span.range()).unwrap_or("");
        let start = span.end() - body.trim_ascii_start().len();
        let content = Span::new(start, start + body.trim_ascii().len());
        let value = lines(self.text, span, indent).text.into();
        let value = Some((value, Layout::Lines { span, indent }));
        self.tree.push_scalar(NodeStyle::Block, false, content, value)
    }

    fn token(&mut self, token: Token) {
        let Some(frame) = self.open.last() else { return };
        if frame.in_value() {
            self.value_token(token);
        } else {
            self.key_token(token);
        }
    }

    /// Handles a token where a key, a block or a closing bracket may occur.
    fn key_token(&mut self, token: Token) {
        let Some(frame) = self.open.last_mut() else { return };
        match token {
            Token::Word(span) => frame.add_to_header(span, false),
            Token::Str(span) => frame.add_to_header(span, true),
            Token::Equals | Token::Colon => {
                let key = std::mem::take(&mut frame.header).pop();
                let key = match key {
                    Some((span, false)) => self.word(span, true),
                    Some((span, true)) => self.string(span),
                    None => self.word(Span::default(), true),
                };
                if let Some(frame) = self.open.last_mut() {
                    frame.name = Some(key);
                }
            }
            Token::Open(b'{', at) => self.block(at),
            Token::Open(bracket, at) => {
                // A key in parentheses, or text that is not HCL.
                let id = self.tree.push(NodeKind::Sequence(Children::default()), Span::at(at));
                let kind = if bracket == b'(' { Kind::Call } else { Kind::List };
                self.open(kind, id, None);
            }
            Token::Close(bracket, at) => self.close(bracket, at),
            Token::Newline | Token::Comma => frame.header.clear(),
            Token::Heredoc(..) | Token::Comparison | Token::Operator => {}
        }
    }

    fn block(&mut self, at: usize) {
        let header = self.open.last_mut().map(|frame| std::mem::take(&mut frame.header));
        let header = header.unwrap_or_default();
        let text = self.text;
        let labels = header.iter().skip(1).take(MAX_LABELS);
        let mut labels = labels.filter_map(|(span, _)| text.get(span.range())).peekable();
        let (name, is_string) = header.first().copied().unwrap_or((Span::at(at), false));
        let key = if is_string { self.string(name) } else { self.word(name, true) };
        let id = self.tree.push(NodeKind::Block(Children::default()), Span::at(at));
        if labels.peek().is_some() {
            self.tree.set_names(id, labels);
        }
        self.open(Kind::Body, id, Some(key));
    }

    /// Handles a token of an expression.
    fn value_token(&mut self, token: Token) {
        let Some(frame) = self.open.last_mut() else { return };
        let after_word = std::mem::take(&mut frame.after_word);
        match token {
            Token::Word(span) => {
                let id = self.word(span, true);
                self.operand(id);
                if let Some(frame) = self.open.last_mut() {
                    frame.after_word = true;
                }
            }
            Token::Str(span) => {
                let id = self.string(span);
                self.operand(id);
            }
            Token::Heredoc(span, indent) => {
                let id = self.heredoc(span, indent);
                self.operand(id);
            }
            Token::Open(b'{', at) => {
                let id = self.tree.push(NodeKind::Mapping(Children::default()), Span::at(at));
                self.open(Kind::Object, id, None);
            }
            Token::Open(bracket, at) => {
                let callee =
                    frame.operands.last().copied().filter(|_| after_word && bracket == b'(');
                let name = callee.and_then(|callee| {
                    frame.operands.pop();
                    self.text.get(self.tree.node(callee).span.range())
                });
                let node = if name.is_some() { NodeKind::Call } else { NodeKind::Sequence };
                let id = self.tree.push(node(Children::default()), Span::at(at));
                if let Some(name) = name {
                    self.tree.set_names(id, [name]);
                }
                let kind = if bracket == b'(' { Kind::Call } else { Kind::List };
                self.open(kind, id, None);
            }
            Token::Close(bracket, at) => self.close(bracket, at),
            Token::Comma => self.end_value(),
            Token::Newline if matches!(frame.kind, Kind::Body | Kind::Object) => self.end_value(),
            Token::Newline => frame.after_word = after_word,
            Token::Comparison => frame.compared.push(frame.operands.len()),
            Token::Equals if after_word && matches!(frame.kind, Kind::List | Kind::Call) => {
                self.recover();
            }
            Token::Equals | Token::Colon | Token::Operator => {}
        }
    }

    /// Recovers from an unclosed list: a word in it followed by `=` is the next name outside.
    fn recover(&mut self) {
        let Some(name) = self.open.last_mut().and_then(|frame| frame.operands.pop()) else {
            return;
        };
        let at = self.tree.node(name).span.start();
        self.fail(at);
        while self.open.last().is_some_and(|frame| matches!(frame.kind, Kind::List | Kind::Call)) {
            self.end_frame(at);
        }
        self.end_value();
        if let Some(frame) = self.open.last_mut() {
            frame.name = Some(name);
        }
    }

    fn operand(&mut self, id: NodeId) {
        if let Some(frame) = self.open.last_mut() {
            frame.operands.push(id);
        }
    }

    /// Groups the operands before and after each `==` and `!=`.
    fn compare(&mut self, operands: Vec<NodeId>, compared: Vec<usize>) -> Vec<NodeId> {
        let mut compared = compared.into_iter().peekable();
        let mut grouped: Vec<NodeId> = Vec::with_capacity(operands.len());
        for (index, right) in operands.into_iter().enumerate() {
            let is_compared = compared.next_if_eq(&index).is_some();
            while compared.next_if_eq(&index).is_some() {}
            let operand = match grouped.pop_if(|_| is_compared) {
                Some(left) => {
                    let (start, end) = (self.tree.node(left).span, self.tree.node(right).span);
                    let span = Span::new(start.start(), end.end());
                    let sides = self.tree.add_items(&[left, right]);
                    self.tree.push(NodeKind::Comparison(sides), span)
                }
                None => right,
            };
            grouped.push(operand);
        }
        grouped
    }

    /// Ends the value being read and attaches it.
    fn end_value(&mut self) {
        let Some(frame) = self.open.last_mut() else { return };
        let operands = std::mem::take(&mut frame.operands);
        let compared = std::mem::take(&mut frame.compared);
        let name = frame.name.take();
        let in_list = matches!(frame.kind, Kind::List | Kind::Call);
        if !in_list && name.is_none() {
            return;
        }
        let operands = self.compare(operands, compared);
        let value = match operands.as_slice() {
            [] if in_list => return,
            [] => {
                let at = name.map_or(0, |name| self.tree.node(name).span.end());
                self.word(Span::at(at), true)
            }
            [only] => *only,
            [first, .., last] => {
                let span = Span::new(
                    self.tree.node(*first).span.start(),
                    self.tree.node(*last).span.end(),
                );
                let operands = self.tree.add_items(&operands);
                self.tree.push(NodeKind::Expression(operands), span)
            }
        };
        let Some(frame) = self.open.last_mut() else { return };
        match name {
            Some(name) => frame.pairs.push((name, value)),
            None => frame.items.push(value),
        }
    }

    fn close(&mut self, bracket: u8, at: usize) {
        // No bracket closes the file itself.
        let own = usize::from(bracket == Kind::Body.closer());
        if self.closers[slot(bracket)] <= own {
            return self.fail(at);
        }
        // The bracket may close an outer frame.
        let fits = |frame: &Frame| frame.kind.closer() == bracket;
        while self.open.last().is_some_and(|frame| !fits(frame)) {
            self.fail(at);
            self.end_frame(at + 1);
        }
        self.end_frame(at + 1);
    }

    /// Ends the innermost frame and adds its node to the enclosing one.
    fn end_frame(&mut self, end: usize) {
        self.end_value();
        let Some(frame) = self.open.pop() else { return };
        let waiting = &mut self.closers[slot(frame.kind.closer())];
        *waiting = waiting.saturating_sub(1);
        let children = match frame.kind {
            Kind::Body | Kind::Object => self.tree.add_pairs(frame.pairs),
            Kind::List | Kind::Call => self.tree.add_items(&frame.items),
        };
        self.tree.close(frame.id, children, end);
        let Some(outer) = self.open.last_mut() else { return };
        match frame.key {
            Some(key) => outer.pairs.push((key, frame.id)),
            None if outer.in_value() => self.operand(frame.id),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests;
