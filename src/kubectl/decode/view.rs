//! Reads mappings as kubectl does: the last of equal keys wins, and merge keys take effect in
//! order.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::refusal::JsonType;
use crate::syntax::node::{NodeId, NodeKind, Tree};
use crate::syntax::scalar::{ScalarValue, resolve};
use crate::text::source::{Span, Spanned, floor_boundary};

/// A tree and the text it was read from.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The tree.
    pub tree: &'a Tree,
    /// The text.
    pub text: &'a str,
}

/// One effective field of a mapping.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The key as written.
    pub key: NodeId,
    /// The value, with an alias resolved.
    pub value: NodeId,
    /// The outermost alias or merge through which the field got here, if any.
    pub alias: Option<Span>,
}

/// The effective fields of a mapping, sorted by name as `json.Marshal` sorts them.
pub(crate) type Fields = BTreeMap<String, Field>;

/// Limit on the fields read, larger than any valid document needs: it stops billions of merges.
const MAX_FIELDS_SEEN: usize = 4_000_000;

impl<'a> View<'a> {
    /// Returns what a scalar means; `None` for a collection.
    pub fn scalar(self, id: NodeId) -> Option<ScalarValue<'a>> {
        let value = self.tree.scalar(id, self.text)?;
        let implicit = self.tree.is_implicit(id);
        if !self.tree.is_json_like() {
            return Some(resolve(self.tree.tag(id), value, implicit));
        }
        Some(match value {
            _ if !implicit => ScalarValue::Str(Cow::Borrowed(value)),
            "null" => ScalarValue::Null,
            "true" => ScalarValue::Bool(true),
            "false" => ScalarValue::Bool(false),
            _ => ScalarValue::Number,
        })
    }

    /// Returns the string that kubectl decodes from a node; `None` if the node is not a string.
    pub fn string(self, id: NodeId) -> Option<Cow<'a, str>> {
        match self.scalar(id)? {
            ScalarValue::Str(value) => Some(value),
            _ => None,
        }
    }

    /// Returns whether a node is null, explicitly or because it is empty.
    pub fn is_null(self, id: NodeId) -> bool {
        self.scalar(id) == Some(ScalarValue::Null)
    }

    /// Returns whether a node is a mapping.
    pub fn is_mapping(self, id: NodeId) -> bool {
        self.tree.is_mapping(id)
    }

    /// Returns the type of a node in JSON.
    pub fn json_type(self, id: NodeId) -> JsonType {
        match self.tree.node(id).kind {
            _ if self.is_mapping(id) => JsonType::Map,
            NodeKind::Sequence(_) => JsonType::List,
            _ => match self.scalar(id) {
                Some(ScalarValue::Bool(_)) => JsonType::Bool,
                Some(ScalarValue::Number | ScalarValue::NotJson(_)) => JsonType::Number,
                Some(ScalarValue::Null) => JsonType::Null,
                _ => JsonType::Text,
            },
        }
    }

    /// Returns what go-yaml decodes from a scalar of YAML; `None` for a collection, or if it fails.
    pub(crate) fn decoded(self, id: NodeId) -> Option<goyaml::Resolved<'a>> {
        let value = self.tree.scalar(id, self.text)?;
        goyaml::resolve(self.tree.tag(id), value, self.tree.is_implicit(id)).ok()
    }

    /// Returns the whole number that Go decodes from a node; `None` for anything else.
    pub(crate) fn integer(self, id: NodeId) -> Option<i128> {
        if self.tree.is_json_like() {
            return self.tree.scalar(id, self.text)?.parse().ok();
        }
        match self.decoded(id)? {
            goyaml::Resolved::Int(number) => Some(number),
            // In JSON, 1.0 becomes 1. Larger numbers get an exponent, which no whole number has.
            goyaml::Resolved::Float(number) if number.fract() == 0.0 && number.abs() < 1e9 => {
                Some(number as i128)
            }
            _ => None,
        }
    }

    /// Returns the span of a field of bytes, whether base64 or a list of numbers; `None` if it is
    /// empty.
    pub(super) fn bytes(self, field: Option<&Field>) -> Option<Span> {
        let value = field?.value;
        let is_data = |text: Cow<'_, str>| text.contains(|c| !matches!(c, '\n' | '\r'));
        let has_bytes =
            !self.tree.items(value).is_empty() || self.string(value).is_some_and(is_data);
        has_bytes.then(|| self.tree.node(value).span)
    }

    /// Returns whether a key is the merge key: plain `<<`, or `<<` tagged `!!merge`.
    pub fn is_merge(self, key: NodeId) -> bool {
        // Hardly any key is one, so the tag is looked for last.
        let value = self.tree.scalar(key, self.text).filter(|value| *value == "<<");
        value.filter(|_| !self.tree.is_json_like()).is_some_and(|value| {
            goyaml::is_merge(self.tree.tag(key), value, self.tree.is_implicit(key))
        })
    }

    /// Returns the fields of a mapping as they are in the JSON that kubectl decodes: sorted and
    /// without duplicates if it was YAML, as written and with duplicates if it was JSON.
    pub fn entries(self, mapping: NodeId) -> Vec<(Cow<'a, str>, Field)> {
        if !self.tree.is_json_like() {
            let fields = self.fields(mapping, None).into_iter();
            return fields.map(|(name, field)| (Cow::Owned(name), field)).collect();
        }
        let field = |&(key, value): &(NodeId, NodeId)| {
            Some((self.string(key)?, Field { key, value, alias: None }))
        };
        self.tree.pairs(mapping).iter().filter_map(field).collect()
    }

    /// Returns the last field of each name in a mapping as written, without what is merged into it.
    pub fn written(self, mapping: NodeId) -> Fields {
        let field = |&(key, value): &(NodeId, NodeId)| {
            let (value, alias) = self.tree.resolve(value);
            Some((self.string(key)?.into_owned(), Field { key, value, alias }))
        };
        self.tree.pairs(mapping).iter().filter_map(field).collect()
    }

    /// Returns the items of a list as fields; none for anything but a list.
    pub(crate) fn items(self, list: Option<&Field>) -> impl Iterator<Item = Field> + 'a {
        let list = list.copied();
        let nodes = list.map_or(&[][..], |list| self.tree.items(list.value));
        nodes.iter().map(move |&item| {
            let (value, alias) = self.tree.resolve(item);
            Field { key: item, value, alias: list.and_then(|list| list.alias).or(alias) }
        })
    }

    /// Returns the effective fields of a mapping, or none for any other node. Leaves out keys that
    /// are not scalars.
    pub fn fields(self, mapping: NodeId, alias: Option<Span>) -> Fields {
        let mut fields = Fields::new();
        // Without merges, a mapping has no more fields than the tree has nodes.
        let most = MAX_FIELDS_SEEN.max(self.tree.len());
        let mut seen = 0;
        // The positions yet to be read, last first: (mapping, index of the next pair, alias).
        let mut stack: Vec<(NodeId, usize, Option<Span>)> = vec![(mapping, 0, alias)];
        while let Some((map, at, alias)) = stack.pop() {
            let Some(&(key, value)) = self.tree.pairs(map).get(at) else {
                continue;
            };
            seen += 1;
            if seen > most {
                break;
            }
            stack.push((map, at + 1, alias));
            let (target, own_alias) = self.tree.resolve(value);
            let alias = alias.or(own_alias);
            if !self.is_merge(key) {
                let (key_node, _) = self.tree.resolve(key);
                if let Some(name) = self.key_name(key_node) {
                    fields.insert(name, Field { key, value: target, alias });
                }
            } else if self.is_mapping(target) {
                stack.push((target, 0, alias));
            } else {
                // The first item of a list wins, so it must be read last and is pushed first.
                for &item in self.tree.items(target) {
                    let (item, item_alias) = self.tree.resolve(item);
                    stack.push((item, 0, alias.or(item_alias)));
                }
            }
        }
        fields
    }

    /// Returns the name of a key in JSON.
    fn key_name(self, key: NodeId) -> Option<String> {
        match self.scalar(key)? {
            ScalarValue::Null => None,
            ScalarValue::Str(value) => Some(value.into_owned()),
            ScalarValue::Bool(value) => Some(value.to_string()),
            _ => {
                let value = self.tree.scalar(key, self.text)?;
                match goyaml::resolve("", value, true) {
                    Ok(goyaml::Resolved::Int(number)) => Some(number.to_string()),
                    Ok(goyaml::Resolved::Float(number)) => Some(goyaml::float_key(number)),
                    _ => Some(value.to_owned()),
                }
            }
        }
    }

    /// Returns a value as far as it is read. Aliases may repeat a long one thousands of times: what
    /// they add to the text is read in full only up to twice its length, and beyond that only the
    /// first 128 bytes of a value.
    pub(crate) fn bounded(self, value: Cow<'a, str>, alias: Option<Span>) -> Cow<'a, str> {
        const LEAST: usize = 128;
        let most = (2 << 20) + 2 * self.text.len();
        let is_bounded = alias.is_none() || value.len() <= LEAST;
        if is_bounded || self.tree.read_aliased(value.len(), most) {
            return value;
        }
        let end = floor_boundary(&value, LEAST);
        match value {
            Cow::Borrowed(value) => Cow::Borrowed(value.get(..end).unwrap_or("")),
            Cow::Owned(mut value) => {
                value.truncate(end);
                Cow::Owned(value)
            }
        }
    }

    /// Returns the value of a string field with its span; `None` if it is absent, null, empty or
    /// not a string.
    pub fn spanned(self, field: Option<&Field>) -> Option<Spanned<String>> {
        let field = field?;
        let value = self.string(field.value).filter(|value| !value.is_empty())?;
        Some(Spanned {
            value: self.bounded(value, field.alias).into_owned(),
            span: self.tree.node(field.value).span,
            alias: field.alias,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml;

    /// Returns `name=value` for the effective fields of the mapping `m`.
    fn fields(text: &str) -> String {
        let tree = yaml::parse(text);
        let view = View { tree: &tree, text };
        let root = tree.documents[0].root.unwrap();
        let m = view.fields(root, None)["m"];
        let show = |(name, field): (&String, &Field)| {
            format!("{name}={}", view.string(field.value).unwrap_or_default())
        };
        view.fields(m.value, m.alias).iter().map(show).collect::<Vec<_>>().join(" ")
    }

    /// Measured with kubectl 1.20 to 1.37.
    #[test]
    fn fields_apply_merge_keys_in_place() {
        let bases = "a: &a {x: a1, w: a2}\nb: &b {x: b1, z: b3}\n";
        let table = [
            ("m: {<<: *a, x: own}", "w=a2 x=own"),
            ("m: {x: own, <<: *a}", "w=a2 x=a1"),
            ("m: {<<: [*a, *b]}", "w=a2 x=a1 z=b3"),
            ("m:\n  <<: *a\n  <<: *b", "w=a2 x=b1 z=b3"),
            ("m:\n  <<: *b\n  <<: *a", "w=a2 x=a1 z=b3"),
            ("m: {\"<<\": *a}", "<<="),
            ("m: {!!str <<: *a}", "<<="),
            ("m: {!!merge <<: *a}", "w=a2 x=a1"),
            ("m: {<<: {x: in}}", "x=in"),
            ("m: {x: 'null', <<: *b, x: last}", "x=last z=b3"),
            ("m: *a", "w=a2 x=a1"),
        ];
        for (text, expected) in table {
            assert_eq!(fields(&format!("{bases}{text}\n")), expected, "{text}");
        }
        let nested = "a: &a {x: in}\nb: &b {x: out, <<: *a}\nm: {<<: *b}\n";
        assert_eq!(fields(nested), "x=in");
    }

    /// Measured with kubectl 1.37.
    #[test]
    fn fields_name_keys_like_json() {
        let text = "m: {yes: 1, N: 2, 0x1F: 3, 1_0: 4, 1.50: 5, .inf: 6, 1e21: 7, 'on': 8}";
        assert_eq!(
            fields(text).split(' ').filter_map(|f| f.split('=').next()).collect::<Vec<_>>(),
            [".inf", "1.5", "10", "1e+21", "31", "false", "on", "true"]
        );
    }

    #[test]
    fn fields_bound_multiplying_merges() {
        let mut text = "a0: &a0 {x: z}\n".to_owned();
        for i in 1..60 {
            let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
            text.push_str(&format!("a{i}: &a{i} {{<<: [{aliases}]}}\n"));
        }
        text.push_str("m: *a59\n");
        assert_eq!(fields(&text), "x=z");
    }
}
