//! Finds what may be secret in a line, judging by its looks alone.
//!
//! The secrets of a parsed tree are known by their spans. This second guard covers files that no
//! parser accepts and secrets under unknown keys: it prefers to hide too much.

use std::ops::Range;

use crate::kubernetes::api_versions::GROUP;
use crate::secrets;
use crate::text::source::{Source, floor_boundary, indent_of};

mod argument;
mod assignment;
mod literal;
mod prose;
mod quotes;
mod random;
pub(super) mod setting;
pub(in crate::secrets) mod shown;
mod statement;
#[cfg(test)]
mod tests;
pub(in crate::secrets) mod word;

pub(super) use prose::{odd_words, unknown_words};

/// A part of a line that may be secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mask {
    /// The byte range within the line.
    pub(crate) range: Range<usize>,
    /// Whether a name marks it as secret. Text that merely looks secret is still shown where a
    /// label points at it.
    pub(crate) is_named: bool,
    /// Whether it is merely the value of some variable passed to a plugin.
    pub(crate) is_given: bool,
}

impl Mask {
    fn named(range: Range<usize>) -> Self {
        Self { range, is_named: true, is_given: false }
    }
}

/// What a line leaves open for the lines below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Continuation {
    None,
    /// A secret key without its value: the value may be in the lines indented below.
    Key,
    /// A flag at the end of the line: the next item is its value.
    Flag,
    /// A quoted secret that continues on the next line.
    Quote,
    /// A key `value` without its value, or with half of it: secret if it is that of a variable.
    Value,
}

/// Limit, in lines, on the search upwards for the key that a line belongs to.
const LOOK_BACK: usize = 200;
const LOOK_BACK_BYTES: usize = 64 << 10;
/// Limit, in lines, on the search downwards for the name of a variable.
const LOOK_AHEAD: usize = 50;
/// Limit on the trailing blanks to skip in search of a block scalar's header.
const MANY_BLANKS: usize = 256;
/// Limit on the search for a closing brace, in bytes.
const MAX_BRACE_DISTANCE: usize = 4096;
const PEM_BEGIN: &str = "-----BEGIN ";
const PEM_END: &str = "-----END ";

/// Returns the parts of a line of `source` (1-based, in bounds) that may be secret.
pub(crate) fn masks(source: &Source, line: usize) -> Vec<Mask> {
    let own = line_text(source, line);
    let text = &*quotes::plain(own);
    let (mut masks, _) = named(text);
    if continues(source, line) {
        masks.push(Mask::named(continuation(text)));
    }
    // The key is on the line above, whatever it is.
    let after_name = text.trim_start().strip_prefix(':').map(|rest| text.len() - rest.len());
    masks.extend(after_name.map(|start| Mask::named(start..text.len())));
    let random = random::words(text).chain(literal::lone_word(text));
    masks.extend(random.map(|range| Mask { range, is_named: false, is_given: false }));
    masks.extend(assigned(text, assignment::is_open(above(source, line))));
    masks.retain(|mask| !mask.range.is_empty());
    masks.iter_mut().for_each(|mask| mask.range = quotes::widened(own, &mask.range));
    masks
}

/// Returns the parts of a command that no report may show. It may begin with variables.
pub(super) fn in_command(command: &str) -> Vec<Range<usize>> {
    let masks = named(command).0.into_iter().chain(assigned(command, true)).map(|mask| mask.range);
    let settings = setting::settings(command, "").into_iter().map(|setting| setting.value);
    masks.chain(settings).collect()
}

/// Returns the offset in an argument of a plugin from which on no report may show it, if it is
/// hidden. `before` is the argument before it; the first argument may be any subcommand.
pub(crate) fn hidden_part(argument: &str, before: &str, is_first: bool) -> Option<usize> {
    let likely = random::words(argument).chain(users_in_urls(argument));
    let likely = likely.chain(queries_in_urls(argument)).map(|range| range.start);
    // `A=b` and `--env=A=b` set a variable. The words of a script count on their own.
    let is_flag = argument.starts_with('-');
    let set = argument.match_indices('=').nth(usize::from(is_flag)).map(|(at, _)| at + 1);
    let set = set.filter(|_| is_flag || !argument.contains(' '));
    likely.chain(set).chain(argument::unknown_part(argument, before, is_first)).min()
}

/// Returns whether a sentence holds nothing but words: no settings, no arguments and no values.
pub(super) fn is_prose(text: &str) -> bool {
    setting::settings(text, "").is_empty() && odd_words(text).is_empty()
}

