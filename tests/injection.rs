//! Checks that no output can be obeyed: whatever text comes from a file, a name, an argument or the
//! environment, a terminal, GitHub, GitLab, Azure Pipelines, TeamCity and Jenkins see only text.
//!
//! The table has one row for each place that a text can come from. The flags and formats are read
//! from the program itself, so that a new one is tried without a change here.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

use kubeconfig_lint::FORMATS;

const OLD: &str = "client.authentication.k8s.io/v1alpha1";

/// What terminals and CI systems obey, each alone: at the start of a text some also need no line
/// break before it.
const PAYLOADS: [&str; 13] = [
    "::error::x",
    "::add-mask::x",
    "##[error]x",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[buildStatus status='SUCCESS']",
    "\r::error::x",
    "\n::error::x\n##[group]x\n##vso[x]y\n##teamcity[x]\n",
    "\u{1b}[31mx\u{1b}]0;t\u{7}\u{1b}]8;;http://x\u{1b}\\",
    "\u{1b}[8mha:////4x\u{1b}[0m",
    "section_start:1:x\r\u{1b}[0K",
    "\u{9b}31m\u{85}\u{8}\u{b}\u{c}",
    "a\u{9b}\u{202e}\u{a0}\u{e0041}b",
    "a\u{2028}::error::x\u{2029}\u{202e}b\u{2066}\u{200b}\u{feff}\u{ad}\u{e0041}\u{61c}\u{a0}",
];

/// Texts of files. `@` is a payload as it is, and `§` is one in a JSON or YAML string.
const TEXTS: &[(&str, &str)] = &[
    (
        "config",
        "kind: Config\ncurrent-context: \"§\"\nclusters: [{name: \"§\", cluster: {server: \"§\", \"§\": \"§\"}}]\n\
         contexts: [{name: \"§\", context: {cluster: \"§\", user: \"§\"}}]\nusers:\n- name: \"§\"\n  user: {exec: \
         {apiVersion: OLD, command: \"§\", args: [\"§\"], env: [{name: \"§\", value: \"§\"}], installHint: \"§\"}}\n",
    ),
    (
        "version",
        "kind: Config\nusers: [{name: \"§\", user: {exec: {apiVersion: \"§\", command: aws}}}]\n",
    ),
    (
        "group",
        "kind: Config\nusers: [{name: u, user: {exec: {apiVersion: \"OLD§\", command: aws}}}]\n",
    ),
    (
        "mode",
        "kind: Config\nusers: [{name: u, user: {exec: {apiVersion: OLD, command: \"/a/§\", interactiveMode: \"§\"}}}]\n",
    ),
    (
        "types",
        "kind: Config\nusers: [{name: \"§\", user: {token: [\"§\"], exec: \"§\", \"§\": {}}}]\n\"§\": 1\n",
    ),
    (
        "kinds",
        "kind: \"§\"\napiVersion: \"§\"\nusers: [{name: u, user: {exec: {apiVersion: OLD}}}]\n",
    ),
    (
        "provider",
        "kind: Config\nusers: [{name: \"§\", user: {auth-provider: {name: \"§\", config: {\"§\": \"§\"}}}}]\n",
    ),
    (
        "raw",
        "kind: Config\nusers:\n- name: @\n  user:\n    exec:\n      apiVersion: OLD # @\n      command: @\n",
    ),
    (
        "broken",
        "kind: Config\nusers: [{name: @, user: {exec: {apiVersion: OLD, command: aws}}]\n@\n",
    ),
    (
        "key",
        "kind: Config\nusers: [{name: u, user: {exec: {\"api§Version\": OLD, command: aws, \"§\": 1}}}]\n",
    ),
    (
        "anchor",
        "kind: Config\nx: &a \"§\"\nusers: [{name: *a, user: {exec: {apiVersion: OLD, command: *a}}}]\n",
    ),
    (
        "credential.json",
        "{\"kind\": \"ExecCredential\", \"apiVersion\": \"§\", \"spec\": {\"§\": \"§\"}, \"x\": \"OLD\"}\n",
    ),
    (
        "credential2.json",
        "{\"kind\": \"§\", \"apiVersion\": \"OLD\", \"status\": {\"§\": 1, \"token\": \"§\"}} @\n",
    ),
    (
        "kuberc",
        "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ncredentialPluginPolicy: \"§\"\n\
         credentialPluginAllowlist: [{name: \"§\"}, {command: \"§\", name: x}]\naliases: [{name: \"§\"}]\n\"§\": 1\n--- @\n",
    ),
    (
        "secret.yaml",
        "kind: Secret\nmetadata: {name: \"§\", namespace: \"§\"}\nstringData:\n  \"§\": |\n    kind: Config\n    users: \
         [{name: \"§\", user: {exec: {apiVersion: OLD, command: \"§\"}}}]\n",
    ),
    (
        "main.tf",
        "provider \"§\" {\n  alias = \"§\"\n  exec {\n    api_version = \"OLD\"\n    command = \"§\"\n    args = [\"§\"]\n  \
         }\n}\nvariable \"§\" {\n  default = \"OLD\" # @\n}\n",
    ),
    (
        "chart.yaml",
        "{{ if .X }}\n- name: \"§\"\n  user: {exec: {apiVersion: OLD, command: \"§\"}}\n{{ end }} @\n",
    ),
    (
        "run.sh",
        "@ && kubectl config set-credentials \"§\" --exec-api-version=OLD --exec-command=§ # @\nX=@ # OLD\n",
    ),
    (
        "main.go",
        "var a = Exec{Name: \"§\", APIVersion: \"OLD\", Command: \"§\", Args: []string{\"§\"}} // @\n",
    ),
    ("readme.md", "@ OLD\n\n```yaml\nexec: {apiVersion: OLD, command: \"§\"} # @\n```\n"),
    (
        "ignored",
        "users: [{user: {exec: {apiVersion: OLD, command: aws}}}] # kubeconfig-lint: ignore[removed-api-version] @\n\
         # kubeconfig-lint: ignore[@]\n# kubeconfig-lint: ignore @\n# kubeconfig-lint: ignore[removed-api-version] @\n",
    ),
    ("mention", "@ OLD @\n"),
    ("ansible", "$ANSIBLE_VAULT;1.1 @\n"),
];

