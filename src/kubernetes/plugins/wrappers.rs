//! Unwraps commands that only run another command.

use super::{CommandLine, VARIABLES, Word, base, is_program, runners, windows_stem};

const SHELLS: &[&str] = &["ash", "bash", "dash", "ksh", "sh", "zsh"];

/// Returns the command line inside a wrapper; `None` if there is no wrapper, or if it is too
/// complex to see through.
pub(crate) fn unwrap<'a>(line: &CommandLine<'a>) -> Option<CommandLine<'a>> {
    let (command, args) = line.words.split_first()?;
    let is = |name: &str| is_program(command.text, name);
    let mut hidden = line.hidden.clone();
    let mut has_unknown_wrapper = line.has_unknown_wrapper;
    let words = if is("env") {
        after_env(args, &mut hidden)?
    } else if is_shell(command.text) {
        words(script_of_shell(args)?, &mut hidden)?
    } else if command.text.eq_ignore_ascii_case("cmd") || is("cmd") {
        after_flag(args, &["/c", "/k"], &mut hidden)?
    } else if is("powershell") || is("pwsh") {
        after_flag(args, &["-command", "-c"], &mut hidden)?
    } else if is("py") || is_python(command.text) {
        let module = args.iter().position(|arg| arg.text == "-m")?;
        let (name, rest) = args.get(module + 1..)?.split_first()?;
        let aws = (name.text == "awscli").then_some(Word { text: "aws", arg: None })?;
        std::iter::once(aws).chain(rest.iter().copied()).collect()
    } else {
        let is_exec = is("kubectl") && args.first().is_some_and(|verb| verb.text == "exec");
        let runner = runners::runner(command.text);
        let inner = match runner {
            Some(runner) => runner.command(args)?,
            // Nearly every program that runs another takes it after `--`.
            None => after_dashes(args)?,
        };
        has_unknown_wrapper |= runner.is_none() && !is_exec;
        let own = args.get(..args.len().saturating_sub(inner.len())).unwrap_or_default();
        let is_isolating = is_exec || runner.is_some_and(|runner| runner.is_isolating);
        let hands_on_all = own.iter().any(|word| matches!(word.text, "-E" | "--preserve-env"));
        hide(&mut hidden, |name| {
            // `NAME=value` sets the variable; `NAME`, `A,NAME` and `NAME=$NAME` pass it on.
            let mut after = own.iter().filter_map(|word| Some(word.text.rsplit_once(name)?.1));
            let is_set = after.clone().any(|rest| rest.starts_with('='));
            is_set || is_isolating && !hands_on_all && after.next().is_none()
        });
        inner
    };
    (!words.is_empty()).then_some(CommandLine { words, hidden, has_unknown_wrapper })
}

/// Returns the words after the first `--`.
fn after_dashes<'a>(args: &[Word<'a>]) -> Option<Vec<Word<'a>>> {
    let dashes = args.iter().position(|arg| arg.text == "--")?;
    args.get(dashes + 1..).map(<[_]>::to_vec)
}

/// Returns whether a command is a Unix shell, by its name.
pub(crate) fn is_shell(command: &str) -> bool {
    SHELLS.iter().any(|name| is_program(command, name))
}

/// Returns the words that `env` runs: those after its options and assignments, or the text that
/// `-S` splits.
fn after_env<'a>(mut args: &[Word<'a>], hidden: &mut Vec<&'static str>) -> Option<Vec<Word<'a>>> {
    while let Some((first, rest)) = args.split_first() {
        let text = first.text;
        if let Some(script) = text.strip_prefix("--split-string=") {
            return split(script, rest, hidden);
        }
        match text {
            "-S" | "-vS" | "--split-string" => {
                let (script, rest) = rest.split_first()?;
                return split(script.text, rest, hidden);
            }
            "-u" | "-C" | "--unset" | "--chdir" => {
                hide(hidden, |name| rest.first().is_some_and(|word| word.text == name));
                args = rest.get(1..).unwrap_or_default();
            }
            _ if text.starts_with('-') || runners::is_assignment(text) => {
                hide(hidden, |name| {
                    matches!(text, "-" | "-i" | "--ignore-environment")
                        || text.strip_prefix("--unset=") == Some(name)
                        || text.strip_prefix("-u") == Some(name)
                        || sets(text, name)
                });
                args = rest;
            }
            _ => break,
        }
    }
    Some(args.to_vec())
}

