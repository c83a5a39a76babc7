//! What kubectl of a minor makes of a whole kubeconfig, without running it: for comparisons with
//! the real one, and for what the rules say of plugins that never run.
//!
//! Source: client-go `tools/clientcmd/client_config.go` (`ClientConfig`: the order of the steps),
//! `rest/transport.go` and `plugin/pkg/client/auth/exec/exec.go`; measured with the real kubectl
//! 1.20 to 1.37.

use crate::carrier::{self, Input};
use crate::decode::kubeconfig::{self, Kubeconfig};
use crate::decode::{DecodeError, document};
use crate::kubernetes::api_versions::INTERACTIVE_MODE_SINCE;
use crate::kubernetes::server::{self, NO_CLUSTER};
use crate::kubernetes::transport::{NEEDS_TERMINAL, substitute};
use crate::kubernetes::validation::{self, Problem};
use crate::kubernetes::version::Minor;
use crate::model::{AuthInfo, Cluster, Context, Credentials, Evidence, Reach, Spanned};

/// What becomes of a command of kubectl that talks to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Its kind.
    pub class: Class,
    /// What kubectl prints; `None` where it prints nothing, or what cannot be foretold.
    pub says: Option<String>,
}

/// The kinds of verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The file cannot be decoded.
    ParseError,
    /// The user, its context or its cluster is refused.
    Refused(Problem),
    /// The plugin wants a terminal.
    NeedsTerminal,
    /// The plugin is run.
    RunsPlugin,
    /// Other credentials, or none, are sent; no plugin is run.
    NoPlugin,
    /// An auth provider is at work.
    AuthProvider,
    /// kubectl asks for a user name.
    AsksForUser,
    /// There is no server but the default one.
    NoCluster,
}

impl Class {
    /// The name in `tests/kubectl`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ParseError => "parse-error",
            Self::NeedsTerminal => "interactive-needs-tty",
            Self::RunsPlugin => "runs-plugin",
            Self::NoPlugin => "no-plugin",
            Self::AuthProvider => "auth-provider",
            Self::AsksForUser => "no-credentials-prompt",
            Self::NoCluster => "no-cluster",
            Self::Refused(problem) => match problem {
                Problem::MissingContext => "context-missing",
                Problem::MissingCommand => "command-missing",
                Problem::MissingApiVersion => "apiVersion-missing",
                Problem::MissingEnvName => "env-name-missing",
                Problem::MissingInteractiveMode => "interactiveMode-missing",
                Problem::InvalidInteractiveMode => "interactiveMode-invalid",
                Problem::AuthProviderConflict | Problem::MultipleAuthMethods => "auth-conflict",
                Problem::ClientCertificateTwice
                | Problem::ClientKeyTwice
                | Problem::MissingClientKey
                | Problem::ImpersonationWithoutUser => "auth-info-invalid",
                Problem::InvalidProxyUrl
                | Problem::CertificateAuthorityTwice
                | Problem::MissingClusterFile => "cluster-invalid",
                Problem::MissingFile => "file-missing",
                Problem::InvalidApiVersion => "invalid-apiVersion",
                Problem::RemovedAuthProvider => "auth-provider-removed",
                Problem::UnknownAuthProvider => "auth-provider-unknown",
            },
        }
    }
}

/// The problem that names the verdict, of several that are reported together.
const BY_WEIGHT: [Problem; 9] = [
    Problem::MissingCommand,
    Problem::MissingApiVersion,
    Problem::InvalidInteractiveMode,
    Problem::MissingInteractiveMode,
    Problem::MissingEnvName,
    Problem::AuthProviderConflict,
    Problem::MultipleAuthMethods,
    Problem::MissingFile,
    Problem::MissingContext,
];

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

    /// What becomes of `kubectl get`, the files that the kubeconfig names not being there.
    pub fn of_current_context(&self, minor: Minor) -> Verdict {
        let mut auth = self.user_of(self.config.context());
        auth.cluster = self.cluster().cloned();
        if let Some(context) = self.config.missing_context() {
            auth = no_user();
            auth.missing_context = Some(context.clone());
        }
        let server = auth.cluster.as_ref().and_then(|cluster| cluster.server.as_ref());
        let server = server.map(|server| server.value.clone());
        of_user(&auth, server.as_deref(), minor)
    }

    /// What becomes of `kubectl --user NAME --server https://… --insecure-skip-tls-verify get`.
    pub fn of_user(&self, auth: &AuthInfo, minor: Minor) -> Verdict {
        let mut auth = auth.clone();
        // The flag makes kubectl forget the certificate authority.
        let unverified = |cluster: &Cluster| Cluster {
            certificate_authority: None,
            certificate_authority_data: None,
            ..cluster.clone()
        };
        auth.cluster = self.cluster().map(unverified);
        of_user(&auth, Some("https://127.0.0.1"), minor)
    }

    fn cluster(&self) -> Option<&Cluster> {
        self.config.cluster_of(self.config.context()?)
    }

    /// The user of a context; one without credentials where there is none.
    fn user_of(&self, context: Option<&Context>) -> AuthInfo {
        let name = context.and_then(|context| context.user.as_ref());
        let name_of = |auth: &&AuthInfo| {
            auth.name.as_ref().map(|name| &name.value) == name.map(|name| &name.value)
        };
        let mut auth = self.config.auth_infos.iter().find(name_of).cloned().unwrap_or_else(no_user);
        auth.name = name.cloned();
        auth
    }
}

