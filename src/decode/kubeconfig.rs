//! The users of a kubeconfig, as far as they can be read.
//!
//! A kubeconfig that kubectl refuses as a whole still carries the versions that someone must
//! change, so nothing here fails: what has the wrong type is absent.

use crate::model::{AuthInfo, AuthProvider, Evidence, ExecConfig, ExecEnvVar, Spanned};
use crate::source::Span;
use crate::syntax::node::NodeId;
use crate::syntax::scalar::Resolved;

use super::fields::{Field, Fields, View};

/// What a kubeconfig says, as far as it can be read.
#[derive(Debug)]
pub struct Kubeconfig {
    /// The users, in order.
    pub auth_infos: Vec<AuthInfo>,
    /// `current-context`, if it is not among the contexts.
    pub missing_context: Option<Spanned<String>>,
}

/// Reads the kubeconfig at `root`; `evidence` says how the file as a whole was read.
pub fn read(view: View<'_>, root: NodeId, evidence: Evidence) -> Kubeconfig {
    let top = view.fields(root, None);
    let current = view.spanned(top.get("current-context"));
    let missing_context = current.filter(|current| !has_context(view, &top, &current.value));
    let users = top.get("users");
    let entries = users.map_or(&[][..], |users| view.tree.items(users.value)).iter();
    let auth_infos = entries.map(|&entry| {
        let (entry, alias) = view.tree.resolve(entry);
        let alias = users.and_then(|users| users.alias).or(alias);
        let entry = view.fields(entry, alias);
        let name = view.spanned(entry.get("name"));
        let user = entry.get("user").map(|user| view.fields(user.value, user.alias));
        let field = |key: &str| user.as_ref()?.get(key).copied();
        AuthInfo {
            exec: field("exec").and_then(|field| exec_config(view, &field)),
            auth_provider: field("auth-provider").and_then(|field| auth_provider(view, &field)),
            name,
            missing_context: missing_context.clone(),
            evidence,
        }
    });
    Kubeconfig { auth_infos: auth_infos.collect(), missing_context }
}

/// Whether a context of that name is there.
fn has_context(view: View<'_>, top: &Fields, name: &str) -> bool {
    let Some(contexts) = top.get("contexts") else { return false };
    view.tree.items(contexts.value).iter().any(|&item| {
        let fields = view.fields(view.tree.resolve(item).0, None);
        view.spanned(fields.get("name")).is_some_and(|found| found.value == name)
    })
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
        command: view.spanned(fields.get("command")),
        args: strings(view, fields.get("args")),
        env: env(view, fields.get("env")),
        interactive_mode: view.spanned(fields.get("interactiveMode")),
        install_hint: view.spanned(fields.get("installHint")),
        provide_cluster_info: fields.get("provideClusterInfo").is_some_and(is_true),
        alias: field.alias,
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

fn env(view: View<'_>, list: Option<&Field>) -> Vec<ExecEnvVar> {
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
