//! Comments that silence findings: `# kubeconfig-lint: ignore[rule-name] reason`.
//!
//! They are read line by line from the file as it stands, whatever it is written in: a comment
//! holds for the findings that begin in its own line and, where it stands alone in it, for those
//! of the next line. What it silences stays accounted for, as [`Suppressed`].

use std::collections::{BTreeMap, HashSet};

use memchr::memmem;

use crate::finding::Finding;
use crate::finding::rule::Rule;
use crate::model::{Idle, IdleIgnore, Subject};
use crate::rule::{self, RULES};
use crate::secrets;
use crate::text::source::{Source, Span, indent_of};
use crate::text::suggest::meant_by;

/// A finding that does not count.
#[derive(Debug, Clone)]
pub struct Suppressed {
    /// The finding; it has no fix.
    pub finding: Finding,
    /// Why it does not count.
    pub by: Suppression,
}

/// Why a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suppression {
    /// A comment says so.
    Comment {
        /// The reason that the comment gives, on one line; never a secret.
        reason: Option<String>,
    },
    /// It is in the baseline.
    Baseline,
}

impl Suppressed {
    /// The finding, which is not to be fixed.
    pub fn new(mut finding: Finding, by: Suppression) -> Self {
        finding.fix = None;
        Self { finding, by }
    }

    /// Whether a comment silences it.
    pub fn is_ignored(&self) -> bool {
        matches!(self.by, Suppression::Comment { .. })
    }
}

/// What makes a comment one of ours.
const MARK: &str = "kubeconfig-lint:";
/// The same with a slip in it.
const NAME: &str = "kubeconfig-lint";
/// What other linters begin such a comment with.
const OTHERS: [&str; 2] = ["noqa", "disable"];

/// What comments begin with, and what ends them before their line does. The first that fits
/// counts. JSON has no comments: there a string does, such as `"//": "kubeconfig-lint: …"`.
const LEADERS: &[(&str, &str)] = &[
    ("<!--", "-->"),
    ("{{!--", "--}}"),
    ("{#-", "#}"),
    ("{#", "#}"),
    ("<%#", "%>"),
    ("<#", "#>"),
    ("*", "*/"),
    ("//!", ""),
    ("//", ""),
    ("#", ""),
    ("--", ""),
    (";", ""),
    ("%", ""),
    ("REM", ""),
    ("rem", ""),
    ("dnl", ""),
    ("::", ""),
    ("\"", "\""),
    ("'", "'"),
];

/// So many names of one comment are read.
const MAX_NAMES: usize = 100;
/// So many comments above a line are looked at.
const MAX_ABOVE: usize = 20;
/// Limit on the lines between a finding and a comment below it that is meant for it.
const MAX_BELOW: usize = 3;
/// So many lines above one the header of its block scalar is looked for in.
const MAX_BLOCK: usize = 200;
/// So many bytes of a comment are read.
const MAX_BYTES: usize = 4096;
/// So many findings near a comment that names no rule are looked at.
const MAX_MEANT: usize = 100;
/// For so many wrong names of a file the right one is looked for.
const MAX_GUESSES: usize = 1000;
/// So many characters of a reason are reported, and of a wrong name.
const MAX_REASON: usize = 300;
const MAX_NAME: usize = 40;

/// A comment that is to silence findings.
#[derive(Debug)]
struct Comment {
    /// What it names, or what is wrong with it.
    names: Result<Vec<Name>, (Span, Idle)>,
    /// What it says behind the names.
    reason: Span,
    /// Whether nothing else stands in its line.
    is_alone: bool,
    /// How far the header of the block scalar is indented that it stands in, if it does, in bytes.
    block: Option<usize>,
    /// What it holds for of its own line: not the other lines of a text that is written in one.
    reach: Span,
}

const EMPTY: Comment = Comment {
    names: Ok(Vec::new()),
    reason: Span { start: 0, end: 0 },
    is_alone: false,
    block: None,
    reach: Span { start: 0, end: 0 },
};

