//! Texts embedded in texts, to any depth: findings are reported at their exact bytes in the
//! outermost text.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;

use kubeconfig_lint::Evidence;
use kubeconfig_lint::Span;
use kubeconfig_lint::{Options, Source, lint};

use proptest::prelude::*;

const VALUE: &str = "client.authentication.k8s.io/v1alpha1";

/// A text, and the span of the version in it.
#[derive(Debug, Clone)]
struct Text {
    text: String,
    value: Span,
    name: &'static str,
}

/// A way to embed a text in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrapper {
    JsonString,
    YamlBlock,
    YamlFolded,
    YamlQuoted,
    HclHeredoc,
    HclIndentedHeredoc,
    HclString,
    ShellHeredoc,
    Markdown,
    Pre,
    Rst,
}

/// Random numbers that proptest can shrink.
#[derive(Debug, Clone)]
struct Dice(Vec<u8>, usize);

impl Dice {
    fn roll(&mut self) -> u8 {
        self.1 += 1;
        self.0[self.1 % self.0.len()]
    }
}

/// Builds the text and the span of the value, piece by piece.
#[derive(Default)]
struct Builder {
    text: String,
    start: usize,
    end: usize,
}

impl Builder {
    /// Appends `outer`, which represents the inner bytes `inner`.
    fn put(&mut self, outer: &str, inner: Span, value: Span) {
        if inner.start() == value.start() {
            self.start = self.text.len();
        }
        self.text.push_str(outer);
        if inner.end() == value.end() {
            self.end = self.text.len();
        }
    }

    fn done(self, name: &'static str) -> Text {
        Text { text: self.text, value: Span::new(self.start, self.end), name }
    }
}

/// Escapes every character that needs it, and some that do not.
fn escaped(
    inner: &Text,
    dice: &mut Dice,
    before: &str,
    after: &str,
    slash: &str,
    name: &'static str,
) -> Text {
    let mut out = Builder { text: before.to_owned(), ..Builder::default() };
    for (at, c) in inner.text.char_indices() {
        let escape = match c {
            '\n' => "\\n".to_owned(),
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\t' => "\\t".to_owned(),
            '/' if dice.roll().is_multiple_of(3) => slash.to_owned(),
            'é' if dice.roll().is_multiple_of(2) => "\\u00e9".to_owned(),
            ' ' if dice.roll().is_multiple_of(16) => "\\u0020".to_owned(),
            c => c.to_string(),
        };
        out.put(&escape, Span::new(at, at + c.len_utf8()), inner.value);
    }
    out.text.push_str(after);
    out.done(name)
}

/// Indents each line with `indent`.
fn indented(inner: &Text, before: &str, indent: &str, after: &str, name: &'static str) -> Text {
    let mut out = Builder { text: before.to_owned(), ..Builder::default() };
    let mut at = 0;
    for line in inner.text.split_inclusive('\n') {
        if line != "\n" {
            out.text.push_str(indent);
        }
        for (offset, c) in line.char_indices() {
            let start = at + offset;
            out.put(&c.to_string(), Span::new(start, start + c.len_utf8()), inner.value);
        }
        at += line.len();
    }
    out.text.push_str(after);
    out.done(name)
}

