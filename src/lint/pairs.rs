//! Checks which rules report the same user: one mistake is one finding.

use std::collections::{BTreeMap, BTreeSet};

use crate::lint::{Options, lint};
use crate::text::source::Source;

/// Per rule, the rules after it in the alphabet that may report the same user: each asks for a
/// change of its own. Decide about a new pair as the documentation of `rule.rs` says.
///
/// `unused-exec` meets rules about the plugin if the target has older kubectls that run the plugin,
/// and `missing-api-version` meets the rules about the command if the key is only misspelled.
const TOGETHER: &[(&str, &[&str])] = &[
    (
        "auth-provider-conflict",
        &[
            "deprecated-api-version",
            "inconsistent-api-version",
            "invalid-auth-info",
            "invalid-interactive-mode",
            "missing-api-version",
            "missing-command",
            "missing-env-name",
            "missing-interactive-mode",
            "not-a-plugin",
            "plugin-output-format",
            "removed-api-version",
            "unknown-api-version",
            "unsupported-api-version",
        ],
    ),
    (
        "deprecated-api-version",
        &[
            "interactive-mode-always",
            "invalid-auth-info",
            "invalid-interactive-mode",
            "missing-command",
            "missing-env-name",
            "not-a-plugin",
            "plugin-output-format",
        ],
    ),
    (
        "inconsistent-api-version",
        &[
            "interactive-mode-always",
            "invalid-auth-info",
            "invalid-interactive-mode",
            "missing-env-name",
            "missing-interactive-mode",
            "unsupported-api-version",
            "unused-exec",
        ],
    ),
    ("interactive-mode-always", &["plugin-output-format"]),
    (
        "invalid-auth-info",
        &[
            "invalid-interactive-mode",
            "missing-api-version",
            "missing-command",
            "missing-env-name",
            "missing-interactive-mode",
            "not-a-plugin",
            "plugin-output-format",
            "removed-api-version",
            "unknown-api-version",
            "unsupported-api-version",
        ],
    ),
    (
        "invalid-interactive-mode",
        &[
            "missing-api-version",
            "missing-command",
            "missing-env-name",
            "not-a-plugin",
            "plugin-output-format",
            "removed-api-version",
            "unknown-api-version",
            "unsupported-api-version",
        ],
    ),
    (
        "missing-api-version",
        &["missing-command", "missing-env-name", "not-a-plugin", "plugin-output-format"],
    ),
    (
        "missing-command",
        &[
            "missing-env-name",
            "missing-interactive-mode",
            "removed-api-version",
            "unknown-api-version",
            "unsupported-api-version",
        ],
    ),
    (
        "missing-env-name",
        &[
            "missing-interactive-mode",
            "not-a-plugin",
            "plugin-output-format",
            "removed-api-version",
            "unknown-api-version",
            "unsupported-api-version",
        ],
    ),
    ("missing-interactive-mode", &["not-a-plugin", "plugin-output-format"]),
    ("not-a-plugin", &["unused-exec"]),
    (
        "plugin-output-format",
        &["removed-api-version", "unknown-api-version", "unsupported-api-version", "unused-exec"],
    ),
];

/// One setting of a user, with its variants; the first is valid.
const CREDENTIALS: &[&str] = &[
    "",
    "    token: made-up\n",
    "    token: made-up\n    username: admin\n",
    "    client-certificate: cert.pem\n",
    "    client-certificate: cert.pem\n    client-key: key.pem\n",
    "    as-groups: [admins]\n",
];
const PROVIDERS: &[&str] = &["", "    auth-provider: {name: gcp}\n"];
const VERSIONS: &[&str] = &[
    "      apiVersion: client.authentication.k8s.io/v1beta1\n",
    "      apiVersion: client.authentication.k8s.io/v1alpha1\n",
    "      apiVersion: client.authentication.k8s.io/v1\n",
    "      apiVersion: client.authentication.k8s.io/v9\n",
    "      apiversion: client.authentication.k8s.io/v1beta1\n",
    "",
];
const COMMANDS: &[&str] = &[
    "      command: aws\n      args: [eks, get-token, --output, json]\n",
    "      command: aws\n      args: [eks, get-token, --output, text]\n",
    "      command: gcloud\n      args: [config, config-helper]\n",
    "      command: sh\n      args: [-c, 'echo client.authentication.k8s.io/v1alpha1']\n",
    "      command: mine\n",
    "",
];
const MODES: &[&str] = &["", "      interactiveMode: Always\n", "      interactiveMode: never\n"];
const VARIABLES: &[&str] = &["", "      env: [{value: a}]\n"];

/// Returns kubeconfigs with one user in which at most two settings are not the first one.
fn users() -> Vec<String> {
    let settings = [CREDENTIALS, PROVIDERS, VERSIONS, COMMANDS, MODES, VARIABLES];
    let user = |chosen: [usize; 6]| {
        let [credentials, provider, exec @ ..]: [&str; 6] =
            std::array::from_fn(|at| settings[at][chosen[at]]);
        let exec = match exec.concat() {
            exec if exec.is_empty() => "    exec: {}\n".to_owned(),
            exec => format!("    exec:\n{exec}"),
        };
        format!(
            "apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n{credentials}{provider}{exec}"
        )
    };
    let mut users = vec![user([0; 6])];
    for first in 0..settings.len() {
        for second in first + 1..settings.len() {
            for a in 0..settings[first].len() {
                for b in 0..settings[second].len() {
                    let mut chosen = [0; 6];
                    (chosen[first], chosen[second]) = (a, b);
                    users.push(user(chosen));
                }
            }
        }
    }
    users.sort();
    users.dedup();
    users
}

#[test]
fn rules_report_the_same_user_only_for_two_mistakes() {
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for user in users() {
        for target in ["1.23", "1.37", "1.20-1.37"] {
            let options = Options { target: target.parse().unwrap(), ..Options::default() };
            let linted = lint(&Source::new("config", user.clone().into()), &options);
            let of_user = linted.findings.iter().filter(|finding| finding.user.is_some());
            let mut rules: Vec<_> = of_user.map(|finding| finding.rule.name).collect();
            rules.sort_unstable();
            rules.dedup();
            for (at, rule) in rules.iter().enumerate() {
                found.entry(rule).or_default().extend(&rules[at + 1..]);
            }
        }
    }
    found.retain(|_, others| !others.is_empty());
    let listed: BTreeMap<_, BTreeSet<_>> =
        TOGETHER.iter().map(|(rule, others)| (*rule, others.iter().copied().collect())).collect();
    assert_eq!(found, listed);
}
