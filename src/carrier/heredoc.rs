//! Heredocs of shells, Dockerfiles, workflows and Ruby: `<<EOF`, `<<-'EOF'`, `<<~YAML`.

use std::collections::HashMap;

use crate::language::Language;
use crate::syntax::layout;
use crate::text::source::{Span, lines};

use super::input::Input;
use super::{Carrier, Embedded, Reading};

pub(super) static CARRIER: Carrier = Carrier::new("heredoc", read);

fn read(input: &Input<'_>) -> Reading {
    let text = input.source.text();
    let is_of_scripts = matches!(input.context.language, Language::Data | Language::Code);
    if !is_of_scripts || !text.contains("<<") || input.unexplained().next().is_none() {
        return Reading::default();
    }
    let bodies = bodies(text).into_iter();
    let holds_one = |body: &Span| input.unexplained_in(*body).next().is_some();
    let texts = bodies.filter(holds_one).map(|body| {
        let indent = layout::common_indent(text.get(body.range()).unwrap_or(""));
        Embedded::new(layout::lines(text, body, indent))
    });
    Reading { texts: texts.collect(), ..Reading::default() }
}

/// Returns the bodies of all heredocs, except those nested in others.
fn bodies(text: &str) -> Vec<Span> {
    let ends = ends(text);
    let mut bodies = Vec::new();
    // The word that ends the open heredoc, and the start of its body.
    let mut open: Option<(&str, usize)> = None;
    for (start, line) in lines(text) {
        match open {
            // An unclosed `<<` is not a heredoc, and must not swallow later ones.
            None => {
                let at = start + line.len();
                let is_ended = |word: &&str| ends.get(word).is_some_and(|end| *end >= at);
                open = words(line).find(is_ended).map(|word| (word, at));
            }
            Some((word, from)) if end_word(line) == Some(word) => {
                bodies.push(Span::new(from, start));
                open = None;
            }
            Some(_) => {}
        }
    }
    bodies
}

/// Returns the words that are alone on a line, each with the start of the last such line.
fn ends(text: &str) -> HashMap<&str, usize> {
    let mut ends = HashMap::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        ends.extend(end_word(line).map(|word| (word, at)));
        at += line.len();
    }
    ends
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Returns the words after each `<<` of a line.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split("<<").skip(1).filter_map(|rest| {
        let rest = rest.strip_prefix(['-', '~']).unwrap_or(rest);
        let rest = rest.trim_start_matches([' ', '\t', '\\', '"', '\'']);
        let word = rest.get(..rest.find(|c| !is_word(c)).unwrap_or(rest.len()))?;
        // `1 << 2` is not a heredoc, nor is `<<: *anchor`.
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some(word)
    })
}

/// Returns the word with which a line ends a heredoc, if it does. A quoted heredoc may end with its
/// quotes.
fn end_word(line: &str) -> Option<&str> {
    let word = line.trim().trim_end_matches(['\'', '"', ')', ';', '`']);
    (!word.is_empty() && word.chars().all(is_word)).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heredoc_bodies_end_at_their_word() {
        for (text, expected) in [
            ("cat > f <<EOF\na: b\nEOF\nc\n", &["a: b\n"][..]),
            ("cat <<\"END\" | sh\n\tc\n\tEND\n1 << 2\n<<~RB.strip\nd\n  RB\n", &["\tc\n", "d\n"]),
            ("sh -c 'cat <<E\na\nE'\n", &["a\n"]),
            ("cat <<E\nopen\n", &[]),
            // An unclosed `<<` is not a heredoc, whatever follows it.
            ("cat <<-'X Y'\nno\ncat <<E\na\nE\n", &["a\n"]),
            ("x << y; cat <<E\na\nE\n", &["a\n"]),
            ("E\ncat <<E\nb\n", &[]),
        ] {
            let bodies = bodies(text).into_iter().map(|body| &text[body.range()]);
            assert_eq!(bodies.collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
