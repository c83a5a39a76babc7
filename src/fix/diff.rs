//! Unified diffs that `git apply` and `patch -p0` take.
//!
//! A diff shows lines as they are. A line that must not be shown (it holds a secret, or what a
//! terminal or a workflow would obey) is kept out of it: there is less context then, or no diff.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::report::escape;

/// So many lines around a change are shown, where they can be.
const CONTEXT: usize = 3;

/// The diff between two states of the file at `path` (relative, with `/`); `is_secret` says of a
/// line of the old one, counted from 0, whether it holds what no report may show.
///
/// Changes beside which such a value stands are left out, and the others still apply.
///
/// # Errors
///
/// Why there is no diff, in words without a full stop.
pub fn unified(
    path: &str,
    old: &[u8],
    new: &[u8],
    is_secret: &dyn Fn(usize) -> bool,
) -> Result<Diff, String> {
    let (old_lines, new_lines) = (lines(old), lines(new));
    let is_hidden =
        |line: usize| is_secret(line) || old_lines.get(line).is_some_and(|line| !is_harmless(line));
    let ops = capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines);
    let mut diff = Vec::new();
    for name in ["---", "+++"] {
        diff.extend_from_slice(format!("{name} {}\n", header(path)).as_bytes());
    }
    let (hunks, withheld) = hunks(&ops, old_lines.len(), &is_hidden);
    if hunks.is_empty() && withheld > 0 {
        return Err(REASON.to_owned());
    }
    for Hunk { old, new, ops } in hunks {
        let ranges = format!("@@ -{} +{} @@\n", numbers(&old), numbers(&new));
        diff.extend_from_slice(ranges.as_bytes());
        let mut at = old.start;
        for op in ops {
            push(&mut diff, b' ', &old_lines, at..op.old_range().start);
            push(&mut diff, b'-', &old_lines, op.old_range());
            push(&mut diff, b'+', &new_lines, op.new_range());
            at = op.old_range().end;
        }
        push(&mut diff, b' ', &old_lines, at..old.end);
    }
    Ok(Diff { text: diff, withheld })
}

/// A diff, and what is not in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Diff {
    /// The diff.
    pub text: Vec<u8>,
    /// How many changes are left out: they stand beside what no report may show.
    pub withheld: usize,
}

/// A diff of one file in git's colours.
pub fn colored(diff: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(diff.len() + diff.len() / 4);
    for (index, line) in lines(diff).into_iter().enumerate() {
        let color: &[u8] = match line.first() {
            // A removed line may itself begin with `--`.
            _ if index < 2 => b"\x1b[1m",
            Some(b'@') => b"\x1b[36m",
            Some(b'-') => b"\x1b[31m",
            Some(b'+') => b"\x1b[32m",
            _ => {
                out.extend_from_slice(line);
                continue;
            }
        };
        let text = line.trim_ascii_end();
        let end = line.get(text.len()..).unwrap_or(b"");
        out.extend([color, text, b"\x1b[m", end].concat());
    }
    out
}

/// The lines with their ends; only LF ends one, as git and patch see it.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Whether nothing in the line is more than text to a terminal, or to what reads a log.
fn is_harmless(line: &[u8]) -> bool {
    let text = String::from_utf8_lossy(line);
    let is_plain = |c: char| matches!(c, '\t' | '\n' | '\r') || !escape::is_invisible(c);
    text.chars().all(is_plain)
        && !text.trim_end_matches("\r\n").contains('\r')
        && !text.trim_start().starts_with("::")
        && !escape::holds_command(&text)
}

/// Changes that are shown together.
struct Hunk<'a> {
    old: Range<usize>,
    new: Range<usize>,
    ops: Vec<&'a DiffOp>,
}

