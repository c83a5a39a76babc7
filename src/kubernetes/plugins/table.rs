//! The known plugins, one row each.
//!
//! A row describes all releases that were read: see its `source`.

use super::super::api_versions::{V1, V1ALPHA1, V1BETA1};
use super::{Answers, Invocation, Phase, Plugin, Regenerate, Release};

const fn run(command: &'static str, args: &'static [&'static str]) -> Invocation {
    Invocation { command, args }
}

/// What a plugin prints in all releases, or up to the next phase.
pub(super) const fn always(answers: Answers) -> Phase {
    Phase { since: Release::FIRST, answers }
}

/// What a plugin prints from a release on.
const fn since(major: u32, minor: u32, patch: u32, answers: Answers) -> Phase {
    Phase { since: Release(major, minor, patch), answers }
}

/// The values of the fields that a row leaves out.
pub(super) const PLUGIN: Plugin = Plugin {
    name: "",
    package: None,
    invocations: &[],
    history: &[],
    target: None,
    instead: None,
    least: &[],
    release: None,
    regenerate: None,
    source: "",
};

/// All known plugins.
pub static PLUGINS: &[Plugin] = &[
    Plugin {
        name: "aws",
        invocations: &[run("aws", &["eks", "get-token"])],
        package: Some("aws-cli"),
        history: &[
            since(1, 0, 0, Answers::Fixed(&V1ALPHA1)),
            since(1, 20, 9, Answers::Fixed(&V1BETA1)),
            since(1, 20, 12, Answers::Fixed(&V1ALPHA1)),
            since(1, 23, 9, Answers::Echo(&[&V1ALPHA1, &V1BETA1, &V1])),
            since(2, 0, 0, Answers::Fixed(&V1ALPHA1)),
            since(2, 2, 24, Answers::Fixed(&V1BETA1)),
            since(2, 2, 25, Answers::Fixed(&V1ALPHA1)),
            since(2, 6, 3, Answers::Echo(&[&V1ALPHA1, &V1BETA1, &V1])),
        ],
        target: Some(&V1BETA1),
        release: Some("aws --version"),
        regenerate: Some(Regenerate::Eks),
        source: "aws-cli awscli/customizations/eks/get_token.py, update_kubeconfig.py, up to 2.36.7",
        ..PLUGIN
    },
    // From 0.5.6 on, it repeats any requested version verbatim.
    Plugin {
        name: "aws-iam-authenticator",
        invocations: &[run("aws-iam-authenticator", &[])],
        history: &[
            always(Answers::Fixed(&V1ALPHA1)),
            since(0, 5, 4, Answers::Fixed(&V1BETA1)),
            since(0, 5, 6, Answers::Echo(&[&V1ALPHA1, &V1BETA1, &V1])),
        ],
        target: Some(&V1BETA1),
        release: Some("aws-iam-authenticator version"),
        regenerate: Some(Regenerate::Eks),
        source: "kubernetes-sigs/aws-iam-authenticator pkg/token/token.go at v0.3.0, v0.5.3 to \
            v0.5.6, v0.7.18",
        ..PLUGIN
    },
    // Replaced by aws-iam-authenticator, which takes the same arguments.
    Plugin {
        name: "heptio-authenticator-aws",
        invocations: &[run("heptio-authenticator-aws", &[])],
        history: &[always(Answers::Fixed(&V1ALPHA1))],
        target: None,
        instead: Some("`aws-iam-authenticator` 0.5.4 or `aws eks get-token`"),
        regenerate: Some(Regenerate::Eks),
        source: "kubernetes-sigs/aws-iam-authenticator pkg/token/token.go at v0.3.0, of which it is \
            the old name",
        ..PLUGIN
    },
    Plugin {
        name: "kubergrunt",
        invocations: &[run("kubergrunt", &["eks", "token"])],
        history: &[
            always(Answers::Fixed(&V1ALPHA1)),
            since(0, 9, 1, Answers::Echo(&[&V1ALPHA1, &V1BETA1, &V1])),
        ],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("kubergrunt eks configure")),
        source: "gruntwork-io/kubergrunt eksawshelper/cluster.go, go.mod at v0.9.0, v0.9.1 and \
            v0.19.0: aws-iam-authenticator as a library, 0.5.1, 0.5.7 and 0.6.1",
        ..PLUGIN
    },
    // Does not read KUBERNETES_EXEC_INFO.
    Plugin {
        name: "gke-gcloud-auth-plugin",
        invocations: &[run("gke-gcloud-auth-plugin", &[])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Gke),
        source: "kubernetes/cloud-provider-gcp cmd/gke-gcloud-auth-plugin/cred.go at 4e24531",
        ..PLUGIN
    },
    Plugin {
        name: "gke-exec-auth-plugin",
        invocations: &[run("gke-exec-auth-plugin", &[])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        least: &[(&V1BETA1, "the builds of 2022-03-21")],
        source: "kubernetes/cloud-provider-gcp commit 6dd6463 (2022-03-21), removed in a2b8833",
        ..PLUGIN
    },
    // v1beta1 unless `--client_auth_version` or, from 0.6.1 on, GKE_AUTH_PLUGIN_CLIENT_AUTH_VERSION
    // requests v1; in 0.5.0 to 0.6.1 it is the other way round.
    Plugin {
        name: "gke-auth-plugin",
        invocations: &[run("gke-auth-plugin", &[])],
        history: &[always(Answers::Depends(&[&V1BETA1, &V1]))],
        target: Some(&V1BETA1),
        source: "traviswt/gke-auth-plugin pkg/cmd/root.go, pkg/auth/gcp.go at 0.1.1 to 0.6.2",
        ..PLUGIN
    },
    // Fails if v1alpha1 is requested.
    Plugin {
        name: "Azure kubelogin",
        invocations: &[
            run("kubelogin", &["get-token", "--server-id"]),
            run("kubelogin", &["get-token", "--environment"]),
            run("kubelogin", &["get-token", "--login"]),
            run("kubelogin", &["get-token", "-l"]),
        ],
        package: Some("azure-kubelogin"),
        history: &[
            always(Answers::Fixed(&V1BETA1)),
            since(0, 0, 21, Answers::Echo(&[&V1BETA1, &V1])),
        ],
        target: Some(&V1BETA1),
        release: Some("kubelogin --version"),
        regenerate: Some(Regenerate::Azure),
        source: "Azure/kubelogin pkg/internal/token/execCredentialWriter.go, converter/convert.go at \
            6678496; pkg/token at v0.0.20",
        ..PLUGIN
    },
    Plugin {
        name: "kubelogin (oidc-login)",
        invocations: &[
            run("kubelogin", &["get-token", "--oidc-issuer-url"]),
            run("kubectl", &["oidc-login", "get-token"]),
            run("kubectl-oidc_login", &["get-token"]),
        ],
        package: Some("oidc-login"),
        history: &[
            always(Answers::Fixed(&V1BETA1)),
            since(1, 31, 0, Answers::Echo(&[&V1BETA1, &V1])),
        ],
        target: Some(&V1BETA1),
        release: Some("kubectl oidc-login version"),
        regenerate: Some(Regenerate::Command("kubectl oidc-login setup")),
        source: "int128/kubelogin pkg/credentialplugin/writer/credential_plugin.go at v1.30.1, \
            v1.31.0, 4ac72f1",
        ..PLUGIN
    },
    // Azure's or int128's kubelogin: the command line does not show which.
    Plugin {
        name: "kubelogin",
        invocations: &[run("kubelogin", &["get-token"]), run("kubelogin", &[])],
        history: &[always(Answers::Echo(&[&V1BETA1, &V1]))],
        target: Some(&V1BETA1),
        least: &[(&V1, "Azure kubelogin 0.0.21 or kubelogin (oidc-login) 1.31.0")],
        source: "Azure/kubelogin and int128/kubelogin, which agree in this",
        ..PLUGIN
    },
    Plugin {
        name: "doctl",
        invocations: &[run("doctl", &["kubeconfig", "exec-credential"])],
        history: &[always(Answers::Flag { flag: "--version", versions: &[&V1BETA1] })],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("doctl kubernetes cluster kubeconfig save CLUSTER")),
        source: "digitalocean/doctl commands/kubernetes.go at v1.13.0, 168188d",
        ..PLUGIN
    },
    Plugin {
        name: "argocd-k8s-auth",
        invocations: &[run("argocd-k8s-auth", &[])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        source: "argoproj/argo-cd cmd/argocd-k8s-auth/commands/aws.go at v2.4.0; aws.go, gcp.go, \
            azure_cgo.go at 37ee009",
        ..PLUGIN
    },
    Plugin {
        name: "oci",
        invocations: &[run("oci", &["ce", "cluster", "generate-token"])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command(
            "oci ce cluster create-kubeconfig --cluster-id CLUSTER --token-version 2.0.0",
        )),
        source: "oracle/oci-cli \
            services/container_engine/src/oci_cli_container_engine/containerengine_cli_extended.py \
            at 2.6.4, 3.89.3",
        ..PLUGIN
    },
    Plugin {
        name: "exo",
        invocations: &[
            run("exo", &["sks", "kubeconfig", "--exec-credential"]),
            run("exo", &["sks", "kubeconfig", "-x"]),
        ],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("exo compute sks kubeconfig CLUSTER USER")),
        source: "exoscale/cli cmd/compute/sks/sks_kubeconfig.go at dafc113",
        ..PLUGIN
    },
    Plugin {
        name: "scw",
        invocations: &[run("scw", &["k8s", "exec-credential"])],
        history: &[always(Answers::Fixed(&V1))],
        target: Some(&V1),
        regenerate: Some(Regenerate::Command("scw k8s kubeconfig install CLUSTER")),
        source: "scaleway/scaleway-cli internal/namespaces/k8s/v1/custom_execcredentials.go, from its \
            first release 2.33.0 to c2d470d",
        ..PLUGIN
    },
    Plugin {
        name: "oc",
        invocations: &[run("oc", &["get-token"])],
        history: &[always(Answers::Fixed(&V1))],
        target: Some(&V1),
        regenerate: Some(Regenerate::Command("oc login --exec-plugin=oc-oidc")),
        source: "openshift/oc pkg/cli/gettoken/credwriter/credwriter.go, from its first commit \
            5131a46 (4.16) to 6b8e30c",
        ..PLUGIN
    },
    Plugin {
        name: "stackit",
        invocations: &[run("stackit", &["ske", "kubeconfig", "login"])],
        history: &[always(Answers::Fixed(&V1))],
        target: Some(&V1),
        regenerate: Some(Regenerate::Command("stackit ske kubeconfig create CLUSTER --login")),
        source: "stackitcloud/stackit-cli internal/cmd/ske/kubeconfig/login/login.go at f14e531",
        ..PLUGIN
    },
    Plugin {
        name: "pomerium-cli",
        invocations: &[run("pomerium-cli", &["k8s", "exec-credential"])],
        history: &[always(Answers::Fixed(&V1BETA1)), since(0, 33, 0, Answers::Fixed(&V1))],
        target: Some(&V1),
        source: "pomerium/cli cmd/pomerium-cli/kubernetes.go at v0.32.2, v0.33.0 (commit f55469f, \
            2026-03-09)",
        ..PLUGIN
    },
    Plugin {
        name: "tanzu context",
        invocations: &[run("tanzu", &["context", "get-token"])],
        history: &[always(Answers::Fixed(&V1))],
        target: Some(&V1),
        source: "vmware-tanzu/tanzu-cli pkg/command/context.go at f757d35",
        ..PLUGIN
    },
    Plugin {
        name: "pinniped",
        invocations: &[
            run("pinniped", &["login", "oidc"]),
            run("pinniped", &["login", "static"]),
            run("tanzu", &["pinniped-auth", "login"]),
        ],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("pinniped get kubeconfig")),
        source: "vmware-tanzu/pinniped cmd/pinniped/cmd/login_oidc.go, login_static.go at 4c134a4; \
            vmware-tanzu/tanzu-framework cmd/cli/plugin/pinniped-auth/login.go at v0.28.1, which \
            runs it",
        ..PLUGIN
    },
    Plugin {
        name: "tsh",
        invocations: &[run("tsh", &["kube", "credentials"])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("tsh kube login CLUSTER")),
        source: "gravitational/teleport tool/tsh/common/kube.go at 925286c",
        ..PLUGIN
    },
    Plugin {
        name: "tbot",
        invocations: &[run("tbot", &["kube", "credentials"])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        source: "gravitational/teleport tool/tbot/kube.go at 52a41f1",
        ..PLUGIN
    },
    Plugin {
        name: "vcluster",
        invocations: &[
            run("vcluster", &["platform", "token"]),
            run("vcluster", &["platform", "access-key"]),
        ],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("vcluster platform connect")),
        source: "loft-sh/vcluster cmd/vclusterctl/cmd/platform/access_key.go at 4876675",
        ..PLUGIN
    },
    Plugin {
        name: "loft",
        invocations: &[run("loft", &["token"])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("loft use")),
        source: "loft-sh/loftctl cmd/loftctl/cmd/token.go at v4.0.0-alpha.5",
        ..PLUGIN
    },
    Plugin {
        name: "rancher",
        invocations: &[run("rancher", &["token"])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        source: "rancher/cli cmd/kubectl_token.go at every tag from v2.4.6, its first, to v2.15.0",
        ..PLUGIN
    },
    Plugin {
        name: "gardenlogin",
        invocations: &[
            run("kubectl", &["gardenlogin", "get-client-certificate"]),
            run("kubectl-gardenlogin", &["get-client-certificate"]),
        ],
        history: &[
            always(Answers::Fixed(&V1BETA1)),
            since(0, 4, 0, Answers::Echo(&[&V1BETA1, &V1])),
        ],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("gardenctl kubeconfig")),
        source: "gardener/gardenlogin cmd/get_client_certificate.go at v0.3.0, v0.4.0, 2d28458",
        ..PLUGIN
    },
    Plugin {
        name: "client-keystone-auth",
        invocations: &[run("client-keystone-auth", &[])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        source: "kubernetes/cloud-provider-openstack cmd/client-keystone-auth/main.go at c453fb7",
        ..PLUGIN
    },
    Plugin {
        name: "infra",
        invocations: &[run("infra", &["tokens", "add"])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("infra use")),
        source: "infrahq/infra internal/cmd/tokens.go at bb99bfb",
        ..PLUGIN
    },
    Plugin {
        name: "ack-ram-tool",
        invocations: &[
            run("ack-ram-tool", &["credential-plugin", "get-credential"]),
            run("ack-ram-tool", &["credential-plugin", "get-token"]),
        ],
        history: &[always(Answers::Flag { flag: "--api-version", versions: &[&V1BETA1, &V1] })],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command(
            "ack-ram-tool credential-plugin get-kubeconfig --api-version v1beta1",
        )),
        source: "AliyunContainerService/ack-ram-tool pkg/ctl/credentialplugin/getcredential.go, \
            gettoken.go at e34e255",
        ..PLUGIN
    },
    Plugin {
        name: "ncp-iam-authenticator",
        invocations: &[run("ncp-iam-authenticator", &["token"])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("ncp-iam-authenticator create-kubeconfig")),
        source: "NaverCloudPlatform/ncp-iam-authenticator pkg/token/token.go at ca5c10c",
        ..PLUGIN
    },
    Plugin {
        name: "kubectl-gs",
        invocations: &[
            run("kubectl-gs", &["credential-plugin"]),
            run("kubectl", &["gs", "credential-plugin"]),
        ],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("kubectl gs login")),
        source: "giantswarm/kubectl-gs cmd/credentialplugin/runner.go at 621d6fa",
        ..PLUGIN
    },
    // Does not read KUBERNETES_EXEC_INFO: prints the version in AUTH_API_VERSION.
    Plugin {
        name: "k8s-ldap-auth",
        invocations: &[run("k8s-ldap-auth", &[])],
        history: &[always(Answers::Depends(&[&V1BETA1, &V1, &V1ALPHA1]))],
        target: Some(&V1BETA1),
        source: "vbouchaud/k8s-ldap-auth types/exec-credentials.go, client/client.go at v1.0.0 to \
            v4.0.0, efb36f0",
        ..PLUGIN
    },
    Plugin {
        name: "datumctl",
        invocations: &[run("datumctl", &["auth", "get-token"])],
        history: &[always(Answers::Flag { flag: "--output", versions: &[&V1] })],
        target: Some(&V1),
        regenerate: Some(Regenerate::Command("datumctl auth update-kubeconfig")),
        source: "datum-cloud/datumctl internal/cmd/auth/get_token.go at v0.18.0",
        ..PLUGIN
    },
    Plugin {
        name: "glab",
        invocations: &[run("glab", &["cluster", "agent", "get-token"])],
        history: &[always(Answers::Fixed(&V1))],
        target: Some(&V1),
        regenerate: Some(Regenerate::Command("glab cluster agent update-kubeconfig")),
        source: "gitlab-org/cli internal/commands/cluster/agent/get_token/agent_get_token.go at \
            3223c80",
        ..PLUGIN
    },
    Plugin {
        name: "up",
        invocations: &[run("up", &["organization", "token"])],
        history: &[always(Answers::Fixed(&V1))],
        target: Some(&V1),
        source: "upbound/up cmd/up/organization/token.go at afcad21",
        ..PLUGIN
    },
    Plugin {
        name: "encore",
        invocations: &[
            run("encore", &["kubernetes", "exec-credentials"]),
            run("encore", &["k8s", "exec-credentials"]),
        ],
        history: &[always(Answers::Fixed(&V1))],
        target: Some(&V1),
        source: "encoredev/encore cli/cmd/encore/k8s/auth.go at 2b626e8",
        ..PLUGIN
    },
    Plugin {
        name: "yc",
        invocations: &[run("yc", &["create-token"])],
        history: &[always(Answers::Seen(&[&V1BETA1]))],
        target: Some(&V1BETA1),
        source: "kubeconfigs that `yc managed-kubernetes cluster get-credentials` wrote: its source \
            is closed",
        ..PLUGIN
    },
    Plugin {
        name: "nebius",
        invocations: &[run("nebius", &["mk8s", "get-token"])],
        history: &[always(Answers::Seen(&[&V1BETA1]))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command(
            "nebius mk8s cluster get-credentials --id CLUSTER --external",
        )),
        source: "kubeconfigs that `nebius mk8s cluster get-credentials` wrote: its source is closed",
        ..PLUGIN
    },
    Plugin {
        name: "kic-iam-auth",
        invocations: &[run("kic-iam-auth", &[])],
        history: &[always(Answers::Seen(&[&V1BETA1]))],
        target: Some(&V1BETA1),
        source: "kakaocloud-edu/tutorial AdvancedCourse, the vendor's kubeconfigs: its source is \
            closed",
        ..PLUGIN
    },
    // Prints what the server sends; the kubeconfig that okteto writes names v1.
    Plugin {
        name: "okteto",
        invocations: &[run("okteto", &["kubetoken"])],
        history: &[always(Answers::Seen(&[&V1]))],
        target: Some(&V1),
        regenerate: Some(Regenerate::Command("okteto kubeconfig")),
        source: "okteto/okteto cmd/context/kubetoken.go, cmd/kubetoken/kubetoken.go, \
            pkg/types/kubetoken.go at 965feb4; the server's source is closed",
        ..PLUGIN
    },
    // Does not read KUBERNETES_EXEC_INFO.
    Plugin {
        name: "gscloud",
        invocations: &[run("gscloud", &["kubernetes", "cluster", "exec-credential"])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command(
            "gscloud kubernetes cluster save-kubeconfig --cluster ID --credential-plugin",
        )),
        source: "gridscale/gscloud cmd/kubernetes.go at v0.4.0, v0.13.0",
        ..PLUGIN
    },
    // Does not read KUBERNETES_EXEC_INFO.
    Plugin {
        name: "kubectl-passman",
        invocations: &[run("kubectl-passman", &[]), run("kubectl", &["passman"])],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        source: "chrisns/kubectl-passman app.go at v1.2.5",
        ..PLUGIN
    },
    // Does not read KUBERNETES_EXEC_INFO.
    Plugin {
        name: "kubectl azad-proxy",
        invocations: &[
            run("kubectl", &["azad-proxy", "login"]),
            run("kubectl-azad_proxy", &["login"]),
        ],
        history: &[always(Answers::Fixed(&V1BETA1))],
        target: Some(&V1BETA1),
        regenerate: Some(Regenerate::Command("kubectl azad-proxy generate")),
        source: "XenitAB/azad-kube-proxy cmd/kubectl-azad-proxy/login.go, generate.go at v0.0.48",
        ..PLUGIN
    },
    // v1 unless `--api-version` says otherwise; older releases lack that flag, and the
    // documentation of that time says v1alpha1.
    Plugin {
        name: "akeyless",
        invocations: &[run("akeyless", &["get-kube-exec-creds"])],
        history: &[always(Answers::Depends(&[&V1, &V1BETA1]))],
        target: Some(&V1),
        source: "akeylesslabs/akeyless-go docs/GetKubeExecCreds.md at v3.6.0, v4.1.0, the API behind \
            it: its source is closed",
        ..PLUGIN
    },
    Plugin {
        name: "kubectl vault-login",
        invocations: &[
            run("kubectl", &["vault-login"]),
            run("kubectl-vault_login", &[]),
            run("kubectl-vault-login", &[]),
        ],
        package: Some("kubectl-vault-login"),
        history: &[always(Answers::Fixed(&V1BETA1)), since(0, 1, 0, Answers::Fixed(&V1))],
        target: Some(&V1),
        source: "FalcoSuessgott/kubectl-vault-login pkg/exec_credential/exec_credential.go at v0.0.1 \
            to v0.1.1",
        ..PLUGIN
    },
];
