//! The carriers: the ways in which an exec config, or what governs it, sits in a file. One file a
//! carrier.
//!
//! To add one: write `src/carrier/NAME.rs` with a `CARRIER`, and put its name into the list
//! below. A carrier knows files and nothing of rules; it yields [`Subject`]s, whose API versions
//! claim the places where they stand.

use std::cell::OnceCell;
use std::sync::LazyLock;

use crate::decode;
use crate::decode::fields::View;
use crate::model::Subject;
use crate::secrets;
use crate::source::{Source, Span};
use crate::syntax::node::Tree;
use crate::syntax::{gojson, jsonc, yaml};

mod looks;

/// What a carrier looks at: a source and its trees.
#[derive(Debug)]
pub struct Input<'a> {
    /// The file.
    pub source: &'a Source,
    tree: Tree,
    /// JSON with its comments blanked, if it has any, and its tree.
    uncommented: Option<(String, Tree)>,
    json: OnceCell<Option<Tree>>,
    secrets: OnceCell<Vec<Span>>,
}

impl<'a> Input<'a> {
    /// Parses the source.
    pub fn new(source: &'a Source) -> Self {
        let text = source.text();
        let uncommented = jsonc::blank_comments(text).map(|text| {
            let tree = yaml::parse(&text);
            (text, tree)
        });
        let tree = yaml::parse(text);
        Self { source, tree, uncommented, json: OnceCell::new(), secrets: OnceCell::new() }
    }

    /// The source as kubectl reads it.
    pub fn strict(&self) -> View<'_> {
        View { tree: &self.tree, text: self.source.text() }
    }

    /// The source as its author meant it: JSON may have comments.
    pub fn lenient(&self) -> View<'_> {
        match &self.uncommented {
            Some((text, tree)) => View { tree, text },
            None => self.strict(),
        }
    }

    /// The source as Go's JSON reader reads it, comments aside, where it begins like JSON; read
    /// when first asked. It may be broken.
    pub fn json(&self) -> Option<View<'_>> {
        let text = self.lenient().text;
        let tree = self.json.get_or_init(|| gojson::is_json(text).then(|| gojson::parse(text)));
        tree.as_ref().map(|tree| View { tree, text })
    }

    /// The values that no report may show, sorted; looked for once, when first asked.
    pub fn secrets(&self) -> &[Span] {
        self.secrets.get_or_init(|| {
            let view = self.lenient();
            let mut spans = secrets::spans(view.tree, view.text);
            let is_broken = view.tree.documents.iter().any(|document| document.error.is_some());
            // What YAML's reader does not take may be sound JSON.
            if let Some(json) = self.json().filter(|_| is_broken) {
                spans.extend(secrets::spans(json.tree, json.text));
            }
            spans.extend(decode::kuberc::secrets_in_json(self.source));
            spans = secrets::merged(spans);
            spans
        })
    }

    /// The offset of the first comment in JSON, if there is one.
    pub fn json_comment(&self) -> Option<usize> {
        let (text, _) = self.uncommented.as_ref()?;
        let pairs = self.source.text().bytes().zip(text.bytes());
        pairs.enumerate().find_map(|(at, (a, b))| (a != b).then_some(at))
    }
}

/// What a carrier found.
#[derive(Debug, Default)]
pub struct Reading {
    /// What rules are to judge, in the order of the file.
    pub subjects: Vec<Subject>,
    /// Why the file, though it is the carrier's, could not be read, without a full stop.
    pub skipped: Option<String>,
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

carriers![kubeconfig, exec_credential, kuberc];

/// The name in reports of what no carrier claims.
pub const TEXT: &str = "text";
