//! The result of a rule: a [`Finding`], with its labels and its severity.
//!
//! [`rule`] describes what a rule is; rules return findings with a remedy from [`fix`], and the
//! module `edit` adds the edits. Reports and fixes read both from the finding.

pub(crate) mod change;
pub(crate) mod decoded;
pub(crate) mod few;
pub(crate) mod fix;
pub(crate) mod rule;

use std::cmp::Reverse;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::advice::Advice;
use crate::finding::decoded::DecodedPlace;
use crate::finding::few::Few;
use crate::finding::fix::{Applicability, Fix, Remedy};
use crate::finding::rule::{Needs, Rule};
use crate::kubernetes::api_versions::ApiVersion;
use crate::kubernetes::plugins::Plugin;
use crate::model::enclosing::Enclosing;
use crate::model::kubectl_message::{KubectlMessage, KubectlMessages};
use crate::model::{Evidence, Subject};
use crate::role::Role;
use crate::text::message::{Message, message};
use crate::text::source::{Span, clip};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; never fails a build by default.
    #[default]
    Note,
    /// Works today, or is only documentation, but should change.
    Warning,
    /// kubectl of the target version rejects it.
    Error,
}

impl Severity {
    /// All severities, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

    /// The word in reports and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place in the file, with a short text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A short text; may be empty.
    pub text: Message,
}

impl Label {
    /// Returns a label at `span`.
    pub fn new(span: Span, text: impl Into<Message>) -> Self {
        Self { span, text: text.into() }
    }
}

/// One finding of one rule at one place.
///
/// The texts may quote the file: every report escapes control characters, and no text may contain a
/// secret value.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Its severity here.
    pub severity: Severity,
    /// When kubectl meets it, in a few words, such as a flag; `None` if it always does.
    pub condition: Option<Message>,
    /// What qualifies the message, a few words each.
    pub remarks: Few<Message>,
    /// The place to look at and to change.
    pub primary: Label,
    /// Other places that explain the finding.
    pub related: Few<Label>,
    /// The edits that write the remedy, if possible.
    pub fix: Option<Box<Fix>>,
    /// The alias through which the user got the value, if any.
    pub alias: Option<Span>,
    /// Where it is in the decoded text, if its place is base64.
    pub decoded: Option<Arc<DecodedPlace>>,
    /// The named part of the file that encloses it.
    pub enclosing: Option<Arc<Enclosing>>,
    /// The kubeconfig user's name.
    pub user: Option<Arc<str>>,
    /// The number of its subject within the text.
    pub(crate) subject: usize,
    /// The rest, which it shares with findings that say the same: a file may have thousands.
    pub(crate) shared: Arc<Shared>,
}

/// What a finding has in common with others that say the same of other users or places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The rule that reports it.
    pub rule: &'static Rule,
    /// What is wrong, in one sentence without a full stop.
    pub message: Message,
    /// kubectl's exact message; `None` if kubectl says nothing.
    pub kubectl_message: Option<Arc<KubectlMessage>>,
    /// What kubectl says once something else is fixed or done: whole sentences without a full stop.
    pub kubectl_says_later: Few<Message>,
    /// What to write or do instead: whole sentences without a full stop.
    pub help: Vec<Message>,
    /// What to write, if known.
    pub remedy: Option<Remedy>,
    /// The carrier that found it, such as `kubeconfig` or `terraform`.
    pub carrier: &'static str,
    /// The exec API version, as read.
    pub api_version: Option<Arc<str>>,
    /// The plugin's command, as read.
    pub command: Option<Arc<str>>,
    /// How the subject was read.
    pub evidence: Evidence,
    /// What the text is for; findings outside of live configuration are weaker.
    pub role: Role,
    /// How much of a file must be seen for it to hold.
    pub(crate) needs: Needs,
    /// Rules whose finding about the same subject replaces this one: one mistake, one finding.
    pub(crate) covered_by: Few<&'static Rule>,
    /// Whether the current value is right for an older release of the plugin.
    pub(crate) is_of_release: bool,
    /// What it concerns besides a user.
    pub(crate) scope: Scope,
}

