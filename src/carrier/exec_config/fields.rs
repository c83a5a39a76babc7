//! Reads the fields of an exec config, wherever its mapping is.

use std::borrow::Cow;

use crate::carrier::vocabulary::folded;
use crate::kubectl::decode::kubeconfig as decode;
use crate::kubectl::decode::view::{Field, Fields};
use crate::model::{Consumer, EntryKind, ExecConfig, ExecEntry, ExecEnvVar, MisspeltKey};
use crate::role::Role;
use crate::syntax::node::{NodeId, NodeKind};
use crate::text::source::Spanned;

use super::{ANCESTORS, Syntax, Walk};

impl Walk<'_> {
    /// Returns the names of the keys above a node, innermost first.
    fn path(&self, id: NodeId) -> impl Iterator<Item = String> + '_ {
        let mut at = self.parent(id);
        std::iter::from_fn(move || {
            let parent = at?;
            at = self.parent(parent.node);
            Some(parent.key.and_then(|key| self.text_of(key)).map(folded).unwrap_or_default())
        })
    }

    pub(in crate::carrier) fn exec_config(
        &self,
        map: NodeId,
        key: NodeId,
        version: Spanned<String>,
    ) -> ExecEntry {
        let view = self.view;
        let exec_key = self.parent(map).and_then(|parent| parent.key);
        let fields = self.fields(map);
        let field = |wanted: &str| {
            fields.iter().find(|(name, _)| folded(name) == wanted).map(|(_, field)| field)
        };
        let string = |wanted: &str| view.spanned(field(wanted));
        let mode = field("interactivemode");
        let mut exec = ExecConfig {
            key: view.tree.node(exec_key.unwrap_or(key)).span,
            api_version_key: Some(view.tree.node(key).span),
            api_version: Some(version),
            is_version_set_elsewhere: false,
            misspelt_api_version: None,
            command: string("command"),
            args: self.strings(field("args")),
            env: self.env(field("env")),
            // A reference counts as a mode, too.
            interactive_mode: view.spanned(mode).or_else(|| self.any(mode)),
            interactive_mode_key: mode.map(|mode| view.tree.node(mode.key).span),
            install_hint: None,
            provide_cluster_info: false,
            description: None,
            is_whole: false,
            alias: None,
        };
        let kind = string("kind").filter(|kind| kind.value == "ExecCredential");
        let kind = match kind {
            Some(_) => EntryKind::ExecCredential,
            // The request in KUBERNETES_EXEC_INFO has a version and none of the fields of an exec
            // config.
            None if self.input.context.is_request => EntryKind::Setting,
            None if self.is_bare(&fields, exec_key) => EntryKind::Indirect,
            None => EntryKind::ExecConfig,
        };
        let consumer = self.consumer(map, key);
        let evidence = self.evidence(Some(map));
        let is_whole = evidence.is_whole();
        let is_of_kubectl = kind == EntryKind::ExecConfig && consumer == Consumer::Kubectl;
        if is_of_kubectl && !fields.contains_key("apiVersion") {
            // kubectl knows no other spelling.
            let value = exec.api_version.take();
            exec.misspelt_api_version =
                exec.api_version_key.take().map(|key| MisspeltKey { key, value });
        }
        let users = Vec::new();
        ExecEntry { kind, exec, users, consumer, evidence, is_whole, role: Role::Live }
    }

    /// Returns whether neither the keys next to the version nor the key above suggest an exec
    /// config.
    fn is_bare(&self, fields: &Fields, above: Option<NodeId>) -> bool {
        let above = above.and_then(|key| self.text_of(key)).map(folded).unwrap_or_default();
        let beside =
            ["command", "args", "env", "interactivemode", "installhint", "provideclusterinfo"];
        let is_beside = |name: &String| beside.contains(&folded(name).as_str());
        !above.contains("exec") && !fields.keys().any(is_beside)
    }

    fn consumer(&self, map: NodeId, key: NodeId) -> Consumer {
        let path: Vec<String> = self.path(map).take(ANCESTORS).collect();
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let has = |name: &str| path.iter().any(|key| key == name);
        if self.is_read_by_kubectl(map) && !self.input.has_conditions() {
            Consumer::Nobody
        } else if has("execproviderconfig") {
            Consumer::ArgoCd
        } else if self.is_for_template(map) {
            Consumer::KubeconfigPart
        } else if self.text_of(key) == Some("api_version") {
            Consumer::Terraform
        } else if has("execconfig") && has("providers") {
            Consumer::ClusterProfile
        } else if has("users") {
            Consumer::Kubectl
        } else if matches!(names.as_slice(), ["exec"] | ["exec", "user"] | ["exec", "user", ""]) {
            Consumer::KubeconfigPart
        } else {
            Consumer::Unknown
        }
    }

    /// Returns whether a Terraform mapping holds the variables of a template:
    /// `templatefile(…, {…})`, or `vars` of `data "template_file"`.
    pub(super) fn is_for_template(&self, map: NodeId) -> bool {
        let Some(parent) = self.parent(map) else { return false };
        match &self.view.tree.node(parent.node).kind {
            NodeKind::Block { labels, .. } => {
                let key = parent.key.and_then(|key| self.text_of(key));
                key == Some("vars") && labels.first().is_some_and(|l| **l == *"template_file")
            }
            NodeKind::Call { function, .. } => {
                matches!(&**function, "templatefile" | "templatestring")
            }
            _ => false,
        }
    }

    /// Returns the command line among the variables of a template, if one of them is called a
    /// command: `exec_command = "aws"`, `exec_args = [..]`.
    pub(super) fn command_line(&self, map: NodeId) -> Option<ExecConfig> {
        let fields = self.fields(map);
        let field = |endings: &[&str]| {
            let is_so = |name: &str| endings.iter().any(|ending| folded(name).ends_with(ending));
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
                Some(Spanned { value, span: self.view.tree.node(id).span, alias })
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
        let value = self.view.text.get(node.span.range())?.to_owned();
        Some(Spanned { value, span: node.span, alias: None })
    }

    fn strings(&self, list: Option<&Field>) -> Vec<Spanned<String>> {
        let items = list.map_or(Vec::new(), |list| match self.syntax {
            Syntax::Data => self.view.tree.items(list.value).to_vec(),
            Syntax::Hcl => self.items(list.value),
        });
        let string = |&item: &NodeId| {
            let (item, alias) = self.view.tree.resolve(item);
            let value = self.view.string(item).unwrap_or(Cow::Borrowed("")).into_owned();
            Spanned { value, span: self.view.tree.node(item).span, alias }
        };
        items.iter().map(string).collect()
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
