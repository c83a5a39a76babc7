//! The users of a kubeconfig, as far as they can be read.
//!
//! A kubeconfig that kubectl refuses as a whole still carries the versions that someone must
//! change, so nothing here fails: what has the wrong type is absent.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::model::{
    AuthInfo, AuthProvider, Cluster, Context, Credentials, Evidence, ExecConfig, ExecEnvVar, Reach,
    Spanned,
};
use crate::source::Span;
use crate::syntax::node::NodeId;
use crate::syntax::scalar::Resolved;

use super::fields::{Field, Fields, View};

/// What a kubeconfig says, as far as it can be read.
#[derive(Debug, Default)]
pub struct Kubeconfig {
    /// The users, in order.
    pub auth_infos: Vec<AuthInfo>,
    /// The clusters, in order.
    pub clusters: Vec<Cluster>,
    /// The contexts, in order.
    pub contexts: Vec<Context>,
    /// `current-context`; `None` where it is absent, null or empty.
    pub current_context: Option<Spanned<String>>,
}

impl Kubeconfig {
    /// The context that kubectl takes; one without a name where no current context is set.
    pub fn context(&self) -> Option<&Context> {
        let current = name_of(self.current_context.as_ref());
        self.contexts.iter().find(|context| name_of(context.name.as_ref()) == current)
    }

    /// `current-context`, if it is not among the contexts.
    pub fn missing_context(&self) -> Option<&Spanned<String>> {
        self.current_context.as_ref().filter(|_| self.context().is_none())
    }

    /// The cluster that the current context names, if it is not among the clusters.
    pub fn missing_cluster(&self) -> Option<&Spanned<String>> {
        let context = self.current_context.as_ref().and_then(|_| self.context())?;
        context.cluster.as_ref().filter(|_| self.cluster_of(context).is_none())
    }

    /// The cluster that a context names.
    pub fn cluster_of(&self, context: &Context) -> Option<&Cluster> {
        let name = name_of(context.cluster.as_ref());
        self.clusters.iter().find(|cluster| name_of(cluster.name.as_ref()) == name)
    }

    /// Tells each user how kubectl comes to it.
    fn link(&mut self) {
        let mut auth_infos = std::mem::take(&mut self.auth_infos);
        let current = self.current_context.as_ref().and_then(|_| self.context());
        let missing_context = self.missing_context();
        // Of several contexts that name a user the current one counts, else the first.
        let mut contexts: HashMap<&str, &Context> = HashMap::new();
        for context in current.into_iter().chain(&self.contexts) {
            contexts.entry(name_of(context.user.as_ref())).or_insert(context);
        }
        let mut clusters: HashMap<&str, &Cluster> = HashMap::new();
        for cluster in &self.clusters {
            clusters.entry(name_of(cluster.name.as_ref())).or_insert(cluster);
        }
        for auth in &mut auth_infos {
            let context = contexts.get(name_of(auth.name.as_ref())).copied();
            auth.reach = match context {
                None if self.contexts.is_empty() => Reach::Current,
                None => Reach::Name,
                Some(context) if current == Some(context) => Reach::Current,
                Some(context) => Reach::Context(name_of(context.name.as_ref()).to_owned()),
            };
            let cluster = context.and_then(|c| clusters.get(name_of(c.cluster.as_ref())).copied());
            auth.cluster = cluster.cloned();
            auth.missing_context = missing_context.cloned();
        }
        self.auth_infos = auth_infos;
    }
}

/// A name as kubectl compares it: empty where there is none.
fn name_of(name: Option<&Spanned<String>>) -> &str {
    name.map_or("", |name| &name.value)
}

