//! Kubeconfigs: files that kubectl reads, in YAML or JSON.
//!
//! kubectl reads only the first document of a file. We do not require `kind: Config`: half of what
//! people call a kubeconfig lacks or misspells it, but has an exec API version all the same.

use std::borrow::Cow;
use std::collections::HashMap;
use std::iter;
use std::path::Path;
use std::sync::Arc;

use crate::api_group;
use crate::kubectl::decode::kubeconfig::{self, Kubeconfig};
use crate::kubectl::decode::view::{Fields, View};
use crate::kubectl::decode::{compose, undecodable};
use crate::kubectl::rendered::{self, ClusterUsers};
use crate::kubectl::select::Selected;
use crate::kubernetes::version::Minor;
use crate::language::{self, KubeconfigName};
use crate::model::refusal::{DecodeError, Reason};
use crate::model::{AuthInfo, Credentials, Evidence, Subject, Undecodable};
use crate::role::Role;
use crate::syntax::node::NodeId;
use crate::syntax::template::Template;
use crate::text::placeholder;
use crate::text::source::{Source, Span};

use super::heuristics::{TopKeys, has_flow_key};
use super::input::Input;
use super::{Carrier, Preprocessing, Reading, Unread, fallback};

pub(super) static CARRIER: Carrier = Carrier {
    is_named: |path| KubeconfigName::of(path).is_some(),
    ..Carrier::new("kubeconfig", read)
};

fn read<'a>(input: &'a Input<'_>) -> Reading<'a> {
    let view = input.lenient();
    let root = view.tree.documents.first().and_then(|document| document.root);
    if let Some(error) = root.and_then(|root| compose::unbounded(view, root)) {
        // Nothing may be expanded, so only the literal text can tell.
        let is_ours = root.is_some_and(|root| has_signs(view, root, |map| view.written(map)));
        let undecodable = || Undecodable { file: path_of(input), errors: vec![error] };
        let subjects = is_ours.then(|| Subject::Undecodable(Box::new(undecodable())));
        let subjects = subjects.into_iter().collect();
        return Reading { subjects, kubeconfigs: usize::from(is_ours), ..Reading::default() };
    }
    // kubectl reads what it certainly loads as it is: nothing renders a template first.
    let is_loaded = input.siblings.is_some();
    let is_kubeconfig = is_loaded || root.is_some_and(|root| is_kubeconfig(view, root));
    if !is_kubeconfig && !looks_like_kubeconfig(input, view) {
        return Reading::default();
    }
    let mut errors = undecodable::of(input.source, input.strict(), input.json_comment(), false);
    if errors.is_empty() && !is_kubeconfig {
        // kubectl accepts the file, and only its name says that it is a kubeconfig.
        return Reading::default();
    }
    let mut has_invalid_placeholders = !is_loaded && drop_placeholder_errors(input, &mut errors);
    let reason = errors.first().map(|error| &error.reason);
    let is_syntax = matches!(reason, Some(Reason::Syntax(_)));
    // Template syntax may explain such an error.
    let is_suspect = !is_loaded && (is_syntax || matches!(reason, Some(Reason::CollectionKey(_))));
    let unexplained = is_suspect.then(|| Template::unrendered_error(input.source.text())).flatten();
    let is_template = is_suspect && is_template(input.source, unexplained.is_none());
    if let (true, false, Some(error)) = (is_syntax, is_template, unexplained) {
        let left = vec![DecodeError::from(error)];
        has_invalid_placeholders |= errors != left;
        errors = left;
    }
    // What seems absent from a broken file may be in the part that we cannot read.
    let is_broken = errors.iter().any(|error| error.since == Minor::OLDEST);
    let evidence = if is_broken { Evidence::Pattern } else { Evidence::Parsed };
    let mut config = root.map(|root| kubeconfig::read(view, root, evidence));
    config.iter_mut().for_each(|config| drop_alternatives(input, config));
    let mut selected = config.map(|config| Selected::new(config, input.siblings.as_ref()));
    let presume = |selected| fallback::presume(input, selected);
    let has_placeholders = !is_loaded && selected.as_mut().is_some_and(presume);
    let (is_encrypted, is_whole) = root.map_or((false, false), |root| encryption(view, root));
    let step = if is_encrypted { Preprocessing::Decrypted } else { Preprocessing::Rendered };
    let has_placeholders = has_placeholders || has_invalid_placeholders || is_template;
    let preprocessing = has_placeholders.then_some(step);
    let mut reading = Reading { preprocessing, kubeconfigs: 1, ..Reading::default() };
    if is_whole {
        reading.skipped = Some(ENCRYPTED.to_owned());
    }
    let errors_at = errors.first().map(|error| error.span.start());
    if is_template {
        reading.skipped = Some(TEMPLATE.to_owned());
        reading.kubeconfigs = usize::from(selected.is_some());
    } else if is_syntax && !is_loaded && is_notes(input.source.path()) {
        // Notes may begin like a kubeconfig and continue differently.
    } else if !errors.is_empty() {
        let file = path_of(input).filter(|_| preprocessing.is_none());
        reading.subjects.push(Subject::Undecodable(Box::new(Undecodable { file, errors })));
    }
    if let (true, Some(error), Some(selected)) = (is_template, errors_at, &mut selected) {
        let execs =
            selected.config.auth_infos.iter_mut().filter_map(|user| user.exec.as_deref_mut());
        for exec in execs {
            exec.is_whole = is_whole_before(view.text, exec.key.start(), error);
        }
    }
    if let Some(selected) = selected {
        add_config(&mut reading, input, selected, evidence);
    }
    reading
}