/// How far the header of the block scalar is indented around the line at `start`, if there is one
/// near.
fn block_around(source: &Source, start: usize) -> Option<usize> {
    let line = source.line(start);
    let own = indent_of(source.slice(source.line_span(line)?));
    let above = (line.saturating_sub(MAX_BLOCK).max(1)..line).rev();
    let mut above = above.filter_map(|line| Some(source.slice(source.line_span(line)?)));
    let header = above.find(|text| !text.trim().is_empty() && indent_of(text) < own)?;
    let text = header.split(" #").next().unwrap_or("").trim_end();
    let mark = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-'));
    let is_header = mark.ends_with(['|', '>']) && text.len() - mark.len() <= 2;
    (is_header && mark.contains(':')).then(|| indent_of(header))
}

/// One name in a comment.
#[derive(Debug)]
struct Name {
    span: Span,
    rule: Option<&'static Rule>,
    is_used: bool,
}

/// The comments of a file that are to silence findings; one a line at most.
#[derive(Debug, Default)]
pub(crate) struct Ignores {
    comments: BTreeMap<usize, Comment>,
}

impl Ignores {
    /// Finds the comments in a file.
    pub(crate) fn read(source: &Source) -> Self {
        let mut comments = BTreeMap::new();
        let words = std::iter::once(NAME).chain(OTHERS);
        for word in words {
            let mut end = 0;
            for at in memmem::find_iter(source.text().as_bytes(), word) {
                if at < end {
                    continue;
                }
                let line = source.line(at);
                let Some(span) = source.line_span(line) else { continue };
                end = span.end;
                if !comments.contains_key(&line) {
                    let comment = comment_in(source, span).or_else(|| slip_in(source, span));
                    comments.extend(comment.map(|comment| (line, comment)));
                }
            }
        }
        Self { comments }
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.comments.is_empty()
    }

    /// Takes the findings away that are silenced. No reason shows what is known to be secret, or
    /// looks like it.
    pub(crate) fn take(
        &mut self,
        source: &Source,
        secrets: &[Span],
        findings: &mut Vec<Finding>,
    ) -> Vec<Suppressed> {
        let mut suppressed = Vec::new();
        for finding in std::mem::take(findings) {
            match self.silence(source, finding.primary.span.start, finding.rule) {
                Some(reason) => {
                    let reason = shown(source, secrets, reason);
                    suppressed.push(Suppressed::new(finding, Suppression::Comment { reason }));
                }
                None => findings.push(finding),
            }
        }
        suppressed
    }

    /// Uses the comment that silences the findings of a rule in a line, and tells where its reason
    /// stands.
    fn silence(&mut self, source: &Source, at: usize, rule: &Rule) -> Option<Span> {
        let reaching: Vec<usize> = self.reaching(source, at).collect();
        reaching.into_iter().find_map(|line| {
            let comment = self.comments.get_mut(&line)?;
            let names = comment.names.as_mut().ok()?;
            let name = names.iter_mut().find(|name| name.rule == Some(rule))?;
            name.is_used = true;
            Some(comment.reason)
        })
    }

    /// The lines of the comments that hold for a place: in its line, and alone right above it. What
    /// stands in a block scalar holds for nothing outside of it.
    fn reaching(&self, source: &Source, at: usize) -> impl Iterator<Item = usize> {
        let line = source.line(at);
        let own =
            self.comments.get(&line).filter(|own| own.reach.start <= at && at <= own.reach.end);
        let own = own.map(|_| line);
        let most = source.line_span(line).map_or(0, |span| indent_of(source.slice(span)));
        let is_alone = move |line: &usize| {
            self.comments.get(line).is_some_and(|found| {
                found.is_alone && found.block.is_none_or(|header| header < most)
            })
        };
        let above = (1..line).rev().take_while(is_alone).take(MAX_ABOVE);
        own.into_iter().chain(above)
    }