fn hunks<'a>(
    ops: &'a [DiffOp],
    length: usize,
    is_hidden: &dyn Fn(usize) -> bool,
) -> (Vec<Hunk<'a>>, usize) {
    let is_change = |op: &&DiffOp| !matches!(op, DiffOp::Equal { .. });
    // Changes in order, and whether they are shown.
    let mut groups: Vec<(Vec<&DiffOp>, bool)> = Vec::new();
    for op in ops.iter().filter(is_change) {
        let mut range = op.old_range();
        let start = range.start;
        if range.any(is_hidden) {
            groups.push((vec![op], false));
            continue;
        }
        let last = groups.last().filter(|(_, is_shown)| *is_shown);
        let last = last.and_then(|(group, _)| group.last()).map(|last| last.old_range().end);
        let is_near =
            last.is_some_and(|last| start - last <= 2 * CONTEXT && !(last..start).any(is_hidden));
        match groups.last_mut() {
            Some((group, _)) if is_near => group.push(op),
            _ => groups.push((vec![op], true)),
        }
    }
    let (mut hunks, mut withheld) = (Vec::new(), 0);
    // How many lines the changes that are left out would have added or taken.
    let (mut added, mut taken) = (0, 0);
    for (group, is_shown) in groups {
        let lines = |count: fn(&DiffOp) -> usize| group.iter().map(|op| count(op)).sum::<usize>();
        let (new, old) = (lines(|op| op.new_range().len()), lines(|op| op.old_range().len()));
        let amount = group.len();
        match hunk(group, length, is_hidden).filter(|_| is_shown) {
            Some(mut hunk) => {
                let moved = |at: usize| at + taken - added;
                hunk.new = moved(hunk.new.start)..moved(hunk.new.end);
                hunks.push(hunk);
            }
            None => {
                withheld += amount;
                (added, taken) = (added + new, taken + old);
            }
        }
    }
    (hunks, withheld)
}

fn hunk<'a>(
    ops: Vec<&'a DiffOp>,
    length: usize,
    is_hidden: &dyn Fn(usize) -> bool,
) -> Option<Hunk<'a>> {
    let (first, last) = (ops.first()?, ops.last()?);
    let (start, end) = (first.old_range().start, last.old_range().end);
    let above = (0..start).rev().take(CONTEXT);
    let mut leading = above.take_while(|line| !is_hidden(*line)).count();
    let mut trailing = (end..length).take(CONTEXT).take_while(|line| !is_hidden(*line)).count();
    // A hunk with less context on one side counts as one at the start or the end of the file.
    if trailing < CONTEXT && end + trailing < length {
        leading = leading.min(trailing);
    }
    if leading < CONTEXT && leading < start {
        trailing = trailing.min(leading.max(1));
    }
    if trailing == 0 && end < length {
        return None;
    }
    let old = start - leading..end + trailing;
    let new = first.new_range().start - leading..last.new_range().end + trailing;
    Some(Hunk { old, new, ops })
}

const REASON: &str = "a changed line, or the one beside it, holds a value that no report may show";

/// The number of the first line, or of the one before where there is none, and how many.
fn numbers(lines: &Range<usize>) -> String {
    let start = if lines.is_empty() { lines.start } else { lines.start + 1 };
    format!("{start},{}", lines.len())
}

fn push(diff: &mut Vec<u8>, mark: u8, lines: &[&[u8]], range: Range<usize>) {
    for line in lines.get(range).unwrap_or(&[]) {
        diff.push(mark);
        diff.extend_from_slice(line);
        if !line.ends_with(b"\n") {
            diff.extend_from_slice(b"\n\\ No newline at end of file\n");
        }
    }
}