/// Configuration files, and baselines.
const SETTINGS: &[&str] = &[
    "@: 1\n",
    "\"§\": 1\n",
    "ignore: [\"§\"]\n",
    "select: [\"§\"]\n",
    "exclude: [\"§[\", \"{§\", \"/§\", \"../§\"]\n",
    "kubectl-version: \"§\"\n",
    "roles: {\"§\": [\"§\"]}\n",
    "per-path: [{paths: [\"§\"], ignore: [\"§\"], \"§\": 1}]\n",
    "fail-on: \"§\"\n",
    "exclude: &§ *§\n",
    "{\"version\": 1, \"§\": []}",
    "{\"version\": \"§\"}",
    "{\"version\": 1, \"tool\": \"§\", \"findings\": [{\"path\": \"§\", \"rule\": \"§\", \"fingerprint\": \"§\"}]}",
];

fn filled(text: &str, payload: &str) -> String {
    let quoted = serde_json::to_string(payload).unwrap();
    let quoted = &quoted[1..quoted.len() - 1];
    text.replace("OLD", OLD).replace('§', quoted).replace('@', payload)
}

/// Returns what a terminal or a CI system would obey in an output.
fn obeyed(text: &str, own: &[&str], may_have_tabs: bool) -> Option<String> {
    let is_harmful = |c: char| {
        let is_hidden = matches!(c, '\u{ad}' | '\u{61c}' | '\u{a0}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}');
        is_hidden || (c.is_control() && c != '\n' && !(may_have_tabs && c == '\t'))
    };
    text.lines().chain(text.split(['\r', '\u{2028}', '\u{85}'])).find_map(|line| {
        let lower = line.to_ascii_lowercase();
        let is_own = own.iter().any(|own| line.starts_with(own));
        let is_command = (line.trim_start().starts_with("::") && !is_own)
            || ["##[", "##vso[", "##teamcity["].into_iter().any(|command| lower.contains(command));
        (is_command || line.contains(is_harmful)).then(|| format!("{line:?}"))
    })
}

