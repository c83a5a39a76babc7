//! Commands that take another command among their arguments, and the position where it begins.
//!
//! Source: the manuals of coreutils, util-linux, moreutils, sudo, doas and GNU time;
//! `docker run --help`, `docker exec --help`, `wsl --help`; and `--help` of `aws-okta exec`,
//! `aws-sso exec`, `aws-vault exec`, `chamber exec`, `doppler run`, `infisical run`, `mise exec`,
//! `nix run`, `op run` and `saml2aws exec`.

use super::{Word, is_program};

/// A command that runs another one.
pub(super) struct Runner {
    name: &'static str,
    /// The subcommands that run a command; empty if the runner does nothing else.
    verbs: &'static [&'static str],
    /// The number of operands before the command; [`ANY`] if only `--` ends them.
    operands: usize,
    /// The options that take the next word as their value.
    values: Values,
    /// Whether the command starts in an environment of its own.
    pub(super) is_isolating: bool,
}

enum Values {
    /// These options.
    Of(&'static [&'static str]),
    /// All options except these long ones and the short ones made of these letters.
    AllBut(&'static [&'static str], &'static str),
}

/// Any number of operands.
const ANY: usize = usize::MAX;

const fn plain(name: &'static str, values: &'static [&'static str]) -> Runner {
    Runner { name, verbs: &[], operands: 0, values: Values::Of(values), is_isolating: false }
}

const fn verb(
    name: &'static str,
    verbs: &'static [&'static str],
    operands: usize,
    values: &'static [&'static str],
) -> Runner {
    Runner { name, verbs, operands, values: Values::Of(values), is_isolating: false }
}

const fn container(name: &'static str) -> Runner {
    const FLAGS: &[&str] = &[
        "--detach",
        "--init",
        "--interactive",
        "--no-healthcheck",
        "--oom-kill-disable",
        "--privileged",
        "--publish-all",
        "--quiet",
        "--read-only",
        "--rm",
        "--sig-proxy",
        "--tty",
    ];
    let values = Values::AllBut(FLAGS, "ditPq");
    Runner { name, verbs: &["run", "exec"], operands: 1, values, is_isolating: true }
}

static RUNNERS: &[Runner] = &[
    verb(
        "aws-okta",
        &["exec"],
        1,
        &["-a", "-b", "-r", "-t", "--assume-role-arn", "--assume-role-ttl", "--backend"],
    ),
    verb(
        "aws-sso",
        &["exec"],
        0,
        &[
            "-A",
            "-L",
            "-R",
            "-S",
            "-a",
            "-p",
            "-u",
            "--account",
            "--arn",
            "--config",
            "--profile",
            "--role",
            "--sso",
        ],
    ),
    verb(
        "aws-vault",
        &["exec"],
        1,
        &[
            "-d",
            "-t",
            "--backend",
            "--duration",
            "--file-dir",
            "--keychain",
            "--mfa-token",
            "--pass-cmd",
            "--pass-dir",
            "--pass-prefix",
            "--prompt",
            "--region",
        ],
    ),
    verb("chamber", &["exec"], ANY, &[]),
    plain("chronic", &[]),
    Runner { is_isolating: true, ..plain("doas", &["-C", "-a", "-u"]) },
    container("docker"),
    verb(
        "doppler",
        &["run"],
        0,
        &["-c", "-p", "-t", "--config", "--fallback", "--project", "--scope", "--token"],
    ),
    verb("infisical", &["run"], 0, &["--env", "--path", "--projectId", "--tags", "--token"]),
    plain("ionice", &["-c", "-n", "--class", "--classdata"]),
    verb("mise", &["exec", "x"], ANY, &[]),
    container("nerdctl"),
    plain("nice", &["-n", "--adjustment"]),
    verb("nix", &["develop", "run", "shell"], ANY, &[]),
    plain("nohup", &[]),
    verb("op", &["run"], 0, &["--account", "--env-file", "--environment", "--session"]),
    container("podman"),
    verb(
        "saml2aws",
        &["exec"],
        0,
        &["-a", "-p", "--exec-profile", "--idp-account", "--profile", "--region", "--role"],
    ),
    plain("setsid", &[]),
    plain("stdbuf", &["-e", "-i", "-o", "--error", "--input", "--output"]),
    Runner {
        is_isolating: true,
        ..plain(
            "sudo",
            &[
                "-C", "-D", "-R", "-T", "-U", "-g", "-h", "-p", "-r", "-t", "-u", "--chdir",
                "--chroot", "--group", "--host", "--prompt", "--role", "--type", "--user",
            ],
        )
    },
    plain("time", &["-f", "-o", "--format", "--output"]),
    Runner { operands: 1, ..plain("timeout", &["-k", "-s", "--kill-after", "--signal"]) },
    Runner {
        is_isolating: true,
        ..plain(
            "wsl",
            &["-d", "-u", "--cd", "--distribution", "--distribution-id", "--shell-type", "--user"],
        )
    },
];

