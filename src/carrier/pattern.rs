//! Text that no parser accepts: templates, scripts, source code, flags and commented-out text. The
//! only evidence is the key before a value and the text around both.

use std::cell::LazyCell;
use std::collections::{HashSet, VecDeque};
use std::iter;

use crate::api_group::Occurrence;
use crate::kubernetes::api_versions;
use crate::language::Language;
use crate::model::{
    AuthInfo, Consumer, EntryKind, Evidence, ExecConfig, ExecEntry, Subject, TerraformReader,
};
use crate::role::Role;
use crate::text::source::{Span, Spanned, WINDOW, window_after, window_before};

use super::comment::line_before;
use super::heuristics::{AUTH_PROVIDER_FLAG, auth_provider_flags};
use super::input::Input;
use super::key::{Joint, Key, key_before};
use super::vocabulary;
use super::{Carrier, Reading, Unread, exec_config, fallback, settings};

use self::lines::Lines;
use self::neighbors::Neighbors;
use self::setting::{continues_as_sentence, is_key_position, is_setting, is_whole, key_of_line};

mod declaration;
mod flags;
mod flow;
mod lines;
mod neighbors;
mod pairs;
mod phrase;
mod removal;
mod requirement;
mod setting;
mod substitution;
mod tokens;

pub(super) static CARRIER: Carrier = Carrier::new("pattern", read);

fn read<'a>(input: &'a Input<'_>) -> Reading<'a> {
    let text = input.source.text();
    let language = input.context.language;
    let accepts = LazyCell::new(|| text.contains(api_versions::V1BETA1.version));
    let entry = move |occurrence: &Occurrence| {
        if let (None, Language::Data | Language::Code | Language::Hcl) =
            (&occurrence.api_version, language)
        {
            return with_choice(input, occurrence).or_else(|| mistyped(input, occurrence));
        }
        let api_version = occurrence.api_version.as_ref().filter(|_| !occurrence.base64)?;
        if language == Language::Record || is_set_elsewhere(text, occurrence.span.end()) {
            return None;
        }
        let blanks = blanks_in_quotes(text, occurrence.span);
        let span = Span::new(occurrence.span.start(), occurrence.span.end() + blanks.len());
        let version = Spanned { value: format!("{api_version}{blanks}"), span, alias: None };
        match language {
            Language::Documentation(_) => in_prose(input, version),
            _ if occurrence.is_package => package_entry(input, version),
            _ => entry(input, version.clone()).or_else(|| required_entry(input, version, &accepts)),
        }
    };
    let entries = noted(input, entry).map(Subject::ExecEntry);
    let subjects = entries.chain(users_with_provider(input).map(Subject::AuthInfo));
    let unread = Unread { has_plugin: true, subjects: Box::new(subjects) };
    Reading { unread: Some(unread), ..Reading::default() }
}

/// Yields the entries of the occurrences, each with a note of the text around its version. The
/// entries in that text are read first.
fn noted<'a>(
    input: &'a Input<'_>,
    entry: impl Fn(&Occurrence) -> Option<ExecEntry> + 'a,
) -> impl Iterator<Item = Box<ExecEntry>> + 'a {
    let mut occurrences = input.unexplained();
    let mut waiting: VecDeque<(Span, Box<ExecEntry>)> = VecDeque::new();
    let mut places = HashSet::new();
    let mut read = 0;
    iter::from_fn(move || {
        // The version of an entry may begin a little after the occurrence.
        let is_near = |place: &Span, at: usize| at <= place.end() + 2 * WINDOW;
        while waiting.front().is_none_or(|(place, _)| is_near(place, read))
            && let Some(occurrence) = occurrences.next()
        {
            read = occurrence.span.start();
            if let Some(entry) = entry(occurrence) {
                places.insert(occurrence.span);
                waiting.push_back((occurrence.span, Box::new(entry)));
            }
        }
        let (_, mut entry) = waiting.pop_front()?;
        phrase::note(input, &mut entry, |place| places.contains(&place));
        Some(entry)
    })
}