    /// What does not silence anything, as the rules judge it: names of rules for which `counts`
    /// holds and that were not used, and what is not understood.
    pub(crate) fn idle(
        &self,
        source: &Source,
        findings: &[Finding],
        counts: impl Fn(&'static Rule) -> bool,
    ) -> Vec<Subject> {
        let mut guesses = MAX_GUESSES;
        let mut idle = Vec::new();
        let mut add = |span, why| idle.push(Subject::Ignore(IdleIgnore { span, why }));
        for (line, comment) in &self.comments {
            let names = match &comment.names {
                Ok(names) => names,
                Err((span, Idle::NoRules(_))) => {
                    let left = guesses.checked_sub(1);
                    guesses = left.unwrap_or(0);
                    let meant = left.map(|_| self.meant(source, findings, *line));
                    add(*span, Idle::NoRules(meant.unwrap_or_default()));
                    continue;
                }
                Err((span, why)) => {
                    add(*span, why.clone());
                    continue;
                }
            };
            for name in names {
                match name.rule {
                    Some(rule) if counts(rule) && !name.is_used => {
                        let near = guesses.checked_sub(1).and_then(|left| {
                            guesses = left;
                            near(source, findings, rule, *line)
                        });
                        add(name.span, Idle::NoFinding { rule: rule.name, near });
                    }
                    Some(_) => {}
                    None => add(name.span, no_such_rule(source, name.span, &mut guesses)),
                }
            }
        }
        idle
    }

    /// The rules of the findings that the comment in a line would reach.
    fn meant(&self, source: &Source, findings: &[Finding], line: usize) -> Vec<&'static str> {
        let Some(start) = source.line_span(line).map(|line| line.start) else { return Vec::new() };
        let first = findings.partition_point(|finding| finding.primary.span.start < start);
        let is_near = |finding: &&Finding| {
            let of = source.line(finding.primary.span.start);
            of.checked_sub(line).is_some_and(|below| below <= MAX_ABOVE)
        };
        let near = findings.iter().skip(first).take(MAX_MEANT).take_while(is_near);
        let is_reached = |finding: &&Finding| {
            self.reaching(source, finding.primary.span.start).any(|other| other == line)
        };
        let names = near.filter(is_reached).map(|finding| finding.rule.name);
        let mut seen = HashSet::new();
        names.filter(|name| seen.insert(*name)).collect()
    }
}

/// The line of the finding of a rule that is nearest to a line, shortly above or below it.
fn near(source: &Source, findings: &[Finding], rule: &Rule, line: usize) -> Option<usize> {
    let start = source.line_span(line)?.start;
    let first = findings.partition_point(|finding| finding.primary.span.start < start);
    let (above, below) = findings.split_at_checked(first)?;
    let line_of = |finding: &Finding| source.line(finding.primary.span.start);
    let is_near =
        |of: usize| (of > line && of - line <= MAX_ABOVE) || (of < line && line - of <= MAX_BELOW);
    let of_rule = |finding: &&Finding| finding.rule == rule && is_near(line_of(finding));
    let above = above.iter().rev().take(MAX_MEANT).find(of_rule);
    let below = below.iter().take(MAX_MEANT).find(of_rule);
    // Of two that are as near, the one below: that is what a comment is written above of.
    below.into_iter().chain(above).map(line_of).min_by_key(|of| of.abs_diff(line))
}

/// What is wrong with a name that is no rule's.
fn no_such_rule(source: &Source, span: Span, guesses: &mut usize) -> Idle {
    let name = source.slice(span);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*');
    let is_shown =
        name.chars().all(is_plain) && name.len() <= MAX_NAME && !secrets::has_secret(source, span);
    let left = guesses.checked_sub(1).filter(|_| is_shown);
    let meant = left.and_then(|left| {
        *guesses = left;
        let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        meant_by(name, &names)
    });
    Idle::NoSuchRule { name: is_shown.then(|| name.to_owned()), meant }
}

