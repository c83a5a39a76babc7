//! How bad a finding is: by rule, by how the text was read, and by what it is there for.

use crate::carrier::input::Input;
use crate::finding::{Finding, Severity};
use crate::model::Evidence;
use crate::role::Role;
use crate::text::placeholder;

/// What decides the severity of the findings in one text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grade {
    role: Role,
    /// Whether it lies in another text.
    is_embedded: bool,
    /// Whether it leaves something out: what it lacks may be there.
    is_excerpt: bool,
    /// Whether it is the source code of a program, in which nobody can tell what becomes of a
    /// value.
    is_code: bool,
    /// Whether a credential plugin or an auth provider is at stake. What else is wrong with a
    /// kubeconfig is no reason to fail.
    has_plugin: bool,
}

impl Grade {
    /// Of a file as a whole.
    pub(crate) fn of_file(role: Role) -> Self {
        Self { role, is_embedded: false, is_excerpt: false, is_code: false, has_plugin: true }
    }

    /// Of a text.
    pub(crate) fn of_text(input: &Input<'_>) -> Self {
        let is_embedded = input.context.depth > 0;
        Self {
            role: input.context.role,
            is_embedded,
            is_excerpt: is_embedded && placeholder::is_excerpt(input.source.text()),
            is_code: input.context.in_code,
            has_plugin: true,
        }
    }

    /// The same, where a credential plugin or an auth provider is at stake or not.
    pub(crate) fn for_plugins(self, has_plugin: bool) -> Self {
        Self { has_plugin, ..self }
    }

    /// How something was read that was read so in its own text.
    pub(crate) fn evidence(&self, evidence: Evidence) -> Evidence {
        match evidence {
            Evidence::Parsed if self.is_embedded => Evidence::Embedded,
            evidence => evidence,
        }
    }

    /// What something is there for that is so by its own syntax.
    pub(crate) fn role(&self, role: Role) -> Role {
        role.within(self.role)
    }

    /// The finding as it is to be reported; `None` where it would only be noise.
    pub(crate) fn apply(&self, mut finding: Finding) -> Option<Finding> {
        finding.evidence = self.evidence(finding.evidence);
        finding.role = self.role(finding.role);
        // A file of tests, or of somebody else, is a whole one all the same.
        let is_whole = match finding.role {
            Role::Live => true,
            Role::TestData | Role::Vendored => !self.is_embedded && !self.is_code,
            Role::Documentation | Role::Comment | Role::History => false,
        };
        if (self.is_excerpt || !is_whole) && !finding.holds_for_excerpts {
            return None;
        }
        let most = match finding.role {
            Role::Live if self.is_code || !self.has_plugin => Severity::Warning,
            Role::Live => Severity::Error,
            Role::Documentation => Severity::Warning,
            Role::Comment | Role::TestData | Role::Vendored | Role::History => Severity::Note,
        };
        finding.severity = finding.severity.min(most);
        if matches!(finding.role, Role::Comment | Role::History) {
            // Nothing reads it.
            finding.kubectl_says = None;
        }
        if let Some(words) = finding.role.words().filter(|_| !finding.is_mention()) {
            finding.message.push_str(&format!(" ({words})"));
        }
        Some(finding)
    }
}
