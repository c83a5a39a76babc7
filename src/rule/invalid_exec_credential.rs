use crate::finding::Finding;
use crate::kubectl::plugin_output;
use crate::kubernetes::version::Target;
use crate::model::Subject;
use crate::model::refusal::{CredentialProblem, Reason, Refusal, TypeField};
use crate::rule::undecodable;
use crate::text::message::{Message, message};

declare_rule! {
    /// Finds ExecCredentials, the output of credential plugins kept as files, that kubectl would
    /// not take from a plugin.
    ///
    /// kubectl decodes what a plugin prints as it decodes its other files: what begins with `{` is
    /// JSON, anything else YAML. A trailing comma, text behind the JSON, a number for a token or a
    /// time that is not RFC 3339 stops it; its message begins with
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: decoding stdout:
    /// ```
    ///
    /// Then it wants a `status` with a `token`, or with `clientCertificateData` and
    /// `clientKeyData`, both of them PEM. Case counts in these names.
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: exec plugin didn't return a token or cert/key pair
    /// ```
    ///
    /// A token with a line break in it cannot be sent to the server.
    ///
    /// Whether a certificate is valid and fits its key is not looked at. An ExecCredential with
    /// `spec` and without `status` is what kubectl hands to a plugin, and is no output. What
    /// stands for something to be filled in, such as `<token>` or `{{ .Token }}`, is no error, and
    /// nor is JSON with comments, which nobody means kubectl to read.
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
    summary: "an ExecCredential that kubectl would not take from a plugin",
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
    const WANTED: &str = "write `token`, or both `clientCertificateData` and `clientKeyData`: case \
                          counts";
    let (message, label, help) = match &refusal.problem {
        CredentialProblem::Decode(error) => return undecoded(&error.reason, who),
        CredentialProblem::NoStatus => (
            "the ExecCredential has no `status`",
            "kubectl wants the credentials in `status`",
            "write `status` with `token`, or both `clientCertificateData` and `clientKeyData`: case \
             counts"
                .into(),
        ),
        // `OtherVersion` is about the version, and never reaches this function.
        CredentialProblem::OtherVersion { .. } | CredentialProblem::NoCredential => (
            "the ExecCredential holds no credentials",
            "neither a token nor a certificate with its key",
            WANTED.into(),
        ),
        CredentialProblem::HalfPair => (
            "the ExecCredential has only one of certificate and key",
            "the other one is missing or empty",
            "write both `clientCertificateData` and `clientKeyData`, or a `token` alone".into(),
        ),
        CredentialProblem::Unsendable => (
            "the token of the ExecCredential cannot be sent to a server",
            "it holds a line break or another control character",
            "write the token without it: in YAML a text behind `|` ends in a line break, one behind \
             `|-` does not"
                .into(),
        ),
        CredentialProblem::Certificate => (
            "certificate and key of the ExecCredential are no PEM that kubectl can use",
            "kubectl wants PEM here",
            "write the PEM text itself, from `-----BEGIN` to its last line: not base64 of it, and \
             no file name"
                .into(),
        ),
    };
    Described { message: message.into(), label: label.into(), help }
}

fn undecoded(reason: &Reason, who: Message) -> Described {
    let (what, help) = match reason {
        Reason::VersionKind { field: TypeField::ApiVersion, .. } => (
            "`apiVersion` is not a text".into(),
            "write the version as a text, such as `client.authentication.k8s.io/v1beta1`".into(),
        ),
        Reason::VersionKind { .. } | Reason::NoKind { .. } => (
            "kubectl knows no such kind of output".into(),
            "write `kind: ExecCredential`: case counts".into(),
        ),
        reason => undecodable::describe(reason),
    };
    let message = message!("{} cannot decode this ExecCredential: {}", who, what);
    Described { message, label: Message::default(), help }
}
