//! Reads every text of a file to its last value, before and after fixes. Resolves aliases and merge
//! keys as kubectl does, and includes embedded texts.
//!
//! A fix may change what its finding is about and nothing else. Comparing findings is not enough to
//! check that: a shared value may also be the argument of another plugin, and an inserted pair may
//! override that of another user, and no rule reports either.

use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, btree_map};
use std::hash::{Hash, Hasher};
use std::iter::Enumerate;
use std::slice;

use crate::finding::Finding;
use crate::finding::fix::{Fix, Intent, ValueUse};
use crate::kubectl::decode::compose;
use crate::kubectl::decode::view::{Field, View};
use crate::kubernetes::api_versions::{ALL as API_VERSIONS, ApiVersion, GROUP};
use crate::model::refusal::JsonType;
use crate::syntax::node::NodeId;
use crate::text::source::{Source, Span, merged};

/// The values of one text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decoded {
    /// The index of the text that holds this one, and the place in it; `None` for the file.
    within: Option<(usize, Span)>,
    /// The values that are compared one by one, sorted by the hash of their path.
    leaves: Vec<Leaf>,
    /// The sum of the hashes of all other values.
    rest: u64,
    /// Whether the text has more values than can be compared.
    is_cut_off: bool,
    /// Whether a finding in the text, or in one embedded in it, has a fix.
    has_fix: bool,
    /// The text itself, if it is encoded in base64.
    pub(crate) base64: Option<Box<Base64Text>>,
}

/// A text encoded in base64, which a diff shows decoded.
#[derive(Debug, Clone)]
pub(crate) struct Base64Text {
    /// The decoded text.
    pub(crate) source: Source,
    /// Its known secrets and the base64 in it, sorted and not overlapping.
    pub(crate) secrets: Vec<Span>,
}

/// A scalar, or a collection without entries. A text may have one for every few bytes, so it holds
/// only what is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Leaf {
    /// The hash of the path.
    path: u64,
    /// The hash of the path of the parent mapping or list.
    parent: u64,
    /// The hash of the value.
    value: u64,
    span: Span,
    alias: Option<Span>,
    /// What the value's key means.
    key: Key,
    /// The value's type.
    kind: JsonType,
    /// The API versions that are words of the value, a bit for each of [`API_VERSIONS`].
    versions: u8,
    /// Whether the value is the empty string or null.
    is_empty: bool,
    /// Whether kubectl ignores the value where it is written: it exists only for its aliases.
    is_only_aliased: bool,
}

/// Which values are compared one by one, besides those whose key has a meaning. A text may have
/// millions of values, and fixes are about few of them.
pub(crate) enum Compared<'a> {
    /// Those that overlap or touch one of these places, which are sorted and disjoint.
    At(Vec<Span>),
    /// Those that are compared one by one in this text, which is the same before the fixes.
    AsIn(&'a Decoded),
}

impl<'a> Compared<'a> {
    /// Returns the values at the `places` that fixes are about.
    pub(crate) fn at(places: impl Iterator<Item = Span>) -> Self {
        Self::At(merged(places.collect()))
    }

    /// Returns how many values a text has, or a few more; 0 if that is unknown.
    fn expected(&self) -> usize {
        match self {
            Self::At(_) => 0,
            // A fix may add a value, so the vector should not need to double for one.
            Self::AsIn(before) => before.leaves.len() + before.leaves.len() / 8,
        }
    }

    fn include(&self, leaf: &Leaf) -> bool {
        leaf.key != Key::Other
            || match self {
                Self::At(places) => {
                    let next = places.partition_point(|place| place.end() < leaf.span.start());
                    places.get(next).is_some_and(|place| place.start() <= leaf.span.end())
                }
                Self::AsIn(before) => before.at(leaf.path).is_some(),
            }
    }
}

