//! Predicts what kubectl of a minor does with the user that it is about to use, in the order of
//! client-go's steps. Rules, recorded tables and examples all use this verdict.
//!
//! Source: client-go `tools/clientcmd/client_config.go` (`ClientConfig`: the order of the steps),
//! `rest/transport.go` and `plugin/pkg/client/auth/exec/exec.go`; measured with the real kubectl
//! 1.20 to 1.37.

use crate::kubernetes::api_versions::INTERACTIVE_MODE_SINCE;
use crate::kubernetes::auth_providers;
use crate::kubernetes::plugins::OtherOutput;
use crate::kubernetes::reader::Reader;
use crate::kubernetes::target::Target;
use crate::model::kubectl_message::{KubectlMessage, KubectlMessages};
use crate::model::{AuthInfo, Cluster, Reach, Subject};
use crate::text::message::{Message, message};
use crate::text::source::clip;

use super::files::FileFault;
use super::plugin_output;
use super::server;
use super::step::Step;
use super::transport::{NEEDS_TERMINAL, substitute};
use super::validation::{self, Problem};

/// The outcome of a kubectl command that talks to a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Its kind.
    pub class: Class,
    /// All problems that kubectl reports in this step.
    pub problems: Vec<Problem>,
    /// What kubectl prints; `None` if it prints nothing, or something that cannot be predicted.
    pub message: Option<String>,
}

/// The kinds of outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The file cannot be decoded.
    ParseError,
    /// kubectl rejects the user, its context or its cluster.
    Refused(Problem),
    /// The plugin requires a terminal.
    NeedsTerminal,
    /// kubectl runs the plugin.
    RunsPlugin,
    /// kubectl sends other credentials or none, and runs no plugin.
    NoPlugin,
    /// kubectl uses an auth provider.
    AuthProvider,
    /// kubectl prompts for a user name.
    AsksForUser,
    /// There is only the default server.
    NoCluster,
}

/// Of several problems reported together, the first one in this list names the verdict.
const BY_WEIGHT: [Problem; 9] = [
    Problem::MissingCommand,
    Problem::MissingApiVersion,
    Problem::InvalidInteractiveMode,
    Problem::MissingInteractiveMode,
    Problem::MissingEnvName,
    Problem::AuthProviderConflict,
    Problem::MultipleAuthMethods,
    Problem::MissingFile,
    Problem::MissingContext,
];

