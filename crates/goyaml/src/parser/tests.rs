//! Tests of the events of a stream.

use super::*;

/// Returns the events in the notation of the YAML test suite, without those of the stream.
fn events(text: &str) -> String {
    let shown = Parser::new(text).map(|event| {
        let Event { kind, anchor, tag, .. } = event.unwrap();
        let anchor = anchor.map_or(String::new(), |(name, _)| format!(" &{name}"));
        let tag = tag.map_or(String::new(), |tag| format!(" <{}>", tag.text));
        match kind {
            EventKind::DocumentStart { explicit: true } => "+DOC ---".to_owned(),
            EventKind::DocumentStart { .. } => "+DOC".to_owned(),
            EventKind::DocumentEnd { explicit: true } => "-DOC ...".to_owned(),
            EventKind::DocumentEnd { .. } => "-DOC".to_owned(),
            EventKind::SequenceStart { flow: true } => format!("+SEQ []{anchor}{tag}"),
            EventKind::SequenceStart { .. } => format!("+SEQ{anchor}{tag}"),
            EventKind::SequenceEnd => "-SEQ".to_owned(),
            EventKind::MappingStart { flow: true } => format!("+MAP {{}}{anchor}{tag}"),
            EventKind::MappingStart { .. } => format!("+MAP{anchor}{tag}"),
            EventKind::MappingEnd => "-MAP".to_owned(),
            EventKind::Alias(name) => format!("=ALI *{name}"),
            EventKind::Scalar { value, style, .. } => {
                let style = match style {
                    ScalarStyle::Plain => ':',
                    ScalarStyle::SingleQuoted => '\'',
                    ScalarStyle::DoubleQuoted => '"',
                    ScalarStyle::Literal => '|',
                    ScalarStyle::Folded => '>',
                };
                format!("=VAL{anchor}{tag} {style}{value}")
            }
        }
    });
    shown.collect::<Vec<_>>().join(" ")
}

/// Returns the bytes of each event that has any, with its anchor and tag before it.
fn spans(text: &str) -> Vec<&str> {
    let spans = Parser::new(text).flat_map(|event| {
        let event = event.unwrap();
        let anchor = event.anchor.map(|(_, span)| span);
        [anchor, event.tag.map(|tag| tag.span), Some(event.span)]
    });
    spans.flatten().filter(|span| !span.is_empty()).map(|span| &text[span.range()]).collect()
}

#[test]
fn parser_ends_block_collections_with_the_indentation() {
    let table = [
        (
            "a: b\nc:\n  d: e\nf: g\n",
            "+MAP =VAL :a =VAL :b =VAL :c +MAP =VAL :d =VAL :e -MAP =VAL :f =VAL :g -MAP",
        ),
        ("- a\n- - b\n  - c\n", "+SEQ =VAL :a +SEQ =VAL :b =VAL :c -SEQ -SEQ"),
        // A sequence in a mapping needs no indentation.
        ("a:\n- b\n-\nc: d\n", "+MAP =VAL :a +SEQ =VAL :b =VAL : -SEQ =VAL :c =VAL :d -MAP"),
        ("- a: b\n  c: d\n", "+SEQ +MAP =VAL :a =VAL :b =VAL :c =VAL :d -MAP -SEQ"),
        ("? a\n: b\n? c\n", "+MAP =VAL :a =VAL :b =VAL :c =VAL : -MAP"),
        ("? - a\n: - b\n", "+MAP +SEQ =VAL :a -SEQ +SEQ =VAL :b -SEQ -MAP"),
        ("?\n: a\nb:\n", "+MAP =VAL : =VAL :a =VAL :b =VAL : -MAP"),
    ];
    for (text, wanted) in table {
        assert_eq!(events(text), format!("+DOC {wanted} -DOC"), "{text:?}");
    }
}

