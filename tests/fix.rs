//! Tests `--fix`: what it writes, what it leaves alone, and that it never loses anything.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "fix/allowed.rs"]
mod allowed;
mod common;
#[path = "fix/edits.rs"]
mod edits;
#[path = "fix/generator.rs"]
mod generator;
#[path = "fix/selection.rs"]
mod selection;
#[cfg(unix)]
#[path = "fix/writing.rs"]
mod writing;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use generator::{Random, carried, decoded, is_exact, kubeconfig, mutated, plain, untouched};
use kubeconfig_lint::Applicability;
use kubeconfig_lint::internals::api_versions::ALL;
use kubeconfig_lint::internals::plugins::{Declared, PLUGINS};
use kubeconfig_lint::{Options, Source, lint};

const GROUP: &str = "client.authentication.k8s.io";
const LIMIT: Duration = Duration::from_secs(60);

fn run(dir: &Path, args: &[&str]) -> common::Outcome {
    common::run(dir, args, b"", LIMIT)
}

#[test]
fn fix_writes_the_version_that_each_plugin_answers() {
    for old in ["v1alpha1", "v1beta1", "v1"] {
        let folder = tempfile::tempdir().unwrap();
        let mut users = String::new();
        let mut expected = Vec::new();
        for (at, (plugin, run)) in
            PLUGINS.iter().flat_map(|p| p.invocations.iter().map(move |run| (p, run))).enumerate()
        {
            let plugin = Declared::default().of(plugin);
            for (form, command, args) in [
                ("plain", run.command.to_owned(), run.args.to_vec()),
                ("path", format!("/usr/local/bin/{}", run.command), run.args.to_vec()),
                ("env", "env".to_owned(), [&["A=b", run.command], run.args].concat()),
            ] {
                let name = format!("u{at}-{form}");
                users.push_str(&format!(
                    "- name: {name}\n  user:\n    exec:\n      apiVersion: {GROUP}/{old}\n      \
                     command: {command}\n      interactiveMode: Never\n"
                ));
                if !args.is_empty() {
                    users.push_str("      args:\n");
                    args.iter().for_each(|arg| users.push_str(&format!("      - {arg}\n")));
                }
                let now = ALL.into_iter().find(|known| known.version == old).unwrap();
                let is_refused = old == "v1alpha1";
                // A version that an old release of the plugin may need is left alone.
                let is_old = plugin.target().is_some_and(|target| plugin.least(target).is_some());
                let is_left = !is_refused && (plugin.answers.allow(now) || is_old);
                let version = match plugin.target() {
                    Some(target) if !is_left && plugin.is_certain(target) => target.version,
                    _ => old,
                };
                expected.push((name, version.to_owned()));
            }
        }
        let file = folder.path().join("config");
        fs::write(&file, format!("kind: Config\nusers:\n{users}")).unwrap();
        run(folder.path(), &["--fix", "-q"]);
        let fixed = fs::read_to_string(&file).unwrap();
        let names = fixed.lines().filter_map(|line| line.strip_prefix("- name: "));
        let versions = fixed.lines().filter_map(|line| line.trim().strip_prefix("apiVersion: "));
        let versions = versions.map(|version| version.strip_prefix(GROUP).unwrap()[1..].to_owned());
        let got: Vec<_> = names.map(str::to_owned).zip(versions).collect();
        assert_eq!(got, expected, "{old}");
        // Running it again changes nothing.
        run(folder.path(), &["--fix", "-q"]);
        assert_eq!(fs::read_to_string(&file).unwrap(), fixed);
    }
}

/// How many files were compared byte for byte.
static EXACT: AtomicUsize = AtomicUsize::new(0);

/// Counts the findings above notes.
fn weight(findings: &[kubeconfig_lint::Finding]) -> usize {
    let is_remark = |severity| severity == kubeconfig_lint::Severity::Note;
    findings.iter().filter(|finding| !is_remark(finding.severity)).count()
}