fn no_user() -> AuthInfo {
    AuthInfo {
        name: None,
        exec: None,
        auth_provider: None,
        credentials: Credentials::default(),
        unseen_exec: None,
        missing_context: None,
        reach: Reach::Current,
        cluster: None,
        document: 1,
        file: None,
        is_part: false,
        evidence: Evidence::Parsed,
    }
}

/// What becomes of a user with a server; `None` is the default one.
fn of_user(auth: &AuthInfo, server: Option<&str>, minor: Minor) -> Verdict {
    let verdict = |class, says: &str| Verdict {
        class,
        says: Some(says.to_owned()).filter(|says| !says.is_empty()),
    };
    let errors = with_missing_files(auth, validation::validate(auth, minor));
    if let Some((first, _)) = errors.first() {
        let is_there = |problem: &&Problem| errors.iter().any(|(other, _)| other == *problem);
        let problem = BY_WEIGHT.iter().find(is_there).copied().unwrap_or(*first);
        return verdict(Class::Refused(problem), &validation::together(&errors));
    }
    let Some(server) = server else { return verdict(Class::NoCluster, NO_CLUSTER) };
    if !server::is_tls(server, minor) {
        return verdict(Class::NoPlugin, "");
    }
    let credentials = &auth.credentials;
    if let (None, Some(path)) = (credentials.token, &credentials.token_file) {
        let words = format!("error: {}", no_such_file(path));
        return verdict(Class::Refused(Problem::MissingFile), &words);
    }
    if let Some((problem, words)) = validation::construct(auth, minor) {
        let is_forgotten = words.starts_with("no Auth Provider");
        let problem = if is_forgotten { Problem::UnknownAuthProvider } else { problem };
        return verdict(Class::Refused(problem), &format!("error: {words}"));
    }
    let is_identified =
        credentials.username.or(credentials.token).or(credentials.certificate()).is_some();
    match (&auth.exec, &auth.auth_provider) {
        (Some(_), _) if substitute(credentials, minor).is_some() => verdict(Class::NoPlugin, ""),
        (Some(exec), _) => {
            let mode = exec.interactive_mode.as_ref().map(|mode| mode.value.as_str());
            if minor >= INTERACTIVE_MODE_SINCE && mode == Some("Always") {
                verdict(Class::NeedsTerminal, NEEDS_TERMINAL)
            } else {
                verdict(Class::RunsPlugin, "")
            }
        }
        (None, Some(_)) => verdict(Class::AuthProvider, ""),
        (None, None) if is_identified => verdict(Class::NoPlugin, ""),
        (None, None) => verdict(Class::AsksForUser, "error: EOF"),
    }
}

/// The errors of validation with those of the files that client-go opens meanwhile, as if none
/// were there.
fn with_missing_files(
    auth: &AuthInfo,
    mut errors: Vec<(Problem, String)>,
) -> Vec<(Problem, String)> {
    let missing = |what: &str, path: &Spanned<String>, name: &str| {
        let words = format!("unable to read {what} {} for {name} due to ", resolved(path));
        words + &no_such_file(path)
    };
    let credentials = &auth.credentials;
    let files =
        [("client-cert", &credentials.client_certificate), ("client-key", &credentials.client_key)];
    // The key is opened only beside a certificate.
    let files = files.into_iter().filter(|_| credentials.certificate().is_some());
    let files = files.filter_map(|(what, path)| {
        let words = missing(what, path.as_ref()?, auth.display_name());
        Some((Problem::MissingFile, words))
    });
    let is_before = |(problem, _): &(Problem, String)| {
        matches!(
            problem,
            Problem::MissingContext
                | Problem::ClientCertificateTwice
                | Problem::ClientKeyTwice
                | Problem::MissingClientKey
        )
    };
    let at = errors.iter().take_while(|error| is_before(error)).count();
    errors.splice(at..at, files);
    if let Some(cluster) = &auth.cluster {
        let path = cluster.certificate_authority.as_ref();
        let name = cluster.display_name();
        let words = path.map(|path| missing("certificate-authority", path, name));
        errors.extend(words.map(|words| (Problem::MissingClusterFile, words)));
    }
    errors
}

/// A path as kubectl resolves it, from the folder of the kubeconfig.
fn resolved(path: &Spanned<String>) -> String {
    if path.value.starts_with('/') { path.value.clone() } else { format!("…/{}", path.value) }
}

fn no_such_file(path: &Spanned<String>) -> String {
    format!("open {}: no such file or directory", resolved(path))
}
