use crate::finding::Finding;
use crate::kubectl::kuberc::policy;
use crate::kubernetes::kuberc::{BEST_VERSION, POLICY_SINCE};
use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;
use crate::model::kubectl_message::KubectlMessage;
use crate::model::refusal::{Reason, TypeField};
use crate::model::{Evidence, Kuberc, PolicyKey, Preference, Skip, SkipReason, Subject};
use crate::rule::invalid_kubeconfig;
use crate::syntax::node::Fault;
use crate::text::message::{Message, message};
use crate::text::source::Span;

declare_rule! {
    /// Finds policies for credential plugins that a kuberc sets and kubectl ignores.
    ///
    /// ## Why
    ///
    /// If kubectl ignores the policy, every plugin may run, although the kuberc says otherwise.
    ///
    /// kubectl 1.35 and newer read `credentialPluginPolicy` and `credentialPluginAllowlist`, but
    /// only from a document whose `apiVersion` is `kubectl.config.k8s.io/v1beta1`. They use the
    /// first readable document of the file, and skip the others without a message. Broken YAML or
    /// JSON, another `apiVersion`, or a value of the wrong type anywhere in the document, such as
    /// `default: true` without quotes, makes a document unreadable. Only if the file has no readable
    /// document, they print a warning:
    ///
    /// ```text
    /// kuberc: no preferences loaded from FILE: no valid preferences found in FILE, use --v=5 to see details
    /// ```
    ///
    /// If the file is named with `--kuberc` or `KUBERC` and has no readable document, kubectl 1.35
    /// and newer stop with an error.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// apiVersion: kubectl.config.k8s.io/v1alpha1
    /// kind: Preference
    /// credentialPluginPolicy: DenyAll
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// apiVersion: kubectl.config.k8s.io/v1beta1
    /// kind: Preference
    /// credentialPluginPolicy: DenyAll
    /// ```
    "ignored-credential-plugin-policy": Warning,
    summary: "a credential plugin policy that kubectl ignores",
    since: "0.1.0",
    needs: File,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::Kuberc(kuberc) = subject else { return None };
    let written = kuberc.documents.iter().find_map(|document| {
        let key = document.keys.iter().find(|key| key.restricts)?;
        Some(PolicyInDocument { document, key })
    })?;
    if target.last < POLICY_SINCE {
        return Some(too_old(kuberc, &written, target));
    }
    let ignores = |minor| minor >= POLICY_SINCE && !policy::sets_policy(kuberc, minor);
    let minor = target.newest_where(ignores)?;
    let message = "kubectl ignores this policy and runs any credential plugin";
    Some(
        ignored(kuberc, &written, minor, target, message)
            .kubectl_message(kubectl_messages(kuberc, minor)),
    )
}

/// A policy that forbids something, and the document that holds it.
struct PolicyInDocument<'a> {
    document: &'a Preference,
    key: &'a PolicyKey,
}

/// Returns the finding for a target in which no kubectl supports policies.
fn too_old(kuberc: &Kuberc, written: &PolicyInDocument<'_>, target: &Target) -> Finding {
    let message =
        message!("{} does not support this policy and runs any credential plugin", target);
    let finding = match policy::sets_policy(kuberc, Minor::NEWEST) {
        true => Finding::new(&RULE, written.key.span, message)
            .label(message!("supported since kubectl {}", POLICY_SINCE)),
        // A newer kubectl alone would not help.
        false => ignored(kuberc, written, Minor::NEWEST, target, message),
    };
    finding
        .kubectl_message(kubectl_messages(kuberc, target.last))
        .help(message!("use kubectl {} or newer wherever plugins must be restricted", POLICY_SINCE))
}

/// Returns what this minor of kubectl prints about the file, if anything.
fn kubectl_messages(kuberc: &Kuberc, minor: Minor) -> Option<KubectlMessage> {
    let message = policy::reaction(kuberc, minor).1?;
    Some(KubectlMessage { by: minor.into(), message: message.into() })
}

