//! Providers that are pinned to a release without support for v1.
//!
//! The provider that a block configures is visible next to the exec config, but the allowed
//! releases are in `required_providers`, often in another file of the module.

use crate::advice::consumers;
use crate::kubectl::decode::view::View;
use crate::kubernetes::api_versions::V1;
use crate::model::{Consumer, EntryKind, Evidence, ExecEntry, TerraformReader};
use crate::syntax::node::NodeId;
use crate::text::source::{Span, Spanned};

use super::{Block, Reference, blocks, exec_config};

/// The prefix of a reference to a provider.
pub(super) const PREFIX: &str = "provider.";

/// Returns the providers that are configured with v1, as `provider.NAME`.
pub(super) fn with_v1(view: View<'_>) -> Vec<Reference> {
    let is_v1 = |id: &NodeId| view.tree.scalar(*id, view.text) == Some(V1.name);
    let mut places = view.tree.ids().filter(is_v1).map(|id| view.tree.node(id).span).peekable();
    if places.peek().is_none() {
        return Vec::new();
    }
    let mut places: Vec<Span> = places.collect();
    places.sort_unstable();
    let has_v1 = |block: NodeId| {
        let span = view.tree.node(block).span;
        let first = places.partition_point(|place| place.start() < span.start());
        places.get(first).is_some_and(|place| span.contains(*place))
    };
    let providers = blocks(view).filter(|block| block.kind == "provider" && has_v1(block.node));
    let name = |block: Block<'_>| format!("{PREFIX}{}", block.label).into();
    providers.map(|block| Reference { name: name(block), command_line: None }).collect()
}

/// Returns the providers in `required_providers`, as `provider.NAME`.
pub(super) fn required(view: View<'_>) -> impl Iterator<Item = String> {
    let name = |&(name, _): &(NodeId, NodeId)| view.tree.scalar(name, view.text);
    entries(view).filter_map(move |entry| Some(format!("{PREFIX}{}", name(entry)?)))
}

/// Returns the names and the constraints in `required_providers`.
fn entries(view: View<'_>) -> impl Iterator<Item = &(NodeId, NodeId)> {
    let settings = blocks(view).filter(|block| block.kind == "terraform");
    let required = settings.filter_map(move |block| field(view, block.node, "required_providers"));
    required.flat_map(move |required| view.tree.pairs(required).iter())
}

fn field(view: View<'_>, map: NodeId, wanted: &str) -> Option<NodeId> {
    let mut pairs = view.tree.pairs(map).iter();
    let is_wanted = |key: NodeId| view.tree.scalar(key, view.text) == Some(wanted);
    pairs.find(|(key, _)| is_wanted(*key)).map(|(_, value)| *value)
}

/// Returns the constraints in `required_providers` that exclude every release with support for v1,
/// for the providers whose reference `is_known` accepts.
pub(super) fn too_old<'a>(
    view: View<'a>,
    is_known: impl Fn(&str) -> bool + 'a,
) -> impl Iterator<Item = ExecEntry> + 'a {
    let text_of = move |id: NodeId| view.tree.scalar(id, view.text);
    entries(view).filter_map(move |&(name, value)| {
        let name = text_of(name).filter(|name| is_known(&format!("{PREFIX}{name}")))?;
        // Terraform 0.12 wrote the bare constraint.
        let constraint = field(view, value, "version").unwrap_or(value);
        let source = field(view, value, "source").and_then(text_of);
        let source = source.map_or_else(|| format!("hashicorp/{name}"), str::to_owned);
        let since = consumers::provider_knows_v1_since(&source)?;
        if !consumers::excludes(text_of(constraint)?, since) {
            return None;
        }
        let span = view.tree.node(constraint).span;
        let version = Spanned { value: V1.name.to_owned(), span, alias: None };
        let reader = Consumer::Terraform(TerraformReader::Unknown);
        let mut entry = exec_config::setting(version, reader, Evidence::Parsed);
        entry.kind = EntryKind::Provider;
        entry.exec.command = Some(Spanned { value: source, span, alias: None });
        Some(entry)
    })
}