#[test]
fn parser_reads_pairs_and_absent_values_in_flow() {
    let table = [
        ("[a, 'b',]", "+SEQ [] =VAL :a =VAL 'b -SEQ"),
        (
            "[a: b, ? c, ? d: e]",
            "+SEQ [] +MAP {} =VAL :a =VAL :b -MAP +MAP {} =VAL :c =VAL : -MAP +MAP {} =VAL :d =VAL :e -MAP -SEQ",
        ),
        (
            "{a: b, c, ? d: , \"e\":f}",
            "+MAP {} =VAL :a =VAL :b =VAL :c =VAL : =VAL :d =VAL : =VAL \"e =VAL :f -MAP",
        ),
        ("{a: {b: [c]}}", "+MAP {} =VAL :a +MAP {} =VAL :b +SEQ [] =VAL :c -SEQ -MAP -MAP"),
        ("{a: https://b:1/c}", "+MAP {} =VAL :a =VAL :https://b:1/c -MAP"),
        ("[a\n b]", "+SEQ [] =VAL :a b -SEQ"),
    ];
    for (text, wanted) in table {
        assert_eq!(events(text), format!("+DOC {wanted} -DOC"), "{text:?}");
    }
}

#[test]
fn parser_reads_document_markers_and_directives() {
    let table = [
        ("", ""),
        ("# a\n", ""),
        ("a\n", "+DOC =VAL :a -DOC"),
        ("---\n", "+DOC --- =VAL : -DOC"),
        ("---\na\n...\n", "+DOC --- =VAL :a -DOC ..."),
        ("a\n---\nb\n---\n", "+DOC =VAL :a -DOC +DOC --- =VAL :b -DOC +DOC --- =VAL : -DOC"),
        ("%YAML 1.1\n---\na\n", "+DOC --- =VAL :a -DOC"),
        // From go-yaml's tests.
        (
            "%TAG !y! tag:yaml.org,2002:\n---\nv: !y!int '1'",
            "+DOC --- +MAP =VAL :v =VAL <tag:yaml.org,2002:int> '1 -MAP -DOC",
        ),
    ];
    for (text, wanted) in table {
        assert_eq!(events(text), wanted, "{text:?}");
    }
}

/// So kubectl, which reads one document, takes `[]: x` for an empty list.
#[test]
fn parser_rejects_an_empty_flow_collection_as_key() {
    let mut parser = Parser::new("[]: x");
    let first: Vec<_> = parser.by_ref().map_while(Result::ok).map(|event| event.kind).collect();
    assert!(first.contains(&EventKind::SequenceEnd));
    assert_eq!(first.last(), Some(&EventKind::DocumentEnd { explicit: false }));
    let error = Parser::new("[]: x").find_map(Result::err).unwrap();
    assert_eq!(error.message, "did not find expected <document start>");
}

#[test]
fn errors_say_what_is_at_fault() {
    for (text, kind) in [
        ("a:\n\tb: c", ErrorKind::Tab),
        ("a:\n  b: c\n\td: e", ErrorKind::Tab),
        ("a: |\n\tb", ErrorKind::Tab),
        ("a: @b@", ErrorKind::ReservedCharacter),
        ("a: `b`", ErrorKind::ReservedCharacter),
        ("a: %b", ErrorKind::ReservedCharacter),
        ("[|]", ErrorKind::Syntax),
        ("a: b: c", ErrorKind::UnexpectedColon),
        ("a:b\nc: d", ErrorKind::UnexpectedColon),
        ("a: b\n  c: d", ErrorKind::UnexpectedColon),
        ("a: \"C:\\d\"", ErrorKind::Escape),
        ("a: \"C:\\Users\"", ErrorKind::Escape),
        ("{\"a\": \"b\\/c\"}", ErrorKind::EscapedSlash),
        ("a: \"b", ErrorKind::UnclosedQuote),
        ("a: 'b\nc: d", ErrorKind::UnclosedQuote),
        ("a: \"b\n---\nc: d", ErrorKind::UnclosedQuote),
        ("a: \"\\ud800\"", ErrorKind::Escape),
        ("%YAML 1.2\n---\na: b", ErrorKind::Version),
        ("a: [b", ErrorKind::Syntax),
    ] {
        let error = Parser::new(text).find_map(Result::err).unwrap();
        assert_eq!(error.kind, kind, "{text:?}: {error}");
    }
}

