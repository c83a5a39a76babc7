//! Unified diffs that `git apply` and `patch -p0` accept.
//!
//! A diff shows lines as they are. Its context ends at the first line that is not known to be harmless,
//! but for the line below a change, which git needs. A change of a line that must not be shown, because
//! it contains a secret or something that a terminal or a workflow would obey, or of the line above it,
//! is shown in comments, masked and escaped: both programs skip them.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::text::escape;

use super::decoded_lines::DecodedChange;

/// Limit on the lines of context on each side of a change.
const CONTEXT: usize = 3;

/// One state of a file.
pub(crate) struct Side<'a> {
    /// The bytes of the file.
    pub bytes: &'a [u8],
    /// Returns the line (0-based) with its secrets masked; `None` if it has none.
    pub masked: &'a dyn Fn(usize) -> Option<String>,
}

/// Returns the diff between two states of the file at `path` (relative, with `/`).
///
/// `is_context` says of a line of the old state (0-based) whether it may be shown around a change.
///
/// Comments before it show the changes in base64. Changes next to a secret follow in comments; the
/// others still apply.
pub(crate) fn unified(
    path: &str,
    old: &Side<'_>,
    new: &Side<'_>,
    is_context: &dyn Fn(usize) -> bool,
    in_base64: &[DecodedChange],
) -> Diff {
    let (old, new) = (Lines::of(old), Lines::of(new));
    let shown = Shown {
        is_hidden: &|line| old.is_hidden(line),
        is_context: &|line| is_context(line) && !old.is_hidden(line),
    };
    let ops = capture_diff_slices(Algorithm::Myers, &old.lines, &new.lines);
    let (hunks, masked) = hunks(&ops, old.lines.len(), &shown);
    let mut diff = Vec::new();
    for DecodedChange { file_line, line, removed, added } in in_base64 {
        let place = format!("{}:{file_line}", header(path).trim_end());
        diff.extend_from_slice(
            format!("# {place}, line {line} of the decoded base64:\n").as_bytes(),
        );
        for (mark, lines) in [('-', removed), ('+', added)] {
            for line in lines {
                diff.extend_from_slice(format!("# {mark}{}\n", visible_cells(line)).as_bytes());
            }
        }
    }
    if !hunks.is_empty() {
        for name in ["---", "+++"] {
            diff.extend_from_slice(format!("{name} {}\n", header(path)).as_bytes());
        }
    }
    for hunk in hunks {
        diff.extend_from_slice(hunk.ranges().as_bytes());
        hunk.each_line(|mark, line| {
            let side = if mark == b'+' { &new } else { &old };
            push(&mut diff, mark, side.lines.get(line).copied().unwrap_or_default());
        });
    }
    let mut has_note = false;
    let count = masked.iter().map(|hunk| hunk.ops.len()).sum();
    for hunk in masked {
        let (mut taken, mut added, mut lines) = (Vec::new(), Vec::new(), String::new());
        hunk.each_line(|mark, line| {
            let text = if mark == b'+' { new.shown(line) } else { old.shown(line) };
            lines.push_str(&format!("# {}{text}\n", char::from(mark)));
            match mark {
                b'-' => taken.push(text),
                b'+' => added.push(text),
                _ => {}
            }
        });
        let is_inside = taken == added;
        // The comments above show what changes in the base64.
        let is_told = |change: &DecodedChange| hunk.old.contains(&(change.file_line - 1));
        if is_inside && in_base64.iter().any(is_told) {
            continue;
        }
        if !has_note {
            diff.extend_from_slice(format!("# {}: {NOTE}\n", header(path).trim_end()).as_bytes());
            has_note = true;
        }
        diff.extend_from_slice(format!("# {}{lines}", hunk.ranges()).as_bytes());
        if is_inside {
            diff.extend_from_slice(b"# (the change is inside a masked value)\n");
        }
    }
    Diff { text: diff, masked: count }
}

/// The text at the start of the comments.
const NOTE: &str = "git apply and patch skip the lines below: secrets are shown as *** there, and \
                    control characters escaped";

/// A diff, and how much of it does not apply.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Diff {
    /// The text of the diff.
    pub text: Vec<u8>,
    /// How many changes are shown in comments.
    pub masked: usize,
}

