//! Exec configs anywhere in a tree: in lists and values, in Argo CD's and ClusterProfiles' files,
//! and in later documents; kubeconfigs within other files; and the texts in the strings of a tree.
//!
//! Source of the shapes: client-go's `ExecConfig`, Argo CD's `execProviderConfig` (argo-cd
//! `docs/operator-manual/declarative-setup.md`), and the provider file of ClusterProfiles
//! (KEP-5339).

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::advice::plugin_of;
use crate::api_group::own_report::is_own_report;
use crate::api_group::{self, prefilter};
use crate::kubectl::decode::view::{Field, Fields, View};
use crate::kubectl::decode::{compose, kubeconfig as decode};
use crate::kubectl::select::Selected;
use crate::kubernetes::api_versions::GROUP;
use crate::kubernetes::plugins::EXEC_INFO;
use crate::language::Language;
use crate::model::{
    Consumer, EntryKind, Evidence, ExecConfig, ExecEntry, ExecEnvVar, MisspelledKey, Subject,
};
use crate::syntax::node::{Document, NodeId, NodeKind};
use crate::text::placeholder::is_template;
use crate::text::source::{Span, Spanned};

use super::input::Input;
use super::vocabulary::{self, is_flag};
use super::{Carrier, Embedded, Preprocessing, Reading, fallback, kubeconfig, settings};

mod consumer;

pub(super) static CARRIER: Carrier = Carrier::new("exec-config", read);

fn read<'a>(input: &'a Input<'_>) -> Reading<'a> {
    if input.context.language != Language::Data {
        return Reading::default();
    }
    let view = input.data();
    if is_own_report(view.text.as_bytes()) {
        let done = vec![Span::new(0, view.text.len())];
        return Reading { done, ..Reading::default() };
    }
    let mut reading = ExecConfigReader::new(input, view, Syntax::Data).read();
    if input.template().is_some() {
        reading.preprocessing = Some(Preprocessing::Rendered);
    }
    reading
}

/// The syntax that a tree was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// YAML or JSON.
    Data,
    /// HCL.
    Hcl,
}

/// The position of a node: its collection, and its key there.
#[derive(Debug, Clone, Copy)]
struct NodePosition {
    node: NodeId,
    key: Option<NodeId>,
    /// The index of an item in a list.
    index: usize,
}

/// Limit on the ancestors of a node that are searched.
const MAX_ANCESTORS: usize = 64;

/// Limit on the mappings whose fields are cached, of those with no more than [`MANY_FIELDS`].
const MAX_CACHED: usize = 256;
const MANY_FIELDS: usize = 32;

/// Limit on the users of kubeconfigs that are read from one tree; aliases may repeat them.
const MAX_USERS: usize = 200_000;

/// Walks through all nodes of a tree.
pub(super) struct ExecConfigReader<'a> {
    input: &'a Input<'a>,
    view: View<'a>,
    syntax: Syntax,
    /// For each node the collection that it is in.
    parents: Vec<Option<NodeId>>,
    reading: Reading<'a>,
    /// The values that were read as part of a kubeconfig.
    taken: Vec<Span>,
    /// For each document, whether it can be read to its end.
    readable: Vec<bool>,
    /// The first document if kubectl's own carrier read it.
    own: Option<NodeId>,
    /// Whether it is the kubeconfig that kubectl reads.
    is_kubeconfig: bool,
    /// The kubeconfigs whose users were read, by kubectl's own carrier or by this one.
    kubeconfigs: HashSet<NodeId>,
    /// The fields of the mappings that were read last, and of those with many.
    fields: RefCell<HashMap<NodeId, Rc<Fields>>>,
    wide: RefCell<HashMap<NodeId, Rc<Fields>>>,
    /// The mapping whose command line was read last, and that command line.
    command_line: RefCell<Option<(NodeId, Option<ExecConfig>)>>,
    /// The number of kubeconfig users that may still be read.
    users: usize,
}

