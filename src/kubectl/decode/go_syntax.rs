//! Prints values as Go's `%#v` does: kubectl quotes an invalid key this way.
//!
//! Source: Go's `fmt/print.go` and `internal/fmtsort`; measured with the real kubectl 1.20 and
//! 1.37.

use goyaml::Resolved;

use crate::go::quote::go_quote;
use crate::syntax::node::{NodeId, NodeKind};
use crate::syntax::scalar;

use super::view::View;

/// Limit on the output in bytes; `…` replaces the rest.
const MAX_BYTES: usize = 1024;

/// The steps yet to take, last first.
enum Step {
    Value(NodeId),
    Text(&'static str),
    Key(String),
}

/// Returns the value at `root` in Go's syntax. `…` replaces maps whose key order we cannot predict
/// because the keys have several types.
pub(super) fn show(view: View<'_>, root: NodeId) -> String {
    let mut out = String::new();
    let mut steps = vec![Step::Value(root)];
    while let Some(step) = steps.pop() {
        if out.len() > MAX_BYTES {
            let end = (0..=MAX_BYTES).rev().find(|&end| out.is_char_boundary(end));
            out.truncate(end.unwrap_or(0));
            out.push('…');
            break;
        }
        match step {
            Step::Text(text) => out.push_str(text),
            Step::Key(key) => {
                out.push_str(&go_quote(&key));
                out.push(':');
            }
            Step::Value(id) => match view.tree.node(id).kind {
                // The alias may refer to a secret.
                NodeKind::Scalar { .. } => out.push_str(&scalar(view, id, id == root)),
                NodeKind::Sequence(_) => {
                    out.push_str("[]interface {}{");
                    steps.push(Step::Text("}"));
                    for (i, &item) in view.tree.items(id).iter().enumerate().rev() {
                        steps.push(Step::Value(item));
                        steps.push(Step::Text(if i == 0 { "" } else { ", " }));
                    }
                }
                NodeKind::Mapping(_) => {
                    out.push_str("map[interface {}]interface {}{");
                    steps.push(Step::Text("}"));
                    mapping(view, id, &mut steps);
                }
                _ => out.push('…'),
            },
        }
    }
    out
}

/// Writes the fields of a map, sorted, if all keys are strings.
fn mapping(view: View<'_>, id: NodeId, steps: &mut Vec<Step>) {
    let is_string = |key: NodeId| {
        let resolved = view.scalar(view.tree.resolve(key).0);
        view.is_merge(key) || matches!(resolved, Some(scalar::ScalarValue::Str(_)))
    };
    if !view.tree.pairs(id).iter().all(|&(key, _)| is_string(key)) {
        return steps.push(Step::Text("…"));
    }
    let fields = view.fields(id, None);
    let last = fields.len();
    for (i, (key, field)) in fields.into_iter().rev().enumerate() {
        // A merge may copy a value that is secret at its origin.
        let is_own = field.alias.is_none();
        steps.push(if is_own { Step::Value(field.value) } else { Step::Text("…") });
        steps.push(Step::Key(key));
        steps.push(Step::Text(if i + 1 == last { "" } else { ", " }));
    }
}

fn scalar(view: View<'_>, id: NodeId, is_top: bool) -> String {
    match view.decoded(id) {
        Some(Resolved::Bool(value)) => value.to_string(),
        Some(Resolved::Int(number)) => {
            let number = number.to_string();
            // go-yaml decodes a number as unsigned only if it fits no signed type.
            match (number.parse::<i64>(), number.parse::<u64>()) {
                (Err(_), Ok(unsigned)) => format!("{unsigned:#x}"),
                _ => number,
            }
        }
        Some(Resolved::Float(number)) => float(number),
        Some(Resolved::Str(text) | Resolved::Timestamp(text)) => go_quote(text),
        Some(Resolved::Binary(bytes)) => go_quote(&String::from_utf8_lossy(&bytes)),
        Some(Resolved::Null) | None if is_top => "<nil>".to_owned(),
        Some(Resolved::Null) | None => "interface {}(nil)".to_owned(),
    }
}

/// Go's `%g`, with as many digits as necessary.
fn float(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or(0) {
        -4..=5 => number.to_string(),
        exponent => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{digits}e{sign}{:02}", exponent.unsigned_abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml;

    /// Returns the value of `x:` in Go's syntax.
    fn shown(text: &str) -> String {
        let text = format!("x: {text}\ny: &a {{b: c}}\n");
        let tree = yaml::parse(&text);
        let view = View { tree: &tree, text: &text };
        show(view, view.fields(tree.documents[0].root.unwrap(), None)["x"].value)
    }

    /// Measured with kubectl 1.20 and 1.37.
    #[test]
    fn go_syntax_matches_go() {
        for (yaml, go) in [
            ("{.Values.x}", r#"map[interface {}]interface {}{".Values.x":interface {}(nil)}"#),
            ("[a, 1, ~, true, 1.5]", r#"[]interface {}{"a", 1, interface {}(nil), true, 1.5}"#),
            (
                "{b: 1, a: [~]}",
                r#"map[interface {}]interface {}{"a":[]interface {}{interface {}(nil)}, "b":1}"#,
            ),
            (
                "[1e6, 123456789.5, -0.00001, 1e100, .inf, 0.5, 100000.0]",
                "[]interface {}{1e+06, 1.234567895e+08, -1e-05, 1e+100, +Inf, 0.5, 100000}",
            ),
            ("18446744073709551615", "0xffffffffffffffff"),
            ("2020-01-01", "\"2020-01-01\""),
            ("~", "<nil>"),
            (r#""q\"\n\u00e9\u200b""#, r#""q\"\né\u200b""#),
            ("{1: a, b: c}", "map[interface {}]interface {}{…}"),
        ] {
            assert_eq!(shown(yaml), go, "{yaml}");
        }
    }

    #[test]
    fn go_syntax_cuts_endless_values() {
        assert!(shown(&format!("{}{}", "[".repeat(5000), "]".repeat(5000))).len() < 1100);
    }
}
