//! How a text spells a key that help tells to add: `interactiveMode: IfAvailable` is YAML.

use crate::advice::consumers::MODE;
use crate::finding::Finding;
use crate::model::Subject;
use crate::text::message::Message;

use super::insert::quoted;

/// The spellings of the key of an API version, and those of `interactiveMode` that go with them.
const KEYS: [(&str, &str); 4] = [
    ("apiVersion", "interactiveMode"),
    ("ApiVersion", "InteractiveMode"),
    ("APIVersion", "InteractiveMode"),
    ("api_version", "interactive_mode"),
];

/// What may be between a key and its value.
const JOINTS: [&str; 4] = [":", "=", "=>", "("];

/// Spells the mode in the help of a finding like the API version next to it.
pub(crate) fn respell(finding: &mut Finding, subject: &Subject, text: &str) {
    if !finding.help.iter().any(|help| help.has_code(MODE)) {
        return;
    }
    if let Some(mode) = mode(subject, text).filter(|mode| mode != MODE) {
        let respell = |help: &mut Message| help.replace_code(MODE, &mode);
        finding.help.iter_mut().for_each(respell);
    }
}

/// Returns the mode as a pair in the style of the API version; `None` if that is not understood.
fn mode(subject: &Subject, text: &str) -> Option<String> {
    let exec = subject.exec()?;
    // Without a parser, only the key before the value was seen.
    let at = exec.api_version_key.unwrap_or(exec.key);
    let (_, key_end, key_quote) = quoted(text, at);
    let version = exec.api_version.as_ref()?.span;
    let (value_start, _, value_quote) = quoted(text, version);
    let key = text.get(at.range())?;
    let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let (old, new) = KEYS.into_iter().find(|(old, _)| key.contains(old)).filter(|_| is_name)?;
    let key = key.replace(old, new);
    let between = text.get(key_end..value_start)?;
    let joint = JOINTS.into_iter().find(|joint| between.trim() == *joint)?;
    let (before, after) = between.split_once(joint)?;
    // The blanks that align values in columns are those of another key.
    let blank = |blanks: &str| if blanks.is_empty() { "" } else { " " };
    let (before, after) = (blank(before), blank(after));
    let end = if joint == "(" { ")" } else { "" };
    let value = format!("{value_quote}IfAvailable{value_quote}");
    Some(format!("{key_quote}{key}{key_quote}{before}{joint}{after}{value}{end}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Consumer, EntryKind, Evidence, ExecConfig, ExecEntry};
    use crate::text::source::{Span, Spanned};

    #[test]
    fn mode_is_spelled_like_the_version() {
        for (text, spelled) in [
            ("apiVersion: VALUE", Some("interactiveMode: IfAvailable")),
            ("'apiVersion': \"VALUE\"", Some("'interactiveMode': \"IfAvailable\"")),
            ("\"apiVersion\":\"VALUE\"", Some("\"interactiveMode\":\"IfAvailable\"")),
            ("apiVersion = \"VALUE\"", Some("interactiveMode = \"IfAvailable\"")),
            ("api_version='VALUE'", Some("interactive_mode='IfAvailable'")),
            ("APIVersion:   \"VALUE\"", Some("InteractiveMode: \"IfAvailable\"")),
            (".withApiVersion(\"VALUE\")", Some("withInteractiveMode(\"IfAvailable\")")),
            ("'apiVersion' => 'VALUE'", Some("'interactiveMode' => 'IfAvailable'")),
            ("apiVersion: f(VALUE)", None),
            ("version: VALUE", None),
        ] {
            let at = |word: &str| text.find(word).map(|at| Span::new(at, at + word.len()));
            let keys = ["withApiVersion", "apiVersion", "api_version", "APIVersion", "version"];
            let version = at("VALUE").map(|span| Spanned { value: "v".into(), span, alias: None });
            let exec = ExecConfig {
                api_version_key: keys.into_iter().find_map(at),
                api_version: version,
                ..ExecConfig::default()
            };
            let (kind, by) = (EntryKind::ExecConfig, Consumer::Unknown);
            let entry = ExecEntry::new(kind, exec, by, Evidence::Pattern);
            let subject = Subject::ExecEntry(Box::new(entry));
            assert_eq!(mode(&subject, text).as_deref(), spelled, "{text}");
        }
    }
}