impl<'a> ExecConfigReader<'a> {
    pub(super) fn new(input: &'a Input<'a>, view: View<'a>, syntax: Syntax) -> Self {
        let tree = view.tree;
        let mut parents = vec![None; tree.len()];
        for id in tree.ids() {
            let values = tree.pairs(id).iter().map(|(_, value)| value);
            for child in values.chain(tree.items(id)) {
                if let Some(parent) = parents.get_mut(child.index()) {
                    *parent = Some(id);
                }
            }
        }
        let is_data = syntax == Syntax::Data;
        let is_readable = |document: &Document| {
            let root = document.root.filter(|_| document.error.is_none());
            // Skip documents in which aliases multiply without bound.
            !is_data || root.is_some_and(|root| compose::unbounded(view, root).is_none())
        };
        let readable: Vec<bool> = tree.documents.iter().map(is_readable).collect();
        // What YAML rejects, kubectl's own carrier has not read.
        let is_read = is_data && std::ptr::eq(tree, input.lenient().tree);
        let own = tree.documents.first().and_then(|document| document.root).filter(|_| is_read);
        let first = own.filter(|_| readable.first() == Some(&true));
        let is_kubeconfig = first.is_some_and(|root| kubeconfig::is_kubeconfig(view, root));
        Self {
            input,
            view,
            syntax,
            parents,
            reading: Reading::default(),
            taken: Vec::new(),
            readable,
            own,
            is_kubeconfig,
            kubeconfigs: first.filter(|_| is_kubeconfig).into_iter().collect(),
            fields: RefCell::default(),
            wide: RefCell::default(),
            command_line: RefCell::default(),
            users: MAX_USERS,
        }
    }

