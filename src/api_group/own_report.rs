//! Recognizes the reports of this program. What they quote is checked in the file that they quote.

use memchr::memmem;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Returns whether the text is a JSON or SARIF report of this program as a whole. A document with
/// any key that no report has is something else.
pub(crate) fn is_own_report(text: &[u8]) -> bool {
    // Both formats name the program near their beginning.
    const BEGIN: usize = 2048;
    let begin = text.get(..BEGIN).unwrap_or(text);
    let has = |word: &str| memmem::find(begin, word.as_bytes()).is_some();
    begin.trim_ascii_start().starts_with(b"{")
        && [r#""name": "kubeconfig-lint""#, r#""name":"kubeconfig-lint""#].into_iter().any(has)
        && (serde_json::from_slice::<JsonReport>(text).is_ok_and(|report| report.tool.name == NAME)
            || serde_json::from_slice::<SarifReport>(text)
                .is_ok_and(|log| log.runs.iter().all(|run| run.tool.driver.name == NAME)))
}

const NAME: &str = env!("CARGO_PKG_NAME");

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// The keys of the format `json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "that they are there, and no others, is what counts")]
struct JsonReport {
    schema_version: u32,
    tool: Named,
    kubectl_version: IgnoredAny,
    findings: IgnoredAny,
    suppressed: IgnoredAny,
    accepted: IgnoredAny,
    skipped: IgnoredAny,
    limits: IgnoredAny,
    summary: IgnoredAny,
}

/// The keys of the format `sarif`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "that they are there, and no others, is what counts")]
struct SarifReport {
    #[serde(rename = "$schema")]
    schema: IgnoredAny,
    version: IgnoredAny,
    runs: Vec<SarifRun>,
}

#[derive(Deserialize)]
struct SarifRun {
    tool: SarifTool,
}

#[derive(Deserialize)]
struct SarifTool {
    driver: Named,
}