/// Returns the values of environment variables in a line.
fn assigned(line: &str, is_list: bool) -> impl Iterator<Item = Mask> {
    let values = assignment::values(line, is_list).into_iter();
    let is_request =
        |value: &Range<usize>| line.get(value.clone()).is_some_and(secrets::is_version_alone);
    values.filter(move |value| !is_request(value)).map(|range| Mask {
        range,
        is_named: false,
        is_given: true,
    })
}

/// Returns the line above a line (1-based); empty for the first.
pub(super) fn above(source: &Source, line: usize) -> &str {
    line.checked_sub(1).map_or("", |above| line_text(source, above))
}

fn line_text(source: &Source, line: usize) -> &str {
    source.line_span(line).map_or("", |span| source.slice(span))
}

/// Returns the secrets of a line that are recognized by name, and what the line leaves open.
fn named(line: &str) -> (Vec<Mask>, Continuation) {
    let bytes = line.as_bytes();
    let mut masks = Vec::new();
    let mut open = Continuation::None;
    let mut at = 0;
    // The number of open braces at `counted`.
    let (mut depth, mut counted) = (0, 0);
    // Where an address or a command ends, in which secrets count.
    let mut judged = 0;
    while let Some(start) = find(bytes, at, is_word) {
        let end = find(bytes, start, |b| !is_word(b)).unwrap_or(bytes.len());
        at = end;
        let word = line.get(start..end).unwrap_or("");
        let is_secret = is_secret(word);
        let is_env = secrets::names_environment(word);
        // `value` of an environment variable, `default` of a flag in a kuberc.
        let is_value = start >= judged && (word.eq_ignore_ascii_case("value") || word == "default");
        let is_user = word == "-u";
        let is_address = start >= judged && shown::is_address(word);
        if !is_secret && !is_env && !is_value && !is_user && !is_address {
            continue;
        }
        depth = depth_after(depth, bytes.get(counted..start).unwrap_or_default());
        counted = start;
        if let Some((value, left)) = value_after(line, start, end, depth > 0) {
            if is_env {
                // `env: {A: b}`: mask the inside of the braces. A list has its values under
                // `value`.
                if bytes.get(value.start) == Some(&b'{') {
                    let inside = value.start + 1..closing_brace(bytes, value.start);
                    masks.push(Mask { range: inside, is_named: true, is_given: true });
                }
                continue;
            }
            if is_address {
                judged = value.end;
                masks.extend(in_address(line, value).map(Mask::named));
                continue;
            }
            // The words of a command are judged on their own.
            let is_command = |text: &str| text.contains("set-credentials ");
            if is_value && line.get(value.clone()).is_some_and(is_command) {
                judged = value.end;
                continue;
            }
            at = value.end.max(end);
            if is_user {
                // `curl -u name:password`
                let password = line.get(value.clone()).and_then(|value| value.find(':'));
                masks.extend(password.map(|at| Mask::named(value.start + at + 1..value.end)));
                continue;
            }
            open = match left {
                left if is_secret => left,
                Continuation::Key | Continuation::Quote if word == "value" => Continuation::Value,
                _ => open,
            };
            let value = if is_secret { value } else { after_version(line, value) };
            masks.push(Mask { range: value, is_named: is_secret, is_given: !is_secret });
        }
    }
    let others = pem_bodies(line).chain(users_in_urls(line)).chain(queries_in_urls(line));
    masks.extend(others.map(Mask::named));
    (masks, open)
}

/// Returns the part of a value that may be secret: if it begins with an exec API version, what
/// follows that, unless it is a sentence.
fn after_version(line: &str, value: Range<usize>) -> Range<usize> {
    let is_end = |c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '/'));
    let text = line.get(value.clone()).unwrap_or("");
    let start = text.find(|c| !matches!(c, '"' | '\'' | '`')).unwrap_or(0);
    let rest = text.get(start..).unwrap_or("");
    let length = rest.find(is_end).unwrap_or(rest.len());
    let (version, rest) = rest.split_at(length);
    if version.starts_with(GROUP) && !rest.is_empty() && secrets::is_version_alone(version) {
        let is_known = unknown_words(rest).is_empty() && setting::settings(rest, "").is_empty();
        let end = if is_known { value.end } else { value.start + start + length };
        return end..value.end;
    }
    value
}

/// Returns whether the word is a key or flag with a secret value, or `bearer`, which precedes a
/// secret.
fn is_secret(word: &str) -> bool {
    secrets::is_secret_key(word) || word.eq_ignore_ascii_case("bearer")
}