/// Hashes all texts: two that differ have different ones, and a file may have thousands of them.
impl Hash for Shared {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { rule, message, kubectl_message, kubectl_says_later, help, .. } = self;
        let values = (&self.api_version, &self.command);
        (rule.name, message, kubectl_message, &**kubectl_says_later, help, values).hash(state);
    }
}

impl Deref for Finding {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl DerefMut for Finding {
    fn deref_mut(&mut self) -> &mut Shared {
        Arc::make_mut(&mut self.shared)
    }
}

/// What a finding concerns, if that is not a user.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The file.
    #[default]
    File,
    /// What `current-context` names.
    Current,
    /// A cluster.
    Cluster,
}

/// An exec API version without a finding.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The place of the version.
    pub span: Span,
    /// The object or block around it, if it has a name.
    pub enclosing: Option<Arc<Enclosing>>,
    /// The kubeconfig user's name.
    pub user: Option<Arc<str>>,
    /// The rest, which it shares with equal versions: a file may have thousands.
    pub(crate) shared: Arc<SharedAccepted>,
}

/// What an accepted version has in common with others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedAccepted {
    /// The value.
    pub api_version: Arc<str>,
    /// The carrier that found it.
    pub carrier: &'static str,
    /// The plugin's command.
    pub command: Option<Arc<str>>,
    /// How the subject was read.
    pub evidence: Evidence,
    /// What the text is for.
    pub role: Role,
    /// The plugin, if it is known, and the version that it must return.
    pub plugin: Option<(&'static Plugin, &'static ApiVersion)>,
}

/// Hashes the texts.
impl Hash for SharedAccepted {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.api_version, self.carrier, &self.command).hash(state);
    }
}

impl Deref for Accepted {
    type Target = SharedAccepted;

    fn deref(&self) -> &SharedAccepted {
        &self.shared
    }
}

