//! Finds the words of a line that look random, whatever the syntax around them.
//!
//! A token may be the value of a key that is shown, such as `name`.

use std::ops::Range;

use super::{find, prose};

/// The shortest run of letters, digits and signs that counts as a key or a hash.
const MIN_RUN: usize = 32;
/// The shortest word of letters and digits that may be random: three groups of digits among its
/// letters, or upper and lower case that change as often.
const MIN_WORD: usize = 8;
const MIN_GROUPS: usize = 3;
/// The shortest word whose changes of case count.
const MIN_CASED: usize = 16;
/// The length of the parts of a name such as `getTokenForCluster`, on average. Random letters have
/// shorter ones.
const MIN_HUMP: usize = 4;
/// The shortest number that may be a secret: longer than a date.
const MIN_NUMBER: usize = 9;

/// Returns the words of a line that look random.
pub(super) fn words(line: &str) -> impl Iterator<Item = Range<usize>> {
    long_runs(line).chain(short_words(line))
}

/// Returns the words of letters and digits that look random, and long numbers. Hosts of addresses and
/// the account in the name of an AWS resource are no secrets.
fn short_words(line: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = line.as_bytes();
    let (mut at, mut host) = (0, 0);
    let words = std::iter::from_fn(move || {
        let start = find(bytes, at, |b| b.is_ascii_alphanumeric())?;
        at = find(bytes, start, |b| !b.is_ascii_alphanumeric()).unwrap_or(bytes.len());
        if bytes.get(..start).is_some_and(|before| before.ends_with(b"://")) {
            let ends = |b: u8| !(b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
            host = find(bytes, start, ends).unwrap_or(bytes.len());
        }
        Some((start..at, start < host))
    });
    let looks_random = move |word: &Range<usize>| {
        let text = line.get(word.clone()).unwrap_or("");
        match text.len() {
            ..MIN_WORD => false,
            length if text.bytes().all(|b| b.is_ascii_digit()) => {
                length >= MIN_NUMBER && !is_account(line, word)
            }
            _ => is_mixed(text),
        }
    };
    words.filter(move |(word, is_host)| !is_host && looks_random(word)).map(|(word, _)| word)
}

/// Returns whether a number is the account in `arn:aws:iam::123456789012:role/x` or
/// `123456789012.dkr.ecr.eu-west-1.amazonaws.com`.
fn is_account(line: &str, number: &Range<usize>) -> bool {
    let rest = line.get(number.end..).unwrap_or("");
    let before = line.get(..number.start).unwrap_or("");
    number.len() == 12
        && ((before.ends_with(':') && rest.starts_with(':')) || rest.starts_with(".dkr.ecr"))
}

/// Returns whether a word mixes letters and digits as random words do, apart from the versions and
/// the words with digits that occur in names.
fn is_mixed(word: &str) -> bool {
    let has_digit = |word: &str| word.bytes().any(|b| b.is_ascii_digit());
    if !has_digit(word) {
        return has_random_case(word);
    }
    let rest = prose::without_known(word);
    let changes = |is: fn(u8) -> bool, was: fn(u8) -> bool| {
        let pairs = rest.as_bytes().windows(2);
        pairs.filter(|pair| matches!(pair, [a, b] if was(*a) && is(*b))).count()
    };
    let is_digit = |b: u8| b.is_ascii_digit();
    let is_letter = |b: u8| b.is_ascii_alphabetic();
    let groups =
        changes(is_digit, is_letter) + usize::from(rest.starts_with(|c: char| c.is_ascii_digit()));
    let humps = changes(|b| b.is_ascii_uppercase(), |b| b.is_ascii_lowercase());
    let has_letter = rest.bytes().any(is_letter);
    let is_cased = word.len() >= MIN_CASED
        && has_digit(&rest)
        && groups + humps >= MIN_GROUPS
        && rest.len() < (groups + humps + 1) * MIN_HUMP;
    // `AKIA…`
    let is_code = rest.len() >= MIN_CASED
        && has_digit(&rest)
        && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    has_letter && (groups >= MIN_GROUPS || is_cased || is_code)
}

/// Returns whether the case of letters changes as it does in no name: they are capitals alone, or
/// capitals are nearly as many as other letters.
fn has_random_case(word: &str) -> bool {
    if word.len() < MIN_CASED {
        return false;
    }
    let bytes = word.as_bytes();
    let capitals = bytes.iter().filter(|b| b.is_ascii_uppercase()).count();
    let is_hump =
        |pair: &&[u8]| matches!(pair, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase());
    let humps = bytes.windows(2).filter(is_hump).count();
    capitals == bytes.len() || (capitals * 5 >= bytes.len() * 2 && humps >= MIN_GROUPS)
}

/// Returns runs of characters that look like a key, a hash or base64.
fn long_runs(line: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = line.as_bytes();
    let in_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'+' | b'/');
    let mut at = 0;
    let runs = std::iter::from_fn(move || {
        let start = find(bytes, at, in_base64)?;
        at = find(bytes, start, |b| !in_base64(b)).unwrap_or(bytes.len());
        Some(start..at)
    });
    runs.filter(|run| run.len() >= MIN_RUN).flat_map(move |run| {
        let text = line.get(run.clone()).unwrap_or("");
        if is_random(text) {
            return vec![run];
        }
        // Most likely a path, but each of its parts may be a key.
        let mut at = run.start;
        let parts = text.split(['/', '+']).map(|part| {
            let range = at..at + part.len();
            at = range.end + 1;
            (range, part)
        });
        let is_key = |part: &str| part.len() >= MIN_RUN && !is_name(part);
        parts.filter(|(_, part)| is_key(part)).map(|(range, _)| range).collect()
    })
}

