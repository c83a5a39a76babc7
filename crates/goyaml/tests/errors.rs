//! The words and lines of errors, as kubectl 1.20 and 1.37 print them for these texts.

#![allow(clippy::unwrap_used)]

use goyaml::{Error, Parser};

fn error(text: &[u8]) -> Option<Error> {
    Parser::from_bytes(text).find_map(Result::err)
}

fn check(table: &[(&[u8], &str)]) {
    for (text, wanted) in table {
        let found = error(text).map(|error| error.to_string());
        let shown = text.escape_ascii();
        assert_eq!(found.as_deref(), Some(format!("yaml: {wanted}").as_str()), "{shown}");
    }
}

#[test]
fn scanner_errors_count_lines_from_1_and_omit_the_first() {
    check(&[
        (b"a: b: c\n", "mapping values are not allowed in this context"),
        (b"x: y\na: b: c\n", "line 2: mapping values are not allowed in this context"),
        (b"a: - b\n", "block sequence entries are not allowed in this context"),
        (b"a: ? b\n", "mapping keys are not allowed in this context"),
        (b"- a\n?b\n: c", "line 3: could not find expected ':'"),
        (b"a: @b\n", "found character that cannot start any token"),
        (b"a:\n  `b`\n", "line 2: found character that cannot start any token"),
        (b"a: %b\n", "found character that cannot start any token"),
        (b"a\n\tb: c\n", "line 2: mapping values are not allowed in this context"),
        (b"a:\n\tb: c\n", "line 2: found character that cannot start any token"),
        (b"a:\n  b\n\tc: d\n", "line 3: found a tab character that violates indentation"),
        (b"a: \"b\n", "line 2: found unexpected end of stream"),
        (b"a: 'b\n---\n'\n", "line 2: found unexpected document indicator"),
        (b"a: \"\\q\"\n", "found unknown escape character"),
        (b"a: \"\\x0g\"\n", "did not find expected hexdecimal number"),
        (b"a: \"\\ud800\"\n", "found invalid Unicode character escape code"),
        (b"x:\na: \"\\UFFFFFFFF\"\n", "line 2: found invalid Unicode character escape code"),
        (b"a: |0\n", "found an indentation indicator equal to 0"),
        (b"a: |x\n", "did not find expected comment or line break"),
        (b"a: |\n\t b\n", "line 2: found a tab character where an indentation space is expected"),
        (b"a: >\n  b\n c: d\n", "line 2: did not find expected key"),
        (b"a: &\n", "did not find expected alphabetic or numeric character"),
        (b"a: *,\n", "did not find expected alphabetic or numeric character"),
        (b"a: &b!c d\n", "did not find expected alphabetic or numeric character"),
        (b"a: !<b c\n", "did not find the expected '>'"),
        (b"a: !<> c\n", "did not find expected tag URI"),
        (b"a: !b%zz c\n", "did not find URI escaped octet"),
        (b"a: !b%ff c\n", "found an incorrect leading UTF-8 octet"),
        (b"a: !b%c3%41 c\n", "found an incorrect trailing UTF-8 octet"),
        (b"a: !b{c} d\n", "did not find expected whitespace or line break"),
        (b"%\n", "could not find expected directive name"),
        (b"%YAML x\n---\n", "did not find expected version number"),
        (b"%YAML 1x\n---\n", "did not find expected digit or '.' character"),
        (b"%YAML 1.100\n---\n", "found extremely long version number"),
        (b"%YAML 1.2\n---\n", "found incompatible YAML document"),
        (b"%YAML 1.1\n%YAML 1.1\n---\n", "line 1: found duplicate %YAML directive"),
        (b"%YAML 1.1\na: b\n", "line 1: did not find expected <document start>"),
        (b"%FOO x\n---\n", "found unknown directive name"),
        (b"%YAML 1.1 x\n---\n", "did not find expected comment or line break"),
        (b"%TAG ! x\n%TAG ! x\n---\n", "line 1: found duplicate %TAG directive"),
        (b"%TAG x\n", "did not find expected '!'"),
        (b"%TAG !a b\n", "did not find expected '!'"),
        (b"%TAG !a!b\n", "did not find expected whitespace"),
        (b"%TAG !a! b{\n---\n", "did not find expected whitespace or line break"),
        (b"%@\n", "could not find expected directive name"),
        (b"a: !b!c d\n", "found undefined tag handle"),
        (b"x:\na: !b!c d\n", "line 1: found undefined tag handle"),
        (b"a\nb: c\n", "line 2: mapping values are not allowed in this context"),
        (b"a: b\nc\n", "line 3: could not find expected ':'"),
        (b"a: b\nc\nd: e\n", "line 3: could not find expected ':'"),
        (b"? a\nb\n: c\n", "line 3: could not find expected ':'"),
    ]);
}

