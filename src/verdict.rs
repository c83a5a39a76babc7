//! What kubectl of a minor makes of a whole kubeconfig, without running it: for comparisons with
//! the real one.

use crate::carrier::{self, Input};
use crate::decode::kubeconfig::{self, Kubeconfig};
use crate::decode::{DecodeError, document};
use crate::kubernetes::verdict::{self, Files};
use crate::kubernetes::version::Minor;
use crate::model::{AuthInfo, Cluster, Evidence, Reach, Spanned};
use crate::source::Span;

pub use crate::kubernetes::verdict::{Class, Verdict};

/// A kubeconfig as kubectl reads it, whatever it is meant to be: the way of `--kubeconfig FILE`.
#[derive(Debug)]
pub struct File {
    errors: Vec<DecodeError>,
    config: Kubeconfig,
}

impl File {
    /// Reads a file.
    pub fn new(input: &Input<'_>) -> Self {
        let view = input.strict();
        let root = view.tree.documents.first().and_then(|document| document.root);
        let unbounded = root.and_then(|root| document::unbounded(view, root));
        let errors = match unbounded {
            Some(error) => vec![error],
            None => carrier::kubeconfig::undecodable(input),
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