/// Returns the verdict on a user and its cluster. `files` are the faults of the files that they name,
/// as far as they are known.
pub(crate) fn of_user(auth: &AuthInfo, files: &[FileFault], reader: impl Into<Reader>) -> Verdict {
    let reader = reader.into();
    let minor = reader.minor;
    let problem = |class, problem, message: String| Verdict {
        class,
        problems: vec![problem],
        message: Some(message),
    };
    let refused = |reason, message| problem(Class::Refused(reason), reason, message);
    let accepted = |class| Verdict { class, problems: Vec::new(), message: None };
    let mut errors = validation::validate(auth, minor);
    add_files(files, &mut errors);
    if let Some((first, _)) = errors.first() {
        let problems: Vec<Problem> = errors.iter().map(|(problem, _)| *problem).collect();
        let heaviest = BY_WEIGHT.iter().find(|problem| problems.contains(problem));
        let class = Class::Refused(*heaviest.unwrap_or(first));
        return Verdict { class, problems, message: Some(reader.of_validation(&errors)) };
    }
    match server_of(auth) {
        Server::Tls => {}
        Server::Default => {
            let problems = vec![Problem::MissingServer];
            let message = reader.of_no_cluster();
            return Verdict { class: Class::NoCluster, problems, message };
        }
        Server::Address(address) => {
            if let Some(message) = server::host_error(address, minor) {
                return refused(Problem::InvalidServer, reader.error(&message));
            }
            if !server::is_tls(address, minor) {
                return accepted(Class::NoPlugin);
            }
        }
    }
    let credentials = &auth.credentials;
    let mut faults: Vec<&FileFault> = files.iter().collect();
    faults.sort_by_key(|fault| fault.order());
    // The first fault in one of these steps.
    let fault_in = |steps: &[Step]| {
        let fault = faults.iter().find(|fault| steps.contains(&fault.step))?;
        Some(refused(fault.problem, reader.of_file(fault)))
    };
    if let Some(verdict) = fault_in(&[Step::TokenFile]) {
        return verdict;
    }
    let provider = auth.provider_in_use().and_then(|provider| provider.name.as_ref());
    let removed = provider.and_then(|name| auth_providers::removed(&name.value));
    if let Some((reason, message)) = validation::construction_error(auth, minor) {
        // kubectl says the same of a name that it forgot and of one that it never knew.
        let is_forgotten = removed.is_some_and(|removed| removed.is_forgotten_by(minor));
        let name = if is_forgotten { Problem::UnknownAuthProvider } else { reason };
        return problem(Class::Refused(name), reason, reader.error(&message));
    }
    let is_identified = credentials
        .username
        .or(credentials.token)
        .or(credentials.token_file.as_ref().map(|path| path.span))
        .or(credentials.certificate())
        .is_some();
    // The setup of an auth provider and the question for a user name come first.
    let is_first = match (&auth.exec, &auth.auth_provider) {
        (Some(_), _) => true,
        (None, Some(_)) => false,
        (None, None) => is_identified || !reader.prompts(),
    };
    if is_first {
        let authority = || {
            let cluster = auth.cluster.as_ref()?;
            let (reason, message) = validation::authority_error(cluster, minor)?;
            Some(refused(reason, reader.error(&message)))
        };
        let verdict = fault_in(&[Step::Files]).or_else(authority);
        let verdict = verdict.or_else(|| fault_in(&[Step::Authority, Step::Certificate]));
        if let Some(verdict) = verdict {
            return verdict;
        }
    }
    match (&auth.exec, &auth.auth_provider) {
        (Some(_), _) if substitute(credentials, minor).is_some() => accepted(Class::NoPlugin),
        (Some(exec), _) => {
            let mode = exec.interactive_mode.as_ref().map(|mode| mode.value.as_str());
            if minor >= INTERACTIVE_MODE_SINCE && mode == Some("Always") {
                let message = reader.of_credentials(NEEDS_TERMINAL);
                problem(Class::NeedsTerminal, Problem::NeedsTerminal, message)
            } else {
                accepted(Class::RunsPlugin)
            }
        }
        (None, Some(_)) => match removed.and_then(|removed| removed.warning_of(minor)) {
            Some(warning) => problem(Class::AuthProvider, Problem::DeprecatedAuthProvider, warning),
            None => accepted(Class::AuthProvider),
        },
        (None, None) if is_identified || !reader.prompts() => accepted(Class::NoPlugin),
        (None, None) => {
            problem(Class::AsksForUser, Problem::NoCredentials, "error: EOF".to_owned())
        }
    }
}

/// The server that kubectl connects to.
enum Server<'a> {
    /// A server with TLS, presumably.
    Tls,
    /// kubectl's default server.
    Default,
    /// The server that the cluster names.
    Address(&'a str),
}

fn server_of(auth: &AuthInfo) -> Server<'_> {
    match &auth.cluster {
        Some(cluster) => match &cluster.server {
            Some(server) => Server::Address(&server.value),
            None => Server::Default,
        },
        None if auth.reach == Reach::Fragment => Server::Tls,
        None => Server::Default,
    }
}

/// Adds the faults of the files that client-go opens during validation: it opens those of the user
/// before it looks at the plugin, and that of the cluster last.
fn add_files(files: &[FileFault], errors: &mut Vec<(Problem, String)>) {
    let opened = files.iter().filter(|fault| fault.step == Step::Validation);
    let (of_cluster, of_user): (Vec<_>, Vec<_>) = opened.partition(|fault| fault.is_of_cluster);
    let error = |fault: &FileFault| (fault.problem, fault.message.clone());
    let is_before = |(problem, _): &(Problem, String)| {
        matches!(
            problem,
            Problem::MissingContext
                | Problem::ClientCertificateTwice
                | Problem::ClientKeyTwice
                | Problem::MissingClientKey
        )
    };
    let at = errors.iter().take_while(|error| is_before(error)).count();
    errors.splice(at..at, of_user.into_iter().map(error));
    errors.extend(of_cluster.into_iter().map(error));
}

