//! The modules of tests in a Rust source: `#[cfg(test)] mod tests { … }`.

use crate::text::source::{Span, lines};

/// Returns the modules of tests. Each ends with the first brace that is indented like its attribute,
/// as rustfmt writes it.
pub(super) fn of_rust(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let indent = |line: &str| line.len() - line.trim_start().len();
    // The attribute, and whether its module has begun.
    let mut open: Option<(usize, usize, bool)> = None;
    for (start, line) in lines(text) {
        let content = line.trim();
        open = match open {
            None if content == "#[cfg(test)]" => Some((start, indent(line), false)),
            None => None,
            Some((at, depth, false)) => {
                let is_module = content.ends_with('{') && content.split(' ').any(|w| w == "mod");
                (is_module || content.starts_with("#[")).then_some((at, depth, is_module))
            }
            Some((at, depth, true)) if content == "}" && indent(line) == depth => {
                found.push(Span::new(at, start + line.len()));
                None
            }
            open => open,
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_modules_end_with_their_brace() {
        let text = "a\n#[cfg(test)]\n#[allow(x)]\npub mod t {\n    b {\n    }\n}\nc\n\
                    #[cfg(test)]\nuse d;\n#[cfg(test)]\nmod e;\nmod f {\n}\n\
                    #[cfg(test)]\nmod open {\n    g\n";
        let found = of_rust(text).into_iter().map(|span| &text[span.range()]);
        let expected = ["#[cfg(test)]\n#[allow(x)]\npub mod t {\n    b {\n    }\n}\n"];
        assert_eq!(found.collect::<Vec<_>>(), expected);
    }
}
