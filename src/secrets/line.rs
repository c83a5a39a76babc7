//! What to hide of a line that a report shows.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::source::{Source, Span, floor_boundary};

use super::mask;
use super::mask::setting::{self, Setting};
use super::mask::word;

/// What to hide of a line, in bytes of the line. Each list is sorted and its ranges do not overlap.
#[derive(Debug, Default)]
pub(crate) struct LineMasks {
    /// Known secrets.
    secrets: Vec<Range<usize>>,
    /// Values that the file calls secret.
    named: Vec<Range<usize>>,
    /// Values that look like secrets.
    likely: Vec<Range<usize>>,
    /// Values of settings that the reader of a finding does not need.
    settings: Vec<Setting>,
    /// All secrets, merged.
    pub(crate) all: Vec<Range<usize>>,
}

impl LineMasks {
    /// Collects what to hide of a line of `source`, which is at `span`. `secrets` are the known
    /// ones of the text, sorted and not overlapping.
    pub(crate) fn new(source: &Source, number: usize, span: Span, secrets: &[Span]) -> Self {
        // Only those of the line are visited.
        let first = secrets.partition_point(|secret| secret.end() <= span.start());
        let last = secrets.partition_point(|secret| secret.start() < span.end());
        let secrets = secrets.get(first..last.max(first)).unwrap_or(&[]).iter();
        let in_line = |secret: &Span| {
            let start = secret.start().max(span.start());
            start - span.start()..secret.end().min(span.end()) - span.start()
        };
        let (named, likely): (Vec<_>, Vec<_>) =
            mask::masks(source, number).into_iter().partition(|mask| mask.is_named);
        let secrets = merged(secrets.map(in_line).collect());
        let named = merged(named.into_iter().map(|mask| mask.range).collect());
        let text = source.slice(span);
        let above = mask::above(source, number);
        let likely = likely.into_iter().map(|mask| mask.range);
        let likely = merged(likely.chain(word::unknown_values(text, above)).collect());
        let all = merged([&*secrets, &*named, &*likely].concat());
        let settings = setting::settings(text, above);
        Self { secrets, named, likely, settings, all }
    }
}

/// Returns what to hide in the windows of a line, sorted and not overlapping. A label shows what it
/// points at, unless that is known to be secret, or the file calls it secret and it is not the name
/// of an API version.
pub(crate) fn hidden(
    line: &str,
    masks: &LineMasks,
    labels: &[Range<usize>],
    windows: &[Range<usize>],
) -> Vec<Range<usize>> {
    let is_group = |label: &&Range<usize>| line.get((*label).clone()).is_some_and(names_api_group);
    let groups: Vec<_> = labels.iter().filter(is_group).cloned().collect();
    let lists: [(_, &[Range<usize>]); 3] =
        [(&masks.secrets, &[]), (&masks.named, &groups), (&masks.likely, labels)];
    let mut ranges = Vec::new();
    for (list, holes) in lists {
        for range in windows.iter().flat_map(|window| overlapping(list, window)) {
            ranges.extend(without_all(range.clone(), holes));
        }
    }
    for window in windows {
        let first = masks.settings.partition_point(|setting| setting.value.end <= window.start);
        let last = masks.settings.partition_point(|setting| setting.start < window.end);
        let settings = masks.settings.get(first..last.max(first)).unwrap_or_default();
        ranges.extend(settings_around(line, settings, labels, window));
    }
    merged(ranges)
}

/// Returns the values in a line that a diff may not show. What surrounds an exec API version in the
/// same value is judged on its own.
pub(super) fn values(source: &Source, number: usize, span: Span) -> Vec<Range<usize>> {
    let (line, above) = (source.slice(span), mask::above(source, number));
    let versions = versions(line);
    let mut values =
        settings_around(line, &setting::settings(line, above), &versions, &(0..line.len()));
    let words = word::unknown_values(line, above);
    values.extend(words.flat_map(|word| without_all(word, &versions)));
    values
}

