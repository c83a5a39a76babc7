//! Comments that suppress findings: `# kubeconfig-lint: ignore[rule-name] reason`.
//!
//! They are read line by line from the raw file, whatever its format. A comment applies to the
//! findings that begin in its own line and, if it is alone in the line, to those of the next line.
//! Suppressed findings stay accounted for, as [`Suppressed`].

use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};

use memchr::memmem;

use crate::finding::Finding;
use crate::finding::rule::Rule;
use crate::model::{IgnoreProblem, IgnoreProblemKind};
use crate::rule::{self, RULES};
use crate::secrets;
use crate::text::source::{Source, Span, floor_boundary, indent_of};
use crate::text::suggest::suggestion;

/// A finding that does not count.
#[derive(Debug, Clone)]
pub struct Suppressed {
    /// The finding, without its fix.
    pub finding: Finding,
    /// Why the finding does not count.
    pub by: Suppression,
}

/// Why a finding does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suppression {
    /// A comment suppresses it.
    Comment {
        /// The reason given in the comment, on one line; never a secret.
        reason: Option<String>,
    },
    /// The configuration ignores its rule in its file.
    Configuration,
    /// The baseline contains it.
    Baseline,
}

impl Suppressed {
    /// Suppresses a finding, and removes its fix.
    pub fn new(mut finding: Finding, by: Suppression) -> Self {
        finding.fix = None;
        Self { finding, by }
    }

    /// Returns whether a comment or the configuration suppresses the finding.
    pub fn is_ignored(&self) -> bool {
        self.by != Suppression::Baseline
    }
}

/// Marks a comment as ours.
const MARK: &str = "kubeconfig-lint:";
/// The mark without its colon, to find slips.
const NAME: &str = "kubeconfig-lint";
/// Ends the name, however it is spelled.
const LINT: &str = "lint";
/// The words that start such a comment for other linters.
const OTHERS: [&str; 2] = ["noqa", "disable"];

/// [`LINT`] and [`OTHERS`] as people write them, and whether each is [`LINT`].
const SPELLINGS: [(&str, bool); 9] = [
    (LINT, true),
    ("Lint", true),
    ("LINT", true),
    (OTHERS[0], false),
    ("NoQA", false),
    ("NOQA", false),
    (OTHERS[1], false),
    ("Disable", false),
    ("DISABLE", false),
];

/// Yields the places of these words in a text, in order, and whether each is [`LINT`].
fn words(text: &str) -> impl Iterator<Item = (Span, bool)> {
    // One automaton for all of them would take longer to build than a short file to read.
    let mut found = SPELLINGS.map(|(word, is_ours)| {
        let places = memmem::find_iter(text.as_bytes(), word);
        places.map(move |at| (Span::new(at, at + word.len()), is_ours)).peekable()
    });
    std::iter::from_fn(move || {
        let next = found.iter_mut().filter_map(|places| Some((places.peek()?.0.start(), places)));
        next.min_by_key(|(at, _)| *at)?.1.next()
    })
}

/// What starts a comment, and what ends it before the end of its line. The first match counts. JSON
/// has no comments: there a string serves, such as `"//": "kubeconfig-lint: …"`.
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

/// Limit on the comments of a file: nobody writes more by hand, and a text may have one every few
/// bytes.
const MAX_COMMENTS: usize = 10_000;
/// Limit on rule names per comment; the rest are ignored.
const MAX_NAMES: usize = 100;
/// Limit on the comments checked above a line.
const MAX_ABOVE: usize = 20;
/// Limit on the lines between a finding and a comment below it that is meant for it.
const MAX_BELOW: usize = 3;
/// Limit on the lines searched upwards for the header of a block scalar.
const MAX_BLOCK: usize = 200;
/// Limit on the bytes read per comment.
const MAX_BYTES: usize = 4096;
/// Limit on the findings checked near a comment that suppresses nothing.
const MAX_CANDIDATES: usize = 100;
/// Limit per file on the comments and names for which a suggestion is searched.
const MAX_GUESSES: usize = 1000;
/// Limits on the characters of a reason, and of an unknown name, in a report.
const MAX_REASON: usize = 300;
const MAX_NAME: usize = 40;

/// The names in a comment, or its problem.
type Names = Result<Box<[Name]>, Box<(Span, IgnoreProblemKind)>>;

/// A comment meant to suppress findings.
#[derive(Debug, Clone)]
struct Comment {
    names: Names,
    /// The text after the names.
    reason: Span,
    /// Whether the line contains nothing else.
    is_alone: bool,
    /// The indentation, in bytes, of the header of the block scalar around the comment, if any.
    block: Option<usize>,
    /// The part of its own line that the comment applies to. A text with several lines may be
    /// written in one line of the file; the comment does not cover the others.
    reach: Span,
}

