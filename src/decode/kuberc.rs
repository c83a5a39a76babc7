//! A kuberc as kubectl takes it apart: documents cut by lines with `---`, each read as JSON or
//! YAML, of which it uses the first that is a `Preference` it knows.
//!
//! Source: kubectl `pkg/kuberc/marshal.go` (`decodePreference`), apimachinery
//! `pkg/util/yaml/decoder.go` (`YAMLReader`, `IsJSONBuffer`) and
//! `pkg/runtime/serializer/recognizer`, kubectl `pkg/config/v1beta1/conversion.go`; measured with
//! kubectl 1.34 to 1.37.

use std::collections::HashSet;

use super::check::{self, TypeMeta};
use super::fields::View;
use super::strict::{self, Content, Value};
use super::{DecodeError, Reason, document, preference};
use crate::kubernetes::kuberc::{COMMAND_SINCE, GROUP, KIND};
use crate::kubernetes::version::Minor;
use crate::model::{
    Allowlist, AllowlistEntry, InvalidCommand, Kuberc, PolicyKey, Preference, Spanned, Unread,
    UnreadWhy,
};
use crate::source::{Encoding, Source, Span};
use crate::syntax::node::{SyntaxError, Tree};
use crate::syntax::{json, jsonc, yaml};

/// Takes a file apart as kubectl would if it were the user's kuberc, whatever it is.
pub fn read(source: &Source) -> Kuberc {
    let (pieces, bad_separator) = match source.encoding() {
        Encoding::Utf8 => cut(source.text()),
        // No line of UTF-16 begins with three bytes of `---`.
        _ => (vec![Span::new(0, source.text().len())], None),
    };
    let documents = pieces.into_iter().map(|piece| document(source, piece)).collect();
    Kuberc { documents, bad_separator }
}

/// The documents that are not blank, and the text behind a `---` that ends the reading.
fn cut(text: &str) -> (Vec<Span>, Option<Spanned<String>>) {
    let mut pieces = Vec::new();
    // The document that is being gathered. A `---` before its first line is part of it.
    let mut piece: Option<Span> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.len());
        at = span.end;
        if let Some(rest) = line.strip_prefix("---") {
            let value = rest.trim();
            if !value.is_empty() && !value.starts_with('#') {
                let start = span.start + line.find(value).unwrap_or(0);
                let span = Span::new(start, start + value.len());
                return (pieces, Some(Spanned { value: value.to_owned(), span, alias: None }));
            }
            if let Some(piece) = piece.take() {
                pieces.push(piece);
                continue;
            }
        }
        piece = Some(Span::new(piece.map_or(span.start, |piece| piece.start), span.end));
    }
    pieces.extend(piece);
    pieces.retain(|piece| text.get(piece.range()).is_some_and(|text| !text.trim().is_empty()));
    (pieces, None)
}

/// A document, parsed.
struct Parsed {
    tree: Tree,
    /// JSON with its comments blanked, if it has any.
    text: Option<String>,
    is_json: bool,
    error: Option<(Span, UnreadWhy)>,
}

fn document(source: &Source, piece: Span) -> Preference {
    let text = source.text().get(..piece.end).unwrap_or("");
    let parsed = parse(source, text, piece);
    let view = View { tree: &parsed.tree, text: parsed.text.as_deref().unwrap_or(text) };
    let mut found = Preference { span: piece, ..Preference::default() };
    let fail = |(span, why)| Unread { span, why, since: Minor::OLDEST };
    found.unread.extend(parsed.error.map(fail));
    let Some(root) = view.tree.documents.first().and_then(|document| document.root) else {
        keys_in_text(text, piece, &mut found);
        if found.unread.is_empty() {
            found.unread.push(fail((Span::at(piece.start), UnreadWhy::Kind)));
        }
        return found;
    };
    let unbounded = document::unbounded(view, root).is_some();
    let undecodable = |error: DecodeError| (error.span, UnreadWhy::Undecodable(error.reason));
    if !parsed.is_json
        && found.unread.is_empty()
        && let Err(error) = document::check(view, root)
    {
        found.unread.push(fail(undecodable(error)));
    }
    if unbounded {
        // Nothing may be expanded.
        keys_in_text(text, piece, &mut found);
        return found;
    }
    let content = Content { view, root, start: piece.start, is_json: parsed.is_json };
    found.keys = policy_keys(&content);
    let meta = check::type_meta(view, content.top());
    let is_sound = found.unread.is_empty();
    match meta {
        Ok(TypeMeta { api_version, kind }) => (found.api_version, found.kind) = (api_version, kind),
        Err(error) if is_sound => found.unread.push(fail(undecodable(error))),
        Err(_) => {}
    }
    if !is_sound {
        if found.keys.is_empty() {
            keys_in_text(text, piece, &mut found);
        }
        return found;
    }
    if !found.unread.is_empty() {
        return found;
    }
    let place = |value: &Option<Spanned<String>>| {
        value.as_ref().map_or(view.tree.node(root).span, |value| value.span)
    };
    let is_kind = found.kind.as_ref().is_some_and(|kind| kind.value == KIND);
    let version = found.api_version.as_ref().and_then(|v| v.value.strip_prefix(GROUP));
    let of = match version.and_then(|rest| rest.strip_prefix('/')) {
        _ if !is_kind => {
            found.unread.push(fail((place(&found.kind), UnreadWhy::Kind)));
            return found;
        }
        Some("v1beta1") => &preference::V1BETA1,
        Some("v1alpha1") => &preference::V1ALPHA1,
        Some("__internal") => &preference::INTERNAL,
        _ => {
            found.unread.push(fail((place(&found.api_version), UnreadWhy::Version)));
            return found;
        }
    };
    let decoded = strict::decode(&content, of);
    found.strict = decoded.strict;
    let wrong = decoded.errors.into_iter().map(|error| {
        let since = error.since;
        let (span, why) = undecodable(error);
        Unread { span, why, since }
    });
    found.unread.extend(wrong);
    fill(&mut found, &decoded.value);
    found
}

