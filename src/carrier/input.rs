//! What a carrier looks at: a text, its trees, and its context.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::api_group::{self, Found, Occurrence, prefilter};
use crate::kubectl::decode::view::View;
use crate::kubectl::kuberc::decode::secrets_in_json;
use crate::kubectl::merge::Siblings;
use crate::kubernetes::api_versions::GROUP;
use crate::language::{self, Language};
use crate::role::{self, Role};
use crate::secrets::{self, SecretSpans};
use crate::syntax::node::{NodeId, Tree};
use crate::syntax::template::{self, Template};
use crate::syntax::{gojson, hcl, jsonc, yaml};
use crate::text::source::{Source, Span, merged};

use super::uses::Uses;
use super::{Reference, comment};

/// What is known about a text before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextContext {
    /// The language of the text.
    pub language: Language,
    /// The role of the text.
    pub role: Role,
    /// The number of texts that enclose this one: 0 for a file.
    pub depth: usize,
    /// Whether the text is source code, or is embedded in source code.
    pub in_code: bool,
    /// Whether the text is the value of `KUBERNETES_EXEC_INFO`: the request to a plugin.
    pub is_request: bool,
    /// Whether the text is in a value that is judged as a part of an exec config: the versions in
    /// it need no findings of their own.
    pub is_settled: bool,
}

impl TextContext {
    /// Returns the context of a file. Without a `role`, its path and its text decide.
    pub(crate) fn of_file(source: &Source, role: Option<Role>) -> Self {
        let name = source.path().file_name().unwrap_or_default().to_string_lossy();
        let language = language::of_name(&name.to_ascii_lowercase());
        let in_code = language == Language::Code;
        let by_text = || role::of_text(source.path(), source.text());
        let role = role.unwrap_or_else(|| role::of_path(source.path()).within(by_text()));
        Self { language, role, depth: 0, in_code, is_request: false, is_settled: false }
    }
}

/// Sorted places of a text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(BTreeSet<Span>);

impl Places {
    /// Adds a place.
    pub(crate) fn insert(&mut self, span: Span) {
        self.0.insert(span);
    }

    /// Returns whether one of the places contains the span.
    pub(crate) fn contain(&self, span: Span) -> bool {
        // Places are seldom nested, and never deeply.
        const MAX_NESTED: usize = 16;
        let before = self.0.range(..=Span::new(span.start(), usize::MAX));
        before.rev().take(MAX_NESTED).any(|place| place.contains(span))
    }

    /// Returns whether one of the places contains the group of the occurrence, whatever follows it.
    pub(crate) fn hold(&self, occurrence: &Occurrence) -> bool {
        let (start, end) = (occurrence.span.start(), occurrence.span.end());
        self.contain(Span::new(start, end.min(start + GROUP.len())))
    }
}

/// Limit on the [`MARKS`] of a text that is parsed: it has hardly more values than these, and a value
/// may cost hundreds of bytes of memory.
pub(crate) const MAX_MARKS: usize = 4_000_000;

/// The bytes before or after a value in YAML, JSON and HCL.
const MARKS: &[u8] = b",:[{(?-+*=\n";

fn is_too_dense(text: &str) -> bool {
    text.len() > MAX_MARKS && text.bytes().filter(|byte| MARKS.contains(byte)).count() > MAX_MARKS
}

/// What a carrier looks at: a source and its trees.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    /// The text: a file, or a text embedded in one.
    pub source: &'a Source,
    /// The context of the text.
    pub context: TextContext,
    /// Whether the text has too many values for a tree of them: it is read like source code.
    pub is_too_dense: bool,
    /// Every occurrence of the API group, in order.
    pub occurrences: Vec<Occurrence>,
    /// The offset of every base64 fragment that may contain the group, in order.
    pub base64_hints: Vec<usize>,
    /// The API versions that earlier carriers explained; `lint` adds them after each carrier.
    pub claims: Places,
    /// The references that exec API versions anywhere in the Terraform module make.
    pub references: Vec<Reference>,
    /// The variables and locals of the Terraform module whose uses are all known.
    pub settled: Arc<BTreeSet<String>>,
    /// The kubeconfigs that kubectl loads together with this file; `None` if that is unknown.
    pub siblings: Option<Siblings>,
    /// The places that need not be read again: they hold nothing but mentions. `lint` adds them
    /// after each carrier.
    pub done: Places,
    /// The names that the text assigns to keys for exec API versions.
    pub(super) uses: Uses<'a>,
    tree: Tree,
    /// JSON with its comments blanked, if it has comments, and its tree.
    uncommented: Option<(String, Tree)>,
    /// The text read as a YAML template; only if it is not valid YAML.
    template: Option<Template>,
    json: OnceCell<Option<Tree>>,
    json_stream: OnceCell<Option<Tree>>,
    hcl: OnceCell<Option<Tree>>,
    comments: OnceCell<comment::Comments>,
    secrets: OnceCell<SecretSpans>,
}

