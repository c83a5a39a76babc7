//! Splits a kuberc as kubectl does: lines with `---` separate documents, each JSON or YAML, and
//! kubectl uses the first that is a `Preference` of a known version.
//!
//! Source: kubectl `pkg/kuberc/marshal.go` (`decodePreference`), apimachinery
//! `pkg/util/yaml/decoder.go` (`YAMLReader`, `IsJSONBuffer`) and
//! `pkg/runtime/serializer/recognizer`, kubectl `pkg/config/v1beta1/conversion.go`; measured with
//! kubectl 1.34 to 1.37.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::kubectl::decode::type_meta::TypeMeta;
use crate::kubectl::decode::view::{Field, Fields, View};
use crate::kubectl::decode::{compose, types};
use crate::kubernetes::kuberc::{COMMAND_SINCE, GROUP, KIND};
use crate::kubernetes::version::Minor;
use crate::model::refusal::{DecodeError, Reason};
use crate::model::{
    Allowlist, AllowlistEntry, BadSeparator, InvalidCommand, Kuberc, PolicyKey, Preference, Skip,
    SkipReason,
};
use crate::secrets;
use crate::syntax::node::{NodeId, SyntaxError, Tree};
use crate::syntax::{gojson, jsonc, yaml};
use crate::text::source::{self, Encoding, Source, Span, Spanned};
use crate::text::suggest::{nearest, normalized};

use super::preference::{INTERNAL, V1ALPHA1, V1BETA1};

/// Limit on the documents that we read; kubectl has no such limit.
pub const MAX_DOCUMENTS: usize = 1000;

/// Reads a file as if it were the user's kuberc, whatever its content.
pub fn read(source: &Source) -> Kuberc {
    read_parsed(source, None)
}

/// Does the same with the tree of the file as YAML, if there is one.
pub(crate) fn read_parsed(source: &Source, whole: Option<&Tree>) -> Kuberc {
    let text = source.text();
    let (mut pieces, bad_separator) = match source.encoding() {
        Encoding::Utf8 => split_documents(text),
        // kubectl looks for three bytes `---`, which do not start a line in UTF-16.
        _ => (vec![Span::new(0, text.len())], None),
    };
    let unread = pieces.split_off(pieces.len().min(MAX_DOCUMENTS));
    let is_ours = |piece: &Span| text.get(piece.range()).is_some_and(|text| text.contains(GROUP));
    let is_cut_off = unread.iter().any(is_ours);
    let lenient = without_comments(text, &pieces);
    let file = KubercFile { source, whole, lenient, bad_separator };
    let documents = pieces.into_iter().map(|piece| file.document(piece)).collect();
    Kuberc { documents, bad_separator: file.bad_separator, is_cut_off }
}

/// Returns the text with blanked comments in the documents that are meant as JSON, if there are
/// any.
fn without_comments(text: &str, pieces: &[Span]) -> Option<String> {
    let mut bytes: Option<Vec<u8>> = None;
    for piece in pieces {
        let content = text.get(piece.range()).filter(|content| gojson::is_json(content));
        if let Some(blank) = content.and_then(jsonc::blank_comments) {
            let bytes = bytes.get_or_insert_with(|| text.as_bytes().to_vec());
            if let Some(place) = bytes.get_mut(piece.range()) {
                place.copy_from_slice(blank.as_bytes());
            }
        }
    }
    String::from_utf8(bytes?).ok()
}

/// Returns the secrets of the JSON documents of a kuberc; none for other files.
pub fn secrets_in_json(source: &Source) -> Vec<Span> {
    let text = source.text();
    if source.encoding() != Encoding::Utf8 || !text.contains(GROUP) {
        return Vec::new();
    }
    let pieces = split_documents(text).0.into_iter();
    let secrets = pieces.filter_map(|piece| {
        let text = text.get(..piece.end())?;
        if !gojson::is_json(text.get(piece.start()..)?) {
            return None;
        }
        Some(secrets::spans(&gojson::parse_from(text, piece.start()), text).into_all())
    });
    secrets.flatten().collect()
}

