use crate::report::display::*;
use crate::report::fixture::{file, span};

use proptest::prelude::*;
use unicode_width::UnicodeWidthChar;

/// Returns one line as shown, and below it a caret for every column of the labels.
fn shown(line: &str, labels: &[&str], secrets: &[&str], width: usize) -> [String; 2] {
    let spans: Vec<_> = labels.iter().map(|label| span(line, label)).collect();
    let secrets = secrets.iter().map(|secret| span(line, secret)).collect();
    let file = file("f", line, Vec::new(), secrets);
    let mut excerpts = Excerpts::new(&file);
    let (excerpt, places) = excerpts.excerpt(&spans, &[], width);
    let text = excerpt.text.strip_suffix('\n').unwrap();
    let mut carets = String::new();
    for (at, c) in text.char_indices() {
        let is_in = places.iter().any(|place| place.contains(&at));
        let caret = if is_in { '^' } else { ' ' };
        carets.extend(std::iter::repeat_n(caret, c.width().unwrap_or(0)));
    }
    [text.to_owned(), carets.trim_end().to_owned()]
}

#[test]
fn display_escapes_lines_and_moves_labels_along() {
    for (line, label, secrets, text, carets) in [
        ("\ta\tb: v1", "v1", &[][..], "    a   b: v1", "           ^^"),
        ("日本: \"vi😀\" x", "vi😀", &[], "日本: \"vi😀\" x", "       ^^^^"),
        ("name: v1\u{200b} b", "v1\u{200b}", &[], "name: v1\\u{200b} b", "      ^^^^^^^^^^"),
        ("\x1b[31mname: v1\x07", "v1", &[], "␛[31mname: v1␇", "           ^^"),
        ("e\u{301}: v1", "v1", &[], "e\u{301}: v1", "   ^^"),
        ("##[x]: v1", "v1", &[], "##\\u{5b}x]: v1", "            ^^"),
        ("v1 # ##[x]", "v1", &[], "v1 # ##\\u{5b}x]", "^^"),
        ("{a: hush, b: v1}", "v1", &["hush"], "{a: ***, b: v1}", "            ^^"),
        ("{a: hush, b: c}", "hush", &["hush"], "{a: ***, b: ***}", "    ^^^"),
        ("{a: hush, b: c}", "sh", &["hush"], "{a: ***, b: ***}", "    ^^^"),
        ("{a: hush, b: c}", "a: hush", &["hush"], "{a: ***, b: ***}", " ^^^^^^"),
        ("{token: hush, b: v1}", "v1", &[], "{token: ***, b: v1}", "                ^^"),
        ("{token: hush, name: v1}", "hush", &[], "{token: ***, name: v1}", "        ^^^"),
        ("{value: hush}", "hush", &[], "{value: ***}", "        ^^^"),
        ("{name: hush}", "hush", &[], "{name: hush}", "       ^^^^"),
    ] {
        let got = shown(line, &[label], secrets, 80);
        assert_eq!(got, [text, carets], "{line:?}");
    }
}

#[test]
fn display_shows_api_versions_between_masks() {
    let name = "client.authentication.k8s.io/v1alpha1";
    let line = format!("the token: it is {name} or so");
    assert_eq!(shown(&line, &[name], &[], 80)[0], format!("the token: ***{name}***"));
    assert_eq!(shown(&line, &[name], &[name], 80)[0], "the token: ***");
}

#[test]
fn display_shows_base64_under_labels_only() {
    let line = "kubeconfig: Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4 x";
    let shown = shown(line, &["YmF6cXV4Zm9v"], &[], 80);
    assert_eq!(shown[0], "kubeconfig: ***YmF6cXV4Zm9v*** x");
}

#[test]
fn display_cuts_long_lines_around_labels() {
    let line = format!("{}one {}two {}", "a ".repeat(90), "b ".repeat(90), "c ".repeat(9000));
    let [text, carets] = shown(&line, &["one"], &[], 40);
    assert_eq!(text, "… a a a a a a a one b b b b b b b …");
    assert_eq!(carets, "                ^^^");
    let [text, carets] = shown(&line, &["one", "two"], &[], 44);
    assert_eq!(text, "… a a a one b b b … b b b two c c c …");
    assert_eq!(carets, "        ^^^               ^^^");
    let long = format!("x {} y", "a-".repeat(400));
    let [text, carets] = shown(&long, &[long.trim_matches(['x', 'y', ' '])], &[], 40);
    assert_eq!(text, "x a-a-a-a-a-a-a-a…-a-a-a-a-a-a-a- y");
    assert_eq!(carets, format!("  {}", "^".repeat(31)));
    assert!(carets.starts_with("  ^^^"));
}