#[test]
fn parser_errors_count_lines_from_0() {
    check(&[
        (b"[a b: c, d\n", "line 1: did not find expected ',' or ']'"),
        (b"[a", "line 1: did not find expected ',' or ']'"),
        (b"x:\n  [a\n", "line 2: did not find expected ',' or ']'"),
        (b"{a", "line 1: did not find expected ',' or '}'"),
        (b"x: [a] b\n", "did not find expected key"),
        (b"x:\n- [a]]\n", "line 1: did not find expected key"),
        (b"- a\nb: c\n", "line 1: did not find expected '-' indicator"),
        (b"a: b\n- c\n", "line 1: did not find expected key"),
        (b"a:\n  b: c\n - d\n", "line 2: did not find expected key"),
        (b"- a\n  - b\nc\n", "line 4: could not find expected ':'"),
        (b"[? : d]\n", "did not find expected ',' or ']'"),
        (b"[,]\n", "did not find expected node content"),
        (b"{a: b]\n", "did not find expected ',' or '}'"),
        (b"x: y\n{a: b]\n", "line 3: could not find expected ':'"),
        (b"---\na\nb: c\n", "line 3: mapping values are not allowed in this context"),
        (b"a: &b *c\n", "did not find expected key"),
        (b"a: &b &c d\n", "did not find expected key"),
        (b"a: !!str !!str b\n", "did not find expected key"),
        (b"x: y\na: !!str !!int b\n", "line 1: did not find expected key"),
        (b"}\n", "did not find expected node content"),
        (b"x: }\n", "did not find expected node content"),
        (b"- }\n", "did not find expected node content"),
        (b"v: [A,", "line 1: did not find expected node content"),
        (b"v:\n- [A,", "line 2: did not find expected node content"),
        (b"a:\n- b: *,", "line 2: did not find expected alphabetic or numeric character"),
        (b"value: -", "block sequence entries are not allowed in this context"),
        (
            b"%TAG !%79! tag:yaml.org,2002:\n---\nv: !%79!int '1'",
            "did not find expected whitespace",
        ),
        (b"a:\n  1:\nb\n  2:", "line 4: could not find expected ':'"),
    ]);
}

#[test]
fn reader_errors_have_no_line() {
    check(&[
        (b"a: \x01\n", "control characters are not allowed"),
        (b"x:\n- \x7f\n", "control characters are not allowed"),
        (b"a: \xff\n", "invalid leading UTF-8 octet"),
        (b"a: \xc3(\n", "invalid trailing UTF-8 octet"),
        (b"a: \xe2\x82", "incomplete UTF-8 octet sequence"),
        (b"a: \xed\xa0\x80\n", "invalid Unicode character"),
        (b"a: \xc0\x80\n", "invalid length of a UTF-8 sequence"),
        (b"a: \xf4\x90\x80\x80\n", "invalid Unicode character"),
        (b"a: \xf8\x88\x80\x80\x80\n", "invalid leading UTF-8 octet"),
        (b"a: \xef\xbf\xbf\n", "control characters are not allowed"),
        (b"a: \xc2\x84\n", "control characters are not allowed"),
    ]);
}

#[test]
fn reader_reports_bad_characters_a_buffer_at_a_time() {
    let text = |lines: usize| format!("a: @{}\u{1}", "\n".repeat(lines));
    let message = |lines| error(text(lines).as_bytes()).unwrap().message;
    assert_eq!(message(200), "control characters are not allowed");
    assert_eq!(message(600), "found character that cannot start any token");
}

#[test]
fn scanner_limits_simple_keys_to_1024_characters() {
    let key = |length| format!("x: y\n{}: b\n", "a".repeat(length));
    assert_eq!(error(key(1024).as_bytes()), None);
    let error = error(key(1025).as_bytes()).unwrap();
    assert_eq!(error.to_string(), "yaml: line 2: could not find expected ':'");
}

#[test]
fn parser_limits_depth_to_10_000() {
    for open in ["[", "{a: ", "- ", "? "] {
        assert!(
            error(open.repeat(10_000).as_bytes())
                .is_none_or(|error| { !error.message.starts_with("exceeded") }),
            "{open}"
        );
        let error = error(open.repeat(10_001).as_bytes()).unwrap();
        assert_eq!(error.message, "exceeded max depth of 10000", "{open}");
    }
}

#[test]
fn from_bytes_parses_the_text_before_invalid_bytes() {
    let text = [b"a: b\n---\n", b"#".repeat(1000).as_slice(), b"\xff"].concat();
    let events: Vec<_> = Parser::from_bytes(&text).collect();
    assert!(events.len() > 5 && events.iter().filter(|event| event.is_err()).count() == 1);
    assert_eq!(error(&text).unwrap().offset, text.len() - 1);
}
