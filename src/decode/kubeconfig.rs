//! The users of a kubeconfig, as far as they can be read.
//!
//! A kubeconfig that kubectl refuses as a whole still carries the versions that someone must
//! change, so nothing here fails: what has the wrong type is absent.

use crate::model::{AuthInfo, AuthProvider, Evidence, ExecConfig, ExecEnvVar, Spanned};
use crate::source::Span;
use crate::syntax::node::NodeId;
use crate::syntax::scalar::Resolved;

use super::fields::{Field, Fields, View};

/// The users of the kubeconfig at `root`, in order.
///
/// `evidence` says how the file as a whole was read.
pub fn auth_infos(view: View<'_>, root: NodeId, evidence: Evidence) -> Vec<AuthInfo> {
    let top = view.fields(root, None);
    let current = current_user(view, &top);
    let Some(users) = top.get("users") else {
        return Vec::new();
    };
    let entries = view.tree.items(users.value).iter();
    entries
        .filter_map(|&entry| {
            let (entry, alias) = view.tree.resolve(entry);
            let alias = users.alias.or(alias);
            auth_info(view, &view.fields(entry, alias), current.as_deref(), evidence)
        })
        .collect()
}

/// The name of the user that the current context leads to.
fn current_user(view: View<'_>, top: &Fields) -> Option<String> {
    let current = view.spanned(top.get("current-context"))?.value;
    let contexts = top.get("contexts")?;
    let contexts = view.tree.items(contexts.value).iter();
    let mut contexts = contexts.map(|&item| view.fields(view.tree.resolve(item).0, None));
    let entry = contexts.find(|fields| {
        view.spanned(fields.get("name")).is_some_and(|name| name.value == current)
    })?;
    let context = view.fields(entry.get("context")?.value, None);
    view.spanned(context.get("user")).map(|user| user.value)
}

fn auth_info(
    view: View<'_>,
    entry: &Fields,
    current: Option<&str>,
    evidence: Evidence,
) -> Option<AuthInfo> {
    let name = view.spanned(entry.get("name"));
    let user = entry.get("user")?;
    let fields = view.fields(user.value, user.alias);
    Some(AuthInfo {
        is_current: name.as_ref().is_some_and(|name| Some(name.value.as_str()) == current),
        name,
        exec: fields.get("exec").and_then(|field| exec_config(view, field)),
        auth_provider: fields.get("auth-provider").and_then(|field| auth_provider(view, field)),
        evidence,
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
                name: view.spanned(fields.get("name")),
                value: view.spanned(fields.get("value")),
            }
        })
        .collect()
}
