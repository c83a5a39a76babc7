//! Reads the entries of a kubeconfig, leniently.
//!
//! A kubeconfig that kubectl rejects as a whole still contains versions that someone must change,
//! so nothing here fails: a value of the wrong type counts as absent.

use std::borrow::Cow;
use std::sync::Arc;

use crate::api_group;
use crate::model::{
    AuthInfo, AuthProvider, Cluster, Context, Credentials, Evidence, ExecConfig, ExecEnvVar,
    ExecMistake, MisspelledKey, Reach, UnseenExec,
};
use crate::syntax::node::NodeId;
use crate::syntax::scalar::ScalarValue;
use crate::text::source::{Span, Spanned};

use super::authority::Authorities;
use super::view::{Field, Fields, View};

/// The content of a kubeconfig, where it can be read.
#[derive(Debug, Default)]
pub(crate) struct Kubeconfig {
    /// The users, in order.
    // Each moves into a subject of its own, which frees it as soon as it is judged.
    #[expect(clippy::vec_box, reason = "moving them one by one out of a vector needs them twice")]
    pub auth_infos: Vec<Box<AuthInfo>>,
    /// The entry of each user.
    pub user_entries: Vec<NodeId>,
    /// The clusters, in order.
    pub clusters: Vec<Arc<Cluster>>,
    /// The entry of each cluster.
    pub cluster_entries: Vec<NodeId>,
    /// The contexts, in order.
    pub contexts: Vec<Arc<Context>>,
    /// `current-context`; `None` where it is absent, null or empty.
    pub current_context: Option<Spanned<String>>,
}

/// Reads the kubeconfig at `root`; `evidence` says how the whole file was read. What its contexts
/// select is left to [`Selected`](crate::kubectl::select::Selected).
pub(crate) fn read(view: View<'_>, root: NodeId, evidence: Evidence) -> Kubeconfig {
    let top = view.fields(root, None);
    let (mut auth_infos, mut user_entries, mut has_blank) = (Vec::new(), Vec::new(), false);
    for Entry { id, name, item: user, fields: entry } in entries(view, &top, "users", "user") {
        let field = |key: &str| user.get(key).copied();
        let auth = AuthInfo {
            exec: field("exec").and_then(|field| exec_config(view, &field)).map(Box::new),
            auth_provider: field("auth-provider").and_then(|field| auth_provider(view, &field)),
            credentials: Credentials::shared(credentials(view, &user)),
            unseen_exec: unseen_exec(view, &user, &entry),
            name,
            missing_context: None,
            reach: Reach::Current,
            context: None,
            has_other_contexts: false,
            cluster: None,
            has_user_of_cluster: false,
            document: view.tree.document_of(root) + 1,
            file: None,
            is_part: false,
            evidence,
        };
        // There is nothing to say about more than one such user, and a text may have one for every
        // three bytes.
        let is_blank = auth.name.is_none() && auth.is_bare();
        if !(is_blank && std::mem::replace(&mut has_blank, true)) {
            auth_infos.push(Box::new(auth));
            user_entries.push(id);
        }
    }
    // YAML ends the last entry where `user` is not indented.
    if let Some(user) = auth_infos.last_mut().filter(|user| user.is_bare()) {
        user.unseen_exec = user_beside_users(view, &top);
    }
    let mut authorities = Authorities::of(view);
    let clusters = entries(view, &top, "clusters", "cluster").map(|entry| {
        let Entry { id, name, item: cluster, .. } = entry;
        let string = |key: &str| view.spanned(cluster.get(key));
        let cluster = Cluster::shared(Cluster {
            name,
            server: string("server"),
            certificate_authority: string("certificate-authority"),
            certificate_authority_data: authorities.read(cluster.get("certificate-authority-data")),
            insecure: flag(view, cluster.get("insecure-skip-tls-verify")),
            proxy_url: string("proxy-url"),
        });
        (cluster, id)
    });
    let (clusters, cluster_entries) = clusters.unzip();
    let contexts = entries(view, &top, "contexts", "context").map(|entry| {
        let Entry { name, item: context, .. } = entry;
        let string = |key: &str| view.spanned(context.get(key));
        Context::shared(Context { name, cluster: string("cluster"), user: string("user") })
    });
    Kubeconfig {
        auth_infos,
        user_entries,
        clusters,
        cluster_entries,
        contexts: contexts.collect(),
        current_context: view.spanned(top.get("current-context")),
    }
}

/// An entry of a list of named items.
struct Entry {
    id: NodeId,
    name: Option<Spanned<String>>,
    /// The fields of the item.
    item: Fields,
    /// The fields of the entry.
    fields: Fields,
}

