//! Reads the configuration file: its keys and its errors, each with its line and
//! column.

use std::collections::HashMap;
use std::fmt::Display;

use crate::discover::globs::{Builder, Folder, Globs};
use crate::finding::rule::Rule;
use crate::kubectl::decode::view::View;
use crate::kubernetes::version::Target;
use crate::role::Role;
use crate::rule::{self, RULES};
use crate::syntax::node::{NodeId, NodeKind};
use crate::syntax::scalar::Resolved;
use crate::syntax::yaml;
use crate::text::source::{Source, Span};
use crate::text::suggest::meant_by;

use super::Config;
use super::keys::{KEYS, Key, ROLE_KEYS, RoleItem};

/// Limit on the globs of a file. Nobody writes more, and each takes memory; with aliases, a short
/// file may have millions.
pub(super) const MAX_GLOBS: usize = 10_000;

/// Reads the text of a configuration file.
///
/// # Errors
/// Returns the faults with their places, in the order of the file.
pub(super) fn read(source: &Source, folder: &Folder) -> Result<Config, Vec<(Span, String)>> {
    let tree = yaml::parse(source.text());
    let view = View { tree: &tree, text: source.text() };
    let mut reader = Reader { source, view, problems: Vec::new(), globs: 0 };
    let config = reader.config(folder);
    if reader.problems.is_empty() {
        return Ok(config);
    }
    reader.problems.sort();
    reader.problems.dedup();
    Err(reader.problems)
}

/// Reads the values of a configuration file, and collects its faults.
pub(super) struct Reader<'a> {
    source: &'a Source,
    view: View<'a>,
    problems: Vec<(Span, String)>,
    /// How many globs were read.
    globs: usize,
}

