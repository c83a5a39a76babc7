use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::message;
use crate::text::source::{Span, Spanned};

declare_rule! {
    /// Finds clusters that kubectl refuses.
    ///
    /// ## Why
    ///
    /// Every command that uses such a cluster fails, whoever the user is:
    ///
    /// ```text
    /// error: host must be a URL or a host:port pair: "https://cluster.example:6443,"
    /// error: invalid 'proxy-url' "ftp://proxy" for cluster "c": unsupported scheme "ftp", must be http, https, or socks5
    /// error: certificate-authority-data and certificate-authority are both specified for c. certificate-authority-data will override.
    /// error: specifying a root certificates file with the insecure flag is not allowed
    /// error: unable to load root certificates: unable to parse bytes as PEM block
    /// error: unable to load root certificates: no valid certificate authority data seen
    /// error: unable to load root certificates: failed to parse certificate: x509: malformed certificate
    /// ```
    ///
    /// Since 1.22, kubectl refuses `certificate-authority-data` without a valid certificate, if the
    /// server has TLS. A placeholder such as `${CA_DATA}` or `REDACTED` is presumed to be valid.
    ///
    /// Not checked: whether a file that `certificate-authority` names exists, and what is inside a
    /// certificate, such as its dates.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// kind: Config
    /// apiVersion: v1
    /// clusters:
    /// - name: c
    ///   cluster:
    ///     server: https://cluster.example
    ///     proxy-url: ftp://proxy
    /// contexts:
    /// - name: c
    ///   context: {cluster: c, user: u}
    /// current-context: c
    /// users:
    /// - name: u
    ///   user: {token: made-up}
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// kind: Config
    /// apiVersion: v1
    /// clusters:
    /// - name: c
    ///   cluster:
    ///     server: https://cluster.example
    ///     proxy-url: http://proxy
    /// contexts:
    /// - name: c
    ///   context: {cluster: c, user: u}
    /// current-context: c
    /// users:
    /// - name: u
    ///   user: {token: made-up}
    /// ```
    "invalid-cluster": Error,
    summary: "a cluster that kubectl refuses",
    since: "0.1.0",
    needs: File,
    step: Validation,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::Cluster(auth) = subject else { return Vec::new() };
    let Some(cluster) = &auth.cluster else { return Vec::new() };
    let problems = [
        (
            Problem::InvalidServer,
            place(&cluster.server),
            message!("{} refuses this `server`", target.program()),
            "write a URL such as https://cluster.example:6443",
        ),
        (
            Problem::InvalidProxyUrl,
            place(&cluster.proxy_url),
            message!("{} refuses this `proxy-url`", target.program()),
            "write a URL that starts with http://, https:// or socks5://",
        ),
        (
            Problem::CertificateAuthorityTwice,
            place(&cluster.certificate_authority),
            "the certificate authority is given both as a file and as data".into(),
            "remove `certificate-authority` or `certificate-authority-data`",
        ),
        (
            Problem::InsecureAuthority,
            place(&cluster.insecure),
            "`insecure-skip-tls-verify` with a certificate authority".into(),
            "remove `insecure-skip-tls-verify` or the certificate authority",
        ),
        (
            Problem::InvalidAuthority,
            // If a file is given as well, the data may be what to remove.
            place(&cluster.certificate_authority_data)
                .filter(|_| cluster.certificate_authority.is_none()),
            "no valid certificate in `certificate-authority-data`".into(),
            "write the base64 of a PEM file that contains a certificate",
        ),
    ];
    let findings = problems.into_iter().filter_map(|(problem, place, message, help)| {
        let messages = verdict::messages(auth, target, problem)?;
        let (span, alias) = place?;
        let finding = Finding::new(&RULE, span, message)
            .label(message!("{} refuses the cluster", target.program()))
            .kubectl_messages(Some(messages))
            .with_alias(alias)
            .help(help);
        Some(finding)
    });
    findings.collect()
}

/// Returns the span of a value, and that of the alias through which it got there.
fn place<T>(value: &Option<Spanned<T>>) -> Option<(Span, Option<Span>)> {
    value.as_ref().map(|value| (value.span, value.alias))
}
