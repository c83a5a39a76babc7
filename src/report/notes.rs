//! The notes of a finding: what reports write below its headline.

use std::collections::HashSet;

use crate::finding::Finding;
use crate::finding::fix::Doubt;
use crate::model::kubectl_message::KubectlMessage;
use crate::text::escape;

/// Returns all notes of a finding: what kubectl says, then the help, then how to fix it.
pub(super) fn of(finding: &Finding) -> impl Iterator<Item = String> {
    let says = kubectl_message(finding).into_iter().chain(kubectl_says_later(finding));
    says.chain(help(finding)).chain(fix(finding))
}

/// Returns what kubectl says.
pub(super) fn kubectl_message(finding: &Finding) -> Option<String> {
    let KubectlMessage { by, message } = finding.kubectl_message.as_deref()?;
    Some(note(&format!("{by} says: {message}")))
}

/// Returns what kubectl says once something else is fixed or done.
pub(super) fn kubectl_says_later(finding: &Finding) -> impl Iterator<Item = String> {
    finding.kubectl_says_later.iter().map(|later| note(&later.to_string()))
}

/// Returns the help.
pub(super) fn help(finding: &Finding) -> impl Iterator<Item = String> {
    finding.help.iter().map(|help| note(&format!("help: {help}")))
}

/// Returns a line of help without the command that asks a plugin for its version or release, which
/// another finding has told; `None` if there is no such command in it.
pub(super) fn without_command(help: &str) -> Option<String> {
    if let Some((claim, request)) = help.split_once(": run `KUBERNETES_EXEC_INFO='") {
        let run = request.split_once("' ").and_then(|(_, run)| run.split_once('`'));
        let (run, _) = run?;
        return Some(format!("{claim}: run `{run}` as above"));
    }
    // A sentence about a release says enough without it.
    help.split_once(": check `").map(|(claim, _)| claim.to_owned())
}

/// Returns a sentence that asks to run a plugin with the variable KUBERNETES_EXEC_INFO, without the
/// variable if another sentence has told it. `told` holds its values so far.
pub(crate) fn telling_request_once(sentence: &str, told: &mut HashSet<String>) -> String {
    const VARIABLE: &str = "KUBERNETES_EXEC_INFO='";
    let parts = sentence.split_once(VARIABLE).and_then(|(before, rest)| {
        let (request, rest) = rest.split_once("' ")?;
        let (run, after) = rest.split_once('`')?;
        Some((before, request, run, after))
    });
    match parts {
        Some((before, request, run, after)) if !told.insert(request.to_owned()) => {
            format!("{before}{run}` with the same variable{after}")
        }
        _ => sentence.to_owned(),
    }
}

/// Returns how to fix the finding.
pub(super) fn fix(finding: &Finding) -> Option<String> {
    finding.fix.as_ref().map(|fix| match fix.doubt {
        None => "fix: run with --fix".to_owned(),
        Some(doubt) => {
            let doubt = match doubt {
                Doubt::UnknownUse => "unknown use: another plugin may get the value too",
                doubt => doubt.as_str(),
            };
            format!("fix: run with --fix --unsafe-fixes, and review the change ({doubt})")
        }
    })
}

/// Returns a note whose further lines are indented below the first.
fn note(text: &str) -> String {
    escape::visible_lines(text).join("\n  ")
}
