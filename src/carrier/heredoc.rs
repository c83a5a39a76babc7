//! Heredocs of shells, Dockerfiles, workflows and Ruby: `<<EOF`, `<<-'EOF'`, `<<~YAML`.

use super::{Carrier, Embedded, Input, Reading};
use crate::language::Language;
use crate::source::{Span, lines};
use crate::syntax::written;

pub(super) static CARRIER: Carrier = Carrier { name: "heredoc", read };

fn read(input: &Input<'_>) -> Reading {
    let text = input.source.text();
    let is_of_scripts = matches!(input.context.language, Language::Data | Language::Code);
    if !is_of_scripts || !text.contains("<<") || input.unexplained().next().is_none() {
        return Reading::default();
    }
    let bodies = bodies(text).into_iter();
    let holds_one = |body: &Span| input.unexplained_in(*body).next().is_some();
    let texts = bodies.filter(holds_one).map(|body| {
        let indent = written::common_indent(text.get(body.range()).unwrap_or(""));
        Embedded::new(written::lines(text, body, indent))
    });
    Reading { texts: texts.collect(), ..Reading::default() }
}

/// The bodies of all heredocs, those within others left out.
fn bodies(text: &str) -> Vec<Span> {
    let mut bodies = Vec::new();
    // The word that ends what is open, and where its body begins.
    let mut open: Option<(&str, usize)> = None;
    for (start, line) in lines(text) {
        match open {
            None => open = word(line).map(|word| (word, start + line.len())),
            Some((word, from)) if is_end(line, word) => {
                bodies.push(Span::new(from, start));
                open = None;
            }
            Some(_) => {}
        }
    }
    bodies
}

/// The word behind the first `<<` of a line.
fn word(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("<<")?;
    let rest = rest.strip_prefix(['-', '~']).unwrap_or(rest);
    let rest = rest.trim_start_matches([' ', '\t', '\\', '"', '\'']);
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let word = rest.get(..rest.find(|c| !is_word(c)).unwrap_or(rest.len()))?;
    // `1 << 2` is no heredoc, nor is `<<: *anchor`.
    word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some(word)
}

/// Whether the line ends a heredoc; where it is within quotes, they may end there too.
fn is_end(line: &str, word: &str) -> bool {
    let rest = line.trim().strip_prefix(word);
    rest.is_some_and(|rest| rest.chars().all(|c| matches!(c, '\'' | '"' | ')' | ';' | '`')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_end_at_their_word() {
        let text = "cat > f <<EOF\na: b\nEOF\ncat <<-'X Y'\nno\ncat <<\"END\" | sh\n\tc\n\tEND\n1 << 2\n<<~RB.strip\nd\n  RB\ncat <<E\nopen\n";
        let bodies = bodies(text).into_iter().map(|body| &text[body.range()]);
        assert_eq!(bodies.collect::<Vec<_>>(), ["a: b\n"]);
        let text = "cat <<\"END\" | sh\n\tc\n\tEND\n1 << 2\n<<~RB.strip\nd\n  RB\ncat <<E\nopen\n";
        let bodies = super::bodies(text).into_iter().map(|body| &text[body.range()]);
        assert_eq!(bodies.collect::<Vec<_>>(), ["\tc\n", "d\n"]);
    }
}