/// Returns the finding for a minor of kubectl that supports policies but ignores this one.
fn ignored(
    kuberc: &Kuberc,
    written: &PolicyInDocument<'_>,
    minor: Minor,
    target: &Target,
    message: impl Into<Message>,
) -> Finding {
    let PolicyInDocument { document, key } = written;
    let used = policy::used(kuberc, minor);
    let skip = document.skips.iter().find(|skip| skip.since <= minor);
    let (place, label, help) = match (used, skip) {
        (Some(used), _) if used.span == document.span => unknown_field(used, key),
        (Some(used), _) if used.span < document.span => (
            key.span,
            "kubectl never reaches this document".into(),
            vec!["move the policy to the first document that kubectl can read".into()],
        ),
        (_, Some(skip)) => skipped_document(skip, document, target),
        (_, None) => (key.span, "".into(), Vec::new()),
    };
    let mut finding = Finding::new(&RULE, place, message).label(label);
    if place != key.span {
        finding = finding.related(key.span, "this policy is ignored");
    }
    let used = used.filter(|used| used.span < document.span);
    if let Some(version) = used.and_then(|used| used.api_version.as_ref()) {
        finding = finding.related(version.span, "kubectl uses only this document");
    }
    if document.skips.iter().any(|skip| skip.since == Minor::OLDEST) {
        finding.evidence = Evidence::Pattern;
    }
    help.into_iter().fold(finding, Finding::help)
}

/// Explains why the document that kubectl uses has no such policy field.
fn unknown_field(used: &Preference, key: &PolicyKey) -> (Span, Message, Vec<Message>) {
    match &used.api_version {
        Some(version) if version.value != BEST_VERSION => {
            let mut help = vec![message!("write `{}`", BEST_VERSION)];
            if used.has_old_names {
                help.push("rename `overrides` to `defaults`, and `flags` to `options`".into());
            }
            (version.span, "this version has no credential plugin policy".into(), help)
        }
        _ => {
            (key.span, "unknown key".into(), vec![message!("rename the key to `{}`", key.intended)])
        }
    }
}

fn skipped_document(
    skip: &Skip,
    document: &Preference,
    target: &Target,
) -> (Span, Message, Vec<Message>) {
    let kind = || "write `kind: Preference`".into();
    let version = || message!("write `apiVersion: {}`", BEST_VERSION);
    let (label, help) = match &skip.reason {
        SkipReason::Kind => ("expected kind `Preference`".into(), vec![kind()]),
        SkipReason::Version => {
            let label = match document.api_version.is_some() {
                true => "unknown version",
                false => "`apiVersion` is missing here",
            };
            (label.into(), vec![version()])
        }
        SkipReason::BadSeparator => (
            "kubectl stops reading here: only a comment may follow `---`".into(),
            vec!["move the text after `---` to a line of its own".into()],
        ),
        SkipReason::JsonComment => {
            ("JSON does not allow comments".into(), vec!["remove the comment".into()])
        }
        SkipReason::Undecodable(Reason::Syntax(Fault::Json(fault))) => (
            fault.as_str().into(),
            vec![
                "write valid JSON, or YAML without the outer braces: kubectl reads text that \
                 starts with `{` as JSON"
                    .into(),
            ],
        ),
        SkipReason::TwoNames => {
            let field = policy::entry_field(target);
            let label = "`name` and `command` of an entry must be equal".into();
            (label, vec![message!("write only `{}`", field)])
        }
        SkipReason::Undecodable(Reason::Encoding) => {
            ("kubectl cannot read this encoding".into(), vec!["save the file as UTF-8".into()])
        }
        SkipReason::Undecodable(Reason::VersionKind { field, .. }) => {
            let help = if *field == TypeField::Kind { kind() } else { version() };
            ("expected a string".into(), vec![help])
        }
        SkipReason::Undecodable(reason) => {
            let (label, help) = invalid_kubeconfig::describe(reason);
            let own = match reason {
                Reason::WrongType { path, .. } => help_for_type(path, target),
                _ => None,
            };
            (label, vec![own.unwrap_or(help)])
        }
    };
    (skip.span, label, help)
}

/// Returns what to write if the policy itself has the wrong type.
fn help_for_type(path: &str, target: &Target) -> Option<Message> {
    match path {
        "credentialPluginPolicy" => Some("write `AllowAll`, `DenyAll` or `Allowlist`".into()),
        "credentialPluginAllowlist" => {
            let entry = policy::entry_field(target);
            Some(message!("write a list of entries such as `{}: PLUGIN`", entry))
        }
        // The name in an entry is a string like any other and only needs quotes.
        _ => None,
    }
}
