//! The values of a file that no report may show.
//!
//! Source of the names: client-go's `AuthInfo`, `AuthProviderConfig` and `ExecCredentialStatus`,
//! and the configuration keys of the gcp, azure and oidc auth providers.

use std::collections::HashSet;

use crate::source::Span;
use crate::syntax::node::{NodeId, NodeKind, Tree};

/// Whether the value of this key is secret. Case, `-` and `_` do not count.
pub fn is_secret_key(key: &str) -> bool {
    let key: String = key
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | '.'))
        .flat_map(char::to_lowercase)
        .collect();
    const ENDS: [&str; 10] = [
        "token",
        "password",
        "passwd",
        "passphrase",
        "secret",
        "keydata",
        "certificatedata",
        "authoritydata",
        "privatekey",
        "apikey",
    ];
    ENDS.into_iter().any(|end| key.ends_with(end))
}

/// Whether everything below this key is taken for secret: the environment of a plugin.
fn holds_secrets(key: &str) -> bool {
    key == "env" || is_secret_key(key)
}

/// The spans of all secret values of a tree, sorted.
///
/// Names of environment variables are not secret, their values are.
pub fn spans(tree: &Tree, text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    for node in tree.iter() {
        let NodeKind::Mapping(pairs) = &node.kind else {
            continue;
        };
        for &(key, value) in pairs {
            if tree.scalar(key, text).is_some_and(holds_secrets) {
                values_below(tree, text, value, &mut spans);
            }
        }
    }
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// Adds every scalar at or below `node`, but for keys and the names of variables.
fn values_below(tree: &Tree, text: &str, node: NodeId, spans: &mut Vec<Span>) {
    let mut seen = HashSet::new();
    let mut stack = vec![node];
    while let Some(id) = stack.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = tree.node(id);
        match &node.kind {
            NodeKind::Scalar { .. } if !node.span.is_empty() => spans.push(node.span),
            NodeKind::Scalar { .. } | NodeKind::UnknownAlias(_) => {}
            NodeKind::Alias(target) => stack.push(*target),
            NodeKind::Sequence(items) => stack.extend(items),
            NodeKind::Mapping(pairs) => {
                let is_name = |key| tree.scalar(key, text) == Some("name");
                stack.extend(pairs.iter().filter(|(key, _)| !is_name(*key)).map(|(_, v)| *v));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::yaml;

    #[test]
    fn secrets_are_known_by_their_keys() {
        let text = "a: {token: T, id-token: I, clientKeyData: K, tokenFile: f, name: n}\n\
                    env:\n- name: AWS_PROFILE\n  value: V\nx: &p P\npassword: *p\n";
        let tree = yaml::parse(text);
        let shown = |span: &Span| text[span.range()].to_owned();
        let found: Vec<_> = spans(&tree, text).iter().map(shown).collect();
        assert_eq!(found, ["T", "I", "K", "V", "P"]);
    }
}
