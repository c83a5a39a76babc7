//! The format `short`: one line per finding, for editors and `grep`.

use std::io::{self, Write};

use crate::text::escape;

use super::{Format, Report, Style};

pub(super) static FORMAT: Format = Format {
    name: "short",
    help: "One line a finding: `path:line:column: severity[rule]: title`",
    lists_accepted: false,
    write,
};

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    for file in &report.files {
        let path = escape::visible_path(&file.path);
        for finding in &file.linted.findings {
            let place = file.source.position(finding.primary.span.start());
            let (severity, rule) = (finding.severity.as_str(), finding.rule.name);
            let mark = finding.fix.as_ref().map(|fix| format!("{} ", fix.applicability.mark()));
            let mark = mark.unwrap_or_default();
            let title = escape::visible(&finding.title().to_string());
            let (line, column) = (place.line, place.column);
            writeln!(out, "{path}:{line}:{column}: {severity}[{rule}]: {mark}{title}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::version::Minor;
    use crate::model::kubectl_message::KubectlMessage;
    use crate::report::fixture::{file, finding, render, report, span};

    #[test]
    fn short_writes_one_harmless_line_per_finding() {
        let text = "a\n日本 b\n";
        let mut found = finding(span(text, "b")).help("write `c`");
        found.user = Some("e2e\nci".into());
        found.message = "\"x\x1b[31m\u{202e}\" is wrong ##[error]x".to_owned().into();
        found.kubectl_message = Some(
            KubectlMessage { by: Minor(37).into(), message: "not in this format".into() }.into(),
        );
        let report = report(vec![file("::error::x\n.yaml", text, vec![found], Vec::new())]);
        assert_eq!(
            render(&FORMAT, &report, 80),
            "./::error::x\\n.yaml:2:4: error[removed-api-version]: user `e2e\\nci`: \"x␛[31m\\u{202e}\" \
             is wrong ##\\u{5b}error]x\n"
        );
    }
}
