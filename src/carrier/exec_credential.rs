//! ExecCredentials that are stored in a file: the output of credential plugins, in YAML or JSON.
//!
//! kubectl reads one ExecCredential from a plugin; a file may hold several, and each is judged
//! alone.

use std::borrow::Cow;

use crate::kubectl::decode::compose;
use crate::kubectl::decode::exec_credential::PluginOutput;
use crate::kubectl::decode::type_meta::fold_case;
use crate::kubectl::decode::undecodable::unreadable;
use crate::kubectl::decode::view::{Field, View};
use crate::kubernetes::api_versions::GROUP;
use crate::kubernetes::version::Minor;
use crate::model::refusal::{CredentialProblem, Reason, Refusal, RefusalRange};
use crate::model::{Evidence, ExecCredential, Subject};
use crate::syntax::node::{Document, NodeId};
use crate::text::placeholder::{self, is_template};
use crate::text::source::{Span, Spanned};

use super::heuristics::is_meant_as_yaml;
use super::input::Input;
use super::{Carrier, Reading};

pub(super) static CARRIER: Carrier = Carrier::new("exec-credential", read);

fn read<'a>(input: &'a Input<'_>) -> Reading<'a> {
    let is_request = input.context.is_request;
    let subjects = credentials(input).into_iter().map(|credential| {
        Subject::ExecCredential(Box::new(ExecCredential { is_request, ..credential }))
    });
    Reading { subjects: subjects.collect(), ..Reading::default() }
}

fn credentials(input: &Input<'_>) -> Vec<ExecCredential> {
    let lenient = input.lenient();
    let documents = lenient.tree.documents.iter();
    let is_one = |document| may_be_one(lenient, document) || find(lenient, document).is_some();
    if !(lenient.tree.is_broken() || input.template().is_some() || documents.clone().any(is_one)) {
        // What YAML reads to its end has the same keys in JSON, so most files need no second tree.
        return Vec::new();
    }
    let json = input.json().and_then(|json| Some((json, json.tree.documents.first()?)));
    let Some((json, first)) = json.filter(|(json, first)| !is_stream(*json, first)) else {
        let is_broken = lenient.tree.is_broken();
        let is_yaml = !is_broken || is_meant_as_yaml(lenient.text.trim_start_matches('\u{feff}'));
        let of_yaml = |document| of_yaml(input, lenient, document, is_yaml);
        return documents.filter_map(of_yaml).collect();
    };
    if first.error.is_none() {
        return find(json, first)
            .map(|found| found.checked(input, json, first))
            .into_iter()
            .collect();
    }
    // The YAML parser may accept text that is not valid JSON.
    let mut found = documents.filter_map(|document| find(lenient, document));
    let Some(mut found) = found.next().or_else(|| find(json, first)) else { return Vec::new() };
    found.credential.evidence = Evidence::Pattern;
    vec![found.checked(input, json, first)]
}

/// Returns whether several documents follow one another: that is a log or a list, but not the
/// output of a plugin.
fn is_stream(json: View<'_>, first: &Document) -> bool {
    let rest = first.text_behind().and_then(|at| json.text.get(at..));
    rest.is_some_and(|rest| rest.starts_with('{') || rest.starts_with("---"))
}

/// Reads a document that kubectl reads as YAML. `is_yaml` says whether the file is YAML, valid or
/// not.
fn of_yaml(
    input: &Input<'_>,
    view: View<'_>,
    document: &Document,
    is_yaml: bool,
) -> Option<ExecCredential> {
    let mut found = find(view, document)?;
    if let Some(error) = unreadable(input.source) {
        let refusals =
            vec![Refusal { span: error.span, problem: CredentialProblem::Decode(error) }];
        let (since, until) = (Minor::OLDEST, Minor::NEWEST);
        found.credential.refusal_ranges = vec![RefusalRange { since, until, refusals }];
        found.credential.evidence = Evidence::Pattern;
        return Some(found.credential);
    }
    if document.error.is_some() && !is_yaml {
        return Some(found.credential);
    }
    Some(found.checked(input, view, document))
}

