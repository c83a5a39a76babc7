//! Judges what a credential plugin prints as kubectl does.
//!
//! Text that begins with `{` is read as JSON, anything else as YAML; kubectl decodes it into the
//! struct of its version before it looks at the content.
//!
//! Source: client-go `plugin/pkg/client/auth/exec/exec.go` (`refreshCredsLocked`), apimachinery
//! `pkg/runtime/serializer/recognizer/recognizer.go` and `json/json.go`; measured with kubectl
//! 1.20 to 1.37.

use std::cell::{OnceCell, RefCell};

use crate::go::pem::{self, At};
use crate::kubernetes::api_versions::{self, GROUP, V1BETA1};
use crate::kubernetes::version::Minor;
use crate::model::refusal::{DecodeError, Judgement, Problem, Reason, Refusal};
use crate::syntax::node::{Document, NodeId, Tree};
use crate::syntax::{gojson, yaml};
use crate::text::source::Span;

use super::compose;
use super::credential_schema::{EXEC_CREDENTIAL, INTERNAL, INTERNAL_EXEC_CREDENTIAL, of_version};
use super::schema::Struct;
use super::types::{self, ENCODING_JSON_SINCE, GroupVersionKind};
use super::view::{Field, View};

#[cfg(test)]
mod tests;

/// Returns what kubectl of that minor prints when a plugin prints `text`; `None` if it accepts the
/// text or would have to parse a certificate.
///
/// `configured` is the API version in the kubeconfig; `None` accepts any version that this kubectl
/// knows. `…` replaces what kubectl quotes other than kinds, versions and times, and the Go source
/// file that it names.
pub fn says(text: &str, configured: Option<&str>, minor: Minor) -> Option<String> {
    let tree = parse(text);
    let view = View { tree: &tree, text };
    let output = Output::new(view, tree.documents.first());
    output.refusals(configured, minor).first()?.words(minor)
}

/// Parses a text as kubectl reads a plugin's output.
pub fn parse(text: &str) -> Tree {
    if gojson::is_json(text) { gojson::parse(text) } else { yaml::parse(text) }
}

/// A document as kubectl decodes it, with the parts that do not depend on its version.
#[derive(Debug)]
pub struct Output<'a> {
    view: View<'a>,
    root: Result<Option<NodeId>, DecodeError>,
    found: Option<Result<GroupVersionKind, DecodeError>>,
    /// The type errors, for each struct asked for so far.
    types: RefCell<Vec<(&'static Struct, Vec<DecodeError>)>>,
    /// The error in `status`: for json-iterator, and for Go's own decoder.
    status: [OnceCell<Option<Refusal>>; 2],
}

impl<'a> Output<'a> {
    /// Reads a document; `None` stands for a text without one, which kubectl reads as an empty
    /// object.
    pub fn new(view: View<'a>, document: Option<&Document>) -> Self {
        let root = document.map_or(Ok(None), |document| root_of(view, document));
        let found = match root {
            Ok(Some(root)) => Some(GroupVersionKind::of(view, root, &EXEC_CREDENTIAL)),
            _ => None,
        };
        Self { view, root, found, types: RefCell::default(), status: Default::default() }
    }

    /// Returns what each kubectl rejects, oldest first.
    pub fn judgements(&self) -> Vec<Judgement> {
        let mut judgements: Vec<Judgement> = Vec::new();
        for minor in (Minor::OLDEST.0..=Minor::NEWEST.0).map(Minor) {
            let refusals = self.refusals(None, minor);
            match judgements.last_mut().filter(|last| last.refusals == refusals) {
                Some(last) => last.until = minor,
                None => judgements.push(Judgement { since: minor, until: minor, refusals }),
            }
        }
        judgements
    }

    /// Returns what kubectl of that minor rejects, in the order of its checks: it prints the first.
    /// After a wrong kind or API version we go on as if that were fixed, so there may be a second
    /// refusal; no other refusal is followed by another.
    pub fn refusals(&self, configured: Option<&str>, minor: Minor) -> Vec<Refusal> {
        let root = match &self.root {
            Ok(Some(root)) => *root,
            Ok(None) => return nothing(configured),
            Err(error) => return vec![decode(error.clone())],
        };
        let mut refusals = Vec::new();
        match &self.found {
            Some(Ok(found)) => match struct_of(found, minor) {
                Ok(of) => {
                    if let Some(error) = self.first_type_error(root, of, minor) {
                        return vec![decode(error)];
                    }
                    refusals.extend(self.other_version(root, found, configured));
                }
                Err(error) => refusals.push(decode(error)),
            },
            Some(Err(error)) => {
                let refusal = decode(error.clone());
                if !refusal.is_of_version() {
                    return vec![refusal];
                }
                refusals.push(refusal);
            }
            None => {}
        }
        if !refusals.is_empty() {
            let meant = of_version(&V1BETA1);
            if let Some(error) = self.first_type_error(root, meant, minor) {
                refusals.push(decode(error));
                return refusals;
            }
        }
        let is_gos_own = minor >= ENCODING_JSON_SINCE;
        let [old, new] = &self.status;
        let status = if is_gos_own { new } else { old };
        refusals.extend(status.get_or_init(|| self.status(root, is_gos_own)).clone());
        refusals
    }

    fn first_type_error(
        &self,
        root: NodeId,
        of: &'static Struct,
        minor: Minor,
    ) -> Option<DecodeError> {
        let mut types = self.types.borrow_mut();
        let known = types.iter().position(|(known, _)| std::ptr::eq(*known, of));
        let at = known.unwrap_or_else(|| {
            types.push((of, types::types(self.view, root, of)));
            types.len() - 1
        });
        types.get(at)?.1.iter().find(|error| error.concerns(minor)).cloned()
    }

