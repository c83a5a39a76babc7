//! What `--fix` changes is what was chosen: files with anchors, merge keys and placeholders, in texts
//! of all kinds, under random rules, ignore comments and baselines, decoded before and after.

use std::collections::HashSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kubeconfig_lint::decode::{document, fields::View, json};
use kubeconfig_lint::finding::Finding;
use kubeconfig_lint::fix::{Applicability, Remedy, apply};
use kubeconfig_lint::rule::{RULES, Rule};
use kubeconfig_lint::suppress::{Suppressed, Suppression};
use kubeconfig_lint::syntax::yaml;
use kubeconfig_lint::{Options, Source, lint};
use serde_json::Value;

use super::GROUP;
use super::generated::{COMMANDS, Random, VERSIONS, kubeconfig, mutated};

/// A kubeconfig whose users share what can be shared.
fn shared(random: &mut Random) -> String {
    let (command, args) = COMMANDS[random.below(COMMANDS.len())];
    let version = || VERSIONS[0];
    let mut text = format!(
        "apiVersion: v1\nkind: Config\nx-version: &v {}\nx-args: &args [{}]\nx-base: &base\n  command: {command}\n",
        VERSIONS[random.below(5)],
        args.join(", ")
    );
    if random.one_in(2) {
        text.push_str(&format!("  apiVersion: {}\n", VERSIONS[random.below(5)]));
    }
    if random.one_in(3) {
        text.push_str("  args: *args\n");
    }
    if random.one_in(3) {
        text.push_str("clusters:\n- name: c\n  cluster: {server: https://c, certificate-authority-data: \"${ca}\"}\n");
    }
    text.push_str("users:\n");
    for at in 0..2 + random.below(3) {
        text.push_str(&format!("- name: u{at}\n  user:\n"));
        if at > 0 && random.one_in(6) {
            text.push_str("    exec: *exec\n");
            continue;
        }
        text.push_str(if at == 0 { "    exec: &exec\n" } else { "    exec:\n" });
        let mut lines = Vec::new();
        if random.one_in(2) {
            lines.push("<<: *base".to_owned());
        } else {
            lines.push(format!("command: {}", COMMANDS[random.below(COMMANDS.len())].0));
        }
        match random.below(4) {
            0 => lines.push("apiVersion: *v".to_owned()),
            1 => lines.push(format!("apiVersion: {}", VERSIONS[random.below(5)])),
            2 => lines.push(format!("apiVersion: {}", version())),
            _ => {}
        }
        match random.below(5) {
            0 => lines.push("args: *args".to_owned()),
            1 => lines.push("args: [--version, *v]".to_owned()),
            2 => lines.push("args: [k8s, exec-credential]".to_owned()),
            _ => lines.push("args: [eks, get-token]".to_owned()),
        }
        if random.one_in(3) {
            lines.push("interactiveMode: Never".to_owned());
        }
        if random.one_in(4) {
            lines.push("env: [{name: V, value: *v}, {name: A, value: b}]".to_owned());
        }
        if random.one_in(4) {
            lines.push("provideClusterInfo: true".to_owned());
        }
        for at in (1..lines.len()).rev() {
            lines.swap(at, random.below(at + 1));
        }
        for line in lines {
            text.push_str(&format!("      {line}\n"));
        }
    }
    if random.one_in(3) {
        text.push_str("extensions:\n- {name: e, extension: {kept: *v}}\n");
    }
    text
}

/// A text in another, and how to take it out again.
struct Carrier {
    name: &'static str,
    wrap: fn(&str) -> String,
    unwrap: fn(&str) -> Option<String>,
}

fn indented(text: &str, by: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.map(|line| if line == "\n" { line.to_owned() } else { format!("{by}{line}") }).collect()
}

fn dedented(text: &str, by: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines.map(|line| line.strip_prefix(by).unwrap_or(line)).collect()
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    text.strip_prefix(start)?.strip_suffix(end)
}

fn json_string(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn from_base64(letters: &str) -> Option<String> {
    let letters: String = letters.split_whitespace().collect();
    String::from_utf8(STANDARD.decode(letters).ok()?).ok()
}

fn wrapped(text: &str) -> String {
    let letters = STANDARD.encode(text);
    let lines = letters.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap());
    lines.map(|line| format!("    {line}\n")).collect()
}