/// Returns the words of a script and the words after it.
fn split<'a>(
    script: &'a str,
    rest: &[Word<'a>],
    hidden: &mut Vec<&'static str>,
) -> Option<Vec<Word<'a>>> {
    let mut line = words(script, hidden)?;
    line.extend(rest);
    Some(line)
}

/// Returns the words that a Windows shell runs: those after its flag, as one script or as separate
/// words.
fn after_flag<'a>(
    args: &[Word<'a>],
    flags: &[&str],
    hidden: &mut Vec<&'static str>,
) -> Option<Vec<Word<'a>>> {
    let is_flag = |arg: &Word<'_>| flags.iter().any(|flag| arg.text.eq_ignore_ascii_case(flag));
    let at = args.iter().position(is_flag)?;
    match args.get(at + 1..)? {
        // PowerShell calls a command with `&`.
        [script] => words(script.text.trim_start().trim_start_matches("& "), hidden),
        inner => Some(inner.to_vec()),
    }
}

/// Returns the script passed to a shell with `-c`, alone or combined with other letters (`-lc`).
fn script_of_shell<'a>(args: &[Word<'a>]) -> Option<&'a str> {
    let is_c = |arg: &Word<'_>| {
        let flags = arg.text.strip_prefix('-');
        flags.is_some_and(|flags| !flags.starts_with('-') && flags.contains('c'))
    };
    let at = args.iter().position(is_c)?;
    args.get(at + 1).map(|script| script.text)
}

/// Returns the words of a script that is one plain command; `None` if it contains quotes, pipes or
/// other shell syntax.
fn words<'a>(script: &'a str, hidden: &mut Vec<&'static str>) -> Option<Vec<Word<'a>>> {
    let script = script.trim();
    let is_grammar =
        |c| matches!(c, '\'' | '"' | '`' | '\\' | '|' | '&' | ';' | '<' | '>' | '(' | ')' | '\n');
    if script.contains(is_grammar) {
        return None;
    }
    // A word that begins with `#` starts a comment.
    let words = script.split_whitespace().take_while(|word| !word.starts_with('#'));
    let words = words.skip_while(|word| {
        hide(hidden, |name| sets(word, name));
        *word == "exec" || runners::is_assignment(word)
    });
    Some(words.map(|text| Word { text, arg: None }).collect())
}

/// Returns whether a word is `NAME=value` with that name.
fn sets(word: &str, name: &str) -> bool {
    word.split_once('=').is_some_and(|(set, _)| set == name)
}

/// Adds the variables that a wrapper hides.
fn hide(hidden: &mut Vec<&'static str>, is_hidden: impl Fn(&str) -> bool) {
    hidden.extend(VARIABLES.into_iter().filter(|name| is_hidden(name)));
}

