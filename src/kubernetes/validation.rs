//! What kubectl says of one user: client-go's validation, then the construction of the client.
//!
//! Source: client-go `tools/clientcmd/validation.go` (`validateAuthInfo`: the order is its
//! own), `plugin/pkg/client/auth/exec/exec.go` (`newAuthenticator`) and
//! `rest/plugin.go`; measured with the real kubectl 1.20 to 1.37.

use crate::finding::KubectlSays;
use crate::model::{AuthInfo, Evidence, ExecConfig, clip};

use super::api_versions::{self, INTERACTIVE_MODE_SINCE};
use super::auth_providers;
use super::version::{Minor, Target};

/// What can be wrong with a user, in the order in which client-go checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// The current context is not among the contexts.
    MissingContext,
    /// `exec` beside `auth-provider`.
    AuthProviderConflict,
    /// No `command`.
    MissingCommand,
    /// No `apiVersion`.
    MissingApiVersion,
    /// An entry of `env` without a name.
    MissingEnvName,
    /// No `interactiveMode`, and no default for it.
    MissingInteractiveMode,
    /// An `interactiveMode` that there is not.
    InvalidInteractiveMode,
    /// An API version that this kubectl does not accept.
    InvalidApiVersion,
    /// An auth provider that this kubectl no longer has.
    RemovedAuthProvider,
    /// An auth provider that no kubectl has.
    UnknownAuthProvider,
}

impl Problem {
    /// Whether something is not there.
    fn is_absence(self) -> bool {
        matches!(
            self,
            Self::MissingCommand
                | Self::MissingApiVersion
                | Self::MissingEnvName
                | Self::MissingInteractiveMode
        )
    }
}

/// The words of each validation error, without `error: `; all of them are reported together.
pub fn validate(auth: &AuthInfo, minor: Minor) -> Vec<(Problem, String)> {
    let mut errors = Vec::new();
    let is_decoded = auth.evidence == Evidence::Parsed;
    if let Some(context) = auth.missing_context.as_ref().filter(|_| is_decoded) {
        let words =
            format!("context was not found for specified context: {}", clip(&context.value));
        errors.push((Problem::MissingContext, words));
    }
    let Some(exec) = &auth.exec else {
        return errors;
    };
    let name = auth.display_name();
    let must = |what: &str| {
        format!("{what} must be specified for {name} to use exec authentication plugin")
    };
    if auth.auth_provider.is_some() {
        let words = format!(
            "authProvider cannot be provided in combination with an exec plugin for {name}"
        );
        errors.push((Problem::AuthProviderConflict, words));
    }
    if exec.command.is_none() {
        errors.push((Problem::MissingCommand, must("command")));
    }
    if exec.api_version.is_none() {
        errors.push((Problem::MissingApiVersion, must("apiVersion")));
    }
    if exec.env.iter().any(|env| env.name.is_none()) {
        errors.push((Problem::MissingEnvName, must("env variable name")));
    }
    if minor >= INTERACTIVE_MODE_SINCE {
        match exec.interactive_mode.as_ref().map(|mode| mode.value.as_str()) {
            Some("Never" | "IfAvailable" | "Always") => {}
            Some(mode) => {
                let words = format!("invalid interactiveMode for {name}: {}", go_quote(clip(mode)));
                errors.push((Problem::InvalidInteractiveMode, words));
            }
            None if defaults_interactive_mode(exec) => {}
            None => errors.push((Problem::MissingInteractiveMode, must("interactiveMode"))),
        }
    }
    errors
}

/// Whether client-go fills in the `interactiveMode`, by the exact text of the version.
fn defaults_interactive_mode(exec: &ExecConfig) -> bool {
    let version = exec.api_version.as_ref().and_then(|v| api_versions::lookup(&v.value));
    version.is_some_and(|version| version.defaults_interactive_mode)
}

