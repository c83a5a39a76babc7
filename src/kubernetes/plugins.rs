//! Exec credential plugins: which API version each one answers with.

use super::api_versions::ApiVersion;

mod table;
mod wrappers;

pub use table::PLUGINS;

/// A known plugin.
#[derive(Debug)]
pub struct Plugin {
    /// What people call it, such as `aws`.
    pub name: &'static str,
    /// How a kubeconfig runs it; any one of these.
    pub invocations: &'static [Invocation],
    /// Which versions it prints, and how it chooses.
    pub answers: Answers,
    /// What a kubeconfig that runs it should say; `None` where it must be replaced.
    pub target: Option<&'static ApiVersion>,
    /// The least releases of the plugin that answer `target`, in words such as
    /// `aws-cli 1.23.9 or 2.6.3`; `None` where all do, or where it is not known.
    pub least: Option<&'static str>,
    /// The command that writes the kubeconfig entry again.
    pub regenerate: Option<&'static str>,
    /// Where the facts were read.
    pub source: &'static str,
}

/// A command, and words that stand among its arguments in this order.
#[derive(Debug, PartialEq, Eq)]
pub struct Invocation {
    /// The base name of the command, without `.exe`.
    pub command: &'static str,
    /// The words; a flag (`--server-id`) also stands for itself with a value
    /// (`--server-id=x`).
    pub args: &'static [&'static str],
}

/// How a plugin chooses the version it prints.
#[derive(Debug)]
pub enum Answers {
    /// The one that kubectl asks for in KUBERNETES_EXEC_INFO, if it is one of these.
    Echo(&'static [&'static ApiVersion]),
    /// Always this one.
    Fixed(&'static ApiVersion),
    /// The one that an argument names.
    Flag {
        /// The argument, such as `--api-version`.
        flag: &'static str,
        /// What it takes.
        versions: &'static [&'static ApiVersion],
    },
    /// One of these, by settings of its own that a kubeconfig need not show.
    Settings(&'static [&'static ApiVersion]),
}

impl Answers {
    /// The versions that it can be brought to print.
    pub fn versions(&self) -> &[&'static ApiVersion] {
        match self {
            Self::Echo(versions) | Self::Flag { versions, .. } | Self::Settings(versions) => {
                versions
            }
            Self::Fixed(version) => std::slice::from_ref(version),
        }
    }
}

impl Invocation {
    /// Whether a command line is one of these: the words stand among the arguments, in order.
    fn matches(&self, command: &str, args: &[&str]) -> bool {
        let mut rest = args.iter();
        self.command == command && self.args.iter().all(|word| rest.any(|arg| is_word(arg, word)))
    }
}

/// Whether an argument is the word, or the flag of that name with its value.
fn is_word(arg: &str, word: &str) -> bool {
    match arg.strip_prefix(word) {
        Some("") => true,
        Some(rest) => word.starts_with('-') && rest.starts_with('='),
        None => false,
    }
}

/// The plugin that a command line runs, directly or through a wrapper such as `env` or
/// `sh -c`. The most specific invocation wins.
pub fn lookup(command: &str, args: &[&str]) -> Option<&'static Plugin> {
    let line = wrappers::unwrap(command, args);
    let (command, args) = line.split_first()?;
    let command = base_name(command);
    let invocations =
        PLUGINS.iter().flat_map(|plugin| plugin.invocations.iter().map(move |run| (plugin, run)));
    invocations
        .filter(|(_, run)| run.matches(command, args))
        .max_by_key(|(_, run)| run.args.len())
        .map(|(plugin, _)| plugin)
}

/// The last part of a path of either kind, without `.exe`.
fn base_name(command: &str) -> &str {
    let base = command.rsplit(['/', '\\']).next().unwrap_or(command);
    match base.len().checked_sub(4).and_then(|at| base.split_at_checked(at)) {
        Some((stem, extension)) if extension.eq_ignore_ascii_case(".exe") => stem,
        _ => base,
    }
}

#[cfg(test)]
mod tests {
    use super::super::api_versions::{V1, V1BETA1};
    use super::*;