/// Returns the runner of that name.
pub(super) fn runner(command: &str) -> Option<&'static Runner> {
    RUNNERS.iter().find(|runner| is_program(command, runner.name))
}

impl Runner {
    /// Returns the command that the runner runs, with its arguments.
    pub(super) fn command<'a>(&self, args: &[Word<'a>]) -> Option<Vec<Word<'a>>> {
        let mut operands = self.operands;
        let mut at = match self.verbs {
            [] => 0,
            verbs => args.iter().position(|arg| verbs.contains(&arg.text))? + 1,
        };
        while let Some(arg) = args.get(at) {
            let text = arg.text;
            at += 1;
            if text == "--" {
                // `timeout -- 5 aws`
                at += if self.verbs.is_empty() { operands } else { 0 };
                break;
            }
            if text.len() > 1 && text.starts_with('-') {
                at += usize::from(self.takes_next(text));
            } else if is_assignment(text) && operands != ANY {
                // An assignment, as `sudo` accepts them.
            } else if operands == 0 {
                at -= 1;
                break;
            } else if operands != ANY {
                operands -= 1;
                if let Some(program) = program_of_image(text).filter(|_| self.is_isolating) {
                    let program = Word { text: program, ..*arg };
                    let rest = args.get(at..)?.iter().copied();
                    return Some(std::iter::once(program).chain(rest).collect());
                }
            }
        }
        args.get(at..).filter(|rest| !rest.is_empty()).map(<[_]>::to_vec)
    }

    /// Returns whether the next word is the value of this option.
    fn takes_next(&self, option: &str) -> bool {
        if option.contains('=') {
            return false;
        }
        match self.values {
            Values::Of(options) => options.contains(&option),
            Values::AllBut(flags, letters) => {
                let is_letter = |c: char| letters.contains(c);
                match option.strip_prefix('-').filter(|rest| !rest.starts_with('-')) {
                    // `-it`, and `-ite NAME`, but not `-eNAME`.
                    Some(rest) => {
                        let value = rest.trim_start_matches(is_letter);
                        value.chars().count() == 1
                    }
                    None => !flags.contains(&option),
                }
            }
        }
    }
}

/// Returns the program that a container image starts, if the name of the image is known.
///
/// Source: the `ENTRYPOINT` of `amazon/aws-cli` (aws-cli `docker/Dockerfile` at 2.27.0).
fn program_of_image(word: &str) -> Option<&'static str> {
    let base = word.rsplit('/').next().unwrap_or(word);
    let name = base.split([':', '@']).next().unwrap_or(base);
    (name == "aws-cli").then_some("aws")
}

/// Returns whether a word is `NAME=value`.
pub(super) fn is_assignment(word: &str) -> bool {
    let Some((name, _)) = word.split_once('=') else {
        return false;
    };
    !name.is_empty() && name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric())
}
