//! The contexts of the kubeconfigs that kubectl loads together, each with its user and its cluster
//! as kubectl runs the user's plugin with them.
//!
//! Unlike in [`merge`](super::merge), secrets are not masked here: the plugin needs them. No report
//! may show these values.
//!
//! Source: client-go `tools/clientcmd/client_config.go`, and `rest/exec.go` (`ConfigToExecCluster`).

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::kubernetes::version::Minor;
use crate::model::{AuthInfo, Evidence, Reach};
use crate::secrets::redact::Secrets;
use crate::secrets::{self, SecretSpans};
use crate::syntax::node::{NodeKind, Tree};
use crate::syntax::scalar::ScalarValue;
use crate::syntax::yaml;
use crate::text::source::{Source, Span, Spanned};
use crate::text::suggest::distance;

use super::decode::compose;
use super::decode::kubeconfig::{self, Kubeconfig};
use super::decode::view::{Field, Fields, View};
use super::merge::{At, Index, name_of};
use super::server;

/// The name of the extension of a cluster that is for plugins.
const EXTENSION: &str = "client.authentication.k8s.io/exec";

/// The kubeconfigs that kubectl loads together, in its order.
pub(crate) struct Contexts<'a> {
    files: Vec<File<'a>>,
    index: Index,
}

struct File<'a> {
    text: &'a str,
    tree: Tree,
    config: Kubeconfig,
    secrets: SecretSpans,
}

/// A context, with what it names.
pub(crate) struct ContextInUse {
    /// The name of the context; empty if kubectl uses none.
    pub(crate) name: String,
    /// Its user; one without anything if it does not exist.
    pub(crate) auth: AuthInfo,
    /// The same for reports.
    pub(crate) shown: AuthInfo,
    /// The position of the file that defines the user.
    pub(crate) file: Option<usize>,
    /// What `provideClusterInfo` passes to the plugin.
    pub(crate) exec_cluster: Option<ExecCluster>,
    /// The position of the file that defines the cluster, and the place of the cluster in it.
    pub(crate) cluster: Option<(usize, Span)>,
}

/// client-go's `Cluster` in the request to a plugin.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ExecCluster {
    server: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    tls_server_name: String,
    #[serde(skip_serializing_if = "is_false")]
    insecure_skip_tls_verify: bool,
    /// In base64.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) certificate_authority_data: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    proxy_url: String,
    #[serde(skip_serializing_if = "is_false")]
    disable_compression: bool,
    #[serde(skip_serializing_if = "Value::is_null")]
    config: Value,
}

/// A kind of entry that `current-context` or a context names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// What `current-context` names.
    Context,
    /// The cluster of a context.
    Cluster,
    /// The user of a context.
    User,
}

/// A name without an entry.
#[derive(Debug)]
pub(crate) struct Dangling {
    /// What there is none of.
    pub(crate) kind: EntryKind,
    /// The file that should name an entry, and the place of the name there; the beginning of the file
    /// if it has no name.
    pub(crate) place: (usize, Span),
    /// Whether there is a name.
    pub(crate) is_named: bool,
    /// The names of the entries that exist, the most similar first, as reports may show them.
    pub(crate) candidates: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl ContextInUse {
    /// Returns whether its server has TLS.
    pub(crate) fn is_tls(&self, minor: Minor) -> bool {
        let server = self.auth.cluster.as_ref().and_then(|cluster| cluster.server.as_ref());
        server.is_some_and(|server| server::is_tls(&server.value, minor))
    }
}

impl<'a> Contexts<'a> {
    /// Reads the kubeconfigs.
    pub(crate) fn new(sources: impl IntoIterator<Item = &'a Source>) -> Self {
        let files = sources.into_iter().map(|source| {
            let text = source.text();
            let tree = yaml::parse(text);
            let view = View { tree: &tree, text };
            let root = tree.documents.first().and_then(|document| document.root);
            let root = root.filter(|root| compose::unbounded(view, *root).is_none());
            let config = root.map(|root| kubeconfig::read(view, root, Evidence::Parsed));
            let config = config.unwrap_or_default();
            let secrets = secrets::spans(&tree, text);
            File { text, tree, config, secrets }
        });
        let files: Vec<File<'_>> = files.collect();
        let index = Index::of(files.iter().map(|file| &file.config));
        Self { files, index }
    }

