//! Checks the types of a document against the structs that kubectl decodes it into.
//!
//! The order of the errors is that of Go's `encoding/json`, which keeps the first error and reads
//! on, except that it stops at an error of a type with its own decoder.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::go::base64::corrupt_at;
use crate::go::time::is_time;
use crate::kubernetes::version::Minor;
use crate::model::refusal::{DecodeError, JsonType, Reason};
use crate::syntax::node::NodeId;
use crate::text::placeholder::{self, has_anonymous};
use crate::text::source::{Span, clip};

use super::schema::{CONFIG, Struct, Type};
use super::type_meta::{GroupVersionKind, KUBECONFIG};
use super::view::{Field, Fields, View};

/// Returns the type errors of the kubeconfig at `root` in the order in which kubectl meets them; it
/// prints the first. If the file `is_rendered`, presumes that each placeholder is replaced by a
/// valid value.
pub(crate) fn check(view: View<'_>, root: NodeId, is_rendered: bool) -> Vec<DecodeError> {
    let found = GroupVersionKind::of(view, Some(root), &KUBECONFIG).and_then(|found| {
        let is_ours = found.kind == KUBECONFIG.kind && found.api_version() == KUBECONFIG.version;
        if is_ours { Ok(()) } else { Err(found.not_registered(&KUBECONFIG)) }
    });
    // kubectl does not decode a document of another kind any further.
    if let Err(error) = found
        && !(is_rendered && is_filled_in(view, root, &error))
    {
        return vec![error];
    }
    let mut errors = errors(view, root, &CONFIG, is_rendered);
    errors.extend(Conversion { view, is_rendered }.errors(root));
    errors
}

/// Returns whether an error about `apiVersion` or `kind` disappears once the placeholders are
/// replaced.
fn is_filled_in(view: View<'_>, root: NodeId, error: &DecodeError) -> bool {
    // A list stays a list however its items are filled in, but a double bracket may delimit a
    // template.
    let is_list = |id: NodeId| {
        let is_nested = |item: &NodeId| view.json_type(*item) == JsonType::List;
        view.json_type(id) == JsonType::List && !view.tree.items(id).iter().any(is_nested)
    };
    let is_list_at = |span: Span| {
        let fields = view.entries(root);
        let mut values = fields.iter().map(|(_, field)| field.value);
        is_list(root) || values.any(|value| view.tree.node(value).span == span && is_list(value))
    };
    let is_of_type = matches!(error.reason, Reason::VersionKind { .. });
    view.text.get(error.span.range()).is_some_and(placeholder::is_in)
        && !(is_of_type && is_list_at(error.span))
}

/// Returns the type errors of the document at `root`, decoded into the struct `of`, in the order in
/// which kubectl meets them; it prints the first. A list may have one for every few bytes: later ones
/// that no kubectl can print are left out.
pub(crate) fn errors(
    view: View<'_>,
    root: NodeId,
    of: &'static Struct,
    is_rendered: bool,
) -> Vec<DecodeError> {
    let mut checker = Checker {
        view,
        is_rendered,
        placeholders: HashMap::new(),
        errors: Vec::new(),
        kinds: HashSet::new(),
        fatal: Vec::new(),
    };
    checker.check_struct(root, of, "", Minor::OLDEST);
    checker.fatal.append(&mut checker.errors);
    checker.fatal
}

/// The length in bytes from which values are searched for placeholders only once.
const LONG: usize = 1024;

struct Checker<'a> {
    view: View<'a>,
    /// Whether placeholders count as valid values.
    is_rendered: bool,
    /// Whether long values hold placeholders: aliases may repeat one thousands of times.
    placeholders: HashMap<(NodeId, bool), bool>,
    /// The errors after which Go reads on.
    errors: Vec<DecodeError>,
    /// The first kubectl that reports each of them, and whether it is about a placeholder: the error
    /// after that one is the first if the placeholder is replaced.
    kinds: HashSet<(Minor, bool)>,
    /// The errors at which Go stops.
    fatal: Vec<DecodeError>,
}

