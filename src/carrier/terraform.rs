//! Terraform, OpenTofu and Terragrunt: `exec` blocks and attributes at any depth, the arguments of
//! `yamlencode` and `jsonencode`, module inputs, variables and their defaults, and heredocs.
//!
//! Source: the schemas of the providers hashicorp/kubernetes, hashicorp/helm, gavinbunney/kubectl,
//! alekc/kubectl and fluxcd/flux, and of the backend `kubernetes`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use memchr::memmem;

use crate::api_group::{self, Occurrence};
use crate::kubectl::decode::view::{Fields, View};
use crate::kubernetes::api_versions::GROUP;
use crate::language;
use crate::model::{
    Consumer, EntryKind, Evidence, ExecConfig, ExecEntry, Subject, TerraformReader,
};
use crate::role::Role;
use crate::syntax::hcl::MAX_DEPTH;
use crate::syntax::node::{Fault, NodeId, NodeKind, SyntaxError};
use crate::text::placeholder;
use crate::text::source::{Source, Span, Spanned};

use super::exec_config::{self, ExecConfigReader, Syntax};
use super::input::{Input, TextContext};
use super::vocabulary::{self, is_api_version};
use super::{Carrier, Reading, Reference};

mod providers;

pub(super) static CARRIER: Carrier =
    Carrier { is_named: language::is_hcl, is_promising, ..Carrier::new("terraform", read) };

/// Returns whether the bytes may hold an exec config whose version is elsewhere.
fn is_promising(bytes: &[u8]) -> bool {
    let has = |word: &str| memmem::find(bytes, word.as_bytes()).is_some();
    ["api_version", "apiVersion", "apiversion"].into_iter().any(has)
        && has("exec")
        && has("command")
}

fn read<'a>(input: &'a Input<'_>) -> Reading<'a> {
    let Some(view) = input.hcl() else { return Reading::default() };
    let reader = ExecConfigReader::new(input, view, Syntax::Hcl);
    let (mut entries, mut users) = (Vec::new(), Vec::new());
    for found in outsourced(&reader, view) {
        let entry = || Subject::ExecEntry(Box::new(found.entry.clone()));
        entries.extend(found.is_exec_config(view).then(entry));
        users.extend(User::of(found));
    }
    let mut reading = reader.read();
    reading.subjects.append(&mut entries);
    let is_too_deep = |error: &SyntaxError| error.fault == Fault::HclDepth;
    let mut errors = view.tree.documents.iter().filter_map(|document| document.error.as_deref());
    let limit = || format!("HCL nested deeper than {MAX_DEPTH} is only searched");
    reading.limits.extend(errors.any(is_too_deep).then(limit));
    reading.references = ends(input);
    reading.references.extend(providers::with_v1(view));
    reading.references.extend(users.iter().filter_map(|User { reference, exec, .. }| {
        let command = exec.command.iter().map(|command| command.value.clone());
        let args = exec.args.iter().map(|arg| arg.value.clone());
        let command_line = Some(command.chain(args).collect());
        exec.command.is_some().then(|| Reference { name: Arc::clone(reference), command_line })
    }));
    let ends = input.references.iter().chain(&reading.references);
    let ends = ends.filter(|reference| reference.command_line.is_none());
    let ends: HashSet<&str> = ends.map(|reference| &*reference.name).collect();
    let is_end = |name: &str| ends.contains(name);
    let entries = halves(view, is_end).chain(providers::too_old(view, is_end));
    reading.subjects.extend(entries.map(|entry| Subject::ExecEntry(Box::new(entry))));
    let elsewhere = input.references.iter().filter_map(|reference| {
        let exec = exec_of(reference.command_line.as_ref()?);
        let reference = Arc::clone(&reference.name);
        Some(User { reference, exec: Box::new(exec), consumer: None })
    });
    let users = users.into_iter().chain(elsewhere);
    reading.declared = give_users(&mut reading.subjects, view, users, &input.settled);
    reading
}