/// Returns the ranges of the exec API versions in a line, with or without their group.
fn versions(line: &str) -> Vec<Range<usize>> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '-' | '_');
    let mut at = 0;
    let words = line.split_inclusive(|c: char| !is_word(c)).map(|word| {
        let start = at;
        at += word.len();
        start..start + word.trim_end_matches(|c: char| !is_word(c)).len()
    });
    let is_version = |word: &Range<usize>| {
        let word = line.get(word.clone()).unwrap_or("");
        names_api_group(word) || ["v1alpha1", "v1beta1"].contains(&word)
    };
    words.filter(is_version).collect()
}

/// Limit on the depth of settings within settings.
const MAX_DEPTH: usize = 8;
/// How far before a window, in bytes, to look for the key of a value in it.
const MAX_KEY_DISTANCE: usize = 4096;

/// Returns the values in a window, without the versions and configurations that have labels. Of a
/// setting with such a label, the reader needs to see all but the settings within.
fn settings_around(
    line: &str,
    settings: &[Setting],
    labels: &[Range<usize>],
    window: &Range<usize>,
) -> Vec<Range<usize>> {
    let clip = |value: &Range<usize>| value.start.max(window.start)..value.end.min(window.end);
    let near = |value: &Range<usize>| {
        let start = value.start.max(window.start.saturating_sub(MAX_KEY_DISTANCE));
        floor_boundary(line, start)..floor_boundary(line, value.end.min(window.end))
    };
    let mut values = Vec::new();
    // A line may have very many.
    let mut settings = Cow::Borrowed(settings);
    for _ in 0..MAX_DEPTH {
        let mut inner = Vec::new();
        for setting in &*settings {
            // The label of a version needs the version, and a configuration has settings of its own.
            // Of any other value, the label says where it is.
            let is_of =
                |label: &Range<usize>| label.start < setting.value.end && setting.start < label.end;
            let place = near(&setting.value);
            let text = line.get(place.clone()).unwrap_or("");
            if labels.iter().any(is_of) && is_judged_within(text, setting.is_argument) {
                let within = setting::settings(text, "").into_iter();
                inner.extend(within.map(|setting| setting.moved(place.start)));
            } else {
                values.push(clip(&setting.value));
            }
        }
        settings = Cow::Owned(inner);
    }
    values.retain(|value| value.start < value.end);
    values
}

/// Returns whether a value holds a version, or a configuration such as JSON in a string.
fn is_judged_within(value: &str, is_argument: bool) -> bool {
    let is_configuration = || ["apiVersion", "exec"].into_iter().any(|word| value.contains(word));
    !versions(value).is_empty() || (!is_argument && is_configuration())
}

/// Returns the ranges that overlap the window, from a sorted list of ranges that do not overlap.
fn overlapping<'a>(list: &'a [Range<usize>], window: &Range<usize>) -> &'a [Range<usize>] {
    let start = list.partition_point(|range| range.end <= window.start);
    let end = list.partition_point(|range| range.start < window.end);
    list.get(start..end).unwrap_or_default()
}

/// Merges ranges: returns the same bytes as sorted ranges that do not overlap.
pub(crate) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, last| {
        let touches = next.start <= last.end;
        if touches {
            last.end = last.end.max(next.end);
        }
        touches
    });
    ranges
}

/// Whether the text names an exec API version or the group, which is never a secret.
fn names_api_group(text: &str) -> bool {
    let in_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'-' | b'_');
    let is_named = text.contains("authentication.k8s.io") || text.contains("clientauthentication/");
    text.len() < 80 && is_named && text.bytes().all(in_name)
}

fn without_all(range: Range<usize>, holes: &[Range<usize>]) -> Vec<Range<usize>> {
    holes.iter().fold(vec![range], |rest, hole| {
        rest.iter().flat_map(|range| without(range, hole)).collect()
    })
}

fn without(range: &Range<usize>, hole: &Range<usize>) -> [Range<usize>; 2] {
    let before = range.start..range.end.min(hole.start.max(range.start));
    let after = range.start.max(hole.end.min(range.end))..range.end;
    if hole.start >= range.end || hole.end <= range.start {
        [range.clone(), range.end..range.end]
    } else {
        [before, after]
    }
}
