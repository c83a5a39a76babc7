//! Kubeconfigs: files that kubectl reads, in YAML or JSON.
//!
//! kubectl reads the first document of a file and nothing else. No gate on `kind: Config`: half
//! of what people call a kubeconfig lacks it or misspells it, and carries the version all the
//! same.

use std::path::Path;

use super::{Carrier, Input, Reading};
use crate::decode::fields::{Fields, View};
use crate::decode::{DecodeError, Reason, check, document, kubeconfig};
use crate::kubernetes::version::Minor;
use crate::model::{Evidence, Subject};
use crate::source::{Source, Span};
use crate::syntax::node::NodeId;
use crate::syntax::yaml;

pub(super) static CARRIER: Carrier = Carrier { name: "kubeconfig", read };

fn read(input: &Input<'_>) -> Reading {
    let view = input.lenient();
    let root = view.tree.documents.first().and_then(|document| document.root);
    if let Some(error) = root.and_then(|root| document::unbounded(view, root)) {
        // Nothing may be expanded, so the keys alone must tell.
        let is_ours = root.is_some_and(|root| has_keys_of_kubeconfig(view, root));
        let subjects = is_ours.then(|| Subject::Undecodable(vec![error])).into_iter().collect();
        return Reading { subjects, skipped: None };
    }
    let is_kubeconfig = root.is_some_and(|root| is_kubeconfig(&view.fields(root, None), view));
    if !is_kubeconfig && !looks_like_kubeconfig(input.source, view) {
        return Reading::default();
    }
    let errors = undecodable(input, view, root);
    // What is absent from a broken file may only be out of sight.
    let is_broken = errors.iter().any(|error| error.since == Minor::OLDEST);
    let evidence = if is_broken { Evidence::Pattern } else { Evidence::Parsed };
    let config = root.map(|root| kubeconfig::read(view, root, evidence));
    let mut reading = Reading::default();
    if !errors.is_empty() && is_template(view.text) {
        let reason = "a template: kubectl cannot read it before it is rendered";
        reading.skipped = Some(reason.to_owned());
    } else if !errors.is_empty() {
        reading.subjects.push(Subject::Undecodable(errors));
    }
    if let Some(config) = config {
        let missing = config.missing_context.filter(|_| evidence == Evidence::Parsed);
        reading.subjects.extend(missing.map(Subject::MissingContext));
        let users = config.auth_infos.into_iter().map(Box::new);
        reading.subjects.extend(users.map(Subject::AuthInfo));
    }
    reading
}

/// The top-level keys that few other files have together.
const SIGNS: [&str; 4] = ["clusters", "contexts", "users", "current-context"];

/// Whether the keys of a mapping, as they are written, are those of a kubeconfig.
fn has_keys_of_kubeconfig(view: View<'_>, root: NodeId) -> bool {
    let keys = view.tree.pairs(root).iter().filter_map(|(key, _)| view.string(*key));
    keys.filter(|key| SIGNS.contains(&key.as_ref())).count() >= 2
}

/// Whether the top of a document is that of a kubeconfig.
fn is_kubeconfig(top: &Fields, view: View<'_>) -> bool {
    let string = |key: &str| top.get(key).and_then(|field| view.string(field.value));
    let signs = SIGNS.into_iter().filter(|key| top.contains_key(*key)).count();
    let is_config = string("kind").is_some_and(|kind| kind == "Config")
        && string("apiVersion").is_none_or(|version| version == "v1");
    (is_config && signs >= 1) || signs >= 3 || has_credentials(top, view)
}

/// Whether `users` has an entry with a way to authenticate.
fn has_credentials(top: &Fields, view: View<'_>) -> bool {
    let Some(users) = top.get("users") else { return false };
    view.tree.items(users.value).iter().any(|&entry| {
        let entry = view.fields(view.tree.resolve(entry).0, None);
        let Some(user) = entry.get("user") else { return false };
        let user = view.fields(user.value, None);
        ["exec", "auth-provider"].into_iter().any(|key| {
            user.get(key).is_some_and(|field| view.is_mapping(field.value))
        })
    })
}

/// Why kubectl cannot decode the file; the first of these is what it prints.
fn undecodable(input: &Input<'_>, view: View<'_>, root: Option<NodeId>) -> Vec<DecodeError> {
    let one = |span, reason| vec![DecodeError::new(span, reason)];
    match (input.source.raw(), input.source.invalid_at()) {
        (Some(bytes), _) => {
            if let Some(error) = yaml::error_in_bytes(bytes) {
                return one(error.span, Reason::Syntax(error.message));
            }
        }
        (None, Some(at)) => return one(Span::at(at), Reason::Encoding),
        (None, None) => {}
    }
    if let Some(at) = input.json_comment() {
        return one(Span::new(at, at + 2), Reason::JsonComments);
    }
    let document = view.tree.documents.first();
    if let Some(error) = document.and_then(|document| document.error.as_ref()) {
        return one(error.span, Reason::Syntax(error.message.clone()));
    }
    let Some(root) = root else { return Vec::new() };
    match document::check(view, root) {
        Ok(()) => check::check(view, root),
        Err(error) => vec![error],
    }
}

/// Whether the text holds what template engines replace.
fn is_template(text: &str) -> bool {
    ["{{", "{%", "<%", "%{"].into_iter().any(|mark| text.contains(mark))
}

/// Whether a file that does not parse was clearly meant as a kubeconfig: it begins like one, and
/// has the keys of one at the start of its lines.
fn looks_like_kubeconfig(source: &Source, view: View<'_>) -> bool {
    if view.tree.documents.first().is_none_or(|document| document.error.is_none()) {
        return false;
    }
    let enough = |signs: usize| signs >= 3 || (signs >= 2 && is_named_kubeconfig(source.path()));
    let text = view.text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('{') {
        return enough(SIGNS.into_iter().filter(|key| has_flow_key(text, key)).count());
    }
    let mut lines = text.lines().filter(|line| {
        let line = line.trim();
        !(line.is_empty() || line == "--" || line.starts_with(['#', '%']) || line.starts_with("---"))
    });
    let Some(first) = lines.next() else { return false };
    // Prose, scripts and sources may hold a whole kubeconfig, but do not begin with a key.
    if key_of(first).is_none() || text.contains("\n```") {
        return false;
    }
    let signs = std::iter::once(first).chain(lines).filter(|line| !line.starts_with(' '));
    let is_sign = |key: &&str| SIGNS.contains(key) || matches!(*key, "kind" | "apiVersion");
    let signs = signs.filter_map(key_of).filter(is_sign).count();
    enough(signs)
}

/// The key that a line begins with: a word, perhaps in quotes, and a colon.
fn key_of(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let key = key.trim_matches(['"', '\'', ' ', '\t']);
    let is_word = key.chars().all(|c| {
        c.is_ascii_alphanumeric() || !c.is_ascii() || matches!(c, '-' | '_' | '.')
    });
    let is_key = is_word && !key.is_empty() && (rest.is_empty() || rest.starts_with([' ', '\t']));
    is_key.then_some(key)
}

/// Whether `key:` stands anywhere in a text in braces, with or without quotes.
fn has_flow_key(text: &str, key: &str) -> bool {
    let is_in_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(key).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let rest = text.get(at + key.len()..).unwrap_or("");
        let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
        !before.is_some_and(is_in_word) && rest.trim_start().starts_with(':')
    })
}

/// Whether the file's name is one that only kubeconfigs have.
fn is_named_kubeconfig(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let in_dot_kube = path.parent().is_some_and(|folder| folder.ends_with(".kube"));
    name.contains("kubeconfig") || (in_dot_kube && name == "config")
}
