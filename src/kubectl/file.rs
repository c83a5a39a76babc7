//! Predicts what kubectl of a minor does with a whole kubeconfig, for comparisons with the real
//! kubectl.

use crate::kubectl::decode::kubeconfig::{self, Kubeconfig, Loaded};
use crate::kubectl::decode::view::View;
use crate::kubectl::decode::{compose, types};
use crate::kubectl::verdict::{self, Files};
use crate::kubernetes::version::Minor;
use crate::model::refusal::{DecodeError, Reason};
use crate::model::{AuthInfo, Cluster, Evidence, Reach};
use crate::secrets;
use crate::secrets::redact::Secrets;
use crate::syntax::{jsonc, yaml};
use crate::text::source::{Source, Span, Spanned};

pub use crate::kubectl::verdict::{Class, Verdict};

/// A file that kubectl reads as a kubeconfig, as with `--kubeconfig FILE`, whatever its content.
#[derive(Debug)]
pub struct KubeconfigFile {
    errors: Vec<DecodeError>,
    config: Kubeconfig,
}

impl KubeconfigFile {
    /// Reads a file.
    pub fn new(source: &Source) -> Self {
        let tree = yaml::parse(source.text());
        let view = View { tree: &tree, text: source.text() };
        let root = view.tree.documents.first().and_then(|document| document.root);
        let unbounded = root.and_then(|root| compose::unbounded(view, root));
        let errors = match unbounded {
            Some(error) => vec![error],
            None => {
                let text = source.text();
                let blank = jsonc::blank_comments(text);
                let comment = blank.and_then(|blank| jsonc::first_comment(text, &blank));
                undecodable(source, view, comment, false)
            }
        };
        // We read nothing of a file that every kubectl rejects: it may not even be bounded.
        let is_broken = errors.iter().any(|error| error.since == Minor::OLDEST);
        let root = root.filter(|_| !is_broken);
        let config = root.map(|root| kubeconfig::read(view, root, Evidence::Parsed));
        Self { errors, config: config.unwrap_or_default() }
    }

    /// Returns why kubectl of that minor cannot decode the file.
    pub fn error(&self, minor: Minor) -> Option<&DecodeError> {
        self.errors.iter().find(|error| error.concerns(minor))
    }

    /// Returns the users, in order.
    pub fn users(&self) -> &[AuthInfo] {
        &self.config.auth_infos
    }

    /// Returns the kind and the name of each user, cluster and context.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&'static str, String)> {
        self.config.names()
    }

    /// Returns the file as one of several that kubectl loads together, without secrets: reports
    /// about the others may quote it.
    pub(crate) fn into_loaded(self, name: String, source: &Source) -> Loaded {
        let Self { errors, mut config } = self;
        let tree = yaml::parse(source.text());
        let spans = secrets::spans(&tree, source.text());
        config.detach(Secrets { all: &spans, keyed: &spans, detaches: true });
        Loaded { name, errors, config }
    }

    /// Returns whether the file has no contexts and no `current-context`, so that no user is the
    /// current one.
    pub fn is_fragment(&self) -> bool {
        self.config.contexts.is_empty() && self.config.current_context.is_none()
    }

    /// Returns the verdict on `kubectl get`, given that no file named in the kubeconfig exists.
    pub fn of_current_context(&self, minor: Minor) -> Verdict {
        verdict::of_user(&self.config.current(), Files::Missing, minor)
    }

    /// Returns the verdict on `kubectl --user NAME --server https://… --insecure-skip-tls-verify
    /// get`.
    pub fn of_user(&self, auth: &AuthInfo, minor: Minor) -> Verdict {
        let server = Spanned { value: SERVER.to_owned(), span: Span::default(), alias: None };
        let cluster = Cluster {
            server: Some(server),
            // The flag makes kubectl ignore the certificate authority.
            certificate_authority: None,
            certificate_authority_data: None,
            ..self.config.current().cluster.unwrap_or_default()
        };
        let missing_context = self.config.missing_context().cloned();
        let reach = Reach::Name;
        let auth = AuthInfo { cluster: Some(cluster), missing_context, reach, ..auth.clone() };
        verdict::of_user(&auth, Files::Missing, minor)
    }
}

/// A server with TLS.
const SERVER: &str = "https://127.0.0.1";

/// Returns why kubectl cannot decode a file, in the order in which it meets the errors: it prints
/// the first.
///
/// `view` is the file as kubectl reads it, and `json_comment` the byte offset of the first comment
/// in JSON. If the file `is_rendered`, each placeholder counts as a valid value.
pub(crate) fn undecodable(
    source: &Source,
    view: View<'_>,
    json_comment: Option<usize>,
    is_rendered: bool,
) -> Vec<DecodeError> {
    if let Some(error) = unreadable(source) {
        return vec![error];
    }
    let Some(document) = view.tree.documents.first() else { return Vec::new() };
    let errors = match compose::root(view, document) {
        Ok(None) => Vec::new(),
        Ok(Some(root)) => types::check(view, root, is_rendered),
        Err(error) => vec![error],
    };
    match (json_comment, errors.first()) {
        // The comment is to blame, wherever the YAML parser stumbles.
        (Some(at), Some(error)) => {
            let reason = Reason::JsonComments(Box::new(error.clone()));
            vec![DecodeError::new(Span::new(at, at + 2), reason)]
        }
        _ => errors,
    }
}

/// Returns the YAML parser's error about bytes that are not text in the first document of a file.
pub(crate) fn unreadable(source: &Source) -> Option<DecodeError> {
    if let Some(bytes) = source.raw() {
        return yaml::error_in_bytes(bytes).map(DecodeError::from);
    }
    let at = source.invalid_at()?;
    // go-yaml stops at the invalid byte, so the rest does not matter.
    let mut bytes = source.text().as_bytes().get(..at).unwrap_or(&[]).to_vec();
    bytes.push(0xff);
    let error = yaml::error_in_bytes(&bytes)?;
    Some(match error.span.start >= at {
        true => DecodeError::new(Span::at(at), Reason::Encoding),
        false => error.into(),
    })
}
