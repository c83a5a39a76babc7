//! Finds the Kubernetes objects and the blocks of Terraform in a text, so that findings can name
//! what encloses them.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use crate::kubectl::decode::view::View;
use crate::model::enclosing::{Enclosing, KubernetesObject, TerraformBlock};
use crate::syntax::node::{NodeId, NodeKind};
use crate::text::source::{Span, clip};

use super::input::Input;

/// The named parts of a text, and the keys in them.
#[derive(Debug)]
pub(crate) struct EnclosingParts<'a> {
    /// The text that holds them.
    view: View<'a>,
    /// The outermost ones, in order.
    parts: Vec<(Span, Part<'a>)>,
    /// The keys of the mappings that hold the data of an object, each up to the end of its value; the
    /// outermost ones, in order.
    keys: Vec<(Span, NodeId)>,
    /// The part around the last place. Many findings in a row may share it.
    last: Option<(Span, Arc<Enclosing>)>,
}

/// A named part. A text may have one for every few bytes, so only what is around a finding is written
/// out.
#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    /// An object of this kind.
    Object(&'a str, NodeId),
    /// A block.
    Block {
        /// The key that is its type.
        kind: NodeId,
        body: NodeId,
        /// The keys that are its labels; none if these are the names of the body.
        labels: [Option<NodeId>; 2],
    },
}

/// The keys of the mappings whose own keys identify a text in an object.
const DATA: [&str; 4] = ["data", "stringData", "binaryData", "annotations"];

impl<'a> EnclosingParts<'a> {
    /// Finds the named parts of a text.
    pub(crate) fn of(input: &'a Input<'_>) -> Self {
        let view = input.hcl().unwrap_or_else(|| input.data());
        let (parts, keys) = match input.hcl() {
            Some(_) => (blocks(view), Vec::new()),
            None if is_terraform_json(input) => (json_blocks(view), Vec::new()),
            None => {
                let objects = objects(view);
                // A key says nothing without its object.
                let keys = if objects.is_empty() { Vec::new() } else { keys(view) };
                (objects, keys)
            }
        };
        Self { view, parts: outermost(parts), keys: outermost(keys), last: None }
    }

    /// Returns the part that encloses a place, with the key there.
    pub(crate) fn around(&mut self, place: Span) -> Option<Arc<Enclosing>> {
        let (span, part) = around(&self.parts, place)?;
        if self.last.as_ref().is_none_or(|(last, _)| last != span) {
            self.last = Some((*span, Arc::new(part.written(self.view))));
        }
        let mut part = Arc::clone(&self.last.as_ref()?.1);
        if let (Enclosing::Object(_), Some((_, key))) = (&*part, around(&self.keys, place))
            && let Enclosing::Object(object) = Arc::make_mut(&mut part)
        {
            let key = self.view.tree.scalar(*key, self.view.text);
            object.key = key.map(|key| clip(key).to_owned());
        }
        Some(part)
    }
}

impl Part<'_> {
    /// Returns the part with its names.
    fn written(self, view: View<'_>) -> Enclosing {
        match self {
            Self::Object(kind, id) => {
                let metadata = value(view, id, "metadata");
                let in_metadata = |key| Some(string(view, metadata?, key)?.to_owned());
                Enclosing::Object(KubernetesObject {
                    kind: kind.to_owned(),
                    namespace: in_metadata("namespace"),
                    name: in_metadata("name").unwrap_or_default(),
                    key: None,
                })
            }
            Self::Block { kind, body, labels } => {
                let text_of = |id| view.tree.scalar(id, view.text).unwrap_or("");
                let kind = text_of(kind).to_owned();
                let keys = labels.into_iter().flatten().map(text_of);
                let names = view.tree.names(body).map(str::trim);
                let names = names.filter(|_| labels[0].is_none());
                let labels = keys.chain(names).map(|label| clip(label).to_owned()).collect();
                let alias = string(view, body, "alias").filter(|_| kind == "provider");
                let alias = alias.map(str::to_owned);
                Enclosing::Block(TerraformBlock { kind, labels, alias })
            }
        }
    }
}

/// Sorts nested spans, and keeps the outermost.
fn outermost<T>(mut nested: Vec<(Span, T)>) -> Vec<(Span, T)> {
    nested.sort_by_key(|(span, _)| (span.start(), Reverse(span.end())));
    let mut end = 0;
    nested.retain(|(span, _)| {
        let is_outermost = span.start() >= end;
        end = end.max(span.end());
        is_outermost
    });
    nested
}

/// Returns the last span that begins at or before a place, if it contains the place.
fn around<T>(sorted: &[(Span, T)], place: Span) -> Option<&(Span, T)> {
    let after = sorted.partition_point(|(span, _)| span.start() <= place.start());
    sorted.get(after.checked_sub(1)?).filter(|(span, _)| span.contains(place))
}

