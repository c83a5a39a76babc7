use crate::finding::Finding;
use crate::kubectl::plugin_output;
use crate::kubernetes::version::Target;
use crate::model::refusal::{DecodeError, Problem, Reason, Refusal};
use crate::model::{ExecCredential, Subject};
use crate::rule::undecodable;
use crate::text::message::Message;

declare_rule! {
    /// Finds ExecCredentials, the output of credential plugins kept as files, that kubectl would
    /// not take from a plugin.
    ///
    /// kubectl decodes what a plugin prints as it decodes its other files: what begins with `{` is
    /// JSON, anything else YAML. A trailing comma, text behind the JSON, a number for a token or a
    /// time that is not RFC 3339 stops it:
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: decoding stdout: parsing time "2030-01-02" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"
    /// ```
    ///
    /// Then it wants a `status` with a `token`, or with `clientCertificateData` and
    /// `clientKeyData`, both of them PEM. Case counts in these names.
    ///
    /// ```text
    /// Unable to connect to the server: getting credentials: exec plugin didn't return a token or cert/key pair
    /// ```
    ///
    /// A token with a line break in it cannot be sent to the server:
    ///
    /// ```text
    /// Unable to connect to the server: net/http: invalid header field value for "Authorization"
    /// ```
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
    holds_for_excerpts: false,
}

fn check(subject: &Subject, target: &Target) -> Vec<Finding> {
    let Subject::ExecCredential(credential) = subject else { return Vec::new() };
    // Other rules report API versions.
    let is_ours = |refusal: &Refusal| !refusal.is_of_version();
    let Some((refusal, words)) = plugin_output::says(credential, target, is_ours) else {
        return Vec::new();
    };
    let Described { message, label, help } = describe(refusal, credential);
    vec![Finding::new(&RULE, refusal.span, message).label(label).words(Some(words)).help(help)]
}

/// The message, the label next to the place, and what to do.
struct Described {
    message: Message,
    label: Message,
    help: Message,
}

fn describe(refusal: &Refusal, credential: &ExecCredential) -> Described {
    const WANTED: &str = "write `token`, or both `clientCertificateData` and `clientKeyData`: case \
                          counts";
    let (message, label, help) = match &refusal.problem {
        Problem::Decode(error) => return undecoded(error, credential),
        Problem::NoStatus => (
            "the ExecCredential has no `status`",
            "kubectl wants the credentials in `status`",
            "write `status` with `token`, or both `clientCertificateData` and `clientKeyData`: case \
             counts"
                .into(),
        ),
        // `OtherVersion` is about the version, and never reaches this function.
        Problem::OtherVersion { .. } | Problem::NoCredential => (
            "the ExecCredential holds no credentials",
            "neither a token nor a certificate with its key",
            WANTED.into(),
        ),
        Problem::HalfPair => (
            "the ExecCredential has only one of certificate and key",
            "the other one is missing or empty",
            "write both `clientCertificateData` and `clientKeyData`, or a `token` alone".into(),
        ),
        Problem::Unsendable => (
            "the token of the ExecCredential cannot be sent to a server",
            "it holds a line break or another control character",
            "write the token without it: in YAML a text behind `|` ends in a line break, one behind \
             `|-` does not"
                .into(),
        ),
        Problem::Certificate(_) => (
            "certificate and key of the ExecCredential are no PEM that kubectl can use",
            "kubectl wants PEM here",
            "write the PEM text itself, from `-----BEGIN` to its last line: not base64 of it, and \
             no file name"
                .into(),
        ),
    };
    Described { message: message.into(), label: label.into(), help }
}

fn undecoded(error: &DecodeError, credential: &ExecCredential) -> Described {
    let message = "kubectl cannot decode this ExecCredential".into();
    // json-iterator's error explains nothing; a newer kubectl's error for the same place does.
    let others = credential.judgements.iter().flat_map(|judgement| &judgement.refusals);
    let reasons = others.filter_map(|refusal| match &refusal.problem {
        Problem::Decode(other) if other.span == error.span => Some(&other.reason),
        _ => None,
    });
    let is_plain = |reason: &&Reason| !matches!(reason, Reason::JsonIterator(_));
    let (label, help) = match reasons.into_iter().find(is_plain).unwrap_or(&error.reason) {
        Reason::VersionKind(found) if found.contains(".apiVersion") => {
            let help =
                "write the version as a text, such as `client.authentication.k8s.io/v1beta1`";
            ("kubectl wants a text here".into(), help.into())
        }
        Reason::VersionKind(_) | Reason::NoKind { .. } | Reason::Unconvertible { .. } => {
            let help = "write `kind: ExecCredential`: case counts".into();
            ("kubectl knows no such kind of output".into(), help)
        }
        Reason::WrongType { field, .. } if is_time(field) => {
            undecodable::describe(&Reason::Time(String::new()))
        }
        reason => undecodable::describe(reason),
    };
    Described { message, label, help }
}

/// Returns whether the path of a field names the one that holds a time.
fn is_time(field: &str) -> bool {
    field.ends_with(".expirationTimestamp")
}
