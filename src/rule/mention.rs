use std::sync::Arc;

use crate::advice;
use crate::finding::Finding;
use crate::kubernetes::api_versions;
use crate::kubernetes::target::Target;
use crate::model::{Evidence, Subject};
use crate::text::message::message;

declare_rule! {
    /// Counts the places that mention the exec API group but are not a configuration: prose,
    /// comments, changelogs, source code.
    ///
    /// ## Why
    ///
    /// Every match of a search for `client.authentication.k8s.io` is accounted for: what is not a
    /// configuration is a mention. Mentions are notes: the summary counts them, `--show-mentions`
    /// lists them, and only `--fail-on note` makes them change the exit status.
    ///
    /// ## Example
    ///
    /// ```markdown
    /// Since kubectl 1.24, `client.authentication.k8s.io/v1alpha1` is no longer accepted.
    /// ```
    "mention": Note,
    summary: "text that mentions the exec API group but is not a configuration",
    since: "0.1.0",
    needs: Excerpt,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::Mention(mention) = subject else { return None };
    let message = match mention.api_version.as_deref() {
        _ if mention.base64 => "base64 data that mentions the exec API group".into(),
        None => "mentions `client.authentication.k8s.io`".into(),
        Some(version) => match api_versions::lookup(version) {
            Some(known) if known.accepted_by_all(target) => {
                message!("mentions `{}`, which {} accepts", version.to_owned(), target)
            }
            Some(known) => {
                message!(
                    "mentions `{}`, which {}",
                    version.to_owned(),
                    advice::refusal(known, target)
                )
            }
            None => {
                message!("mentions `{}`, which is not an exec API version", version.to_owned())
            }
        },
    };
    let mut finding = Finding::new(&RULE, mention.span, message);
    finding.api_version = mention.api_version.as_deref().map(Arc::from);
    finding.evidence = Evidence::Mention;
    Some(finding)
}