/// Returns the messages of the newest kubectl of the target that has this problem with the user;
/// `None` if none has it.
///
/// A problem may hide behind another: kubectl stops at the first step that fails. For a file that
/// kubectl cannot decode, these are the messages about the problem itself.
pub(crate) fn messages(
    auth: &AuthInfo,
    target: &Target,
    problem: Problem,
) -> Option<KubectlMessages> {
    let without_earlier_failures = without_earlier_failures(auth);
    let is_whole = auth.evidence.is_whole();
    target.minors().rev().find_map(|minor| {
        let reader = target.reader(minor);
        let verdict = of_user(auth, &[], reader);
        let about_problem = || {
            let alone = of_user(&without_earlier_failures, &[], reader);
            let is_met = alone.problems.contains(&problem);
            if is_met { alone.message } else { later_message(auth, problem, reader) }
        };
        let fixed_first = fixed(&verdict);
        let (now, once_fixed, needs_tls) = match verdict.class {
            _ if is_whole && verdict.problems.contains(&problem) => {
                (Some(verdict.message?), None, false)
            }
            Class::Refused(_) if is_whole => {
                (Some(verdict.message?), Some(about_problem()?), false)
            }
            Class::AsksForUser if is_whole && auth.reach != Reach::Fragment => {
                (None, Some(about_problem()?), false)
            }
            // What an auth provider says first depends on more than the file.
            Class::AuthProvider if is_whole => {
                about_problem()?;
                (None, None, false)
            }
            class => (Some(about_problem()?), None, class != Class::AsksForUser),
        };
        let newest = (is_whole && minor < target.last)
            .then(|| refusal(auth, target.reader(target.last)))
            .flatten()
            .filter(|newest| Some(&*newest.message) != now.as_deref());
        let said = |message: String| KubectlMessage { by: reader, message: message.into() };
        let (now, once_fixed) = (now.map(said), once_fixed.map(said));
        let condition = if is_whole { condition(auth, needs_tls, reader) } else { None };
        Some(KubectlMessages { now, newest, once_fixed, fixed_first, condition })
    })
}

/// Returns the messages around `message`, kubectl's error about the output of a user's plugin:
/// kubectl prints it only if it runs the plugin.
pub(crate) fn messages_about_output(
    auth: &AuthInfo,
    reader: Reader,
    message: String,
) -> KubectlMessages {
    let verdict = of_user(auth, &[], reader);
    let fixed_first = fixed(&verdict);
    let (now, once_fixed, needs_tls) = match verdict.class {
        Class::RunsPlugin => (Some(message), None, false),
        Class::Refused(_) | Class::NeedsTerminal => (verdict.message, Some(message), false),
        _ if substitute(&auth.credentials, reader.minor).is_some() => {
            return KubectlMessages::default();
        }
        _ => (Some(message), None, true),
    };
    let said = |message: String| KubectlMessage { by: reader, message: message.into() };
    let (now, once_fixed) = (now.map(said), once_fixed.map(said));
    let condition = condition(auth, needs_tls, reader);
    KubectlMessages { now, newest: None, once_fixed, fixed_first, condition }
}

/// Returns the message of a reader that refuses the user.
fn refusal(auth: &AuthInfo, reader: Reader) -> Option<KubectlMessage> {
    let verdict = of_user(auth, &[], reader);
    let message = verdict.message.filter(|_| matches!(verdict.class, Class::Refused(_)))?;
    Some(KubectlMessage { by: reader, message: message.into() })
}

/// Returns how a problem ends whose finding is only a note, which reports hide.
fn fixed(verdict: &Verdict) -> Option<&'static str> {
    match verdict.problems.as_slice() {
        [Problem::MissingContext, ..] => Some("`current-context` is fixed"),
        [Problem::MissingServer, ..] => Some("the cluster of the context is fixed"),
        [Problem::NoCredentials, ..] => Some("the user of the context has credentials"),
        _ => None,
    }
}

