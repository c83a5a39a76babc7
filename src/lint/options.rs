//! What to lint against.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::carrier::Reference;
use crate::finding::rule::Rule;
use crate::finding::{Finding, Severity};
use crate::kubectl::merge::Siblings;
use crate::kubernetes::api_versions::ApiVersion;
use crate::kubernetes::target::Target;
use crate::role::Role;

/// What to check against, and which rules apply.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The kubectl versions that will read the file.
    pub target: Target,
    /// The rules to apply; empty means all.
    pub select: Vec<&'static Rule>,
    /// The rules to skip.
    pub ignore: Vec<&'static Rule>,
    /// The rules whose findings in this file do not count; they are in
    /// [`Linted::suppressed`](super::Linted::suppressed).
    pub suppress: Vec<&'static Rule>,
    /// The least severity of the findings that count, mentions aside; the others are in
    /// [`Linted::hidden`](super::Linted::hidden).
    pub min_severity: Severity,
    /// The role of the file; `None` derives it from the path.
    pub role: Option<Role>,
    /// The Terraform variables and locals (`var.NAME`, `local.NAME`) that end an exec API version
    /// in another file of the module: the [`Linted::references`](super::Linted::references) of that
    /// file.
    pub references: Vec<Reference>,
    /// The Terraform variables and locals whose uses in the module are all known: each is the
    /// version of an exec config whose command is known.
    pub settled: Arc<BTreeSet<String>>,
    /// The kubeconfigs that kubectl loads together with this one, if it certainly loads it.
    pub siblings: Option<Siblings>,
    /// The version to write if both the plugin and kubectl accept it; `None` writes the version
    /// that suits the plugin best.
    pub fix_to: Option<&'static ApiVersion>,
}

impl Options {
    /// Returns whether all rules are switched on, for all severities.
    pub(super) fn is_unfiltered(&self) -> bool {
        self.select.is_empty() && self.ignore.is_empty() && self.min_severity == Severity::Note
    }

    /// Returns these options with all rules switched on, for all severities.
    pub(super) fn unfiltered(&self) -> Self {
        Self {
            select: Vec::new(),
            ignore: Vec::new(),
            min_severity: Severity::Note,
            ..self.clone()
        }
    }

    pub(super) fn applies(&self, rule: &'static Rule) -> bool {
        (self.select.is_empty() || self.select.contains(&rule)) && !self.ignore.contains(&rule)
    }

    /// Returns whether a finding is too mild to count. A rule of notes that is selected by name counts.
    pub(super) fn hides(&self, finding: &Finding) -> bool {
        let is_chosen =
            finding.rule.severity == Severity::Note && self.select.contains(&finding.rule);
        finding.severity < self.min_severity && !is_chosen && !finding.is_mention()
    }

    /// Returns whether a finding is missing from the results because of these options.
    pub(super) fn filters(&self, finding: &Finding) -> bool {
        !self.applies(finding.rule) || self.hides(finding)
    }

    /// Returns whether the findings of a rule count, and whether it would have found something if there
    /// were anything.
    pub(super) fn counts(&self, rule: &'static Rule) -> bool {
        let has_run = !rule.needs_run || !self.target.installed.is_empty();
        has_run && self.applies(rule) && !self.suppress.contains(&rule)
    }
}
