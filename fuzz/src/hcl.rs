//! HCL: the tolerant parser.

use kubeconfig_lint::internals::{NodeKind, Tree, hcl};

use super::choices::{Choices, is_structured, text_of};
use super::tree::{self, Placed};
use super::yaml::Writer;

const PIECES: &[&str] = &[
    "a = b\n",
    "provider \"k\" {\n",
    "}\n",
    "exec {\n",
    "[",
    "]",
    "(",
    ")",
    ", ",
    " = ",
    "\"c\"",
    "\"${d}\"",
    "\"${\"",
    "<<EOT\n",
    "<<-EOT\n",
    "EOT\n",
    "  ",
    "# e\n",
    "// f\n",
    "/* g",
    "*/",
    "1.5",
    "true",
    "? h : i",
    " == ",
    "f(",
    "\\",
    "\"",
    "\n",
    "é",
    "{ x : y }",
    "%{ if z }",
    "$${",
    "for k, v in w : ",
    "=>",
];

/// Reads the bytes as HCL.
pub fn holds(bytes: &[u8]) {
    check(bytes, hcl);
}

/// Checks a parser.
pub fn check(bytes: &[u8], parse: impl Fn(&str) -> Tree) {
    if is_structured(bytes) && Choices::new(bytes).one_in(2) {
        return check_generated(&mut Choices::new(&bytes[1..]), parse);
    }
    let text = text_of(bytes, PIECES);
    tree::is_sound(&parse(&text), &text);
}

/// Checks HCL whose strings have known places.
fn check_generated(choices: &mut Choices<'_>, parse: impl Fn(&str) -> Tree) {
    /// Deeper blocks are written with so many blanks that the text is large, not the tree.
    const MAX_DEPTH: usize = 50;
    let mut out = Writer::default();
    let mut depth = 0;
    while !choices.is_done() && out.placed.len() < 200 {
        out.text.push_str(&"  ".repeat(depth));
        match choices.below(5) {
            0 if depth < MAX_DEPTH => {
                out.text.push_str("block \"label\" {\n");
                depth += 1;
                continue;
            }
            1 if depth > 0 => {
                out.text.push_str("}\n");
                depth -= 1;
                continue;
            }
            2 => {
                out.text.push_str("name = [");
                for _ in 0..choices.below(4) {
                    string(&mut out, choices);
                    out.text.push_str(", ");
                }
                out.text.push(']');
            }
            3 => {
                out.text.push_str("name = { key = ");
                string(&mut out, choices);
                out.text.push_str(" }");
            }
            _ => {
                out.text.push_str("name = ");
                string(&mut out, choices);
            }
        }
        let end = choices.pick(&["\n", " # x \"\n", " // y\n", " /* z\n */\n", "\r\n"]);
        out.text.push_str(end);
    }
    out.text.push_str(&"}\n".repeat(depth));
    let text = out.text;
    let tree = parse(&text);
    tree::is_sound(&tree, &text);
    assert!(tree.documents.iter().all(|document| document.error.is_none()), "{text}");
    let scalars = tree.ids().filter(|id| matches!(tree.node(*id).kind, NodeKind::Scalar { .. }));
    let strings = scalars.map(|id| {
        let span = tree.node(id).span;
        let value = tree.scalar(id, &text).unwrap_or_default().to_owned();
        Placed { start: span.start(), end: span.end(), value }
    });
    let strings: Vec<_> = strings.filter(|scalar| scalar.value.starts_with("w")).collect();
    assert_eq!(strings, out.placed, "{text}");
}

/// Writes a new string.
fn string(out: &mut Writer, choices: &mut Choices<'_>) {
    let word =
        format!("w{}{}", out.placed.len(), choices.pick(&["", "é", " x", "😀", "#y", "//z"]));
    let escaped =
        choices.pick(&[("", ""), ("\\u00e9", "é"), ("\\\"", "\""), ("\\\\", "\\"), ("\\n", "\n")]);
    out.text.push('"');
    out.place(&format!("{word}{}", escaped.0), &format!("{word}{}", escaped.1));
    out.text.push('"');
}
