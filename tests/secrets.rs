//! Checks that no report, in any format, shows a secret.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kubeconfig_lint::Source;
use kubeconfig_lint::Target;
use kubeconfig_lint::{FORMATS, FileReport, Format, Report, Style, Summary};
use kubeconfig_lint::{Linted, Options, lint};

/// What no output may contain: each secret starts and ends like this, with a number in between.
const MARKS: [&str; 2] = ["SECRET-", "-TERCES"];

const OLD: &str = "client.authentication.k8s.io/v1alpha1";
const GA: &str = "client.authentication.k8s.io/v1";

/// Runs with the options that show more or less. Each format also runs without options.
const RUNS: &[&[&str]] = &[
    &["--format", "text", "--color", "always"],
    &["--statistics"],
    &["--diff"],
    &["--diff", "--unsafe-fixes"],
    &["--format", "text", "--show-mentions", "--verbose"],
    &["--format", "short", "--show-mentions", "--fail-on", "note"],
    &["--format", "json", "--show-mentions"],
    &["--format", "junit", "--show-mentions"],
    &["--format", "sarif", "--show-mentions", "--show-suppressed"],
    &["--format", "text", "--kubectl-version", "1.20-1.24"],
    &["--format", "text", "--kubectl-version", "1.20"],
];

/// Creates secrets in every place and spelling, close to something to report.
fn tree(dir: &Path) {
    let mut number = 0;
    let mut secret = || {
        number += 1;
        let [start, end] = MARKS;
        format!("{start}{number:04}{end}")
    };
    let mut write = |name: &str, text: String| {
        let mut parts = text.split('@');
        let mut out = parts.next().unwrap().to_owned();
        for part in parts {
            out.push_str(&secret());
            out.push_str(part);
        }
        // Each text is also in base64, and in base64 within base64.
        let encoded = STANDARD.encode(&out);
        let twice = STANDARD.encode(format!("kind: Secret\ndata:\n  config: {encoded}\n"));
        let secret = format!("kind: Secret\ndata:\n  a: {encoded}\n  b: {twice}\n");
        fs::create_dir_all(dir.join("base64")).unwrap();
        fs::write(dir.join("base64").join(name), secret).unwrap();
        fs::write(dir.join(name), out).unwrap();
    };
    let exec = format!("exec: {{apiVersion: {OLD}, command: aws}}");
    write(
        "block",
        format!(
            "apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n    token: @\n    \
             username: admin\n    password: '@'\n    client-key-data: @\n    \
             client-certificate-data: @\n    {exec}\n"
        ),
    );
    write("flow", format!("users: [{{name: u, user: {{token: @, password: \"@\", {exec}}}}}]\n"));
    write(
        "after",
        format!("users: [{{name: u, user: {{{exec}, token: @, client-key-data: @}}}}]\n"),
    );
    write(
        "env",
        format!(
            "users:\n- name: u\n  user:\n    exec:\n      apiVersion: {OLD}\n      command: aws\n      \
             env:\n      - {{name: TOKEN, value: @}}\n      - {{value: @}}\n      - value: |\n          @\n          @\n      \
             - {{value: @, name: ''}}\n"
        ),
    );
    write(
        "env-line",
        format!(
            "users: [{{name: u, user: {{exec: {{env: [{{value: @}}, {{name: A, value: '@'}}], apiVersion: {GA}, command: x}}}}}}]\n"
        ),
    );
    for provider in ["gcp", "azure", "oidc", "openstack"] {
        write(
            &format!("provider-{provider}"),
            format!(
                "users:\n- name: u\n  user:\n    auth-provider: {{name: {provider}, config: {{client-secret: @, \
                 id-token: @, refresh-token: @, access-token: @, idp-certificate-authority-data: x}}}}\n    {exec}\n"
            ),
        );
        write(
            &format!("provider-{provider}-alone"),
            format!(
                "users: [{{name: u, user: {{auth-provider: {{config: {{client-secret: @, id-token: '@', \
                 refresh-token: @, access-token: @}}, name: {provider}}}}}}}]\n"
            ),
        );
    }
    write(
        "line.json",
        format!(
            r#"{{"kind":"Config","users":[{{"name":"u","user":{{"token":"@","exec":{{"apiVersion":"{OLD}","command":"x","args":["-i","c"],"env":[{{"name":"A","value":"@"}},{{"value":"@"}}]}},"client-key-data":"@","password":"@"}}}}]}}"#
        ),
    );
    write(
        "credential.json",
        format!(
            r#"{{"apiVersion":"{OLD}","kind":"ExecCredential","status":{{"token":"@","clientKeyData":"@","clientCertificateData":"@"}}}}"#
        ),
    );
    write(
        "credential-comment.json",
        format!(
            "{{ // printed\n\"status\":{{\"token\":\"@\"}},\"apiVersion\":\"{OLD}\",\"kind\":\"ExecCredential\"}}\n"
        ),
    );
    write(
        "credential.yaml",
        format!(
            "kind: ExecCredential\napiVersion: {OLD}\nstatus:\n  token: @\n  clientKeyData: |\n    @\n"
        ),
    );
    write("credential-bare.yaml", "kind: ExecCredential\nstatus: {token: @}\n".to_owned());
    // The fault in an ExecCredential is the secret itself, or is next to it.
    let start = format!("\"apiVersion\":\"{GA}\",\"kind\":\"ExecCredential\",\"status\":");
    write("credential-unquoted.json", format!("{{{start}{{\"token\":@}}}}\n"));
    write("credential-torn.json", format!("{{{start}{{\"clientKeyData\":\"@"));
    write("credential-slash.json", format!("{{\"a\":\"\\/\",{start}{{\"token\":[\"@\"]}}}}\n"));
    write("credential-broken.json", format!("{{\"a\":\"\\/\",{start}{{\"token\":\"@\",}}}}\n"));
    write("credential-text.json", format!("{{{start}\"@\"}}\n"));
    write("credential-list.yaml", format!("{{{start}[@, {{a: @}}]}}\n").replace('{', "{ "));
    write(
        "credential-no-pem.json",
        format!("{{{start}{{\"clientCertificateData\":\"@\",\"clientKeyData\":\"@\"}}}}\n"),
    );
    write(
        "credential-pem.json",
        format!(
            "{{{start}{{\"clientCertificateData\":\"-----BEGIN @-----\\nYQ==\\n-----END x-----\",\
             \"clientKeyData\":\"@\"}}}}\n"
        ),
    );
    write(
        "credential-time.yaml",
        format!(
            "apiVersion: {GA}\nkind: ExecCredential\nstatus:\n  token: &t @\n  \
             expirationTimestamp: *t\n"
        ),
    );
    write("credential-kind.yaml", format!("apiVersion: {GA}\nkind: *t\nstatus:\n  token: &t @\n"));
    write(
        "credential-version.yaml",
        "status:\n  token: &t a/b/@\nkind: ExecCredential\napiVersion: *t\n".to_owned(),
    );
    write(
        "credential-tag.yaml",
        format!("apiVersion: {GA}\nkind: ExecCredential\nstatus: {{token: !!int @}}\n"),
    );
    // Where no parser succeeds, only the words mark what is secret.
    write("broken-flow", format!("users: [{{name: u, user: {{token: @, {exec}}}}}\nkind: [\n"));
    write(
        "broken-before",
        format!("kind: Config\nusers: [{{name: u, user: {{password: \"@\", {exec} }}\n"),
    );
    write(
        "broken-block",
        format!(
            "kind: Config\nusers:\n- name: u\n  user:\n   token: @\n    password: @\n    {exec}\n"
        ),
    );
    write(
        "broken-tab",
        format!("kind: Config\nusers:\n- name: u\n  user:\n\ttoken: @\n\t{exec}\n"),
    );
    write(
        "broken.json",
        format!(
            r#"{{"users":[{{"name":"u","user":{{"token":"@","exec":{{"apiVersion":"{OLD}","command":"x"}},"client-key-data":"@""#
        ),
    );
    write(
        "broken-quote",
        format!("kind: Config\nusers:\n- name: u\n  user:\n    token: \"@\n    {exec}\n"),
    );
    write(
        "template",
        format!(
            "kind: Config\nusers:\n{{{{ if .X }}}}\n- name: {{{{ .Name }}}}\n  user: {{token: @, {exec}}}\n{{{{ end }}}}\n"
        ),
    );
    // The wrong type is the finding, and the secret is the value or is next to it.
    write(
        "type-list",
        format!("kind: Config\nusers: [{{name: u, user: {{token: [@], {exec}}}}}]\n"),
    );
    write(
        "type-map",
        format!("kind: Config\nusers: [{{name: u, user: {{password: {{a: @}}, {exec}}}}}]\n"),
    );
    write(
        "type-key",
        format!(
            "kind: Config\nusers: [{{name: u, user: {{client-key-data: '@ is no base64', {exec}}}}}]\n"
        ),
    );
    write(
        "type-env",
        format!(
            "kind: Config\nusers: [{{name: u, user: {{exec: {{apiVersion: {OLD}, command: x, env: {{TOKEN: @}}}}}}}}]\n"
        ),
    );
    write(
        "type-env-value",
        format!(
            "kind: Config\nusers: [{{name: u, user: {{exec: {{apiVersion: {OLD}, command: x, env: [{{name: A, value: [@]}}]}}}}}}]\n"
        ),
    );
    write(
        "type-exec",
        "kind: Config\nusers: [{name: u, user: {token: @, exec: text}}]\n".to_owned(),
    );
    write(
        "duplicate",
        format!(
            "kind: Config\nusers: [{{name: u, user: {{token: @, token: @, {exec}}}}}, {{name: u, user: {{token: @}}}}]\n"
        ),
    );
    write(
        "anchor",
        format!("kind: Config\nx: &t @\nusers: [{{name: u, user: {{token: *t, {exec}}}}}]\n"),
    );
    write(
        "merge",
        format!(
            "kind: Config\nx: &t {{token: @, password: @}}\nusers: [{{name: u, user: {{<<: *t, {exec}}}}}]\n"
        ),
    );
    // Kubercs: flags and arguments, on the line of a finding.
    let kuberc = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n";
    let line = r#""kind":"Preference","credentialPluginPolicy":"x","aliases":[{"name":"a","options":[{"name":"token","default":"@"}],"appendArgs":["--as","@"]}]"#;
    let json = format!(r#"{{"apiVersion":"kubectl.config.k8s.io/v1beta1",{line}}}"#);
    write("kuberc.json", json.clone());
    // Not valid YAML.
    write("kuberc-tab.json", format!("\t{json}"));
    write("kuberc-surrogate.json", json.replace("\"x\"", "\"\\ud800\""));
    write("kuberc-broken.json", format!("{json}]"));
    write("kuberc-comment.json", json.replace(",\"kind", ", /* c */ \"kind"));
    write(
        "kuberc-type",
        format!(
            "{kuberc}defaults: [{{command: get, options: [{{name: password, default: [@]}}]}}]\n\
             credentialPluginPolicy: DenyAll\n"
        ),
    );
    write("kuberc-alias", format!("{kuberc}token: &t @\ncredentialPluginPolicy: *t\n"));
    write(
        "kuberc-key",
        format!("{kuberc}token: &t @\n? *t\n: 1\n? *t\n: 2\ncredentialPluginPolicy: x\n"),
    );
    write(
        "kuberc-entry",
        format!(
            "{kuberc}token: &t ./@\ncredentialPluginPolicy: Allowlist\n\
             credentialPluginAllowlist: [{{command: *t}}]\n"
        ),
    );
    write(
        "kuberc-flag",
        format!(
            "{kuberc}token: &t -@\naliases: [{{name: a, options: [{{name: *t}}]}}]\n\
             credentialPluginPolicy: x\n"
        ),
    );
    write("kuberc-separator", format!("{kuberc}credentialPluginPolicy: DenyAll\n--- token: @\n"));
    write("mention", format!("# old: {OLD}  token: @\n"));
    // Ignore comments: reports show the reason and unknown rule names.
    let ignore = "kubeconfig-lint: ignore[removed-api-version]";
    write("ignored", format!("users: [{{name: u, user: {{{exec}}}}}] # {ignore} token: @\n"));
    write(
        "ignored.json",
        format!(
            "{{\"//\": \"{ignore}\", \"token\": \"@\", \"users\": [{{\"user\": {{{exec}}}}}]}}\n"
        ),
    );
    write(
        "ignored-in-text",
        format!("x: \"# {ignore} a\\ntoken: @\\nusers: [{{user: {{{exec}}}}}]\"\n"),
    );
    write(
        "ignored-in-block",
        format!("token: |\n  # {ignore} @\n  {OLD}\nusers: [{{user: {{{exec}}}}}]\n"),
    );
    write("ignored-name", format!("{exec} # kubeconfig-lint: ignore[token: @]\n"));
    // UTF-16, as a Windows shell writes it.
    let text = format!("users: [{{name: u, user: {{token: {}, {exec}}}}}]\n", secret());
    let wide = text.encode_utf16().flat_map(u16::to_le_bytes);
    fs::write(dir.join("utf-16"), [0xff, 0xfe].into_iter().chain(wide).collect::<Vec<u8>>())
        .unwrap();
}

/// Returns the lines that show any of what marks a secret.
fn leaks<'a>(printed: &'a str, marks: &'a [&str]) -> impl Iterator<Item = &'a str> {
    printed.lines().filter(move |line| marks.iter().any(|mark| line.contains(mark)))
}

#[test]
fn reports_show_no_secret() {
    let temporary = tempfile::tempdir().unwrap();
    tree(temporary.path());
    let mut names: Vec<String> = fs::read_dir(temporary.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut shown = Vec::new();
    let formats = FORMATS.iter().map(|format| vec!["--format", format.name]);
    for run in formats.chain(RUNS.iter().map(|run| run.to_vec())) {
        for name in names.iter().map(String::as_str).chain(["."]) {
            let args: Vec<&str> = run.iter().copied().chain([name]).collect();
            let outcome = common::run(temporary.path(), &args, b"", Duration::from_secs(60));
            assert!(matches!(outcome.status, Some(0..=2)), "{args:?}: {outcome:?}");
            let printed = outcome.out() + &outcome.err();
            shown.extend(leaks(&printed, &MARKS).map(|line| format!("{}: {line}", args.join(" "))));
        }
    }
    assert!(shown.is_empty(), "{} lines show a secret:\n{}", shown.len(), shown.join("\n"));
}

#[test]
fn leaked_secrets_are_seen() {
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path();
    tree(dir);
    let printed = |args: &[&str]| common::run(dir, args, b"", Duration::from_secs(60)).out();
    let short = printed(&["--format", "short"]);
    // Markdown shows only so many findings: a file of which the title already hides something.
    let title = short.lines().find(|line| line.contains("***")).unwrap();
    let file = title.split(':').next().unwrap();
    let formats = FORMATS.iter().map(|format| ["--format", format.name, file]);
    for args in formats.chain([["--diff", "--unsafe-fixes", "."]]) {
        let out = printed(&args);
        assert_eq!(leaks(&out, &MARKS).count(), 0, "{args:?}");
        // It hides something, and either half of that would be seen.
        let (before, after) = out.split_once("***").unwrap_or_else(|| panic!("{args:?}: {out}"));
        for shown in ["SECRET-00***", "***-TERCES"] {
            assert_eq!(leaks(&format!("{before}{shown}{after}"), &MARKS).count(), 1, "{args:?}");
        }
    }
    // A linter that does not say where the secrets are.
    let mut seen = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let source = Source::new(name.clone(), fs::read(&path).unwrap());
        let mut linted = lint(&source, &Options::default());
        linted.keyed_secrets.clear();
        let report = report_of(&name, Target::default(), source, linted);
        let text = FORMATS.iter().find(|format| format.name == "text").unwrap();
        if leaks(&written(text, &report), &MARKS).count() > 0 {
            seen.push(name);
        }
    }
    // The looks of a line hide most of the others.
    assert!(seen.len() > 2, "{seen:?}");
}

/// A value that nothing but its place marks as secret. Each is this followed by a number.
const CANARY: &str = "canary";

/// Texts with a canary for each `¤`, and one that is a word for each `§`. `OLD` is a removed exec API
/// version.
const CANARIES: &[(&str, &str)] = &[
    (
        "ci.log",
        "+ vault login § && kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws\n\
         bob@host:~$ vault login §; kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws\n\
         2024-01-01T00:00:00Z echo § | x && kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws\n\
         [INFO] exec env: PW -> ¤, apiVersion: OLD\n&ExecConfig{Command:corp,Args:[login ¤],APIVersion:OLD,Hint:§,}\n\
         session: § apiVersion: OLD\notp: §, apiVersion: OLD\n",
    ),
    ("users.csv", "§,OLD\nOLD,¤\n§,u,OLD,\"x y\"\n"),
    (
        "plugin.sh",
        "printf '{\"apiVersion\": \"%s\", \"status\": {\"token\": \"%s\"}}' OLD §\n\
         jq -n --arg v OLD --arg token § '{apiVersion: $v, status: {token: $token}}'\n\
         printf \"%s %s\" OLD §\npin[0]=§; kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws\n\
         kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws --exec-env=§\n",
    ),
    (
        "read.md",
        "Log in with bob / § and `OLD`.\n\nmot de passe : §, puis `OLD`\n\n| a | apiVersion: OLD<br>- § |\n",
    ),
    ("broken-flow.yaml", "a: {exec: {apiVersion: OLD, command: corp, args: login, ¤, env: A=x}}\n"),
    (
        "chart.yaml.tpl",
        "{{/* pw § */}}{apiVersion: OLD, passport: §, pinId: §, url: https://h/hook/§}\n",
    ),
    (
        "items.yaml",
        "v: {pws: [¤, §], auth: {basic: [admin, ¤]}, exec: {apiVersion: OLD, command: aws}}\n",
    ),
    (
        "version.yaml",
        "v: {exec: {apiVersion: v1beta1, command: corp, args: [\"¤ OLD\", \"§ OLD\"]}}\n",
    ),
    ("swallowed.yaml", "kind: ExecCredential\napiVersion: OLD\n  - ¤\n  - §\n"),
    (
        "swallowing",
        "kind: Config\nclusters:\n- name: c\n  cluster: {server: 'https://h', proxy-url: http://admin \
         ¤@p:1}\n- name: d\n  cluster:\n    server: https://h\n    proxy-url: |\n      ¤:§@p:1\n\
         contexts:\n- {name: c, context: {cluster: c, user: u}}\n- {name: d, context: {cluster: d, user: v}}\n\
         users:\n- name: u\n  user:\n    exec:\n      apiVersion: OLD ¤\n      command: aws\n\
         - name: v\n  user:\n    auth-provider:\n      name: oidc\n        - ¤\n        - §\n",
    ),
    (
        "branch.ts",
        "const v = x ? \"§\" : y; const e = { apiVersion: \"OLD\", command: \"aws\" };\n",
    ),
    (
        "builder.java",
        "new ExecConfigBuilder().withApiVersion(\"OLD\").withCommand(\"corp\").withArgs(\"login\", \
         \"§\").addNewEnv().withName(\"A\").withValue(\"§\");\n",
    ),
    ("escaped.js", "log('it\\'s', '¤', '§'); x({ apiVersion: 'OLD', command: 'aws' });\n"),
    ("list.pl", "my @a = qw(login §); my %e = (apiVersion => 'OLD', command => 'aws');\n"),
    (
        "expression.yaml",
        "config: '{\"exec\":{\"command\":\"corp\",\"args\":[\"login\",\"{{ .Values.p | default \"x\" \
         }}\",\"¤\"],\"apiVersion\":\"OLD\"},\"pins\":[\"§\"]}'\n",
    ),
    ("dump.sql", "1\tu\t¤\t{\"exec\":{\"apiVersion\":\"OLD\",\"command\":\"aws\"}}\n"),
    (
        "plain.yaml",
        "apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n    token: ¤\n    exec:\n      \
         apiVersion: OLD # comment\n      command: aws\n      env:\n      - name: A\n        value: ¤\n      \
         - name: B\n        value: \"¤\"\n    password: '¤'\n",
    ),
    (
        "flow.yaml",
        "users: [{name: u, user: {exec: {apiVersion: OLD, command: aws, env: [{name: A, value: ¤}, \
         {value: '¤ ¤', name: B}, {\"name\": \"C\", \"value\": \"¤\"}]}, password: \"¤\", x: {password: ¤}}}]\n",
    ),
    (
        "block.yaml",
        "users:\n- name: u\n  user:\n    exec:\n      env:\n      - name: A\n        value: |\n          ¤\n          \
         ¤\n      - {name: B, value: ¤}\n      apiVersion: OLD\n      command: aws\n    token: >-\n      ¤\n      ¤\n",
    ),
    (
        "config.json",
        "{\"users\":[{\"name\":\"u\",\"user\":{\"password\":\"¤\",\"exec\":{\"apiVersion\":\"OLD\",\
         \"command\":\"aws\",\"env\":[{\"name\":\"A\",\"value\":\"¤\"}]},\"extensions\":[{\"name\":\"e\",\
         \"extension\":{\"pin\":\"§\"}}]}}]}\n",
    ),
    (
        "command.yaml",
        "users: [{name: w, user: {exec: {apiVersion: OLD, command: \"vault login ¤\"}}}, {name: u, user: \
         {exec: {apiVersion: OLD, command: TOKEN=¤ aws}}}, {name: v, user: \
         {exec: {apiVersion: OLD, command: 'DB=¤ db=\"¤ ¤\" aws --password ¤ --token=¤'}}}]\n",
    ),
    (
        "args.yaml",
        "users: [{name: u, user: {exec: {apiVersion: OLD, command: aws, args: [--token, ¤, \
         '--password=¤', --exec-env, a=¤, '--exec-env=A=¤', -e, B=¤, --api-key=¤, 'https://u:¤@h/?a=¤', \
         sh, -c, 'X=¤ y=¤ aws']}}}]\n",
    ),
    (
        "other.yaml",
        "encryptionKey: ¤\nplain: §\nusers:\n- exec: {apiVersion: OLD, command: aws}\n  encryptionKey: ¤\n  \
         settings: {signing_key: '¤', env: {A: ¤, b: \"¤\"}, environment: {C: ¤}}\n  \
         pin: § # OLD\n  url: https://u:¤@h/OLD?a=¤&b=¤\n  proxy: https://¤@h\n",
    ),
    (
        "secret.yaml",
        "kind: Secret\nmetadata: {name: s}\nstringData:\n  plain: ¤\n  quoted: '¤'\n  block: |\n    ¤\n  config: |\n    \
         users: [{name: u, user: {exec: {apiVersion: OLD, command: aws}}}]\n    ---\n    any: ¤\n  last: \"¤\"\n",
    ),
    (
        "secret-line.yaml",
        "kind: Secret\ndata: {a: ¤, config: 'users: [{name: u, user: {exec: {apiVersion: OLD, command: aws}}}]', b: '¤'}\n",
    ),
    (
        "Dockerfile",
        "FROM x\nENV APP_SETTING ¤\nENV A=¤ b=\"¤ ¤\" \\\n    C=¤\nARG X=¤\nRUN kubectl config set-credentials u \
         --exec-api-version=OLD --exec-command=aws --exec-env=DB=¤\nENV lower ¤ ¤\nARG y='¤'\n",
    ),
    (
        "one-line.Dockerfile",
        "ENV A=¤ CONFIG='exec: {apiVersion: OLD, command: aws}' b=¤\nENV X \"¤ exec: {apiVersion: OLD, command: aws}\"\n",
    ),
    (
        "set.sh",
        "export X=¤\nY=¤ Z='¤ ¤' kubectl config set-credentials u --exec-env=A=¤ --exec-api-version=OLD \
         --exec-command=aws --exec-env B=¤ --exec-env='C=¤ ¤' \"--exec-env=d=¤\" --token ¤ --password=¤ --exec-arg=a\n\
         declare -x W=¤\nexport d='¤ ¤'\nkubectl config set-credentials u --username=u --password '¤ ¤' \\\n  \
         --exec-env=DB=¤ \\\n  --exec-env \\\n  E=¤ \\\n  --exec-api-version=OLD --exec-command=aws\nsetenv V ¤\n\
         A=¤; curl -H \"Authorization: Bearer ¤\" -u u:¤ 'https://u:¤@h/x?key=¤&t=¤' # OLD\n",
    ),
    (
        "heredoc.sh",
        "kubectl config set-credentials u --exec-api-version=OLD --exec-command=mine; nc h <<E\n¤\nE\n",
    ),
    (
        "set.ps1",
        "$env:A = \"¤ ¤\"\n$env:B='¤'; kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws \
         --exec-env=C=¤\n$Env:D = '¤'\n",
    ),
    (
        "set.bat",
        "set A=¤\nset \"B=¤ ¤\" && kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws --exec-env=C=¤\nsetx D ¤\n",
    ),
    (
        "main.tf",
        "provider \"kubernetes\" {\n  host     = \"https://u:¤@h?a=¤\"\n  token = \"¤\"\n  client_key = <<EOT\n¤\nEOT\n  exec {\n    \
         env = { A = \"¤\", \"b\" : \"¤\" }\n    api_version = \"OLD\"\n    command = \"aws\"\n    env = {\n      \
         C = \"¤\"\n    }\n  }\n  pin = \"§\"\n}\n",
    ),
    (
        "main.go",
        "package main\n\nvar c = Exec{APIVersion: \"OLD\", Command: \"aws\", Env: []Env{{Name: \"A\", Value: \"¤\"}}, \
         Pin: \"§\"}\n\nfunc main() {\n\tos.Setenv(\"A\", \"¤\")\n\tx := map[string]string{\"apiVersion\": \"OLD\", \"pin\": \"§\"}\n}\n",
    ),
    (
        "main.py",
        "os.environ[\"A\"] = \"¤\"; v = \"OLD\"\nenv = {\"A\": \"¤\", \"b\": '¤'}\nexec = {\"apiVersion\": \"OLD\", \"command\": \"aws\", \
         \"env\": [{\"name\": \"A\", \"value\": \"¤\"}], \"pin\": \"§\"}\n",
    ),
    (
        "compose.yaml",
        "services:\n  a:\n    environment:\n    - A=¤\n    - b=¤ ¤\n    - \"C=¤\"\n    command: kubectl config \
         set-credentials u --exec-api-version=OLD --exec-command=aws\n    environment:\n      D: ¤\n      e: \"¤\"\n",
    ),
    (
        "workflow.yaml",
        "env:\n  A: ¤\n  b: '¤'\njobs:\n  j:\n    steps:\n    - env: {C: ¤}\n      run: |\n        \
         X=¤ kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws --exec-env=A=¤\n      env:\n        D: ¤\n",
    ),
    (
        "ignored.yaml",
        "users: [{name: u, user: {exec: {apiVersion: OLD, command: aws}}}] # kubeconfig-lint: \
         ignore[removed-api-version] A=¤ cmd\n",
    ),
    (
        "ignored.sh",
        "# kubeconfig-lint: ignore[removed-api-version] kubectl --exec-env=a=¤ https://¤@h?a=¤\n\
         kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws\n\
         # kubeconfig-lint: ignore[removed-api-version] export a=¤\n\
         kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws\n\
         # kubeconfig-lint: ignore[removed-api-version] -u u:¤ x\n\
         kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws\n",
    ),
    (
        "cluster.yaml",
        "apiVersion: v1\nkind: Config\nclusters:\n- name: a\n  cluster: {server: 'https://u:¤@h%zz?x=¤'}\n- name: b\n  \
         cluster: {server: https://h, proxy-url: 'ftp://¤@h?x=¤'}\n- name: c\n  cluster: {proxy-url: 'ftp://h?x=¤', \
         server: 'https://h/%zz?a=¤'}\nusers: []\n",
    ),
    (
        "kustomization.yaml",
        "secretGenerator:\n- name: s\n  literals:\n  - a=¤\n  - pw='¤'\n  - \"c=¤ ¤\"\n  # OLD\n  envs: [f]\n  literals: [a=¤, 'b=¤'] # OLD\nconfigMapGenerator: [{name: c, literals: [\"x=¤\", y=¤]}] # OLD\n",
    ),
    (
        "deploy.yaml",
        "kind: Deployment\nspec:\n  containers:\n  - name: a\n    envFrom: [{secretRef: {name: s}}]\n    env:\n    - {name: A, value: ¤}\n    - name: B\n      value: ¤ # OLD\n    args: [--exec-api-version=OLD, --exec-env=A=¤, --token=¤, --pw, ¤]\n    command: [sh, -c, 'A=¤ x --exec-api-version=OLD --exec-command=aws']\n",
    ),
    (
        "playbook.yml",
        "- hosts: all\n  vars:\n    ansible_become_pass: ¤\n    k: OLD\n    ansible_password: '¤'\n    db_pw: ¤\n  environment:\n    A: ¤\n    B: OLD\n  tasks:\n  - shell: kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws --token ¤\n    args: {stdin: ¤}\n    environment: {C: ¤}\n  - uri: {url: 'https://u:¤@h', url_password: ¤, body: {x: OLD, p: ¤}, headers: {X-Token: ¤}}\n",
    ),
    (
        "config.docker.json",
        "{\"auths\":{\"h\":{\"auth\":\"¤\",\"identitytoken\":\"¤\",\"password\":\"¤\",\"username\":\"u\",\"email\":\"OLD\"}},\"HttpHeaders\":{\"X-Meta\":\"¤\"},\"x\":\"OLD\"}\n",
    ),
    (
        "dot.netrc",
        "machine h login u password ¤\nmachine OLD login u password ¤\ndefault login a password ¤ # OLD\n",
    ),
    (".env", "A=¤\nB=\"¤ ¤\"\nexport C=¤\nK=OLD\nD=¤ # OLD\nV=OLD E=¤\njwt=¤.¤.¤\n"),
    (
        "values.yaml",
        "auth:\n  password: ¤\n  existing: {pin: ¤, api: OLD, x: ¤}\nenvVars: {A: ¤, B: OLD}\nextraEnv:\n- name: X\n  value: ¤\n- {name: Y, value: OLD}\nkubeconfig: |\n  users: [{name: u, user: {exec: {apiVersion: OLD, command: aws, env: [{name: A, value: ¤}]}, token: ¤}}]\n",
    ),
    (
        "compose2.yaml",
        "services:\n  a:\n    environment: {A: ¤, K: OLD, B: '¤'}\n    build: {args: {PW: ¤, K: OLD}, secrets: [¤]}\n    labels: {x: ¤, k: OLD}\n    command: [x, --exec-api-version, OLD, --exec-command=aws, --exec-env, A=¤]\n    healthcheck: {test: [CMD, curl, -u, 'u:¤', OLD]}\n",
    ),
    (
        "gitlab-ci.yml",
        "variables: {A: ¤, K: OLD}\nj:\n  variables:\n    B: ¤\n    K: OLD\n  script:\n  - vault login ¤\n  - kubectl config set-credentials u --exec-api-version=OLD --exec-command=aws\n  - export X=¤\n",
    ),
    (
        "external.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: Secret\nstringData:\n  config: |\n    {\"bearerToken\": \"¤\", \"execProviderConfig\": {\"command\": \"mine\", \"env\": {\"A\": \"¤\"}, \"apiVersion\": \"OLD\", \"args\": [\"--pin\", \"¤\"]}, \"tlsClientConfig\": {\"keyData\": \"¤\"}}\n",
    ),
    (
        "main.tf.json",
        "{\"provider\":{\"kubernetes\":{\"token\":\"¤\",\"exec\":{\"api_version\":\"OLD\",\"command\":\"mine\",\"args\":[\"--pin\",\"¤\"],\"env\":{\"A\":\"¤\"}},\"password\":\"¤\"}}}\n",
    ),
    (
        "pulumi.ts",
        "const p = new k8s.Provider('x', {kubeconfig: JSON.stringify({users: [{user: {token: '¤', exec: {apiVersion: 'OLD', command: 'mine', args: ['--pin', '¤'], env: [{name: 'A', value: '¤'}]}}}]})}); process.env.A = '¤'; const pin = '¤';\n",
    ),
    ("x.properties", "a.password=¤\nexec.apiVersion=OLD\nb: ¤\nx=¤ OLD\n"),
    (
        "x.toml",
        "token = \"¤\"\nexec = { apiVersion = \"OLD\", command = \"mine\", pin = \"¤\", env = { A = \"¤\" } }\nargs = [\"¤\"]\n",
    ),
    (
        "x.nix",
        "{ exec = { apiVersion = \"OLD\"; command = \"mine\"; args = [ \"--pin\" \"¤\" ]; env = { A = \"¤\"; }; pin = \"¤\"; }; }\n",
    ),
    (
        "x.rb",
        "exec = { 'apiVersion' => 'OLD', 'command' => 'mine', 'args' => ['--pin', '¤'], pin: '¤' }; ENV['A'] = '¤'\n",
    ),
    (
        "x.java",
        ".withApiVersion(\"OLD\").withCommand(\"mine\").withArgs(\"--pin\", \"¤\").withEnv(new Env(\"A\", \"¤\")).withToken(\"¤\")\n",
    ),
    (
        "x.cs",
        "new Exec { ApiVersion = \"OLD\", Command = \"mine\", Arguments = { \"--pin\", \"¤\" }, EnvironmentVariables = { { \"name\", \"A\" }, { \"value\", \"¤\" } }, Pin = \"¤\" };\n",
    ),
    (
        "x.xml",
        "<exec apiVersion=\"OLD\" pin=\"¤\"><token>¤</token> OLD <password>¤</password></exec>\n",
    ),
    (
        "user.yaml",
        "kind: Config\nusers:\n- name: u\n  user:\n    a: [¤, {b: ¤}]\n    b: !!str ¤\n    c:\n      ¤\n    \
         d: |\n      ¤\n      ¤\n    exec:\n      apiVersion: OLD\n      command: aws\n      f: [¤]\n    e: \"¤\n      \
         ¤\"\n    h: ${FOO}¤\n    i: {{ \"¤\" }}\n- name: v\n  user:\n    a: !vault ¤\n    b: >-\n      ¤\n    \
         exec: {apiVersion: OLD, command: aws}\n    c: {a: ¤}\n",
    ),
    (
        "user-flow.yaml",
        "users: [{name: u, user: {pin: [¤], x: !!str ¤, exec: {apiVersion: OLD, command: aws, y: {z: ¤}}}}]\n",
    ),
    (
        "user-tag.yaml",
        "kind: Config\nusers:\n- name: u\n  user:\n    pin: !!int ¤\n    exec: {apiVersion: OLD, command: aws}\n",
    ),
    (
        "status.json",
        "{\"kind\":\"ExecCredential\",\"apiVersion\":\"OLD\",\"status\":{\"x\":[\"¤\"],\"y\":{\"z\":\"¤\"}}}\n",
    ),
    (
        "next-line.yaml",
        "kind: Config\nusers:\n- name: u\n  user:\n    exec: {apiVersion: OLD, command: mine, args: [--pin,\n      ¤]}\n",
    ),
    (
        "next-line.tf",
        "provider \"kubernetes\" {\n  exec {\n    api_version = \"OLD\"\n    command = \"x\"\n    args = [\"-p\",\n      \
         \"¤\"]\n  }\n}\n",
    ),
    (
        "last.md",
        "> ```yaml\n> kind: Config\n> users:\n> - name: u\n>   user:\n>     exec:\n>       command: mine\n>       \
         apiVersion: OLD\n>       args:\n>       - \"--t:¤\"\n> ```\n",
    ),
    (
        "last.go",
        "package main\n\nconst c = `kind: Config\nusers:\n- name: u\n  user:\n    exec:\n      command: mine\n      \
         apiVersion: OLD\n      args:\n      - \"--header=¤\"`\n",
    ),
    (
        "types.yaml",
        "kind: Config\nusers:\n- {name: u, user: {exec: {apiVersion: OLD, command: mine, args: [--pin, [¤]]}}}\n\
         - {name: v, user: {exec: {apiVersion: OLD, command: mine, args: [--pin, {a: ¤, ¤: b}]}}}\n\
         - {name: w, user: {exec: {apiVersion: OLD, command: mine, args: [--pin, ¤${FOO}]}}}\n\
         - name: x\n  user:\n    exec:\n      apiVersion: OLD\n      command: mine\n      args:\n      - --pin\n      \
         - ¤: y\n      - |\n        ¤\n",
    ),
    // A kubeconfig in a string with line breaks
    (
        "escaped.env",
        "KUBECONFIG=\"users:\\n- name: u\\n  user:\\n    exec:\\n      apiVersion: OLD\\n      command: mine\\n      args:\\n      - --pin\\n      - §\\n      - get-token\\n      - §\\n      env:\\n      - name: A\\n        value: §\\n    pin: §\\n\"\n",
    ),
    (
        "escaped.py",
        "x = \"users:\\n- name: u\\n  user:\\n    exec:\\n      apiVersion: OLD\\n      command: mine\\n      args:\\n      - --pin\\n      - \\\"§\\\"\\n\"\n",
    ),
    (
        "escaped.sh",
        "printf 'users:\\n- name: u\\n  user:\\n    pin: §\\n    exec:\\n      apiVersion: OLD\\n      command: mine\\n      args:\\n      - --pin\\n      - §\\n' > f\n",
    ),
    (
        "escaped.json",
        "{\"a\": \"{\\\"b\\\": \\\"users:\\\\n- name: u\\\\n  user:\\\\n    exec:\\\\n      apiVersion: OLD\\\\n      command: mine\\\\n      args:\\\\n      - --pin\\\\n      - §\\\\n\\\"}\"}\n",
    ),
    (
        "lines.properties",
        "k=users:\\n\\\n- name: u\\n\\\n  user:\\n\\\n    exec:\\n\\\n      args:\\n\\\n      - --pin\\n\\\n      - §\\n\\\n      apiVersion: OLD\\n\\\n      command: mine\\n\\\n      env: [{name: A, value: §}]\\n\\\n    pin: §\\n\ndb.pw=§ § §\n",
    ),
    // A list that goes on in the next line
    (
        "list.py",
        "x = {\"apiVersion\": \"OLD\",\n \"args\": [\"--pin\",\n   \"§\", \"§\",\n   \"§\"],\n \"command\": \"mine\"}\n",
    ),
    ("call.py", "x = dict(\n  args=[\"--pin\",\n     \"§\"], apiVersion=\"OLD\")\n"),
    (
        "list.jsonnet",
        "{ exec: { apiVersion: 'OLD', args: ['--pin',\n  '§', '§'], command: 'mine' } }\n",
    ),
    (
        "list.tpl",
        "{{ if x }}\nusers:\n- name: u\n  user:\n    exec:\n      apiVersion: OLD\n      args: [--pin,\n        §, §]\n      command: mine\n",
    ),
    // Addresses
    (
        "address.yaml",
        "kind: Config\nclusters:\n- name: a\n  cluster: {proxy-url: \"me:§@h:80\", server: \"https://h/?a=§ §\"}\n- name: b\n  cluster:\n    server: https://h/a b?x=§ §\n    proxy-url: §@h:80\nusers:\n- name: u\n  user:\n    exec:\n      apiVersion: OLD\n      command: mine\n",
    ),
    // Where the error is
    (
        "at-quote.yaml",
        "users:\n- name: u\n  user:\n    exec:\n      apiVersion: OLD\n      command: mine\n      args: [--pin, \"\\q§\"]\n",
    ),
    (
        "at-sign.yaml",
        "users:\n- name: u\n  user:\n    exec:\n      apiVersion: OLD\n      command: mine\n      args:\n      - --pin\n      - @§\n",
    ),
    (
        "at-colon.yaml",
        "users:\n- name: u\n  user:\n    pin: a: §\n    exec: {apiVersion: OLD, command: mine}\n",
    ),
    (
        "at-key.yaml",
        "users:\n- name: u\n  user:\n    pin: \"a\\q§\"\n    exec: {apiVersion: OLD, command: mine}\n",
    ),
    (
        "at-block.yaml",
        "users:\n- name: u\n  user:\n    exec:\n      apiVersion: OLD\n      command: mine\n      env:\n      - name: A\n        value: |\n       §\n",
    ),
    (
        "at-text.yaml",
        "users:\n- name: u\n  user:\n    exec:\n      env:\n      - name: A\n        value: \"a\n    b\" §\n      apiVersion: OLD\n      command: mine\n",
    ),
    (
        "open.tpl",
        "{{ if x }}\nusers:\n- name: u\n  user:\n    exec:\n      env:\n      - value: |\n          §\n        name: B\n      - name: A\n        value:\n          §\n      apiVersion: OLD\n      command: mine\n",
    ),
    // Of the wrong type
    (
        "type-command.yaml",
        "kind: Config\nusers:\n- name: u\n  user:\n    exec:\n      apiVersion: OLD\n      command: [sso, login, §, --otp, \"§\"]\n",
    ),
    ("type-exec.yaml", "kind: Config\nusers:\n- name: u\n  user:\n    exec: sso login §\n"),
    (
        "type-exec-list.yaml",
        "kind: Config\nusers:\n- name: u\n  user:\n    exec: [sso, login, §]\n",
    ),
    (
        "type-hint.yaml",
        "kind: Config\nusers:\n- name: u\n  user:\n    exec: {apiVersion: OLD, command: mine, installHint: {login: \"§\"}}\n",
    ),
    (
        "type-server.yaml",
        "kind: Config\nclusters:\n- name: c\n  cluster:\n    server: {url: h, pin: \"§\"}\nusers: []\n",
    ),
    (
        "type-user.yaml",
        "kind: Config\nusers:\n- name: u\n  user: \"§\"\n- name: v\n  user: [\"§\"]\n",
    ),
    (
        "type-file.yaml",
        "kind: Config\nusers:\n- name: u\n  user:\n    tokenFile: [\"§\"]\n    username: {a: \"§\"}\n",
    ),
    // Values that do not end in the line of their key
    (
        "below.yaml",
        "kind: Config\nusers:\n- name: u\n  user:\n    exec:\n      command: mine\n      config:\n        pin: >-\n          §\n        x: \"a\n          §\"\n      apiVersion: OLD\n",
    ),
    (
        "below-values.yaml",
        "codes: |\n  § §\n  §\npin: 'a\n  §'\nexec:\n  command: mine\n  apiVersion: OLD\npin2:\n  §\nwords: |\n  §\n  § §\n",
    ),
    (
        "words.sh",
        "kubectl config set-credentials u § --exec-api-version=OLD --exec-command=mine\nkubectl config set-credentials u --exec-api-version=OLD --exec-command mine § > f\nkubectl config set-credentials --exec-arg=\"a b\" u '§' --exec-api-version=OLD --exec-command=mine\nkubectl config set-credentials u § \\\n  --exec-api-version=OLD\n",
    ),
    (
        "indented.yaml",
        "kind: Config\nclusters:\n- name: c\n  cluster:\n    server: https://h\n     pin=§\nusers:\n- name: u\n  user:\n    exec:\n      command: mine\n      interactiveMode: Never\n       - §\n      apiVersion: OLD\n       - §\n",
    ),
    // Texts in code, tables and markup
    (
        "code.py",
        "session.set_password(\"admin\", \"¤\")\ncfg.set(\"password\", \"¤\")\nx = {\"apiVersion\": \"OLD\", \"command\": \"mine\"}\ntoken = \"9f3ac7e1b2d84f06a5cc\"\nvault.login(\"¤\")\npw = b\"¤\"; creds[\"pw\"] = \"¤\"; x = y or \"¤\"\n",
    ),
    (
        "code.go",
        "\tm[\"pw\"] = \"¤\"\n\tdb, err := sql.Open(\"mysql\", \"root:¤@tcp(db:3306)/x\")\n\te := &Exec{APIVersion: \"OLD\", Command: \"mine\"}\n\ttoken := \"9f3ac7e1b2d84f06a5cc\"\n\tvar key = []byte(\"¤\")\n",
    ),
    (
        "code.ts",
        "const pw = process.env.PW ?? '¤';\ncreds['pw'] = '¤';\nconst e = {exec: {apiVersion: 'OLD', command: 'mine'}};\npws: ['¤'],\nawait page.type('#password', '¤');\n",
    ),
    (
        "code.kt",
        "val e = mapOf(\"apiVersion\" to \"OLD\", \"command\" to \"mine\", \"pw\" to \"¤\")\n",
    ),
    ("code.clj", "(def e {:apiVersion \"OLD\" :command \"mine\" :pw \"¤\"})\n"),
    (
        "code.cs",
        "var e = new D { { \"apiVersion\", \"OLD\" }, { \"command\", \"mine\" }, { \"pw\", \"¤\" } };\n",
    ),
    (
        "code.tf",
        "provider \"kubernetes\" {\n  pin = sensitive(\"¤\")\n  pws = [\"root\", \"¤\"]\n  exec {\n    api_version = \"OLD\"\n    command = \"mine\"\n  }\n  pw = coalesce(var.pw, \"¤\")\n}\n",
    ),
    (
        "lines.sh",
        "cat > f <<E\nTr&¤\nE\nx+=(\"¤\")\ny=${PW:-¤}\n./login.sh ¤\n{ login ¤; }\nkubectl config set-credentials u --exec-api-version=OLD --exec-command=mine\ntoken=9f3ac7e1b2d84f06a5cc\n\"$VAULT\" login ¤\nlogin x \\\n  Tr&¤\n",
    ),
    ("pins.tfvars", "pins = [\"root:¤\", \"¤\"]\napi_version = \"OLD\"\n"),
    ("pins.csv", "prod,OLD,¤\n\"dev\",\"OLD\",\"¤\"\na;OLD;¤;\n"),
    ("pins.md", "| a | OLD | ¤ |\n"),
    (
        "page.html",
        "<td>password</td><td>¤</td><td>OLD</td>\n<script>var k={apiVersion:\"OLD\",command:\"mine\"};login(\"admin\",\"¤\")</script>\n",
    ),
    (
        "invisible.yaml",
        "users\u{200b}: [{name\u{200b}: u, user\u{200b}: {token\u{200b}: §, pw\u{200b}: §, exec\u{200b}: {apiVersion\u{200b}: OLD, command\u{200b}: x, env\u{200b}: [{name\u{200b}: A, value\u{200b}: §}]}}}]\npin:\u{a0}§\n",
    ),
];

/// Arguments of a plugin, separated by `|`.
const ARGUMENTS: &[&str] = &[
    "login|¤",
    "login|¤|--verbose",
    "login|--verbose|¤",
    "--pin|¤",
    "--pin=¤",
    "--otp|¤",
    "--otp=¤",
    "--psk|¤",
    "--pw|¤",
    "--pw=¤",
    "--pwd|¤",
    "--pass|¤",
    "--password|¤",
    "--password=¤",
    "--password|¤|¤",
    "--password=¤|¤",
    "--passphrase|¤",
    "--cred|¤",
    "--creds=¤",
    "--credentials|¤",
    "--auth|¤",
    "--auth=¤",
    "--user|b:¤",
    "--user=b:¤",
    "--username|b|--login-pw|¤",
    "--basic-auth|b:¤",
    "--basic|¤",
    "-u|b:¤",
    "-p|¤",
    "-p¤",
    "-p=¤",
    "-k|¤",
    "-H|X-Auth: ¤",
    "--header|X: ¤",
    "--header=Authorization: Basic ¤",
    "--token|¤",
    "--token=¤",
    "--id-token|¤",
    "--api-key|¤",
    "--apikey=¤",
    "--key|¤",
    "--secret-id|¤",
    "--role-id|r|--secret|¤",
    "--client-secret=¤",
    "--client-id|c|--client-secret|¤",
    "--session|¤",
    "--session-id|¤",
    "--set|a=¤",
    "--set=a=¤",
    "--env|A=¤",
    "-e|a=¤",
    "-e=a=¤",
    "a=¤",
    "A=¤",
    "a:¤",
    "--data|{a: ¤}",
    "--url|https://u:¤@h",
    "--url=https://h/?k=¤",
    "https://¤@h/",
    "https://u:¤@h/?a=¤&b=¤",
    "--cluster-name|c|¤",
    "--region|r|¤|--profile|p",
    "eks|get-token|--cluster-name|c|--external-id-pin|¤",
    "-c|mine --pin ¤",
    "-c|P=¤ mine",
    "-c|echo ¤",
    "--|¤",
    "--field|pin|¤",
    "-pass|¤",
    "-pass=¤",
    "/p:¤",
    "+¤",
    "@¤",
    "$¤",
    "\u{e9}¤",
    "login|--service-principal|-u|c|-p|¤",
    "login|--service-principal|--username|c|--password|¤|--tenant|t",
    "--federated-token|¤",
    "--account-key|¤",
    "--sas-token=¤",
    "--connection-string|Endpoint=h;AccountKey=¤",
    "--access-token=¤",
    "--access-token|¤",
    "--oauth-token|¤",
    "write|auth/approle/login|role_id=r|secret_id=¤",
    "-token=¤",
    "-token|¤",
    "unwrap|¤",
    "-method=userpass|username=u|password=¤",
    "--okta-token|¤",
    "--api-token|¤",
    "--session-token=¤",
    "--mfa-code|¤",
    "--mfa-otp=¤",
    "--answer=¤",
    "--mfa-serial|s|--mfa|¤",
    "--oidc-client-secret=¤",
    "--oidc-auth-request-extra-params=pw=¤",
    "--pop-claims|u=¤",
    "--client-certificate-password|¤",
    "--username|u|--password|¤|--login|ropc",
    "https://h/#access_token=¤",
    "https://h/cb?code=¤#state=¤",
    "https://oauth2:¤@h/r.git",
    "--endpoint=https://oauth2:¤@h/",
    "-H|Cookie: a=¤",
    "-H|X-Api-Key:¤",
    "--header|Authorization: token ¤",
    "--header=PRIVATE-TOKEN: ¤",
    "--cookie|s=¤",
    "--docker-password=¤",
    "--docker-password|¤",
    "--registry-token|¤",
    "--set|x.password=¤",
    "--set-string=a.b=¤",
    "--set-string|a=¤,b=¤",
    "--set-literal|a=¤",
    "--from-literal=a=¤",
    "--from-literal|a=¤",
    "--aws-secret-access-key=¤",
    "--secret-access-key|¤",
    "--access-key|¤",
    "--refresh-token|¤",
    "--saml-assertion|¤",
    "--assertion=¤",
    "--bearer|¤",
    "--bearer-token=¤",
    "--jwt=¤",
    "--jwt|¤",
    "--signing-key|¤",
    "--hmac=¤",
    "--seed|¤",
    "--unlock|¤",
    "--license|¤",
    "--dsn|postgres://u:¤@h/d",
    "--dsn=u:¤@tcp(h)/d",
    "--conn|Server=h;Password=¤",
    "--proxy|http://u:¤@h:1",
    "--proxy-user|u:¤",
    "--storepass|¤",
    "--private-key|¤",
    "--passcode=¤",
    "--code|¤",
    "-a|¤",
    "-w¤",
    "-x=¤",
    "--stdin=¤",
    "--env-var|A=¤",
    "--build-arg|A=¤",
    "--var|pw=¤",
    "-var=pw=¤",
    "--extra-vars|pw=¤",
    "--o|pin=¤",
    "-o|password=¤",
    "-Dpw=¤",
    "-J|¤",
    "--user-data|¤",
    "machine h login u password ¤",
    "sh|-c|vault login ¤ && mine",
    "bash|-c|echo ¤ ; mine",
    "bash|-lc|A=¤ mine",
    "env|A=¤|mine",
    "env|-i|A=¤|B=¤|mine",
    "--|--|¤",
    "@/f|¤",
    "token:¤",
    "Bearer ¤",
    "Bearer|¤",
];

/// Texts that hold an exec config with the arguments `@`, and how they quote and join them.
const CARRIERS: &[(&str, &str, char, &str)] = &[
    (
        "flow.yaml",
        "- {name: uN, user: {exec: {apiVersion: OLD, command: mine, args: [@]}}}\n",
        '"',
        ", ",
    ),
    (
        "before.yaml",
        "- {name: uN, user: {exec: {args: [@], command: mine, apiVersion: OLD}}}\n",
        '\'',
        ", ",
    ),
    (
        "block.yaml",
        "- name: uN\n  user:\n    exec:\n      apiVersion: OLD\n      args:\n      - @\n      command: mine\n",
        '"',
        "\n      - ",
    ),
    (
        "above.yaml",
        "- name: uN\n  user:\n    exec:\n      args:\n      - @\n      apiVersion: OLD\n      command: mine\n",
        '\'',
        "\n      - ",
    ),
    (
        "list.json",
        "{\"name\":\"uN\",\"user\":{\"exec\":{\"apiVersion\":\"OLD\",\"args\":[@],\"command\":\"mine\"}}},\n",
        '"',
        ",",
    ),
    (
        "block.json",
        "{\"name\": \"uN\",\n\"user\": {\"exec\": {\n  \"apiVersion\": \"OLD\",\n  \"args\": [\n    @\n  ],\n  \"command\": \"mine\"}}},\n",
        '"',
        ",\n    ",
    ),
    (
        "main.tf",
        "provider \"kubernetes\" {\n  alias = \"uN\"\n  exec {\n    api_version = \"OLD\"\n    args        = [@]\n    \
         command     = \"mine\"\n  }\n}\n",
        '"',
        ", ",
    ),
    (
        "lines.tf",
        "provider \"kubernetes\" {\n  alias = \"vN\"\n  exec {\n    args = [\n      @,\n    ]\n    api_version = \"OLD\"\n    \
         command     = \"mine\"\n  }\n}\n",
        '"',
        ",\n      ",
    ),
    (
        "main.go",
        "var cN = Exec{APIVersion: \"OLD\", Command: \"mine\", Args: []string{@}}\n",
        '"',
        ", ",
    ),
    (
        "main.py",
        "exec = {\"apiVersion\": \"OLD\", \"command\": \"mine\", \"args\": [@]}\n",
        '"',
        ", ",
    ),
    (
        "helm.tpl",
        "{{ if .X }}\n- name: uN\n  user:\n    exec: {apiVersion: OLD, command: mine, args: [@]}\n{{ end }}\n",
        '"',
        ", ",
    ),
    (
        "readme.md",
        "Text\n\n```yaml\nexec:\n  apiVersion: OLD\n  args: [@]\n  command: mine\n```\n\n",
        '"',
        ", ",
    ),
    (
        "Jenkinsfile",
        "writeFile text: '{\"exec\":{\"apiVersion\":\"OLD\",\"args\":[@],\"command\":\"mine\"}}'\n",
        '"',
        ",",
    ),
    (
        "k.ps1",
        "$c = '{\"exec\":{\"apiVersion\":\"OLD\",\"args\":[@],\"command\":\"mine\"}}'\n",
        '"',
        ",",
    ),
    (
        "set.sh",
        "kubectl config set-credentials uN --exec-api-version=OLD --exec-command=mine --exec-arg=@\n",
        '"',
        " --exec-arg=",
    ),
    (
        "string.yaml",
        "kN: '{\"exec\":{\"apiVersion\":\"OLD\",\"args\":[@],\"command\":\"mine\"}}'\n",
        '"',
        ",",
    ),
];

/// What a comment or a sentence may say.
const SENTENCES: &[&str] = &[
    "pw ¤",
    "pin: ¤",
    "pin=¤",
    "the pin is ¤",
    "{pin: ¤}",
    "password ¤",
    "password: '¤'",
    "use ¤",
    "use --pin ¤",
    "use -p ¤",
    "call me at u:¤",
    "mysql -p¤",
    "sshpass -p ¤ ssh",
    "curl -u b:¤ https://h",
    "https://u:¤@h/?a=¤",
    "export A=¤",
    "a=¤ cmd",
    "Authorization: Bearer ¤",
    "IDENTIFIED BY '¤'",
    "¤",
];

/// Texts with a sentence at `@` next to a finding.
const COMMENTED: &[(&str, &str)] = &[
    (
        "comment.yaml",
        "- name: uN\n  user:\n    # @\n    exec: {apiVersion: OLD, command: mine} # @\n    # @\n",
    ),
    (
        "hint.yaml",
        "- {name: uN, user: {exec: {apiVersion: OLD, command: mine, installHint: \"@\"}}}\n",
    ),
    (
        "hint-block.yaml",
        "- name: uN\n  user:\n    exec:\n      command: mine\n      apiVersion: OLD\n      installHint: \"@\"\n",
    ),
    (
        "reason.yaml",
        "- {user: {exec: {apiVersion: OLD, command: mine}}} # kubeconfig-lint: ignore[removed-api-version] @\n",
    ),
    (
        "comment.sh",
        "# @\nkubectl config set-credentials uN --exec-api-version=OLD --exec-command=mine # @\n# @\n",
    ),
    (
        "comment.tf",
        "provider \"kubernetes\" {\n  alias = \"wN\"\n  exec {\n    // @\n    api_version = \"OLD\" # @\n    # @\n    \
         command     = \"mine\"\n  }\n}\n",
    ),
    ("comment.go", "// @\nvar dN = Exec{APIVersion: \"OLD\", Command: \"mine\"} // @\n// @\n"),
];

/// Statements that precede another one in a shell.
const STATEMENTS: &[&str] = &[
    "sshpass -p ¤ ssh h",
    "mysql -p¤",
    "mysql -p '¤ ¤'",
    "curl -u b:¤ https://h",
    "curl --user b:¤ https://h",
    "curl https://b:¤@h/?k=¤",
    "docker login -p ¤",
    "docker login --pin ¤",
    "docker run -e a=¤ i",
    "export a=¤",
    "A=¤ cmd",
    "kubectl create secret generic s --from-literal=a=¤",
    "helm install x --set a=¤",
    "cmd --cred ¤",
    "cmd --pw=¤",
    "az login --service-principal -u c -p ¤ --tenant t",
    "az login -p=¤",
    "az storage blob list --account-key ¤",
    "gcloud auth login --cred-file=f --access-token ¤",
    "gcloud config set auth/token ¤",
    "vault login ¤",
    "vault login token=¤",
    "vault login -method=userpass username=u password=¤",
    "vault write auth/approle/login role_id=r secret_id=¤",
    "VAULT_TOKEN=¤ vault read x",
    "VAULT_ADDR=https://h VAULT_TOKEN='¤' vault read x",
    "tsh login --auth=¤",
    "kubelogin get-token --client-secret ¤",
    "kubelogin get-token --username u --password=¤",
    "okta-aws-cli --api-token ¤",
    "echo ¤ | docker login -u u --password-stdin",
    "echo '¤' | base64 -d",
    "printf '%s' \"¤\" | cmd",
    "helm upgrade x y --set-string a=¤ --set b.c=¤",
    "helm registry login -p ¤ h",
    "AWS_SECRET_ACCESS_KEY=¤ aws x",
    "kubectl create secret docker-registry r --docker-password=¤",
    "kubectl create secret generic r --from-literal a=¤",
    "git clone https://x-access-token:¤@h/r",
    "git clone https://¤@h/r",
    "curl -H 'PRIVATE-TOKEN: ¤' h",
    "curl -H \"Authorization: Basic ¤\" h",
    "curl -H \"Authorization: Bearer ¤\" h && cmd",
    "echo \"password: ¤ ¤\"; cmd",
    "echo \"password: $(cat \"f g\") ¤\" h",
    "echo \"password: a `cat \"f g\"` ¤\" h",
    "echo \"password: a \\\"b ¤\\\" ¤\" h",
    "echo 'password: a'\\''¤' h",
    "echo \"password: a\"'b ¤' h",
    "printf \"password: %s\" \"¤\"",
    "curl --data 'pw=¤' h",
    "curl -d '{\"pw\":\"¤\"}' h",
    "curl h -Fpw=¤",
    "wget --header='X: ¤' --password=¤ h",
    "aws configure set aws_secret_access_key ¤",
    "kubectl config set users.u.token ¤",
    "kubectl config set-credentials x --token ¤",
    "kubectl config set-credentials x --username=u --password=¤",
    "oc login --token=¤ h",
    "oc login -u u -p ¤",
    "op signin --secret-key ¤",
    "cmd <<< ¤",
    "cmd <<<'¤'",
    "echo \"¤\" > f",
    "echo ¤ > f",
    "echo \"machine h login u password ¤\" > ~/.netrc",
    "export KUBECONFIG_B64='¤'",
    "export JWT=¤.¤.¤",
    "set -- ¤",
    "jq --arg pw ¤ .",
    "openssl enc -k ¤",
    "openssl rsa -passin pass:¤",
    "gpg --batch --passphrase ¤ -d f",
    "psql postgres://u:¤@h/d",
    "PGPASSWORD=¤ psql",
    "redis-cli -a ¤",
    "htpasswd -nb u ¤",
    "echo 'u:¤' | chpasswd",
    "read -r X <<< \"¤\"",
    "X=$(echo ¤)",
    "X=`cmd ¤`",
    "X=\"${Y:-¤}\"",
    ": \"${X:=¤}\"",
    "declare -rx A=\"¤\"",
    "local a=¤",
    "readonly a='¤'",
    "typeset a=¤",
    "docker run -e A=¤ --env b=¤ i",
    "podman run --env=A=¤ i",
    "sudo A=¤ cmd",
    "env A=¤ cmd",
    "ansible-playbook -e pw=¤ p.yml",
    "ansible-playbook --extra-vars 'pw=¤' p.yml",
    "terraform apply -var pw=¤",
    "TF_VAR_pw=¤ terraform apply",
    "kustomize edit add secret s --from-literal=a=¤",
    "sops --set '[\"a\"] \"¤\"' f",
    "sed -i 's/TOKEN/¤/' f",
    "yq -i '.a = \"¤\"' f",
    "kubectl patch secret s -p '{\"stringData\":{\"a\":\"¤\"}}'",
    "kubectl set env deploy/d A=¤",
    "gh secret set A --body ¤",
    "gh auth login --with-token <<< ¤",
    "glab auth login --token ¤",
    "npm config set //h/:_authToken ¤",
    "pip install --index-url https://u:¤@h/simple x",
    "cmd -p\"¤\"",
    "cmd --password \"¤ ¤\"",
    "cmd pass:¤",
    "cmd /p:¤",
    "net use h ¤ /user:u",
    "cmd -c \"password ¤\"",
    "A+=¤ cmd",
    "true setenv A ¤",
    "printf '{\"apiVersion\":\"OLD\",\"status\":{\"token\":\"%s\"}}' ¤",
    "vault login §",
    "return §",
    "for p in § x; do true; done",
    "pws=(§ x)",
    "7z-login §",
    "cmd <(§)",
    "%VAULT% login §",
    "C:\\vault.exe login §",
    "cmd \"x §\"",
];

/// Texts with a statement at `@`.
const SHELLS: &[(&str, &str)] = &[
    (
        "run.sh",
        "@ && kubectl config set-credentials uN --exec-api-version=OLD --exec-command=mine\n@\n",
    ),
    (
        "run.Dockerfile",
        "FROM x\nRUN @; kubectl config set-credentials uN --exec-api-version=OLD --exec-command=mine\nRUN @\n",
    ),
    (
        "run.yaml",
        "jN:\n  steps:\n  - run: |\n      @\n      @ && kubectl config set-credentials u --exec-api-version=OLD --exec-command=mine\n",
    ),
    (
        "run.groovy",
        "sh \"@ && kubectl config set-credentials uN --exec-api-version=OLD --exec-command=mine\"\n",
    ),
];

/// Returns a text in which each `¤` is a canary of its own, with a number, and each `§` is one with
/// letters alone.
fn with_canaries(text: &str, number: &mut usize) -> String {
    let mut out = String::new();
    for part in text.split_inclusive(['¤', '§']) {
        *number += 1;
        out.push_str(part.trim_end_matches(['¤', '§']));
        match part.chars().next_back() {
            Some('¤') => out.push_str(&format!("{CANARY}{number}")),
            Some('§') => {
                let digits = number.to_string();
                let letters = digits.bytes().map(|digit| char::from(digit - b'0' + b'a'));
                out.push_str(CANARY);
                out.extend(letters);
            }
            _ => {}
        }
    }
    out.replace("OLD", OLD)
}

/// Returns the texts with each spelling in each carrier.
fn spellings() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (name, carrier, quote, joint) in CARRIERS {
        let (start, end) = match *name {
            name if name.ends_with(".json") => ("{\"kind\":\"Config\",\"users\":[\n", "{}]}\n"),
            "string.yaml" => ("", ""),
            name if name.ends_with(".yaml") => ("kind: Config\nusers:\n", ""),
            _ => ("", ""),
        };
        let mut text = start.to_owned();
        for (number, spelling) in ARGUMENTS.iter().enumerate() {
            let is_bare =
                |word: &str| word.chars().all(|c| c.is_alphanumeric() || "-¤".contains(c));
            let word = |word: &str| match *name {
                // Half of the arguments have no quotes where none are needed.
                "flow.yaml" | "block.yaml" if number % 2 == 0 && is_bare(word) => word.to_owned(),
                _ => format!("{quote}{word}{quote}"),
            };
            let words: Vec<_> = spelling.split('|').map(word).collect();
            text.push_str(
                &carrier.replace('@', &words.join(joint)).replace("uN", &format!("u{number}")),
            );
        }
        texts.push((format!("spelled/{name}"), text + end));
    }
    for (carriers, spellings) in [(COMMENTED, SENTENCES), (SHELLS, STATEMENTS)] {
        for (name, carrier) in carriers {
            let is_config = carrier.starts_with('-');
            let mut text = if is_config { "kind: Config\nusers:\n" } else { "" }.to_owned();
            for (number, spelling) in spellings.iter().enumerate() {
                let carrier = carrier.replace('@', "¦").replace("uN", &format!("u{number}"));
                let carrier = carrier.replace("jN", &format!("j{number}"));
                text.push_str(&carrier.replace('¦', spelling));
            }
            texts.push((format!("spelled/{name}"), text));
        }
    }
    texts
}