    pub(super) fn read(mut self) -> Reading<'a> {
        let tree = self.view.tree;
        if self.syntax == Syntax::Data {
            for id in tree.ids() {
                self.kubeconfig(id);
                self.auth_provider(id);
            }
        }
        self.taken.sort_unstable();
        for id in tree.ids() {
            if matches!(tree.node(id).kind, NodeKind::Scalar { .. }) {
                self.scalar(id);
            }
        }
        self.reading
    }

    fn parent(&self, id: NodeId) -> Option<NodePosition> {
        let node = self.parents.get(id.index()).copied().flatten()?;
        // Parsers add nodes in text order.
        let (pairs, items) = (self.view.tree.pairs(node), self.view.tree.items(node));
        let pair = pairs.binary_search_by_key(&id, |(_, value)| *value).ok();
        let key = pair.and_then(|at| pairs.get(at)).map(|(key, _)| *key);
        Some(NodePosition { node, key, index: items.binary_search(&id).unwrap_or(0) })
    }

    /// Returns the positions of a node and of what encloses it, innermost first.
    fn ancestors(&self, id: NodeId) -> impl Iterator<Item = NodePosition> + '_ {
        let above = |parent: &NodePosition| self.parent(parent.node);
        std::iter::successors(self.parent(id), above).take(MAX_ANCESTORS)
    }

    /// Returns the name of the key at a position.
    fn name(&self, parent: NodePosition) -> Option<&'a str> {
        self.text_of(parent.key?)
    }

    /// Returns the name of the key whose value is the node.
    fn key_above(&self, id: NodeId) -> Option<&'a str> {
        self.name(self.parent(id)?)
    }

    fn text_of(&self, id: NodeId) -> Option<&'a str> {
        self.view.tree.scalar(id, self.view.text)
    }

    /// Returns whether the document of a node was read to its end, if it is YAML or JSON.
    fn is_in_readable_document(&self, id: NodeId) -> bool {
        self.readable.get(self.view.tree.document_of(id)).copied().unwrap_or(false)
    }

    /// Returns the fields of a mapping. Each mapping is needed several times in a row, and one with
    /// many fields for each of them.
    fn fields(&self, map: NodeId) -> Rc<Fields> {
        let is_wide = self.view.tree.pairs(map).len() > MANY_FIELDS;
        let known = if is_wide { &self.wide } else { &self.fields };
        let mut known = known.borrow_mut();
        if !is_wide && known.len() >= MAX_CACHED {
            known.clear();
        }
        let fields = known.entry(map).or_insert_with(|| Rc::new(self.view.fields(map, None)));
        Rc::clone(fields)
    }

    /// Reads the kubeconfig at a mapping, if it is one other than the one that kubectl reads.
    fn kubeconfig(&mut self, id: NodeId) {
        let view = self.view;
        let is_users = |(key, _): &&(NodeId, NodeId)| self.text_of(*key) == Some("users");
        let users = view.tree.pairs(id).iter().filter(is_users);
        let users = users.map(|(_, value)| view.tree.items(view.tree.resolve(*value).0).len());
        let users = users.max().unwrap_or(0);
        if users == 0
            || self.own == Some(id)
            || !self.is_in_readable_document(id)
            || !kubeconfig::is_kubeconfig(view, id)
        {
            return;
        }
        if users > self.users {
            let limit = format!("only {MAX_USERS} users of embedded kubeconfigs are read");
            return self.reading.limits.push(limit);
        }
        self.users -= users;
        self.kubeconfigs.insert(id);
        // Kubectl's own carrier counts the first document even if it cannot read it.
        let is_first = view.tree.document_of(id) == 0 && self.parent(id).is_none();
        self.reading.kubeconfigs += usize::from(!is_first);
        let config = decode::read(view, id, Evidence::Embedded);
        let mut selected = Selected::new(config, None);
        if fallback::presume(self.input, &mut selected) {
            self.reading.preprocessing = Some(Preprocessing::Rendered);
        }
        for mut user in selected.config.auth_infos {
            if self.has_open_lines(id) {
                user.evidence = Evidence::Pattern;
            }
            if self.parent(id).is_some() {
                // The mapping is not a document, so kubectl does not read it where it is.
                user.document = 1;
            }
            let exec = user.exec.as_deref();
            let misspelled = exec.and_then(|exec| exec.misspelled()?.value.as_ref());
            let version = exec.and_then(|exec| exec.api_version.as_ref()).or(misspelled);
            self.taken.extend(version.map(|version| version.span));
            self.reading.subjects.push(Subject::AuthInfo(user));
        }
    }

    /// Reads the auth provider at a mapping in a fragment of a kubeconfig: below `user`, outside
    /// any list of users.
    fn auth_provider(&mut self, id: NodeId) {
        if !self.view.is_mapping(id) {
            return;
        }
        let Some(key) = self.parent(id).and_then(|parent| parent.key) else { return };
        if self.text_of(key) != Some("auth-provider") || !self.is_in_readable_document(id) {
            return;
        }
        let above: Vec<_> = self.ancestors(id).skip(1).take(3).map(|p| self.name(p)).collect();
        if !matches!(above.as_slice(), [Some("user")] | [Some("user"), None]) {
            return;
        }
        let user = decode::part(self.view, &Field { key, value: id, alias: None });
        let user = user.map(|user| Subject::AuthInfo(Box::new(user)));
        self.reading.subjects.extend(user);
    }

    /// Returns whether a node of a template may have other lines than the tree shows.
    fn has_open_lines(&self, id: NodeId) -> bool {
        let key = self.parent(id).and_then(|parent| parent.key);
        self.syntax == Syntax::Data && self.input.has_open_lines(key.unwrap_or(id), id)
    }

    /// Returns whether the version at a place was read as part of a kubeconfig, or by another carrier.
    fn is_taken(&self, version: Span) -> bool {
        self.taken.binary_search(&version).is_ok() || self.input.claims.contain(version)
    }

    fn scalar(&mut self, id: NodeId) {
        let Some(value) = self.text_of(id) else { return };
        let span = self.view.tree.node(id).span;
        if value.len() < GROUP.len() || !self.is_in_readable_document(id) {
            return;
        }
        let Some(parent) = self.parent(id) else { return };
        if !api_group::is_in(value) {
            // A kubeconfig is of interest even without an exec API version.
            if value.len() > 64 && prefilter::is_interesting(value.as_bytes()) {
                self.embed(id);
            }
            return;
        }
        // A notebook stores a text as a list of its lines.
        let is_line = value.ends_with('\n') && !value.trim_end().contains('\n');
        let is_part_of_text = match parent.key {
            None => is_line || is_echo(value) || self.is_of_set_credentials(parent, value),
            Some(key) => self.view.tree.splits_string(self.view.text, key, id),
        };
        if is_part_of_text {
            // The adjacent text says what the version belongs to: read them together, as text.
            return;
        }
        if !is_version(value) {
            let key = self.name(parent);
            // A search pattern is one line; several lines may be a whole document.
            let is_line = is_in_line(value);
            let is_searched_for =
                |key| vocabulary::is_prose(key) || (is_line && vocabulary::is_searched_for(key));
            // Also skip text that a Terraform function tests or replaces.
            let is_tested = || self.syntax == Syntax::Hcl && self.holder(parent).is_none();
            if key.is_some_and(is_searched_for) || (is_line && is_tested()) {
                return self.reading.done.push(span);
            }
            if let Some(entry) = self.chosen(id, parent) {
                return self.reading.subjects.push(Subject::ExecEntry(Box::new(entry)));
            }
            // If a template assembles the value, the version is only a part of it.
            if self.input.template().is_some() && is_in_line(value) && is_template(value) {
                return;
            }
            return self.embed(id);
        }
        if self.is_taken(span) {
            return;
        }
        match self.entry(id, parent, value) {
            // A command uses a workflow variable by its name: read both together, as text.
            Some(entry)
                if self.syntax == Syntax::Data
                    && entry.kind == EntryKind::Setting
                    && self.is_used_by_name(parent) => {}
            Some(entry) => self.reading.subjects.push(Subject::ExecEntry(Box::new(entry))),
            None if self.is_used_by_name(parent) => {}
            None => match self.setting_of_template(id, parent, value) {
                Some(entry) => self.reading.subjects.push(Subject::ExecEntry(Box::new(entry))),
                None => self.reading.done.push(span),
            },
        }
    }

    /// Returns whether the text elsewhere assigns this variable to a key for exec API versions.
    fn is_used_by_name(&self, parent: NodePosition) -> bool {
        self.name(parent).is_some_and(|name| !self.input.uses.of(name).is_empty())
    }

    /// Returns the setting under a key of any name, whose template is elsewhere.
    fn setting_of_template(
        &self,
        id: NodeId,
        parent: NodePosition,
        value: &str,
    ) -> Option<ExecEntry> {
        let key = self.name(parent).filter(|key| !vocabulary::is_api_version(key))?;
        let above = || self.ancestors(id).skip(1).filter_map(|above| self.name(above));
        let is_file =
            || self.input.context.depth == 0 && settings::is_file(self.input.source.path());
        // What an exec config passes to its plugin is judged with it.
        let is_exec_config = |around: NodePosition| {
            let fields = self.fields(around.node);
            let mut versions =
                ["apiVersion", "api_version"].into_iter().filter_map(|key| fields.get(key));
            versions.any(|version| self.text_of(version.value).is_some_and(is_version))
        };
        // The `value` of a variable may be anything.
        let is_below = || key != "value" && above().any(settings::are_below);
        let is_setting = self.syntax == Syntax::Data
            && settings::may_name(key, value)
            && self.is_last(parent, parent.key?)
            && !above().any(vocabulary::is_of_table)
            && (is_file() || is_below())
            && !self.ancestors(id).any(is_exec_config);
        let span = self.view.tree.node(id).span;
        let version = Spanned { value: value.to_owned(), span, alias: None };
        let mut entry = is_setting.then(|| self.setting(version, Some(key)))?;
        entry.users.extend(self.plugin_beside(parent.node));
        Some(entry)
    }

    /// Queues the text of a string to be read as a text of its own.
    fn embed(&mut self, id: NodeId) {
        let mapped = self.view.tree.mapped(id, self.view.text);
        let is_request = self.parent(id).is_some_and(|parent| self.is_request(parent));
        let embedded = |content| Embedded { is_request, ..Embedded::new(content) };
        self.reading.texts.extend(mapped.map(embedded));
    }

    /// Returns whether a value is that of the variable that tells a plugin what is requested.
    fn is_request(&self, parent: NodePosition) -> bool {
        let key = self.name(parent);
        let is_variable = |&(key, name): &(NodeId, NodeId)| {
            self.text_of(key) == Some("name") && self.text_of(name) == Some(EXEC_INFO)
        };
        let has_name = || self.view.tree.pairs(parent.node).iter().any(is_variable);
        key == Some(EXEC_INFO) || (key == Some("value") && has_name())
    }

    /// Returns the exec config whose version an expression chooses.
    fn chosen(&self, id: NodeId, parent: NodePosition) -> Option<ExecEntry> {
        let span = self.view.tree.node(id).span;
        let Some(version) = fallback::in_expression(self.input, span) else {
            return self.choice(id, parent);
        };
        if self.is_taken(version.span) {
            return None;
        }
        let mut entry = self.entry(id, parent, &version.value)?;
        entry.evidence = Evidence::Pattern;
        entry.exec.api_version = Some(version);
        Some(entry)
    }

    /// Returns the exec config whose version is the group followed by what a template chooses.
    fn choice(&self, id: NodeId, parent: NodePosition) -> Option<ExecEntry> {
        let version = fallback::after_group_of(self.view.text, self.view.tree.node(id).span)?;
        let mut entry = self.entry(id, parent, &version.value)?;
        entry.exec.has_group_elsewhere = true;
        if entry.consumer == Consumer::Nobody {
            // kubectl reads the value once it is rendered.
            entry.consumer = Consumer::Unknown;
        }
        entry.evidence = Evidence::Pattern;
        entry.exec.api_version = Some(version);
        Some(entry)
    }

    /// Returns the exec config or the setting whose version is the value.
    fn entry(&self, id: NodeId, parent: NodePosition, value: &str) -> Option<ExecEntry> {
        let node = self.view.tree.node(id);
        let parent = self.holder(parent)?;
        let version = Spanned { value: value.to_owned(), span: node.span, alias: None };
        let Some(key) = parent.key else {
            // An argument after its flag.
            return self.follows_flag(parent).then(|| self.setting(version, None));
        };
        let name = self.text_of(key)?;
        // The template itself shows what it does with its variables.
        let is_for_template = self.is_for_template(parent.node);
        if vocabulary::is_api_version(name) && !is_for_template {
            match self.syntax {
                Syntax::Data if !self.is_effective(id, parent) => return None,
                // Terraform rejects duplicates; the arguments belong to one of them.
                Syntax::Hcl if !self.is_last(parent, key) => {
                    return Some(self.setting(version, Some(name)));
                }
                Syntax::Data | Syntax::Hcl => {}
            }
            // Another way to authenticate, which has an API of its own in the same group.
            if self.key_above(parent.node) == Some("httpSignature") {
                return None;
            }
            let mut entry = self.exec_config(parent.node, key, version);
            entry.user = self.user_of(parent.node);
            if self.is_exec_of_user(parent.node) {
                // The arguments and variables were read with the version that kubectl sees.
                entry.exec.args.clear();
                entry.exec.env.clear();
            }
            return Some(entry);
        }
        let is_setting = match self.syntax {
            Syntax::Hcl => {
                !vocabulary::is_searched_for(name) && !vocabulary::is_of_validation(name)
            }
            Syntax::Data => {
                vocabulary::names_exec_version(name)
                    || (matches!(name, "default" | "value")
                        && self
                            .fields(parent.node)
                            .get(name)
                            .is_some_and(|field| field.value == id)
                        && self.is_named_version(parent.node))
            }
        };
        let mut entry = is_setting.then(|| self.setting(version, Some(name)))?;
        if is_for_template {
            entry.consumer = Consumer::KubeconfigPart;
            entry.users.extend(self.command_line(parent.node));
        } else if self.syntax == Syntax::Data {
            entry.users.extend(self.plugin_beside(parent.node));
        }
        if name == "default" {
            entry.exec.description = description(self.view, &self.fields(parent.node), id);
        }
        Some(entry)
    }

    /// Returns whether the mapping has no later key of the same name.
    fn is_last(&self, parent: NodePosition, key: NodeId) -> bool {
        let name = self.text_of(key).unwrap_or("");
        self.fields(parent.node).get(name).is_none_or(|field| field.key == key)
    }

    /// Returns the position that shows what a value is for. For an operand of an expression or an
    /// argument of a call, this is the position of the whole expression or call.
    fn holder(&self, mut parent: NodePosition) -> Option<NodePosition> {
        for _ in 0..MAX_ANCESTORS {
            if parent.key.is_some() {
                break;
            }
            let mut names = self.view.tree.names(parent.node);
            parent = match self.view.tree.node(parent.node).kind {
                NodeKind::Comparison(_) => return None,
                NodeKind::Call(_) if names.any(vocabulary::is_test) => {
                    return None;
                }
                NodeKind::Call(_) | NodeKind::Expression(_) => self.parent(parent.node)?,
                _ => break,
            };
        }
        Some(parent)
    }

    /// Returns whether a list item is the API version for `kubectl config set-credentials`.
    fn is_of_set_credentials(&self, parent: NodePosition, value: &str) -> bool {
        let inline = value.split_once('=').map(|(flag, _)| flag);
        inline.or_else(|| self.item_before(parent)) == Some("--exec-api-version")
    }

    /// Returns whether the previous list item is a flag for exec API versions.
    fn follows_flag(&self, parent: NodePosition) -> bool {
        self.item_before(parent).is_some_and(|flag| flag.starts_with("--") && is_flag(flag))
    }

    /// Returns the text of the previous list item.
    fn item_before(&self, parent: NodePosition) -> Option<&'a str> {
        let items = self.view.tree.items(parent.node);
        self.text_of(*items.get(parent.index.checked_sub(1)?)?)
    }

    /// Returns whether the mapping of a `value` or `default` is for an exec API version, judging by
    /// its name.
    fn is_named_version(&self, map: NodeId) -> bool {
        // `op: test` of JSON Patch, `operator: Equals` of policies.
        let is_test = |&(key, value): &(NodeId, NodeId)| {
            let key = self.text_of(key);
            key == Some("operator") || (key == Some("op") && self.text_of(value) == Some("test"))
        };
        if self.view.tree.pairs(map).iter().any(is_test) {
            return false;
        }
        let named = self.view.tree.pairs(map).iter().any(|&(key, value)| {
            matches!(self.text_of(key), Some("name" | "key" | "path"))
                && self.text_of(value).is_some_and(vocabulary::names_exec_version)
        });
        let outer = self.parent(map).and_then(|above| self.key_above(above.node));
        // A Terraform variable in JSON may have any name.
        named
            || self.key_above(map).is_some_and(vocabulary::names_exec_version)
            || outer == Some("variable")
    }

    /// Returns a setting: a value on its own, under this key if it has one.
    fn setting(&self, version: Spanned<String>, key: Option<&str>) -> ExecEntry {
        let consumer = match (self.syntax, key) {
            (Syntax::Hcl, Some(key)) => vocabulary::consumer_in_terraform(key),
            _ => Consumer::Unknown,
        };
        setting(version, consumer, self.evidence(None))
    }

    /// Returns how the entry of a mapping was read; `None` stands for a value on its own.
    fn evidence(&self, map: Option<NodeId>) -> Evidence {
        if map.is_some_and(|map| self.has_open_lines(map)) {
            return Evidence::Pattern;
        }
        match self.syntax {
            // The value is in a list, in a later document or in a file of another kind: this
            // carrier does not handle what kubectl reads, and passes over what is broken.
            Syntax::Data => Evidence::Embedded,
            Syntax::Hcl if self.view.tree.is_broken() => Evidence::Pattern,
            Syntax::Hcl => Evidence::Parsed,
        }
    }

    /// Returns the exec config at a mapping whose key for the version is `key`.
    pub(super) fn exec_config(
        &self,
        map: NodeId,
        key: NodeId,
        version: Spanned<String>,
    ) -> ExecEntry {
        let view = self.view;
        let exec_key = self.parent(map).and_then(|parent| parent.key);
        let fields = self.fields(map);
        let field = |wanted: &str| {
            fields
                .iter()
                .find(|(name, _)| vocabulary::letters(name) == wanted)
                .map(|(_, field)| field)
        };
        let string = |wanted: &str| view.spanned(field(wanted));
        let mode = field("interactivemode");
        let mut exec = ExecConfig {
            key: view.tree.node(exec_key.unwrap_or(key)).span,
            api_version_key: Some(view.tree.node(key).span),
            api_version: Some(version),
            command: string("command"),
            args: self.strings(field("args")),
            env: self.env(field("env")),
            // A reference counts as a mode, too.
            interactive_mode: view.spanned(mode).or_else(|| self.any(mode)).map(Box::new),
            interactive_mode_key: mode.map(|mode| view.tree.node(mode.key).span),
            ..ExecConfig::default()
        };
        let kind = string("kind").filter(|kind| kind.value == "ExecCredential");
        let kind = match kind {
            Some(_) => EntryKind::ExecCredential,
            // The request in KUBERNETES_EXEC_INFO has a version and none of the fields of an exec
            // config.
            None if self.input.context.is_request => EntryKind::Request,
            None if self.is_bare(&fields, map) => EntryKind::Indirect,
            None => EntryKind::ExecConfig,
        };
        let consumer = self.consumer(map, key);
        let evidence = self.evidence(Some(map));
        let is_whole = evidence.is_whole();
        let is_of_kubectl = kind == EntryKind::ExecConfig && consumer == Consumer::Kubectl;
        if is_of_kubectl && !fields.contains_key("apiVersion") {
            // kubectl knows no other spelling.
            let value = exec.api_version.take();
            exec.misspelled_api_version =
                exec.api_version_key.take().map(|key| Box::new(MisspelledKey { key, value }));
        }
        let is_beside = fields.contains_key("apiVersion")
            && self.text_of(key).is_some_and(|name| name != "apiVersion");
        if is_beside {
            let (key, value) = (view.tree.node(key).span, exec.api_version.clone());
            exec.misspelled_api_version = Some(Box::new(MisspelledKey { key, value }));
        }
        let is_displaced = consumer == Consumer::Nobody && self.is_displaced(map);
        ExecEntry { is_displaced, is_whole, ..ExecEntry::new(kind, exec, consumer, evidence) }
    }

    /// Returns whether kubectl takes another exec config than this one, next to it or of the user
    /// that it is written next to.
    fn is_displaced(&self, map: NodeId) -> bool {
        let field = |of: NodeId, name: &str| self.fields(of).get(name).map(|field| field.value);
        let taken = |of| field(of, "exec").filter(|exec| self.view.is_mapping(*exec));
        self.ancestors(map).take(3).any(|parent| {
            let user = field(parent.node, "user");
            [Some(parent.node), user]
                .into_iter()
                .flatten()
                .filter_map(taken)
                .any(|exec| exec != map)
        })
    }

    /// Returns whether neither the keys next to the version nor the key above suggest an exec
    /// config.
    fn is_bare(&self, fields: &Fields, map: NodeId) -> bool {
        let above = self.key_above(map).map(vocabulary::letters).unwrap_or_default();
        let beside =
            ["command", "args", "env", "interactivemode", "installhint", "provideclusterinfo"];
        let is_beside = |name: &String| beside.contains(&vocabulary::letters(name).as_str());
        !above.contains("exec") && !fields.keys().any(is_beside)
    }

    /// Returns the command line among the variables of a template, if one of them is called a
    /// command: `exec_command = "aws"`, `exec_args = [..]`.
    fn command_line(&self, map: NodeId) -> Option<ExecConfig> {
        let mut last = self.command_line.borrow_mut();
        match &mut *last {
            Some((of, known)) if *of == map => known.clone(),
            last => last.insert((map, self.read_command_line(map))).1.clone(),
        }
    }

    /// Returns the command line among settings if it is that of a known plugin: the values of a chart
    /// may have a command for something else.
    fn plugin_beside(&self, map: NodeId) -> Option<ExecConfig> {
        self.command_line(map).filter(|exec| plugin_of(exec).is_some())
    }

    fn read_command_line(&self, map: NodeId) -> Option<ExecConfig> {
        let fields = self.fields(map);
        let field = |endings: &[&str]| {
            let is_so = |name: &str| {
                endings.iter().any(|ending| vocabulary::letters(name).ends_with(ending))
            };
            let mut found = fields.iter().filter(|(name, _)| is_so(name)).map(|(_, field)| field);
            found.next().filter(|_| found.next().is_none())
        };
        let command = self.view.spanned(field(&["command"]))?;
        let args = self.strings(field(&["args", "arguments"]));
        Some(ExecConfig { command: Some(command), args, ..ExecConfig::default() })
    }

    /// Reads environment variables from a list of names and values, or from a map.
    fn env(&self, field: Option<&Field>) -> Vec<ExecEnvVar> {
        let Some(field) = field else { return Vec::new() };
        let pairs = self.view.tree.pairs(field.value).iter();
        let variable = |&(key, value): &(NodeId, NodeId)| {
            let string = |id| {
                let (id, alias) = self.view.tree.resolve(id);
                let value = self.text_of(id)?.to_owned();
                Some(Box::new(Spanned { value, span: self.view.tree.node(id).span, alias }))
            };
            let span = self.view.tree.node(value).span;
            ExecEnvVar { span, alias: None, name: string(key), value: string(value) }
        };
        let variables = pairs.map(variable);
        variables.chain(decode::env(self.view, Some(field))).collect()
    }

    fn any(&self, field: Option<&Field>) -> Option<Spanned<String>> {
        let field = field?;
        let node = self.view.tree.node(field.value);
        let value = Cow::Borrowed(self.view.text.get(node.span.range())?);
        let value = self.view.bounded(value, field.alias).into_owned();
        Some(Spanned { value, span: node.span, alias: None })
    }

    fn strings(&self, list: Option<&Field>) -> Vec<Spanned<String>> {
        let items = list.map_or(Vec::new(), |list| match self.syntax {
            Syntax::Data => self.view.tree.items(list.value).to_vec(),
            Syntax::Hcl => self.items(list.value),
        });
        let list_alias = list.and_then(|list| list.alias);
        let string = |&item: &NodeId| {
            let (item, alias) = self.view.tree.resolve(item);
            let value = self.view.string(item).unwrap_or(Cow::Borrowed(""));
            let value = self.view.bounded(value, list_alias.or(alias)).into_owned();
            Spanned { value, span: self.view.tree.node(item).span, alias }
        };
        items.iter().take(ExecConfig::MAX_ARGS + 1).map(string).collect()
    }

    /// Returns the items of an HCL list, including those of the lists that it is built from:
    /// `concat([…], var.more)`, `a ? […] : […]`.
    fn items(&self, list: NodeId) -> Vec<NodeId> {
        let mut items = Vec::new();
        let mut open: Vec<NodeId> = self.view.tree.items(list).iter().rev().copied().collect();
        while let Some(id) = open.pop() {
            let inner = self.view.tree.items(id);
            if inner.is_empty() {
                items.push(id);
            }
            open.extend(inner.iter().rev());
        }
        items
    }
}

