//! Runs `kubeconfig-lint doctor` with stand-ins for kubectl and for plugins, which are scripts in a
//! temporary folder. `scripts/aws/doctor` does the same with the real programs.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use common::Outcome;

/// No secret of this text may occur in any output.
const CANARY: &str = "canary-hunter-horse";

/// What plugins run that print a credential of the version in `$version`.
const CREDENTIAL: &str = "printf '{\"kind\":\"ExecCredential\",\"apiVersion\":\"%s\",\"status\":\
    {\"token\":\"canary-hunter-horse\",\"expirationTimestamp\":\"2999-01-01T00:00:00Z\"}}\\n' $version";

/// A plugin that returns the requested version.
fn echoes() -> String {
    let requested = "version=$(printf %s \"$KUBERNETES_EXEC_INFO\" | \
                     sed 's/.*\"apiVersion\":\"\\([^\"]*\\)\".*/\\1/')";
    format!("{requested}\n{CREDENTIAL}\n")
}

/// A plugin that always returns this version.
fn returns(version: &str) -> String {
    format!("version=client.authentication.k8s.io/{version}\n{CREDENTIAL}\n")
}

/// An `aws` of this release.
fn aws(release: &str, then: &str) -> String {
    format!("[ \"$1\" = --version ] && echo aws-cli/{release} Python/3.11.7 && exit\n{then}")
}

/// A folder with programs and kubeconfigs.
struct Machine {
    dir: tempfile::TempDir,
}