/// The reason that stands there, unless there is none or it may hold a secret.
fn shown(source: &Source, secrets: &[Span], span: Span) -> Option<String> {
    if span.is_empty() || secrets::is_in(secrets, span) || secrets::has_secret(source, span) {
        return None;
    }
    let reason = source.slice(span);
    Some(match reason.char_indices().nth(MAX_REASON) {
        Some((end, _)) => format!("{}…", reason.get(..end).unwrap_or("")),
        None => reason.to_owned(),
    })
}

/// The first comment of ours in a line.
fn comment_in(source: &Source, line: Span) -> Option<Comment> {
    let text = source.slice(line);
    text.match_indices(MARK).find_map(|(at, _)| {
        let (before, closer) = led(text.get(..at)?)?;
        let start = at + MARK.len();
        let end = (start + MAX_BYTES).min(text.len());
        let end = (start..=end).rev().find(|&end| text.is_char_boundary(end))?;
        let rest = text.get(start..end)?;
        // The line goes on in a text that is written in one.
        let ends = [rest.find("\\n"), rest.find(closer).filter(|_| !closer.is_empty())];
        let end = ends.into_iter().flatten().min().unwrap_or(rest.len());
        let behind = rest.get(end..)?;
        let is_alone =
            !(before.contains(char::is_alphanumeric) || behind.contains(char::is_alphanumeric));
        let place = |from: usize, to: usize| Span::new(line.start + from, line.start + to);
        let content = Content { text: text.get(..start + end)?, place: &place };
        let comment = content.read(start, Comment { is_alone, ..EMPTY })?;
        let from = text.get(..at)?.rfind("\\n").map_or(0, |found| found + 2);
        let to = text.get(at..)?.find("\\n").map_or(text.len(), |found| at + found);
        Some(Comment { block: block_around(source, line.start), reach: place(from, to), ..comment })
    })
}

/// The first comment in a line that was certainly meant for us and is none: `kubeconfig-lint ignore[…]`
/// without a colon, or the word of another linter in front of the name of a rule of ours.
fn slip_in(source: &Source, line: Span) -> Option<Comment> {
    let text = source.slice(line);
    let of_ours = text.match_indices(NAME).find_map(|(at, word)| {
        let behind = text.get(at + word.len()..)?;
        let rest = behind.trim_start_matches([' ', '\t', '-', '_', '=']);
        let is_meant = rest.strip_prefix("ignore")?.trim_start().starts_with('[');
        let is_led = led(text.get(..at)?).is_some();
        (is_meant && is_led).then_some((at, text.len() - rest.len() + "ignore".len()))
    });
    let of_others = || {
        let places = OTHERS.iter().flat_map(|word| text.match_indices(word));
        places.into_iter().find_map(|(at, word)| {
            let behind = text.get(at + word.len()..)?;
            let behind = behind.strip_prefix("-next-line").unwrap_or(behind);
            let behind = behind.strip_prefix("-line").unwrap_or(behind);
            let rest = behind.trim_start_matches([' ', '\t', ':', '=', '(', '[']);
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
            let name = rest.get(..rest.find(|c| !is_word(c)).unwrap_or(rest.len()))?;
            rule::find(name)?;
            let before = text.get(..at)?;
            // `# pylint: disable=…`
            let linter = before.trim_end_matches([' ', '\t', ':']);
            let before_linter = linter.trim_end_matches(|c: char| is_word(c) || c == '_');
            let is_led = led(before).or_else(|| led(before_linter)).is_some();
            is_led.then_some((at, at + word.len()))
        })
    };
    let (from, to) = of_ours.or_else(of_others)?;
    let span = Span::new(line.start + from, line.start + to);
    Some(Comment { names: Err((span, Idle::NoIgnore)), ..EMPTY })
}

