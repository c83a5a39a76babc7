//! Translates edits of an embedded text into edits of the enclosing one.
//!
//! Inserted text must obey the enclosing syntax (escapes, indentation, `> ` prefixes). We do not
//! model each syntax: a character with several spellings is spelled like its nearest occurrence.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::finding::Finding;
use crate::finding::change::{Change, Edit, Encoded, Form};
use crate::finding::fix::Fix;
use crate::text::offsets::OffsetMap;
use crate::text::source::{Span, window_after, window_before};

/// The characters with several spellings.
const MARKS: [char; 6] = ['\n', '\r', '\t', '"', '\'', '\\'];

/// Embedded texts and their spelling in the enclosing text, by the place and the address of the
/// embedded text. The text is kept alive so that no other text gets its address.
type OuterTexts = HashMap<(usize, usize), (Arc<str>, Arc<str>)>;

/// An embedded text and the text that encloses it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Enclosure<'a> {
    /// Maps offsets of the embedded text to the enclosing one.
    pub(crate) map: &'a OffsetMap,
    /// The embedded text.
    pub(crate) inner: &'a str,
    /// The enclosing text.
    pub(crate) outer: &'a str,
    /// Whether the embedded text is encoded in base64.
    pub(crate) base64: bool,
}

impl Enclosure<'_> {
    /// Turns the fixes of the findings into changes of the enclosing text, and drops those that
    /// cannot be written there.
    pub(crate) fn reencode<'f>(&self, findings: impl Iterator<Item = &'f mut Finding>) {
        let mut findings = findings.filter(|finding| finding.fix.is_some()).peekable();
        if findings.peek().is_none() {
            return;
        }
        if self.base64 {
            let place = self.map.outer(Span::new(0, self.map.len()));
            let old = self.outer.get(place.range()).filter(|old| !self.is_cut_off(place, old));
            let form = old.and_then(|old| Form::of(old, self.inner));
            let form = form.map(|(form, joint)| (Arc::new(form), joint));
            for finding in findings {
                finding.fix = finding.fix.take().and_then(|fix| {
                    let (form, joint) = form.clone()?;
                    let changes = fix.changes;
                    let encoded = Encoded { span: place, form, joint, changes };
                    let changes = vec![Change::Base64(Box::new(encoded))];
                    Some(Box::new(Fix { changes, ..*fix }))
                });
            }
            return;
        }
        let mut known = HashMap::new();
        for finding in findings {
            finding.fix =
                finding.fix.take().and_then(|fix| self.fix(*fix, &mut known)).map(Box::new);
        }
    }

    /// Turns a fix into changes of the enclosing text. Edits that share a text still share it
    /// afterwards.
    fn fix(&self, fix: Fix, known: &mut OuterTexts) -> Option<Fix> {
        let change = |change: Change| {
            let inner = change.span();
            let span = self.map.exact(inner)?;
            Some(match change {
                Change::Text(Edit { text, .. }) => {
                    Change::Text(Edit { span, text: self.outside(inner, text, known)? })
                }
                Change::Base64(encoded) => {
                    // The whole string may be only a part of base64 that spans the adjacent
                    // strings.
                    if self.is_cut_off(span, self.outer.get(span.range())?) {
                        return None;
                    }
                    let joint = self.outside(inner, encoded.joint, known)?;
                    Change::Base64(Box::new(Encoded { span, joint, ..*encoded }))
                }
            })
        };
        let changes = fix.changes.into_iter().map(change).collect::<Option<Vec<_>>>()?;
        Some(Fix { changes, ..fix })
    }

    /// Returns how the text that replaces `place` is spelled in the enclosing text.
    fn outside(&self, place: Span, text: Arc<str>, known: &mut OuterTexts) -> Option<Arc<str>> {
        let key = (place.start(), Arc::as_ptr(&text).cast::<u8>() as usize);
        let outside = match known.get(&key) {
            Some((_, outside)) => Arc::clone(outside),
            None if self.is_folded(place)? => self.with_line_breaks(place, &text)?,
            None => self.written(place.start(), &text)?,
        };
        known.insert(key, (text, Arc::clone(&outside)));
        Some(outside)
    }

    /// Returns whether line breaks of the enclosing text are blanks in the embedded one.
    fn is_folded(&self, span: Span) -> Option<bool> {
        let breaks = |text: &str| text.matches('\n').count();
        let outer = self.outer.get(self.map.outer(span).range())?;
        Some(breaks(outer) > breaks(self.inner.get(span.range())?))
    }

    /// Returns the text with its blanks replaced by the line breaks that blanks at this place stand
    /// for.
    fn with_line_breaks(&self, place: Span, text: &str) -> Option<Arc<str>> {
        let inner = self.inner.get(place.range())?;
        let places = inner.match_indices(' ').map(|(at, _)| place.start() + at);
        let outer = |at| self.outer.get(self.map.outer(Span::new(at, at + 1)).range());
        let fold = places.filter_map(outer).find(|fold| fold.contains('\n'))?;
        Some(text.replace(' ', fold).into())
    }

    /// Returns whether the base64 may be only a part of a longer one: more base64 precedes it, or
    /// follows it without padding in between, separated only by what joins lines and strings.
    fn is_cut_off(&self, place: Span, old: &str) -> bool {
        let before = window_before(self.outer, place.start());
        let after = window_after(self.outer, place.end());
        let goes_on = is_part(word_after(after))
            || ends_below(before, after)
            || (joins_string(after) && !ends_text(old));
        is_part(word_before(before)) || (goes_on && !old.ends_with('='))
    }

    /// Returns how a text at the embedded offset `at` is spelled in the enclosing text.
    fn written(&self, at: usize, text: &Arc<str>) -> Option<Arc<str>> {
        if !text.contains(MARKS) {
            return Some(Arc::clone(text));
        }
        let mut written = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                c if MARKS.contains(&c) => {
                    let model = self.nearest(at, c)?;
                    let start = self.map.outer(Span::at(model)).start();
                    // The indentation of the next line belongs to the line break.
                    let end = match c {
                        '\n' => self.map.outer(Span::at(model + 1)).start(),
                        _ => self.map.outer(Span::new(model, model + 1)).end(),
                    };
                    let model = self.outer.get(start..end)?;
                    // An HTML tag at the start of the next line is not indentation.
                    if model.contains('<') {
                        return None;
                    }
                    written.push_str(model);
                }
                c => written.push(c),
            }
        }
        Some(written.into())
    }

    /// Returns the nearest occurrence of the character, preferably before `at`.
    fn nearest(&self, at: usize, c: char) -> Option<usize> {
        let is_model = |(found, _): &(usize, &str)| {
            // Not a model: an empty line need not be indented.
            let rest = self.inner.get(found + 1..).unwrap_or("");
            c != '\n' || !(rest.is_empty() || rest.starts_with(['\n', '\r']))
        };
        let (before, after) = self.inner.split_at_checked(at)?;
        let found = before.rmatch_indices(c).find(is_model).map(|(found, _)| found);
        let shifted = || {
            let mut after = after.match_indices(c).map(|(found, c)| (at + found, c));
            after.find(is_model).map(|(found, _)| found)
        };
        found.or_else(shifted)
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '-' | '_' | '=')
}