/// Adds the subjects of a config.
fn add_config<'a>(
    reading: &mut Reading<'a>,
    input: &'a Input<'_>,
    mut selected: Selected,
    evidence: Evidence,
) {
    let is_open = input.template().is_some_and(Template::is_open_anywhere);
    if evidence == Evidence::Parsed && !is_open {
        let current = rendered::set_context(&selected).map(Box::new);
        reading.subjects.extend(current.map(Subject::Current));
    }
    let file = file_of(input).filter(|_| reading.preprocessing.is_none());
    let has_plugin = selected.config.auth_infos.iter().any(|user| user.has_plugin());
    let mut entries = std::mem::take(&mut selected.config.user_entries).into_iter();
    let mut clusters = ClusterUsers::of(selected);
    let (mut users, mut waiting) = (None, None);
    let subjects = iter::from_fn(move || {
        if let Some(cluster) = clusters.next() {
            return Some(Subject::Cluster(cluster));
        }
        if waiting.is_some() {
            return waiting.take();
        }
        // Contexts of clusters name users, so these move only now.
        let users = users.get_or_insert_with(|| clusters.take_users().into_iter());
        let (mut user, entry) = (users.next()?, entries.next()?);
        if input.has_open_lines(entry, entry) {
            user.evidence = Evidence::Pattern;
            user.exec.iter_mut().for_each(|exec| exec.is_whole = false);
        }
        let has_conditions = input.has_conditional_lines(entry);
        let other = has_conditions.then(|| alternative(&mut user)).flatten();
        let is_read = user.document == 1 && user.evidence == Evidence::Parsed;
        user.file = file.clone().filter(|_| is_read);
        let user = Subject::AuthInfo(user);
        match other {
            Some(other) => {
                waiting = Some(user);
                Some(other)
            }
            None => Some(user),
        }
    });
    reading.unread = Some(Unread { has_plugin, subjects: Box::new(subjects) });
}

/// Drops the fields of clusters of a template that contradict each other and may be alternatives.
fn drop_alternatives(input: &Input<'_>, config: &mut Kubeconfig) {
    for (cluster, entry) in config.clusters.iter_mut().zip(&config.cluster_entries) {
        if input.has_conditional_lines(*entry) {
            let cluster = Arc::make_mut(cluster);
            (cluster.certificate_authority, cluster.insecure) = (None, None);
        }
    }
}

/// For a user of a template that has both an exec config and an auth provider, moves the auth
/// provider to a user of its own: the two may be alternatives. Drops the other credentials, which
/// may be alternatives, too.
fn alternative(user: &mut AuthInfo) -> Option<Subject> {
    user.credentials = Credentials::shared(Credentials::default());
    let auth_provider = user.auth_provider.take_if(|_| user.exec.is_some())?;
    let user = AuthInfo { exec: None, auth_provider: Some(auth_provider), ..user.clone() };
    Some(Subject::AuthInfo(Box::new(user)))
}