/// Yields the users with an auth provider that `kubectl config set-credentials` writes.
fn users_with_provider(input: &Input<'_>) -> impl Iterator<Item = Box<AuthInfo>> {
    let text = input.source.text();
    let language = input.context.language;
    let is_read = matches!(language, Language::Data | Language::Code | Language::Hcl);
    let flags = auth_provider_flags(text).filter(move |_| is_read);
    flags.filter(|at| !input.is_in_comment(*at)).filter_map(move |at| {
        let place = Span::new(at, at + AUTH_PROVIDER_FLAG.len());
        // An embedded text is read as a text of its own.
        if input.done.contain(place) {
            return None;
        }
        let lines = inner_lines(Lines::around(text, at).near(at), place, true);
        // Between strings of source code, a word is the name of a variable.
        let is_in_string = text.get(place.end()..).is_some_and(|rest| rest.starts_with(['=', ' ']));
        let has_words = language != Language::Code || is_in_string;
        flags::user_with_provider(&lines, at, has_words).map(Box::new)
    })
}

/// Returns an entry whose version is the group followed by what a template chooses.
fn with_choice(input: &Input<'_>, occurrence: &Occurrence) -> Option<ExecEntry> {
    let text = input.source.text();
    let (start, end) = (occurrence.span.start(), occurrence.span.end());
    let choice = fallback::after_group(text, end).filter(|_| !occurrence.base64)?;
    let word = choice.word(text)?;
    let value = fallback::version_of(text.get(word.range())?)?;
    let whole = Spanned { value, span: Span::new(start, choice.end), alias: None };
    let mut entry = entry(input, whole)?;
    entry.exec.has_group_elsewhere = true;
    if let Some(version) = &mut entry.exec.api_version {
        version.span = word;
    }
    Some(entry)
}

/// Returns an entry of source code whose version is the group and then something else than a
/// version.
fn mistyped(input: &Input<'_>, occurrence: &Occurrence) -> Option<ExecEntry> {
    let text = input.source.text();
    let (start, end) = (occurrence.span.start(), occurrence.span.end());
    let is_plain = !occurrence.base64 && !occurrence.is_package;
    if !is_plain || input.context.language != Language::Code {
        return None;
    }
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    let rest = window_after(text, end);
    let length = rest.find(|c| !is_of_word(c))?;
    let quote = text.get(..start)?.chars().next_back().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    // What follows the literal may complete it.
    let after = rest.get(length..)?.strip_prefix(quote)?.trim_start();
    let is_complete = after.starts_with([',', '}', ')', ']', ';']);
    let key = key_before(text, start).filter(|_| is_complete)?;
    let span = Span::new(start, end + length);
    let value = text.get(span.range())?.to_owned();
    let version = Spanned { value, span, alias: None };
    entry(input, version).filter(|_| vocabulary::is_api_version(key.name))
}

/// Returns the blanks between a value and its closing quote, if the value begins with the same
/// quote: they are part of the value.
fn blanks_in_quotes(text: &str, value: Span) -> &str {
    let (before, after) = (window_before(text, value.start()), window_after(text, value.end()));
    let rest = after.trim_start_matches([' ', '\t']);
    let blanks = after.get(..after.len() - rest.len()).unwrap_or("");
    let end = rest.trim_start_matches('\\');
    let is_quoted = ['"', '\''].into_iter().any(|q| before.ends_with(q) && end.starts_with(q));
    if is_quoted { blanks } else { "" }
}

/// Returns whether the version is only the start of the value, and the rest is filled in elsewhere.
/// The end of a condition does not count.
fn is_set_elsewhere(text: &str, end: usize) -> bool {
    let rest = text.get(end..).unwrap_or("");
    let action = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("{%"));
    let is_condition = |action: &str| {
        let action = action.trim_start_matches(['-', ' ', '~', '\t']);
        let word = action.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        action.starts_with('/')
            || ["end", "else", "elif", "elseif", "elsif", "endif", "endfor"].contains(&word)
    };
    rest.starts_with("${") || rest.starts_with("$(") || action.is_some_and(|a| !is_condition(a))
}