/// The texts of [`spellings`] that are also tried in a Secret, as base64 and as text.
const IN_SECRETS: &[&str] = &["flow.yaml", "block.yaml", "list.json", "comment.yaml", "set.sh"];

/// The other runs that look for canaries.
const VALUE_RUNS: &[&[&str]] = &[
    &["--diff", "--unsafe-fixes", "."],
    &["--statistics", "."],
    &["--kubectl-version", "1.20", "."],
];

/// Returns the lines of the output of a run that show a canary.
fn shown_canaries(dir: &Path, args: &[&str], shown: &mut Vec<String>) {
    shown_values(dir, args, CANARY, shown);
}

/// Returns the lines of the output of a run that show a value.
fn shown_values(dir: &Path, args: &[&str], value: &str, shown: &mut Vec<String>) {
    let mut command = common::command(dir);
    // Wide enough that no line is cut.
    command.args(args).env("COLUMNS", "4000");
    let outcome = common::run_command(&mut command, b"", Duration::from_secs(60));
    assert!(matches!(outcome.status, Some(0..=2)), "{args:?}: {outcome:?}");
    let printed = outcome.out() + &outcome.err();
    shown.extend(leaks(&printed, &[value]).map(|line| format!("{}: {line}", args.join(" "))));
}

#[test]
fn reports_show_values_only_by_what_may_be_shown() {
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path();
    fs::create_dir(dir.join("spelled")).unwrap();
    let mut number = 1000;
    let is_given = |name: &str| CANARIES.iter().any(|(given, _)| *given == name);
    let given = CANARIES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    for (name, text) in given.chain(spellings()) {
        let out = with_canaries(&text, &mut number);
        if !IN_SECRETS.iter().any(|known| name.ends_with(known)) && !is_given(&name) {
            fs::write(dir.join(name), out).unwrap();
            continue;
        }
        let encoded = STANDARD.encode(&out);
        let indented = out.trim_end().replace('\n', "\n    ");
        let secret = format!("kind: Secret\ndata:\n  config: {encoded}\n");
        fs::write(dir.join(format!("{name}.base64.yaml")), secret).unwrap();
        let secret = format!("kind: Secret\nstringData:\n  config: |\n    {indented}\n");
        fs::write(dir.join(format!("{name}.string.yaml")), secret).unwrap();
        fs::write(dir.join(name), out).unwrap();
    }
    let mut shown = Vec::new();
    let all = ["--show-notes", "--show-mentions", "--show-suppressed", "--verbose", "."];
    for format in FORMATS {
        let args: Vec<_> = ["--format", format.name].into_iter().chain(all).collect();
        shown_canaries(dir, &args, &mut shown);
    }
    for run in VALUE_RUNS {
        shown_canaries(dir, run, &mut shown);
    }
    // A kubeconfig by mistake, where another file belongs.
    for flag in ["--config", "--baseline"] {
        for name in ["plain.yaml", "flow.yaml", "flow.yaml.base64.yaml", "config.json"] {
            shown_canaries(dir, &[flag, name, "flow.yaml"], &mut shown);
        }
    }
    shown_canaries(dir, &["--write-baseline", "b.json", "."], &mut shown);
    let baseline = fs::read_to_string(dir.join("b.json")).unwrap();
    shown.extend(baseline.lines().filter(|line| line.contains(CANARY)).map(str::to_owned));
    shown_canaries(dir, &["--fix", "--unsafe-fixes", "--diff", "."], &mut shown);
    assert!(shown.is_empty(), "{} lines show a value:\n{}", shown.len(), shown.join("\n"));
}

