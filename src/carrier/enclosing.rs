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
pub(crate) struct EnclosingParts {
    /// The outermost ones, in order.
    parts: Vec<(Span, Arc<Enclosing>)>,
    /// The keys of the mappings that hold the data of an object, each with its value; the outermost
    /// ones, in order.
    keys: Vec<(Span, String)>,
}

/// The keys of the mappings whose own keys identify a text in an object.
const DATA: [&str; 4] = ["data", "stringData", "binaryData", "annotations"];

impl EnclosingParts {
    /// Finds the named parts of a text.
    pub(crate) fn of(input: &Input<'_>) -> Self {
        match input.hcl() {
            Some(view) => Self { parts: shared(blocks(view)), keys: Vec::new() },
            None if is_terraform_json(input) => {
                Self { parts: shared(json_blocks(input.data())), keys: Vec::new() }
            }
            None => {
                let view = input.data();
                Self { parts: shared(objects(view)), keys: outermost(keys(view)) }
            }
        }
    }

    /// Returns the part that encloses a place, with the key there.
    pub(crate) fn around(&self, place: Span) -> Option<Arc<Enclosing>> {
        let mut part = Arc::clone(around(&self.parts, place)?);
        if let (Enclosing::Object(_), Some(key)) = (&*part, around(&self.keys, place))
            && let Enclosing::Object(object) = Arc::make_mut(&mut part)
        {
            object.key = Some(key.clone());
        }
        Some(part)
    }
}

/// Returns the outermost parts, which many findings may share.
fn shared(nested: Vec<(Span, Enclosing)>) -> Vec<(Span, Arc<Enclosing>)> {
    outermost(nested).into_iter().map(|(span, part)| (span, Arc::new(part))).collect()
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

/// Returns what belongs to the last span that begins at or before a place, if it contains the
/// place.
fn around<T>(sorted: &[(Span, T)], place: Span) -> Option<&T> {
    let after = sorted.partition_point(|(span, _)| span.start() <= place.start());
    let (span, found) = sorted.get(after.checked_sub(1)?)?;
    span.contains(place).then_some(found)
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
fn objects(view: View<'_>) -> Vec<(Span, Enclosing)> {
    // The items of a `SecretList` may lack their kind.
    let mut kinds_of_items: HashMap<NodeId, &str> = HashMap::new();
    let mut objects = Vec::new();
    for id in view.tree.ids() {
        let is_kind = |kind: &&str| kind.chars().all(|c| c.is_ascii_alphanumeric());
        let kind = string(view, id, "kind").or_else(|| kinds_of_items.get(&id).copied());
        let Some(kind) = kind.filter(is_kind) else { continue };
        let metadata = value(view, id, "metadata");
        let in_metadata = |key| string(view, metadata?, key);
        if let Some(name) = in_metadata("name") {
            let object = Enclosing::Object(KubernetesObject {
                kind: kind.to_owned(),
                namespace: in_metadata("namespace").map(str::to_owned),
                name: name.to_owned(),
                key: None,
            });
            objects.push((view.tree.node(id).span, object));
        } else if let Some(kind) = kind.strip_suffix("List").filter(|kind| !kind.is_empty()) {
            let items = value(view, id, "items").map_or(&[][..], |items| view.tree.items(items));
            kinds_of_items.extend(items.iter().map(|item| (*item, kind)));
        }
    }
    objects
}

/// Returns the keys that identify a text in an object, each with its place and its value.
fn keys(view: View<'_>) -> Vec<(Span, String)> {
    let pairs = view.tree.ids().flat_map(|id| view.tree.pairs(id));
    let data = pairs.filter(|(key, _)| {
        view.tree.scalar(*key, view.text).is_some_and(|key| DATA.contains(&key))
    });
    let pairs = data.flat_map(|(_, data)| view.tree.pairs(*data));
    let key = |&(key, value): &(NodeId, NodeId)| {
        let name = view.tree.scalar(key, view.text)?;
        let span = |id| view.tree.node(id).span;
        Some((Span::new(span(key).start(), span(value).end()), clip(name).to_owned()))
    };
    pairs.filter_map(key).collect()
}

/// Returns the blocks with labels, and the locals.
fn blocks(view: View<'_>) -> Vec<(Span, Enclosing)> {
    let text_of = |id| view.tree.scalar(id, view.text);
    let mut blocks = Vec::new();
    let pairs = view.tree.ids().flat_map(|id| view.tree.pairs(id));
    for &(key, id) in pairs {
        let node = view.tree.node(id);
        let (NodeKind::Block(_), Some(kind)) = (node.kind, text_of(key)) else { continue };
        let labels = view.tree.names(id);
        let block = |labels| TerraformBlock { kind: kind.to_owned(), labels, alias: None };
        if !labels.is_empty() {
            let labels = labels.iter().map(|label| clip(label.trim()).to_owned()).collect();
            let alias = string(view, id, "alias").filter(|_| kind == "provider");
            let alias = alias.map(str::to_owned);
            blocks.push((node.span, Enclosing::Block(TerraformBlock { alias, ..block(labels) })));
        } else if kind == "locals" {
            blocks.extend(view.tree.pairs(id).iter().filter_map(|&(name, value)| {
                let labels = vec![clip(text_of(name)?).to_owned()];
                let start = view.tree.node(name).span.start();
                let span = Span::new(start, view.tree.node(value).span.end().max(start));
                Some((span, Enclosing::Block(block(labels))))
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
fn json_blocks(view: View<'_>) -> Vec<(Span, Enclosing)> {
    let text_of = |id| view.tree.scalar(id, view.text);
    let root = view.tree.documents.first().and_then(|document| document.root);
    let mut blocks = Vec::new();
    for &(key, value) in root.map_or(&[][..], |root| view.tree.pairs(root)) {
        let Some(kind) = text_of(key) else { continue };
        let depth = match kind {
            "provider" | "module" | "variable" | "output" | "locals" => 1,
            "resource" | "data" => 2,
            _ => continue,
        };
        let mut open = vec![(value, Vec::new())];
        while let Some((id, labels)) = open.pop() {
            let items = view.tree.items(id);
            open.extend(items.iter().map(|item| (*item, labels.clone())));
            if items.is_empty() && labels.len() == depth {
                let alias = string(view, id, "alias").filter(|_| kind == "provider");
                let alias = alias.map(str::to_owned);
                let block = TerraformBlock { kind: kind.to_owned(), labels, alias };
                blocks.push((view.tree.node(id).span, Enclosing::Block(block)));
            } else if labels.len() < depth {
                open.extend(view.tree.pairs(id).iter().filter_map(|&(name, value)| {
                    let label = clip(text_of(name)?).to_owned();
                    Some((value, [labels.as_slice(), &[label]].concat()))
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
        let parts = EnclosingParts::of(&Input::new(&source));
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
