//! Finds the words of a sentence that may be values rather than words.
//!
//! Known words, versions, dates, paths of known words, and addresses are shown. Anything else may be a
//! password, and so may what follows a word such as `pin`.

use std::ops::Range;

use crate::secrets::{is_secret_key, stand_in, words};

use super::shown::SECRETS;
use super::{is_blank, quotes};

/// Names of secrets that are too short to be found within longer keys, besides [`SECRETS`].
const NAMES: [&str; 2] = ["auth", "key"];
/// Words that join a secret to its name.
const JOINTS: [&str; 6] = ["is", "was", "=", ":", "to", "be"];
/// Words with digits.
const WORDS: [&str; 25] = [
    "k8s", "k3s", "x509", "base64", "oauth2", "oidc2", "ec2", "s3", "utf8", "utf16", "sha1",
    "sha256", "md5", "ipv4", "ipv6", "http2", "h2", "x86", "amd64", "arm64", "python3", "l10n",
    "i18n", "a11y", "e2e",
];
/// Words that follow the name of a secret without being one.
const STOP: [&str; 49] = [
    "could", "expired", "failed", "found", "included", "invalid", "missing", "provided",
    "required", "a", "again", "an", "and", "are", "as", "at", "by", "can", "cannot", "command",
    "comes", "do", "does", "exec", "expires", "for", "from", "goes", "has", "have", "here", "if",
    "in", "into", "must", "not", "of", "on", "or", "plugin", "provider", "that", "the", "via",
    "when", "which", "will", "with", "without",
];
/// The longest part, in characters, that may be shown whatever it is.
const MAX_SHORT: usize = 2;
/// The longest run of letters that is a word.
const MAX_WORD: usize = 40;
/// The most changes from lower to upper case within a word, as in `ExecCredentialStatus`.
const MAX_HUMPS: usize = 5;

/// Returns the text of the comment that ends a line, if any.
pub(super) fn comment(line: &str) -> Option<Range<usize>> {
    let bytes = line.as_bytes();
    let mut quote = None;
    let mut before = b' ';
    for (at, &byte) in bytes.iter().enumerate() {
        let is_start = is_blank(before);
        match quote {
            Some(open) if byte == open && before != b'\\' => quote = None,
            Some(_) => {}
            None if byte == b'"'
                || (byte == b'\'' && (is_start || b"[{(,:=".contains(&before))) =>
            {
                quote = Some(byte);
            }
            None if is_start && byte == b'#' => return Some(at + 1..line.len()),
            None if is_start
                && bytes.get(at..).is_some_and(|rest| {
                    rest.starts_with(b"//") || rest.starts_with(b"/*") || rest.starts_with(b"<!--")
                }) =>
            {
                return Some(at + 2..line.len());
            }
            None => {}
        }
        before = byte;
    }
    None
}

/// Returns the words of a text that are not known to be harmless, in order.
pub(in crate::secrets) fn unknown_words(text: &str) -> Vec<Range<usize>> {
    // `\n` is no letter of the word behind it.
    let lines = quotes::unescaped(text);
    words_but(lines.as_deref().unwrap_or(text), |word, _| {
        // Signs around a word are no part of it: `+x`, `!=`, `~/bin`.
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        is_plain(word, is_known) || is_plain(bare, is_known)
    })
}

/// Returns the words of a text that are no words of any language or follow the name of a secret, in
/// order. A text that somebody wrote for others to read needs no more.
pub(in crate::secrets) fn odd_words(text: &str) -> Vec<Range<usize>> {
    words_but(text, |word, is_named| !is_named && is_plain(word, is_letters))
}

/// Returns the words of a text that are not plain, and those that a joint such as `:` marks as secret.
/// `is_plain` takes a word, and whether it follows the name of a secret.
fn words_but(text: &str, is_plain: impl Fn(&str, bool) -> bool) -> Vec<Range<usize>> {
    let mut odd = Vec::new();
    // Whether the word before names a secret, and whether a joint follows it.
    let (mut after_name, mut is_joined) = (false, false);
    let mut at = 0;
    for token in text.split([' ', '\t', '\n']) {
        let start = at;
        at += token.len() + 1;
        let word = token.trim_matches(|c: char| ",.;:!?()[]{}\"'`<>*_|#".contains(c));
        let offset = start + token.find(word).unwrap_or(0);
        if word.is_empty() || JOINTS.contains(&word) {
            is_joined = after_name;
            continue;
        }
        let lower = word.to_ascii_lowercase();
        let is_value = after_name && (is_joined || !STOP.contains(&lower.as_str()));
        // A comma or a full stop ends a phrase about a secret.
        let ends = token.ends_with([',', '.', ';', ')', '`', '!', '?']);
        let is_name = NAMES.contains(&lower.as_str())
            || SECRETS.contains(&lower.as_str())
            || (is_secret_key(word) && !word.starts_with("get-"));
        let is_named_by_colon = token.ends_with([':', '=']);
        if (is_value && is_joined) || !is_plain(word, is_value && !is_name) {
            // A password may end with any sign.
            let end = start
                + token.trim_end_matches([',', ';', '.', ')', ']', '}', '"', '\'', '`']).len();
            let end = end.max(offset + word.len());
            // Without the quotes around it, JSON would begin within a text.
            let is_json = word.contains(['"', '\'']);
            odd.push(if is_json { start..start + token.len() } else { offset..end });
        }
        is_joined = is_name && is_named_by_colon;
        after_name = is_name && !ends;
    }
    odd
}

