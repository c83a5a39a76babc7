use crate::kubectl::decode::exec_credential::*;
use crate::model::refusal::UNABLE;

const V1BETA1: &str = "client.authentication.k8s.io/v1beta1";

/// Returns what kubectl says, without the common prefix.
fn says(text: &str, minor: u16) -> String {
    let words = super::says(text, Some(V1BETA1), Minor(minor));
    words.map_or_else(String::new, |words| {
        let words = words.strip_prefix(UNABLE).unwrap();
        words.strip_prefix("getting credentials: ").unwrap_or(words).to_owned()
    })
}

fn of_status(status: &str) -> String {
    format!("{{\"apiVersion\":\"{V1BETA1}\",\"kind\":\"ExecCredential\",\"status\":{status}}}")
}

/// Measured with kubectl 1.20 to 1.37, which agree.
#[test]
fn says_what_kubectl_says() {
    let sound = of_status("{\"token\":\"t\"}");
    let internal = "exec plugin is configured to use API version \
                    client.authentication.k8s.io/v1beta1, plugin returned version \
                    client.authentication.k8s.io/__internal";
    for (text, expected) in [
        (sound.as_str(), ""),
        (&format!("apiversion: {V1BETA1}\nKIND: ExecCredential\nstatus: {{token: t}}\n"), ""),
        (&format!("# c\n--- \n{sound}\n---\n["), ""),
        (&format!("\u{feff}{sound}"), ""),
        (&sound.replace("\"kind\":\"ExecCredential\",", ""), ""),
        (&sound.replace('/', "\\/"), ""),
        (&sound.replace("apiVersion", "apiVer\u{17f}ion"), ""),
        ("", internal),
        ("null", internal),
        ("{\"apiVersion\":\"/\"}", internal),
        ("{\"apiVersion\":\"a/b/c\"}", "decoding stdout: unexpected GroupVersion string: a/b/c"),
        ("{\"apiVersion\":\"a/\"}", "decoding stdout: Object 'apiVersion' is missing in '…'"),
        (
            "{\"kind\":\"Foo\"}",
            "decoding stdout: no kind \"Foo\" is registered for the internal version of group \
             \"client.authentication.k8s.io\" in scheme \"…\"",
        ),
        (
            "{\"apiVersion\":\"/v1\"}",
            "decoding stdout: no kind \"ExecCredential\" is registered for version \"v1\" in \
             scheme \"…\"",
        ),
        (
            "kind: Status\n",
            "decoding stdout: converting (v1.Status) to (clientauthentication.ExecCredential): \
             unknown conversion",
        ),
        (
            "hello",
            "decoding stdout: couldn't get version/kind; json parse error: json: cannot \
             unmarshal string into Go value of type struct { APIVersion string \
             \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \
             \"json:\\\"kind,omitempty\\\"\" }",
        ),
        (
            &format!("{sound}\nbye"),
            "decoding stdout: couldn't get version/kind; json parse error: invalid character \
             'b' after top-level value",
        ),
        ("[[", "decoding stdout: yaml: line 1: did not find expected node content"),
        (&of_status("null"), "exec plugin didn't return a status field"),
        (&of_status("{}"), "exec plugin didn't return a token or cert/key pair"),
        (
            &of_status("{\"token\":\"t\",\"clientKeyData\":\"x\"}"),
            "exec plugin returned only certificate or key, not both",
        ),
        (
            &of_status("{\"clientCertificateData\":\"x\",\"clientKeyData\":\"y\"}"),
            "failed parsing client key/certificate: tls: failed to find any PEM data in \
             certificate input",
        ),
    ] {
        for minor in [20, 22, 23, 37] {
            assert_eq!(says(text, minor), expected, "{text} {minor}");
        }
    }
}

/// Measured with kubectl 1.20 to 1.37.
#[test]
fn the_words_of_types_change_with_the_minor() {
    let number = of_status("{\"token\":1}");
    assert_eq!(
        says(&number, 20),
        "decoding stdout: v1beta1.ExecCredential.Status: v1beta1.ExecCredentialStatus.Token: \
         ReadString: expects \" or n, but found 1, error found in …"
    );
    assert_eq!(
        says(&number, 23),
        "decoding stdout: json: cannot unmarshal number into Go struct field \
         ExecCredentialStatus.status.token of type string"
    );
    // A type with its own decoder stops Go at once, while json-iterator only adds its name.
    let both = of_status("{\"token\":1,\"expirationTimestamp\":\"soon\"}");
    assert!(says(&both, 22).contains("ExpirationTimestamp: Token: ReadString"));
    assert!(says(&both, 23).starts_with("decoding stdout: parsing time \"soon\""));
    let behind = "{\"status\":{\"token\":1,\"x\":2},\"kind\":\"ExecCredential\",\
                  \"apiVersion\":\"client.authentication.k8s.io/v1beta1\"}";
    assert!(says(behind, 20).contains("TypeMeta: APIVersion: TypeMeta: Kind: Status: v1beta1"));
    let interactive = of_status("{\"token\":\"t\"},\"spec\":{\"interactive\":1}");
    assert_eq!(says(&interactive, 21), "");
    assert!(says(&interactive, 22).contains("Interactive: ReadBool"));
    let line = of_status("{\"token\":\"t\\n\"}");
    let header = "net/http: invalid header field value";
    assert_eq!(says(&line, 24), format!("{header} \"…\" for key Authorization"));
    assert_eq!(says(&line, 25), format!("{header} for \"Authorization\""));
    assert_eq!(says(&of_status("{\"token\":\" \\té\"}"), 37), "");
    let huge = of_status("{\"token\":\"t\"},\"x\":1e1000");
    assert!(says(&huge, 22).contains("readNumberAsString: invalid number"));
    assert_eq!(says(&huge, 23), "");
}

/// Measured with kubectl 1.20 to 1.37.
#[test]
fn fields_of_one_name_are_read_into_each_other() {
    let both = |a: &str, b: &str| of_status(&format!("{a},\"status\":{b}"));
    assert_eq!(says(&both("{\"token\":\"t\"}", "{}"), 37), "");
    assert!(says(&both("{\"token\":\"t\"}", "null"), 37).contains("status field"));
    let nulled = of_status("{\"token\":\"t\",\"token\":null}");
    assert!(says(&nulled, 22).contains("token or cert/key pair"));
    assert_eq!(says(&nulled, 23), "");
    let yaml = format!(
        "apiVersion: {V1BETA1}\nstatus: {{token: t}}\nstatus: {{expirationTimestamp: null}}\n"
    );
    assert!(says(&yaml, 37).contains("token or cert/key pair"));
}

#[test]
fn what_stands_behind_a_wrong_version_is_judged_too() {
    let text = of_status("{}").replace("v1beta1", "v1alpha1");
    let tree = parse(&text);
    let output = Output::new(View { tree: &tree, text: &text }, tree.documents.first());
    let judgements = output.judgements().into_iter().map(|judgement| {
        let problems = judgement.refusals.iter().map(Refusal::is_of_version).collect();
        (judgement.since.0, judgement.until.0, problems)
    });
    let judgements: Vec<(u16, u16, Vec<bool>)> = judgements.collect();
    assert_eq!(judgements, [(20, 23, vec![false]), (24, 37, vec![true, false])]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]
    #[test]
    fn never_panics(
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
        let _ = super::says(&parts.concat(), None, Minor(minor));
        let sound = of_status(&parts.concat());
        let _ = super::says(&sound, Some("x"), Minor(minor));
    }
}
