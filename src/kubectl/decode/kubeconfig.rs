//! Reads the users of a kubeconfig, leniently.
//!
//! A kubeconfig that kubectl rejects as a whole still contains versions that someone must change,
//! so nothing here fails: a value of the wrong type counts as absent.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::kubernetes::version::Target;
use crate::model::refusal::DecodeError;
use crate::model::{
    AuthInfo, AuthProvider, Cluster, Context, Credentials, Current, Evidence, ExecConfig,
    ExecEnvVar, MisspeltKey, Reach,
};
use crate::secrets::redact::Secrets;
use crate::syntax::node::NodeId;
use crate::syntax::scalar::ScalarValue;
use crate::text::source::{Span, Spanned};

use super::view::{Field, Fields, View};

/// The content of a kubeconfig, where it can be read.
#[derive(Debug, Default)]
pub(crate) struct Kubeconfig {
    /// The users, in order.
    pub auth_infos: Vec<AuthInfo>,
    /// The clusters, in order.
    pub clusters: Vec<Cluster>,
    /// The contexts, in order.
    pub contexts: Vec<Context>,
    /// `current-context`; `None` where it is absent, null or empty.
    pub current_context: Option<Spanned<String>>,
    /// The kubeconfigs that kubectl loads together with this one.
    siblings: Siblings,
}

/// A kubeconfig that kubectl loads together with others.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// The name of its file in messages.
    pub name: String,
    /// Why kubectl cannot decode it.
    pub errors: Vec<DecodeError>,
    /// Its content, without places and secrets.
    pub config: Kubeconfig,
}

/// The kubeconfigs that kubectl loads together with a file: the files of `KUBECONFIG`. kubectl takes
/// the first of users, clusters and contexts with the same name, and the first `current-context`.
#[derive(Debug, Clone, Default)]
pub struct Siblings {
    /// The files in kubectl's order, among them the file itself.
    pub(crate) files: Arc<[Loaded]>,
    /// The position of the file itself.
    pub(crate) at: usize,
}

impl Siblings {
    fn before(&self) -> &[Loaded] {
        self.files.get(..self.at).unwrap_or_default()
    }

    fn after(&self) -> &[Loaded] {
        self.files.get(self.at + 1..).unwrap_or_default()
    }

    /// Returns the name of another file that some kubectl of the target cannot decode: it then
    /// refuses to do anything.
    pub(crate) fn undecodable(&self, target: &Target) -> Option<&str> {
        let is_broken = |file: &&Loaded| {
            let mut errors = file.errors.iter();
            errors.any(|error| target.minors().any(|minor| error.concerns(minor)))
        };
        let found = self.before().iter().chain(self.after()).find(is_broken);
        found.map(|file| file.name.as_str())
    }

    /// Returns whether a user of one of the files has a credential plugin or an auth provider.
    pub(crate) fn have_plugin(&self) -> bool {
        let mut users = self.files.iter().flat_map(|file| &file.config.auth_infos);
        users.any(|user| user.exec.is_some() || user.auth_provider.is_some())
    }

    /// Returns the items of this file between those of the files before and after it.
    fn around<'a, T>(
        &'a self,
        own: &'a [T],
        items: fn(&Kubeconfig) -> &[T],
    ) -> impl Iterator<Item = &'a T> + Clone {
        let of = move |file: &'a Loaded| items(&file.config);
        self.before().iter().flat_map(of).chain(own).chain(self.after().iter().flat_map(of))
    }

    /// Returns the items that an earlier file names, each with the name of that file.
    fn earlier<T: 'static>(
        &self,
        items: fn(&Kubeconfig) -> &[T],
        name: fn(&T) -> Option<&Spanned<String>>,
    ) -> HashMap<&str, &str> {
        let mut earlier = HashMap::new();
        for file in self.before() {
            for item in items(&file.config) {
                earlier.entry(name_of(name(item))).or_insert(file.name.as_str());
            }
        }
        earlier
    }
}

impl Kubeconfig {
    /// Judges the file as one of those that kubectl loads together.
    pub(crate) fn join(&mut self, siblings: Siblings) {
        self.siblings = siblings;
        self.link();
    }

    /// Returns the kind and the name of each user, cluster and context.
    pub(crate) fn names(&self) -> impl Iterator<Item = (&'static str, String)> {
        let users = self.auth_infos.iter().map(|user| ("user", &user.name));
        let clusters = self.clusters.iter().map(|cluster| ("cluster", &cluster.name));
        let contexts = self.contexts.iter().map(|context| ("context", &context.name));
        let named = users.chain(clusters).chain(contexts);
        named.map(|(kind, name)| (kind, name_of(name.as_ref()).to_owned()))
    }

