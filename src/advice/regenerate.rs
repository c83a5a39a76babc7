//! Builds the command that regenerates a kubeconfig entry, with the entry's own values.
//!
//! Source: aws-cli 1.46.3 `awscli/customizations/eks/update_kubeconfig.py` and `kubeconfig.py` (it
//! replaces a user that has the name of the new one, which is the ARN of the cluster or
//! `--user-alias`, and a context of that name or of `--alias`); Azure/kubelogin
//! `pkg/internal/converter/convert.go` (it converts every user of the file, and keeps no secrets and
//! no variables); and gcloud's reference of `container
//! clusters get-credentials` (it names the user `gke_PROJECT_LOCATION_CLUSTER`).

use std::fmt;

use crate::advice;
use crate::kubernetes::plugins::{AWS_OUTPUT, CommandLine, EXEC_INFO, Regenerate, is_program};
use crate::model::{AuthInfo, Cluster, ExecConfig, Reach};
use crate::text::message::{Message, message};

/// Returns how to regenerate the entry of a user with its own values; `None` if no command writes
/// it into this file, if a wrapper would be lost, or if a report cannot show the command exactly as
/// the shell needs it.
pub(crate) fn regenerate(by: Regenerate, auth: &AuthInfo) -> Option<Message> {
    let known = auth.exec.as_deref().and_then(|exec| Some((exec, advice::program_of(exec)?.1)));
    let is_wrapped = |(exec, line): &(&ExecConfig, CommandLine<'_>)| {
        // A script of three words after `sh -c` has as many words as its own command line.
        line.words.len() != exec.args.len() + 1
            || line.words.iter().skip(1).any(|word| word.arg.is_none())
    };
    if known.as_ref().is_some_and(is_wrapped) {
        return None;
    }
    let words = known.map(|(exec, _)| {
        exec.command.iter().chain(&exec.args).map(|word| word.value.as_str()).collect()
    });
    let name = auth.name.as_ref().map_or("", |name| &name.value);
    let context = auth.context.as_ref().map_or("", |name| &name.value);
    let file = auth.file.as_deref()?;
    if ![name, context, file].into_iter().all(is_shown) {
        return None;
    }
    let variables = auth.exec.iter().flat_map(|exec| &exec.env);
    let names = variables.filter_map(|env| Some(env.name.as_ref()?.value.as_str()));
    let entry = Entry {
        name,
        context,
        is_current: auth.reach == Reach::Current,
        cluster: auth.cluster.as_deref().map_or("", Cluster::display_name),
        has_user_of_cluster: auth.has_user_of_cluster,
        file: path(file),
        words,
        // kubectl sets that variable itself.
        variables: names.filter(|name| *name != EXEC_INFO).collect(),
    };
    Some(match by {
        // aws would read a value such as `file://x` from that file.
        Regenerate::Eks if name.contains("://") || context.contains("://") => return None,
        Regenerate::Eks => entry.eks(),
        // `KUBECONFIG` is a list.
        Regenerate::Gke if file.contains([':', ';']) => return None,
        Regenerate::Gke => entry.gke(),
        Regenerate::Azure => entry.azure(),
        Regenerate::Command(command) => message!(
            "or regenerate the entry with {}, which adds a second user if it names the user differently",
            Message::command(command)
        ),
    })
}

/// The parts of a command.
struct Entry<'a> {
    name: &'a str,
    /// The context that selects the user; empty if there is none.
    context: &'a str,
    /// Whether that context is the current one.
    is_current: bool,
    /// The cluster of that context; empty if there is none.
    cluster: &'a str,
    /// Whether another user has the name of that cluster.
    has_user_of_cluster: bool,
    /// The kubeconfig, quoted for a shell.
    file: String,
    /// The command line of the plugin, if it is known.
    words: Option<Vec<&'a str>>,
    /// The names of the plugin's environment variables.
    variables: Vec<&'a str>,
}

/// Limit on the flags and variables that are named as lost.
const MAX_LOST: usize = 4;

