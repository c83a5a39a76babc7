//! The values of a file that no report may show.
//!
//! Source of the names: client-go's `AuthInfo`, `AuthProviderConfig` and `ExecCredentialStatus`,
//! the configuration keys of the gcp, azure and oidc auth providers, and kubectl's flags.

use crate::source::Span;
use crate::syntax::node::{NodeKind, Tree};

/// Whether the value of this key is secret. Case, `-` and `_` do not count.
pub fn is_secret_key(key: &str) -> bool {
    let key: String = key
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | '.'))
        .flat_map(char::to_lowercase)
        .collect();
    const PARTS: [&str; 8] =
        ["token", "secret", "passw", "passphrase", "credential", "authorization", "cookie", "jwt"];
    const ENDS: [&str; 9] = [
        "keydata",
        "certificatedata",
        "authoritydata",
        "privatekey",
        "apikey",
        "accesskey",
        "clientkey",
        "pass",
        "pwd",
    ];
    // Where a secret lies is none, nor is the name of a kind, nor what a policy is called.
    let is_public = ["file", "path", "name"].into_iter().any(|end| key.ends_with(end))
        || ["execcredential", "credentialplugin"].into_iter().any(|start| key.starts_with(start));
    let is_secret = PARTS.into_iter().any(|part| key.contains(part))
        || ENDS.into_iter().any(|end| key.ends_with(end));
    is_secret && !is_public
}

/// Whether everything below this key is taken for secret: the environment and the arguments of a
/// plugin, the settings of an auth provider, and the arguments that a kuberc gives a command.
fn holds_secrets(key: &str) -> bool {
    matches!(key, "env" | "args" | "auth-provider" | "prependArgs" | "appendArgs")
        || is_secret_key(key)
}

/// The spans of all secret values of a tree, sorted.
///
/// Names of environment variables are not secret, their values are.
pub fn spans(tree: &Tree, text: &str) -> Vec<Span> {
    let mut stack = Vec::new();
    for node in tree.iter() {
        let NodeKind::Mapping(pairs) = &node.kind else { continue };
        // `{name: token, default: T}` is how a kuberc sets a flag.
        let is_named = |key, value| {
            tree.scalar(key, text) == Some("name")
                && tree.scalar(tree.resolve(value).0, text).is_some_and(is_secret_key)
        };
        let sets_secret = pairs.iter().any(|&(key, value)| is_named(key, value));
        let is_secret = |key| {
            let key = tree.scalar(key, text);
            key.is_some_and(holds_secrets) || (sets_secret && key == Some("default"))
        };
        stack.extend(pairs.iter().filter(|(key, _)| is_secret(*key)).map(|(_, value)| *value));
    }
    // One walk for all: secrets within secrets are met once.
    let mut seen = vec![false; tree.len()];
    let mut spans = Vec::new();
    while let Some(id) = stack.pop() {
        match seen.get_mut(id.index()) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        let node = tree.node(id);
        match &node.kind {
            NodeKind::Scalar { .. } if !node.span.is_empty() => spans.push(node.span),
            NodeKind::Scalar { .. } => {}
            // `password: *hunter2` was meant as a password.
            NodeKind::UnknownAlias(_) => spans.push(node.span),
            NodeKind::Alias(target) => stack.push(*target),
            NodeKind::Sequence(items) => stack.extend(items),
            NodeKind::Mapping(pairs) => {
                let is_name = |key| tree.scalar(key, text) == Some("name");
                stack.extend(pairs.iter().filter(|(key, _)| !is_name(*key)).map(|(_, v)| *v));
            }
        }
    }
    spans.sort_unstable();
    spans
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml;

    #[test]
    fn secrets_are_known_by_their_keys() {
        let text = "a: {token: T, id-token: I, clientKeyData: K, tokenFile: f, name: n}\n\
                    env:\n- name: AWS_PROFILE\n  value: V\nx: &p P\npassword: *p\nz: {pass: *q, args: [A]}\n\
                    options:\n- {name: token, default: D}\n- {name: output, default: yaml}\n\
                    appendArgs: [--token, E]\n";
        let tree = yaml::parse(text);
        let shown = |span: &Span| text[span.range()].to_owned();
        let found: Vec<_> = spans(&tree, text).iter().map(shown).collect();
        assert_eq!(found, ["T", "I", "K", "V", "P", "*q", "A", "D", "--token", "E"]);
    }
}
