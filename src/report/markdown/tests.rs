//! Tests the output, and how a parser of GitHub's and GitLab's Markdown reads it.

use comrak::nodes::{AstNode, NodeValue};
use comrak::{Arena, Options, parse_document};
use proptest::prelude::*;

use crate::finding::Severity;
use crate::finding::fix::{Applicability, Fix};
use crate::report::fixture::{file, finding, render, report, skipped, span};
use crate::text::message::{Message, message};
use crate::text::source::Span;

use super::*;

/// Returns options with every extension that a site may have enabled.
fn options() -> Options<'static> {
    let mut options = Options::default();
    let extension = &mut options.extension;
    for switch in [
        &mut extension.strikethrough,
        &mut extension.table,
        &mut extension.autolink,
        &mut extension.tasklist,
        &mut extension.superscript,
        &mut extension.footnotes,
        &mut extension.inline_footnotes,
        &mut extension.description_lists,
        &mut extension.multiline_block_quotes,
        &mut extension.alerts,
        &mut extension.math_dollars,
        &mut extension.math_code,
        &mut extension.wikilinks_title_before_pipe,
        &mut extension.underline,
        &mut extension.spoiler,
        &mut extension.greentext,
        &mut extension.highlight,
        &mut extension.insert,
    ] {
        *switch = true;
    }
    options
}

/// Returns the texts of a part of the tree, which may only contain text, code, and links to our own
/// pages.
fn text_of<'a>(node: &'a AstNode<'a>, url: &str) -> String {
    let mut text = String::new();
    for node in node.descendants().skip(1) {
        match &node.data.borrow().value {
            NodeValue::Text(words) => {
                let may_be_more = |c: char| "@#!$&~%<>[]\\^_*{}=+|`".contains(c);
                assert!(!words.contains(may_be_more), "{words:?}");
                assert!(!words.to_lowercase().contains("www."), "{words:?}");
                assert!(!words.contains("//"), "{words:?}");
                text.push_str(words);
            }
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::Link(link) => assert_eq!(link.url, url),
            NodeValue::Paragraph => {}
            other => panic!("{other:?}"),
        }
    }
    text
}

/// Returns the rows of the table and the items of the list, as the texts of their cells.
fn parsed(markdown: &str) -> (Vec<Vec<String>>, Vec<String>) {
    let url = crate::rule::find("removed-api-version").unwrap().url();
    let arena = Arena::new();
    let root = parse_document(&arena, markdown, &options());
    let (mut rows, mut items) = (Vec::new(), Vec::new());
    for block in root.children() {
        match &block.data.borrow().value {
            NodeValue::Table(_) => {
                for row in block.children() {
                    rows.push(row.children().map(|cell| text_of(cell, &url)).collect());
                }
            }
            NodeValue::List(_) => {
                items.extend(block.children().map(|item| text_of(item, &url)));
            }
            NodeValue::Heading(_) | NodeValue::Paragraph => {
                text_of(block, &url);
            }
            other => panic!("{other:?}"),
        }
    }
    (rows, items)
}

