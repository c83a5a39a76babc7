//! Generates kubeconfigs of which everything is known, and files that hold them.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::choices::Choices;

/// The API group, as a search for bytes finds it.
pub const GROUP: &str = "client.authentication.k8s.io";

/// The beginning of every secret value. No report may show it.
pub const CANARY: &str = "cAnArYcAnArY";

/// A user of a generated kubeconfig.
#[derive(Debug, Clone)]
pub struct User {
    /// The name.
    pub name: String,
    /// The word after the group.
    pub version: &'static str,
}

/// How the file holds the kubeconfig.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// The file is the kubeconfig.
    File,
    /// A block scalar in a ConfigMap.
    ConfigMap,
    /// Base64 in a Secret.
    Secret,
    /// Base64 in base64.
    Nested,
    /// A fence in Markdown.
    Markdown,
    /// A heredoc of a shell.
    Shell,
    /// A heredoc of Terraform.
    Terraform,
    /// A raw string in Go.
    Go,
}

/// A file with a kubeconfig.
#[derive(Debug, Clone)]
pub struct File {
    /// The name of the file.
    pub name: &'static str,
    /// Its text.
    pub text: String,
    /// How it holds the kubeconfig.
    pub holder: Holder,
    /// The kubeconfig itself.
    pub inner: String,
    /// The users, in order.
    pub users: Vec<User>,
}

impl File {
    /// Returns whether the text shows the kubeconfig, so that findings have exact places.
    pub fn is_plain(&self) -> bool {
        !matches!(self.holder, Holder::Secret | Holder::Nested)
    }

    /// Returns whether kubectl loads the kubeconfig as it is, so that every removed version in it
    /// is an error.
    pub fn is_live(&self) -> bool {
        matches!(self.holder, Holder::File | Holder::ConfigMap | Holder::Secret)
    }

    /// Returns how many users have a version that kubectl 1.24 and newer refuse.
    pub fn removed(&self) -> usize {
        self.users.iter().filter(|user| user.version == "v1alpha1").count()
    }
}

/// Returns every place of the group in a text.
pub fn occurrences(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices(GROUP).map(|(at, _)| at)
}

/// Generates a file with a kubeconfig.
pub fn file(choices: &mut Choices<'_>) -> File {
    const HOLDERS: &[(&str, Holder)] = &[
        ("config", Holder::File),
        ("config", Holder::File),
        ("configmap.yaml", Holder::ConfigMap),
        ("secret.yaml", Holder::Secret),
        ("nested.yaml", Holder::Nested),
        ("README.md", Holder::Markdown),
        ("set.sh", Holder::Shell),
        ("main.tf", Holder::Terraform),
        ("main.go", Holder::Go),
    ];
    let (name, holder) = choices.pick(HOLDERS);
    let mut canary = 0;
    let (inner, users) = kubeconfig(choices, &mut canary);
    let indented = |by: &str| {
        let lines = inner
            .lines()
            .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{by}{line}\n") });
        lines.collect::<String>()
    };
    let text = match holder {
        Holder::File => inner.clone(),
        Holder::ConfigMap => {
            format!(
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  config: |\n{}",
                indented("    ")
            )
        }
        Holder::Secret => secret(&encode(choices, &inner)),
        Holder::Nested => secret(&STANDARD.encode(secret(&encode(choices, &inner)))),
        Holder::Markdown => format!("# Title\n\nText.\n\n```yaml\n{inner}```\n\nMore.\n"),
        Holder::Shell => format!("#!/bin/sh\ncat >config <<'EOF'\n{inner}EOF\n"),
        Holder::Terraform => format!("locals {{\n  config = <<EOT\n{inner}EOT\n}}\n"),
        Holder::Go => format!("package main\n\nconst config = `{inner}`\n"),
    };
    File { name, text, holder, inner, users }
}

fn secret(base64: &str) -> String {
    format!("apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  config: {base64}\n")
}

/// Returns the text in base64, in one of the ways in which people write it.
fn encode(choices: &mut Choices<'_>, text: &str) -> String {
    match choices.below(3) {
        0 => STANDARD.encode(text),
        1 => URL_SAFE_NO_PAD.encode(text),
        _ => {
            let letters = STANDARD.encode(text);
            let lines = letters
                .as_bytes()
                .chunks(76)
                .map(|line| format!("\n    {}", String::from_utf8_lossy(line)));
            format!("|{}", lines.collect::<String>())
        }
    }
}