/// Returns the entry for a version; `None` if the text only mentions it.
fn entry(input: &Input<'_>, version: Spanned<String>) -> Option<ExecEntry> {
    let (text, language) = (input.source.text(), input.context.language);
    let at = version.span.start();
    let is_substituted = is_substituted(text, &version);
    if is_mention(input, version.span, is_substituted) {
        return None;
    }
    let role = input.comments().role(text, at);
    if is_substituted {
        return Some(entry_without_plugin(version, EntryKind::Replacement, role));
    }
    let key = key_before(text, at);
    if language == Language::Code && declaration::is_literal_type(text, key.as_ref(), version.span)
    {
        let is_wrong = is_refused(&version.value);
        return is_wrong.then(|| entry_without_plugin(version, EntryKind::Type, role));
    }
    let key = key
        .filter(|key| {
            is_setting(text, key, version.span, language) || is_of_settings(input, key, &version)
        })
        .or_else(|| key_of_line(text, at).filter(|_| language != Language::Code));
    let by_use = || by_use(input, &version, role);
    let key = match key {
        Some(key) if is_of_exec_config(&key) => key,
        // The use says more than the name, if it shows the plugin.
        Some(key) => match by_use().filter(|entry| entry.exec.command.is_some()) {
            Some(entry) => return Some(entry),
            None => key,
        },
        None => {
            if let Some(entry) = by_use() {
                return Some(entry);
            }
            match default_of(text, at).filter(|_| language == Language::Code)? {
                Default::Key(key) => key,
                Default::Variable => {
                    return Some(entry_without_plugin(version, EntryKind::Indirect, role));
                }
            }
        }
    };
    let is_given = if input.comments().hold(text, at) {
        is_whole(text, version.span.end())
    } else {
        !continues_as_sentence(text, &key, version.span, language)
    };
    is_given.then(|| of_key(input, &key, version, role))
}

/// Returns whether the text only mentions a version: it searches for it, compares, quotes or
/// removes it. `is_substituted` means that the version replaces another.
fn is_mention(input: &Input<'_>, version: Span, is_substituted: bool) -> bool {
    let (text, language) = (input.source.text(), input.context.language);
    let at = version.start();
    (!is_substituted && removal::is_searched_for(text, at, language))
        || removal::is_quoted(text, at)
        || removal::is_removed_by_patch(text, at)
        || phrase::is_prose(input, version)
        || (language == Language::Code && removal::is_of_branch(text, version))
}

/// Returns whether a key is one of a file of settings, which set the version whatever they are
/// called.
fn is_of_settings(input: &Input<'_>, key: &Key<'_>, version: &Spanned<String>) -> bool {
    let text = input.source.text();
    let is_pair = matches!(key.joint, Joint::Colon | Joint::Equals);
    let is_file = input.context.depth == 0 && settings::is_file(input.source.path());
    let line = line_before(window_before(text, key.start)).trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start_matches(['"', '\'']);
    let is_key = line.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
    let is_given = is_pair && is_key && !input.comments().hold(text, version.span.start());
    is_given && is_file && settings::may_name(key.name, &version.value)
}

/// Returns the entry for a live version that uses of its constant or variable show.
fn by_use(input: &Input<'_>, version: &Spanned<String>, role: Role) -> Option<ExecEntry> {
    let (text, at) = (input.source.text(), version.span.start());
    let is_code = input.context.language == Language::Code;
    let constant = || declaration::name_of(text, at, is_code);
    let given =
        || flow::enclosing_starts(text, at).find_map(|place| assigned_variable(text, place));
    let names = std::iter::once_with(constant).chain(is_code.then(given));
    let mut uses = names.flatten().map(|name| input.uses.of(name));
    let uses = uses.find(|uses| !uses.is_empty()).filter(|_| role == Role::Live)?;
    of_constant(text, version.clone(), &uses, is_code)
}

