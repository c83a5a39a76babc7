//! Says how to ask a plugin which version it returns: the command to run, with the arguments of the
//! exec config as far as a report may show them.

use crate::kubernetes::api_versions::ApiVersion;
use crate::kubernetes::plugins;
use crate::model::ExecConfig;
use crate::secrets::mask::hidden_part;
use crate::text::message::{Message, message};
use crate::text::source::Spanned;

/// Returns the claim that a plugin returns the version, and how to check it.
pub(super) fn ask(claim: Message, exec: &ExecConfig, version: &ApiVersion) -> Message {
    let command = exec.command.as_ref().map(|command| command.value.as_str());
    // `EXEC_COMMAND` is the name of a variable.
    let is_variable =
        |name: &str| name.contains('_') && name.contains(|c: char| c.is_ascii_uppercase());
    let command = command.filter(|command| is_plain(command) && !is_variable(command));
    if let Some(command) = command.filter(|command| output_depends_on_arguments(command, exec)) {
        return message!(
            "check that the output names `{}`: run `{}` with the same arguments and look at \
             `apiVersion`",
            version.version,
            command.to_owned()
        );
    }
    let variable = format!(
        "KUBERNETES_EXEC_INFO='{{\"apiVersion\":\"{}\",\"kind\":\"ExecCredential\",\
         \"spec\":{{\"interactive\":false}}}}'",
        version.name
    );
    let Some(command) = command else {
        return message!(
            "{}: run it with {} in its environment and look at `apiVersion`",
            claim,
            Message::command(variable)
        );
    };
    let line = format!("{variable} {command} {}", shown_arguments(exec));
    // The user fills in what is hidden.
    let filled_in =
        if line.contains("VALUE") { " (VALUE stands for what the file has)" } else { "" };
    message!("{}: run {}{} and look at `apiVersion`", claim, Message::command(line), filled_in)
}

/// Returns the arguments of an exec config as words for a shell. The user fills in `VALUE`, which
/// replaces what is [hidden](hidden_part) and what a shell would not read as it is written.
fn shown_arguments(exec: &ExecConfig) -> String {
    if exec.args.is_empty() {
        // The text may keep them elsewhere.
        return "ARGS".to_owned();
    }
    let is_word = |word: &str| is_plain(&word.replace(['=', ':', ','], ""));
    let mut before = "";
    let mut words = Vec::new();
    for arg in &exec.args {
        let arg = arg.value.as_str();
        let shown = match hidden_part(arg, before, words.is_empty()) {
            None if is_word(arg) => None,
            // The name of a flag.
            None => arg.split_inclusive('=').next().or(Some("")),
            Some(at) => arg.get(..at),
        };
        words.push(match shown {
            None => arg.to_owned(),
            Some(shown) if shown.starts_with('-') && is_word(shown) => format!("{shown}VALUE"),
            Some(_) => "VALUE".to_owned(),
        });
        before = arg;
    }
    let line = words.join(" ");
    if line.len() <= 120 { line } else { "ARGS".to_owned() }
}

/// Returns whether a report can show a word of a command line, and a shell reads it as one word.
fn is_plain(word: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '/' | '-');
    (1..=60).contains(&word.len()) && word.chars().all(is_part)
}

/// Programs that print what their arguments say, ignoring KUBERNETES_EXEC_INFO.
const PRINTERS: &[&str] = &["cat", "curl", "echo", "jq", "pass", "printf", "sops", "wget", "yq"];

/// Whether only the arguments decide what a command prints: the version is in a file, on a server,
/// or in a script that is passed to a shell.
fn output_depends_on_arguments(command: &str, exec: &ExecConfig) -> bool {
    let is_script = || {
        let is_file = |arg: &Spanned<String>| !arg.value.starts_with('-');
        plugins::is_shell(command) && !exec.args.first().is_some_and(is_file)
    };
    PRINTERS.iter().any(|name| plugins::is_program(command, name)) || is_script()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::source::Span;

    fn exec(args: &[&str]) -> ExecConfig {
        let arg =
            |arg: &&str| Spanned { value: (*arg).to_owned(), span: Span::default(), alias: None };
        ExecConfig { args: args.iter().map(arg).collect(), ..ExecConfig::default() }
    }

    #[test]
    fn shown_arguments_hold_no_secrets() {
        for (args, expected) in [
            (&["k8s", "get-token", "--cluster", "c-1", "-n"][..], "k8s get-token --cluster c-1 -n"),
            (
                &["--region=eu", "--pin=1234", "--pin", "1234", "--password=***"],
                "--region=eu --pin=VALUE --pin VALUE --password=VALUE",
            ),
            (&["login", "hunter", "hunter2", "Pass", ""], "login VALUE VALUE VALUE VALUE"),
            (&["--user", "a:b", "more", "--name", "x y"], "--user VALUE VALUE --name VALUE"),
            (&["--token***", "-", "$(x)", "--name=$(x)"], "VALUE - VALUE --name=VALUE"),
            (&["-phunter2", "-p=x", "-n", "y", "-p", "y"], "-pVALUE -p=VALUE -n y -p VALUE"),
            (
                &["--url=https://u:p@h", "--env", "A=b", "--env=A=b"],
                "--url=https://VALUE --env VALUE --env=A=VALUE",
            ),
            (&["--role-arn", "arn:aws:iam::1:role/a"], "--role-arn arn:aws:iam::1:role/a"),
            (&[], "ARGS"),
        ] {
            assert_eq!(shown_arguments(&exec(args)), expected);
        }
        let long = ["--region=europe"; 12];
        assert_eq!(shown_arguments(&exec(&long)), "ARGS");
    }
}