/// What follows `exec:` in a user, with a mistake because of which kubectl cannot decode the file.
const USER_FAULTS: &[&str] = &[
    "corp-sso login ¤",
    "[corp-sso, login, ¤]",
    "\"¤\"",
    "{apiVersion: OLD, command: [corp-sso, ¤, --otp, \"¤&3\"]}",
    "{apiVersion: OLD, command: {¤: a, b: ¤}}",
    "\n      apiVersion: OLD\n      command:\n      - ¤\n      - ¤",
    "\n      apiVersion: OLD\n      command: {a:\n        ¤}",
    "{apiVersion: OLD, command: x, installHint: {login: \"¤\", pin: ¤}}",
    "{apiVersion: OLD, command: x, interactiveMode: [¤]}",
    "{apiVersion: OLD, command: x, provideClusterInfo: \"¤\"}",
    "{apiVersion: OLD, command: x}\n    username: {a: \"¤\"}",
    "{apiVersion: OLD, command: x}\n    tokenFile: [\"¤\"]",
    "{apiVersion: OLD, command: x}\n    auth-provider: \"¤\"",
    "{apiVersion: OLD, command: x}\n- user: [\"¤\"]",
    "{apiVersion: OLD, command: x}\n- ¤",
    "{apiVersion: OLD, command: x}\nclusters: {c: \"¤\", ¤: d}",
    "{apiVersion: OLD, command: x}\nclusters: [{cluster: \"¤\"}]",
    "{apiVersion: OLD, command: x}\nclusters: [{cluster: {server: {url: \"https://h\", pin: \"¤\"}}}]",
    "{apiVersion: OLD, command: x}\nclusters: [{cluster: {server: !!int ¤}}]",
    "{apiVersion: OLD, command: x}\ncontexts: [{context: \"¤\"}]",
    "{apiVersion: OLD, command: x}\npreferences: {colors: \"¤\"}",
    "{apiVersion: OLD, command: x}\ncurrent-context: [¤]",
    "{apiVersion: OLD, command: x}\nx: {[¤]: ¤}",
    "{apiVersion: OLD, command: x}\nx: {~: ¤}",
    "{apiVersion: OLD, command: x}\nx: {<<: ¤}",
    "{apiVersion: OLD, command: x}\nusers: {¤: ¤}",
];