/// Returns the value after the secret key, flag or word at `start..end`, if any.
fn value_after(
    line: &str,
    start: usize,
    end: usize,
    in_flow: bool,
) -> Option<(Range<usize>, Continuation)> {
    let bytes = line.as_bytes();
    let skip = |at, skips: fn(u8) -> bool| find(bytes, at, |b| !skips(b)).unwrap_or(bytes.len());
    let word = bytes.get(start..end)?;
    let closed = skip(end, |b| matches!(b, b'"' | b'\'' | b'`' | b'\\' | b']' | b')'));
    let separator = skip(closed, is_blank);
    let value = skip(separator, |b| matches!(b, b':' | b'=' | b'>'));
    if value > separator {
        let at = skip(value, is_blank);
        if let Some(end) = end_of_header(line, start, at).filter(|_| closed == end) {
            return Some((at..end, Continuation::None));
        }
        // `"password: " + "x y"`: the quote closes the text of the key.
        let is_quote = |b: &&u8| matches!(b, b'"' | b'\'' | b'`');
        let opening = start.checked_sub(1).and_then(|at| bytes.get(at)).filter(is_quote);
        let quote = skip(at, |b| b == b'\\');
        if opening.is_some() && opening == bytes.get(quote) && closed == end {
            let is_open = bytes.last().is_some_and(|last| b"+.&\\".contains(last));
            let left = if is_open { Continuation::Flag } else { Continuation::None };
            return Some((quote + 1..line.len(), left));
        }
        // In `token=x y` the value is `x`; in `token = x y` and `token: x y` it may be the whole
        // rest.
        let to_blank = bytes.get(value - 1) == Some(&b'=') && at == value;
        return Some(value_at(line, at, to_blank, in_flow));
    }
    if word.eq_ignore_ascii_case(b"bearer") && separator > end {
        return Some(value_at(line, separator, true, false));
    }
    // `password X` in a netrc
    if word == b"password" && separator > end {
        let (value, left) = value_at(line, separator, true, false);
        let is_odd = line.get(value.clone()).is_some_and(|text| !unknown_words(text).is_empty());
        return is_odd.then_some((value, left));
    }
    // `.withToken("X")` of a builder, `{ "value", "X" }` of a list of pairs
    let is_pair = word == b"value" && closed > end && bytes.get(closed) == Some(&b',');
    let is_call = closed == end && bytes.get(closed) == Some(&b'(');
    if is_pair || is_call {
        let at = skip(closed + 1, is_blank);
        let is_quoted = matches!(bytes.get(at), Some(b'"' | b'\''));
        return is_quoted.then(|| value_at(line, at, true, false));
    }
    if word.first() != Some(&b'-') {
        return None;
    }
    // A flag: `--token x`, `"--token", "x"`, or a list whose next item is the value.
    let at = skip(closed, |b| is_blank(b) || b == b',');
    if at == bytes.len() {
        return Some((at..at, Continuation::Flag));
    }
    let in_list = bytes.get(closed..at)?.contains(&b',');
    (at > closed).then(|| value_at(line, at, true, in_list))
}

/// Returns the number of open braces after `bytes`.
fn depth_after(before: usize, bytes: &[u8]) -> usize {
    bytes.iter().fold(before, |depth, byte| match byte {
        b'{' => depth + 1,
        b'}' => depth.saturating_sub(1),
        _ => depth,
    })
}

/// Returns the offset of the brace that closes the one at `at`, or the end of the line.
fn closing_brace(bytes: &[u8], at: usize) -> usize {
    let mut depth = 0;
    // The limit keeps a line of a million open braces from costing a full scan for each.
    let rest = bytes.iter().enumerate().skip(at).take(MAX_BRACE_DISTANCE);
    let mut closes = rest.filter(|(_, byte)| matches!(byte, b'{' | b'}')).map(|(at, byte)| {
        depth = if *byte == b'{' { depth + 1 } else { depth - 1_i32 };
        (at, depth)
    });
    closes.find(|(_, depth)| *depth == 0).map_or(bytes.len(), |(at, _)| at)
}

