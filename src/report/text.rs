//! The format `text`: for people, with the lines in question.

use std::io::{self, Write};

use codespan_reporting::diagnostic::{Diagnostic, Label, Severity as Level};
use codespan_reporting::files::Error;
use codespan_reporting::term::termcolor::Ansi;
use codespan_reporting::term::{self, Config};

use super::view::Views;
use super::{Format, Report, Style, escape};
use crate::finding::{Finding, Severity};

pub(super) static FORMAT: Format = Format {
    name: "text",
    help: "For people: each finding with its lines",
    write,
};

fn write(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut is_first = true;
    for file in &report.files {
        let mut views = Views::new(file);
        for finding in &file.findings {
            if !is_first {
                writeln!(out)?;
            }
            is_first = false;
            let text = render(finding, &mut views, style)?;
            // codespan ends with an empty line, also after the last one.
            out.write_all(text.trim_ascii_end())?;
            writeln!(out)?;
        }
    }
    Ok(())
}

fn render(finding: &Finding, views: &mut Views<'_>, style: Style) -> io::Result<Vec<u8>> {
    let labels: Vec<_> = std::iter::once(&finding.primary)
        .chain(&finding.related)
        .collect();
    let spans: Vec<_> = labels.iter().map(|label| label.span).collect();
    let (view, places) = views.view(&spans, style.width);
    let label = |(i, place): (usize, std::ops::Range<usize>)| {
        let text = labels
            .get(i)
            .map(|label| escape::visible(&label.text))
            .unwrap_or_default();
        let label = if i == 0 {
            Label::primary((), place)
        } else {
            Label::secondary((), place)
        };
        label.with_message(text)
    };
    let diagnostic = Diagnostic::new(level(finding.severity))
        .with_code(finding.rule.name)
        .with_message(escape::visible(&finding.message))
        .with_labels(places.into_iter().enumerate().map(label).collect())
        .with_notes(notes(finding));
    let config = Config::default();
    let mut text = Vec::new();
    let written = if style.color {
        term::emit_to_write_style(&mut Ansi::new(&mut text), &config, &view, &diagnostic)
    } else {
        term::emit_to_io_write(&mut text, &config, &view, &diagnostic)
    };
    match written {
        Ok(()) => Ok(text),
        Err(Error::Io(error)) => Err(error),
        Err(error) => Err(io::Error::other(error)),
    }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Note => Level::Note,
    }
}

/// kubectl's words, then what to do.
fn notes(finding: &Finding) -> Vec<String> {
    let says = finding.kubectl_says.iter();
    let says = says.map(|says| note(&format!("kubectl {} says:", says.version), &says.words));
    says.chain(finding.help.iter().map(|help| note("help:", help)))
        .collect()
}

/// A note; the lines after its first stand below its text.
fn note(head: &str, text: &str) -> String {
    let mut note = head.to_owned();
    for (i, line) in escape::visible_lines(text).iter().enumerate() {
        note.push_str(if i == 0 { " " } else { "\n  " });
        note.push_str(line);
    }
    note
}