    /// Returns the name of the current context; empty if none is set.
    pub(crate) fn current(&self) -> &str {
        let file = self.index.current_context.and_then(|at| self.files.get(at));
        name_of(file.and_then(|file| file.config.current_context.as_ref()))
    }

    /// Returns the names of all contexts that kubectl may use, in order.
    pub(crate) fn names(&self) -> Vec<&str> {
        let all = self.files.iter().flat_map(|file| &file.config.contexts);
        let mut names: Vec<&str> = Vec::new();
        for name in all.map(|context| name_of(context.name.as_ref())) {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Returns the same as reports may show them.
    pub(crate) fn shown_names(&self) -> Vec<String> {
        self.candidates(EntryKind::Context, "")
    }

    /// Returns what the context `name` names without there being such an entry; with an empty name,
    /// that there is no current context.
    pub(crate) fn dangling(&self, name: &str) -> Vec<Dangling> {
        let dangling = |kind, wrong: Option<(usize, &Spanned<String>)>, place| Dangling {
            kind,
            place: wrong.map_or(place, |(file, name)| (file, name.span)),
            is_named: wrong.is_some(),
            candidates: self.candidates(kind, wrong.map_or("", |(_, name)| &name.value)),
        };
        let found = self.index.contexts.get(name);
        let found = found
            .and_then(|at| Some((at.file, self.files.get(at.file)?.config.contexts.get(at.item)?)));
        let Some((file, context)) = found.filter(|_| !name.is_empty()) else {
            let current = self.index.current_context;
            let wrong = current.and_then(|file| {
                let name = self.files.get(file)?.config.current_context.as_ref();
                Some((file, name.filter(|name| !name.value.is_empty())?))
            });
            let place = (current.unwrap_or(0), Span::default());
            return vec![dangling(EntryKind::Context, wrong, place)];
        };
        let place = (file, context.name.as_ref().map(|name| name.span).unwrap_or_default());
        let parts = [
            (EntryKind::Cluster, &context.cluster, &self.index.clusters),
            (EntryKind::User, &context.user, &self.index.users),
        ];
        let missing = parts
            .into_iter()
            .filter(|(_, part, entries)| !entries.contains_key(name_of(part.as_ref())));
        let missing = missing.map(|(kind, part, _)| {
            let wrong = part.as_ref().filter(|name| !name.value.is_empty());
            dangling(kind, wrong.map(|name| (file, name)), place)
        });
        missing.collect()
    }

    /// Returns the names of the entries of a kind that reports may show, the most similar to `wrong`
    /// first.
    fn candidates(&self, kind: EntryKind, wrong: &str) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for File { config, secrets, .. } in &self.files {
            let own: Vec<Option<&Spanned<String>>> = match kind {
                EntryKind::Context => config.contexts.iter().map(|e| e.name.as_ref()).collect(),
                EntryKind::Cluster => config.clusters.iter().map(|e| e.name.as_ref()).collect(),
                EntryKind::User => config.auth_infos.iter().map(|e| e.name.as_ref()).collect(),
            };
            for name in own.into_iter().flatten() {
                let is_shown = !name.value.is_empty() && !Secrets::of(secrets).hold(name.span);
                if is_shown && !names.contains(&name.value) {
                    names.push(name.value.clone());
                }
            }
        }
        if !wrong.is_empty() {
            names.sort_by_key(|name| distance(wrong, name));
        }
        names
    }

    /// Returns whether there is a context of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.index.contexts.contains_key(name)
    }

