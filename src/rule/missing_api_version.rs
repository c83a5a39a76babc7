use crate::finding::Finding;
use crate::kubernetes::advice;
use crate::kubernetes::plugin_output;
use crate::kubernetes::validation::Problem;
use crate::kubernetes::verdict;
use crate::kubernetes::version::Target;
use crate::model::{ExecConfig, Subject};

declare_rule! {
    /// Finds exec configs and ExecCredentials without an API version.
    ///
    /// An `apiVersion` that is absent, empty or null, or spelt `apiversion` or `api_version`, is
    /// none to kubectl:
    ///
    /// ```text
    /// error: apiVersion must be specified for u to use exec authentication plugin
    /// ```
    ///
    /// A plugin that prints an ExecCredential without one is told of a version `__internal`:
    ///
    /// ```text
    /// exec plugin is configured to use API version client.authentication.k8s.io/v1beta1, plugin returned version client.authentication.k8s.io/__internal
    /// ```
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// users:
    /// - name: u
    ///   user:
    ///     exec:
    ///       command: aws
    ///       args: [eks, get-token, --cluster-name, c, --output, json]
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
    ///       command: aws
    ///       args: [eks, get-token, --cluster-name, c, --output, json]
    /// ```
    "missing-api-version": Error,
    summary: "an exec config or ExecCredential without an API version",
    since: "0.1.0",
    holds_for_excerpts: false,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    match subject {
        Subject::AuthInfo(auth) if auth.evidence.is_whole() => {
            let is_absent =
                |exec: &&ExecConfig| exec.api_version.is_none() && !exec.is_version_set_elsewhere;
            let Some(exec) = auth.exec.as_ref().filter(is_absent) else { return Vec::new() };
            let (span, label) = match exec.api_version_key {
                Some(key) => (key, "it is empty"),
                None => (exec.key, "this exec config has no `apiVersion`"),
            };
            let finding = Finding::new(&RULE, span, "the exec config has no `apiVersion`")
                .label(label)
                .words(verdict::says(auth, target, Problem::MissingApiVersion))
                .via(exec.alias)
                .of_user(auth);
            let advice = advice::for_user(exec, auth, target);
            let misspelt = exec.misspelt_api_version.filter(|_| exec.api_version_key.is_none());
            if let Some(key) = misspelt {
                let help = "spell the key `apiVersion`: kubectl minds the case of every letter";
                let finding = finding.related(key, "kubectl knows no such key").help(help);
                return vec![finding.advised(advice)];
            }
            vec![finding.advised(advice)]
        }
        Subject::ExecCredential(credential)
            if credential.evidence.is_whole() && credential.api_version.is_none() =>
        {
            vec![
                Finding::new(&RULE, credential.kind, "the ExecCredential has no `apiVersion`")
                    .label("kubectl wants the version that the kubeconfig names")
                    .words(Some(plugin_output::of_version(credential, target)))
                    .of_credential(credential)
                    .help(
                        "print the version that KUBERNETES_EXEC_INFO names, such as \
                         `client.authentication.k8s.io/v1beta1`",
                    ),
            ]
        }
        _ => Vec::new(),
    }
}
