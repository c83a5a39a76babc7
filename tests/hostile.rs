//! Files that are meant to do harm, or might as well be. Each must get an answer in bounded time,
//! and nothing in them may reach a terminal or a CI system as a command.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::fs;
use std::path::Path;
use std::time::Duration;

use common::Outcome;

const KUBERC: &str = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n";

const OLD: &str = "client.authentication.k8s.io/v1alpha1";

/// A generous limit: a hang or quadratic time takes far longer, a busy machine does not.
const LIMIT: Duration = Duration::from_secs(60);

/// Returns the names of all formats.
fn formats() -> impl Iterator<Item = &'static str> {
    kubeconfig_lint::FORMATS.iter().map(|format| format.name)
}

fn bad(user: &str) -> String {
    format!(
        "kind: Config\nusers:\n- name: {user}\n  user:\n    exec:\n      apiVersion: {OLD}\n      command: aws\n"
    )
}

fn lint(dir: &Path, args: &[&str]) -> Outcome {
    let outcome = common::run(dir, args, b"", LIMIT);
    let (out, err) = (outcome.out(), outcome.err());
    assert!(!err.contains("panicked"), "{args:?}: {err}");
    assert!(matches!(outcome.status, Some(0..=2)), "{args:?}: {:?}\n{out}\n{err}", outcome.status);
    outcome
}

/// Lints one file with this content.
fn lint_bytes(content: &[u8]) -> Outcome {
    let temporary = tempfile::tempdir().unwrap();
    fs::write(temporary.path().join("config"), content).unwrap();
    let walked = lint(temporary.path(), &["--format", "short"]);
    let named = lint(temporary.path(), &["--format", "short", "config"]);
    assert_eq!(walked.stdout, named.stdout);
    named
}

/// Lints a file named `name`, of `size` and of four times that: quadratic time takes sixteen times
/// as long.
fn assert_linear(name: &str, size: usize, text: impl Fn(usize) -> String) {
    let temporary = tempfile::tempdir().unwrap();
    let [small, large] = [size, 4 * size].map(|size| {
        let text = format!("{}\n# {OLD}\n", text(size));
        fs::write(temporary.path().join(name), text).unwrap();
        lint(temporary.path(), &["--format", "short", name]).time
    });
    let beginning: String = text(2).chars().take(60).collect();
    assert!(large < 10 * small + Duration::from_secs(2), "{beginning:?}: {small:?}, {large:?}");
}

/// Checks that the output cannot move a cursor, change a color, or hide text.
fn assert_harmless(outcome: &Outcome) {
    for text in [outcome.out(), outcome.err()] {
        let harmful = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!text.contains(harmful), "{text:?}");
    }
}

#[test]
fn reports_escape_control_characters_in_values() {
    let evil = r#""\e[31m\e]0;title\a\u202Ered\n::error::forged\r\n##[error]forged\x7f ##vso[task.prependpath]/x ##teamcity[x]""#;
    let texts = [
        bad(evil),
        bad("u").replace(OLD, evil),
        bad("u").replace("aws", evil),
        bad("u").replace("aws", &format!("aws\n      interactiveMode: {evil}")),
        format!(
            "kind: Config\nusers: [{{name: u, user: {{auth-provider: {{name: gcp}}, exec: {{apiVersion: {evil}}}}}}}]\n"
        ),
        format!(
            "{{users: [{{name: {evil}, user: {{exec: {{apiVersion: {OLD}, command: {evil}, args: [{evil}]}}}}}}]}}\n"
        ),
        format!("kind: ExecCredential\napiVersion: {evil}\n# client.authentication.k8s.io\n"),
        format!("kind: {evil}\n{}", bad("u").replace("kind: Config\n", "")),
        format!("kind: Config\nusers: [{{name: {evil}, user: {{exec: {evil}}}}}, {OLD}]\n"),
        format!("{KUBERC}credentialPluginPolicy: {evil}\n{evil}: 1\n"),
        format!(
            "{KUBERC}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{{name: {evil}}}]\n"
        ),
        format!("{KUBERC}credentialPluginPolicy: x\naliases: [{{name: {evil}}}, {{name: a}}]\n"),
        format!("{KUBERC}credentialPluginPolicy: x\n--- {evil}\n"),
        bad("u # kubeconfig-lint: ignore[\u{1b}[31m\u{202e}]").replace(
            OLD,
            &format!("{OLD} # kubeconfig-lint: ignore[removed-api-version] \u{1b}[31m ::error::x"),
        ),
        // Raw control characters, which kubectl refuses.
        bad("u\u{1b}[31m\u{202e}\u{9b}31m"),
        format!("\u{1b}]8;;http://x\u{7} {OLD} \u{1b}[2J\u{202e}\n::error::forged {OLD}\n"),
        bad("u").replace(OLD, &format!("{OLD} # ##vso[task.prependpath]/x ##teamcity[x] ##[e]x")),
    ];
    for text in texts {
        let temporary = tempfile::tempdir().unwrap();
        fs::write(temporary.path().join("config"), &text).unwrap();
        for format in formats() {
            for version in ["1.37", "1.20"] {
                let more = ["--show-mentions", "--show-suppressed", "-v", "--kubectl-version"];
                let args = [&["--format", format], &more[..], &[version]].concat();
                let outcome = lint(temporary.path(), &args);
                assert_harmless(&outcome);
                assert_not_forged(&outcome, format);
            }
        }
    }
}