/// Returns the path of the file if it is a kubeconfig and nothing else.
fn file_of(input: &Input<'_>) -> Option<Arc<str>> {
    let path = path_of(input).filter(|_| input.context.role == Role::Live)?;
    Some(path.strip_prefix("./").unwrap_or(&path).into())
}

/// Returns the path of the file as it was named, unless the text is only a part of the file or is
/// rendered first.
fn path_of(input: &Input<'_>) -> Option<String> {
    let path = input.source.path();
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let is_file = input.context.depth == 0 && !language::is_of_template_engine(&name);
    path.to_str().filter(|path| is_file && !path.starts_with('<')).map(str::to_owned)
}

pub(super) const TEMPLATE: &str = "a template: kubectl cannot read it before it is rendered";

const ENCRYPTED: &str = "encrypted with SOPS, so its values cannot be checked";

/// Returns whether SOPS encrypted values of the document, and whether it encrypted all of them,
/// including `apiVersion` and `kind`.
fn encryption(view: View<'_>, root: NodeId) -> (bool, bool) {
    let fields = view.fields(root, None);
    let mut values = ["apiVersion", "kind"].into_iter().filter_map(|key| fields.get(key));
    let is_encrypted = fields.contains_key("sops");
    let is_whole = values.any(|field| {
        view.string(field.value).is_some_and(|value| placeholder::is_encrypted(&value))
    });
    (is_encrypted, is_encrypted && is_whole)
}

/// Top-level keys that rarely occur together in other kinds of files.
const SIGNS: [&str; 4] = ["clusters", "contexts", "users", "current-context"];

/// Ways of a user to authenticate that no other kind of file has at this place.
const CREDENTIALS: [&str; 2] = ["exec", "auth-provider"];

/// Returns whether a mapping is a kubeconfig.
pub(super) fn is_kubeconfig(view: View<'_>, map: NodeId) -> bool {
    has_signs(view, map, |map| view.fields(map, None))
}

/// Returns whether a mapping has the keys of a kubeconfig, or an entry in `users` with a way to
/// authenticate. `fields` returns the fields of a mapping.
fn has_signs(view: View<'_>, map: NodeId, fields: impl Fn(NodeId) -> Fields) -> bool {
    let top = fields(map);
    let string = |key: &str| {
        let value = top.get(key).and_then(|field| view.string(field.value));
        value.filter(|value| !placeholder::is_encrypted(value))
    };
    let signs = SIGNS.into_iter().filter(|key| top.contains_key(*key)).count();
    let is_config = string("kind").is_some_and(|kind| kind == "Config")
        && string("apiVersion").is_none_or(|version| version == "v1");
    let has_credentials = |&entry: &NodeId| {
        let entry = fields(view.tree.resolve(entry).0);
        let user = entry.get("user").map(|user| fields(user.value)).unwrap_or_default();
        let mut credentials = CREDENTIALS.into_iter().filter_map(|key| user.get(key));
        credentials.any(|field| view.is_mapping(field.value))
    };
    let users = top.get("users").map_or(&[][..], |users| view.tree.items(users.value));
    (is_config && signs >= 1) || signs >= 3 || users.iter().any(has_credentials)
}

/// Keeps only the errors that remain once the placeholders of the file are replaced. Returns
/// whether it dropped or changed any.
fn drop_placeholder_errors(input: &Input<'_>, errors: &mut Vec<DecodeError>) -> bool {
    if errors.is_empty() {
        return false;
    }
    let view = if input.template().is_some() { input.lenient() } else { input.strict() };
    let mut left = undecodable::of(input.source, view, input.json_comment(), true);
    if input.has_conditions() {
        // The two entries may be alternatives.
        left.retain(|error| !matches!(error.reason, Reason::DuplicateName { .. }));
    }
    let mut reasons: HashMap<Span, Vec<&Reason>> = HashMap::new();
    for DecodeError { span, reason, .. } in &left {
        reasons.entry(*span).or_default().push(reason);
    }
    let is_left = |error: &DecodeError| {
        reasons.get(&error.span).is_some_and(|reasons| reasons.contains(&&error.reason))
    };
    let is_changed = !errors.iter().all(is_left);
    if is_changed {
        *errors = left;
    }
    is_changed
}