impl Checker<'_> {
    /// Returns whether the value is a placeholder.
    fn is_placeholder(&mut self, node: NodeId, kind: Type) -> bool {
        let Some(value) = self.view.tree.scalar(node, self.view.text) else { return false };
        let is_data = matches!(kind, Type::Bytes);
        let is_open =
            || if is_data { placeholder::is_in_data(value) } else { placeholder::is_in(value) };
        if value.len() < LONG {
            return is_open();
        }
        *self.placeholders.entry((node, is_data)).or_insert_with(is_open)
    }

    /// Checks a struct that kubectl has known since the minor `since`. Recursion is limited by the
    /// depth of the structs, not of the input.
    fn check_struct(&mut self, node: NodeId, of: &'static Struct, path: &str, since: Minor) {
        for (name, field) in &self.view.entries(node) {
            let Some((_, kind)) = of.fields.iter().find(|(known, _)| known == name) else {
                continue;
            };
            let dot = if path.is_empty() { "" } else { "." };
            let context =
                FieldContext { owner: of.name, path: &format!("{path}{dot}{name}"), since };
            self.check_value(field.value, *kind, context);
        }
    }

    fn check_value(&mut self, node: NodeId, kind: Type, context: FieldContext<'_>) {
        let view = self.view;
        let found = view.json_type(node);
        let span = view.tree.node(node).span;
        let FieldContext { owner, path, since } = context;
        if found == JsonType::Null || (self.is_rendered && self.is_placeholder(node, kind)) {
            return;
        }
        let reason = match (kind, found) {
            (Type::Since(first, kind), _) => {
                return self.check_value(
                    node,
                    *kind,
                    FieldContext { since: first.max(since), ..context },
                );
            }
            (Type::Object(of), JsonType::Map) => return self.check_struct(node, of, path, since),
            (Type::List(item), JsonType::List) => return self.check_items(node, *item, context),
            (Type::Bytes, JsonType::List) => return self.check_items(node, Type::Byte, context),
            (Type::Map(item), JsonType::Map) => {
                for (_, field) in view.entries(node) {
                    self.check_value(field.value, *item, context);
                }
                return;
            }
            (Type::Time, _) => {
                return self.check_time(span, view.string(node).as_deref());
            }
            (Type::Bytes, JsonType::Text) => {
                match view.string(node).and_then(|value| corrupt_at(&value)) {
                    Some(at) => Reason::Base64(at),
                    None => return,
                }
            }
            (Type::Int32, JsonType::Number) if view.integer(node).is_some_and(is_i32) => return,
            (Type::Byte, JsonType::Number) if view.integer(node).is_some_and(is_byte) => return,
            (Type::Any, _)
            | (Type::Text | Type::InteractiveMode, JsonType::Text)
            | (Type::Bool, JsonType::Bool) => return,
            _ => Reason::WrongType {
                found,
                wanted: kind.wanted(),
                owner,
                path: path.to_owned(),
                go_type: kind.go_name(),
            },
        };
        let is_placeholder = self.is_placeholder(node, kind);
        if self.kinds.insert((since, is_placeholder)) {
            self.errors.push(DecodeError { since, ..DecodeError::new(span, reason) });
        }
    }

    /// Checks a time; `value` is `None` if the value is not a string.
    fn check_time(&mut self, span: Span, value: Option<&str>) {
        let is_read = |minor: &Minor| value.is_some_and(|value| is_time(value, *minor));
        let minors = (Minor::OLDEST.0..=Minor::NEWEST.0).map(Minor);
        for minor in minors.filter(|minor| !is_read(minor)) {
            match self.fatal.last_mut() {
                Some(last) if last.span == span && last.until == Some(Minor(minor.0 - 1)) => {
                    last.until = Some(minor);
                }
                _ => self.fatal.push(DecodeError::new(span, Reason::Time).within(minor, minor)),
            }
        }
    }

    fn check_items(&mut self, list: NodeId, item: Type, context: FieldContext<'_>) {
        for &child in self.view.tree.items(list) {
            self.check_value(self.view.tree.resolve(child).0, item, context);
        }
    }
}