/// Returns the indentation, in bytes, of the header of the block scalar around the line at `start`,
/// if there is one nearby.
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
#[derive(Debug, Clone)]
struct Name {
    span: Span,
    rule: Option<&'static Rule>,
    is_used: bool,
}

/// The comments of a file that are meant to suppress findings, at most one per line.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ignores {
    comments: BTreeMap<usize, Comment>,
    /// Whether the file has more than are read.
    is_cut_off: bool,
}

impl Ignores {
    /// Finds the comments in a file.
    pub(crate) fn read(source: &Source) -> Self {
        let (mut comments, mut is_cut_off) = (Vec::new(), false);
        let text = source.text();
        let mut end = 0;
        for (word, is_ours) in words(text) {
            let may_be_one = match is_ours {
                true => name_start(text, word.start()).is_some(),
                false => rule_after(text, word.end()).is_some(),
            };
            if word.start() < end || !may_be_one {
                continue;
            }
            let line = source.line(word.start());
            let Some(span) = source.line_span(line) else { continue };
            end = span.end();
            let comment = comment_in(source, span).or_else(|| malformed_comment_in(source, span));
            is_cut_off = comment.is_some() && comments.len() == MAX_COMMENTS;
            if is_cut_off {
                break;
            }
            comments.extend(comment.map(|comment| (line, comment)));
        }
        // The nodes of a map that is built at once are full.
        Self { comments: comments.into_iter().collect(), is_cut_off }
    }

    /// Returns what to say if comments were not read.
    pub(crate) fn limit(&self) -> Option<String> {
        let limit = || format!("only the first {MAX_COMMENTS} comments that ignore findings count");
        self.is_cut_off.then(limit)
    }

    /// Returns whether the file has no such comments.
    pub(crate) fn is_empty(&self) -> bool {
        self.comments.is_empty()
    }

    /// Removes and returns the suppressed findings. A reason that contains a known or likely secret
    /// is dropped.
    pub(crate) fn take(
        &mut self,
        source: &Source,
        secrets: [&[Span]; 2],
        findings: &mut Vec<Finding>,
    ) -> Vec<Suppressed> {
        let reason = Cell::new(None);
        let is_suppressed = |finding: &mut Finding| {
            reason.set(self.mark_used(source, finding.primary.span.start(), finding.rule));
            reason.get().is_some()
        };
        let suppress = |finding| {
            let reason = reason.take().and_then(|reason| shown(source, secrets, reason));
            Suppressed::new(finding, Suppression::Comment { reason })
        };
        findings.extract_if(.., is_suppressed).map(suppress).collect()
    }

    /// Marks the comment that suppresses a rule at `at` as used, and returns the span of its
    /// reason.
    fn mark_used(&mut self, source: &Source, at: usize, rule: &Rule) -> Option<Span> {
        let lines_reaching: Vec<usize> = self.lines_reaching(source, at).collect();
        lines_reaching.into_iter().find_map(|line| {
            let comment = self.comments.get_mut(&line)?;
            let names = comment.names.as_mut().ok()?;
            let name = names.iter_mut().find(|name| name.rule == Some(rule))?;
            name.is_used = true;
            Some(comment.reason)
        })
    }