/// An exec config that takes its version, or the end of its version, from a variable or a local.
struct User {
    /// `var.NAME` or `local.NAME`.
    reference: Arc<str>,
    exec: Box<ExecConfig>,
    /// The program that reads the exec config; `None` if the exec config is in another file.
    consumer: Option<Consumer>,
}

impl User {
    /// Returns the exec config if its version comes from one variable or local.
    fn of(found: Outsourced) -> Option<Self> {
        let Outsourced { reference, entry } = found;
        let (reference, consumer) = (reference?, Some(entry.consumer));
        Some(Self { reference, exec: Box::new(entry.exec), consumer })
    }
}

/// An exec config whose version is not spelled out in it.
struct Outsourced {
    /// `var.NAME` or `local.NAME`, if the version, or its end, is one of these alone.
    reference: Option<Arc<str>>,
    entry: ExecEntry,
}

impl Outsourced {
    /// Returns whether the keys show an exec config: the value of `api_version` does not.
    fn is_exec_config(&self, view: View<'_>) -> bool {
        let exec = &self.entry.exec;
        let key = view.text.get(exec.key.range()).map(vocabulary::letters);
        // `dynamic "exec" { content { … } }`
        let is_named = || key.is_some_and(|key| key.contains("exec") || key == "content");
        let has_command =
            exec.command.as_ref().is_some_and(|command| is_spelled_out(&command.value));
        has_command && (exec.is_version_set_elsewhere || is_named())
    }
}

/// Returns whether a command is more than a reference to one. An exec config that spells out
/// neither its version nor its command is elsewhere.
fn is_spelled_out(command: &str) -> bool {
    const VALUES: [&str; 8] =
        ["var.", "local.", "module.", "data.", "each.", "exec.", "self.", "path."];
    let is_of_reference = |c: char| c.is_alphanumeric() || "_-.[]\"*".contains(c);
    let name = named_value(command);
    let is_value = VALUES.into_iter().any(|value| name.starts_with(value));
    !(is_value && name.chars().all(is_of_reference))
}

/// Strips `${…}` around an expression.
fn named_value(expression: &str) -> &str {
    let expression = expression.trim();
    let inner = expression.strip_prefix("${").and_then(|inner| inner.strip_suffix('}'));
    inner.unwrap_or(expression).trim()
}

/// Returns the mappings of this file whose API version is an expression, or a string without the
/// group.
fn outsourced<'a>(
    reader: &'a ExecConfigReader<'_>,
    view: View<'a>,
) -> impl Iterator<Item = Outsourced> + 'a {
    let text_of = move |id: NodeId| view.tree.scalar(id, view.text);
    view.tree.ids().filter_map(move |map| {
        let is_version = |(key, _): &&(NodeId, NodeId)| text_of(*key).is_some_and(is_api_version);
        // HCL allows each attribute once.
        let &(key, value) = view.tree.pairs(map).iter().rfind(is_version)?;
        let span = view.tree.node(value).span;
        let text = text_of(value).or_else(|| view.text.get(span.range()))?;
        let end = text.strip_prefix(GROUP).and_then(|rest| rest.strip_prefix('/'));
        let name = named_value(end.unwrap_or(text));
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let is_reference = name.starts_with("var.") || name.starts_with("local.");
        let reference = (is_reference && name.chars().all(is_name)).then(|| Arc::from(name));
        // The versions in an expression are read where they are.
        if reference.is_none() && api_group::is_in(text) {
            return None;
        }
        let is_quoted =
            matches!(view.tree.node(value).kind, NodeKind::Scalar { implicit: false, .. });
        let is_literal = is_quoted && !placeholder::is_in(text);
        // An expression means the same alone and in a string.
        let value = if is_quoted { text.to_owned() } else { format!("${{{text}}}") };
        let version = Spanned { value, span, alias: None };
        let mut entry = reader.exec_config(map, key, version);
        if !is_literal {
            entry.exec.api_version = None;
            entry.exec.is_version_set_elsewhere = true;
        }
        Some(Outsourced { reference, entry })
    })
}

