//! HTML: its text without tags, with entities decoded.

use kubeconfig_lint::Span;
use kubeconfig_lint::internals::{Mapped, html_text, preformatted};

use super::choices::{Choices, is_structured, text_of};
use super::maps;

const PIECES: &[&str] = &[
    "<pre>",
    "</pre>",
    "<pre class='x'>",
    "<preview>",
    "<a href=\"y\">",
    "</a>",
    "<",
    ">",
    "&",
    ";",
    "&lt;",
    "&amp;",
    "&#10;",
    "&quot;",
    "text ",
    "é",
    "\n",
    "&nbsp",
    "<pre",
    "<<EOF\n",
    "<token>",
];

/// Reads the bytes as HTML.
pub fn holds(bytes: &[u8]) {
    check(bytes, html_text);
}

/// Checks what extracts the text.
pub fn check(bytes: &[u8], text_in: impl Fn(&str, Span) -> Mapped) {
    if is_structured(bytes) && Choices::new(bytes).one_in(2) {
        return check_generated(&mut Choices::new(&bytes[1..]), text_in);
    }
    let html = text_of(bytes, PIECES);
    let mut last = 0;
    for span in preformatted(&html) {
        assert!(last <= span.start() && html.get(span.range()).is_some(), "{span:?}");
        last = span.end();
    }
    for span in preformatted(&html).into_iter().chain([Span::new(0, html.len())]) {
        let mapped = text_in(&html, span);
        maps::leads_back(&mapped.map, &mapped.text, &html);
        let all = mapped.map.outer(Span::new(0, mapped.text.len()));
        assert!(mapped.text.is_empty() || span.contains(all), "{all:?} is not in {span:?}");
    }
}

/// Checks HTML of a known text: each of its characters must lead back to where it was written.
fn check_generated(choices: &mut Choices<'_>, text_in: impl Fn(&str, Span) -> Mapped) {
    const CHARACTERS: &[(&str, &str)] = &[
        ("a", "a"),
        ("é", "é"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
        ("\n", "\n"),
        (": ", ": "),
        ("&#xA;", "\n"),
        ("<b>", ""),
        ("</b>", ""),
        ("<a href='y'>", ""),
    ];
    let mut html = "<p>before</p>\n<pre class=\"x\">".to_owned();
    let (mut text, mut places) = (String::new(), Vec::new());
    while !choices.is_done() {
        let (written, read) = choices.pick(CHARACTERS);
        for (at, c) in read.char_indices() {
            let (from, to) =
                if written == read { (at, at + c.len_utf8()) } else { (0, written.len()) };
            places.push((text.len() + at, c.len_utf8(), html.len() + from..html.len() + to));
        }
        html.push_str(written);
        text.push_str(read);
    }
    html.push_str("</pre>\nafter");
    let [span] = preformatted(&html)[..] else { panic!("one <pre>: {html}") };
    let mapped = text_in(&html, span);
    assert_eq!(mapped.text, text, "{html}");
    for (at, length, place) in places {
        assert_eq!(
            mapped.map.outer(Span::new(at, at + length)).range(),
            place,
            "byte {at} of {html}"
        );
    }
}
