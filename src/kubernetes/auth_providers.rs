//! The auth providers that were built into kubectl, and when they went.
//!
//! Source: client-go `plugin/pkg/client/auth` at the tags kubernetes-1.19.0, 1.25.0 and 1.26.0;
//! the words were measured with the real kubectl 1.20 to 1.37.

use super::plugins::Regenerate;
use super::version::Minor;

/// One that is gone, or going.
#[derive(Debug)]
pub struct RemovedProvider {
    /// `auth-provider.name`.
    pub name: &'static str,
    /// The first minor in which it does nothing any more.
    pub removed: Minor,
    /// The minors, up to and without `forgotten`, that name the successor.
    pub words: &'static str,
    /// What kubectl 1.24 and 1.25 warn that one is to use and to read instead.
    pub warns_of: Option<(&'static str, &'static str)>,
    /// The first minor that no longer knows the name at all.
    pub forgotten: Option<Minor>,
    /// The exec plugin that replaces it.
    pub successor: &'static str,
    /// The command that writes the entry again.
    pub regenerate: Option<Regenerate>,
}

static REMOVED: [RemovedProvider; 3] = [
    RemovedProvider {
        name: "gcp",
        removed: Minor(26),
        words: "error: The gcp auth plugin has been removed.\n\
                Please use the \"gke-gcloud-auth-plugin\" kubectl/client-go credential plugin instead.\n\
                See https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke for further details",
        warns_of: Some((
            "gcloud",
            "https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke",
        )),
        forgotten: None,
        successor: "gke-gcloud-auth-plugin",
        regenerate: Some(Regenerate::Gke),
    },
    RemovedProvider {
        name: "azure",
        removed: Minor(26),
        words: "error: The azure auth plugin has been removed.\n\
                Please use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin instead.\n\
                See https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins for further details",
        warns_of: Some((
            "https://github.com/Azure/kubelogin",
            "https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins",
        )),
        forgotten: None,
        successor: "kubelogin",
        regenerate: Some(Regenerate::Azure),
    },
    RemovedProvider {
        name: "openstack",
        removed: Minor(19),
        words: "error: The openstack auth plugin has been removed.\n\
                Please use the \"client-keystone-auth\" kubectl/client-go credential plugin instead.\n\
                See https://github.com/kubernetes/cloud-provider-openstack/blob/master/docs/using-client-keystone-auth.md for further details",
        warns_of: None,
        forgotten: Some(Minor(26)),
        successor: "client-keystone-auth",
        regenerate: None,
    },
];

/// The one that remains.
const OIDC: &str = "oidc";

/// Whether any kubectl has, or had, a provider of that name.
pub fn is_known(name: &str) -> bool {
    name == OIDC || removed(name).is_some()
}

/// The removed provider of that name, whatever the minor.
pub fn removed(name: &str) -> Option<&'static RemovedProvider> {
    REMOVED.iter().find(|provider| provider.name == name)
}

impl RemovedProvider {
    /// What kubectl of that minor warns of, behind klog's time and place.
    pub fn warning_of(&self, minor: Minor) -> Option<String> {
        let (instead, page) = self.warns_of?;
        // 1.24 expected the end one minor too early.
        let (Minor(24) | Minor(25)) = minor else { return None };
        let gone = Minor(minor.0 + 1);
        Some(format!(
            "WARNING: the {} auth plugin is deprecated in v1.22+, unavailable in v{gone}+; use \
             {instead} instead.\nTo learn more, consult {page}",
            self.name
        ))
    }

    /// What kubectl of that minor says; `None` where it still works.
    pub fn words_of(&self, minor: Minor) -> Option<String> {
        if minor < self.removed {
            None
        } else if self.forgotten.is_some_and(|forgotten| minor >= forgotten) {
            Some(format!("error: no Auth Provider found for name \"{}\"", self.name))
        } else {
            Some(self.words.to_owned())
        }
    }
}