/// Returns the documents that are not blank, and the first `---` that ends kubectl's reading. What
/// follows it is split as well.
fn split_documents(text: &str) -> (Vec<Span>, Option<BadSeparator>) {
    let mut pieces = Vec::new();
    let mut bad: Option<BadSeparator> = None;
    // The current document. A `---` before its first line is part of it.
    let mut piece: Option<Span> = None;
    for (start, line) in source::lines(text) {
        let span = Span::new(start, start + line.len());
        if let Some(rest) = line.strip_prefix("---") {
            let value = rest.trim();
            let is_bad = !value.is_empty() && !value.starts_with('#');
            if is_bad && bad.is_none() {
                bad = Some(BadSeparator {
                    span: Span::new(span.start(), span.start() + 3),
                    text: value.to_owned(),
                    // kubectl loses the preceding document as well.
                    lost_from: piece.map_or(span.start(), |piece| piece.start()),
                });
            }
            if let Some(piece) = piece.take() {
                pieces.push(piece);
                continue;
            }
        }
        piece = Some(Span::new(piece.map_or(span.start(), |piece| piece.start()), span.end()));
    }
    pieces.extend(piece);
    pieces.retain(|piece| text.get(piece.range()).is_some_and(|text| !text.trim().is_empty()));
    (pieces, bad)
}

/// A file whose documents are parsed one by one.
struct KubercFile<'a> {
    source: &'a Source,
    /// The tree of the file as YAML, if it is known.
    whole: Option<&'a Tree>,
    /// The text with blanked comments in JSON, if there are any.
    lenient: Option<String>,
    bad_separator: Option<BadSeparator>,
}

/// A parsed document.
struct Parsed<'a> {
    tree: Cow<'a, Tree>,
    /// The text that the tree refers to.
    text: &'a str,
    error: Option<Skip>,
}

impl KubercFile<'_> {
    fn document(&self, piece: Span) -> Preference {
        let text = self.source.text().get(..piece.end()).unwrap_or("");
        let parsed = self.parse(piece);
        let view = View { tree: &parsed.tree, text: parsed.text };
        let mut found = Preference { span: piece, ..Preference::default() };
        let lost = self.bad_separator.as_ref().filter(|bad| bad.lost_from <= piece.start());
        found.skips.extend(lost.map(|bad| skip(bad.span, SkipReason::BadSeparator)));
        found.skips.extend(parsed.error);
        let Some(root) = view.tree.documents.first().and_then(|document| document.root) else {
            policy_keys_in_text(text, piece, &mut found);
            if found.skips.is_empty() {
                found.skips.push(skip(Span::at(piece.start()), SkipReason::Kind));
            }
            return found;
        };
        if !view.tree.is_json_like()
            && found.skips.is_empty()
            && let Err(error) = compose::check(view, root)
        {
            found.skips.push(undecodable(error));
        }
        if compose::unbounded(view, root).is_some() {
            // The document must not be expanded.
            policy_keys_in_text(text, piece, &mut found);
            return found;
        }
        found.keys = policy_keys(view, root);
        let is_valid = found.skips.is_empty();
        match TypeMeta::read(view, root) {
            Ok(meta) => (found.api_version, found.kind) = (meta.api_version, meta.kind),
            Err(error) if is_valid => found.skips.push(undecodable(error)),
            Err(_) => {}
        }
        if !is_valid && found.keys.is_empty() {
            policy_keys_in_text(text, piece, &mut found);
        }
        if found.skips.is_empty() {
            decode(view, root, &mut found);
        }
        found
    }

    /// Parses a document as JSON if it begins with `{`, else as YAML.
    fn parse(&self, piece: Span) -> Parsed<'_> {
        let text = self.source.text().get(..piece.end()).unwrap_or("");
        let content = text.get(piece.start()..).unwrap_or("");
        let is_wide = self.source.encoding() != Encoding::Utf8;
        if !is_wide && gojson::is_json(content) {
            let tree = gojson::parse_from(text, piece.start());
            let error = tree.documents.first().and_then(|document| document.error.as_deref());
            return match error {
                None => Parsed { tree: Cow::Owned(tree), text, error: None },
                Some(error) => self.parse_json_leniently(piece, error.clone()),
            };
        }
        let whole = self.whole.filter(|_| piece == Span::new(0, self.source.text().len()));
        let tree =
            whole.map_or_else(|| Cow::Owned(yaml::parse_from(text, piece.start())), Cow::Borrowed);
        let raw = self.source.raw().and_then(|bytes| bytes.get(piece.range()));
        let syntax = match raw.and_then(yaml::error_in_bytes) {
            Some(SyntaxError { span, fault }) => {
                let span = Span::new(span.start() + piece.start(), span.end() + piece.start());
                Some(SyntaxError { span, fault })
            }
            None => tree.documents.first().and_then(|document| document.error.as_deref().cloned()),
        };
        let is_whole = !is_wide || survives_utf16(self.source.encoding(), text, &tree);
        let invalid = self.source.invalid_at().or((!is_whole).then_some(piece.start()));
        let error = match invalid.filter(|_| is_wide) {
            Some(at) => Some(skip(Span::at(at), SkipReason::Undecodable(Reason::Encoding))),
            None => syntax.map(|error| undecodable(error.into())),
        };
        Parsed { tree, text, error }
    }

    /// Parses invalid JSON as its author may have meant it.
    fn parse_json_leniently(&self, piece: Span, error: SyntaxError) -> Parsed<'_> {
        let text = self.source.text().get(..piece.end()).unwrap_or("");
        let lenient = self.lenient.as_deref().and_then(|text| text.get(..piece.end()));
        let lenient = lenient.unwrap_or(text);
        let [written, blanked] =
            [text, lenient].map(|text| text.get(piece.start()..).unwrap_or(""));
        let error = match jsonc::first_comment(written, blanked) {
            Some(at) => {
                let at = piece.start() + at;
                skip(Span::new(at, at + 2), SkipReason::JsonComment)
            }
            None => undecodable(error.into()),
        };
        let tree = Cow::Owned(yaml::parse_from(lenient, piece.start()));
        Parsed { tree, text: lenient, error: Some(error) }
    }
}

