//! `--explain`: writes the documentation of a rule, as Markdown or for a terminal.

use std::io::{self, Write};

use crate::cli::{ERROR_MESSAGES, Explained};
use crate::finding::rule::Rule;
use crate::report::Style;
use crate::report::wrap::wrapped;

/// The indentation of code, in columns.
const INDENT: &str = "    ";

/// Writes the documentation of a rule, or the list of the rules about a message: for people if the
/// style wraps lines, otherwise as Markdown.
///
/// # Errors
///
/// Fails if `out` cannot be written.
pub(super) fn write(explained: &Explained, style: Style, out: &mut impl Write) -> io::Result<()> {
    let page = match explained {
        Explained::Rule(rule) => page(rule),
        Explained::Message(rules) => {
            let item = |rule: &&Rule| format!("- {}: {}\n", rule.name, rule.summary);
            let rules: String = rules.iter().map(item).collect();
            format!(
                "Rules about this message:\n\n{rules}\n`--explain RULE` prints a page. \
                 `kubeconfig-lint doctor` says what causes it here. {ERROR_MESSAGES}\n"
            )
        }
    };
    out.write_all(if style.wraps { for_people(&page, style) } else { page }.as_bytes())
}

/// Returns the documentation of a rule as Markdown.
fn page(rule: &Rule) -> String {
    let heading = format!("# {} ({})", rule.name, rule.severity.as_str());
    let origin = format!("Since {}. {}", rule.since, rule.url());
    format!("{heading}\n\n{}\n\n{origin}\n", rule.markdown())
}

/// Returns Markdown as text for a terminal: sentences and output wrapped, code indented, headings
/// bold. Knows only what the documentation of rules contains: headings, paragraphs, lists and
/// fenced code.
fn for_people(markdown: &str, style: Style) -> String {
    let mut shown = String::new();
    let mut sentence = String::new();
    let (mut is_code, mut is_output) = (false, false);
    for line in markdown.lines() {
        let is_fence = line.starts_with("```");
        let heading = line.trim_start_matches('#');
        let is_heading = !is_code && heading.len() < line.len();
        let is_item = line.starts_with("- ");
        if is_code || is_fence || is_heading || is_item || line.is_empty() {
            push_wrapped(&mut shown, &std::mem::take(&mut sentence), style.width);
        }
        if is_fence {
            is_code = !is_code;
            // What programs print is not copied.
            is_output = line == "```text";
        } else if is_output && !line.is_empty() {
            let room = style.width.saturating_sub(INDENT.len());
            for (number, part) in
                wrapped(line, room, room.saturating_sub(INDENT.len())).iter().enumerate()
            {
                let hanging = if number == 0 { "" } else { INDENT };
                shown.push_str(&format!("{INDENT}{hanging}{part}\n"));
            }
        } else if is_code && !line.is_empty() {
            shown.push_str(&format!("{INDENT}{line}\n"));
        } else if is_heading && style.color {
            shown.push_str(&format!("\x1b[1m{}\x1b[0m\n", heading.trim_start()));
        } else if is_heading {
            shown.push_str(&format!("{}\n", heading.trim_start()));
        } else if line.is_empty() {
            shown.push('\n');
        } else {
            let blank = if sentence.is_empty() { "" } else { " " };
            sentence.push_str(&format!("{blank}{}", line.trim()));
        }
    }
    push_wrapped(&mut shown, &sentence, style.width);
    shown
}

/// Appends a paragraph or an item of a list.
fn push_wrapped(shown: &mut String, sentence: &str, width: usize) {
    let indent = if sentence.starts_with("- ") { "  " } else { "" };
    for (number, line) in wrapped(sentence, width, width - indent.len()).iter().enumerate() {
        let indent = if number == 0 { "" } else { indent };
        shown.push_str(&format!("{indent}{line}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RULES;

    #[test]
    fn for_people_wraps_sentences_and_keeps_code() {
        let output = "```text\none two three\n```\n";
        let style = Style { color: false, links: false, width: 16, wraps: true };
        assert_eq!(for_people(output, style), "    one two\n        three\n");
        let markdown = "# Title\n\nOne two\nthree `f o u r` five.\n\n- an item\n  of two lines\n- b\n\n```sh\n# no  heading\n\nx\n```\n";
        let style = Style { color: false, links: false, width: 12, wraps: true };
        let expected = "Title\n\nOne two\nthree\n`f o u r`\nfive.\n\n- an item of\n  two lines\n- b\n\n    # no  heading\n\n    x\n";
        assert_eq!(for_people(markdown, style), expected);
        let colored = for_people(markdown, Style { color: true, ..style });
        assert_eq!(colored, expected.replace("Title", "\x1b[1mTitle\x1b[0m"));
    }

    #[test]
    fn for_people_fits_the_terminal_and_shows_no_markup() {
        let style = Style { color: false, links: false, width: 80, wraps: true };
        for rule in RULES.iter() {
            let shown = for_people(&rule.markdown(), style);
            for line in shown.lines().filter(|line| !line.starts_with(INDENT)) {
                let is_fit = line.chars().count() <= 80 || !line.contains(' ');
                assert!(is_fit, "{}: {line}", rule.name);
                assert!(!line.starts_with(['#', '|', '>']) && !line.contains("]("), "{line}");
            }
        }
    }
}
