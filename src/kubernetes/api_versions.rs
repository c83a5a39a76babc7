//! The versions of the exec credential API and the kubectl minors that accept them.
//!
//! Source: the `apiVersions` map in client-go `plugin/pkg/client/auth/exec/exec.go` at the tags
//! v0.20.0, v0.22.0, v0.23.0 and v0.24.0 up to v0.37; confirmed with the real kubectl 1.20 to 1.37.

use super::version::Minor;

/// The API group, the first part of every exec API version.
pub const GROUP: &str = "client.authentication.k8s.io";

/// The kind of the object that a plugin prints.
pub const EXEC_CREDENTIAL_KIND: &str = "ExecCredential";

/// One version of the exec credential API.
#[derive(Debug, PartialEq, Eq)]
pub struct ApiVersion {
    /// Group and version, as a kubeconfig spells it.
    pub name: &'static str,
    /// The version without the group.
    pub version: &'static str,
    /// The first minor that accepts it, counted from [`Minor::OLDEST`].
    pub since: Minor,
    /// The first minor that no longer accepts it.
    pub removed: Option<Minor>,
    /// Whether client-go defaults a missing `interactiveMode` to `IfAvailable`.
    ///
    /// Source: client-go `tools/clientcmd/api/v1/defaults.go`.
    pub defaults_interactive_mode: bool,
}

/// Removed in 1.24 (commit 28b9e26d5, kubernetes#108616).
pub static V1ALPHA1: ApiVersion = ApiVersion {
    name: "client.authentication.k8s.io/v1alpha1",
    version: "v1alpha1",
    since: Minor::OLDEST,
    removed: Some(Minor(24)),
    defaults_interactive_mode: true,
};

/// Not deprecated; no removal is planned.
pub static V1BETA1: ApiVersion = ApiVersion {
    name: "client.authentication.k8s.io/v1beta1",
    version: "v1beta1",
    since: Minor::OLDEST,
    removed: None,
    defaults_interactive_mode: true,
};

/// Added in 1.22 (kubernetes#102890).
pub static V1: ApiVersion = ApiVersion {
    name: "client.authentication.k8s.io/v1",
    version: "v1",
    since: Minor(22),
    removed: None,
    defaults_interactive_mode: false,
};

/// All versions that ever existed, oldest first.
pub static ALL: [&ApiVersion; 3] = [&V1ALPHA1, &V1BETA1, &V1];

/// The first minor that knows `interactiveMode` (client-go 0.22).
pub const INTERACTIVE_MODE_SINCE: Minor = Minor(22);

/// The values of `interactiveMode` (client-go `tools/clientcmd/api/types.go`).
pub(crate) const INTERACTIVE_MODES: [&str; 3] = ["Never", "IfAvailable", "Always"];

impl ApiVersion {
    /// Returns whether kubectl of that minor accepts this version.
    pub fn accepted_by(&self, minor: Minor) -> bool {
        self.since <= minor && self.removed.is_none_or(|removed| minor < removed)
    }
}

/// Returns the API version spelled exactly like `name` (kubectl compares byte for byte).
pub fn lookup(name: &str) -> Option<&'static ApiVersion> {
    ALL.into_iter().find(|version| version.name == name)
}

/// Returns whether kubectl of that minor accepts `name` as `exec.apiVersion`.
pub fn accepted(name: &str, minor: Minor) -> bool {
    lookup(name).is_some_and(|version| version.accepted_by(minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_by_matches_client_go() {
        let accepted = |minor: u16| {
            ALL.into_iter()
                .filter(|version| version.accepted_by(Minor(minor)))
                .map(|version| version.version)
                .collect::<Vec<_>>()
        };
        assert_eq!(accepted(20), ["v1alpha1", "v1beta1"]);
        assert_eq!(accepted(21), ["v1alpha1", "v1beta1"]);
        assert_eq!(accepted(22), ["v1alpha1", "v1beta1", "v1"]);
        assert_eq!(accepted(23), ["v1alpha1", "v1beta1", "v1"]);
        assert_eq!(accepted(24), ["v1beta1", "v1"]);
        assert_eq!(accepted(37), ["v1beta1", "v1"]);
    }
}