/// The meaning of a key to fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    /// `interactiveMode`.
    InteractiveMode,
    /// `apiVersion`.
    ApiVersion,
    /// Another spelling of `apiVersion`.
    MisspelledApiVersion,
    /// `command`.
    Command,
    /// Any other key, or none.
    Other,
}

impl Key {
    fn of(name: &str) -> Self {
        match name {
            "interactiveMode" => Self::InteractiveMode,
            "apiVersion" => Self::ApiVersion,
            "command" => Self::Command,
            _ if is_like_api_version(name) => Self::MisspelledApiVersion,
            _ => Self::Other,
        }
    }
}

impl Leaf {
    /// Returns whether this leaf is that use of a value, or the anchored value that the use refers
    /// to.
    fn is_use(&self, of: ValueUse) -> bool {
        self.place() == of || (self.is_only_aliased && self.span == of.0 && of.1.is_some())
    }

    fn place(&self) -> ValueUse {
        (self.span, self.alias)
    }

    fn is_same(&self, other: &Self) -> bool {
        (self.kind, self.value) == (other.kind, other.value)
    }

    /// Returns whether this is the `apiVersion`, next to `command`, that the fix rewrites.
    fn is_version_of(&self, intent: &Intent, command: Option<ValueUse>) -> bool {
        intent.version.is_some_and(|version| {
            self.is_use(version)
                || (intent.covers_all_users
                    && version.0 == self.span
                    && intent.command.map(|(span, _)| span) == command.map(|(span, _)| span))
        })
    }

    /// Returns whether the fix inserts this pair.
    fn is_added_by(&self, intent: &Intent) -> bool {
        match self.key {
            Key::InteractiveMode => intent.adds_mode && self.value == hash("IfAvailable"),
            Key::ApiVersion => {
                intent.changes_version && intent.new.is_some_and(|new| self.value == hash(new.name))
            }
            Key::MisspelledApiVersion | Key::Command | Key::Other => false,
        }
    }
}

/// The fields of client-go's `Config`; kubectl ignores every other key of a kubeconfig. Source:
/// client-go `tools/clientcmd/api/v1/types.go`.
const FIELDS: [&str; 8] = [
    "kind",
    "apiVersion",
    "preferences",
    "clusters",
    "users",
    "contexts",
    "current-context",
    "extensions",
];

/// Limit on the values per node of the text, which aliases can multiply.
const MAX_REPEATED: usize = 16;
/// The number of values that is always allowed, however small the text.
const MIN_LEAVES: usize = 10_000;

impl Decoded {
    /// Makes the text part of an enclosing text: the outermost text now lies at `place` in text 0,
    /// and the indices of texts nested deeper shift by `number`.
    pub(crate) fn within(mut self, number: usize, place: Span) -> Self {
        self.within = Some(match self.within {
            Some((text, place)) => (text + number, place),
            None => (0, place),
        });
        self
    }

    /// Returns the place of the text in the text with number 0, if a finding in it has a fix and no
    /// other text is around it.
    pub(crate) fn place_of_fixes(&self) -> Option<Span> {
        self.within.filter(|(text, _)| *text == 0 && self.has_fix).map(|(_, place)| place)
    }

