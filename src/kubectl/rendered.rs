//! Reads a kubeconfig as if its placeholders were replaced, each by a value that is valid at its
//! place.

use std::sync::Arc;

use crate::model::{AuthInfo, Cluster, Context, Current, ExecConfig, Reach};
use crate::text::placeholder::{is_in, is_in_data};
use crate::text::source::Spanned;

use super::select::Selected;

/// Replaces placeholders by valid values where rules judge them. Returns whether there are
/// placeholders among the values that kubectl looks at before it runs the plugin: names, addresses,
/// the API version and the interactive mode.
pub(crate) fn presume(selected: &mut Selected) -> bool {
    let has_missing_context = selected.missing_context().is_some();
    let config = &mut selected.config;
    let current = config.current_context.as_ref();
    let names_context = |context: &Arc<Context>| has_placeholder(context.name.as_ref());
    let is_current_unknown = has_missing_context
        && (has_placeholder(current) || config.contexts.iter().any(names_context));
    let is_user_unknown = config.contexts.iter().any(|c| has_placeholder(c.user.as_ref()));
    let mut found = has_placeholder(current);
    found |= config.contexts.iter().any(|context| {
        [&context.name, &context.cluster, &context.user]
            .into_iter()
            .any(|name| has_placeholder(name.as_ref()))
    });
    for auth in &mut config.auth_infos {
        let is_unknown = is_user_unknown || has_placeholder(auth.name.as_ref());
        if is_current_unknown {
            auth.missing_context = None;
            auth.has_other_contexts = false;
        }
        // Any context whose name is a placeholder may be the current one.
        let is_reached = match auth.reach {
            Reach::Context => is_current_unknown,
            Reach::Name | Reach::Nameless => is_unknown,
            _ => false,
        };
        if is_reached {
            auth.reach = Reach::Current;
            auth.has_other_contexts = false;
        }
        found |= presume_auth_info(auth);
    }
    for cluster in &mut config.clusters {
        found |= has_placeholders(cluster) && presume_cluster(Arc::make_mut(cluster));
    }
    found
}

/// Returns what the current context resolves to, if one is set. Reports as missing only what is
/// missing whatever the placeholders stand for.
pub(crate) fn set_context(selected: &Selected) -> Option<Current> {
    let mut current = selected.set_context()?;
    let config = &selected.config;
    let Current { missing_context, missing_cluster, missing_user, user, .. } = &mut current;
    let contexts = config.contexts.iter().map(|context| &context.name);
    clear_unknown(missing_context, contexts.collect());
    clear_unknown(missing_cluster, config.clusters.iter().map(|cluster| &cluster.name).collect());
    clear_unknown(missing_user, config.auth_infos.iter().map(|auth| &auth.name).collect());
    user.missing_context = missing_context.clone().map(Box::new);
    Some(current)
}

/// Clears a missing name that may turn out to exist once all placeholders are replaced.
fn clear_unknown(missing: &mut Option<Spanned<String>>, others: Vec<&Option<Spanned<String>>>) {
    let is_among = |name: &mut Spanned<String>| {
        is_in(&name.value) || others.iter().any(|other| has_placeholder(other.as_ref()))
    };
    missing.take_if(is_among);
}

/// The clusters of a kubeconfig that have more than a name, each as the user with which kubectl
/// connects to it. They are made one at a time: a text may have one for every few bytes.
pub(crate) struct ClusterUsers {
    selected: Selected,
    /// The user that kubectl uses.
    current: AuthInfo,
    /// Whether any context may be the current one and name the cluster, because its name is a
    /// placeholder.
    is_unknown: bool,
    /// The position of the next cluster.
    next: usize,
}

