use super::*;

/// Formats the tree on one line; keys and strings as they are read.
fn show(text: &str) -> String {
    let tree = parse(text);
    let root = tree.documents[0].root.unwrap();
    let mut shown = shown(&tree, text, root);
    if tree.documents[0].error.is_some() {
        shown.push('!');
    }
    shown
}

fn shown(tree: &Tree, text: &str, id: NodeId) -> String {
    let node = tree.node(id);
    let inner = match &node.kind {
        NodeKind::Mapping(_) | NodeKind::Block(_) => {
            let pair = |(key, value): &(NodeId, NodeId)| {
                format!("{}={}", shown(tree, text, *key), shown(tree, text, *value))
            };
            format!("{{{}}}", tree.pairs(id).iter().map(pair).collect::<Vec<_>>().join(" "))
        }
        NodeKind::Sequence(_)
        | NodeKind::Call(_)
        | NodeKind::Comparison(_)
        | NodeKind::Expression(_) => {
            let items = tree.items(id).iter().map(|item| shown(tree, text, *item));
            format!("[{}]", items.collect::<Vec<_>>().join(" "))
        }
        _ => tree.scalar(id, text).unwrap().replace('\n', "\\n"),
    };
    match &node.kind {
        NodeKind::Block(_) => {
            format!("<block {}>{inner}", tree.names(id).collect::<Vec<_>>().join(" "))
        }
        NodeKind::Call(_) => format!("<call {}>{inner}", tree.names(id).next().unwrap()),
        NodeKind::Comparison(_) => format!("<compared>{inner}"),
        NodeKind::Expression(_) => format!("<expression>{inner}"),
        _ => inner,
    }
}

#[test]
fn hcl_reads_blocks_objects_and_expressions() {
    for (text, tree) in [
        ("a = 1\nb = \"x\"\n", "{a=1 b=x}"),
        (
            "provider \"k\" {\n  exec {\n    v = \"x\"\n  }\n}\n",
            "{provider=<block k>{exec=<block >{v=x}}}",
        ),
        ("exec { v = \"x\" }", "{exec=<block >{v=x}}"),
        ("e = { v = \"x\", w : [1, \"y\",] }", "{e={v=x w=[1 y]}}"),
        ("e = {\n v = \"x\" # c\n \"w\" = 1 // d\n}\n", "{e={v=x w=1}}"),
        ("a = f({ b = \"x\" }, \"y\")", "{a=<call f>[{b=x} y]}"),
        ("a = b == \"x\" ? \"y\" : \"z\"", "{a=<expression>[<compared>[b x] y z]}"),
        ("a = b == f(\"x\") && c", "{a=<expression>[<compared>[b <call f>[x]] c]}"),
        ("a = b != == c == d", "{a=<compared>[<compared>[b c] d]}"),
        ("a = \"${f(\"x\")} \\\"y\\\"\"", "{a=${f(\"x\")} \"y\"}"),
        ("a = <<-EOT\n    x: 1\n      y: 2\n  EOT\nb = 1\n", "{a=x: 1\\n  y: 2\\n b=1}"),
        ("a = <<EOT\n  x\nEOT\n", "{a=  x\\n}"),
        ("a = f(<<E\nx\nE\n, 1)", "{a=<call f>[x\\n 1]}"),
        ("/* a = 1 */ b = 2", "{b=2}"),
        ("a = [for k, v in m : { x = v }]", "{a=[<expression>[for k] <expression>[v in m {x=v}]]}"),
        ("{% if x %}\na = \"{{ y }}\"\n{% endif %}\n", "{a={{ y }}}"),
        ("a = \"$${x}\"\n", "{a=$${x}}"),
    ] {
        assert_eq!(show(text), tree, "{text}");
    }
}

#[test]
fn hcl_reads_broken_text_as_far_as_possible() {
    for (text, tree) in [
        ("a {\n b = \"x\"\n", "{a=<block >{b=x}}!"),
        ("a = \"x\nb = 1\n", "{a=x b=1}!"),
        ("}\na = 1\n", "{a=1}!"),
        ("a = [1\n}\nb = 2\n", "{a=[1] b=2}!"),
        ("/* a", "{}!"),
    ] {
        assert_eq!(show(text), tree, "{text}");
    }
}

#[test]
fn hcl_reads_no_deeper_than_the_limit() {
    let fault = |depth: usize| {
        let text = format!("a = {}{}\n", "[".repeat(depth), "]".repeat(depth));
        parse(&text).documents[0].error.as_ref().map(|error| error.fault.clone())
    };
    // The file itself is one of them.
    assert_eq!(fault(MAX_DEPTH - 1), None);
    assert_eq!(fault(MAX_DEPTH), Some(Fault::HclDepth));
    let deep = parse(&("a = ".to_owned() + &"[{a={".repeat(100_000)));
    assert!((MAX_DEPTH..3 * MAX_DEPTH).contains(&deep.len()), "{}", deep.len());
}

proptest::proptest! {
    #[test]
    fn hcl_spans_lie_within_any_text(text in "[a-b=\"\\\\{}\\[\\]()<E\n\r ,:#/*$%é]{0,60}") {
        let tree = parse(&text);
        for id in tree.ids() {
            let span = tree.node(id).span;
            proptest::prop_assert!(text.get(span.range()).is_some(), "{:?}", span);
            if let Some(mapped) = tree.mapped(id, &text) {
                proptest::prop_assert_eq!(mapped.map.len(), mapped.text.len());
            }
        }
    }
}

#[test]
fn is_hcl_recognizes_blocks() {
    for text in
        ["provider \"kubernetes\" {\n", "  exec {\n", "exec = {\n", "locals {", "a\nmodule \"x\" {"]
    {
        assert!(is_hcl(text), "{text}");
    }
    for text in [
        "exec:\n",
        "exec: {",
        "x {",
        "data: {\n",
        "\"exec\": {",
        "data Foo {",
        "module.exports = {",
    ] {
        assert!(!is_hcl(text), "{text}");
    }
}