/// The variable with the profile of aws.
const AWS_PROFILE: &str = "AWS_PROFILE";

impl Entry<'_> {
    fn eks(&self) -> Message {
        let Self { name, context, file, .. } = self;
        let arn = EksArn::of(name);
        let cluster = self.option(&["--cluster-name", "--cluster-id", "-i"], is_name, "CLUSTER");
        let cluster = cluster.or(arn.as_ref().map(|arn| arn.cluster)).unwrap_or("CLUSTER");
        let region = self.option(&["--region"], is_name, "REGION");
        let region = region.or(arn.as_ref().map(|arn| arn.region)).unwrap_or("REGION");
        let mut command = "aws eks update-kubeconfig".to_owned();
        command.push_str(&option("--name", cluster));
        command.push_str(&option("--region", region));
        if let Some(role) = self.option(&["--role-arn", "--role", "-r"], is_arn, "ROLE") {
            command.push_str(&option("--role-arn", role));
        }
        let given = self.option(&["--profile"], is_name, "PROFILE");
        // No report shows the value of a variable.
        let is_set = self.variables.contains(&AWS_PROFILE);
        if let Some(profile) = given.or(is_set.then_some("PROFILE")) {
            command.push_str(&option("--profile", profile));
        }
        if arn.is_none() && !name.is_empty() {
            command.push_str(&option("--user-alias", name));
        }
        // aws names the context like the user.
        if !context.is_empty() && context != name {
            command.push_str(&option("--alias", context));
        }
        let profile = match given {
            Some("PROFILE") => ", where PROFILE is the profile of the entry",
            None if is_set => ", where PROFILE is the value of AWS_PROFILE in the entry",
            _ => "",
        };
        let first = self.words.iter().flatten().next();
        let other = match first.is_some_and(|command| is_program(command, "aws")) {
            true => "",
            false => ", which will then run `aws`",
        };
        const KEPT: &[&str] = &[
            "--cluster-name",
            "--cluster-id",
            "-i",
            "--region",
            "--role-arn",
            "--role",
            "-r",
            "--profile",
            "--output",
            // kubectl cannot decode what it selects.
            "--query",
        ];
        message!(
            "or regenerate the entry{}: {}{}{}{}",
            other,
            Message::command(format!("{command} --kubeconfig {file}")),
            profile,
            self.added(arn.is_some()),
            // The command writes `--output json`.
            self.lost(KEPT, &[AWS_PROFILE, AWS_OUTPUT])
        )
    }

    /// Returns what aws adds to the kubeconfig: it names the cluster after its ARN, and makes the
    /// context of the user the current one. If `is_arn`, so is the user.
    fn added(&self, is_arn: bool) -> Message {
        if self.name.is_empty() {
            return ". The command adds a second user, named after the ARN of the cluster".into();
        }
        // The names that aws-cli wrote are all the same.
        let adds_cluster = match is_arn {
            true => self.cluster != self.name,
            false => EksArn::of(self.cluster).is_none(),
        };
        match (adds_cluster, self.context.is_empty(), self.is_current) {
            (true, true, _) => {
                ". The command also adds a cluster and a context, and makes that context current"
                    .into()
            }
            (true, false, true) => ". The command also adds a cluster, named after its ARN".into(),
            (true, false, false) => ". The command also adds a cluster, named after its ARN, and \
                                     makes the context of the entry current"
                .into(),
            (false, false, false) => {
                ". The command also makes the context of the entry current".into()
            }
            (false, _, _) => Message::default(),
        }
    }

    /// Returns which flags and variables of the entry a command does not write again; empty if
    /// none.
    fn lost(&self, kept_flags: &[&str], kept_variables: &[&str]) -> Message {
        let flags = self.words.iter().flatten().skip(1).copied();
        let flags = flags.filter(|word| word.starts_with('-'));
        let flags = flags.map(|word| word.split_once('=').map_or(word, |(flag, _)| flag));
        let flags = flags.filter(|flag| !kept_flags.contains(flag));
        let variables = self.variables.iter().copied();
        let variables = variables.filter(|name| !kept_variables.contains(name));
        let is_plain = |word: &&str| is_name(word.trim_start_matches('-'));
        let mut lost: Vec<&str> = flags.chain(variables).filter(is_plain).collect();
        lost.dedup();
        let mut words = Message::default();
        for (at, word) in lost.iter().take(MAX_LOST).enumerate() {
            words.push(match at {
                0 => ". The command drops ",
                _ if at + 1 == lost.len() => " and ",
                _ => ", ",
            });
            words.push(message!("`{}`", (*word).to_owned()));
        }
        words.push(match lost.len() {
            0 => "",
            1 => ": add it again",
            2..=MAX_LOST => ": add them again",
            _ => " and others: add them again",
        });
        words
    }

    fn gke(&self) -> Message {
        let command = format!("KUBECONFIG={} gcloud container clusters get-credentials", self.file);
        match (GkeName::of(self.name), GkeName::of(self.cluster)) {
            (Some(own), _) => {
                let words = format!("{command}{own}");
                let lost = self.lost(&[], &[]);
                message!("or regenerate the entry: {}{}", Message::command(words), lost)
            }
            (None, Some(_)) if self.has_user_of_cluster => message!(
                "or write `user: {}` in the context, a user that already exists, and delete this one",
                self.cluster.to_owned()
            ),
            (None, Some(cluster)) => message!(
                "or generate a new entry: {}. The command adds a second user, named `{}`",
                Message::command(format!("{command}{cluster}")),
                self.cluster.to_owned()
            ),
            (None, None) => message!(
                "or generate a new entry: {}. The command adds a second user, named \
                 gke_PROJECT_LOCATION_CLUSTER",
                Message::command(format!(
                    "{command} CLUSTER --location LOCATION --project PROJECT"
                ))
            ),
        }
    }

    /// Source of the default: Azure/kubelogin `pkg/internal/token/options.go`.
    fn azure(&self) -> Message {
        let method = self.option(&["--login", "-l"], is_name, "METHOD").unwrap_or("devicecode");
        let command =
            format!("kubelogin convert-kubeconfig --login {method} --kubeconfig {}", self.file);
        const KEPT: &[&str] = &[
            "--login",
            "-l",
            "--environment",
            "-e",
            "--server-id",
            "--client-id",
            "--tenant-id",
            "-t",
            "--legacy",
            "--cache-dir",
            "--token-cache-dir",
            "--pop-enabled",
            "--pop-claims",
            "--redirect-url",
            "--login-hint",
        ];
        message!(
            "or regenerate the entry: {}. The command converts all kubelogin users in the file{}",
            Message::command(command),
            self.lost(KEPT, &[])
        )
    }

    /// Returns the value of the first of these options of the plugin. Arguments may hold secrets: a
    /// value that does not look as expected is replaced by `placeholder`.
    fn option(
        &self,
        names: &[&str],
        is_such: fn(&str) -> bool,
        placeholder: &'static str,
    ) -> Option<&str> {
        let words = self.words.as_deref().unwrap_or_default();
        let next = words.iter().skip(1).copied();
        let value = words.iter().zip(next.map(Some).chain([None])).find_map(|(word, next)| {
            match word.split_once('=') {
                Some((name, value)) if names.contains(&name) => Some(value),
                None if names.contains(word) => next,
                _ => None,
            }
        });
        value.map(|value| if is_such(value) { value } else { placeholder })
    }
}