/// Returns whether a command is `python`, `python3` or `python3.12`.
fn is_python(command: &str) -> bool {
    let base = base(command);
    let stem = windows_stem(base).unwrap_or(base);
    let version = stem.strip_prefix("python");
    version.is_some_and(|version| version.chars().all(|c| c == '.' || c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::plugin;
    use super::super::{EXEC_INFO, find};

    #[test]
    fn find_sees_through_wrappers() {
        let script = "aws eks get-token --cluster-name c";
        for line in [
            vec!["env", "AWS_PROFILE=p", "aws", "eks", "get-token"],
            vec!["/usr/bin/env", "-i", "-u", "X", "A=1", "B=2", "aws", "eks", "get-token"],
            vec!["sh", "-c", script],
            vec!["/bin/bash", "-lc", script],
            vec!["bash", "--login", "-e", "-c", script],
            vec!["sh", "-c", "aws eks get-token --cluster-name a#b # --output text"],
            vec!["bash", "-c", "AWS_PROFILE=p exec aws eks get-token --cluster-name $CLUSTER"],
            vec!["sh", "-c", "env A=b /opt/bin/aws eks get-token\n"],
            vec!["aws-vault", "exec", "--no-session", "p", "--", "aws", "eks", "get-token"],
            vec!["aws-vault", "exec", "p", "--", "env", "A=b", "aws", "eks", "get-token"],
            vec!["cmd", "/c", script],
            vec![r"C:\Windows\System32\cmd.exe", "/d", "/C", "aws.exe", "eks", "get-token"],
            vec!["CMD.EXE", "/c", script],
            vec!["aws-vault", "exec", "prod", "aws", "eks", "get-token"],
            vec!["aws-vault", "exec", "--duration", "1h", "aws", "aws", "eks", "get-token"],
            vec!["doppler", "run", "--", "aws", "eks", "get-token"],
            vec!["aws-sso", "exec", "-p", "x", "--", "aws", "eks", "get-token"],
            vec!["mise", "exec", "--", "aws", "eks", "get-token"],
            vec!["mise", "x", "aws-cli@2", "--", "sh", "-c", script],
            vec!["nix", "run", "nixpkgs#awscli2", "--", "aws", "eks", "get-token"],
            vec!["python3", "-m", "awscli", "eks", "get-token"],
            vec![r"C:\Python312\python.exe", "-m", "awscli", "eks", "get-token"],
            vec!["/usr/bin/python3.12", "-m", "awscli", "eks", "get-token"],
            vec!["powershell", "-NoProfile", "-Command", script],
            vec!["pwsh.exe", "-c", "& aws eks get-token"],
            vec!["powershell.exe", "-command", "aws", "eks", "get-token"],
            vec!["sudo", "-u", "aws", "aws", "eks", "get-token"],
            vec!["timeout", "-k", "5", "30", "aws", "eks", "get-token"],
            vec!["env", "-S", "AWS_PROFILE=p aws eks get-token", "--cluster-name", "c"],
            vec!["env", "--split-string=aws eks get-token"],
            vec!["wsl", "-d", "Ubuntu", "aws", "eks", "get-token"],
            vec!["wsl.exe", "--", "aws", "eks", "get-token"],
            vec!["docker", "run", "--rm", "-i", "tools", "aws", "eks", "get-token"],
            vec!["docker", "run", "-v", "/h:/h", "amazon/aws-cli:2.15.0", "eks", "get-token"],
            vec!["docker", "run", "public.ecr.aws/aws-cli/aws-cli", "eks", "get-token"],
            vec!["mine", "--", "aws", "eks", "get-token"],
            vec!["timeout", "5", "mine", "--", "aws", "eks", "get-token"],
            vec!["env", "X=1", "mine", "--", "aws", "eks", "get-token"],
            vec!["sh", "-c", "mine -- aws eks get-token"],
            vec!["aws-vault", "exec", "p", "mine", "--", "aws", "eks", "get-token"],
            vec!["doppler", "run", "--", "mine", "--", "aws", "eks", "get-token"],
            vec!["docker", "run", "-it", "tools", "mine", "--", "aws", "eks", "get-token"],
            vec!["docker", "run", "-ite", "A", "--network=x", "tools", "aws", "eks", "get-token"],
            vec!["docker", "--context", "c", "exec", "-t", "box", "aws", "eks", "get-token"],
            vec!["timeout", "--", "30", "aws", "eks", "get-token"],
            vec!["timeout", "-k5", "30", "--", "aws", "eks", "get-token"],
            vec!["nice", "-n5", "nohup", "aws", "eks", "get-token"],
            vec!["sudo", "-En", "A=b", "/usr/bin/aws", "eks", "get-token"],
            vec!["chamber", "exec", "a", "b", "--", "aws", "eks", "get-token"],
            vec!["kubectl", "exec", "pod", "--", "aws", "eks", "get-token"],
        ] {
            let name = plugin(line[0], &line[1..]).map(|plugin| plugin.name);
            assert_eq!(name, Some("aws"), "{line:?}");
        }
    }

    #[test]
    fn find_gives_up_on_shell_syntax() {
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
            vec!["mine", "aws", "eks", "get-token"],
            vec!["mine", "--"],
            vec!["--"],
            vec!["nice", "-n", "5", "mine", "aws", "eks", "get-token"],
            vec!["sh", "-c", "mine aws eks get-token"],
            vec!["sudo", "-u", "me", "A=b", "mine", "aws", "eks", "get-token"],
            vec!["aws-vault", "exec", "p", "mine", "aws", "eks", "get-token"],
            vec!["aws-vault", "exec", "p", "--", "mine", "aws", "eks", "get-token"],
            vec!["aws-vault", "login", "p", "aws", "eks", "get-token"],
            vec!["docker", "run", "tools", "mine", "aws", "eks", "get-token"],
            vec!["docker", "run", "-e", "aws", "tools", "mine", "eks", "get-token"],
            vec!["docker", "pull", "aws", "eks", "get-token"],
            vec!["wsl", "-d", "aws", "mine", "eks", "get-token"],
            vec!["docker", "run", "aws", "--", "cat"],
            vec!["python3", "awscli", "eks", "get-token"],
            vec!["python3", "-m"],
            vec!["pythonic", "-m", "awscli", "eks", "get-token"],
            vec!["powershell", "-File", "aws", "eks", "get-token"],
            vec!["env", "-S"],
            vec!["sh", "-c", "# aws eks get-token"],
            vec!["sh", "-c", "aws eks # get-token"],
        ] {
            assert!(plugin(line[0], &line[1..]).is_none(), "{line:?}");
        }
    }

    #[test]
    fn command_line_knows_wrappers_that_hide_the_request() {
        let is_hidden = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            find(words[0], &words[1..]).unwrap().1.hides(EXEC_INFO)
        };
        for line in [
            "env -i aws eks get-token",
            "env -u KUBERNETES_EXEC_INFO aws eks get-token",
            "env --unset=KUBERNETES_EXEC_INFO aws eks get-token",
            "env KUBERNETES_EXEC_INFO= aws eks get-token",
            "docker run --rm tools aws eks get-token",
            "docker run -e KUBERNETES_EXEC_INFO={} tools aws eks get-token",
            "sudo aws eks get-token",
            "wsl aws eks get-token",
            "kubectl exec pod -- aws eks get-token",
        ] {
            assert!(is_hidden(line), "{line}");
        }
        for line in [
            "aws eks get-token",
            "env -u AWS_PROFILE A=b aws eks get-token",
            "docker run -e KUBERNETES_EXEC_INFO tools aws eks get-token",
            "docker run -e KUBERNETES_EXEC_INFO=$KUBERNETES_EXEC_INFO tools aws eks get-token",
            "sudo --preserve-env=A,KUBERNETES_EXEC_INFO aws eks get-token",
            "sudo -E aws eks get-token",
            "timeout 30 aws eks get-token",
            "aws-vault exec p -- aws eks get-token",
        ] {
            assert!(!is_hidden(line), "{line}");
        }
        let line = ["-c", "KUBERNETES_EXEC_INFO= aws eks get-token"];
        assert!(find("sh", &line).unwrap().1.hides(EXEC_INFO));
    }

    #[test]
    fn command_line_numbers_the_arguments_of_its_words() {
        let args = ["exec", "p", "--", "aws", "eks", "get-token"];
        let line = find("aws-vault", &args).unwrap().1;
        let numbers: Vec<_> = line.words.iter().map(|word| word.arg).collect();
        assert_eq!(numbers, [Some(3), Some(4), Some(5)]);
        let line = find("sh", &["-c", "aws eks get-token"]).unwrap().1;
        assert!(line.words.iter().all(|word| word.arg.is_none()));
    }

    #[test]
    fn find_bounds_nested_wrappers() {
        let mut line = vec!["env"; 1000];
        line.extend(["aws", "eks", "get-token"]);
        assert!(plugin(line[0], &line[1..]).is_none());
    }
}