    /// Returns a context as `kubectl --context NAME` uses it; with an empty name, as kubectl does
    /// without a current context.
    pub(crate) fn of(&self, name: &str) -> ContextInUse {
        let at = self.index.contexts.get(name);
        let item = at.and_then(|at| self.files.get(at.file)?.config.contexts.get(at.item));
        let user = name_of(item.and_then(|context| context.user.as_ref()));
        let cluster = name_of(item.and_then(|context| context.cluster.as_ref()));
        let user_at = self.index.users.get(user).copied();
        let cluster_at = self.index.clusters.get(cluster).copied();
        let found = user_at.and_then(|at| self.files.get(at.file)?.config.auth_infos.get(at.item));
        let shared =
            cluster_at.and_then(|at| self.files.get(at.file)?.config.clusters.get(at.item));
        let auth = AuthInfo {
            name: item.and_then(|context| context.user.clone()),
            cluster: shared.cloned(),
            missing_context: self.missing(name).map(Box::new),
            reach: Reach::Current,
            context: item.and_then(|context| context.name.clone()).map(Box::new),
            has_other_contexts: self.index.contexts.len() > 1,
            ..found.map_or_else(AuthInfo::empty, |auth| (**auth).clone())
        };
        ContextInUse {
            name: name.to_owned(),
            shown: self.masked(&auth, user_at, cluster_at, at.copied()),
            auth,
            file: user_at.map(|at| at.file),
            exec_cluster: cluster_at.and_then(|at| self.exec_cluster(at)),
            cluster: cluster_at.and_then(|at| Some((at.file, self.cluster(at)?.0))),
        }
    }

    /// Returns `current-context`, if it is `name` and names a context that does not exist.
    fn missing(&self, name: &str) -> Option<Spanned<String>> {
        let file = self.index.current_context.and_then(|at| self.files.get(at))?;
        let current = file.config.current_context.as_ref()?;
        (current.value == name && !self.has(name)).then(|| current.clone())
    }

    /// Returns a user without its secrets. Each value is masked with the secrets of its own file.
    fn masked(
        &self,
        auth: &AuthInfo,
        user: Option<At>,
        cluster: Option<At>,
        context: Option<At>,
    ) -> AuthInfo {
        let secrets = |at: Option<At>| Some(Secrets::of(&self.files.get(at?.file)?.secrets));
        let mut shown = auth.clone();
        if let (Some(secrets), Some(cluster)) = (secrets(cluster), &mut shown.cluster) {
            secrets.cluster(Arc::make_mut(cluster));
        }
        if let Some(secrets) = secrets(context) {
            secrets.hide(&mut shown.name);
            secrets.hide(shown.context.as_deref_mut());
        }
        if let Some(secrets) = secrets(user) {
            let (name, context, cluster) =
                (shown.name.take(), shown.context.take(), shown.cluster.take());
            secrets.auth_info(&mut shown);
            (shown.name, shown.context, shown.cluster) = (name, context, cluster);
        }
        shown
    }

    /// Returns the place of an item of `clusters`, and the keys of its `cluster`.
    fn cluster(&self, at: At) -> Option<(Span, View<'_>, Fields)> {
        let file = self.files.get(at.file)?;
        let view = View { tree: &file.tree, text: file.text };
        let root = view.tree.documents.first()?.root?;
        let item = view.items(view.fields(root, None).get("clusters")).nth(at.item)?;
        let entry = view.fields(item.value, item.alias);
        let cluster = entry.get("cluster").map(|field| view.fields(field.value, field.alias));
        Some((view.tree.node(item.value).span, view, cluster.unwrap_or_default()))
    }

