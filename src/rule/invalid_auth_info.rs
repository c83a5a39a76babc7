use crate::finding::Finding;
use crate::kubectl::validation::{self, Problem};
use crate::kubectl::verdict;
use crate::kubernetes::target::Target;
use crate::model::{AuthInfo, Subject};
use crate::text::message::message;
use crate::text::source::{Span, Spanned};

declare_rule! {
    /// Finds conflicting or incomplete credentials of a user.
    ///
    /// ## Why
    ///
    /// kubectl checks these credentials together with the exec config, and refuses the user:
    ///
    /// ```text
    /// error: more than one authentication method found for u; found [token basicAuth], only one is allowed
    /// error: client-key-data or client-key must be specified for u to use the clientCert authentication method.
    /// error: client-cert-data and client-cert are both specified for u. client-cert-data will override.
    /// error: client-key-data and client-key are both specified for u; client-key-data will override
    /// error: requesting uid, groups or user-extra for u without impersonating a user
    /// ```
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     token: made-up
    ///     username: admin
    ///     password: made-up
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: kubelogin
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: kubelogin
    /// ```
    "invalid-auth-info": Error,
    summary: "conflicting or incomplete credentials of a user",
    since: "0.1.0",
    needs: File,
    step: Validation,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::AuthInfo(auth) = subject else { return Vec::new() };
    let problems = [
        Problem::ClientCertificateTwice,
        Problem::ClientKeyTwice,
        Problem::MissingClientKey,
        Problem::MultipleAuthMethods,
        Problem::ImpersonationWithoutUser,
    ];
    problems
        .into_iter()
        .filter_map(|problem| {
            let messages = verdict::messages(auth, target, problem)?;
            let (place, other, message, help) = describe(auth, target, problem)?;
            let finding = Finding::new(&RULE, place, message)
                .label(message!("{} refuses the user", target.program()))
                .kubectl_messages(Some(messages))
                .help(help);
            Some(other.into_iter().fold(finding, |f, other| f.related(other, "the other one")))
        })
        .collect()
}

/// Returns the place of the problem, the related place, the label and the help.
fn describe(
    auth: &AuthInfo,
    target: &Target,
    problem: Problem,
) -> Option<(Span, Option<Span>, &'static str, &'static str)> {
    let credentials = &auth.credentials;
    let path = |path: &Option<Box<Spanned<String>>>| path.as_ref().map(|path| path.span);
    Some(match problem {
        Problem::ClientCertificateTwice => (
            path(&credentials.client_certificate)?,
            credentials.client_certificate_data,
            "the client certificate is given both as a file and as data",
            "remove `client-certificate` or `client-certificate-data`",
        ),
        Problem::ClientKeyTwice => (
            path(&credentials.client_key)?,
            credentials.client_key_data,
            "the client key is given both as a file and as data",
            "remove `client-key` or `client-key-data`",
        ),
        Problem::MissingClientKey => (
            credentials.certificate()?,
            None,
            "the client certificate has no key",
            "add `client-key-data` or `client-key`, or remove the certificate",
        ),
        Problem::MultipleAuthMethods => (
            credentials.token?,
            credentials.username.or(credentials.password),
            "the user has both a token and a username or password",
            "remove the token, or `username` and `password`",
        ),
        Problem::ImpersonationWithoutUser => (
            validation::impersonates_more(credentials, target.last)?,
            None,
            "impersonation is configured without a user",
            "add `as:` with the user to impersonate, or remove `as-uid`, `as-groups` and \
             `as-user-extra`",
        ),
        _ => return None,
    })
}
