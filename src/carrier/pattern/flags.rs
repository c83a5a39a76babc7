//! `kubectl config set-credentials NAME --exec-command=… --exec-arg=… --exec-api-version=…`: the
//! exec config that these flags write, on a command line or in a list of arguments. Also the user
//! with an auth provider that `--auth-provider` writes.
//!
//! Source of the flags: kubectl `pkg/cmd/config/set_credentials.go`; `--exec-arg` splits at commas,
//! `--exec-env` does not.

use std::ops::Range;

use crate::carrier::heuristics::AUTH_PROVIDER_FLAG;
use crate::carrier::vocabulary::letters;
use crate::model::{AuthInfo, AuthProvider, Evidence, ExecEnvVar, Reach};
use crate::text::placeholder;
use crate::text::source::{Span, Spanned};

use super::lines::Lines;
use super::neighbors::Neighbors;
use super::tokens::{Kind, Token, is_comment, tokens};

/// Returns whether a key is the flag that sets the API version.
pub(super) fn is_flag(name: &str) -> bool {
    name.starts_with("--") && letters(name) == "execapiversion"
}

const SUBCOMMAND: &str = "set-credentials";
const VERSION_FLAG: &str = "--exec-api-version";

/// Reads the flags next to the one at `at`.
pub(super) fn read(lines: &Lines<'_>, at: usize, has_words: bool) -> Neighbors {
    let line = CommandLine::around(lines, at, VERSION_FLAG, has_words);
    let user = line.user();
    let mut found = Neighbors { user, is_whole: line.subcommand.is_some(), ..Neighbors::default() };
    let mut at = line.begin;
    while let Some(token) = line.token(at) {
        at += 1;
        let word = line.word(token);
        if !matches!(token.kind, Kind::Word | Kind::Str) {
            continue;
        }
        // `$EXTRA`, `"${args[@]}"` and `args...` may hold any flag.
        let is_open = word.contains("[@]") || word.ends_with("...") || word == "$@" || word == "$*";
        found.is_whole &= !is_open;
        if !word.starts_with("--exec-") {
            continue;
        }
        let (name, inline) = match word.split_once('=') {
            Some((name, value)) => {
                (name, Some(Span::new(token.span.end() - value.len(), token.span.end())))
            }
            None => (word, None),
        };
        let flag = Span::new(token.span.start(), token.span.start() + name.len());
        let value = match inline {
            Some(value) => literal(line.slice(value), value, true),
            None => line.value_after(&mut at),
        };
        take(&mut found, flag, name, value);
    }
    found
}

/// The words of one command line or list of arguments.
struct CommandLine<'a> {
    lines: &'a Lines<'a>,
    tokens: Vec<Token>,
    /// The 0-based number of the token `set-credentials`.
    subcommand: Option<usize>,
    /// The number of the flag itself.
    own: usize,
    /// The number of the first token after the subcommand, or after another flag of the same name.
    begin: usize,
    /// The number of the first token that belongs to the next user.
    end: usize,
    /// Whether values may be unquoted and are not names of variables.
    has_words: bool,
}

impl<'a> CommandLine<'a> {
    /// Returns the command line with the flag at `at`.
    fn around(lines: &'a Lines<'a>, at: usize, flag: &str, has_words: bool) -> Self {
        let text = lines.text;
        let command = command(lines, at);
        let own = lines.own - command.start;
        let command = lines.spans.get(command).unwrap_or(&[]);
        let tokens: Vec<Token> = tokens(text, command, own).flatten().collect();
        let own = tokens.iter().position(|token| token.outer.end() > at).unwrap_or(0);
        let names = |token: &Token, word: &str| {
            text.get(token.span.range()).is_some_and(|text| has_word(text, word))
        };
        let ends = |token: &Token| names(token, SUBCOMMAND) || names(token, flag);
        let before = tokens.iter().take(own).rposition(ends);
        let after = tokens.iter().skip(own + 1).position(ends);
        let is_subcommand = |at: &usize| tokens.get(*at).is_some_and(|t| names(t, SUBCOMMAND));
        Self {
            lines,
            subcommand: before.filter(is_subcommand),
            own,
            begin: before.map_or(0, |before| before + 1),
            end: after.map_or(tokens.len(), |after| own + 1 + after),
            tokens,
            has_words,
        }
    }