/// Returns whether a file is a template, judging by its name or its content; `is_explained` tells
/// whether template syntax may explain its error.
fn is_template(source: &Source, is_explained: bool) -> bool {
    let name = source.path().file_name().unwrap_or_default().to_string_lossy();
    let name = name.to_ascii_lowercase();
    let is_placeholder_line = |line: &str| line.trim_start().starts_with("${");
    (is_explained && placeholder::is_template(source.text()))
        || language::is_of_template_engine(&name)
        || source.text().lines().any(is_placeholder_line)
}

/// Returns whether the mapping below the key at `key` ends before the place of the YAML error, and
/// no template action adds to it.
fn is_whole_before(text: &str, key: usize, error: usize) -> bool {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let start = text.get(..key).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let before = text.get(start..error).unwrap_or("");
    // The line with the error may itself be an action.
    let before = before.get(..before.rfind('\n').unwrap_or(0)).unwrap_or("");
    let mut lines = before.lines();
    let own = lines.next().map_or(0, indent);
    let marks = ["{{", "{%", "<%", "%{", "$", "<<"];
    for line in lines.filter(|line| !line.trim().is_empty()) {
        if marks.into_iter().any(|mark| line.trim_start().starts_with(mark)) {
            return false;
        }
        if indent(line) <= own {
            return true;
        }
    }
    false
}

/// Returns whether a file that kubectl may refuse was meant as a kubeconfig: by its name, or
/// because it begins like a kubeconfig and has its keys.
fn looks_like_kubeconfig(input: &Input<'_>, view: View<'_>) -> bool {
    let path = input.source.path();
    let is_file = input.context.depth == 0;
    let name = KubeconfigName::of(path).filter(|_| is_file);
    if name == Some(KubeconfigName::Certain) {
        return !is_of_another_kind(view.text);
    }
    if view.tree.documents.first().is_none_or(|document| document.error.is_none()) {
        return false;
    }
    // Notes and logs contain kubeconfigs, but are not kubeconfigs.
    if is_notes(path) {
        return false;
    }
    let least = if name.is_some() { 1 } else { 3 };
    let text = without_nul(view.text.trim_start_matches('\u{feff}'));
    let top = TopKeys::of(&text);
    let signs = SIGNS.into_iter().filter(|key| top.has(key, "")).count();
    let is_config = top.has("kind", "Config");
    if let TopKeys::Flow(_) = top {
        return signs >= 1 && signs + if is_config { 2 } else { 0 } >= least;
    }
    let kind = ["apiVersion", "kind"].into_iter().filter(|key| top.has(key, "")).count();
    let kind = kind + usize::from(is_config);
    (signs >= 1 && signs + kind >= least) || (is_config && name.is_some())
}

/// Returns whether a text is of another kind than its name says: a script, an encrypted file, or a
/// single placeholder.
fn is_of_another_kind(text: &str) -> bool {
    let is_whole_placeholder = || text.lines().count() <= 1 && placeholder::is_in(text);
    ["#!", "$ANSIBLE_VAULT;", "-----BEGIN "].into_iter().any(|mark| text.starts_with(mark))
        || is_whole_placeholder()
}

/// Strips the NUL bytes from a text in UTF-16 or UTF-32 without a byte order mark, which leaves its
/// ASCII characters.
fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "").into() } else { text.into() }
}

/// Returns whether a text names the exec API group, or may hold a user with `exec` or
/// `auth-provider`.
pub(crate) fn names_plugin(text: &str) -> bool {
    api_group::is_in(text)
        || ["exec", "auth-provider"].into_iter().any(|key| has_flow_key(text, key))
}

/// Returns whether the file name is that of notes or a log.
fn is_notes(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    matches!(extension.as_str(), "txt" | "text" | "log" | "out")
}
