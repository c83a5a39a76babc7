//! Readers of exec configs other than kubectl, and the versions that they accept.
//!
//! Source: `kubernetes/clients.rs` for their client-go (0.24 dropped v1alpha1, 0.22 added v1),
//! `providers/*` schemas, and argo-cd `pkg/apis/application/v1alpha1/types.go`.

use crate::kubernetes::api_versions::{ApiVersion, V1, V1ALPHA1};
use crate::kubernetes::clients::{CLIENTS, Client};
use crate::kubernetes::release::Release;
use crate::kubernetes::version::Minor;
use crate::model::{Consumer, TerraformReader};
use crate::text::message::{Message, message};

/// Returns help about a value, and about the version to write instead, for readers other than
/// kubectl.
pub(crate) fn help(
    consumer: Consumer,
    value: &str,
    version: Option<&'static ApiVersion>,
) -> Vec<Message> {
    let is_removed = value == V1ALPHA1.name;
    let to_v1 = version == Some(&V1);
    let refused = match consumer {
        Consumer::Terraform(reader) if is_removed => refuse_v1alpha1(reader),
        Consumer::ArgoCd if is_removed => Some(
            "Argo CD 2.5.0 and newer refuse `v1alpha1` with `exec plugin: invalid apiVersion`"
                .into(),
        ),
        _ => None,
    };
    let required = match consumer {
        Consumer::Terraform(reader) if to_v1 => know_v1(reader),
        Consumer::ArgoCd if to_v1 => Some("use at least Argo CD 2.2.0".into()),
        _ => None,
    };
    let mode = (to_v1 && sets_interactive_mode(consumer))
        .then(|| "do not add `interactiveMode`: the program that reads this sets it".into());
    refused.into_iter().chain(required).chain(mode).collect()
}

