//! Checks that `--fix` changes only what was chosen: files with anchors, merge keys and
//! placeholders, embedded in texts of all kinds, under random rules, ignore comments and baselines.
//! Every changed text is compared by its edits; text that can be decoded is also compared decoded,
//! before and after.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kubeconfig_lint::Finding;
use kubeconfig_lint::RULES;
use kubeconfig_lint::Rule;
use kubeconfig_lint::internals;
use kubeconfig_lint::internals::ScalarValue;
use kubeconfig_lint::internals::View;
use kubeconfig_lint::internals::api_versions::{V1, V1BETA1};
use kubeconfig_lint::internals::yaml;
use kubeconfig_lint::internals::{NodeId, NodeKind};
use kubeconfig_lint::{Applicability, Remedy};
use kubeconfig_lint::{Options, Source, lint};
use kubeconfig_lint::{Suppressed, Suppression};

use super::GROUP;
use super::allowed::{self, Part, Request, parts};
use super::edits::edits;
use super::generator::{COMMANDS, Random, VERSIONS, kubeconfig, mutated};

use serde_json::Value;

/// Generates a kubeconfig whose users share everything that can be shared.
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
        if random.one_in(12) {
            let misspelled =
                |line: &mut String| *line = line.replacen("apiVersion", "apiversion", 1);
            lines.iter_mut().for_each(misspelled);
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

/// A way to embed a text in another, and to extract it again.
struct Carrier {
    name: &'static str,
    is_base64: bool,
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

const CARRIERS: [Carrier; 12] = [
    Carrier {
        name: "config",
        is_base64: false,
        wrap: str::to_owned,
        unwrap: |text| Some(text.to_owned()),
    },
    Carrier {
        name: "f.yaml",
        is_base64: false,
        wrap: |text| format!("kind: ConfigMap\ndata:\n  config: |\n{}", indented(text, "    ")),
        unwrap: |text| {
            Some(dedented(between(text, "kind: ConfigMap\ndata:\n  config: |\n", "")?, "    "))
        },
    },
    Carrier {
        name: "f.json",
        is_base64: false,
        wrap: |text| format!("{{\"data\": {{\"config\": {}}}}}\n", json_string(text)),
        unwrap: |text| {
            serde_json::from_str(between(text, "{\"data\": {\"config\": ", "}}\n")?).ok()
        },
    },
    Carrier {
        name: "f.yaml",
        is_base64: false,
        wrap: |text| format!("data:\n  config: {}\n", json_string(text)),
        unwrap: |text| serde_json::from_str(between(text, "data:\n  config: ", "\n")?).ok(),
    },
    Carrier {
        name: "f.tf",
        is_base64: false,
        wrap: |text| format!("locals {{\n  c = <<-EOT\n{}  EOT\n}}\n", indented(text, "    ")),
        unwrap: |text| {
            Some(dedented(between(text, "locals {\n  c = <<-EOT\n", "  EOT\n}\n")?, "    "))
        },
    },
    Carrier {
        name: "f.sh",
        is_base64: false,
        wrap: |text| format!("cat > kubeconfig <<'EOF'\n{text}EOF\n"),
        unwrap: |text| Some(between(text, "cat > kubeconfig <<'EOF'\n", "EOF\n")?.to_owned()),
    },
    Carrier {
        name: "f.yaml",
        is_base64: true,
        wrap: |text| format!("kind: Secret\ndata:\n  config: {}\n", STANDARD.encode(text)),
        unwrap: |text| from_base64(between(text, "kind: Secret\ndata:\n  config: ", "\n")?),
    },
    Carrier {
        name: "f.yaml",
        is_base64: true,
        wrap: |text| format!("kind: Secret\ndata:\n  config: |\n{}", wrapped(text)),
        unwrap: |text| from_base64(between(text, "kind: Secret\ndata:\n  config: |\n", "")?),
    },
    Carrier {
        name: "f.md",
        is_base64: false,
        wrap: |text| format!("# Example\n\n```yaml\n{text}```\n"),
        unwrap: |text| Some(between(text, "# Example\n\n```yaml\n", "```\n")?.to_owned()),
    },
    Carrier {
        name: "f.tf",
        is_base64: false,
        wrap: |text| format!("locals {{\n  c = {}\n}}\n", json_string(text)),
        unwrap: |text| serde_json::from_str(between(text, "locals {\n  c = ", "\n}\n")?).ok(),
    },
    Carrier {
        name: "f.md",
        is_base64: false,
        wrap: |text| format!("> ```\n{}> ```\n", indented(text, "> ")),
        unwrap: |text| Some(dedented(between(text, "> ```\n", "> ```\n")?, "> ")),
    },
    Carrier {
        name: "f.yaml",
        is_base64: false,
        wrap: |text| format!("{{{{ if .x }}}}\n{text}{{{{ end }}}}\n"),
        unwrap: |text| Some(between(text, "{{ if .x }}\n", "{{ end }}\n")?.to_owned()),
    },
];

/// Returns what kubectl decodes from the first document; `None` if it decodes nothing.
fn decode(text: &str) -> Option<Value> {
    let tree = yaml::parse(text);
    let view = View { tree: &tree, text };
    let first = tree.documents.first().filter(|document| document.error.is_none())?;
    let root = first.root?;
    internals::check(view, root).ok()?;
    Some(value_of(view, root))
}

/// Returns a node as kubectl decodes it, with numbers as they are written.
fn value_of(view: View<'_>, id: NodeId) -> Value {
    let id = view.tree.resolve(id).0;
    match view.tree.node(id).kind {
        NodeKind::Sequence(_) => {
            view.tree.items(id).iter().map(|&item| value_of(view, item)).collect()
        }
        NodeKind::Mapping(_) => {
            let fields = view.fields(id, None).into_iter();
            fields.map(|(key, field)| (key, value_of(view, field.value))).collect()
        }
        _ => match view.scalar(id) {
            Some(ScalarValue::Null) | None => Value::Null,
            Some(ScalarValue::Bool(value)) => value.into(),
            Some(ScalarValue::Str(text)) => text.into(),
            Some(_) => view.tree.scalar(id, view.text).into(),
        },
    }
}

/// Removes the versions from all strings.
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

/// Returns the users of a kubeconfig by name, and everything else that has a reader.
fn users_and_rest(config: &Value) -> (Vec<(String, Value)>, Value) {
    let mut rest = config.clone();
    if let Some(pairs) = rest.as_object_mut() {
        pairs.retain(|key, _| !(key.starts_with('x') || key == "users"));
    }
    let users = config.get("users").and_then(Value::as_array).cloned().unwrap_or_default();
    let name = |user: &Value| user.get("name").and_then(Value::as_str).unwrap_or("").to_owned();
    (users.into_iter().map(|user| (name(&user), user)).collect(), rest)
}

/// Returns a difference that should not exist. For each user of a chosen finding, only the version,
/// its copies and an added mode may differ.
fn stray(before: &Value, after: &Value, chosen: &HashSet<(String, bool)>) -> Option<String> {
    let ((old, old_rest), (new, new_rest)) = (users_and_rest(before), users_and_rest(after));
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
                exec(value, "apiversion");
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

/// Picks random rules, sometimes none.
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

/// Adds comments, at random, that suppress rules for what is below them.
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

/// Returns the numbers of the parts of the innermost text that a finding may be in: those at its
/// place, and the one with the alias that leads there.
///
/// `texts` are the innermost text and those around it; the carrier with the same index made each.
fn near(
    finding: &Finding,
    carriers: &[&Carrier],
    texts: &[String],
    parts: &[Part],
) -> HashSet<usize> {
    let all = || (0..parts.len()).collect();
    let base64 = carriers.iter().position(|carrier| carrier.is_base64);
    let depth = base64.unwrap_or(carriers.len());
    // In base64, only the line is known.
    let places = match base64 {
        None => [Some(finding.primary.span), finding.alias].map(|span| Some(span?.range())),
        Some(depth) => {
            let message = finding.message.to_string();
            let line = message.split("(line ").nth(1);
            let line = line.and_then(|rest| rest.split(' ').next()?.parse::<usize>().ok());
            let Some(line) = line else { return all() };
            let mut lines = texts[depth].split_inclusive('\n');
            let start = lines.by_ref().take(line - 1).map(str::len).sum();
            [Some(start..start + lines.next().map_or(0, str::len)), None]
        }
    };
    let starts = parts.iter().map(|part| {
        let (before, after) = texts[0].split_at(part.range.start);
        let marked = format!("{before}\u{1}{after}");
        let marked = carriers[..depth].iter().fold(marked, |text, carrier| (carrier.wrap)(&text));
        let same = marked.bytes().zip(texts[depth].bytes()).take_while(|(a, b)| a == b);
        same.count()
    });
    let starts: Vec<usize> = starts.collect();
    let at = |place: Range<usize>| {
        let first = starts.iter().rposition(|start| *start <= place.start).unwrap_or(0);
        let is_near = |at: &usize| *at == first || (*at > first && starts[*at] < place.end);
        (0..starts.len()).filter(is_near).collect::<Vec<_>>()
    };
    places.into_iter().flatten().flat_map(at).collect()
}

/// Formats a finding as a line.
fn brief(finding: &Finding) -> String {
    let Finding { primary, user, alias, fix, .. } = finding;
    let fix = fix.as_ref().map(|fix| &fix.message);
    let remedy = finding.remedy.map(|remedy| format!("{remedy:?}"));
    format!(
        "{}: {}, {user:?}, {:?}, {alias:?}, {remedy:?}, {fix:?}",
        finding.rule.name, finding.message, primary.span
    )
}

/// `SELECTION_CASES` sets the number of cases, `SELECTION_SEED` the seed.
#[test]
fn fix_changes_only_what_was_selected() {
    let number = |name: &str| std::env::var(name).ok().and_then(|n| n.parse().ok());
    let cases = number("SELECTION_CASES").unwrap_or(800);
    let seed = number("SELECTION_SEED").unwrap_or(5);
    let mut random = Random(seed as u64);
    let (mut changed, mut edited, mut compared, mut left) = (0, 0, 0, 0);
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
        let mut texts = vec![inner];
        for carrier in &carriers {
            texts.push((carrier.wrap)(&texts[texts.len() - 1]));
        }
        let (inner, text) = (&texts[0], &texts[carriers.len()]);
        let name = carriers.last().map_or("config", |carrier| carrier.name);
        let mut options = Options::default();
        match random.below(3) {
            0 => options.select = some_rules(&mut random),
            1 => options.ignore = some_rules(&mut random),
            _ => {}
        }
        if random.one_in(4) {
            options.fix_to = Some(random.pick(&[&V1, &V1BETA1]));
        }
        let source = Source::new(name, text.clone().into_bytes());
        let mut linted = lint(&source, &options);
        let findings = std::mem::take(&mut linted.findings);
        // The baseline does not distinguish findings in one base64 that name the same values.
        let mut decided = HashMap::new();
        let (known, chosen): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| {
            let place = finding.primary.span.start();
            let values = (finding.command.clone(), finding.api_version.clone());
            let same = (finding.rule.name, finding.user.clone(), values, place);
            *decided.entry(same).or_insert_with(|| random.one_in(4))
        });
        let known = known.into_iter().map(|f| Suppressed::new(f, Suppression::Baseline));
        linted.suppressed.extend(known);
        linted.findings.clone_from(&chosen);
        let least = random.pick(&[&[Applicability::Safe][..], &[Applicability::Unsafe]])[0];
        let Some(fixed) = kubeconfig_lint::fix(&source, &linted, &options, least) else {
            left += 1;
            continue;
        };
        changed += 1;
        let describe = |after: &str| {
            let chosen: Vec<_> = chosen.iter().map(brief).collect();
            format!("{name}, seed {seed}\n{}\n{inner}\n---\n{after}", chosen.join("\n"))
        };
        // Everything around the kubeconfig is unchanged.
        let after = fixed.source.text();
        let mut unwrapped = carriers.iter().rev();
        let is = unwrapped.try_fold(after.to_owned(), |text, carrier| (carrier.unwrap)(&text));
        let is = is.unwrap_or_else(|| panic!("{}", describe(after)));
        let again = carriers.iter().fold(is.clone(), |text, carrier| (carrier.wrap)(&text));
        assert_eq!(again, after, "{}", describe(&is));

        // Without decoding: a chosen finding asks for each edit.
        let (old, new) = (decode(inner), decode(&is));
        let parts = parts(inner);
        let fix_to = options.fix_to.map(|version| version.version);
        let requests = chosen.iter().filter_map(|finding| {
            Request::of(
                finding,
                &parts,
                near(finding, &carriers, &texts, &parts),
                old.is_some(),
                fix_to,
            )
        });
        let requests: Vec<Request> = requests.collect();
        let edits = edits(inner, &is).unwrap_or_else(|stray| panic!("{stray}\n{}", describe(&is)));
        let unasked = allowed::stray(inner, &parts, &edits, &requests);
        assert!(unasked.is_none(), "{}\n{edits:?}\n{}", unasked.unwrap(), describe(&is));
        assert!(!edits.is_empty(), "{}", describe(&is));
        edited += edits.len();

        // Decoded, with aliases and merge keys resolved: each user is otherwise unchanged.
        assert_eq!(old.is_some(), new.is_some(), "{}", describe(&is));
        let (Some(old), Some(new)) = (old, new) else { continue };
        let is_known = |finding: &Finding| finding.remedy.is_none() || finding.user.is_some();
        if !chosen.iter().all(is_known) {
            continue;
        }
        compared += 1;
        let users = chosen.iter().filter_map(|finding| {
            let is_version =
                finding.remedy? != Remedy::InteractiveMode || fix_to == Some("v1beta1");
            Some((finding.user.as_deref()?.to_owned(), is_version))
        });
        let stray = stray(&old, &new, &users.collect());
        assert!(stray.is_none(), "{}\n{}", stray.unwrap(), describe(&is));
    }
    println!(
        "{cases} cases: {left} left alone, {changed} changed; {edited} edits, all of them asked \
         for; {compared} compared as decoded"
    );
    assert!(changed > cases / 4 && compared > cases / 5, "{changed} changed, {compared} compared");
}
