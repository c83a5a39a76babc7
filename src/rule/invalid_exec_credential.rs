use crate::finding::Finding;
use crate::kubectl::plugin_output;
use crate::kubernetes::target::Target;
use crate::model::Subject;
use crate::model::refusal::{CredentialProblem, Reason, Refusal, TypeField};
use crate::rule::undecodable;
use crate::text::message::{Message, message};

declare_rule! {
    /// Finds ExecCredentials (the output of a credential plugin, saved to a file) that kubectl
    /// would refuse.
    ///
    /// ## Why
    ///
    /// kubectl reads the output of a plugin as JSON if it starts with `{`, and as YAML otherwise. A
    /// trailing comma, text after the JSON, a number as the token, or a time that is not RFC 3339
    /// is an error that starts with:
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: decoding stdout:
    /// ```
    ///
    /// `status` must contain a `token`, or both `clientCertificateData` and `clientKeyData` in PEM.
    /// The keys are case-sensitive.
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: exec plugin didn't return a token or cert/key pair
    /// ```
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: exec plugin returned only certificate or key, not both
    /// ```
    ///
    /// A token that contains a line break cannot be sent to the server.
    ///
    /// The rule does not check whether a certificate is valid or matches its key. It also accepts
    /// an ExecCredential with `spec` and without `status`, which is what kubectl sends to a plugin,
    /// placeholders such as `<token>` or `{{ .Token }}`, and JSON with comments, which is not meant
    /// for kubectl.
    ///
    /// ## Bad
    ///
    /// ```json
    /// {
    ///   "apiVersion": "client.authentication.k8s.io/v1beta1",
    ///   "kind": "ExecCredential",
    ///   "status": {
    ///     "expirationTimestamp": "2030-01-02",
    ///     "token": "not-a-token"
    ///   }
    /// }
    /// ```
    ///
    /// ## Good
    ///
    /// ```json
    /// {
    ///   "apiVersion": "client.authentication.k8s.io/v1beta1",
    ///   "kind": "ExecCredential",
    ///   "status": {
    ///     "expirationTimestamp": "2030-01-02T15:04:05Z",
    ///     "token": "not-a-token"
    ///   }
    /// }
    /// ```
    "invalid-exec-credential": Error,
    summary: "an ExecCredential that kubectl would refuse",
    since: "0.1.0",
    needs: File,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::ExecCredential(credential) = subject else { return Vec::new() };
    // Other rules report API versions.
    let is_ours = |refusal: &Refusal| !refusal.is_of_version();
    let Some((refusal, messages)) = plugin_output::messages(credential, target, is_ours) else {
        return Vec::new();
    };
    let refuses = |minor| credential.refusals(minor).iter().any(is_ours);
    let newest = target.newest_where(refuses).unwrap_or(target.last);
    let who = undecodable::who(newest, target, refuses);
    let Described { message, label, help } = describe(refusal, who);
    vec![
        Finding::new(&RULE, refusal.span, message)
            .label(label)
            .kubectl_messages(Some(messages))
            .help(help),
    ]
}

/// The message, the label next to the place, and what to do.
struct Described {
    message: Message,
    label: Message,
    help: Message,
}

fn describe(refusal: &Refusal, who: Message) -> Described {
    const WANTED: &str = "write `token`, or both `clientCertificateData` and `clientKeyData`: keys \
                          are case-sensitive";
    let (message, label, help) = match &refusal.problem {
        CredentialProblem::Decode(error) => return undecoded(&error.reason, who),
        CredentialProblem::NoStatus => (
            "the ExecCredential has no `status`",
            "kubectl reads the credentials from `status`",
            "add `status` with `token`, or with `clientCertificateData` and `clientKeyData`: keys \
             are case-sensitive"
                .into(),
        ),
        // `OtherVersion` is about the version, and never reaches this function.
        CredentialProblem::OtherVersion { .. } | CredentialProblem::NoCredential => (
            "the ExecCredential contains no credentials",
            "neither a token nor a certificate with its key",
            WANTED.into(),
        ),
        CredentialProblem::HalfPair => (
            "the ExecCredential has a certificate or a key, but not both",
            "the other one is missing or empty",
            "write both `clientCertificateData` and `clientKeyData`, or only a `token`".into(),
        ),
        CredentialProblem::Unsendable => (
            "the token of the ExecCredential cannot be sent to the server",
            "contains a line break or another control character",
            "remove that character: in YAML, a block after `|` ends with a line break, and one after `|-` does \
             not"
                .into(),
        ),
        CredentialProblem::Certificate => (
            "kubectl cannot read the certificate and key of the ExecCredential",
            "expected PEM",
            "write the PEM text itself, starting with `-----BEGIN`, not its base64 encoding or a \
             file name"
                .into(),
        ),
    };
    Described { message: message.into(), label: label.into(), help }
}

fn undecoded(reason: &Reason, who: Message) -> Described {
    let (what, help) = match reason {
        Reason::VersionKind { field: TypeField::ApiVersion, .. } => {
            ("`apiVersion` is not a string".into(), undecodable::WRITE_VERSION.into())
        }
        Reason::VersionKind { .. } | Reason::NoKind { .. } => {
            ("unknown kind".into(), "write `kind: ExecCredential`, which is case-sensitive".into())
        }
        reason => undecodable::describe(reason),
    };
    let message = message!("{} cannot decode this ExecCredential: {}", who, what);
    Described { message, label: Message::default(), help }
}
