//! Documentation: the examples in Markdown, reStructuredText, AsciiDoc, HTML, Org and LaTeX, whatever
//! language their tag declares.

use crate::language::{self, Language, Markup};
use crate::role::Role;
use crate::syntax::{html, layout};
use crate::text::offsets::Mapped;
use crate::text::source::{Span, lines};

use super::heuristics::names_auth_provider;
use super::input::Input;
use super::{Carrier, Embedded, Reading};

pub(super) static CARRIER: Carrier = Carrier::new("documentation", read);

fn read<'a>(input: &'a Input<'_>) -> Reading<'a> {
    let Language::Documentation(markup) = input.context.language else {
        return Reading::default();
    };
    let text = input.source.text();
    let mut examples = match markup {
        Markup::Markdown => fenced(text),
        Markup::AsciiDoc => delimited(text),
        Markup::Blocks => blocks(text),
        Markup::Rst | Markup::Html => Vec::new(),
    };
    if matches!(markup, Markup::Markdown | Markup::Html) {
        let example = |span| Example::new(html::text(text, span), span);
        examples.extend(html::preformatted(text).into_iter().map(example));
    }
    if markup == Markup::Html {
        let span = Span::new(0, text.len());
        examples.push(Example::new(html::text(text, span), span));
    } else {
        examples.extend(indented(text, if markup == Markup::Markdown { 4 } else { 1 }));
    }
    let has_provider = names_auth_provider(text);
    let holds_one = |example: &Example| {
        input.unexplained_in(example.span).next().is_some()
            || (has_provider && names_auth_provider(&example.content.text))
    };
    let texts = examples.into_iter().filter(holds_one).map(|example| {
        let is_hidden = input.comments().is_in_block(example.span.start());
        let role = if is_hidden { Role::Comment } else { Role::Documentation };
        Embedded { role, language: example.language, ..Embedded::new(example.content) }
    });
    Reading { texts: texts.collect(), ..Reading::default() }
}

struct Example {
    content: Mapped,
    language: Language,
    /// From its first to its last byte, including marks in between.
    span: Span,
}

impl Example {
    /// Creates an example in an unknown language.
    fn new(content: Mapped, span: Span) -> Self {
        Self { content, language: Language::Data, span }
    }
}

/// Returns the length of the quote marks (`> `) at the start of a line.
fn quote_marks(line: &str) -> usize {
    let mut rest = line.trim_start_matches('\u{feff}');
    while let Some(inner) = rest.trim_start_matches(' ').strip_prefix('>') {
        rest = inner.strip_prefix(' ').unwrap_or(inner);
    }
    line.len() - rest.len()
}

/// Returns Markdown's fenced code blocks, including those in quotes and lists.
fn fenced(text: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut open: Option<(char, usize, usize, Example)> = None;
    for (start, line) in lines(text) {
        let quoted = quote_marks(line);
        let rest = line.get(quoted..).unwrap_or("");
        // A fence may begin a list item.
        let indent = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let content = rest.trim();
        match open.as_mut() {
            None => {
                let item = content.trim_start_matches(|c: char| {
                    c.is_ascii_digit() || matches!(c, '-' | '*' | '+' | '.' | ')' | ' ')
                });
                let Some((mark, length)) = fence(item) else { continue };
                let tag = item.trim_start_matches(mark).trim().trim_start_matches('{');
                if tag.contains('`') {
                    continue;
                }
                let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '#' | '+');
                let tag = tag.trim_start_matches('.');
                let tag = tag.get(..tag.find(|c| !is_word(c)).unwrap_or(tag.len())).unwrap_or("");
                let language = language::of_tag(&tag.to_ascii_lowercase());
                let indent = indent + content.len() - item.len();
                let span = Span::at(start + line.len());
                let example = Example { language, ..Example::new(Mapped::default(), span) };
                open = Some((mark, length, indent, example));
            }
            Some((mark, length, indent, example)) => {
                let is_closing = |(other, long): &(char, usize)| other == mark && long >= length;
                let is_end = fence(content).as_ref().is_some_and(is_closing)
                    && content.chars().all(|c| c == *mark);
                if is_end {
                    examples.extend(open.take().map(|(.., example)| example));
                    continue;
                }
                let blanks = rest.bytes().take(*indent).take_while(|b| matches!(b, b' ' | b'\t'));
                let from = start + quoted + blanks.count();
                example.span = Span::new(example.span.start(), start + line.len());
                example.content.keep(text, Span::new(from, start + line.len()));
            }
        }
    }
    examples.extend(open.map(|(.., example)| example));
    examples
}

/// Returns the mark and the length of the fence that a line begins with.
fn fence(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    (length >= 3).then_some((mark, length))
}

/// Returns AsciiDoc's delimited blocks: between lines of `----`, `....`, or fences.
fn delimited(text: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut open: Option<(&str, Span)> = None;
    for (start, line) in lines(text) {
        let content = line.trim_end();
        let is_made_of = |mark: char| content.trim_matches(mark).is_empty();
        let is_delimiter = content == "--"
            || (content.len() >= 4 && ['-', '.', '+', '='].into_iter().any(is_made_of))
            || content.starts_with("```");
        match open {
            Some((mark, span)) if content == mark || (mark == "```" && content == "```") => {
                let span = Span::new(span.start(), start);
                examples.push(Example::new(plain(text, span), span));
                open = None;
            }
            None if is_delimiter => {
                let mark = if content.starts_with("```") { "```" } else { content };
                open = Some((mark, Span::at(start + line.len())));
            }
            _ => {}
        }
    }
    examples
}

