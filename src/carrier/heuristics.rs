//! Guesses what a text was meant to be that no parser accepts.

/// Returns the first line that has content, and all that follow it, of a text that may be YAML.
fn content(text: &str) -> impl Iterator<Item = &str> {
    let is_content = |line: &&str| {
        let line = line.trim();
        !(line.is_empty() || line == "--" || line.starts_with(['#', '%']))
    };
    text.lines().filter(is_content).skip_while(|line| line.starts_with("---"))
}

/// Returns whether a text that does not parse was meant as YAML as a whole. Prose, scripts and
/// source code may contain a whole document, but do not begin with a key.
pub(super) fn is_meant_as_yaml(text: &str) -> bool {
    content(text).next().is_some_and(|line| key_of(line).is_some()) && !text.contains("\n```")
}

/// Returns the key that a line begins with: a word, possibly quoted, and a colon.
fn key_of(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let key = key.trim_matches(['"', '\'', ' ', '\t']);
    let is_word = key
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || !c.is_ascii() || matches!(c, '-' | '_' | '.'));
    let is_key = is_word && !key.is_empty() && (rest.is_empty() || rest.starts_with([' ', '\t']));
    is_key.then_some(key)
}

/// The keys at the top of a text that no parser accepts.
pub(super) enum TopKeys<'a> {
    /// A text in braces; keys at any depth count.
    Flow(&'a str),
    /// The keys of YAML with the rest of their lines.
    Block(Vec<(&'a str, &'a str)>),
}

impl<'a> TopKeys<'a> {
    /// Finds the keys.
    pub(super) fn of(text: &'a str) -> Self {
        match text.trim_start().starts_with('{') {
            true => Self::Flow(text),
            false => Self::Block(top_keys(text)),
        }
    }

    /// Returns whether the key is there and its line, or any line of a text in braces, contains
    /// `value`.
    pub(super) fn has(&self, key: &str, value: &str) -> bool {
        match self {
            Self::Flow(text) => has_flow_key(text, key) && text.contains(value),
            Self::Block(keys) => {
                keys.iter().any(|(name, rest)| *name == key && rest.contains(value))
            }
        }
    }
}

/// The flag of `kubectl config set-credentials` for an auth provider.
pub(super) const AUTH_PROVIDER_FLAG: &str = "--auth-provider";

/// Returns whether a text may hold a user with an auth provider.
pub(super) fn names_auth_provider(text: &str) -> bool {
    has_flow_key(text, "auth-provider") || auth_provider_flags(text).next().is_some()
}

/// Yields the offsets of the flag for an auth provider. In brackets it is only described.
pub(super) fn auth_provider_flags(text: &str) -> impl Iterator<Item = usize> {
    let is_mark = |c: char| c.is_ascii_whitespace() || matches!(c, '"' | '\'' | ',');
    let is_flag = move |at: &usize| {
        let (before, rest) = text.split_at_checked(*at).unwrap_or_default();
        let rest = rest.strip_prefix(AUTH_PROVIDER_FLAG).unwrap_or("");
        (before.is_empty() || before.ends_with(is_mark))
            && (rest.starts_with('=') || rest.starts_with(is_mark))
    };
    text.match_indices(AUTH_PROVIDER_FLAG).map(|(at, _)| at).filter(is_flag)
}

/// Returns whether `key:`, quoted or not, occurs in a text in flow style.
pub(super) fn has_flow_key(text: &str, key: &str) -> bool {
    let is_in_word = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    memchr::memmem::find_iter(text.as_bytes(), key).any(|at| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let rest = text.get(at + key.len()..).unwrap_or("");
        let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
        !before.is_some_and(is_in_word) && rest.trim_start().starts_with(':')
    })
}

/// Returns the top-level keys of invalid YAML with the rest of their lines, up to the end of the
/// first document; nothing if the text does not begin like YAML. Tolerates one mistake in the first
/// line: a key with the wrong separator, a list item, a shell prompt, a terminal escape code or
/// another indentation.
fn top_keys(text: &str) -> Vec<(&str, &str)> {
    if text.starts_with("#!") || text.contains("\n```") {
        return Vec::new();
    }
    let is_end = |line: &&str| line.starts_with("---") || line.trim_end() == "...";
    let mut lines = content(text).take_while(|line| !is_end(line));
    let Some(first) = lines.next() else { return Vec::new() };
    let rest: Vec<&str> = lines.collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let least = rest.iter().map(|line| indent(line)).min().unwrap_or(0);
    let own = key_of(first.trim_start()).map(|key| (key, value_after(first)));
    let begins = match own {
        // Lines indented deeper than a key without a value belong to that key.
        Some((_, value)) => least <= indent(first) || !value.is_empty(),
        None => {
            let next = rest.first().and_then(|line| loose_key(line.trim_start()));
            next.is_some() && is_slip(first)
        }
    };
    if !begins {
        return Vec::new();
    }
    let own = own.or_else(|| loose_key(without_marks(first)));
    let at_top = rest.into_iter().filter(|line| indent(line) == least);
    own.into_iter().chain(at_top.filter_map(|line| loose_key(line.trim_start()))).collect()
}

/// Returns the key of a line and the text after it. Accepts a blank, `=` or a bare colon after the
/// keys that identify a file (`apiVersion` and `kind`).
fn loose_key(line: &str) -> Option<(&str, &str)> {
    if let Some(key) = key_of(line) {
        return Some((key, value_after(line)));
    }
    ["apiVersion", "kind"].into_iter().find_map(|key| {
        let rest = line.trim_start_matches(['"', '\'']).strip_prefix(key)?;
        rest.starts_with(['"', '\'', ':', '=', ' ', '\t']).then_some((key, rest))
    })
}

fn value_after(line: &str) -> &str {
    line.split_once(':').map_or("", |(_, value)| value.trim())
}

/// Returns whether a first line without a key is a slip, or was copied from a terminal.
fn is_slip(line: &str) -> bool {
    const PROMPTS: [&str; 6] = ["$ ", "% ", "> ", "PS ", "❯ ", "➜ "];
    let word = line.split_whitespace().next().unwrap_or("");
    loose_key(without_marks(line)).is_some()
        || line.starts_with('\x1b')
        || PROMPTS.into_iter().any(|prompt| line.starts_with(prompt))
        || (word.contains('@') && line.contains(['$', '#', '%', '>']))
}

/// Strips the list mark and the terminal escape codes at the start of a line.
fn without_marks(line: &str) -> &str {
    let mut rest = line.trim_start();
    while let Some(code) = rest.strip_prefix("\x1b[") {
        let end = code.find(|c: char| c.is_ascii_alphabetic()).map_or(code.len(), |at| at + 1);
        rest = code.get(end..).unwrap_or("");
    }
    rest.strip_prefix("- ").unwrap_or(rest).trim_start()
}
