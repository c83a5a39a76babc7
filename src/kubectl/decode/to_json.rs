//! Converts a document to JSON as kubectl does: sigs.k8s.io/yaml's `YAMLToJSON`.

use std::fmt::Write;

use crate::syntax::node::{NodeId, NodeKind};

use super::view::{Field, View};

/// The steps yet to take, last first.
enum Step {
    Value(NodeId),
    Text(&'static str),
    Key(String),
}

/// Returns the JSON of the node at `root`, with sorted keys and expanded aliases.
///
/// Expects a document that passes [`crate::kubectl::decode::compose::check`]; writes null for what
/// JSON cannot represent.
pub fn to_json(view: View<'_>, root: NodeId) -> String {
    let mut out = String::new();
    let mut steps = vec![Step::Value(root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Text(text) => out.push_str(text),
            Step::Key(key) => {
                write_string(&mut out, &key);
                out.push(':');
            }
            Step::Value(id) => {
                let id = view.tree.resolve(id).0;
                match &view.tree.node(id).kind {
                    NodeKind::Sequence(items) => {
                        out.push('[');
                        steps.push(Step::Text("]"));
                        for (i, &item) in items.iter().enumerate().rev() {
                            steps.push(Step::Value(item));
                            steps.push(Step::Text(if i == 0 { "" } else { "," }));
                        }
                    }
                    NodeKind::Mapping(_) => {
                        out.push('{');
                        steps.push(Step::Text("}"));
                        let fields = view.fields(id, None);
                        let last = fields.len();
                        for (i, (key, Field { value, .. })) in fields.into_iter().rev().enumerate()
                        {
                            steps.push(Step::Value(value));
                            steps.push(Step::Key(key));
                            steps.push(Step::Text(if i + 1 == last { "" } else { "," }));
                        }
                    }
                    _ => write_scalar(&mut out, view, id),
                }
            }
        }
    }
    out
}

fn write_scalar(out: &mut String, view: View<'_>, id: NodeId) {
    let node = view.tree.node(id);
    let implicit = matches!(&node.kind, NodeKind::Scalar { implicit: true, .. });
    let value = view.tree.scalar(id, view.text).unwrap_or("").into();
    match goyaml::resolve(node.tag.as_deref().unwrap_or(""), &value, implicit) {
        Ok(goyaml::Resolved::Bool(value)) => out.push_str(if value { "true" } else { "false" }),
        Ok(goyaml::Resolved::Int(number)) => {
            let _ = write!(out, "{number}");
        }
        Ok(goyaml::Resolved::Float(number)) => {
            out.push_str(goyaml::json_float(number).as_deref().unwrap_or("null"));
        }
        Ok(goyaml::Resolved::Str(text) | goyaml::Resolved::Timestamp(text)) => {
            write_string(out, &text);
        }
        Ok(goyaml::Resolved::Binary(bytes)) => {
            write_string(out, &String::from_utf8_lossy(&bytes));
        }
        Ok(goyaml::Resolved::Null) | Err(_) => out.push_str("null"),
    }
}

/// Writes a string as Go's `json.Marshal` does.
fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml;

    #[test]
    fn writes_what_kubectl_decodes() {
        let text = "b: [1, 1_000, 0x1F, .5, 1e21, yes, ~, \"a\\\"<\\n\"]\n\
                    a: &a {x: 1, z: {}}\nc: {<<: *a, x: [*a, []]}\n1.5: !!binary aGk=\n";
        let tree = yaml::parse(text);
        let root = tree.documents[0].root.unwrap();
        assert_eq!(
            to_json(View { tree: &tree, text }, root),
            "{\"1.5\":\"hi\",\"a\":{\"x\":1,\"z\":{}},\
             \"b\":[1,1000,31,0.5,1e+21,true,null,\"a\\\"\\u003c\\n\"],\
             \"c\":{\"x\":[{\"x\":1,\"z\":{}},[]],\"z\":{}}}"
        );
    }
}
