//! Templates of YAML and JSON: Go templates (Helm), Jinja, Mustache, ERB, Terraform, shells
//! (`$(…)`, `${…}`, `` `…` ``), Python's `str.format`, `@NAME@`, `%NAME%`, `%s` and `[[ name ]]`.
//!
//! Most templates are not valid YAML until they are rendered. We parse a copy in which a word of
//! the same length replaces each expression, and blanks replace each statement. All spans are
//! therefore valid in the text itself, and the values of the tree are taken from the text.

use memchr::{memchr3_iter, memmem};

use crate::text::placeholder;
use crate::text::source::Span;

use super::node::{NodeKind, SyntaxError, Tree, one_character};
use super::{gojson, yaml};

/// A template parsed as YAML.
#[derive(Debug)]
pub(crate) struct Template {
    /// The tree. Its spans and values are those of the text, including expressions.
    pub tree: Tree,
    /// Where the rendered text may have other lines than the tree: at the start of a condition with
    /// alternatives, or of an expression that stands for lines. Sorted.
    open: Vec<usize>,
    /// Where conditions and loops begin. Sorted.
    conditions: Vec<usize>,
}

impl Template {
    /// Parses a text that is not YAML because it is a template. `tree` is the result of the YAML
    /// parser. `None` if the text is not a template, or does not become YAML this way.
    pub(crate) fn parse(text: &str, tree: &Tree) -> Option<Self> {
        let is_format = is_format(text);
        let before = faults(text, tree);
        let may_differ = || before == (0, true) || is_broken_by_part(text, tree, false);
        if !is_format && !may_differ() {
            return None;
        }
        let Filled { text: filled, open, conditions, .. } = Filled::of(text, is_format)?;
        let mut tree = yaml::parse(&filled);
        let after = faults(&filled, &tree);
        if after > before || (after == before && !is_format) {
            return None;
        }
        tree.restore(text, filled);
        Some(Self { tree, open, conditions })
    }

    /// Returns the error that makes a text invalid as YAML even when rendered: the error of the
    /// YAML parser with each expression replaced by a word. `None` if a part of the template may
    /// fix the error, or if the text has no parts.
    pub(crate) fn unrendered_error(text: &str) -> Option<SyntaxError> {
        let Filled { text: filled, parts, .. } = Filled::of(text, is_format(text))?;
        let tree = yaml::parse(&filled);
        let error = *tree.documents.into_iter().next()?.error?;
        let before = parts.partition_point(|part| part.span.start() <= error.span.start());
        let is_explained = may_affect_syntax(&filled, parts.get(..before)?);
        let span = one_character(text, error.span.start());
        (!is_explained).then_some(SyntaxError { span, ..error })
    }

    /// Returns whether a text that is not YAML may become YAML when rendered.
    pub(crate) fn may_become_yaml(text: &str) -> bool {
        placeholder::is_template(text) && Self::unrendered_error(text).is_none()
    }

    /// Returns whether this part of the text may render to other lines than the tree shows.
    pub(crate) fn is_open(&self, span: Span) -> bool {
        is_any_in(&self.open, span)
    }

    /// Returns whether some lines in this part of the text may be absent, or be alternatives.
    pub(crate) fn has_conditions(&self, span: Span) -> bool {
        is_any_in(&self.conditions, span)
    }

    /// Returns whether any part of the text may render to other lines than the tree shows.
    pub(crate) fn is_open_anywhere(&self) -> bool {
        !self.open.is_empty()
    }
}

/// Parses JSON like [`gojson::parse`]. On an error, parses again with the expressions of a template
/// overwritten, and keeps the tree that gets further.
pub(crate) fn parse_json(text: &str) -> Tree {
    let tree = gojson::parse(text);
    let end = |tree: &Tree| {
        let error = tree.documents.first().and_then(|document| document.error.as_ref());
        error.map_or(usize::MAX, |error| error.span.start())
    };
    let is_format = end(&tree) < usize::MAX && is_format(text);
    if !is_broken_by_part(text, &tree, is_format) {
        return tree;
    }
    let filled = Filled::of(text, is_format).and_then(Filled::in_one_line);
    let Some(filled) = filled else { return tree };
    let mut template = gojson::parse(&filled);
    if end(&template) <= end(&tree) {
        return tree;
    }
    template.restore(text, filled);
    template
}