    /// One command line, as found in kubeconfigs, for each invocation of the table.
    const LINES: &[(&str, &str)] = &[
        ("aws", "aws --region eu-west-1 eks get-token --cluster-name c --output json"),
        ("aws-iam-authenticator", "aws-iam-authenticator token -i c"),
        ("heptio-authenticator-aws", "heptio-authenticator-aws token -i c"),
        ("kubergrunt", "kubergrunt eks token --cluster-id c"),
        ("gke-gcloud-auth-plugin", "gke-gcloud-auth-plugin"),
        ("gke-exec-auth-plugin", "/home/kubernetes/bin/gke-exec-auth-plugin --cache-dir /d"),
        ("gke-auth-plugin", "gke-auth-plugin"),
        ("Azure kubelogin", "kubelogin get-token --environment AzurePublicCloud"),
        ("Azure kubelogin", "kubelogin get-token --login azurecli --server-id 6dae42f8"),
        ("Azure kubelogin", "kubelogin get-token -l msi --server-id=6dae42f8"),
        ("Azure kubelogin", "kubelogin.exe get-token --server-id 6dae42f8 --tenant-id t"),
        ("Azure kubelogin", "kubelogin get-token -l workloadidentity"),
        ("kubelogin (oidc-login)", "kubelogin get-token --oidc-issuer-url=https://i.example"),
        ("kubelogin (oidc-login)", "kubelogin get-token --oidc-issuer-url https://i.example"),
        ("kubelogin (oidc-login)", "kubectl oidc-login get-token --oidc-issuer-url=https://i"),
        ("kubelogin (oidc-login)", "kubectl-oidc_login get-token --oidc-client-id=c"),
        ("kubelogin", "kubelogin get-token"),
        (
            "doctl",
            "doctl kubernetes cluster kubeconfig exec-credential --version=v1beta1 --context=d i",
        ),
        ("doctl", "doctl k8s cluster kubeconfig exec-credential --version=v1beta1 i"),
        ("argocd-k8s-auth", "argocd-k8s-auth aws --cluster-name c"),
        ("argocd-k8s-auth", "argocd-k8s-auth gcp"),
        ("oci", "oci ce cluster generate-token --cluster-id ocid1 --region r"),
        ("exo", "exo compute sks kubeconfig c admin --exec-credential"),
        ("scw", "scw k8s exec-credential"),
        ("oc", "oc get-token --issuer-url https://i.example"),
        ("stackit", "stackit ske kubeconfig login"),
        ("pomerium-cli", "pomerium-cli k8s exec-credential https://k.example"),
        ("tanzu context", "tanzu context get-token c"),
        ("pinniped", "pinniped login oidc --issuer https://i.example"),
        ("pinniped", "pinniped login static --token-env T"),
        ("pinniped", "tanzu pinniped-auth login --issuer=https://i.example"),
        ("tsh", "/usr/local/bin/tsh kube credentials --kube-cluster=c --teleport-cluster=t"),
        ("tbot", "tbot kube credentials --destination-dir=/d"),
        ("vcluster", "vcluster platform token --silent --config /c"),
        ("loft", "loft token --silent --config /c"),
        ("rancher", "rancher token --server=s.example --user=u"),
        ("gardenlogin", "kubectl gardenlogin get-client-certificate"),
        ("gardenlogin", "kubectl-gardenlogin get-client-certificate"),
        ("client-keystone-auth", "client-keystone-auth"),
        ("infra", "infra tokens add"),
        (
            "ack-ram-tool",
            "ack-ram-tool credential-plugin get-credential --cluster-id c --api-version v1beta1",
        ),
        (
            "ack-ram-tool",
            "ack-ram-tool credential-plugin get-token --cluster-id c --api-version v1",
        ),
        ("ncp-iam-authenticator", "ncp-iam-authenticator token --clusterUuid u --region KR"),
        ("kubectl-gs", "kubectl-gs credential-plugin"),
        ("kubectl-gs", "kubectl gs credential-plugin"),
        ("k8s-ldap-auth", "k8s-ldap-auth auth --endpoint=https://e.example"),
        ("datumctl", "datumctl auth get-token --output=client.authentication.k8s.io/v1"),
        ("glab", "glab cluster agent get-token --agent 1"),
        ("up", "up organization token"),
        ("encore", "encore kubernetes exec-credentials --env=e"),
        ("yc", "yc k8s create-token --profile=default"),
        ("yc", "/usr/bin/yc managed-kubernetes create-token --format json"),
    ];