/// Returns the value of a key of a mapping as written.
fn value(view: View<'_>, map: NodeId, key: &str) -> Option<NodeId> {
    let mut pairs = view.tree.pairs(map).iter();
    let pair = pairs.find(|(name, _)| view.tree.scalar(*name, view.text) == Some(key));
    pair.map(|(_, value)| view.tree.resolve(*value).0)
}

/// Returns a string of a mapping; `None` if it is empty.
fn string<'a>(view: View<'a>, map: NodeId, key: &str) -> Option<&'a str> {
    let text = view.tree.scalar(value(view, map, key)?, view.text)?;
    Some(clip(text)).filter(|text| !text.is_empty())
}

/// Returns all mappings that are Kubernetes objects: they have a kind and a name.
fn objects(view: View<'_>) -> Vec<(Span, Part<'_>)> {
    // The items of a `SecretList` may lack their kind.
    let mut kinds_of_items: HashMap<NodeId, &str> = HashMap::new();
    let mut objects = Vec::new();
    for id in view.tree.ids() {
        let is_kind = |kind: &&str| kind.chars().all(|c| c.is_ascii_alphanumeric());
        let kind = string(view, id, "kind").or_else(|| kinds_of_items.get(&id).copied());
        let Some(kind) = kind.filter(is_kind) else { continue };
        let metadata = value(view, id, "metadata");
        if metadata.and_then(|metadata| string(view, metadata, "name")).is_some() {
            objects.push((view.tree.node(id).span, Part::Object(kind, id)));
        } else if let Some(kind) = kind.strip_suffix("List").filter(|kind| !kind.is_empty()) {
            let items = value(view, id, "items").map_or(&[][..], |items| view.tree.items(items));
            kinds_of_items.extend(items.iter().map(|item| (*item, kind)));
        }
    }
    objects
}

/// Returns the keys that identify a text in an object, each with the place of it and its value.
fn keys(view: View<'_>) -> Vec<(Span, NodeId)> {
    let pairs = view.tree.ids().flat_map(|id| view.tree.pairs(id));
    let data = pairs.filter(|(key, _)| {
        view.tree.scalar(*key, view.text).is_some_and(|key| DATA.contains(&key))
    });
    let pairs = data.flat_map(|(_, data)| view.tree.pairs(*data));
    let key = |&(key, value): &(NodeId, NodeId)| {
        view.tree.scalar(key, view.text)?;
        let span = |id| view.tree.node(id).span;
        Some((Span::new(span(key).start(), span(value).end()), key))
    };
    pairs.filter_map(key).collect()
}

/// Returns the blocks with labels, and the locals.
fn blocks(view: View<'_>) -> Vec<(Span, Part<'_>)> {
    let text_of = |id| view.tree.scalar(id, view.text);
    let mut blocks = Vec::new();
    let pairs = view.tree.ids().flat_map(|id| view.tree.pairs(id));
    for &(kind, body) in pairs {
        let node = view.tree.node(body);
        let (NodeKind::Block(_), Some(name)) = (node.kind, text_of(kind)) else { continue };
        if view.tree.names(body).next().is_some() {
            blocks.push((node.span, Part::Block { kind, body, labels: [None; 2] }));
        } else if name == "locals" {
            blocks.extend(view.tree.pairs(body).iter().filter_map(|&(name, value)| {
                text_of(name)?;
                let start = view.tree.node(name).span.start();
                let span = Span::new(start, view.tree.node(value).span.end().max(start));
                Some((span, Part::Block { kind, body: value, labels: [Some(name), None] }))
            }));
        }
    }
    blocks
}

/// Returns whether the text is a file of Terraform's or OpenTofu's JSON syntax.
fn is_terraform_json(input: &Input<'_>) -> bool {
    let name = input.source.path().file_name().unwrap_or_default().to_string_lossy();
    input.context.depth == 0 && [".tf.json", ".tofu.json"].iter().any(|end| name.ends_with(end))
}

