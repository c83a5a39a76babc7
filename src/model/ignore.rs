//! Ignore comments that have a problem.

use crate::text::source::Span;

/// An ignore comment, or one name in it, that suppresses nothing.
#[derive(Debug, Clone)]
pub struct IgnoreProblem {
    /// The name, or the words that were not understood.
    pub span: Span,
    /// Why it suppresses nothing.
    pub kind: IgnoreProblemKind,
}

impl IgnoreProblem {
    /// Returns whether it is understood, and only finds nothing to suppress.
    pub(crate) fn is_unused(&self) -> bool {
        matches!(self.kind, IgnoreProblemKind::NoFinding { .. })
    }
}

/// Why a comment suppresses nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IgnoreProblemKind {
    /// It names no rule. Candidates: the rules of the findings within its reach.
    NoRules(Vec<&'static str>),
    /// The bracket around its rules is not closed on the same line.
    NotClosed,
    /// `kubeconfig-lint` has no colon after it.
    NoColon,
    /// Its rules, if any are known, are not in square brackets.
    NoBrackets(Vec<&'static str>),
    /// The name `kubeconfig-lint` is misspelled.
    Misspelled,
    /// The word before the rules, if any are known, is not `ignore`.
    NoIgnore(Vec<&'static str>),
    /// No rule has that name.
    NoSuchRule {
        /// The name; `None` if a report should not quote it.
        name: Option<String>,
        /// The rule that was probably meant.
        suggestion: Option<&'static str>,
    },
    /// The rule has no finding there.
    NoFinding {
        /// The rule.
        rule: &'static str,
        /// The line (from 1) of the nearest unsuppressed finding of the rule, a little above or
        /// below.
        near: Option<usize>,
    },
}