/// Generates a kubeconfig that every kubectl reads, apart from its exec API versions.
pub fn kubeconfig(choices: &mut Choices<'_>, canary: &mut usize) -> (String, Vec<User>) {
    const VERSIONS: &[&str] = &["v1alpha1", "v1beta1", "v1", "v1alpha1", "v2", "v1betha1"];
    const COMMANDS: &[(&str, &[&str])] = &[
        ("aws", &["eks", "get-token"]),
        ("aws-iam-authenticator", &["token", "-i", "c"]),
        ("gke-gcloud-auth-plugin", &[]),
        ("made-up", &["x"]),
    ];
    let style = choices.pick(&[Style::Block, Style::Block, Style::Flow, Style::Json]);
    let count = 1 + choices.below(4);
    let mut users = Vec::new();
    let mut entries = Vec::new();
    let mut secret = || {
        *canary += 1;
        format!("{CANARY}{canary}")
    };
    for number in 0..count {
        let name = format!("user{number}");
        let version = choices.pick(VERSIONS);
        let (command, args) = choices.pick(COMMANDS);
        let mut exec = vec![
            ("apiVersion", style.scalar(choices, &format!("{GROUP}/{version}"))),
            ("command", style.scalar(choices, command)),
        ];
        if !args.is_empty() {
            let args: Vec<_> = args.iter().map(|arg| style.quoted(arg)).collect();
            exec.push(("args", format!("[{}]", args.join(", "))));
        }
        if choices.one_in(3) {
            exec.push(("interactiveMode", style.scalar(choices, "Never")));
        }
        if choices.one_in(3) {
            let value = secret();
            exec.push((
                "env",
                format!(
                    "[{{{}: {}, {}: {}}}]",
                    style.key("name"),
                    style.quoted("A_NAME"),
                    style.key("value"),
                    style.quoted(&value)
                ),
            ));
        }
        shuffle(choices, &mut exec);
        let mut user = vec![("exec", style.map(&exec, "      "))];
        if choices.one_in(2) {
            user.push(("token", style.scalar(choices, &secret())));
        }
        if choices.one_in(4) {
            user.push(("password", style.scalar(choices, &secret())));
        }
        shuffle(choices, &mut user);
        entries.push(style.map(
            &[("name", style.scalar(choices, &name)), ("user", style.map(&user, "    "))],
            "  ",
        ));
        users.push(User { name, version });
    }
    let mut config = vec![
        ("apiVersion", style.quoted("v1")),
        ("kind", style.quoted("Config")),
        ("users", style.list(&entries)),
    ];
    if choices.one_in(2) {
        config.swap(0, 2);
    }
    let text = style.map(&config, "");
    (text.trim_start_matches('\n').trim_end().to_owned() + "\n", users)
}

fn shuffle<T>(choices: &mut Choices<'_>, items: &mut [T]) {
    for at in (1..items.len()).rev() {
        items.swap(at, choices.below(at + 1));
    }
}

/// How a kubeconfig is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Block,
    Flow,
    Json,
}

impl Style {
    fn key(self, name: &str) -> String {
        if self == Self::Json { format!("\"{name}\"") } else { name.to_owned() }
    }

    /// Returns a scalar with quotes.
    fn quoted(self, value: &str) -> String {
        format!("\"{value}\"")
    }

    /// Returns a scalar in one of the ways to write it, in block style perhaps with a comment.
    fn scalar(self, choices: &mut Choices<'_>, value: &str) -> String {
        match (self, choices.below(4)) {
            (Self::Json, _) | (_, 1) => self.quoted(value),
            (_, 2) => format!("'{value}'"),
            (Self::Block, 3) => format!("{value} # a comment"),
            _ => value.to_owned(),
        }
    }

    /// Returns a mapping; `indent` is that of its keys.
    fn map(self, pairs: &[(&str, String)], indent: &str) -> String {
        let is_block = self == Self::Block;
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(key, value)| match is_block {
                true if value.starts_with('\n') => format!("\n{indent}{key}:{value}"),
                true => format!("\n{indent}{key}: {value}"),
                false => format!("{}: {value}", self.key(key)),
            })
            .collect();
        if is_block { pairs.concat() } else { format!("{{{}}}", pairs.join(", ")) }
    }

    fn list(self, items: &[String]) -> String {
        match self {
            Self::Block => {
                let item = |item: &String| format!("\n- {}", item.trim_start());
                items.iter().map(item).collect()
            }
            _ => format!("[{}]", items.join(", ")),
        }
    }
}
