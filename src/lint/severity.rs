//! Decides how bad a finding is and which words of kubectl it may quote: by its rule, by how the
//! text was read, and by the role of the text.

use std::sync::Arc;

use crate::api_group::Occurrence;
use crate::carrier::input::{Input, TextContext};
use crate::carrier::{Preprocessing, choice};
use crate::finding::fix::Doubt;
use crate::finding::rule::Needs;
use crate::finding::{Finding, Label, Severity};
use crate::kubernetes::api_versions::{self, ALL, ApiVersion, INTERACTIVE_MODE_SINCE};
use crate::kubernetes::target::Target;
use crate::language;
use crate::model::kubectl_message::KubectlMessage;
use crate::model::{Consumer, EntryKind, Evidence, Reach, Subject};
use crate::role::Role;
use crate::text::message::message;
use crate::text::placeholder;

/// What decides the severity of the findings in one text, and the words in them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grade<'a> {
    pub(super) text: &'a str,
    /// The places that name the API group, in order: another branch of a condition may be one.
    occurrences: &'a [Occurrence],
    context: TextContext,
    /// Whether the text is an excerpt: what it lacks may be in the part left out.
    is_excerpt: bool,
    /// Whether the text is a template that is not YAML before it is rendered, or that kubectl reads
    /// only then.
    is_template: bool,
    /// Whether the text is a script, by its first line or by the name of its file.
    is_script: bool,
    /// Whether a credential plugin or an auth provider is involved. Other faults of a kubeconfig
    /// are no reason to fail.
    pub(super) has_plugin: bool,
    /// The line of the first error of a kubeconfig that some kubectl of the target cannot decode.
    pub(super) broken_line: Option<usize>,
    /// The name of another file that kubectl loads too, if some kubectl of the target cannot decode
    /// it.
    pub(super) waits_for: Option<&'a str>,
    /// What must happen to the file before kubectl reads what the carrier found.
    preprocessing: Option<Preprocessing>,
}

impl<'a> Grade<'a> {
    /// Creates the grade for what a carrier found in a text that kubectl reads after
    /// `preprocessing`, or as it is. `occurrences` are those of the text that may be in another branch
    /// of a condition.
    pub(super) fn of_text(
        input: &Input<'a>,
        occurrences: &'a [Occurrence],
        preprocessing: Option<Preprocessing>,
    ) -> Self {
        let (text, context) = (input.source.text(), input.context);
        Self {
            text,
            occurrences,
            context,
            is_excerpt: context.depth > 0 && placeholder::is_excerpt(text),
            is_template: preprocessing.is_some() || input.template().is_some(),
            is_script: text.starts_with("#!")
                || (context.depth == 0 && language::is_script(input.source.path())),
            has_plugin: true,
            broken_line: None,
            waits_for: None,
            preprocessing,
        }
    }

    /// Returns why a fix is unsafe that was found in this text by pattern.
    pub(super) fn unparsed(&self) -> Doubt {
        if self.context.in_code {
            Doubt::SourceCode
        } else if self.broken_line.is_some() {
            Doubt::BrokenFile
        } else if self.is_script {
            Doubt::Script
        } else if self.is_template {
            Doubt::Template
        } else {
            Doubt::Unparsed
        }
    }

    /// Returns the evidence for something read with `evidence` in its own text.
    pub(super) fn evidence(&self, evidence: Evidence) -> Evidence {
        match evidence {
            Evidence::Parsed if self.context.depth > 0 => Evidence::Embedded,
            evidence => evidence,
        }
    }

    /// Returns the role of something that its own syntax gives `role`.
    pub(super) fn role(&self, role: Role) -> Role {
        role.within(self.context.role)
    }

    /// Returns the finding about the subject as reported; `None` if it would only be noise.
    pub(super) fn apply(
        &self,
        mut finding: Finding,
        subject: &Subject,
        target: &Target,
    ) -> Option<Finding> {
        finding.evidence = self.evidence(finding.evidence);
        finding.role = self.role(finding.role);
        // A test or vendored file is still a whole file.
        let is_file = match finding.role {
            Role::Live => !self.is_excerpt,
            Role::TestData | Role::Vendored => self.context.depth == 0 && !self.context.in_code,
            Role::Documentation | Role::Comment | Role::History => false,
        };
        let seen = match (is_file, finding.evidence.is_whole()) {
            (false, _) => Needs::Excerpt,
            (true, false) => Needs::File,
            (true, true) => Needs::EveryKey,
        };
        if finding.needs > seen {
            return None;
        }
        if matches!(subject, Subject::Current(current) if current.is_merged) {
            finding.severity = Severity::Error;
        }
        let reason = self.limit(&mut finding, subject);
        self.qualify_words(&mut finding, subject);
        if let Some(reason) = reason.filter(|_| !finding.is_mention()) {
            finding.remarks.push(reason.into());
        }
        if let Subject::ExecEntry(entry) = subject
            && entry.consumer == Consumer::Nobody
        {
            finding.remarks.push("kubectl ignores it here".into());
            finding.primary.text = "kubectl ignores this key".into();
            if entry.is_displaced {
                finding.severity = Severity::Note;
            }
            // kubectl reads the `apiVersion` next to it.
            if entry.exec.misspelled_api_version.is_some() {
                finding.severity = finding.severity.min(Severity::Warning);
            }
        }
        self.adapt_to_branches(&mut finding, target);
        let what = if matches!(subject, Subject::Cluster(_)) { "cluster" } else { "user" };
        let why = match subject.reach() {
            Some(Reach::Shadowed(file)) => {
                Some(message!("kubectl takes the one in `{}`", file.to_owned()))
            }
            Some(Reach::Nameless) => {
                Some(message!("no context selects it, and without a name, `--{}` cannot", what))
            }
            _ => None,
        };
        if let Some(why) = why {
            finding.severity = Severity::Note;
            finding.kubectl_message = None;
            finding.kubectl_says_later.clear();
            finding.remedy = None;
            finding.condition = None;
            finding.remarks.clear();
            finding.remarks.push("never used".into());
            finding.help = vec![message!("this {} is never used: {}", what, why)];
        }
        Some(finding)
    }

