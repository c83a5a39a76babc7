//! Judges the output of a credential plugin as kubectl does.
//!
//! Text that begins with `{` is read as JSON, anything else as YAML; kubectl decodes it into the
//! struct of its version before it looks at the content.
//!
//! Source: client-go `plugin/pkg/client/auth/exec/exec.go` (`refreshCredsLocked`), apimachinery
//! `pkg/runtime/serializer/recognizer/recognizer.go` and `json/json.go`; measured with kubectl
//! 1.20 to 1.37.

use crate::go::pem;
use crate::kubectl::decode_error::ENCODING_JSON_SINCE;
use crate::kubernetes::api_versions::{self, GROUP, V1BETA1};
use crate::kubernetes::version::Minor;
use crate::model::refusal::{CredentialProblem, DecodeError, Refusal, RefusalRange};
use crate::syntax::node::{Document, NodeId, Tree};
use crate::syntax::{gojson, yaml};
use crate::text::source::Span;

use super::compose;
use super::credential_schema::of_version;
use super::type_meta::{EXEC_CREDENTIAL, GroupVersionKind, INTERNAL};
use super::types;
use super::view::{Field, View};

#[cfg(test)]
mod tests;

/// Returns what kubectl of that minor rejects when a plugin prints `text`; see
/// `PluginOutput::refusals`.
pub fn refusals(text: &str, configured: Option<&str>, minor: Minor) -> Vec<Refusal> {
    let tree = parse(text);
    let view = View { tree: &tree, text };
    PluginOutput::new(view, tree.documents.first()).refusals(configured, minor)
}

/// Parses a text as kubectl reads a plugin's output.
pub(crate) fn parse(text: &str) -> Tree {
    if gojson::is_json(text) { gojson::parse(text) } else { yaml::parse(text) }
}

/// What a plugin printed, as kubectl reads it.
#[derive(Debug, Default)]
pub(crate) struct Printed {
    /// `apiVersion`, or what kubectl takes for it; `None` if the text is no object.
    pub(crate) api_version: Option<String>,
    /// `kind`, likewise.
    pub(crate) kind: Option<String>,
    /// `status.expirationTimestamp`.
    pub(crate) expires: Option<String>,
    /// The other values below `status`: no report may show them.
    pub(crate) secrets: Vec<String>,
}

/// Returns what a plugin printed.
pub(crate) fn printed(text: &str) -> Printed {
    let tree = parse(text);
    let view = View { tree: &tree, text };
    let root = tree.documents.first().and_then(|document| document.root);
    let Some(root) = root.filter(|root| compose::unbounded(view, *root).is_none()) else {
        return Printed::default();
    };
    let found = GroupVersionKind::of(view, Some(root), &EXEC_CREDENTIAL).ok();
    let mut printed = Printed {
        api_version: found.as_ref().map(GroupVersionKind::api_version),
        kind: found.map(|found| found.kind),
        ..Printed::default()
    };
    for (_, field) in view.entries(root).iter().filter(|(name, _)| name == "status") {
        for (name, field) in view.entries(field.value) {
            let Some(value) = view.string(field.value) else { continue };
            match name.as_ref() {
                "expirationTimestamp" => printed.expires = Some(value.into_owned()),
                _ => printed.secrets.push(value.into_owned()),
            }
        }
    }
    printed
}

/// A document as kubectl decodes it, with the parts that do not depend on its version.
#[derive(Debug)]
pub(crate) struct PluginOutput {
    found: Result<GroupVersionKind, DecodeError>,
    /// The type errors.
    types: Vec<DecodeError>,
    /// The error in `status`: for json-iterator, and for Go's own decoder.
    status: [Option<Refusal>; 2],
}

impl PluginOutput {
    /// Reads a document; `None` stands for a text without one, which kubectl reads as an empty
    /// object.
    pub(crate) fn new(view: View<'_>, document: Option<&Document>) -> Self {
        let root = match document.map_or(Ok(None), |document| compose::root(view, document)) {
            Ok(root) => root,
            Err(error) => {
                return Self { found: Err(error), types: Vec::new(), status: [None, None] };
            }
        };
        let found = GroupVersionKind::of(view, root, &EXEC_CREDENTIAL);
        let version = found.as_ref().ok().and_then(|f| api_versions::lookup(&f.api_version()));
        let of = of_version(version.unwrap_or(&V1BETA1));
        let types = root.map(|root| types::errors(view, root, of, false)).unwrap_or_default();
        let kind = found.as_ref().map_or_else(|error| error.span, |found| found.kind_span);
        let status = [false, true].map(|is_gos_own| status(view, root, kind, is_gos_own));
        Self { found, types, status }
    }

    /// Returns what each kubectl rejects, oldest first.
    pub(crate) fn refusal_ranges(&self) -> Vec<RefusalRange> {
        let mut refusal_ranges: Vec<RefusalRange> = Vec::new();
        for minor in (Minor::OLDEST.0..=Minor::NEWEST.0).map(Minor) {
            let refusals = self.refusals(None, minor);
            match refusal_ranges.last_mut().filter(|last| last.refusals == refusals) {
                Some(last) => last.until = minor,
                None => refusal_ranges.push(RefusalRange { since: minor, until: minor, refusals }),
            }
        }
        refusal_ranges
    }

