//! Names without an entry: a context, a cluster or a user that does not exist.

use crate::advice::regenerate::quoted as shell_word;
use crate::kubectl::contexts::{Dangling, EntryKind};
use crate::kubectl::step::Step;
use crate::kubectl::verdict::{Class, Verdict};
use crate::rule;
use crate::text::escape::visible;
use crate::text::source::Source;

use super::diagnosis::{Problem, either, place_in};

/// The most names that are listed.
const MAX_NAMES: usize = 5;

/// What kubectl loads, for the remedies.
pub(super) struct Loaded<'a> {
    /// The kubeconfigs, with their names in messages.
    pub(super) sources: &'a [(String, Source)],
    /// The names in messages of those that do not exist.
    pub(super) absent: &'a [String],
    /// The name of the only kubeconfig that was named on the command line, as a word for a shell.
    pub(super) file: Option<String>,
    /// The contexts whose user and cluster exist.
    pub(super) usable: Vec<String>,
}

/// Returns a name without an entry as a problem of the context `context`, which is the current one if
/// `is_current`. `verdict` is that of kubectl.
pub(super) fn problem(
    dangling: &Dangling,
    context: &str,
    is_current: bool,
    verdict: &Verdict,
    loaded: &Loaded<'_>,
) -> Problem {
    let Dangling { kind, candidates, is_named, .. } = dangling;
    let of_context = match is_current {
        true => "the current context".to_owned(),
        false => format!("context `{}`", visible(context)),
    };
    let (title, rule, key) = match (kind, is_named) {
        (EntryKind::Context, true) => {
            let title = "`current-context` names a context that does not exist";
            (title.to_owned(), "missing-context", "contexts")
        }
        (EntryKind::Context, false) => ("there is no current context".to_owned(), "", "contexts"),
        (EntryKind::Cluster, true) => (
            format!("{of_context} names a cluster that does not exist"),
            "missing-cluster",
            "cluster",
        ),
        (EntryKind::Cluster, false) => (format!("{of_context} names no cluster"), "", "cluster"),
        (EntryKind::User, true) => {
            (format!("{of_context} names a user that does not exist"), "missing-user", "user")
        }
        (EntryKind::User, false) => (format!("{of_context} names no user"), "", "user"),
    };
    let mut remedies = Vec::new();
    if *kind == EntryKind::Context {
        let file = loaded.file.as_ref();
        let file = file.map(|file| format!(" --kubeconfig {file}")).unwrap_or_default();
        let choose = |name: &str| format!("`kubectl config use-context {name}{file}`");
        remedies.push(match candidates.as_slice() {
            [] => "add a context: there is none".to_owned(),
            [only] => format!("choose the only context: {}", choose(&shell_word(only))),
            several => {
                format!("choose a context: {}, where NAME is {}", choose("NAME"), listed(several))
            }
        });
    } else {
        remedies.push(match candidates.as_slice() {
            [] => format!("add a {key}: there is none"),
            [only] => format!("write `{key}: {}` there, the only one", visible(only)),
            several => format!("write `{key}: NAME` there, where NAME is {}", listed(several)),
        });
    }
    if !loaded.usable.is_empty() && !candidates.is_empty() {
        let others = match *kind {
            EntryKind::Context => String::new(),
            _ => format!(", where NAME is {}", listed(&loaded.usable)),
        };
        let once = "pass `--context NAME` each time, to kubectl and to doctor";
        remedies.push(match loaded.usable.as_slice() {
            [only] => once.replace("NAME", &shell_word(only)),
            _ => format!("{once}{others}"),
        });
    }
    if let Some(absent) = loaded.absent.first() {
        remedies.push(format!("correct KUBECONFIG: there is no file `{}`", visible(absent)));
    }
    let (file, span) = dangling.place;
    let place = loaded.sources.get(file);
    let is_met = match kind {
        EntryKind::Context | EntryKind::Cluster => true,
        EntryKind::User => verdict.class == Class::AsksForUser,
    };
    Problem {
        rule: rule::find(rule),
        step: Some(if *kind == EntryKind::User { Step::Credential } else { Step::Validation }),
        title,
        place: place.map(|(name, source)| place_in(name, source, span)),
        says: verdict.message.clone().filter(|_| is_met),
        remedies: either(remedies),
        ..Problem::default()
    }
}

/// Returns names in words, as many as help.
pub(super) fn listed(names: &[String]) -> String {
    let shown: Vec<String> =
        names.iter().take(MAX_NAMES).map(|name| format!("`{}`", visible(name))).collect();
    let more = names.len().saturating_sub(MAX_NAMES);
    match (shown.as_slice(), more) {
        ([only], 0) => only.clone(),
        ([first @ .., last], 0) => format!("{} or {last}", first.join(", ")),
        (shown, more) => {
            format!("{} or one of {more} others (`kubectl config get-contexts`)", shown.join(", "))
        }
    }
}