/// Returns whether a word consists of such parts, versions, dates and small numbers.
fn is_plain(word: &str, is_word: fn(&str) -> bool) -> bool {
    if stand_in::is_stand_in(word) {
        return true;
    }
    // The user and the query of an address are no words.
    let (path, is_address) = match word.split_once("://") {
        Some((_, rest)) => (rest, true),
        None => (word, false),
    };
    // Hosts have names of their own.
    let is_word = if is_address { is_letters } else { is_word };
    let is_separator = |c: char| "/-_.,:;=()[]{}<>|&'\"`~#\\".contains(c);
    let is_variable = |part: &str| {
        let name = part.strip_prefix('$').unwrap_or("");
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_uppercase())
    };
    let has_separator = path.contains(is_separator);
    let path = path.strip_prefix('$').unwrap_or(path);
    path.split(is_separator).all(|part| {
        let is_part = part.is_empty()
            || part == "*"
            || is_word(part)
            || is_variable(part)
            || is_version(part)
            || WORDS.contains(&part.to_ascii_lowercase().as_str());
        is_part
            || (part.bytes().all(|b| b.is_ascii_digit())
                && is_number(part, has_separator || is_address))
    })
}

/// Returns whether a part is known, or too short for a password.
fn is_known(part: &str) -> bool {
    // `metav1`
    let version = part.rfind('v').filter(|at| part.get(*at..).is_some_and(is_version));
    let part = version.and_then(|at| part.get(..at)).unwrap_or(part);
    part.chars().nth(MAX_SHORT).is_none()
        || (is_letters(part) && (words::knows(part) || !part.contains(char::is_alphanumeric)))
}

fn is_letters(part: &str) -> bool {
    let mut humps = 0;
    let mut was_lower = false;
    let is_word = part.chars().all(|c| {
        humps += usize::from(was_lower && c.is_uppercase());
        was_lower = c.is_lowercase();
        c.is_alphabetic() || !c.is_ascii() && !c.is_alphanumeric()
    });
    is_word && part.len() <= MAX_WORD && humps <= MAX_HUMPS
}

/// Returns whether a number may be shown: a small one, a year, or a part of a date or version.
fn is_number(digits: &str, in_word: bool) -> bool {
    let is_year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    digits.len() <= 3 || is_year || (in_word && digits.len() <= 4)
}

/// Returns a word in which `-` stands for each version and each of [`WORDS`], in any case.
pub(super) fn without_known(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let is_known = |part: &str| {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let version = part.strip_prefix('v').map_or(0, digits);
        let stage = ["alpha", "beta"].into_iter().find_map(|stage| {
            let last = part.get(1 + version..)?.strip_prefix(stage)?;
            Some(stage.len() + digits(last))
        });
        let name = WORDS.into_iter().filter(|name| part.starts_with(name)).map(str::len).max();
        match version {
            1..=2 => Some(1 + version + stage.unwrap_or(0)),
            _ => name.filter(|length| *length > 2),
        }
    };
    let (mut rest, mut at) = (String::new(), 0);
    while let Some(first) = lower.get(at..).and_then(|rest| rest.chars().next()) {
        match lower.get(at..).and_then(is_known) {
            Some(length) => {
                rest.push('-');
                at += length;
            }
            None => {
                rest.push_str(word.get(at..at + first.len_utf8()).unwrap_or(""));
                at += first.len_utf8();
            }
        }
    }
    rest
}

/// Returns whether a part is a version such as `v1`, `v1alpha1` or `1x`, or a number with a unit
/// such as `15m` and `1st`.
fn is_version(part: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let number = part.strip_prefix('v').unwrap_or(part);
    let length = digits(number);
    let rest = number.get(length..).unwrap_or("");
    if length == 0 || length > 4 {
        return false;
    }
    let stage = ["alpha", "beta", "rc"].into_iter().find_map(|stage| rest.strip_prefix(stage));
    let is_release = stage.is_some_and(|last| last.len() <= 2 && digits(last) == last.len());
    is_release
        || (part.starts_with('v') && rest.is_empty())
        || (!part.starts_with('v')
            && rest.len() <= 2
            && rest.bytes().all(|b| b.is_ascii_alphabetic()))
}
