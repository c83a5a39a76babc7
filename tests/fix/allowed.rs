//! Checks that a chosen finding asks for each edit of a text. This uses only the lines of the text,
//! so it also works for text that cannot be decoded. It shares nothing with the linter except what
//! a finding says: its user or its place, and what it wants written.

use std::collections::HashSet;
use std::ops::Range;

use kubeconfig_lint::Finding;
use kubeconfig_lint::Remedy;

use super::GROUP;
use super::edits::{Edit, EditKind};

/// A part of a kubeconfig: a user, or a key of the root with everything below it.
#[derive(Debug)]
pub(crate) struct Part {
    /// Its bytes in the text.
    pub(crate) range: Range<usize>,
    /// The name of the user, if it has one.
    name: Option<String>,
}

/// Splits a text into its parts, in order, without gaps.
pub(crate) fn parts(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        // A list in brackets may go on at the left margin.
        let word = line.trim_start_matches(|c: char| c == '-' || c.is_ascii_alphabetic());
        let is_start = line.starts_with('-') || (word.len() < line.len() && word.starts_with(':'));
        if is_start || parts.is_empty() {
            let name = line.trim_end().strip_prefix("- name:").map(|name| name.trim().to_owned());
            parts.push(Part { range: at..at, name });
        }
        at += line.len();
        if let Some(last) = parts.last_mut() {
            last.range.end = at;
        }
    }
    parts
}

/// What a chosen finding asks for.
#[derive(Debug)]
pub(crate) struct Request {
    /// The numbers of the parts that it may be about.
    parts: HashSet<usize>,
    what: HashSet<EditKind>,
    /// Whether it is about the text at its place, and so about all users that share it.
    is_of_place: bool,
}

impl Request {
    /// Returns what the finding asks for; `near` are the parts at its place. In text that cannot be
    /// decoded, a finding is about its place, whatever user it names.
    pub(crate) fn of(
        finding: &Finding,
        parts: &[Part],
        near: HashSet<usize>,
        is_decoded: bool,
        fix_to: Option<&'static str>,
    ) -> Option<Self> {
        let numbered = || parts.iter().enumerate();
        let is_named =
            |part: &Part| finding.user.is_some() && part.name.as_deref() == finding.user.as_deref();
        let named: HashSet<usize> =
            numbered().filter(|(_, part)| is_named(part)).map(|(at, _)| at).collect();
        let is_of_place = named.is_empty() || !is_decoded;
        let near = near.into_iter().filter(|_| is_of_place);
        let parts = named.into_iter().chain(near).collect();
        let what = match finding.remedy? {
            Remedy::ApiVersion(version) => {
                let message = finding.fix.as_ref().map(|fix| fix.message.to_string());
                let message = message.as_deref();
                let is_said =
                    |word: &&str| message.is_some_and(|said| said.contains(&format!("/{word}`")));
                // A finding without a fix may get one after another fix: with the version of
                // `--fix-to` if the plugin returns it, else with the advised version.
                let versions: Vec<&'static str> = match ["v1beta1", "v1"].into_iter().find(is_said)
                {
                    Some(version) => vec![version],
                    None => fix_to.into_iter().chain([version.version]).collect(),
                };
                let mut what = HashSet::from([EditKind::Key]);
                for version in versions {
                    what.extend([EditKind::Version(version), EditKind::Copy(version)]);
                }
                if message.is_none_or(|message| message.contains("interactiveMode")) {
                    what.insert(EditKind::Mode);
                }
                what
            }
            Remedy::Copy(version) => HashSet::from([EditKind::Copy(version.version)]),
            Remedy::InteractiveMode => {
                // The caller may ask for a version that needs no mode.
                let other = fix_to.filter(|version| *version == "v1beta1");
                let other =
                    other.map(|version| [EditKind::Version(version), EditKind::Copy(version)]);
                other.into_iter().flatten().chain([EditKind::Mode]).collect()
            }
            // The generator writes neither a wrong mode nor another format.
            Remedy::Json | Remedy::ModeSpelling(_) => HashSet::new(),
        };
        Some(Self { parts, what, is_of_place })
    }
}