#[test]
fn markdown_writes_a_sample_report() {
    let text = "a\nb: bad\n";
    let mut first = finding(span(text, "a"));
    first.severity = Severity::Warning;
    let mut second = finding(span(text, "bad")).help("left out");
    let value = "<b>x</b> @team, https://x.y and a*b".to_owned();
    second.message = message!("`{}` is {}: ``, `a|b`, `x\\|y`", value.clone(), value);
    second.fix = Some(Box::new(Fix {
        message: Message::default(),
        changes: Vec::new(),
        applicability: Applicability::Safe,
        doubt: None,
        notes: crate::finding::few::Few::default(),
        intent: crate::finding::fix::Intent::default(),
    }));
    let mut report = report(vec![file("d/`|\n.yaml", text, vec![first, second], Vec::new())]);
    report.summary.errors = 1;
    report.summary.warnings = 1;
    (report.summary.files, report.summary.files_with_findings) = (3, 1);
    report.skipped.push(skipped("big `|`", "larger than 256 MiB"));
    report.skipped.push(crate::report::Skipped { notable: false, ..skipped("socket", "no file") });
    let url = crate::rule::find("removed-api-version").unwrap().url();
    let target = report.target.who();
    let written = render(&FORMAT, &report, 80);
    assert_eq!(
        written,
        format!(
            "\
### kubeconfig-lint: found 1 error, 1 warning in 1 of 3 files

For {target}; 1 fixable with --fix.

| severity | rule | place | message |
|---|---|---|---|
| ❌ error | [removed-api-version]({url}) | ``d/`\\|\\n.yaml:2:4`` | `<b>x</b> @team, https://x.y and \
a*b` is `<b>x</b> @team, https://x.y and a*b`: `\"\"`, `a\\|b`, `x\\\\u{{7c}}y` |
| ⚠️ warning | [removed-api-version]({url}) | ``d/`\\|\\n.yaml:1:1`` | it is wrong |

Not checked:

- `` big `|` ``: `larger than 256 MiB`
"
        )
    );
    let (rows, items) = parsed(&written);
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1][2], "d/`|\\n.yaml:2:4");
    assert_eq!(items, ["big `|`: larger than 256 MiB"]);
}

#[test]
fn markdown_clean_run_has_no_table() {
    let mut report = report(Vec::new());
    report.summary.files = 2;
    report.summary.recognized.kubeconfigs = 1;
    (report.summary.fixed, report.summary.files_fixed) = (3, 1);
    assert_eq!(
        render(&FORMAT, &report, 80),
        format!(
            "### kubeconfig-lint: nothing left to report in 2 files (1 kubeconfig)\n\nFor {}; fixed \
             3 findings in 1 file.\n",
            report.target.who()
        )
    );
}

#[test]
fn markdown_cuts_long_reports_worst_first() {
    let of = |severity, message: &str| {
        let mut found = finding(Span::new(0, 1));
        found.severity = severity;
        found.message = message.to_owned().into();
        found
    };
    let mut found = vec![of(Severity::Note, "x"); MAX_ROWS];
    found.push(of(Severity::Error, "y"));
    let written = render(&FORMAT, &report(vec![file("f", "x", found, Vec::new())]), 80);
    assert!(written.ends_with("\n\n… and 1 more\n"), "{written}");
    let (rows, _) = parsed(&written);
    assert_eq!(rows.len(), MAX_ROWS + 1);
    assert_eq!(rows[1][3], "y");

    let found = vec![of(Severity::Error, &"`|".repeat(5_000)); MAX_ROWS];
    let path = "p|".repeat(1_000);
    let mut report = report(vec![file(&path, "x", found, Vec::new())]);
    report.skipped = vec![skipped(&"p".repeat(40_000), "r"); 2];
    let written = render(&FORMAT, &report, 80);
    assert!(written.len() < 65_536, "{}", written.len());
    assert_eq!(written.matches("\n… and ").count(), 2);
    parsed(&written);
}

#[test]
fn markdown_renders_values_as_code() {
    let value = || "a`@b".to_owned();
    let line = inline(&message!("write `{}`{}, not `x`", value(), value()));
    assert_eq!(line, "write ``a`@b`` ``a`@b``, not `x`");
}

proptest! {
    /// Texts rich in what Markdown reads as more than text.
    #[test]
    fn markdown_neutralizes_any_text(
        path in "[a-c \n`|\\\\<>@*_\\[\\]()!:/&;.~$#\\PC]{1,20}",
        message in "([a-c0 \n`|\\\\<>@*_\\[\\]()!:/&;.~$#\"'^{}=+-]|www\\.a\\.b|https://a|```|\\PC){0,30}",
    ) {
        let mut found = finding(Span::new(0, 1));
        found.message = message!("{} is `{}`", message.clone(), message.clone());
        let mut report = report(vec![file(&path, "x", vec![found.clone(), found], Vec::new())]);
        report.summary.files = 1;
        report.skipped.push(skipped(&path, &message));
        let title = report.files[0].linted.findings[0].title().to_string();
        let written = render(&FORMAT, &report, 80);
        let (rows, items) = parsed(&written);
        prop_assert_eq!(rows.len(), 3, "{}", written);
        prop_assert_eq!(items.len(), 1, "{}", written);
        // Nothing is lost except the backticks of code, and blanks at the ends of cells.
        let bare = |text: &str| text.replace(['`', ' '], "").replace("\"\"", "").replace("\\u{7c}", "|");
        for row in &rows[1..] {
            prop_assert_eq!(row.len(), 4, "{}", written);
            prop_assert_eq!(&row[0], "❌ error");
            prop_assert_eq!(bare(&row[2]), bare(&escape::visible(&format!("{path}:1:1"))), "{}", written);
            prop_assert_eq!(bare(&row[3]), bare(&escape::visible(&title)), "{}", written);
        }
    }
}