impl ClusterUsers {
    /// Returns those of a kubeconfig.
    pub(crate) fn of(selected: Selected) -> Self {
        let config = &selected.config;
        let is_open = |context: &Arc<Context>| {
            has_placeholder(context.name.as_ref()) || has_placeholder(context.cluster.as_ref())
        };
        let is_unknown =
            has_placeholder(config.current_context.as_ref()) || config.contexts.iter().any(is_open);
        let current = selected.current();
        Self { selected, current, is_unknown, next: 0 }
    }

    /// Returns the users of the kubeconfig. No cluster has a user afterwards.
    #[expect(clippy::vec_box, reason = "as in `Kubeconfig`")]
    pub(crate) fn take_users(&mut self) -> Vec<Box<AuthInfo>> {
        std::mem::take(&mut self.selected.config.auth_infos)
    }
}

impl Iterator for ClusterUsers {
    type Item = Box<AuthInfo>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.selected.config.clusters.iter().enumerate().skip(self.next);
        let found = rest.find(|(_, cluster)| !cluster.has_only_name());
        self.next = found.map_or(usize::MAX, |(at, _)| at + 1);
        let (_, cluster) = found?;
        let mut user = self.selected.cluster_user(cluster, &self.current);
        if self.is_unknown && !matches!(user.reach, Reach::Shadowed(_)) {
            user.missing_context = None;
            user.reach = Reach::Current;
            user.has_other_contexts = false;
        }
        Some(user)
    }
}

fn presume_auth_info(auth: &mut AuthInfo) -> bool {
    let mut found = has_placeholder(auth.name.as_ref());
    // Other users may share the cluster.
    if let Some(cluster) = auth.cluster.as_mut().filter(|cluster| has_placeholders(cluster)) {
        found |= presume_cluster(Arc::make_mut(cluster));
    }
    if let Some(name) = auth.auth_provider.as_mut().and_then(|provider| provider.name.as_mut()) {
        // The only provider that no kubectl has removed.
        found |= replace(name, is_in, "oidc");
    }
    found | auth.exec.as_deref_mut().is_some_and(presume_exec_config)
}

fn presume_exec_config(exec: &mut ExecConfig) -> bool {
    let mut found = false;
    if has_placeholder(exec.api_version.as_ref()) {
        exec.api_version = None;
        exec.is_version_set_elsewhere = true;
        found = true;
    }
    if let Some(mode) = &mut exec.interactive_mode {
        found |= replace(mode, is_in, "IfAvailable");
    }
    found
}

fn has_placeholders(cluster: &Cluster) -> bool {
    let has_open_fault = cluster
        .certificate_authority_data
        .as_ref()
        .is_some_and(|data| data.value.is_placeholder && data.value.fault.is_some());
    let is_open = |value: &Option<Spanned<String>>| {
        value.as_ref().is_some_and(|value| is_in_data(&value.value))
    };
    [&cluster.name, &cluster.certificate_authority]
        .into_iter()
        .any(|value| has_placeholder(value.as_ref()))
        || has_open_fault
        || is_open(&cluster.server)
        || is_open(&cluster.proxy_url)
}

fn presume_cluster(cluster: &mut Cluster) -> bool {
    let mut found = has_placeholder(cluster.name.as_ref())
        || has_placeholder(cluster.certificate_authority.as_ref());
    if let Some(server) = &mut cluster.server {
        found |= replace_server(server);
    }
    if let Some(data) = &mut cluster.certificate_authority_data {
        // It may be valid base64, so that the file can be decoded as it is.
        data.value.fault.take_if(|_| data.value.is_placeholder);
    }
    if let Some(proxy) = &mut cluster.proxy_url {
        found |= replace(proxy, is_in_data, "http://proxy.example.com");
    }
    found
}

/// Replaces an address that contains placeholders. Keeps `http:` if the address begins with it,
/// since that part is known.
fn replace_server(server: &mut Spanned<String>) -> bool {
    let is_http = server.value.get(..7).is_some_and(|s| s.eq_ignore_ascii_case("http://"));
    let address = if is_http { "http://server.example.com" } else { "https://server.example.com" };
    replace(server, is_in_data, address)
}