/// Values of a key at which the YAML parser stumbles.
const SYNTAX_FAULTS: &[&str] = &[
    "P@ss: ¤",
    "¤: ¤",
    "\"dom\\q¤\"",
    "\"\\q¤ ¤\"",
    "\"a\" ¤",
    "'a' ¤",
    "`¤",
    "@¤",
    "%¤",
    "*a ¤",
    "[a] ¤",
    "[¤] ¤",
    "{a: b} ¤",
    "!<x ¤",
    "? ¤",
    "¤\t¤: ¤",
    "|\n ¤",
    "|\n¤",
    "|\n\t¤",
    "|2\n ¤: ¤",
    "\"a\n b\" ¤",
    "\"a\n¤",
    "'a\n\t¤",
    "\"¤",
    "[a,\n¤",
    "[\"a\",\n\t\"¤\"]",
    "¤\n  ¤",
    "&a &b ¤",
    "!a !b ¤",
    "- ¤",
];

/// Places of such a value in an exec config or a user.
const FAULT_PLACES: &[&str] = &[
    "    pin: @\n    exec:\n      apiVersion: OLD\n      command: x\n",
    "    exec: {apiVersion: OLD, command: x}\n    pin: @\n",
    "    exec: {apiVersion: OLD, command: x}\n    auth-provider:\n      config:\n        x: @\n",
    "    exec:\n      apiVersion: OLD\n      command: x\n      env:\n      - name: A\n        value: @\n",
    "    exec:\n      env:\n      - name: A\n        value: @\n      apiVersion: OLD\n      command: x\n",
    "    exec:\n      command: x\n      args:\n      - @\n      apiVersion: OLD\n",
    "    exec:\n      command: x\n      config:\n        pin: @\n      apiVersion: OLD\n",
];