    /// Lowers the severity of a finding about the subject, and returns the reason if there is one.
    fn limit(&self, finding: &mut Finding, subject: &Subject) -> Option<&'static str> {
        let unsettled = match subject {
            // The tool that assembles the pieces may replace it.
            Subject::AuthInfo(auth) if auth.is_part => Some("part of a kubeconfig"),
            Subject::ExecEntry(entry) => match entry.kind {
                EntryKind::Indirect if entry.used_at.is_none() || entry.exec.command.is_none() => {
                    Some("not in an exec config")
                }
                EntryKind::Replacement => Some("in a replacement"),
                EntryKind::Request => Some("in KUBERNETES_EXEC_INFO"),
                _ => None,
            },
            Subject::ExecCredential(credential) if credential.is_request => {
                Some("kubectl replaces the variable")
            }
            _ => None,
        };
        let unsettled = unsettled.or((!self.has_plugin).then_some("no credential plugin"));
        let (most, reason) = match (finding.role, finding.role.words()) {
            // Source code does not show what becomes of a value.
            (Role::Live, _) if self.context.in_code => (Severity::Warning, Some("source code")),
            (Role::Live, _) if unsettled.is_none() => return None,
            (Role::Live, _) if finding.severity == Severity::Error => {
                (Severity::Warning, unsettled)
            }
            (Role::Live, _) => return None,
            (Role::Documentation, words) => (Severity::Warning, words),
            (_, words) => (Severity::Note, words),
        };
        finding.severity = finding.severity.min(most);
        reason
    }

    /// If kubectl does not read the subject as it is, says when kubectl prints the quoted words.
    /// Removes the quote if it is unknown whether kubectl prints them at all.
    fn qualify_words(&self, finding: &mut Finding, subject: &Subject) {
        let is_read = matches!(
            subject,
            Subject::AuthInfo(_)
                | Subject::Current(_)
                | Subject::Cluster(_)
                | Subject::ExecEntry(_)
        );
        // Whatever program prints it, kubectl does not decode it. A stream of JSON documents is not
        // what one plugin prints.
        let is_printed = finding.role == Role::Live
            && !self.context.in_code
            && !self.text.trim_start().starts_with('{')
            && matches!(
                subject,
                Subject::ExecEntry(entry) if entry.kind == EntryKind::ExecCredential
            );
        let document = match subject {
            Subject::AuthInfo(auth) => auth.document,
            _ => 1,
        };
        if document > 1 {
            let unread = message!(
                "move document {} to a file of its own: kubectl reads only the first document of a \
                 file",
                document
            );
            finding.help.insert(0, unread);
        }
        let Some(message) = finding.kubectl_message.take() else { return };
        let KubectlMessage { by, message } = Arc::unwrap_or_clone(message);
        let program = by.program();
        let later = if document > 1 {
            Some(message!("once it is in a file of its own, {} says: {}", by, message))
        } else if matches!(finding.role, Role::Comment | Role::History) {
            // Nothing reads the text.
            finding.kubectl_says_later.clear();
            None
        } else if let Some(line) = self.broken_line.filter(|_| is_read) {
            let error = match self.context.depth {
                0 => message!("the error on line {}", line),
                // The report shows the lines of the outer text.
                _ => "the kubeconfig".into(),
            };
            Some(message!("after {} is fixed, {} says: {}", error, program, message))
        } else if let Some(file) = self.waits_for.filter(|_| is_read) {
            let file = file.to_owned();
            Some(message!("once {} can load `{}`, it says: {}", program, file, message))
        } else if let Some(preprocessing) = self.preprocessing {
            let done = preprocessing.as_str();
            Some(message!("once {}, {} says: {}", done, by, message))
        } else if is_read && finding.evidence == Evidence::Pattern && !is_printed {
            None
        } else {
            finding.kubectl_message = Some(Arc::new(KubectlMessage { by, message }));
            None
        };
        if let Some(later) = later {
            finding.kubectl_says_later.list().insert(0, later);
        }
    }

    /// If a removed version is in one branch of a condition, and the other branch has a version
    /// that every target kubectl accepts, advises to remove the branch: writing the accepted
    /// version would make both branches the same.
    fn adapt_to_branches(&self, finding: &mut Finding, target: &Target) {
        if !finding.rule.is_deprecation {
            return;
        }
        let is_accepted = |version: &str| {
            api_versions::lookup(version).is_some_and(|known| known.accepted_by_all(target))
        };
        let place = finding.primary.span;
        let Some(other) = choice::alternative(self.text, self.occurrences, place, is_accepted)
        else {
            return;
        };
        finding.severity = finding.severity.min(Severity::Warning);
        finding.kubectl_message = None;
        finding.kubectl_says_later.clear();
        finding.remedy = None;
        let written = self.text.get(other.range()).unwrap_or("");
        let needs_mode = |known: &ApiVersion| {
            !known.defaults_interactive_mode && [known.name, known.version].contains(&written)
        };
        let mode = match ALL.into_iter().any(needs_mode) && target.last >= INTERACTIVE_MODE_SINCE {
            true => ", which needs `interactiveMode`",
            false => "",
        };
        finding.help = vec![message!(
            "remove this branch if nothing needs it: the other one writes `{}`{}",
            written.to_owned(),
            mode
        )];
        finding.related.push(Label::new(other, "the other branch"));
    }
}
