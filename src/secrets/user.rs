//! Finds the values of users and exec configs that are not known to be harmless, whatever their
//! type and spelling: in a tree, an argument is one whether or not its line looks like it. Of other
//! values, finds those that do not end in the line of their key.

use std::cell::LazyCell;
use std::collections::HashSet;

use crate::api_group;
use crate::model::ExecConfig;
use crate::syntax::node::{NodeId, NodeKind, NodeStyle, Tree};
use crate::text::source::Span;

use super::mask::{hidden_part, odd_words, shown};
use super::stand_in::is_stand_in;
use super::{holds_secrets, is_exec_config, is_version_alone, values_below};

/// Keys of a user whom it impersonates, with lists and maps of names.
const NAMES: [&str; 3] = ["as-uid", "as-groups", "as-user-extra"];

/// Returns the spans of the values of users and exec configs that no report may show.
pub(super) fn spans(tree: &Tree, text: &str) -> Vec<Span> {
    let root = tree.documents.first().and_then(|document| document.root);
    let is_hcl = root.is_some_and(|root| matches!(tree.node(root).kind, NodeKind::Block(_)));
    let mut values = Values { tree, text, is_hcl, spans: Vec::new(), seen: HashSet::new() };
    for id in tree.ids() {
        let pairs = tree.pairs(id);
        let has = |name| pairs.iter().any(|(key, _)| tree.scalar(*key, text) == Some(name));
        // In a context, the user is a name.
        let is_entry = LazyCell::new(|| has("name") && !has("cluster"));
        for &(key, value) in pairs {
            match tree.scalar(key, text) {
                Some("user") => {
                    values.of_mapping(value, false);
                    if *is_entry {
                        values.instead(value, false);
                    }
                }
                Some("exec") => {
                    values.of_mapping(value, true);
                    values.instead(value, true);
                }
                Some(name) if values.is_hidden_text(name, key, value) => values.value(value),
                _ => {}
            }
        }
        if is_exec_config(tree, text, pairs) {
            values.of_mapping(id, true);
        }
    }
    values.spans.retain(|span| !is_version_alone(text.get(span.range()).unwrap_or("")));
    values.spans
}

struct Values<'a> {
    tree: &'a Tree,
    text: &'a str,
    is_hcl: bool,
    spans: Vec<Span>,
    seen: HashSet<usize>,
}