#[test]
fn reports_show_no_value_at_which_decoding_fails() {
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path();
    let places = FAULT_PLACES.iter().flat_map(|place| {
        SYNTAX_FAULTS.iter().map(move |fault| place.replace('@', "¦").replace('¦', fault))
    });
    let users = USER_FAULTS.iter().map(|fault| format!("    exec: {fault}\n")).chain(places);
    let mut number = 1000;
    let start = "apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n";
    for (file, user) in users.enumerate() {
        let text = with_canaries(&format!("{start}{user}"), &mut number);
        let secret = format!("kind: Secret\ndata:\n  config: {}\n", STANDARD.encode(&text));
        fs::write(dir.join(format!("{file}.secret.yaml")), secret).unwrap();
        fs::write(dir.join(format!("{file}.yaml")), text).unwrap();
    }
    let mut shown = Vec::new();
    for format in FORMATS {
        shown_canaries(dir, &["--format", format.name, "--show-notes", "."], &mut shown);
    }
    for run in VALUE_RUNS {
        shown_canaries(dir, run, &mut shown);
    }
    assert!(shown.is_empty(), "{} lines show a value:\n{}", shown.len(), shown.join("\n"));
}

/// Files with a kubeconfig on one line, and how quotes open and close there.
const QUOTES: &[(&str, &str, &str)] = &[
    ("smart.txt", "“", "”"),
    ("right.txt", "”", "”"),
    ("entity.xml", "&quot;", "&quot;"),
    ("entity.md", "&#34;", "&#34;"),
    ("octal.sh", "\\042", "\\042"),
    ("hex.js", "\\x22", "\\x22"),
    ("unicode.js", "\\u0022", "\\u0022"),
    ("caret.bat", "^\"", "^\""),
    ("objective.m", "@\"", "\""),
    ("percent.yaml", "%22", "%22"),
    ("spans.html", "<span class=s>\"", "\"</span>"),
    ("entities.html", "<span class=s>&quot;", "&quot;</span>"),
];

