use crate::finding::Finding;
use crate::kubectl::validation::Problem;
use crate::kubectl::verdict;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::message;

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
    /// ```
    ///
    /// Not checked: whether `certificate-authority-data` holds certificates, and whether a file
    /// that `certificate-authority` names exists. kubectl 1.22 and newer say of such data
    /// `unable to load root certificates`.
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
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::Cluster(auth) = subject else { return Vec::new() };
    let Some(cluster) = &auth.cluster else { return Vec::new() };
    let problems = [
        (
            Problem::InvalidServer,
            &cluster.server,
            message!("{} refuses this `server`", target.program()),
            "write a URL such as https://cluster.example:6443",
        ),
        (
            Problem::InvalidProxyUrl,
            &cluster.proxy_url,
            message!("{} refuses this `proxy-url`", target.program()),
            "write a URL that starts with http://, https:// or socks5://",
        ),
        (
            Problem::CertificateAuthorityTwice,
            &cluster.certificate_authority,
            "the certificate authority is given both as a file and as data".into(),
            "remove `certificate-authority` or `certificate-authority-data`",
        ),
    ];
    let findings = problems.into_iter().filter_map(|(problem, place, message, help)| {
        let messages = verdict::messages(auth, target, problem)?;
        let place = place.as_ref()?;
        let finding = Finding::new(&RULE, place.span, message)
            .label(message!("{} refuses the cluster", target.program()))
            .kubectl_messages(Some(messages))
            .with_alias(place.alias)
            .help(help);
        Some(finding)
    });
    findings.collect()
}