/// Returns whether kubectl can decode a UTF-16 document. kubectl reads lines of bytes and ends each
/// with an extra byte, so that the end of the file survives only in big-endian order with a final
/// line break. That does not matter if the YAML document ends before it.
fn survives_utf16(encoding: Encoding, text: &str, tree: &Tree) -> bool {
    if encoding == Encoding::Utf16Be && text.ends_with('\n') {
        return true;
    }
    let root = tree.documents.first().and_then(|document| document.root);
    let rest = root.and_then(|root| text.get(tree.node(root).span.end()..)).unwrap_or("");
    let mut marks = rest
        .split_inclusive('\n')
        .filter_map(|line| line.strip_prefix("---").or_else(|| line.strip_prefix("...")));
    marks.next().is_some_and(|behind| behind.starts_with([' ', '\t', '\r', '\n']))
}

fn skip(span: Span, reason: SkipReason) -> Skip {
    Skip { span, reason, since: Minor::OLDEST }
}

fn undecodable(error: DecodeError) -> Skip {
    Skip { span: error.span, reason: SkipReason::Undecodable(error.reason), since: error.since }
}

/// Decodes a document according to its kind and version.
fn decode(view: View<'_>, root: NodeId, found: &mut Preference) {
    let whole = view.tree.node(root).span;
    let place = |value: &Option<Spanned<String>>| value.as_ref().map_or(whole, |value| value.span);
    if found.kind.as_ref().is_none_or(|kind| kind.value != KIND) {
        return found.skips.push(skip(place(&found.kind), SkipReason::Kind));
    }
    let version = found
        .api_version
        .as_ref()
        .and_then(|version| version.value.strip_prefix(GROUP)?.strip_prefix('/'));
    let (of, options) = match version {
        Some("v1beta1") => (&V1BETA1, "options"),
        Some("v1alpha1") => (&V1ALPHA1, "flags"),
        Some("__internal") => (&INTERNAL, "Options"),
        _ => return found.skips.push(skip(place(&found.api_version), SkipReason::Version)),
    };
    let errors = types::errors(view, root, of, false);
    found.skips.extend(errors.into_iter().map(undecodable));
    let mut fields = view.fields(root, None);
    fields.retain(|name, _| of.fields.iter().any(|(known, _)| known == name));
    fill(found, view, &fields);
    found.invalid = invalid_command(view, &fields, options);
}

const POLICY: &str = "credentialPluginPolicy";
const ALLOWLIST: &str = "credentialPluginAllowlist";

/// Returns the policy key that a top-level key is meant to be: ignores case, `-` and `_`, and
/// allows two wrong letters. `credPlugin…` was the name in the proposal.
fn policy_key_like(key: &str) -> Option<&'static str> {
    match normalized(key).as_str() {
        "credpluginpolicy" => Some(POLICY),
        "credpluginallowlist" => Some(ALLOWLIST),
        _ => nearest(key, [POLICY, ALLOWLIST], 2),
    }
}

fn policy_keys(view: View<'_>, root: NodeId) -> Vec<PolicyKey> {
    let keys = view.entries(root).into_iter().filter_map(|(name, field)| {
        let intended = policy_key_like(&name)?;
        let value = view.string(field.value);
        let is_open = view.is_null(field.value)
            || (intended == POLICY && value.is_some_and(|value| allows_all(&value)));
        let span = view.tree.node(field.key).span;
        Some(PolicyKey { span, intended, is_exact: name == intended, restricts: !is_open })
    });
    let mut keys: Vec<PolicyKey> = keys.collect();
    keys.sort_by_key(|key| key.span);
    keys
}

