//! What rules say about an [`ExecEntry`]: the same as about a user of a kubeconfig, but in the
//! words of the program that reads the entry.

use crate::advice::{self, consumers};
use crate::finding::Finding;
use crate::finding::rule::Rule;
use crate::go::quote::go_quote;
use crate::kubernetes::reader::Reader;
use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;
use crate::model::kubectl_message::KubectlMessage;
use crate::model::{Consumer, EntryKind, ExecEntry};
use crate::text::message::{Message, message};
use crate::text::source::{Spanned, clip};

/// What to do about a plugin that prints a fixed version.
pub(super) const PRINT_REQUESTED_VERSION: &str =
    "print the `apiVersion` that kubectl passes in KUBERNETES_EXEC_INFO";

/// What to do about a plugin that can print only one version.
pub(super) const PRINT_V1BETA1: &str = "or always print `client.authentication.k8s.io/v1beta1`, \
    and name it in every kubeconfig that runs the plugin";

/// Returns the finding that kubectl `minor` refuses the value, with the version to write.
pub(super) fn refused(
    rule: &'static Rule,
    entry: &ExecEntry,
    value: &Spanned<String>,
    message: impl Into<Message>,
    minor: Option<Minor>,
    target: &Target,
) -> Finding {
    let mut finding = Finding::new(rule, value.span, message).with_alias(value.alias);
    if let Some(place) = entry.used_at {
        finding = finding.related(place, "used here");
    }
    let is_read =
        matches!(entry.consumer, Consumer::Kubectl | Consumer::KubeconfigPart | Consumer::Unknown);
    if let (true, Some(minor)) = (is_read, minor) {
        let by = target.reader(minor);
        let said = |message: String| KubectlMessage { by, message: message.into() };
        finding = finding.kubectl_message(error(entry.kind, &value.value, by).map(said));
    }
    let remedy = || advice::for_entry(entry, target);
    match entry.kind {
        EntryKind::ExecCredential => finding.help(PRINT_REQUESTED_VERSION).help(PRINT_V1BETA1),
        EntryKind::Provider => finding.help(
            "allow newer releases of the provider, or write \
             `client.authentication.k8s.io/v1beta1` in its exec block",
        ),
        EntryKind::Replacement => {
            let version = remedy().version.map_or("v1beta1", |version| version.version);
            finding.help(message!("remove the replacement, or make it write `{}`", version))
        }
        EntryKind::Package => finding
            .help("import `k8s.io/client-go/pkg/apis/clientauthentication/v1beta1`")
            .help("return the version that KUBERNETES_EXEC_INFO names"),
        EntryKind::Requirement => finding.help(
            "also accept `client.authentication.k8s.io/v1beta1`: this code accepts only one version",
        ),
        EntryKind::Type => finding.help(
            "change the type together with its values, for example to \
             `client.authentication.k8s.io/v1beta1`",
        ),
        EntryKind::ExecConfig | EntryKind::Setting | EntryKind::Request | EntryKind::Indirect => {
            let advice = remedy();
            let more = consumers::help(entry.consumer, &value.value, advice.version);
            let or_none = (entry.kind == EntryKind::Request)
                .then(|| "or remove the variable, if kubectl runs the plugin: it sets it itself".into());
            more.into_iter().chain(or_none).fold(finding.advised(advice), Finding::help)
        }
    }
}

/// Returns the error for an entry that kubectl, or the program in its place, reads itself.
fn error(kind: EntryKind, value: &str, by: Reader) -> Option<String> {
    let value = go_quote(clip(value));
    match kind {
        EntryKind::ExecConfig => {
            Some(by.error(&format!("exec plugin: invalid apiVersion {value}")))
        }
        EntryKind::ExecCredential => Some(by.of_credentials(&format!(
            "decoding stdout: no kind \"ExecCredential\" is registered for version {value} in \
             scheme \"…\""
        ))),
        EntryKind::Setting
        | EntryKind::Request
        | EntryKind::Indirect
        | EntryKind::Replacement
        | EntryKind::Package
        | EntryKind::Requirement
        | EntryKind::Type
        | EntryKind::Provider => None,
    }
}

/// Returns what messages call the API of the value; the version follows.
pub(super) fn what(entry: &ExecEntry) -> &'static str {
    match entry.kind {
        EntryKind::ExecCredential => "ExecCredential",
        EntryKind::Package => "the client-go package for exec API",
        _ => "exec API",
    }
}
