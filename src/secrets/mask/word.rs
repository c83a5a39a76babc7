//! Finds the words of a line that are not known to be harmless, whatever the syntax around them.
//!
//! Other guards know what is secret; this one knows what is not: the words of kubeconfigs, commands and
//! code, the values of known keys and flags, and addresses. A line may be of any language, or broken.

use std::ops::Range;

use crate::secrets::names_environment;

use super::shown::{is_known, is_shown};
use super::{hidden_part, literal, prose};

/// Returns the words of a line that are not known to be harmless, in order. `above` is the line before
/// it.
pub(in crate::secrets) fn unknown<'a>(
    line: &'a str,
    above: &'a str,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let is_item = |line: &str| line.trim_start().starts_with(['-', '"', '\'', '`']);
    let last = if is_item(line) && is_item(above) { words(above).last() } else { None };
    let mut before = last.map_or("", |(_, word)| word);
    let mut end = 0;
    words(line).filter_map(move |(start, word)| {
        let joint = line.get(end..start).unwrap_or("");
        // Nothing but quotes and a sign stands between a key and its value.
        let is_value = joint.contains([':', '=']) && !joint.contains(['(', '[', '{', ',', ';']);
        let key = if names_environment(before) { "" } else { before };
        // The path of a webhook is its secret.
        let is_shown_value = is_value && is_shown(key) && !word.contains("/hook");
        (before, end) = (word, start + word.len());
        if is_shown_value || is_known(word) || is_shown(word) {
            return None;
        }
        if let Some(path) = path_of(word) {
            let is_plain = prose::unknown_words(word.get(path.clone()).unwrap_or("")).is_empty();
            return (!is_plain).then_some(start + path.start..start + path.end);
        }
        let is_plain =
            prose::unknown_words(word).is_empty() || hidden_part(word, key, false).is_none();
        (!is_plain).then_some(start..end)
    })
}

/// Returns those that name nothing: neither keys nor what is called or built in code.
pub(in crate::secrets) fn unknown_values<'a>(
    line: &'a str,
    above: &'a str,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let is_name = |word: &Range<usize>| {
        let rest = line.get(word.end..).unwrap_or("");
        let is_set = [":=", "?=", "+="].iter().any(|joint| rest.trim_start().starts_with(joint));
        is_set || rest.starts_with(['(', '{']) || literal::is_key(line, word)
    };
    unknown(line, above).filter(move |word| !is_name(word))
}

/// Returns the words of a line with their offsets, in order. An address is one word.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_mark = |c: char| c.is_ascii_whitespace() || "\"'`,:;=()[]{}<>|&\\".contains(c);
    let ends_address = |c: char| c.is_ascii_whitespace() || "\"'`,;()<>|\\".contains(c);
    let mut at = 0;
    let words = std::iter::from_fn(move || {
        let rest = line.get(at..)?;
        let start = at + rest.find(|c| !is_mark(c))?;
        let rest = line.get(start..)?;
        let mut length = rest.find(is_mark).unwrap_or(rest.len());
        if rest.get(length..).is_some_and(|rest| rest.starts_with("://")) {
            length = rest.find(ends_address).unwrap_or(rest.len());
        }
        at = start + length;
        Some((start, rest.get(..length)?))
    });
    words.filter(|(_, word)| word.contains(|c: char| c.is_alphanumeric()))
}

/// Returns the path of an address; empty if it has none. Hosts have names of their own, and users and
/// queries are hidden anyway.
fn path_of(word: &str) -> Option<Range<usize>> {
    let host = word.find("://")? + 3;
    let rest = word.get(host..)?;
    let start = host + rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let end = word.get(start..)?.find('?').map_or(word.len(), |length| start + length);
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_are_words_that_are_not_known_to_be_harmless() {
        for (line, above) in [
            ("", ""),
            ("- name: my-user", "users:"),
            ("    exec:", ""),
            ("      args: [eks, get-token, --cluster-name, c]", ""),
            ("      - c", "      - --cluster-name"),
            (r#"  "apiVersion": "v1","#, ""),
            ("  interactiveMode: IfAvailable # v1beta1", ""),
            (r#"  command = "aws""#, ""),
            (r#"provider "kubernetes" {"#, ""),
            ("  token: ${TOKEN}", ""),
            ("x := os.Getenv(\"V\") // the version", ""),
            ("echo \"    command: aws\" >> ~/.kube/config", ""),
            ("see https://zebra.example/docs/cluster?x", ""),
            ("metav1.TypeMeta{} JObject", ""),
        ] {
            assert_eq!(unknown(line, above).next(), None, "{line}");
        }
        for (line, above, word) in [
            ("hunter2", "", "hunter2"),
            ("  - hunter2", "  - --pin", "hunter2"),
            ("  - 9f3ac7e1b2d84f06", "  - --cluster-name", "9f3ac7e1b2d84f06"),
            ("  - hunter2", "    clusterName:", "hunter2"),
            ("  name: my hunter2", "", "hunter2"),
            ("  name: [hunter2]", "", "hunter2"),
            ("name = f(hunter2)", "", "hunter2"),
            ("pin: zebra", "", "zebra"),
            ("vault login zebra", "", "zebra"),
            ("args: [login, zebra]", "", "zebra"),
            (r#"set("name", "zebra")"#, "", "zebra"),
            ("# zebra", "", "zebra"),
            ("zebra", "  - --cluster-name", "zebra"),
            ("--exec-env=zebra", "", "zebra"),
            ("pinId: zebra", "", "zebra"),
            ("see https://h/path/zebra", "", "/path/zebra"),
            ("url: https://h/hook/zebra", "", "/hook/zebra"),
        ] {
            let found: Vec<_> = unknown(line, above).map(|word| &line[word]).collect();
            assert_eq!(found, [word], "{line}");
        }
    }

    #[test]
    fn unknown_values_are_no_names() {
        for line in [
            "zebra: 1",
            "f(zebra=\"x\")",
            "{zebra: 1, \"zebra\": 2}",
            "zebra(x, Zebra{})",
            "ZEBRA ?= x",
        ] {
            assert_eq!(unknown_values(line, "").next(), None, "{line}");
        }
        for line in [
            "PW -> zebra, apiVersion: x",
            "{Hint:zebra,Pin:x}",
            "pin[0]=zebra",
            "a,zebra",
            "[INFO] vault login zebra && x",
            "f(x, zebra=)",
        ] {
            let found: Vec<_> = unknown_values(line, "").map(|word| &line[word]).collect();
            assert_eq!(found, ["zebra"], "{line}");
        }
    }
}
