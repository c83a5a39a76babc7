//! The format `github`: workflow commands, which GitHub shows as annotations.
//!
//! Source of the escaping: `src/Runner.Common/ActionCommand.cs` of actions/runner.

use std::io::{self, Write};

use crate::finding::{Finding, Severity};
use crate::text::escape;
use crate::text::source::Span;

use super::{FileReport, Format, Report, Style, notes};

pub(super) static FORMAT: Format =
    Format { name: "github", help: "Annotations in GitHub Actions", lists_accepted: false, write };

/// How many annotations of each level GitHub shows per step.
const MAX_SHOWN: usize = 10;

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut counts = [(Severity::Error, 0), (Severity::Warning, 0), (Severity::Note, 0)];
    for (file, finding) in report.worst_first() {
        writeln!(out, "{}", command(file, finding))?;
        for (_, count) in counts.iter_mut().filter(|(level, _)| *level == finding.severity) {
            *count += 1;
        }
    }
    let more = counts.iter().filter(|(_, count)| *count > MAX_SHOWN);
    let more: Vec<_> = more.map(|&(level, count)| amount(count - MAX_SHOWN, level)).collect();
    if !more.is_empty() {
        writeln!(
            out,
            "GitHub shows {MAX_SHOWN} annotations of each level for a step; this log alone has {} more",
            more.join(" and ")
        )?;
    }
    Ok(())
}

fn amount(count: usize, level: Severity) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {}{plural}", level.as_str())
}

fn command(file: &FileReport, finding: &Finding) -> String {
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let source = &file.source;
    let span = finding.primary.span;
    let start = source.position(span.start());
    // GitHub accepts columns only within one line.
    let line_end = source.line_span(start.line).map_or(span.end(), |line| line.end());
    let end = source.position(Span::new(span.start(), span.end().min(line_end)).end());
    let title = format!("{}: {}", finding.rule.name, escape::visible(&finding.title().to_string()));
    // The log shows only the message, so it must name the place.
    let path = escape::visible_path(&file.path);
    let place = format!("{path}:{}:{}", start.line, start.column);
    let lines: Vec<_> = std::iter::once(place).chain(notes::of(finding)).collect();
    format!(
        "::{level} file={},line={},endLine={},col={},endColumn={},title={}::{}",
        property(&path_property(&file.path)),
        start.line,
        end.line,
        start.column,
        end.column,
        property(&title),
        data(&lines.join("\n")),
    )
}

/// Returns the path for GitHub. It is exact, except for characters that a terminal would obey and
/// that commands cannot escape.
fn path_property(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        let is_command = c == '[' && escape::opens_command(&out);
        if is_command || (escape::is_invisible(c) && !matches!(c, '\n' | '\r')) {
            escape::push_picture(&mut out, c);
        } else {
            out.push(c);
        }
    }
    out
}

/// Escapes the text after the second `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::version::Minor;
    use crate::model::kubectl_message::KubectlMessage;
    use crate::report::fixture::{file, finding, render, report, span};
    use crate::role::Role;

    /// Parses a line as the runner does.
    fn parse(line: &str) -> (String, Vec<(String, String)>, String) {
        let (head, data) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
        let (command, properties) = head.split_once(' ').unwrap();
        let unescape = |text: &str| {
            let text = text.replace("%0D", "\r").replace("%0A", "\n");
            text.replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
        };
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap();
            (name.to_owned(), unescape(value))
        };
        let properties = properties.split(',').map(pair).collect();
        (command.to_owned(), properties, unescape(data))
    }

    #[test]
    fn github_escapes_any_path_and_message() {
        let text = "a\n日😀 bad\nx";
        let path = "::x,y=%0A:50%\n\u{1b}.yaml";
        let mut found = finding(span(text, "bad\nx"));
        found.message = "it, is wrong".into();
        found.kubectl_message = Some(
            KubectlMessage { by: Minor(37).into(), message: "100%:\n* a\r\n::b".into() }.into(),
        );
        let report = report(vec![file(path, text, vec![found], Vec::new())]);
        let written = render(&FORMAT, &report, 80);
        assert_eq!(written.lines().count(), 1);
        let (command, properties, data) = parse(written.trim_end());
        assert_eq!(command, "error");
        let expected = [
            ("file", "::x,y=%0A:50%\n␛.yaml"),
            ("line", "2"),
            ("endLine", "2"),
            ("col", "4"),
            ("endColumn", "7"),
            ("title", "removed-api-version: it, is wrong"),
        ];
        assert_eq!(properties, expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
        assert_eq!(
            data,
            "./::x,y=%0A:50%\\n␛.yaml:2:4\nkubectl 1.37 says: 100%:\n  * a\n  \\u{3a}:b"
        );
    }

    #[test]
    fn github_shows_the_worst_first() {
        let of = |severity, role| {
            let mut found = finding(Span::new(0, 1));
            (found.severity, found.role) = (severity, role);
            vec![found]
        };
        let files = vec![
            file("a", "x", of(Severity::Warning, Role::Live), Vec::new()),
            file("b", "x", of(Severity::Error, Role::Documentation), Vec::new()),
            file("c", "x", of(Severity::Error, Role::Live), Vec::new()),
        ];
        let written = render(&FORMAT, &report(files), 80);
        let places: Vec<_> = written.lines().map(|line| &line[..14]).collect();
        assert_eq!(places, ["::error file=c", "::error file=b", "::warning file"]);
    }

    #[test]
    fn github_counts_findings_above_its_limit() {
        let of = |severity, count| {
            let mut found = finding(Span::new(0, 1));
            found.severity = severity;
            vec![found; count]
        };
        let written = |errors, warnings, notes| {
            let findings = [
                of(Severity::Error, errors),
                of(Severity::Warning, warnings),
                of(Severity::Note, notes),
            ];
            let files = vec![file("f", "x", findings.concat(), Vec::new())];
            render(&FORMAT, &report(files), 80)
        };
        let none = written(10, 10, 10);
        assert!(none.lines().all(|line| line.starts_with("::")));
        assert_eq!(none.lines().filter(|line| line.starts_with("::notice ")).count(), 10);
        let more = written(12, 3, 11);
        let last = more.lines().last().unwrap();
        assert!(!last.trim_start().starts_with("::"));
        assert!(last.ends_with("2 errors and 1 note more") || last.contains("2 errors and 1 note"));
    }
}
