//! kubectl's messages about errors in a plugin's output.
//!
//! Source: see `kubectl/decode/exec_credential.rs`.

use crate::kubernetes::api_versions::{self, ApiVersion, EXEC_CREDENTIAL_KIND};
use crate::kubernetes::plugins::OtherOutput;
use crate::kubernetes::reader::Reader;
use crate::kubernetes::target::Target;
use crate::kubernetes::version::Minor;
use crate::model::ExecCredential;
use crate::model::kubectl_message::{KubectlMessage, KubectlMessages};
use crate::model::refusal::{CredentialProblem, DecodeError, JsonType, Reason, Refusal, TypeField};
use crate::text::source::{Span, Spanned, clip};

use super::decode_error;

/// Returns the first refusal of this sort by the newest kubectl of the target that has one, with
/// kubectl's messages.
///
/// kubectl reports only its first error, and the next refusal only once that is fixed.
pub(crate) fn messages<'a>(
    credential: &'a ExecCredential,
    target: &Target,
    is_such: impl Fn(&Refusal) -> bool,
) -> Option<(&'a Refusal, KubectlMessages)> {
    target.minors().rev().find_map(|minor| {
        let refusals = credential.refusals(minor);
        let refusal = refusals.iter().find(|refusal| is_such(refusal))?;
        let first = refusals.first()?;
        let reader = target.reader(minor);
        let once_fixed = if first == refusal { None } else { message_of(refusal, reader) };
        let now = message_of(first, reader);
        Some((refusal, KubectlMessages { now, once_fixed, ..KubectlMessages::default() }))
    })
}

/// Returns the messages of the newest kubectl of the target that rejects the output's API version,
/// or its absence.
pub(crate) fn of_version(credential: &ExecCredential, target: &Target) -> KubectlMessages {
    if let Some((_, messages)) = messages(credential, target, Refusal::is_of_version) {
        return messages;
    }
    let version = credential.api_version.as_ref().map_or("", |version| version.value.as_str());
    let newest = target.newest_where(|minor| !api_versions::accepted(version, minor));
    let minor = newest.unwrap_or(target.last);
    let problem = match &credential.api_version {
        None => CredentialProblem::OtherVersion {
            configured: None,
            returned: format!("{}/__internal", api_versions::GROUP),
        },
        Some(version) => unknown_version(credential.kind, version),
    };
    let refusal = Refusal { span: credential.kind, problem };
    let refusals = credential.refusals(minor);
    let first = refusals.first();
    let reader = target.reader(minor);
    KubectlMessages {
        now: message_of(first.unwrap_or(&refusal), reader),
        once_fixed: first.and_then(|_| message_of(&refusal, reader)),
        ..KubectlMessages::default()
    }
}

/// Returns the message of a reader about a plugin that returns another version than
/// the kubeconfig names.
pub(crate) fn of_other_version(
    configured: &ApiVersion,
    returned: &ApiVersion,
    reader: Reader,
) -> Option<String> {
    let span = Span::default();
    let name = returned.name.to_owned();
    let problem = match returned.accepted_by(reader.minor) {
        true => CredentialProblem::OtherVersion {
            configured: Some(configured.name.to_owned()),
            returned: name,
        },
        false => unknown_version(span, &Spanned { value: name, span, alias: None }),
    };
    message(&Refusal { span, problem }, reader)
}

/// Returns the message of a reader about a plugin that prints something else, in a
/// kubeconfig that names the version `configured`.
pub(crate) fn of_other_output(
    output: OtherOutput,
    configured: &str,
    reader: impl Into<Reader>,
) -> Option<String> {
    let reader = reader.into();
    let span = Span::default();
    let of_type = |found| {
        let reason = Reason::VersionKind { found, field: TypeField::Document };
        let message = decode_error::message(&DecodeError::new(span, reason), reader.minor)?;
        Some(reader.of_credentials(&format!("decoding stdout: {message}")))
    };
    match output {
        OtherOutput::Text => of_type(JsonType::Text),
        OtherOutput::List => of_type(JsonType::List),
        OtherOutput::Untyped => {
            let configured = Some(configured.to_owned());
            let returned = format!("{}/__internal", api_versions::GROUP);
            let problem = CredentialProblem::OtherVersion { configured, returned };
            message(&Refusal { span, problem }, reader)
        }
    }
}

