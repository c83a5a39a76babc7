//! Turns the remedy of a finding into edits.

use crate::advice::output_format::{WrongOutput, WrongOutputKind, wrong_outputs};
use crate::advice::version_copies::{VersionCopy, copies, described, lone_words};
use crate::advice::{self, consumers};
use crate::finding::Finding;
use crate::finding::change::{Change, Edit};
use crate::finding::few::Few;
use crate::finding::fix::{Applicability, Doubt, Fix, Intent, Remedy};
use crate::kubernetes::api_versions::{self, ApiVersion, GROUP};
use crate::kubernetes::plugins::{CommandLine, PluginInUse, Program};
use crate::kubernetes::target::Target;
use crate::model::{Consumer, EntryKind, Evidence, ExecConfig, MisspelledKey, Subject};
use crate::role::Role;
use crate::text::message::{Message, message};
use crate::text::source::{Span, Spanned};

use super::{insert, remove};

/// A subject, as the fixer sees it.
struct FixSubject<'a> {
    text: &'a str,
    exec: &'a ExecConfig,
    /// The known program that the exec config runs, and its command line.
    program: Option<(Program, CommandLine<'a>)>,
    kind: EntryKind,
    consumer: Consumer,
    /// The exec configs that take their version from this one.
    users: &'a [ExecConfig],
    /// Whether these are all that take it.
    has_all_users: bool,
    /// Whether the text was parsed, and not only matched by pattern.
    is_parsed: bool,
    /// Why a fix is unsafe if the text was not parsed.
    unparsed: Doubt,
    target: &'a Target,
}

/// Returns the fix for a finding about the subject, in the text that holds the subject; `None` if
/// no fix is certain enough to write. `unparsed` says why a fix is unsafe if the text was not parsed.
pub(crate) fn propose(
    finding: &Finding,
    subject: &Subject,
    text: &str,
    unparsed: Doubt,
    target: &Target,
) -> Option<Fix> {
    let remedy = finding.remedy?;
    // Leave text alone that no program or reader uses.
    if !matches!(finding.role, Role::Live | Role::Documentation) {
        return None;
    }
    let credential;
    let (exec, kind, consumer, users): (_, _, _, &[ExecConfig]) = match subject {
        Subject::AuthInfo(auth) => {
            (auth.exec.as_deref()?, EntryKind::ExecConfig, Consumer::Kubectl, &[])
        }
        // The callers of a plugin are elsewhere: returning another version breaks those that still
        // ask for this one.
        Subject::ExecEntry(entry) if entry.kind == EntryKind::ExecCredential => return None,
        Subject::ExecEntry(entry) => (&entry.exec, entry.kind, entry.consumer, &entry.users),
        // The same applies to an ExecCredential that a script prints. A file by itself is data,
        // such as one that `cat` hands to kubectl.
        Subject::ExecCredential(_) if finding.evidence != Evidence::Parsed => return None,
        Subject::ExecCredential(_) if finding.role != Role::Live => return None,
        Subject::ExecCredential(found) => {
            credential =
                ExecConfig { api_version: found.api_version.clone(), ..ExecConfig::default() };
            (&credential, EntryKind::ExecCredential, Consumer::Unknown, &[])
        }
        _ => return None,
    };
    let program = advice::program_in_use(exec, target);
    let is_parsed = finding.evidence.is_whole();
    let has_all_users = matches!(subject, Subject::ExecEntry(entry) if entry.has_all_users);
    let place = FixSubject {
        text,
        exec,
        program,
        kind,
        consumer,
        users,
        has_all_users,
        is_parsed,
        unparsed,
        target,
    };
    let taken = target.fix_to.filter(|version| place.takes(version, target));
    let write = |remedy| place.fix(finding, subject, remedy);
    let fix = match remedy {
        Remedy::ApiVersion(advised) => write(Remedy::ApiVersion(taken.unwrap_or(advised))),
        // Another version may need no mode, but a safe fix takes precedence over an unsafe one. If
        // another finding asks for a different version, the version cannot be chosen here.
        Remedy::InteractiveMode => {
            let version = taken.filter(|version| version.defaults_interactive_mode);
            let version = version.filter(|_| finding.covered_by.is_empty());
            stronger(version.and_then(|version| write(Remedy::ApiVersion(version))), write(remedy))
        }
        Remedy::ModeSpelling(_) | Remedy::Copy(_) | Remedy::Json => return write(remedy),
    };
    fix.map(|mut fix| {
        fix.notes
            .extend(target.fix_to.and_then(|wanted| place.about_choice(wanted, fix.intent.new)));
        fix
    })
}