fn is_any_in(places: &[usize], span: Span) -> bool {
    let first = places.partition_point(|&at| at < span.start());
    places.get(first).is_some_and(|&at| at < span.end())
}

/// Returns the number of broken documents, and, if there is none, whether any key is a collection,
/// as YAML reads `{{ name }}`, or any list is `[[ name ]]`.
fn faults(text: &str, tree: &Tree) -> (usize, bool) {
    let broken = tree.documents.iter().filter(|document| document.error.is_some()).count();
    let is_collection =
        |id| matches!(tree.node(id).kind, NodeKind::Mapping(_) | NodeKind::Sequence(_));
    let is_fault = |id| {
        tree.pairs(id).iter().any(|(key, _)| is_collection(*key))
            || (!tree.items(id).is_empty()
                && placeholder::length_of_brackets(text, tree.node(id).span.start()).is_some())
    };
    (broken, broken == 0 && tree.ids().any(is_fault))
}

/// Returns whether a part of a template may be to blame for an error: whether one begins before the
/// end of the line of the last error.
fn is_broken_by_part(text: &str, tree: &Tree, is_format: bool) -> bool {
    let mut errors = tree.documents.iter().rev().filter_map(|document| document.error.as_ref());
    errors.next().is_some_and(|last| {
        let start = last.span.start();
        let line = text.get(start..).and_then(|rest| rest.find('\n'));
        let end = line.map_or(text.len(), |length| start + length);
        parts_before(text, end, is_format).next().is_some()
    })
}

/// The kind of a part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Becomes a value.
    Expression,
    /// Becomes arbitrary lines.
    Include,
    /// Becomes nothing: a comment, an assignment.
    Statement,
    /// Becomes nothing, and the text after it is conditional or repeated.
    Open,
    /// Starts an alternative to the text before it.
    Else,
    /// Ends what `Open` started.
    Close,
}

/// A part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    span: Span,
    kind: Kind,
}

/// Returns whether the output of any part may affect how the lines around it are parsed. A word in
/// a comment, in quotes or in the middle of a line does not.
fn may_affect_syntax(filled: &str, parts: &[Part]) -> bool {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let (mut from, mut start, mut is_begun, mut is_comment) = (0, 0, false, false);
    for part in parts {
        let between = filled.get(from..part.span.start()).unwrap_or("");
        let line = between.rfind('\n').map(|at| at + 1);
        if let Some(line) = line {
            (start, is_begun, is_comment) = (from + line, false, false);
        }
        let between = between.get(line.unwrap_or(0)..).unwrap_or("");
        let is_blank = between.trim_matches([' ', '\t', '-']).is_empty();
        is_comment |= (!is_begun && between.trim_start().starts_with('#'))
            || between.contains(" #")
            || between.contains("\t#");
        is_begun |= !is_blank;
        from = part.span.start();
        let inside = filled.get(part.span.range()).unwrap_or("");
        if is_comment && !inside.contains('\n') {
            continue;
        }
        if part.kind != Kind::Expression || !is_begun {
            return true;
        }
        // If lines with a deeper indentation follow the value, it may become their key, or start a
        // block.
        let after = filled.get(part.span.end()..).unwrap_or("");
        let below = after.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n').unwrap_or("");
        let next = below.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
        if indent(next) > 0 && indent(next) > indent(filled.get(start..from).unwrap_or("")) {
            return true;
        }
    }
    false
}