/// Returns what the program prints: standard output and standard error.
fn printed(dir: &Path, args: &[&str], env: &[(&str, &str)], stdin: &str) -> [String; 2] {
    let mut command = common::command(dir);
    command.args(args).envs(env.iter().copied());
    let outcome = common::run_command(&mut command, stdin.as_bytes(), Duration::from_secs(60));
    assert!(matches!(outcome.status, Some(0..=2)), "{args:?}: {outcome:?}");
    [outcome.out(), outcome.err()]
}

/// Returns what would be obeyed in what the program prints for these arguments.
fn obeyed_for(args: &[&str], text: &str) -> Option<String> {
    let own = ["::error file=", "::warning file=", "::notice file="];
    let own = if args.iter().any(|arg| arg.ends_with("github")) { &own[..] } else { &[] };
    obeyed(text, own, args.contains(&"--diff"))
}

/// Runs the program and adds what would be obeyed in its output to `found`.
fn try_run(dir: &Path, args: &[&str], env: &[(&str, &str)], stdin: &str, found: &mut Vec<String>) {
    if args.iter().chain(env.iter().map(|(_, value)| value)).any(|word| word.contains('\0')) {
        return;
    }
    for text in printed(dir, args, env, stdin) {
        let line = obeyed_for(args, &text);
        found.extend(line.map(|line| format!("{args:?} {env:?}: {line}")));
    }
}

/// Returns the flags of the program: those that take a value, and the others.
fn flags() -> (Vec<String>, Vec<String>) {
    let help = common::run(Path::new("."), &["--help"], b"", Duration::from_secs(60)).out();
    let lines = help.lines().filter_map(|line| {
        let line = line.trim_start();
        let start = line.find("--").filter(|at| *at == 0 || line.starts_with('-'))?;
        let (name, rest) =
            line[start..].split_at(line[start..].find([' ', '=']).unwrap_or(line.len() - start));
        (name.len() > 2).then(|| (name.to_owned(), rest.trim_start().starts_with('<')))
    });
    let (with_value, others): (Vec<_>, Vec<_>) = lines.partition(|(_, takes_value)| *takes_value);
    let names = |flags: Vec<(String, bool)>| flags.into_iter().map(|(name, _)| name).collect();
    (names(with_value), names(others))
}

fn assert_nothing(found: &[String]) {
    assert!(found.is_empty(), "{} outputs would be obeyed:\n{}", found.len(), found.join("\n"));
}

#[test]
fn no_output_obeys_a_file() {
    let mut found = Vec::new();
    let (_, switches) = flags();
    for payload in PAYLOADS {
        let temporary = tempfile::tempdir().unwrap();
        let dir = temporary.path();
        fs::create_dir(dir.join("empty")).unwrap();
        for (name, text) in TEXTS {
            fs::write(dir.join(name), filled(text, payload)).unwrap();
        }
        let all = ["--show-notes", "--show-mentions", "--show-suppressed", "--verbose"];
        for format in FORMATS {
            for version in ["1.37", "1.20"] {
                let args = [&["--format", format.name, "--kubectl-version", version], &all[..]];
                try_run(dir, &args.concat(), &[], "", &mut found);
            }
        }
        for switch in switches.iter().filter(|switch| *switch != "--fix") {
            try_run(dir, &[switch, "."], &[], "", &mut found);
        }
        try_run(dir, &["--statistics", "--format", "json"], &[], "", &mut found);
        for (name, text) in TEXTS {
            let text = filled(text, payload);
            try_run(dir, &["--stdin-filename", name, "-v", "-"], &[], &text, &mut found);
            for flag in ["--baseline", "--config"] {
                try_run(dir, &[flag, name, "empty"], &[], "", &mut found);
            }
        }
        for text in SETTINGS {
            fs::write(dir.join("settings"), filled(text, payload)).unwrap();
            for flag in ["--baseline", "--config"] {
                try_run(dir, &[flag, "settings", "-v", "config"], &[], "", &mut found);
            }
        }
        try_run(dir, &["--diff", "--unsafe-fixes", "."], &[], "", &mut found);
        try_run(dir, &["--fix", "--diff", "--unsafe-fixes", "."], &[], "", &mut found);
    }
    assert_nothing(&found);
}

