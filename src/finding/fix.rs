//! Fixes as data: a [`Fix`] is a set of edits that are made together or not at all, and a
//! [`Remedy`] is what a rule wants written.

use crate::advice::version_copies::{copies, described};
use crate::kubernetes::api_versions::ApiVersion;
use crate::kubernetes::plugins::PluginInUse;
use crate::model::ExecConfig;
use crate::text::message::Message;
use crate::text::source::{Span, Spanned};

use super::change::{Change, Edit};
use super::few::Few;

/// Whether a fix may be made without review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// The fix follows the message's advice, but something is unknown: which plugin runs, or what
    /// reads the value. `--unsafe-fixes` makes it.
    Unsafe,
    /// The structure was parsed, and the plugin is known to return the version written. `--fix`
    /// makes it.
    Safe,
}

impl Applicability {
    /// The word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }

    /// The mark of a finding with such a fix.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Unsafe => "[-]",
            Self::Safe => "[*]",
        }
    }
}

/// Why a fix is unsafe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Somebody reads the text, not a program.
    Documentation,
    /// What the program does with the value is unknown.
    SourceCode,
    /// The text was read by pattern before it is rendered.
    Template,
    /// The text was read by pattern: the rest of it is a script.
    Script,
    /// kubectl cannot decode the file.
    BrokenFile,
    /// The text was read by pattern, for any other reason.
    Unparsed,
    /// The plugin is unknown, and so is the version that it returns.
    UnknownPlugin,
    /// The program runs what its arguments say, and there are none.
    NoArguments,
    /// The version that the plugin returns depends on its release or its settings.
    PluginRelease,
    /// The value is not in an exec config, so what runs with it is unknown.
    UnknownUse,
    /// The program that assembles the kubeconfig may add what is missing.
    Part,
    /// The current value may not be meant as an exec API version.
    UnclearVersion,
    /// Older releases of the Terraform provider reject the version.
    ProviderRelease,
    /// An argument or a variable repeats the version, and the plugin may not read it.
    UnreadCopy,
    /// Another user of the same value has a fix that is unsafe.
    Shared,
    /// A safe fix of the same file is in its way.
    Conflict,
}

impl Doubt {
    /// The words in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::SourceCode => "source code",
            Self::Template => "template",
            Self::Script => "script",
            Self::BrokenFile => "broken file",
            Self::Unparsed => "not parsed",
            Self::UnknownPlugin => "unknown plugin",
            Self::NoArguments => "no arguments",
            Self::PluginRelease => "depends on the plugin's release",
            Self::UnknownUse => "unknown use",
            Self::Part => "part of a kubeconfig",
            Self::UnclearVersion => "unclear version",
            Self::ProviderRelease => "depends on the provider's release",
            Self::UnreadCopy => "unread copy",
            Self::Shared => "shared value",
            Self::Conflict => "conflicts with another fix",
        }
    }
}

/// Changes that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the fix does, such as ``write `v1beta1` ``, without a full stop.
    pub message: Message,
    /// The changes, sorted and disjoint.
    pub changes: Vec<Change>,
    /// Whether the fix may be made without review.
    pub applicability: Applicability,
    /// Why the fix is unsafe; `None` if it is safe.
    pub doubt: Option<Doubt>,
    /// What to know about the file after the fix, in sentences without a full stop: the condition
    /// on the plugin, unless every release meets it, and what `--fix-to` asks for that was not done.
    pub notes: Few<Message>,
    /// The intended effect on the decoded file.
    pub intent: Intent,
}

impl Fix {
    /// Returns the edits of the file that this fix alone makes; `None` if it changes base64, whose
    /// text no report may show.
    pub fn edits(&self) -> Option<Vec<&Edit>> {
        self.changes.iter().map(Change::as_edit).collect()
    }
}

