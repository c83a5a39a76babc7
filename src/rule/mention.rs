use crate::finding::Finding;
use crate::kubernetes::api_versions;
use crate::kubernetes::version::Target;
use crate::model::{Evidence, Subject};
use crate::text::message::message;

declare_rule! {
    /// Counts the places that name the exec API group and are no configuration that this tool
    /// reads: prose, comments, changelogs, source code.
    ///
    /// A mention is a note: it is counted in the summary, listed with `--show-mentions`, and does
    /// not change the exit status unless `--fail-on note` is given. So nothing that a search for
    /// `client.authentication.k8s.io` would find is hidden, and nothing harmless fails a build.
    ///
    /// ## Example
    ///
    /// ```markdown
    /// Since kubectl 1.24, `client.authentication.k8s.io/v1alpha1` is no longer accepted.
    /// ```
    "mention": Note,
    summary: "a place that names the exec API group and is no configuration",
    since: "0.1.0",
    needs: Excerpt,
}

fn check(subject: &Subject, target: &Target) -> Option<Finding> {
    let Subject::Mention(mention) = subject else { return None };
    let message = match mention.api_version.as_deref() {
        _ if mention.base64 => "base64 data that names the exec API group".into(),
        None => "the exec API group is named here".into(),
        Some(version) => match api_versions::lookup(version) {
            Some(known) if known.accepted_by_all(target) => {
                message!("`{}` is named here, which kubectl {} accepts", version.to_owned(), target)
            }
            Some(_) => {
                message!("`{}` is named here, which kubectl {} refuses", version.to_owned(), target)
            }
            None => {
                message!("`{}` is named here, which is no exec API version", version.to_owned())
            }
        },
    };
    let mut finding = Finding::new(&RULE, mention.span, message);
    finding.api_version = mention.api_version.clone();
    finding.evidence = Evidence::Mention;
    Some(finding)
}