/// Returns the entry for a version that a key sets, with what its neighbors say.
fn of_key(input: &Input<'_>, key: &Key<'_>, version: Spanned<String>, role: Role) -> ExecEntry {
    let (text, language) = (input.source.text(), input.context.language);
    let at = version.span.start();
    // YAML may be embedded in a string of source code, where its version has no quotes either.
    let written = text.get(key.start..at).unwrap_or("");
    let has_words = language != Language::Code || !written.contains(['"', '\'', '`']);
    let neighbors = neighbors(text, key, at, has_words);
    let kind = if neighbors.is_request {
        EntryKind::Request
    } else if neighbors.is_credential {
        EntryKind::ExecCredential
    } else if is_of_exec_config(key) {
        EntryKind::ExecConfig
    } else {
        EntryKind::Setting
    };
    let exec = ExecConfig {
        key: Span::new(key.start, key.start + key.name.len()),
        api_version: Some(version),
        command: neighbors.command,
        args: neighbors.args,
        env: neighbors.env,
        interactive_mode_key: neighbors.interactive_mode_key,
        ..ExecConfig::default()
    };
    let (user, is_whole) = (neighbors.user, neighbors.is_whole);
    let entry = ExecEntry::new(kind, exec, consumer(input, key), Evidence::Pattern);
    ExecEntry { user, is_whole, role, ..entry }
}

/// Returns what reads the exec config whose version a key sets.
fn consumer(input: &Input<'_>, key: &Key<'_>) -> Consumer {
    match (input.context.language, key.name) {
        (_, name) if flags::is_flag(name) => Consumer::SetCredentials,
        (Language::Hcl, name) => vocabulary::consumer_in_terraform(name),
        // A file of unknown kind may be HCL, and TOML looks much like HCL.
        (Language::Data, "api_version") if input.hcl().is_none() => Consumer::Unknown,
        (_, "api_version") if key.joint == Joint::Equals => {
            Consumer::Terraform(TerraformReader::Unknown)
        }
        _ => Consumer::Unknown,
    }
}

/// Limit on the strings that enclose a key and its value.
const MAX_STRINGS: usize = 4;

/// Returns what surrounds the key of the value at offset `value`. `has_words` means that values may
/// be unquoted and are not names of variables.
fn neighbors(text: &str, key: &Key<'_>, value: usize, has_words: bool) -> Neighbors {
    let place = Span::new(key.start, value);
    let mut lines = Lines::around(text, key.start);
    if lines.is_in_request(key.start) {
        return Neighbors { is_request: true, ..command_around(lines, has_words) };
    }
    let is_flag = flags::is_flag(key.name);
    lines = inner_lines(lines.near(key.start), place, is_flag);
    match is_flag {
        true => flags::read(&lines, key.start, has_words),
        false => pairs::beside(&lines, key.start, has_words),
    }
}

/// Returns the lines of the string that holds the key and the value of `place`, if there is one.
fn inner_lines(mut lines: Lines<'_>, place: Span, is_flag: bool) -> Lines<'_> {
    // A flag may be a string of its own, as a list item.
    let before = lines.text.get(..place.start()).unwrap_or("");
    if is_flag && !before.ends_with([' ', '\t']) {
        return lines;
    }
    // A string may hold a string that holds the key and the value.
    for _ in 0..MAX_STRINGS {
        let Some(inner) = lines.written(place) else { break };
        lines = inner;
    }
    lines
}

/// Searches wider and wider ranges of lines for the command.
fn command_around(mut lines: Lines<'_>, has_words: bool) -> Neighbors {
    for _ in 0..4 {
        let found = pairs::aligned(&lines, has_words);
        if found.has_command {
            return found;
        }
        let Some(outer) = lines.outer() else { break };
        lines.own = outer;
    }
    Neighbors::default()
}

/// What takes a literal of source code as its default.
enum Default<'a> {
    /// The key of a pair, an argument or a flag.
    Key(Key<'a>),
    /// A variable.
    Variable,
}

/// Returns what takes the literal at `at` if nothing else sets its value, looking through operators
/// and calls around the literal.
fn default_of(text: &str, at: usize) -> Option<Default<'_>> {
    if let Some(key) = flow::flag(text, at) {
        return Some(Default::Key(key));
    }
    let declared = declaration::name_of(text, at, true).filter(|name| {
        let before = window_before(text, at);
        let before = before.rfind(name).and_then(|start| before.get(..start));
        vocabulary::ends_in_api_version(name) && before.is_some_and(|b| flow::fills_in(b, name))
    });
    let typed = || declaration::typed_default(text, at).filter(|n| vocabulary::is_api_version(n));
    if declared.is_some() || typed().is_some() {
        return Some(Default::Variable);
    }
    flow::enclosing_starts(text, at).find_map(|place| {
        if let Some(name) = assigned_variable(text, place) {
            return vocabulary::ends_in_api_version(name).then_some(Default::Variable);
        }
        let key = key_before(text, place)?;
        let is_given = match key.joint {
            Joint::Colon => is_key_position(text, key.start),
            Joint::Equals | Joint::Comma => true,
            Joint::Definition | Joint::Call | Joint::Blank => false,
        };
        (is_given && vocabulary::ends_in_api_version(key.name)).then_some(Default::Key(key))
    })
}