/// The name of the file as both programs read it: git takes the `./` away, patch keeps it.
fn header(path: &str) -> String {
    let name = if path.starts_with('/') { path.to_owned() } else { format!("./{path}") };
    let is_odd = |c: char| c.is_control() || matches!(c, '"' | '\\') || escape::is_invisible(c);
    // What a CI system obeys anywhere in a line is spelt out too.
    if name.contains(is_odd) || escape::holds_command(&name) {
        let mut quoted = String::from("\"");
        for byte in name.bytes() {
            match byte {
                b'"' | b'\\' => quoted.extend(['\\', char::from(byte)]),
                b' '..=b'~' if byte != b'[' => quoted.push(char::from(byte)),
                byte => quoted.push_str(&format!("\\{byte:03o}")),
            }
        }
        quoted.push('"');
        return quoted;
    }
    // A tab ends a name with blanks.
    if name.contains(' ') { name + "\t" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(old: &str, new: &str, secret: Option<&str>) -> Result<String, String> {
        let is_secret = |line: usize| {
            secret.is_some_and(|secret| old.split('\n').nth(line).unwrap().contains(secret))
        };
        let diff = unified("d/f", old.as_bytes(), new.as_bytes(), &is_secret)?;
        Ok(String::from_utf8(diff.text).unwrap())
    }

    /// What is left out moves the lines behind it by nothing.
    #[test]
    fn other_changes_are_shown_beside_one_that_is_not() {
        let old = "1\nS\n3\n4\n5\n6\n7\n8\n9\n";
        let new = "1\nT\nU\n3\n4\n5\n6\nX\n8\n9\n";
        let is_secret = |line: usize| line == 1;
        let diff = unified("d/f", old.as_bytes(), new.as_bytes(), &is_secret).unwrap();
        let shown = "@@ -4,6 +4,6 @@\n 4\n 5\n 6\n-7\n+X\n 8\n 9\n";
        assert_eq!(String::from_utf8(diff.text).unwrap(), format!("{HEAD}{shown}"));
        assert_eq!(diff.withheld, 1);
    }

    const HEAD: &str = "--- ./d/f\n+++ ./d/f\n";

    #[test]
    fn a_change_is_shown_with_what_is_around_it() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9";
        let new = "1\n2\n3\n4\nX\nY\n6\n7\n8\n9";
        let shown = "@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+X\n+Y\n 6\n 7\n 8\n";
        assert_eq!(diff(old, new, None), Ok(format!("{HEAD}{shown}")));
        let shown = "@@ -7,3 +7,3 @@\n 7\n 8\n-9\n\\ No newline at end of file\n+X\n\\ No newline at end of file\n";
        let new = "1\n2\n3\n4\n5\n6\n7\n8\nX";
        let shown =
            format!("{HEAD}{}", shown.replacen("@@ -7,3 +7,3 @@\n", "@@ -6,4 +6,4 @@\n 6\n", 1));
        assert_eq!(diff(old, new, None), Ok(shown));
    }

    #[test]
    fn what_must_not_be_shown_is_not() {
        let old = "1\n2\ntoken: S\n4\n5\n6\n7\n";
        let new = "1\n2\ntoken: S\n4\nX\n6\n7\n";
        let shown = "@@ -4,3 +4,3 @@\n 4\n-5\n+X\n 6\n";
        assert_eq!(diff(old, new, Some("S")), Ok(format!("{HEAD}{shown}")));
        assert!(diff(old, new, Some("5")).is_err());
        assert!(diff(old, new, Some("6")).is_err());
        let shown = "@@ -5,2 +5,2 @@\n-5\n+X\n 6\n";
        assert_eq!(diff(old, new, Some("4")), Ok(format!("{HEAD}{shown}")));
        assert!(diff("1\n2 ##vso[x]y\n", "1\n3 ##vso[x]y\n", None).is_err());
        let old = "1\n\x1b[31m\n3\n4\n::error::x\n";
        let new = "1\n\x1b[31m\n3\nX\n::error::x\n";
        assert!(diff(old, new, None).is_err());
    }

    #[test]
    fn colors_follow_the_kind_of_each_line() {
        let plain = diff("1\n-- 2\n3", "1\n++ 2\r\n3", None).unwrap();
        let colored = String::from_utf8(colored(plain.as_bytes())).unwrap();
        let expected = "\x1b[1m--- ./d/f\x1b[m\n\x1b[1m+++ ./d/f\x1b[m\n\x1b[36m@@ -1,3 +1,3 @@\x1b[m\n \
                        1\n\x1b[31m--- 2\x1b[m\n\x1b[32m+++ 2\x1b[m\r\n 3\n\\ No newline at end of file\n";
        assert_eq!(colored, expected);
    }

    #[test]
    fn odd_names_are_quoted() {
        assert_eq!(header("a b"), "./a b\t");
        assert_eq!(header("a\n\"é"), "\"./a\\012\\\"\\303\\251\"");
        assert_eq!(header("##vso[x]"), "\"./##vso\\133x]\"");
        assert_eq!(header("/a"), "/a");
        assert_eq!(header("é"), "./é");
    }
}
