//! The format `markdown`: a table for the summary of a job, or for a comment.
//!
//! Nothing in it from a file is more than text: GitHub and GitLab would make links, images,
//! mentions and HTML of it.

use std::io::{self, Write};

use super::{FileReport, Format, Report, Style, escape};
use crate::finding::{Finding, Severity};

pub(super) static FORMAT: Format =
    Format { name: "markdown", help: "A table in Markdown, for job summaries and comments", write };

/// So many findings are shown: GitHub takes a MiB a step, and nobody reads more.
const ROWS: usize = 200;

/// So many characters of a message are shown.
const MOST: usize = 1000;

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let summary = &report.summary;
    let count = |n: usize, what: &str| {
        let plural = if n == 1 { "" } else { "s" };
        format!("{n} {what}{plural}")
    };
    writeln!(out, "### kubeconfig-lint\n")?;
    let findings = report
        .files
        .iter()
        .flat_map(|file| file.findings.iter().map(move |finding| (file, finding)));
    let all = findings.clone().count();
    let files = count(summary.files, "file");
    if summary.fixed > 0 {
        let (fixed, changed) =
            (count(summary.fixed, "finding"), count(summary.files_fixed, "file"));
        writeln!(out, "Fixed {fixed} in {changed}.\n")?;
    }
    if all == 0 {
        return writeln!(out, "Nothing to report in {files}, for kubectl {}.", report.target);
    }
    let of = [(summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note")];
    let of: Vec<_> =
        of.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| count(n, what)).collect();
    writeln!(out, "{} in {files}, for kubectl {}.\n", of.join(", "), report.target)?;
    writeln!(out, "| | rule | place | what |\n|---|---|---|---|")?;
    for (file, finding) in findings.take(ROWS) {
        writeln!(out, "{}", row(file, finding))?;
    }
    if all > ROWS {
        writeln!(out, "\n… and {} more.", all - ROWS)?;
    }
    let fixable = report.files.iter().flat_map(|file| &file.findings);
    let fixable = fixable.filter(|finding| finding.fix.is_some()).count();
    if fixable > 0 {
        writeln!(
            out,
            "\n{} can be fixed: `kubeconfig-lint --fix`, or `--fix --unsafe-fixes`.",
            count(fixable, "finding")
        )?;
    }
    Ok(())
}

fn row(file: &FileReport, finding: &Finding) -> String {
    let place = file.source.position(finding.primary.span.start);
    let sign = match finding.severity {
        Severity::Error => "❌ error",
        Severity::Warning => "⚠️ warning",
        Severity::Note => "ℹ️ note",
    };
    let place = format!("{}:{}:{}", file.path, place.line, place.column);
    let mut message: String = finding.full_message().chars().take(MOST).collect();
    if finding.full_message().chars().count() > MOST {
        message.push('…');
    }
    format!(
        "| {sign} | [{}]({}) | {} | {} |",
        finding.rule.name,
        finding.rule.url(),
        code(&place),
        prose(&message)
    )
}

/// A text as code in a cell. In a tag every character can be an entity; between backticks a
/// backslash before a bar could end the cell.
fn code(text: &str) -> String {
    format!("<code>{}</code>", plain(&escape::visible(text)))
}

/// A text in a cell, of which only what stands between backticks is marked up, as code.
fn prose(text: &str) -> String {
    let text = escape::visible_lines(text).join(" ");
    let mut parts = text.split('`');
    let mut out = plain(parts.next().unwrap_or(""));
    while let Some(inside) = parts.next() {
        match parts.next() {
            Some(after) => {
                out.push_str(&code(inside));
                out.push_str(&plain(after));
            }
            None => {
                out.push_str("&#96;");
                out.push_str(&plain(inside));
            }
        }
    }
    out
}

/// Text in which nothing is Markdown, HTML, a mention or a link.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // As entities these are text to every reader of Markdown. `:` and `.` would make links.
        let is_safe =
            c.is_alphanumeric() || matches!(c, ' ' | ',' | ';' | '…' | '\'' | '(' | ')' | '%');
        if is_safe || !c.is_ascii() {
            out.push(c);
        } else {
            out.push_str(&format!("&#{};", u32::from(c)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{file, finding, render, report, span};

    #[test]
    fn findings_are_rows_of_a_table() {
        let text = "a\nbad\n";
        let found = || {
            let mut found = finding(span(text, "bad")).help("write `a|b`");
            found.message = "`x` is <b>wrong</b>, says @user".to_owned();
            found
        };
        let mut report = report(vec![file("d/f|`g`.yaml", text, vec![found()], Vec::new())]);
        report.summary.errors = 1;
        report.summary.files = 3;
        let written = render(&FORMAT, &report, 80);
        let rows: Vec<&str> = written.lines().collect();
        assert_eq!(rows[0], "### kubeconfig-lint");
        assert_eq!(rows[2], format!("1 error in 3 files, for kubectl {}.", report.target));
        assert!(rows[6].starts_with("| ❌ error | [removed-api-version](https://"), "{written}");
        let cells = "| <code>d&#47;f&#124;&#96;g&#96;&#46;yaml&#58;2&#58;1</code> | <code>x</code> is \
                     &#60;b&#62;wrong&#60;&#47;b&#62;, says &#64;user&#46; Write \
                     <code>a&#124;b</code>&#46; |";
        assert!(rows[6].ends_with(cells), "{written}");
        report.files = vec![file("f", text, (0..300).map(|_| found()).collect(), Vec::new())];
        assert!(render(&FORMAT, &report, 80).contains("\n… and 100 more.\n"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_code_is_marked_up(text in "[`|@<>\\[\\]()!#*_~:/.\\PC\n\u{1b}]{0,40}") {
            let written = prose(&text).replace("<code>", "").replace("</code>", "");
            let is_marked = |c: char| c.is_ascii_punctuation() && !"&#;,'()%".contains(c);
            proptest::prop_assert!(!written.contains(is_marked), "{}", written);
        }
    }
}
