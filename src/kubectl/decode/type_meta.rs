//! Reads `apiVersion` and `kind`, which tell kubectl the type of a document.
//!
//! Source: apimachinery `pkg/runtime/serializer/json/meta.go` (`Interpret`), `json.go`
//! (`gvkWithDefaults`, `Decode`), `pkg/runtime/schema/group_version.go` (`ParseGroupVersion`).

use crate::kubernetes::api_versions::{EXEC_CREDENTIAL_KIND, GROUP};
use crate::model::refusal::{DecodeError, Reason, TypeField};
use crate::syntax::node::NodeId;
use crate::text::source::{Span, Spanned};

use super::view::View;

/// `apiVersion` and `kind` of a document; `None` if absent, null or empty.
#[derive(Debug, Default)]
pub(crate) struct TypeMeta {
    pub(crate) api_version: Option<Spanned<String>>,
    pub(crate) kind: Option<Spanned<String>>,
}

impl TypeMeta {
    /// Reads the document at `root`. Ignores the case of the keys; the last one wins.
    pub(crate) fn read(view: View<'_>, root: NodeId) -> Result<Self, DecodeError> {
        let fails = |node: NodeId, field| {
            let reason = Reason::VersionKind { found: view.json_type(node), field };
            Err(DecodeError::new(view.tree.node(node).span, reason))
        };
        if !(view.is_mapping(root) || view.is_null(root)) {
            return fails(root, TypeField::Document);
        }
        let mut meta = Self::default();
        for (name, field) in view.entries(root) {
            let (target, of) = match fold_case(&name).as_str() {
                "apiversion" => (&mut meta.api_version, TypeField::ApiVersion),
                "kind" => (&mut meta.kind, TypeField::Kind),
                _ => continue,
            };
            if view.is_null(field.value) {
                continue;
            }
            if view.string(field.value).is_none() {
                return fails(field.value, of);
            }
            *target = view.spanned(Some(&field));
        }
        Ok(meta)
    }
}

/// Returns the name in lower case; U+212A and U+017F are the non-ASCII letters that Go folds into
/// these names.
pub(crate) fn fold_case(name: &str) -> String {
    name.replace('\u{212a}', "k").replace('\u{17f}', "s").to_ascii_lowercase()
}

/// The kind that one of kubectl's decoders knows.
#[derive(Debug)]
pub(crate) struct Scheme {
    /// The default group of a document without a group and version; empty for kubeconfigs.
    pub(crate) group: &'static str,
    /// The default version of such a document.
    pub(crate) version: &'static str,
    /// The only kind, and the default of a document without one.
    pub(crate) kind: &'static str,
}

/// The scheme that decodes kubeconfigs.
pub(crate) static KUBECONFIG: Scheme = Scheme { group: "", version: "v1", kind: "Config" };

/// The version of kubectl's internal structs, which is also that of a document without a version.
pub(crate) const INTERNAL: &str = "__internal";

/// The scheme that decodes the output of plugins.
pub(crate) static EXEC_CREDENTIAL: Scheme =
    Scheme { group: GROUP, version: INTERNAL, kind: EXEC_CREDENTIAL_KIND };

/// The group, version and kind of a document, with defaults for what is missing.
#[derive(Debug)]
pub(crate) struct GroupVersionKind {
    pub(crate) group: String,
    pub(crate) version: String,
    pub(crate) kind: String,
    /// The value of `kind`, if set, else the document.
    pub(crate) kind_span: Span,
    /// The value of `apiVersion`, if set, else the document.
    pub(crate) version_span: Span,
    /// The document.
    whole: Span,
}

impl GroupVersionKind {
    /// Reads the document at `root`, or an empty document.
    pub(crate) fn of(
        view: View<'_>,
        root: Option<NodeId>,
        scheme: &Scheme,
    ) -> Result<Self, DecodeError> {
        let meta = root.map_or_else(|| Ok(TypeMeta::default()), |root| TypeMeta::read(view, root));
        let TypeMeta { api_version, kind } = meta?;
        let whole = root.map_or_else(Span::default, |root| view.tree.node(root).span);
        let version_span = api_version.as_ref().map_or(whole, |version| version.span);
        let kind_span = kind.as_ref().map_or(whole, |kind| kind.span);
        let version = api_version.map(|version| version.value).unwrap_or_default();
        let (mut group, mut name) = match version.split_once('/') {
            None => ("", version.as_str()),
            Some((_, rest)) if rest.contains('/') => {
                return Err(DecodeError::new(version_span, Reason::GroupVersion(version)));
            }
            Some((group, name)) => (group, name),
        };
        if name.is_empty() && (group.is_empty() || group == scheme.group) {
            (group, name) = (scheme.group, scheme.version);
        }
        if name.is_empty() {
            return Err(DecodeError::new(version_span, Reason::MissingVersion));
        }
        let kind = kind.map_or_else(|| scheme.kind.to_owned(), |kind| kind.value);
        let (group, version) = (group.to_owned(), name.to_owned());
        Ok(Self { group, version, kind, kind_span, version_span, whole })
    }

    /// Returns group and version as kubectl prints them.
    pub(crate) fn api_version(&self) -> String {
        match self.group.as_str() {
            "" => self.version.clone(),
            group => format!("{group}/{}", self.version),
        }
    }

    /// Returns the error that the scheme lacks this kind, at the kind or version, whichever is
    /// wrong.
    pub(crate) fn not_registered(&self, scheme: &Scheme) -> DecodeError {
        let is_of_kind = self.kind == scheme.kind;
        let span = if is_of_kind { self.version_span } else { self.kind_span };
        let spanned = |value, span| {
            // A default has no place in the text.
            let span = if span == self.whole { Span::default() } else { span };
            Box::new(Spanned { value, span, alias: None })
        };
        let kind = spanned(self.kind.clone(), self.kind_span);
        let version = spanned(self.api_version(), self.version_span);
        DecodeError::new(span, Reason::NoKind { kind, version })
    }
}