/// Returns the blocks of Org (`#+BEGIN_SRC yaml`, `#+END_SRC`) and of LaTeX (`\begin{verbatim}`,
/// `\end{verbatim}`).
fn blocks(text: &str) -> Vec<Example> {
    const VERBATIM: [&str; 5] = ["verbatim", "lstlisting", "minted", "alltt", "code"];
    let mut examples = Vec::new();
    let mut open: Option<Span> = None;
    for (start, line) in lines(text) {
        let line_end = Span::at(start + line.len());
        let content = line.trim_start().to_ascii_lowercase();
        let is_latex = |command: &str| {
            let name = content.strip_prefix(command);
            name.is_some_and(|name| VERBATIM.into_iter().any(|verbatim| name.starts_with(verbatim)))
        };
        match open {
            None if content.starts_with("#+begin_") || is_latex("\\begin{") => {
                open = Some(line_end)
            }
            Some(begin) if content.starts_with("#+end_") || is_latex("\\end{") => {
                let span = Span::new(begin.start(), start);
                let indent = layout::common_indent(text.get(span.range()).unwrap_or(""));
                examples.push(Example::new(layout::lines(text, span, indent), span));
                open = None;
            }
            _ => {}
        }
    }
    examples
}

/// Returns the lines without the callouts (`<1>`) at their ends.
fn plain(text: &str, span: Span) -> Mapped {
    let mut content = Mapped::default();
    for (start, line) in lines(text.get(span.range()).unwrap_or("")) {
        let start = span.start() + start;
        let end = without_callouts(line).len();
        let line_end = line.trim_end_matches(['\n', '\r']).len();
        content.keep(text, Span::new(start, start + end));
        content.keep(text, Span::new(start + line_end, start + line.len()));
    }
    content
}

/// Splits a callout at the end into the text before it and its number.
fn callout(rest: &str) -> Option<(&str, &str)> {
    rest.strip_suffix('>')?.rsplit_once('<')
}

fn without_callouts(line: &str) -> &str {
    let mut rest = line.trim_end();
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    while let Some((before, number)) = callout(rest) {
        if number.is_empty() || !number.chars().all(is_number) {
            break;
        }
        rest = before.trim_end();
    }
    let has_none = rest.len() == line.trim_end().len();
    if has_none { line.trim_end_matches(['\n', '\r']) } else { rest }
}

/// Returns blocks of lines that are indented by at least `least` blanks, or by a tab.
fn indented(text: &str, least: usize) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut open: Option<Span> = None;
    let end = |open: Option<Span>, examples: &mut Vec<Example>| {
        examples.extend(open.map(|span| {
            let body = text.get(span.range()).unwrap_or("");
            let indent = layout::common_indent(body);
            let content = layout::lines(text, span, indent);
            Example::new(content, span)
        }));
    };
    for (start, line) in lines(text) {
        let is_blank = line.trim().is_empty();
        let blanks = line.bytes().take_while(|b| *b == b' ').count();
        let is_indented = blanks >= least || line.starts_with('\t');
        match &mut open {
            Some(span) if is_indented => *span = Span::new(span.start(), start + line.len()),
            Some(_) if is_blank => {}
            None if is_indented && !is_blank => open = Some(Span::new(start, start + line.len())),
            Some(_) => end(open.take(), &mut examples),
            None => {}
        }
    }
    end(open, &mut examples);
    examples
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(examples: Vec<Example>) -> Vec<String> {
        examples.into_iter().map(|example| example.content.text).collect()
    }

    #[test]
    fn fenced_finds_blocks_in_lists_and_quotes() {
        let text = concat!(
            "a\n```yaml\nb: c\n```\n> ~~~\n> d\n> ~~~\n1. ```\n   e\n   ```\n",
            "````md\n```\nf\n```\n````\n``` g ```\nh\n```\nopen\n",
        );
        let expected = ["b: c\n", "d\n", "e\n", "```\nf\n```\n", "open\n"];
        assert_eq!(contents(fenced(text)), expected);
        let tag = |text: &str| fenced(text)[0].language;
        assert_eq!(tag("```hcl\n```\n"), Language::Hcl);
        assert_eq!(tag("```{.go .numberLines}\n```\n"), Language::Code);
        assert_eq!(tag("~~~ yaml title=x\n~~~\n"), Language::Data);
    }

    #[test]
    fn delimited_and_indented_find_blocks() {
        let text = "== T\n[source,yaml]\n----\na: b\n----\ntext\n....\nc\n....\n";
        assert_eq!(contents(delimited(text)), ["a: b\n", "c\n"]);
        let text = "#+BEGIN_SRC yaml\n  a: b\n  #+END_SRC\n\\begin{center}\nx\n\\begin{minted}{yaml}\nc\n\\end{minted}\n";
        assert_eq!(contents(blocks(text)), ["a: b\n", "c\n"]);
        let text = "T::\n\n   a: b\n\n     c\n\nText\n\tx\n";
        assert_eq!(contents(indented(text, 1)), ["a: b\n\n  c\n", "x\n"]);
    }

    proptest::proptest! {
        #[test]
        fn example_spans_lie_within_any_text(text in "[`~> \t\n1.a\\-<pré/=]{0,60}") {
            let examples = [fenced(&text), delimited(&text), blocks(&text), indented(&text, 1)];
            for example in examples.into_iter().flatten() {
                proptest::prop_assert_eq!(example.content.map.len(), example.content.text.len());
                proptest::prop_assert!(text.get(example.span.range()).is_some());
            }
        }
    }
}
