//! Fixes and diffs: only what was chosen changes, once, and the diff says the same.

use std::collections::BTreeMap;

use kubeconfig_lint::internals::{self, NodeId, NodeKind, Tree, yaml};
use kubeconfig_lint::{
    Applicability, FileReport, Fixed, Linted, Options, Source, fix, lint, verify,
};

use super::kubeconfigs::{GROUP, Holder};

/// Fixes the bytes.
pub fn holds(bytes: &[u8]) {
    check(bytes, fix, internals::diff);
}

/// Checks what fixes, and what shows the fixes.
pub fn check(
    bytes: &[u8],
    fix: impl Fn(&Source, &Linted, &Options, Applicability) -> Option<Fixed>,
    diff: impl Fn(&FileReport, &Fixed) -> Option<(Vec<u8>, usize)>,
) {
    let (source, options, file) = super::lint::input(bytes);
    let least = match bytes.len() % 2 {
        0 => Applicability::Safe,
        _ => Applicability::Unsafe,
    };
    let mut linted = lint(&source, &options);
    verify(&source, &mut linted, &options);
    let chosen = linted.findings.iter().filter(|finding| finding.is_fixable(least)).count();
    let Some(fixed) = fix(&source, &linted, &options, least) else {
        // A fix that is offered can be made.
        assert_eq!(chosen, 0, "no fix was made: {}", source.text());
        return;
    };
    assert_ne!(fixed.source.bytes(), source.bytes(), "the fix changes nothing");
    super::lint::is_in_bounds(&fixed.source, &fixed.linted);
    let again = fix(&fixed.source, &fixed.linted, &options, least);
    assert!(again.is_none(), "a second fix changes something: {}", source.text());
    // What the fix says of the result is what a new run says.
    let mut after = lint(&fixed.source, &options);
    verify(&fixed.source, &mut after, &options);
    assert_eq!(keys(&after), keys(&fixed.linted), "{}", fixed.source.text());
    let left = after.findings.iter().filter(|finding| finding.is_fixable(least)).count();
    assert_eq!(left, 0, "fixes are left: {}", fixed.source.text());
    if let Some(file) = file.filter(|file| file.holder == Holder::File) {
        let (before, after) = (leaves(&file.inner), leaves(fixed.source.text()));
        is_changed_as_chosen(&before, &after);
    }
    let file = FileReport { path: "f".to_owned(), source, linted, hidden_mentions: 0 };
    let Some((text, masked)) = diff(&file, &fixed) else { return };
    let (old, new) =
        (file.source.bytes().unwrap_or_default(), fixed.source.bytes().unwrap_or_default());
    let applied = apply(&old, &text).expect("the diff applies");
    if masked == 0 {
        assert!(
            applied == new,
            "the diff makes something else of the file:\n{}",
            String::from_utf8_lossy(&text)
        );
    }
}

/// Returns what identifies the findings.
fn keys(linted: &Linted) -> Vec<(&'static str, Option<std::sync::Arc<str>>, usize)> {
    let findings = linted.findings.iter();
    findings
        .map(|finding| (finding.rule.name, finding.user.clone(), finding.primary.span.start()))
        .collect()
}

/// Checks that nothing but API versions and interactive modes changed.
fn is_changed_as_chosen(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    for (path, was) in before {
        match after.get(path) {
            Some(is) if is == was => {}
            Some(is) => {
                let is_version = path.ends_with("/exec/apiVersion") && is.starts_with(GROUP);
                assert!(is_version, "{path} was {was:?} and is {is:?}");
            }
            None => panic!("{path} is gone"),
        }
    }
    for path in after.keys().filter(|path| !before.contains_key(*path)) {
        assert!(path.ends_with("/exec/interactiveMode"), "{path} is new");
    }
}

/// Returns the scalars of a kubeconfig by their paths.
fn leaves(text: &str) -> BTreeMap<String, String> {
    let tree = yaml::parse(text);
    let mut leaves = BTreeMap::new();
    let roots = tree.documents.iter().filter_map(|document| document.root);
    let mut next: Vec<(String, NodeId)> = roots.map(|root| (String::new(), root)).collect();
    while let Some((path, id)) = next.pop() {
        match &tree.node(id).kind {
            NodeKind::Scalar { .. } => {
                leaves.insert(path, scalar(&tree, id, text));
            }
            _ => {
                let items = tree.items(id).iter().enumerate();
                next.extend(items.map(|(at, item)| (format!("{path}/{at}"), *item)));
                let pairs = tree.pairs(id).iter();
                next.extend(
                    pairs.map(|(key, value)| {
                        (format!("{path}/{}", scalar(&tree, *key, text)), *value)
                    }),
                );
            }
        }
    }
    leaves
}

fn scalar(tree: &Tree, id: NodeId, text: &str) -> String {
    tree.scalar(id, text).unwrap_or_default().to_owned()
}

/// Applies a unified diff.
///
/// # Errors
/// Says why it does not apply.
fn apply(old: &[u8], diff: &[u8]) -> Result<Vec<u8>, String> {
    let old: Vec<&[u8]> = old.split_inclusive(|byte| *byte == b'\n').collect();
    let mut lines = diff
        .split_inclusive(|byte| *byte == b'\n')
        .filter(|line| !line.starts_with(b"# "))
        .peekable();
    let mut new: Vec<u8> = Vec::new();
    let mut at = 0;
    for mark in ["--- ", "+++ "] {
        match lines.next() {
            None => return Ok(old.concat()),
            Some(line) if line.starts_with(mark.as_bytes()) => {}
            Some(line) => return Err(format!("no {mark}: {}", String::from_utf8_lossy(line))),
        }
    }
    while let Some(header) = lines.next() {
        let header = String::from_utf8_lossy(header).into_owned();
        let (start, mut taken, mut made) = ranges(&header).ok_or(format!("no hunk: {header}"))?;
        // A hunk without old lines comes after the line that it names.
        let start = if taken == 0 { start } else { start - 1 };
        new.extend(old.get(at..start).ok_or("hunks are not in order")?.concat());
        at = start;
        while taken > 0 || made > 0 {
            let line = lines.next().ok_or("the hunk breaks off")?;
            let (mark, line) = line.split_first().ok_or("an empty line")?;
            let mut line = line.to_vec();
            if lines.next_if(|next| next.starts_with(b"\\ No newline")).is_some() {
                line.pop();
            }
            if matches!(mark, b' ' | b'-') {
                if old.get(at).copied() != Some(&line[..]) {
                    return Err(format!(
                        "line {} is not {:?}",
                        at + 1,
                        String::from_utf8_lossy(&line)
                    ));
                }
                (at, taken) = (at + 1, taken - 1);
            }
            if matches!(mark, b' ' | b'+') {
                new.extend(&line);
                made -= 1;
            }
        }
    }
    new.extend(old.get(at..).unwrap_or_default().concat());
    Ok(new)
}

/// Reads `@@ -START,COUNT +START,COUNT @@`: the start and the count of old lines, and the count of
/// new ones.
fn ranges(header: &str) -> Option<(usize, usize, usize)> {
    let (old, new) = header.strip_prefix("@@ -")?.split_once(" +")?;
    let new = new.split(' ').next()?;
    let pair = |range: &str| match range.split_once(',') {
        Some((start, count)) => Some((start.parse().ok()?, count.parse().ok()?)),
        None => Some((range.parse().ok()?, 1)),
    };
    let ((start, taken), (_, made)): ((usize, usize), (usize, usize)) = (pair(old)?, pair(new)?);
    Some((start, taken, made))
}