/// Limit on the bytes between two parts of one base64 value.
const MAX_GAP: usize = 64;

/// Returns the word before a place, without the letter of an escaped line break.
fn word_before(text: &str) -> &str {
    let rest = text.trim_end_matches(|c| !is_letter(c));
    let is_near = text.len() - rest.len() <= MAX_GAP;
    let word = rest.rsplit(|c| !is_letter(c)).next().filter(|_| is_near).unwrap_or("");
    if word == "n" { word_before(rest.strip_suffix('n').unwrap_or("")) } else { word }
}

/// Strips the list and comment marks at the start of a text; their characters also occur in base64.
fn without_marks(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(inner) =
        ["//", "- ", "-- ", "# ", "* ", "> "].into_iter().find_map(|mark| rest.strip_prefix(mark))
    {
        rest = inner.trim_start();
    }
    rest
}

/// Returns the word after a place.
fn word_after(text: &str) -> &str {
    let rest = without_marks(text.trim_start_matches(|c| !is_letter(c)));
    let is_near = text.len() - rest.len() <= MAX_GAP;
    let word = rest.split(|c| !is_letter(c)).next().filter(|_| is_near).unwrap_or("");
    // The letter of an escaped line break.
    let is_escape = text.strip_suffix(rest).is_some_and(|between| between.ends_with('\\'));
    match word.strip_prefix('n').filter(|_| is_escape) {
        Some("") => word_after(rest.strip_prefix('n').unwrap_or("")),
        Some(word) => word,
        None => word,
    }
}