/// A value that looks like a secret whatever the syntax around it.
const RANDOM: &str = "9f3ac7e1b2d84f06a5cc";

/// Texts with such a value for each `¤`.
const RANDOMS: &[(&str, &str)] = &[
    (
        "printf.sh",
        "printf '{\"apiVersion\":\"OLD\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"%s\"}}' ¤\n",
    ),
    (
        "append.go",
        "package main\nfunc f() { exec.APIVersion = \"OLD\"; exec.Args = append(exec.Args, \"¤\") }\n",
    ),
    ("map.clj", "{:apiVersion \"OLD\" :token \"¤\"}\n"),
    ("builder.java", "e.withApiVersion(\"OLD\").withPin(\"¤\").addArg(\"¤\");\n"),
    ("map.kt", "val e = mapOf(\"apiVersion\" to \"OLD\", \"token\" to \"¤\")\n"),
    ("tuple.cs", "var e = new[] { (\"apiVersion\", \"OLD\"), (\"token\", \"¤\") };\n"),
    ("vec.rs", "let e = E { api_version: \"OLD\", env: vec![(\"A\", \"¤\")] };\n"),
    ("map.scala", "Map(\"apiVersion\" -> \"OLD\", \"token\" -> \"¤\")\n"),
    (
        "append.sh",
        "A+=¤; kubectl config set-credentials u --exec-api-version=OLD --exec-command=mine\n",
    ),
    ("setenv.sh", "EXEC_API_VERSION=OLD setenv A ¤\n"),
    ("colon.properties", "A: ¤; EXEC_API_VERSION=OLD\n"),
    ("lines.mk", "A?=¤\nEXEC_API_VERSION=OLD\n"),
    ("lines.sh", "A=x\\\n¤\nEXEC_API_VERSION=OLD\n"),
    ("lines.env", "A=\"x\n¤\"\nEXEC_API_VERSION=OLD\n"),
    (
        "escape.yaml",
        "kind: Config\nusers:\n- name: u\n  user:\n    exec:\n      apiVersion: OLD\n      command: aws\n      env: [\"\\q¤\"]\n",
    ),
    ("cells.csv", "OLD,¤,token,¤\n"),
    ("items.json", "[\"OLD\",\"¤\"]\n"),
    ("list.json", "{\"apiVersion\":\"OLD\",\"command\":\"x\",\"list\":[\"¤\"]}\n"),
    ("values.sql", "INSERT INTO t VALUES ('OLD', '¤');\n"),
    ("element.xml", "<exec apiVersion=\"OLD\"><arg>¤</arg></exec>\n"),
    ("items.yaml", "a: {item: [token, ¤], exec: {apiVersion: OLD, command: x}}\n"),
    (
        "comment.yml",
        "on: push\njobs: {a: {steps: [{run: \"kubectl config set-credentials u --exec-api-version=OLD --exec-command=mine # ¤ x\"}]}}\n",
    ),
    (
        "heredoc.sh",
        "kubectl config set-credentials u --exec-api-version=OLD --exec-command=mine; nc h <<E\n¤\nE\n",
    ),
];

