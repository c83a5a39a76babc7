// What must hold for any bytes: no panic, every span is in the text, every occurrence is accounted
// for, and a second fix changes nothing. The fuzz target and `tests/fuzz.rs` both include this
// file.

use kubeconfig_lint::Applicability;
use kubeconfig_lint::Span;
use kubeconfig_lint::{Options, Source, internals, lint};

const NAMES: [&str; 10] =
    ["f.yaml", "f", "f.tf", "f.go", "f.md", "f.rst", "f.adoc", "f.html", "f.sh", "f.json"];

/// Lints and fixes the bytes as a file. The last byte selects its name, and so how it is read.
pub(crate) fn holds(bytes: &[u8]) {
    let name = bytes.last().map_or(0, |last| usize::from(*last) % NAMES.len());
    let source = Source::new(NAMES.get(name).copied().unwrap_or("f"), bytes.to_vec());
    let linted = lint(&source, &Options::default());
    let text = source.text();
    let labels = linted.findings.iter().flat_map(|finding| {
        std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.span)
    });
    let accepted = linted.accepted.iter().map(|accepted| accepted.span);
    let suppressed = linted.suppressed.iter().map(|suppressed| suppressed.finding.primary.span);
    let spans: Vec<_> = labels.chain(accepted).chain(suppressed).collect();
    for span in spans.iter().chain(&linted.secrets) {
        assert!(text.get(span.range()).is_some(), "{span:?} is no text");
        let (start, end) = (source.position(span.start), source.position(span.end));
        assert!(start <= end, "{span:?} runs backwards");
    }
    for occurrence in internals::occurrences(text) {
        let is_in =
            |span: &Span| span.start <= occurrence.span.start && occurrence.span.start < span.end;
        assert!(spans.iter().any(is_in), "{occurrence:?} is not accounted for");
    }
    let options = Options::default();
    if let Some(fixed) = kubeconfig_lint::fix(&source, &linted, &options, Applicability::Unsafe) {
        let again =
            kubeconfig_lint::fix(&fixed.source, &fixed.linted, &options, Applicability::Unsafe);
        assert!(again.is_none(), "a second fix changes something");
    }
}