impl Reader<'_> {
    fn complain(&mut self, id: NodeId, message: String) {
        self.problems.push((self.view.tree.node(id).span, message));
    }

    fn config(&mut self, folder: &Folder) -> Config {
        let mut config = Config::default();
        if let Some(root) = self.root() {
            self.keys(root, "the configuration", KEYS, &mut config);
        }
        config.roles.folder = folder.clone();
        config.folder = folder.clone();
        config
    }

    /// Reads the values of a mapping into `into`, and reports missing and unknown keys.
    fn keys<T>(&mut self, id: NodeId, what: &str, keys: &'static [Key<T>], into: &mut T) {
        let before = self.problems.len();
        let fields = self.fields(id, what, keys);
        // A value that is not a mapping, or a misspelt key, has already been reported.
        if self.problems.len() == before {
            let missing = keys.iter().filter(|key| key.is_required);
            for key in missing.filter(|key| !fields.contains_key(key.name)) {
                self.complain(id, format!("`{}` is missing", key.name));
            }
        }
        for key in keys {
            if let Some(value) = fields.get(key.name) {
                (key.read)(self, key.name, *value, into);
            }
        }
    }

    /// Returns the root of the only document; `None` if there is none or it is empty.
    fn root(&mut self) -> Option<NodeId> {
        let tree = self.view.tree;
        if let Some(error) = tree.documents.iter().find_map(|document| document.error.as_ref()) {
            let words = without_line(&error.message);
            let mut message = format!("this is no YAML: {words}");
            // YAML reads `*.yaml` as an alias with a bad name.
            if self.view.text.get(..error.span.start).is_some_and(|before| before.ends_with('*')) {
                message.push_str("; a glob that begins with `*` must stand in quotes");
            }
            self.problems.push((error.span, message));
            return None;
        }
        if let Some(second) = tree.documents.get(1) {
            let span = second.root.map(|root| tree.node(root).span);
            let message = "a second document begins; the configuration is one".to_owned();
            let end = Span::at(self.view.text.len());
            self.problems.push((span.unwrap_or(end), message));
        }
        tree.documents.first()?.root.filter(|root| !self.view.is_null(*root))
    }

    /// Returns the values of a mapping that may only have the given keys; null values are left out.
    fn fields<T>(
        &mut self,
        mapping: NodeId,
        what: &str,
        keys: &'static [Key<T>],
    ) -> HashMap<&'static str, NodeId> {
        let (view, mut fields) = (self.view, HashMap::new());
        let names: Vec<_> = keys.iter().map(|key| key.name).collect();
        if !view.is_mapping(mapping) {
            self.complain(
                mapping,
                format!("{what} must be a mapping, and is {}", self.kind(mapping)),
            );
        }
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for &(key, value) in view.tree.pairs(mapping) {
            let (name_at, _) = view.tree.resolve(key);
            let Some(name) = view.tree.scalar(name_at, view.text) else {
                self.complain(key, format!("a key must be a word, and is {}", self.kind(name_at)));
                continue;
            };
            let Some(known) = names.iter().copied().find(|known| *known == name) else {
                let choices = || format!("the keys are {}", names.join(", "));
                let message = no_such("key", name, &names, choices);
                self.complain(key, message);
                continue;
            };
            if let Some(first) = seen.insert(known, view.tree.node(key).span) {
                let line = self.source.position(first.start).line;
                self.complain(
                    key,
                    format!("`{known}` stands here again; it is also in line {line}"),
                );
                continue;
            }
            if let Some(value) = self.value(value).filter(|value| !view.is_null(*value)) {
                fields.insert(known, value);
            }
        }
        fields
    }

    /// Returns the node, after following its alias if it is one.
    fn value(&mut self, id: NodeId) -> Option<NodeId> {
        let (target, _) = self.view.tree.resolve(id);
        if let NodeKind::UnknownAlias(name) = &self.view.tree.node(target).kind {
            let (name, hint) = (quoted(name), "what begins with `*` must stand in quotes");
            self.complain(id, format!("there is no anchor {name} for this alias; {hint}"));
            return None;
        }
        Some(target)
    }

    /// Returns the items of a list.
    fn items(&mut self, id: NodeId, name: &str) -> Vec<NodeId> {
        if !matches!(self.view.tree.node(id).kind, NodeKind::Sequence(_)) {
            self.complain(id, format!("`{name}` must be a list, and is {}", self.kind(id)));
        }
        self.view.tree.items(id).iter().filter_map(|item| self.value(*item)).collect()
    }

    /// Describes the type of a node.
    fn kind(&self, id: NodeId) -> &'static str {
        match &self.view.tree.node(id).kind {
            NodeKind::Mapping(_) => "a mapping",
            NodeKind::Sequence(_) => "a list",
            _ => match self.view.scalar(id) {
                Some(Resolved::Null) => "empty",
                Some(Resolved::Bool(_)) => "a boolean",
                Some(Resolved::Number | Resolved::NotJson(_)) => "a number",
                _ => "a string",
            },
        }
    }

    /// Reads a string; `what` describes it in messages.
    fn string(&mut self, id: NodeId, what: &str) -> Option<String> {
        let node = self.view.tree.node(id);
        let is_scalar = matches!(node.kind, NodeKind::Scalar { .. });
        if let Some(tag) = node.tag.as_deref().filter(|tag| is_scalar && *tag != STRING_TAG) {
            // YAML reads a glob that starts with `!` as a tag.
            let before = self.view.text.get(..node.span.start).unwrap_or("");
            let start = before.rfind('!').unwrap_or(node.span.start);
            let message = format!("{} is a tag to YAML; put {what} in quotes", quoted(tag));
            self.problems.push((Span::at(start), message));
            return None;
        }
        match self.view.scalar(id) {
            Some(Resolved::Str(text)) => return Some(text.into_owned()),
            Some(Resolved::Null) | None => {
                self.complain(id, format!("{what} must be a string, and is {}", self.kind(id)));
            }
            Some(_) => {
                let kind = self.kind(id);
                self.complain(
                    id,
                    format!("{what} must be a string, and is {kind}; put it in quotes"),
                );
            }
        }
        None
    }

    /// Reads a version. YAML may read it as a number, but 1.30 is not 1.3.
    pub(super) fn target(&mut self, key: &str, id: NodeId) -> Option<Target> {
        let is_number = self.view.scalar(id) == Some(Resolved::Number);
        let text = match self.view.tree.scalar(id, self.view.text).filter(|_| is_number) {
            Some(text) => text.to_owned(),
            None => self.string(id, &format!("`{key}`"))?,
        };
        text.parse().map_err(|message| self.complain(id, message)).ok()
    }

    /// Reads one of several words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        key: &str,
        id: NodeId,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let word = self.string(id, &format!("`{key}`"))?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == word) {
            return Some(*choice);
        }
        let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
        let message = no_such(key, &word, &names, || format!("write one of {}", names.join(", ")));
        self.complain(id, message);
        None
    }

    /// Reads names of rules.
    pub(super) fn rules(&mut self, key: &str, id: NodeId) -> Vec<&'static Rule> {
        let mut rules = Vec::new();
        for item in self.items(id, key) {
            let Some(name) = self.string(item, "a rule") else { continue };
            match rule::find(&name) {
                Some(rule) => rules.push(rule),
                None => {
                    let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
                    let message = no_such("rule", &name, &names, || "see --list-rules".to_owned());
                    self.complain(item, message);
                }
            }
        }
        rules
    }

    /// Reads globs.
    pub(super) fn globs(&mut self, key: &str, id: NodeId) -> Globs {
        let mut globs = Builder::default();
        for item in self.items(id, key) {
            self.globs += 1;
            if self.globs > MAX_GLOBS {
                self.complain(item, format!("there are more than {MAX_GLOBS} globs"));
                break;
            }
            let Some(glob) = self.string(item, "a glob") else { continue };
            if let Err(reason) = globs.add(&glob) {
                self.complain(item, format!("{} is no glob: {reason}", quoted(&glob)));
            }
        }
        globs.build().unwrap_or_else(|reason| {
            self.complain(id, format!("these globs cannot be compiled: {reason}"));
            Globs::default()
        })
    }

    /// Reads the roles of files.
    pub(super) fn roles(&mut self, key: &str, id: NodeId) -> Vec<(Globs, Role)> {
        let mut roles = Vec::new();
        for item in self.items(id, key) {
            if self.globs > MAX_GLOBS {
                break;
            }
            let mut read = RoleItem::default();
            self.keys(item, &format!("an item of `{key}`"), ROLE_KEYS, &mut read);
            roles.extend(read.paths.zip(read.role));
        }
        roles
    }
}