/// Returns the variable to which a statement assigns the expression at `at`.
fn assigned_variable(text: &str, at: usize) -> Option<&str> {
    let before = window_before(text, at);
    let name = declaration::name_before(line_before(before).trim_end(), true)?;
    let before = before.get(..before.rfind(name)?)?;
    let opened = flow::enclosing(before).unwrap_or("");
    let line = line_before(opened);
    // A named argument, or a field of an object that `new` creates.
    let is_field = opened.ends_with('(') || line.contains("new ");
    let is_declared =
        || declaration::is_declared(text, at - window_before(text, at).len() + before.len());
    let is_entry = before.ends_with(['"', '\'', '`']);
    (!is_entry && (!is_field || is_declared())).then_some(name)
}

/// Returns the entry for the only version that source code accepts. `accepts` tells whether the
/// text names a newer version.
fn required_entry(
    input: &Input<'_>,
    version: Spanned<String>,
    accepts: &LazyCell<bool, impl FnOnce() -> bool>,
) -> Option<ExecEntry> {
    let text = input.source.text();
    let is_required = input.context.language == Language::Code
        && is_refused(&version.value)
        && requirement::holds(text, version.span)
        && !**accepts;
    let role = input.comments().role(text, version.span.start());
    is_required.then(|| entry_without_plugin(version, EntryKind::Requirement, role))
}

/// Returns whether the key sets the version of an exec config: as a field, as a builder call, or as
/// the flag of `kubectl config set-credentials`.
fn is_of_exec_config(key: &Key<'_>) -> bool {
    vocabulary::is_api_version(key.name)
        || (key.joint == Joint::Call && vocabulary::sets_api_version(key.name))
        || flags::is_flag(key.name)
}

/// Returns the entry for a constant whose name is the value of the keys at `uses`.
fn of_constant(
    text: &str,
    version: Spanned<String>,
    uses: &[Key<'_>],
    is_code: bool,
) -> Option<ExecEntry> {
    let neighbors = |key: &Key<'_>| {
        let end = key.start + key.name.len();
        // The key may be a string by itself: its value is outside.
        let between = text.get(end..).and_then(|rest| rest.find(char::is_alphanumeric));
        neighbors(text, key, end + between.unwrap_or(0), !is_code)
    };
    let place = |key: &Key<'_>| Span::new(key.start, key.start + key.name.len());
    let uses: Vec<_> = uses.iter().map(|key| (place(key), neighbors(key))).collect();
    // The output of a plugin must not change without its readers.
    let is_printed = uses.iter().any(|(_, beside)| beside.is_credential);
    let kind = if is_printed { EntryKind::ExecCredential } else { EntryKind::Indirect };
    let known = uses.iter().position(|(_, beside)| beside.command.is_some()).unwrap_or(0);
    let (place, beside) = uses.into_iter().nth(known)?;
    let entry = exec_config::setting(version, Consumer::Unknown, Evidence::Pattern);
    let exec = ExecConfig { command: beside.command, args: beside.args, ..entry.exec };
    Some(ExecEntry { kind, exec, used_at: Some(place), user: beside.user, ..entry })
}