/// A Terraform provider: what the block that configures it is called, and its releases.
type Provider = (TerraformReader, &'static Client);

/// Returns the Terraform providers.
fn providers() -> impl Iterator<Item = Provider> {
    CLIENTS.iter().filter_map(|client| {
        let reader = match client.name {
            "terraform-provider-kubernetes" => TerraformReader::Kubernetes,
            "terraform-provider-helm" => TerraformReader::Helm,
            name if name.ends_with("/terraform-provider-kubectl") => TerraformReader::Kubectl,
            _ => return None,
        };
        Some((reader, client))
    })
}

/// Whether this client is what reads an entry.
pub(crate) fn is_read_by(consumer: Consumer, client: &Client) -> bool {
    match consumer {
        Consumer::Terraform(TerraformReader::Unknown) => false,
        Consumer::Terraform(reader) => {
            providers().any(|(of, provider)| of == reader && provider == client)
        }
        Consumer::ArgoCd => client.name == "argocd",
        Consumer::Kubectl | Consumer::KubeconfigPart | Consumer::Unknown => true,
        _ => false,
    }
}

/// Returns which readers of kubeconfigs refuse v1, and so can no longer read a file after it is
/// written.
///
/// Source of the last two: docs/clients.md.
pub(crate) fn shut_out_by_v1() -> String {
    let clients = CLIENTS.iter().filter(|client| client.since(V1.since) > client.oldest());
    let mut names = vec![format!("kubectl before {}", V1.since)];
    names.extend(
        clients.map(|client| format!("{} before {}", client.title, client.since(V1.since))),
    );
    format!("{}, pykube-ng and lightkube", names.join(", "))
}

/// Returns which releases of a provider refuse v1alpha1; `None` if that is unknown.
fn refuse_v1alpha1(reader: TerraformReader) -> Option<Message> {
    let who = match reader {
        TerraformReader::Unknown => "current releases of Terraform's providers".into(),
        reader => message!("{} and newer", releases(reader, V1ALPHA1.removed?)?),
    };
    Some(message!("{} refuse `v1alpha1` with `exec plugin: invalid apiVersion`", who))
}

/// Returns which releases of a provider support v1; `None` if that is unknown.
fn know_v1(reader: TerraformReader) -> Option<Message> {
    Some(message!("use at least {}", releases(reader, V1.since)?))
}

/// Returns the releases of a provider, such as `a 1.0.0 or b 2.0.0`, or of all if it is not known.
/// Each is the first from which on all have client-go of this minor.
fn releases(reader: TerraformReader, with: Minor) -> Option<Message> {
    let mut all = Message::default();
    let is_it = |(of, _): &Provider| reader == TerraformReader::Unknown || *of == reader;
    let mut found = providers().filter(is_it).peekable();
    while let Some((_, provider)) = found.next() {
        let before = match found.peek() {
            _ if all.is_empty() => "",
            Some(_) => ", ",
            None => " or ",
        };
        all.push(before);
        all.push(format!("{} {}", provider.title, provider.since(with)));
    }
    Some(all).filter(|all| !all.is_empty())
}

/// Returns the first release of a Terraform provider that supports v1; `None` if unknown.
pub(crate) fn provider_knows_v1_since(source: &str) -> Option<Release> {
    // `registry.terraform.io/hashicorp/helm` is the long form of `hashicorp/helm`.
    let is_it = |known: &str| {
        let host = source.strip_suffix(known);
        host.is_some_and(|host| host.is_empty() || host.ends_with('/'))
    };
    providers().find(|(_, client)| is_it(client.title)).map(|(_, client)| client.since(V1.since))
}

/// Whether a Terraform version constraint allows only releases before `since`.
///
/// Source: Terraform's documentation of version constraints.
pub(crate) fn excludes(constraint: &str, since: Release) -> bool {
    constraint.split(',').any(|term| {
        let term = term.trim();
        let digits = term.find(|c: char| c.is_ascii_digit()).unwrap_or(term.len());
        let (operator, version) = term.split_at(digits);
        let parts: Option<Vec<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
        let Some(parts) = parts.filter(|parts| (1..=3).contains(&parts.len())) else {
            return false;
        };
        let at = |index: usize| parts.get(index).copied().unwrap_or(0);
        let version = Release(at(0), at(1), at(2));
        match operator.trim() {
            "" | "=" | "<=" => version < since,
            "<" => version <= since,
            // `~>` lets the last written part grow.
            "~>" => match parts.len() {
                3 => Release(at(0), at(1).saturating_add(1), 0) <= since,
                2 => Release(at(0).saturating_add(1), 0, 0) <= since,
                _ => false,
            },
            _ => false,
        }
    })
}

/// The first kubectl whose `config set-credentials` has a flag for the interactive mode.
///
/// Source: kubernetes commit 7af2fcf71.
pub(crate) const SET_CREDENTIALS_MODE: Minor = Minor(30);

/// The interactive mode that suits every plugin, as YAML.
pub(crate) const MODE: &str = "interactiveMode: IfAvailable";

/// Returns how to set the interactive mode for this reader.
pub(crate) fn interactive_mode(consumer: Consumer) -> &'static str {
    match consumer {
        Consumer::SetCredentials => {
            "add `--exec-interactive-mode=IfAvailable`, which kubectl 1.30 and newer support"
        }
        _ => "add `interactiveMode: IfAvailable`",
    }
}

/// Whether the reader sets `interactiveMode` itself, so that v1 does not require it.
pub(crate) fn sets_interactive_mode(consumer: Consumer) -> bool {
    matches!(consumer, Consumer::Terraform(_) | Consumer::ArgoCd | Consumer::ClusterProfile)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excludes_reads_terraform_version_constraints() {
        let since = Release(1, 17, 0);
        for constraint in [
            "1.14.0",
            "= 1.14",
            "~> 1.14.0",
            "~> 1.16.0",
            "< 1.17.0",
            "<= 1.16.9",
            ">= 1.7, < 1.15",
        ] {
            assert!(excludes(constraint, since), "{constraint}");
        }
        for constraint in [
            "1.17.0",
            ">= 1.7.0",
            "~> 1.14",
            "~> 1.17.1",
            "~> 1",
            "< 2",
            "!= 1.14.0",
            "",
            "x",
            "1.2.3.4",
            "99999999999",
        ] {
            assert!(!excludes(constraint, since), "{constraint}");
        }
        assert_eq!(
            provider_knows_v1_since("registry.terraform.io/hashicorp/helm"),
            Some(Release(2, 4, 0))
        );
        assert_eq!(provider_knows_v1_since("helm"), None);
    }
}