/// What a rule wants written, independent of how the file is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// This API version, replacing the current one, if any.
    ApiVersion(&'static ApiVersion),
    /// An `interactiveMode` where it is missing.
    InteractiveMode,
    /// This spelling of the `interactiveMode` that is there.
    ModeSpelling(&'static str),
    /// This API version, in the copy at the finding's place.
    Copy(&'static ApiVersion),
    /// JSON as the plugin's output format, where the finding's place asks for another.
    Json,
}

/// A use of a value: where it is written, and the outermost alias that leads to it.
pub(crate) type ValueUse = (Span, Option<Span>);

/// The intended effect of a fix on the text that its finding is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intent {
    /// The number of that text among the texts of its file.
    pub(crate) text: usize,
    /// The `apiVersion` to rewrite.
    pub(crate) version: Option<ValueUse>,
    /// The `command` next to it.
    pub(crate) command: Option<ValueUse>,
    /// Values that may hold a copy of the version.
    pub(crate) copies: Few<ValueUse>,
    /// The argument or variable that changes; all arguments if one is removed, since that moves the
    /// others.
    pub(crate) plugin_inputs: Few<ValueUse>,
    /// Whether `apiVersion`, or just the group or version word in it, may change.
    pub(crate) changes_version: bool,
    /// The version to write.
    pub(crate) new: Option<&'static ApiVersion>,
    /// Whether an `interactiveMode` is added.
    pub(crate) adds_mode: bool,
    /// Whether the fix is meant for all users that share the exec config: the finding is at its
    /// definition.
    pub(crate) covers_all_users: bool,
}

impl Intent {
    /// Describes what a remedy for an exec config that runs `plugin` changes.
    ///
    /// `plugin_inputs` lists the arguments and variables that change or move.
    pub(crate) fn new(
        exec: &ExecConfig,
        plugin: Option<PluginInUse>,
        remedy: Remedy,
        plugin_inputs: &[&Spanned<String>],
        covers_all_users: bool,
    ) -> Self {
        let place = |value: &Spanned<String>| (value.span, value.alias);
        let (new, changes_version) = match remedy {
            Remedy::ApiVersion(version) => (Some(version), true),
            Remedy::Copy(version) => (Some(version), false),
            Remedy::InteractiveMode | Remedy::ModeSpelling(_) | Remedy::Json => (None, false),
        };
        let copies = copies(exec, plugin).into_iter().chain(described(exec));
        let copies = copies.map(|copy| (copy.span, copy.alias));
        Self {
            text: 0,
            version: exec.api_version.as_ref().map(place),
            command: exec.command.as_ref().map(place),
            copies: copies.filter(|_| new.is_some()).collect(),
            plugin_inputs: plugin_inputs.iter().copied().map(place).collect(),
            changes_version,
            new,
            adds_mode: false,
            covers_all_users,
        }
    }

    /// Returns whether an edit at that place changes a value behind an anchor, or adds a pair to a
    /// mapping behind one.
    pub(crate) fn shares(&self, place: Span) -> bool {
        // The edit that removes a value takes its separator along.
        let is_shared = |(span, alias): &ValueUse| alias.is_some() && span.overlaps(place);
        let mut own = self.version.iter().chain(&self.copies).chain(&self.plugin_inputs);
        let mut mapping = self.version.iter().chain(&self.command);
        own.any(is_shared) || (place.is_empty() && mapping.any(|(_, alias)| alias.is_some()))
    }

    /// Returns the uses of values that the fix is about.
    pub(crate) fn uses(&self) -> impl Iterator<Item = ValueUse> + '_ {
        let own = self.version.iter().chain(&self.command).chain(&self.copies);
        own.chain(&self.plugin_inputs).copied()
    }

    /// Returns whether the fix is about something at that place.
    pub(crate) fn touches(&self, place: Span) -> bool {
        self.uses().any(|(span, _)| place.contains(span))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_doubt_is_explained() {
        let docs = include_str!("../../docs/fixes.md");
        let code = include_str!("fix.rs").split_once("impl Doubt").unwrap().1;
        // The match is exhaustive.
        let arms = code.lines().take_while(|line| !line.starts_with('}'));
        let words = arms.filter_map(|arm| arm.split_once("=> \"")?.1.strip_suffix("\","));
        let words: Vec<&str> = words.collect();
        assert!(words.len() > 10, "{words:?}");
        for word in words {
            assert!(docs.contains(&format!("\n| `{word}` | ")), "docs/fixes.md lacks `{word}`");
        }
    }
}