/// Returns the entry for an imported Go package, if some Kubernetes no longer has it.
fn package_entry(input: &Input<'_>, version: Spanned<String>) -> Option<ExecEntry> {
    let text = input.source.text();
    let (start, end) = (version.span.start(), version.span.end());
    let is_gone = api_versions::lookup(&version.value).is_some_and(|known| known.removed.is_some());
    let is_import = text.get(end..).unwrap_or("").starts_with(['"', '`']);
    if !(is_gone && is_import && input.context.language == Language::Code) {
        return None;
    }
    let role = input.comments().role(text, start);
    Some(entry_without_plugin(version, EntryKind::Package, role))
}

/// Returns the entry for a version without any sign of the plugin that it is for.
fn entry_without_plugin(version: Spanned<String>, kind: EntryKind, role: Role) -> ExecEntry {
    let entry = exec_config::setting(version, Consumer::Unknown, Evidence::Pattern);
    ExecEntry { kind, role, ..entry }
}

/// Returns whether some kubectl has removed the version, or none ever had it.
fn is_refused(version: &str) -> bool {
    api_versions::lookup(version).is_none_or(|known| known.removed.is_some())
}

/// Returns whether `sed`, `perl` or a replacing function writes the version, and some kubectl
/// refuses it. A command that writes another version is a migration from this one.
fn is_substituted(text: &str, version: &Spanned<String>) -> bool {
    let at = version.span.start();
    is_refused(&version.value)
        && (substitution::writes(removal::segment_before(text, at))
            || removal::is_replacement(text, at))
}