#[test]
fn no_output_obeys_a_name_an_argument_or_the_environment() {
    let mut found = Vec::new();
    let (with_value, switches) = flags();
    assert!(with_value.len() > 10 && switches.len() > 10, "{with_value:?} {switches:?}");
    let text = filled(
        "kind: Config\nusers: [{name: u, user: {exec: {apiVersion: OLD, command: aws}}}]\n",
        "",
    );
    for payload in PAYLOADS {
        let temporary = tempfile::tempdir().unwrap();
        let dir = temporary.path();
        // A name has no slash.
        let name = payload.replace('/', ":");
        fs::write(dir.join("config"), &text).unwrap();
        for flag in &with_value {
            try_run(dir, &[flag, payload, "config"], &[], "", &mut found);
            try_run(dir, &[&format!("{flag}={payload}"), "config"], &[], "", &mut found);
        }
        for flag in ["--", "--fix", "--format", "--explain"] {
            try_run(dir, &[flag, payload, "--x"], &[], "", &mut found);
            try_run(dir, &[&format!("{flag}{payload}")], &[], "", &mut found);
            try_run(dir, &[&format!("-{payload}")], &[], "", &mut found);
        }
        let missing = format!("missing{payload}");
        try_run(
            dir,
            &["--files-from", "-", "-v"],
            &[],
            &format!("{name}\0{missing}\0"),
            &mut found,
        );
        try_run(
            dir,
            &["--files-from", "-", "-v"],
            &[],
            &format!("{name}\n{missing}\n"),
            &mut found,
        );
        for variable in
            ["KUBECONFIG", "HOME", "COLUMNS", "NO_COLOR", "TERM", "XDG_CONFIG_HOME", "TMPDIR"]
        {
            for flag in ["--kubeconfig", "--statistics", "--verbose"] {
                try_run(dir, &[flag], &[(variable, payload)], "", &mut found);
            }
        }
        try_run(
            dir,
            &["--kubeconfig"],
            &[("KUBECONFIG", &format!("config:{missing}:."))],
            "",
            &mut found,
        );
        for name in [
            name.clone(),
            format!("{name}.tf"),
            format!("d/{name}/config"),
            format!("{name}.yaml/{name}"),
        ] {
            let path = dir.join(&name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &text).unwrap();
        }
        fs::write(dir.join(format!("{name}.nul")), text.clone() + "\0").unwrap();
        fs::write(dir.join(format!("{name}.broken")), text.clone() + "]").unwrap();
        let _ = std::os::unix::fs::symlink("nowhere", dir.join(format!("{name}.link")));
        let mut sub = dir.join("sub");
        fs::create_dir(&sub).unwrap();
        sub.push(&name);
        fs::create_dir(&sub).unwrap();
        fs::write(sub.join("config"), &text).unwrap();
        fs::write(sub.join(".kubeconfig-lint.yaml"), "exclude: [x]\n").unwrap();
        for format in FORMATS {
            try_run(dir, &["--format", format.name, "--statistics"], &[], "", &mut found);
            try_run(dir, &["--format", format.name, "--verbose"], &[], "", &mut found);
            let file = format!("out{name}");
            try_run(
                dir,
                &["--format", &format!("{}={file}", format.name), "config"],
                &[],
                "",
                &mut found,
            );
        }
        for switch in switches.iter().filter(|switch| *switch != "--fix") {
            try_run(dir, &[switch, "."], &[], "", &mut found);
            try_run(&sub, &[switch, "-v"], &[("KUBECONFIG", &name)], "", &mut found);
        }
        try_run(dir, &["--write-baseline", &format!("b{name}"), "."], &[], "", &mut found);
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() && path.file_name().unwrap().to_string_lossy().starts_with("b") {
                let written = fs::read_to_string(&path).unwrap();
                found.extend(obeyed(&written, &[], false).map(|line| format!("{path:?}: {line}")));
            }
        }
        try_run(dir, &["--baseline", &format!("b{name}"), "-v", "config"], &[], "", &mut found);
        try_run(dir, &["--fix", "--diff", "--unsafe-fixes", "."], &[], "", &mut found);
    }
    assert_nothing(&found);
}