const CARRIERS: [Carrier; 9] = [
    Carrier { name: "config", wrap: str::to_owned, unwrap: |text| Some(text.to_owned()) },
    Carrier {
        name: "f.yaml",
        wrap: |text| format!("kind: ConfigMap\ndata:\n  config: |\n{}", indented(text, "    ")),
        unwrap: |text| {
            Some(dedented(between(text, "kind: ConfigMap\ndata:\n  config: |\n", "")?, "    "))
        },
    },
    Carrier {
        name: "f.json",
        wrap: |text| format!("{{\"data\": {{\"config\": {}}}}}\n", json_string(text)),
        unwrap: |text| {
            serde_json::from_str(between(text, "{\"data\": {\"config\": ", "}}\n")?).ok()
        },
    },
    Carrier {
        name: "f.yaml",
        wrap: |text| format!("data:\n  config: {}\n", json_string(text)),
        unwrap: |text| serde_json::from_str(between(text, "data:\n  config: ", "\n")?).ok(),
    },
    Carrier {
        name: "f.tf",
        wrap: |text| format!("locals {{\n  c = <<-EOT\n{}  EOT\n}}\n", indented(text, "    ")),
        unwrap: |text| {
            Some(dedented(between(text, "locals {\n  c = <<-EOT\n", "  EOT\n}\n")?, "    "))
        },
    },
    Carrier {
        name: "f.sh",
        wrap: |text| format!("cat > kubeconfig <<'EOF'\n{text}EOF\n"),
        unwrap: |text| Some(between(text, "cat > kubeconfig <<'EOF'\n", "EOF\n")?.to_owned()),
    },
    Carrier {
        name: "f.yaml",
        wrap: |text| format!("kind: Secret\ndata:\n  config: {}\n", STANDARD.encode(text)),
        unwrap: |text| from_base64(between(text, "kind: Secret\ndata:\n  config: ", "\n")?),
    },
    Carrier {
        name: "f.yaml",
        wrap: |text| format!("kind: Secret\ndata:\n  config: |\n{}", wrapped(text)),
        unwrap: |text| from_base64(between(text, "kind: Secret\ndata:\n  config: |\n", "")?),
    },
    Carrier {
        name: "f.md",
        wrap: |text| format!("# Example\n\n```yaml\n{text}```\n"),
        unwrap: |text| Some(between(text, "# Example\n\n```yaml\n", "```\n")?.to_owned()),
    },
];

/// What kubectl decodes from the first document; `None` where it decodes nothing.
fn decode(text: &str) -> Option<Value> {
    let tree = yaml::parse(text);
    let view = View { tree: &tree, text };
    let first = tree.documents.first().filter(|document| document.error.is_none())?;
    let root = first.root?;
    document::check(view, root).ok()?;
    serde_json::from_str(&json::to_json(view, root)).ok()
}

/// A text without the versions in it.
fn without_versions(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            let words = ["v1betha1", "v1apha1", "v1alpha1", "v1beta1", "v2", "v1", " "];
            words.iter().fold(text.replace(GROUP, ""), |text, word| text.replace(word, "")).into()
        }
        Value::Array(items) => items.iter().map(without_versions).collect(),
        Value::Object(pairs) => {
            pairs.iter().map(|(key, value)| (key.clone(), without_versions(value))).collect()
        }
        other => other.clone(),
    }
}

/// The users of a kubeconfig by name, and all the rest of it that somebody reads.
fn parts(config: &Value) -> (Vec<(String, Value)>, Value) {
    let mut rest = config.clone();
    if let Some(pairs) = rest.as_object_mut() {
        pairs.retain(|key, _| !(key.starts_with('x') || key == "users"));
    }
    let users = config.get("users").and_then(Value::as_array).cloned().unwrap_or_default();
    let name = |user: &Value| user.get("name").and_then(Value::as_str).unwrap_or("").to_owned();
    (users.into_iter().map(|user| (name(&user), user)).collect(), rest)
}

/// What is different and should not be: of each user whom a chosen finding is about only the version,
/// its copies and a mode that was not there.
fn stray(before: &Value, after: &Value, chosen: &HashSet<(String, bool)>) -> Option<String> {
    let ((old, old_rest), (new, new_rest)) = (parts(before), parts(after));
    if old_rest != new_rest || old.len() != new.len() {
        return Some(format!("{old_rest}\n{new_rest}"));
    }
    for ((name, was), (_, is)) in old.iter().zip(&new) {
        let is_chosen = |version| chosen.contains(&(name.clone(), version));
        let (mut was, mut is) = (was.clone(), is.clone());
        let exec = |user: &mut Value, take: &str| {
            user.pointer_mut("/user/exec").and_then(Value::as_object_mut)?.remove(take)
        };
        if is_chosen(true) {
            for value in [&mut was, &mut is] {
                exec(value, "apiVersion");
                *value = without_versions(value);
            }
        }
        if (is_chosen(true) || is_chosen(false))
            && was.pointer("/user/exec/interactiveMode").is_none_or(Value::is_null)
            && is.pointer("/user/exec/interactiveMode").is_some_and(|mode| mode == "IfAvailable")
        {
            exec(&mut was, "interactiveMode");
            exec(&mut is, "interactiveMode");
        }
        if was != is {
            return Some(format!("{was}\n{is}"));
        }
    }
    None
}