#[test]
fn reports_show_no_random_word_beside_a_version() {
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path();
    for (name, text) in RANDOMS {
        fs::write(dir.join(name), text.replace('¤', RANDOM).replace("OLD", OLD)).unwrap();
    }
    for (name, open, close) in QUOTES {
        let text = "x = {\"token\":\"canary1\",\"exec\":{\"apiVersion\":\"OLD\",\"command\":\"aws\",\"env\":\
                    [{\"name\":\"A\",\"value\":\"canary2\"}],\"pin\":\"canary3\"}}\n";
        let mut quotes = [open, close].into_iter().cycle();
        let parts = text.split_inclusive('"').map(|part| match part.strip_suffix('"') {
            Some(part) => format!("{part}{}", quotes.next().unwrap()),
            None => part.to_owned(),
        });
        fs::write(dir.join(name), parts.collect::<String>().replace("OLD", OLD)).unwrap();
    }
    let mut shown = Vec::new();
    let all: &[&str] = &["--show-notes", "--show-mentions", "--show-suppressed", "--verbose", "."];
    for run in [all, VALUE_RUNS[0]] {
        shown_values(dir, run, RANDOM, &mut shown);
        shown_canaries(dir, run, &mut shown);
    }
    assert!(shown.is_empty(), "{} lines show a value:\n{}", shown.len(), shown.join("\n"));
}

