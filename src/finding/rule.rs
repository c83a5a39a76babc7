//! A rule: its name, its texts and its check.

use crate::finding::{Finding, Severity};
use crate::kubectl::step::Step;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::text::message::capitalized;

/// A rule, as its file declares it.
#[derive(Debug)]
pub struct Rule {
    /// Its stable name, such as `removed-api-version`.
    pub name: &'static str,
    /// What the rule finds, in one line without a full stop.
    pub summary: &'static str,
    /// Its severity on live configuration.
    pub severity: Severity,
    /// The release that introduced it.
    pub since: &'static str,
    /// How much of a file must be seen for its findings to hold; a finding may need less.
    pub needs: Needs,
    /// Whether it needs a run of several files, which knows what the others install.
    pub needs_run: bool,
    /// Whether it finds what works with one kubectl and not with a newer one.
    pub is_deprecation: bool,
    /// Whether `--fix` can fix some of its findings.
    pub is_fixable: bool,
    /// The step in which kubectl stops at what it finds; `None` if kubectl goes on.
    pub(crate) step: Option<Step>,
    /// What its findings say that the plugin returns; `None` if they say nothing of that.
    pub(crate) foretells: Option<Foretold>,
    /// The doc comment of the declaration: Markdown.
    pub documentation: &'static str,
    /// Judges one subject, and adds what it finds.
    pub check: fn(&Subject, &Target, &mut Vec<Finding>),
}

/// How much of a file must be seen for a finding to hold. Where less is seen, the finding is
/// dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// A part of it, such as an example in the documentation: nothing outside of the part can make
    /// the finding wrong.
    Excerpt,
    /// The file, even if kubectl cannot read it as it is: a template, a broken file.
    File,
    /// Every key of the file, for findings about what is missing: in a template or a broken file, a
    /// key that seems absent may be elsewhere.
    EveryKey,
}

/// What a finding says that a plugin returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Foretold {
    /// An ExecCredential of another version.
    OtherVersion,
    /// Something else than an ExecCredential.
    OtherOutput,
    /// Nothing that kubectl accepts.
    NoCredential,
}

impl Rule {
    /// Returns the documentation as Markdown, without the leading blank of each line.
    pub fn markdown(&self) -> String {
        let lines = self.documentation.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        lines.collect::<Vec<_>>().join("\n").trim().to_owned()
    }

    /// Returns the name in PascalCase: SARIF wants a name that differs from the id.
    pub fn pascal_name(&self) -> String {
        self.name.split('-').map(capitalized).collect()
    }

    /// Returns the URL of the documentation.
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