/// Returns the first fix, unless only the second is safe.
fn stronger(first: Option<Fix>, second: Option<Fix>) -> Option<Fix> {
    let strength = |fix: &Option<Fix>| fix.as_ref().map(|fix| fix.applicability);
    if strength(&first) >= strength(&second) { first } else { second }
}

/// What a remedy means for the text, before we know whether anything rules it out.
struct Draft {
    /// What it does, such as ``write `v1beta1` ``.
    message: Message,
    edits: Vec<Edit>,
    /// Why what is written may not have the intended effect.
    doubt: Option<Doubt>,
    /// Whether it adds an `interactiveMode`.
    adds_mode: bool,
}

impl FixSubject<'_> {
    fn plugin(&self) -> Option<PluginInUse> {
        Some(self.target.plugins.of(self.program.as_ref()?.0.plugin()?))
    }

    /// Returns the fix that carries out the remedy of the finding.
    fn fix(&self, finding: &Finding, subject: &Subject, remedy: Remedy) -> Option<Fix> {
        let mut plugin_inputs = Vec::new();
        let Draft { message, edits, doubt, adds_mode } = match remedy {
            Remedy::ApiVersion(version) => {
                let draft = self.write(version)?;
                let doubt = self.doubt(finding, version).or(draft.doubt);
                Draft { doubt, ..draft }
            }
            Remedy::InteractiveMode => {
                let version = self.exec.api_version.as_ref()?;
                let message = match self.consumer {
                    Consumer::SetCredentials => message!("add `{}`", MODE_FLAG),
                    _ => "add `interactiveMode: IfAvailable`".into(),
                };
                // If the plugin may return another version, the version must change first.
                let is_answered = self.plugin().is_none_or(|plugin| {
                    api_versions::lookup(&version.value).is_none_or(|v| plugin.is_certain(v))
                });
                let doubt = match self.consumer {
                    Consumer::KubeconfigPart => Some(Doubt::Part),
                    _ => (!is_answered).then_some(Doubt::PluginRelease),
                };
                Draft { message, edits: vec![self.mode_after(version)?], doubt, adds_mode: true }
            }
            Remedy::ModeSpelling(mode) => {
                let value = self.exec.interactive_mode.as_ref()?;
                // A value with escapes or line breaks may be anything.
                let is_plain = self.text.get(value.span.range()) == Some(value.value.as_str());
                let edit = Edit { span: value.span, text: mode.into() };
                plugin_inputs.push(&**value);
                let edits = is_plain.then(|| vec![edit])?;
                Draft {
                    message: message!("write `{}`", mode),
                    edits,
                    doubt: None,
                    adds_mode: false,
                }
            }
            Remedy::Copy(version) => {
                let mut copies = copies(self.exec, self.plugin()).into_iter();
                let copy = copies.find(|copy| {
                    copy.span == finding.primary.span && copy.version != version.version
                })?;
                let edits = copy_edits(self.text, &copy, version)?;
                let unread = (!copy.is_read).then_some(Doubt::UnreadCopy);
                let doubt = self.doubt(finding, version).or(unread);
                let message = message!("write `{}`", version.version);
                Draft { message, edits, doubt, adds_mode: false }
            }
            Remedy::Json => {
                let mut wrong = wrong_outputs(self.exec).into_iter();
                let wrong = wrong.find(|wrong| wrong.span == finding.primary.span)?;
                let (message, edits) = json_edits(self.text, &wrong)?;
                match wrong.what {
                    WrongOutputKind::Format { argument, .. } => plugin_inputs.extend(argument),
                    WrongOutputKind::Variable { value, .. } => plugin_inputs.push(value),
                    WrongOutputKind::Query { .. } => plugin_inputs.extend(&self.exec.args),
                }
                Draft { message, edits, doubt: None, adds_mode: false }
            }
        };
        let of_text = match finding.role {
            Role::Live => (!finding.evidence.is_whole()).then_some(self.unparsed),
            _ => Some(Doubt::Documentation),
        };
        let doubt = of_text.or(doubt);
        let applicability =
            if doubt.is_none() { Applicability::Safe } else { Applicability::Unsafe };
        let edits = joined(edits)?;
        let covers_all_users = matches!(subject, Subject::ExecEntry(_));
        let mut intent =
            Intent::new(self.exec, self.plugin(), remedy, &plugin_inputs, covers_all_users);
        intent.adds_mode = adds_mode;
        // In a text that is not read to its end, nobody knows who else shares a value.
        if !self.is_parsed && edits.iter().any(|edit| intent.shares(edit.span)) {
            return None;
        }
        let changes = edits.into_iter().map(Change::from).collect();
        let notes = match remedy {
            Remedy::ApiVersion(version) if self.kind != EntryKind::ExecCredential => {
                let own = std::slice::from_ref(self.exec);
                let execs = if self.users.is_empty() { own } else { self.users };
                advice::needs_of(execs, version, self.target).into_iter().collect()
            }
            _ => Few::default(),
        };
        Some(Fix { message, changes, applicability, doubt, notes, intent })
    }

    /// Returns whether plugin and kubectl accept a version that differs from the current one.
    fn takes(&self, version: &'static ApiVersion, target: &Target) -> bool {
        let is_new = self.exec.api_version.as_ref().is_none_or(|now| now.value != version.name);
        self.is_answered(version) && is_new && version.accepted_by_all(target)
    }

    /// Returns what to know about the version that `--fix-to` asks for: whom it shuts out if the fix
    /// writes it, and otherwise why the fix does not.
    fn about_choice(
        &self,
        wanted: &'static ApiVersion,
        written: Option<&'static ApiVersion>,
    ) -> Option<Message> {
        let word = wanted.version;
        if written == Some(wanted) {
            let shuts_out = !wanted.defaults_interactive_mode;
            return shuts_out
                .then(|| message!("`{}` shuts out {}", word, consumers::shut_out_by_v1()));
        }
        if self.exec.api_version.as_ref().is_some_and(|now| now.value == wanted.name) {
            return None;
        }
        if !wanted.accepted_by_all(self.target) {
            return Some(message!("{} `{}`", advice::refusal(wanted, self.target), word));
        }
        let plugin = self.not_answering(wanted)?;
        let returned = match plugin.answers.versions() {
            [only] => message!("only `{}`", only.version),
            _ => message!("`{}`", plugin.target()?.version),
        };
        Some(message!("{} returns {}, not `{}`", plugin.in_words(), returned, word))
    }

    /// Returns whether the plugins can return that version, as far as we know.
    fn is_answered(&self, version: &'static ApiVersion) -> bool {
        self.not_answering(version).is_none()
    }

    /// Returns the first plugin that cannot return that version.
    fn not_answering(&self, version: &'static ApiVersion) -> Option<PluginInUse> {
        let in_use = |user| advice::program_in_use(user, self.target);
        let users = self.users.iter().filter_map(in_use);
        let mut programs = self.program.clone().into_iter().chain(users);
        programs.find_map(|program| advice::not_returning(&program, version, self.target))
    }

    /// Returns why the plugins may not return this version, or why the current value may not be
    /// meant as an exec API version.
    fn doubt(&self, finding: &Finding, version: &'static ApiVersion) -> Option<Doubt> {
        let is_own = self.kind == EntryKind::ExecConfig;
        if !is_own && (!self.has_all_users || self.users.is_empty()) {
            return Some(Doubt::UnknownUse);
        }
        let in_use = |user| advice::plugin_in_use(user, self.target);
        let users = self.users.iter().map(|user| (in_use(user), user));
        let own = is_own.then(|| (self.plugin(), self.exec));
        let plugins = || own.into_iter().chain(users.clone());
        if let Some((_, exec)) = plugins().find(|(plugin, _)| plugin.is_none()) {
            let lacks_arguments = advice::program_without_arguments(exec).is_some();
            return Some(if lacks_arguments { Doubt::NoArguments } else { Doubt::UnknownPlugin });
        }
        let misspelled = self.exec.misspelled().and_then(|misspelled| misspelled.value.as_ref());
        let now = self.exec.api_version.as_ref().or(misspelled);
        if now.is_some_and(|now| !resembles_version(&now.value)) {
            return Some(Doubt::UnclearVersion);
        }
        // Older releases of Terraform's providers reject v1, and their version constraint may be in
        // another file.
        let is_of_terraform = !is_own || matches!(self.consumer, Consumer::Terraform(_));
        if is_of_terraform && !version.defaults_interactive_mode {
            return Some(Doubt::ProviderRelease);
        }
        // The copies of a user are elsewhere.
        if users.clone().any(|(plugin, user)| !copies(user, plugin).is_empty()) {
            return Some(Doubt::UnreadCopy);
        }
        // If the plugin once returned another version, the kubeconfig may be for an old release.
        let is_unsure = |plugin: PluginInUse| {
            let is_for_old = finding.is_of_release && plugin.least(version).is_some();
            is_for_old || !plugin.is_certain(version)
        };
        let is_unsure = plugins().filter_map(|(plugin, _)| plugin).any(is_unsure);
        (is_unsure || !self.is_answered(version)).then_some(Doubt::PluginRelease)
    }

    /// Writes the version and everything that depends on it. It is safe if the plugin is known to
    /// read all of the copies.
    fn write(&self, version: &'static ApiVersion) -> Option<Draft> {
        // Without a parser the value is unknown, but the key exists.
        let has_mode = self.exec.interactive_mode.is_some()
            || (!self.is_parsed && self.exec.interactive_mode_key.is_some());
        let needs_mode = !version.defaults_interactive_mode
            && !has_mode
            && self.kind == EntryKind::ExecConfig
            && !consumers::sets_interactive_mode(self.consumer);
        match self.kind {
            EntryKind::Provider
            | EntryKind::Replacement
            | EntryKind::Package
            | EntryKind::Requirement
            | EntryKind::Type => {
                return None;
            }
            // We do not know where a mode would go.
            EntryKind::Indirect if !version.defaults_interactive_mode => return None,
            // The other branches of the choice may not need a mode.
            EntryKind::ExecConfig if self.exec.has_group_elsewhere && needs_mode => return None,
            EntryKind::ExecConfig
            | EntryKind::ExecCredential
            | EntryKind::Setting
            | EntryKind::Request
            | EntryKind::Indirect => {}
        }
        let mut edits = match &self.exec.api_version {
            // Without a parser, this may be a part of the value.
            Some(value) if !self.is_parsed && !resembles_version(&value.value) => return None,
            Some(value) => {
                let mut edits = vec![version_edit(self.text, value, version)?];
                if needs_mode {
                    edits.push(self.mode_after(value)?);
                }
                edits
            }
            None => match self.exec.misspelled() {
                Some(misspelled) => self.renamed(misspelled, version, needs_mode)?,
                None => self.new_version(version, needs_mode)?,
            },
        };
        // If the arguments were only guessed, other versions next to them are not copies.
        let is_copy = |copy: &&VersionCopy| {
            copy.version != version.version && (self.is_parsed || !copy.has_group)
        };
        let mut doubt = None;
        for copy in copies(self.exec, self.plugin()).iter().filter(is_copy) {
            doubt = doubt.or((!copy.is_read).then_some(Doubt::UnreadCopy));
            edits.extend(copy_edits(self.text, copy, version)?);
        }
        if self.is_in_prose() && described(self.exec).is_none() {
            return None;
        }
        edits.extend(self.description_edits(version));
        let mut message = match self.exec.misspelled() {
            Some(_) => message!("rename the key to `apiVersion` and write `{}`", version.name),
            None if self.exec.has_group_elsewhere => message!("write `{}`", version.version),
            None => message!("write `{}`", version.name),
        };
        if needs_mode {
            message.push(match self.consumer {
                Consumer::SetCredentials => message!(" and add `{}`", MODE_FLAG),
                _ => " and add `interactiveMode: IfAvailable`".into(),
            });
        }
        Some(Draft { message, edits, doubt, adds_mode: needs_mode })
    }

    /// Writes the version in the description of a default. A description that cannot be changed
    /// does not prevent changing the default.
    fn description_edits(&self, version: &ApiVersion) -> Vec<Edit> {
        let copy = described(self.exec).filter(|copy| copy.version != version.version);
        let edits = copy.and_then(|copy| {
            let mut edits = copy_edits(self.text, &copy, version)?;
            edits.extend(word_edits(self.text, &copy, version));
            Some(edits)
        });
        edits.unwrap_or_default()
    }

    /// Returns whether the version is itself part of the prose that names it.
    fn is_in_prose(&self) -> bool {
        let places = (&self.exec.api_version, &self.exec.description);
        matches!(places, (Some(value), Some(prose)) if prose.span.contains(value.span))
    }

    /// Writes the mode as the value of its key if the key exists, or else after the version.
    fn mode_after(&self, version: &Spanned<String>) -> Option<Edit> {
        if self.consumer == Consumer::SetCredentials {
            let key = self.exec.interactive_mode_key;
            let edit = || insert::flag_after(self.text, self.exec.key, version.span, MODE_FLAG);
            let is_known = self.target.first >= consumers::SET_CREDENTIALS_MODE;
            return (key.is_none() && is_known).then(edit).flatten();
        }
        if let Some(key) = self.exec.interactive_mode_key {
            let (name, value) = MODE;
            let is_spelt_so = self.text.get(key.range()) == Some(name);
            return insert::fill(self.text, key, value).filter(|_| is_spelt_so);
        }
        // Without an API version key of its own, use the key before the value: it is all that was
        // seen.
        let key = self.exec.api_version_key.unwrap_or(self.exec.key);
        let name = match self.text.get(key.range())? {
            "APIVersion" | "ApiVersion" => "InteractiveMode",
            "api_version" => "interactive_mode",
            "apiVersion" => "interactiveMode",
            // We do not know how that language spells the key.
            _ if !self.is_parsed => return None,
            _ => "interactiveMode",
        };
        insert::after(self.text, key, version.span, (name, MODE.1))
    }

    /// Renames a misspelled key and writes the version as its value.
    fn renamed(
        &self,
        misspelled: &MisspelledKey,
        version: &'static ApiVersion,
        needs_mode: bool,
    ) -> Option<Vec<Edit>> {
        let value = misspelled.value.as_ref()?;
        let mut edits = vec![Edit { span: misspelled.key, text: "apiVersion".into() }];
        if value.value != version.name {
            edits.push(version_edit(self.text, value, version)?);
        }
        if needs_mode {
            let mode = insert::after(self.text, misspelled.key, value.span, MODE);
            edits.push(mode.filter(|_| self.exec.interactive_mode_key.is_none())?);
        }
        Some(edits)
    }

    /// Adds a missing version; only for a known plugin.
    fn new_version(&self, version: &ApiVersion, needs_mode: bool) -> Option<Vec<Edit>> {
        self.plugin()?;
        let command = self.exec.command.as_ref()?;
        let command_key = key_before(self.text, command.span, "command")?;
        let before_command =
            |pairs: &[_]| insert::before(self.text, command_key, command.span, pairs);
        let Some(key) = self.exec.api_version_key else {
            if needs_mode && self.exec.interactive_mode_key.is_some() {
                return None;
            }
            let mode = needs_mode.then_some(MODE);
            let pairs: Vec<_> = [("apiVersion", version.name)].into_iter().chain(mode).collect();
            return Some(vec![before_command(&pairs)?]);
        };
        let mut edits = vec![insert::fill(self.text, key, version.name)?];
        if needs_mode {
            let is_there = self.exec.interactive_mode_key.is_some();
            edits.push(before_command(&[MODE]).filter(|_| !is_there)?);
        }
        Some(edits)
    }
}

