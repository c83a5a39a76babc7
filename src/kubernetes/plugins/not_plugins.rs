//! Commands that look like credential plugins and are not: what they print has no `apiVersion`,
//! or is no credential.

use super::Invocation;

/// A command that kubeconfigs run in place of a plugin.
#[derive(Debug)]
pub struct NotAPlugin {
    /// The command, such as `kubelogin convert-kubeconfig`.
    pub name: &'static str,
    /// How a kubeconfig runs it.
    pub invocation: Invocation,
    /// What it does instead: `writes a kubeconfig`.
    pub does: &'static str,
    /// The command to run instead.
    pub instead: &'static str,
    /// Where that was read.
    pub source: &'static str,
}

const fn row(
    name: &'static str,
    command: &'static str,
    args: &'static [&'static str],
    does: &'static str,
    instead: &'static str,
    source: &'static str,
) -> NotAPlugin {
    NotAPlugin { name, invocation: Invocation { command, args }, does, instead, source }
}

const WRITES: &str = "writes a kubeconfig";
const PRINTS: &str = "prints no ExecCredential";

const AWS: &str = "aws eks get-token --cluster-name CLUSTER --output json";
const GKE: &str = "gke-gcloud-auth-plugin";
const AZURE: &str = "kubelogin get-token --login METHOD --server-id ID";

/// All known commands of this kind.
pub static NOT_PLUGINS: &[NotAPlugin] = &[
    row(
        "aws eks update-kubeconfig",
        "aws",
        &["eks", "update-kubeconfig"],
        WRITES,
        AWS,
        "aws-cli awscli/customizations/eks/update_kubeconfig.py at 1.46.3",
    ),
    row(
        "eksctl utils write-kubeconfig",
        "eksctl",
        &["utils", "write-kubeconfig"],
        WRITES,
        AWS,
        "eksctl pkg/utils/kubeconfig/kubeconfig.go",
    ),
    row(
        "gcloud config config-helper",
        "gcloud",
        &["config", "config-helper"],
        PRINTS,
        GKE,
        "argo-cd issue 6749, terraform-provider-kubernetes issue 1176",
    ),
    row(
        "gcloud auth print-access-token",
        "gcloud",
        &["auth", "print-access-token"],
        "prints a bare token",
        GKE,
        "gcloud's reference of the command",
    ),
    row(
        "gcloud container clusters get-credentials",
        "gcloud",
        &["container", "clusters", "get-credentials"],
        WRITES,
        GKE,
        "gcloud's reference of the command",
    ),
    row(
        "az aks get-credentials",
        "az",
        &["aks", "get-credentials"],
        WRITES,
        AZURE,
        "the reference of the Azure CLI",
    ),
    row(
        "az account get-access-token",
        "az",
        &["account", "get-access-token"],
        PRINTS,
        AZURE,
        "the reference of the Azure CLI",
    ),
    row(
        "kubelogin convert-kubeconfig",
        "kubelogin",
        &["convert-kubeconfig"],
        WRITES,
        AZURE,
        "Azure/kubelogin pkg/internal/converter/convert.go; argo-cd issue 6749",
    ),
    row(
        "kubectl oidc-login setup",
        "kubectl",
        &["oidc-login", "setup"],
        "prints instructions",
        "kubectl oidc-login get-token --oidc-issuer-url URL --oidc-client-id ID",
        "int128/kubelogin docs/setup.md",
    ),
    row(
        "doctl kubernetes cluster kubeconfig save",
        "doctl",
        &["cluster", "kubeconfig", "save"],
        WRITES,
        "doctl kubernetes cluster kubeconfig exec-credential --version=v1beta1 CLUSTER",
        "doctl commands/kubernetes.go",
    ),
    row(
        "oci ce cluster create-kubeconfig",
        "oci",
        &["ce", "cluster", "create-kubeconfig"],
        WRITES,
        "oci ce cluster generate-token --cluster-id ID --region REGION",
        "oci-cli containerengine_cli_extended.py",
    ),
    row(
        "scw k8s kubeconfig install",
        "scw",
        &["k8s", "kubeconfig", "install"],
        WRITES,
        "scw k8s exec-credential",
        "scaleway-cli internal/namespaces/k8s/v1",
    ),
    row(
        "tsh kube login",
        "tsh",
        &["kube", "login"],
        WRITES,
        "tsh kube credentials --kube-cluster=CLUSTER --teleport-cluster=CLUSTER --proxy=PROXY",
        "teleport tool/tsh/common/kube.go",
    ),
    row(
        "glab cluster agent update-kubeconfig",
        "glab",
        &["cluster", "agent", "update-kubeconfig"],
        WRITES,
        "glab cluster agent get-token --agent ID",
        "GitLab's CLI, the reference of the command",
    ),
];
