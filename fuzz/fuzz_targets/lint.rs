//! Any bytes as a file: no panic, every span in the text, every occurrence accounted for, and what
//! can be fixed is fixed at once.
//!
//! `cargo fuzz run lint`, with `tests/cases` as a corpus to begin with. The last byte chooses the
//! name of the file, and so how it is read.

#![no_main]

use kubeconfig_lint::fix::{Applicability, apply};
use kubeconfig_lint::{Options, Source, lint, needle};
use libfuzzer_sys::fuzz_target;

const NAMES: [&str; 10] = [
    "f.yaml", "f", "f.tf", "f.go", "f.md", "f.rst", "f.adoc", "f.html", "f.sh", "f.json",
];

fuzz_target!(|bytes: &[u8]| {
    let name = bytes.last().map_or(0, |last| usize::from(*last) % NAMES.len());
    let source = Source::new(NAMES[name], bytes.to_vec());
    let linted = lint(&source, &Options::default());
    let text = source.text();
    let labels = linted.findings.iter().flat_map(|finding| {
        std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.span)
    });
    let accepted = linted.accepted.iter().map(|accepted| accepted.span);
    let spans: Vec<_> = labels.chain(accepted).collect();
    for span in spans.iter().chain(&linted.secrets) {
        assert!(text.get(span.range()).is_some(), "{span:?} is no text");
        let (start, end) = (source.position(span.start), source.position(span.end));
        assert!(start <= end, "{span:?} runs backwards");
    }
    for occurrence in needle::occurrences(text) {
        let is_in = |span: &&kubeconfig_lint::source::Span| {
            span.start <= occurrence.span.start && occurrence.span.start < span.end
        };
        assert!(spans.iter().any(|span| is_in(&span)), "{occurrence:?} is not accounted for");
    }
    let options = Options::default();
    if let Some(fixed) = apply::fix(&source, &options, Applicability::Unsafe) {
        let again = apply::fix(&fixed.source, &options, Applicability::Unsafe);
        assert!(again.is_none(), "a second fix changes something");
    }
});