    /// Reads a text.
    pub(crate) fn read(view: View<'_>, has_fix: bool, compared: &Compared<'_>) -> Self {
        let leaves = Vec::with_capacity(compared.expected());
        let mut decoded = Self { has_fix, leaves, ..Self::default() };
        let mut count = 0;
        let most = MIN_LEAVES.max(view.tree.len() * MAX_REPEATED);
        // Aliases may repeat a long value thousands of times.
        let mut aliased: HashMap<NodeId, (u64, u8)> = HashMap::new();
        for (number, document) in view.tree.documents.iter().enumerate() {
            let Some(root) = document.root else { continue };
            if compose::unbounded(view, root).is_some() {
                continue;
            }
            let (value, alias) = view.tree.resolve(root);
            let field = Field { key: root, value, alias };
            let is_kubeconfig = view.fields(value, None).contains_key("users");
            let at = At { path: hash(&number), parent: 0, key: Key::Other, is_only_aliased: false };
            // The collections around the next value, each with what is left of it: a list may be
            // as long as the text.
            let mut open: Vec<Open<'_>> = Vec::new();
            let mut next = Some((at, field));
            while let Some((at, field)) =
                next.take().or_else(|| next_of(&mut open, view, is_kubeconfig))
            {
                if count >= most {
                    decoded.is_cut_off = true;
                    return decoded.sorted();
                }
                let (pairs, items) = (view.tree.pairs(field.value), view.tree.items(field.value));
                if pairs.is_empty() && items.is_empty() {
                    count += 1;
                    let leaf = leaf(view, at, field, &mut aliased);
                    if compared.include(&leaf) {
                        decoded.leaves.push(leaf);
                    } else {
                        let added = hash(&(leaf.path, leaf.kind, leaf.value));
                        decoded.rest = decoded.rest.wrapping_add(added);
                    }
                    continue;
                }
                let children = if pairs.is_empty() {
                    Children::Items(items.iter().enumerate(), field.alias)
                } else {
                    Children::Fields(view.fields(field.value, field.alias).into_iter())
                };
                open.push(Open { at, children });
            }
        }
        decoded.sorted()
    }

    fn sorted(mut self) -> Self {
        self.leaves.sort_unstable_by_key(|leaf| leaf.path);
        self.leaves.shrink_to_fit();
        self
    }

    /// Returns the value at a path.
    fn at(&self, path: u64) -> Option<&Leaf> {
        let at = self.leaves.binary_search_by_key(&path, |leaf| leaf.path).ok()?;
        self.leaves.get(at)
    }

    fn sibling(&self, leaf: &Leaf, key: &str) -> Option<&Leaf> {
        self.at(hash(&(leaf.parent, key)))
    }
}

/// Where a value is.
#[derive(Clone, Copy)]
struct At {
    /// [`Leaf::path`].
    path: u64,
    /// [`Leaf::parent`].
    parent: u64,
    key: Key,
    /// [`Leaf::is_only_aliased`].
    is_only_aliased: bool,
}

/// A collection whose values are being read.
struct Open<'a> {
    at: At,
    children: Children<'a>,
}

/// What is left of a collection.
enum Children<'a> {
    Fields(btree_map::IntoIter<String, Field>),
    /// The items with their indices, and the alias through which the list got here.
    Items(Enumerate<slice::Iter<'a, NodeId>>, Option<Span>),
}

/// Returns the next value of the innermost open collection; closes those that have no more.
fn next_of(open: &mut Vec<Open<'_>>, view: View<'_>, is_kubeconfig: bool) -> Option<(At, Field)> {
    loop {
        let Open { at, children } = open.last_mut()?;
        let At { path: parent, is_only_aliased, .. } = *at;
        match children {
            Children::Fields(fields) => {
                if let Some((name, field)) = fields.next() {
                    let is_only_aliased = match at.parent {
                        0 => !(is_kubeconfig && FIELDS.contains(&name.as_str())),
                        _ => is_only_aliased,
                    };
                    let (path, key) = (hash(&(parent, before_version(&name))), Key::of(&name));
                    return Some((At { path, parent, key, is_only_aliased }, field));
                }
            }
            Children::Items(items, list_alias) => {
                if let Some((index, &item)) = items.next() {
                    let (value, alias) = view.tree.resolve(item);
                    let field = Field { key: item, value, alias: list_alias.or(alias) };
                    // Outside of kubeconfigs, a list may hold arguments that a program reads.
                    let is_only_aliased = is_only_aliased && is_kubeconfig;
                    let (path, key) = (hash(&(parent, index)), Key::Other);
                    return Some((At { path, parent, key, is_only_aliased }, field));
                }
            }
        }
        open.pop();
    }
}