/// Checks that no line of the report is a workflow command, except those that the format itself
/// writes.
fn assert_not_forged(outcome: &Outcome, format: &str) {
    for line in (outcome.out() + &outcome.err()).lines() {
        let line = line.trim_start();
        let own = format == "github"
            && ["::error file=", "::warning file=", "::notice file="]
                .iter()
                .any(|own| line.starts_with(own));
        assert!(own || !line.starts_with("::"), "{line}");
        // GitHub's runner, Azure Pipelines and TeamCity obey these anywhere in a line.
        let command = ["##[", "##vso[", "##teamcity["].into_iter().find(|part| line.contains(part));
        assert_eq!(command, None, "{line}");
    }
}

#[cfg(unix)]
#[test]
fn reports_escape_control_characters_in_file_names() {
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path();
    let names = [
        "new\nline",
        "\n::error::forged",
        "esc\u{1b}[31m\u{1b}]0;t\u{7}",
        "override\u{202e}gpj",
        "return\r::error::forged",
        "a,b:c%0Ad",
        "##[error]forged",
        "##vso[task.prependpath]x",
        "##teamcity[buildStatus]",
        "-rf",
        "::error file=x::forged",
        "quote\"'`$(x)",
    ];
    for name in names {
        fs::write(dir.join(name), bad("u")).unwrap();
        // These are reported as broken, skipped, or unreadable.
        fs::write(dir.join(format!("{name}.nul")), bad("u") + "\0").unwrap();
        fs::write(dir.join(format!("{name}.broken")), bad("u") + "]").unwrap();
        let _ = std::os::unix::fs::symlink("nowhere", dir.join(format!("{name}.link")));
    }
    for format in formats() {
        let outcome = lint(dir, &["--format", format, "--verbose"]);
        assert_eq!(outcome.status, Some(1), "{format}");
        assert_harmless(&outcome);
        assert_not_forged(&outcome, format);
    }
    for name in names {
        let missing = format!("missing{name}");
        let outcome = lint(dir, &["--format", "short", "--", &missing]);
        assert_eq!(outcome.status, Some(2), "{name:?}");
        assert_harmless(&outcome);
        assert_not_forged(&outcome, "short");
        let outcome = lint(dir, &["--format", "short", "--", name]);
        assert_eq!(outcome.status, Some(1), "{name:?}");
    }
}

#[cfg(unix)]
#[test]
fn reports_accept_file_names_that_are_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let temporary = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9\xff");
    if fs::write(temporary.path().join(name), bad("u")).is_err() {
        return; // Not every file system accepts such a name.
    }
    for format in formats() {
        let outcome = lint(temporary.path(), &["--format", format]);
        assert_eq!(outcome.status, Some(1), "{format}");
        std::str::from_utf8(&outcome.stdout).expect("the report is UTF-8");
    }
}