impl<'a> Input<'a> {
    /// Parses a file.
    #[cfg(test)]
    pub(crate) fn new(source: &'a Source) -> Self {
        Self::within(source, TextContext::of_file(source, None))
    }

    /// Parses a text with a known context.
    pub(crate) fn within(source: &'a Source, context: TextContext) -> Self {
        let text = source.text();
        let is_parsed = matches!(context.language, Language::Data | Language::Hcl);
        let is_too_dense = is_parsed && is_too_dense(text);
        // A text that is certainly not YAML need not be parsed as YAML.
        let is_data = context.language == Language::Data && !is_too_dense;
        let uncommented = jsonc::blank_comments(text).filter(|_| is_data).map(|text| {
            let tree = yaml::parse(&text);
            (text, tree)
        });
        let tree = if is_data { yaml::parse(text) } else { Tree::default() };
        let template = if is_data { Template::parse(text, &tree) } else { None };
        let Found { occurrences, base64_hints } = api_group::search(text);
        Self {
            source,
            context,
            is_too_dense,
            occurrences,
            base64_hints,
            claims: Places::default(),
            references: Vec::new(),
            settled: Arc::default(),
            siblings: None,
            done: Places::default(),
            uses: Uses::new(text),
            tree,
            uncommented,
            template,
            json: OnceCell::new(),
            json_stream: OnceCell::new(),
            hcl: OnceCell::new(),
            comments: OnceCell::new(),
            secrets: OnceCell::new(),
        }
    }

    /// Returns the occurrences that no carrier has explained or dismissed yet.
    pub(crate) fn unexplained(&self) -> impl Iterator<Item = &Occurrence> {
        self.occurrences.iter().filter(|found| self.is_open(found))
    }

    /// Returns whether no carrier has explained or dismissed the occurrence yet.
    fn is_open(&self, found: &Occurrence) -> bool {
        !self.claims.hold(found) && !self.done.hold(found)
    }

    /// Returns the occurrences in a part of the text.
    pub(super) fn occurrences_in(&self, span: Span) -> impl Iterator<Item = &Occurrence> {
        let first = self.occurrences.partition_point(|found| found.span.start() < span.start());
        let rest = self.occurrences.get(first..).unwrap_or(&[]).iter();
        rest.take_while(move |found| found.span.start() < span.end())
    }

    /// Returns the unexplained occurrences in a part of the text.
    pub(crate) fn unexplained_in(&self, span: Span) -> impl Iterator<Item = &Occurrence> {
        self.occurrences_in(span).filter(|found| self.is_open(found))
    }

    /// Returns whether a part of the text has occurrences and none of them is unexplained.
    pub(crate) fn is_explained(&self, span: Span) -> bool {
        let first = self.occurrences.partition_point(|found| found.span.start() < span.start());
        let has_some =
            self.occurrences.get(first).is_some_and(|found| found.span.start() < span.end());
        has_some && self.unexplained_in(span).next().is_none()
    }

    /// Returns the comments of the text; searched on first use.
    pub(super) fn comments(&self) -> &comment::Comments {
        let language = self.context.language;
        self.comments.get_or_init(|| {
            let (text, path) = (self.source.text(), self.source.path());
            comment::Comments::new(text, language).with_parts(text, path)
        })
    }

    /// Returns whether the byte at `at` is in a comment.
    pub(crate) fn is_in_comment(&self, at: usize) -> bool {
        self.comments().hold(self.source.text(), at)
    }

