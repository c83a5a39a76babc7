//! What a user may have meant: tips for clap's usage errors, and commands that there are not.

use std::path::Path;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Arg, Command};

use crate::text::suggest::suggestion;

use super::DOCTOR;

/// Limit on the possible values that an error lists.
const MAX_LISTED: usize = 10;

/// Flags of similar programs, and what to write instead.
const HABITS: [(&str, &str); 8] = [
    ("--all", "without a path, it checks everything below the current directory"),
    ("--check", "without --fix, it only checks"),
    ("--context", "`kubeconfig-lint doctor --context NAME` explains one context"),
    ("--dry-run", "--diff shows what --fix would change"),
    ("--json", "--format json"),
    ("--sarif", "--format sarif"),
    ("-f", "write the file without a flag: kubeconfig-lint FILE"),
    ("-o", "write a report to a file with --format FORMAT=FILE"),
];

/// Commands of other programs, and what to write instead.
const COMMANDS: [(&str, &str); 6] = [
    ("check", "write `kubeconfig-lint [PATH]...`"),
    ("fix", "write `kubeconfig-lint --fix [PATH]...`"),
    ("help", "write `kubeconfig-lint --help`"),
    ("lint", "write `kubeconfig-lint [PATH]...`"),
    ("scan", "write `kubeconfig-lint [PATH]...`"),
    ("version", "write `kubeconfig-lint --version`"),
];

/// Returns what to say if a path was meant as a command: there is no such file.
pub(super) fn mistaken_command(paths: &[impl AsRef<Path>]) -> Option<String> {
    let words = paths.iter().map(AsRef::as_ref).enumerate();
    words.filter_map(|(at, path)| Some((at, path, path.to_str()?))).find_map(|(at, path, word)| {
        let said = match COMMANDS.iter().find(|(command, _)| *command == word) {
            // Behind an option, it is a path.
            _ if word == DOCTOR => {
                format!("the command '{word}' comes first: `kubeconfig-lint {word}`")
            }
            _ if at > 0 => return None,
            Some((_, instead)) => format!("no file or command is called '{word}'; {instead}"),
            None => {
                suggestion(word, &[DOCTOR])?;
                format!("no file or command is called '{word}'; did you mean '{DOCTOR}'?")
            }
        };
        path.symlink_metadata().is_err().then_some(said)
    })
}

/// Adds tips to a usage error about a command.
pub(super) fn with_hints(mut error: Error, command: &Command) -> Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        _ => String::new(),
    };
    let argument = text(ContextKind::InvalidArg);
    let is_kubeconfig = argument == "--kubeconfig"
        && match error.kind() {
            // `--kubeconfig=FILE`
            ErrorKind::TooManyValues => true,
            // `--kubeconfig FILE`
            ErrorKind::ArgumentConflict => text(ContextKind::PriorArg).contains("[PATH]"),
            _ => false,
        };
    let lists_too_many = matches!(
        error.get(ContextKind::ValidValue),
        Some(ContextValue::Strings(values)) if values.len() > MAX_LISTED
    );
    if is_kubeconfig {
        tip(&mut error, "to check one file: kubeconfig-lint FILE");
        error.remove(ContextKind::Usage);
    }
    if lists_too_many {
        error.remove(ContextKind::ValidValue);
        tip(&mut error, "--list-rules lists the rules");
    }
    if error.kind() == ErrorKind::UnknownArgument && argument.starts_with('-') {
        // clap suggests to pass it as a path.
        error.remove(ContextKind::Suggested);
        let meant = HABITS.iter().find(|(habit, _)| *habit == argument);
        if let Some((_, instead)) = meant {
            tip(&mut error, instead);
            error.remove(ContextKind::Usage);
            error.remove(ContextKind::SuggestedArg);
            return error;
        }
    }
    // clap prefers a longer name, such as `--fix-to` for `--fx`.
    if error.kind() == ErrorKind::UnknownArgument
        && let Some(flag) = nearest_flag(&argument, command)
    {
        error.remove(ContextKind::Suggested);
        error.remove(ContextKind::Usage);
        error.insert(ContextKind::SuggestedArg, ContextValue::String(flag));
    }
    error
}

fn tip(error: &mut Error, text: &str) {
    let tip = ContextValue::StyledStrs(vec![text.to_owned().into()]);
    error.insert(ContextKind::Suggested, tip);
}

/// Returns the flag of a command nearest to a misspelled one.
fn nearest_flag(word: &str, command: &Command) -> Option<String> {
    let flags: Vec<&str> = command.get_arguments().filter_map(Arg::get_long).collect();
    let flag = suggestion(word.strip_prefix("--")?, &flags)?;
    Some(format!("--{flag}"))
}
