//! Checks the types of a document against client-go's structs.
//!
//! The messages are those of Go's `encoding/json`, which keeps the first error and reads on, except
//! that it stops at an error of a type with its own decoder. The messages of kubectl 1.22 and older
//! come from `json_iterator`.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::go::base64::corrupt_at;
use crate::go::time;
use crate::kubernetes::version::Minor;
use crate::model::refusal::{DecodeError, Reason};
use crate::syntax::node::NodeId;
use crate::text::placeholder::{self, has_anonymous};
use crate::text::source::{Span, Spanned, clip};

use super::schema::{CONFIG, KUBECONFIG, Scheme, Struct, Type};
use super::view::{Field, Fields, View};
use super::{json_iterator, to_json};

/// The first kubectl that decodes JSON with Go's own decoder.
pub(crate) const ENCODING_JSON_SINCE: Minor = Minor(23);

/// Returns the type errors of the kubeconfig at `root` in the order in which kubectl meets them; it
/// prints the first.
pub fn check(view: View<'_>, root: NodeId) -> Vec<DecodeError> {
    // kubectl does not decode a document of another kind any further.
    let found = match GroupVersionKind::of(view, root, &KUBECONFIG) {
        Ok(found) => found,
        Err(error) => return vec![error],
    };
    if found.kind != KUBECONFIG.kind || found.api_version() != KUBECONFIG.version {
        return vec![found.not_registered(&KUBECONFIG)];
    }
    let mut errors = types(view, root, &CONFIG);
    errors.extend(Conversion { view, is_rendered: false }.errors(root));
    errors
}

/// Works like [`check`], but presumes that each placeholder is replaced by a valid value.
pub fn check_rendered(view: View<'_>, root: NodeId) -> Vec<DecodeError> {
    // A list stays a list however its items are filled in, but a double bracket may delimit a
    // template.
    let is_list = |id: NodeId| {
        let is_nested = |item: &NodeId| view.json_type(*item) == "array";
        view.json_type(id) == "array" && !view.tree.items(id).iter().any(is_nested)
    };
    let is_list_at = |span: Span| {
        let fields = view.entries(root);
        let mut values = fields.iter().map(|(_, field)| field.value);
        is_list(root) || values.any(|value| view.tree.node(value).span == span && is_list(value))
    };
    let is_filled_in = |error: &DecodeError| {
        let is_of_type = matches!(error.reason, Reason::VersionKind(_));
        view.text.get(error.span.range()).is_some_and(placeholder::is_in)
            && !(is_of_type && is_list_at(error.span))
    };
    match GroupVersionKind::of(view, root, &KUBECONFIG) {
        Ok(found) => {
            let is_ours =
                found.kind == KUBECONFIG.kind && found.api_version() == KUBECONFIG.version;
            let error = found.not_registered(&KUBECONFIG);
            if !is_ours && !is_filled_in(&error) {
                return vec![error];
            }
        }
        Err(error) if is_filled_in(&error) => {}
        Err(error) => return vec![error],
    }
    let mut checker = Checker { is_rendered: true, ..Checker::new(view) };
    checker.check_struct(root, &CONFIG, "");
    // json-iterator's error would be about a placeholder; newer kubectls reject the same values.
    let mut errors = checker.fatal;
    errors.extend(checker.errors);
    errors.extend(Conversion { view, is_rendered: true }.errors(root));
    errors
}

/// `apiVersion` and `kind` of a document; `None` if absent, null or empty.
#[derive(Debug, Default)]
pub(crate) struct TypeMeta {
    pub(crate) api_version: Option<Spanned<String>>,
    pub(crate) kind: Option<Spanned<String>>,
}