/// Returns the message of kubectl of that minor about a plugin that prints an object of another kind.
pub(crate) fn of_kind(kind: &str, version: &str, minor: Minor) -> Option<String> {
    let span = Span::default();
    let spanned = |value: &str| Box::new(Spanned { value: value.to_owned(), span, alias: None });
    let reason = Reason::NoKind { kind: spanned(kind), version: spanned(version) };
    let message = decode_error::message(&DecodeError::new(span, reason), minor)?;
    Some(Reader::from(minor).of_credentials(&format!("decoding stdout: {message}")))
}

/// Returns the message about a plugin that ended with this status; -1 stands for a signal.
pub(crate) fn of_status(command: &str, status: i32) -> String {
    of_kubectl(&format!("exec: executable {command} failed with exit code {status}"))
}

/// Returns the first line of the message about a plugin that is not on PATH.
pub(crate) fn of_missing(command: &str) -> String {
    of_kubectl(&format!("exec: executable {command} not found"))
}

/// Returns the message about a plugin when kubectl's preferences deny all.
pub(crate) fn of_denied(command: &str) -> String {
    of_kubectl(&format!("plugin \"{command}\" not allowed: policy set to \"DenyAll\""))
}

/// Returns the message about a plugin that is not in the allowlist of kubectl's preferences.
pub(crate) fn of_not_allowed(path: &str) -> String {
    of_kubectl(&format!(
        "plugin path \"{path}\" is not permitted by the credential plugin allowlist"
    ))
}

/// Returns the message about a plugin that cannot be started; `reason` is that of the system.
pub(crate) fn of_failed_start(path: &str, reason: &str) -> String {
    of_kubectl(&format!("exec: fork/exec {path}: {reason}"))
}

/// Returns the message of kubectl; every minor begins it in the same way.
fn of_kubectl(message: &str) -> String {
    Reader::from(Minor::NEWEST).of_credentials(message)
}

/// Returns the problem of an ExecCredential whose version kubectl does not know.
fn unknown_version(place: Span, version: &Spanned<String>) -> CredentialProblem {
    let kind = Spanned { value: EXEC_CREDENTIAL_KIND.to_owned(), ..version.clone() };
    let version = Box::new(version.clone());
    let reason = Reason::NoKind { kind: Box::new(kind), version };
    CredentialProblem::Decode(DecodeError::new(place, reason))
}

fn message_of(refusal: &Refusal, reader: Reader) -> Option<KubectlMessage> {
    message(refusal, reader).map(|message| KubectlMessage { by: reader, message: message.into() })
}

/// Returns the message of a reader. `None` if the problem is what the output
/// says, rather than its version or something missing: we know that kubectl rejects it, but not
/// in which words.
pub fn message(refusal: &Refusal, reader: impl Into<Reader>) -> Option<String> {
    let reader = reader.into();
    let message = match &refusal.problem {
        CredentialProblem::Decode(error) if refusal.is_of_version() => {
            format!("decoding stdout: {}", decode_error::message(error, reader.minor)?)
        }
        CredentialProblem::OtherVersion { configured, returned } => format!(
            "exec plugin is configured to use API version {}, plugin returned version {}",
            configured.as_deref().map_or("…", clip),
            clip(returned)
        ),
        CredentialProblem::NoStatus => "exec plugin didn't return a status field".to_owned(),
        CredentialProblem::NoCredential => {
            "exec plugin didn't return a token or cert/key pair".to_owned()
        }
        CredentialProblem::HalfPair => {
            "exec plugin returned only certificate or key, not both".to_owned()
        }
        CredentialProblem::Decode(_)
        | CredentialProblem::Certificate
        | CredentialProblem::Unsendable => return None,
    };
    Some(reader.of_credentials(&message))
}
