//! Predicts what kubectl of a minor does with a whole kubeconfig, for comparisons with the real
//! kubectl.

use std::sync::Arc;

use crate::kubectl::decode::view::View;
use crate::kubectl::decode::{kubeconfig, undecodable};
use crate::kubectl::select::Selected;
use crate::kubectl::{files, verdict};
use crate::kubernetes::reader::Reader;
use crate::kubernetes::version::Minor;
use crate::model::refusal::DecodeError;
use crate::model::{AuthInfo, Cluster, Evidence, Reach};
use crate::syntax::yaml;
use crate::text::source::{Source, Span, Spanned};

pub use crate::kubectl::verdict::{Class, Verdict};

/// A file that kubectl reads as a kubeconfig, as with `--kubeconfig FILE`, whatever its content.
#[derive(Debug)]
pub struct KubeconfigFile {
    errors: Vec<DecodeError>,
    selected: Selected,
}

impl KubeconfigFile {
    /// Reads a file.
    pub fn new(source: &Source) -> Self {
        let tree = yaml::parse(source.text());
        let view = View { tree: &tree, text: source.text() };
        let errors = undecodable::of_file(source, view);
        // We read nothing of a file that every kubectl rejects: it may not even be bounded.
        let is_broken = errors.iter().any(|error| error.since == Minor::OLDEST);
        let root = view.tree.documents.first().and_then(|document| document.root);
        let root = root.filter(|_| !is_broken);
        let config = root.map(|root| kubeconfig::read(view, root, Evidence::Parsed));
        Self { errors, selected: Selected::new(config.unwrap_or_default(), None) }
    }

    /// Returns why kubectl of that minor cannot decode the file.
    pub fn error(&self, minor: Minor) -> Option<&DecodeError> {
        self.errors.iter().find(|error| error.concerns(minor))
    }

    /// Returns the users, in order.
    pub fn users(&self) -> impl Iterator<Item = &AuthInfo> {
        self.selected.config.auth_infos.iter().map(Box::as_ref)
    }

    /// Returns whether the file has no contexts and no `current-context`, so that no user is the
    /// current one.
    pub fn is_fragment(&self) -> bool {
        let config = &self.selected.config;
        config.contexts.is_empty() && config.current_context.is_none()
    }

    /// Returns the verdict on `kubectl get`, or on such a command of another program, given that no
    /// file named in the kubeconfig exists.
    pub fn of_current_context(&self, reader: impl Into<Reader>) -> Verdict {
        let auth = self.selected.current();
        verdict::of_user(&auth, &files::missing(&auth), reader)
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
            insecure: None,
            ..self.selected.current().cluster.map(Arc::unwrap_or_clone).unwrap_or_default()
        };
        let missing_context = self.selected.missing_context().cloned().map(Box::new);
        let reach = Reach::Name;
        let auth =
            AuthInfo { cluster: Some(Arc::new(cluster)), missing_context, reach, ..auth.clone() };
        verdict::of_user(&auth, &files::missing(&auth), minor)
    }
}

/// A server with TLS.
const SERVER: &str = "https://127.0.0.1";