/// Returns whether a text is a template for Python's `str.format` or C#'s `string.Format`: several
/// values are a field `{name}`, or one is and the text contains `{{}}` for `{}`. A single field may
/// be a flow mapping with a key and no value, as YAML reads it.
fn is_format(text: &str) -> bool {
    let is_value = |&at: &usize| {
        let before = text.get(..at).unwrap_or("");
        let rest = text.get(at..).unwrap_or("");
        let after_field = placeholder::length_of_field(rest).and_then(|length| rest.get(length..));
        (before.ends_with(": ") || before.ends_with("- "))
            && after_field.is_some_and(|after_field| {
                after_field.is_empty() || after_field.starts_with(['\n', '\r'])
            })
    };
    // Few braces of JSON in one line come after a blank.
    let braces = memchr::memmem::find_iter(text.as_bytes(), " {").map(|blank| blank + 1);
    match braces.filter(is_value).take(2).count() {
        0 => false,
        1 => text.contains("{{}}"),
        _ => true,
    }
}

/// Limit on the length of an expression in bytes; longer text is not one.
const MAX_LENGTH: usize = 4096;

/// Returns whether a text is one expression and nothing else.
pub(crate) fn is_expression(text: &str) -> bool {
    part_at(text, 0)
        .is_some_and(|part| part.kind == Kind::Expression && part.span.end() == text.len())
}

/// Returns the parts of the word that begins at `at`: expressions, statements and what they enclose,
/// without a blank between them; empty if it has none.
pub(crate) fn parts_of_word(text: &str, at: usize) -> Vec<Span> {
    let mut parts = Vec::new();
    let (mut at, mut depth) = (at, 0_usize);
    loop {
        let rest = text.get(at..).unwrap_or("");
        if let Some(part) = part_at(text, at).or_else(|| interpolation_at(text, at)) {
            depth = match part.kind {
                Kind::Open => depth + 1,
                Kind::Close => depth.saturating_sub(1),
                _ => depth,
            };
            at = part.span.end();
            parts.push(part.span);
        } else if let Some(length) = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.')
            && length > 0
            && depth > 0
        {
            at += length;
        } else {
            return parts;
        }
    }
}

/// Returns the `{…}` of Python or the `#{…}` of Ruby that begins at `at`.
fn interpolation_at(text: &str, at: usize) -> Option<Part> {
    let rest = text.get(at..)?;
    let line = rest.lines().next()?;
    let is_one = line.strip_prefix('#').unwrap_or(line).starts_with('{')
        && !["{{", "{%", "{#"].into_iter().any(|mark| line.starts_with(mark));
    let length = closed(line, "}").filter(|_| is_one)?;
    Some(Part { span: Span::new(at, at + length), kind: Kind::Expression })
}

/// Returns the part that begins at `at`.
fn part_at(text: &str, at: usize) -> Option<Part> {
    let rest = text.get(at..)?;
    let (length, kind) = match rest.as_bytes() {
        [b'{', b'{', b'{', ..] => (closed(rest, "}}}")?, Kind::Expression),
        [b'{', b'{', ..] => {
            let length = closed(rest, "}}")?;
            let inside = rest.get(2..length - 2)?;
            (length, of_go(inside))
        }
        [b'{', b'%', ..] => {
            let length = closed(rest, "%}")?;
            (length, of_words(rest.get(2..length - 2)?, Kind::Statement))
        }
        [b'{', b'#', ..] => (closed(rest, "#}")?, Kind::Statement),
        [b'<', b'%', mark, ..] => {
            let length = closed(rest, "%>")?;
            let kind = match mark {
                b'=' => Kind::Expression,
                b'#' => Kind::Statement,
                _ => of_words(rest.get(2..length - 2)?, Kind::Statement),
            };
            (length, kind)
        }
        [b'%', b'{', ..] => {
            let length = balanced(rest)?;
            (length, of_words(rest.get(2..length - 1)?, Kind::Statement))
        }
        [b'$', b'{' | b'(', ..] => (balanced(rest)?, Kind::Expression),
        [b'@' | b'%', ..] => (placeholder::length_of_word(rest)?, Kind::Expression),
        [b'[', ..] => (placeholder::length_of_brackets(text, at)?, Kind::Expression),
        _ => return None,
    };
    Some(Part { span: Span::new(at, at + length), kind })
}