/// Why the client cannot be built, once validation is content.
pub fn construct(auth: &AuthInfo, minor: Minor) -> Option<(Problem, String)> {
    if let Some(exec) = &auth.exec {
        let version = exec.api_version.as_ref()?;
        if api_versions::accepted(&version.value, minor) {
            return None;
        }
        let words = format!("exec plugin: invalid apiVersion {}", go_quote(clip(&version.value)));
        return Some((Problem::InvalidApiVersion, words));
    }
    let name = auth.auth_provider.as_ref()?.name.as_ref()?;
    if !auth_providers::is_known(&name.value) {
        let words = format!("no Auth Provider found for name {}", go_quote(clip(&name.value)));
        return Some((Problem::UnknownAuthProvider, words));
    }
    let words = auth_providers::removed(&name.value)?.words_of(minor)?;
    let words = words.strip_prefix("error: ").map_or(words.clone(), str::to_owned);
    Some((Problem::RemovedAuthProvider, words))
}

/// Everything that is wrong for kubectl of that minor, with what it prints first.
fn verdict(auth: &AuthInfo, minor: Minor) -> (Vec<Problem>, String) {
    let mut errors = validate(auth, minor);
    if auth.evidence != Evidence::Parsed {
        // What is absent may only be out of sight.
        errors.retain(|(problem, _)| !problem.is_absence());
    }
    match errors.as_slice() {
        [] => match construct(auth, minor) {
            None => (Vec::new(), String::new()),
            Some((problem, words)) => (vec![problem], format!("error: {words}")),
        },
        [(Problem::MissingContext, words)] => {
            (vec![Problem::MissingContext], format!("Error in configuration: {words}"))
        }
        [(problem, words)] => (vec![*problem], format!("error: {words}")),
        several => {
            let lines = several.iter().map(|(_, words)| format!("\n* {words}"));
            let words = format!("Error in configuration: {}", lines.collect::<String>());
            (several.iter().map(|(problem, _)| *problem).collect(), words)
        }
    }
}

/// What kubectl of that minor prints of a user; `None` where it is content.
pub fn words(auth: &AuthInfo, minor: Minor) -> Option<String> {
    Some(verdict(auth, minor).1).filter(|words| !words.is_empty())
}

/// What kubectl prints because of a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What it prints now; `None` where it cannot even decode the file.
    pub now: Option<KubectlSays>,
    /// What it will print once that is repaired, where the problem hides behind another.
    pub then: Option<String>,
}

/// The words of the newest kubectl of the target that has this problem with the user.
///
/// The API version is checked only when validation is content, and nothing is before the file
/// can be decoded: a problem may hide behind another.
pub fn says(auth: &AuthInfo, target: &Target, problem: Problem) -> Option<Words> {
    let is_decoded = auth.evidence == Evidence::Parsed;
    target.minors().rev().find_map(|minor| {
        let (problems, words) = verdict(auth, minor);
        let now = KubectlSays { version: minor.to_string(), words };
        if problems.contains(&problem) {
            return Some(match is_decoded {
                true => Words { now: Some(now), then: None },
                false => Words { now: None, then: Some(now.words) },
            });
        }
        let (hidden, words) = construct(auth, minor)?;
        let then = Some(format!("error: {words}"));
        (hidden == problem).then(|| Words { now: Some(now).filter(|_| is_decoded), then })
    })
}

/// Go's `%q`, as far as kubeconfigs need it.
pub fn go_quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{c}' => quoted.push_str("\\f"),
            c if c.is_ascii_control() => quoted.push_str(&format!("\\x{:02x}", c as u32)),
            c if is_go_printable(c) => quoted.push(c),
            c if (c as u32) < 0x1_0000 => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            c => quoted.push_str(&format!("\\U{:08x}", c as u32)),
        }
    }
    quoted.push('"');
    quoted
}

/// Go's `strconv.IsPrint`: no control or format characters, and no blank but U+0020.
fn is_go_printable(c: char) -> bool {
    let format = matches!(c, '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{70f}'
        | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..);
    !(c.is_control() || format || (c.is_whitespace() && c != ' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_like_go() {
        assert_eq!(go_quote("v1beta1\n"), r#""v1beta1\n""#);
        assert_eq!(go_quote("v1\u{a0}é\u{200b}\""), r#""v1\u00a0é\u200b\"""#);
        assert_eq!(go_quote("\u{1b}[31m"), r#""\x1b[31m""#);
    }
}