fn allows_all(policy: &str) -> bool {
    matches!(policy, "" | "AllowAll")
}

/// Finds policy keys in a text without a tree.
fn policy_keys_in_text(text: &str, piece: Span, found: &mut Preference) {
    let content = text.get(piece.range()).unwrap_or("");
    let in_braces = gojson::is_json(content);
    for intended in [POLICY, ALLOWLIST] {
        for (at, _) in content.match_indices(intended) {
            let before = content.get(..at).unwrap_or("").trim_end_matches(['"', '\'']);
            let before = if in_braces { before.trim_end() } else { before };
            let is_first = before.is_empty()
                || before.ends_with(['\n', '\r'])
                || (in_braces && before.ends_with(['{', ',']));
            let rest = content.get(at + intended.len()..).unwrap_or("");
            let rest =
                rest.strip_prefix(['"', '\'']).unwrap_or(rest).trim_start_matches([' ', '\t']);
            let Some(value) = rest.strip_prefix(':').filter(|_| is_first) else { continue };
            let value = value.lines().next().unwrap_or("");
            let value = value.split([',', '}', '#']).next().unwrap_or("").trim();
            let is_open = intended == POLICY && allows_all(value.trim_matches(['"', '\'']));
            let span = Span::new(piece.start() + at, piece.start() + at + intended.len());
            found.keys.push(PolicyKey { span, intended, is_exact: true, restricts: !is_open });
        }
    }
}

/// Fills in what the known fields of a document say.
fn fill(found: &mut Preference, view: View<'_>, fields: &Fields) {
    let place = |node: NodeId| view.tree.node(node).span;
    found.policy = view.spanned(fields.get(POLICY));
    let list = fields.get(ALLOWLIST).filter(|list| !view.is_null(list.value));
    found.allowlist = list.map(|list| {
        let entry = |entry: Field| {
            let fields = view.fields(entry.value, entry.alias);
            let key = |name| fields.get(name).map(|field: &Field| place(field.key));
            AllowlistEntry {
                span: place(entry.value),
                alias: entry.alias,
                name_key: key("name"),
                name: view.spanned(fields.get("name")).map(Box::new),
                command_key: key("command"),
                command: view.spanned(fields.get("command")).map(Box::new),
            }
        };
        // kubectl decodes nothing else as an entry.
        let is_entry = |item: &Field| view.is_mapping(item.value) || view.is_null(item.value);
        // A text may have one for every three bytes.
        let mut entries = Vec::with_capacity(view.items(Some(list)).filter(is_entry).count());
        entries.extend(view.items(Some(list)).filter(is_entry).map(entry));
        Allowlist { span: place(list.value), key: place(list.key), entries }
    });
    let entries = found.allowlist.iter().flat_map(|list| &list.entries);
    let differing = entries.filter_map(|entry| {
        let (name, command) = (entry.name.as_ref()?, entry.command.as_ref()?);
        (name.value != command.value).then_some(name.span)
    });
    let two_names = differing.map(|span| (span, SkipReason::TwoNames)).next();
    found.skips.extend(two_names.map(|(span, reason)| Skip { span, reason, since: COMMAND_SINCE }));
    let has_flags = |item: Field| view.fields(item.value, None).contains_key("flags");
    found.has_old_names =
        fields.contains_key("overrides") || view.items(fields.get("aliases")).any(has_flags);
}

