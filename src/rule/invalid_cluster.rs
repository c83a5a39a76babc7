use crate::finding::{Finding, KubectlSays};
use crate::kubernetes::validation::{self, Problem};
use crate::kubernetes::version::Target;
use crate::model::Subject;

declare_rule! {
    /// Finds clusters that kubectl refuses, together with every user that comes to them.
    ///
    /// ```text
    /// error: invalid 'proxy-url' "ftp://proxy" for cluster "c": unsupported scheme "ftp", must be http, https, or socks5
    /// error: certificate-authority-data and certificate-authority are both specified for c. certificate-authority-data will override.
    /// ```
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
    /// users: []
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
    /// users: []
    /// ```
    "invalid-cluster": Error,
    summary: "a cluster that kubectl refuses",
    since: "0.1.0",
    holds_for_excerpts: false,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::Cluster(cluster) = subject else { return Vec::new() };
    let newest =
        target.newest_where(|minor| !validation::validate_cluster(cluster, minor).is_empty());
    let Some(minor) = newest else { return Vec::new() };
    let errors = validation::validate_cluster(cluster, minor);
    let says = KubectlSays { version: minor.to_string(), words: validation::together(&errors) };
    errors
        .iter()
        .filter_map(|(problem, _)| {
            let (path, message, help) = match problem {
                Problem::InvalidProxyUrl => (
                    &cluster.proxy_url,
                    "kubectl takes no such `proxy-url`",
                    "write an address that begins with http://, https:// or socks5://",
                ),
                _ => (
                    &cluster.certificate_authority,
                    "the certificate authority is given both as a file and as data",
                    "remove `certificate-authority` or `certificate-authority-data`",
                ),
            };
            let place = path.as_ref()?;
            let finding = Finding::new(&RULE, place.span, message)
                .label("kubectl refuses the cluster")
                .says(Some(says.clone()))
                .via(place.alias)
                .help(help);
            Some(finding)
        })
        .collect()
}