/// Returns the description next to a default, unless other places share it. Only the effective
/// default has one.
pub(super) fn description(
    view: View<'_>,
    fields: &Fields,
    default: NodeId,
) -> Option<Box<Spanned<String>>> {
    let is_own = |field: &&Field| field.alias.is_none() && view.tree.anchor(field.value).is_none();
    fields.get("default").filter(|field| field.value == default)?;
    view.spanned(fields.get("description").filter(is_own)).map(Box::new)
}

/// Returns a setting: a value on its own.
pub(super) fn setting(
    version: Spanned<String>,
    consumer: Consumer,
    evidence: Evidence,
) -> ExecEntry {
    let key = version.span;
    let exec = ExecConfig { key, api_version: Some(version), ..ExecConfig::default() };
    ExecEntry::new(EntryKind::Setting, exec, consumer, evidence)
}

/// Returns whether a value is a command that writes one line, possibly one of many that write a
/// file.
fn is_echo(value: &str) -> bool {
    let first = value.split_whitespace().next().unwrap_or("");
    is_in_line(value) && matches!(first, "echo" | "printf") && value.contains('>')
}

fn is_in_line(value: &str) -> bool {
    !value.trim_end().contains('\n')
}

/// Returns whether the whole text is an exec API version, valid or not, and not the name of the
/// cluster extension.
pub(super) fn is_version(value: &str) -> bool {
    let Some(rest) = value.trim().strip_prefix(GROUP) else { return false };
    let word = rest.strip_prefix('/').unwrap_or("");
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    !word.is_empty() && word != "exec" && word.chars().all(is_word)
}
