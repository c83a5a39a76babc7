use super::*;

/// Returns the last line with `‹›` around named secrets and `«»` around lookalikes.
fn marked(text: &str) -> String {
    let source = Source::new("f", text.as_bytes().to_vec());
    let line = source.line_count();
    let mut marked = line_text(&source, line).to_owned();
    let mut masks = masks(&source, line);
    masks.sort_by_key(|mask| std::cmp::Reverse(mask.range.start));
    let mut last = usize::MAX;
    for Mask { range, is_named, .. } in masks.iter().filter(|mask| mask.range.len() > 1) {
        if range.end <= last {
            marked.insert_str(range.end, if *is_named { "›" } else { "»" });
            marked.insert_str(range.start, if *is_named { "‹" } else { "«" });
            last = range.start;
        }
    }
    marked
}

#[test]
fn masks_cover_values_after_secret_names() {
    for expected in [
        // YAML
        "token: ‹abc›",
        "  - id-token: ‹abc def # g›",
        "\"client-secret\": \"‹abc \\\" def›\", x: y",
        "password: '‹it''s so›' # x",
        "password: \"\", x: \"abc\"",
        "clientKeyData: ‹!!binary abc›",
        "{password: ‹a:b›, name: c}",
        "user: {token: \"‹abc,}›\", exec: {}}",
        "- {name: A, value: «s3cr3t»}",
        "value: \"«s3 cr3t»\"",
        "tokenFile: /var/run/token",
        "get-token: 1",
        "{password: ‹hun, ter2 secret›, exec: {}}",
        "{\"password\":‹|\"abc}hunter2\"›}",
        "   env: {‹A: XZZXQ›}",
        "{env: {‹A: b›}, command: aws, env: [{name: n}]}",
        // JSON, also within strings, also escaped twice
        "{\"token\":\"‹abc›\",\"name\":\"n\"}",
        "'{\\\"token\\\":\\\"‹ab\\\\\\\"c›\\\",\\\"name\\\":1}'",
        "\\\\\\\"token\\\\\\\":\\\\\\\"‹abc›\\\\\\\",\\\\\\\"a",
        // flags and variables
        "kubectl --token ‹abc› get pods",
        "kubectl --token=‹abc,d› get pods",
        "args: [--oidc-client-secret=‹abc,› --x]",
        "args: [\"get-token\", \"--password\", \"‹a b›\", \"--x\"]",
        "args: ['--token=‹abc›','--x']",
        "x --password '‹a b›' y",
        "export AWS_SECRET_ACCESS_KEY=‹abc› X=y",
        "TOKEN=\"‹a b›\" kubectl",
        "token = \"‹abc›\"",
        "password = ‹a b c›",
        "--set foo.password=‹abc› --x",
        // headers, URLs, PEM
        "Authorization: ‹Basic abc›",
        "-H 'authorization: ‹bearer abc'›",
        "curl -H \"X: Bearer ‹abc.def›\" x",
        "server: https://me:‹pa:ss›@host/x@y",
        "x -----BEGIN RSA KEY-----‹\\nab\\n›-----END RSA KEY----- y",
        "x: \"-----BEGIN CERTIFICATE-----‹ab cd\"›",
    ] {
        let line: String = expected.chars().filter(|c| !"‹›«»".contains(*c)).collect();
        assert_eq!(marked(&line), expected);
    }
}

#[test]
fn masks_cover_long_random_runs() {
    for expected in [
        "x «deadbeefdeadbeefdeadbeefdeadbeef» y",
        "x «eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ».«eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6Ikpv»",
        "x «AbC1/dEf2+ghi3/jkl4+mno5/pqr6/stu7» y",
        "command: /usr/local/very/long/path/to/bin/of/an/authenticator",
        "/home/u/«0123456789abcdef0123456789abcdef»/x",
        "- name: KUBERNETES_EXEC_INFO_AND_MORE_OF_IT",
        "command: aws-iam-authenticator-with-a-long-name",
        "apiVersion: client.authentication.k8s.io/v1alpha1",
    ] {
        let line: String = expected.chars().filter(|c| !"‹›«»".contains(*c)).collect();
        assert_eq!(marked(&line), expected);
    }
}

#[test]
fn masks_continue_below_secret_names() {
    for (above, expected) in [
        ("token:", "  ‹abc›"),
        ("token: |", "  ‹abc›"),
        ("- token: >-", "    ‹abc def›"),
        ("client-key-data: !!binary |\n  abcd\n", "  ‹efgh›"),
        ("token: \"abc", "‹def\"›"),
        ("args:\n- --token", "- ‹abc›"),
        ("\"--token\",", "  ‹\"abc\"›"),
        ("kubectl --token \\", "  ‹abc get pods›"),
        ("secret:\n- ab", "- ‹cd›"),
        ("client-secret:\n  name: x", "  ‹key: abc›"),
        ("token:", "  ‹half: a key›"),
        ("token: |", "‹dedented›"),
        ("x: |\n  -----BEGIN CERTIFICATE-----\n  MIIBabc", "  ‹MIIC+/a=›"),
        // Below the key, but not its value
        ("token:", "command: aws"),
        ("token: |\n  abc", "command: aws"),
        ("token: abc", "  def"),
        ("x: -----BEGIN CERTIFICATE-----", "  exec: {}"),
    ] {
        let line: String = expected.chars().filter(|c| !"‹›".contains(*c)).collect();
        assert_eq!(marked(&format!("{above}\n{line}")), expected, "{above}");
    }
}

#[test]
fn masks_take_linear_time_on_hostile_lines() {
    let line = |part: &str| Source::new("f", part.repeat(400_000 / part.len()).into_bytes());
    let start = std::time::Instant::now();
    for part in
        ["token:{", "\"token\":\"a\",", "-----BEGIN ", "://", "\\\"token\\\"", "-token ", "env: {"]
    {
        masks(&line(part), 1);
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(10));
}