impl Machine {
    /// A machine with this kubectl in the folder `bin`.
    fn new(kubectl: &str) -> Self {
        let machine = Self { dir: tempfile::tempdir().unwrap() };
        let json = format!("{{\"clientVersion\":{{\"gitVersion\":\"v{kubectl}\"}}}}");
        machine.program("bin/kubectl", &format!("echo '{json}'\n"));
        machine
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Adds a shell script.
    fn program(&self, name: &str, script: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{script}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Writes `.kube/config`, with one user and more lines of its `exec`.
    fn kubeconfig(&self, version: &str, command: &str, exec: &str) {
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: x\ncontexts:\n- name: x\n  context:\n    \
             cluster: c\n    user: u\nclusters:\n- name: c\n  cluster:\n    server: \
             https://127.0.0.1\nusers:\n- name: u\n  user:\n    exec:\n      apiVersion: \
             client.authentication.k8s.io/{version}\n      command: {command}\n{exec}"
        );
        fs::create_dir_all(self.path().join(".kube")).unwrap();
        fs::write(self.path().join(".kube/config"), text).unwrap();
    }

    /// Returns doctor with the folders `a`, `b`, `bin` and those of the system on PATH.
    fn command(&self, args: &[&str]) -> Command {
        let mut command = common::command(self.path());
        let folders = ["a", "b", "bin"].map(|folder| self.path().join(folder));
        let folders = folders.iter().map(|folder| folder.to_str().unwrap());
        let path: Vec<&str> = folders.chain(["/usr/bin", "/bin"]).collect();
        command.env("PATH", path.join(":")).env("COLUMNS", "80").arg("doctor").args(args);
        // As any shell does.
        command.env("PWD", self.path()).env("OLDPWD", self.path().join("b"));
        command
    }

    fn run(&self, args: &[&str]) -> Outcome {
        let outcome = common::run_command(&mut self.command(args), b"", Duration::from_secs(120));
        let printed = outcome.out() + &outcome.err();
        assert!(!printed.contains(CANARY) && !printed.contains("hunter"), "{printed}");
        assert!(!printed.chars().any(|c| c.is_control() && c != '\n'), "{printed:?}");
        outcome
    }

    /// Returns the JSON report, after a look at the text.
    fn report(&self, args: &[&str]) -> Value {
        let text = self.run(args);
        let json = self.run(&[args, &["--format", "json"]].concat());
        assert_eq!(text.status, json.status);
        let report = serde_json::from_str(&json.out());
        let report: Value = report.unwrap_or_else(|_| panic!("{}", json.err()));
        let problems = report["contexts"].as_array().unwrap().iter();
        let count: usize = problems.map(|c| c["problems"].as_array().unwrap().len()).sum();
        assert_eq!(json.status, Some(i32::from(count > 0)));
        report
    }

    /// Returns the only context of the report.
    fn context(&self, args: &[&str]) -> Value {
        self.report(args)["contexts"][0].clone()
    }

    /// Returns the outcome of each question, and the problems as one text.
    fn diagnosis(&self, args: &[&str]) -> (Vec<String>, String) {
        let context = self.context(args);
        let answers = context["answers"].as_array().unwrap().iter();
        let word = |answer: &Value, key: &str| {
            answer[key].as_str().unwrap_or("-").rsplit('/').next().unwrap().to_owned()
        };
        let answers = answers.map(|answer| {
            [word(answer, "asked"), word(answer, "outcome"), word(answer, "returned")].join(" ")
        });
        (answers.collect(), context["problems"].to_string())
    }
}

/// A number that occurs in no other command line, for `sleep`.
fn marker() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1000);
    format!("{}{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Returns whether a process has this word in its command line.
fn is_running(word: &str) -> bool {
    let listed = Command::new("ps").args(["-A", "-o", "args"]).output();
    if let Some(output) = listed.ok().filter(|output| output.status.success()) {
        return String::from_utf8_lossy(&output.stdout).contains(word);
    }
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let mut lines = processes.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
    lines.any(|line| String::from_utf8_lossy(&line).contains(word))
}

#[test]
fn right_plugin_is_right() {
    let machine = Machine::new("1.37.1");
    machine.program("a/p", &echoes());
    machine.kubeconfig("v1beta1", "p", "      args: [get]\n");
    let mut command = machine.command(&[]);
    // A value that is not text.
    command.env("SECRET", std::ffi::OsStr::from_bytes(b"a\xffbcdefg"));
    let outcome = common::run_command(&mut command, b"", Duration::from_secs(60));
    assert_eq!((outcome.status, outcome.err().as_str()), (Some(0), ""));
    assert!(outcome.out().ends_with("\nnothing is wrong\n"), "{}", outcome.out());
    assert!(outcome.out().contains("~/a/p"), "{}", outcome.out());
    let report = machine.report(&[]);
    assert_eq!(report["programs"][0]["release"], "v1.37.1");
    assert_eq!(report["judged_by"]["kubectl"], "1.37");
    let context = &report["contexts"][0];
    assert_eq!(context["context"], "x");
    assert_eq!(context["executable"]["path"], "~/a/p");
    assert_eq!(context["answers"][0]["expires"], "2999-01-01T00:00:00Z");
}

#[test]
fn plugin_gets_what_kubectl_passes() {
    let machine = Machine::new("1.37.1");
    let record = "printf %s \"$KUBERNETES_EXEC_INFO\" > info; echo \"$0 $* $A\" > line; cat > in\n";
    machine.program("a/p", &format!("{record}{}", echoes()));
    let exec = "      args: [get, it]\n      env: [{name: A, value: canary-hunter-horse}]\n      \
                provideClusterInfo: true\n";
    machine.kubeconfig("v1beta1", "p", exec);
    assert_eq!(machine.run(&[]).status, Some(0));
    let read = |name: &str| fs::read_to_string(machine.path().join(name)).unwrap();
    let info = "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\
                \"spec\":{\"cluster\":{\"server\":\"https://127.0.0.1\"},\"interactive\":false}}\n";
    assert_eq!(read("info"), info);
    let line = format!("{} get it {CANARY}\n", machine.path().join("a/p").display());
    assert_eq!(read("line"), line);
    assert_eq!(read("in"), "");
}

#[test]
fn old_plugin_is_to_be_upgraded() {
    let machine = Machine::new("1.23.4");
    machine.program("a/aws", &aws("1.22.101", &returns("v1alpha1")));
    let args = "      args: [eks, get-token, --cluster-name, c]\n";
    machine.kubeconfig("v1beta1", "aws", args);
    let (answers, problems) = machine.diagnosis(&[]);
    assert_eq!(answers, ["v1beta1 other-version v1alpha1", "v1 other-version v1alpha1"]);
    let says = "exec plugin is configured to use API version \
                client.authentication.k8s.io/v1beta1, plugin returned version \
                client.authentication.k8s.io/v1alpha1";
    assert!(problems.contains(says), "{problems}");
    let upgrade = "upgrade `~/a/aws` (aws-cli 1.22.101) to aws-cli 1.23.9 or 2.6.3, or newer, which \
                   return v1beta1";
    assert!(problems.contains(upgrade), "{problems}");
    // kubectl 1.24 has other words for it.
    let (_, problems) = machine.diagnosis(&["--kubectl-version", "1.24"]);
    assert!(problems.contains("no kind \\\"ExecCredential\\\" is registered"), "{problems}");
    assert!(!problems.contains("write `client"), "{problems}");
}

#[test]
fn shadowed_plugin_is_to_come_first() {
    let machine = Machine::new("1.37.1");
    machine.program("a/aws", &aws("1.18.69", &returns("v1alpha1")));
    machine.program("b/aws", &aws("2.15.0", &echoes()));
    let args = "      args: [eks, get-token, --cluster-name, c]\n";
    for version in ["v1beta1", "v1alpha1"] {
        machine.kubeconfig(version, "aws", args);
        let context = machine.context(&[]);
        assert_eq!(context["shadows"], json!([{"path": "~/b/aws", "release": "2.15.0"}]));
        let problems = context["problems"].to_string();
        let first = "use `~/b/aws` (aws-cli 2.15.0), which returns v1beta1 but comes later on PATH: \
                     put `~/b` before `~/a` in PATH, or remove `~/a/aws`";
        assert!(problems.contains(first), "{problems}");
        assert_eq!(context["problems"].as_array().unwrap().len(), 1, "{problems}");
    }
}

#[test]
fn plugin_in_a_wrapper_is_found() {
    let machine = Machine::new("1.37.1");
    machine.program("a/aws", &aws("1.22.101", &returns("v1alpha1")));
    machine.program("b/aws", &aws("2.15.0", &echoes()));
    let args = "      args: [-c, aws eks get-token --cluster-name c]\n";
    machine.kubeconfig("v1beta1", "/bin/sh", args);
    let context = machine.context(&[]);
    assert_eq!(context["executable"], json!({"path": "/bin/sh", "release": null}));
    assert_eq!(context["inner"], json!({"path": "~/a/aws", "release": "1.22.101"}));
    let problems = context["problems"].to_string();
    assert!(problems.contains("put `~/b` before `~/a` in PATH"), "{problems}");
    assert!(
        problems.contains("upgrade `~/a/aws` (aws-cli 1.22.101) to aws-cli 1.23.9"),
        "{problems}"
    );
    // The PATH of the entry counts for what the wrapper runs.
    let path =
        format!("      env: [{{name: PATH, value: '{}'}}]\n", machine.path().join("b").display());
    machine
        .program("b/aws", &aws("2.15.0", &returns("v1beta1").replace("printf", "/usr/bin/printf")));
    machine.kubeconfig("v1beta1", "/bin/sh", &format!("{args}{path}"));
    let context = machine.context(&[]);
    assert_eq!(context["inner"], json!({"path": "~/b/aws", "release": "2.15.0"}));
    assert_eq!(context["problems"], json!([]));
}

#[test]
fn removed_version_is_fixed() {
    let machine = Machine::new("1.37.1");
    machine.program("a/aws", &aws("2.15.0", &echoes()));
    machine.kubeconfig("v1alpha1", "aws", "      args: [eks, get-token, --cluster-name, c]\n");
    let (answers, problems) = machine.diagnosis(&[]);
    assert_eq!(answers, ["v1beta1 accepted v1beta1", "v1 accepted v1"]);
    assert!(problems.contains("invalid apiVersion"), "{problems}");
    assert!(problems.contains("`kubeconfig-lint doctor --fix` does that"), "{problems}");
    let outcome = machine.run(&["--fix"]);
    assert!(outcome.err().contains("fixed 1 finding in .kube/config"), "{}", outcome.err());
    assert_eq!(outcome.status, Some(0), "{}", outcome.out());
    let fixed = fs::read_to_string(machine.path().join(".kube/config")).unwrap();
    assert!(fixed.contains("apiVersion: client.authentication.k8s.io/v1beta1\n"), "{fixed}");
}

#[test]
fn fix_for_an_unknown_plugin_is_made_once_it_has_answered() {
    let machine = Machine::new("1.37.1");
    machine.program("a/p", &returns("v1alpha1"));
    machine.kubeconfig("v1alpha1", "p", "");
    let before = fs::read_to_string(machine.path().join(".kube/config")).unwrap();
    let outcome = machine.run(&["--fix"]);
    let note = "note: not fixed: the report says what to do first\n";
    assert_eq!((outcome.status, outcome.err().as_str()), (Some(1), note));
    assert_eq!(fs::read_to_string(machine.path().join(".kube/config")).unwrap(), before);
    machine.program("a/p", &echoes());
    let (_, problems) = machine.diagnosis(&[]);
    assert!(problems.contains("\"fixable\":true"), "{problems}");
    assert_eq!(machine.run(&["--fix"]).status, Some(0));
    let fixed = fs::read_to_string(machine.path().join(".kube/config")).unwrap();
    assert_eq!(fixed, before.replace("v1alpha1", "v1beta1"));
}

#[test]
fn fix_is_not_made_for_users_whose_plugins_were_not_asked() {
    let machine = Machine::new("1.37.1");
    machine.program("a/aws", &aws("1.18.0", &returns("v1alpha1")));
    let text = "current-context: dev\n\
        contexts: [{name: dev, context: {cluster: c, user: d}}, \
        {name: old, context: {cluster: c, user: o}}]\n\
        clusters: [{name: c, cluster: {server: 'https://s'}}]\nusers:\n\
        - {name: d, user: {token: made-up}}\n\
        - {name: o, user: {exec: {apiVersion: client.authentication.k8s.io/v1alpha1, \
        command: aws, args: [eks, get-token, --cluster-name, c]}}}\n";
    fs::create_dir_all(machine.path().join(".kube")).unwrap();
    fs::write(machine.path().join(".kube/config"), text).unwrap();
    for (flags, said) in [
        (&["--fix"][..], "not fixed: 1 fix would be for users whose plugins were not asked"),
        (&["--fix", "--all"], "the report says what to do first"),
    ] {
        let outcome = machine.run(flags);
        assert!(outcome.err().contains(said), "{}", outcome.err());
        assert_eq!(fs::read_to_string(machine.path().join(".kube/config")).unwrap(), text);
    }
}

#[test]
fn plugin_that_preferences_forbid_does_not_run() {
    let machine = Machine::new("1.37.1");
    machine.program("a/p", &format!("touch ran\n{}", echoes()));
    machine.program("b/p", "");
    machine.kubeconfig("v1beta1", "p", "");
    let has_run = || fs::remove_file(machine.path().join("ran")).is_ok();
    let allow = |policy: &str| {
        let head = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n";
        fs::write(machine.path().join(".kube/kuberc"), format!("{head}{policy}\n")).unwrap();
    };
    allow("credentialPluginPolicy: DenyAll");
    let (answers, problems) = machine.diagnosis(&[]);
    assert!(answers.is_empty() && !has_run());
    let says = "plugin \\\"p\\\" not allowed: policy set to \\\"DenyAll\\\"";
    assert!(problems.contains(says), "{problems}");
    // kubectl 1.34 knows no policy.
    assert_eq!(machine.run(&["--kubectl-version", "1.34"]).status, Some(0));
    assert!(has_run());
    let (a, b) = (machine.path().join("a/p"), machine.path().join("b/p"));
    for (entry, is_allowed) in
        [("p", true), ("q", false), (a.to_str().unwrap(), true), (b.to_str().unwrap(), false)]
    {
        let list = format!("credentialPluginAllowlist: [{{name: {entry}}}]");
        allow(&format!("credentialPluginPolicy: Allowlist\n{list}"));
        let (answers, problems) = machine.diagnosis(&[]);
        assert_eq!((answers.len(), has_run()), (usize::from(is_allowed), is_allowed), "{entry}");
        assert_eq!(problems == "[]", is_allowed, "{problems}");
    }
}

#[test]
fn unknown_plugin_says_what_to_write() {
    let machine = Machine::new("1.37.1");
    machine.program("a/p", &returns("v1beta1"));
    machine.kubeconfig("v1", "p", "      interactiveMode: Never\n");
    let (answers, problems) = machine.diagnosis(&[]);
    assert_eq!(answers, ["v1 other-version v1beta1", "v1beta1 accepted v1beta1"]);
    let write =
        "write `client.authentication.k8s.io/v1beta1`; `kubeconfig-lint doctor --fix` does that";
    assert!(problems.contains(write) && problems.contains(".kube/config:17:19"), "{problems}");
    let title = "\"the plugin returns v1beta1, not v1, which the kubeconfig names\"";
    assert!(problems.contains(title), "{problems}");
}

#[test]
fn fix_writes_what_an_unknown_plugin_returned() {
    let machine = Machine::new("1.37.1");
    let read = || fs::read_to_string(machine.path().join(".kube/config")).unwrap();
    let exec = "      args: [--token, canary-hunter-horse]\n";
    for (returned, written, more) in [
        ("v1beta1", "v1", "      interactiveMode: Never\n"),
        ("v1", "v1beta1", ""),
        ("v1", "v1alpha1", ""),
    ] {
        machine.program("a/p", &returns(returned));
        machine.kubeconfig(written, "p", &format!("{exec}{more}"));
        let before = read();
        let (_, problems) = machine.diagnosis(&[]);
        assert!(problems.contains("\"fixable\":true"), "{problems}");
        assert_eq!(read(), before);
        let outcome = machine.run(&["--fix"]);
        assert_eq!(outcome.status, Some(0), "{}{}", outcome.out(), outcome.err());
        let version =
            |version: &str| format!("apiVersion: client.authentication.k8s.io/{version}\n");
        let mode = if returned == "v1" { "      interactiveMode: IfAvailable\n" } else { "" };
        let fixed = before.replace(&version(written), &(version(returned) + mode));
        assert_eq!(read(), fixed, "{written}");
    }
}

#[test]
fn files_that_the_kubeconfig_names_are_looked_at() {
    let machine = Machine::new("1.37.1");
    machine.program("a/p", &echoes());
    // Two sequences, and none.
    let certificate = "-----BEGIN CERTIFICATE-----\nMAIwAA==\n-----END CERTIFICATE-----\n";
    let broken = certificate.replace("MAIwAA==", "AAAA");
    let key = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";
    fs::create_dir_all(machine.path().join(".kube/folder")).unwrap();
    for (name, text) in [("cert", certificate), ("broken", &broken), ("key", key), ("text", CANARY)]
    {
        fs::write(machine.path().join(".kube").join(name), text).unwrap();
    }
    let exec = "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: p}";
    let unable = "Unable to connect to the server: tls:";
    let open = |what: &str, owner: &str| {
        let path = "~/.kube/gone";
        format!(
            "error: unable to read {what} {path} for {owner} due to open {path}: no such file or directory"
        )
    };
    // Measured with kubectl 1.37.
    for (cluster, user, says) in [
        ("certificate-authority: cert", exec, None),
        ("certificate-authority: gone", exec, Some(open("certificate-authority", "c"))),
        (
            "certificate-authority: folder",
            exec,
            Some("error: read ~/.kube/folder: is a directory".to_owned()),
        ),
        (
            "certificate-authority: text",
            exec,
            Some(
                "error: unable to load root certificates: unable to parse bytes as PEM block"
                    .to_owned(),
            ),
        ),
        (
            "certificate-authority: key",
            exec,
            Some(
                "error: unable to load root certificates: no valid certificate authority data seen"
                    .to_owned(),
            ),
        ),
        (
            "certificate-authority: broken",
            exec,
            Some(
                "error: unable to load root certificates: failed to parse certificate: x509: malformed certificate"
                    .to_owned(),
            ),
        ),
        ("", "client-certificate: cert, client-key: key", None),
        ("", "client-certificate: gone, client-key: key", Some(open("client-cert", "u"))),
        ("", "client-certificate: cert, client-key: gone", Some(open("client-key", "u"))),
        (
            "",
            "client-certificate: text, client-key: key",
            Some(format!("{unable} failed to find any PEM data in certificate input")),
        ),
        (
            "",
            "client-certificate: cert, client-key: text",
            Some(format!("{unable} failed to find any PEM data in key input")),
        ),
        (
            "",
            "client-certificate: cert, client-key: cert",
            Some(format!(
                "{unable} found a certificate rather than a key in the PEM for the private key"
            )),
        ),
        ("", "client-key: gone, token: canary-hunter-horse", None),
        (
            "",
            "tokenFile: gone",
            Some("error: open ~/.kube/gone: no such file or directory".to_owned()),
        ),
        ("", "tokenFile: folder", Some("error: read ~/.kube/folder: is a directory".to_owned())),
        ("", "tokenFile: gone, token: canary-hunter-horse", None),
    ] {
        let text = format!(
            "current-context: x\ncontexts: [{{name: x, context: {{cluster: c, user: u}}}}]\n\
             clusters: [{{name: c, cluster: {{server: 'https://127.0.0.1', {cluster}}}}}]\n\
             users: [{{name: u, user: {{{user}}}}}]\n"
        );
        fs::write(machine.path().join(".kube/config"), text).unwrap();
        let context = machine.context(&[]);
        let said = context["problems"][0]["kubectl_says"].as_str().map(str::to_owned);
        assert_eq!(said, says, "{cluster} {user}: {context}");
    }
    // A token where a path belongs.
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJodW50ZXIiOjF9.dBjftJeZ4CVPmB92K27uhbUJU1p1r";
    let text = fs::read_to_string(machine.path().join(".kube/config")).unwrap();
    let text = text.replace("127.0.0.1',", &format!("127.0.0.1', certificate-authority: {token},"));
    fs::write(machine.path().join(".kube/token"), text).unwrap();
    let outcome = machine.run(&[".kube/token"]);
    assert!(
        outcome.out().contains("does not exist") && !outcome.out().contains("eyJ"),
        "{}",
        outcome.out()
    );
    // Nobody writes into this pipe.
    let pipe = machine.path().join(".kube/pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    machine.kubeconfig("v1beta1", "p", "      provideClusterInfo: true\n");
    let text = fs::read_to_string(machine.path().join(".kube/config")).unwrap();
    let text =
        text.replace("https://127.0.0.1\n", "https://127.0.0.1\n    certificate-authority: pipe\n");
    fs::write(machine.path().join(".kube/piped"), text).unwrap();
    assert_eq!(machine.run(&[".kube/piped"]).status, Some(0));
    // kubectl 1.21 ignored what it could not decode.
    let text = fs::read_to_string(machine.path().join(".kube/piped")).unwrap();
    fs::write(machine.path().join(".kube/texts"), text.replace(": pipe", ": text")).unwrap();
    assert_eq!(machine.run(&[".kube/texts"]).status, Some(1));
    assert_eq!(machine.run(&[".kube/texts", "--kubectl-version", "1.21"]).status, Some(0));
}

#[test]
fn helm_has_its_own_verdict() {
    let machine = Machine::new("1.23.4");
    machine.program("a/p", &echoes());
    machine.program("bin/helm", "echo v3.9.4+gdbc6d8e\n");
    machine.kubeconfig("v1beta1", "p", "");
    let context = machine.context(&[]);
    assert_eq!((&context["helm_accepts"], &context["problems"]), (&json!(true), &json!([])));
    assert!(machine.run(&[]).out().contains("Helm 3.9.4 accepts the kubeconfig"));
    // Helm 3.9 has the client-go of kubectl 1.24.
    machine.kubeconfig("v1alpha1", "p", "");
    let context = machine.context(&[]);
    assert_eq!(context["helm_accepts"], false);
    let problems = context["problems"].as_array().unwrap();
    let of_helm = problems.iter().find(|p| !p["helm_says"].is_null()).unwrap();
    assert_eq!(of_helm["title"], "Helm 3.9.4 refuses the kubeconfig, which kubectl 1.23 accepts");
    assert!(of_helm["helm_says"].as_str().unwrap().contains("invalid apiVersion"), "{of_helm}");
    assert!(machine.run(&[]).out().contains("Helm 3.9.4 says:"));
    // One mistake is one problem.
    let context = machine.context(&["--kubectl-version", "1.24"]);
    assert_eq!(context["problems"].as_array().unwrap().len(), 1, "{context}");
}

#[test]
fn wrong_outputs_are_told_apart() {
    let machine = Machine::new("1.37.1");
    machine.kubeconfig("v1beta1", "p", "");
    for (script, outcome) in [
        ("echo canary-hunter-horse", "text"),
        ("echo '[1]'", "text"),
        ("true", "nothing"),
        ("echo '{\"token\":\"canary-hunter-horse\"}'", "no-api-version"),
        ("echo '{\"apiVersion\":\"v1\",\"kind\":\"Config\"}'", "other-kind"),
        (
            "echo '{\"apiVersion\":\"canary-hunter-horse\",\"kind\":\"canary-hunter-horse\"}'",
            "other-kind",
        ),
        ("echo '{\"a\": canary-hunter-horse'", "undecodable"),
        (
            "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",\"kind\":\"ExecCredential\"}'",
            "no-status",
        ),
        (
            "echo 'apiVersion: client.authentication.k8s.io/v1beta1\nkind: ExecCredential\nstatus: {tok: x}'",
            "no-credential",
        ),
        ("exit 3", "failed"),
        ("kill -SEGV $$", "crashed"),
        (
            "head -c 100000000 /dev/zero | tr '\\0' x; head -c 100000000 /dev/zero | tr '\\0' y >&2",
            "too-long",
        ),
    ] {
        machine.program("a/p", script);
        let context = machine.context(&[]);
        assert_eq!(context["answers"][0]["outcome"], outcome, "{script}");
        assert_eq!(context["problems"].as_array().unwrap().len(), 1, "{script}");
    }
}

#[test]
fn standard_error_is_shown_without_secrets_and_escapes() {
    let machine = Machine::new("1.37.1");
    let exec = "      args: [--token, canary-hunter-horse]\n      \
                env: [{name: SECRET, value: canary-hunter-horse}]\n";
    machine.kubeconfig("v1beta1", "p", exec);
    machine.program(
        "a/p",
        "printf 'no \\033[31mlogin\\007 with %s\\n::error::x\\n' $SECRET >&2\n\
         printf 'Authorization: Bearer canary-hunter-horse\\npassword=hunter\\n' >&2; exit 1\n",
    );
    let context = machine.context(&[]);
    let stderr = context["answers"][0]["stderr"].to_string();
    assert!(stderr.contains("no login"), "{stderr}");
    let problems = context["problems"].to_string();
    assert!(problems.contains("exec: executable p failed with exit code 1"), "{problems}");
}

#[test]
fn standard_error_shows_only_words_that_are_known() {
    let machine = Machine::new("1.37.1");
    let exec = "      args: [login, --profile, prod-eu, hunter]\n";
    machine.kubeconfig("v1beta1", "p", exec);
    machine.program(
        "a/p",
        "cat >&2 <<END\nhunter\nhunter horse\nthe hunter said so\nThe profile prod-eu of hunter has \
         expired: log in again.\nUnable to locate credentials.\n\nEND\nexit 255\n",
    );
    let context = machine.context(&[]);
    let answer = &context["answers"][0];
    let shown =
        ["The profile prod-eu of *** has expired: log in again.", "Unable to locate credentials."];
    assert_eq!(answer["stderr"], json!(["the *** said so", shown[0], shown[1]]), "{answer}");
    assert_eq!(answer["stderr_lines_hidden"], 2);
    assert!(machine.run(&[]).out().contains("stderr: 2 lines hidden"));
    let remedies = context["problems"][0]["remedies"].to_string();
    let line =
        "run it by hand: `p login --profile prod-eu VALUE` (VALUE stands for what the file has)";
    assert!(remedies.contains(line), "{remedies}");
    // Nothing but what may be a secret.
    machine.program("a/p", "echo hunter >&2; exit 1\n");
    let (_, problems) = machine.diagnosis(&[]);
    assert!(problems.contains("not shown here, since it may hold a secret"), "{problems}");
}

#[test]
fn plugin_that_fails_is_to_be_run_by_hand_first() {
    let machine = Machine::new("1.37.1");
    machine.program("a/aws", &aws("1.22.101", "exit 255\n"));
    machine.kubeconfig("v1beta1", "aws", "      args: [eks, get-token, --cluster-name, c]\n");
    let problem = machine.context(&[])["problems"][0].clone();
    let texts: Vec<&str> =
        (0..2).map(|at| problem["remedies"][at]["text"].as_str().unwrap()).collect();
    assert!(texts[0].contains("run it by hand: `aws eks get-token --cluster-name c`"), "{problem}");
    assert!(texts[1].contains("upgrade to aws-cli 1.23.9"), "{problem}");
}

#[test]
fn command_line_can_be_run_by_hand() {
    let machine = Machine::new("1.37.1");
    let script = "'aws eks get-token --cluster-name c 2>/dev/null | cat'";
    machine.kubeconfig("v1beta1", "sh", &format!("      args: [-c, {script}]\n"));
    machine.program("a/aws", &aws("2.15.0", "exit 3\n"));
    let (_, problems) = machine.diagnosis(&[]);
    assert!(problems.contains(&format!("run it by hand: `sh -c {script}`")), "{problems}");
}

#[test]
fn hanging_plugin_is_stopped_with_all_that_it_started() {
    let machine = Machine::new("1.37.1");
    machine.kubeconfig("v1beta1", "p", "");
    for (script, outcome) in [
        ("sleep N & sleep N", "timed-out"),
        ("trap '' TERM INT HUP; sleep N & while :; do sleep 1; done", "timed-out"),
        ("(sleep N &) ; echo x", "output-kept-open"),
    ] {
        let marker = marker();
        machine.program("a/p", &script.replace('N', &marker));
        let reported = machine.run(&["--timeout", "3", "--format", "json"]);
        let report: Value = serde_json::from_str(&reported.out()).unwrap();
        assert_eq!(report["contexts"][0]["answers"][0]["outcome"], outcome, "{script}");
        assert_eq!(reported.status, Some(1));
        assert!(!is_running(&marker), "{script}");
    }
    // What a plugin leaves in the background is no reason to wait, but does not stay either.
    let marker = marker();
    machine.program("a/p", &format!("sleep {marker} >/dev/null 2>&1 &\n{}", echoes()));
    assert_eq!(machine.run(&[]).status, Some(0));
    assert!(!is_running(&marker));
}

#[test]
fn interrupt_leaves_no_process_behind() {
    let machine = Machine::new("1.37.1");
    machine.kubeconfig("v1beta1", "p", "");
    // A shell starts jobs in the background with SIGINT ignored, and they pass that on.
    let is_ignored = |number: u32| {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or("0");
        u64::from_str_radix(mask.trim(), 16).unwrap() & (1 << (number - 1)) != 0
    };
    for (signal, _) in [("INT", 2), ("TERM", 15)].into_iter().filter(|(_, n)| !is_ignored(*n)) {
        let marker = marker();
        machine.program("a/p", &format!("sleep {marker} & sleep {marker}"));
        let mut command = machine.command(&["--timeout", "600"]);
        let mut doctor = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begin = Instant::now();
        while !is_running(&marker) {
            assert!(begin.elapsed() < Duration::from_secs(60), "the plugin does not run");
            std::thread::sleep(Duration::from_millis(10));
        }
        let kill = ["-s", signal, &doctor.id().to_string()];
        assert!(Command::new("kill").args(kill).status().unwrap().success());
        let status = doctor.wait().unwrap();
        assert!(status.signal().is_some(), "{status}");
        assert!(!is_running(&marker), "{signal}");
    }
}

#[test]
fn missing_and_relative_commands_are_found_as_kubectl_finds_them() {
    let machine = Machine::new("1.37.1");
    machine.kubeconfig("v1beta1", "p", "      installHint: install it\n");
    let (answers, problems) = machine.diagnosis(&[]);
    assert!(answers.is_empty());
    assert!(problems.contains("getting credentials: exec: executable p not found"), "{problems}");
    machine.program("a/p", "");
    fs::set_permissions(machine.path().join("a/p"), fs::Permissions::from_mode(0o644)).unwrap();
    let (_, problems) = machine.diagnosis(&[]);
    assert!(problems.contains("chmod +x ~/a/p"), "{problems}");
    // Relative to the kubeconfig.
    machine.program(".kube/own/p", &echoes());
    machine.kubeconfig("v1beta1", "./own/p", "");
    assert_eq!(machine.context(&[])["executable"]["path"], "~/.kube/own/p");
    machine.kubeconfig("v1beta1", "./no/p", "");
    let (answers, problems) = machine.diagnosis(&[]);
    assert_eq!(answers, ["v1beta1 not-started -"]);
    let says = "exec: fork/exec ~/.kube/no/p: no such file or directory";
    assert!(problems.contains(says), "{problems}");
}

/// A row of `tests/aws/doctor.json`.
#[derive(serde::Deserialize)]
struct Recorded {
    kubectl: String,
    aws: Vec<String>,
    written: String,
    kubectl_says: String,
    answers: Value,
    problems: Value,
}

#[test]
fn diagnoses_are_those_of_real_programs() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/aws/doctor.json");
    let recorded = fs::read_to_string(path).unwrap();
    let rows: Vec<Recorded> = serde_json::from_str(&recorded).unwrap();
    assert!(rows.len() > 40);
    // The name of the scheme varies.
    let plain = |says: &str| says.split(" in scheme \"").next().unwrap().to_owned();
    for row in rows {
        let machine = Machine::new(&format!("{}.0", row.kubectl));
        for (release, folder) in row.aws.iter().zip(["a", "b"]) {
            let is_old = release.starts_with("1.18.") || release.starts_with("1.22.");
            let then = if is_old { returns("v1alpha1") } else { echoes() };
            machine.program(&format!("{folder}/aws"), &aws(release, &then));
        }
        let mode = if row.written == "v1" { "      interactiveMode: IfAvailable\n" } else { "" };
        let args = "      args: [--region, eu-west-1, eks, get-token, --cluster-name, demo]\n";
        machine.kubeconfig(&row.written, "aws", &format!("{args}{mode}"));
        let text = fs::read_to_string(machine.path().join(".kube/config")).unwrap();
        // The recorded kubeconfig has one name for all.
        let names = [": x\n", ": c\n", ": u\n"];
        let text = names.iter().fold(text, |text, name| text.replace(name, ": demo\n"));
        fs::write(machine.path().join("doctor-kubeconfig"), text).unwrap();
        let context = machine.context(&["doctor-kubeconfig"]);
        let answers = context["answers"].as_array().unwrap().iter().map(|answer| {
            json!({"asked": answer["asked"], "outcome": answer["outcome"], "returned": answer["returned"]})
        });
        let place = format!("kubectl {}, aws {:?}, {}", row.kubectl, row.aws, row.written);
        assert_eq!(Value::from(answers.collect::<Vec<_>>()), row.answers, "{place}");
        let problems = context["problems"].as_array().unwrap().iter().map(|problem| {
            let remedies = problem["remedies"].as_array().unwrap();
            let texts: Vec<Value> = remedies.iter().map(|remedy| remedy["text"].clone()).collect();
            json!({
                "rule": problem["rule"],
                "title": problem["title"],
                "kubectl_says": plain(problem["kubectl_says"].as_str().unwrap_or_default()),
                "remedies": texts,
            })
        });
        let problems = Value::from(problems.collect::<Vec<_>>());
        let mut expected = row.problems.to_string().replace("$WORK/doctor-", "doctor-");
        for (release, folder) in row.aws.iter().zip(["a", "b"]) {
            expected =
                expected.replace(&format!("$WORK/aws-{release}/bin"), &format!("~/{folder}"));
        }
        assert_eq!(problems, serde_json::from_str::<Value>(&expected).unwrap(), "{place}");
        // The words are those that kubectl printed.
        let is_refused = row.kubectl_says.contains("getting credentials")
            || row.kubectl_says.contains("error: ");
        let says = problems.to_string().replace("\\\"", "\"");
        assert!(!is_refused || says.contains(&row.kubectl_says), "{place}: {}", row.kubectl_says);
    }
}

#[test]
fn plugin_that_needs_a_terminal_is_found_but_not_asked_without_one() {
    let machine = Machine::new("1.37.1");
    machine.program("a/p", "touch ran");
    machine.kubeconfig("v1beta1", "p", "      interactiveMode: Always\n");
    let context = machine.context(&[]);
    assert_eq!(context["executable"]["path"], "~/a/p");
    assert_eq!(context["answers"], json!([]));
    assert!(context["notes"][0].as_str().unwrap().contains("in a terminal"), "{context}");
    assert!(!machine.path().join("ran").exists());
}

/// Secrets of several looks, wherever a plugin or a kubeconfig may hold one.
#[test]
fn no_report_shows_a_secret_of_any_looks() {
    const SECRETS: [&str; 6] = [
        "hunter-horse-battery",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "eyJhbGciOiJIUzI1NiJ9.eyJodW50ZXIiOjF9.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        "hunter/Ka+oVwpZqv4cqgty1iVtIEZZEBvGU8Fp3NcpljS",
        "p@s#hunter!w0rd",
        "HunterhunterHunter",
    ];
    let group = "client.authentication.k8s.io";
    let outputs = [
        format!(
            "{{'kind':'ExecCredential','apiVersion':'{group}/v1beta1','status':{{'token':'S'}}}}"
        ),
        format!(
            "{{'kind':'ExecCredential','apiVersion':'{group}/v1alpha1','status':{{'token':'S'}}}}"
        ),
        format!("{{'kind':'S','apiVersion':'{group}/v1beta1','status':{{'token':'S'}}}}"),
        format!("{{'kind':'ExecCredential','apiVersion':'{group}/S','status':{{'token':'S'}}}}"),
        "{'kind':'ExecCredential','apiVersion':'S/v1','status':{'token':'S'}}".to_owned(),
        "{'kind':'ExecCredential','apiVersion':'S/S/v1'}".to_owned(),
        "{'kind':'ExecCredential','apiVersion':'S','status':{'expirationTimestamp':'S'}}"
            .to_owned(),
        "{'access':{'token':'S'}}".to_owned(),
        "S".to_owned(),
        "a: b: S".to_owned(),
        "['S']".to_owned(),
        "{S".to_owned(),
    ];
    let errors =
        ["S", "token S is bad", "{'a':'S'}", "xS", "Bearer S", "\\033[1mS\\033[0m", "  S\nlast"];
    let machine = Machine::new("1.37.1");
    let mut count = 0;
    for secret in SECRETS {
        let exec = format!(
            "      args: ['--token', '{secret}', '--key={secret}']\n      \
                            env: [{{name: V, value: '{secret}'}}]\n    password: '{secret}'\n"
        );
        for (output, error) in outputs.iter().zip(errors.iter().cycle()) {
            let version = if count % 2 == 0 { "v1beta1" } else { "v1alpha1" };
            machine.kubeconfig(version, "p", &exec);
            let filled = |text: &str| text.replace('S', secret).replace('\'', "\"");
            machine.program(
                "a/p",
                &format!("printf '%b' '{}' >&2\nprintf %s '{}'\n", filled(error), filled(output)),
            );
            let format = if count % 3 == 0 { "text" } else { "json" };
            let outcome = machine.run(&["--format", format]);
            let shown = outcome.out() + &outcome.err();
            let shown = shown.to_lowercase().replace(char::is_whitespace, "");
            let parts = secret.to_lowercase();
            for part in parts.as_bytes().windows(8) {
                let part = std::str::from_utf8(part).unwrap();
                assert!(!shown.contains(part), "{output} {error}: {part} in {}", outcome.out());
            }
            count += 1;
        }
    }
}

#[test]
fn contexts_are_chosen_as_kubectl_chooses_them() {
    let machine = Machine::new("1.37.1");
    machine.program("a/p", &echoes());
    machine.program("b/q", &returns("v1"));
    let two = "contexts: [{name: x, context: {cluster: c, user: u}}, \
        {name: w, context: {cluster: c, user: v}}]\n\
        clusters: [{name: c, cluster: {server: 'https://s'}}]\nusers:\n\
        - {name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: p}}}\n\
        - {name: v, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: q}}}\n";
    fs::write(machine.path().join("one"), "current-context: x\n").unwrap();
    fs::write(machine.path().join("two"), two).unwrap();
    let names = |report: &Value| {
        let contexts = report["contexts"].as_array().unwrap().clone();
        contexts.iter().map(|c| c["context"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&machine.report(&["one", "two"])), ["x"]);
    assert_eq!(names(&machine.report(&["one", "two", "--context", "w"])), ["w"]);
    assert_eq!(names(&machine.report(&["two", "one", "--all"])), ["x", "w"]);
    // kubectl fails if the current one does not exist.
    fs::write(machine.path().join("gone"), "current-context: gone\n").unwrap();
    let report = machine.report(&["gone", "two", "--all"]);
    assert_eq!(names(&report), ["x", "w", "gone"]);
    assert_eq!(report["contexts"][2]["problems"][0]["rule"], "missing-context");
    let mut listed = machine.command(&["--context", "w"]);
    let outcome =
        common::run_command(listed.env("KUBECONFIG", "one:two"), b"", Duration::from_secs(60));
    assert!(outcome.out().contains("context w\n"), "{}", outcome.out());
    let outcome = machine.run(&["two", "--context", "z"]);
    assert_eq!(outcome.status, Some(2));
    assert_eq!(outcome.err(), "error: context \"z\" does not exist: write `x` or `w`\n");
}

#[test]
fn names_without_an_entry_have_a_place_and_candidates() {
    let machine = Machine::new("1.37.1");
    machine.program("a/p", &echoes());
    let text = "contexts: [{name: x, context: {cluster: c, user: u}}, \
        {name: w, context: {cluster: d, user: u}},\n\
        {name: v, context: {cluster: c, user: k}}]\n\
        clusters: [{name: c, cluster: {server: 'https://s'}}]\nusers:\n\
        - {name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: p}}}\n";
    let file = |current: &str| fs::write(machine.path().join("file"), format!("{current}{text}"));
    for (current, flags, title, place, first) in [
        (
            "",
            &[][..],
            "there is no current context",
            "file:1:1",
            "choose a context: `kubectl config use-context NAME --kubeconfig file`, where NAME is `x`, \
             `w` or `v`",
        ),
        (
            "current-context: gone\n",
            &[],
            "`current-context` names a context that does not exist",
            "file:1:18",
            "choose a context: `kubectl config use-context NAME --kubeconfig file`, where NAME is `x`, \
             `w` or `v`",
        ),
        (
            "",
            &["--context", "w"],
            "context `w` names a cluster that does not exist",
            "file:1:84",
            "write `cluster: c` there, the only one",
        ),
        (
            "current-context: v\n",
            &[],
            "the current context names a user that does not exist",
            "file:3:39",
            "write `user: u` there, the only one",
        ),
    ] {
        file(current).unwrap();
        let context = machine.context(&[&["file"], flags].concat());
        let problem = &context["problems"][0];
        assert_eq!(problem["title"], title, "{context}");
        assert_eq!(problem["place"], place);
        assert_eq!(problem["remedies"][0]["text"], first);
        let second = problem["remedies"][1]["text"].as_str().unwrap();
        let pass = "pass `--context x` each time, to kubectl and to doctor";
        assert_eq!(second, pass, "{context}");
        assert!(!problem["kubectl_says"].is_null(), "{context}");
    }
}

#[test]
fn problems_come_in_the_order_of_kubectl() {
    let machine = Machine::new("1.37.1");
    machine.program("a/aws", &aws("2.15.0", &echoes()));
    fs::create_dir_all(machine.path().join(".kube")).unwrap();
    fs::write(machine.path().join(".kube/text"), "text").unwrap();
    // What kubectl 1.37 says first of each, and the keys or versions that the problems are about.
    for (version, cluster, more, says, about) in [
        (
            "v1alpha1",
            "gone",
            "",
            "unable to read certificate-authority",
            &["authority", "v1alpha1"],
        ),
        ("v1alpha1", "text", "", "invalid apiVersion", &["v1alpha1", "authority"]),
        (
            "v1",
            "gone",
            "",
            "Error in configuration: \n* interactiveMode",
            &["interactive", "authority"],
        ),
        (
            "v1alpha1",
            "text",
            "tokenFile: gone",
            "error: open ~/.kube/gone",
            &["tokenFile", "v1alpha1"],
        ),
    ] {
        let args = "      args: [eks, get-token, --cluster-name, c]\n";
        machine.kubeconfig(version, "aws", &format!("{args}    {more}\n"));
        let path = machine.path().join(".kube/config");
        let text = fs::read_to_string(&path).unwrap();
        let authority = format!("    certificate-authority: {cluster}\nusers:");
        fs::write(&path, text.replace("users:", &authority)).unwrap();
        let problems = machine.context(&[])["problems"].clone();
        let said = problems[0]["kubectl_says"].as_str().unwrap();
        assert!(said.contains(says), "{problems}");
        for (problem, about) in problems.as_array().unwrap().iter().zip(about) {
            assert!(problem["title"].as_str().unwrap().contains(about), "{problems}");
        }
        assert!(problems.as_array().unwrap().len() >= about.len(), "{problems}");
    }
    // The command that also writes the authority.
    let problems = machine.diagnosis(&[]).1;
    let command = "regenerate the entry: `aws eks update-kubeconfig --name c --region REGION";
    assert!(problems.contains(command), "{problems}");
}

#[test]
fn broken_authority_is_written_again_by_the_command_that_wrote_it() {
    let machine = Machine::new("1.37.1");
    let args = "      args: [eks, get-token, --cluster-name, c]\n";
    machine.kubeconfig("v1beta1", "aws", args);
    let path = machine.path().join(".kube/config");
    let text = fs::read_to_string(&path).unwrap();
    let command = "regenerate the entry: `aws eks update-kubeconfig --name c --region REGION";
    let remedies = |key: &str, value: &str| {
        fs::write(&path, text.replace("users:", &format!("    {key}: {value}\nusers:"))).unwrap();
        machine.context(&[])["problems"][0]["remedies"].clone()
    };
    // The first two are no kubeconfig, the third is no certificate.
    for data in ["'not base64!'", "[65, 256]", "bm90IGEgY2VydGlmaWNhdGU="] {
        let found = remedies("certificate-authority-data", data);
        assert_eq!(found[1]["step"], "or", "{found}");
        assert!(found[1]["text"].as_str().unwrap().starts_with(command), "{found}");
    }
    let found = remedies("proxy-url", "ftp://proxy");
    assert!(!found.to_string().contains(command), "{found}");
}

#[test]
fn missing_plugin_is_to_be_installed_in_a_release_that_will_do() {
    let machine = Machine::new("1.37.1");
    machine.kubeconfig("v1alpha1", "aws", "      args: [eks, get-token, --cluster-name, c]\n");
    let install = "install `aws` (aws-cli 1.23.9 or 2.6.3, or newer), or write its full path as \
                   `command`";
    let problems = machine.context(&[])["problems"].clone();
    assert_eq!(problems.as_array().unwrap().len(), 1, "{problems}");
    assert!(problems[0]["title"].as_str().unwrap().ends_with(", and `aws` is not on PATH"));
    assert_eq!(problems[0]["remedies"][0]["text"], install);
    assert_eq!(problems[0]["remedies"][1]["step"], "then");
    let fixed = machine.run(&["--fix"]);
    assert!(fixed.err().contains("fixed 1 finding"), "{}", fixed.err());
    assert_eq!(machine.context(&[])["problems"][0]["remedies"][0]["text"], install);
}

#[test]
fn newer_plugin_on_path_is_found_whatever_the_kubeconfig_says() {
    let machine = Machine::new("1.23.4");
    let text_or_json =
        format!("for word; do [ \"$word\" = text ] && echo text && exit; done\n{}", echoes());
    machine.program("a/aws", &aws("2.15.0", &text_or_json));
    machine.program("old/aws", &aws("1.22.101", &returns("v1alpha1")));
    let args = "      args: [eks, get-token, --cluster-name, c]\n";
    // A path in the kubeconfig.
    machine.kubeconfig("v1beta1", "../old/aws", args);
    let context = machine.context(&[]);
    assert_eq!(context["shadows"], json!([]));
    assert_eq!(context["not_used"], json!([{"path": "~/a/aws", "release": "2.15.0"}]));
    assert_eq!(context["better"]["answer"]["outcome"], "accepted");
    let remedies = context["problems"][0]["remedies"].to_string();
    let write = "use `~/a/aws` (aws-cli 2.15.0), which returns v1beta1: write `command: aws` at \
                 .kube/config:18:16";
    assert!(remedies.contains(write), "{remedies}");
    machine.kubeconfig("v1beta1", "/nowhere/aws", args);
    let (_, problems) = machine.diagnosis(&[]);
    assert!(problems.contains("write `command: aws`"), "{problems}");
    // A version that still works.
    machine.program("b/aws", &aws("2.15.0", &text_or_json));
    machine.program("a/aws", &aws("1.22.101", &returns("v1alpha1")));
    machine.kubeconfig("v1alpha1", "aws", args);
    let problems = machine.context(&[])["problems"].clone();
    assert_eq!(problems[0]["rule"], "deprecated-api-version");
    assert!(problems[0]["remedies"].to_string().contains("put `~/b` before `~/a`"), "{problems}");
    assert_eq!(problems[0]["remedies"][2]["step"], "then", "{problems}");
    // An argument that only the newer one minds.
    let args = "      args: [eks, get-token, --cluster-name, c, --output, text]\n";
    machine.kubeconfig("v1beta1", "aws", args);
    let context = machine.context(&[]);
    assert_eq!(context["better"]["answer"]["outcome"], "text", "{context}");
    let rules: Vec<_> = (0..2).map(|at| context["problems"][at]["rule"].clone()).collect();
    assert_eq!(rules, ["plugin-api-version", "plugin-output-format"], "{context}");
}

#[test]
fn version_to_judge_by_is_one_of_kubectl() {
    let machine = Machine::new("1.23.4");
    for (version, says) in [
        ("foo", "`foo` is not a kubectl version; write one such as 1.24\n"),
        ("1.23-1.24", "doctor judges by one version of kubectl; write one such as 1.24\n"),
        ("helm@3.9", "doctor judges by one version of kubectl; write one such as 1.24\n"),
        ("1.10", "kubectl 1.10 is too old"),
    ] {
        let outcome = machine.run(&["--kubectl-version", version]);
        assert_eq!(outcome.status, Some(2));
        let said = outcome.err().replace("\n    ", " ");
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn problems_of_other_contexts_are_only_counted() {
    let machine = Machine::new("1.37.1");
    machine.program("a/p", &echoes());
    let text = "current-context: gone\n\
        contexts: [{name: x, context: {cluster: c, user: u}}, {name: w, context: {cluster: d, user: u}}]\n\
        clusters: [{name: c, cluster: {server: 'https://s'}}, \
        {name: d, cluster: {server: 'https://s', proxy-url: 'ftp://p'}}]\nusers:\n\
        - {name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: p}}}\n";
    fs::write(machine.path().join("file"), text).unwrap();
    let titles = |context: &str| {
        let report = machine.report(&["file", "--context", context]);
        let problems = report["contexts"][0]["problems"].as_array().unwrap().iter();
        let titles: Vec<String> =
            problems.map(|p| p["title"].as_str().unwrap().to_owned()).collect();
        (titles, report["findings_about_other_users"].as_u64().unwrap())
    };
    assert_eq!(titles("x"), (vec![], 2));
    assert_eq!(titles("w"), (vec!["kubectl refuses this `proxy-url`".to_owned()], 1));
    let outcome = machine.run(&["file", "--context", "x"]);
    let others = "2 findings about other contexts: `kubeconfig-lint file` lists them";
    assert!(outcome.out().contains(others), "{}", outcome.out());
    let context = machine.context(&["file"]);
    assert_eq!(context["problems"][0]["rule"], "missing-context");
}

#[test]
fn what_the_plugin_answered_counts() {
    let machine = Machine::new("1.37.1");
    let args = "      args: [eks, get-token, --cluster-name, c, --output, text]\n";
    machine.kubeconfig("v1beta1", "aws", args);
    let foretold = "`--output text` makes aws print output that kubectl cannot decode";
    machine.program("a/aws", &aws("2.15.0", &echoes()));
    let context = machine.context(&[]);
    assert_eq!(context["problems"], json!([]));
    assert_eq!(context["notes"], json!([format!("not so here: {foretold} (.kube/config:19:59)")]));
    // Not decided by the answer of this release, either.
    machine.program("a/aws", &aws("1.22.101", &returns("v1alpha1")));
    let context = machine.context(&[]);
    assert_eq!(context["problems"].as_array().unwrap().len(), 1, "{}", context["problems"]);
    machine.program("a/aws", &aws("2.15.0", "echo text"));
    let context = machine.context(&[]);
    assert_eq!(context["notes"], json!([]));
    let title = format!("the plugin prints text instead of an ExecCredential: {foretold}");
    assert_eq!(context["problems"][0]["title"], title);
}

#[test]
fn doctor_runs_nothing_unasked() {
    let machine = Machine::new("1.37.1");
    machine.program("a/p", &format!("touch ran\n{}", echoes()));
    machine.kubeconfig("v1beta1", "p", "");
    let has_run = || fs::remove_file(machine.path().join("ran")).is_ok();
    let in_ci = |args: &[&str]| {
        let mut command = machine.command(args);
        common::run_command(command.env("CI", "true"), b"", Duration::from_secs(60))
    };
    let refused = in_ci(&[]);
    assert_eq!((refused.status, has_run()), (Some(2), false), "{}", refused.err());
    assert!(refused.err().contains("--yes"), "{}", refused.err());
    assert_eq!((in_ci(&["--yes"]).status, has_run()), (Some(0), true));
    // kubectl does not ask the plugin of a user with a token.
    machine.kubeconfig("v1beta1", "p", "    token: canary-hunter-horse\n");
    let context = machine.context(&[]);
    assert_eq!((context["answers"].clone(), has_run()), (json!([]), false));
    // A file of that name, which pre-commit may pass on.
    fs::write(machine.path().join("doctor"), "").unwrap();
    let refused = machine.run(&[".kube/config"]);
    assert_eq!((refused.status, has_run()), (Some(2), false));
    assert!(
        refused.err().contains("'doctor' is a command and also a file here"),
        "{}",
        refused.err()
    );
    let checked = common::run(machine.path(), &["--kubeconfig"], b"", Duration::from_secs(60));
    assert_eq!((checked.status, has_run()), (Some(0), false), "{}", checked.err());
}

#[test]
fn folder_called_doctor_can_be_checked() {
    let machine = Machine::new("1.37.1");
    machine.kubeconfig("v1alpha1", "p", "");
    fs::rename(machine.path().join(".kube"), machine.path().join("doctor")).unwrap();
    for path in ["./doctor", "doctor/config"] {
        let outcome = common::run(machine.path(), &[path], b"", Duration::from_secs(60));
        assert_eq!(outcome.status, Some(1), "{}", outcome.err());
    }
    let outcome = common::run(machine.path(), &["-q", "doctor"], b"", Duration::from_secs(60));
    assert_eq!(outcome.status, Some(1), "{}", outcome.err());
}

#[test]
fn kubeconfig_from_a_pipe_is_read_once() {
    let machine = Machine::new("1.37.1");
    machine.program("a/p", &echoes());
    machine.kubeconfig("v1beta1", "p", "");
    let text = fs::read(machine.path().join(".kube/config")).unwrap();
    let mut command = machine.command(&["/dev/stdin"]);
    let outcome = common::run_command(&mut command, &text, Duration::from_secs(60));
    assert_eq!(outcome.status, Some(0), "{}{}", outcome.out(), outcome.err());
    assert!(outcome.out().contains("returned v1beta1"), "{}", outcome.out());
}

#[test]
fn kubeconfigs_that_cannot_be_read_are_errors() {
    let machine = Machine::new("1.37.1");
    let outcome = machine.run(&[]);
    assert_eq!(outcome.status, Some(2));
    assert!(
        outcome.err().contains("none of the files that kubectl would load"),
        "{}",
        outcome.err()
    );
    let outcome = machine.run(&["nowhere"]);
    assert_eq!(
        (outcome.status, outcome.err().as_str()),
        (Some(2), "error: nowhere: no such file\n")
    );
    let outcome = machine.run(&["bin"]);
    assert_eq!(outcome.status, Some(2), "{}", outcome.out());
    fs::write(machine.path().join("broken"), "a: [\n").unwrap();
    let context = machine.context(&["broken"]);
    let problems = context["problems"].to_string();
    assert!(problems.contains("error loading config file"), "{problems}");
}