/// Returns what precedes an exec API version in a key. A colon makes a key of a line of a script, and
/// a fix may change the version in that line.
fn before_version(key: &str) -> &str {
    key.find(GROUP).and_then(|at| key.get(..at)).unwrap_or(key)
}

/// Returns the leaf of a scalar or of a collection without entries. `aliased` holds the hashes of
/// values that aliases may repeat.
fn leaf(view: View<'_>, at: At, field: Field, aliased: &mut HashMap<NodeId, (u64, u8)>) -> Leaf {
    let kind = view.json_type(field.value);
    let written = view.tree.scalar(field.value, view.text).unwrap_or("");
    let digest = || (hash(written), versions_in(written));
    let (value, versions) = match field.alias {
        Some(_) => *aliased.entry(field.value).or_insert_with(digest),
        None => digest(),
    };
    Leaf {
        path: at.path,
        parent: at.parent,
        value,
        span: view.tree.node(field.value).span,
        alias: field.alias,
        key: at.key,
        kind,
        versions,
        is_empty: kind == JsonType::Null || (kind == JsonType::Text && written.is_empty()),
        is_only_aliased: at.is_only_aliased && field.alias.is_none(),
    }
}

/// Returns the API versions that are words of a value, as in [`Leaf::versions`].
fn versions_in(value: &str) -> u8 {
    let mut versions = 0;
    for word in value.split(|c: char| !c.is_ascii_alphanumeric()) {
        let is_it = |version: &&ApiVersion| version.version == word;
        if let Some(at) = API_VERSIONS.iter().position(is_it) {
            versions |= 1 << at;
        }
    }
    versions
}

fn hash(of: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// Returns the place in the file of the text with this number; `None` for the file itself.
pub(crate) fn place_in_file(texts: &[Option<Decoded>], mut number: usize) -> Option<Span> {
    loop {
        match texts.get(number)?.as_ref()?.within? {
            (0, place) => return Some(place),
            (outer, _) => number = outer,
        }
    }
}

/// A value that changed although no fix wanted it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct UnintendedChange {
    /// The index of the text that holds the value.
    text: usize,
    /// The place of the value in its text before the fixes; `None` if the fixes added it, if no fix
    /// is about it, or if the whole text appeared or went away.
    place: Option<Span>,
}

impl UnintendedChange {
    /// Returns whether the fix may have caused this change.
    pub(crate) fn may_stem_from(&self, fix: &Fix) -> bool {
        self.text == fix.intent.text && self.place.is_none_or(|place| fix.intent.touches(place))
    }
}

/// Returns what changed although none of the fixes of these findings wanted it to.
pub(crate) fn unintended_changes(
    before: &[Option<Decoded>],
    after: &[Option<Decoded>],
    fixed: &[&Finding],
) -> Vec<UnintendedChange> {
    if before.len() != after.len() {
        return vec![UnintendedChange { text: 0, place: None }];
    }
    let intents: Vec<&Intent> =
        fixed.iter().filter_map(|finding| Some(&finding.fix.as_ref()?.intent)).collect();
    let mut by_text: HashMap<usize, Vec<&Intent>> = HashMap::new();
    for intent in intents {
        by_text.entry(intent.text).or_default().push(intent);
    }
    // For each text, the places of its embedded texts in which a fix changes something.
    let mut inner: HashMap<usize, Vec<Span>> = HashMap::new();
    for &text in by_text.keys() {
        let mut at = text;
        while let Some((outer, place)) = before.get(at).and_then(|decoded| decoded.as_ref()?.within)
        {
            inner.entry(outer).or_default().push(place);
            at = outer;
        }
    }
    let mut unintended_changes = Vec::new();
    for (text, (old, new)) in before.iter().zip(after).enumerate() {
        // A text that no fix is in changes only with the value that holds it, which is compared.
        let (Some(old), Some(new)) = (old, new) else { continue };
        if !old.has_fix {
            continue;
        }
        let places = inner.get(&text).map_or(&[][..], Vec::as_slice);
        let intents = by_text.get(&text).map_or(&[][..], Vec::as_slice);
        // A copy that is a text of its own changes with the exec config that holds it. A text that
        // is read in two ways is judged in one.
        let is_covered = old.within.is_some_and(|(outer, place)| {
            let others = by_text.get(&outer).into_iter().flatten();
            let mut copies = others.flat_map(|intent| &intent.copies);
            let mut texts = inner.get(&outer).into_iter().flatten();
            copies.any(|(span, _)| span.overlaps(place))
                || (intents.is_empty()
                    && !inner.contains_key(&text)
                    && texts.any(|other| other.overlaps(place)))
        });
        if is_covered {
            continue;
        }
        if old.is_cut_off || new.is_cut_off {
            unintended_changes.push(UnintendedChange { text, place: None });
            continue;
        }
        unintended_changes.extend(
            compare(old, new, intents, places)
                .into_iter()
                .map(|place| UnintendedChange { text, place }),
        );
    }
    unintended_changes
}