    /// Returns the lines of the comments that apply to a place: in its line, and alone directly
    /// above it. A comment in a block scalar does not apply outside of it.
    fn lines_reaching(&self, source: &Source, at: usize) -> impl Iterator<Item = usize> {
        let line = source.line(at);
        let own =
            self.comments.get(&line).filter(|own| own.reach.start() <= at && at <= own.reach.end());
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

    /// Forgets which comments were used.
    pub(crate) fn forget_uses(&mut self) {
        let names = self.comments.values_mut().filter_map(|comment| comment.names.as_mut().ok());
        names.flatten().for_each(|name| name.is_used = false);
    }

    /// Returns what suppresses nothing: unused names of rules for which `counts` holds, and comments
    /// that are not understood.
    pub(crate) fn problems(
        &self,
        source: &Source,
        findings: &[Finding],
        counts: impl Fn(&'static Rule) -> bool,
    ) -> Vec<IgnoreProblem> {
        let mut guesses = MAX_GUESSES;
        let mut problems = Vec::new();
        let mut add = |span, kind| problems.push(IgnoreProblem { span, kind });
        for (line, comment) in &self.comments {
            let names = match &comment.names {
                Ok(names) => names,
                Err(wrong) => {
                    let (span, kind) = &**wrong;
                    let kind = match kind {
                        IgnoreProblemKind::NoRules(_) => {
                            let left = guesses.checked_sub(1);
                            guesses = left.unwrap_or(0);
                            let candidates = left.map(|_| self.candidates(source, findings, *line));
                            IgnoreProblemKind::NoRules(candidates.unwrap_or_default())
                        }
                        kind => kind.clone(),
                    };
                    add(*span, kind);
                    continue;
                }
            };
            for name in names.iter() {
                match name.rule {
                    Some(rule) if counts(rule) && !name.is_used => {
                        let near = guesses.checked_sub(1).and_then(|left| {
                            guesses = left;
                            near(source, findings, rule, *line)
                        });
                        add(name.span, IgnoreProblemKind::NoFinding { rule: rule.name, near });
                    }
                    Some(_) => {}
                    None => add(name.span, no_such_rule(source, name.span, &mut guesses)),
                }
            }
        }
        problems
    }

    /// Returns the rules of the findings that the comment in `line` would reach.
    fn candidates(&self, source: &Source, findings: &[Finding], line: usize) -> Vec<&'static str> {
        let Some(start) = source.line_span(line).map(|line| line.start()) else {
            return Vec::new();
        };
        let first = findings.partition_point(|finding| finding.primary.span.start() < start);
        let is_near = |finding: &&Finding| {
            let of = source.line(finding.primary.span.start());
            of.checked_sub(line).is_some_and(|below| below <= MAX_ABOVE)
        };
        let near = findings.iter().skip(first).take(MAX_CANDIDATES).take_while(is_near);
        let is_reached = |finding: &&Finding| {
            self.lines_reaching(source, finding.primary.span.start()).any(|other| other == line)
        };
        let names = near.filter(is_reached).map(|finding| finding.rule.name);
        let mut seen = HashSet::new();
        names.filter(|name| seen.insert(*name)).collect()
    }
}

/// Returns the line of the nearest finding of a rule, shortly above or below `line`.
fn near(source: &Source, findings: &[Finding], rule: &Rule, line: usize) -> Option<usize> {
    let start = source.line_span(line)?.start();
    let first = findings.partition_point(|finding| finding.primary.span.start() < start);
    let (above, below) = findings.split_at_checked(first)?;
    let line_of = |finding: &Finding| source.line(finding.primary.span.start());
    let is_near =
        |of: usize| (of > line && of - line <= MAX_ABOVE) || (of < line && line - of <= MAX_BELOW);
    let of_rule = |finding: &&Finding| finding.rule == rule && is_near(line_of(finding));
    let above = above.iter().rev().take(MAX_CANDIDATES).find(of_rule);
    let below = below.iter().take(MAX_CANDIDATES).find(of_rule);
    // On a tie, prefer the finding below: people write a comment above the line it is for.
    below.into_iter().chain(above).map(line_of).min_by_key(|of| of.abs_diff(line))
}

/// Describes an unknown rule name.
fn no_such_rule(source: &Source, span: Span, guesses: &mut usize) -> IgnoreProblemKind {
    let name = source.slice(span);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '*');
    let is_shown =
        name.chars().all(is_plain) && name.len() <= MAX_NAME && !secrets::has_secret(source, span);
    let left = guesses.checked_sub(1).filter(|_| is_shown);
    let suggestion = left.and_then(|left| {
        *guesses = left;
        let names: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
        suggestion(name, &names)
    });
    IgnoreProblemKind::NoSuchRule { name: is_shown.then(|| name.to_owned()), suggestion }
}

/// Returns the reason in `span`, unless it is empty or holds more than words.
fn shown(source: &Source, secrets: [&[Span]; 2], span: Span) -> Option<String> {
    let is_secret = secrets.iter().any(|secrets| secrets::is_in(secrets, span));
    if span.is_empty() || is_secret || !secrets::is_prose(source, span) {
        return None;
    }
    let reason = source.slice(span);
    Some(match reason.char_indices().nth(MAX_REASON) {
        Some((end, _)) => format!("{}…", reason.get(..end).unwrap_or("")),
        None => reason.to_owned(),
    })
}