    /// Returns a cluster as it is passed to plugins.
    fn exec_cluster(&self, at: At) -> Option<ExecCluster> {
        let (_, view, cluster) = self.cluster(at)?;
        let text = |key: &str| {
            let value = cluster.get(key).and_then(|field| view.string(field.value));
            value.unwrap_or_default().into_owned()
        };
        let is_true = |key: &str| {
            let value = cluster.get(key).and_then(|field| view.scalar(field.value));
            value == Some(ScalarValue::Bool(true))
        };
        let data: String = text("certificate-authority-data");
        Some(ExecCluster {
            server: text("server"),
            tls_server_name: text("tls-server-name"),
            insecure_skip_tls_verify: is_true("insecure-skip-tls-verify"),
            certificate_authority_data: data.chars().filter(|c| !c.is_whitespace()).collect(),
            proxy_url: text("proxy-url"),
            disable_compression: is_true("disable-compression"),
            config: extension(view, &cluster),
        })
    }
}

/// Returns the settings for plugins among the extensions of a cluster.
fn extension(view: View<'_>, cluster: &Fields) -> Value {
    let extensions = view.items(cluster.get("extensions"));
    let extensions = extensions.map(|item| view.fields(item.value, item.alias));
    let is_ours = |fields: &Fields| {
        let name = fields.get("name").and_then(|field| view.string(field.value));
        name.is_some_and(|name| name == EXTENSION)
    };
    let extension = extensions.filter(is_ours).last();
    let value = extension.and_then(|fields| fields.get("extension").copied());
    value.map_or(Value::Null, |field| json(view, &field, 0))
}

/// Limit on the depth of an extension.
const MAX_DEPTH: usize = 64;

/// Returns a value as JSON.
fn json(view: View<'_>, field: &Field, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    if view.is_mapping(field.value) {
        let fields = view.fields(field.value, field.alias).into_iter();
        return Value::Object(
            fields.map(|(key, field)| (key, json(view, &field, depth + 1))).collect(),
        );
    }
    if let NodeKind::Sequence(_) = view.tree.node(field.value).kind {
        return Value::Array(
            view.items(Some(field)).map(|item| json(view, &item, depth + 1)).collect(),
        );
    }
    match view.scalar(field.value) {
        Some(ScalarValue::Str(text)) => Value::String(text.into_owned()),
        Some(ScalarValue::Bool(value)) => Value::Bool(value),
        Some(ScalarValue::Number) => {
            let written = view.tree.scalar(field.value, view.text).unwrap_or_default();
            let integer = view.integer(field.value).and_then(|number| i64::try_from(number).ok());
            integer
                .map(Value::from)
                .or_else(|| serde_json::from_str(written).ok())
                .unwrap_or_default()
        }
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "current-context: a\ncontexts:\n- name: a\n  context: {cluster: c, user: u}\n\
        users:\n- name: u\n  user: {exec: {apiVersion: v, command: first, args: [--token, T]}}\n";
    const SECOND: &str = "contexts:\n- {name: a, context: {cluster: c, user: x}}\n\
        - {name: b, context: {cluster: d, user: u}}\nusers:\n- {name: u, user: {exec: {command: second}}}\n\
        clusters:\n- name: c\n  cluster:\n    server: https://s\n    certificate-authority: ca.pem\n    \
        insecure-skip-tls-verify: true\n    extensions:\n    \
        - {name: client.authentication.k8s.io/exec, extension: {a: [1, x, null], b: true}}\n";

    fn sources() -> [Source; 2] {
        [FIRST, SECOND].map(|text| Source::new("kubeconfig", text.as_bytes().to_vec()))
    }

    #[test]
    fn context_takes_each_entry_from_the_first_file_that_has_it() {
        let sources = sources();
        let contexts = Contexts::new(&sources);
        assert_eq!((contexts.current(), contexts.names()), ("a", vec!["a", "b"]));
        for name in ["a", "b"] {
            let used = contexts.of(name);
            let exec = used.auth.exec.as_ref().unwrap();
            assert_eq!(exec.command_word(), Some("first"));
            assert_eq!((exec.arg_words(), used.file), (vec!["--token", "T"], Some(0)));
            let shown = used.shown.exec.as_ref().unwrap();
            assert!(!format!("{:?}", shown.args).contains("\"T\""), "{:?}", shown.args);
            assert_eq!(used.auth.cluster.is_some(), name == "a");
        }
        assert!(contexts.of("nope").auth.exec.is_none());
    }

    /// Measured with kubectl 1.37, for `cluster` in KUBERNETES_EXEC_INFO.
    #[test]
    fn exec_cluster_has_the_fields_of_the_request() {
        let sources = sources();
        let used = Contexts::new(&sources).of("a");
        let written = serde_json::to_string(&used.exec_cluster).unwrap();
        let expected = r#"{"server":"https://s","insecure-skip-tls-verify":true,"config":{"a":[1,"x",null],"b":true}}"#;
        assert_eq!(written, expected);
        let (file, place) = used.cluster.unwrap();
        assert_eq!(file, 1);
        assert!(
            sources[file].slice(place).starts_with("name: c\n  cluster:\n    server: https://s")
        );
    }
}