/// Returns an example on a line of its own in prose, or the default in a table of a module's
/// inputs.
fn in_prose(input: &Input<'_>, version: Spanned<String>) -> Option<ExecEntry> {
    let text = input.source.text();
    let (start, end) = (version.span.start(), version.span.end());
    let before = window_before(text, start).rsplit('\n').next()?;
    let after = window_after(text, end).lines().next().unwrap_or("");
    let is_whole_line = || {
        let rest = after.trim_matches([' ', '\t', '\r', '"', '\'', ',', '\\']);
        let key = before.trim_start_matches([' ', '\t', '>', '-', '*', '+', '"', '\'']);
        let key = key.trim_end_matches([' ', '\t', '"', '\'']);
        // terraform-docs writes `Default: `"…"``; any other text in backticks belongs to a
        // sentence.
        let word = key.trim_end_matches('`').trim_end().trim_matches('*').trim_end_matches(':');
        let is_default = word == "Default";
        let Some(key) = key.strip_suffix([':', '=']) else {
            return is_default && rest.trim_matches(['`', '"']).is_empty();
        };
        let key = key.trim_matches([' ', '"', '\'']);
        let is_name = key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        rest.is_empty() && is_name && (vocabulary::is_api_version(key) || is_default)
    };
    let is_default_cell = || {
        let cell_before = before.rsplit('|').next().unwrap_or("");
        let cell_after = after.split('|').next().unwrap_or("");
        let marks = [' ', '`', '"', '\\', '\t'];
        let cells = before.trim_start();
        let name = cells.strip_prefix('|').unwrap_or(before).split('|').next().unwrap_or("");
        let is_value = |part: &str| {
            let tags = ['<', 'p', 'r', 'e', '>', '/'];
            part.contains('"') && part.trim_matches(marks).trim_matches(tags).is_empty()
        };
        before.contains('|')
            && is_value(cell_before)
            && is_value(cell_after)
            && vocabulary::names_exec_version(name)
    };
    if input.comments().is_in_block(start) || !(is_whole_line() || is_default_cell()) {
        return None;
    }
    let entry = exec_config::setting(version, Consumer::Unknown, Evidence::Pattern);
    Some(ExecEntry { role: Role::Documentation, ..entry })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns what surrounds the last `apiVersion`.
    fn around(text: &str, has_words: bool) -> Neighbors {
        let start = text.rfind("apiVersion").unwrap();
        let key = Key { name: "apiVersion", start, joint: Joint::Colon };
        neighbors(text, &key, text.len().min(start + 14), has_words)
    }

    fn found(text: &str) -> (Option<String>, Vec<String>, bool) {
        let found = around(text, true);
        let args = found.args.into_iter().map(|arg| arg.value).collect();
        (found.command.map(|command| command.value), args, found.is_credential)
    }

    #[test]
    fn neighbors_around_reads_whole_commands() {
        let command = |text: &str, has_words| {
            let found = around(text, has_words);
            let command = found.command.map(|command| {
                assert_eq!(&text[command.span.range()], command.value);
                command.value
            });
            (command, found.has_command)
        };
        for (line, expected) in [
            ("\"command\": pulumi.String(\"aws\"),", Some("aws")),
            ("Command: to.Ptr(String(\"aws\")),", Some("aws")),
            ("command: \"C:\\Program Files\\aws.exe\",", Some("C:\\Program Files\\aws.exe")),
            ("command = @\"my aws\";", Some("my aws")),
            ("\"\"command\"\": \"\"aws\"\",", Some("aws")),
            ("\\\"command\\\": \\\"my aws\\\",", Some("my aws")),
            ("command: f\"aws\",", Some("aws")),
            ("command: binary,", None),
            ("command: this.binary,", None),
            ("command: findBinary(\"aws\", 1),", Some("aws")),
        ] {
            // The same marks make the same indentation.
            let marks = line.split(['c', 'C']).next().unwrap();
            let text = format!("{line}\n{marks}apiVersion: v\n");
            let expected = (expected.map(str::to_owned), true);
            assert_eq!(command(&text, false), expected, "{line}");
        }
        for (line, expected) in [
            ("command: aws # the CLI", Some("aws")),
            ("command: 'my aws'", Some("my aws")),
            ("command: my-aws", Some("my-aws")),
            ("command: ./aws", Some("./aws")),
            ("command: {{ .Command }}", None),
        ] {
            let text = format!("apiVersion: v\n{line}\n");
            let expected = (expected.map(str::to_owned), true);
            assert_eq!(command(&text, true), expected, "{line}");
        }
    }

    #[test]
    fn neighbors_around_finds_command_and_args() {
        let aws = |text: &str| {
            assert_eq!(
                found(text),
                (Some("aws".to_owned()), vec!["eks".to_owned(), "get-token".to_owned()], false),
                "{text}"
            );
        };
        aws("exec:\n  apiVersion: v\n  args:\n  - eks\n  - get-token\n  command: aws\n");
        aws(concat!(
            "x:\n  command: no\nexec:\n  command: aws\n",
            "  args: [\"eks\", 'get-token']\n  apiVersion: v\n",
        ));
        aws("exec: {apiVersion: v, command: aws, args: [eks, get-token]}");
        aws(concat!(
            "# exec {\n#   apiVersion = \"v\"\n#   command = \"aws\"\n",
            "#   args = [\"eks\", \"get-token\"]\n",
        ));
        assert_eq!(found("exec:\n  apiVersion: v\nother:\n  command: no\n").0, None);
        assert!(found("{\"apiVersion\": \"v\", \"kind\": \"ExecCredential\"}").2);
        assert!(found("kind: ExecCredential\napiVersion: v\n").2);
        // The output of a plugin in the arguments of a command has no command itself.
        let nested =
            r#"'{"command": "echo", "args": ["{\"apiVersion\": \"v\", \"status\": {}}"]}'"#;
        assert_eq!((found(nested).0, found(nested).2), (None, true));
    }

    proptest::proptest! {
        #[test]
        fn neighbors_around_accepts_any_text(
            before in "(apiVersion|command|args|[a: =\\[\\]\"'\n\r#é\\\\(.-]){0,20}",
            after in "apiVersion[a: \n]{0,9}",
            has_words: bool,
        ) {
            let text = format!("{before}{after}");
            let found = around(&text, has_words);
            for value in found.command.iter().chain(&found.args) {
                proptest::prop_assert_eq!(&text[value.span.range()], &value.value);
            }
        }
    }
}
