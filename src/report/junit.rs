//! The format `junit`: JUnit's XML, which Jenkins, Azure Pipelines, CircleCI and others read.
//!
//! Source: the XML schema of Jenkins' xUnit plugin (`junit-10.xsd`).

use std::io::{self, Write};

use super::{FileReport, Format, Report, Style, escape};
use crate::finding::Finding;

pub(super) static FORMAT: Format =
    Format { name: "junit", help: "JUnit XML, for Jenkins, Azure Pipelines and CircleCI", write };

const NAME: &str = env!("CARGO_PKG_NAME");

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let count: usize = report.files.iter().map(|file| file.findings.len()).sum();
    let tests = count.max(1);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"{NAME}\" tests=\"{tests}\" failures=\"{count}\" errors=\"0\">"
    )?;
    for file in report.files.iter().filter(|file| !file.findings.is_empty()) {
        let (path, failures) = (xml(&file.path), file.findings.len());
        writeln!(
            out,
            "  <testsuite name=\"{path}\" tests=\"{failures}\" failures=\"{failures}\" errors=\"0\">"
        )?;
        for finding in &file.findings {
            write_case(file, finding, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    if count == 0 {
        // Most readers take a report without a test for a broken one.
        writeln!(out, "  <testsuite name=\"{NAME}\" tests=\"1\" failures=\"0\" errors=\"0\">")?;
        writeln!(
            out,
            "    <testcase name=\"nothing to report\" classname=\"{NAME}\" time=\"0\"/>"
        )?;
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn write_case(file: &FileReport, finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let place = file.source.position(finding.primary.span.start);
    let (line, column, rule) = (place.line, place.column, finding.rule.name);
    let path = xml(&file.path);
    let message = escape::visible_lines(&finding.full_message()).join("\n");
    writeln!(
        out,
        "    <testcase name=\"{rule} ({line}:{column})\" classname=\"{path}\" file=\"{path}\" \
         line=\"{line}\" time=\"0\">"
    )?;
    writeln!(
        out,
        "      <failure type=\"{}\" message=\"{}\">{path}:{line}:{column}: {}</failure>",
        finding.severity.as_str(),
        xml(&finding.message),
        markup(&message),
    )?;
    writeln!(out, "    </testcase>")
}

/// A text for an attribute, on one line.
fn xml(text: &str) -> String {
    markup(&escape::visible(text))
}

/// A text without characters that have a meaning in XML, or that it cannot hold.
fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{file, finding, render, report, span};

    #[test]
    fn findings_are_failed_tests() {
        let text = "a\nbad\n";
        let mut found = finding(span(text, "bad")).help("write `<c>`");
        found.message = "\"x\" & \u{1b}\u{ffff}".to_owned();
        let report = report(vec![file("d/<f>.yaml", text, vec![found], Vec::new())]);
        assert_eq!(
            render(&FORMAT, &report, 80),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuites name=\"kubeconfig-lint\" tests=\"1\" failures=\"1\" errors=\"0\">\n  \
             <testsuite name=\"d/&lt;f&gt;.yaml\" tests=\"1\" failures=\"1\" errors=\"0\">\n    \
             <testcase name=\"removed-api-version (2:1)\" classname=\"d/&lt;f&gt;.yaml\" \
             file=\"d/&lt;f&gt;.yaml\" line=\"2\" time=\"0\">\n      \
             <failure type=\"error\" message=\"&quot;x&quot; &amp; ␛\u{fffd}\">d/&lt;f&gt;.yaml:2:1: \
             &quot;x&quot; &amp; ␛\u{fffd}. kubectl 1.37 says: `no`. Write `&lt;c&gt;`.</failure>\n    \
             </testcase>\n  </testsuite>\n</testsuites>\n"
                .replace(" kubectl 1.37 says: `no`.", "")
        );
    }

    #[test]
    fn a_clean_run_is_a_passed_test() {
        let written = render(&FORMAT, &report(Vec::new()), 80);
        assert!(written.contains("tests=\"1\" failures=\"0\""), "{written}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_out(text in "[<>&\"'\\PC\u{0}-\u{1f}\u{fffe}\u{ffff}]{0,40}") {
            let written = xml(&text);
            let is_bad = |c: char| "<>\"'\u{fffe}\u{ffff}".contains(c) || c.is_control();
            proptest::prop_assert!(!written.contains(is_bad), "{}", written);
        }
    }
}
