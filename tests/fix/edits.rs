//! Finds what was done to a text by comparing it with the text before. Nothing here knows how fixes
//! are made, or how texts are parsed.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::GROUP;

/// One edit.
#[derive(Debug)]
pub(crate) struct Edit {
    /// Its place in the text before, in bytes, 0-based.
    pub(crate) at: usize,
    pub(crate) what: EditKind,
}

/// What a fix may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum EditKind {
    /// Writes this version as the value of `apiVersion`, or inserts that pair.
    Version(&'static str),
    /// Writes this version into an argument or a variable.
    Copy(&'static str),
    /// Inserts `interactiveMode: IfAvailable`.
    Mode,
    /// Corrects a misspelled key to `apiVersion`.
    Key,
}

/// The versions that a fix writes, the longer one first.
const WRITTEN: [&str; 2] = ["v1beta1", "v1"];
const MODE: &str = "interactiveMode:IfAvailable";

/// Returns the edits that turned one text into the other; an error if a fix may not make them.
pub(crate) fn edits(before: &str, after: &str) -> Result<Vec<Edit>, String> {
    let lines: [Vec<&str>; 2] = [before, after].map(|text| text.split_inclusive('\n').collect());
    let mut edits = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    for operation in capture_diff_slices(Algorithm::Myers, &lines[0], &lines[1]) {
        let old = lines[0][operation.old_range()].concat();
        let new = lines[1][operation.new_range()].concat();
        if !matches!(operation, DiffOp::Equal { .. }) {
            in_lines(before, (old_at, &old), after, (new_at, &new), &mut edits)?;
        }
        (old_at, new_at) = (old_at + old.len(), new_at + new.len());
    }
    Ok(edits)
}

/// Finds the edits in lines that differ. Each text comes with its place.
fn in_lines(
    before: &str,
    (old_at, old): (usize, &str),
    after: &str,
    (new_at, new): (usize, &str),
    edits: &mut Vec<Edit>,
) -> Result<(), String> {
    let (old, new) = (tokens(old), tokens(new));
    let (mut old_at, mut new_at) = (old_at, new_at);
    for operation in capture_diff_slices(Algorithm::Myers, &old, &new) {
        let was = old[operation.old_range()].concat();
        let is = new[operation.new_range()].concat();
        if !matches!(operation, DiffOp::Equal { .. }) {
            let rest = &after[new_at + is.len()..];
            let found = edit(&before[..old_at], &was, &is, rest);
            let found = found.ok_or_else(|| format!("{was:?} became {is:?} at byte {old_at}"))?;
            // An insertion at the end of a part comes before the first line of the next part.
            let at = if was.is_empty() { old_at.saturating_sub(1) } else { old_at };
            edits.extend(found.into_iter().map(|what| Edit { at, what }));
        }
        (old_at, new_at) = (old_at + was.len(), new_at + is.len());
    }
    Ok(())
}

/// Splits a text into words, the inserted pair, and single characters for everything else.
fn tokens(text: &str) -> Vec<&str> {
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = match (pair(rest), is_word(first)) {
            (Some(end), _) => end,
            (None, true) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            (None, false) => first.len_utf8(),
        };
        let (token, others) = rest.split_at(end);
        tokens.push(token);
        rest = others;
    }
    tokens
}

/// Returns the length of the mode's pair at the start of the text.
fn pair(text: &str) -> Option<usize> {
    let (key, value) = MODE.split_once(':')?;
    let end = text.find(value).filter(|_| text.starts_with(['"', '\'', 'i']))? + value.len();
    let end = end + usize::from(text[end..].starts_with(['"', '\'']));
    (text.trim_start_matches(['"', '\'']).starts_with(key) && squeezed(&text[..end]) == MODE)
        .then_some(end)
}