    /// Returns the source as Terraform reads it, if its name or its content says that it is HCL;
    /// parsed on first use. The tree may be incomplete.
    pub(crate) fn hcl(&self) -> Option<View<'_>> {
        let text = self.source.text();
        let tree = self.hcl.get_or_init(|| {
            let is_hcl = match self.context.language {
                _ if self.is_too_dense => false,
                Language::Hcl => true,
                Language::Data => hcl::is_hcl(text),
                _ => false,
            };
            is_hcl.then(|| hcl::parse(text))
        });
        tree.as_ref().map(|tree| View { tree, text })
    }

    /// Returns the source as kubectl reads it.
    pub(crate) fn strict(&self) -> View<'_> {
        View { tree: &self.tree, text: self.source.text() }
    }

    /// Returns the source as its author meant it: JSON may have comments, and YAML may be a
    /// template.
    pub(crate) fn lenient(&self) -> View<'_> {
        match (&self.template, &self.uncommented) {
            (Some(template), _) => View { tree: &template.tree, text: self.source.text() },
            (None, Some((text, tree))) => View { tree, text },
            (None, None) => self.strict(),
        }
    }

    /// Returns the source read as a YAML template; `None` if it is valid YAML, or not a YAML
    /// template.
    pub(crate) fn template(&self) -> Option<&Template> {
        self.template.as_ref()
    }

    /// Returns whether a node of a template may have other lines than the tree shows. `first` is the
    /// key before the node: a condition may begin between both; or else the node.
    pub(crate) fn has_open_lines(&self, first: NodeId, id: NodeId) -> bool {
        self.template.as_ref().is_some_and(|template| {
            let start = template.tree.node(first).span.start();
            template.is_open(Span::new(start, self.lines_of(template, id).end()))
        })
    }

    /// Returns whether some lines of a node of a template may be absent, or be alternatives.
    pub(crate) fn has_conditional_lines(&self, id: NodeId) -> bool {
        let template = self.template.as_ref();
        template.is_some_and(|template| template.has_conditions(self.lines_of(template, id)))
    }

    /// Returns the span of a node of a template, including the statements after its last line,
    /// which may belong to it.
    fn lines_of(&self, template: &Template, id: NodeId) -> Span {
        let span = template.tree.node(id).span;
        let next = template.tree.start_after(span.end());
        Span::new(span.start(), next.unwrap_or(self.source.text().len()))
    }

    /// Returns whether the text is a template with conditions or loops, so that duplicates may be
    /// alternatives.
    pub(crate) fn has_conditions(&self) -> bool {
        let all = Span::new(0, self.source.text().len());
        self.template.as_ref().is_some_and(|template| template.has_conditions(all))
    }

    /// Returns the source as Go's JSON decoder reads it, ignoring comments, if it begins like JSON;
    /// parsed on first use. The tree may be incomplete.
    pub(crate) fn json(&self) -> Option<View<'_>> {
        let text = self.lenient().text;
        let is_data = self.context.language == Language::Data && !self.is_too_dense;
        let is_json = is_data && gojson::is_json(text);
        let tree = self.json.get_or_init(|| is_json.then(|| template::parse_json(text)));
        tree.as_ref().map(|tree| View { tree, text })
    }

    /// Returns the source as its author meant it, as JSON if it is JSON that the YAML parser rejects:
    /// a single value, or those of a stream that may hold an exec config.
    pub(crate) fn data(&self) -> View<'_> {
        let json = self.json_stream().or_else(|| self.json_instead());
        json.unwrap_or_else(|| self.lenient())
    }

    /// Returns the source as JSON if the YAML parser rejects it, and it begins like JSON.
    fn json_instead(&self) -> Option<View<'_>> {
        self.lenient().tree.is_broken().then(|| self.json())?
    }

    /// Returns the source as a stream of JSON values, such as JSON Lines, if it is one; parsed on
    /// first use. Values that cannot hold an exec config are left out.
    fn json_stream(&self) -> Option<View<'_>> {
        let json = self.json_instead()?;
        let stream = self.json_stream.get_or_init(|| {
            json.tree.documents.first()?.text_behind()?;
            let is_wanted = |value: &str| prefilter::is_interesting(value.as_bytes());
            Some(gojson::parse_stream(json.text, is_wanted))
        });
        stream.as_ref().map(|tree| View { tree, ..json })
    }

    /// Returns the values that no report may show; searched on first use.
    pub(crate) fn secrets(&self) -> &SecretSpans {
        self.secrets.get_or_init(|| {
            // A broken text is hidden in every way in which it can be read.
            let views = [Some(self.lenient()), self.json_instead(), self.json_stream(), self.hcl()];
            let views = views.into_iter().flatten();
            let mut found = SecretSpans::default();
            views.for_each(|view| found.extend(secrets::spans(view.tree, view.text)));
            found.keyed.extend(secrets_in_json(self.source));
            for spans in [&mut found.keyed, &mut found.others] {
                *spans = merged(std::mem::take(spans));
            }
            found
        })
    }

    /// Returns the same, and keeps them no longer: a text may have one for every few bytes.
    pub(crate) fn take_secrets(&mut self) -> SecretSpans {
        self.secrets();
        self.secrets.take().unwrap_or_default()
    }

    /// Returns the offset of the first comment in JSON, if it has one.
    pub(crate) fn json_comment(&self) -> Option<usize> {
        let (blank, _) = self.uncommented.as_ref()?;
        jsonc::first_comment(self.source.text(), blank)
    }
}