/// Applies all possible fixes to a text, and checks the result.
fn check(name: &str, text: &str, least: Applicability) -> usize {
    let source = Source::new(name, text.into());
    let options = Options::default();
    let mut before = lint(&source, &options);
    kubeconfig_lint::verify(&source, &mut before, &options);
    let is_fixable = |f: &&kubeconfig_lint::Finding| {
        f.fix.as_ref().is_some_and(|fix| fix.applicability >= least)
    };
    let Some(fixed) = kubeconfig_lint::fix(&source, &lint(&source, &options), &options, least)
    else {
        let fixable: Vec<_> = before.findings.iter().filter(is_fixable).collect();
        assert!(fixable.is_empty(), "{name}\n{text}\n{fixable:#?}");
        return 0;
    };
    let after = fixed.source.text();
    assert_eq!(after.as_bytes(), fixed.source.bytes().unwrap());
    let anew = lint(&fixed.source, &options);
    let rules = |linted: &kubeconfig_lint::Linted| {
        linted.findings.iter().map(|f| (f.rule.name, f.primary.span)).collect::<Vec<_>>()
    };
    assert_eq!(rules(&anew), rules(&fixed.linted), "{name}\n{text}\n---\n{after}");
    assert!(
        fixed.linted.findings.iter().filter(is_fixable).count() == 0,
        "{name}\n{text}\n---\n{after}"
    );
    assert!(
        // A version that kubectl now accepts may still get a remark.
        weight(&before.findings) >= weight(&anew.findings) + fixed.count,
        "{name}\n{text}\n---\n{after}"
    );
    let lines = plain(text).replace('\r', "");
    let is_base64 = decoded(&lines).trim_end() != lines.trim_end();
    if is_base64 {
        assert_eq!(untouched(after), untouched(text), "{name}\n{text}\n---\n{after}");
    } else {
        assert!(is_exact(text, after), "{name}\n{text}\n---\n{after}");
        EXACT.fetch_add(1, Ordering::Relaxed);
    }
    assert!(
        kubeconfig_lint::fix(&fixed.source, &lint(&fixed.source, &options), &options, least)
            .is_none(),
        "{name}\n{text}\n---\n{after}"
    );
    fixed.count
}