/// Returns an edit that no chosen finding asks for, and why; `None` if there is none.
pub(crate) fn stray(
    text: &str,
    parts: &[Part],
    edits: &[Edit],
    requests: &[Request],
) -> Option<String> {
    let part_at = |at: usize| parts.iter().rposition(|part| part.range.start <= at);
    for edit in edits {
        let part = part_at(edit.at)?;
        let requested = |part: usize, what: EditKind| {
            let is_it = move |request: &&Request| {
                request.parts.contains(&part) && request.what.contains(&what)
            };
            requests.iter().filter(is_it)
        };
        let is_found = requested(part, edit.what).any(|request| request.is_of_place);
        let uses = Some(uses(text, parts, part, edit.what)).filter(|_| !is_found);
        let unasked = uses
            .into_iter()
            .flatten()
            .find(|(part, what)| requested(*part, *what).next().is_none());
        if let Some((part, what)) = unasked {
            let (line, name) = (text[..edit.at].lines().count(), &parts[part].name);
            return Some(format!("line {line}: nobody chose {what:?} for {name:?}"));
        }
        let is_here = |other: &&Edit| part_at(other.at) == Some(part);
        let versions = edits.iter().filter(is_here).filter_map(|edit| match edit.what {
            EditKind::Version(version) => Some(version),
            _ => None,
        });
        let is_needless = edit.what == EditKind::Mode
            && versions.max().map_or_else(
                || text[parts[part].range.clone()].contains(&own("v1beta1")),
                |version| version == "v1beta1",
            );
        if is_needless {
            return Some(format!("part {part}: `v1beta1` needs no mode"));
        }
    }
    None
}

fn own(version: &str) -> String {
    format!("apiVersion: {GROUP}/{version}")
}

/// Returns whether the value of a key of the root has this anchor.
fn defines(part: &str, anchor: &str) -> bool {
    let value = part.split_once(": &").map_or("", |(_, value)| value);
    value.split_whitespace().next() == Some(anchor) && !part.starts_with('-')
}

/// Returns the text of a part without comments, and without the pairs that a later merge key
/// overrides, as go-yaml and so kubectl read it.
fn read(text: &str, parts: &[Part], part: usize) -> String {
    const MERGE: &str = "<<: *base";
    let slice = |part: &Part| -> String {
        let lines = text[part.range.clone()].split_inclusive('\n');
        lines.filter(|line| !line.trim_start().starts_with('#')).collect()
    };
    let base = parts.iter().map(slice).find(|text| defines(text, "base"));
    let here = slice(&parts[part]);
    let Some((before, after)) = here.split_once(MERGE) else { return here };
    let is_read = |line: &&str| {
        let key = line.trim_start().split_inclusive(':').next().unwrap_or("");
        !base.as_ref().is_some_and(|base| base.contains(&format!("\n  {key}")))
    };
    let lines: String = before.split_inclusive('\n').filter(is_read).collect();
    format!("{lines}{MERGE}{after}")
}

/// Returns the parts that an edit changes, and what it changes there: the part itself, or all parts
/// that share it.
fn uses(text: &str, parts: &[Part], part: usize, what: EditKind) -> Vec<(usize, EditKind)> {
    let read: Vec<String> = (0..parts.len()).map(|at| read(text, parts, at)).collect();
    let with = |pattern: &str| -> Vec<usize> {
        (0..parts.len()).filter(|at| *at != part && read[*at].contains(pattern)).collect()
    };
    let based = |key: &str| -> Vec<usize> {
        with("<<: *base").into_iter().filter(|at| !read[*at].contains(key)).collect()
    };
    let given = || {
        let mut users = with("args: *args");
        if users.iter().any(|at| defines(&read[*at], "base")) {
            users.retain(|at| !defines(&read[*at], "base"));
            users.extend(based("args:"));
        }
        users
    };
    let here = &read[part];
    let mut uses: Vec<(usize, EditKind)> = match what {
        EditKind::Version(version) if defines(here, "v") => {
            let all = with("*v").into_iter();
            let own = all.clone().filter(|at| read[*at].contains("apiVersion: *v"));
            let own = own.map(|at| (at, what));
            let others = all.filter(|at| read[*at].replace("apiVersion: *v", "").contains("*v"));
            own.chain(others.map(|at| (at, EditKind::Copy(version)))).collect()
        }
        _ => {
            let users = match what {
                EditKind::Version(_) if defines(here, "base") => based("apiVersion:"),
                EditKind::Mode if defines(here, "base") => based("interactiveMode:"),
                EditKind::Copy(_) if defines(here, "base") => based("args:"),
                EditKind::Copy(_) if defines(here, "args") => given(),
                _ => vec![part],
            };
            users.into_iter().map(|at| (at, what)).collect()
        }
    };
    // The parts that use the whole exec config of another.
    if let Some(exec) = (0..parts.len()).find(|at| read[*at].contains("exec: &exec")) {
        let shared: Vec<EditKind> =
            uses.iter().filter(|(at, _)| *at == exec).map(|(_, what)| *what).collect();
        for at in with("exec: *exec") {
            uses.extend(shared.iter().map(|what| (at, *what)));
        }
    }
    uses
}