/// The parts of a user name that is the ARN of an EKS cluster:
/// `arn:aws:eks:REGION:ACCOUNT:cluster/CLUSTER`.
struct EksArn<'a> {
    region: &'a str,
    cluster: &'a str,
}

impl<'a> EksArn<'a> {
    fn of(name: &'a str) -> Option<Self> {
        let parts: Vec<&str> = name.splitn(6, ':').collect();
        let ["arn", _, "eks", region, _, resource] = parts.as_slice() else { return None };
        let cluster = resource.strip_prefix("cluster/")?;
        (is_name(region) && is_name(cluster)).then_some(Self { region, cluster })
    }
}

/// The parts of the name that gcloud gives to a user, a cluster and a context:
/// `gke_PROJECT_LOCATION_CLUSTER`. Displays as the arguments of `get-credentials`.
struct GkeName<'a> {
    project: &'a str,
    location: &'a str,
    cluster: &'a str,
}

impl<'a> GkeName<'a> {
    fn of(name: &'a str) -> Option<Self> {
        let parts: Vec<&str> = name.split('_').collect();
        let ["gke", project, location, cluster] = *parts.as_slice() else { return None };
        let is_named = [project, location, cluster].into_iter().all(is_name);
        is_named.then_some(Self { project, location, cluster })
    }
}

