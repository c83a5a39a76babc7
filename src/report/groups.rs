//! Groups the findings of a file that one mistake causes, such as eight users with the same exec
//! API version: a report for people tells it once.

use std::collections::HashMap;

use crate::finding::Finding;
use crate::kubernetes::version::Minor;
use crate::text::message::{Message, Part};

use super::notes;

/// What the findings of a group share. Names of users and commands with the values of an entry
/// differ.
#[derive(PartialEq, Eq, Hash)]
struct Shared<'a> {
    rule: &'static str,
    is_named: bool,
    severity: &'static str,
    kubectl_message: Option<(Minor, String)>,
    labels: Vec<&'a Message>,
    sentences: Vec<String>,
    fix: Option<String>,
}

impl<'a> Shared<'a> {
    fn of(finding: &'a Finding) -> Self {
        let user = finding.user.as_deref().filter(|name| !name.is_empty());
        let without_user =
            |text: &str| user.map_or(text.to_owned(), |user| text.replace(user, "\0"));
        let sentence = |message: &Message| -> String {
            let parts = message.parts().iter();
            parts
                .map(|part| match part {
                    Part::Command(_) => "\0".to_owned(),
                    part => without_user(part.text()),
                })
                .collect()
        };
        let kubectl_message = finding.kubectl_message.as_ref();
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        Self {
            rule: finding.rule.name,
            is_named: !finding.about().is_empty(),
            severity: finding.severity.as_str(),
            kubectl_message: kubectl_message
                .map(|said| (said.version, without_user(&said.message))),
            labels: labels.map(|label| &label.text).collect(),
            sentences: std::iter::once(&finding.message)
                .chain(&finding.help)
                .map(sentence)
                .collect(),
            fix: notes::fix(finding),
        }
    }
}

/// Returns the findings in groups, which are in the order of their first findings.
pub(super) fn groups(findings: &[Finding]) -> Vec<Vec<&Finding>> {
    let mut groups: Vec<Vec<&Finding>> = Vec::new();
    let mut known = HashMap::new();
    for finding in findings {
        let next = groups.len();
        let number = *known.entry(Shared::of(finding)).or_insert(next);
        match groups.get_mut(number) {
            Some(group) => group.push(finding),
            None => groups.push(vec![finding]),
        }
    }
    groups
}
