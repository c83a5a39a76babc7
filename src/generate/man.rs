//! The man page.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_mangen::Man;
use serde_json::Value;

use crate::cli::{Cli, EXAMPLES, EXIT_STATUS};
use crate::config;
use crate::rule::RULES;

/// Returns the man page, in roff.
pub(super) fn make() -> io::Result<Vec<u8>> {
    let man = Man::new(Cli::command());
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    // There are many options, and each is described below.
    section(&mut out, "SYNOPSIS")?;
    writeln!(out, r"\fBkubeconfig\-lint\fR [\fIOPTION\fR]... [\fIPATH\fR]...")?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    section(&mut out, "COMMANDS")?;
    for command in Cli::command().get_subcommands() {
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let options = command.get_arguments().filter_map(|argument| {
            let help = argument.get_help()?;
            Some(format!("--{}: {help}", argument.get_long()?))
        });
        let options = options.collect::<Vec<_>>().join("; ");
        item(&mut out, command.get_name(), &format!("{about}. {options}."))?;
    }
    section(&mut out, "CONFIGURATION")?;
    let [name, other] = config::NAMES.map(escaped);
    writeln!(
        out,
        "The configuration is the nearest file {name} (or {other}), from the current directory up to \
         the root of the repository, or the file that {} names. It is a YAML mapping with these keys, \
         all of which are optional:",
        escaped("--config")
    )?;
    let schema: Value = serde_json::from_str(config::SCHEMA)?;
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        item(&mut out, key, property["description"].as_str().unwrap_or_default())?;
    }
    section(&mut out, "LIST OF RULES")?;
    for rule in RULES.iter() {
        item(&mut out, rule.name, &format!("{}: {}", rule.severity.as_str(), rule.summary))?;
    }
    section(&mut out, "EXIT STATUS")?;
    for (status, meaning) in EXIT_STATUS {
        item(&mut out, status, meaning)?;
    }
    section(&mut out, "EXAMPLES")?;
    for (line, _) in EXAMPLES {
        writeln!(out, ".PP\n.nf\n{}\n.fi", escaped(line))?;
    }
    section(&mut out, "SEE ALSO")?;
    writeln!(out, r"\fBkubectl\fR(1), {}", escaped(env!("CARGO_PKG_REPOSITORY")))?;
    Ok(out)
}

fn section(out: &mut impl Write, name: &str) -> io::Result<()> {
    writeln!(out, ".SH \"{name}\"")
}

/// Writes a term and its description.
fn item(out: &mut impl Write, term: &str, text: &str) -> io::Result<()> {
    writeln!(out, ".TP\n\\fB{}\\fR\n{}", escaped(term), escaped(text))
}

/// Escapes a text so that roff prints it literally, with no requests, escapes or substituted
/// characters.
fn escaped(text: &str) -> String {
    let text =
        text.replace('\\', r"\e").replace('-', r"\-").replace('\'', r"\(aq").replace('`', r"\(ga");
    if text.starts_with('.') { format!(r"\&{text}") } else { text }
}