#[test]
fn parser_reads_anchors_tags_and_aliases() {
    let table = [
        ("&a !!str b", "=VAL &a <tag:yaml.org,2002:str> :b"),
        ("!b &a\n- *a\n", "+SEQ &a <!b> =ALI *a -SEQ"),
        ("&a", "=VAL &a :"),
        ("! b", "=VAL <!> :b"),
        ("!<tag:a> b", "=VAL <tag:a> :b"),
        ("!a%C3%A9 b", "=VAL <!aé> :b"),
        ("&a b: *a\n", "+MAP =VAL &a :b =ALI *a -MAP"),
    ];
    for (text, wanted) in table {
        assert_eq!(events(text), format!("+DOC {wanted} -DOC"), "{text:?}");
    }
}

#[test]
fn parser_marks_untagged_plain_scalars_as_plain() {
    for (text, plain, quoted) in [
        ("a", true, false),
        ("'a'", false, true),
        ("|\n a\n", false, true),
        ("! 'a'", true, false),
        ("!!str a", false, false),
        ("!!str", false, false),
        ("&a", true, false),
    ] {
        let found = Parser::new(text).find_map(|event| match event.unwrap().kind {
            EventKind::Scalar { plain_implicit, quoted_implicit, .. } => {
                Some((plain_implicit, quoted_implicit))
            }
            _ => None,
        });
        assert_eq!(found, Some((plain, quoted)), "{text:?}");
    }
}

#[test]
fn spans_are_exact() {
    let table: [(&str, &[&str]); 9] = [
        ("\u{feff}a: b # c\n", &["a", "b"]),
        ("'a''b': \"c\\n\"\r\n", &["'a''b'", "\"c\\n\""]),
        ("- &x !!str a\n- *x\n", &["&x", "!!str", "a", "*x"]),
        ("--- [a, {b: c}] # d\n...\n", &["---", "[", "a", "{", "b", "c", "}", "]", "..."]),
        ("a: b\n  c\n\nd: é\u{85}", &["a", "b\n  c", "d", "é"]),
        ("a: | # b\n  c\n\n  d\n\ne: f\n", &["a", "  c\n\n  d\n", "e", "f"]),
        ("a: |+\n  c\n\nb: >-\n  d\n\n", &["a", "  c\n\n", "b", "  d"]),
        ("[a: b]", &["[", "a", "b", "]"]),
        ("a:\n- b\n-\n", &["a", "b"]),
    ];
    for (text, wanted) in table {
        assert_eq!(spans(text), wanted, "{text:?}");
    }
}

#[test]
fn parser_reads_the_indentation_of_block_headers() {
    for (text, header, indent) in [
        ("a: |2- # b\n    c\n", "|2-", 2),
        ("a: >+1\n   c\n", ">+1", 1),
        ("a:\n  b: |\n      c\n", "|", 6),
        ("- |1\n  c\n", "|1", 1),
        ("|\n\n", "|", 1),
    ] {
        let block = Parser::new(text).find_map(|event| match event.unwrap().kind {
            EventKind::Scalar { block, .. } => block,
            _ => None,
        });
        let block = block.unwrap();
        assert_eq!((&text[block.span.range()], block.indent), (header, indent), "{text:?}");
    }
}

#[test]
fn resume_counts_from_the_start_of_the_text() {
    let text = "a: [\n---\nb: c\n---\na: b: c\n";
    let mut parser = Parser::resume(text, 5, 1);
    let scalar = parser.find_map(|event| {
        let event = event.unwrap();
        matches!(event.kind, EventKind::Scalar { .. }).then_some(event.span)
    });
    assert_eq!(scalar, Some(Span::new(9, 10)));
    let error = parser.find_map(Result::err).unwrap();
    assert_eq!(error.to_string(), "yaml: line 5: mapping values are not allowed in this context");
    assert_eq!(&text[error.offset..], ": c\n");
}

#[test]
fn resume_within_a_character_starts_at_the_end() {
    assert_eq!(Parser::resume("é", 1, 0).next(), None);
}
