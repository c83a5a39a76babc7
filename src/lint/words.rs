//! Lets findings with the same words share them: a file may have thousands.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use crate::finding::{Accepted, Finding, Shared, SharedAccepted};
use crate::model::kubectl_message::KubectlMessage;
use crate::text::message::Message;

/// The words of the findings so far.
#[derive(Debug, Default)]
pub(super) struct SharedWords {
    findings: HashSet<Arc<Shared>>,
    accepted: HashSet<Arc<SharedAccepted>>,
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
        let labels = labels.map(|label| &mut label.text);
        let own = finding.remarks.iter_mut().chain(&mut finding.condition);
        let messages = labels.chain(own).chain(of_fix);
        messages.for_each(|message| share(&mut self.messages, message));
        if let Some(known) = self.findings.get(&finding.shared) {
            finding.shared = Arc::clone(known);
            return;
        }
        let shared = Arc::make_mut(&mut finding.shared);
        let messages = std::iter::once(&mut shared.message)
            .chain(&mut shared.kubectl_says_later)
            .chain(&mut shared.help);
        messages.for_each(|message| share(&mut self.messages, message));
        shared.kubectl_message.iter_mut().for_each(|said| share(&mut self.said, said));
        let values = shared.api_version.iter_mut().chain(&mut shared.command);
        values.for_each(|value| share(&mut self.values, value));
        shared.help.shrink_to_fit();
        self.findings.insert(Arc::clone(&finding.shared));
    }

    /// Does the same for an accepted version.
    pub(super) fn share_accepted(&mut self, accepted: &mut Accepted) {
        share(&mut self.accepted, &mut accepted.shared);
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