/// Returns the first comment of ours in a line.
fn comment_in(source: &Source, line: Span) -> Option<Comment> {
    let text = source.slice(line);
    text.match_indices(MARK).find_map(|(at, _)| {
        let (before, closer) = leader_before(text.get(..at)?)?;
        let start = at + MARK.len();
        let rest = text.get(start..floor_boundary(text, start + MAX_BYTES))?;
        // An escaped line break ends the line of a text that is written in one line.
        let ends = [rest.find("\\n"), rest.find(closer).filter(|_| !closer.is_empty())];
        let end = ends.into_iter().flatten().min().unwrap_or(rest.len());
        let after = rest.get(end..)?;
        let is_alone =
            !(before.contains(char::is_alphanumeric) || after.contains(char::is_alphanumeric));
        let content = Content { text: text.get(..start + end)?, line: line.start() };
        let (names, reason) = content.read(start)?;
        let from = text.get(..at)?.rfind("\\n").map_or(0, |found| found + 2);
        let to = text.get(at..)?.find("\\n").map_or(text.len(), |found| at + found);
        let (block, reach) = (block_around(source, line.start()), content.span(from, to));
        Some(Comment { names, reason, is_alone, block, reach })
    })
}

/// Returns where our name, in any spelling, begins, if its `lint` is at `lint`: `kubeconfig-lint`,
/// `Kubeconfig_lint`, `kubeconfiglint`.
fn name_start(text: &str, lint: usize) -> Option<usize> {
    const KUBECONFIG: &str = "kubeconfig";
    let before = text.get(..lint)?;
    let before = before.strip_suffix(['-', '_', ' ']).unwrap_or(before);
    let start = before.len().checked_sub(KUBECONFIG.len())?;
    before.get(start..)?.eq_ignore_ascii_case(KUBECONFIG).then_some(start)
}

/// Returns the known rules at the start of a text, after what people write in place of a bracket.
fn rules_at(text: &str) -> Vec<&'static str> {
    let names = text.trim_start_matches([' ', '\t', ':', '=', '(', '[']);
    let names = names.split([',', ' ', '\t', ')', ']']).filter(|name| !name.is_empty());
    names.take(MAX_NAMES).map_while(rule::find).map(|rule| rule.name).collect()
}

/// Returns the rule whose name follows another linter's word, which ends at `end`.
fn rule_after(text: &str, end: usize) -> Option<&'static Rule> {
    let after = text.get(end..)?;
    let after = after.strip_prefix("-next-line").unwrap_or(after);
    let after = after.strip_prefix("-line").unwrap_or(after);
    let rest = after.trim_start_matches([' ', '\t', ':', '=', '(', '[']);
    rule::find(rest.get(..rest.find(|c| !is_of_name(c)).unwrap_or(rest.len()))?)
}

/// Returns whether the name of a rule may contain a character.
fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// Returns the first comment in a line that was certainly meant for us and is malformed:
/// `kubeconfig-lint ignore[…]` without a colon, our name misspelled, or another linter's word before
/// the name of one of our rules.
fn malformed_comment_in(source: &Source, line: Span) -> Option<Comment> {
    let text = source.slice(line);
    let of_ours = words(text).filter(|(_, is_ours)| *is_ours).find_map(|(word, _)| {
        let at = name_start(text, word.start())?;
        let after = text.get(word.end()..)?;
        let is_misspelled = text.get(at..word.end())? != NAME;
        let after = if is_misspelled { after.trim_start_matches(':') } else { after };
        let rest = after.trim_start_matches([' ', '\t', '-', '_', '=']);
        let (ignore, rules) = rest.split_at_checked("ignore".len())?;
        let is_ignore =
            ignore.eq_ignore_ascii_case("ignore") && rules.trim_start().starts_with(['[', '(']);
        let is_led = leader_before(text.get(..at)?).is_some();
        let end = text.len() - rest.len() + "ignore".len();
        let (end, kind) = match is_misspelled {
            true => (word.end(), IgnoreProblemKind::Misspelled),
            false => (end, IgnoreProblemKind::NoColon),
        };
        (is_ignore && is_led).then_some((at, end, kind))
    });
    let of_others = || {
        words(text).filter(|(_, is_ours)| !is_ours).find_map(|(word, _)| {
            let rule = rule_after(text, word.end())?;
            let before = text.get(..word.start())?;
            // `# pylint: disable=…`
            let linter = before.trim_end_matches([' ', '\t', ':']);
            let before_linter = linter.trim_end_matches(|c: char| is_of_name(c) || c == '_');
            let is_led = leader_before(before).or_else(|| leader_before(before_linter)).is_some();
            let kind = IgnoreProblemKind::NoIgnore(vec![rule.name]);
            is_led.then_some((word.start(), word.end(), kind))
        })
    };
    let (from, to, kind) = of_ours.or_else(of_others)?;
    let names = Err(Box::new((Span::new(line.start() + from, line.start() + to), kind)));
    let (reason, reach) = (Span::default(), Span::default());
    Some(Comment { names, reason, is_alone: false, block: None, reach })
}

