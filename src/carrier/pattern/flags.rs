//! `kubectl config set-credentials NAME --exec-command=… --exec-arg=… --exec-api-version=…`: the
//! exec config that these flags write, on a command line or in a list of arguments.
//!
//! Source of the flags: kubectl `pkg/cmd/config/set_credentials.go`; `--exec-arg` splits at commas,
//! `--exec-env` does not.

use std::ops::Range;

use crate::carrier::vocabulary::letters;
use crate::model::ExecEnvVar;
use crate::text::source::{Span, Spanned};

use super::lines::Lines;
use super::neighbors::Neighbors;
use super::tokens::{Kind, Token, is_comment, tokens};

/// Returns whether a key is the flag that sets the API version.
pub(super) fn is_flag(name: &str) -> bool {
    name.starts_with("--") && letters(name) == "execapiversion"
}

const SUBCOMMAND: &str = "set-credentials";

/// Reads the flags next to the one at `at`.
pub(super) fn read(lines: &Lines<'_>, at: usize, has_words: bool) -> Neighbors {
    let text = lines.text;
    let slice = |span: Span| text.get(span.range()).unwrap_or("");
    let command = command(lines, at);
    let own = lines.own - command.start;
    let command = lines.spans.get(command).unwrap_or(&[]);
    let tokens: Vec<Token> = tokens(text, command, own).flatten().collect();
    let own = tokens.iter().position(|token| token.outer.end() > at).unwrap_or(0);
    let names = |token: &Token, word: &str| slice(token.span).contains(word);
    let ends = |token: &Token| names(token, SUBCOMMAND) || names(token, "--exec-api-version");
    let begin = tokens.iter().take(own).rposition(ends);
    let end = tokens.iter().skip(own + 1).position(ends).map_or(tokens.len(), |at| own + 1 + at);
    // Returns the value behind the token before `at`, and moves `at` behind it.
    let value_after = |at: &mut usize| {
        let joint = tokens.get(*at).filter(|next| next.kind == Kind::Joint);
        let is_joined = joint.is_some();
        *at += usize::from(is_joined);
        let is_skipped = |token: &Token| {
            matches!(token.kind, Kind::Comma | Kind::Break)
                || matches!(slice(token.span), "-" | "^" | "+")
        };
        let mut is_item = false;
        while !is_joined && tokens.get(*at).is_some_and(is_skipped) {
            is_item |= tokens.get(*at).is_some_and(|token| token.kind == Kind::Comma);
            *at += 1;
        }
        let value = tokens.get(*at).filter(|next| *at < end && !is_skipped(next));
        let value = value.and_then(|value| match value.kind {
            Kind::Str => literal(slice(value.span), value.span, true),
            Kind::Word => {
                // In a shell, `=` and `:` are part of a word.
                let rest = lines.spans.iter().find(|line| line.contains(value.span))?;
                let rest = text.get(value.span.start()..rest.end())?;
                let is_end =
                    |c: char| c.is_whitespace() || "\"'`;)]\\".contains(c) || (is_item && c == ',');
                let length = rest.find(is_end).unwrap_or(rest.len());
                let span = Span::new(value.span.start(), value.span.start() + length);
                literal(slice(span), span, has_words)
            }
            _ => None,
        });
        if let Some(value) = &value {
            while tokens.get(*at).is_some_and(|t| *at < end && t.span.start() < value.span.end()) {
                *at += 1;
            }
        }
        value
    };
    let subcommand = begin.filter(|at| tokens.get(*at).is_some_and(|t| names(t, SUBCOMMAND)));
    let user = subcommand.and_then(|at| value_after(&mut (at + 1)));
    let is_str = |token: &Token| token.kind == Kind::Str;
    // Between strings of source code, a word is the name of a variable.
    let is_quoted = subcommand.and_then(|at| tokens.get(at)).is_some_and(is_str);
    let is_variable = |user: &Spanned<String>| {
        is_quoted && !tokens.iter().any(|token| is_str(token) && token.span == user.span)
    };
    let mut found = Neighbors {
        user: user.filter(|user| is_name(&user.value) && !is_variable(user)),
        is_whole: subcommand.is_some(),
        ..Neighbors::default()
    };
    let mut at = begin.map_or(0, |begin| begin + 1);
    while at < end {
        let Some(token) = tokens.get(at) else { break };
        let word = slice(token.span);
        let is_value = matches!(token.kind, Kind::Word | Kind::Str);
        // `$EXTRA`, `"${args[@]}"` and `args...` may hold any flag.
        let is_open = word.contains("[@]") || word.ends_with("...") || word == "$@" || word == "$*";
        found.is_whole &= !(is_value && is_open);
        at += 1;
        if !is_value || !word.starts_with("--exec-") {
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
            Some(value) => literal(slice(value), value, true),
            None => value_after(&mut at),
        };
        take(&mut found, flag, name, value);
    }
    found
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