/// Returns whether a word looks like base64: 12 bytes or more with upper case, lower case and
/// digits, or 32 or more without digits, which is too long for a name.
fn is_part(word: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
    let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    word.len() >= 12 && is_mixed && (has(u8::is_ascii_digit) || word.len() >= 32)
}

/// Returns whether another string follows, separated only by what joins strings.
fn joins_string(after: &str) -> bool {
    let Some(rest) = after.strip_prefix(['"', '\'', '`']) else { return false };
    let is_joint = |c: char| c.is_whitespace() || matches!(c, ',' | '+' | '.' | '\\' | '&');
    rest.trim_start_matches(is_joint).starts_with(['"', '\'', '`'])
}

/// Returns whether unpadded base64 decodes to a text that ends as files do.
fn ends_text(old: &str) -> bool {
    let letters: String = old.chars().filter(|c| !c.is_whitespace()).collect();
    let tail = match letters.len() % 4 {
        0 => 4,
        rest => rest,
    };
    let tail = letters.len().checked_sub(tail).and_then(|at| letters.get(at..)).unwrap_or("");
    let bytes = URL_SAFE_NO_PAD.decode(tail.replace('+', "-").replace('/', "_"));
    bytes.is_ok_and(|bytes| matches!(bytes.last(), Some(b'\n' | b'}')))
}