#[cfg(unix)]
#[test]
fn search_never_opens_special_files() {
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path();
    let made = std::process::Command::new("mkfifo").arg(dir.join("fifo")).status().unwrap();
    assert!(made.success());
    let _socket = std::os::unix::net::UnixListener::bind(dir.join("socket")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", dir.join("zero")).unwrap();
    std::os::unix::fs::symlink("/dev/tty", dir.join("tty")).unwrap();
    std::os::unix::fs::symlink("fifo", dir.join("to-fifo")).unwrap();
    fs::write(dir.join("config"), bad("u")).unwrap();

    let outcome = lint(dir, &["--format", "short"]);
    assert_eq!(outcome.out().lines().count(), 1, "{}", outcome.out());
    assert_eq!(outcome.status, Some(1));
    for name in ["fifo", "socket", "zero", "tty", "to-fifo", "/dev/zero", "/dev/stdin"] {
        let outcome = lint(dir, &["--format", "short", name]);
        assert_eq!(outcome.status, Some(2), "{name}: {}", outcome.err());
        assert!(outcome.err().contains(name), "{}", outcome.err());
    }
}

#[cfg(unix)]
#[cfg(target_os = "linux")]
#[test]
fn search_leaves_out_system_file_trees() {
    for tree in ["/proc/self", "/sys/kernel"] {
        let outcome = lint(Path::new("/tmp"), &[tree]);
        assert!(outcome.err().contains("a system file tree"), "{}", outcome.err());
        assert_eq!(outcome.status, Some(2), "{tree}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn run_reports_a_full_device() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config"), bad("u")).unwrap();
    for flags in [&["--help"][..], &["--version"], &["--list-rules"], &["config"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let program = env!("CARGO_BIN_EXE_kubeconfig-lint");
        let mut command = std::process::Command::new(program);
        let output = command.current_dir(&folder).args(flags).stdout(full).output().unwrap();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(err.contains("error: cannot write to standard output"), "{flags:?}: {err}");
        assert_eq!(output.status.code(), Some(2), "{flags:?}");
    }
}

#[test]
fn run_bounds_the_list_of_files() {
    let temporary = tempfile::tempdir().unwrap();
    let outcome = lint(temporary.path(), &["--files-from", "/dev/zero"]);
    assert_eq!(outcome.status, Some(2));
    assert_eq!(outcome.err(), "error: --files-from /dev/zero: larger than 64 MiB\n");
}

#[cfg(unix)]
#[test]
fn search_survives_link_loops_and_dangling_links() {
    use std::os::unix::fs::symlink;
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path();
    fs::create_dir_all(dir.join("a/b")).unwrap();
    fs::write(dir.join("a/config"), bad("u")).unwrap();
    symlink("..", dir.join("a/b/up")).unwrap();
    symlink("../..", dir.join("a/b/root")).unwrap();
    symlink("/", dir.join("a/everything")).unwrap();
    symlink("self", dir.join("self")).unwrap();
    symlink("nowhere", dir.join("dangling")).unwrap();
    let outcome = lint(dir, &["--format", "short"]);
    assert_eq!(outcome.out().lines().count(), 1, "{}", outcome.out());
    assert_eq!(outcome.status, Some(1));
    for name in ["self", "dangling"] {
        assert_eq!(lint(dir, &[name]).status, Some(2), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn search_reports_unreadable_files() {
    use std::os::unix::fs::PermissionsExt;
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path();
    fs::write(dir.join("config"), bad("u")).unwrap();
    fs::write(dir.join("closed"), bad("u")).unwrap();
    fs::set_permissions(dir.join("closed"), fs::Permissions::from_mode(0o000)).unwrap();
    let walked = lint(dir, &["--format", "short"]);
    assert_eq!(walked.status, Some(1));
    let named = lint(dir, &["--format", "short", "closed"]);
    // Root can read every file.
    if fs::read(dir.join("closed")).is_err() {
        assert!(walked.err().contains("closed"), "{}", walked.err());
        assert_eq!(named.status, Some(2));
    }
}

#[test]
fn reports_count_floods_of_findings_without_listing() {
    let temporary = tempfile::tempdir().unwrap();
    let dir = temporary.path();
    let nameless = "{},".repeat(100_000);
    fs::write(dir.join("env"), format!("{}      env: [{nameless}]\n", bad("u"))).unwrap();
    let users: String = (0..3_000)
        .map(|i| format!("- {{name: u{i}, user: {{exec: {{apiVersion: {OLD}, env: [{{}}]}}}}}}\n"))
        .collect();
    fs::write(dir.join("users"), format!("kind: Config\nusers:\n{users}")).unwrap();
    for format in formats() {
        let outcome = lint(dir, &["--format", format, "env"]);
        assert!(outcome.stdout.len() < 200_000, "{format}: {}", outcome.stdout.len());
        let outcome = lint(dir, &["--format", format, "users"]);
        assert!(outcome.stdout.len() < 10_000_000, "{format}: {}", outcome.stdout.len());
        for rule in ["missing-command", "missing-env-name", "removed-api-version"] {
            let warning = format!("warning: users: 2000 more findings of {rule} are not listed");
            assert!(outcome.err().contains(&warning), "{format}: {}", outcome.err());
        }
        assert!(outcome.err().contains("Found 9000 errors in 1 file"), "{}", outcome.err());
    }
}

#[test]
fn lint_finds_nothing_in_random_bytes() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let bytes: Vec<u8> = (0..10 << 17).flat_map(|_| random()).collect();
    // The only named file is binary.
    let outcome = lint_bytes(&bytes);
    assert_eq!((outcome.status, outcome.stdout.len()), (Some(2), 0));
    let ours = [bytes.as_slice(), OLD.as_bytes(), &bytes].concat();
    lint_bytes(&ours);
    let printable: Vec<u8> = bytes.iter().map(|b| b' ' + b % 95).collect();
    lint_bytes(&[b"kind: Config\nusers:\n".as_slice(), OLD.as_bytes(), b"\n", &printable].concat());
}

#[test]
fn lint_reports_deep_nesting_as_an_error() {
    const DEPTH: usize = 100_000;
    for (open, close) in
        [("[", "]"), ("{a: ", "}"), ("- ", ""), ("[{a: ", "}]"), ("? ", ""), ("{\"a\":[", "]}")]
    {
        for closed in [false, true] {
            let end = if closed { close.repeat(DEPTH) } else { String::new() };
            let text =
                format!("apiVersion: v1\nkind: Config\nusers: {}{OLD}{end}\n", open.repeat(DEPTH));
            let outcome = lint_bytes(text.as_bytes());
            assert_eq!(
                outcome.status,
                Some(1),
                "{open} {closed}: {} {}",
                outcome.out(),
                outcome.err()
            );
            let text = format!("{}{OLD}{end}\n", open.repeat(DEPTH));
            lint_bytes(text.as_bytes());
        }
    }
    let mut steps = String::from("users:\n");
    for depth in 1..2_000 {
        steps.push_str(&format!("{}a:\n", " ".repeat(depth)));
    }
    lint_bytes(format!("{steps}{}- {OLD}\n", " ".repeat(2_000)).as_bytes());
}

#[test]
fn lint_bounds_billion_laughs() {
    let mut text = format!("a0: &a0 {OLD}\n");
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    text.push_str("users: *a29\n");
    lint_bytes(text.as_bytes());

    let mut text = format!("a0: &a0 {{apiVersion: {OLD}, command: aws}}\n");
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} {{<<: [{aliases}]}}\n"));
    }
    text.push_str("users:\n- name: u\n  user:\n    exec: *a29\n");
    lint_bytes(text.as_bytes());

    for bomb in [
        "aliases: *a29\n".to_owned(),
        "credentialPluginAllowlist: *a29\n".to_owned(),
        "credentialPluginAllowlist: [{<<: *a29}]\n".to_owned(),
    ] {
        let text = text.replace("users:", "x:");
        let text = format!("{KUBERC}credentialPluginPolicy: DenyAll\n{text}{bomb}");
        assert_eq!(lint_bytes(text.as_bytes()).status, Some(1));
    }

    lint_bytes(format!("users: &a [*a, {OLD}]\n").as_bytes());
    lint_bytes(format!("users: &a\n- user: *a\n  exec: {OLD}\n").as_bytes());
    lint_bytes(format!("x: &x\n  <<: *x\n  exec: {OLD}\nusers: [*x]\n").as_bytes());
}

#[test]
fn lint_reads_many_documents_in_time() {
    let deny = "credentialPluginPolicy: DenyAll\n";
    for text in [
        format!("{KUBERC}{deny}---\n").repeat(20_000),
        format!("{KUBERC}{deny}{}", "---\n".repeat(1_000_000)),
        format!("{{\"a\": 1, // {KUBERC}\n}}\n---\n").repeat(20_000),
        format!("{KUBERC}{deny}{}", "x: 1\n".repeat(200_000)),
        format!("{KUBERC}{deny}credentialPluginAllowlist: [{}]\n", "{x: 1},".repeat(100_000)),
    ] {
        lint_bytes(text.as_bytes());
    }
}

#[test]
fn lint_reads_one_endless_line_in_time() {
    // One finding at the end of a line that is almost entirely a secret.
    let text = format!(
        r#"{{"kind":"Config","users":[{{"name":"u","user":{{"client-key-data":"{}","exec":{{"apiVersion":"{OLD}","command":"aws"}}}}}}]}}"#,
        "QUFB".repeat(2 << 20)
    );
    let temporary = tempfile::tempdir().unwrap();
    fs::write(temporary.path().join("config"), &text).unwrap();
    for format in formats() {
        let outcome = lint(temporary.path(), &["--format", format]);
        assert_eq!(outcome.status, Some(1), "{format}");
        assert!(!outcome.out().contains("QUFBQUFB"), "{format}");
        assert!(
            format == "sarif" || outcome.stdout.len() < 10_000,
            "{format}: {}",
            outcome.stdout.len()
        );
    }
}

#[test]
fn reports_write_a_line_of_many_findings_in_time() {
    let user = |i: usize| {
        format!(
            r#"{{"name":"u{i}","user":{{"token":"aaaaaaaaaaaaaaaaaaaaaaaa","exec":{{"apiVersion":"{OLD}","command":"aws","args":["eks","get-token"]}}}}}}"#
        )
    };
    let temporary = tempfile::tempdir().unwrap();
    for format in formats() {
        let count = if format == "text" { 2_000 } else { 5_000 };
        let users: Vec<String> = (0..count).map(user).collect();
        let text = format!(r#"{{"kind":"Config","users":[{}]}}"#, users.join(","));
        fs::write(temporary.path().join("config"), &text).unwrap();
        let outcome = lint(temporary.path(), &["--format", format]);
        assert_eq!(outcome.status, Some(1), "{format}");
        assert!(outcome.err().contains(&count.to_string()), "{format}: {}", outcome.err());
    }
}

#[test]
fn lint_is_linear_in_repeated_elements() {
    let exec = |i: usize| {
        format!("- name: u{i}\n  user:\n    exec:\n      apiVersion: {OLD}\n      command: aws\n")
    };
    let users: String = (0..5_000).map(exec).collect();
    let outcome = lint_bytes(format!("kind: Config\nusers:\n{users}").as_bytes());
    // The rest is counted but not listed.
    assert_eq!(outcome.out().lines().count(), 1_000);
    assert!(outcome.err().contains("5000 errors"), "{}", outcome.err());

    let keys: String = (0..100_000).map(|i| format!("k{i}: v\n")).collect();
    lint_bytes(format!("{keys}{}", bad("u")).as_bytes());
    let same: String = "exec: 1\n".repeat(200_000);
    lint_bytes(format!("{same}{}", bad("u")).as_bytes());
    let anchors: String = (0..100_000).map(|i| format!("- &a{i} *a{}\n", i / 2)).collect();
    lint_bytes(format!("users:\n- &a0 {OLD}\n{anchors}").as_bytes());
    let documents: String =
        bad("u") + &format!("---\nkind: ExecCredential\napiVersion: {OLD}\n").repeat(20_000);
    lint_bytes(documents.as_bytes());
    lint_bytes(format!("{OLD} ").repeat(50_000).as_bytes());
    lint_bytes(format!("{OLD}\n").repeat(100_000).as_bytes());
    let blank = "\n".repeat(5 << 20);
    lint_bytes(format!("{blank}{}{blank}", bad("u")).as_bytes());
    let quotes = format!("kind: Config\nusers: \"{}\n{OLD}", "\\\"".repeat(1 << 20));
    lint_bytes(quotes.as_bytes());
    let scalar = format!("kind: Config\nusers: |\n{}", format!("  {OLD}\n").repeat(50_000));
    lint_bytes(scalar.as_bytes());
    let comments = format!("{}{}", format!("# {OLD}\n").repeat(50_000), bad("u"));
    lint_bytes(comments.as_bytes());
}

#[test]
fn lint_is_linear_in_unclosed_constructs() {
    for (name, size, piece) in [
        ("f.tf", 300_000, "a = {{ "),
        ("f.tf", 300_000, "a = \"${\n"),
        ("f.tf", 500_000, "<<"),
        ("f.tf", 300_000, "<<A\n"),
        ("f.tf", 300_000, "/* \n"),
        ("f.html", 400_000, "<a "),
        ("f.html", 400_000, "<pre\n"),
        ("f.html", 400_000, "<pres>"),
        ("f.go", 8_000, "contains() client.authentication.k8s.io/v1 "),
        ("f.yaml", 40_000, "# kubeconfig-lint: ignore[mention]\n"),
        ("f.yaml", 20_000, "# kubeconfig-lint: ignore[mentoin]\n"),
        ("f.yaml", 50_000, "# kubeconfig-lint: "),
        ("f.yaml", 20_000, "# kubeconfig-lint: ignore[mention] x client.authentication.k8s.io\n"),
        (
            "f.yaml",
            4_000,
            "- api_version: client.authentication.k8s.io/v1alpha1 # kubeconfig-lint: ignore[]\n",
        ),
        ("f.yaml", 20_000, "<!-- --> client.authentication.k8s.io/v1\n"),
    ] {
        assert_linear(name, size, |size| piece.repeat(size));
    }
    assert_linear("f.txt", 10_000, |size| OLD.repeat(size));
    assert_linear("f.txt", 20_000, |size| format!("{OLD}{{{{ ").repeat(size));
    let users = |size| {
        let entries: String = (0..size).map(|i| bad(&format!("u{i}"))[20..].to_owned()).collect();
        format!("kind: Config\nusers:\n{entries}")
    };
    assert_linear("f.yaml", 5_000, users);
    let wrong = |size| format!("kind: Config\nusers:\n{}", "- x\n".repeat(size));
    assert_linear("f.yaml", 25_000, wrong);
    let unnamed = |size| "# kubeconfig-lint: ignore\n".repeat(size);
    let mentions = "client.authentication.k8s.io\n".repeat(200);
    assert_linear("f.yaml", 10_000, |size| format!("{}x\n{mentions}", unnamed(size)));
    let closers = |size: usize| format!("a = {}{}", "[".repeat(size), "}".repeat(size));
    assert_linear("f.tf", 100_000, closers);
    let anchored = |size| {
        let alias = |i| format!("- name: u{i}\n  user:\n    exec: *e\n");
        let users: String = (0..size).map(alias).collect();
        format!("kind: Config\nx: &e\n  apiVersion: {OLD}\n  command: aws\nusers:\n{users}")
    };
    assert_linear("f.yaml", 2_000, anchored);
    let accepted = |size| "- apiVersion: client.authentication.k8s.io/v1beta1\n".repeat(size);
    assert_linear("f.yaml", 40_000, accepted);
    // Every line begins base64 that may be ours; the first line is wider than the others.
    let hint = "Y2xpZW50LmF1dGhlbn".repeat(8);
    let wrapped = |size| format!("{}\n{}", &hint[..128], format!("{}\n", &hint[..64]).repeat(size));
    assert_linear("f.yaml", 10_000, wrapped);
    let keys = |size| format!("{}\nconst A = \"{OLD}\";", "apiversion".repeat(size));
    assert_linear("f.js", 10_000, keys);
}

#[cfg(target_os = "linux")]
#[test]
fn lint_bounds_memory_for_duplicate_keys() {
    let duplicates = format!("  api_version = \"{OLD}\"\n").repeat(10_000);
    let text = format!("exec {{\n{duplicates}  args = [{}]\n}}\n", "\"a\", ".repeat(10_000));
    let outcome = lint_within("f.tf", &text, 2_000_000);
    assert_eq!(outcome.status, Some(1), "{}", outcome.err());
    assert_eq!(outcome.out().lines().count(), 1_000);
    assert!(outcome.err().contains("10000 errors"), "{}", outcome.err());
}

/// Lints a file with at most `limit` KiB of address space.
#[cfg(target_os = "linux")]
fn lint_within(name: &str, text: &str, limit: usize) -> Outcome {
    let temporary = tempfile::tempdir().unwrap();
    fs::write(temporary.path().join(name), text).unwrap();
    let mut command = std::process::Command::new("sh");
    let limited = format!("ulimit -v {limit} && exec \"$0\" --threads 1 --format short {name}");
    command.args(["-c", &limited]).arg(env!("CARGO_BIN_EXE_kubeconfig-lint"));
    common::run_command(command.current_dir(temporary.path()), b"", LIMIT)
}

#[cfg(target_os = "linux")]
#[test]
fn lint_bounds_memory_for_many_small_entries() {
    let repeat = |count, one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let exec = format!("exec: {{apiVersion: {OLD}, command: aws}}");
    let anchors = repeat(50_000, &|i| format!("- &a{i} x\n"));
    let users = repeat(8_000, &|i| format!("- {{name: u{i}, user: {{{exec}}}}}\n"));
    let nameless = "{},".repeat(100_000);
    for (name, text, limit) in [
        ("config", format!("kind: Config\nusers:\n{anchors}- {{user: {{{exec}}}}}\n"), 110_000),
        ("config", format!("kind: Config\nusers:\n{users}"), 80_000),
        (
            "config",
            format!(
                "kind: Config\nusers:\n- {{name: u, user: {{exec: {{apiVersion: {OLD}, \
                 env: [{nameless}]}}}}}}\n"
            ),
            85_000,
        ),
        ("f.txt", format!("{OLD}\n").repeat(100_000), 130_000),
        (
            "config",
            format!(
                "kind: Config\nusers: [{{user: {{token: [{}], {exec}}}}}]\n",
                "a,".repeat(1_000_000)
            ),
            104_000,
        ),
        ("f.tf", format!("a = [{}]\n# {OLD}\n", "a(b),".repeat(400_000)), 104_000),
    ] {
        let outcome = lint_within(name, &text, limit);
        let beginning: String = text.chars().take(40).collect();
        assert!(matches!(outcome.status, Some(0 | 1)), "{beginning}: {}", outcome.err());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn lint_bounds_memory_for_long_values_in_many_places() {
    // A copy in each place would take 50 MB.
    let (long, count) = ("a".repeat(100_000), 500);
    let repeat = |one: &dyn Fn(usize) -> String| (0..count).map(one).collect::<String>();
    let exec = format!("exec: {{apiVersion: {OLD}, command: aws}}");
    let users = repeat(&|i| format!("- {{name: u{i}, user: {{{exec}}}}}\n"));
    let contexts = repeat(&|i| format!("- {{name: c{i}, context: {{user: u{i}, cluster: k}}}}\n"));
    let clusters = repeat(&|i| format!("- {{name: k{i}, cluster: {{proxy-url: \"::\"}}}}\n"));
    let aliased = |field: &str| {
        repeat(&|i| format!("- {{name: u{i}, user: {{exec: {{apiVersion: {OLD}, {field}}}}}}}\n"))
    };
    let listed = repeat(&|_| format!("- {{exec: {{apiVersion: {OLD}, command: *x}}}}\n"));
    let variables = format!("variable \"v\" {{\n  default = \"{OLD}\"\n}}\n").repeat(count);
    let execs = "x {\n  exec {\n    api_version = var.v\n    command = \"aws\"\n  }\n}\n";
    let same_key = "  api_version = var.v\n".repeat(count);
    for (name, text) in [
        // Anchors: each user has the same long value.
        ("config", format!("x: &x {long}\nkind: Config\nusers:\n{}", aliased("command: *x"))),
        ("config", format!("x: &x {long}\nkind: Config\nusers:\n{}", aliased("args: [*x]"))),
        ("config", format!("x: &x [{long}]\nkind: Config\nusers:\n{}", aliased("args: *x"))),
        ("list.yaml", format!("x: &x {long}\nlist:\n{listed}")),
        // Terraform: declarations that share users, and a block that repeats a key.
        ("f.tf", variables.clone() + &execs.repeat(count)),
        ("f.tf", format!("{variables}exec {{\n{same_key}  args = [{}]\n}}\n", "1,".repeat(count))),
        ("config", format!("current-context: {long}\nkind: Config\nusers:\n{users}")),
        (
            "config",
            format!(
                "clusters: [{{name: k, cluster: {{server: \"https://{long}\"}}}}]\nkind: Config\n\
                 users:\n{users}contexts:\n{contexts}"
            ),
        ),
        (
            "config",
            format!(
                "kind: Config\ncurrent-context: c\ncontexts: [{{name: c, context: {{user: {long}}}}}]\n\
                 users: [{{name: {long}, user: {{{exec}}}}}]\nclusters:\n{clusters}"
            ),
        ),
    ] {
        let outcome = lint_within(name, &text, 60_000);
        let beginning: String = text.chars().take(40).collect();
        assert_eq!(outcome.status, Some(1), "{beginning}: {}", outcome.err());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn lint_bounds_memory_for_deep_nesting() {
    let exec = format!("\nexec {{\n  api_version = \"{OLD}\"\n}}\n");
    for piece in ["(", "[", "{a=", "f(", "a {\n"] {
        let deep = piece.repeat(300_000);
        let text =
            if piece == "a {\n" { format!("{deep}{exec}") } else { format!("a = {deep}{exec}") };
        let outcome = lint_within("f.tf", &text, 80_000);
        assert_eq!(outcome.status, Some(1), "{piece}: {}", outcome.err());
        assert!(outcome.err().contains("nested deeper than 10000"), "{piece}: {}", outcome.err());
    }
}

#[test]
fn search_does_not_compile_nested_braces_of_ignore_files() {
    let temporary = tempfile::tempdir().unwrap();
    let (dir, nested) = (temporary.path(), "{".repeat(400_000));
    for folder in ["a", "b"] {
        fs::create_dir_all(dir.join(folder).join("c")).unwrap();
        fs::write(dir.join(folder).join("c/config"), bad("u")).unwrap();
    }
    fs::write(dir.join("a/.gitignore"), format!("# x\n{nested}\n")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("a/c/config", dir.join("link")).unwrap();
    for (root, count) in [(".", 2), ("a", 1), ("a/c", 1)] {
        let outcome = lint(dir, &["--format", "short", root]);
        assert_eq!(outcome.out().lines().count(), count, "{root}: {}", outcome.out());
        assert!(outcome.err().contains("ignore file"), "{root}: {}", outcome.err());
    }
    let nested = &nested[..100_000];
    assert_eq!(lint(dir, &["--exclude", nested]).status, Some(2));
    fs::write(dir.join(".kubeconfig-lint.yaml"), format!("exclude: [\"{nested}\"]\n")).unwrap();
    assert_eq!(lint(dir, &[]).status, Some(2));
}

#[test]
fn lint_accepts_a_file_cut_anywhere() {
    let whole = format!(
        "{}---\n{{\"kind\": \"ExecCredential\", \"apiVersion\": \"{OLD}\", // c\n \"status\": {{}}}}\n",
        bad("&a 'u'\n  x: &x {<<: *a, y: [1, \"\\u00e9\"]}").replace('u', "日本🙂")
    );
    let temporary = tempfile::tempdir().unwrap();
    for (at, _) in whole.char_indices() {
        fs::write(temporary.path().join(format!("{at:04}")), &whole[..at]).unwrap();
        fs::write(temporary.path().join(format!("{at:04}-tail")), &whole[at..]).unwrap();
        // Also cut inside a character.
        fs::write(temporary.path().join(format!("{at:04}-cut")), &whole.as_bytes()[..at + 1])
            .unwrap();
    }
    for format in formats() {
        lint(temporary.path(), &["--format", format, "--show-mentions"]);
    }
}