/// Returns the entries of a list of named items.
fn entries<'a>(
    view: View<'a>,
    top: &Fields,
    list: &str,
    item: &'static str,
) -> impl Iterator<Item = Entry> + 'a {
    view.items(top.get(list)).map(move |Field { key: id, value, alias }| {
        let fields = view.fields(value, alias);
        let item = fields.get(item).map(|field| view.fields(field.value, field.alias));
        let name = view.spanned(fields.get("name"));
        Entry { id, name, item: item.unwrap_or_default(), fields }
    })
}

/// Returns the exec config of an entry that has a wrong key or place, so that kubectl ignores it.
fn unseen_exec(view: View<'_>, user: &Fields, entry: &Fields) -> Option<UnseenExec> {
    let is_exec = |(key, field): &(&String, &Field)| {
        key.eq_ignore_ascii_case("exec") && view.is_mapping(field.value)
    };
    let unseen = |field, mistake| Some(UnseenExec { key: key_span(view, field), mistake });
    if let Some((_, field)) = user.iter().filter(|(key, _)| *key != "exec").find(is_exec) {
        return unseen(field, ExecMistake::Case);
    }
    if let Some((key, field)) = entry.iter().find(is_exec) {
        let is_exact = key == "exec";
        let mistake = if is_exact { ExecMistake::BesideUser } else { ExecMistake::CaseBesideUser };
        return unseen(field, mistake);
    }
    if let Some(flat) = flat_exec(view, user).or_else(|| flat_exec(view, entry)) {
        return Some(flat);
    }
    // An alias may repeat a large map under many keys.
    let is_user = |(key, field): &(&String, &Field)| {
        let is_exec = |&(key, value): &(NodeId, NodeId)| {
            view.tree.scalar(key, view.text) == Some("exec") && view.is_mapping(value)
        };
        *key != "user" && field.alias.is_none() && view.tree.pairs(field.value).iter().any(is_exec)
    };
    let (_, field) = entry.iter().find(is_user)?;
    unseen(field, ExecMistake::OtherUser)
}

/// Returns the exec config whose keys are among these fields, instead of below `exec`.
fn flat_exec(view: View<'_>, fields: &Fields) -> Option<UnseenExec> {
    let version = fields.get("apiVersion")?;
    let exec = fields.get("exec");
    let is_flat = view.string(version.value).is_some_and(|value| api_group::is_in(&value))
        && fields.contains_key("command")
        && exec.is_none_or(|exec| view.is_null(exec.value));
    let mistake = if exec.is_some() { ExecMistake::NotIndented } else { ExecMistake::NoKey };
    let key = key_span(view, exec.unwrap_or(version));
    is_flat.then_some(UnseenExec { key, mistake })
}

/// Returns the exec config in a `user` next to `users`: the indentation of an entry was lost.
fn user_beside_users(view: View<'_>, top: &Fields) -> Option<UnseenExec> {
    let field = top.get("user")?;
    let user = view.fields(field.value, field.alias);
    let is_exec = user.get("exec").is_some_and(|exec| view.is_mapping(exec.value))
        || flat_exec(view, &user).is_some();
    let mistake = ExecMistake::BesideUsers;
    is_exec.then(|| UnseenExec { key: key_span(view, field), mistake })
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
        token_file: string("tokenFile").map(Box::new),
        username: place("username"),
        password: place("password"),
        client_certificate: string("client-certificate").map(Box::new),
        client_certificate_data: view.bytes(user.get("client-certificate-data")),
        client_key: string("client-key").map(Box::new),
        client_key_data: view.bytes(user.get("client-key-data")),
        impersonate: place("as"),
        impersonate_uid: place("as-uid"),
        impersonate_groups: collection("as-groups"),
        impersonate_extra: collection("as-user-extra"),
        has_impersonate_extra_value: user.get("as-user-extra").is_some_and(|extra| {
            let values = view.fields(extra.value, extra.alias);
            values.values().any(|values| !view.is_null(values.value))
        }),
    }
}

/// Returns the place of a field that is true.
fn flag(view: View<'_>, field: Option<&Field>) -> Option<Spanned<()>> {
    let field = field.filter(|field| view.scalar(field.value) == Some(ScalarValue::Bool(true)))?;
    Some(Spanned { value: (), span: view.tree.node(field.value).span, alias: field.alias })
}