/// Returns an exec config of another file; only its command line is known.
fn exec_of(command_line: &[String]) -> ExecConfig {
    let mut words = command_line.iter().map(|word| Spanned {
        value: word.clone(),
        span: Span::default(),
        alias: None,
    });
    ExecConfig { command: words.next(), args: words.collect(), ..ExecConfig::default() }
}

/// Records, in each entry that is the value of a variable or a local, the exec configs that take
/// their version from it. Returns the names of the variables and locals with such entries.
fn give_users(
    subjects: &mut [Subject],
    view: View<'_>,
    users: impl Iterator<Item = User>,
    settled: &BTreeSet<String>,
) -> Vec<String> {
    let mut declared = HashSet::new();
    let names: HashMap<Span, String> =
        values(view).map(|(name, value, _)| (view.tree.node(value).span, name)).collect();
    // Each exec config moves to the entry that has it: there may be very many.
    type Moved = (Option<Consumer>, Option<Box<ExecConfig>>);
    let mut by_name: HashMap<Arc<str>, Vec<Moved>> = HashMap::new();
    for User { reference, exec, consumer } in users {
        by_name.entry(reference).or_default().push((consumer, Some(exec)));
    }
    for subject in subjects {
        let Subject::ExecEntry(entry) = subject else { continue };
        let place = entry.exec.api_version.as_ref().map(|version| version.span);
        let is_value = entry.kind == EntryKind::Setting;
        let Some(name) = place.and_then(|place| names.get(&place)).filter(|_| is_value) else {
            continue;
        };
        let own = by_name.get_mut(name.as_str()).map_or(&mut [][..], Vec::as_mut_slice);
        let mut consumers = own.iter().filter_map(|(consumer, _)| *consumer);
        let first = consumers.next();
        entry.consumer = match first {
            // Several providers may share a version.
            Some(Consumer::Terraform(_)) if consumers.any(|other| Some(other) != first) => {
                Consumer::Terraform(TerraformReader::Unknown)
            }
            first => first.unwrap_or_else(|| vocabulary::consumer_in_terraform(name)),
        };
        // Terraform refuses a second declaration, so that only the first has users.
        if declared.insert(name.clone()) {
            entry.users.reserve_exact(own.len());
            entry.users.extend(own.iter_mut().filter_map(|(_, exec)| Some(*exec.take()?)));
            entry.has_all_users = settled.contains(name);
        }
    }
    declared.into_iter().collect()
}

/// Returns those of the variables and locals that exec configs take their version from which count
/// themselves.
pub(crate) fn used<'n>(
    names: &'n [String],
    references: impl IntoIterator<Item = &'n Reference>,
) -> impl Iterator<Item = &'n String> {
    let counts = |reference: &&Reference| {
        let command = reference.command_line.as_deref().and_then(<[_]>::first);
        command.is_some_and(|command| is_spelled_out(command))
    };
    let used = references.into_iter().filter(counts);
    let used: HashSet<&str> = used.map(|reference| &*reference.name).collect();
    names.iter().filter(move |name| used.contains(name.as_str()))
}

/// Returns the references of other files of the module that concern this file: those to variables
/// and locals that it declares, and to providers that it requires.
pub(crate) fn declared_among<'r>(
    source: &Source,
    references: &'r BTreeSet<Reference>,
) -> Vec<&'r Reference> {
    const DECLARATIONS: [&str; 3] = ["variable", "locals", "required_providers"];
    let text = source.text();
    if !DECLARATIONS.into_iter().any(|word| text.contains(word)) {
        return Vec::new();
    }
    let input = Input::within(source, TextContext::of_file(source, Some(Role::Live)));
    let Some(view) = input.hcl() else { return Vec::new() };
    let names = values(view).map(|(name, ..)| name).chain(providers::required(view));
    let names: BTreeSet<String> = names.collect();
    let of_name = |name: String| {
        let name: Arc<str> = name.into();
        let first = Reference { name: Arc::clone(&name), command_line: None };
        references.range(first..).take_while(move |reference| reference.name == name)
    };
    names.into_iter().flat_map(of_name).collect()
}

