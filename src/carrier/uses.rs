//! The names that a text uses as values of keys for exec API versions: `apiVersion: VERSION`.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::text::source::Span;

use super::key::{Joint, Key};
use super::vocabulary;

/// Limit on the uses of one name.
const MAX_USES: usize = 8;

/// Limit on the characters of a key before `apiVersion`: longer words are not keys.
const MAX_KEY_LENGTH: usize = 64;

static KEYS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let keys = ["apiversion", "api_version", "api-version"];
    AhoCorasick::builder().ascii_case_insensitive(true).build(keys).ok()
});

/// The prefix of the name of kubectl's flag.
const FLAG: &str = "--exec-";

/// The names that are used as values of keys for exec API versions, with the places of these keys;
/// searched on first use.
#[derive(Debug)]
pub(super) struct Uses<'a> {
    text: &'a str,
    keys: OnceCell<HashMap<String, Vec<Span>>>,
}

impl<'a> Uses<'a> {
    /// Creates the uses of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, keys: OnceCell::new() }
    }

    /// Returns the keys that use the name as their value.
    pub(super) fn of(&self, name: &str) -> Vec<Key<'a>> {
        let keys = self.keys.get_or_init(|| uses(self.text)).get(name);
        let key = |span: &Span| {
            let name = self.text.get(span.range()).unwrap_or("");
            Key { name, start: span.start(), joint: Joint::Colon }
        };
        keys.map_or(Vec::new(), |keys| keys.iter().map(key).collect())
    }
}

fn uses(text: &str) -> HashMap<String, Vec<Span>> {
    let mut uses: HashMap<String, Vec<Span>> = HashMap::new();
    for key in KEYS.iter().flat_map(|keys| keys.find_iter(text)) {
        let before = text.get(..key.start()).unwrap_or("");
        let letters =
            before.char_indices().rev().take(MAX_KEY_LENGTH).take_while(|(_, c)| is_name(*c));
        let start = letters.last().map_or(key.start(), |(at, _)| at);
        // Recognize the flag of `kubectl config set-credentials` by its whole name.
        let is_flag = text.get(..start).is_some_and(|before| before.ends_with(FLAG));
        let start = if is_flag { start - FLAG.len() } else { start };
        let name = text.get(start..key.end()).unwrap_or("");
        let rest = text.get(key.end()..).unwrap_or("");
        if let Some(value) = value_of(name, rest) {
            let places = uses.entry(value.to_owned()).or_default();
            if places.len() < MAX_USES {
                places.push(Span::new(start, key.end()));
            }
        }
    }
    uses
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns the name that is the value of a key, judging by the text after the key.
fn value_of<'a>(key: &str, rest: &'a str) -> Option<&'a str> {
    let is_setter = vocabulary::sets_api_version(key) && rest.trim_start().starts_with('(');
    if !(is_setter
        || vocabulary::is_api_version(key)
        || vocabulary::letters(key) == "execapiversion")
    {
        return None;
    }
    let after = rest.trim_start_matches(['"', '\'', '`', '\\']);
    let is_quoted = after.len() < rest.len();
    let after = after.trim_start_matches(']').trim_start_matches([' ', '\t']);
    let comma =
        if is_quoted { &["=>", ":=", ":", "=", ",", "to "][..] } else { &["=>", ":=", ":", "="] };
    let joints = if is_setter { &["("][..] } else { comma };
    // `--exec-api-version $NAME`.
    let is_variable = after.trim_start_matches(['"', '\'']).starts_with('$');
    let argument = Some(after).filter(|_| is_variable && key.starts_with(FLAG));
    let value = joints.iter().find_map(|joint| after.strip_prefix(joint)).or(argument)?;
    if value.starts_with(['=', ':', '~']) {
        return None;
    }
    let value = value.trim_start_matches([' ', '\t']);
    let inner = value.trim_start_matches(['"', '\'', '`', '\\']);
    // In a string, the name is interpolated or appended.
    let marks = ["${{", "${", "#{", "{{", "$", "{", "("];
    let operators = ["+", "<>", ".", "&", ","];
    let filled = |text: &'a str| marks.iter().find_map(|mark| text.strip_prefix(mark));
    let added = |text: &'a str| {
        operators.iter().find_map(|operator| text.trim_start().strip_prefix(operator))
    };
    let value = match inner.len() == value.len() {
        // `$(NAME)` of Make.
        true => match value.strip_prefix("$(") {
            Some(name) => name,
            None => value.trim_start_matches(['$', '{', '&', '*', '@']),
        },
        false => filled(inner).or_else(|| added(inner))?,
    };
    last_name(value.trim_start_matches([' ', '\t', '@', '$']))
}

/// Returns the last name of a path (`a.b.NAME`), ignoring calls around it and on it.
fn last_name(text: &str) -> Option<&str> {
    const MAX_NAMES: usize = 8;
    let (mut rest, mut found) = (text, None);
    for _ in 0..MAX_NAMES {
        let length = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(length)?;
        if name.is_empty() {
            break;
        }
        if let Some(argument) = after.strip_prefix('(') {
            // `NAME.to_string()` is a call on the name, `String(NAME)` a call around it.
            if argument.starts_with(')') && found.is_some() {
                break;
            }
            (found, rest) = (None, argument.trim_start_matches(['&', '*', ' ']));
            continue;
        }
        found = Some(name);
        let path = ["::", "?.", "->", "."].iter().find_map(|mark| after.strip_prefix(mark));
        let Some(path) = path else { break };
        rest = path;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uses_finds_names_at_version_keys() {
        for text in [
            "{\"apiVersion\": NAME, \"command\": c}",
            "APIVersion: NAME,",
            "APIVersion: consts.NAME,",
            "api_version: NAME.to_string(),",
            "api_version: Some(String::from(Self::NAME)),",
            ".withApiVersion(Constants.NAME)",
            "e.setApiVersion(NAME);",
            "(\"apiVersion\", NAME),",
            "'apiVersion' => self::NAME,",
            "exec[\"apiVersion\"] = NAME",
            "e.APIVersion = NAME",
            "ExecConfig(api_version=NAME)",
            "apiVersion: ${NAME}",
            "apiVersion: $NAME",
            "f\"apiVersion: {NAME}\"",
            "\"apiVersion: \" + NAME",
            "apiVersion: \"#{NAME}\"",
            "--exec-api-version=\"$NAME\"",
            "--exec-api-version=$(NAME)",
            "--exec-api-version $NAME",
            "--exec-api-version ${NAME}",
            "--exec-api-version=${{ env.NAME }}",
            "\"apiVersion\" => @NAME",
            "\"apiVersion\": pulumi.String(NAME),",
        ] {
            assert_eq!(Uses::new(text).of("NAME").len(), 1, "{text}");
        }
        for text in [
            "if e.APIVersion == NAME {",
            "apiVersions: NAME",
            "apiVersion: NAME(x)",
            "apiVersion: \"NAME\"",
            "f(apiVersion, NAME)",
            "NAME: apiVersion",
        ] {
            assert_eq!(Uses::new(text).of("NAME"), [], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn uses_accepts_any_text(text in "(apiVersion|[a: =,\"'$@.({})\n\u{e9}]){0,30}X") {
            Uses::new(&text).of("a");
        }
    }
}