/// The field that a value belongs to.
#[derive(Clone, Copy)]
struct FieldContext<'a> {
    /// The struct that has the field.
    owner: &'static str,
    /// The path of the field from the root, with dots.
    path: &'a str,
    /// The first kubectl that knows the field.
    since: Minor,
}

fn is_i32(number: i128) -> bool {
    i32::try_from(number).is_ok()
}

fn is_byte(number: i128) -> bool {
    u8::try_from(number).is_ok()
}

/// client-go's conversion of lists of named items to maps, which must not contain a name twice.
struct Conversion<'a> {
    view: View<'a>,
    /// Whether to skip names with placeholders that may stand for different names.
    is_rendered: bool,
}

impl<'a> Conversion<'a> {
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
            // kubectl prints the first, but a placeholder may turn out not to be one.
            let mut kinds = HashSet::new();
            for entry in self.entries(fields.get(key)) {
                errors.extend(self.duplicate_extension(extensions_of(entry.fields.get(item))));
                let error = entry.duplicate(&mut names, list, map);
                errors.extend(error.filter(|_| kinds.insert(has_anonymous(&entry.name))));
            }
        }
        errors.extend(self.duplicate_extension(fields.get("extensions").copied()));
        errors
    }

    /// Returns the error about two extensions with the same name. A null extension does not reserve
    /// its name.
    fn duplicate_extension(&self, list: Option<Field>) -> Option<DecodeError> {
        let mut names = HashSet::new();
        self.entries(list.as_ref()).find_map(|entry| {
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
    fn entries(&self, list: Option<&Field>) -> impl Iterator<Item = Entry<'a>> {
        let view = self.view;
        let entry = move |item: Field| {
            let fields = view.fields(item.value, None);
            let field = fields.get("name");
            let name =
                field.and_then(|field| Some(view.bounded(view.string(field.value)?, field.alias)));
            let name = name.unwrap_or_default();
            let span = view.tree.node(field.unwrap_or(&item).value).span;
            Entry { name, span, fields }
        };
        let is_rendered = self.is_rendered;
        let is_known = move |entry: &Entry<'_>| !is_rendered || !has_anonymous(&entry.name);
        view.items(list).map(entry).filter(is_known)
    }
}

/// An entry of a list of named items.
struct Entry<'a> {
    name: Cow<'a, str>,
    /// The span of the name, or of the entry if it has no name.
    span: Span,
    fields: Fields,
}

impl<'a> Entry<'a> {
    /// Returns client-go's error if the name is already among `names`.
    fn duplicate(
        &self,
        names: &mut HashSet<Cow<'a, str>>,
        list: &'static str,
        map: &'static str,
    ) -> Option<DecodeError> {
        let is_new = names.insert(self.name.clone());
        let name = || clip(&self.name).to_owned();
        let reason = || Reason::DuplicateName { list, map, name: name() };
        (!is_new).then(|| DecodeError::new(self.span, reason()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml;

    #[test]
    fn check_keeps_the_errors_that_some_kubectl_may_print() {
        let places = |text: &str, is_rendered| {
            let text = format!("apiVersion: v1\nkind: Config\n{text}\n");
            let tree = yaml::parse(&text);
            let root = tree.documents[0].root.unwrap();
            let errors = check(View { tree: &tree, text: &text }, root, is_rendered);
            errors.iter().map(|error| text[error.span.range()].to_owned()).collect::<Vec<_>>()
        };
        let env = |items: &str| format!("users: [{{user: {{exec: {{env: [{items}]}}}}}}]");
        for (text, as_written, rendered) in [
            (env("1, 2, 3"), &["1"][..], &["1"][..]),
            // Something replaces the placeholder.
            (env("$A, 1, $B, 2"), &["$A", "1"], &["1"]),
            (env("1, $A, 2, $B"), &["1", "$A"], &["1"]),
            // Older kubectls do not know the field.
            (
                "clusters: [{cluster: {disable-compression: 1}}, {name: a, cluster: {server: 2}}]"
                    .to_owned(),
                &["1", "2"],
                &["1", "2"],
            ),
        ] {
            assert_eq!(places(&text, false), as_written, "{text}");
            assert_eq!(places(&text, true), rendered, "{text}");
        }
    }
}