/// `FIX_CASES` sets the number of cases.
#[test]
fn fix_changes_only_the_version() {
    let cases = std::env::var("FIX_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(1200);
    let seed = std::env::var("FIX_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let mut random = Random(seed);
    let mut fixed = 0;
    for _ in 0..cases {
        let mut text = kubeconfig(&mut random);
        let mut name = random.pick(&["config", "config.yaml"]);
        if random.one_in(3) {
            text = mutated(&mut random, &text);
        }
        for _ in 0..random.below(3) {
            let (outer, outer_name) = carried(&mut random, &text);
            (text, name) = (outer, outer_name);
        }
        if random.one_in(5) {
            text = text.replace('\n', "\r\n");
        }
        if random.one_in(8) {
            text.insert(0, '\u{feff}');
        }
        for least in [Applicability::Safe, Applicability::Unsafe] {
            fixed += check(name, &text, least);
        }
    }
    assert!(fixed > cases, "only {fixed} of {cases}");
    let exact = EXACT.load(Ordering::Relaxed);
    assert!(exact > cases / 2, "only {exact} of {cases} to the byte");
}

fn old_config(command: &str) -> String {
    format!(
        "kind: Config\nusers:\n- name: u\n  user:\n    exec:\n      apiVersion: \
         {GROUP}/v1alpha1\n      command: {command}\n      args: [eks, get-token]\n"
    )
}

/// Applying a diff gives the bytes that `--fix` writes.
#[test]
fn diff_applies_to_what_fix_writes() {
    let has = |program: &str| Command::new(program).arg("--version").output().is_ok();
    let mut random = Random(3);
    let (fixed, diffed) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for at in 0..60 {
        let mut text = kubeconfig(&mut random);
        let mut name = "config";
        if random.one_in(2) {
            let (outer, outer_name) = carried(&mut random, &text);
            (text, name) = (outer, outer_name);
        }
        if random.one_in(4) {
            text = text.replace('\n', "\r\n");
        }
        if random.one_in(4) {
            text.truncate(text.trim_end().len());
        }
        let name = match at % 7 {
            0 => format!("{at} with blanks/{name}"),
            1 => format!("ä/{at}-{name}"),
            2 => format!("\"quoted\\{at}-{name}"),
            _ => format!("d/e/{at}-{name}"),
        };
        for folder in [fixed.path(), diffed.path()] {
            let file = folder.join(&name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, &text).unwrap();
        }
    }
    let outcome = run(fixed.path(), &["--fix", "--unsafe-fixes", "-q", "--no-config"]);
    assert!(matches!(outcome.status, Some(0 | 1)), "{}", outcome.err());
    let diff = run(diffed.path(), &["--diff", "--unsafe-fixes", "-q", "--no-config"]);
    let hidden = diff.err().matches("with secrets masked").count();
    assert!((1..=13).contains(&hidden), "{}", diff.err());
    let patch = diffed.path().join("patch");
    fs::write(&patch, &diff.stdout).unwrap();
    for (program, args) in [
        ("git", &["apply", "--check", "patch"][..]),
        ("patch", &["-p0", "-s", "--dry-run", "--fuzz=2", "-i", "patch"]),
        ("git", &["apply", "patch"]),
    ] {
        // Without the program, there is nothing to compare.
        if !has(program) {
            return;
        }
        let applied = Command::new(program).args(args).current_dir(diffed.path()).output().unwrap();
        let said = String::from_utf8_lossy(&applied.stderr).into_owned();
        assert!(applied.status.success(), "{program} {args:?}: {said}\n{}", diff.out());
    }
    let mut changed = 0;
    for entry in ignore::WalkBuilder::new(fixed.path()).hidden(false).build() {
        let entry = entry.unwrap();
        let Ok(name) = entry.path().strip_prefix(fixed.path()) else { continue };
        if !entry.file_type().unwrap().is_file() {
            continue;
        }
        let shown = name.to_string_lossy().into_owned();
        if diff
            .err()
            .contains(&format!("warning: {shown}: the diff has 1 change only as a comment"))
            || diff.err().contains(&format!("error: {shown}: there is no diff"))
        {
            continue;
        }
        let (a, b) = (fs::read(entry.path()).unwrap(), fs::read(diffed.path().join(name)).unwrap());
        assert!(a == b, "{shown}");
        changed += 1;
    }
    assert!(changed > 40);
}

/// Neither a diff nor a report of a fix contains a byte of a secret.
#[test]
fn diff_shows_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let old = format!(
        "apiVersion: v1\nkind: Config\nusers:\n- name: t\n  user:\n    token: hunter2hunter2\n    exec:\n      \
         apiVersion: {GROUP}/v1alpha1\n      command: aws\n      args: [eks, get-token]\n"
    );
    let json = format!(
        "{{\"kind\": \"Config\", \"users\": [{{\"name\": \"j\", \"user\": {{\"token\": \"hunter2hunter2\", \
         \"exec\": {{\"apiVersion\": \"{GROUP}/v1alpha1\", \"command\": \"aws\", \"args\": [\"eks\", \"get-token\"]}}}}}}]}}\n"
    );
    let base64 = STANDARD.encode(&old);
    fs::write(folder.path().join("yaml"), &old).unwrap();
    fs::write(folder.path().join("json"), &json).unwrap();
    fs::write(folder.path().join("secret.yaml"), format!("kind: Secret\ndata:\n  k: {base64}\n"))
        .unwrap();
    let diff = run(folder.path(), &["--diff"]);
    assert_eq!(diff.status, Some(1));
    let out = diff.out();
    assert!(out.contains("# ./secret.yaml:3, line 8 of the decoded base64:\n"), "{out}");
    assert!(!out.contains("--- ./secret.yaml"), "{out}");
    assert!(out.contains("+      apiVersion: client.authentication.k8s.io/v1beta1"), "{out}");
    let rest = diff.err();
    assert_eq!(rest.matches("the diff has 1 change only as a comment").count(), 2, "{rest}");
    let mut all = out + &rest;
    for format in kubeconfig_lint::FORMATS {
        all += &run(folder.path(), &["--format", format.name]).out();
    }
    for secret in ["hunter2", &base64[40..60], &base64[100..120]] {
        assert!(!all.contains(secret), "{all}");
    }
}

#[test]
fn fix_rejects_conflicting_flags() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config"), old_config("aws")).unwrap();
    for (args, said) in [
        (&["--diff", "--format", "json"][..], "--diff prints to standard output"),
        (&["--fix", "--fix-to", "v1alpha1"], "invalid value 'v1alpha1'"),
    ] {
        let outcome = run(folder.path(), args);
        assert_eq!(outcome.status, Some(2), "{args:?}");
        assert!(outcome.err().contains(said), "{args:?}: {}", outcome.err());
    }
    assert_eq!(fs::read_to_string(folder.path().join("config")).unwrap(), old_config("aws"));
}