/// The lines of one side.
struct Lines<'a> {
    lines: Vec<&'a [u8]>,
    masked: &'a dyn Fn(usize) -> Option<String>,
}

impl<'a> Lines<'a> {
    fn of(side: &Side<'a>) -> Self {
        Self { lines: lines(side.bytes), masked: side.masked }
    }

    fn is_hidden(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(|line| !is_harmless(line)) || (self.masked)(line).is_some()
    }

    /// Returns the line without its end, with secrets masked and terminal controls spelled out.
    fn shown(&self, line: usize) -> String {
        let text = (self.masked)(line).unwrap_or_else(|| {
            String::from_utf8_lossy(self.lines.get(line).copied().unwrap_or_default()).into_owned()
        });
        visible_cells(text.trim_end_matches(['\r', '\n']))
    }
}

/// Spells out terminal controls. Splits at tabs to keep them: `visible` would spell them out.
fn visible_cells(text: &str) -> String {
    let cells: Vec<_> = text.split('\t').map(escape::visible).collect();
    cells.join("\t")
}

/// Colors the diff of one file as git does.
pub(crate) fn colored(diff: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(diff.len() + diff.len() / 4);
    // The names of the file come first, but for comments.
    let mut names = 0..2;
    for line in lines(diff) {
        let color: &[u8] = match line.first() {
            Some(b'#') => match line.get(2) {
                Some(b'-') => b"\x1b[31m",
                Some(b'+') => b"\x1b[32m",
                _ => b"\x1b[36m",
            },
            // A removed line may itself begin with `--`.
            _ if names.next().is_some() => b"\x1b[1m",
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

/// Returns the lines with their ends. Only LF ends a line, as in git and patch.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Returns whether terminals and log readers see nothing but text in the line.
fn is_harmless(line: &[u8]) -> bool {
    let text = String::from_utf8_lossy(line);
    let is_plain = |c: char| matches!(c, '\t' | '\n' | '\r') || !escape::is_invisible(c);
    // What is not UTF-8 is shown as it is, and a terminal may read single bytes as controls.
    let is_control = |byte: &u8| (0x80..0xa0).contains(byte);
    text.chars().all(is_plain)
        && !line.utf8_chunks().any(|chunk| chunk.invalid().iter().any(is_control))
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

impl Hunk<'_> {
    fn ranges(&self) -> String {
        format!("@@ -{} +{} @@\n", numbers(&self.old), numbers(&self.new))
    }

    /// Calls `show` for each line, in order, with its mark and its number in its side (0-based; for
    /// context lines, in the old side).
    fn each_line(&self, mut show: impl FnMut(u8, usize)) {
        let mut at = self.old.start;
        for op in &self.ops {
            let lines = |mark, range: Range<usize>| range.map(move |line| (mark, line));
            let context = lines(b' ', at..op.old_range().start);
            let changed = lines(b'-', op.old_range()).chain(lines(b'+', op.new_range()));
            context.chain(changed).for_each(|(mark, line)| show(mark, line));
            at = op.old_range().end;
        }
        (at..self.old.end).for_each(|line| show(b' ', line));
    }
}

/// Which lines of the old side (0-based) may be shown.
struct Shown<'a> {
    /// Whether the line may not be shown as it is.
    is_hidden: &'a dyn Fn(usize) -> bool,
    /// Whether it may be shown although no change needs it.
    is_context: &'a dyn Fn(usize) -> bool,
}

/// Returns the hunks that can be shown as they are, and those that must be masked.
fn hunks<'a>(
    ops: &'a [DiffOp],
    length: usize,
    shown: &Shown<'_>,
) -> (Vec<Hunk<'a>>, Vec<Hunk<'a>>) {
    let is_hidden = shown.is_hidden;
    let is_change = |op: &&DiffOp| !matches!(op, DiffOp::Equal { .. });
    // The changes in order, and whether each group is shown as it is.
    let mut groups: Vec<(Vec<&DiffOp>, bool)> = Vec::new();
    for op in ops.iter().filter(is_change) {
        let mut range = op.old_range();
        let start = range.start;
        // git reads a hunk that ends with a change as one at the end of the file. So a change applies
        // only if the line below it can be shown.
        let end = range.end;
        let is_plain = !range.any(is_hidden) && (end >= length || (shown.is_context)(end));
        let last = groups.last().filter(|(_, was_plain)| *was_plain == is_plain);
        let last = last.and_then(|(group, _)| group.last()).map(|last| last.old_range().end);
        let is_near = last
            .is_some_and(|last| start - last <= 2 * CONTEXT && (last..start).all(shown.is_context));
        match groups.last_mut() {
            Some((group, _)) if is_near => group.push(op),
            _ => groups.push((vec![op], is_plain)),
        }
    }
    let (mut hunks, mut masked) = (Vec::new(), Vec::new());
    // How many lines the changes that do not apply would add and remove.
    let (mut added, mut taken) = (0, 0);
    for (group, is_plain) in groups {
        let lines = |count: fn(&DiffOp) -> usize| group.iter().map(|op| count(op)).sum::<usize>();
        let (new, old) = (lines(|op| op.new_range().len()), lines(|op| op.old_range().len()));
        let Some(mut hunk) = hunk(&group, length, is_plain, shown.is_context) else { continue };
        if is_plain {
            let moved = |at: usize| at + taken - added;
            hunk.new = moved(hunk.new.start)..moved(hunk.new.end);
            hunks.push(hunk);
        } else {
            (added, taken) = (added + new, taken + old);
            masked.push(hunk);
        }
    }
    (hunks, masked)
}

/// Returns the hunk of some changes; `None` if there are none. One that applies has at least one line
/// below them.
fn hunk<'a>(
    ops: &[&'a DiffOp],
    length: usize,
    applies: bool,
    is_context: &dyn Fn(usize) -> bool,
) -> Option<Hunk<'a>> {
    let (first, last) = (ops.first()?, ops.last()?);
    let (start, end) = (first.old_range().start, last.old_range().end);
    let above = (0..start).rev().take(CONTEXT);
    let mut leading = above.take_while(|line| is_context(*line)).count();
    let mut trailing = (end..length).take(CONTEXT).take_while(|line| is_context(*line)).count();
    if applies {
        trailing = trailing.max(1).min(length - end);
        // git and patch read a hunk with less context on one side as one at the start or the end of
        // the file.
        if trailing < CONTEXT && end + trailing < length {
            leading = leading.min(trailing);
        }
        if leading < CONTEXT && leading < start {
            trailing = trailing.min(leading.max(1));
        }
    }
    let old = start - leading..end + trailing;
    let new = first.new_range().start - leading..last.new_range().end + trailing;
    Some(Hunk { old, new, ops: ops.to_vec() })
}