/// The escapes of each output that is not JSON: what is printed, and what would be printed without it.
/// JSON has escapes of its own around these, so that no single defect shows.
const VISIBLE: [(&str, &str); 6] = [
    ("\\u{5b}", "["),
    ("␛", "\u{1b}"),
    ("\\u{9b}", "\u{9b}"),
    ("\\u{202e}", "\u{202e}"),
    ("\\u{a0}", "\u{a0}"),
    ("\\u{e0041}", "\u{e0041}"),
];

/// The escapes that show in these outputs only.
const IN_SOME: [(&str, &str, &[&str]); 7] = [
    ("\\n", "\n", &["short", "github", "junit", "markdown", "stderr"]),
    ("\\r", "\r", &["short", "github", "junit", "markdown", "stderr"]),
    ("\\u{3a}:", "::", &["text", "junit"]),
    ("./::", "::", &["short"]),
    ("\\u005b", "[", &["json", "gitlab"]),
    ("\\u001b", "\u{1b}", &["json", "gitlab"]),
    ("\\u202e", "\u{202e}", &["json", "gitlab"]),
];

#[test]
fn outputs_without_an_escape_would_be_obeyed() {
    let outputs: Vec<&str> = FORMATS.iter().map(|format| format.name).chain(["--diff"]).collect();
    // Each output, by the name of its format, with the arguments that print it.
    let mut texts: Vec<(&str, Vec<&str>, String)> = Vec::new();
    for payload in PAYLOADS {
        let temporary = tempfile::tempdir().unwrap();
        let dir = temporary.path();
        for (name, text) in TEXTS {
            fs::write(dir.join(name), filled(text, payload)).unwrap();
        }
        let sub = dir.join(payload.replace('/', ":"));
        fs::create_dir(&sub).unwrap();
        fs::write(sub.join("config"), filled(TEXTS[0].1, payload)).unwrap();
        fs::write(sub.join("nul"), filled(TEXTS[0].1, payload) + "\0").unwrap();
        for output in &outputs {
            let args = match *output {
                "--diff" => vec!["--diff", "--unsafe-fixes", "."],
                format => vec!["--format", format, "--show-notes", "--show-suppressed", "-v", "."],
            };
            let [out, err] = printed(dir, &args, &[], "");
            texts.push((output, args.clone(), out));
            texts.push(("stderr", args, err));
        }
    }
    let is_seen = |escaped: &str, raw: &str, output: &str| {
        texts.iter().filter(|(name, ..)| *name == output).any(|(_, args, text)| {
            // What looks like an escape behind a backslash is the text of a file.
            let text =
                if escaped.starts_with("\\u0") { text.replace("\\\\", "") } else { text.clone() };
            assert_eq!(obeyed_for(args, &text), None, "{args:?}");
            obeyed_for(args, &text.replace(escaped, raw)).is_some()
        })
    };
    let is_json = |output: &&str| ["gitlab", "json", "sarif"].contains(output);
    for output in outputs.iter().copied().chain(["stderr"]).filter(|output| !is_json(output)) {
        for (escaped, raw) in VISIBLE {
            assert!(is_seen(escaped, raw, output), "{output} without {escaped}");
        }
    }
    for (escaped, raw, outputs) in IN_SOME {
        for output in outputs {
            assert!(is_seen(escaped, raw, output), "{output} without {escaped}");
        }
    }
}
