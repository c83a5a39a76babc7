//! The check of a document's types against client-go's structs.
//!
//! The words are those of Go's `encoding/json`, which keeps the first error in the order of the
//! sorted keys; kubectl 1.22 and older have those of [`json_iterator`].

use std::collections::HashSet;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

use super::fields::{Field, View};
use super::schema::{CONFIG, Struct, Type};
use super::{DecodeError, Reason, json, json_iterator};
use crate::kubernetes::version::Minor;
use crate::model::Spanned;
use crate::syntax::node::NodeId;

/// The first kubectl that decodes JSON with Go's own rules.
const ENCODING_JSON_SINCE: Minor = Minor(23);

/// The type errors of the kubeconfig at `root`, in the order in which kubectl meets them; it
/// prints the first.
pub fn check(view: View<'_>, root: NodeId) -> Vec<DecodeError> {
    // A document that is not ours is not decoded any further.
    if let Err(error) = version_and_kind(view, root) {
        return vec![error];
    }
    let mut checker = Checker { view, errors: Vec::new() };
    checker.check_struct(root, &CONFIG, "");
    if let Some(span) = checker.errors.first().map(|error| error.span) {
        for error in &mut checker.errors {
            error.since = error.since.max(ENCODING_JSON_SINCE);
        }
        let json = json::to_json(view, root);
        // Two kinds of old: 1.22 brought fields.
        for (first, last) in [(Minor::OLDEST, Minor(21)), (Minor(22), Minor(22))] {
            if let Some(words) = json_iterator::error(&json, last) {
                let error = DecodeError::new(span, Reason::JsonIterator(words));
                checker.errors.push(error.within(first, last));
            }
        }
    }
    for (key, list, map) in [
        ("clusters", "NamedCluster", "Cluster"),
        ("users", "NamedAuthInfo", "AuthInfo"),
        ("contexts", "NamedContext", "Context"),
    ] {
        checker.duplicate_names(root, key, list, map);
    }
    checker.errors
}

/// `apiVersion` and `kind` of a document; `None` where they are absent, null or empty.
#[derive(Debug, Default)]
pub(super) struct TypeMeta {
    pub(super) api_version: Option<Spanned<String>>,
    pub(super) kind: Option<Spanned<String>>,
}

/// Reads them out of the fields at the top, in the order in which Go meets them: they are looked
/// up ignoring case, and the last wins.
pub(super) fn type_meta(
    view: View<'_>,
    top: impl IntoIterator<Item = (String, Field)>,
) -> Result<TypeMeta, DecodeError> {
    let mut meta = TypeMeta::default();
    for (name, field) in top {
        // U+212A is the one letter beyond ASCII that Go folds into these names.
        let name = name.replace('\u{212a}', "k").to_ascii_lowercase();
        let (target, wanted) = match name.as_str() {
            "apiversion" => (&mut meta.api_version, ".apiVersion"),
            "kind" => (&mut meta.kind, ".kind"),
            _ => continue,
        };
        if view.is_null(field.value) {
            continue;
        }
        if view.string(field.value).is_none() {
            let span = view.tree.node(field.value).span;
            let found = view.json_type(field.value);
            let found = format!("{found} into Go struct field {wanted} of type string");
            return Err(DecodeError::new(span, Reason::VersionKind(found)));
        }
        *target = view.spanned(Some(&field));
    }
    Ok(meta)
}

/// Whether the document is a kubeconfig: what is absent is taken to be right.
fn version_and_kind(view: View<'_>, root: NodeId) -> Result<(), DecodeError> {
    let meta = type_meta(view, view.fields(root, None))?;
    let wrong = |value: &Option<Spanned<String>>, right: &str| {
        value.as_ref().filter(|value| value.value != right).map(|value| value.span)
    };
    let (version, kind) = (wrong(&meta.api_version, "v1"), wrong(&meta.kind, "Config"));
    let Some(place) = kind.or(version) else { return Ok(()) };
    let or = |value: Option<Spanned<String>>, default: &str| {
        value.map_or_else(|| default.to_owned(), |value| value.value)
    };
    let (version, kind) = (or(meta.api_version, "v1"), or(meta.kind, "Config"));
    Err(DecodeError::new(place, Reason::NoKind { kind, version }))
}