#[test]
fn display_shortens_long_secrets() {
    let secret = "A1b2".repeat(900);
    let line = format!("{{a: {secret}, b: {secret}, c: v1, d: {secret}, e: {secret}}}");
    let [text, carets] = shown(&line, &["v1"], &[], 80);
    assert_eq!(text, "{a: ***, b: ***, c: v1, d: ***, e: ***}");
    assert_eq!(carets, format!("{}^^", " ".repeat(20)));
}

#[test]
fn display_shows_odd_spans_on_their_first_line() {
    let text = "\u{feff}a: |\r\n  b\r\nc\r\n";
    let file = file("f", text, Vec::new(), Vec::new());
    let at = |needle: &str| text.find(needle).unwrap();
    let mut excerpts = Excerpts::new(&file);
    let labels = [
        Span::new(at("|"), at("c")),
        Span::at(0),
        Span::at(text.len()),
        Span::new(at("b") + 1, at("c")),
        Span::new(at("b") + 2, at("c") + 1),
    ];
    let (excerpt, places) = excerpts.excerpt(&labels, &[], 80);
    assert_eq!(excerpt.text, "a: |\n  b\n\n");
    assert_eq!(places, [3..4, 0..0, 9..9, 8..8, 8..8]);
    let numbers: Vec<_> = excerpt.lines.iter().map(|line| (line.number, line.index)).collect();
    assert_eq!(numbers, [(1, 0), (2, 1), (4, 4)]);
    assert_eq!(excerpt.location((), 3).unwrap().column_number, 4);
}

proptest! {
    /// Whatever surrounds it and however narrow the terminal is, a label that fits is shown whole,
    /// the columns under it are right, and the line fits as well.
    #[test]
    fn display_never_cuts_labels_off(
        before in "[ a-d\t日é😀\u{301}\u{202e}{}]{0,200}",
        label in "[漢Ä]{1,2}|v1alpha1|v1beta1",
        after in "[ a-d\t日é😀\u{301}\u{202e}{}]{0,200}",
        width in 0_usize..130,
    ) {
        let line = format!("{before} {label} {after}");
        let [text, carets] = shown(&line, &[&label], &[], width);
        let at = text.find(&label);
        prop_assert!(at.is_some(), "{text:?}");
        let wide = |text: &str| text.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>();
        let column = wide(&text[..at.unwrap_or(0)]);
        prop_assert_eq!(carets, " ".repeat(column) + &"^".repeat(wide(&label)));
        prop_assert!(wide(&text) <= width.saturating_sub(4).max(MIN_WIDTH), "{}", text);
    }

    /// Any labels on any text get places that codespan can work with, on the right lines.
    #[test]
    fn display_keeps_labels_within_any_text(
        text in "[ab{}:\"\r\n日\u{301}=-]{0,60}",
        ends in proptest::collection::vec((0_usize..70, 0_usize..70), 1..4),
        secrets in proptest::collection::vec((0_usize..70, 0_usize..70), 0..3),
        width in 0_usize..40,
    ) {
        let spans = |ends: Vec<(usize, usize)>| -> Vec<Span> {
            ends.into_iter().map(|(start, end)| Span::new(start, end)).collect()
        };
        let file = file("f", &text, Vec::new(), spans(secrets));
        let labels = spans(ends);
        let mut excerpts = Excerpts::new(&file);
        let (excerpt, places) = excerpts.excerpt(&labels, &[], width);
        for (label, place) in labels.iter().zip(places) {
            let line = excerpt.line_index((), place.start).unwrap();
            prop_assert_eq!(excerpt.line_index((), place.end).unwrap(), line);
            let number = file.source.position(label.start()).line;
            prop_assert_eq!(excerpt.line_number((), line).unwrap(), number);
            prop_assert!(excerpt.text.is_char_boundary(place.start));
            prop_assert!(excerpt.text.is_char_boundary(place.end));
        }
    }
}