/// Returns the first error of kubectl's about the aliases and defaults, whose field for default
/// values is named `options`.
///
/// Source: kubectl `pkg/kuberc/kuberc.go` (`validate`).
fn invalid_command(view: View<'_>, fields: &Fields, options: &str) -> Option<InvalidCommand> {
    let name_of = |item: Field| view.spanned(view.fields(item.value, item.alias).get("name"));
    let flag_name = |item: Field| {
        let item = view.fields(item.value, item.alias);
        let mut names = view.items(item.get(options)).filter_map(name_of);
        names.find(|name| name.value.starts_with('-')).map(InvalidCommand::FlagName)
    };
    let mut names = HashSet::new();
    for alias in view.items(fields.get("aliases")) {
        let Some(name) = name_of(alias) else { return Some(InvalidCommand::AliasName) };
        if !name.value.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Some(InvalidCommand::AliasName);
        }
        if let Some(invalid) = flag_name(alias) {
            return Some(invalid);
        }
        if !names.insert(name.value.clone()) {
            return Some(InvalidCommand::DuplicateAlias(name));
        }
    }
    let defaults = view.items(fields.get("defaults"));
    defaults.chain(view.items(fields.get("overrides"))).find_map(flag_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the documents of a text, and the text after a bad separator.
    fn pieces(text: &str) -> (Vec<&str>, Option<String>) {
        let (pieces, bad) = split_documents(text);
        (pieces.into_iter().map(|piece| &text[piece.range()]).collect(), bad.map(|bad| bad.text))
    }

    /// Measured with kubectl 1.37.
    #[test]
    fn kuberc_documents_end_at_separator_lines() {
        for (text, expected) in [
            ("a\n---\nb\n", &["a\n", "b\n"][..]),
            ("---\na\n--- # c\r\nb", &["---\na\n", "b"]),
            ("---\n---\na\n", &["---\n", "a\n"]),
            ("a\n ---\nb\n", &["a\n ---\nb\n"]),
            ("\u{feff}---\na\n", &["\u{feff}---\na\n"]),
            ("a\n---", &["a\n"]),
            (" \n---\n\u{a0}\n", &[]),
            ("", &[]),
        ] {
            assert_eq!(pieces(text), (expected.to_vec(), None), "{text:?}");
        }
        let bad = |message: &str| Some(message.to_owned());
        assert_eq!(pieces("a\n---b c \nd\n"), (vec!["a\n", "d\n"], bad("b c")));
        assert_eq!(pieces("a\n----\n"), (vec!["a\n"], bad("-")));
    }

    #[test]
    fn kuberc_policy_keys_include_misspelled_ones() {
        let known = |text: &str| {
            let kuberc = read(&Source::new("f", text.into()));
            let keys = kuberc.documents.into_iter().flat_map(|document| document.keys);
            let show = |key: PolicyKey| {
                let exact = if key.is_exact { "" } else { "~" };
                let restricts = if key.restricts { "!" } else { "" };
                format!("{exact}{}{restricts}", &text[key.span.range()])
            };
            keys.map(show).collect::<Vec<_>>().join(" ")
        };
        for (text, expected) in [
            ("credentialPluginPolicy: DenyAll", "credentialPluginPolicy!"),
            ("credentialPluginPolicy: AllowAll", "credentialPluginPolicy"),
            (
                "credentialPluginPolicy: ~\ncredentialPluginAllowlist: []",
                "credentialPluginPolicy credentialPluginAllowlist!",
            ),
            ("credential-plugin-policy: 1", "~credential-plugin-policy!"),
            ("credPluginAllowlist: [a]", "~credPluginAllowlist!"),
            ("credentalPluginsPolicy: 1", "~credentalPluginsPolicy!"),
            ("pluginPolicy: 1", ""),
            ("a: {credentialPluginPolicy: DenyAll}", ""),
            ("a: [\ncredentialPluginPolicy: 'DenyAll' # c\n", "credentialPluginPolicy!"),
            (
                "a: [\ncredentialPluginPolicy: 'AllowAll' # c\n b credentialPluginAllowlist: x",
                "credentialPluginPolicy",
            ),
            ("{\"a\": 1,, \"credentialPluginPolicy\" : \"DenyAll\"}", "credentialPluginPolicy!"),
            ("x: &x [*x]\ncredentialPluginPolicy: DenyAll\n", "credentialPluginPolicy!"),
        ] {
            assert_eq!(known(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn kuberc_spans_lie_within_any_text(
            text in "(apiVersion: kubectl\\.config\\.k8s\\.io/v1beta1\n|kind: Preference\n\
                     |credentialPluginPolicy: |credentialPluginAllowlist: |Allowlist\n|- name: \
                     |---|\"|//|\\{|[-a:&*<{}\\[\\],'\"#| \n\t\u{feff}\u{e9}]){0,24}"
        ) {
            let source = Source::new("f", text.clone().into());
            let kuberc = read(&source);
            let parsed = read_parsed(&source, Some(&yaml::parse(&text)));
            proptest::prop_assert_eq!(format!("{:?}", parsed), format!("{:?}", kuberc));
            for document in kuberc.documents {
                let skips = document.skips.iter().map(|skip| skip.span);
                let keys = document.keys.iter().map(|key| key.span);
                let policy = document.policy.iter().map(|policy| policy.span);
                let list = document.allowlist.iter().flat_map(|list| {
                    list.entries.iter().map(|entry| entry.span).chain([list.span, list.key])
                });
                for span in skips.chain(keys).chain(policy).chain(list) {
                    proptest::prop_assert!(text.get(span.range()).is_some(), "{:?}", span);
                }
            }
        }
    }
}