/// Returns whether a value is an exec API version or a recognizable misspelling of one.
fn resembles_version(value: &str) -> bool {
    api_versions::lookup(value).is_some() || advice::suggested_version(value).is_some()
}

const MODE_FLAG: &str = "--exec-interactive-mode=IfAvailable";

const MODE: insert::NewPair<'_> = ("interactiveMode", "IfAvailable");

/// Replaces the value with the version. If the value has the right group, replaces only the part
/// after the group.
fn version_edit(text: &str, value: &Spanned<String>, version: &ApiVersion) -> Option<Edit> {
    let raw = text.get(value.span.range())?;
    // `a: b` is not a value, and some readers take these characters for line breaks: the intent is
    // unknown.
    let is_break = |c| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
    let rest = text.get(value.span.end()..)?.trim_start_matches([' ', '\t']);
    if raw.contains(is_break) || rest.starts_with(is_break) || rest.starts_with(':') {
        return None;
    }
    let trimmed = raw.trim_ascii_end();
    let word = value.value.strip_prefix(GROUP).and_then(|rest| rest.strip_prefix('/'));
    let tail = trimmed.rsplit('/').next().unwrap_or("");
    if let Some(word) = word.map(str::trim_ascii_end).filter(|word| *word == tail) {
        let span = Span::new(value.span.start() + trimmed.len() - word.len(), value.span.end());
        // Replace blanks after the version only if they are part of the value, and so part of the
        // mistake.
        let is_wrong = value.value.trim_ascii_end() != value.value;
        let end = if is_wrong { value.span.end() } else { span.start() + word.len() };
        return Some(Edit { span: Span::new(span.start(), end), text: version.version.into() });
    }
    // A value that was redacted or that comes from elsewhere may be anything.
    let is_own = value.alias.is_none() && value.value == raw && !value.value.contains('\n');
    is_own.then(|| Edit { span: value.span, text: version.name.into() })
}

