//! What a text looks like that no parser takes, and what in it only stands for something else.

/// Whether the text holds what template engines replace.
pub(super) fn is_template(text: &str) -> bool {
    ["{{", "{%", "<%", "%{"].into_iter().any(|mark| text.contains(mark))
}

/// Whether a text has places that are still to be filled in, or says that it leaves something out.
pub(crate) fn has_placeholders(text: &str) -> bool {
    let is_name = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '{' | '(');
    let has_variable = || {
        text.match_indices('$')
            .any(|(at, _)| text.get(at + 1..).is_some_and(|r| r.starts_with(is_name)))
    };
    is_template(text)
        || ["<", "...", "…", "@@", "REDACTED"].into_iter().any(|mark| text.contains(mark))
        || has_variable()
}

/// Whether a value is none yet, but says what to put there: `${TOKEN}`, `<token>`, `...`.
pub(super) fn is_placeholder(value: &str) -> bool {
    const MARKS: [&str; 7] = ["${", "$(", "...", "…", "REDACTED", "xxx", "XXX"];
    is_template(value)
        || value.split_once('<').is_some_and(|(_, rest)| rest.contains('>'))
        || MARKS.into_iter().any(|mark| value.contains(mark))
        || value.starts_with(['$', '%'])
}

/// Whether a value is a name or a pattern in capitals for one: `EXPIRY`, `YYYY-MM-DDTHH:MM:SSZ`.
pub(super) fn is_pattern(value: &str) -> bool {
    let capitals = value.bytes().filter(u8::is_ascii_uppercase).count();
    let is_of_one = |c: char| c.is_ascii_uppercase() || matches!(c, '-' | '_' | ':' | '.' | ' ');
    capitals >= 3 && value.chars().all(is_of_one)
}

/// Whether what begins here stands for a value that someone or something is to fill in, or is a
/// comment.
pub(super) fn is_placeholder_start(rest: &str) -> bool {
    ["{{", "{%", "$", "<", "%", "@", "...", "…", "#", "//", "/*"]
        .into_iter()
        .any(|mark| rest.starts_with(mark))
}

/// The first line that has content, and what follows it, of a text that may be YAML.
pub(super) fn content(text: &str) -> impl Iterator<Item = &str> {
    let is_content = |line: &&str| {
        let line = line.trim();
        !(line.is_empty() || line == "--" || line.starts_with(['#', '%']))
    };
    text.lines().filter(is_content).skip_while(|line| line.starts_with("---"))
}

/// Whether a text that does not parse was meant as YAML as a whole. Prose, scripts and sources may
/// hold a whole document, but do not begin with a key.
pub(super) fn is_meant_as_yaml(text: &str) -> bool {
    content(text).next().is_some_and(|line| key_of(line).is_some()) && !text.contains("\n```")
}

/// The key that a line begins with: a word, perhaps in quotes, and a colon.
pub(super) fn key_of(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let key = key.trim_matches(['"', '\'', ' ', '\t']);
    let is_word = key
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || !c.is_ascii() || matches!(c, '-' | '_' | '.'));
    let is_key = is_word && !key.is_empty() && (rest.is_empty() || rest.starts_with([' ', '\t']));
    is_key.then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_no_values() {
        for value in [
            "{{ .Expiry }}",
            "${EXPIRY}",
            "$EXPIRY",
            "<time>",
            "%s",
            "...",
            "YYYY-MM-DDTHH:MM:SSZ",
            "EXPIRATION_TIMESTAMP",
            "-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n",
            "REDACTED",
        ] {
            assert!(is_placeholder(value) || is_pattern(value), "{value}");
        }
        for value in ["", "soon", "2030-01-02", "2030-01-02T15:04:05", "Z", "1700000000", "cert"] {
            assert!(!is_placeholder(value) && !is_pattern(value), "{value}");
        }
    }
}