/// Whether a comment begins where `before` ends: what stands before the comment, and what ends it.
fn led(before: &str) -> Option<(&str, &'static str)> {
    let before = before.trim_end_matches([' ', '\t']);
    let (rest, mark, closer) = LEADERS
        .iter()
        .find_map(|(mark, closer)| Some((before.strip_suffix(mark)?, mark, *closer)))?;
    let is_word = mark.starts_with(char::is_alphabetic) && rest.ends_with(char::is_alphanumeric);
    // Any other string is data, of the plugin or of somebody else.
    let is_data = matches!(*mark, "\"" | "'") && !is_behind_comment_key(rest);
    // In prose, what is in backticks is only named.
    let near = rest.bytes().rev().take(MAX_BYTES);
    let is_named = near.filter(|byte| *byte == b'`').count() % 2 == 1;
    (!is_word && !is_named && !is_data).then_some((rest, closer))
}

/// Whether the key `//` stands before a string: that is how JSON gets comments.
fn is_behind_comment_key(before: &str) -> bool {
    let before = before.trim_end_matches('\\').trim_end();
    let key = before.strip_suffix(':').map(str::trim_end);
    key.is_some_and(|key| ["\"//\"", "'//'", "\\\"//\\\""].iter().any(|name| key.ends_with(name)))
}

/// A line up to the end of a comment in it.
struct Content<'a> {
    text: &'a str,
    /// The span of a part of the line.
    place: &'a dyn Fn(usize, usize) -> Span,
}

impl Content<'_> {
    /// Reads what follows the mark; `None` where it is meant for people.
    fn read(&self, start: usize, comment: Comment) -> Option<Comment> {
        let start = self.skip(start);
        let rest = self.text.get(start..)?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let word = rest.get(..length)?;
        let (end, open) = (start + length, self.skip(start + length));
        let is_open = self.text.get(open..)?.starts_with('[');
        let wrong = |from, to, why| {
            let names = Err(((self.place)(from, to), why));
            Some(Comment { names, ..comment })
        };
        if word != "ignore" {
            // What other linters call it.
            const WORDS: [&str; 7] =
                ["disable", "disable-line", "disable-next-line", "off", "noqa", "skip", "suppress"];
            let lower = word.to_ascii_lowercase();
            let behind = rest.get(length..)?.trim_ascii();
            let next = behind.split([' ', ',', ']', ')']).next().unwrap_or("");
            let is_order = behind.is_empty()
                || behind.starts_with(['=', ':', '(', '['])
                || rule::find(next).is_some();
            let is_meant = lower.starts_with("ignore")
                || (WORDS.contains(&lower.as_str()) && is_order)
                || (!word.is_empty() && open == end && is_open);
            return if is_meant { wrong(start, end, Idle::NoIgnore) } else { None };
        }
        if !is_open {
            return wrong(start, end, Idle::NoRules(Vec::new()));
        }
        let Some(length) = self.text.get(open..)?.find(']') else {
            return wrong(open, open + 1, Idle::NotClosed);
        };
        let names = self.names(open + 1, open + length);
        if names.is_empty() {
            return wrong(start, open + length + 1, Idle::NoRules(Vec::new()));
        }
        let behind = self.text.get(open + length + 1..)?;
        let reason = behind.trim_end_matches(|c: char| c.is_whitespace() || c == '\\');
        let is_joint = |c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—');
        let from = self.text.len() - behind.trim_start_matches(is_joint).len();
        let to = open + length + 1 + reason.len();
        let reason = (self.place)(from.min(to), to);
        Some(Comment { names: Ok(names), reason, ..comment })
    }

    /// The names between the brackets.
    fn names(&self, from: usize, to: usize) -> Vec<Name> {
        let mut at = from;
        let parts = self.text.get(from..to).unwrap_or("").split(',').map(|part| {
            let start = at + (part.len() - part.trim_start().len());
            at += part.len() + 1;
            (start, part.trim())
        });
        let names = parts.filter(|(_, name)| !name.is_empty()).take(MAX_NAMES);
        let names = names.map(|(start, name)| Name {
            span: (self.place)(start, start + name.len()),
            rule: rule::find(name),
            is_used: false,
        });
        names.collect()
    }

    /// The first byte from `at` on that is no blank.
    fn skip(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        at + (rest.len() - rest.trim_start_matches([' ', '\t']).len())
    }
}
