//! The notes of a finding: what reports write below its headline.

use crate::finding::Finding;
use crate::model::kubectl_message::KubectlMessage;
use crate::text::escape;

/// Returns all notes of a finding: what kubectl says, then the help, then how to fix it.
pub(super) fn of(finding: &Finding) -> impl Iterator<Item = String> {
    kubectl_message(finding).into_iter().chain(help(finding)).chain(fix(finding))
}

/// Returns what kubectl says.
pub(super) fn kubectl_message(finding: &Finding) -> Option<String> {
    let KubectlMessage { version, message } = finding.kubectl_message.as_ref()?;
    Some(note(&format!("kubectl {version} says:"), message))
}

/// Returns the help.
pub(super) fn help(finding: &Finding) -> impl Iterator<Item = String> {
    finding.help.iter().map(|help| note("help:", &help.to_string()))
}

/// Returns a line of help without the command that asks a plugin for its version or release;
/// `None` if there is no such command in it.
pub(super) fn without_command(help: &str) -> Option<&str> {
    let asks = [": run `KUBERNETES_EXEC_INFO=", ": check `"];
    asks.iter().find_map(|ask| help.split_once(ask)).map(|(before, _)| before)
}

/// Returns how to fix the finding.
pub(super) fn fix(finding: &Finding) -> Option<String> {
    finding.fix.as_ref().map(|fix| match fix.doubt {
        None => "fix: run with --fix".to_owned(),
        Some(doubt) => {
            let doubt = doubt.as_str();
            format!("fix: run with --fix --unsafe-fixes, and review the change ({doubt})")
        }
    })
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
