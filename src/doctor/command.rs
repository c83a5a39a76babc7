//! The command line of a plugin as a shell reads it, without what may be a secret.

use crate::advice::regenerate::quoted as shell_word;
use crate::model::ExecConfig;
use crate::secrets::MASK;
use crate::secrets::mask::hidden_part;
use crate::secrets::output::Known;
use crate::text::escape::visible;

/// Stands for a word that is not shown.
pub(super) const HIDDEN: &str = "VALUE";

/// Returns the command of an exec config as reports show it.
pub(super) fn word(exec: &ExecConfig) -> String {
    visible(exec.command.as_ref().map_or("", |command| &command.value))
}

/// Returns the command line of an exec config whose secrets are masked. `known` are words that the
/// report shows anyway; [`HIDDEN`] replaces what may be a secret.
pub(super) fn line(exec: &ExecConfig, known: &Known) -> String {
    let command = exec.command.as_ref().map_or("", |command| &command.value);
    let mut words = vec![shell_word(command)];
    let mut before = "";
    for arg in &exec.args {
        let arg = arg.value.as_str();
        words.push(argument(arg, before, words.len() == 1, known));
        before = arg;
    }
    visible(&words.join(" "))
}

/// Returns an argument; `before` is the one before it.
fn argument(arg: &str, before: &str, is_first: bool, known: &Known) -> String {
    let is_printable = !arg.contains(char::is_control);
    let hidden = match arg.find(MASK) {
        Some(at) => Some(at),
        None => hidden_part(arg, before, is_first),
    };
    // The value of a flag may be a secret, whatever it is.
    let is_value = before.starts_with('-') && before != "-c";
    let is_known =
        || is_shown_word(arg, known) || (arg.contains(' ') && is_shown_script(arg, known));
    match hidden {
        None if is_printable => shell_word(arg),
        Some(_) if is_printable && !arg.contains(MASK) && !is_value && is_known() => {
            shell_word(arg)
        }
        Some(at) if arg.starts_with('-') => {
            // The name of a flag.
            let name = arg.get(..at).unwrap_or_default();
            let is_name = |c: char| c.is_ascii_alphanumeric() || "-_.=".contains(c);
            let name = if name.chars().all(is_name) { name } else { "" };
            format!("{name}{HIDDEN}")
        }
        _ => HIDDEN.to_owned(),
    }
}

/// Returns whether a word that is not the value of anything is known.
fn is_shown_word(word: &str, known: &Known) -> bool {
    !word.starts_with('-') && !word.contains(['=', ' ']) && known.has(word)
}

/// Returns whether a report may show all words of a script.
fn is_shown_script(script: &str, known: &Known) -> bool {
    let mut before = "";
    script.split_whitespace().all(|word| {
        let bare = word.trim_matches(|c: char| "\"'();|&<>".contains(c));
        let is_variable = bare.strip_prefix('$').is_some_and(|name| {
            let name = name.trim_matches(['{', '}']);
            name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        });
        let is_value = before.starts_with('-') && !before.contains('=');
        let is_shown = bare.is_empty()
            || is_variable
            || hidden_part(bare, before, false).is_none()
            || (!is_value && is_shown_word(bare, known));
        before = bare;
        is_shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::source::{Span, Spanned};

    fn shown(args: &[&str]) -> String {
        let spanned =
            |value: &str| Spanned { value: value.to_owned(), span: Span::default(), alias: None };
        let exec = ExecConfig {
            command: Some(spanned("p")),
            args: args.iter().map(|arg| spanned(arg)).collect(),
            ..ExecConfig::default()
        };
        line(&exec, &Known::of(["the context prod"]))
    }

    #[test]
    fn line_can_be_run_if_it_holds_no_secret() {
        for (args, expected) in [
            (&[][..], "p"),
            (&["login", "prod", "--region", "eu-west-1"], "p login prod --region eu-west-1"),
            (
                &["-c", "aws eks get-token --cluster-name c 2>/dev/null | tee /tmp/log"],
                "p -c 'aws eks get-token --cluster-name c 2>/dev/null | tee /tmp/log'",
            ),
            (&["-c", "echo $TOKEN"], "p -c 'echo $TOKEN'"),
            (&["--name", "two words"], "p --name VALUE"),
            (&["-p", "two words"], "p -p VALUE"),
            (&["login", "horse"], "p login VALUE"),
            (&["--pin", "expired"], "p --pin VALUE"),
            (&["--pin=123"], "p --pin=VALUE"),
            (&["--pin=1234", "--token=***", "***"], "p --pin=VALUE --token=VALUE VALUE"),
            (&["-c", "login horse"], "p -c VALUE"),
            (&["-c", "login --pin expired"], "p -c VALUE"),
        ] {
            assert_eq!(shown(args), expected);
        }
        let long = "--region=eu-west-1 ".repeat(12);
        let args: Vec<&str> = long.split_whitespace().collect();
        assert_eq!(shown(&args), format!("p {}", long.trim_end()));
    }
}