/// Reads a document as JSON where it begins with `{`, else as YAML.
fn parse(source: &Source, text: &str, piece: Span) -> Parsed {
    let content = text.get(piece.start..).unwrap_or("");
    let wide = source.encoding() != Encoding::Utf8;
    if !wide && content.trim_start().starts_with('{') {
        return match json::parse(text, piece.start) {
            Ok(tree) => Parsed { tree, text: None, is_json: true, error: None },
            Err(error) => meant_as_json(text, piece, error),
        };
    }
    let tree = yaml::parse_from(text, piece.start);
    let error = tree.documents.first().and_then(|document| document.error.clone());
    let raw = source.raw().and_then(|bytes| bytes.get(piece.range()));
    let error = match raw.and_then(yaml::error_in_bytes) {
        Some(SyntaxError { span, message }) => {
            let span = Span::new(span.start + piece.start, span.end + piece.start);
            Some(SyntaxError { span, message })
        }
        None => error,
    };
    let undecodable =
        |error: SyntaxError| (error.span, UnreadWhy::Undecodable(Reason::Syntax(error.message)));
    // kubectl reads lines of bytes and ends each with a byte more: of UTF-16 only one with a big
    // byte first and a line break last comes out whole.
    let is_whole = source.encoding() == Encoding::Utf16Be && content.ends_with('\n');
    let error = match (source.invalid_at(), wide && !is_whole) {
        (Some(at), _) if wide => Some((Span::at(at), UnreadWhy::Undecodable(Reason::Encoding))),
        (_, true) => Some((Span::at(piece.start), UnreadWhy::Undecodable(Reason::Encoding))),
        _ => error.map(undecodable),
    };
    Parsed { tree, text: None, is_json: false, error }
}

/// What is no JSON is read as its author may have meant it.
fn meant_as_json(text: &str, piece: Span, error: SyntaxError) -> Parsed {
    let content = text.get(piece.start..).unwrap_or("");
    let comment_at = |blank: &str| {
        let mut pairs = content.bytes().zip(blank.bytes());
        pairs.position(|(a, b)| a != b).map(|at| piece.start + at)
    };
    if let Some(blank) = jsonc::blank_comments(content)
        && let Some(at) = comment_at(&blank)
    {
        let text = format!("{}{blank}", text.get(..piece.start).unwrap_or(""));
        let error = Some((Span::new(at, at + 2), UnreadWhy::JsonComment));
        let tree = yaml::parse_from(&text, piece.start);
        return Parsed { tree, text: Some(text), is_json: false, error };
    }
    let tree = yaml::parse_from(text, piece.start);
    let error = Some((error.span, UnreadWhy::NotJson(error.message)));
    Parsed { tree, text: None, is_json: false, error }
}

const POLICY: &str = "credentialPluginPolicy";
const ALLOWLIST: &str = "credentialPluginAllowlist";

/// What a key at the top is meant to be, if it is one of a policy: case, `-` and `_` aside.
/// `credPlugin…` was its name in the proposal.
fn meant_by(key: &str) -> Option<&'static str> {
    if key.len() > 2 * ALLOWLIST.len() {
        return None;
    }
    let plain: String = key.chars().filter(|c| !matches!(c, '-' | '_')).collect();
    match plain.to_ascii_lowercase().as_str() {
        "credentialpluginpolicy" | "credpluginpolicy" => Some(POLICY),
        "credentialpluginallowlist" | "credpluginallowlist" => Some(ALLOWLIST),
        _ => None,
    }
}