/// Returns the field of `str.format` that begins at `at`.
fn field_at(text: &str, at: usize) -> Option<Part> {
    let length = placeholder::length_of_field(text.get(at..)?)?;
    Some(Part { span: Span::new(at, at + length), kind: Kind::Expression })
}

/// Returns the length in bytes of the expression that starts `rest` and ends with `close`.
fn closed(rest: &str, close: &str) -> Option<usize> {
    let window = rest.as_bytes().get(..MAX_LENGTH).unwrap_or(rest.as_bytes());
    let at = memchr::memmem::find(window.get(2..)?, close.as_bytes())? + 2;
    // The first brace may close one inside.
    let is_open = || rest.get(2..at).is_some_and(|inside| inside.contains('{'));
    let is_brace = close == "}}" && rest.as_bytes().get(at + 2) == Some(&b'}') && is_open();
    Some(at + close.len() + usize::from(is_brace))
}

/// Limit on nested brackets and strings; text with deeper nesting is not an expression.
const MAX_DEPTH: usize = 16;

/// Returns the length in bytes of the `${…}`, `%{…}`, `$(…)` or `` `…` `` at the start of `rest`,
/// including nested brackets, strings and expressions.
fn balanced(rest: &str) -> Option<usize> {
    let window = rest.as_bytes().get(..MAX_LENGTH).unwrap_or(rest.as_bytes());
    // The closing byte of each open item.
    let mut open: Vec<u8> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = window.get(at) {
        let innermost = open.last().copied();
        let is_command = matches!(innermost, Some(b')' | b'`'));
        let closer = match (byte, window.get(at + 1)) {
            (b'\\', _) if innermost != Some(b'\'') => {
                at += 2;
                continue;
            }
            _ if innermost == Some(byte) => {
                open.pop();
                if open.is_empty() {
                    return Some(at + 1);
                }
                None
            }
            _ if innermost == Some(b'\'') => None,
            (b'$' | b'%', Some(b'{')) => Some(b'}'),
            (b'$', Some(b'(')) => Some(b')'),
            (b'`' | b'"', _) => Some(byte),
            // Outside a command, this is an apostrophe.
            (b'\'', _) if is_command => Some(byte),
            (b'(', _) if is_command => Some(b')'),
            (b'{', _) if innermost == Some(b'}') => Some(b'}'),
            _ => None,
        };
        let is_mark = matches!(byte, b'$' | b'%') && closer.is_some();
        at += if is_mark { 2 } else { 1 };
        if open.len() + usize::from(closer.is_some()) > MAX_DEPTH {
            return None;
        }
        open.extend(closer);
    }
    None
}

/// Classifies `{{ … }}` in a Go template, Jinja or Mustache.
fn of_go(inside: &str) -> Kind {
    let inside = inside.trim_matches(['-', '~', ' ', '\t', '\n', '\r']);
    let is_assignment = inside.strip_prefix('$').is_some_and(|rest| {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let after = after.trim_start();
        after.starts_with(":=") || (after.starts_with('=') && !after.starts_with("=="))
    });
    match inside.chars().next() {
        Some('#') => Kind::Open,
        Some('^') => Kind::Else,
        Some('/' | '!') if inside.starts_with("/*") || inside.starts_with('!') => Kind::Statement,
        Some('/') => Kind::Close,
        Some('>') => Kind::Include,
        _ if is_assignment => Kind::Statement,
        _ => of_words(inside, Kind::Expression),
    }
}