/// Returns the exec config in a field; `None` if the field is not a map.
pub(crate) fn exec_config(view: View<'_>, field: &Field) -> Option<ExecConfig> {
    if !view.is_mapping(field.value) {
        return None;
    }
    let fields = view.fields(field.value, field.alias);
    let is_true = |field: &Field| view.scalar(field.value) == Some(ScalarValue::Bool(true));
    Some(ExecConfig {
        key: key_span(view, field),
        api_version_key: fields.get("apiVersion").map(|field| key_span(view, field)),
        api_version: api_version(view, fields.get("apiVersion")),
        is_version_set_elsewhere: false,
        has_group_elsewhere: false,
        misspelled_api_version: fields
            .iter()
            .find(|(name, _)| *name != "apiVersion" && is_like_api_version(name))
            .map(|(_, field)| {
                let value = view.spanned(Some(field));
                Box::new(MisspelledKey { key: key_span(view, field), value })
            }),
        command: view.spanned(fields.get("command")),
        args: strings(view, fields.get("args")),
        env: env(view, fields.get("env")),
        interactive_mode: view.spanned(fields.get("interactiveMode")).map(Box::new),
        interactive_mode_key: fields
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("interactiveMode"))
            .map(|(_, field)| key_span(view, field)),
        install_hint: view.spanned(fields.get("installHint")).map(Box::new),
        provide_cluster_info: fields.get("provideClusterInfo").is_some_and(is_true),
        description: None,
        is_whole: false,
        alias: field.alias,
        unmasked: None,
    })
}

/// Returns an API version. Where YAML cannot be parsed, a value may seem to continue on the next
/// line because that is indented too far, or because a quote is not closed: its first line was meant.
fn api_version(view: View<'_>, field: Option<&Field>) -> Option<Spanned<String>> {
    let mut version = view.spanned(field)?;
    let document = view.tree.documents.get(view.tree.document_of(field?.value));
    let error = document.and_then(|document| document.error.as_ref());
    let written = view.text.get(version.span.range()).and_then(|written| written.split_once('\n'));
    if let (Some(error), Some((first, _))) = (error, written) {
        let between = view.text.get(version.span.end()..error.span.start());
        if between.is_some_and(|between| !between.contains('\n')) {
            version.value = first.trim_end().to_owned();
            let start = version.span.start();
            version.span = Span::new(start, start + version.value.len());
        }
    }
    Some(version)
}

fn is_like_api_version(name: &str) -> bool {
    let letters = name.bytes().filter(|byte| !matches!(byte, b'-' | b'_'));
    letters.map(|byte| byte.to_ascii_lowercase()).eq(b"apiversion".iter().copied())
}

/// Returns a user that consists of only the auth provider in `field`.
pub(crate) fn part(view: View<'_>, field: &Field) -> Option<AuthInfo> {
    Some(AuthInfo {
        name: None,
        exec: None,
        auth_provider: Some(auth_provider(view, field)?),
        credentials: Credentials::shared(Credentials::default()),
        unseen_exec: None,
        missing_context: None,
        reach: Reach::Fragment,
        context: None,
        has_other_contexts: false,
        cluster: None,
        has_user_of_cluster: false,
        document: 1,
        file: None,
        is_part: true,
        evidence: Evidence::Pattern,
    })
}

fn auth_provider(view: View<'_>, field: &Field) -> Option<Box<AuthProvider>> {
    view.is_mapping(field.value).then(|| {
        Box::new(AuthProvider {
            key: key_span(view, field),
            name: view.spanned(view.fields(field.value, field.alias).get("name")),
            alias: field.alias,
            is_flag: false,
        })
    })
}

fn key_span(view: View<'_>, field: &Field) -> Span {
    view.tree.node(field.key).span
}

fn strings(view: View<'_>, list: Option<&Field>) -> Vec<Spanned<String>> {
    let string = |item: Field| {
        let written = || view.tree.scalar(item.value, view.text).map(Cow::Borrowed);
        let value = match view.is_null(item.value) {
            true => None,
            // kubectl rejects a number, but the value matters once it is quoted.
            false => view.string(item.value).or_else(written),
        };
        let value = view.bounded(value.unwrap_or_default(), item.alias).into_owned();
        Spanned { value, span: view.tree.node(item.value).span, alias: item.alias }
    };
    // One more shows that there are too many.
    view.items(list).take(ExecConfig::MAX_ARGS + 1).map(string).collect()
}

/// Returns the variables in a list of names and values.
pub(crate) fn env(view: View<'_>, list: Option<&Field>) -> Vec<ExecEnvVar> {
    let is_variable = |item: &Field| view.is_mapping(item.value) || view.is_null(item.value);
    let items = || view.items(list).filter(is_variable);
    // A text may have one for every three bytes.
    let mut variables = Vec::with_capacity(items().count());
    variables.extend(items().map(|item| {
        let fields = view.fields(item.value, item.alias);
        ExecEnvVar {
            span: view.tree.node(item.value).span,
            alias: item.alias,
            name: view.spanned(fields.get("name")).map(Box::new),
            value: view.spanned(fields.get("value")).map(Box::new),
        }
    }));
    variables
}
