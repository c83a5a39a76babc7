//! The plugins that files of a run install, compared with the exec configs in its other files.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::discover;
use crate::discover::read::regular;
use crate::kubernetes::api_versions::ApiVersion;
use crate::kubernetes::plugins::{Plugin, PluginReleases};
use crate::kubernetes::target::{Installed, Target};
use crate::lint::{Linted, Options, lint};
use crate::pins;
use crate::report::FileReport;
use crate::role::Role;
use crate::text::source::Source;

/// Limit on the bytes of a file that installs plugins; larger ones are lists of something else.
const MAX_BYTES: u64 = 4 << 20;

/// Limit on the files that may install plugins: in a repository with more, they belong to many
/// programs.
const MAX_FILES: usize = 10_000;

/// Returns whether a live exec config in one of the files runs a plugin whose releases differ.
pub(super) fn matters(files: &[FileReport]) -> bool {
    files.iter().any(|file| plugins(&file.linted).any(|(plugin, _)| plugin.history.len() > 1))
}

/// Returns the plugins of the accepted versions in live configuration.
fn plugins(linted: &Linted) -> impl Iterator<Item = (&'static Plugin, &'static ApiVersion)> + '_ {
    let live = linted.accepted.iter().filter(|accepted| accepted.role == Role::Live);
    live.filter_map(|accepted| accepted.plugin)
}

/// Returns the releases that the files install, each with its first place in the order of the paths.
/// Of a plugin whose releases differ in what they return, or one of which is unknown, returns none.
/// `shown` is the path as reports show it; `None` if the file does not count.
pub(super) fn read(
    mut paths: Vec<PathBuf>,
    shown: impl Fn(&PathBuf) -> Option<String>,
) -> Vec<Installed> {
    if paths.len() > MAX_FILES {
        return Vec::new();
    }
    paths.sort();
    paths.dedup();
    let mut found: HashMap<&'static str, Option<Installed>> = HashMap::new();
    for path in &paths {
        let Ok(bytes) = regular(path, MAX_BYTES) else { continue };
        let Ok(text) = String::from_utf8(bytes) else { continue };
        let installs = pins::installs(path, &text);
        let Some(shown) = (!installs.is_empty()).then(|| shown(path)).flatten() else { continue };
        for install in installs {
            let release = install.release.and_then(|release| {
                let place = format!("{shown}:{}", install.line).into();
                let release: PluginReleases =
                    format!("{}={release}", install.package).parse().ok()?;
                Some(Installed { release, place })
            });
            let is_same = |known: &Option<Installed>| match (known, &release) {
                (Some(known), Some(new)) => known.release.do_the_same(&new.release),
                _ => false,
            };
            let known = found.entry(install.package).or_insert_with(|| release.clone());
            if !is_same(known) {
                *known = None;
            }
        }
    }
    found.into_values().flatten().collect()
}

/// Returns whether an exec config of a file names a version that what is installed does not return.
pub(super) fn has_conflict(file: &FileReport, target: &Target) -> bool {
    let is_conflict = |(plugin, version)| target.installed_conflict(plugin, version).is_some();
    plugins(&file.linted).any(is_conflict)
}

/// Reads the text of a file again whose report did not keep it.
///
/// # Errors
/// Says why it cannot be read.
pub(super) fn read_again(file: &mut FileReport) -> Result<(), String> {
    if file.source.text().is_empty() {
        let path = file.source.path().to_owned();
        let bytes = regular(&path, discover::read::MAX_BYTES as u64)?;
        file.source = Source::new(path, bytes);
    }
    Ok(())
}

/// Reports the exec configs of a file that name a version which what is installed does not return.
/// The target of the `options` says what is installed.
pub(super) fn add_conflicts(file: &mut FileReport, options: &Options) {
    let more = lint(&file.source, options);
    let linted = &mut file.linted;
    let found = more.findings.into_iter().filter(|found| found.rule.needs_run);
    let found: Vec<_> = found.collect();
    linted.accepted.retain(|accepted| !found.iter().any(|f| f.primary.span == accepted.span));
    linted.findings.extend(found);
    linted.findings.sort_by_key(|finding| finding.primary.span);
    let hidden = more.hidden.into_iter();
    linted.hidden.extend(hidden.filter(|found| found.rule.needs_run));
    let suppressed = more.suppressed.into_iter();
    let suppressed = suppressed.filter(|of| of.finding.rule.needs_run);
    linted.suppressed.extend(suppressed);
    linted.suppressed.sort_by_key(|suppressed| suppressed.finding.primary.span);
}
