//! The carriers: the ways in which an exec config, or what governs it, sits in a file. One file a
//! carrier.
//!
//! To add one: write `src/carrier/NAME.rs` with a `CARRIER`, and put its name into the list
//! below. A carrier knows files and nothing of rules; it yields [`Subject`]s, whose API versions
//! claim the places where they stand.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::decode;
use crate::decode::fields::View;
use crate::kubernetes::api_versions::GROUP;
use crate::language::{self, Language};
use crate::model::Subject;
use crate::needle::{self, Occurrence};
use crate::offsets::Mapped;
use crate::role::{self, Role};
use crate::secrets;
use crate::source::{Source, Span};
use crate::syntax::node::{NodeId, Tree};
use crate::syntax::template::{self, Template};
use crate::syntax::{gojson, hcl, jsonc, yaml};

mod choice;
mod comment;
mod context;
mod fallback;
mod keys;
mod looks;

pub(crate) use kubeconfig::{SIGNS, names_plugin};

/// The variable by which kubectl tells a plugin what is wanted.
pub(crate) const EXEC_INFO: &str = "KUBERNETES_EXEC_INFO";

/// What is known of a text before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// What it is written in.
    pub language: Language,
    /// What it is there for.
    pub role: Role,
    /// How many texts it lies in: 0 for a file.
    pub depth: usize,
    /// Whether it is source code, or lies in some.
    pub in_code: bool,
    /// Whether it is the value of [`EXEC_INFO`]: what a plugin is asked for.
    pub is_request: bool,
}

impl Context {
    /// What the path of a file tells.
    pub fn of_file(source: &Source) -> Self {
        let name = source.path().file_name().unwrap_or_default().to_string_lossy();
        let language = language::of_name(&name.to_ascii_lowercase());
        let in_code = language == Language::Code;
        let by_text = role::of_text(source.path(), source.text());
        let role = role::of_path(source.path()).within(by_text);
        Self { language, role, depth: 0, in_code, is_request: false }
    }
}

/// Sorted places of a text.
#[derive(Debug, Default)]
pub struct Places(BTreeSet<Span>);

impl Places {
    /// Adds a place.
    pub fn insert(&mut self, span: Span) {
        self.0.insert(span);
    }

    /// Whether one of them holds the span.
    pub fn contain(&self, span: Span) -> bool {
        // They seldom lie within each other, and never many.
        const NESTED: usize = 16;
        let before = self.0.range(..=Span::new(span.start, usize::MAX));
        before.rev().take(NESTED).any(|place| place.contains(span))
    }

    /// Whether one of them holds the occurrence: the group alone, whatever follows it.
    pub fn hold(&self, occurrence: &Occurrence) -> bool {
        let Span { start, end } = occurrence.span;
        self.contain(Span::new(start, end.min(start + GROUP.len())))
    }
}

/// What a carrier looks at: a source and its trees.
#[derive(Debug)]
pub struct Input<'a> {
    /// The text: a file, or a text in one.
    pub source: &'a Source,
    /// What is known of it.
    pub context: Context,
    /// Every place where the API group stands, in order.
    pub occurrences: Vec<Occurrence>,
    /// What was explained: the API versions that the carriers before have found.
    pub claims: Places,
    /// What exec API versions of the Terraform module refer to.
    pub references: Vec<Reference>,
    /// What was read, and need not be read again: it holds nothing but mentions.
    pub done: Places,
    /// The names that are given to keys for exec API versions.
    uses: pattern::constant::Uses<'a>,
    tree: Tree,
    /// JSON with its comments blanked, if it has any, and its tree.
    uncommented: Option<(String, Tree)>,
    /// The text read as a YAML template; only if it is not valid YAML.
    template: Option<Template>,
    json: OnceCell<Option<Tree>>,
    hcl: OnceCell<Option<Tree>>,
    comments: OnceCell<comment::Comments>,
    secrets: OnceCell<Vec<Span>>,
}

impl<'a> Input<'a> {
    /// Parses a file.
    pub fn new(source: &'a Source) -> Self {
        Self::within(source, Context::of_file(source))
    }

    /// Parses a text of which something is known.
    pub fn within(source: &'a Source, context: Context) -> Self {
        let text = source.text();
        // What is no YAML for sure need not be read as such.
        let is_data = context.language == Language::Data;
        let uncommented = jsonc::blank_comments(text).filter(|_| is_data).map(|text| {
            let tree = yaml::parse(&text);
            (text, tree)
        });
        let tree = if is_data { yaml::parse(text) } else { Tree::default() };
        let template = if is_data { Template::parse(text, &tree) } else { None };
        Self {
            source,
            context,
            occurrences: needle::occurrences(text),
            claims: Places::default(),
            references: Vec::new(),
            done: Places::default(),
            uses: pattern::constant::Uses::new(text),
            tree,
            uncommented,
            template,
            json: OnceCell::new(),
            hcl: OnceCell::new(),
            comments: OnceCell::new(),
            secrets: OnceCell::new(),
        }
    }