/// Classifies a statement by its first word; returns `other` if the word says nothing.
fn of_words(inside: &str, other: Kind) -> Kind {
    let inside = inside.trim_start_matches(['-', '~', '+', ' ', '\t', '\n', '\r']);
    let end = inside.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(inside.len());
    match inside.get(..end).unwrap_or("") {
        "if" | "range" | "with" | "for" | "unless" | "define" | "block" | "macro" | "case"
        | "while" | "raw" | "filter" | "call" => Kind::Open,
        "else" | "elif" | "elsif" | "elseif" | "when" => Kind::Else,
        "break" | "continue" => Kind::Statement,
        "include" | "template" | "extends" | "import" if other == Kind::Statement => Kind::Include,
        word if word.starts_with("end") => Kind::Close,
        "" if inside.starts_with('}') => Kind::Close,
        _ => other,
    }
}

/// Returns whether the text before and the text after `between` are alternatives: a part of the
/// template in `between` starts another branch of a condition that contains both.
pub(crate) fn are_alternatives(between: &str) -> bool {
    // The depth of open conditions, its minimum so far, and the depth at which the branch began.
    let (mut depth, mut least, mut branch) = (0_isize, 0, None);
    for part in parts(between, is_format(between)) {
        match part.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth -= 1,
            Kind::Else if depth == least => branch = Some(depth),
            _ => {}
        }
        least = least.min(depth);
        branch = branch.filter(|branch| depth >= *branch);
    }
    branch.is_some()
}

/// A template with its parts overwritten, ready to be parsed.
#[derive(Default)]
struct Filled {
    text: String,
    parts: Vec<Part>,
    /// Multi-line expressions that are part of a value. Sorted.
    broken: Vec<Span>,
    open: Vec<usize>,
    conditions: Vec<usize>,
}

impl Filled {
    /// Overwrites the parts of a template; `None` if there are none. `is_format` is the result of
    /// [`is_format`].
    fn of(text: &str, is_format: bool) -> Option<Self> {
        let parts: Vec<Part> = parts(text, is_format).collect();
        if parts.is_empty() {
            return None;
        }
        let mut bytes = text.as_bytes().to_vec();
        let mut filled = Self::default();
        filled.find_open(&parts);
        let mut rest = parts.as_slice();
        while let Some(first) = rest.first() {
            // Collect the parts on the same lines.
            let mut end = first.span.end();
            let mut count = 1;
            while let Some(next) = rest.get(count) {
                if text.get(end..next.span.start()).is_none_or(|between| between.contains('\n')) {
                    break;
                }
                end = next.span.end();
                count += 1;
            }
            let (line, others) = rest.split_at(count);
            filled.fill_line(text, &mut bytes, line);
            rest = others;
        }
        filled.open.sort_unstable();
        filled.conditions.sort_unstable();
        filled.text = String::from_utf8(bytes).ok()?;
        Some(Self { parts, ..filled })
    }

    /// Returns the text with the line breaks inside expressions overwritten too: JSON allows none
    /// in a string.
    fn in_one_line(self) -> Option<String> {
        let mut bytes = self.text.into_bytes();
        for span in self.broken {
            bytes.get_mut(span.range())?.fill(b'x');
        }
        String::from_utf8(bytes).ok()
    }

    /// Records where conditions begin, and which of them have alternatives.
    fn find_open(&mut self, parts: &[Part]) {
        let mut blocks: Vec<usize> = Vec::new();
        for part in parts {
            match part.kind {
                Kind::Open => {
                    blocks.push(part.span.start());
                    self.conditions.push(part.span.start());
                }
                Kind::Close => {
                    blocks.pop();
                }
                Kind::Else => {
                    let at = blocks.last().copied().unwrap_or(part.span.start());
                    self.open.push(at);
                    self.conditions.push(at);
                }
                Kind::Include => self.open.push(part.span.start()),
                Kind::Expression | Kind::Statement => {}
            }
        }
    }

