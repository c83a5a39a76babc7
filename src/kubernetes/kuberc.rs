//! The versions of kubectl's preferences, the kuberc, and the kubectls that read them.
//!
//! Source: kubectl `pkg/kuberc/kuberc.go`, client-go `tools/clientcmd/api/types.go`; measured with the
//! real kubectl 1.33 to 1.37.

use super::version::Minor;

/// The API group of a kuberc.
pub const GROUP: &str = "kubectl.config.k8s.io";

/// Its kind.
pub const KIND: &str = "Preference";

/// The version to write: the only one with a policy.
pub const BEST_VERSION: &str = "kubectl.config.k8s.io/v1beta1";

/// The first kubectl that reads `~/.kube/kuberc` unasked. 1.33 does with `KUBECTL_KUBERC=true`.
pub const READ_SINCE: Minor = Minor(34);

/// The first that knows `credentialPluginPolicy` and `credentialPluginAllowlist`.
pub const POLICY_SINCE: Minor = Minor(35);

/// The first that calls an entry of the allowlist `command`; it takes `name` all the same.
pub const COMMAND_SINCE: Minor = Minor(36);

/// The policies that there are. The empty one is `AllowAll`.
pub const POLICIES: [&str; 3] = ["AllowAll", "DenyAll", ALLOWLIST];

/// The one that wants a list.
pub const ALLOWLIST: &str = "Allowlist";