/// Formats a range as the number of its first line (of the line before it, if empty) and its
/// length.
fn numbers(lines: &Range<usize>) -> String {
    let start = if lines.is_empty() { lines.start } else { lines.start + 1 };
    format!("{start},{}", lines.len())
}

fn push(diff: &mut Vec<u8>, mark: u8, line: &[u8]) {
    diff.push(mark);
    diff.extend_from_slice(line);
    if !line.ends_with(b"\n") {
        diff.extend_from_slice(b"\n\\ No newline at end of file\n");
    }
}

/// Returns the file name in a form that works for both programs: git strips the `./`, patch keeps
/// it.
fn header(path: &str) -> String {
    let name = if path.starts_with('/') { path.to_owned() } else { format!("./{path}") };
    let is_odd = |c: char| c.is_control() || matches!(c, '"' | '\\') || escape::is_invisible(c);
    // Also escape what a CI system obeys anywhere in a line.
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
    // A tab ends a name that contains blanks.
    if name.contains(' ') { name + "\t" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the diff; lines that contain `secret` are hidden.
    fn diff(old: &str, new: &str, secret: Option<&str>) -> Diff {
        let masked = |text: &str, line: usize| {
            let line = text.split('\n').nth(line).unwrap();
            let secret = secret.filter(|secret| line.contains(secret))?;
            Some(line.replace(secret, "***"))
        };
        let is_context = &|line| !old.split('\n').nth(line).unwrap().contains('?');
        unified(
            "d/f",
            &Side { bytes: old.as_bytes(), masked: &|line| masked(old, line) },
            &Side { bytes: new.as_bytes(), masked: &|line| masked(new, line) },
            is_context,
            &[],
        )
    }

    fn shown(old: &str, new: &str, secret: Option<&str>) -> String {
        let diff = diff(old, new, secret);
        assert_eq!(diff.masked, 0);
        String::from_utf8(diff.text).unwrap()
    }

    #[test]
    fn diff_knows_lines_that_are_more_than_text() {
        for (line, expected) in [
            (&b"a: b\tc\r\n"[..], true),
            (b"", true),
            (b"caf\xe9\n", true),
            (b"\x9b31m\n", false),
            (b"a\rb\n", false),
            (b"a\x1b[31m\n", false),
            ("a\u{202e}b\n".as_bytes(), false),
            (b"  ::error::a\n", false),
        ] {
            assert_eq!(is_harmless(line), expected, "{line:?}");
        }
    }

    /// A masked change does not shift the line numbers of the changes after it.
    #[test]
    fn diff_masks_changes_beside_secrets_in_comments() {
        let old = "1\nS a\n3\n4\n5\n6\n7\n8\n9\n";
        let new = "1\nS b\nU\n3\n4\n5\n6\nX\n8\n9\n";
        let diff = diff(old, new, Some("S"));
        let shown = "@@ -4,6 +4,6 @@\n 4\n 5\n 6\n-7\n+X\n 8\n 9\n";
        let comments = "# @@ -1,5 +1,6 @@\n#  1\n# -*** a\n# +*** b\n# +U\n#  3\n#  4\n#  5\n";
        let expected = format!("{HEAD}{shown}# ./d/f: {NOTE}\n{comments}");
        assert_eq!(String::from_utf8(diff.text).unwrap(), expected);
        assert_eq!(diff.masked, 1);
    }

    #[test]
    fn diff_escapes_log_commands_in_comments() {
        for (old, new, comments) in [
            (
                "1\n2 ##vso[x]y\n",
                "1\n3 ##vso[x]y\n",
                "#  1\n# -2 ##vso\\u{5b}x]y\n# +3 ##vso\\u{5b}x]y\n",
            ),
            ("\x1b[31m\n3\n::e::x\n", "\x1b[32m\nX\n::e::x\n", "# -␛[31m\n# -3\n# +␛[32m\n# +X\n"),
            ("a\n\tS\n", "a\n\tSS\n", "#  a\n# -\t***\n# +\t******\n"),
            ("S\nS1\n", "S\nS2\n", "# -***1\n# +***2\n"),
        ] {
            let diff = diff(old, new, Some("S"));
            let text = String::from_utf8(diff.text).unwrap();
            assert_eq!(text.split_once("@@\n").unwrap().1, comments);
            assert!(text.lines().all(|line| line.starts_with('#')) && diff.masked == 1, "{text}");
        }
    }

    /// Only the change whose next line is hidden does not apply.
    #[test]
    fn diff_masks_no_change_for_another_beside_it() {
        let old = "1\n2\n3\n4\n5\nS\n7\n8\n";
        let new = "1\nX\n3\n4\nY\nS\nZ\n8\n";
        let diff = diff(old, new, Some("S"));
        let shown = "@@ -1,5 +1,5 @@\n 1\n-2\n+X\n 3\n 4\n 5\n@@ -7,2 +7,2 @@\n-7\n+Z\n 8\n";
        let comments = "# @@ -2,4 +2,4 @@\n#  2\n#  3\n#  4\n# -5\n# +Y\n";
        let expected = format!("{HEAD}{shown}# ./d/f: {NOTE}\n{comments}");
        assert_eq!(String::from_utf8(diff.text).unwrap(), expected);
        assert_eq!(diff.masked, 1);
    }

    const HEAD: &str = "--- ./d/f\n+++ ./d/f\n";

    #[test]
    fn diff_shows_three_lines_of_context() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9";
        let new = "1\n2\n3\n4\nX\nY\n6\n7\n8\n9";
        let shown = "@@ -2,7 +2,8 @@\n 2\n 3\n 4\n-5\n+X\n+Y\n 6\n 7\n 8\n";
        assert_eq!(self::shown(old, new, None), format!("{HEAD}{shown}"));
        let shown = "@@ -7,3 +7,3 @@\n 7\n 8\n-9\n\\ No newline at end of file\n+X\n\\ No newline at end of file\n";
        let new = "1\n2\n3\n4\n5\n6\n7\n8\nX";
        let shown =
            format!("{HEAD}{}", shown.replacen("@@ -7,3 +7,3 @@\n", "@@ -6,4 +6,4 @@\n 6\n", 1));
        assert_eq!(self::shown(old, new, None), shown);
    }

    #[test]
    fn diff_drops_context_lines_with_secrets() {
        let old = "1\n2\ntoken: S\n4\n5\n6\n7\n";
        let new = "1\n2\ntoken: S\n4\nX\n6\n7\n";
        let hunk = "@@ -4,3 +4,3 @@\n 4\n-5\n+X\n 6\n";
        assert_eq!(shown(old, new, Some("S")), format!("{HEAD}{hunk}"));
        assert_eq!(diff(old, new, Some("5")).masked, 1);
        assert_eq!(diff(old, new, Some("6")).masked, 1);
        let hunk = "@@ -5,2 +5,2 @@\n-5\n+X\n 6\n";
        assert_eq!(shown(old, new, Some("4")), format!("{HEAD}{hunk}"));
    }

    #[test]
    fn diff_shows_only_harmless_lines_around_changes() {
        let old = "1\n2?\n3\n4\n5\n6?\n7\n8\n9\n10?\n11\n";
        let new = "1\n2?\n3\nX\n5\n6?\n7\nY\n9\n10?\n11\n";
        let hunks = "@@ -3,3 +3,3 @@\n 3\n-4\n+X\n 5\n@@ -7,3 +7,3 @@\n 7\n-8\n+Y\n 9\n";
        assert_eq!(shown(old, new, None), format!("{HEAD}{hunks}"));
        let in_comments = |old: &str, new, secret, count, comments| {
            let diff = diff(old, new, secret);
            let text = String::from_utf8(diff.text).unwrap();
            assert_eq!(text, format!("# ./d/f: {NOTE}\n{comments}"));
            assert_eq!(diff.masked, count);
        };
        let comments = "# @@ -3,3 +3,3 @@\n#  3\n# -***\n# +X\n#  5\n\
                        # @@ -7,3 +7,3 @@\n#  7\n# -***\n# +Y\n#  9\n";
        in_comments(&old.replace(['4', '8'], "S"), new, Some("S"), 2, comments);
        // git needs the line below a change, and comments need no line.
        let comments = "# @@ -1,2 +1,2 @@\n#  1\n# -2\n# +X\n";
        in_comments("1\n2\n3?\n", "1\nX\n3?\n", None, 1, comments);
    }

    #[test]
    fn diff_colors_each_kind_of_line() {
        let plain = shown("1\n-- 2\n3", "1\n++ 2\r\n3", None);
        let colored = String::from_utf8(colored(plain.as_bytes())).unwrap();
        let expected = "\x1b[1m--- ./d/f\x1b[m\n\x1b[1m+++ ./d/f\x1b[m\n\x1b[36m@@ -1,3 +1,3 @@\x1b[m\n \
                        1\n\x1b[31m--- 2\x1b[m\n\x1b[32m+++ 2\x1b[m\r\n 3\n\\ No newline at end of file\n";
        assert_eq!(colored, expected);
    }

    #[test]
    fn diff_header_quotes_odd_names() {
        assert_eq!(header("a b"), "./a b\t");
        assert_eq!(header("a\"b"), "\"./a\\\"b\"");
        assert_eq!(header("a\\b"), "\"./a\\\\b\"");
        assert_eq!(header("a\n\"é"), "\"./a\\012\\\"\\303\\251\"");
        assert_eq!(header("##vso[x]"), "\"./##vso\\133x]\"");
        assert_eq!(header("/a"), "/a");
        assert_eq!(header("é"), "./é");
    }
}