    /// Overwrites the parts on one line, or on several lines connected by multi-line parts.
    fn fill_line(&mut self, text: &str, bytes: &mut [u8], parts: &[Part]) {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return };
        let before = text.get(..first.span.start()).unwrap_or("");
        let before = before.rsplit('\n').next().unwrap_or("");
        let after = text.get(last.span.end()..).unwrap_or("").lines().next().unwrap_or("");
        let between: Vec<&str> = parts
            .windows(2)
            .filter_map(|pair| match pair {
                [one, next] => text.get(one.span.end()..next.span.start()),
                _ => None,
            })
            .collect();
        let is_blank = |text: &str| text.trim().is_empty();
        let is_alone = is_blank(before) && is_blank(after) && between.iter().all(|b| is_blank(b));
        let has_expression =
            parts.iter().any(|part| matches!(part.kind, Kind::Expression | Kind::Include));
        if is_alone {
            if has_expression {
                self.open.push(first.span.start());
            }
            // Blanks would count in a block scalar; empty lines do not count anywhere.
            let start = first.span.start() - before.len();
            return fill(bytes, Span::new(start, last.span.end()), b'\n');
        }
        let mut is_first = is_blank(before);
        for (at, part) in parts.iter().enumerate() {
            let is_value = matches!(part.kind, Kind::Expression | Kind::Include);
            // A statement within a word is part of the value.
            let left = part.span.start().checked_sub(1).and_then(|at| bytes.get(at));
            let is_glued = left.is_some_and(|byte| !b" \t\r\n[]{},:\"'()-".contains(byte));
            let is_word = is_value || is_glued;
            fill(bytes, part.span, if is_word { b'x' } else { b' ' });
            let is_broken = text.get(part.span.range()).is_some_and(|part| part.contains('\n'));
            self.broken.extend((is_word && is_broken).then_some(part.span));
            is_first &= !is_value;
            // A separator between the items of a loop does not start a line.
            let gap = between.get(at).copied().unwrap_or("");
            if is_first && part.kind == Kind::Open && gap.trim() == "," {
                fill(bytes, Span::new(part.span.end(), part.span.end() + gap.len()), b' ');
            }
            is_first &= matches!(gap.trim(), "" | ",");
        }
    }
}

/// Overwrites a part. Keeps line breaks, and writes blanks after the first one: a word ends there.
fn fill(bytes: &mut [u8], span: Span, mut by: u8) {
    for byte in bytes.get_mut(span.range()).unwrap_or_default() {
        match (*byte, by) {
            (b'\n', b'x') => by = b' ',
            (b'\n' | b'\r', _) => {}
            _ => *byte = by,
        }
    }
}

/// Yields the parts of a template, in order.
fn parts(text: &str, is_format: bool) -> impl Iterator<Item = Part> {
    parts_before(text, text.len(), is_format)
}

/// Yields the parts of a template that begin before `limit`, in order.
fn parts_before(text: &str, limit: usize, is_format: bool) -> impl Iterator<Item = Part> {
    let bytes = text.as_bytes();
    let mut end = 0;
    marks(bytes.get(..limit).unwrap_or(bytes)).filter_map(move |at| {
        if at < end {
            return None;
        }
        // `$${` and `%%{` are Terraform's escapes, `\`` and `\$(` those of shells.
        let escape = match bytes.get(at..).unwrap_or(&[]) {
            [b'$', b'$', b'{', ..] | [b'%', b'%', b'{', ..] | [b'\\', b'$', b'(', ..] => 3,
            [b'\\', b'`', ..] => 2,
            _ => 0,
        };
        let part = if escape > 0 { None } else { part_at(text, at) };
        let part = part.or_else(|| is_format.then(|| field_at(text, at))?);
        end = part.map_or(at + escape, |part| part.span.end());
        part
    })
}

