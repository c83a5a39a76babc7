//! Terraform, OpenTofu and Terragrunt: `exec` blocks and attributes at any depth, what
//! `yamlencode` and `jsonencode` write, module inputs, variables and their defaults, heredocs.
//!
//! Source: the schemas of the providers hashicorp/kubernetes, hashicorp/helm,
//! gavinbunney/kubectl, alekc/kubectl and fluxcd/flux, and of the backend `kubernetes`.

use super::exec_config::{self, Syntax, Walk};
use super::{Carrier, Input, Reading};
use crate::decode::fields::View;
use crate::kubernetes::api_versions::GROUP;
use crate::model::{Consumer, EntryKind, Evidence, ExecEntry, Spanned, Subject};
use crate::needle::Occurrence;
use crate::syntax::hcl::BLOCK;
use crate::syntax::node::{NodeId, NodeKind};

mod providers;

pub(super) static CARRIER: Carrier = Carrier { name: "terraform", read };

fn read(input: &Input<'_>) -> Reading {
    let Some(view) = input.hcl() else { return Reading::default() };
    let mut reading = Walk::new(input, view, Syntax::Hcl).read();
    reading.references = references(input);
    reading.references.extend(providers::with_v1(view));
    let known: Vec<&String> = input.references.iter().chain(&reading.references).collect();
    if !known.is_empty() {
        let is_known = |reference: &str| known.iter().any(|known| *known == reference);
        let entries = halves(view, is_known).chain(providers::too_old(view, is_known));
        reading.subjects.extend(entries.map(|entry| Subject::ExecEntry(Box::new(entry))));
    }
    reading
}

/// The references that end an exec API version, wherever it stands in the text, comments aside:
/// `client.authentication.k8s.io/${var.version}`.
fn references(input: &Input<'_>) -> Vec<String> {
    let text = input.source.text();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let reference = |occurrence: &Occurrence| {
        let at = occurrence.span.start;
        let rest = text.get(at..)?.strip_prefix(GROUP)?.strip_prefix("/${")?.trim_start();
        let length = rest.find(|c| !is_name(c))?;
        let (name, rest) = rest.split_at(length);
        let is_whole = rest.trim_start().starts_with('}');
        let is_reference = name.starts_with("var.") || name.starts_with("local.");
        let is_one = is_whole && is_reference && !input.comments().hold(text, at);
        is_one.then(|| name.to_owned())
    };
    input.occurrences.iter().filter_map(reference).collect()
}

/// The versions that the variables and locals that `is_known` names hold without their group.
fn halves<'a>(
    view: View<'a>,
    is_known: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = ExecEntry> + 'a {
    let root = view.tree.documents.first().and_then(|document| document.root);
    let blocks = root.map_or(&[][..], |root| view.tree.pairs(root));
    let text_of = move |id: NodeId| view.tree.scalar(id, view.text);
    let values = blocks.iter().flat_map(move |&(key, block)| {
        let labels = view.tree.node(block).tag.as_deref().and_then(|tag| tag.strip_prefix(BLOCK));
        let (kind, label) = (text_of(key).unwrap_or(""), labels.unwrap_or("").trim());
        view.tree.pairs(block).iter().filter_map(move |&(name, value)| {
            let name = text_of(name)?;
            let reference = match kind {
                "variable" if name == "default" => format!("var.{label}"),
                "locals" => format!("local.{name}"),
                _ => return None,
            };
            Some((reference, value))
        })
    });
    let known = values.filter(move |(reference, _)| is_known(reference));
    known.filter_map(move |(_, value)| {
        let node = view.tree.node(value);
        let is_quoted = matches!(node.kind, NodeKind::Scalar { implicit: false, .. });
        let word = text_of(value).filter(|_| is_quoted)?;
        let is_number = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        let is_version = word.strip_prefix('v').is_some_and(is_number)
            && word.chars().all(|c| c.is_ascii_alphanumeric());
        let version = Spanned { value: format!("{GROUP}/{word}"), span: node.span, alias: None };
        let setting = || exec_config::setting(version, Consumer::Terraform, Evidence::Parsed);
        is_version.then(|| ExecEntry { kind: EntryKind::Word, ..setting() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    #[test]
    fn references_are_found_wherever_they_stand() {
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
            assert_eq!(references(&Input::new(&source)), expected, "{text}");
        }
    }
}
