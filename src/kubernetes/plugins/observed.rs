//! Plugins that are not in the table, by what they returned when they were asked.

use super::super::api_versions::{ApiVersion, V1, V1BETA1};
use super::table::{PLUGIN, always};
use super::{Answers, Plugin};

/// What a plugin that is not in the table returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Its command line, as reports show it.
    line: Vec<String>,
    returned: Returned,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Returned {
    OnlyV1Beta1,
    OnlyV1,
    Either,
}

static ONLY_V1BETA1: Plugin = Plugin {
    name: NAME,
    history: &[always(Answers::Fixed(&V1BETA1))],
    target: Some(&V1BETA1),
    ..PLUGIN
};
static ONLY_V1: Plugin =
    Plugin { name: NAME, history: &[always(Answers::Fixed(&V1))], target: Some(&V1), ..PLUGIN };
static EITHER: Plugin = Plugin {
    name: NAME,
    history: &[always(Answers::Echo(&[&V1BETA1, &V1]))],
    target: Some(&V1BETA1),
    ..PLUGIN
};

/// What messages call it.
const NAME: &str = "the plugin";

impl Observed {
    /// Returns what a plugin with this command line returned; `None` if no version that a kubeconfig
    /// should name is among the versions.
    pub fn new<'a>(line: Vec<String>, versions: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let versions: Vec<&str> = versions.into_iter().collect();
        let has = |version: &ApiVersion| versions.contains(&version.name);
        let returned = match (has(&V1BETA1), has(&V1)) {
            (true, true) => Returned::Either,
            (true, false) => Returned::OnlyV1Beta1,
            (false, true) => Returned::OnlyV1,
            (false, false) => return None,
        };
        Some(Self { line, returned })
    }

    /// Returns the plugin, if it is the one with this command line.
    pub(super) fn plugin(&self, command: &str, args: &[&str]) -> Option<&'static Plugin> {
        let is_own = self.line.iter().map(String::as_str).eq([command].iter().chain(args).copied());
        is_own.then_some(match self.returned {
            Returned::OnlyV1Beta1 => &ONLY_V1BETA1,
            Returned::OnlyV1 => &ONLY_V1,
            Returned::Either => &EITHER,
        })
    }
}