impl Values<'_> {
    /// Adds the values of a user, or of an exec config, and of what is merged into it.
    fn of_mapping(&mut self, id: NodeId, is_exec: bool) {
        let mut merged = vec![id];
        while let Some(id) = merged.pop() {
            let id = self.tree.resolve(id).0;
            if !self.seen.insert(id.index()) {
                continue;
            }
            for &(key, value) in self.tree.pairs(id) {
                let key = self.tree.scalar(self.tree.resolve(key).0, self.text).unwrap_or("");
                match key {
                    "<<" => {
                        merged.push(value);
                        merged.extend(self.tree.items(value));
                    }
                    "exec" if !is_exec => {}
                    _ if NAMES.contains(&key) => {}
                    "args" if is_exec => self.arguments(value),
                    // Known by their keys.
                    _ if holds_secrets(key).is_some() => {}
                    _ if self.is_name(value) => {}
                    // The `exec` of a probe has nothing else, and it is a list there.
                    "command" if self.is_collection(value) => {
                        if self.tree.pairs(id).len() > 1 {
                            self.arguments(value);
                        }
                    }
                    _ if self.is_collection(value) => self.value(value),
                    _ if shown::is_prose(key) => self.words(value),
                    _ if shown::is_shown(key) && self.is_alone(value) => {}
                    _ => self.value(value),
                }
            }
        }
    }

    /// Adds the arguments of a plugin that are hidden.
    fn arguments(&mut self, list: NodeId) {
        let mut lists = vec![list];
        while let Some(list) = lists.pop() {
            let list = self.tree.resolve(list).0;
            let items = match self.tree.node(list).kind {
                NodeKind::Sequence(_) => self.tree.items(list),
                _ => std::slice::from_ref(&list),
            };
            let mut before = "";
            for (number, &item) in items.iter().enumerate() {
                if number == ExecConfig::MAX_ARGS {
                    // The rest is not read.
                    let (first, all) = (self.tree.node(item).span, self.tree.node(list).span);
                    self.spans.push(Span::new(first.start(), all.end().max(first.end())));
                    break;
                }
                let item = self.tree.resolve(item).0;
                let argument = self.tree.scalar(item, self.text).unwrap_or("");
                match self.tree.node(item).kind {
                    // The operands may be lists.
                    NodeKind::Call(_) | NodeKind::Comparison(_) | NodeKind::Expression(_) => {
                        lists.extend(self.tree.items(item));
                    }
                    NodeKind::Scalar { .. } => self.argument(item, argument, before, number == 0),
                    // Of a list or a map, the keys may be what the author meant.
                    _ => self.spans.push(self.tree.node(item).span),
                }
                before = argument;
            }
        }
    }

    fn argument(&mut self, item: NodeId, argument: &str, before: &str, is_first: bool) {
        // A script with an exec config is a text of its own.
        if self.is_name(item) || api_group::is_plain_in(argument) {
            return;
        }
        match hidden_part(argument, before, is_first) {
            Some(0) => self.spans.push(self.tree.node(item).span),
            Some(offset) => self.part(item, offset..argument.len()),
            None => {}
        }
    }

    /// Returns whether a value is on one line: a key says nothing about the lines below it. A text with an
    /// exec config is a text of its own, and an alias shows a name.
    fn is_alone(&self, value: NodeId) -> bool {
        let (id, alias) = self.tree.resolve(value);
        let text = self.text.get(self.tree.node(id).span.range()).unwrap_or("");
        alias.is_some() || !text.contains('\n') || api_group::is_plain_in(text)
    }

    /// Returns whether a node is a name in HCL rather than a text.
    fn is_name(&self, id: NodeId) -> bool {
        self.is_hcl && self.tree.is_implicit(id)
    }

    /// Adds what is there instead of the mapping of a user or an exec config.
    fn instead(&mut self, value: NodeId, is_exec: bool) {
        let value = self.tree.resolve(value).0;
        let items = match self.tree.node(value).kind {
            NodeKind::Sequence(_) => self.tree.items(value),
            _ => std::slice::from_ref(&value),
        };
        for &item in items {
            self.of_mapping(item, is_exec);
            let text = self.tree.scalar(item, self.text).filter(|_| !self.is_name(item));
            if text.is_some_and(|text| !is_stand_in(text) && !api_group::is_plain_in(text)) {
                self.value(item);
            }
        }
    }

    /// Returns whether the value of a key is a text that does not end in the line of the key, and
    /// may not be shown: a text in quotes, or lines that have nothing but words. The key does not say
    /// that they are a sentence.
    fn is_hidden_text(&self, name: &str, key: NodeId, value: NodeId) -> bool {
        let (start, node) = (self.tree.node(key).span.end(), self.tree.node(value));
        let NodeKind::Scalar { style, .. } = node.kind else { return false };
        let has_lines = || {
            let place = start.min(node.span.end())..node.span.end();
            self.text.get(place).is_some_and(|text| text.contains('\n'))
        };
        let is_word = |c: char| c.is_alphanumeric() || c.is_whitespace() || c == '-';
        let may_hold = |text: &str| match style {
            NodeStyle::Block => text.chars().all(is_word),
            _ => !text.is_empty() && !is_stand_in(text) && !api_group::is_plain_in(text),
        };
        has_lines()
            && !self.is_name(value)
            && !shown::is_prose(name)
            && !shown::is_shown(name)
            && self.tree.scalar(value, self.text).is_some_and(may_hold)
    }

    fn is_collection(&self, value: NodeId) -> bool {
        let value = self.tree.resolve(value).0;
        matches!(self.tree.node(value).kind, NodeKind::Sequence(_) | NodeKind::Mapping(_))
    }

    /// Adds the words of a sentence that are none.
    fn words(&mut self, value: NodeId) {
        let value = self.tree.resolve(value).0;
        for word in self.tree.scalar(value, self.text).map(odd_words).unwrap_or_default() {
            self.part(value, word);
        }
    }

    /// Adds the values below a key that may hold anything.
    fn value(&mut self, value: NodeId) {
        self.spans.extend(values_below(self.tree, self.text, vec![value]));
    }

    fn part(&mut self, id: NodeId, part: std::ops::Range<usize>) {
        let mapped = self.tree.mapped(id, self.text);
        self.spans.extend(mapped.map(|mapped| mapped.map.outer(Span::new(part.start, part.end))));
    }
}
