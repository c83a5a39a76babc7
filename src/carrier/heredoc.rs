//! Heredocs of shells, Dockerfiles, workflows and Ruby: `<<EOF`, `<<-'EOF'`, `<<~YAML`. Also strings
//! of several lines in source code that hold an auth provider: nothing else in them is recognized by
//! the words around it.

use std::collections::HashMap;

use crate::language::Language;
use crate::syntax::layout;
use crate::text::source::{Span, lines};

use super::heuristics::names_auth_provider;
use super::input::Input;
use super::{Carrier, Embedded, Reading};

pub(super) static CARRIER: Carrier = Carrier::new("heredoc", read);

fn read<'a>(input: &'a Input<'_>) -> Reading<'a> {
    let text = input.source.text();
    let language = input.context.language;
    let has_provider = names_auth_provider(text);
    if !matches!(language, Language::Data | Language::Code)
        || !(has_provider || input.unexplained().next().is_some())
    {
        return Reading::default();
    }
    let bodies = if text.contains("<<") { bodies(text) } else { Vec::new() };
    let has_strings = has_provider && language == Language::Code;
    let strings = if has_strings { strings(text) } else { Vec::new() };
    let holds_provider =
        |body: &Span| has_provider && names_auth_provider(text.get(body.range()).unwrap_or(""));
    let holds_one =
        |body: &Span| holds_provider(body) || input.unexplained_in(*body).next().is_some();
    let strings = strings.into_iter().filter(holds_provider);
    let texts = bodies.into_iter().filter(holds_one).chain(strings).map(|body| {
        let indent = layout::common_indent(text.get(body.range()).unwrap_or(""));
        Embedded::new(layout::lines(text, body, indent))
    });
    Reading { texts: texts.collect(), ..Reading::default() }
}

/// The marks around strings of several lines in Python, Go, JavaScript, Kotlin, Scala and others.
const QUOTES: [&str; 3] = ["`", "\"\"\"", "'''"];

/// Returns the strings of several lines in source code.
fn strings(text: &str) -> Vec<Span> {
    let mut strings = Vec::new();
    let mut at = 0;
    let rest = |at: usize| text.get(at..).unwrap_or("");
    while let Some(found) = rest(at).find(['`', '"', '\'']) {
        at += found;
        let Some(quote) = QUOTES.into_iter().find(|quote| rest(at).starts_with(quote)) else {
            at += 1;
            continue;
        };
        let start = at + quote.len();
        // What is not closed is no string, and the rest has no more of them.
        let Some(length) = rest(start).find(quote) else { break };
        at = start + length + quote.len();
        if rest(start).get(..length).is_some_and(|body| body.contains('\n')) {
            strings.push(Span::new(start, start + length));
        }
    }
    strings
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

    #[test]
    fn strings_have_several_lines() {
        let text = "a = 'x' \"y\" `one`\nb = `\nc: '''d'''\n` + \"\"\"e\nf\"\"\"; g = '''open\n";
        let strings = strings(text).into_iter().map(|string| &text[string.range()]);
        assert_eq!(strings.collect::<Vec<_>>(), ["\nc: '''d'''\n", "e\nf"]);
    }
}
