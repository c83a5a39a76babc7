//! Groups the findings of a file that one mistake causes, such as eight users with the same exec
//! API version: a report for people tells it once.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::kubernetes::reader::Reader;
use crate::text::message::{Message, Part};

use super::notes;

/// What the findings of a group share. Names of users and commands with the values of an entry
/// differ.
#[derive(PartialEq, Eq, Hash)]
struct Shared<'a> {
    rule: &'static str,
    is_named: bool,
    severity: &'static str,
    kubectl_message: Option<(Reader, String)>,
    labels: Vec<&'a Message>,
    sentences: Vec<String>,
    fix: Option<String>,
    /// The plugin, if only a run of it tells which version it returns: each must be run.
    asked: Option<&'a str>,
}

impl<'a> Shared<'a> {
    fn of(finding: &'a Finding) -> Self {
        let user = finding.user.as_deref().filter(|name| !name.is_empty());
        let without_user =
            |text: &str| user.map_or(text.to_owned(), |user| without_word(text, user));
        // What follows a command is about its values, such as what it adds to the file.
        let sentence = |message: &Message| -> String {
            let parts = message.parts().iter();
            let before = parts.take_while(|part| !matches!(part, Part::Command(_)));
            before.map(|part| without_user(part.text())).collect()
        };
        let asks = finding.help.iter().flat_map(Message::parts).any(
            |part| matches!(part, Part::Command(run) if run.starts_with("KUBERNETES_EXEC_INFO=")),
        );
        let kubectl_message = finding.kubectl_message.as_ref();
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        Self {
            rule: finding.rule.name,
            is_named: !finding.about().is_empty(),
            severity: finding.severity.as_str(),
            kubectl_message: kubectl_message.map(|said| (said.by, without_user(&said.message))),
            labels: labels.map(|label| &label.text).collect(),
            sentences: std::iter::once(&finding.message)
                .chain(&finding.kubectl_says_later)
                .chain(&finding.help)
                .map(sentence)
                .collect(),
            fix: notes::fix(finding),
            asked: finding.command.as_deref().filter(|_| asks),
        }
    }
}

/// Returns the findings in groups, which are in the order of their first findings.
pub(super) fn groups(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let mut known = HashMap::new();
    for finding in findings {
        if finding.is_mention() {
            // Only a place: nothing about it need be told once.
            groups.push(vec![finding]);
            continue;
        }
        let next = groups.len();
        let number = *known.entry(Shared::of(finding)).or_insert(next);
        match groups.get_mut(number) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}

/// Returns the text with a placeholder for a word, but not within longer words: the name of a user
/// may be a single letter.
fn without_word(text: &str, word: &str) -> String {
    let mut shown = String::new();
    let mut at = 0;
    for (start, _) in text.match_indices(word) {
        let (before, after) = (&text[..start], &text[start + word.len()..]);
        if !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric) {
            shown.push_str(&text[at..start]);
            shown.push('\0');
            at = start + word.len();
        }
    }
    shown + &text[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_word_keeps_longer_words() {
        for (text, word, expected) in [
            ("version for v to use", "v", "version for \0 to use"),
            ("`a` and \"a\", a", "a", "`\0` and \"\0\", \0"),
            ("aa", "a", "aa"),
            ("é1 é", "é", "é1 \0"),
            ("x", "a:b", "x"),
        ] {
            assert_eq!(without_word(text, word), expected);
        }
    }
}
