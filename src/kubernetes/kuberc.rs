//! The versions of the kuberc (kubectl's preferences), and the kubectl minors that read them.
//!
//! Source: kubectl `pkg/kuberc/kuberc.go`, client-go `tools/clientcmd/api/types.go`; measured with
//! the real kubectl 1.33 to 1.37.

use super::version::Minor;

/// The API group of a kuberc.
pub(crate) const GROUP: &str = "kubectl.config.k8s.io";

/// The kind of a kuberc.
pub(crate) const KIND: &str = "Preference";

/// The version to write: the only one with a policy.
pub(crate) const BEST_VERSION: &str = "kubectl.config.k8s.io/v1beta1";

/// The first kubectl that reads `~/.kube/kuberc` by default; 1.33 needs `KUBECTL_KUBERC=true`.
pub(crate) const READ_SINCE: Minor = Minor(34);

/// The first kubectl that knows `credentialPluginPolicy` and `credentialPluginAllowlist`.
pub(crate) const POLICY_SINCE: Minor = Minor(35);

/// The first kubectl that calls the key of an allowlist entry `command`; it still accepts `name`.
pub(crate) const COMMAND_SINCE: Minor = Minor(36);

/// All policies. An empty one means `AllowAll`.
pub(crate) const POLICIES: [&str; 3] = ["AllowAll", "DenyAll", ALLOWLIST];

/// The policy that requires a list.
pub(crate) const ALLOWLIST: &str = "Allowlist";