impl fmt::Display for GkeName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { project, location, cluster } = self;
        write!(f, " {cluster} --location {location} --project {project}")
    }
}

/// Whether the value looks like the name of a cluster, region, profile or the like.
fn is_name(value: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    (1..=100).contains(&value.len()) && value.chars().all(is_part) && !value.starts_with('-')
}

/// Whether the value looks like the ARN of a role.
fn is_arn(value: &str) -> bool {
    let is_part = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, ':' | '/' | '-' | '_' | '+' | '=' | ',' | '.' | '@')
    };
    value.starts_with("arn:") && value.len() <= 256 && value.chars().all(is_part)
}

/// Whether a report can show the text within a command: reports enclose commands in backticks, and
/// escape invisible characters and CI commands.
fn is_shown(text: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || c.is_ascii_graphic() || c == ' ';
    text.chars().all(|c| is_plain(c) && c != '`') && !text.contains("##")
}

/// Returns an option and its value as shell words, after a blank. A value that begins with `-` is
/// joined with `=`, so that it is not read as another option.
fn option(name: &str, value: &str) -> String {
    let between = if value.starts_with('-') { '=' } else { ' ' };
    format!(" {name}{between}{}", quoted(value))
}

/// Returns the path as a shell word that no command reads as an option.
fn path(path: &str) -> String {
    if path.starts_with('-') { quoted(&format!("./{path}")) } else { quoted(path) }
}

/// Returns the text as a shell word.
pub(crate) fn quoted(text: &str) -> String {
    let is_plain = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '.' | '_' | '/' | '-' | ':' | '=' | '@' | ',' | '+')
    };
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_yields_one_shell_word() {
        assert_eq!(quoted("a/b-c.d:e@f"), "a/b-c.d:e@f");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("$(x)"), "'$(x)'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
        assert_eq!(path("-x y"), "'./-x y'");
        assert_eq!(path("a/-x"), "a/-x");
    }

    #[test]
    fn option_value_never_reads_as_an_option() {
        assert_eq!(option("--x", "a b"), " --x 'a b'");
        assert_eq!(option("--x", "-y"), " --x=-y");
        assert_eq!(option("--x", "--y=z;id"), " --x='--y=z;id'");
        assert_eq!(option("--x", ""), " --x ''");
    }

    #[test]
    fn is_shown_rejects_characters_that_reports_escape() {
        assert!(is_shown("it's") && is_shown("$(x)") && is_shown(""));
        assert!(
            !is_shown("a`id`") && !is_shown("a\nb") && !is_shown("\u{1b}") && !is_shown("\u{9b}")
        );
        assert!(is_shown("é") && !is_shown("\u{202e}") && !is_shown("a\u{200b}"));
        assert!(!is_shown("##vso[x]") && !is_shown("\u{a0}"));
    }

    #[test]
    fn is_name_and_is_arn_reject_everything_else() {
        assert!(is_name("eu-west-1") && is_name("a_b"));
        assert!(!is_name("-x") && !is_name("") && !is_name(&"x".repeat(101)) && !is_name("a.b"));
        assert!(is_arn("arn:aws:iam::1:role/x") && !is_arn("arn:aws:iam::1:role/x;id"));
    }
}