    /// Masks the secrets in what reports about other files quote, and drops what they do not need.
    pub(crate) fn detach(&mut self, secrets: Secrets<'_>) {
        for auth in &mut self.auth_infos {
            *auth = AuthInfo { cluster: None, ..auth.for_verdict() };
            secrets.auth_info(auth);
        }
        self.clusters.iter_mut().for_each(|cluster| secrets.cluster(cluster));
        for Context { name, cluster, user } in &mut self.contexts {
            [name, cluster, user].into_iter().for_each(|name| secrets.hide(name));
        }
        secrets.hide(&mut self.current_context);
    }

    /// Returns the users of all files, those that win first.
    fn all_users(&self) -> impl Iterator<Item = &AuthInfo> + Clone {
        self.siblings.around(&self.auth_infos, |config| &config.auth_infos)
    }

    /// Returns the clusters of all files, those that win first.
    fn all_clusters(&self) -> impl Iterator<Item = &Cluster> + Clone {
        self.siblings.around(&self.clusters, |config| &config.clusters)
    }

    /// Returns the contexts of all files, those that win first.
    fn all_contexts(&self) -> impl Iterator<Item = &Context> + Clone {
        self.siblings.around(&self.contexts, |config| &config.contexts)
    }

    /// Returns the `current-context` of the first file that has one.
    fn first_current_context(&self) -> Option<&Spanned<String>> {
        let of = |file: &'_ Loaded| file.config.current_context.is_some();
        let before = self.siblings.before().iter().find(|file| of(file));
        let after = || self.siblings.after().iter().find(|file| of(file));
        match (before, &self.current_context) {
            (Some(file), _) => file.config.current_context.as_ref(),
            (None, Some(own)) => Some(own),
            (None, None) => after().and_then(|file| file.config.current_context.as_ref()),
        }
    }

    /// Returns the context that kubectl uses; without `current-context`, one without a name.
    pub(crate) fn context(&self) -> Option<&Context> {
        let current = name_of(self.first_current_context());
        self.all_contexts().find(|context| name_of(context.name.as_ref()) == current)
    }

    /// Returns `current-context`, if it names a context that does not exist.
    pub(crate) fn missing_context(&self) -> Option<&Spanned<String>> {
        self.first_current_context().filter(|_| self.context().is_none())
    }

    /// Returns the user that kubectl uses, with its cluster. Without a valid context, both are the
    /// ones without a name.
    pub(crate) fn current(&self) -> AuthInfo {
        let context = self.context();
        let name = context.and_then(|context| context.user.as_ref());
        let user = self.all_users().find(|auth| name_of(auth.name.as_ref()) == name_of(name));
        AuthInfo {
            name: name.cloned(),
            cluster: self.current_cluster().cloned(),
            missing_context: self.missing_context().cloned(),
            reach: Reach::Current,
            context: context.and_then(|context| context.name.clone()),
            has_other_contexts: self.has_other_contexts(),
            ..user.map_or_else(AuthInfo::empty, AuthInfo::for_verdict)
        }
    }

    /// Returns what the current context resolves to, if one is set. Of what is missing, it contains
    /// what this file names.
    pub(crate) fn set_context(&self) -> Option<Current> {
        let current = self.first_current_context()?;
        let context = self.context();
        let is_named_here =
            self.current_context.as_ref().is_some_and(|own| std::ptr::eq(own, current));
        let own = context.filter(|context| self.contexts.iter().any(|c| std::ptr::eq(c, *context)));
        let name = own.and_then(|context| context.user.as_ref());
        let has_user = |name: &Spanned<String>| {
            self.all_users().any(|auth| name_of(auth.name.as_ref()) == name.value)
        };
        let cluster = own.and_then(|context| context.cluster.as_ref());
        Some(Current {
            missing_context: self.missing_context().filter(|_| is_named_here).cloned(),
            missing_cluster: cluster.filter(|_| self.current_cluster().is_none()).cloned(),
            missing_user: name.filter(|name| !has_user(name)).cloned(),
            is_merged: !self.siblings.files.is_empty(),
            user: self.current(),
        })
    }

