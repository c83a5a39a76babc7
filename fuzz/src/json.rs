//! JSON as Go reads it, JSON Lines, JSON with comments, and templates of JSON.

use kubeconfig_lint::internals::{Tree, blank_comments, json, json_stream, json_template};
use serde_json::Value;

use super::choices::{Choices, is_structured, text_of};
use super::tree;
use super::yaml::Writer;

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ", ",
    ": ",
    "\"a\"",
    "\"b\\u0041\"",
    "\"\\ud800\"",
    "\"\\/\"",
    "1",
    "-0.5e+3",
    "00",
    "true",
    "null",
    "fals",
    "'c'",
    "\"d",
    "\n",
    "\t",
    "\u{feff}",
    "// e\n",
    "/* f */",
    "/*",
    "//",
    "\"g // h\"",
    "é",
    "\\",
    "{{ .x }}",
    "{{ if y }}",
    "{{ end }}",
    "\u{1}",
];

/// Reads the bytes as JSON.
pub fn holds(bytes: &[u8]) {
    check(bytes, json, blank_comments);
}

/// Checks a parser, and what blanks comments.
pub fn check(bytes: &[u8], parse: impl Fn(&str) -> Tree, blank: impl Fn(&str) -> Option<String>) {
    if is_structured(bytes) && Choices::new(bytes).one_in(2) {
        return check_generated(&mut Choices::new(&bytes[1..]), parse, blank);
    }
    let text = text_of(bytes, PIECES);
    let tree = parse(&text);
    tree::is_sound(&tree, &text);
    tree::is_in_bounds(&json_template(&text), &text);
    tree::is_in_bounds(&json_stream(&text), &text);
    agrees_with_serde(&tree, &text);
    if let Some(blanked) = blank(&text) {
        covers_only_comments(&blanked, &text);
    }
}

/// Checks that the parser accepts what serde_json accepts, and nothing else.
fn agrees_with_serde(tree: &Tree, text: &str) {
    let is_valid = tree.documents.iter().all(|document| document.error.is_none());
    match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => assert!(is_valid, "serde_json reads what we do not: {text:?}"),
        Err(error) => {
            let said = error.to_string();
            // Go replaces lone surrogates, and allows deeper nesting.
            let is_known =
                ["surrogate", "recursion", "hex escape"].iter().any(|word| said.contains(word));
            assert!(!is_valid || is_known, "{said}: {text:?}");
        }
    }
}

/// Checks that a text with blanked comments has the same lines and offsets.
fn covers_only_comments(blanked: &str, text: &str) {
    assert_eq!(blanked.len(), text.len());
    for (now, was) in blanked.bytes().zip(text.bytes()) {
        assert!(now == was || (now == b' ' && was != b'\n' && was != b'\r'));
    }
}

/// Checks JSON whose scalars have known places, then with comments between its tokens.
fn check_generated(
    choices: &mut Choices<'_>,
    parse: impl Fn(&str) -> Tree,
    blank: impl Fn(&str) -> Option<String>,
) {
    /// serde_json reads 128 levels.
    const MAX_DEPTH: usize = 100;
    const COMMENTS: &[&str] = &["", " ", "// c \"x\n", "/* d\n e */", "\n"];
    let mut out = Writer::default();
    let mut open = vec!['{'];
    let (mut plain, mut has_comment) = ("{".to_owned(), false);
    out.text.push('{');
    let mut is_first = true;
    while let Some(last) = open.last().copied() {
        let comment = choices.pick(COMMENTS);
        has_comment |= comment.contains('/');
        out.text.push_str(comment);
        if choices.is_done() || out.placed.len() > 200 || choices.one_in(4) {
            let end = if last == '{' { "}" } else { "]" };
            push(&mut out, &mut plain, end);
            open.pop();
            is_first = false;
            continue;
        }
        if !is_first {
            push(&mut out, &mut plain, ",");
        }
        is_first = false;
        let count = if last == '{' { 2 } else { 1 };
        for at in 0..count {
            if at == 1 {
                push(&mut out, &mut plain, ":");
                let inner = if open.len() < MAX_DEPTH { choices.pick(&["", "{", "["]) } else { "" };
                if !inner.is_empty() {
                    push(&mut out, &mut plain, inner);
                    open.extend(inner.chars());
                    is_first = true;
                    break;
                }
            }
            let word = format!("w{}{}", out.placed.len(), choices.pick(&["", "//", "/*", "é"]));
            let escaped = choices.pick(&[("", ""), ("\\u00e9", "é"), ("\\\"", "\""), ("\\/", "/")]);
            push(&mut out, &mut plain, "\"");
            out.place(&format!("{word}{}", escaped.0), &format!("{word}{}", escaped.1));
            plain.push_str(&format!("{word}{}\"", escaped.0));
            out.text.push('"');
        }
    }
    let value: Value = serde_json::from_str(&plain).expect("the generator writes JSON");
    let text = match blank(&out.text) {
        Some(blanked) => {
            covers_only_comments(&blanked, &out.text);
            blanked
        }
        None => {
            assert!(!has_comment, "the comments are not seen: {}", out.text);
            out.text
        }
    };
    let read: Value = serde_json::from_str(&text).expect("without comments, it is JSON");
    assert_eq!(read, value, "{text}");
    let tree = parse(&text);
    tree::is_sound(&tree, &text);
    assert!(tree.documents.iter().all(|document| document.error.is_none()), "{text}");
    tree::scalars_are(&tree, &text, &out.placed);
}

/// Writes a token to the text with comments and to the text without.
fn push(out: &mut Writer, plain: &mut String, token: &str) {
    out.text.push_str(token);
    plain.push_str(token);
}
