use crate::finding::Finding;
use crate::kubectl::decode_error;
use crate::kubernetes::target::Target;
use crate::model::kubectl_message::KubectlMessage;
use crate::model::refusal::Reason;
use crate::model::{Evidence, Subject, Undecodable};
use crate::rule::undecodable;
use crate::text::message::{Message, message};

declare_rule! {
    /// Finds kubeconfigs that kubectl cannot decode.
    ///
    /// ## Why
    ///
    /// kubectl decodes the whole file before it looks at a user. Broken YAML, a value of the wrong
    /// type, certificate data that is not base64, or two users with the same name make every
    /// command fail, even commands for another user.
    ///
    /// ```text
    /// error: error loading config file "FILE": json: cannot unmarshal number into Go struct field ExecConfig.users.user.exec.apiVersion of type string
    /// ```
    ///
    /// Here and in findings, `FILE` is the path that kubectl was given. In an error about the
    /// syntax of YAML, kubectl may print the number of the line before; the finding points to the
    /// line with the error.
    ///
    /// kubectl reads YAML 1.1: `no`, `on` and `y` are booleans, and `1_000` and `0o17` are numbers.
    /// Quote them to make them strings.
    ///
    /// ## Bad
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: no
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    /// ```
    ///
    /// ## Good
    ///
    /// ```yaml
    /// apiVersion: v1
    /// kind: Config
    /// users:
    /// - name: "no"
    ///   user:
    ///     exec:
    ///       apiVersion: client.authentication.k8s.io/v1beta1
    ///       command: aws
    /// ```
    "invalid-kubeconfig": Error,
    summary: "a kubeconfig that kubectl cannot decode",
    since: "0.1.0",
    needs: File,
    step: Loading,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::Undecodable(found) = subject else { return Vec::new() };
    let Undecodable { file, errors } = &**found;
    // Each kubectl stops at the first error that applies to it.
    let first = |minor| errors.iter().find(|error| error.concerns(minor));
    let newest = target.newest_where(|minor| first(minor).is_some());
    let Some((minor, error)) = newest.and_then(|minor| Some((minor, first(minor)?))) else {
        return Vec::new();
    };
    let (label, help) = describe(&error.reason);
    let file = file.as_deref().unwrap_or("FILE");
    let by = target.reader(minor);
    let kubectl_message = decode_error::message(error, minor)
        .map(|message| KubectlMessage { by, message: by.of_loading(file, &message).into() });
    let finding = |message| Finding::new(&RULE, error.span, message);
    let mut finding = match &kubectl_message {
        Some(_) => {
            finding(message!("{} cannot decode this kubeconfig: {}", target.program(), label))
        }
        None => {
            let who = undecodable::who(minor, target, |minor| first(minor).is_some());
            finding(message!("{} cannot decode this kubeconfig: {}", who, label))
        }
    };
    finding.evidence = Evidence::Pattern;
    vec![finding.kubectl_message(kubectl_message).help(help)]
}

/// Returns the label of the place and the help.
pub(super) fn describe(reason: &Reason) -> (Message, Message) {
    let (label, help) = match reason {
        Reason::VersionKind { .. } => {
            ("expected a string", "write `apiVersion: v1` and `kind: Config`")
        }
        Reason::NoKind { .. } | Reason::GroupVersion(_) | Reason::MissingVersion => (
            "expected kind `Config` and apiVersion `v1`",
            "write `apiVersion: v1` and `kind: Config` at the top of the file",
        ),
        reason => return undecodable::describe(reason),
    };
    (label.into(), help.into())
}
