//! The string around a version, which may be a sentence that names the version more than once.

use crate::advice::version_copies::lone_words;
use crate::carrier::input::Input;
use crate::carrier::key::{Joint, key_before};
use crate::carrier::vocabulary;
use crate::language::Language;
use crate::model::ExecEntry;
use crate::role::Role;
use crate::text::source::{Span, Spanned, window_after, window_before};

use super::tokens;

/// Returns whether the version is part of a text for people, going by the key of the text.
pub(super) fn is_prose(input: &Input<'_>, version: Span) -> bool {
    let text = input.source.text();
    let line = line_around(text, version);
    let is_of_string = || {
        let phrase = string_around(text, line, version)?;
        let key = key_before(text, phrase.start())?;
        let is_given = matches!(key.joint, Joint::Colon | Joint::Equals);
        Some(is_given && vocabulary::is_prose(key.name))
    };
    // In YAML, the text may lack the quotes that it needs.
    let is_of_line = || {
        let line = text.get(line.start()..version.start())?.trim_start_matches([' ', '-']);
        let (key, text) = line.split_once(": ")?;
        let is_name = key.chars().all(char::is_alphanumeric);
        Some(is_name && !text.trim().is_empty() && vocabulary::is_prose(key))
    };
    let is_data = input.context.language == Language::Data;
    is_of_string().unwrap_or(false) || (is_data && is_of_line().unwrap_or(false))
}

/// Notes in the entry the text around its version, if that names a version elsewhere, too, where it
/// configures nothing: the two change together or not at all.
pub(super) fn note(input: &Input<'_>, entry: &mut ExecEntry, is_entry: impl Fn(Span) -> bool) {
    let Some(version) = &entry.exec.api_version else { return };
    let text = input.source.text();
    let line = line_around(text, version.span);
    let is_sentence = || {
        let is_all = line.contains(Span::new(0, text.trim_end().len()));
        let role = entry.role.within(input.context.role);
        (is_all && input.context.depth > 0) || role == Role::Documentation
    };
    let phrase = string_around(text, line, version.span).or_else(|| is_sentence().then_some(line));
    let Some(phrase) = phrase else { return };
    let content = text.get(phrase.range()).unwrap_or("");
    let word = version.value.rsplit('/').next().unwrap_or("");
    let mut others = input.unexplained_in(phrase).filter(|found| !is_entry(found.span));
    if others.next().is_some() || lone_words(content, word).next().is_some() {
        let value = content.to_owned();
        entry.exec.description = Some(Box::new(Spanned { value, span: phrase, alias: None }));
    }
}

fn line_around(text: &str, place: Span) -> Span {
    let before = window_before(text, place.start()).rsplit('\n').next().unwrap_or("");
    let after = window_after(text, place.end()).as_bytes();
    let after = memchr::memchr2(b'\r', b'\n', after).unwrap_or(after.len());
    Span::new(place.start() - before.len(), place.end() + after)
}

/// Returns the string of the line that holds the version and more.
fn string_around(text: &str, line: Span, version: Span) -> Option<Span> {
    let is_around = |string: &Span| string.contains(version) && *string != version;
    tokens::strings(text, line).find(is_around)
}