const STRING_TAG: &str = "tag:yaml.org,2002:str";

/// Strips the line number from go-yaml's message: go-yaml counts lines in its own way.
fn without_line(message: &str) -> &str {
    let words = message.strip_prefix("yaml: ").unwrap_or(message);
    let line = words.strip_prefix("line ").and_then(|rest| rest.split_once(": "));
    line.filter(|(line, _)| line.parse::<usize>().is_ok()).map_or(words, |(_, words)| words)
}

/// Quotes a word of the file for a message, clipped.
fn quoted(word: &str) -> String {
    const MOST: usize = 80;
    match word.char_indices().nth(MOST) {
        Some((end, _)) => format!("`{}…`", word.get(..end).unwrap_or("")),
        None => format!("`{word}`"),
    }
}

/// Says that a word is not one of the names, and suggests the one that was probably meant.
fn no_such(
    what: impl Display,
    word: &str,
    names: &[&'static str],
    choices: impl Fn() -> String,
) -> String {
    let end = meant_by(word, names).map_or_else(choices, |name| format!("did you mean `{name}`?"));
    format!("there is no such {what} {}; {end}", quoted(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Returns the settings in a text, or its first fault.
    fn read(text: &str) -> Result<Config, String> {
        let source = Source::new("c.yaml", text.into());
        let folder = Folder::of(source.path(), Path::new("/nowhere"));
        super::read(&source, &folder).map_err(|mut problems| {
            let (span, message) = problems.swap_remove(0);
            let place = source.position(span.start);
            format!("{}:{}: {message}", place.line, place.column)
        })
    }

    #[test]
    fn versions_are_read_as_on_the_command_line() {
        for (text, expected) in [
            ("1.24-1.37", "1.24-1.37"),
            ("'1.24'", "1.24"),
            ("v1.24.3", "1.24"),
            ("!!str 1.30", "1.30"),
            ("1.38", "1.37"),
            ("'>=1.30'", "1.30-1.37"),
            ("v1.31.5-gke.100", "1.31"),
        ] {
            let config = read(&format!("kubectl-version: {text}")).unwrap();
            assert_eq!(config.target.unwrap().to_string(), expected);
        }
    }

    #[test]
    fn nothing_is_a_configuration_too() {
        for text in ["", "\n", "# nothing\n", "---\n", "{}", "ignore:\nroles: ~\n", "roles: []\n"] {
            let config = read(text).unwrap();
            assert!(config.target.is_none() && config.ignore.is_empty(), "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        for (text, expected) in [
            ("rolls: []", "1:1: there is no such key `rolls`; did you mean `roles`?"),
            ("\nfailOn: never", "2:1: there is no such key `failOn`; did you mean `fail-on`?"),
            (
                "{ kubectl_version: 1.24 }",
                "1:3: there is no such key `kubectl_version`; did you mean `kubectl-version`?",
            ),
            (
                "x: 1",
                "1:1: there is no such key `x`; the keys are kubectl-version, fail-on, select, ignore, exclude, roles",
            ),
            (
                "<<: {ignore: []}",
                "1:1: there is no such key `<<`; the keys are kubectl-version, fail-on, select, ignore, exclude, roles",
            ),
            ("[a]: b", "1:1: a key must be a word, and is a list"),
            ("- a", "1:1: the configuration must be a mapping, and is a list"),
            ("word", "1:1: the configuration must be a mapping, and is a string"),
            (
                "ignore: []\rselect: []\rignore: []",
                "3:1: `ignore` stands here again; it is also in line 1",
            ),
            ("ignore:\nignore:", "2:1: `ignore` stands here again; it is also in line 1"),
            (
                "ignore: []\n---\nselect: []",
                "3:1: a second document begins; the configuration is one",
            ),
            (
                "kubectl-version: 1.18",
                "1:18: kubectl 1.20 is the oldest that is judged; `1.18` is older",
            ),
            (
                "kubectl-version: new",
                "1:18: `new` is not a kubectl version; write one such as 1.24, or a range such as 1.24-1.37",
            ),
            (
                "kubectl-version: yes",
                "1:18: `kubectl-version` must be a string, and is a boolean; put it in quotes",
            ),
            ("kubectl-version: [1.24]", "1:18: `kubectl-version` must be a string, and is a list"),
            (
                "fail-on: warnings",
                "1:10: there is no such fail-on `warnings`; did you mean `warning`?",
            ),
            (
                "fail-on: info",
                "1:10: there is no such fail-on `info`; write one of error, warning, note, never",
            ),
            ("ignore: removed-api-version", "1:9: `ignore` must be a list, and is a string"),
            (
                "ignore: [removed-api-versoin]",
                "1:10: there is no such rule `removed-api-versoin`; did you mean `removed-api-version`?",
            ),
            ("select: [x]", "1:10: there is no such rule `x`; see --list-rules"),
            ("select: [~]", "1:10: a rule must be a string, and is empty"),
            ("exclude: [1]", "1:11: a glob must be a string, and is a number; put it in quotes"),
            (
                "exclude: ['a{b']",
                "1:12: `a{b` is no glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)",
            ),
            ("exclude: ['#']", "1:12: `#` is no glob: it names nothing"),
            (
                "exclude: [../a]",
                "1:11: `../a` is no glob: `..` matches nothing: a glob begins at the folder of the file, and stays below it",
            ),
            ("exclude:\n- !a", "2:3: `!a` is a tag to YAML; put a glob in quotes"),
            (
                "exclude:\n- *.a",
                "2:4: this is no YAML: did not find expected alphabetic or numeric character; a glob that begins with `*` must stand in quotes",
            ),
            (
                "exclude:\n- *a",
                "2:3: there is no anchor `a` for this alias; what begins with `*` must stand in quotes",
            ),
            ("exclude: [a", "1:12: this is no YAML: did not find expected ',' or ']'"),
            ("exclude: a\u{0}", "1:11: this is no YAML: control characters are not allowed"),
            ("roles: {a: b}", "1:8: `roles` must be a list, and is a mapping"),
            ("roles: [a]", "1:9: an item of `roles` must be a mapping, and is a string"),
            ("roles:\n- paths: [a]", "2:3: `role` is missing"),
            ("roles:\n- role: live", "2:3: `paths` is missing"),
            ("roles: [{}]", "1:9: `paths` is missing"),
            (
                "roles:\n- path: [a]\n  role: live",
                "2:3: there is no such key `path`; did you mean `paths`?",
            ),
            ("roles:\n- paths: a\n  role: live", "2:10: `paths` must be a list, and is a string"),
            (
                "roles:\n- paths: [a]\n  role: testdata",
                "3:9: there is no such role `testdata`; did you mean `test-data`?",
            ),
            (
                "roles:\n- paths: [a]\n  role: x",
                "3:9: there is no such role `x`; write one of live, documentation, comment, test-data, vendored, history",
            ),
            ("roles: &a [*a]", "1:11: an item of `roles` must be a mapping, and is a list"),
        ] {
            assert_eq!(read(text).unwrap_err(), expected, "{text:?}");
        }
    }

    #[test]
    fn aliases_stand_for_what_they_name_but_not_for_millions() {
        let text = "ignore: &a [unused-exec]\nselect: *a\nroles:\n- &r {paths: &p [x], role: live}\n\
                    - *r\n- {paths: *p, role: history}\n";
        let config = read(text).unwrap();
        assert_eq!(config.select, config.ignore);
        assert_eq!(config.roles.of(Path::new("x")), Some(Role::History));
        assert_eq!(config.roles.roles.len(), 3);
        let many = |word: &str| vec![word; 5000].join(", ");
        let bomb = format!(
            "exclude: &p [{}]\nroles: [&r {{paths: *p, role: live}}, {}]\n",
            many("a"),
            many("*r")
        );
        assert!(read(&bomb).unwrap_err().ends_with("there are more than 10000 globs"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    "roles:", "ignore:", "exclude:", "fail-on:", "kubectl-version:", "- ", "paths:",
                    " role: live", "live", "1.24", " ", "  ", "\n", "\r", "[", "]", "{", "}", ", ", "*a",
                    "&a ", "!x ", "!!str ", "<<: ", "---\n", "'", "\"", "# ", "|\n", "~", "\u{feff}", "é",
                ]),
                0..25,
            ),
        ) {
            let text = parts.concat();
            let source = Source::new("c", text.into_bytes());
            if let Err(problems) = super::read(&source, &Folder::default()) {
                proptest::prop_assert!(!problems.is_empty());
                let end = source.text().len();
                proptest::prop_assert!(problems.iter().all(|(span, _)| span.start <= end));
            }
        }
    }
}
