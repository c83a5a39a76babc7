//! The auth providers that were built into kubectl, and the releases that removed them.
//!
//! Source: client-go `plugin/pkg/client/auth` at the tags kubernetes-1.19.0, 1.25.0 and 1.26.0; the
//! messages were measured with the real kubectl 1.20 to 1.37. The commands that install the plugins
//! are those of Google's page on cluster access for kubectl and of Azure's reference of
//! `az aks install-cli`.

use super::plugins::Regenerate;
use super::version::Minor;

/// An auth provider that some kubectl no longer has.
#[derive(Debug)]
pub(crate) struct RemovedProvider {
    /// `auth-provider.name`.
    pub name: &'static str,
    /// The first minor in which the provider no longer works.
    pub removed: Minor,
    /// The error of the minors from `removed` up to, but not including, `forgotten`, without
    /// `error: `. It names the successor.
    pub message: &'static str,
    /// What the deprecation warning of kubectl 1.24 and 1.25 recommends: a replacement, and a page
    /// to read.
    pub warns_of: Option<(&'static str, &'static str)>,
    /// The first minor that no longer knows the name.
    pub forgotten: Option<Minor>,
    /// The exec plugin that replaces it.
    pub successor: &'static str,
    /// The command that installs that plugin.
    pub install: Option<&'static str>,
    /// Whether the plugin needs no arguments, but only the data of the cluster.
    pub wants_cluster_info: bool,
    /// The command that regenerates the kubeconfig entry.
    pub regenerate: Option<Regenerate>,
}

static REMOVED: [RemovedProvider; 3] = [
    RemovedProvider {
        name: "gcp",
        removed: Minor(26),
        message: "The gcp auth plugin has been removed.\n\
                Please use the \"gke-gcloud-auth-plugin\" kubectl/client-go credential plugin instead.\n\
                See https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke for further details",
        warns_of: Some((
            "gcloud",
            "https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke",
        )),
        forgotten: None,
        successor: "gke-gcloud-auth-plugin",
        install: Some("gcloud components install gke-gcloud-auth-plugin"),
        wants_cluster_info: true,
        regenerate: Some(Regenerate::Gke),
    },
    RemovedProvider {
        name: "azure",
        removed: Minor(26),
        message: "The azure auth plugin has been removed.\n\
                Please use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin instead.\n\
                See https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins for further details",
        warns_of: Some((
            "https://github.com/Azure/kubelogin",
            "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
        )),
        forgotten: None,
        successor: "kubelogin",
        install: Some("az aks install-cli"),
        wants_cluster_info: false,
        regenerate: Some(Regenerate::Azure),
    },
    RemovedProvider {
        name: "openstack",
        removed: Minor(19),
        message: "The openstack auth plugin has been removed.\n\
                Please use the \"client-keystone-auth\" kubectl/client-go credential plugin instead.\n\
                See https://github.com/kubernetes/cloud-provider-openstack/blob/master/docs/using-client-keystone-auth.md for further details",
        warns_of: None,
        forgotten: Some(Minor(26)),
        successor: "client-keystone-auth",
        install: None,
        wants_cluster_info: false,
        regenerate: None,
    },
];

/// The only provider that kubectl still has.
const OIDC: &str = "oidc";

/// Returns whether any kubectl has or had a provider of that name.
pub(crate) fn is_known(name: &str) -> bool {
    name == OIDC || removed(name).is_some()
}

/// Returns the removed provider of that name, whatever the minor.
pub(crate) fn removed(name: &str) -> Option<&'static RemovedProvider> {
    REMOVED.iter().find(|provider| provider.name == name)
}

impl RemovedProvider {
    /// Returns the warning that kubectl of that minor prints, without klog's time and location.
    pub(crate) fn warning_of(&self, minor: Minor) -> Option<String> {
        let (instead, page) = self.warns_of?;
        // 1.24 announced the removal one minor too early.
        let (Minor(24) | Minor(25)) = minor else { return None };
        let gone = Minor(minor.0 + 1);
        Some(format!(
            "WARNING: the {} auth plugin is deprecated in v1.22+, unavailable in v{gone}+; use \
             {instead} instead.\nTo learn more, consult {page}",
            self.name
        ))
    }

    /// Returns whether kubectl of that minor no longer knows the name.
    pub(crate) fn is_forgotten_by(&self, minor: Minor) -> bool {
        self.forgotten.is_some_and(|forgotten| minor >= forgotten)
    }
}
