//! Sets the severity of a finding by its rule, by how the text was read, and by the role of the
//! text.

use crate::carrier::input::Input;
use crate::finding::{Finding, Severity};
use crate::model::Evidence;
use crate::role::Role;
use crate::text::message::message;
use crate::text::placeholder;

/// What decides the severity of the findings in one text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grade {
    role: Role,
    /// Whether the text is embedded in another.
    is_embedded: bool,
    /// Whether the text is an excerpt: what it lacks may be in the part left out.
    is_excerpt: bool,
    /// Whether the text is source code of a program: it does not show what becomes of a value.
    is_code: bool,
    /// Whether a credential plugin or an auth provider is involved. Other faults of a kubeconfig
    /// are no reason to fail.
    has_plugin: bool,
}

impl Grade {
    /// Returns the grade of a whole file.
    pub(crate) fn of_file(role: Role) -> Self {
        Self { role, is_embedded: false, is_excerpt: false, is_code: false, has_plugin: true }
    }

    /// Returns the grade of a text.
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

    /// Returns this grade with `has_plugin` set.
    pub(crate) fn for_plugins(self, has_plugin: bool) -> Self {
        Self { has_plugin, ..self }
    }

    /// Returns the evidence for something read with `evidence` in its own text.
    pub(crate) fn evidence(&self, evidence: Evidence) -> Evidence {
        match evidence {
            Evidence::Parsed if self.is_embedded => Evidence::Embedded,
            evidence => evidence,
        }
    }

    /// Returns the role of something that its own syntax gives `role`.
    pub(crate) fn role(&self, role: Role) -> Role {
        role.within(self.role)
    }

    /// Returns the finding as reported; `None` if it would only be noise.
    pub(crate) fn apply(&self, mut finding: Finding) -> Option<Finding> {
        finding.evidence = self.evidence(finding.evidence);
        finding.role = self.role(finding.role);
        // A test or vendored file is still a whole file.
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
            // Nothing reads the text, so kubectl says nothing.
            finding.kubectl_says = None;
        }
        if let Some(words) = finding.role.words().filter(|_| !finding.is_mention()) {
            finding.message.push(message!(" ({})", words));
        }
        Some(finding)
    }
}