    /// Returns a token of this exec config.
    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at).filter(|_| at < self.end)
    }

    fn slice(&self, span: Span) -> &'a str {
        self.lines.text.get(span.range()).unwrap_or("")
    }

    fn word(&self, token: &Token) -> &'a str {
        self.slice(token.span)
    }

    /// Returns the name behind `set-credentials`.
    fn user(&self) -> Option<Spanned<String>> {
        let subcommand = self.subcommand?;
        let user = self.value_after(&mut (subcommand + 1))?;
        let is_str = |token: &Token| token.kind == Kind::Str;
        // Between strings of source code, a word is the name of a variable.
        let is_quoted = self.tokens.get(subcommand).is_some_and(is_str);
        let is_literal =
            || self.tokens.iter().any(|token| is_str(token) && token.span == user.span);
        (is_name(&user.value) && (!is_quoted || is_literal())).then_some(user)
    }

    /// Returns the value behind the token before `at`, and moves `at` behind it.
    fn value_after(&self, at: &mut usize) -> Option<Spanned<String>> {
        let is_joined = self.tokens.get(*at).is_some_and(|next| next.kind == Kind::Joint);
        *at += usize::from(is_joined);
        let is_skipped = |token: &Token| {
            matches!(token.kind, Kind::Comma | Kind::Break)
                || matches!(self.word(token), "-" | "^" | "+")
        };
        let mut is_item = false;
        while let Some(token) = self.tokens.get(*at).filter(|t| !is_joined && is_skipped(t)) {
            is_item |= token.kind == Kind::Comma;
            *at += 1;
        }
        let token = self.token(*at).filter(|token| !is_skipped(token))?;
        let value = match token.kind {
            Kind::Str => literal(self.word(token), token.span, true),
            Kind::Word => {
                let span = self.shell_word(token, is_item)?;
                literal(self.slice(span), span, self.has_words)
            }
            _ => None,
        }?;
        while self.token(*at).is_some_and(|token| token.span.start() < value.span.end()) {
            *at += 1;
        }
        Some(value)
    }

    /// Returns the word of a shell that begins with a token: `=` and `:` are part of it. `is_item`
    /// means that a comma ends it.
    fn shell_word(&self, token: &Token, is_item: bool) -> Option<Span> {
        let line = self.lines.spans.iter().find(|line| line.contains(token.span))?;
        let rest = self.lines.text.get(token.span.start()..line.end())?;
        let is_end =
            |c: char| c.is_whitespace() || "\"'`;)]\\".contains(c) || (is_item && c == ',');
        let length = rest.find(is_end).unwrap_or(rest.len());
        Some(Span::new(token.span.start(), token.span.start() + length))
    }
}

/// Returns whether a word occurs in a text, and not only as the start of a longer flag.
fn has_word(text: &str, word: &str) -> bool {
    let is_end = |rest: &str| !rest.starts_with(|c: char| c == '-' || c.is_alphanumeric());
    text.match_indices(word).any(|(at, _)| text.get(at + word.len()..).is_some_and(is_end))
}

/// Returns the user that the command with the flag `--auth-provider` at `at` writes. `lines` are near
/// the flag.
pub(super) fn user_with_provider(
    lines: &Lines<'_>,
    at: usize,
    has_words: bool,
) -> Option<AuthInfo> {
    let line = CommandLine::around(lines, at, AUTH_PROVIDER_FLAG, has_words);
    let subcommand = line.token(line.subcommand?)?;
    let between = line.slice(Span::new(subcommand.span.end(), at));
    if ["; ", "&&", "||", " | "].into_iter().any(|mark| between.contains(mark)) {
        return None;
    }
    let key = Span::new(at, at + AUTH_PROVIDER_FLAG.len());
    let token = line.tokens.get(line.own)?;
    // A string may hold the flag and its value.
    let name = match token.kind {
        Kind::Str if token.span.end() > key.end() => {
            let value = Span::new(key.end() + 1, token.span.end());
            literal(line.slice(value), value, true)
        }
        _ => line.value_after(&mut (line.own + 1)),
    };
    let name = name.filter(|name| !placeholder::is_in_capitals(&name.value))?;
    let provider = AuthProvider { key, name: Some(name), alias: None, is_flag: true };
    Some(AuthInfo {
        name: line.user(),
        auth_provider: Some(Box::new(provider)),
        reach: Reach::Fragment,
        evidence: Evidence::Pattern,
        ..AuthInfo::empty()
    })
}