/// Reads the kubeconfig at `root`; `evidence` says how the file as a whole was read.
pub fn read(view: View<'_>, root: NodeId, evidence: Evidence) -> Kubeconfig {
    let top = view.fields(root, None);
    let auth_infos = entries(view, &top, "users", "user").map(|(name, user, entry)| {
        let field = |key: &str| user.get(key).copied();
        AuthInfo {
            exec: field("exec").and_then(|field| exec_config(view, &field)),
            auth_provider: field("auth-provider").and_then(|field| auth_provider(view, &field)),
            credentials: credentials(view, &user),
            unseen_exec: unseen_exec(view, &user, &entry),
            name,
            missing_context: None,
            reach: Reach::Current,
            cluster: None,
            document: view.tree.document_of(root) + 1,
            file: None,
            is_part: false,
            evidence,
        }
    });
    let clusters = entries(view, &top, "clusters", "cluster").map(|(name, cluster, _)| {
        let string = |key: &str| view.spanned(cluster.get(key));
        Cluster {
            name,
            server: string("server"),
            certificate_authority: string("certificate-authority"),
            certificate_authority_data: bytes(view, cluster.get("certificate-authority-data")),
            proxy_url: string("proxy-url"),
        }
    });
    let contexts = entries(view, &top, "contexts", "context").map(|(name, context, _)| {
        let string = |key: &str| view.spanned(context.get(key));
        Context { name, cluster: string("cluster"), user: string("user") }
    });
    let mut config = Kubeconfig {
        auth_infos: auth_infos.collect(),
        clusters: clusters.collect(),
        contexts: contexts.collect(),
        current_context: view.spanned(top.get("current-context")),
    };
    config.link();
    config
}

/// The entries of one of the lists of names: the name, the fields of what it names, and those of
/// the entry itself.
fn entries<'a>(
    view: View<'a>,
    top: &Fields,
    list: &str,
    item: &'static str,
) -> impl Iterator<Item = (Option<Spanned<String>>, Fields, Fields)> + 'a {
    items(view, top.get(list)).map(move |entry| {
        let entry = view.fields(entry.value, entry.alias);
        let fields = entry.get(item).map(|field| view.fields(field.value, field.alias));
        (view.spanned(entry.get("name")), fields.unwrap_or_default(), entry)
    })
}

/// The key of an exec config in another case, or in the wrong place; kubectl passes over both.
fn unseen_exec(view: View<'_>, user: &Fields, entry: &Fields) -> Option<Span> {
    let is_exec = |(key, field): &(&String, &Field)| {
        key.eq_ignore_ascii_case("exec") && view.is_mapping(field.value)
    };
    let in_user = user.iter().filter(|(key, _)| *key != "exec").find(is_exec);
    let (_, field) = in_user.or_else(|| entry.iter().find(is_exec))?;
    Some(key_span(view, field))
}

fn credentials(view: View<'_>, user: &Fields) -> Credentials {
    let string = |key: &str| view.spanned(user.get(key));
    let place = |key: &str| string(key).map(|value| value.span);
    let collection = |key: &str| {
        let field = user.get(key)?;
        let is_empty =
            view.tree.items(field.value).is_empty() && view.fields(field.value, None).is_empty();
        (!is_empty).then(|| view.tree.node(field.value).span)
    };
    Credentials {
        token: place("token"),
        token_file: string("tokenFile"),
        username: place("username"),
        password: place("password"),
        client_certificate: string("client-certificate"),
        client_certificate_data: bytes(view, user.get("client-certificate-data")),
        client_key: string("client-key"),
        client_key_data: bytes(view, user.get("client-key-data")),
        impersonate: place("as"),
        impersonate_uid: place("as-uid"),
        impersonate_others: collection("as-groups").or_else(|| collection("as-user-extra")),
    }
}

/// Where the bytes of a field stand, in base64 or as a list of numbers; `None` where there are
/// none.
fn bytes(view: View<'_>, field: Option<&Field>) -> Option<Span> {
    let value = field?.value;
    let is_data = |text: Cow<'_, str>| text.contains(|c| !matches!(c, '\n' | '\r'));
    let has_bytes = !view.tree.items(value).is_empty() || view.string(value).is_some_and(is_data);
    has_bytes.then(|| view.tree.node(value).span)
}

