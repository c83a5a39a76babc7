//! Base64: kubeconfigs in it are found as if they were not, and fixes encode them again.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use kubeconfig_lint::{Applicability, Linted, Options, Position, Source, fix, lint};

use super::choices::{Choices, is_structured};
use super::kubeconfigs::{self, File, Holder};

/// Reads the bytes as base64, or as decisions about a file with base64.
pub fn holds(bytes: &[u8]) {
    check(bytes, lint);
}

/// Checks a linter.
pub fn check(bytes: &[u8], lint: impl Fn(&Source, &Options) -> Linted) {
    let options = Options::default();
    if !is_structured(bytes) {
        // The bytes in base64, wrapped at some width.
        let exec = b"exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: aws}\n";
        let inner = [&exec[..], bytes].concat();
        let width = 32 + bytes.last().map_or(0, |last| usize::from(*last) % 97);
        let letters = STANDARD.encode(&inner);
        let lines = letters
            .as_bytes()
            .chunks(width)
            .map(|line| format!("  {}\n", String::from_utf8_lossy(line)));
        let text = format!("kind: Secret\ndata:\n a: |\n{}", lines.collect::<String>());
        let source = Source::new("f.yaml", text.into_bytes());
        let linted = lint(&source, &options);
        super::lint::is_in_bounds(&source, &linted);
        // Base64 of bytes that are not text is data, and only mentioned.
        let is_text = !inner.contains(&0) && str::from_utf8(&inner).is_ok();
        let alone = lint(&Source::new("f.yaml", inner), &options);
        let has_finding = is_text
            && alone.findings.iter().any(|finding| finding.rule.name.ends_with("-api-version"));
        assert!(!has_finding || !linted.findings.is_empty(), "nothing is said of the base64");
        return;
    }
    let mut choices = Choices::new(bytes);
    let file = kubeconfigs::file(&mut choices);
    if file.is_plain() {
        return;
    }
    // What is found inside is what is found in the kubeconfig as a file, at the same lines.
    let alone = Source::new("config", file.inner.clone().into_bytes());
    let inner = lint(&alone, &options);
    let source = Source::new("secret.yaml", file.text.clone().into_bytes());
    let linted = lint(&source, &options);
    let mut expected: Vec<_> = inner
        .findings
        .iter()
        .filter(|finding| !finding.is_mention())
        .map(|finding| {
            (finding.rule.name, finding.user.clone(), alone.position(finding.primary.span.start()))
        })
        .collect();
    let mut found: Vec<_> = linted
        .findings
        .iter()
        .filter(|finding| !finding.is_mention())
        .map(|finding| {
            let decoded = finding.decoded.as_ref().expect("a place in the base64");
            (finding.rule.name, finding.user.clone(), decoded.position)
        })
        .collect();
    let order =
        |(rule, _, Position { line, column }): &(&str, Option<std::sync::Arc<str>>, Position)| {
            (*line, *column, (*rule).to_owned())
        };
    expected.sort_by_key(order);
    found.sort_by_key(order);
    if file.holder == Holder::Secret {
        assert_eq!(found, expected, "{}", file.inner);
    }
    for finding in &linted.findings {
        let letters = source.slice(finding.primary.span);
        assert!(letters.bytes().all(|byte| !b":#{}".contains(&byte)), "{letters} is not base64");
    }
    fixes_inside(&file, &source, &linted, &alone, &inner);
}

/// Checks that the fixed base64 holds what the fixed kubeconfig is.
fn fixes_inside(file: &File, source: &Source, linted: &Linted, alone: &Source, inner: &Linted) {
    let options = Options::default();
    if file.holder != Holder::Secret {
        return;
    }
    let fixed = fix(source, linted, &options, Applicability::Safe);
    let expected = fix(alone, inner, &options, Applicability::Safe);
    let (Some(fixed), Some(expected)) = (fixed, expected) else { return };
    let text = fixed.source.text();
    let letters = text.split_once("config: ").map_or("", |(_, rest)| rest);
    let letters: String = letters.chars().filter(|c| !c.is_whitespace() && *c != '|').collect();
    let padded = format!(
        "{}{}",
        letters.trim_end_matches('='),
        "=".repeat((4 - letters.trim_end_matches('=').len() % 4) % 4)
    );
    let decoded = STANDARD.decode(&padded).or_else(|_| URL_SAFE.decode(&padded));
    let decoded = decoded.expect("the fixed text is base64");
    assert_eq!(String::from_utf8_lossy(&decoded), expected.source.text(), "{}", file.inner);
}
