//! Comments that are to silence findings, as far as there is something to say of them.

use crate::text::source::Span;

/// A comment that is to silence findings, or one of its names, which does not.
#[derive(Debug, Clone)]
pub struct IdleIgnore {
    /// The name, or the words that are not understood.
    pub span: Span,
    /// Why it does not.
    pub why: Idle,
}

/// Why a comment silences nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Idle {
    /// It names no rule. These could be meant: the rules of the findings that it would reach.
    NoRules(Vec<&'static str>),
    /// The bracket of its rules is not closed in its line.
    NotClosed,
    /// The word before the bracket is not `ignore`.
    NoIgnore,
    /// There is no rule of that name.
    NoSuchRule {
        /// The name; `None` where it is none that a report would quote.
        name: Option<String>,
        /// The rule that was probably meant.
        meant: Option<&'static str>,
    },
    /// This rule has no finding there.
    NoFinding {
        /// The rule.
        rule: &'static str,
        /// The line of the nearest one, shortly above or below, that nothing silences, counted
        /// from 1.
        near: Option<usize>,
    },
}