/// Returns the value that begins at `at`, without its quotes, and whether it continues below.
fn value_at(line: &str, at: usize, to_blank: bool, in_flow: bool) -> (Range<usize>, Continuation) {
    let rest = line.get(at..).unwrap_or("");
    if rest.is_empty() || rest.starts_with('#') || ends_in_block_header(rest) {
        return (at..line.len(), Continuation::Key);
    }
    if rest.trim_end() == "\\" {
        return (at..line.len(), Continuation::Flag);
    }
    let quote = rest.trim_start_matches('\\');
    let escapes = rest.len() - quote.len();
    match quote.bytes().next() {
        Some(quote @ (b'"' | b'\'' | b'`')) => {
            quoted_value(line, at + escapes + 1, quote, escapes, to_blank, in_flow)
        }
        // Tags, anchors and braces are not taken apart: the whole rest is masked.
        Some(b'!' | b'&' | b'{' | b'[') => (at..line.len(), Continuation::None),
        _ => (at..unquoted_end(line, at, to_blank, in_flow), Continuation::None),
    }
}

/// Returns the [quoted] value whose content begins at `start`. Unless a blank ends it, it is one in
/// YAML: a quote inside that is not escaped only seems to end it.
fn quoted_value(
    line: &str,
    start: usize,
    quote: u8,
    escapes: usize,
    to_blank: bool,
    in_flow: bool,
) -> (Range<usize>, Continuation) {
    let (value, left) = quoted(line, start, quote, escapes);
    let behind = line.get(value.end + 1..).unwrap_or("").trim_start();
    let goes_on = !to_blank && behind.starts_with(char::is_alphanumeric);
    let end = if goes_on { unquoted_end(line, value.end + 1, false, in_flow) } else { value.end };
    (value.start..end.max(value.end), left)
}

/// Returns the end of the value at `at` if its name, at `start`, is the first word of a quoted text:
/// `-H "Authorization: Bearer X"`. The value ends with the text, unless more of it may follow, or the
/// quote may belong to a command within the text.
fn end_of_header(line: &str, start: usize, at: usize) -> Option<usize> {
    let bytes = line.as_bytes();
    let quote = bytes.get(start.checked_sub(1)?).filter(|b| matches!(b, b'"' | b'\''))?;
    let before = line.get(..start - 1)?;
    let opening = before.trim_end_matches('\\');
    if opening.ends_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let escapes = before.len() - opening.len();
    let end = closing_quote(bytes, at, *quote, escapes)?;
    let value = line.get(at..end)?;
    // A quoted or structured value has an end of its own, and `%s` and `{}` are filled in elsewhere.
    let is_open = value.trim().is_empty()
        || value.starts_with(['"', '\'', '`', '\\', '!', '&', '[', '{'])
        || value.contains("$(")
        || value.contains(['`', '%'])
        || value.match_indices('{').any(|(at, _)| !value.get(..at).unwrap_or("").ends_with('$'))
        || value
            .match_indices(['"', '\''])
            .any(|(at, _)| value.get(..at).unwrap_or("").ends_with('\\'));
    let rest = line.get(end..)?.trim_start_matches('\\').get(1..)?;
    let next = rest.trim_start_matches([' ', '\t']).chars().next();
    let is_word_end =
        rest.is_empty() || rest.starts_with([' ', '\t', ',', ';', ')', ']', '}', '|', '&']);
    let goes_on = next.is_some_and(|next| "+%.\\".contains(next));
    (!is_open && is_word_end && !goes_on).then_some(end)
}

/// Returns whether the value is a block scalar on the lines below: `|`, `!!binary >-`.
fn ends_in_block_header(rest: &str) -> bool {
    let blanks = rest.bytes().rev().take(MANY_BLANKS).take_while(|&b| is_blank(b)).count();
    let rest = rest.get(..rest.len() - blanks).unwrap_or(rest);
    let length = rest.bytes().rev().take(4).take_while(|&b| !is_blank(b)).count();
    let last = rest.get(rest.len() - length..).unwrap_or("");
    length <= 3 && last.starts_with(['|', '>'])
}

/// Returns whether the text after `at`, up to the next comma or bracket, contains a key.
fn is_before_key(line: &str, at: usize) -> bool {
    let rest = line.get(at..).unwrap_or("");
    let end = rest.find([',', '}', ']']).unwrap_or(rest.len());
    rest.get(..end).is_some_and(|next| next.contains(':'))
}