/// Edits by many findings in one base64 are written once, not once per finding.
#[test]
fn fix_writes_each_base64_once() {
    let folder = tempfile::tempdir().unwrap();
    let user = |at: usize| {
        old_config("aws").replacen("kind: Config\nusers:\n", "", 1).replacen(
            "u\n",
            &format!("u{at}\n"),
            1,
        )
    };
    let config = format!("kind: Config\nusers:\n{}", (0..5000).map(user).collect::<String>());
    let secret = |config: &str| format!("kind: Secret\ndata:\n  k: {}\n", STANDARD.encode(config));
    let file = folder.path().join("secret.yaml");
    fs::write(&file, secret(&config)).unwrap();
    let outcome = run(folder.path(), &["--fix"]);
    let said = "fixed 5000 findings in secret.yaml\n\
                Nothing left to report in 1 file (1 kubeconfig, 5000 exec configs)\n\
                note: secret.yaml: `v1beta1` needs at least aws-cli 1.23.9 or 2.6.3: check \
                `aws --version`\n";
    assert_eq!(outcome.err(), said);
    assert_eq!(fs::read_to_string(&file).unwrap(), secret(&config.replace("alpha", "beta")));
}

/// No flag changes a part of a whole, a search pattern, or a comment.
#[test]
fn fix_leaves_uncertain_places_unchanged() {
    let config = old_config("aws");
    let wide = STANDARD.encode(config.replace("kind: Config\n", "kind: Config\nx: yy\n"));
    let (first, second) = wide.split_at(208);
    let unpadded = STANDARD.encode(format!("{config}#")).trim_end_matches('=').to_owned();
    let lines: Vec<_> = unpadded
        .as_bytes()
        .chunks(unpadded.len() - 2)
        .map(|l| std::str::from_utf8(l).unwrap())
        .collect();
    let old = format!("{GROUP}/v1alpha1");
    let whole = STANDARD.encode(&config);
    let cases = [
        ("a.go", format!("k := \"{first}\" +\n\t\"{second}\"\n")),
        ("a.tf", format!("locals {{\n  k = join(\"\", [\"{first}\", \"{second}\"])\n}}\n")),
        ("a.json", format!("[\"{first}\", \"{second}\"]\n")),
        ("a.yaml", format!("k:\n- {first}\n- {second}\n")),
        ("a.txt", format!("{first}\n\n{second}\n")),
        ("b.txt", format!("{}\n", lines.join("\n"))),
        ("b.json", format!("{{\"k\": \"{}\"}}\n", lines.join("\\n"))),
        ("b.go", format!("package b\n\n// old: {whole}\nfunc x() {{}}\n")),
        ("b.yaml", format!("# KUBECONFIG: {whole}\na: b\n")),
        ("c.tf", format!("locals {{\n  k = replace(var.k, \"apiVersion: {old}\", \"x\")\n}}\n")),
        ("c.tpl", format!("{{{{ $k := .k | replace \"apiVersion: {old}\" \"x\" }}}}\n")),
        ("d.tpl", format!("{{{{ if eq .apiVersion \"{old}\" }}}}\n")),
        ("c.yaml", format!("- op: test\n  path: /users/0/user/exec/apiVersion\n  value: {old}\n")),
        ("c.js", format!("throw new Error('apiVersion: {old}')\n")),
        ("c.md", format!("It was `{old}` once.\n")),
        ("c.sh", format!("sed -i 's#{old}#x#' f\n# apiVersion: {old}\n")),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in &cases {
        fs::write(folder.path().join(name), text).unwrap();
    }
    run(folder.path(), &["--fix", "--unsafe-fixes", "-q"]);
    for (name, text) in &cases {
        assert_eq!(&fs::read_to_string(folder.path().join(name)).unwrap(), text, "{name}");
    }
}