/// Writes the version in a copy of the version.
fn copy_edits(text: &str, copy: &VersionCopy, version: &ApiVersion) -> Option<Vec<Edit>> {
    let raw = text.get(copy.span.range())?;
    let edit = |at: usize| {
        let start = copy.span.start() + at;
        let span = Span::new(start, start + copy.version.len());
        Edit { span, text: version.version.into() }
    };
    if !copy.has_group {
        let at = raw.trim_ascii_end().strip_suffix(copy.version.as_str())?.len();
        return Some(vec![edit(at)]);
    }
    let is_end =
        |at: usize| !raw.get(at..).unwrap_or("").starts_with(|c: char| c.is_ascii_alphanumeric());
    let places = raw.match_indices(GROUP).filter_map(|(at, group)| {
        let rest = raw.get(at + group.len()..)?;
        let slash = rest.len() - rest.trim_start_matches('\\').strip_prefix('/')?.len();
        let start = at + group.len() + slash;
        let is_it = raw.get(start..)?.starts_with(copy.version.as_str());
        (is_it && is_end(start + copy.version.len())).then_some(start)
    });
    let edits: Vec<Edit> = places.map(edit).collect();
    (!edits.is_empty()).then_some(edits)
}

/// Writes the version where a text names it without any group.
fn word_edits(text: &str, copy: &VersionCopy, version: &ApiVersion) -> Vec<Edit> {
    let raw = text.get(copy.span.range()).unwrap_or("");
    let edit = |at: usize| {
        let start = copy.span.start() + at;
        let span = Span::new(start, start + copy.version.len());
        Edit { span, text: version.version.into() }
    };
    lone_words(raw, &copy.version).map(edit).collect()
}

