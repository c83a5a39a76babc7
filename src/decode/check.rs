//! The check of a document's types against client-go's structs.
//!
//! The words are those of Go's `encoding/json`, which keeps the first error in the order of the
//! sorted keys; kubectl 1.22 and older have those of [`json_iterator`].

use std::collections::HashSet;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};

use super::fields::{Field, Fields, View};
use super::schema::{CONFIG, Struct, Type};
use super::{DecodeError, Reason, json, json_iterator};
use crate::kubernetes::version::Minor;
use crate::model::Spanned;
use crate::source::Span;
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
    checker.conversion(root);
    checker.errors
}

/// Go's words for the struct into which `apiVersion` and `kind` are read.
const VERSION_AND_KIND: &str = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; \
                                Kind string \"json:\\\"kind,omitempty\\\"\" }";

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
    let whole = view.tree.node(root).span;
    let found = view.json_type(root);
    if !matches!(found, "object" | "null") {
        let found = format!("{found} into Go value of type {VERSION_AND_KIND}");
        return Err(DecodeError::new(whole, Reason::VersionKind(found)));
    }
    let meta = type_meta(view, view.fields(root, None))?;
    let wrong = |value: &Option<Spanned<String>>, right: &str| {
        value.as_ref().filter(|value| value.value != right).map(|value| value.span)
    };
    let (version, kind) = (wrong(&meta.api_version, "v1"), wrong(&meta.kind, "Config"));
    let place = kind.or(version).unwrap_or(whole);
    let kind = meta.kind.map_or_else(|| "Config".to_owned(), |kind| kind.value);
    let version = meta.api_version.map(|version| version.value).filter(|version| version != "/");
    // apimachinery's `ParseGroupVersion`, then the defaults.
    let version = version.unwrap_or_default();
    if version.matches('/').count() > 1 {
        return Err(DecodeError::new(place, Reason::GroupVersion(version)));
    }
    let (group, version) = version.split_once('/').unwrap_or(("", &version));
    if version.is_empty() && !group.is_empty() {
        return Err(DecodeError::new(place, Reason::MissingVersion));
    }
    if group.is_empty() && matches!(version, "" | "v1") && kind == "Config" {
        return Ok(());
    }
    let version = match (group, version) {
        ("", "") => "v1".to_owned(),
        ("", version) => version.to_owned(),
        (group, version) => format!("{group}/{version}"),
    };
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
            // Numbers are bytes as well.
            Type::Bytes if found == "array" => ("array", "[]uint8"),
            Type::Bytes => ("string", "[]uint8"),
            Type::Byte => ("number", "uint8"),
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
            Type::Bytes if found == "array" => {
                for &child in view.tree.items(node) {
                    self.check_value(view.tree.resolve(child).0, Type::Byte, owner, path);
                }
            }
            Type::Byte => {
                if json::to_json(view, node).parse::<u8>().is_err() {
                    // Which number may be a secret.
                    let field = format!("{owner}.{path}");
                    let reason = Reason::WrongType { found: "number …", field, wanted };
                    self.errors.push(DecodeError::new(span, reason));
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

    /// The lists of names become maps, in this order.
    fn conversion(&mut self, root: NodeId) {
        let fields = self.view.fields(root, None);
        let extensions_of = |field: Option<&Field>| {
            let fields = self.view.fields(field?.value, None);
            fields.get("extensions").copied()
        };
        let mut errors = Vec::new();
        errors.extend(self.duplicate_extension(extensions_of(fields.get("preferences"))));
        for (key, item, list, map) in [
            ("clusters", "cluster", "NamedCluster", "*api.Cluster"),
            ("users", "user", "NamedAuthInfo", "*api.AuthInfo"),
            ("contexts", "context", "NamedContext", "*api.Context"),
        ] {
            let mut names = HashSet::new();
            for entry in self.entries(fields.get(key)) {
                errors.extend(self.duplicate_extension(extensions_of(entry.fields.get(item))));
                errors.extend(entry.duplicate(&mut names, list, map));
            }
        }
        errors.extend(self.duplicate_extension(fields.get("extensions").copied()));
        // kubectl prints the first; the others are as good as any that come after it.
        self.errors.extend(errors);
    }

    /// Two extensions of one name. Those that are null do not count.
    fn duplicate_extension(&self, list: Option<Field>) -> Option<DecodeError> {
        let mut names = HashSet::new();
        self.entries(list.as_ref()).into_iter().find_map(|entry| {
            let extension = entry.fields.get("extension");
            let is_null = extension.is_none_or(|extension| self.view.is_null(extension.value));
            let is_known = names.contains(&entry.name);
            match is_null && !is_known {
                true => None,
                false => entry.duplicate(&mut names, "NamedExtension", "runtime.Object"),
            }
        })
    }

    /// The entries of a list of names.
    fn entries(&self, list: Option<&Field>) -> Vec<Entry> {
        let view = self.view;
        let items = list.map_or(&[][..], |list| view.tree.items(list.value)).iter();
        let entry = |&item: &NodeId| {
            let node = view.tree.resolve(item).0;
            let fields = view.fields(node, None);
            let field = fields.get("name");
            let name = field.and_then(|field| view.string(field.value)).unwrap_or_default();
            let span = view.tree.node(field.map_or(node, |field| field.value)).span;
            Entry { name: name.into_owned(), span, fields }
        };
        items.map(entry).collect()
    }
}

/// An entry of a list of names.
struct Entry {
    name: String,
    /// The name, or else the entry.
    span: Span,
    fields: Fields,
}

impl Entry {
    /// What client-go says if the name was there before.
    fn duplicate(
        &self,
        names: &mut HashSet<String>,
        list: &'static str,
        map: &'static str,
    ) -> Option<DecodeError> {
        let reason = Reason::DuplicateName { list, map, name: self.name.clone() };
        let is_new = names.insert(self.name.clone());
        (!is_new).then(|| DecodeError::new(self.span, reason))
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
