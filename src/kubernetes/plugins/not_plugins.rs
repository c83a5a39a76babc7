//! Commands that look like credential plugins but are not: their output has no `apiVersion`, or is
//! not a credential.

use super::Invocation;

/// What a program prints in place of an ExecCredential. Measured with kubectl 1.20 to 1.37.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherOutput {
    /// Text that YAML reads as one string, such as a bare token or a table.
    Text,
    /// A list.
    List,
    /// Nothing, or a mapping without `apiVersion`.
    Untyped,
}

/// A command that kubeconfigs run in place of a plugin.
#[derive(Debug)]
pub struct NotAPlugin {
    /// The command, such as `kubelogin convert-kubeconfig`.
    pub name: &'static str,
    /// The command line that runs it.
    pub invocation: Invocation,
    /// What it does instead of printing a credential: `writes a kubeconfig`.
    pub does: &'static str,
    /// What it prints without further options; `None` if that is not known.
    pub output: Option<OtherOutput>,
    /// The command to run instead.
    pub instead: &'static str,
    /// Where these facts were read.
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
    let invocation = Invocation { command, args };
    NotAPlugin { name, invocation, does, output: None, instead, source }
}

impl NotAPlugin {
    const fn printing(self, output: OtherOutput) -> Self {
        Self { output: Some(output), ..self }
    }
}

const WRITES: &str = "writes a kubeconfig";
const PRINTS: &str = "does not print an ExecCredential";

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
        "eksctl-io/eksctl pkg/ctl/utils/write_kubeconfig.go at 99984ad",
    ),
    row(
        "gcloud config config-helper",
        "gcloud",
        &["config", "config-helper"],
        PRINTS,
        GKE,
        "argo-cd issue 6749, terraform-provider-kubernetes issue 1176",
    )
    .printing(OtherOutput::Untyped),
    row(
        "gcloud auth print-access-token",
        "gcloud",
        &["auth", "print-access-token"],
        "prints a bare token",
        GKE,
        "cloud.google.com/sdk/gcloud/reference/auth/print-access-token",
    )
    .printing(OtherOutput::Text),
    row(
        "gcloud container clusters get-credentials",
        "gcloud",
        &["container", "clusters", "get-credentials"],
        WRITES,
        GKE,
        "cloud.google.com/sdk/gcloud/reference/container/clusters/get-credentials",
    ),
    row(
        "az aks get-credentials",
        "az",
        &["aks", "get-credentials"],
        WRITES,
        AZURE,
        "Azure/azure-cli src/azure-cli/azure/cli/command_modules/acs/custom.py at 0a1fa21",
    ),
    row(
        "az account get-access-token",
        "az",
        &["account", "get-access-token"],
        PRINTS,
        AZURE,
        "Azure/azure-cli src/azure-cli/azure/cli/command_modules/profile/custom.py at 0222eb3",
    )
    .printing(OtherOutput::Untyped),
    row(
        "kubelogin convert-kubeconfig",
        "kubelogin",
        &["convert-kubeconfig"],
        WRITES,
        AZURE,
        "Azure/kubelogin pkg/internal/converter/convert.go at 6678496; argo-cd issue 6749",
    )
    .printing(OtherOutput::Untyped),
    row(
        "kubectl oidc-login setup",
        "kubectl",
        &["oidc-login", "setup"],
        "prints instructions",
        "kubectl oidc-login get-token --oidc-issuer-url URL --oidc-client-id ID",
        "int128/kubelogin docs/setup.md, pkg/usecases/setup/setup.md at 4ac72f1",
    ),
    row(
        "doctl kubernetes cluster kubeconfig save",
        "doctl",
        &["cluster", "kubeconfig", "save"],
        WRITES,
        "doctl kubernetes cluster kubeconfig exec-credential --version=v1beta1 CLUSTER",
        "digitalocean/doctl commands/kubernetes.go at 168188d",
    ),
    row(
        "oci ce cluster create-kubeconfig",
        "oci",
        &["ce", "cluster", "create-kubeconfig"],
        WRITES,
        "oci ce cluster generate-token --cluster-id ID --region REGION",
        "oracle/oci-cli containerengine_cli_extended.py at 3.89.3",
    ),
    row(
        "scw k8s kubeconfig install",
        "scw",
        &["k8s", "kubeconfig", "install"],
        WRITES,
        "scw k8s exec-credential",
        "scaleway/scaleway-cli internal/namespaces/k8s/v1/custom_kubeconfig_install.go at c2d470d",
    ),
    row(
        "tsh kube login",
        "tsh",
        &["kube", "login"],
        WRITES,
        "tsh kube credentials --kube-cluster=CLUSTER --teleport-cluster=CLUSTER --proxy=PROXY",
        "gravitational/teleport tool/tsh/common/kube.go at 925286c",
    ),
    row(
        "glab cluster agent update-kubeconfig",
        "glab",
        &["cluster", "agent", "update-kubeconfig"],
        WRITES,
        "glab cluster agent get-token --agent ID",
        "gitlab-org/cli internal/commands/cluster/agent/update_kubeconfig/ at 9523a73",
    ),
];