/// Returns the end of an unquoted value. A quote ends the value if it closes an enclosing text.
fn unquoted_end(line: &str, at: usize, to_blank: bool, in_flow: bool) -> usize {
    let bytes = line.as_bytes();
    let closes = |at: usize| {
        bytes.get(at + 1).is_none_or(|&b| is_blank(b) || matches!(b, b',' | b']' | b'}' | b')'))
    };
    // In braces, a comma outside of quotes ends the value if a key or an item follows.
    let mut quote = None;
    let mut ends = |at: usize| match bytes.get(at) {
        // A shell's `a\ b` is one word.
        Some(b' ' | b'\t') => to_blank && bytes.get(at.wrapping_sub(1)) != Some(&b'\\'),
        Some(&byte @ (b'"' | b'\'' | b'`')) => {
            let ends = to_blank && closes(at);
            quote = match quote {
                None if in_flow && !to_blank => Some(byte),
                Some(open) if open == byte => None,
                quote => quote,
            };
            ends
        }
        Some(b',') => in_flow && quote.is_none() && (to_blank || is_before_key(line, at + 1)),
        Some(b'}' | b']') => in_flow && quote.is_none(),
        _ => false,
    };
    (at..line.len()).find(|&at| ends(at)).unwrap_or(line.len())
}

/// Returns whether a quote after `slashes` backslashes closes a text that began with such a quote
/// after `escapes` backslashes.
fn closes(quote: u8, escapes: usize, slashes: usize) -> bool {
    match escapes {
        0 => quote != b'"' || slashes.is_multiple_of(2),
        _ => slashes <= escapes,
    }
}

/// Returns the quoted value whose content begins at `start`, after a quote preceded by `escapes`
/// backslashes.
fn quoted(line: &str, start: usize, quote: u8, escapes: usize) -> (Range<usize>, Continuation) {
    let bytes = line.as_bytes();
    let Some(end) = closing_quote(bytes, start, quote, escapes) else {
        return (start..line.len(), Continuation::Quote);
    };
    // In a shell, `"a"b` continues after the quote.
    let is_continued = escapes == 0 && bytes.get(end + 1).is_some_and(|&next| is_word(next));
    let end = if is_continued { unquoted_end(line, end + 1, true, true) } else { end };
    (start..end, Continuation::None)
}

/// Returns the end of the quoted text that begins at `start`, after a quote preceded by `escapes`
/// backslashes; `None` if its line does not close it. The closing quote has as many backslashes, or
/// fewer if the enclosing text ends there.
fn closing_quote(bytes: &[u8], start: usize, quote: u8, escapes: usize) -> Option<usize> {
    let mut slashes = 0;
    let mut at = start;
    loop {
        let byte = *bytes.get(at)?;
        if byte == quote && closes(quote, escapes, slashes) {
            // `''` is an escaped quote.
            if escapes > 0 || bytes.get(at + 1) != Some(&quote) {
                return Some(if escapes == 0 { at } else { at - slashes });
            }
            at += 1;
        }
        slashes = if byte == b'\\' { slashes + 1 } else { 0 };
        at += 1;
    }
}

/// Returns the bodies of PEM blocks on one line, with escaped or missing line breaks.
fn pem_bodies(line: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let label = at + line.get(at..)?.find(PEM_BEGIN)? + PEM_BEGIN.len();
        let start = label + line.get(label..)?.find("-----")? + 5;
        let end = line.get(start..)?.find(PEM_END).map_or(line.len(), |length| start + length);
        at = end;
        Some(start..end)
    })
}

/// Returns the user and the password in each URL. A password may contain what ends the host of other
/// URLs: `https://user:a/b#c@host`.
fn users_in_urls(line: &str) -> impl Iterator<Item = Range<usize>> {
    line.match_indices("://").filter_map(|(at, joint)| {
        let start = at + joint.len();
        // A line may hold an address every few bytes.
        const MAX: usize = 256;
        let rest = line.get(start..floor_boundary(line, start + MAX))?;
        Some(start..start + user_end(rest)?)
    })
}

