//! What kubectl of a minor makes of a whole kubeconfig, without running it: for comparisons with
//! the real one.

use crate::kubectl::decode::kubeconfig::{self, Kubeconfig};
use crate::kubectl::decode::view::View;
use crate::kubectl::decode::{self, compose, types};
use crate::kubectl::verdict::{self, Files};
use crate::kubernetes::version::Minor;
use crate::model::refusal::{DecodeError, Reason};
use crate::model::{AuthInfo, Cluster, Evidence, Reach};
use crate::secrets;
use crate::syntax::node::NodeId;
use crate::syntax::{jsonc, yaml};
use crate::text::source::{Source, Span, Spanned};

pub use crate::kubectl::verdict::Class;
pub use crate::kubectl::verdict::Verdict;

/// A kubeconfig as kubectl reads it, whatever it is meant to be: the way of `--kubeconfig FILE`.
#[derive(Debug)]
pub struct File {
    errors: Vec<DecodeError>,
    config: Kubeconfig,
}

impl File {
    /// Reads a file.
    pub fn new(source: &Source) -> Self {
        let tree = yaml::parse(source.text());
        let view = View { tree: &tree, text: source.text() };
        let root = view.tree.documents.first().and_then(|document| document.root);
        let unbounded = root.and_then(|root| compose::unbounded(view, root));
        let errors = match unbounded {
            Some(error) => vec![error],
            None => undecodable(source, view, jsonc::first_comment(source.text()), types::check),
        };
        // Of a file that is refused for good nothing is read: it may not even be bounded.
        let is_broken = errors.iter().any(|error| error.since == Minor::OLDEST);
        let root = root.filter(|_| !is_broken);
        let config = root.map(|root| kubeconfig::read(view, root, Evidence::Parsed));
        Self { errors, config: config.unwrap_or_default() }
    }

    /// Why kubectl of that minor cannot decode the file, if it cannot.
    pub fn error(&self, minor: Minor) -> Option<&DecodeError> {
        self.errors.iter().find(|error| error.concerns(minor))
    }

    /// The users, in order.
    pub fn users(&self) -> &[AuthInfo] {
        &self.config.auth_infos
    }

    /// Whether the file has no contexts, so that no user is the one in use.
    pub fn is_fragment(&self) -> bool {
        self.config.contexts.is_empty() && self.config.current_context.is_none()
    }

    /// What becomes of `kubectl get`, the files that the kubeconfig names not being there.
    pub fn of_current_context(&self, minor: Minor) -> Verdict {
        verdict::of_user(&self.config.current(), Files::Missing, minor)
    }

    /// What becomes of `kubectl --user NAME --server https://… --insecure-skip-tls-verify get`.
    pub fn of_user(&self, auth: &AuthInfo, minor: Minor) -> Verdict {
        let server = Spanned { value: SERVER.to_owned(), span: Span::default(), alias: None };
        let cluster = Cluster {
            server: Some(server),
            // The flag makes kubectl forget the certificate authority.
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

/// Why kubectl cannot decode a file, in the order in which it meets it: it prints the first.
///
/// `view` is the file as kubectl reads it, `json_comment` the offset of the first comment in JSON,
/// and `check` what holds the document against client-go's types.
pub(crate) fn undecodable(
    source: &Source,
    view: View<'_>,
    json_comment: Option<usize>,
    check: fn(View<'_>, NodeId) -> Vec<DecodeError>,
) -> Vec<DecodeError> {
    let one = |span, reason| vec![DecodeError::new(span, reason)];
    match (source.raw(), source.invalid_at()) {
        (Some(bytes), _) => {
            if let Some(error) = yaml::error_in_bytes(bytes) {
                return one(error.span, Reason::Syntax(error.message));
            }
        }
        (None, Some(at)) => {
            // What go-yaml does not come to does not matter to it.
            let mut bytes = source.text().as_bytes().get(..at).unwrap_or(&[]).to_vec();
            bytes.push(0xff);
            if let Some(error) = yaml::error_in_bytes(&bytes) {
                return match error.span.start >= at {
                    true => one(Span::at(at), Reason::Encoding),
                    false => one(error.span, Reason::Syntax(error.message)),
                };
            }
        }
        (None, None) => {}
    }
    let Some(document) = view.tree.documents.first() else { return Vec::new() };
    let errors = match (&document.error, document.root) {
        (Some(error), root) => {
            match root.and_then(|root| compose::unknown_anchors(view, root).err()) {
                Some(earlier) => one(earlier.span, shown(view, earlier)),
                None => one(error.span, Reason::Syntax(error.message.clone())),
            }
        }
        (None, None) => Vec::new(),
        (None, Some(root)) => match compose::check(view, root) {
            Ok(()) => check(view, root),
            Err(error) => one(error.span, shown(view, error)),
        },
    };
    match (json_comment, errors.first()) {
        // The comment is at fault, wherever YAML stumbles.
        (Some(at), Some(error)) => {
            let reason = Reason::JsonComments(Some(Box::new(error.clone())));
            one(Span::new(at, at + 2), reason)
        }
        _ => errors,
    }
}

/// What go-yaml says of a tag or an alias quotes it, and it must not be a secret.
fn shown(view: View<'_>, error: DecodeError) -> Reason {
    let is_secret = || secrets::spans(view.tree, view.text).contains(&error.span);
    match error.reason {
        Reason::Tag(words) if is_secret() => Reason::Tag(decode::without_value(&words)),
        Reason::UnknownAnchor(_) if is_secret() => Reason::UnknownAnchor("…".to_owned()),
        reason => reason,
    }
}
