//! The notes of a finding: what reports write below its headline.

use crate::finding::Finding;
use crate::finding::fix::Applicability;
use crate::text::escape;

/// Returns the notes of a finding: what kubectl says, then the help, then how to fix it.
pub(super) fn of(finding: &Finding) -> Vec<String> {
    let message = finding.kubectl_message.iter();
    let message =
        message.map(|said| note(&format!("kubectl {} says:", said.version), &said.message));
    let help = finding.help.iter().map(|help| note("help:", &help.to_string()));
    let fix = finding.fix.iter().map(|fix| match fix.applicability {
        Applicability::Safe => note("fix:", "--fix does it"),
        Applicability::Unsafe => note("fix:", "--fix --unsafe-fixes does it: check what it does"),
    });
    message.chain(help).chain(fix).collect()
}

/// Returns a note whose further lines are indented below the first.
fn note(head: &str, text: &str) -> String {
    let mut note = head.to_owned();
    for (i, line) in escape::visible_lines(text).iter().enumerate() {
        note.push_str(if i == 0 { " " } else { "\n  " });
        note.push_str(line);
    }
    note
}
