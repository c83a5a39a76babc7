//! Lets findings with the same words share them: a file may have thousands.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use crate::finding::{Accepted, Finding};
use crate::model::kubectl_message::KubectlMessage;
use crate::text::message::Message;

/// The words of the findings so far.
#[derive(Debug, Default)]
pub(super) struct SharedWords {
    messages: HashSet<Message>,
    said: HashSet<Arc<KubectlMessage>>,
    values: HashSet<Arc<str>>,
}

impl SharedWords {
    /// Replaces the words of a finding by equal ones of an earlier finding.
    pub(super) fn share(&mut self, finding: &mut Finding) {
        let fix = finding.fix.as_deref_mut();
        let of_fix = fix
            .into_iter()
            .flat_map(|fix| Some(&mut fix.message).into_iter().chain(&mut fix.notes));
        let labels = std::iter::once(&mut finding.primary).chain(&mut finding.related);
        let messages = std::iter::once(&mut finding.message)
            .chain(labels.map(|label| &mut label.text))
            .chain(&mut finding.remarks)
            .chain(&mut finding.kubectl_says_later)
            .chain(&mut finding.help)
            .chain(of_fix);
        messages.for_each(|message| share(&mut self.messages, message));
        finding.kubectl_message.iter_mut().for_each(|said| share(&mut self.said, said));
        let values = finding.api_version.iter_mut().chain(&mut finding.command);
        values.for_each(|value| share(&mut self.values, value));
        finding.help.shrink_to_fit();
    }

    /// Does the same for an accepted version.
    pub(super) fn share_accepted(&mut self, accepted: &mut Accepted) {
        share(&mut self.values, &mut accepted.api_version);
        accepted.command.iter_mut().for_each(|command| share(&mut self.values, command));
    }
}

fn share<T: Clone + Eq + Hash>(known: &mut HashSet<T>, value: &mut T) {
    match known.get(value) {
        Some(known) => value.clone_from(known),
        None => {
            known.insert(value.clone());
        }
    }
}
