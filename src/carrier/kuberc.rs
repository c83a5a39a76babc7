//! Kubercs: kubectl's own preferences, in YAML or JSON, which may hold a policy for credential
//! plugins.

use crate::kubectl::kuberc::decode::{self, MAX_DOCUMENTS};
use crate::kubernetes::kuberc::{GROUP, KIND};
use crate::language::Language;
use crate::model::{Preference, SkipReason, Subject};
use crate::syntax::template::Template;
use crate::text::placeholder::is_template;

use super::heuristics::TopKeys;
use super::input::Input;
use super::kubeconfig::TEMPLATE;
use super::{Carrier, Reading};

pub(super) static CARRIER: Carrier = Carrier::new("kuberc", read);

fn read<'a>(input: &'a Input<'_>) -> Reading<'a> {
    let text = input.source.text();
    let is_data = input.context.language == Language::Data && !input.is_too_dense;
    if !is_data || !text.contains(GROUP) {
        return Reading::default();
    }
    let kuberc = decode::read_parsed(input.source, Some(input.strict().tree));
    let limit = || format!("only the first {MAX_DOCUMENTS} documents are read as kubercs");
    let limits = kuberc.is_cut_off.then(limit).into_iter().collect();
    let mut ours = kuberc.documents.iter().filter(|document| is_kuberc(document, text)).peekable();
    if ours.peek().is_none() {
        return Reading { limits, ..Reading::default() };
    }
    if ours.any(|document| is_from_template(document, text)) {
        return Reading { skipped: Some(TEMPLATE.to_owned()), limits, ..Reading::default() };
    }
    Reading { subjects: vec![Subject::Kuberc(Box::new(kuberc))], limits, ..Reading::default() }
}

/// Returns whether a document is a kuberc, or clearly meant as one.
fn is_kuberc(document: &Preference, text: &str) -> bool {
    let is_ours = document.api_version.as_ref().is_some_and(|v| v.value.starts_with(GROUP));
    let is_kind = document.kind.as_ref().is_some_and(|kind| kind.value == KIND);
    let is_broken = document
        .skips
        .iter()
        .any(|skip| matches!(skip.reason, SkipReason::Undecodable(_) | SkipReason::JsonComment));
    let has_policy = !document.keys.is_empty();
    let is_certain = (is_ours && (is_kind || has_policy)) || (is_kind && has_policy);
    is_certain || (is_broken && looks_like_kuberc(document, text))
}

/// Returns whether a document that does not parse begins like a kuberc and has its keys. Prose and
/// scripts may contain a whole kuberc.
fn looks_like_kuberc(document: &Preference, text: &str) -> bool {
    let text = text.get(document.span.range()).unwrap_or("").trim_start_matches('\u{feff}');
    let top = TopKeys::of(text);
    top.has("apiVersion", GROUP) && top.has("kind", KIND)
}

/// Returns whether a template generates the document or its policy.
fn is_from_template(document: &Preference, text: &str) -> bool {
    let is_broken =
        document.skips.iter().any(|skip| matches!(skip.reason, SkipReason::Undecodable(_)));
    let entries = document.allowlist.iter().flat_map(|list| &list.entries);
    let plugins = entries.flat_map(|entry| [&entry.name, &entry.command]);
    let mut values = plugins.flatten().map(Box::as_ref).chain(&document.policy);
    (is_broken && Template::may_become_yaml(text.get(document.span.range()).unwrap_or("")))
        || values.any(|value| is_template(&value.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    /// Returns whether a text is recognized as a kuberc.
    fn is_taken(text: &str) -> bool {
        let source = Source::new("f", text.into());
        !read(&Input::new(&source)).subjects.is_empty()
    }

    const HEAD: &str = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n";

    #[test]
    fn is_kuberc_accepts_valid_and_broken_kubercs() {
        for text in [
            HEAD.to_owned(),
            format!("a: b\n---\n{HEAD}"),
            HEAD.replace("Preference", "Preferences\ncredentialPluginPolicy: DenyAll"),
            format!("{HEAD}x:\n\ta: b\n"),
            format!("{HEAD}credentialPluginPolicy: *x\n"),
            "{apiVersion: kubectl.config.k8s.io/v1, kind: Preference}".to_owned(),
            "{\"apiVersion\": \"kubectl.config.k8s.io/v1beta1\", // c\n\"kind\": \"Preference\"}"
                .to_owned(),
        ] {
            assert!(is_taken(&text), "{text}");
        }
    }

    #[test]
    fn is_kuberc_rejects_other_texts() {
        for text in [
            "see kubectl.config.k8s.io/v1beta1\n".to_owned(),
            format!("# Title\n\nWrite this:\n\n```yaml\n{HEAD}credentialPluginPolicy: x\n```\n"),
            format!("set -e\ncat > ~/.kube/kuberc <<EOF\n{HEAD}credentialPluginPolicy: x\nEOF\n"),
            format!("package x\n\nvar y = `\n{HEAD}credentialPluginPolicy: x\n`\n"),
            HEAD.replace("Preference", "Other"),
            format!("{HEAD}credentialPluginPolicy: {{{{ policy }}}}\n"),
            format!("{HEAD}credentialPluginPolicy: '{{{{ policy }}}}'\n"),
            "kubectl.config.k8s.io: [".to_owned(),
        ] {
            assert!(!is_taken(&text), "{text}");
        }
    }
}