/// Rules at random, at times none.
fn some_rules(random: &mut Random) -> Vec<&'static Rule> {
    const NAMES: [&str; 6] = [
        "removed-api-version",
        "unknown-api-version",
        "missing-api-version",
        "missing-interactive-mode",
        "plugin-api-version",
        "inconsistent-api-version",
    ];
    let names: Vec<&str> = NAMES.into_iter().filter(|_| random.one_in(2)).collect();
    RULES.iter().filter(|rule| names.contains(&rule.name)).copied().collect()
}

/// With comments that silence rules for what is below them, at random.
fn commented(random: &mut Random, text: &str) -> String {
    let mut made = String::new();
    for line in text.split_inclusive('\n') {
        let rest = line.trim_start();
        let is_place = rest.starts_with("apiVersion: client") || rest.starts_with("exec:");
        if is_place && random.one_in(3) {
            let indent = &line[..line.len() - rest.len()];
            let rule = random.pick(&["removed-api-version", "missing-interactive-mode"]);
            made.push_str(&format!("{indent}# kubeconfig-lint: ignore[{rule}] kept\n"));
        }
        made.push_str(line);
    }
    made
}

/// `CHOSEN_CASES` sets how many, `CHOSEN_SEED` which.
#[test]
fn nothing_changes_but_what_was_chosen() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let cases = number("CHOSEN_CASES").unwrap_or(800);
    let mut random = Random(number("CHOSEN_SEED").unwrap_or(5) as u64);
    let (mut compared, mut changed, mut left) = (0, 0, 0);
    for _ in 0..cases {
        let mut inner = match random.below(3) {
            0 => kubeconfig(&mut random),
            _ => shared(&mut random),
        };
        if random.one_in(4) {
            inner = mutated(&mut random, &inner);
        }
        if random.one_in(3) {
            inner = commented(&mut random, &inner);
        }
        let depth = 1 + random.below(2);
        let carriers: Vec<&Carrier> =
            (0..depth).map(|_| &CARRIERS[random.below(CARRIERS.len())]).collect();
        let text = carriers.iter().fold(inner.clone(), |text, carrier| (carrier.wrap)(&text));
        let name = carriers.last().map_or("config", |carrier| carrier.name);
        let unwrap = |text: &str| {
            let mut carriers = carriers.iter().rev();
            carriers.try_fold(text.to_owned(), |text, carrier| (carrier.unwrap)(&text))
        };
        let mut options = Options::default();
        match random.below(3) {
            0 => options.select = some_rules(&mut random),
            1 => options.ignore = some_rules(&mut random),
            _ => {}
        }
        let source = Source::new(name, text.clone().into_bytes());
        let findings = lint(&source, &options).findings;
        let is_in_baseline: Vec<bool> = findings.iter().map(|_| random.one_in(4)).collect();
        let (known, rest): (Vec<_>, Vec<_>) =
            findings.into_iter().zip(is_in_baseline).partition(|(_, is_known)| *is_known);
        let known = known.into_iter().map(|(f, _)| Suppressed::new(f, Suppression::Baseline));
        let known: Vec<Suppressed> = known.collect();
        let least = random.pick(&[&[Applicability::Safe][..], &[Applicability::Unsafe]])[0];
        // What cannot be fixed now may be once another fix is made.
        let is_chosen = |(finding, _): &&(Finding, bool)| {
            finding.is_fixable(least) || (finding.remedy.is_some() && finding.user.is_some())
        };
        // Which users, and whether their versions or only their modes are to change.
        let chosen: HashSet<(String, bool)> = rest
            .iter()
            .filter(is_chosen)
            .map(|(finding, _)| {
                let version = finding.remedy != Some(Remedy::InteractiveMode)
                    || finding.fix.as_ref().is_some_and(|fix| !fix.message.starts_with("add"));
                (finding.user.clone().unwrap_or_default(), version)
            })
            .collect();
        let Some(fixed) = apply::fix(&source, &options, least, &known) else {
            left += 1;
            continue;
        };
        changed += 1;
        // Whom it is about is not known of what is found by pattern.
        if chosen.iter().any(|(user, _)| user.is_empty()) {
            continue;
        }
        let after = unwrap(fixed.source.text());
        let (Some(old), Some(new)) = (decode(&inner), after.as_deref().and_then(decode)) else {
            continue;
        };
        compared += 1;
        let stray = stray(&old, &new, &chosen);
        assert!(
            stray.is_none(),
            "{}\n{chosen:?}\n{name}: {inner}\n---\n{}",
            stray.unwrap(),
            after.unwrap()
        );
    }
    println!("{cases} cases: {changed} changed, {compared} of them compared, {left} left");
    assert!(compared > cases / 4, "only {compared} of {cases} compared");
}
