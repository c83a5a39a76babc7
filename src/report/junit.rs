//! The format `junit`: the XML of JUnit, as CI systems read it.
//!
//! Source of its shape: `junit-10.xsd` of Jenkins's xunit plugin; the output is valid by it. Errors
//! and warnings are failures; notes pass, because the format has nothing in between.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::finding::{Finding, Severity};
use crate::text::escape;

use super::{FileReport, Format, Limited, Report, Skipped, Style, notes};

pub(super) static FORMAT: Format = Format {
    name: "junit",
    help: "JUnit XML, for the test reports of CI systems",
    lists_accepted: false,
    write,
};

const TOOL: &str = env!("CARGO_PKG_NAME");

/// The cases of one file.
struct Suite<'a> {
    path: &'a str,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    outcome: Outcome,
}

/// The outcome of a case. Each text may have several lines.
enum Outcome {
    Passed,
    /// The case passed, with a remark.
    Noted(String),
    Failed {
        severity: Severity,
        message: String,
        text: String,
    },
    /// The file should have been checked, but could not be.
    Error(String),
    /// The file was not checked.
    Skipped(String),
}

impl Outcome {
    /// Returns the attribute that counts this outcome: `failures`, `errors` or `skipped`.
    fn counted(&self) -> Option<&'static str> {
        match self {
            Self::Passed | Self::Noted(_) => None,
            Self::Failed { .. } => Some("failures"),
            Self::Error(_) => Some("errors"),
            Self::Skipped(_) => Some("skipped"),
        }
    }
}

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut names = HashMap::new();
    let files = report.files.iter().filter(|file| !file.linted.findings.is_empty());
    let mut suites: Vec<_> = files.map(|file| suite(file, &mut names)).collect();
    suites.extend(report.skipped.iter().filter(|s| s.named || s.notable).map(not_judged));
    suites.extend(report.limits.iter().map(limited));
    if suites.is_empty() {
        // Without a case, CI systems say that there is no report.
        let name = "no findings".to_owned();
        suites.push(Suite { path: TOOL, cases: vec![Case { name, outcome: Outcome::Passed }] });
    }
    let all = || suites.iter().flat_map(|suite| &suite.cases);
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    let counts = counts(all, &["failures", "errors"]);
    writeln!(out, r#"<testsuites name="{TOOL}" {counts} time="0">"#)?;
    for suite in &suites {
        write_suite(suite, out)?;
    }
    writeln!(out, "</testsuites>")
}

fn suite<'a>(file: &'a FileReport, names: &mut HashMap<String, usize>) -> Suite<'a> {
    let mut case = |finding| {
        let mut case = case(file, finding);
        // GitLab drops a case that has the name of another.
        let count = names.entry(case.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            case.name.push_str(&format!(" ({count})"));
        }
        case
    };
    Suite { path: &file.path, cases: file.linted.findings.iter().map(&mut case).collect() }
}

fn case(file: &FileReport, finding: &Finding) -> Case {
    let at = file.source.position(finding.primary.span.start());
    let place = format!("{}:{}:{}", escape::visible_path(&file.path), at.line, at.column);
    let title = escape::visible(&finding.title().to_string());
    let (severity, rule) = (finding.severity, finding.rule);
    let name = format!("{place}: {}", rule.name);
    let head = format!("{place}: {}[{}]: {title}", severity.as_str(), rule.name);
    let notes = notes::of(finding);
    let lines = std::iter::once(head).chain(notes).chain([format!("See {}", rule.url())]);
    let text = lines.collect::<Vec<_>>().join("\n");
    let outcome = if severity == Severity::Note {
        Outcome::Noted(text)
    } else {
        Outcome::Failed { severity, message: title, text }
    };
    Case { name, outcome }
}

fn not_judged(skipped: &Skipped) -> Suite<'_> {
    let reason = escape::visible(&skipped.reason);
    let outcome = if skipped.named { Outcome::Error(reason) } else { Outcome::Skipped(reason) };
    let name = format!("{}: not checked", escape::visible_path(&skipped.path));
    Suite { path: &skipped.path, cases: vec![Case { name, outcome }] }
}

fn limited(limited: &Limited) -> Suite<'_> {
    let name = format!("{}: limit", escape::visible_path(&limited.path));
    let outcome = Outcome::Skipped(escape::visible(&limited.reason));
    Suite { path: &limited.path, cases: vec![Case { name, outcome }] }
}

