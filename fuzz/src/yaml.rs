//! YAML: goyaml's events, and the tree that the linter builds of them.

use goyaml::{EventKind, Parser, ScalarStyle};
use kubeconfig_lint::internals::{Tree, yaml, yaml_template};

use super::choices::{Choices, is_structured, text_of};
use super::tree::{self, Placed};

#[path = "../../crates/goyaml/tests/properties/body.rs"]
mod goyaml_body;

const PIECES: &[&str] = &[
    "a: b\n",
    "- c\n",
    "- ",
    "  ",
    "? e\n",
    ": f\n",
    "g:\n",
    "h: |\n",
    "i: >-\n",
    "- |2+\n",
    "text\n",
    "\n",
    "'j': \"k\"\n",
    "\"l\\",
    "m\": n\n",
    "'o",
    "p'': q'\n",
    "[s, t: u, ",
    "]",
    "{w: x, ? y\n",
    "}",
    "&z !!str 1\n",
    "*z : *z\n",
    "<<: *z\n",
    "!<tag:a> b\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "# comment\n",
    "\t",
    "\\x41\\",
    "{{ .x }}",
    "{{- if y }}\n",
    "{{ end }}\n",
    "\u{feff}",
    "\u{85}",
    "\r\n",
    "é😀",
    ", ",
    ": ",
    "client: ",
];

/// Reads the bytes as YAML.
pub fn holds(bytes: &[u8]) {
    check(bytes, yaml::parse);
}

/// Checks a parser.
pub fn check(bytes: &[u8], parse: impl Fn(&str) -> Tree) {
    if is_structured(bytes) && Choices::new(bytes).one_in(2) {
        let (text, placed) = generate(&mut Choices::new(&bytes[1..]));
        let tree = parse(&text);
        tree::is_sound(&tree, &text);
        return tree::scalars_are(&tree, &text, &placed);
    }
    goyaml_body::holds(bytes);
    let text = text_of(bytes, PIECES);
    let tree = parse(&text);
    tree::is_sound(&tree, &text);
    agrees_with_events(&tree, &text);
    if let Some(tree) = yaml_template(&text) {
        tree::is_in_bounds(&tree, &text);
    }
}

/// Checks the scalars of the tree against goyaml's events, up to the first error.
fn agrees_with_events(tree: &Tree, text: &str) {
    let mut nodes = tree.ids();
    for event in Parser::new(text) {
        let Ok(event) = event else { return };
        match &event.kind {
            EventKind::Scalar { value, style, .. } => {
                let id = nodes.next().expect("a node for each scalar");
                let span = tree.node(id).span;
                assert_eq!(tree.scalar(id, text), Some(&**value), "the value at {span:?}");
                match style {
                    ScalarStyle::Plain => assert_eq!(span, event.span),
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                        assert_eq!(
                            (span.start(), span.end()),
                            (event.span.start() + 1, event.span.end() - 1)
                        );
                    }
                    ScalarStyle::Literal | ScalarStyle::Folded => {
                        let (start, end) = (event.span.start(), event.span.end());
                        assert!(
                            start <= span.start() && span.end() <= end,
                            "{span:?} in {event:?}"
                        );
                    }
                }
            }
            EventKind::Alias(_) => {
                let id = nodes.next().expect("a node for each alias");
                assert_eq!(tree.node(id).span, event.span);
            }
            EventKind::SequenceStart { .. } | EventKind::MappingStart { .. } => {
                let id = nodes.next().expect("a node for each collection");
                assert_eq!(tree.node(id).span.start(), event.span.start());
            }
            _ => {}
        }
    }
}

/// Returns YAML, and where its scalars are.
fn generate(choices: &mut Choices<'_>) -> (String, Vec<Placed>) {
    let mut out = Writer::default();
    if choices.one_in(8) {
        out.text.push('\u{feff}');
    }
    let mut depth = 0;
    while !choices.is_done() && out.placed.len() < 200 {
        depth = choices.below(depth + 2);
        out.text.push_str(&"  ".repeat(depth));
        // The keys of one mapping have one indentation; a deeper one follows a key without value.
        out.scalar(choices);
        out.text.push(':');
        match choices.below(4) {
            0 => {
                out.text.push(' ');
                out.scalar(choices);
                // A deeper line would continue the scalar.
                depth = depth.saturating_sub(1);
            }
            1 => {
                out.text.push_str(" [");
                for _ in 0..choices.below(4) {
                    out.scalar(choices);
                    out.text.push_str(", ");
                }
                out.text.push(']');
                depth = depth.saturating_sub(1);
            }
            2 => {
                out.text.push_str("  {");
                for _ in 0..choices.below(4) {
                    out.scalar(choices);
                    out.text.push_str(": ");
                    out.scalar(choices);
                    out.text.push_str(", ");
                }
                out.text.push('}');
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        let end = choices.pick(&["\n", " # comment 'x\n", "\r\n", "\n\n"]);
        out.text.push_str(end);
    }
    (out.text, out.placed)
}

/// A text, and what was placed in it.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) text: String,
    pub(super) placed: Vec<Placed>,
}

impl Writer {
    /// Writes a new word in one of the styles of YAML.
    fn scalar(&mut self, choices: &mut Choices<'_>) {
        let word = format!("w{}{}", self.placed.len(), choices.pick(&["", "é", " x", "😀", "-y"]));
        match choices.below(4) {
            0 | 1 => self.place(&word, &word),
            2 => {
                self.text.push('\'');
                self.place(&format!("{word}''"), &format!("{word}'"));
                self.text.push('\'');
            }
            _ => {
                self.text.push('"');
                self.place(&format!("{word}\\u0041\\n"), &format!("{word}A\n"));
                self.text.push('"');
            }
        }
    }

    /// Writes the spelling of a value.
    pub(super) fn place(&mut self, spelling: &str, value: &str) {
        let start = self.text.len();
        self.text.push_str(spelling);
        self.placed.push(Placed { start, end: self.text.len(), value: value.to_owned() });
    }
}