    /// Returns each cluster, as the user with which kubectl connects to it.
    pub(crate) fn cluster_users(&self) -> Vec<AuthInfo> {
        let users = by_name(self.all_users(), |auth| auth.name.as_ref());
        let contexts = by_name(self.contexts_in_order(), |context| context.cluster.as_ref());
        let earlier =
            self.siblings.earlier(|config| &config.clusters, |cluster| cluster.name.as_ref());
        let selection = self.selection();
        let has_other_contexts = self.has_other_contexts();
        let current = self.current();
        let user_of = |cluster: &Cluster| {
            let name = name_of(cluster.name.as_ref());
            let context = contexts.get(name).copied();
            let user = context.and_then(|context| users.get(name_of(context.user.as_ref())));
            let reach = match earlier.get(name) {
                Some(file) => Reach::Shadowed((*file).to_owned()),
                None => selection.reach_of(cluster.name.as_ref(), context, Reach::Cluster),
            };
            let by_default = matches!(reach, Reach::Current | Reach::Cluster).then_some(&current);
            let user = user.copied().or(by_default);
            AuthInfo {
                cluster: Some(cluster.clone()),
                missing_context: selection.missing_by(&reach),
                reach,
                context: context.and_then(|context| context.name.clone()),
                has_other_contexts,
                ..user.map_or_else(AuthInfo::empty, AuthInfo::for_verdict)
            }
        };
        self.clusters.iter().map(user_of).collect()
    }

    /// Returns the cluster that kubectl uses.
    fn current_cluster(&self) -> Option<&Cluster> {
        let name = self.context().and_then(|context| context.cluster.as_ref());
        self.all_clusters().find(|cluster| name_of(cluster.name.as_ref()) == name_of(name))
    }

    /// Returns the contexts that kubectl can use, the current one first: it wins over others with
    /// the same user, else the first does.
    fn contexts_in_order(&self) -> impl Iterator<Item = &Context> {
        let mut names = HashSet::new();
        let used = self.all_contexts().filter(move |c| names.insert(name_of(c.name.as_ref())));
        self.context().into_iter().chain(used)
    }

    /// Returns whether there are several contexts.
    fn has_other_contexts(&self) -> bool {
        let mut names = self.all_contexts().map(|context| name_of(context.name.as_ref()));
        let first = names.next();
        names.any(|name| Some(name) != first)
    }

    fn selection(&self) -> Selection<'_> {
        Selection {
            is_fragment: self.all_contexts().next().is_none(),
            has_clusters: self.all_clusters().next().is_some(),
            context: self.context(),
            missing: self.missing_context(),
        }
    }

    /// Sets for each user how kubectl selects it.
    fn link(&mut self) {
        let contexts = by_name(self.contexts_in_order(), |context| context.user.as_ref());
        let clusters = by_name(self.all_clusters(), |cluster| cluster.name.as_ref());
        let earlier = self.siblings.earlier(|config| &config.auth_infos, |auth| auth.name.as_ref());
        let selection = self.selection();
        let current = self.current_cluster();
        let way_to = |auth: &AuthInfo| {
            let name = name_of(auth.name.as_ref());
            let context = contexts.get(name).copied();
            let reach = match earlier.get(name) {
                Some(file) => Reach::Shadowed((*file).to_owned()),
                None => selection.reach_of(auth.name.as_ref(), context, Reach::Name),
            };
            let cluster = match &reach {
                Reach::Fragment => None,
                Reach::Context => {
                    context.and_then(|c| clusters.get(name_of(c.cluster.as_ref())).copied())
                }
                _ => current,
            };
            let context = context.and_then(|context| context.name.clone());
            (selection.missing_by(&reach), reach, context, cluster.cloned())
        };
        let ways: Vec<_> = self.auth_infos.iter().map(way_to).collect();
        let has_other_contexts = self.has_other_contexts();
        for (auth, (missing_context, reach, context, cluster)) in
            self.auth_infos.iter_mut().zip(ways)
        {
            auth.missing_context = missing_context;
            auth.reach = reach;
            auth.context = context;
            auth.has_other_contexts = has_other_contexts;
            auth.cluster = cluster;
        }
    }
}

/// What `current-context` selects.
struct Selection<'a> {
    /// Whether there are no contexts.
    is_fragment: bool,
    has_clusters: bool,
    context: Option<&'a Context>,
    missing: Option<&'a Spanned<String>>,
}

