//! Finds the values of users and exec configs that are not known to be harmless, whatever their
//! type and spelling: in a tree, an argument is one whether or not its line looks like it. Of other
//! values, finds those that do not end in the line of their key.

use std::cell::LazyCell;

use crate::api_group;
use crate::kubernetes::api_versions::GROUP;
use crate::model::ExecConfig;
use crate::syntax::node::{NodeId, NodeKind, NodeStyle};
use crate::text::source::Span;

use super::mask::{hidden_part, shown, unknown_words, user_end};
use super::stand_in::is_stand_in;
use super::{Marks, holds_secrets, is_exec_config, is_version_alone};

/// Keys with a value of one word.
const ONE_WORD: [&str; 6] =
    ["apiVersion", "kind", "interactiveMode", "server", "proxy-url", "credentialPluginPolicy"];
/// Keys of a user whom it impersonates, with lists and maps of names.
const NAMES: [&str; 3] = ["as-uid", "as-groups", "as-user-extra"];

/// Marks the values of users and exec configs that no report may show. Returns the spans of those that
/// are more or less than the value of a node.
pub(super) fn mark(marks: &mut Marks<'_>) -> Vec<Span> {
    let Marks { tree, text, .. } = *marks;
    let root = tree.documents.first().and_then(|document| document.root);
    let is_hcl = root.is_some_and(|root| matches!(tree.node(root).kind, NodeKind::Block(_)));
    let mut values = Values { marks, is_hcl, spans: Vec::new() };
    for id in tree.ids() {
        let pairs = tree.pairs(id);
        let has = |name| pairs.iter().any(|(key, _)| tree.scalar(*key, text) == Some(name));
        // In a context, the user is a name.
        let is_entry = LazyCell::new(|| has("name") && !has("cluster"));
        for &(key, value) in pairs {
            match tree.scalar(key, text) {
                Some("user") if *is_entry => values.of_entry(value, false),
                Some("user") => values.of_mapping(value, false),
                Some("exec") => values.of_entry(value, true),
                Some(name) if values.is_hidden_text(name, key, value) => values.value(value),
                Some(name) => values.rest(name, key, value),
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

struct Values<'m, 'a> {
    marks: &'m mut Marks<'a>,
    is_hcl: bool,
    spans: Vec<Span>,
}

impl Values<'_, '_> {
    /// Adds the values of a user, or of an exec config, and of what is merged into it.
    fn of_mapping(&mut self, id: NodeId, is_exec: bool) {
        let Marks { tree, text, .. } = *self.marks;
        let mut merged = vec![id];
        while let Some(id) = merged.pop() {
            let id = tree.resolve(id).0;
            if !self.marks.mark(id, Marks::READ) {
                continue;
            }
            for &(key, value) in tree.pairs(id) {
                let key = tree.scalar(tree.resolve(key).0, text).unwrap_or("");
                match key {
                    "<<" => {
                        merged.push(value);
                        merged.extend(tree.items(value));
                    }
                    "exec" if !is_exec => {}
                    _ if NAMES.contains(&key) => {}
                    "args" if is_exec => self.arguments(value),
                    // Known by their keys.
                    _ if holds_secrets(key).is_some() => {}
                    _ if self.is_name(value) => {}
                    // The `exec` of a probe has nothing else, and it is a list there.
                    "command" if self.is_collection(value) => {
                        if tree.pairs(id).len() > 1 {
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
        let Marks { tree, text, .. } = *self.marks;
        let mut lists = vec![list];
        while let Some(list) = lists.pop() {
            let list = tree.resolve(list).0;
            let items = match tree.node(list).kind {
                NodeKind::Sequence(_) => tree.items(list),
                _ => std::slice::from_ref(&list),
            };
            let mut before = "";
            for (number, &item) in items.iter().enumerate() {
                if number == ExecConfig::MAX_ARGS {
                    // The rest is not read.
                    let (first, all) = (tree.node(item).span, tree.node(list).span);
                    self.spans.push(Span::new(first.start(), all.end().max(first.end())));
                    break;
                }
                let item = tree.resolve(item).0;
                let argument = tree.scalar(item, text).unwrap_or("");
                match tree.node(item).kind {
                    // The operands may be lists.
                    NodeKind::Call(_) | NodeKind::Comparison(_) | NodeKind::Expression(_) => {
                        lists.extend(tree.items(item));
                    }
                    NodeKind::Scalar { .. } => self.argument(item, argument, before, number == 0),
                    // Of a list or a map, the keys may be what the author meant.
                    _ => self.spans.push(tree.node(item).span),
                }
                before = argument;
            }
        }
    }

    fn argument(&mut self, item: NodeId, argument: &str, before: &str, is_first: bool) {
        if self.is_name(item) {
            return;
        }
        if api_group::is_plain_in(argument) {
            // A script with an exec config is a text of its own.
            if !argument.contains("apiVersion") {
                let words = unknown_words(argument).into_iter();
                let others = words.filter(|word| {
                    argument.get(word.clone()).is_some_and(|word| !word.contains(GROUP))
                });
                others.for_each(|word| self.part(item, word));
            }
            return;
        }
        match hidden_part(argument, before, is_first) {
            Some(0) => self.value(item),
            Some(offset) => self.part(item, offset..argument.len()),
            None => {}
        }
    }

    /// Returns whether a value is on one line: a key says nothing about the lines below it. A text with an
    /// exec config is a text of its own, and an alias shows a name.
    fn is_alone(&self, value: NodeId) -> bool {
        let Marks { tree, text, .. } = *self.marks;
        let (id, alias) = tree.resolve(value);
        let text = text.get(tree.node(id).span.range()).unwrap_or("");
        alias.is_some() || !text.contains('\n') || api_group::is_plain_in(text)
    }

    /// Returns whether a node is a name in HCL rather than a text.
    fn is_name(&self, id: NodeId) -> bool {
        self.is_hcl && self.marks.tree.is_implicit(id)
    }

    /// Adds the values of a user, or of an exec config, which may be a text or a list by mistake.
    fn of_entry(&mut self, value: NodeId, is_exec: bool) {
        let Marks { tree, text, .. } = *self.marks;
        let value = tree.resolve(value).0;
        let items = match tree.node(value).kind {
            NodeKind::Sequence(_) => tree.items(value),
            _ => std::slice::from_ref(&value),
        };
        for &item in items {
            self.of_mapping(item, is_exec);
            let text = tree.scalar(item, text).filter(|_| !self.is_name(item));
            if text.is_some_and(|text| !is_stand_in(text) && !api_group::is_plain_in(text)) {
                self.value(item);
            }
        }
    }

    /// Returns whether the value of a key is a text that does not end in the line of the key, and
    /// may not be shown: a text in quotes, or lines that have nothing but words. The key does not say
    /// that they are a sentence.
    fn is_hidden_text(&self, name: &str, key: NodeId, value: NodeId) -> bool {
        let Marks { tree, text, .. } = *self.marks;
        let NodeKind::Scalar { style, .. } = tree.node(value).kind else { return false };
        let is_word = |c: char| c.is_alphanumeric() || c.is_whitespace() || c == '-';
        let may_hold = |text: &str| match style {
            NodeStyle::Block => text.chars().all(is_word),
            _ => !text.is_empty() && !is_stand_in(text) && !api_group::is_plain_in(text),
        };
        self.has_lines(key, value)
            && !self.is_name(value)
            && !shown::is_prose(name)
            && !shown::is_shown(name)
            && tree.scalar(value, text).is_some_and(may_hold)
    }

    /// Returns whether a value does not end in the line of its key.
    fn has_lines(&self, key: NodeId, value: NodeId) -> bool {
        let Marks { tree, text, .. } = *self.marks;
        let (start, end) = (tree.node(key).span.end(), tree.node(value).span.end());
        text.get(start.min(end)..end).is_some_and(|text| text.contains('\n'))
    }

    /// Adds what follows the first word of a value in a line that should have only one.
    fn rest(&mut self, name: &str, key: NodeId, value: NodeId) {
        let Marks { tree, text, .. } = *self.marks;
        let NodeKind::Scalar { style, .. } = tree.node(value).kind else { return };
        let value_text = tree.scalar(value, text).unwrap_or("");
        let is_one = ONE_WORD.contains(&name);
        if style == NodeStyle::Block {
            // Other lines count on their own.
            let user = Some(value_text).filter(|_| is_one && shown::is_address(name));
            let user = user.and_then(user_end).map(|end| 0..end);
            user.into_iter().for_each(|user| self.part(value, user));
        } else if let Some(blank) = value_text.find(char::is_whitespace).filter(|_| is_one)
            && !value_text.split_whitespace().skip(1).all(shown::is_harmless)
            && !["{{", "${", "$("].into_iter().any(|open| value_text.contains(open))
            && !self.has_lines(key, value)
        {
            self.part(value, blank..value_text.len());
        }
    }

    fn is_collection(&self, value: NodeId) -> bool {
        let value = self.marks.tree.resolve(value).0;
        matches!(self.marks.tree.node(value).kind, NodeKind::Sequence(_) | NodeKind::Mapping(_))
    }

    /// Adds the words of a sentence that are not known to be harmless.
    fn words(&mut self, value: NodeId) {
        let Marks { tree, text, .. } = *self.marks;
        let value = tree.resolve(value).0;
        for word in tree.scalar(value, text).map(unknown_words).unwrap_or_default() {
            self.part(value, word);
        }
    }

    /// Adds the values below a key that may hold anything.
    fn value(&mut self, value: NodeId) {
        self.marks.mark_below(value, Marks::KEYED);
    }

    fn part(&mut self, id: NodeId, part: std::ops::Range<usize>) {
        let mapped = self.marks.tree.mapped(id, self.marks.text);
        self.spans.extend(mapped.map(|mapped| mapped.map.outer(Span::new(part.start, part.end))));
    }
}