    fn of_line(line: &str) -> Option<&'static str> {
        let words: Vec<&str> = line.split(' ').collect();
        lookup(words[0], &words[1..]).map(|plugin| plugin.name)
    }

    #[test]
    fn every_plugin_is_found_by_what_kubeconfigs_run() {
        for (name, line) in LINES {
            assert_eq!(of_line(line), Some(*name), "{line}");
        }
    }

    #[test]
    fn every_invocation_of_the_table_is_tried() {
        for plugin in PLUGINS {
            for run in plugin.invocations {
                let tried = LINES.iter().any(|(name, line)| {
                    let words: Vec<&str> = line.split(' ').collect();
                    *name == plugin.name && run.matches(base_name(words[0]), &words[1..])
                });
                assert!(tried, "{}: {run:?}", plugin.name);
            }
        }
    }

    #[test]
    fn no_two_plugins_claim_the_same_command_line() {
        let all = || PLUGINS.iter().flat_map(|p| p.invocations.iter().map(move |run| (p, run)));
        for (plugin, run) in all() {
            let claims = all().filter(|(_, other)| *other == run).count();
            assert_eq!(claims, 1, "{}: {run:?}", plugin.name);
        }
        for (_, line) in LINES {
            let words: Vec<&str> = line.split(' ').collect();
            let matching =
                || all().filter(|(_, run)| run.matches(base_name(words[0]), &words[1..]));
            let most = matching().map(|(_, run)| run.args.len()).max();
            let mut best = matching().filter(|(_, run)| Some(run.args.len()) == most);
            let name = best.next().map(|(plugin, _)| plugin.name);
            assert!(best.all(|(plugin, _)| Some(plugin.name) == name), "{line}");
        }
    }

    #[test]
    fn the_target_is_among_what_the_plugin_answers() {
        for plugin in PLUGINS {
            let answered =
                plugin.target.is_none_or(|version| plugin.answers.versions().contains(&version));
            assert!(answered, "{}", plugin.name);
            assert!(!plugin.source.is_empty(), "{}", plugin.name);
        }
    }

    #[test]
    fn targets_that_matter_are_as_the_plugins_want_them() {
        let target = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            lookup(words[0], &words[1..]).and_then(|plugin| plugin.target)
        };
        assert_eq!(target("heptio-authenticator-aws token -i c"), None);
        assert_eq!(target("aws eks get-token"), Some(&V1BETA1));
        assert_eq!(target("gke-gcloud-auth-plugin"), Some(&V1BETA1));
        assert_eq!(target("scw k8s exec-credential"), Some(&V1));
        // Whichever of the two it is, the advice is the same.
        for line in [
            "kubelogin",
            "kubelogin get-token --login x",
            "kubelogin get-token --oidc-issuer-url=x",
        ] {
            assert_eq!(target(line), Some(&V1BETA1), "{line}");
        }
    }

    #[test]
    fn what_is_no_plugin_is_not_found() {
        for line in [
            "aws",
            "aws eks update-kubeconfig --name get-token-x",
            "aws get-token eks",
            "kubectl get pods",
            "kubelogin2",
            "my-aws eks get-token",
            "doctl kubernetes cluster kubeconfig show c",
            "",
        ] {
            assert_eq!(of_line(line), None, "{line}");
        }
    }

    #[test]
    fn paths_and_extensions_do_not_matter() {
        for command in [
            "/usr/local/bin/aws",
            "./aws",
            r"C:\Program Files\Amazon\AWSCLIV2\aws.exe",
            "AWSCLIV2/aws.EXE",
        ] {
            let name = lookup(command, &["eks", "get-token"]).map(|plugin| plugin.name);
            assert_eq!(name, Some("aws"), "{command}");
        }
        assert_eq!(base_name("é.exe"), "é");
        assert_eq!(base_name("aéxe"), "aéxe");
        assert_eq!(base_name(""), "");
    }
}