/// An ExecCredential and its place.
struct Found<'a> {
    credential: ExecCredential,
    view: View<'a>,
    root: NodeId,
}

/// Finds the ExecCredential in a document, without judging it.
fn find<'a>(view: View<'a>, document: &Document) -> Option<Found<'a>> {
    let root = document.root?;
    if compose::unbounded(view, root).is_some() {
        return None;
    }
    let entries = view.entries(root);
    let api_version =
        last(view, &entries, "apiversion").filter(|version| !version.value.is_empty());
    let kind = last(view, &entries, "kind").filter(|kind| !kind.value.is_empty());
    let status = entries.iter().rev().find(|(name, _)| name == "status");
    let status = status.map(|(_, field)| *field).filter(|status| view.is_mapping(status.value));
    // A group of its own, not a misspelling.
    if api_version.as_ref().is_some_and(|version| version.value.starts_with(OTHER_GROUP)) {
        return None;
    }
    let is_of_group = api_version.as_ref().is_some_and(|version| version.value.starts_with(GROUP));
    let kind = match kind {
        Some(kind) if kind.value == "ExecCredential" => kind.span,
        // Another kind, but clearly meant as an ExecCredential.
        Some(kind) => {
            let is_meant = is_misspelled(&kind.value) || has_credentials(view, status?);
            (is_of_group && is_meant).then_some(kind.span)?
        }
        // kubectl does not require the kind: a status with that group is an ExecCredential anyway.
        None => view.tree.node(status.filter(|_| is_of_group)?.key).span,
    };
    let evidence = if document.error.is_none() { Evidence::Parsed } else { Evidence::Pattern };
    let (is_request, refusal_ranges) = (false, Vec::new());
    let credential = ExecCredential { kind, api_version, is_request, refusal_ranges, evidence };
    Some(Found { credential, view, root })
}

/// Returns whether a document may be an ExecCredential, whichever of several fields of the same name
/// counts.
fn may_be_one(view: View<'_>, document: &Document) -> bool {
    let pairs = document.root.map_or(&[][..], |root| view.tree.pairs(root));
    let is_named = |key, name| view.string(key).is_some_and(|key| fold_case(&key) == name);
    pairs.iter().any(|&(key, value)| match view.string(value) {
        Some(value) if value == "ExecCredential" => is_named(key, "kind"),
        Some(value) if value.starts_with(GROUP) => is_named(key, "apiversion"),
        _ => false,
    })
}

/// The group of an API that is older than exec plugins.
const OTHER_GROUP: &str = "clientauthentication.k8s.io/";