fn policy_keys(content: &Content<'_>) -> Vec<PolicyKey> {
    let view = content.view;
    let keys = content.top().into_iter().filter_map(|(name, field)| {
        let meant = meant_by(&name)?;
        let value = view.string(field.value);
        let is_open = view.is_null(field.value)
            || (meant == POLICY && value.is_some_and(|value| allows_all(&value)));
        let span = view.tree.node(field.key).span;
        Some(PolicyKey { span, meant, is_exact: name == meant, restricts: !is_open })
    });
    let mut keys: Vec<PolicyKey> = keys.collect();
    keys.sort_by_key(|key| key.span);
    keys
}

fn allows_all(policy: &str) -> bool {
    matches!(policy, "" | "AllowAll")
}

/// The same of a text that has no tree to tell.
fn keys_in_text(text: &str, piece: Span, found: &mut Preference) {
    let content = text.get(piece.range()).unwrap_or("");
    let in_braces = content.trim_start().starts_with('{');
    for meant in [POLICY, ALLOWLIST] {
        for (at, _) in content.match_indices(meant) {
            let before = content.get(..at).unwrap_or("").trim_end_matches(['"', '\'']);
            let before = if in_braces { before.trim_end() } else { before };
            let is_first = before.is_empty()
                || before.ends_with(['\n', '\r'])
                || (in_braces && before.ends_with(['{', ',']));
            let rest = content.get(at + meant.len()..).unwrap_or("");
            let rest =
                rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start_matches([' ', '\t']);
            let Some(value) = rest.strip_prefix(':').filter(|_| is_first) else { continue };
            let value = value.lines().next().unwrap_or("");
            let value = value.split([',', '}', '#']).next().unwrap_or("").trim();
            let is_open = meant == POLICY && allows_all(value.trim_matches(['"', '\'']));
            let span = Span::new(piece.start + at, piece.start + at + meant.len());
            found.keys.push(PolicyKey { span, meant, is_exact: true, restricts: !is_open });
        }
    }
}

/// What the decoded struct says.
fn fill(found: &mut Preference, value: &Value) {
    found.policy = value.text_of(POLICY).cloned();
    found.allowlist = value.field(ALLOWLIST).and_then(|list| {
        let entry = |entry: &Value| AllowlistEntry {
            span: entry.span,
            alias: entry.alias,
            name_key: entry.field("name").and_then(|field| field.key),
            name: entry.text_of("name").cloned(),
            command_key: entry.field("command").and_then(|field| field.key),
            command: entry.text_of("command").cloned(),
        };
        let entries = list.list()?.iter().map(entry).collect();
        Some(Allowlist { span: list.span, key: list.key.unwrap_or_default(), entries })
    });
    let entries = found.allowlist.iter().flat_map(|list| &list.entries);
    let differing = entries.filter_map(|entry| {
        let (name, command) = (entry.name.as_ref()?, entry.command.as_ref()?);
        (name.value != command.value).then_some(name.span)
    });
    let two_names = differing.map(|span| (span, UnreadWhy::TwoNames)).next();
    found.unread.extend(two_names.map(|(span, why)| Unread { span, why, since: COMMAND_SINCE }));
    found.invalid = invalid_command(value);
    let has_flags = |item: &Value| item.field("flags").is_some();
    found.has_old_names =
        value.field("overrides").is_some() || value.items_of("aliases").iter().any(has_flags);
}

/// The first thing that kubectl refuses of the aliases and defaults.
///
/// Source: kubectl `pkg/kuberc/kuberc.go` (`validate`).
fn invalid_command(value: &Value) -> Option<InvalidCommand> {
    let empty = Spanned { value: String::new(), span: Span::default(), alias: None };
    let flag_name = |item: &Value| {
        let options = item.items_of("options").iter().chain(item.items_of("flags"));
        let mut names = options.filter_map(|option| option.text_of("name"));
        names.find(|name| name.value.starts_with('-')).cloned().map(InvalidCommand::FlagName)
    };
    let mut names = HashSet::new();
    for alias in value.items_of("aliases") {
        let name = alias.text_of("name").unwrap_or(&empty);
        let is_sound = name.value.bytes().all(|byte| byte.is_ascii_alphabetic());
        if name.value.is_empty() || !is_sound {
            return Some(InvalidCommand::AliasName);
        }
        if let Some(invalid) = flag_name(alias) {
            return Some(invalid);
        }
        if !names.insert(&name.value) {
            return Some(InvalidCommand::DuplicateAlias(name.clone()));
        }
    }
    let mut defaults = value.items_of("defaults").iter().chain(value.items_of("overrides"));
    defaults.find_map(flag_name)
}
