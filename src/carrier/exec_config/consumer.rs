//! Who reads an exec config, judging by its place in the tree.

use crate::model::{Consumer, TerraformReader};
use crate::syntax::node::{NodeId, NodeKind};
use crate::text::source::Spanned;

use super::{ExecConfigReader, NodePosition, vocabulary};

impl ExecConfigReader<'_> {
    /// Returns whether a value under `apiVersion` takes effect in its mapping and belongs to an
    /// exec config. It does not if it is an earlier duplicate, a part that is only merged into an
    /// exec config, or the version of another kind of the group.
    pub(super) fn is_effective(&self, id: NodeId, parent: NodePosition) -> bool {
        let map = parent.node;
        let fields = self.fields(map);
        let key = self.name(parent).unwrap_or("");
        let is_last = fields.get(key).is_some_and(|field| field.value == id);
        let own = self.parent(map);
        let kind = fields.get("kind").and_then(|field| self.view.string(field.value));
        let is_other = kind.is_some_and(|kind| kind != "ExecCredential") && own.is_none();
        let is_last = is_last || self.input.has_conditions();
        // The users of a kubeconfig that kubectl reads were already read.
        is_last && !is_other && !(self.is_read_by_kubectl(id) && self.is_for_reuse(map))
    }

    /// Returns whether a mapping exists to be merged, or to be repeated by an alias.
    fn is_for_reuse(&self, map: NodeId) -> bool {
        let has_anchor = |id: NodeId| self.view.tree.anchor(id).is_some();
        let is_merged = |key: Option<NodeId>| key.is_some_and(|key| self.view.is_merge(key));
        has_anchor(map)
            || self.ancestors(map).any(|parent| is_merged(parent.key) || has_anchor(parent.node))
    }

    /// Returns whether a node is part of the kubeconfig that the file itself is.
    fn is_read_by_kubectl(&self, id: NodeId) -> bool {
        self.is_kubeconfig && self.view.tree.document_of(id) == 0
    }

    /// Returns whether a mapping is the exec config of a kubeconfig's user that was read as a whole:
    /// in a template with conditions, there may be several.
    pub(super) fn is_exec_of_user(&self, map: NodeId) -> bool {
        !self.input.has_conditions() && self.is_in_user(map)
    }

    /// Returns whether a mapping is at the place of the exec config of a kubeconfig's user.
    fn is_in_user(&self, map: NodeId) -> bool {
        if self.kubeconfigs.is_empty() {
            return false;
        }
        let path: Vec<NodePosition> = self.ancestors(map).take(4).collect();
        let &[exec, user, _, users] = path.as_slice() else { return false };
        let is_field = |parent: NodePosition, name| {
            let field = self.fields(parent.node).get(name).map(|field| field.key);
            field.is_some_and(|key| parent.key == Some(key))
        };
        is_field(exec, "exec")
            && is_field(user, "user")
            && is_field(users, "users")
            && self.kubeconfigs.contains(&users.node)
    }

    /// Returns the name of the kubeconfig user that an exec config belongs to. The list of users may
    /// be in another text, such as the value of a shell's variable.
    pub(super) fn user_of(&self, exec: NodeId) -> Option<Spanned<String>> {
        let path: Vec<NodePosition> = self.ancestors(exec).take(2).collect();
        let &[exec, user] = path.as_slice() else { return None };
        let is_user = self.name(exec) == Some("exec") && self.name(user) == Some("user");
        self.view.spanned(self.fields(user.node).get("name")).filter(|_| is_user)
    }

    /// Returns which program reads the exec config at a mapping whose key for the version is `key`.
    pub(super) fn consumer(&self, map: NodeId, key: NodeId) -> Consumer {
        let letters = |parent| self.name(parent).map(vocabulary::letters).unwrap_or_default();
        let path: Vec<String> = self.ancestors(map).map(letters).collect();
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let has = |name: &str| path.iter().any(|key| key == name);
        let is_read = self.is_read_by_kubectl(map) && !self.input.has_conditions();
        if is_read || self.is_exec_of_user(map) {
            Consumer::Nobody
        } else if has("execproviderconfig") {
            Consumer::ArgoCd
        } else if self.is_for_template(map) {
            Consumer::KubeconfigPart
        } else if self.text_of(key) == Some("api_version") {
            Consumer::Terraform(self.terraform_reader(map))
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

    /// Returns what reads a Terraform mapping: the provider, if it is in the block of one.
    fn terraform_reader(&self, map: NodeId) -> TerraformReader {
        let around = std::iter::once(map).chain(self.ancestors(map).map(|parent| parent.node));
        let tree = self.view.tree;
        let blocks = around.filter_map(|id| match tree.node(id).kind {
            NodeKind::Block(_) => Some((self.key_above(id)?, tree.names(id).next()?)),
            _ => None,
        });
        match blocks.last() {
            Some(("provider", label)) => match label {
                "kubernetes" => TerraformReader::Kubernetes,
                "helm" => TerraformReader::Helm,
                "kubectl" => TerraformReader::Kubectl,
                _ => TerraformReader::Other,
            },
            Some(("backend", _)) => TerraformReader::Other,
            _ => TerraformReader::Unknown,
        }
    }

    /// Returns whether a Terraform mapping holds the variables of a template:
    /// `templatefile(…, {…})`, or `vars` of `data "template_file"`.
    pub(super) fn is_for_template(&self, map: NodeId) -> bool {
        let Some(parent) = self.parent(map) else { return false };
        let first = self.view.tree.names(parent.node).next();
        match self.view.tree.node(parent.node).kind {
            NodeKind::Block(_) => {
                self.name(parent) == Some("vars") && first == Some("template_file")
            }
            NodeKind::Call(_) => matches!(first, Some("templatefile" | "templatestring")),
            _ => false,
        }
    }
}