/// Records a flag and its value, if the value is known.
fn take(found: &mut Neighbors, flag: Span, name: &str, value: Option<Spanned<String>>) {
    match letters(name).as_str() {
        "execcommand" => {
            found.has_command = true;
            found.command = found.command.take().or(value);
        }
        "execarg" => match value {
            Some(value) => found.args.extend(split(&value)),
            // An unknown argument still counts.
            None => found.args.push(part("", flag.end())),
        },
        "execenv" => found.env.extend(value.as_ref().and_then(variable)),
        "execinteractivemode" => found.interactive_mode_key = Some(flag),
        _ => {}
    }
}

/// Returns the value of a flag; `None` if it is filled in elsewhere.
fn literal(word: &str, span: Span, is_literal: bool) -> Option<Spanned<String>> {
    let marks = ['$', '{', '<', '%', '`', '@'];
    let is_plain = is_literal && !word.is_empty() && !word.starts_with(marks);
    is_plain.then(|| Spanned { value: word.to_owned(), span, alias: None })
}

/// Returns whether a word is the name of a user: not a flag, and nothing that a shell replaces.
fn is_name(word: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':' | '/' | '@');
    !word.starts_with('-') && word.chars().all(is_plain)
}

fn part(word: &str, start: usize) -> Spanned<String> {
    Spanned { value: word.to_owned(), span: Span::new(start, start + word.len()), alias: None }
}

/// Returns the arguments in the value of `--exec-arg`.
fn split(value: &Spanned<String>) -> Vec<Spanned<String>> {
    let mut start = value.span.start();
    let part = |word: &str| {
        let part = part(word, start);
        start += word.len() + 1;
        part
    };
    value.value.split(',').map(part).collect()
}

fn variable(value: &Spanned<String>) -> Option<ExecEnvVar> {
    let (name, content) = value.value.split_once('=')?;
    let name = part(name, value.span.start());
    let content = part(content, name.span.end() + 1);
    let content = Some(content).filter(|content| !content.value.is_empty()).map(Box::new);
    Some(ExecEnvVar { span: value.span, alias: None, name: Some(Box::new(name)), value: content })
}

/// Returns the lines of the command or list that contains the flag at `at`.
fn command(lines: &Lines<'_>, at: usize) -> Range<usize> {
    let (text, own) = (lines.text, lines.own);
    let goes_on = |above: usize| {
        let (above, below) = (lines.line(above).trim_end(), lines.line(above + 1).trim_start());
        let is_continued = above.ends_with(['\\', '^', '`', ',', '+', '(', '[', '{']);
        let bare = below.trim_start_matches(['"', '\'']);
        is_continued || bare.starts_with(['-', '+']) || below.contains("--exec-")
    };
    let is_in_comment = is_comment(lines.line(own));
    // Another command begins or ends there, whatever joins the lines.
    let has_subcommand = |number: usize| {
        let Some(line) = lines.spans.get(number) else { return false };
        let line = if number == own { Span::new(line.start(), line.end().min(at)) } else { *line };
        let slice = |span: Span| text.get(span.range()).unwrap_or("");
        slice(line).contains(SUBCOMMAND)
            && is_comment(slice(line)) == is_in_comment
            && tokens(text, &[line], 0)
                .flatten()
                .any(|token| slice(token.span).contains(SUBCOMMAND))
    };
    let is_first =
        |line: &usize| has_subcommand(*line) || !line.checked_sub(1).is_some_and(goes_on);
    let is_last = |line: &usize| (*line > own && has_subcommand(*line)) || !goes_on(*line);
    let first = (0..=own).rev().find(is_first).unwrap_or(own);
    let last = (own..lines.spans.len()).find(is_last).unwrap_or(own);
    first..last + 1
}
