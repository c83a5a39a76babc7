//! The pairs of keys and values around an exec API version, in whatever form the language writes
//! them: literals of objects, maps and structs in any order, named arguments, assignments to the
//! fields of one object, and builder chains and calls.

use std::ops::Range;

use crate::carrier::vocabulary::letters;
use crate::text::source::{Span, Spanned, window_before};

use super::lines::{Lines, names_credential};
use super::neighbors::{Neighbors, value_at};
use super::tokens::{self, Kind, Token};

/// What a key is a field of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner<'a> {
    /// The enclosing literal or block.
    Literal,
    /// The enclosing list of arguments, in which keys and values alternate.
    Turns,
    /// What encloses the brackets that hold only this key and its value, after this name:
    /// `{ "key", … }, { … }`, `f("key", …), f(…)`.
    Entries(&'a str),
    /// The object with this name.
    Name(&'a str),
    /// The result of the previous call in a chain.
    Chain,
}

/// A key and its value.
#[derive(Debug, Clone)]
struct Pair<'a> {
    /// The index of the token that is the key, or ends with it.
    key: usize,
    /// The bytes of the key.
    span: Span,
    /// The key in lower case, without the prefix `set`, `with` or `add` if it is a call.
    name: String,
    owner: Owner<'a>,
    parent: Bracket,
    /// The tokens of the value.
    value: Range<usize>,
    /// Whether the value is appended to earlier values.
    is_added: bool,
}

/// Names for the arguments of a plugin, including those of builders.
const ARGS: [&str; 6] = ["args", "arg", "arguments", "toargs", "allargs", "alltoargs"];

/// Returns what surrounds the key at `at`: in its structure with brackets, commas or a common owner
/// if it is part of one, else on the lines that are indented alike.
pub(super) fn beside(lines: &Lines<'_>, at: usize, has_words: bool) -> Neighbors {
    let (reader, own) = PairReader::around(lines, at, has_words);
    let is_in_structure = |own: &Pair<'_>| own.owner != Owner::Literal || reader.is_delimited(own);
    let own = own.and_then(|own| reader.pair(own)).filter(is_in_structure);
    let Some(own) = own else { return reader.aligned(lines) };
    let pairs = reader.beside(&own);
    let mut found = reader.neighbors(&pairs, own.key);
    found.is_whole = reader.is_whole(&own);
    let kind = nearest(&pairs, own.key, |name| name == "kind").and_then(|pair| reader.value(pair));
    let is_told_apart = |name: &str| name == "status" || name == "spec";
    found.is_credential = !found.has_command
        && match (kind, own.owner) {
            (Some(kind), _) => names_credential(&kind.value),
            (None, Owner::Name(name)) => reader.is_declared_credential(name, lines),
            (None, _) => {
                reader.is_of_credential(&own)
                    || nearest(&pairs, own.key, is_told_apart).is_some()
                    || lines.name_credential()
            }
        };
    found
}

/// Returns what surrounds the line of the key on the lines that are indented alike.
pub(super) fn aligned(lines: &Lines<'_>, has_words: bool) -> Neighbors {
    let at = lines.spans.get(lines.own).map_or(0, |line| line.start());
    PairReader::around(lines, at, has_words).0.aligned(lines)
}

/// Returns the pair nearest to the token `own` among those with a wanted name.
fn nearest<'p, 'a>(
    pairs: &'p [Pair<'a>],
    own: usize,
    is_wanted: impl Fn(&str) -> bool,
) -> Option<&'p Pair<'a>> {
    let wanted = pairs.iter().filter(|pair| is_wanted(&pair.name));
    wanted.min_by_key(|pair| pair.key.abs_diff(own))
}

/// The bracket that encloses a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bracket {
    /// The opening bracket, by its index among the tokens.
    Open(usize),
    /// A bracket outside the text that was read; the number of preceding unmatched closing
    /// brackets.
    Outside(usize),
}