/// Returns whether the line below or the next string holds only a few letters, which is the end of
/// wrapped base64.
fn ends_below(before: &str, after: &str) -> bool {
    let is_joint = |c: char| !is_letter(c) && c != '\n';
    let first = |text: &str| text.trim_start_matches(is_joint).starts_with(is_letter);
    let mut lines = after.split('\n');
    let own = lines.next().unwrap_or("");
    // An escaped line break, or a string that is joined to the next.
    if let Some((_, rest)) = own.split_once("\\n").or_else(|| own.split_once("\\r")) {
        let word = rest.find(|c| !is_letter(c)).map_or(rest, |end| rest.get(..end).unwrap_or(""));
        return !word.is_empty();
    }
    if own.contains('+') && first(own) {
        return true;
    }
    let below = lines.find(|line| !line.trim().is_empty()).unwrap_or("");
    let below = without_marks(below);
    let is_around = |c: char| c.is_whitespace() || "\"'`,;)]}\\+>".contains(c);
    let below = below.trim_matches(is_around);
    // The word that ends a heredoc is not base64.
    let heredoc = before.rsplit_once("<<").map_or("", |(_, rest)| rest);
    let heredoc = heredoc.trim_start_matches(['-', '~', ' ', '\'', '"', '\\']);
    let is_end = !below.is_empty() && heredoc.starts_with(below);
    // `---` starts a document.
    let is_word = below.contains(|c: char| c.is_ascii_alphanumeric() || c == '=');
    is_word && !is_end && below.chars().all(is_letter)
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::edit::compose::edited;
    use crate::finding::few::Few;
    use crate::finding::fix::Applicability;
    use crate::syntax::escape;
    use crate::syntax::html;
    use crate::syntax::layout;
    use crate::syntax::yaml;
    use crate::text::message::Message;
    use crate::text::offsets::Mapped;

    fn fix(edit: Edit) -> Fix {
        let applicability = Applicability::Safe;
        let (notes, intent) = (Few::default(), crate::finding::fix::Intent::default());
        let changes = vec![edit.into()];
        Fix { message: Message::default(), changes, applicability, doubt: None, notes, intent }
    }

    fn carried(enclosure: Enclosure<'_>, edit: Edit) -> Option<Fix> {
        let mut finding = Finding::new(crate::rule::RULES[0], Span::default(), "");
        finding.fix = Some(Box::new(fix(edit)));
        enclosure.reencode(std::iter::once(&mut finding));
        finding.fix.map(|fix| *fix)
    }

    /// Returns `outer` with `new` inserted after the first `mark` of its embedded text.
    fn inserted(outer: &str, inner: &Mapped, mark: &str, new: &str) -> Option<String> {
        let at = inner.text.find(mark).unwrap() + mark.len();
        let enclosure = Enclosure { map: &inner.map, inner: &inner.text, outer, base64: false };
        let fix = fix(Edit { span: Span::at(at), text: new.into() });
        let fix = enclosure.fix(fix, &mut HashMap::new())?;
        let edits: Vec<Edit> = fix.edits()?.into_iter().cloned().collect();
        edited(outer, &edits)
    }

    #[test]
    fn reencode_spells_insertions_like_their_surroundings() {
        let whole = |text: &str| Span::new(0, text.len());
        let text = r#"a: \"b\"\nc"#;
        let inner = escape::decode(text, whole(text));
        let made = inserted(text, &inner, "\"b\"", "\n\"d\"");
        assert_eq!(made.as_deref(), Some(r#"a: \"b\"\n\"d\"\nc"#));

        let text = "    a: b\r\n    c: d\r\n";
        let inner = layout::lines(text, whole(text), 4);
        let made = inserted(text, &inner, "b", "\r\ne: f");
        assert_eq!(made.as_deref(), Some("    a: b\r\n    e: f\r\n    c: d\r\n"));

        let text = "x: |\n  a: b\n\n  c: d\n";
        let tree = yaml::parse(text);
        let value = tree.ids().nth(2).unwrap();
        let inner = tree.mapped(value, text).unwrap();
        let made = inserted(text, &inner, "a: b", "\ne: f");
        assert_eq!(made.as_deref(), Some("x: |\n  a: b\n  e: f\n\n  c: d\n"));

        let text = "{&quot;a&quot;: 1}";
        let inner = html::text(text, whole(text));
        let made = inserted(text, &inner, "1", ", \"b\": 2");
        assert_eq!(made.as_deref(), Some("{&quot;a&quot;: 1, &quot;b&quot;: 2}"));
    }

    #[test]
    fn reencode_gives_up_without_a_sample_to_imitate() {
        let inner = escape::decode("a: b", Span::new(0, 4));
        assert_eq!(inserted("a: b", &inner, "b", "\nc: d"), None);
        assert_eq!(inserted("a: b", &inner, "b", "\""), None);
    }

    #[test]
    fn reencode_leaves_partial_base64_alone() {
        let letters =
            STANDARD.encode("a: v1alpha1, and more of it, line by line, to the very last.");
        let (first, rest) = letters.split_at(40);
        let (second, third) = rest.split_at(32);
        for mark in ["> ", "# ", "  "] {
            let outer = format!("x:\n{mark}{first}\n{mark}{second}\n{mark}{third}\n");
            let start = outer.find(first).unwrap();
            let place = Span::new(start, start + first.len());
            let inner = STANDARD.decode(first).unwrap();
            let inner = String::from_utf8(inner).unwrap();
            let map = OffsetMap::whole(inner.len(), place);
            let enclosure = Enclosure { map: &map, inner: &inner, outer: &outer, base64: true };
            let edit = Edit { span: Span::new(3, 11), text: "v1beta1".into() };
            assert_eq!(carried(enclosure, edit.clone()), None, "{outer}");
            let alone = format!("x: {first}\nkind: Secret\n");
            let map = OffsetMap::whole(inner.len(), Span::new(3, 3 + first.len()));
            let enclosure = Enclosure { map: &map, inner: &inner, outer: &alone, base64: true };
            assert!(carried(enclosure, edit).is_some(), "{alone}");
        }
    }

    #[test]
    fn reencode_knows_what_continues_base64() {
        let (far, near) = (" ".repeat(65), " ".repeat(64));
        let before = [&far, &near].map(|gap| format!("QWJj0dEfGhIjKl{gap}"));
        let after = [&far, &near].map(|gap| format!("{gap}QWJj0dEfGhIjKl: x"));
        let part = "QWJj0dEfGhIjKl\n";
        let letters = STANDARD.encode("a: v1alpha1, and more");
        let padded = STANDARD.encode("a: v1alpha1, and mor");
        let whole = STANDARD.encode("a: v1alpha1, and mor}");
        let wrong = |letters: &str, before: &str, after: &str, is_cut: bool| {
            let outer = format!("{before}{letters}{after}");
            let place = Span::new(before.len(), before.len() + letters.len());
            let map = OffsetMap::whole(1, place);
            let enclosure = Enclosure { map: &map, inner: "a", outer: &outer, base64: true };
            (enclosure.is_cut_off(place, letters) != is_cut).then_some(outer)
        };
        let mut found = Vec::new();
        let rows: &[(&str, &str, bool)] = &[
            ("x: ", "\n", false),
            ("x: ", "\nkind: Secret\n", false),
            ("x: ", "\n---\n", false),
            // More before it.
            (part, "", true),
            ("QWJj0dEfGhIjKl\\n", "", true),
            ("QWJj0dEfGhIj\n", "", true),
            ("QWJj0dEfGhI\n", "", false),
            ("QWJjdEfGhIjKlMn\n", "", false),
            ("QWJjdEfGhIjKlMnQWJjdEfGhIjKlMnXY\n", "", true),
            ("QWJjdEfGhIjKlMnQWJjdEfGhIjKlMnX\n", "", false),
            ("abcdefgh0123456789\n", "", false),
            ("ABCDEFGH0123456789\n", "", false),
            (&before[0], "", false),
            (&before[1], "", true),
            // More behind it.
            ("x: ", "\nQWJj0dEfGhIjKl ", true),
            ("x: ", "\n- QWJj0dEfGhIjKl ", true),
            ("x: ", "\n# // QWJj0dEfGhIjKl ", true),
            ("x: ", "\\nQWJj0dEfGhIjKl ", true),
            ("x: ", "\n| QWJj0dEfGhIjKl |", true),
            ("x: ", &after[0], false),
            ("x: ", &after[1], true),
            // A short last line.
            ("x: ", "\nabc=\n", true),
            ("x: ", "\n\n  abc=\n", true),
            ("x: \"", "\n  abc=\"\n", true),
            ("x: ", "\nabc: d\n", false),
            ("x: ", "\\nab\"", true),
            ("cat <<EOF\n", "\nEOF\n", false),
            ("cat <<-'EOF'\n", "\nEOF\n", false),
            ("cat <<END\n", "\nEOF\n", true),
            // A string that is joined to the next.
            ("x = \"", "\" + y", true),
            ("x = \"", "\",\n \"y: z\"", true),
            ("x = \"", "\"; \"y: z\"", false),
        ];
        for (before, after, is_cut) in rows {
            found.extend(wrong(&letters, before, after, *is_cut));
        }
        // Padding ends base64, and so does the end of a text.
        for (letters, after) in
            [(&padded, "\nQWJj0dEfGhIjKl "), (&padded, "\nabc=\n"), (&whole, "\",\n \"y: z\"")]
        {
            found.extend(wrong(letters, "x: ", after, false));
        }
        found.extend(wrong(&padded, part, "", true));
        assert!(found.is_empty(), "{found:#?}");
    }
}