/// Yields the places at which a part or an escape may begin, in order.
fn marks(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let mut some = memchr3_iter(b'{', b'<', b'%', bytes).peekable();
    let mut others = memchr3_iter(b'$', b'@', b'\\', bytes).peekable();
    let mut brackets = memmem::find_iter(bytes, "[[").peekable();
    std::iter::from_fn(move || {
        let places = [some.peek(), others.peek(), brackets.peek()];
        let next = places.into_iter().flatten().copied().min();
        let is_next = |at: &usize| Some(*at) == next;
        some.next_if(is_next)
            .or_else(|| others.next_if(is_next))
            .or_else(|| brackets.next_if(is_next))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> String {
        Filled::of(text, is_format(text)).map_or_else(String::new, |filled| {
            assert_eq!(filled.text.len(), text.len());
            filled.text
        })
    }

    #[test]
    fn template_fills_expressions_and_blanks_statements() {
        for (text, expected) in [
            ("a: {{ b }}\n", "a: xxxxxxx\n"),
            ("a: \"{{ b | default \"c\" }}\"\n", "a: \"xxxxxxxxxxxxxxxxxxxxx\"\n"),
            ("a: ${b[\"}\"]}-c\n", "a: xxxxxxxxx-c\n"),
            ("a: $${b}\n", ""),
            ("a: \"$(b \"c)\" 'd\"' (e))\"\n", "a: \"xxxxxxxxxxxxxxxxxx\"\n"),
            ("a: ${b:-\"$(c)}\"} `d` \\`f\n", "a: xxxxxxxxxxxxx `d` \\`f\n"),
            ("a: ${b(\"${c[\"d}\"]}\")}\n", "a: xxxxxxxxxxxxxxxxxx\n"),
            ("a: $(b '\nc: \\$(d)\n", ""),
            ("a: {b}\n", ""),
            ("a: {b}\nc:\n- {d.e}\nf: g{h}\n", "a: xxx\nc:\n- xxxxx\nf: gxxx\n"),
            ("a: {b}\nc: {{}}\nd: {e: f}\n", "a: xxx\nc: xxxx\nd: {e: f}\n"),
            (
                "{{- if .a }}\nb: c\n{{- end }}\n",
                "\n\n\n\n\n\n\n\n\n\n\n\n\nb: c\n\n\n\n\n\n\n\n\n\n\n\n",
            ),
            ("a: @B@\n", "a: xxx\n"),
            ("a: %s\n", "a: xx\n"),
            ("a: @@B@@\nb: %c%\n", "a: xxxxx\nb: xxx\n"),
            ("a: [[ b ]]-[[.c]]\nd: [[e]]\n", "a: xxxxxxx-xxxxxx\nd: [[e]]\n"),
            ("a: <%= b %>\n", "a: xxxxxxxx\n"),
            ("a: b%{ if c }.d%{ endif }\n", "a: bxxxxxxxxx.dxxxxxxxxxx\n"),
            ("[%{ for a in b }\"${a}\", %{ endfor }]", "[               \"xxxx\",            ]"),
            ("{{ if $i }},{{ end }}{a: b}", "                     {a: b}"),
            ("{a: b}{% if c %},{% endif %}", "{a: b}          ,           "),
            ("{{/* a\nb */}}\nc: d\n", "\n\n\n\n\n\n\n\n\n\n\n\n\n\nc: d\n"),
            ("a: {{ b\n  c }}\nd: e\n", "a: xxxx\n      \nd: e\n"),
            ("{{ a }}: b\n", "xxxxxxx: b\n"),
            ("{a: {{ b }}}\n", "{a: xxxxxxx}\n"),
            ("a: {{ {'b': 1}}}\n", "a: xxxxxxxxxxxxx\n"),
        ] {
            assert_eq!(filled(text), expected, "{text}");
        }
    }

    fn parsed(text: &str) -> Option<Template> {
        Template::parse(text, &yaml::parse(text))
    }

    #[test]
    fn template_tree_has_the_values_of_the_text() {
        let text = "a: {{ b }}\nc: |\n  {{ if d }}\n  e: {{ f }}\n{{ end }}\ng: h\n";
        let template = parsed(text).unwrap();
        let tree = &template.tree;
        let values: Vec<&str> = tree.ids().filter_map(|id| tree.scalar(id, text)).collect();
        assert_eq!(values, ["a", "{{ b }}", "c", "  {{ if d }}\ne: {{ f }}\n", "g", "h"]);
        for id in tree.ids() {
            let Some(mapped) = tree.mapped(id, text) else { continue };
            assert_eq!(mapped.map.len(), mapped.text.len());
            if let Some(at) = mapped.text.find("e:") {
                let span = mapped.map.outer(Span::new(at, at + 2));
                assert_eq!(text.get(span.range()), Some("e:"));
            }
        }
    }

    #[test]
    fn template_rejects_texts_that_do_not_become_yaml() {
        for text in ["a: ${b}\n", "a: [\n", "a: {{ b }}: [\n", "plain", "{{ a }}\n- b: [}\n"] {
            assert!(parsed(text).is_none(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn parts_after_an_error_do_not_mend_it(
            text in "(a|: |\n|- |\\{\\{ a \\}\\}|\\{|\\}|\\[|\"|'| #| |\n---\n|&a |!b |\\$\\{b\\}|\t|,|\\|\n|\\? ){0,24}",
        ) {
            let tree = yaml::parse(&text);
            if faults(&text, &tree).0 > 0 && !is_format(&text) && !is_broken_by_part(&text, &tree, false) {
                let filled = Filled::of(&text, false).map_or(text.clone(), |filled| filled.text);
                proptest::prop_assert!(faults(&filled, &yaml::parse(&filled)) >= faults(&text, &tree));
            }
        }
    }

    #[test]
    fn unrendered_error_keeps_errors_that_no_part_explains() {
        for text in [
            "# {{ a }}\nb: {c: d\ne: f\n",
            "a: b # {{- if c }}\nd: {e: f\ng: h\n",
            "a: \"{{ b }}\"\nd: {e: f\ng: h\n",
            "a: {{ b }}\nd: {e: {{ f }}\ng: h\n",
            "a: {b: c\nd: e\n{{ if f }}\n",
        ] {
            assert!(Template::unrendered_error(text).is_some(), "{text}");
        }
        for text in [
            "a: {b: c\nd: e\n",
            "a: {{ b }}\n",
            "{{ if a }}\nb: {c: d\n{{ else }}\nb: {c: d\n{{ end }}\ne: f\n",
            "a: {{ b }}\n  c: d\n",
            "{{ a }}  b\nc: d\n",
            "a: {\n{{ b }}\nc: d\n",
            "a: [{% for b in c %}\n{d: e\n{% endfor %}\n",
        ] {
            assert!(Template::unrendered_error(text).is_none(), "{text}");
        }
    }

    #[test]
    fn template_is_open_at_alternatives_and_includes() {
        let is_open = |text: &str| {
            let at = text.find("exec").unwrap();
            parsed(text).unwrap().is_open(Span::new(at, text.len()))
        };
        assert!(!is_open("{% if a %}\nexec: {{ b }}\n{% endif %}\n"));
        assert!(!is_open("{% if a %}\nexec: {{ b }}\n{% else %}\nc: d\n{% endif %}\n"));
        assert!(is_open("exec:\n{% if a %}\n  c: d\n{% else %}\n  e: f\n{% endif %}\n"));
        assert!(!is_open("exec:\n{% if a %}\n  c: d\n{% endif %}\n"));
        assert!(is_open("exec:\n  c: d\n  {{- toYaml .Values.e | nindent 2 }}\n"));
        assert!(is_open("exec:\n  c: d\n  {% include 'e' %}\n"));
    }

    proptest::proptest! {
        #[test]
        fn template_nodes_lie_within_any_text(text in "([-a:\\[\\],\"'|#`()\n ]|\\$\\(|\\{\\{|\\}\\}|\\$\\{|\\}|%\\{|\\{%|%\\}|if|else|end|é|@A@|%s){0,40}") {
            if let Some(template) = parsed(&text) {
                for node in template.tree.iter() {
                    proptest::prop_assert!(text.get(node.span.range()).is_some());
                }
            }
        }
    }
}