impl Finding {
    /// Returns a finding of `rule` at `span` with the rule's severity and otherwise empty fields.
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<Message>) -> Self {
        let shared = Shared {
            rule,
            message: message.into(),
            kubectl_message: None,
            kubectl_says_later: Few::default(),
            help: Vec::new(),
            remedy: None,
            carrier: "",
            api_version: None,
            command: None,
            evidence: Evidence::Parsed,
            role: Role::Live,
            needs: rule.needs,
            covered_by: Few::default(),
            is_of_release: false,
            scope: Scope::File,
        };
        Self {
            severity: rule.severity,
            condition: None,
            remarks: Few::default(),
            primary: Label::new(span, ""),
            related: Few::default(),
            fix: None,
            alias: None,
            decoded: None,
            enclosing: None,
            user: None,
            subject: 0,
            shared: Arc::new(shared),
        }
    }

    /// Returns whether it has a fix of at least that applicability.
    pub fn is_fixable(&self, least: Applicability) -> bool {
        self.fix.as_ref().is_some_and(|fix| fix.applicability >= least)
    }

    /// Returns whether it only reports a mention of the API group; such findings are hidden by
    /// default.
    pub fn is_mention(&self) -> bool {
        self.evidence == Evidence::Mention
    }

    /// Sets the text of the primary label.
    #[must_use]
    pub fn label(mut self, text: impl Into<Message>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<Message>) -> Self {
        self.related.push(Label::new(span, text));
        self
    }

    /// Sets kubectl's message.
    #[must_use]
    pub fn kubectl_message(mut self, message: Option<KubectlMessage>) -> Self {
        self.kubectl_message = message.map(KubectlMessage::clipped).map(Arc::new);
        self
    }

    /// Sets kubectl's message about a user, and adds what it will report afterwards.
    #[must_use]
    pub fn kubectl_messages(mut self, messages: Option<KubectlMessages>) -> Self {
        if let Some(messages) = messages {
            self.condition = messages.condition;
            self.kubectl_says_later.extend(messages.once_fixed.map(|later| {
                let (who, words) = (later.by.program(), later.message);
                match messages.fixed_first {
                    Some(fixed) => message!("once {}, {} says: {}", fixed, who, words),
                    None => message!("after that error is fixed, {} says: {}", who, words),
                }
            }));
            self.kubectl_says_later.extend(
                messages
                    .newest
                    .map(KubectlMessage::clipped)
                    .map(|newest| message!("{} reports instead: {}", newest.by, newest.message)),
            );
            return self.kubectl_message(messages.now);
        }
        self
    }

    /// Sets what the finding is about.
    #[must_use]
    pub(crate) fn of(mut self, subject: &Subject) -> Self {
        self.user = subject.user();
        self.scope = match subject {
            Subject::Current(_) => Scope::Current,
            Subject::Cluster(_) => Scope::Cluster,
            _ => Scope::File,
        };
        // A rule may say of its own finding that it is less certain.
        self.evidence = self.evidence.max(subject.evidence());
        self.role = subject.role();
        if let Some(version) = subject.api_version() {
            self.api_version = Some(clip(&version.value).into());
        }
        self.command = subject.command();
        self
    }

    /// Sets the alias through which the user got the value.
    #[must_use]
    pub fn with_alias(mut self, alias: Option<Span>) -> Self {
        self.alias = alias;
        self
    }

    /// Leaves the mistake to those of the `rules` that report the same subject.
    #[must_use]
    pub(crate) fn covered_by(mut self, rules: impl IntoIterator<Item = &'static Rule>) -> Self {
        self.covered_by.extend(rules);
        self
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<Message>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds advice about the API version.
    #[must_use]
    pub fn advised(self, advice: Advice) -> Self {
        let remedy = advice.version.map(Remedy::ApiVersion);
        advice.help.into_iter().fold(self, Self::help).remedy(remedy)
    }

    /// Sets what to write.
    #[must_use]
    pub fn remedy(mut self, remedy: Option<Remedy>) -> Self {
        self.remedy = remedy;
        self
    }

    /// Returns a key that sorts the worst findings first.
    pub(crate) fn rank(&self) -> (Reverse<Severity>, bool) {
        (Reverse(self.severity), self.role != Role::Live)
    }

    /// Returns the names of what encloses it and of the user, and the condition; empty if it has no
    /// name.
    pub(crate) fn about(&self) -> Message {
        let mut about = self.enclosing.as_deref().map(Enclosing::title).unwrap_or_default();
        if let Some(user) = self.user.as_ref().filter(|name| !name.is_empty()) {
            about.push(if about.is_empty() { "" } else { ", " });
            about.push(message!("user `{}`", Arc::clone(user)));
        }
        if let Some(condition) = self.condition.clone().filter(|_| !about.is_empty()) {
            about.push(message!(" ({})", condition));
        }
        about
    }

    /// Returns the headline: what is wrong, after what it is about, and the remarks.
    pub fn title(&self) -> Message {
        let mut title = self.about();
        let condition = self.condition.as_ref().filter(|_| title.is_empty());
        title.push(if title.is_empty() { "" } else { ": " });
        title.push(self.message.clone());
        for remark in condition.into_iter().chain(&self.remarks) {
            title.push(message!(" ({})", remark.clone()));
        }
        title
    }

    /// Returns everything in one message: the title, the words of kubectl and the help. For
    /// formats with a single message field.
    pub fn full_message(&self) -> Message {
        let mut full = message!("{}.", self.title());
        if let Some(KubectlMessage { by, message }) = self.kubectl_message.as_deref() {
            full.push(message!(" {} says: `{}`.", *by, message.clone()));
        }
        for sentence in self.kubectl_says_later.iter().chain(&self.help) {
            full.push(message!(" {}", sentence.clone().sentence()));
        }
        full
    }
}