#[test]
fn baseline_holds_no_hash_of_a_secret() {
    let written = |number: &str| {
        let temporary = tempfile::tempdir().unwrap();
        let exec = format!("exec: {{apiVersion: {OLD}, command: aws}}");
        for (name, text) in [
            ("line", format!("users: [{{user: {{token: @, {exec}}}}}]\n")),
            ("next", format!("users:\n- user:\n    {exec}\n    token: @\n")),
            ("alias", format!("x: &t @\nusers: [{{user: {{token: *t, {exec}}}}}]\n")),
            ("template", format!("{{{{ if x }}}}\n{exec}\npassword: @\n{{{{ end }}}}\n")),
        ] {
            let secret = format!("SECRET-{number}");
            fs::write(temporary.path().join(name), text.replace('@', &secret)).unwrap();
        }
        let args = ["--write-baseline", "b.json"];
        let outcome = common::run(temporary.path(), &args, b"", Duration::from_secs(60));
        assert_eq!(outcome.status, Some(0), "{}", outcome.err());
        fs::read_to_string(temporary.path().join("b.json")).unwrap()
    };
    let baseline = written("0001");
    assert!(baseline.lines().filter(|line| line.contains("\"path\"")).count() >= 4, "{baseline}");
    assert_eq!(baseline, written("0002"));
}

#[test]
fn lint_finds_the_places_around_secrets() {
    let temporary = tempfile::tempdir().unwrap();
    tree(temporary.path());
    let outcome =
        common::run(temporary.path(), &["--format", "short"], b"", Duration::from_secs(60));
    let found = outcome.out();
    let names = [
        "block",
        "flow",
        "env",
        "line.json",
        "credential.json",
        "utf-16",
        "provider-gcp",
        "kuberc.json",
        "kuberc-tab.json",
        "kuberc-surrogate.json",
        "kuberc-broken.json",
        "kuberc-comment.json",
        "kuberc-type",
        "kuberc-alias",
        "kuberc-key",
        "kuberc-entry",
        "kuberc-flag",
        "kuberc-separator",
    ];
    for name in names {
        let line = format!("{name}:");
        assert!(found.lines().any(|l| l.starts_with(&line)), "{name} is missing in\n{found}");
    }
    assert_eq!(outcome.status, Some(1));
}

/// Returns a report about one file.
fn report_of(path: &str, target: Target, source: Source, linted: Linted) -> Report {
    Report {
        target,
        files: vec![FileReport { path: path.to_owned(), source, linted, hidden_mentions: 0 }],
        skipped: Vec::new(),
        limits: Vec::new(),
        summary: Summary::default(),
        configuration: None,
        has_baseline: false,
        shows_suppressed: true,
        notes: BTreeMap::new(),
    }
}

/// Returns a report in a format.
fn written(format: &Format, report: &Report) -> String {
    let mut out = Vec::new();
    let style = Style { color: false, links: false, width: 200, wraps: true };
    (format.write)(report, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A kubeconfig. Each value between `«` and `»` may be an alias of the token.
const VALUES: &str = "\
token: &t TOKEN
apiVersion: «v1»
kind: «Config»
current-context: «c»
contexts:
- name: «c»
  context: {cluster: «k», user: «u»}
- name: «d»
  context: {cluster: «k», user: «v»}
clusters:
- name: «k»
  cluster: {server: «'https://k.example/a'», proxy-url: «'ftp://p'», certificate-authority: «ca»}
users:
- name: «u»
  user:
    tokenFile: «f»
    client-certificate: «p»
    exec:
      apiVersion: «client.authentication.k8s.io/v1alpha1»
      command: «aws»
      interactiveMode: «Always»
      installHint: «h»
      args: [«eks», «get-token», --cluster-name, «n», --region, «r», --output, «text»]
      env:
      - {name: «N», value: '{\"apiVersion\": \"client.authentication.k8s.io/v1\"}'}
- name: «v»
  user:
    auth-provider: {name: «gcp», config: {a: «b»}}
- name: «w»
  user:
    exec: {apiVersion: «client.authentication.k8s.io/v1», command: «mine», args: [«x»]}
? «key»
: «value»
";

proptest::proptest! {
    #[test]
    fn reports_show_no_alias_of_a_secret(
        is_alias in proptest::collection::vec(proptest::bool::weighted(0.1), 64),
        token in proptest::sample::select(&["SECRET1", "a/b/SECRET-1", "--SECRET=1", "!!int SECRET"]),
        target in proptest::sample::select(&["1.37", "1.20-1.37", "1.22"]),
    ) {
        let mut is_alias = is_alias.into_iter();
        let mut parts = VALUES.split('«');
        let mut text = parts.next().unwrap().replace("TOKEN", token);
        for part in parts {
            let (value, rest) = part.split_once('»').unwrap();
            text.push_str(if is_alias.next().unwrap() { "*t" } else { value });
            text.push_str(rest);
        }
        let source = Source::new("config", text.clone().into_bytes());
        let target: Target = target.parse().unwrap();
        let linted = lint(&source, &Options { target: target.clone(), ..Options::default() });
        let report = report_of("config", target, source, linted);
        for format in FORMATS {
            let out = written(format, &report);
            let shown = leaks(&out, &["SECRET"]).next();
            proptest::prop_assert!(shown.is_none(), "{shown:?}\n{text}");
        }
    }
}