/// Returns the places of values that changed and should not have. `inner` holds the places of
/// embedded texts that a fix changed.
fn compare(old: &Decoded, new: &Decoded, intents: &[&Intent], inner: &[Span]) -> Vec<Option<Span>> {
    let intents = &Intents::new(intents);
    let mut unintended_changes = Vec::new();
    for was in &old.leaves {
        let (version, command) = (old.sibling(was, "apiVersion"), old.sibling(was, "command"));
        let mut own = intents.of(version, command);
        match new.at(was.path) {
            Some(is) if was.is_same(is) => {}
            Some(is) => {
                let is_filled = was.is_empty && own.any(|intent| is.is_added_by(intent));
                if !(is_filled
                    || is_plugin_input(was, intents)
                    || is_intended(old, was, is, intents)
                    || inner.iter().any(|place| place.overlaps(was.span)))
                {
                    unintended_changes.push(Some(was.span));
                }
            }
            // The fix may rename a misspelled key.
            None => {
                let renamed = new.sibling(was, "apiVersion");
                let is_renamed = renamed.is_some_and(|is| is.kind == was.kind)
                    && matches!(was.key, Key::ApiVersion | Key::MisspelledApiVersion)
                    && own.next().is_some();
                if !is_renamed && !is_plugin_input(was, intents) {
                    unintended_changes.push(Some(was.span));
                }
            }
        }
    }
    for is in new.leaves.iter().filter(|leaf| old.at(leaf.path).is_none()) {
        let sibling = |key: &str| old.sibling(is, key);
        let (version, command) = (sibling("apiVersion"), sibling("command"));
        if !intents.of(version, command).any(|intent| is.is_added_by(intent)) {
            let near = version.or(command);
            unintended_changes.push(near.map(|leaf| leaf.span));
        }
    }
    if unintended_changes.is_empty() && old.rest != new.rest {
        unintended_changes.push(None);
    }
    unintended_changes
}

/// The fixes of one text, by the values that they are about: a file may have as many fixes as
/// values, and all of them may be about one value, through an alias each.
struct Intents<'a> {
    /// The uses of values with their fixes, sorted.
    uses: Vec<(ValueUse, &'a Intent)>,
    /// The arguments and variables of plugins that a fix changes or removes, sorted.
    plugin_inputs: Vec<ValueUse>,
}

