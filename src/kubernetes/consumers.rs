//! What else reads exec configs, and what it takes.
//!
//! Source: `go.mod` of each at the tags that are named (client-go 0.24 dropped v1alpha1, 0.22
//! brought v1), `providers/*` schemas, and argo-cd `pkg/apis/application/v1alpha1/types.go`.

use super::api_versions::{ApiVersion, V1, V1ALPHA1};
use crate::model::Consumer;

/// What to say of a value, and of the version to write instead, where it is not kubectl that
/// reads it.
pub fn help(consumer: Consumer, value: &str, version: Option<&'static ApiVersion>) -> Vec<String> {
    let is_removed = value == V1ALPHA1.name;
    let to_v1 = version == Some(&V1);
    let mut help = Vec::new();
    match consumer {
        Consumer::Terraform => {
            if is_removed {
                help.push(
                    "hashicorp/kubernetes refuses it from 2.17.0 on, hashicorp/helm from 2.6.0 \
                     on, with `exec plugin: invalid apiVersion`"
                        .to_owned(),
                );
            }
            if to_v1 {
                help.push(
                    "v1 needs hashicorp/kubernetes 2.8.0, hashicorp/helm 2.4.0, gavinbunney/kubectl \
                     1.17.0 or alekc/kubectl 2.0.1; the block has no argument for an interactive \
                     mode: the provider sets it"
                        .to_owned(),
                );
            }
        }
        Consumer::ArgoCd => {
            if is_removed {
                help.push(
                    "Argo CD refuses it from 2.5.0 on, with `exec plugin: invalid apiVersion`"
                        .to_owned(),
                );
            }
            if to_v1 {
                help.push("v1 needs Argo CD 2.2.0; it sets the interactive mode itself".to_owned());
            }
        }
        Consumer::ClusterProfile => {
            if to_v1 {
                help.push("an interactive mode is not needed: the reader sets it".to_owned());
            }
        }
        Consumer::Nobody => {
            help.push("kubectl passes over it where it stands now".to_owned());
        }
        Consumer::Kubectl | Consumer::Unknown => {}
    }
    help
}

/// Whether the reader sets `interactiveMode` itself, so that v1 needs none.
pub fn sets_interactive_mode(consumer: Consumer) -> bool {
    matches!(consumer, Consumer::Terraform | Consumer::ArgoCd | Consumer::ClusterProfile)
}
