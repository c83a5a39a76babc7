//! Commands that only run another command.

use super::base_name;

/// So many wrappers around each other are looked through.
const MOST: usize = 8;

/// A wrapper that takes a command after `--`, and the word that makes it run one.
const AFTER_DASHES: &[(&str, &str)] = &[
    ("aws-okta", "exec"),
    ("aws-vault", "exec"),
    ("chamber", "exec"),
    ("op", "run"),
    ("saml2aws", "exec"),
];

const SHELLS: &[&str] = &["ash", "bash", "dash", "ksh", "sh", "zsh"];

/// The command line that is run in the end, as words; it is the given one where nothing is
/// wrapped, or where the wrapping is too much to see through.
pub(super) fn unwrap<'a>(command: &'a str, args: &[&'a str]) -> Vec<&'a str> {
    let mut line: Vec<&str> = std::iter::once(command).chain(args.iter().copied()).collect();
    for _ in 0..MOST {
        match unwrap_once(&line) {
            Some(inner) if !inner.is_empty() => line = inner,
            _ => break,
        }
    }
    line
}

fn unwrap_once<'a>(line: &[&'a str]) -> Option<Vec<&'a str>> {
    let (command, args) = line.split_first()?;
    let command = base_name(command);
    if command == "env" {
        return Some(after_env(args).to_vec());
    }
    if SHELLS.contains(&command) {
        return words(script_of_shell(args)?);
    }
    if command.eq_ignore_ascii_case("cmd") {
        let at = args.iter().position(|arg| arg.eq_ignore_ascii_case("/c"))?;
        return match &args[at + 1..] {
            [script] => words(script),
            inner => Some(inner.to_vec()),
        };
    }
    let (_, verb) = AFTER_DASHES.iter().find(|(name, _)| *name == command)?;
    let at = args.iter().position(|arg| arg == verb)?;
    let dashes = args[at..].iter().position(|arg| *arg == "--")?;
    Some(args[at + dashes + 1..].to_vec())
}

/// What `env` runs: what follows its options and assignments.
fn after_env<'a, 'b>(mut args: &'b [&'a str]) -> &'b [&'a str] {
    while let Some((first, rest)) = args.split_first() {
        let takes_a_value = matches!(*first, "-u" | "-C" | "--unset" | "--chdir");
        if takes_a_value {
            args = rest.get(1..).unwrap_or_default();
        } else if first.starts_with('-') || is_assignment(first) {
            args = rest;
        } else {
            break;
        }
    }
    args
}

/// The script that a shell is given with `-c`, alone or among other letters (`-lc`).
fn script_of_shell<'a>(args: &[&'a str]) -> Option<&'a str> {
    let is_c = |arg: &str| {
        arg.strip_prefix('-').is_some_and(|flags| !flags.starts_with('-') && flags.contains('c'))
    };
    let at = args.iter().position(|arg| is_c(arg))?;
    args.get(at + 1).copied()
}

/// The words of a script that is one plain command; `None` where quotes, pipes or anything
/// else of a shell's grammar stand in it.
fn words(script: &str) -> Option<Vec<&str>> {
    let script = script.trim();
    let is_grammar =
        |c| matches!(c, '\'' | '"' | '`' | '\\' | '|' | '&' | ';' | '<' | '>' | '(' | ')' | '\n');
    if script.contains(is_grammar) {
        return None;
    }
    let words: Vec<&str> = script.split_whitespace().collect();
    let mut line = words.as_slice();
    while let Some((first, rest)) = line.split_first() {
        if *first != "exec" && !is_assignment(first) {
            break;
        }
        line = rest;
    }
    Some(line.to_vec())
}

/// Whether it is `NAME=value`.
fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else {
        return false;
    };
    !name.is_empty() && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::super::lookup;

    #[test]
    fn sees_through_wrappers() {
        let script = "aws eks get-token --cluster-name c";
        for line in [
            vec!["env", "AWS_PROFILE=p", "aws", "eks", "get-token"],
            vec!["/usr/bin/env", "-i", "-u", "X", "A=1", "B=2", "aws", "eks", "get-token"],
            vec!["sh", "-c", script],
            vec!["/bin/bash", "-lc", script],
            vec!["bash", "--login", "-e", "-c", script],
            vec!["bash", "-c", "AWS_PROFILE=p exec aws eks get-token --cluster-name $CLUSTER"],
            vec!["sh", "-c", "env A=b /opt/bin/aws eks get-token\n"],
            vec!["aws-vault", "exec", "--no-session", "p", "--", "aws", "eks", "get-token"],
            vec!["aws-vault", "exec", "p", "--", "env", "A=b", "aws", "eks", "get-token"],
            vec!["cmd", "/c", script],
            vec![r"C:\Windows\System32\cmd.exe", "/d", "/C", "aws.exe", "eks", "get-token"],
        ] {
            let name = lookup(line[0], &line[1..]).map(|plugin| plugin.name);
            assert_eq!(name, Some("aws"), "{line:?}");
        }
    }

    #[test]
    fn gives_up_on_what_a_shell_would_have_to_read() {
        for line in [
            vec!["sh", "-c", "aws eks get-token | jq ."],
            vec!["sh", "-c", "aws eks get-token --cluster-name \"c\""],
            vec!["sh", "-c", "cd /x; aws eks get-token"],
            vec!["sh", "aws eks get-token"],
            vec!["sh", "-c"],
            vec!["sh", "-c", ""],
            vec!["env"],
            vec!["env", "-u"],
            vec!["cmd", "/c"],
            vec!["aws-vault", "exec", "p"],
            vec!["aws-vault", "exec", "p", "--"],
            vec!["kubectl", "exec", "pod", "--", "aws", "eks", "get-token"],
        ] {
            assert!(lookup(line[0], &line[1..]).is_none(), "{line:?}");
        }
    }

    #[test]
    fn ends_however_deep_the_wrapping_is() {
        let mut line = vec!["env"; 1000];
        line.extend(["aws", "eks", "get-token"]);
        assert!(lookup(line[0], &line[1..]).is_none());
    }
}
