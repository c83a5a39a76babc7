//! A rule: what it is called, and how it judges.

use crate::finding::{Finding, Severity};
use crate::kubernetes::version::Target;
use crate::model::Subject;

/// A rule, as its file declares it.
#[derive(Debug)]
pub struct Rule {
    /// Its stable name, such as `removed-api-version`.
    pub name: &'static str,
    /// One line, without a full stop: what it finds.
    pub summary: &'static str,
    /// Its severity on live configuration.
    pub severity: Severity,
    /// The release that brought it.
    pub since: &'static str,
    /// Whether it is true of a part of a file too: of an example, a template, a text with
    /// placeholders. The other rules ask for the whole, and are silent there.
    pub holds_for_excerpts: bool,
    /// The doc comment of the declaration: Markdown.
    pub documentation: &'static str,
    /// Judges one subject.
    pub check: fn(&Subject, &Target) -> Vec<Finding>,
}

impl Rule {
    /// The documentation as Markdown, its common leading blank removed.
    pub fn markdown(&self) -> String {
        let lines = self.documentation.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n").trim().to_owned()
    }

    /// The name in PascalCase: SARIF wants a name that differs from the id.
    pub fn pascal_name(&self) -> String {
        let word = |word: &str| {
            let mut chars = word.chars();
            chars.next().map(|c| c.to_uppercase().chain(chars).collect::<String>())
        };
        self.name.split('-').filter_map(word).collect()
    }

    /// Where its documentation can be read.
    pub fn url(&self) -> String {
        format!("{}/blob/main/docs/rules/{}.md", env!("CARGO_PKG_REPOSITORY"), self.name)
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Rule {}

/// The name of the rule for what no other explains; its findings are hidden by default.
pub const MENTION: &str = "mention";