/// Reads `apiVersion` and `kind` from the top-level fields in the order in which Go meets them.
/// Ignores the case of the keys; the last one wins.
pub(crate) fn type_meta(
    view: View<'_>,
    top: impl IntoIterator<Item = (String, Field)>,
) -> Result<TypeMeta, DecodeError> {
    let mut meta = TypeMeta::default();
    for (name, field) in top {
        // U+212A is the only non-ASCII letter that Go folds into these names.
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

/// The group, version and kind of a document, with defaults for what is missing.
#[derive(Debug)]
pub(crate) struct GroupVersionKind {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    /// The value of `kind`, if set.
    pub(crate) kind_span: Option<Span>,
    /// The value of `apiVersion`, if set.
    pub(crate) version_span: Option<Span>,
    root: Span,
}

impl GroupVersionKind {
    /// Reads `apiVersion` and `kind`. Ignores the case of the keys; the last one wins.
    ///
    /// Source: apimachinery `pkg/runtime/serializer/json/meta.go` (`Interpret`), `json.go`
    /// (`gvkWithDefaults`, `Decode`), `pkg/runtime/schema/group_version.go`
    /// (`ParseGroupVersion`).
    pub(crate) fn of(view: View<'_>, root: NodeId, scheme: &Scheme) -> Result<Self, DecodeError> {
        let root_span = view.tree.node(root).span;
        if !(view.is_mapping(root) || view.is_null(root)) {
            let found = format!("{} into Go value of type {META}", view.json_type(root));
            return Err(DecodeError::new(root_span, Reason::VersionKind(found)));
        }
        let (mut version, mut kind) = (None, None);
        for (name, field) in &view.entries(root) {
            let (target, wanted) = match folded(name).as_str() {
                "apiversion" => (&mut version, ".apiVersion"),
                "kind" => (&mut kind, ".kind"),
                _ => continue,
            };
            if view.is_null(field.value) {
                continue;
            }
            let span = view.tree.node(field.value).span;
            let Some(value) = view.string(field.value) else {
                let found = view.json_type(field.value);
                let found = format!("{found} into Go struct field {wanted} of type string");
                return Err(DecodeError::new(span, Reason::VersionKind(found)));
            };
            *target = Some((value, span)).filter(|(value, _)| !value.is_empty());
        }
        let (version, version_span) = version.unzip();
        let (kind, kind_span) = kind.unzip();
        let version = version.unwrap_or_default();
        let (mut group, mut name) = match version.split_once('/') {
            None => ("", version.as_ref()),
            Some((_, rest)) if rest.contains('/') => {
                let reason = Reason::GroupVersion(version.clone().into_owned());
                return Err(DecodeError::new(version_span.unwrap_or(root_span), reason));
            }
            Some((group, name)) => (group, name),
        };
        if name.is_empty() && (group.is_empty() || group == scheme.group) {
            (group, name) = (scheme.group, scheme.version);
        }
        if name.is_empty() {
            let span = version_span.unwrap_or(root_span);
            return Err(DecodeError::new(span, Reason::MissingVersion));
        }
        Ok(Self {
            group: group.to_owned(),
            version: name.to_owned(),
            kind: kind.unwrap_or(Cow::Borrowed(scheme.kind)).into_owned(),
            kind_span,
            version_span,
            root: root_span,
        })
    }

    /// Returns group and version as kubectl prints them.
    pub(crate) fn api_version(&self) -> String {
        match self.group.as_str() {
            "" => self.version.clone(),
            group => format!("{group}/{}", self.version),
        }
    }

    /// Returns the error that the scheme lacks this kind, at the kind or version, whichever is
    /// wrong.
    pub(crate) fn not_registered(&self, scheme: &Scheme) -> DecodeError {
        let is_of_kind = self.kind == scheme.kind;
        let span = if is_of_kind { self.version_span } else { self.kind_span };
        let (kind, version) = (self.kind.clone(), self.api_version());
        DecodeError::new(span.unwrap_or(self.root), Reason::NoKind { kind, version })
    }
}

/// The struct into which kubectl reads `apiVersion` and `kind`, as Go prints its type.
const META: &str = "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \
                    \"json:\\\"kind,omitempty\\\"\" }";

/// Returns the name in lower case; U+212A and U+017F are the non-ASCII letters that Go folds into
/// these names.
pub fn folded(name: &str) -> String {
    name.replace('\u{212a}', "k").replace('\u{17f}', "s").to_ascii_lowercase()
}

/// Returns the type errors of the document at `root`, decoded into the struct `of`, in the order in
/// which kubectl meets them; it prints the first.
pub(crate) fn types(view: View<'_>, root: NodeId, of: &'static Struct) -> Vec<DecodeError> {
    let mut checker = Checker::new(view);
    checker.check_struct(root, of, "");
    let Checker { errors, mut fatal, suspect, .. } = checker;
    fatal.extend(errors);
    for error in &mut fatal {
        error.since = error.since.max(ENCODING_JSON_SINCE);
    }
    let suspect = suspect.or(fatal.first().map(|error| error.span));
    // JSON that was not YAML may contain numbers that only json-iterator rejects.
    let suspect =
        suspect.or(view.tree.is_json().then(|| Span::at(view.tree.node(root).span.start)));
    if let Some(span) = suspect {
        let json = match view.tree.is_json() {
            true => Cow::Borrowed(view.text.get(view.tree.node(root).span.range()).unwrap_or("")),
            false => Cow::Owned(to_json::to_json(view, root)),
        };
        // Two groups of old kubectls, since 1.22 added fields.
        for (first, last) in [(Minor::OLDEST, Minor(21)), (Minor(22), Minor(22))] {
            if let Some(words) = json_iterator::error(&json, of, last) {
                let error = DecodeError::new(span, Reason::JsonIterator(words));
                fatal.push(error.within(first, last));
            }
        }
    }
    fatal
}

struct Checker<'a> {
    view: View<'a>,
    /// Whether placeholders count as valid values.
    is_rendered: bool,
    /// The errors after which Go reads on.
    errors: Vec<DecodeError>,
    /// The errors at which Go stops.
    fatal: Vec<DecodeError>,
    /// A value that json-iterator may reject although Go accepts it.
    suspect: Option<Span>,
}

impl<'a> Checker<'a> {
    fn new(view: View<'a>) -> Self {
        let (errors, fatal) = (Vec::new(), Vec::new());
        Self { view, is_rendered: false, errors, fatal, suspect: None }
    }

    /// Whether the value is a placeholder that is presumed to be valid.
    fn is_presumed(&self, node: NodeId, kind: Type) -> bool {
        self.is_rendered
            && self.view.tree.scalar(node, self.view.text).is_some_and(|value| match kind {
                Type::Bytes => placeholder::is_in_data(value),
                _ => placeholder::is_in(value),
            })
    }

    /// Checks a struct. Recursion is limited by the depth of client-go's structs, not of the input.
    fn check_struct(&mut self, node: NodeId, of: &'static Struct, path: &str) {
        for (name, field) in &self.view.entries(node) {
            let Some(known) = of.fields.iter().find(|known| known.json == name) else { continue };
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

    fn check_value(&mut self, node: NodeId, kind: Type, owner: &'static str, path: &str) {
        let view = self.view;
        let found = view.json_type(node);
        if found == "null" || self.is_presumed(node, kind) {
            return;
        }
        let (expected, wanted) = match kind {
            Type::Any | Type::Since(..) => return,
            Type::String | Type::Time => ("string", "string"),
            Type::Named(name) => ("string", name),
            Type::Bool => ("bool", "bool"),
            Type::Int32 => ("number", "int32"),
            Type::Byte => ("number", "uint8"),
            Type::Bytes if found == "array" => ("array", "[]uint8"),
            Type::Bytes => ("string", "[]uint8"),
            Type::Struct(of) | Type::Pointer(of) => ("object", of.go_name),
            Type::List(_, name) => ("array", name),
            Type::Map(_, name) => ("object", name),
            Type::Interface(name) => ("null", name),
        };
        let span = view.tree.node(node).span;
        let wrong = |found| {
            let field = format!("{owner}.{path}");
            DecodeError::new(span, Reason::WrongType { found, field, wanted })
        };
        match kind {
            Type::Time if found != expected => self.fatal.push(wrong(found)),
            _ if found != expected => self.errors.push(wrong(found)),
            Type::Struct(of) | Type::Pointer(of) => self.check_struct(node, of, path),
            Type::List(item, _) => {
                for &child in view.tree.items(node) {
                    self.check_value(view.tree.resolve(child).0, *item, owner, path);
                }
            }
            Type::Map(item, _) => {
                for (_, field) in view.entries(node) {
                    self.check_value(field.value, *item, owner, path);
                }
            }
            Type::Bytes if found == "array" => {
                let list = Type::List(&Type::Byte, "[]uint8");
                self.check_value(node, list, owner, path);
            }
            Type::Bytes => {
                if let Some(at) = view.string(node).and_then(|value| corrupt_at(&value)) {
                    self.errors.push(DecodeError::new(span, Reason::Base64(at)));
                }
            }
            Type::Int32 | Type::Byte => {
                let number = match view.tree.is_json() {
                    true => view.tree.scalar(node, view.text).unwrap_or("").to_owned(),
                    false => to_json::to_json(view, node),
                };
                let fits = match kind {
                    Type::Int32 => number.parse::<i32>().is_ok(),
                    _ => number.parse::<u8>().is_ok(),
                };
                if !fits {
                    // The number itself may be a secret.
                    self.errors.push(wrong("number …"));
                }
            }
            Type::Time => self.check_time(&view.string(node).unwrap_or_default(), span),
            _ => {}
        }
    }

    fn check_time(&mut self, value: &str, span: Span) {
        if time::error(value, Minor(ENCODING_JSON_SINCE.0 - 1)).is_some() {
            self.suspect.get_or_insert(span);
        }
        let mut last: Option<DecodeError> = None;
        for minor in (ENCODING_JSON_SINCE.0..=Minor::NEWEST.0).map(Minor) {
            let words =
                time::error(value, minor).map(|words| Reason::Time(clip(&words).to_owned()));
            match (&mut last, words) {
                (Some(error), Some(words)) if error.reason == words => error.until = Some(minor),
                (last, words) => {
                    self.fatal.extend(last.take());
                    *last = words.map(|words| DecodeError::new(span, words).within(minor, minor));
                }
            }
        }
        self.fatal.extend(last);
    }
}

/// client-go's conversion of lists of named items to maps, which must not contain a name twice.
struct Conversion<'a> {
    view: View<'a>,
    /// Whether to skip names with placeholders that may stand for different names.
    is_rendered: bool,
}

impl Conversion<'_> {
    /// Returns the errors in the order of client-go's conversion; it prints the first.
    fn errors(&self, root: NodeId) -> Vec<DecodeError> {
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
        errors
    }

    /// Returns the error about two extensions with the same name. A null extension does not reserve
    /// its name.
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

    /// Returns the entries of a list of named items.
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
        let is_known = |entry: &Entry| !self.is_rendered || !has_anonymous(&entry.name);
        items.map(entry).filter(is_known).collect()
    }
}

/// An entry of a list of named items.
struct Entry {
    name: String,
    /// The span of the name, or of the entry if it has no name.
    span: Span,
    fields: Fields,
}

impl Entry {
    /// Returns client-go's error if the name is already among `names`.
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