fn replace(value: &mut Spanned<String>, is_found: fn(&str) -> bool, valid: &str) -> bool {
    let found = is_found(&value.value);
    if found {
        valid.clone_into(&mut value.value);
    }
    found
}

fn has_placeholder(value: Option<&Spanned<String>>) -> bool {
    value.is_some_and(|value| is_in(&value.value))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::Options;
    use crate::Source;
    use crate::lint;

    /// The values of a kubeconfig that may be placeholders, each with a valid literal.
    const PLACES: [(&str, &str); 9] = [
        ("SERVER", "https://c.example.com"),
        ("CA", "QUFB"),
        ("CLUSTER", "c"),
        ("CONTEXT", "x"),
        ("USER", "u"),
        ("ARG", "prod"),
        ("ENV", "default"),
        ("KEY", "QUFB"),
        ("HINT", "install it"),
    ];

    const STYLES: [&str; 10] = [
        "${NAME}",
        "\"{{ .NAME }}\"",
        "$NAME",
        "<NAME>",
        "{{ NAME }}",
        "@NAME@",
        "<%= NAME %>",
        "{{ .Values.NAME | quote }}",
        "\"%[NUMBER]s\"",
        "__NAME__",
    ];

    fn kubeconfig(version: &str, mode: &str, fill: impl Fn(usize) -> String) -> String {
        let mut text = format!(
            "apiVersion: v1\nkind: Config\nclusters:\n- name: [CLUSTER]\n  cluster:\n    server: \
             [SERVER]\n    certificate-authority-data: [CA]\ncontexts:\n- name: [CONTEXT]\n  \
             context:\n    cluster: [CLUSTER]\n    user: [USER]\ncurrent-context: [CONTEXT]\n\
             users:\n- name: [USER]\n  user:\n    exec:\n      apiVersion: \
             client.authentication.k8s.io/{version}\n{mode}      command: aws\n      args:\n      \
             - eks\n      - get-token\n      - --cluster-name\n      - [ARG]\n      env:\n      - \
             name: AWS_PROFILE\n        value: [ENV]\n      installHint: [HINT]\n- name: other\n  \
             user:\n    client-key-data: [KEY]\n    client-certificate: a.crt\n"
        );
        for (at, (name, _)) in PLACES.iter().enumerate() {
            text = text.replace(&format!("[{name}]"), &fill(at));
        }
        text
    }

    /// Returns the rules that fire at each line, with the applicability of their fixes.
    fn said(text: &str) -> Vec<(u32, &'static str, String)> {
        let source = Source::new("config", text.as_bytes().to_vec());
        let findings = lint(&source, &Options::default()).findings.into_iter();
        findings
            .map(|finding| {
                let line = text[..finding.primary.span.start()].matches('\n').count();
                let fix = finding.fix.as_ref().map(|fix| format!("{:?}", fix.applicability));
                (line as u32, finding.rule.name, fix.unwrap_or_default())
            })
            .collect()
    }

    proptest! {
        #[test]
        fn placeholders_change_neither_rules_nor_fixes(
            version in prop::sample::select(vec!["v1alpha1", "v1beta1", "v1", "v1beta2"]),
            mode in prop::sample::select(vec!["", "      interactiveMode: IfAvailable\n"]),
            style in prop::sample::select(STYLES.to_vec()),
            which in prop::collection::vec(any::<bool>(), PLACES.len()),
        ) {
            let literal = kubeconfig(version, mode, |at| PLACES[at].1.to_owned());
            let template = kubeconfig(version, mode, |at| match which[at] {
                true => style.replace("NAME", PLACES[at].0).replace("NUMBER", &(at + 1).to_string()),
                false => PLACES[at].1.to_owned(),
            });
            prop_assert_eq!(said(&template), said(&literal), "{}", template);
        }
    }
}
