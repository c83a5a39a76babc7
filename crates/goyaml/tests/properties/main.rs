//! Properties of any input: no panic, spans in bounds and in order, balanced events, values that
//! their segments cover, and linear time.

#![allow(clippy::unwrap_used)]

mod body;

use std::time::{Duration, Instant};

use goyaml::Parser;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn parser_accepts_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        body::holds(&bytes);
    }

    #[test]
    fn parser_accepts_any_indicators(text in "[-?:,\\[\\]{}#&*!|>'\"%@`ab1 \\n\\r\\t\\\\\u{feff}\u{85}\u{2028}é😀]{0,60}") {
        body::holds(text.as_bytes());
    }

    /// Lines that are mostly valid get further than random characters.
    #[test]
    fn parser_accepts_any_lines_of_yaml(lines in proptest::collection::vec((0..4usize, 0..LINES.len()), 0..12)) {
        let text = lines.iter().map(|(indent, line)| {
            format!("{}{}\n", "  ".repeat(*indent), LINES[*line])
        });
        body::holds(text.collect::<String>().as_bytes());
    }
}

const LINES: [&str; 32] = [
    "a: b",
    "- c",
    "-",
    "- - d",
    "? e",
    ": f",
    "g:",
    "h: |",
    "i: >-",
    "- |2+",
    "plain text",
    "",
    "'j': \"k\"",
    "\"l\\",
    "m\": n",
    "'o",
    "p'': q'",
    "r: [s, t: u, ",
    "v]",
    "{w: x, ? y",
    "}",
    "&z !!str 1",
    "*z : *z",
    "<<: *z",
    "!<tag:a> b",
    "---",
    "...",
    "%YAML 1.1",
    "%TAG !e! tag:e",
    "# comment",
    "\t",
    "\\x41\\",
];

/// Texts that have made other parsers quadratic.
const SHAPES: [&str; 30] = [
    "[",
    "[a, ",
    "{a: ",
    "- ",
    "? ",
    "a: b\n",
    "a:\n",
    "[]: ",
    "[[]]: ",
    "a ",
    "a\n",
    "a\n\n ",
    "'a\n",
    "\"\\\n",
    "\"\\x41",
    "\" \n",
    "|\n \n",
    "| \n a\n",
    ">\n a\n\n",
    "\n",
    " \n",
    "#\n",
    "# ",
    "&a ",
    "!a ",
    "*a\n",
    "---\n",
    "...\n",
    "%TAG !a! b\n",
    "\u{85}",
];

#[test]
fn parser_takes_linear_time() {
    for shape in SHAPES {
        for (start, end) in
            [("", ""), ("a: \"", "\""), ("a: '", "'"), ("a: |\n ", "\n"), ("[", "]")]
        {
            let text = format!("{start}{}{end}", shape.repeat(200_000 / shape.len()));
            let begin = Instant::now();
            let events = Parser::new(&text).count();
            let took = begin.elapsed();
            // Ten times what the slowest takes on a slow machine without optimization.
            let most = Duration::from_secs(5);
            assert!(took < most, "{start}{shape:?}…: {events} events took {took:?}");
        }
    }
}