    /// The occurrences that nobody has looked at yet.
    pub fn unexplained(&self) -> impl Iterator<Item = &Occurrence> {
        self.occurrences.iter().filter(|found| self.is_open(found))
    }

    /// Whether nobody has looked at it yet.
    fn is_open(&self, found: &Occurrence) -> bool {
        !self.claims.hold(found) && !self.done.hold(found)
    }

    /// The same, in a part of the text.
    pub fn unexplained_in(&self, span: Span) -> impl Iterator<Item = &Occurrence> {
        let first = self.occurrences.partition_point(|found| found.span.start < span.start);
        let rest = self.occurrences.get(first..).unwrap_or(&[]).iter();
        rest.take_while(move |found| found.span.start < span.end)
            .filter(|found| self.is_open(found))
    }

    /// Whether there are occurrences in a part of the text, and somebody has looked at all of them.
    pub fn is_explained(&self, span: Span) -> bool {
        let first = self.occurrences.partition_point(|found| found.span.start < span.start);
        let has_some = self.occurrences.get(first).is_some_and(|found| found.span.start < span.end);
        has_some && self.unexplained_in(span).next().is_none()
    }

    /// The place of another version that the text uses in place of this one, by a condition that
    /// chooses between them; only such as are `wanted`.
    pub fn alternative(&self, value: Span, wanted: impl Fn(&str) -> bool) -> Option<Span> {
        // The next ones: a choice has few branches.
        const NEXT: usize = 3;
        let text = self.source.text();
        let is_wanted = |found: &&Occurrence| {
            !found.base64 && found.api_version.as_deref().is_some_and(&wanted)
        };
        let first = self.occurrences.partition_point(|found| found.span.end <= value.start);
        let (before, rest) = self.occurrences.split_at_checked(first)?;
        let mut before = before.iter().rev().take(NEXT).filter(is_wanted);
        let mut behind = rest.iter().filter(|found| found.span.start >= value.end);
        let mut behind = behind.by_ref().take(NEXT).filter(is_wanted);
        let found = before
            .find(|found| choice::is_between(text, found.span, value))
            .or_else(|| behind.find(|found| choice::is_between(text, value, found.span)));
        found.map(|found| found.span)
    }

    /// Its comments; looked for once, when first asked.
    fn comments(&self) -> &comment::Comments {
        let language = self.context.language;
        self.comments.get_or_init(|| {
            let (text, path) = (self.source.text(), self.source.path());
            comment::Comments::new(text, language).with_documentation(text, path)
        })
    }

    /// The source as Terraform reads it, where it is HCL by its name or its looks; read when
    /// first asked. It may be broken.
    pub fn hcl(&self) -> Option<View<'_>> {
        let text = self.source.text();
        let is_hcl = match self.context.language {
            Language::Hcl => true,
            Language::Data => hcl::is_hcl(text),
            _ => false,
        };
        let tree = self.hcl.get_or_init(|| is_hcl.then(|| hcl::parse(text)));
        tree.as_ref().map(|tree| View { tree, text })
    }

    /// The source as kubectl reads it.
    pub fn strict(&self) -> View<'_> {
        View { tree: &self.tree, text: self.source.text() }
    }

    /// The source as its author meant it: JSON may have comments, and YAML may be a template.
    pub fn lenient(&self) -> View<'_> {
        match (&self.template, &self.uncommented) {
            (Some(template), _) => View { tree: &template.tree, text: self.source.text() },
            (None, Some((text, tree))) => View { tree, text },
            (None, None) => self.strict(),
        }
    }

    /// The source read as a YAML template; `None` if it is valid YAML or no template of it.
    pub fn template(&self) -> Option<&Template> {
        self.template.as_ref()
    }

    /// Whether a node of a template may have other lines than the tree shows.
    pub fn has_open_lines(&self, id: NodeId) -> bool {
        self.template.as_ref().is_some_and(|template| template.is_open(self.lines_of(template, id)))
    }

    /// Whether some lines of a node of a template may be absent, or be alternatives.
    pub fn has_conditional_lines(&self, id: NodeId) -> bool {
        let template = self.template.as_ref();
        template.is_some_and(|template| template.has_conditions(self.lines_of(template, id)))
    }

    /// A node of a template, and the statements behind its last line: they may be of it.
    fn lines_of(&self, template: &Template, id: NodeId) -> Span {
        let Span { start, end } = template.tree.node(id).span;
        let end = template.tree.start_behind(end).unwrap_or(self.source.text().len());
        Span::new(start, end)
    }

    /// Whether the text is a template with conditions or loops, so that duplicates may be
    /// alternatives.
    pub fn has_conditions(&self) -> bool {
        let all = Span::new(0, self.source.text().len());
        self.template.as_ref().is_some_and(|template| template.has_conditions(all))
    }

    /// The source as Go's JSON reader reads it, comments aside, where it begins like JSON; read
    /// when first asked. It may be broken.
    pub fn json(&self) -> Option<View<'_>> {
        let text = self.lenient().text;
        let is_json = self.context.language == Language::Data && gojson::is_json(text);
        let tree = self.json.get_or_init(|| is_json.then(|| template::parse_json(text)));
        tree.as_ref().map(|tree| View { tree, text })
    }

    /// The values that no report may show, sorted; looked for once, when first asked.
    pub fn secrets(&self) -> &[Span] {
        self.secrets.get_or_init(|| self.secrets_by(secrets::spans))
    }

    /// Those of them that are secret by their own key, sorted.
    pub fn keyed_secrets(&self) -> Vec<Span> {
        self.secrets_by(secrets::keyed)
    }

    fn secrets_by(&self, find: fn(&Tree, &str) -> Vec<Span>) -> Vec<Span> {
        let view = self.lenient();
        let mut spans = find(view.tree, view.text);
        let is_broken = view.tree.documents.iter().any(|document| document.error.is_some());
        // What YAML's reader does not take may be sound JSON.
        if let Some(json) = self.json().filter(|_| is_broken) {
            spans.extend(find(json.tree, json.text));
        }
        if let Some(hcl) = self.hcl() {
            spans.extend(find(hcl.tree, hcl.text));
        }
        spans.extend(decode::kuberc::secrets_in_json(self.source));
        secrets::merged(spans)
    }

    /// The offset of the first comment in JSON, if there is one.
    pub fn json_comment(&self) -> Option<usize> {
        let (text, _) = self.uncommented.as_ref()?;
        let pairs = self.source.text().bytes().zip(text.bytes());
        pairs.enumerate().find_map(|(at, (a, b))| (a != b).then_some(at))
    }
}