fn wrap(inner: &Text, wrapper: Wrapper, depth: usize, dice: &mut Dice) -> Text {
    let word = format!("END{depth}");
    match wrapper {
        Wrapper::JsonString => {
            escaped(inner, dice, "{\"é\": 1, \"data\": {\"x\": \"", "\"}}\n", "\\u002f", "f.json")
        }
        Wrapper::YamlQuoted => {
            escaped(inner, dice, "é: 1\ndata:\n- x: \"", "\"\n", "\\x2f", "f.yaml")
        }
        Wrapper::HclString => {
            escaped(inner, dice, "locals {\n  é = 1\n  x = \"", "\"\n}\n", "\\u002f", "f.tf")
        }
        Wrapper::YamlBlock => indented(inner, "é: 1\ndata:\n  x: |2\n", "    ", "y: 2\n", "f.yaml"),
        Wrapper::YamlFolded => {
            // An empty line preserves each line break.
            let mut out = Builder { text: "data:\n  x: >2\n".to_owned(), ..Builder::default() };
            let mut at = 0;
            for line in inner.text.split_inclusive('\n') {
                out.text.push_str("    ");
                for (offset, c) in line.char_indices() {
                    let start = at + offset;
                    out.put(&c.to_string(), Span::new(start, start + c.len_utf8()), inner.value);
                }
                out.text.push('\n');
                at += line.len();
            }
            out.done("f.yaml")
        }
        Wrapper::HclHeredoc => indented(
            inner,
            &format!("locals {{\n  x = <<{word}\n"),
            "",
            &format!("{word}\n}}\n"),
            "f.tf",
        ),
        Wrapper::HclIndentedHeredoc => {
            let (before, after) =
                (format!("locals {{\n  x = <<-{word}\n"), format!("    {word}\n}}\n"));
            indented(inner, &before, "      ", &after, "f.tf")
        }
        Wrapper::ShellHeredoc => {
            let before = format!("#!/bin/sh\ncat > f <<'{word}'\n");
            indented(inner, &before, "", &format!("{word}\necho é\n"), "f.sh")
        }
        Wrapper::Markdown => {
            indented(inner, "# É\n\n1. x\n   ~~~~yaml\n", "   ", "   ~~~~\n", "f.md")
        }
        Wrapper::Pre => {
            let mut out =
                Builder { text: "<p>é</p><pre class=\"x\">".to_owned(), ..Builder::default() };
            for (at, c) in inner.text.char_indices() {
                let entity = match c {
                    '<' => "&lt;".to_owned(),
                    '>' => "&gt;".to_owned(),
                    '&' => "&amp;".to_owned(),
                    '"' if dice.roll().is_multiple_of(2) => "&quot;".to_owned(),
                    c => c.to_string(),
                };
                out.put(&entity, Span::new(at, at + c.len_utf8()), inner.value);
            }
            out.text.push_str("</pre>\n");
            out.done("f.html")
        }
        Wrapper::Rst => indented(inner, "T\n=\n\nSee::\n\n", "   ", "\nText.\n", "f.rst"),
    }
}

/// The style of a file, independent of its content.
#[derive(Debug, Clone, Copy)]
struct Style {
    tabs: bool,
    crlf: bool,
    bom: bool,
}

fn style() -> impl Strategy<Value = Style> {
    any::<(bool, bool, bool)>().prop_map(|(tabs, crlf, bom)| Style { tabs, crlf, bom })
}

/// Returns the file with the line ends and the byte order mark of the style.
fn written(inner: &Text, style: Style) -> Text {
    let bom = if style.bom { "\u{feff}" } else { "" };
    let mut out = Builder { text: bom.to_owned(), ..Builder::default() };
    for (at, c) in inner.text.char_indices() {
        let outer = if style.crlf && c == '\n' { "\r\n".to_owned() } else { c.to_string() };
        out.put(&outer, Span::new(at, at + c.len_utf8()), inner.value);
    }
    out.done(inner.name)
}

fn kubeconfig(flow: bool, tabs: bool) -> Text {
    let tab = if tabs { "\t" } else { " " };
    let text = if flow {
        format!(
            "{{\"users\": [{{\"name\": \"é\", \"user\": {{\"exec\": {{\"apiVersion\":{tab}\"{VALUE}\",{tab}\"command\": \"aws\"}}}}}}]}}\n"
        )
    } else {
        format!(
            "apiVersion: v1\nkind: Config\nusers:\n- name: é\n  user:\n    exec:\n      apiVersion:{tab}{VALUE}\n      command: aws{tab}\n"
        )
    };
    let start = text.find(VALUE).unwrap();
    Text { value: Span::new(start, start + VALUE.len()), text, name: "kubeconfig" }
}

fn inner_wrapper() -> impl Strategy<Value = Wrapper> {
    use Wrapper::*;
    proptest::sample::select(vec![
        JsonString,
        YamlBlock,
        YamlFolded,
        YamlQuoted,
        HclHeredoc,
        HclIndentedHeredoc,
        HclString,
        ShellHeredoc,
    ])
}