impl<'a> Intents<'a> {
    fn new(intents: &[&'a Intent]) -> Self {
        let uses_of = |&intent: &&'a Intent| intent.uses().map(move |of| (of, intent));
        let mut uses: Vec<_> = intents.iter().flat_map(uses_of).collect();
        uses.sort_by_key(|(of, _)| *of);
        let inputs = intents.iter().flat_map(|intent| &intent.plugin_inputs);
        let mut plugin_inputs: Vec<ValueUse> = inputs.copied().collect();
        plugin_inputs.sort_unstable();
        Self { uses, plugin_inputs }
    }

    /// Returns the fixes that are about a value in the place of a leaf, those about this very use
    /// of the value first; some more than once.
    fn about(&self, leaf: &Leaf) -> impl Iterator<Item = &'a Intent> + '_ {
        let (place, span) = (leaf.place(), leaf.span);
        let own = self.uses.partition_point(|(of, _)| *of < place);
        let own = self.uses.iter().skip(own).take_while(move |(of, _)| *of == place);
        let first = self.uses.partition_point(|((at, _), _)| at.start() < span.start());
        let after = self.uses.iter().skip(first);
        let up_to_end = after.take_while(move |((at, _), _)| at.start() <= span.end());
        let within = up_to_end.filter(move |((at, _), _)| span.contains(*at));
        own.chain(within).map(|(_, intent)| *intent)
    }

    /// Returns the fixes for the mapping that this `apiVersion` and `command` belong to; some more
    /// than once.
    fn of<'s>(
        &'s self,
        version: Option<&'s Leaf>,
        command: Option<&'s Leaf>,
    ) -> impl Iterator<Item = &'a Intent> + 's {
        let near = version.filter(|leaf| !leaf.is_empty).or(command);
        let near = near.into_iter().flat_map(|leaf| self.about(leaf));
        near.filter(move |intent| is_fixed(intent, version, command))
    }
}

/// Returns whether this `apiVersion` and `command` belong to the mapping that the fix is for.
fn is_fixed(intent: &Intent, version: Option<&Leaf>, command: Option<&Leaf>) -> bool {
    match version.filter(|leaf| !leaf.is_empty) {
        Some(version) => version.is_version_of(intent, command.map(Leaf::place)),
        None => {
            let is_it = |leaf: &Leaf| intent.command.is_some_and(|command| leaf.is_use(command));
            intent.version.is_none() && command.is_some_and(is_it)
        }
    }
}

/// Returns whether a value is one of the plugin's arguments or variables that a fix changes or
/// removes.
fn is_plugin_input(leaf: &Leaf, intents: &Intents<'_>) -> bool {
    let inputs = &intents.plugin_inputs;
    // The last one that has the same place sorts behind the others: it has an alias if any has.
    let of_place = inputs.partition_point(|(span, _)| *span <= leaf.span);
    inputs.binary_search(&leaf.place()).is_ok()
        || inputs.get(..of_place).and_then(<[_]>::last).is_some_and(|last| leaf.is_use(*last))
}

/// Returns whether a key is a spelling of `apiVersion`.
fn is_like_api_version(key: &str) -> bool {
    let letters = key.bytes().filter(|byte| !matches!(byte, b'-' | b'_'));
    letters.map(|byte| byte.to_ascii_lowercase()).eq(b"apiversion".iter().copied())
}

/// Returns whether one of the fixes wants this change of a value.
fn is_intended(text: &Decoded, was: &Leaf, is: &Leaf, intents: &Intents<'_>) -> bool {
    let command = text.sibling(was, "command").map(Leaf::place);
    intents.about(was).any(|intent| {
        let is_version = intent.changes_version && was.is_version_of(intent, command);
        let is_copy = intent.copies.iter().any(|copy| was.is_use(*copy));
        // A version found by pattern may be only a part of the value.
        let holds = |(span, _): &ValueUse| was.span.contains(*span) && was.span != *span;
        let holds_one = intent.version.iter().chain(&intent.copies).any(holds);
        let is_written = |version: &ApiVersion| {
            let at = API_VERSIONS.iter().position(|known| *known == version);
            at.is_some_and(|at| is.versions & (1 << at) != 0)
        };
        (is_version || is_copy || holds_one)
            && is.kind == was.kind
            && (intent.new.is_none_or(is_written))
    })
}

#[cfg(test)]
mod tests;