/// Makes a plugin print JSON.
fn json_edits(text: &str, wrong: &WrongOutput<'_>) -> Option<(Message, Vec<Edit>)> {
    let json = |value: &Spanned<String>, old: &str| {
        let is_there = text.get(value.span.range())?.ends_with(old);
        let span = Span::new(value.span.end().checked_sub(old.len())?, value.span.end());
        is_there.then(|| vec![Edit { span, text: "json".into() }])
    };
    match &wrong.what {
        WrongOutputKind::Format { flag, format, argument } => {
            Some((message!("write `{} json`", *flag), json((*argument)?, format)?))
        }
        WrongOutputKind::Variable { name, value } => {
            let message = message!("set `{}` to `json`", *name);
            Some((message, json(value, &value.value)?))
        }
        WrongOutputKind::Query { flag, arguments } => {
            if arguments.is_empty() {
                return None;
            }
            let edits = remove::items(text, arguments.iter().map(|argument| argument.span))?;
            Some((message!("remove `{}`", *flag), edits))
        }
    }
}

/// Returns the key before a value on its line.
fn key_before(text: &str, value: Span, key: &str) -> Option<Span> {
    let before = text.get(..value.start())?;
    let before = before.trim_end_matches(['"', '\'']).trim_end_matches([' ', '\t']);
    let before = before.strip_suffix(':')?.trim_end_matches([' ', '\t']);
    let before = before.trim_end_matches(['"', '\'']);
    let start = before.strip_suffix(key)?.len();
    Some(Span::new(start, start + key.len()))
}

/// Returns the edits sorted and without duplicates; `None` if two of them conflict.
fn joined(mut edits: Vec<Edit>) -> Option<Vec<Edit>> {
    edits.sort();
    edits.dedup();
    let is_apart = |pair: &[Edit]| match pair {
        [first, second] => first.span.end() <= second.span.start() && first.span != second.span,
        _ => true,
    };
    edits.windows(2).all(is_apart).then_some(edits)
}