    /// Returns what kubectl of that minor rejects, in the order of its checks: it prints the first.
    /// `configured` is the API version in the kubeconfig; `None` accepts any version that this
    /// kubectl knows.
    ///
    /// After a wrong kind or API version we go on as if that were fixed, so there may be a second
    /// refusal; no other refusal is followed by another.
    pub(crate) fn refusals(&self, configured: Option<&str>, minor: Minor) -> Vec<Refusal> {
        let wrong_type = match &self.found {
            Ok(found) if is_known(found, minor) => None,
            Ok(found) => Some(decode(found.not_registered(&EXEC_CREDENTIAL))),
            Err(error) => Some(decode(error.clone())),
        };
        if self.found.is_err() && !wrong_type.as_ref().is_some_and(Refusal::is_of_version) {
            return wrong_type.into_iter().collect();
        }
        let undecoded = self.types.iter().find(|error| error.concerns(minor)).cloned();
        let other_version =
            self.found.as_ref().ok().and_then(|found| other_version(found, configured));
        let is_read = wrong_type.is_none() && !self.found.as_ref().is_ok_and(is_internal);
        let (first, then) = match undecoded.map(decode) {
            Some(undecoded) if is_read => return vec![undecoded],
            Some(undecoded) => (wrong_type.or(other_version), Some(undecoded)),
            None => {
                let [old, new] = &self.status;
                let status = if minor >= ENCODING_JSON_SINCE { new } else { old };
                (wrong_type.or(other_version), status.clone())
            }
        };
        first.into_iter().chain(then).collect()
    }
}

/// Returns whether kubectl of that minor knows the kind and version.
fn is_known(found: &GroupVersionKind, minor: Minor) -> bool {
    let known = api_versions::lookup(&found.api_version());
    found.kind == EXEC_CREDENTIAL.kind
        && (is_internal(found) || known.is_some_and(|version| version.accepted_by(minor)))
}

/// Returns whether this is kubectl's internal version, which it decodes but no kubeconfig asks for.
fn is_internal(found: &GroupVersionKind) -> bool {
    found.group == GROUP && found.version == INTERNAL
}

/// Returns an error unless the version is the one in the kubeconfig.
fn other_version(found: &GroupVersionKind, configured: Option<&str>) -> Option<Refusal> {
    let returned = found.api_version();
    let is_other = configured.map_or(is_internal(found), |configured| configured != returned);
    let configured = configured.map(str::to_owned);
    let problem = CredentialProblem::OtherVersion { configured, returned };
    is_other.then_some(Refusal { span: found.version_span, problem })
}

/// Returns the error in the credentials themselves; `kind` is the place of the kind.
fn status(view: View<'_>, root: Option<NodeId>, kind: Span, is_gos_own: bool) -> Option<Refusal> {
    let place = |node: NodeId| view.tree.node(node).span;
    let Some(status) = root.and_then(|root| decoded_status(view, root, is_gos_own)) else {
        // A key that was meant as `status`.
        let entries = root.map(|root| view.entries(root)).unwrap_or_default();
        let lookalike = entries.iter().find(|(name, _)| name.eq_ignore_ascii_case("status"));
        let span = lookalike.map_or(kind, |(_, field)| place(field.key));
        return Some(Refusal { span, problem: CredentialProblem::NoStatus });
    };
    let text = |field: Option<Field>| {
        let field = field?;
        let value = view.string(field.value).filter(|value| !value.is_empty())?;
        Some((place(field.key), value))
    };
    let (span, problem) = match (text(status.certificate), text(status.key_data)) {
        (None, None) => match text(status.token) {
            None => (status.key, CredentialProblem::NoCredential),
            Some((span, token)) if !is_sendable(&token) => (span, CredentialProblem::Unsendable),
            Some(_) => return None,
        },
        (Some((span, _)), None) | (None, Some((span, _))) => (span, CredentialProblem::HalfPair),
        (Some((span, text)), _) if !pem::has_block(&text, |kind| kind == "CERTIFICATE") => {
            (span, CredentialProblem::Certificate)
        }
        (_, Some((span, text))) if !pem::has_block(&text, pem::is_private_key) => {
            (span, CredentialProblem::Certificate)
        }
        _ => return None,
    };
    Some(Refusal { span, problem })
}

fn decode(error: DecodeError) -> Refusal {
    Refusal { span: error.span, problem: CredentialProblem::Decode(error) }
}

/// `status`, as kubectl decodes it.
struct Status {
    key: Span,
    token: Option<Field>,
    certificate: Option<Field>,
    key_data: Option<Field>,
}

/// Returns whether an HTTP header may contain the text.
///
/// Source: golang.org/x/net `http/httpguts/httplex.go` (`ValidHeaderFieldValue`).
fn is_sendable(text: &str) -> bool {
    text.chars().all(|c| c == '\t' || !c.is_ascii_control())
}

/// Decodes `status`. In JSON a field may occur twice: the second is decoded on top of the first.
fn decoded_status(view: View<'_>, root: NodeId, is_gos_own: bool) -> Option<Status> {
    let mut status: Option<Status> = None;
    for (_, field) in view.entries(root).iter().filter(|(name, _)| name == "status") {
        if view.is_null(field.value) {
            status = None;
            continue;
        }
        let key = view.tree.node(field.key).span;
        let empty = Status { key, token: None, certificate: None, key_data: None };
        let status = status.get_or_insert(empty);
        for (name, field) in view.entries(field.value) {
            let target = match name.as_ref() {
                "token" => &mut status.token,
                "clientCertificateData" => &mut status.certificate,
                "clientKeyData" => &mut status.key_data,
                _ => continue,
            };
            // For null, Go leaves a string as it is and json-iterator empties it.
            if !view.is_null(field.value) || !is_gos_own {
                *target = Some(field);
            }
        }
    }
    status
}