/// Returns the value of the last of the fields with that name, looked up as kubectl does. A value
/// that is neither a string nor null counts as some text.
fn last(
    view: View<'_>,
    entries: &[(Cow<'_, str>, Field)],
    wanted: &str,
) -> Option<Spanned<String>> {
    let is_wanted = |(name, field): &&(Cow<'_, str>, Field)| {
        !view.is_null(field.value) && fold_case(name) == wanted
    };
    let (_, field) = entries.iter().rev().find(is_wanted)?;
    let value = match view.string(field.value) {
        Some(value) => value.into_owned(),
        None if wanted == "kind" => "?".to_owned(),
        None => return None,
    };
    Some(Spanned { value, span: view.tree.node(field.value).span, alias: field.alias })
}

/// Returns whether a kind is a spelling of `ExecCredential`.
fn is_misspelled(kind: &str) -> bool {
    let kind: String = kind.chars().filter(char::is_ascii_alphanumeric).collect();
    let kind = kind.to_ascii_lowercase();
    kind.strip_suffix('s').unwrap_or(&kind) == "execcredential"
}

/// Returns whether `status` has a field that only an ExecCredential has.
fn has_credentials(view: View<'_>, status: Field) -> bool {
    let signs = ["token", "clientCertificateData", "clientKeyData", "expirationTimestamp"];
    view.entries(status.value).iter().any(|(name, _)| signs.contains(&name.as_ref()))
}

impl Found<'_> {
    /// Returns the credential with those of kubectl's errors about the document that we report.
    fn checked(self, input: &Input<'_>, view: View<'_>, document: &Document) -> ExecCredential {
        let mut credential = self.credential;
        // The author of JSON with comments does not mean kubectl to read it.
        if input.json_comment().is_some() {
            return credential;
        }
        let is_for_plugin = input.context.is_request || is_for_plugin(self.view, self.root);
        let mut refusal_ranges = PluginOutput::new(view, Some(document)).refusal_ranges();
        for range in &mut refusal_ranges {
            range.refusals.retain(|refusal| {
                (refusal.is_of_version() || !is_for_plugin)
                    && !is_unfilled_template(self.view, self.root, refusal)
            });
        }
        refusal_ranges.retain(|range| !range.refusals.is_empty());
        if refusal_ranges.iter().flat_map(|range| &range.refusals).any(fails_before_version) {
            credential.evidence = Evidence::Pattern;
        }
        credential.refusal_ranges = refusal_ranges;
        credential
    }
}

/// Returns whether kubectl fails before it knows the API version.
fn fails_before_version(refusal: &Refusal) -> bool {
    let CredentialProblem::Decode(error) = &refusal.problem else { return false };
    matches!(error.reason, Reason::Syntax(_) | Reason::VersionKind { .. })
}

/// Returns whether this is what kubectl passes to a plugin, wherever it is written: it has a `spec`
/// and no `status`.
fn is_for_plugin(view: View<'_>, root: NodeId) -> bool {
    let entries = view.entries(root);
    let has = |wanted: &str| {
        entries.iter().any(|(name, field)| name == wanted && !view.is_null(field.value))
    };
    has("spec") && !has("status")
}

/// Limit on the bytes after an error that are searched for template syntax.
const MAX_LOOKAHEAD: usize = 4096;

/// Returns whether the error exists only because a template is not filled in yet.
fn is_unfilled_template(view: View<'_>, root: NodeId, refusal: &Refusal) -> bool {
    let text = |span: Span| view.text.get(span.range()).unwrap_or("");
    let rest = view.text.get(refusal.span.start()..).unwrap_or("");
    // With many documents, look only at the text of this one, and a little further if it breaks
    // off.
    let is_template = || {
        let own = view.tree.node(root).span;
        let end =
            own.end().max(refusal.span.end().saturating_add(MAX_LOOKAHEAD)).min(view.text.len());
        let end = (own.start()..=end).rev().find(|&end| view.text.is_char_boundary(end));
        end.is_some_and(|end| is_template(text(Span::new(own.start(), end))))
    };
    match &refusal.problem {
        CredentialProblem::NoStatus
        | CredentialProblem::NoCredential
        | CredentialProblem::HalfPair => is_template(),
        CredentialProblem::OtherVersion { .. } => false,
        CredentialProblem::Certificate | CredentialProblem::Unsendable => {
            value_after(view, root, refusal.span).is_some_and(|value| placeholder::is_in(&value))
        }
        CredentialProblem::Decode(error) => match &error.reason {
            Reason::Syntax(_) | Reason::CollectionKey(_) => {
                is_template() || placeholder::is_start(rest)
            }
            Reason::Time | Reason::Base64(_) => placeholder::is_in_data(text(error.span)),
            _ => placeholder::is_in(text(error.span)),
        },
    }
}

/// Returns the text of the field of `status` whose key is at `span`.
fn value_after(view: View<'_>, root: NodeId, span: Span) -> Option<String> {
    let entries = view.entries(root);
    let status = entries.iter().filter(|(name, _)| name == "status");
    let mut fields = status.flat_map(|(_, status)| view.entries(status.value));
    let (_, field) = fields.find(|(_, field)| view.tree.node(field.key).span == span)?;
    view.string(field.value).map(Cow::into_owned)
}
