//! The format `short`: one line a finding, as editors and `grep` like it.

use std::io::{self, Write};

use super::{Format, Report, Style, escape};

pub(super) static FORMAT: Format = Format {
    name: "short",
    help: "One line a finding: `path:line:column: severity[rule]: …`",
    write,
};

fn write(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    for file in &report.files {
        let path = escape::visible_path(&file.path);
        for finding in &file.findings {
            let place = file.source.position(finding.primary.span.start);
            let (severity, rule) = (finding.severity.as_str(), finding.rule.name);
            let message = escape::visible(&finding.full_message());
            writeln!(
                out,
                "{path}:{}:{}: {severity}[{rule}]: {message}",
                place.line, place.column
            )?;
        }
    }
    Ok(())
}