/// Returns `tests="…"`, and an attribute for each kind.
fn counts<'a, I: Iterator<Item = &'a Case>>(cases: impl Fn() -> I, kinds: &[&str]) -> String {
    let mut text = format!(r#"tests="{}""#, cases().count());
    for kind in kinds {
        let count = cases().filter(|case| case.outcome.counted() == Some(kind)).count();
        text.push_str(&format!(r#" {kind}="{count}""#));
    }
    text
}

fn write_suite(suite: &Suite<'_>, out: &mut dyn Write) -> io::Result<()> {
    let path = xml(&escape::visible(suite.path));
    let counts = counts(|| suite.cases.iter(), &["failures", "errors", "skipped"]);
    writeln!(out, r#"  <testsuite name="{path}" {counts} time="0">"#)?;
    for case in &suite.cases {
        let name = xml(&case.name);
        write!(out, r#"    <testcase name="{name}" classname="{path}" time="0""#)?;
        match &case.outcome {
            Outcome::Passed => {
                writeln!(out, "/>")?;
                continue;
            }
            Outcome::Noted(text) => {
                writeln!(out, ">\n      <system-out>{}</system-out>", xml(text))?;
            }
            Outcome::Failed { severity, message, text } => {
                let (kind, message, text) = (severity.as_str(), xml(message), xml(text));
                writeln!(
                    out,
                    ">\n      <failure type=\"{kind}\" message=\"{message}\">{text}</failure>"
                )?;
            }
            Outcome::Error(reason) => {
                let reason = xml(reason);
                writeln!(out, ">\n      <error type=\"not checked\" message=\"{reason}\"/>")?;
            }
            Outcome::Skipped(reason) => {
                writeln!(out, ">\n      <skipped message=\"{}\"/>", xml(reason))?;
            }
        }
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")
}

/// The start of what makes a plugin of Jenkins, JUnit Attachments, publish a file of the workspace.
const ATTACHMENT: &str = "[[ATTACHMENT|";

/// Escapes text for an attribute or between tags, and spells out what XML 1.0 cannot represent.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace(ATTACHMENT, "[\\u{5b}ATTACHMENT|").chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\0'..='\u{8}' | '\u{b}'..='\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}'..='\u{ffff}' => {
                out.extend(c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::version::Minor;
    use crate::model::kubectl_message::KubectlMessage;
    use crate::report::fixture::{file, finding, render, report, skipped, span};
    use crate::text::source::Span;
    use proptest::prelude::*;
    use roxmltree::{Document, Node};

    fn attribute(node: Node<'_, '_>, name: &str) -> String {
        node.attribute(name).unwrap_or_else(|| panic!("no {name} in {node:?}")).to_owned()
    }

    fn nodes<'a>(document: &'a Document<'_>, tag: &str) -> Vec<Node<'a, 'a>> {
        document.descendants().filter(|node| node.has_tag_name(tag)).collect()
    }

    /// Parses the report, and checks its counts against its content.
    fn checked(text: &str) -> Document<'_> {
        let document = Document::parse(text).unwrap();
        let root = document.root_element();
        for node in root.descendants().filter(|n| n.tag_name().name().starts_with("testsuite")) {
            for (name, tag) in [
                ("tests", "testcase"),
                ("failures", "failure"),
                ("errors", "error"),
                ("skipped", "skipped"),
            ] {
                let count = node.descendants().filter(|n| n.has_tag_name(tag)).count();
                let is_root = node == root && tag == "skipped";
                assert!(is_root || attribute(node, name) == count.to_string(), "{name}: {text}");
            }
        }
        document
    }

    #[test]
    fn junit_writes_a_sample_report() {
        let text = "a\nb: bad\n";
        let mut first = finding(span(text, "bad")).help("write `c`");
        first.message = "<\"x\x1b'> & is wrong".to_owned().into();
        first.kubectl_message =
            Some(KubectlMessage { by: Minor(37).into(), message: "a\n::error::b".into() }.into());
        let second = finding(span(text, "bad"));
        let mut third = finding(span(text, "a"));
        third.severity = Severity::Note;
        let found = vec![first, second.clone(), second, third];
        let mut report = report(vec![
            file("::d/\"f\".yaml", text, found, Vec::new()),
            file("clean", text, Vec::new(), Vec::new()),
        ]);
        report.skipped.push(skipped("big", "larger than 256 MiB"));
        report.skipped.push(Skipped { named: true, ..skipped("gone", "no such file") });
        report.skipped.push(Skipped { notable: false, ..skipped("socket", "no file") });
        let written = render(&FORMAT, &report, 80);
        checked(&written);
        let url = crate::rule::find("removed-api-version").unwrap().url();
        assert_eq!(
            written,
            format!(
                r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="kubeconfig-lint" tests="6" failures="3" errors="1" time="0">
  <testsuite name="::d/&quot;f&quot;.yaml" tests="4" failures="3" errors="0" skipped="0" time="0">
    <testcase name="./::d/&quot;f&quot;.yaml:2:4: removed-api-version" classname="::d/&quot;f&quot;.yaml" time="0">
      <failure type="error" message="&lt;&quot;x␛&apos;&gt; &amp; is wrong">./::d/&quot;f&quot;.yaml:2:4: error[removed-api-version]: &lt;&quot;x␛&apos;&gt; &amp; is wrong
kubectl 1.37 says: a
  \u{{3a}}:error::b
help: write `c`
See {url}</failure>
    </testcase>
    <testcase name="./::d/&quot;f&quot;.yaml:2:4: removed-api-version (2)" classname="::d/&quot;f&quot;.yaml" time="0">
      <failure type="error" message="it is wrong">./::d/&quot;f&quot;.yaml:2:4: error[removed-api-version]: it is wrong
See {url}</failure>
    </testcase>
    <testcase name="./::d/&quot;f&quot;.yaml:2:4: removed-api-version (3)" classname="::d/&quot;f&quot;.yaml" time="0">
      <failure type="error" message="it is wrong">./::d/&quot;f&quot;.yaml:2:4: error[removed-api-version]: it is wrong
See {url}</failure>
    </testcase>
    <testcase name="./::d/&quot;f&quot;.yaml:1:1: removed-api-version" classname="::d/&quot;f&quot;.yaml" time="0">
      <system-out>./::d/&quot;f&quot;.yaml:1:1: note[removed-api-version]: it is wrong
See {url}</system-out>
    </testcase>
  </testsuite>
  <testsuite name="big" tests="1" failures="0" errors="0" skipped="1" time="0">
    <testcase name="big: not checked" classname="big" time="0">
      <skipped message="larger than 256 MiB"/>
    </testcase>
  </testsuite>
  <testsuite name="gone" tests="1" failures="0" errors="1" skipped="0" time="0">
    <testcase name="gone: not checked" classname="gone" time="0">
      <error type="not checked" message="no such file"/>
    </testcase>
  </testsuite>
</testsuites>
"#
            )
        );
    }

    #[test]
    fn junit_clean_run_is_one_passing_case() {
        let written = render(&FORMAT, &report(Vec::new()), 80);
        let document = checked(&written);
        let cases = nodes(&document, "testcase");
        assert_eq!(cases.len(), 1);
        assert!(!cases[0].has_children());
    }

    #[test]
    fn junit_attaches_no_file_of_the_workspace() {
        assert_eq!(xml("`[[ATTACHMENT|a]]` [[b]]"), "`[\\u{5b}ATTACHMENT|a]]` [[b]]");
    }

    proptest! {
        #[test]
        fn junit_round_trips_any_text(
            path in "[\\PC\x00-\x1f\u{fffe}\u{ffff}<>&\"']{1,30}",
            message in "[\\PC\x00-\x1f\u{fffe}\u{ffff}<>&\"'\\]]{0,60}",
        ) {
            let mut found = finding(Span::new(0, 1));
            found.message = message.clone().into();
            let report = report(vec![file(&path, "x", vec![found.clone(), found], Vec::new())]);
            let written = render(&FORMAT, &report, 80);
            let document = checked(&written);
            let shown = |text: &str| {
                let spell = |c: char| match c {
                    '\u{fffe}' | '\u{ffff}' => c.escape_unicode().to_string(),
                    c => c.to_string(),
                };
                escape::visible(text).chars().map(spell).collect::<String>()
            };
            let failures = nodes(&document, "failure");
            prop_assert_eq!(failures.len(), 2);
            for failure in failures {
                prop_assert_eq!(attribute(failure, "message"), shown(&message));
                let case = failure.parent().unwrap();
                prop_assert_eq!(attribute(case, "classname"), shown(&path));
            }
        }
    }
}