/// If a comment begins where `before` ends, returns the text before its leader, and what closes it.
fn leader_before(before: &str) -> Option<(&str, &'static str)> {
    let before = before.trim_end_matches([' ', '\t']);
    let (rest, mark, closer) = LEADERS
        .iter()
        .find_map(|(mark, closer)| Some((before.strip_suffix(mark)?, mark, *closer)))?;
    let is_word = mark.starts_with(char::is_alphabetic) && rest.ends_with(char::is_alphanumeric);
    // Any other string is data, for the plugin or for something else.
    let is_data = matches!(*mark, "\"" | "'") && !follows_comment_key(rest);
    // Prose in backticks only mentions the comment.
    let near = rest.bytes().rev().take(MAX_BYTES);
    let is_named = near.filter(|byte| *byte == b'`').count() % 2 == 1;
    (!is_word && !is_named && !is_data).then_some((rest, closer))
}

/// Returns whether a string follows the key `//`, which is how JSON gets comments.
fn follows_comment_key(before: &str) -> bool {
    let before = before.trim_end_matches('\\').trim_end();
    let key = before.strip_suffix(':').map(str::trim_end);
    key.is_some_and(|key| ["\"//\"", "'//'", "\\\"//\\\""].iter().any(|name| key.ends_with(name)))
}

/// A line up to the end of the comment in it.
struct Content<'a> {
    text: &'a str,
    /// The start of the line in the file.
    line: usize,
}

impl Content<'_> {
    /// Returns the span of a part of the line.
    fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.line + from, self.line + to)
    }

    /// Reads the names after the mark, and the place of the reason; `None` if it is prose.
    fn read(&self, start: usize) -> Option<(Names, Span)> {
        let start = self.skip(start);
        let rest = self.text.get(start..)?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let word = rest.get(..length)?;
        let (end, open) = (start + length, self.skip(start + length));
        let is_open = self.text.get(open..)?.starts_with('[');
        let wrong =
            |from, to, kind| Some((Err(Box::new((self.span(from, to), kind))), Span::default()));
        if word != "ignore" {
            // The words that other linters use for it.
            const WORDS: [&str; 7] =
                ["disable", "disable-line", "disable-next-line", "off", "noqa", "skip", "suppress"];
            let lower = word.to_ascii_lowercase();
            let after = rest.get(length..)?.trim_ascii();
            let next = after.split([' ', ',', ']', ')']).next().unwrap_or("");
            let is_order = after.is_empty()
                || after.starts_with(['=', ':', '(', '['])
                || rule::find(next).is_some();
            let is_ignore = lower.starts_with("ignore")
                || (WORDS.contains(&lower.as_str()) && is_order)
                || (!word.is_empty() && open == end && is_open);
            let rules = rules_at(rest.get(length..)?);
            let kind = IgnoreProblemKind::NoIgnore(rules);
            return if is_ignore { wrong(start, end, kind) } else { None };
        }
        if !is_open {
            let rules = rules_at(self.text.get(end..)?);
            if !rules.is_empty() || self.text.get(open..)?.starts_with('(') {
                return wrong(start, end, IgnoreProblemKind::NoBrackets(rules));
            }
            return wrong(start, end, IgnoreProblemKind::NoRules(Vec::new()));
        }
        let Some(length) = self.text.get(open..)?.find(']') else {
            return wrong(open, open + 1, IgnoreProblemKind::NotClosed);
        };
        let names = self.names(open + 1, open + length);
        if names.is_empty() {
            return wrong(start, open + length + 1, IgnoreProblemKind::NoRules(Vec::new()));
        }
        let after = self.text.get(open + length + 1..)?;
        let reason = after.trim_end_matches(|c: char| c.is_whitespace() || c == '\\');
        let is_joint = |c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—');
        let from = self.text.len() - after.trim_start_matches(is_joint).len();
        let to = open + length + 1 + reason.len();
        Some((Ok(names), self.span(from.min(to), to)))
    }

    /// Returns the names between the brackets.
    fn names(&self, from: usize, to: usize) -> Box<[Name]> {
        let mut at = from;
        let parts = self.text.get(from..to).unwrap_or("").split(',').map(|part| {
            let start = at + (part.len() - part.trim_start().len());
            at += part.len() + 1;
            (start, part.trim())
        });
        let names = parts.filter(|(_, name)| !name.is_empty()).take(MAX_NAMES);
        let names = names.map(|(start, name)| Name {
            span: self.span(start, start + name.len()),
            rule: rule::find(name),
            is_used: false,
        });
        names.collect()
    }

    /// Returns the first byte from `at` on that is not blank.
    fn skip(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or("");
        at + (rest.len() - rest.trim_start_matches([' ', '\t']).len())
    }
}