    /// Returns an error unless the version is the one in the kubeconfig. kubectl's internal version
    /// never is.
    fn other_version(
        &self,
        root: NodeId,
        found: &GroupVersionKind,
        configured: Option<&str>,
    ) -> Option<Refusal> {
        let returned = found.api_version();
        let is_other = match configured {
            Some(configured) => configured != returned,
            None => found.version == INTERNAL,
        };
        let span = found.version_span.unwrap_or(self.view.tree.node(root).span);
        let configured = configured.map(str::to_owned);
        let problem = Problem::OtherVersion { configured, returned };
        is_other.then_some(Refusal { span, problem })
    }

    /// Returns the error in the credentials themselves.
    fn status(&self, root: NodeId, is_gos_own: bool) -> Option<Refusal> {
        let view = self.view;
        let place = |node: NodeId| view.tree.node(node).span;
        let Some(status) = decoded_status(view, root, is_gos_own) else {
            let span = self.place_of_status(root);
            return Some(Refusal { span, problem: Problem::NoStatus });
        };
        let text = |field: Option<Field>| {
            let field = field?;
            let value = view.string(field.value).filter(|value| !value.is_empty())?;
            Some((place(field.key), value))
        };
        let (certificate, key) = (text(status.certificate), text(status.key_data));
        let (span, problem) = match (certificate, key) {
            (None, None) => match text(status.token) {
                None => (status.key, Problem::NoCredential),
                Some((span, token)) if !is_sendable(&token) => (span, Problem::Unsendable),
                Some(_) => return None,
            },
            (Some((span, _)), None) | (None, Some((span, _))) => (span, Problem::HalfPair),
            (Some((span, certificate)), Some((key_span, key))) => {
                let (at, words) = pem::error(&certificate, &key)?;
                let span = if at == At::Key { key_span } else { span };
                (span, Problem::Certificate(words))
            }
        };
        Some(Refusal { span, problem })
    }

    /// Returns where to show that `status` is missing: at a key that was meant as `status`, or at
    /// the kind.
    fn place_of_status(&self, root: NodeId) -> Span {
        let entries = self.view.entries(root);
        let meant = entries.iter().find(|(name, _)| name.eq_ignore_ascii_case("status"));
        let kind = self.found.as_ref().and_then(|found| found.as_ref().ok()?.kind_span);
        let node = |node: NodeId| self.view.tree.node(node).span;
        meant.map(|(_, field)| node(field.key)).or(kind).unwrap_or_else(|| node(root))
    }
}

/// Returns the errors of an output without a document.
fn nothing(configured: Option<&str>) -> Vec<Refusal> {
    let returned = format!("{GROUP}/{INTERNAL}");
    let configured = configured.map(str::to_owned);
    [Problem::OtherVersion { configured, returned }, Problem::NoStatus]
        .into_iter()
        .map(|problem| Refusal { span: Span::default(), problem })
        .collect()
}

/// Returns the root of a document, if it has one, or why it cannot become JSON.
fn root_of(view: View<'_>, document: &Document) -> Result<Option<NodeId>, DecodeError> {
    let unread = |reason: fn(String) -> Reason| match &document.error {
        Some(error) => Err(DecodeError::new(error.span, reason(error.message.clone()))),
        None => Ok(document.root),
    };
    if view.tree.is_json() {
        return unread(Reason::Json);
    }
    if let Some(root) = document.root {
        compose::unknown_anchors(view, root)?;
    }
    let root = unread(Reason::Syntax)?;
    if let Some(root) = root {
        compose::check(view, root)?;
    }
    Ok(root)
}

fn decode(error: DecodeError) -> Refusal {
    Refusal { span: error.span, problem: Problem::Decode(error) }
}

/// The kinds of every scheme: those of any group, then those of each known group.
///
/// Source: apimachinery `pkg/apis/meta/v1/register.go` (`AddToGroupVersion`).
const UNVERSIONED: [&str; 5] =
    ["Status", "APIVersions", "APIGroupList", "APIGroup", "APIResourceList"];
const OF_EVERY_GROUP: [&str; 7] = [
    "WatchEvent",
    "ListOptions",
    "GetOptions",
    "DeleteOptions",
    "CreateOptions",
    "UpdateOptions",
    "PatchOptions",
];

/// Returns the struct into which kubectl of that minor decodes a document of this kind and version.
///
/// We do not model the structs of Kubernetes' own kinds: their fields count as valid.
fn struct_of(found: &GroupVersionKind, minor: Minor) -> Result<&'static Struct, DecodeError> {
    let is_internal = found.group == GROUP && found.version == INTERNAL;
    let name = found.api_version();
    let known = api_versions::lookup(&name).filter(|version| version.accepted_by(minor));
    if found.kind == EXEC_CREDENTIAL.kind {
        return match known {
            Some(version) => Ok(of_version(version)),
            None if is_internal => Ok(&INTERNAL_EXEC_CREDENTIAL),
            None => Err(found.not_registered(&EXEC_CREDENTIAL)),
        };
    }
    let mut error = found.not_registered(&EXEC_CREDENTIAL);
    let kind = found.kind.as_str();
    let from = if is_internal && kind == "WatchEvent" {
        "v1.InternalEvent".to_owned()
    } else if UNVERSIONED.contains(&kind) || (known.is_some() && OF_EVERY_GROUP.contains(&kind)) {
        format!("v1.{kind}")
    } else {
        return Err(error);
    };
    error.reason = Reason::Unconvertible { from, to: "clientauthentication.ExecCredential" };
    Err(error)
}

/// `status`, as kubectl decodes it.
struct Status {
    key: Span,
    token: Option<Field>,
    certificate: Option<Field>,
    key_data: Option<Field>,
}

/// Whether an HTTP header may contain the text.
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