fn outer_wrapper() -> impl Strategy<Value = Option<Wrapper>> {
    use Wrapper::*;
    proptest::option::of(proptest::sample::select(vec![Markdown, Pre, Rst]))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]
    #[test]
    fn nested_positions_agree_with_outer_ones(
        flow: bool,
        style in style(),
        inner in proptest::collection::vec(inner_wrapper(), 1..5),
        outer in outer_wrapper(),
        dice in proptest::collection::vec(any::<u8>(), 1..50),
    ) {
        let mut dice = Dice(dice, 0);
        let mut text = kubeconfig(flow, style.tabs);
        for (depth, wrapper) in inner.iter().copied().chain(outer).enumerate() {
            text = wrap(&text, wrapper, depth, &mut dice);
        }
        let text = written(&text, style);
        let source = Source::new(text.name, text.text.clone().into_bytes());
        let linted = lint(&source, &Options::default());
        let about_version = linted.findings.iter().filter(|f| f.rule.name.ends_with("-api-version"));
        let found: Vec<_> = about_version.map(|f| (f.rule.name, f.primary.span, f.evidence, f.command.as_deref())).collect();
        let expected = ("removed-api-version", text.value, Evidence::Embedded, Some("aws"));
        prop_assert_eq!(&found, &vec![expected], "{:?} {:?}\n{}", inner, outer, text.text);
        // Nothing is reported twice, or at another place.
        let mentions = linted.findings.iter().filter(|f| f.is_mention()).count();
        prop_assert_eq!((mentions, linted.accepted.len()), (0, 0), "{}", text.text);
    }

    /// Base64 has no places of its own inside: findings are reported at the whole of it.
    #[test]
    fn base64_findings_are_reported_at_the_whole(
        flow: bool,
        style in style(),
        inner in proptest::collection::vec(inner_wrapper(), 0..3),
        outer in proptest::collection::vec(inner_wrapper(), 0..2),
        columns in proptest::sample::select(vec![0_usize, 64, 76]),
        twice: bool,
        dice in proptest::collection::vec(any::<u8>(), 1..50),
    ) {
        use base64::Engine;
        use base64::engine::general_purpose::STANDARD;
        let mut dice = Dice(dice, 0);
        let mut text = kubeconfig(flow, style.tabs);
        for (depth, wrapper) in inner.iter().enumerate() {
            text = wrap(&text, *wrapper, depth, &mut dice);
        }
        text = written(&text, Style { bom: false, ..style });
        let mut encoded = STANDARD.encode(&text.text);
        if twice {
            encoded = STANDARD.encode(format!("data: {encoded}\n"));
        } else if columns > 0 {
            let lines = encoded.as_bytes().chunks(columns).map(|line| std::str::from_utf8(line).unwrap());
            encoded = lines.collect::<Vec<_>>().join("\n");
        }
        let before = "kind: Secret\ndata:\n  config: |\n";
        let indented: String = encoded.lines().map(|line| format!("    {line}\n")).collect();
        let start = before.len() + 4;
        let end = before.len() + indented.len() - 1;
        let mut text = Text { text: format!("{before}{indented}"), value: Span::new(start, end), name: "f.yaml" };
        for (depth, wrapper) in outer.iter().enumerate() {
            // Folding would put empty lines between the lines of base64.
            if *wrapper == Wrapper::YamlFolded {
                continue;
            }
            // A slash in base64 is not the slash of a version.
            text = wrap(&text, *wrapper, depth + 10, &mut Dice(vec![1], 0));
        }
        let text = written(&text, style);
        let source = Source::new(text.name, text.text.clone().into_bytes());
        let linted = lint(&source, &Options::default());
        let places: BTreeSet<_> = linted.findings.iter().map(|f| (f.rule.name, f.primary.span)).collect();
        prop_assert_eq!(places, BTreeSet::from([("removed-api-version", text.value)]), "{:?} {:?}\n{}", inner, outer, text.text);
    }
}