/// Something that an exec API version of Terraform refers to, in any file of the module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// `var.NAME`, `local.NAME`, or `provider.NAME` where v1 needs a release that knows it.
    pub name: String,
    /// The command and the arguments of the exec config that takes its version from it; `None`
    /// where its group is written beside it.
    pub command_line: Option<Vec<String>>,
}

/// What a carrier found.
#[derive(Debug, Default)]
pub struct Reading {
    /// What rules are to judge, in the order of the file.
    pub subjects: Vec<Subject>,
    /// How many kubeconfigs it was found in.
    pub kubeconfigs: usize,
    /// The texts in it that are to be read as texts of their own.
    pub texts: Vec<Embedded>,
    /// What exec API versions refer to here.
    pub references: Vec<Reference>,
    /// The variables and locals of Terraform that hold exec API versions here.
    pub declared: Vec<String>,
    /// The places that were understood, and hold nothing but mentions.
    pub done: Vec<Span>,
    /// Why the file, though it is the carrier's, could not be read, without a full stop.
    pub skipped: Option<String>,
    /// What must happen to the file before kubectl reads it, if anything must: `rendered` or
    /// `decrypted`.
    pub once: Option<&'static str>,
}

/// A text in a text: in a string, a heredoc, a fence, base64.
#[derive(Debug)]
pub struct Embedded {
    /// The text, and where its bytes come from.
    pub content: Mapped,
    /// What it is written in.
    pub language: Language,
    /// What it is there for, by the syntax around it.
    pub role: Role,
    /// Whether it was base64: no place in it can be shown.
    pub base64: bool,
    /// Whether it is the value of [`EXEC_INFO`].
    pub is_request: bool,
}

impl Embedded {
    /// A text of unknown kind.
    pub fn new(content: Mapped) -> Self {
        let (language, role) = (Language::Data, Role::Live);
        Self { content, language, role, base64: false, is_request: false }
    }
}

/// A carrier: its name, and how it reads.
pub struct Carrier {
    /// The name in reports.
    pub name: &'static str,
    /// Reads a file; an empty [`Reading`] where it is not the carrier's.
    pub read: fn(&Input<'_>) -> Reading,
}

/// Lists the carriers, in the order in which they are asked.
macro_rules! carriers {
    ($($module:ident),+ $(,)?) => {
        $(pub(crate) mod $module;)+
        /// All carriers, in the order in which they are asked.
        pub static CARRIERS: LazyLock<Vec<&'static Carrier>> =
            LazyLock::new(|| vec![$(&$module::CARRIER),+]);
    };
}

carriers![
    kubeconfig,
    exec_credential,
    kuberc,
    documentation,
    terraform,
    exec_config,
    base64,
    heredoc,
    pattern,
];

/// The name in reports of what no carrier claims.
pub const TEXT: &str = "text";
