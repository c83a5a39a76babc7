//! The classes of kubectl's answers, as `tests/kubectl` names them.

use kubeconfig_lint::internals::api_versions::EXEC_CREDENTIAL_KIND;
use kubeconfig_lint::internals::{Class, CredentialProblem, DecodeError, Problem, Reason, Refusal};

/// Returns the class of a verdict on a kubeconfig.
pub(crate) fn of_verdict(class: Class) -> &'static str {
    match class {
        Class::ParseError => "parse-error",
        Class::NeedsTerminal => "interactive-needs-tty",
        Class::RunsPlugin => "runs-plugin",
        Class::NoPlugin => "no-plugin",
        Class::AuthProvider => "auth-provider",
        Class::AsksForUser => "no-credentials-prompt",
        Class::NoCluster => "no-cluster",
        Class::Refused(problem) => match problem {
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
            | Problem::InvalidAuthority
            | Problem::InsecureAuthority
            | Problem::MissingClusterFile => "cluster-invalid",
            Problem::MissingFile => "file-missing",
            Problem::InvalidApiVersion => "invalid-apiVersion",
            Problem::RemovedAuthProvider => "auth-provider-removed",
            Problem::UnknownAuthProvider => "auth-provider-unknown",
            Problem::InvalidServer
            | Problem::DeprecatedAuthProvider
            | Problem::MissingServer
            | Problem::NeedsTerminal
            | Problem::NoCredentials => "other",
        },
    }
}

/// Returns the class of a reason to reject a plugin's output.
pub(crate) fn of_refusal(refusal: &Refusal) -> &'static str {
    match &refusal.problem {
        CredentialProblem::Decode(DecodeError { reason: Reason::NoKind { kind, .. }, .. }) => {
            match kind.value == EXEC_CREDENTIAL_KIND {
                true => "output-version-unknown",
                false => "kind-mismatch",
            }
        }
        CredentialProblem::Decode(_) => "plugin-bad-output",
        CredentialProblem::OtherVersion { .. } => "version-mismatch",
        CredentialProblem::NoStatus => "status-missing",
        CredentialProblem::NoCredential => "credential-missing",
        CredentialProblem::HalfPair | CredentialProblem::Certificate => "credential-bad-cert",
        // kubectl accepts the credentials; the request fails.
        CredentialProblem::Unsendable => "request-failed",
    }
}