/// Returns whether the run mixes upper case, lower case and digits, as base64 of that length does
/// and a path seldom does.
fn is_random(run: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| run.as_bytes().iter().any(kind);
    has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}

/// Returns whether the run consists of words of one case joined by hyphens, such as
/// `aws-iam-authenticator-…`.
fn is_name(run: &str) -> bool {
    let words = |kind: fn(u8) -> bool| {
        run.split(['-', '_']).all(|word| word.len() < MIN_RUN && word.bytes().all(kind))
    };
    words(|b| b.is_ascii_lowercase()) || words(|b| b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_random_whatever_surrounds_them() {
        let found =
            |line: &str| -> Vec<String> { words(line).map(|word| line[word].to_owned()).collect() };
        for secret in [
            "9f3ac7e1b2d84f06a5cc",
            "739182640517",
            "s3cr3tP4ss",
            "AKIAIOSF0DNN7EXAMPL3",
            "xK9mQvT2bLpZr4Wd",
            "0a1b2c3d4e5f",
            "AKIAQXWERTYUIOPASDFG",
            "AKIAIOSFODNN7EXAMPLE",
            "ABCdefGHIjklMNOpqrST",
        ] {
            for around in [
                "x @",
                "@,a,b",
                "[\"@\"]",
                "('@')",
                "<a>@</a>",
                "f(x, \"@\")",
                "\"a\" to \"@\"",
                "A+=@",
                "\\-@",
                "”@”",
                "&#34;@&#34;",
                "# @",
            ] {
                let line = around.replace('@', secret);
                assert_eq!(found(&line), [secret], "{line}");
            }
        }
        for line in [
            "client.authentication.k8s.io/v1alpha1 v1beta1",
            "clientauthenticationv1beta1.ExecCredential{}",
            "TestE2EExecPluginV1Alpha1",
            "base64decode(sha256sum(x509)) aws4hmacsha256 oauth2TokenSource",
            "arn:aws:iam::123456789012:role/x-1",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1.2.3",
            "gke_p-123456_europe-west1-b_c1",
            "https://0A1B2C3D4E5F6A7B8C9D.gr7.us-east-1.eks.amazonaws.com",
            "2024-01-31T12:34:56Z 20240131 v20240131",
            "kubelogin-linux-amd64-v0.1.4.tar.gz python3 utf8",
            "k8s_1_24_0 eks1 user12 node-10-0-0-1",
            "getTokenForClusterName parseJSONFromHTTPResponse KUBERNETES_AUTHENTICATION",
        ] {
            assert_eq!(found(line), [""; 0], "{line}");
        }
    }
}