/// Returns the condition under which kubectl runs the subject's plugin, and its message about what
/// the plugin prints instead of an ExecCredential. No message if that is unknown, or if kubectl stops
/// at an error that another finding shows.
pub(crate) fn messages_about_other_output(
    subject: &Subject,
    target: &Target,
    output: Option<OtherOutput>,
) -> KubectlMessages {
    let Subject::AuthInfo(auth) = subject else { return KubectlMessages::default() };
    if !auth.evidence.is_whole() {
        return KubectlMessages::default();
    }
    let configured = subject.api_version().map_or("", |version| version.value.as_str());
    let reader = target.reader(target.last);
    let message =
        output.and_then(|output| plugin_output::of_other_output(output, configured, reader));
    let is_known = message.is_some();
    let messages = messages_about_output(auth, reader, message.unwrap_or_default());
    let is_shown_elsewhere = messages.once_fixed.is_some() && messages.fixed_first.is_none();
    if is_known && !is_shown_elsewhere {
        return messages;
    }
    KubectlMessages { condition: messages.condition, ..KubectlMessages::default() }
}

/// Returns what kubectl prints about a problem after successful validation.
fn later_message(auth: &AuthInfo, problem: Problem, reader: Reader) -> Option<String> {
    let minor = reader.minor;
    match (problem, server_of(auth)) {
        (Problem::MissingServer, Server::Default) => reader.of_no_cluster(),
        (Problem::InvalidServer, Server::Address(address)) => {
            server::host_error(address, minor).map(|message| reader.error(&message))
        }
        (Problem::InvalidAuthority | Problem::InsecureAuthority, Server::Address(address)) => {
            let (hidden, message) = validation::authority_error(auth.cluster.as_ref()?, minor)?;
            let is_met = hidden == problem && server::is_tls(address, minor);
            is_met.then(|| reader.error(&message))
        }
        _ => {
            let (hidden, message) = validation::construction_error(auth, minor)?;
            (hidden == problem).then(|| reader.error(&message))
        }
    }
}

/// Returns the user without anything that could fail earlier: no missing context, a server with
/// TLS.
fn without_earlier_failures(auth: &AuthInfo) -> AuthInfo {
    AuthInfo { missing_context: None, cluster: None, reach: Reach::Fragment, ..auth.for_verdict() }
}

/// Returns whether a kubectl of the target refuses a user, whatever its cluster.
pub(crate) fn is_refused(auth: &AuthInfo, target: &Target) -> bool {
    let auth = without_earlier_failures(auth);
    let is_refused = |minor| matches!(of_user(&auth, &[], minor).class, Class::Refused(_));
    target.minors().any(is_refused)
}

/// Limit on the names that a remark repeats, in bytes: the names of a user and its context are often
/// the same, and long, such as the ARN of a cluster.
const MAX_REPEATED: usize = 24;

/// Returns the condition under which kubectl meets a problem of the user: it validates only the
/// user that it is about to use, and checks its authentication only if the server has TLS.
fn condition(auth: &AuthInfo, needs_tls: bool, reader: Reader) -> Option<Message> {
    let flag = match &auth.reach {
        Reach::Current if auth.has_other_contexts && auth.context.is_some() => {
            Some("with the current context".into())
        }
        Reach::Current | Reach::Fragment | Reach::Shadowed(_) | Reach::Nameless => None,
        Reach::Context => {
            let name = auth.context.as_ref().map_or("", |name| clip(&name.value));
            let flag = reader.context_flag();
            Some(match name == auth.display_name() && name.len() > MAX_REPEATED {
                true => message!("with `{}` of this name", flag),
                false => message!("with `{} {}`", flag, name.to_owned()),
            })
        }
        // Only kubectl has flags for the cluster and the user.
        Reach::Cluster | Reach::Name if reader.client().is_some() => {
            Some("with a context that names it".into())
        }
        Reach::Cluster => {
            let name = auth.cluster.as_deref().map_or("", Cluster::display_name);
            Some(message!("with `--cluster {}`", name.to_owned()))
        }
        Reach::Name => Some(message!("with `--user {}`", auth.display_name().to_owned())),
    };
    let server = needs_tls.then_some("with an https:// server");
    match (flag, server) {
        (Some(flag), Some(_)) => Some(message!("{} and an https:// server", flag)),
        (flag, server) => flag.or(server.map(Message::from)),
    }
}