/// Returns those of the variables and locals (`var.NAME`, `local.NAME`) that a file of the module uses
/// for anything but the version of an exec config whose command is known.
pub(crate) fn used_otherwise(source: &Source, names: &BTreeSet<String>) -> Vec<String> {
    let input = Input::within(source, TextContext::of_file(source, Some(Role::Live)));
    let mut known: HashMap<Arc<str>, usize> = HashMap::new();
    if let Some(view) = input.hcl() {
        let reader = ExecConfigReader::new(&input, view, Syntax::Hcl);
        let users = outsourced(&reader, view).filter_map(User::of);
        for user in users.filter(|user| user.exec.command.is_some()) {
            *known.entry(user.reference).or_default() += 1;
        }
    }
    let text = source.text();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let mut uses: HashMap<&str, usize> = HashMap::new();
    for prefix in ["var.", "local."] {
        for (at, _) in text.match_indices(prefix) {
            let before = text.get(..at).unwrap_or("");
            let rest = text.get(at + prefix.len()..).unwrap_or("");
            let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            let name = text.get(at..at + prefix.len() + length).unwrap_or("");
            let is_used = names.contains(name)
                && !before.ends_with(|c| is_name(c) || c == '.')
                && !input.comments().hold(text, at);
            if is_used {
                *uses.entry(name).or_default() += 1;
            }
        }
    }
    uses.retain(|name, uses| *uses > known.get(*name).copied().unwrap_or(0));
    uses.into_keys().map(str::to_owned).collect()
}

/// Returns the references at the end of an exec API version anywhere in the text, except in
/// comments: `client.authentication.k8s.io/${var.version}`.
fn ends(input: &Input<'_>) -> Vec<Reference> {
    let text = input.source.text();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let reference = |occurrence: &Occurrence| {
        let at = occurrence.span.start();
        let rest = text.get(at..)?.strip_prefix(GROUP)?.strip_prefix("/${")?.trim_start();
        let length = rest.find(|c| !is_name(c))?;
        let (name, rest) = rest.split_at(length);
        let is_whole = rest.trim_start().starts_with('}');
        let is_reference = name.starts_with("var.") || name.starts_with("local.");
        let is_one = is_whole && is_reference && !input.comments().hold(text, at);
        is_one.then(|| Reference { name: name.into(), command_line: None })
    };
    input.occurrences.iter().filter_map(reference).collect()
}

/// A block that is not in another.
struct Block<'a> {
    /// The type, such as `variable`.
    kind: &'a str,
    /// The first label; empty if there is none.
    label: &'a str,
    node: NodeId,
}

/// Returns the blocks of a file, not those in other blocks. An attribute of the file counts as one
/// without labels.
fn blocks<'a>(view: View<'a>) -> impl Iterator<Item = Block<'a>> {
    let root = view.tree.documents.first().and_then(|document| document.root);
    let pairs = root.map_or(&[][..], |root| view.tree.pairs(root)).iter();
    pairs.map(move |&(key, node)| {
        let is_block = matches!(view.tree.node(node).kind, NodeKind::Block(_));
        let label = view.tree.names(node).next().filter(|_| is_block);
        let label = label.map_or("", str::trim);
        Block { kind: view.tree.scalar(key, view.text).unwrap_or(""), label, node }
    })
}