/// Returns where the user and the password end that an address without a scheme may begin with.
pub(super) fn user_end(address: &str) -> Option<usize> {
    let authority = address.split(['/', '?', '#', '"', '\'', ' ', '\t']).next()?;
    let has_password = || {
        authority.split_once(':').is_some_and(|(user, port)| {
            !user.contains(['[', '.']) && !port.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let behind = || {
        let end = address.find(['"', '\'', '`', '<', '>']).or_else(|| address.find([' ', '\t']));
        address.get(..end.unwrap_or(address.len()))?.rfind('@').filter(|_| has_password())
    };
    authority.rfind('@').or_else(behind)
}

/// Returns what may be secret in a value that is an address, with a scheme or without one: the user
/// and the password, and the query, in which there may be blanks.
fn in_address(line: &str, value: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let address = line.get(value.clone()).unwrap_or("");
    let address = address.split(" #").next().unwrap_or(address);
    let host = address.find("://").map_or(0, |joint| joint + 3);
    let user = address.get(host..).and_then(user_end).map(|length| host..host + length);
    let query = address.find('?').map(|query| query + 1..address.len());
    let query = query
        .filter(|query| !address.get(query.clone()).is_some_and(|query| query.starts_with("ref=")));
    let parts = user.into_iter().chain(query);
    parts.map(move |part| value.start + part.start..value.start + part.end)
}

/// Returns the values in the query of each URL, but for `?ref=v1`, the version of a module.
fn queries_in_urls(line: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    let queries = std::iter::from_fn(move || {
        let start = at + line.get(at..)?.find("://")?;
        let rest = line.get(start..)?;
        let end = rest.find(['"', '\'', '`', ' ', '\t', '<', '>', ')']).unwrap_or(rest.len());
        at = start + end;
        let url = rest.get(..end)?;
        Some(url.find('?').map_or(at..at, |query| start + query + 1..at))
    });
    queries.flat_map(|query| {
        let mut at = query.start;
        line.get(query).unwrap_or("").split('&').filter_map(move |part| {
            let end = at + part.len();
            let value = part.find('=').map(|equals| at + equals + 1..end);
            at = end + 1;
            value.filter(|_| !part.starts_with("ref="))
        })
    })
}

/// Returns whether the line continues the value of a secret key, flag or PEM block above it.
fn continues(source: &Source, line: usize) -> bool {
    let text = line_text(source, line);
    let indent = indent_of(text);
    let is_item = text.trim_start().starts_with('-');
    let is_base64 = |b: u8| b.is_ascii_alphanumeric() || b"+/=\\\"',".contains(&b);
    let may_be_pem = text.trim().bytes().all(is_base64);
    let mut is_next = true;
    let mut looked = 0;
    for above in (line.saturating_sub(LOOK_BACK)..line).rev() {
        let other = line_text(source, above);
        looked += other.len();
        if looked > LOOK_BACK_BYTES {
            // Too far to look: an indented line may belong to anything.
            return indent > 0;
        }
        if other.trim().is_empty() {
            continue;
        }
        if may_be_pem && other.contains(PEM_BEGIN) {
            return true;
        }
        // A list may have the same indentation as its key.
        let is_key_of_item = is_item && !other.trim_start().starts_with('-');
        let is_parent = indent_of(other) < indent + usize::from(is_key_of_item);
        if is_next || is_parent {
            match named(other).1 {
                // In a broken file, the first line of a block may have too little indentation.
                Continuation::Key if is_parent || (is_next && !text.contains(':')) => return true,
                Continuation::Flag if is_next => return true,
                Continuation::Quote => return true,
                // A text with keys and items may be a configuration, whose lines count on their own.
                Continuation::Value if !is_item && !text.contains(':') => {
                    return is_variable(source, above);
                }
                _ => {}
            }
        }
        if is_parent {
            return false;
        }
        is_next = false;
    }
    false
}

/// Returns whether the `value` in a line is that of a variable: `name` is the key before or after it.
fn is_variable(source: &Source, line: usize) -> bool {
    let has_name = |line: usize| {
        let text = line_text(source, line).trim_start_matches([' ', '-', '{']);
        text.starts_with("name:") || text.starts_with("\"name\":")
    };
    let text = line_text(source, line);
    if text.contains("name:")
        || text.contains("\"name\"")
        || line.checked_sub(1).is_some_and(has_name)
    {
        return true;
    }
    // `- value: |` with the name below
    let column = text.len() - text.trim_start_matches([' ', '-']).len();
    let is_outer = |below: &usize| {
        let text = line_text(source, *below);
        !text.trim().is_empty() && indent_of(text) <= column
    };
    let below = (line + 1..=source.line_count()).take(LOOK_AHEAD).find(is_outer);
    below.is_some_and(|below| indent_of(line_text(source, below)) == column && has_name(below))
}

/// Returns the part of a continuation line to hide: all of it, since a key may be half of a secret.
fn continuation(line: &str) -> Range<usize> {
    let bytes = line.as_bytes();
    let start = find(bytes, 0, |b| !(is_blank(b) || b == b'-')).unwrap_or(bytes.len());
    start..line.len()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// Returns the first offset from `at` on whose byte satisfies `is`.
fn find(bytes: &[u8], at: usize, is: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.get(at..)?.iter().position(|&byte| is(byte)).map(|offset| at + offset)
}