struct Checker<'a> {
    view: View<'a>,
    errors: Vec<DecodeError>,
}

impl Checker<'_> {
    /// Recursion here is as deep as client-go's structs are, not as the input is.
    fn check_struct(&mut self, node: NodeId, of: &'static Struct, path: &str) {
        let fields = self.view.fields(node, None);
        // The fields above and those in the file are both sorted by name.
        for known in of.fields {
            let name = known.json;
            if let Some(field) = fields.get(name) {
                let dot = if path.is_empty() { "" } else { "." };
                let path = format!("{path}{dot}{name}");
                let before = self.errors.len();
                let (since, kind) = match known.kind {
                    Type::Since(since, kind) => (since, *kind),
                    kind => (Minor::OLDEST, kind),
                };
                self.check_value(field.value, kind, of.name, &path);
                for error in self.errors.iter_mut().skip(before) {
                    error.since = error.since.max(since);
                }
            }
        }
    }

    fn check_value(&mut self, node: NodeId, kind: Type, owner: &'static str, path: &str) {
        let view = self.view;
        let found = view.json_type(node);
        if found == "null" {
            return;
        }
        let (expected, wanted) = match kind {
            Type::Any | Type::Since(..) => return,
            Type::String => ("string", "string"),
            Type::Named(name) => ("string", name),
            Type::Bool => ("bool", "bool"),
            Type::Bytes => ("string", "[]uint8"),
            Type::Struct(of) | Type::Pointer(of) => ("object", of.go_name),
            Type::List(_, name) => ("array", name),
            Type::Map(_, name) => ("object", name),
        };
        let span = view.tree.node(node).span;
        if found != expected {
            let field = format!("{owner}.{path}");
            let reason = Reason::WrongType { found, field, wanted };
            self.errors.push(DecodeError::new(span, reason));
            return;
        }
        match kind {
            Type::Struct(of) | Type::Pointer(of) => self.check_struct(node, of, path),
            Type::List(item, _) => {
                for &child in view.tree.items(node) {
                    self.check_value(view.tree.resolve(child).0, *item, owner, path);
                }
            }
            Type::Map(item, _) => {
                for Field { value, .. } in view.fields(node, None).values() {
                    self.check_value(*value, *item, owner, path);
                }
            }
            Type::Bytes => {
                if let Some(at) = view.string(node).and_then(|value| bad_base64(&value)) {
                    self.errors.push(DecodeError::new(span, Reason::Base64(at)));
                }
            }
            _ => {}
        }
    }

    /// Two entries of a list with one name.
    fn duplicate_names(&mut self, root: NodeId, key: &str, list: &'static str, map: &'static str) {
        let view = self.view;
        let fields = view.fields(root, None);
        let Some(entries) = fields.get(key) else {
            return;
        };
        let mut names = HashSet::new();
        for &entry in view.tree.items(entries.value) {
            let entry = view.tree.resolve(entry).0;
            let fields = view.fields(entry, None);
            let field = fields.get("name");
            let name = field.and_then(|field| view.string(field.value)).unwrap_or_default();
            if !names.insert(name.clone()) {
                let span = view.tree.node(field.map_or(entry, |field| field.value)).span;
                let name = name.into_owned();
                let reason = Reason::DuplicateName { list, map, name };
                self.errors.push(DecodeError::new(span, reason));
                return;
            }
        }
    }
}

/// Where Go's base64 decoder, which skips line breaks, gives up.
pub(super) fn bad_base64(value: &str) -> Option<usize> {
    // Go does not mind which bits stand behind the end of the data.
    const LIKE_GO: GeneralPurpose = GeneralPurpose::new(
        &STANDARD,
        GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    let plain: String = value.chars().filter(|c| !matches!(c, '\n' | '\r')).collect();
    LIKE_GO.decode(&plain).err().map(|error| match error {
        base64::DecodeError::InvalidByte(at, _) | base64::DecodeError::InvalidLastSymbol(at, _) => {
            at
        }
        base64::DecodeError::InvalidLength(_) | base64::DecodeError::InvalidPadding => plain.len(),
    })
}