/// Returns the blocks with labels, and the locals, of a file in Terraform's JSON syntax: a block is
/// an object below the keys of its type and its labels, and several blocks are an array.
///
/// Source: Terraform's documentation of the JSON configuration syntax.
fn json_blocks(view: View<'_>) -> Vec<(Span, Part<'_>)> {
    let text_of = |id| view.tree.scalar(id, view.text);
    let root = view.tree.documents.first().and_then(|document| document.root);
    let mut blocks = Vec::new();
    for &(kind, value) in root.map_or(&[][..], |root| view.tree.pairs(root)) {
        let depth = match text_of(kind) {
            Some("provider" | "module" | "variable" | "output" | "locals") => 1,
            Some("resource" | "data") => 2,
            _ => continue,
        };
        let mut open = vec![(value, [None; 2])];
        while let Some((body, labels)) = open.pop() {
            let items = view.tree.items(body);
            open.extend(items.iter().map(|item| (*item, labels)));
            let count = labels.iter().flatten().count();
            if items.is_empty() && count == depth {
                blocks.push((view.tree.node(body).span, Part::Block { kind, body, labels }));
            } else if count < depth {
                open.extend(view.tree.pairs(body).iter().filter_map(|&(name, value)| {
                    text_of(name)?;
                    let mut labels = labels;
                    *labels.get_mut(count)? = Some(name);
                    Some((value, labels))
                }));
            }
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::source::Source;

    /// Returns the title of what encloses each `X` of a text.
    fn titles(path: &str, text: &str) -> Vec<String> {
        let source = Source::new(path, text.into());
        let input = Input::new(&source);
        let mut parts = EnclosingParts::of(&input);
        let at = text.match_indices('X').map(|(at, x)| Span::new(at, at + x.len()));
        let title =
            |place| parts.around(place).map_or(String::new(), |part| part.title().to_string());
        at.map(title).collect()
    }

    #[test]
    fn objects_are_named_by_kind_namespace_name_and_key() {
        for (text, expected) in [
            (
                "kind: Secret\nmetadata: {name: s, namespace: n}\ndata: {k: X}\ntype: X\n",
                &["Secret `n/s`, key `k`", "Secret `n/s`"][..],
            ),
            (
                "kind: List\nitems:\n- kind: Secret\n  metadata: {name: a}\n  data:\n    k: X\n\
                 - kind: ConfigMap\n  metadata: {name: b, namespace: n}\n  data:\n    k: |\n      X\n",
                &["Secret `a`, key `k`", "ConfigMap `n/b`, key `k`"],
            ),
            (
                "{\"kind\": \"SecretList\", \"items\": [{\"metadata\": {\"name\": \"a\"}, \"data\": \
                 {\"k\": \"X\"}}]}",
                &["Secret `a`, key `k`"],
            ),
            (
                "kind: A\nmetadata: {name: a}\n---\nX: 1\n---\nkind: B\nmetadata: {name: b}\nX: 1\n",
                &["", "B `b`"],
            ),
            // The outermost object is the one that kubectl gets.
            (
                "kind: Object\nmetadata: {name: o}\nspec: {kind: Secret, metadata: {name: s}, a: X}\n",
                &["Object `o`"],
            ),
            ("kind: Config\nusers: [X]\n", &[""]),
            ("kind: '{{ .Values.kind }}'\nmetadata: {name: a}\ndata: {k: X}\n", &[""]),
        ] {
            assert_eq!(titles("f.yaml", text), expected, "{text}");
        }
    }

    #[test]
    fn blocks_in_json_are_named_like_those_in_hcl() {
        for (text, expected) in [
            ("{\"provider\": {\"helm\": {\"a\": \"X\"}}}", &["`provider \"helm\"`"][..]),
            (
                "{\"provider\": {\"helm\": [{\"a\": \"X\"}, {\"alias\": \"eu\", \"a\": \"X\"}]}}",
                &["`provider \"helm\"`", "`provider \"helm\"` (alias `eu`)"],
            ),
            ("{\"resource\": [{\"a\": {\"b\": {\"c\": [\"X\"]}}}]}", &["`resource \"a\" \"b\"`"]),
            ("{\"locals\": {\"b\": 1, \"a\": \"X\"}}", &["`local.a`"]),
            ("{\"a\": \"X\"}", &[""]),
        ] {
            assert_eq!(titles("main.tf.json", text), expected, "{text}");
        }
    }

    #[test]
    fn blocks_are_named_by_type_labels_and_alias() {
        for (text, expected) in [
            (
                "provider \"helm\" {\n  kubernetes {\n    exec { a = X }\n  }\n}\n",
                "`provider \"helm\"`",
            ),
            (
                "provider \"helm\" {\n  alias = \"eu\"\n  a = X\n}\n",
                "`provider \"helm\"` (alias `eu`)",
            ),
            (
                "resource \"a\" \"b\" {\n  dynamic \"exec\" {\n    a = X\n  }\n}\n",
                "`resource \"a\" \"b\"`",
            ),
            (
                "terraform {\n  backend \"kubernetes\" {\n    a = X\n  }\n}\n",
                "`backend \"kubernetes\"`",
            ),
            ("locals {\n  b = 1\n  a = X\n}\n", "`local.a`"),
            ("a = X\n", ""),
        ] {
            assert_eq!(titles("f.tf", text), [expected], "{text}");
        }
    }
}