/// Returns what was done where `was` became `is`, between `lead` and `rest`; `None` if no fix does
/// that.
fn edit(lead: &str, was: &str, is: &str, rest: &str) -> Option<Vec<EditKind>> {
    let mut what = Vec::new();
    let mut written = squeezed(is);
    if let Some(at) = written.find(MODE) {
        written.replace_range(at..at + MODE.len(), "");
        what.push(EditKind::Mode);
    }
    for version in WRITTEN {
        let pair = format!("apiVersion:{GROUP}/{version}");
        if let Some(at) = written.find(&pair) {
            written.replace_range(at..at + pair.len(), "");
            what.push(EditKind::Version(version));
        }
    }
    let was = squeezed(was);
    if written.is_empty() {
        // Something was inserted, and only what joins pairs was removed.
        return (was.is_empty() && !what.is_empty()).then_some(what);
    }
    if written == "apiVersion"
        && was.eq_ignore_ascii_case(&written)
        && rest.starts_with([':', '"', '\''])
    {
        what.push(EditKind::Key);
        return Some(what);
    }
    let group = written.strip_prefix(GROUP).and_then(|rest| rest.strip_prefix('/'));
    let word = match group {
        // Only the group was inserted, before the existing word.
        Some("") => WRITTEN.into_iter().find(|version| rest.starts_with(version))?,
        Some(word) => WRITTEN.into_iter().find(|version| *version == word)?,
        None => WRITTEN.into_iter().find(|version| *version == written)?,
    };
    let is_version = was.starts_with('v') && was.chars().all(|c| c.is_ascii_alphanumeric());
    let is_own = is_own(lead);
    if !(is_version || (was.is_empty() && group.is_some() && is_own)) {
        return None;
    }
    what.push(if is_own { EditKind::Version(word) } else { EditKind::Copy(word) });
    Some(what)
}

/// Returns whether the value of `apiVersion`, or of an anchor for it, follows. The value of a
/// variable may contain an `apiVersion` as well.
fn is_own(lead: &str) -> bool {
    let lead = lead.strip_suffix(&format!("{GROUP}/")).unwrap_or(lead);
    let lead = lead.trim_end_matches([' ', '"', '\'']);
    let lead = lead.strip_suffix("&v").map_or(lead, str::trim_end);
    let Some(lead) = lead.strip_suffix(':') else { return false };
    // The key may be misspelled.
    let lead = lead.trim_end_matches(['"', '\'']).replace("apiversion", "apiVersion");
    let is_anchor = lead.ends_with("\nx") || lead.ends_with("\nx-version");
    let is_inner = |lead: &str| ["\"{", "'{"].iter().any(|quoted| lead.ends_with(quoted));
    is_anchor || lead.strip_suffix("apiVersion").is_some_and(|lead| !is_inner(lead))
}

/// Removes what joins keys, values and pairs.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !(c.is_whitespace() || matches!(c, '"' | '\'' | ','))).collect()
}

#[test]
fn edits_classifies_edits_and_rejects_others() {
    let old = format!("u:\n  apiVersion: {GROUP}/v1alpha1\n  args: [--version=v1alpha1]\n");
    let new = old.replace("alpha", "beta");
    let found: Vec<EditKind> =
        edits(&old, &new).unwrap().into_iter().map(|edit| edit.what).collect();
    assert_eq!(found, [EditKind::Version("v1beta1"), EditKind::Copy("v1beta1")]);
    let moded = old.replace("v1alpha1\n", "v1\n  interactiveMode: IfAvailable\n");
    let found: Vec<EditKind> =
        edits(&old, &moded).unwrap().into_iter().map(|edit| edit.what).collect();
    assert_eq!(found, [EditKind::Mode, EditKind::Version("v1")]);
    for wrong in [
        old.replace("u:", "v:"),
        old.replace("  args", "   args"),
        old.replace("v1alpha1", "v2"),
        old.replace("v1alpha1]", "v1beta1, x]"),
        format!("{old}\n"),
        old.replace("k8s.io/v1alpha1", "k8s.io/v1\n  interactiveMode: Never"),
    ] {
        assert!(edits(&old, &wrong).is_err(), "{wrong}");
    }
}
