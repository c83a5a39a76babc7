use crate::kubectl::decode::exec_credential::*;

const V1BETA1: &str = "client.authentication.k8s.io/v1beta1";

/// Returns the name of kubectl's first problem; empty if it accepts the text.
fn problem(text: &str, minor: u16) -> String {
    let refusals = super::refusals(text, Some(V1BETA1), Minor(minor));
    let problem = refusals.first().map(|refusal| format!("{:?}", refusal.problem));
    problem.unwrap_or_default().split([' ', '(']).next().unwrap_or_default().to_owned()
}

fn of_status(status: &str) -> String {
    format!("{{\"apiVersion\":\"{V1BETA1}\",\"kind\":\"ExecCredential\",\"status\":{status}}}")
}

/// Measured with kubectl 1.20 to 1.37, which agree.
#[test]
fn exec_credential_refusals_match_kubectl() {
    let valid = of_status("{\"token\":\"t\"}");
    for (text, expected) in [
        (valid.as_str(), ""),
        (&format!("apiversion: {V1BETA1}\nKIND: ExecCredential\nstatus: {{token: t}}\n"), ""),
        (&format!("# c\n--- \n{valid}\n---\n["), ""),
        (&format!("\u{feff}{valid}"), ""),
        (&valid.replace("\"kind\":\"ExecCredential\",", ""), ""),
        (&valid.replace('/', "\\/"), ""),
        (&valid.replace("apiVersion", "apiVer\u{17f}ion"), ""),
        ("", "OtherVersion"),
        ("null", "OtherVersion"),
        ("{\"apiVersion\":\"/\"}", "OtherVersion"),
        ("{\"apiVersion\":\"a/b/c\"}", "Decode"),
        ("{\"apiVersion\":\"a/\"}", "Decode"),
        ("{\"kind\":\"Foo\"}", "Decode"),
        (&format!("{valid}\nbye"), "Decode"),
        ("[[", "Decode"),
        (&of_status("{\"token\":1}"), "Decode"),
        (&of_status("{\"token\":\"t\\n\"}"), "Unsendable"),
        (&of_status("{\"token\":\" \\té\"}"), ""),
        (&of_status("null"), "NoStatus"),
        (&of_status("{}"), "NoCredential"),
        (&of_status("{\"token\":\"t\",\"clientKeyData\":\"x\"}"), "HalfPair"),
        (&of_status("{\"clientCertificateData\":\"x\",\"clientKeyData\":\"y\"}"), "Certificate"),
    ] {
        for minor in [20, 22, 23, 37] {
            assert_eq!(problem(text, minor), expected, "{text} {minor}");
        }
    }
}

/// Measured with kubectl 1.20 to 1.37.
#[test]
fn exec_credential_refusals_vary_by_minor() {
    let interactive = of_status("{\"token\":\"t\"},\"spec\":{\"interactive\":1}");
    assert_eq!([21, 22].map(|minor| problem(&interactive, minor)), ["", "Decode"]);
    let comma = of_status("{\"token\":\"t\",\"expirationTimestamp\":\"2030-01-02T03:04:05,6Z\"}");
    assert_eq!([22, 23].map(|minor| problem(&comma, minor)), ["Decode", ""]);
}

/// Measured with kubectl 1.20 to 1.37.
#[test]
fn exec_credential_merges_repeated_fields() {
    let both = |a: &str, b: &str| of_status(&format!("{a},\"status\":{b}"));
    assert_eq!(problem(&both("{\"token\":\"t\"}", "{}"), 37), "");
    assert_eq!(problem(&both("{\"token\":\"t\"}", "null"), 37), "NoStatus");
    let nulled = of_status("{\"token\":\"t\",\"token\":null}");
    assert_eq!([22, 23].map(|minor| problem(&nulled, minor)), ["NoCredential", ""]);
    let yaml = format!(
        "apiVersion: {V1BETA1}\nstatus: {{token: t}}\nstatus: {{expirationTimestamp: null}}\n"
    );
    assert_eq!(problem(&yaml, 37), "NoCredential");
}

#[test]
fn exec_credential_is_checked_beyond_a_wrong_version() {
    let text = of_status("{}").replace("v1beta1", "v1alpha1");
    let tree = parse(&text);
    let output = PluginOutput::new(View { tree: &tree, text: &text }, tree.documents.first());
    let refusal_ranges = output.refusal_ranges().into_iter().map(|range| {
        let problems = range.refusals.iter().map(Refusal::is_of_version).collect();
        (range.since.0, range.until.0, problems)
    });
    let refusal_ranges: Vec<(u16, u16, Vec<bool>)> = refusal_ranges.collect();
    assert_eq!(refusal_ranges, [(20, 23, vec![false]), (24, 37, vec![true, false])]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]
    #[test]
    fn exec_credential_accepts_any_text(
        parts in proptest::collection::vec(
            proptest::sample::select(&[
                "{", "}", "[", "]", ",", ":", "\n", " ", "\"apiVersion\"", "\"kind\"",
                "\"status\"", "\"token\"", "\"client.authentication.k8s.io/v1beta1\"",
                "\"expirationTimestamp\"", "\"ExecCredential\"", "1", "0", "1e999", "null",
                "\"\\u00e9\\n\"", "spec: ", "- ", "*a", "&a ", "é", "\"clientKeyData\"",
            ][..]),
            0..24,
        ),
        minor in 10_u16..=37,
    ) {
        let _ = super::refusals(&parts.concat(), None, Minor(minor));
        let valid = of_status(&parts.concat());
        let _ = super::refusals(&valid, Some("x"), Minor(minor));
    }
}