/// The exec config in a field; `None` where it is null or no map.
pub fn exec_config(view: View<'_>, field: &Field) -> Option<ExecConfig> {
    if !view.is_mapping(field.value) {
        return None;
    }
    let fields = view.fields(field.value, field.alias);
    let is_true = |field: &Field| view.scalar(field.value) == Some(Resolved::Bool(true));
    Some(ExecConfig {
        key: key_span(view, field),
        api_version_key: fields.get("apiVersion").map(|field| key_span(view, field)),
        api_version: view.spanned(fields.get("apiVersion")),
        is_version_set_elsewhere: false,
        misspelt_api_version: fields
            .iter()
            .find(|(name, _)| *name != "apiVersion" && is_like_api_version(name))
            .map(|(_, field)| key_span(view, field)),
        command: view.spanned(fields.get("command")),
        args: strings(view, fields.get("args")),
        env: env(view, fields.get("env")),
        interactive_mode: view.spanned(fields.get("interactiveMode")),
        interactive_mode_key: fields
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("interactiveMode"))
            .map(|(_, field)| key_span(view, field)),
        install_hint: view.spanned(fields.get("installHint")),
        provide_cluster_info: fields.get("provideClusterInfo").is_some_and(is_true),
        is_whole: false,
        alias: field.alias,
    })
}

fn is_like_api_version(name: &str) -> bool {
    let letters = name.bytes().filter(|byte| !matches!(byte, b'-' | b'_'));
    letters.map(|byte| byte.to_ascii_lowercase()).eq(b"apiversion".iter().copied())
}

/// A user of which only the auth provider in `field` is there.
pub fn part(view: View<'_>, field: &Field) -> Option<AuthInfo> {
    Some(AuthInfo {
        name: None,
        exec: None,
        auth_provider: Some(auth_provider(view, field)?),
        credentials: Credentials::default(),
        unseen_exec: None,
        missing_context: None,
        reach: Reach::Current,
        cluster: None,
        document: 1,
        file: None,
        is_part: true,
        evidence: Evidence::Pattern,
    })
}

fn auth_provider(view: View<'_>, field: &Field) -> Option<AuthProvider> {
    view.is_mapping(field.value).then(|| AuthProvider {
        key: key_span(view, field),
        name: view.spanned(view.fields(field.value, field.alias).get("name")),
        alias: field.alias,
    })
}

fn key_span(view: View<'_>, field: &Field) -> Span {
    view.tree.node(field.key).span
}

/// The items of a list as fields of their own.
fn items<'a>(view: View<'a>, list: Option<&Field>) -> impl Iterator<Item = Field> + 'a {
    let list = list.copied();
    let nodes = list.map_or(&[][..], |list| view.tree.items(list.value));
    nodes.iter().map(move |&item| {
        let (value, alias) = view.tree.resolve(item);
        Field { key: item, value, alias: list.and_then(|list| list.alias).or(alias) }
    })
}

fn strings(view: View<'_>, list: Option<&Field>) -> Vec<Spanned<String>> {
    let string = |item: Field| {
        let value = match view.string(item.value) {
            Some(value) => value.into_owned(),
            None if view.is_null(item.value) => String::new(),
            None => return None,
        };
        Some(Spanned { value, span: view.tree.node(item.value).span, alias: item.alias })
    };
    items(view, list).filter_map(string).collect()
}

/// The variables in a list of names and values.
pub fn env(view: View<'_>, list: Option<&Field>) -> Vec<ExecEnvVar> {
    items(view, list)
        .filter(|item| view.is_mapping(item.value) || view.is_null(item.value))
        .map(|item| {
            let fields = view.fields(item.value, item.alias);
            ExecEnvVar {
                span: view.tree.node(item.value).span,
                alias: item.alias,
                name: view.spanned(fields.get("name")),
                value: view.spanned(fields.get("value")),
            }
        })
        .collect()
}