/// Returns the values of the variables and locals, by `var.NAME` and `local.NAME`, with their
/// descriptions if they have one.
fn values<'a>(
    view: View<'a>,
) -> impl Iterator<Item = (String, NodeId, Option<Box<Spanned<String>>>)> + 'a {
    blocks(view).flat_map(move |Block { kind, label, node }| {
        let fields = if kind == "variable" { view.fields(node, None) } else { Fields::new() };
        view.tree.pairs(node).iter().filter_map(move |&(name, value)| {
            let name = view.tree.scalar(name, view.text)?;
            let reference = match kind {
                "variable" if name == "default" => format!("var.{label}"),
                "locals" => format!("local.{name}"),
                _ => return None,
            };
            Some((reference, value, exec_config::description(view, &fields, value)))
        })
    })
}

/// Returns the versions without a group in the variables and locals for which `is_known` returns
/// true.
fn halves<'a>(
    view: View<'a>,
    is_known: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = ExecEntry> + 'a {
    let text_of = move |id: NodeId| view.tree.scalar(id, view.text);
    let known = values(view).filter(move |(reference, ..)| is_known(reference));
    known.filter_map(move |(_, value, description)| {
        let node = view.tree.node(value);
        let is_quoted = matches!(node.kind, NodeKind::Scalar { implicit: false, .. });
        let word = text_of(value).filter(|_| is_quoted)?;
        let is_number = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        let is_version = word.strip_prefix('v').is_some_and(is_number)
            && word.chars().all(|c| c.is_ascii_alphanumeric());
        let version = Spanned { value: format!("{GROUP}/{word}"), span: node.span, alias: None };
        is_version.then(|| {
            let reader = Consumer::Terraform(TerraformReader::Unknown);
            let setting = exec_config::setting(version, reader, Evidence::Parsed);
            let exec = ExecConfig { description, has_group_elsewhere: true, ..setting.exec };
            ExecEntry { exec, ..setting }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_finds_references_in_strings_and_heredocs() {
        for (text, expected) in [
            ("a = \"client.authentication.k8s.io/${var.v}\"\n", &["var.v"][..]),
            ("a = \"x client.authentication.k8s.io/${ local.v } y\"\n", &["local.v"]),
            ("a = <<EOT\n  apiVersion: client.authentication.k8s.io/${var.v}\nEOT\n", &["var.v"]),
            ("a = \"client.authentication.k8s.io/${each.key}\"\n", &[]),
            ("a = \"client.authentication.k8s.io/${f(var.v)}\"\n", &[]),
            ("a = \"client.authentication.k8s.io/$${var.v}\"\n", &[]),
            ("# a = \"client.authentication.k8s.io/${var.v}\"\n", &[]),
            ("a = \"client.authentication.k8s.io/${var.v", &[]),
        ] {
            let source = Source::new("f.tf", text.into());
            let found = ends(&Input::new(&source));
            let names: Vec<&str> = found.iter().map(|found| &*found.name).collect();
            assert_eq!(names, expected, "{text}");
        }
    }

    #[test]
    fn read_copies_no_command_line_twice() {
        let count = 50;
        let variable =
            "variable \"v\" {\n  default = \"client.authentication.k8s.io/v1alpha1\"\n}\n";
        let exec = "x {\n  exec {\n    api_version = var.v\n    command = \"aws\"\n  }\n}\n";
        let same_key = "    api_version = var.v\n".repeat(count);
        let same_key = exec.replace("    api_version = var.v\n", &same_key);
        for (text, references, users) in [
            (variable.repeat(count) + exec, 1, 1),
            (variable.to_owned() + &exec.repeat(count), count, count),
            (variable.repeat(count) + &exec.repeat(count), count, count),
            (variable.to_owned() + &same_key, 1, 1),
        ] {
            let source = Source::new("f.tf", text.into());
            let input = Input::new(&source);
            let reading = read(&input);
            let given = reading.subjects.iter().map(|subject| match subject {
                Subject::ExecEntry(entry) => entry.users.len(),
                _ => 0,
            });
            assert_eq!((reading.references.len(), given.sum()), (references, users));
        }
    }
}