struct PairReader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// The bracket that encloses each token; for a closing bracket, the one that encloses the pair.
    parents: Vec<Bracket>,
    /// The ends of the run that begins with each token.
    ends: Vec<Ends>,
    has_words: bool,
}

/// The indices of the tokens that end a run of tokens: the first token of the kind in the same
/// bracket, or the one that closes the bracket.
#[derive(Debug, Clone, Copy)]
struct Ends {
    /// The token that closes the bracket.
    bracket: usize,
    /// A comma.
    argument: usize,
    /// A comma, a semicolon or a break.
    value: usize,
}

impl Ends {
    fn all(end: usize) -> Self {
        Self { bracket: end, argument: end, value: end }
    }
}

/// Limit on the brackets around a key that may hold adjacent pairs: in `["key"]`, `put("key", …)`
/// and `{"key", …}` the innermost belongs to the key alone.
const MAX_BRACKETS: isize = 2;

impl<'a> PairReader<'a> {
    /// Reads the tokens up to the end of what may surround the token at `at`. Also returns the
    /// index of that token.
    fn around(lines: &Lines<'a>, at: usize, has_words: bool) -> (Self, Option<usize>) {
        let text = lines.text;
        let (mut tokens, mut parents) = (Vec::with_capacity(256), Vec::with_capacity(256));
        let (mut open, mut outside) = (Vec::new(), 0);
        let mut parent = Bracket::Outside(0);
        let mut own = None;
        // How many brackets around the token at `at` close after it, less those that open.
        let mut closed = 0_isize;
        'lines: for line in tokens::tokens(text, &lines.spans, lines.own) {
            for token in line {
                if own.is_none() && at < token.outer.end() {
                    own = Some((tokens.len(), token.outer.start() <= at));
                }
                if token.kind == Kind::Close {
                    outside += usize::from(open.pop().is_none());
                    parent = open.last().map_or(Bracket::Outside(outside), |at| Bracket::Open(*at));
                    closed += isize::from(own.is_some());
                }
                parents.push(parent);
                if token.kind == Kind::Open {
                    parent = Bracket::Open(tokens.len());
                    open.push(tokens.len());
                    closed -= isize::from(own.is_some());
                }
                tokens.push(token);
                if closed >= MAX_BRACKETS {
                    break 'lines;
                }
            }
        }
        let own = own.filter(|(_, is_own)| *is_own).map(|(own, _)| own);
        let ends = ends(&tokens);
        (Self { text, tokens, parents, ends, has_words }, own)
    }

    /// Returns what some pairs say; of several with one name, the nearest to the token `own`
    /// counts.
    fn neighbors(&self, pairs: &[Pair<'a>], own: usize) -> Neighbors {
        let command = nearest(pairs, own, |name| name == "command");
        let mode = nearest(pairs, own, |name| name == "interactivemode");
        let args = nearest(pairs, own, |name| ARGS.contains(&name));
        let is_more = |pair: &&Pair<'_>| {
            let is_first = args.is_some_and(|first| pair.key == first.key);
            ARGS.contains(&pair.name.as_str()) && (is_first || pair.is_added)
        };
        Neighbors {
            command: command.and_then(|pair| self.value(pair)),
            has_command: command.is_some(),
            args: pairs.iter().filter(is_more).flat_map(|pair| self.items(pair)).collect(),
            interactive_mode_key: mode.map(|pair| pair.span),
            ..Neighbors::default()
        }
    }

    /// Returns what the lines say that are indented like the line of the key. If that line has a
    /// command itself, it is read alone.
    fn aligned(&self, lines: &Lines<'_>) -> Neighbors {
        let own = lines.spans.get(lines.own).copied();
        let is_dense = lines.line(lines.own).contains("command");
        let aligned = lines.aligned().filter(|line| !is_dense || Some(*line) == own);
        let first = |at: usize| self.tokens.partition_point(|token| token.outer.start() < at);
        let keys = aligned.flat_map(|line| first(line.start())..first(line.end()));
        let pairs: Vec<Pair<'a>> = keys.filter_map(|at| self.aligned_pair(at)).collect();
        let mut found = self.neighbors(&pairs, 0);
        found.is_credential = !found.has_command && lines.name_credential();
        found
    }

    /// Returns the pair of a key whose value ends with its line, or is the list items below it.
    fn aligned_pair(&self, at: usize) -> Option<Pair<'a>> {
        let pair = self.is(at + 1, Kind::Joint).then(|| self.pair(at))?;
        let pair = pair.filter(|pair| pair.owner == Owner::Literal)?;
        let mut end = self.ends(at + 2).value;
        let is_empty = end == at + 2;
        while is_empty && self.is(end, Kind::Break) && self.word(end + 1).starts_with('-') {
            end = (end + 1..self.tokens.len()).find(|at| self.is(*at, Kind::Break))?;
        }
        Some(Pair { value: at + 2..end, ..pair })
    }

    /// Returns the ends of the run that begins with a token.
    fn ends(&self, at: usize) -> Ends {
        self.ends.get(at).copied().unwrap_or(Ends::all(self.tokens.len()))
    }

    /// Returns the bracket that encloses a token.
    fn parent(&self, at: usize) -> Bracket {
        self.parents.get(at).copied().unwrap_or(Bracket::Outside(0))
    }

    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    fn is(&self, at: usize, kind: Kind) -> bool {
        self.token(at).is_some_and(|token| token.kind == kind)
    }

    fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or("")
    }

    fn word(&self, at: usize) -> &'a str {
        self.token(at).map_or("", |token| self.slice(token.span))
    }

    /// Returns the pair whose key is the token.
    fn pair(&self, at: usize) -> Option<Pair<'a>> {
        let token = *self.token(at)?;
        match token.kind {
            Kind::Word => self.pair_of_word(at, token),
            Kind::Str => self.pair_of_string(at, token),
            _ => None,
        }
    }

    /// Reads `key: …`, `key = …`, `x.key = …`, `x.setKey(…)` and `.withKey(…)`.
    fn pair_of_word(&self, at: usize, token: Token) -> Option<Pair<'a>> {
        let word = self.slice(token.span);
        let start = word.rfind(['.', '>']).map_or(0, |mark| mark + 1);
        let (before, name) = word.split_at_checked(start)?;
        let is_call = self.is(at + 1, Kind::Open) && self.word(at + 1) == "(";
        let owner = before.trim_end_matches(['.', '-', '>', '?', '!']);
        let owner = match (before.is_empty(), owner.is_empty()) {
            (true, _) => Owner::Literal,
            (false, true) if is_call => Owner::Chain,
            // `.key = …` of a literal in Zig, `..key = …` of Dart.
            (false, true) => Owner::Literal,
            (false, false) => Owner::Name(owner),
        };
        let span = Span::new(token.span.start() + start, token.span.end());
        let mut name = letters(name);
        let (value, is_added) = if is_call {
            let end = self.ends(at + 2).bracket;
            // A chain may begin with a named object.
            let behind = (end + 1..).find(|at| !self.is(*at, Kind::Break))?;
            if owner != Owner::Literal && self.word(behind).starts_with(['.', '?']) {
                return self.call(at, span, name, Owner::Chain, self.parent(at), at + 2..end);
            }
            return self.call(at, span, name, owner, self.parent(at), at + 2..end);
        } else if self.is(at + 1, Kind::Joint) {
            let value = self.value_range(at + 2);
            let is_added = self.word(at + 1) == "+="
                || self.word(value.start).rsplit('.').next() == Some("append");
            (value, is_added)
        } else {
            return self.keyword(at, token);
        };
        if name.is_empty() {
            name.push_str(word);
        }
        Some(Pair { key: at, span, name, owner, parent: self.parent(at), value, is_added })
    }

    /// Reads `:key …` of Clojure, where the value is the next form.
    fn keyword(&self, at: usize, token: Token) -> Option<Pair<'a>> {
        let colon = *self.token(at.checked_sub(1)?).filter(|token| token.kind == Kind::Joint)?;
        if colon.span.end() != token.span.start() || self.slice(colon.span) != ":" {
            return None;
        }
        let start = at + 1 + usize::from(self.is(at + 1, Kind::Break));
        let end = match self.token(start)?.kind {
            Kind::Open => self.ends(start + 1).bracket + 1,
            Kind::Str | Kind::Word => start + 1,
            _ => return None,
        };
        let (span, name) = (token.span, letters(self.slice(token.span)));
        let (owner, parent, value) = (Owner::Turns, self.parent(at), start..end);
        Some(Pair { key: at, span, name, owner, parent, value, is_added: false })
    }

    /// Returns the pair of a builder call.
    fn call(
        &self,
        key: usize,
        span: Span,
        name: String,
        owner: Owner<'a>,
        parent: Bracket,
        value: Range<usize>,
    ) -> Option<Pair<'a>> {
        let verb = ["set", "with", "add"].into_iter().find(|verb| name.starts_with(verb));
        let is_added = verb == Some("add");
        let name = verb.and_then(|verb| name.strip_prefix(verb)).unwrap_or(&name).to_owned();
        let owner = if owner == Owner::Literal && verb.is_some() { return None } else { owner };
        Some(Pair { key, span, name, owner, parent, value, is_added })
    }

    /// Reads `"key": …`, `x["key"] = …`, `x.put("key", …)` and `f("key", …, "key", …)`.
    fn pair_of_string(&self, at: usize, token: Token) -> Option<Pair<'a>> {
        let (name, span) = (letters(self.slice(token.span)), token.span);
        if self.is(at + 1, Kind::Joint) {
            let value = self.value_range(at + 2);
            let (owner, parent) = (Owner::Literal, self.parent(at));
            return Some(Pair { key: at, span, name, owner, parent, value, is_added: false });
        }
        let Bracket::Open(open) = self.parent(at) else { return None };
        let bracket = *self.token(open)?;
        let is_first = (open + 1..at).all(|before| self.is(before, Kind::Break));
        let before = window_before(self.text, bracket.span.start());
        if is_first && self.word(open) == "[" && self.is(at + 1, Kind::Close) {
            let is_part = |c: char| c.is_alphanumeric() || "_.[]\"'$:>-".contains(c);
            let owner = before.get(before.trim_end_matches(is_part).len()..)?;
            let owner = if owner.is_empty() { Owner::Literal } else { Owner::Name(owner) };
            let value = self.is(at + 2, Kind::Joint).then(|| self.value_range(at + 3))?;
            let is_added = self.word(at + 2) == "+=";
            let parent = self.parent(open);
            return Some(Pair { key: at, span, name, owner, parent, value, is_added });
        }
        if !self.is(at + 1, Kind::Comma) {
            return None;
        }
        // Before a brace or a square bracket, only a comma, a type or a keyword is possible.
        let callee =
            open.checked_sub(1).filter(|at| self.word(open) == "(" && self.is(*at, Kind::Word));
        let callee = callee.map_or("", |callee| self.word(callee));
        let (object, verb) = callee.rsplit_once('.').unwrap_or((callee, ""));
        if is_first && matches!(verb, "put" | "set" | "add" | "insert" | "Add" | "Set") {
            let owner = if object.is_empty() { Owner::Chain } else { Owner::Name(object) };
            let (parent, value) = (self.parent(open), at + 2..self.ends(at + 2).bracket);
            return Some(Pair { key: at, span, name, owner, parent, value, is_added: false });
        }
        let value = at + 2..self.ends(at + 2).argument;
        let is_mark = |at: &usize| self.is(*at, Kind::Break) || self.is(*at, Kind::Comma);
        let mut behind = (value.end..).skip_while(is_mark);
        let is_alone = is_first && behind.next().is_some_and(|at| self.is(at, Kind::Close));
        let (owner, parent) = if !is_alone {
            (Owner::Turns, self.parent(at))
        } else if callee.starts_with('.') {
            (Owner::Chain, self.parent(open))
        } else {
            (Owner::Entries(callee), self.parent(open))
        };
        Some(Pair { key: at, span, name, owner, parent, value, is_added: false })
    }

    /// Returns the tokens of a value after a joint. The value may begin on the next line, and
    /// continues on lines that begin with a joining mark.
    fn value_range(&self, from: usize) -> Range<usize> {
        let start = from + usize::from(self.is(from, Kind::Break));
        let mut at = start;
        loop {
            let end = self.ends(at).value;
            let is_joined = self.is(end, Kind::Break) && self.word(end + 1).starts_with(['.', '+']);
            if !is_joined {
                return start..end;
            }
            at = end + 1;
        }
    }

    /// Returns whether commas or brackets show where the pair begins or ends.
    fn is_delimited(&self, pair: &Pair<'_>) -> bool {
        let before = (0..pair.key).rev().find(|at| !self.is(*at, Kind::Break));
        // `:key => …` of Ruby, `.key = …` of Zig.
        let before = before
            .filter(|at| !self.is(*at, Kind::Joint))
            .or(before.and_then(|at| at.checked_sub(1)));
        let is_opened =
            before.is_some_and(|at| self.is(at, Kind::Comma) || Bracket::Open(at) == pair.parent);
        let is_inside = matches!(pair.parent, Bracket::Open(_));
        // `{ a = 1; key = 2; }` of Nix on one line.
        let is_next = pair.key.checked_sub(1).is_some_and(|at| self.is(at, Kind::Semicolon));
        is_opened
            || (is_inside && is_next)
            || self.is(pair.value.end, Kind::Comma)
            || (is_inside && self.is(pair.value.end, Kind::Close))
    }

    /// Returns the other pairs with the same owner.
    fn beside(&self, own: &Pair<'a>) -> Vec<Pair<'a>> {
        let range = match own.owner {
            Owner::Chain => self.chain(own),
            _ => 0..self.tokens.len(),
        };
        let literal = match own.owner {
            Owner::Name(name) => self.literal(name, own.key),
            _ => None,
        };
        let is_beside = |pair: &Pair<'_>| {
            let is_own = pair.parent == own.parent && pair.owner == own.owner;
            let is_of_literal = literal == Some(pair.parent) && pair.owner == Owner::Literal;
            pair.key != own.key && (is_own || is_of_literal)
        };
        // Only these can be adjacent: a key in the same bracket, or one in brackets after its
        // owner.
        let may_be_beside = |at: &usize| {
            let is_in = |parent| parent == own.parent || Some(parent) == literal;
            match self.parent(*at) {
                parent if is_in(parent) => true,
                Bracket::Open(open) => open + 1 == *at && is_in(self.parent(open)),
                Bracket::Outside(_) => false,
            }
        };
        let pairs = range.filter(may_be_beside).filter_map(|at| self.pair(at));
        pairs.filter(is_beside).collect()
    }

    /// Returns the literal or call that a variable was last set to before the token: `x := T{…}`.
    fn literal(&self, name: &str, before: usize) -> Option<Bracket> {
        let is_set = |at: &usize| self.word(*at) == name && self.is(at + 1, Kind::Joint);
        let at = (0..before).rev().find(is_set)?;
        let mut value = self.value_range(at + 2);
        value.find(|at| self.is(*at, Kind::Open)).map(Bracket::Open)
    }

    /// Returns the tokens of the chain of calls that holds a pair. Lines that begin with a dot
    /// continue the chain.
    fn chain(&self, own: &Pair<'_>) -> Range<usize> {
        let is_beside = |at: &usize| self.parent(*at) == own.parent;
        let goes_on = |at: usize| self.word(at).starts_with(['.', '?']) || self.is(at, Kind::Close);
        let ends = |at: &usize| match self.token(*at).map(|token| token.kind) {
            Some(Kind::Semicolon) => true,
            Some(Kind::Break) => !goes_on(at + 1),
            _ => false,
        };
        let start = (0..own.key).rev().filter(is_beside).find(ends).map_or(0, |at| at + 1);
        let end = (own.key..self.tokens.len()).filter(is_beside).find(ends);
        start..end.unwrap_or(self.tokens.len())
    }

    /// Returns whether everything adjacent was seen.
    fn is_whole(&self, own: &Pair<'_>) -> bool {
        match (own.owner, own.parent) {
            (Owner::Literal | Owner::Turns | Owner::Entries(""), Bracket::Open(open)) => {
                let is_spread = |at: usize| {
                    let word = self.word(at);
                    self.parent(at) == own.parent
                        && (word.starts_with("..") || word.starts_with('*'))
                };
                let end = self.ends(open + 1).bracket;
                end < self.tokens.len() && !(open + 1..end).any(is_spread)
            }
            (Owner::Chain, _) => {
                self.chain(own).any(|at| self.word(at).eq_ignore_ascii_case(".build"))
            }
            _ => false,
        }
    }

    /// Returns the value of a pair, if it is one string or word.
    fn value(&self, pair: &Pair<'_>) -> Option<Spanned<String>> {
        let first = self.token(pair.value.start)?;
        let last = self.token(pair.value.end.checked_sub(1)?)?;
        value_at(self.text, first.outer.start(), last.outer.end(), self.has_words)
    }

    /// Returns the items of a list or the arguments of a call: strings, and an empty text for each
    /// unknown value.
    fn items(&self, pair: &Pair<'_>) -> Vec<Spanned<String>> {
        let mut found = Vec::new();
        for at in pair.value.clone() {
            let Some(token) = self.token(at) else { break };
            let word = self.slice(token.span);
            let is_called = self.is(at + 1, Kind::Open) || word.starts_with('.');
            let is_value = match token.kind {
                Kind::Str => true,
                Kind::Word if is_called || matches!(word, "new" | "-") => continue,
                Kind::Word => self.has_words,
                _ => continue,
            };
            let has_letters = word.contains(char::is_alphanumeric);
            if !(is_value || has_letters) {
                continue;
            }
            let span = if is_value { token.span } else { Span::at(token.span.start()) };
            found.push(Spanned { value: self.slice(span).to_owned(), span, alias: None });
        }
        found
    }

    /// Returns whether the literal or chain of a pair creates an ExecCredential.
    fn is_of_credential(&self, own: &Pair<'_>) -> bool {
        if own.owner == Owner::Chain {
            return self.chain(own).any(|at| names_credential(self.word(at)));
        }
        let mut parent = own.parent;
        for _ in 0..3 {
            let Bracket::Open(open) = parent else { break };
            let opener = open.checked_sub(1).map_or("", |before| self.word(before));
            if names_credential(opener) {
                return true;
            }
            parent = self.parent(open);
        }
        false
    }

    /// Returns whether a variable is declared nearby as an ExecCredential.
    fn is_declared_credential(&self, owner: &str, lines: &Lines<'_>) -> bool {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let root = owner.split(|c: char| !is_name(c)).find(|part| !part.is_empty()).unwrap_or("");
        let declares = |line: &Span| {
            let line = self.slice(*line);
            let before = line.split(['=', '(']).next().unwrap_or("");
            names_credential(line) && before.split(|c: char| !is_name(c)).any(|word| word == root)
        };
        !root.is_empty() && lines.spans.iter().any(declares)
    }
}

/// Returns, for each token, the ends of the run that begins with it.
fn ends(tokens: &[Token]) -> Vec<Ends> {
    let none = Ends::all(tokens.len());
    let mut found = Vec::with_capacity(tokens.len());
    let (mut inner, mut outer) = (none, Vec::new());
    for (at, token) in tokens.iter().enumerate().rev() {
        match token.kind {
            Kind::Close => {
                outer.push(inner);
                inner = Ends::all(at);
            }
            // If nothing closes a bracket, nothing after it is in the brackets before it.
            Kind::Open => inner = outer.pop().unwrap_or(none),
            Kind::Comma => inner = Ends { argument: at, value: at, ..inner },
            Kind::Semicolon | Kind::Break => inner.value = at,
            _ => {}
        }
        found.push(inner);
    }
    found.reverse();
    found
}