impl Selection<'_> {
    /// Returns how kubectl selects the user or cluster of that name. `context` names it; without
    /// one, but with other contexts, the answer is `by_flag`.
    fn reach_of(
        &self,
        name: Option<&Spanned<String>>,
        context: Option<&Context>,
        by_flag: Reach,
    ) -> Reach {
        let has_any = !self.is_fragment || self.has_clusters;
        match context {
            // Without a valid context, kubectl uses the user and the cluster without a name.
            _ if name.is_none() && self.context.is_none() && has_any => Reach::Current,
            None if self.is_fragment => Reach::Fragment,
            None => by_flag,
            Some(context) if self.context == Some(context) => Reach::Current,
            Some(_) => Reach::Context,
        }
    }

    /// Returns the missing context that makes kubectl fail when it selects a user in this way.
    /// Naming another context avoids the failure.
    fn missing_by(&self, reach: &Reach) -> Option<Spanned<String>> {
        self.missing.filter(|_| *reach != Reach::Context).cloned()
    }
}

/// Returns items by name; the first of equal names wins.
fn by_name<'a, T>(
    items: impl IntoIterator<Item = &'a T>,
    name: fn(&'a T) -> Option<&'a Spanned<String>>,
) -> HashMap<&'a str, &'a T> {
    let mut by_name = HashMap::new();
    for item in items {
        by_name.entry(name_of(name(item))).or_insert(item);
    }
    by_name
}

/// Returns a name as kubectl compares it: empty if there is none.
fn name_of(name: Option<&Spanned<String>>) -> &str {
    name.map_or("", |name| &name.value)
}

/// Reads the kubeconfig at `root`; `evidence` says how the whole file was read.
pub(crate) fn read(view: View<'_>, root: NodeId, evidence: Evidence) -> Kubeconfig {
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
            context: None,
            has_other_contexts: false,
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
        siblings: Siblings::default(),
    };
    config.link();
    config
}

/// Returns the entries of a list of named items: the name, the fields of the item, and those of the
/// entry.
fn entries<'a>(
    view: View<'a>,
    top: &Fields,
    list: &str,
    item: &'static str,
) -> impl Iterator<Item = (Option<Spanned<String>>, Fields, Fields)> + 'a {
    view.items(top.get(list)).map(move |entry| {
        let entry = view.fields(entry.value, entry.alias);
        let fields = entry.get(item).map(|field| view.fields(field.value, field.alias));
        (view.spanned(entry.get("name")), fields.unwrap_or_default(), entry)
    })
}

/// Returns the key of an exec config in the wrong case or place; kubectl ignores both.
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
        impersonate_groups: collection("as-groups"),
        impersonate_extra: collection("as-user-extra"),
        has_impersonate_extra_value: user.get("as-user-extra").is_some_and(|extra| {
            let values = view.fields(extra.value, extra.alias);
            values.values().any(|values| !view.is_null(values.value))
        }),
    }
}

/// Returns the span of a bytes field, whether base64 or a list of numbers; `None` if it is empty.
fn bytes(view: View<'_>, field: Option<&Field>) -> Option<Span> {
    let value = field?.value;
    let is_data = |text: Cow<'_, str>| text.contains(|c| !matches!(c, '\n' | '\r'));
    let has_bytes = !view.tree.items(value).is_empty() || view.string(value).is_some_and(is_data);
    has_bytes.then(|| view.tree.node(value).span)
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
        api_version: view.spanned(fields.get("apiVersion")),
        is_version_set_elsewhere: false,
        misspelt_api_version: fields
            .iter()
            .find(|(name, _)| *name != "apiVersion" && is_like_api_version(name))
            .map(|(_, field)| MisspeltKey {
                key: key_span(view, field),
                value: view.spanned(Some(field)),
            }),
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
        description: None,
        is_whole: false,
        alias: field.alias,
    })
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
        credentials: Credentials::default(),
        unseen_exec: None,
        missing_context: None,
        reach: Reach::Fragment,
        context: None,
        has_other_contexts: false,
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

fn strings(view: View<'_>, list: Option<&Field>) -> Vec<Spanned<String>> {
    let string = |item: Field| {
        let written = || view.tree.scalar(item.value, view.text).map(Cow::Borrowed);
        let value = match view.is_null(item.value) {
            true => None,
            // kubectl rejects a number, but the value matters once it is quoted.
            false => view.string(item.value).or_else(written),
        };
        let value = value.unwrap_or_default().into_owned();
        Spanned { value, span: view.tree.node(item.value).span, alias: item.alias }
    };
    view.items(list).map(string).collect()
}

/// Returns the variables in a list of names and values.
pub(crate) fn env(view: View<'_>, list: Option<&Field>) -> Vec<ExecEnvVar> {
    view.items(list)
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
