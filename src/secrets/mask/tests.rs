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
        "curl -u me:‹pa:ss› -u you x",
        "export AWS_SECRET_ACCESS_KEY=‹abc› X=y",
        "TOKEN=\"‹a b›\" kubectl",
        "token = \"‹abc›\"",
        "password = ‹a b c›",
        "--set foo.password=‹abc› --x",
        // headers, URLs, PEM
        "Authorization: ‹Basic abc›",
        "-H 'authorization: ‹bearer abc›'",
        "curl -H \"Authorization: ‹Bearer $X›\" https://x && kubectl config set-credentials u",
        "echo \"password: ‹a b›\"; kubectl get pods",
        "run: \"curl -H \\\"Authorization: ‹Basic a b›\\\" x && y\"",
        "run(\"curl -H 'Authorization: ‹Basic a b›' x && y\")",
        "[\"-H\", \"Authorization: ‹Basic a b›\", \"x\"]",
        "x \"PASSWORD=‹a b›\" y",
        "x \"Authorization: ‹Bearer ${X}›\" | y --token ‹abc›",
        // The quote may not be the end of the value.
        "x \"password: ‹$(cat \"a b\") c\" y›",
        "x \"password: ‹a `cat \"b c\"` d\" y›",
        "x \"password: ‹a \\\"b c\\\" d\" y›",
        "x 'password: ‹a'\\''b' y›",
        "x \"password: ‹a\"'b c' y›",
        "x(\"password: ‹a\" + \"b c\")›",
        "x(\"password: ‹%s\", \"a b\")›",
        "x(\"password: ‹{}\", \"a b\")›",
        "x(f\"password: ‹{t}\" \"a b\")›",
        "x(\"password: \"‹ + \"a b\", c)›",
        "x('password: '‹ . $x . ' b')›",
        "x \\\"password: \\\"‹ + \\\"a b\\\"›",
        "x(\"password: \")",
        "curl -H \"X: Bearer ‹abc.def›\" x",
        "server: https://‹me:pa:ss›@host/x@y",
        "proxy-url: \"http://‹me:pa/s s#1›@host:80/\"",
        "server: https://host:80/x@y",
        "password: \"‹pa\" ss\"›",
        "{token: '‹pa' ss', name: x}›",
        "x 'https://‹token›@host?a=‹bc›&d&ef=‹gh›' \"//h?a=bc'",
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
fn masks_cover_keys_named_by_their_use() {
    for expected in [
        "encryptionKey: ‹value›",
        "signingKey: \"‹value›\"",
        "SSH_KEY=‹value› x",
        "ssh-key = ‹value›",
        "tls.key: ‹value›",
        "x --signing-key ‹value› y",
        "publicKey: value",
        "public_key = value",
        "keyName: value",
        "keyId: value",
        "accessKeyID: value",
        "keys: value",
        "key: value",
        "apiVersion: client.authentication.k8s.io/v1alpha1",
        "clientKeyPath: value",
    ] {
        let line: String = expected.chars().filter(|c| !"‹›«»".contains(*c)).collect();
        assert_eq!(marked(&line), expected);
    }
}

#[test]
fn masks_cover_values_of_environment_variables() {
    for expected in [
        // Flags
        "kubectl config set-credentials u --exec-env=DB=«value» --exec-arg=a",
        "x --exec-env db=«value» --exec-api-version=client.authentication.k8s.io/v1alpha1",
        "x --exec-env=\"DB=«va lue»\" --exec-arg=a",
        "x \"--exec-env=DB=«va lue»\" --exec-arg=a",
        "x --exec-env 'DB=«va lue»' --exec-arg=a",
        "x --exec-env=DB=\"«va lue»\" y",
        "args: [\"--exec-env\", \"db=«va lue»\", \"--x\"]",
        "args: [--exec-env, DB=«value,» x]",
        "docker run -e X=«value» -e y=«value» --env z=«value» image a=b",
        "docker build --build-arg x=«value» .",
        "kubectl create secret generic s --from-literal=db=«value»",
        "{\"args\":[\"-e\",\"db=«va lue»\",\"x\"]}",
        "\"{\\\"args\\\":[\\\"-e\\\",\\\"db=«va lue»\\\",\\\"x\\\"]}\"",
        // Dockerfile and shells
        "ENV X «value with blanks»",
        "  ENV X «value» \\",
        "ENV X=«value» y=\"«va lue»\" z=«va\\ lue»",
        "ARG X=«value»",
        "ARG X",
        "ENV is «a word»",
        "setenv X «value»",
        "Y=«value» setenv X «va lue»",
        "export X=«value»",
        "export x='«va lue»' y=«value»",
        "env x=«value» Y=«value» cmd",
        "env -i sh -c x",
        "X=«value» aws eks get-token",
        "  X=\"«va lue»\" Y=«value» aws",
        "cmd && X=«value» aws",
        "X=«value» \\",
        "command: X=«value» aws",
        "command: \"X=«value aws»\"",
        "- X=«value with blanks»",
        "- \"X=«value with blanks»\"",
        "args: [-c, 'X= aws eks']",
        "$env:X = \"«va lue»\"",
        "$Env:x=\"«value»\"; aws",
        "setx X «value»",
        "set \"X=«va lue»\"",
        // Calls and subscripts
        "os.Setenv(\"x\", \"«va lue»\")",
        "os.environ[\"X\"] = '«va lue»'; v = \"w\"",
        "process.env.x = \"«value»\"",
        "command.env('x', «value»).arg(\"y\")",
        // Lists and maps
        "   environment: {‹A: XZZXQ›}",
        "containerEnv: {‹A: b›}, x: y",
        "\"Env\": [\"X=«va lue»\", \"Y=«value»\"]",
        // References, and what is not the environment
        "x --exec-env=DB=$DB --exec-env=E=${E} --exec-env=\"F=$F\"",
        "export X=$(aws eks get-token)",
        "X=value",
        "X='va lue';",
        "x=value aws",
        "sed -e 's/a/b/' -e \"s/c/d/\"",
        "if [ \"$X\" = y ] && [ $X == y ]; then",
        "package==1.2 PACKAGE==1.2",
        "x: ab/QUJD= y",
        "x: \"QUJD=\", y: \"z\"",
        "kubectl set env deploy/x A=«value»",
    ] {
        let line: String = expected.chars().filter(|c| !"‹›«»".contains(*c)).collect();
        assert_eq!(marked(&line), expected);
    }
    for (above, expected) in [
        ("ENV a=b \\", "    c=«de»"),
        ("X=y \\", "Z=«value» \\"),
        ("- --exec-env", "- db=«va lue»"),
        ("  \"-e\",", "  \"db=«va lue»\","),
        ("x \\", "  --flag=value"),
        ("x", "y=z"),
    ] {
        let line: String = expected.chars().filter(|c| !"«»".contains(*c)).collect();
        assert_eq!(marked(&format!("{above}\n{line}")), expected, "{above}");
    }
}

#[test]
fn settings_are_what_a_finding_does_not_need() {
    for expected in [
        // Arguments
        "args: [login, ‹hunter2›, --pin, ‹1234›, -p, ‹x›, -p‹hunter2›, --force, get-token]",
        "args: [eks, get-token, --cluster-name, c1, --region, eu-west-1, --role-arn, 'arn:aws:x']",
        "args: [get-token, --server-id, s, -l, msi, --tenant-id=t, --user, \"‹b:pw›\", --user=b, -x]",
        "args = [\"--cluster-name\", var.name, \"--password\", var.x, \"‹y›\"]",
        "Args: []string{\"eks\", \"‹it›\", name}}",
        "args: [-c, 'KUBERNETES_EXEC_INFO= aws eks get-token', -c, '‹mine --pin 1›']",
        "- --pin=‹1234›",
        "- '‹hunter2›'",
        "- \"echo 'pin: ‹hunter2›' >> ~/.kube/config\"",
        "[\"kubectl\", \"config\", \"set-credentials\", \"u\", \"--exec-arg=k8s,‹x›\"]",
        "mysql -p‹hunter2› && sshpass -p ‹x› kubectl -n ns --exec-arg=eks,get-token --pin ‹1›",
        "kubectl config set-credentials u --exec-arg=eks --exec-arg=\"‹x›\" --user ‹b:pw› --user b",
        // Comments and sentences
        "command: aws # from 1.24 on, kubectl needs v1beta1 (see https://h.org/a/b)",
        "command: aws # pw ‹hunter2›, the pin is ‹1234›; the token expires; password: ‹swordfish›",
        "x = 1 // use ‹P@ss!› in 2024",
        "installHint: \"use ‹hunter2› or brew install x\"",
        "description: \"Returns v1alpha1 of k8s-1.24\"",
        "pin: ‹12 34› # comment",
        "  - pin: ‹1234›",
        "# pin: ‹1234›",
        "{pin: ‹1234›, name: n, \"a\": \"‹b›\", is: true, x: ${Y}, y: {{ .Z }}, kind: K}",
        "{\"pin\":‹1234›,\"command\":\"aws\",\"args\":[\"--pin\",\"‹1›\",\"--pin=‹1›\"]}",
        "'{\\\"pin\\\":\\\"‹1234›\\\",\\\"name\\\":\\\"n\\\"}'",
        "pin = ‹1234›",
        "pin = \"‹12 34›\"",
        "X+=‹1234› Y?=‹1234› Z ?= ‹1234›",
        "command: \"vault login ‹hunter2›\", name: n",
        "{run: \"vault login ‹12345›; aws eks # pw ‹hunter2› x\"}",
        "command: aws eks get-token # pw ‹hunter2›",
        "X=‹1234› --pin=‹1› --pin ‹1› --name n --exec-api-version=v1 -x --force",
        "Pin: \"‹1234›\", APIVersion: \"v1\", Args: []string{\"a\"}}",
        "x := f(\"a\", b) ? c : d; y = z == \"a\"",
        "const version: string = x.y || \"z\"",
        "This is it: a word. https://host:80/a 12:30 a::b",
        "apiVersion: v1 # see: this",
        "- name: n",
        "---",
    ] {
        let line: String = expected.chars().filter(|c| !"‹›".contains(*c)).collect();
        let mut marked = line.clone();
        for setting in setting::settings(&line, "").iter().rev() {
            marked.insert(setting.value.end, '›');
            marked.insert(setting.value.start, '‹');
        }
        assert_eq!(marked, expected);
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
        ("token: abc", "  other"),
        ("x: -----BEGIN CERTIFICATE-----", "  exec: {}"),
    ] {
        let line: String = expected.chars().filter(|c| !"‹›".contains(*c)).collect();
        assert_eq!(marked(&format!("{above}\n{line}")), expected, "{above}");
    }
}

/// Returns how many nanoseconds the thread has run on a processor; `None` where the system does not
/// say so in a file.
fn processor_time() -> Option<u64> {
    let times = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    times.split(' ').next()?.parse().ok()
}

/// Quadratic time would be minutes. Only the time of this thread counts, not that of others on a
/// busy machine.
#[test]
fn masks_take_linear_time_on_hostile_lines() {
    for part in [
        "token:{",
        "\"token\":\"a\",",
        "-----BEGIN ",
        "://",
        "\\\"token\\\"",
        "-token ",
        "env: {",
        "A=b ",
        "-e a=",
        "\"A=",
        " ",
        "ENV A ",
        "\\",
        "a: b ",
        "{a: b, ",
        "a = b c",
        "a:",
        "?a=",
        "env(\"a\",",
        "[",
        "[a",
        "[\"",
        "['a\"",
        "[a,",
        "[-a][",
        "args: [",
        "(((a)",
        " -a",
        " -a \"",
        "\t-p'",
        " # ",
        "\"x' //",
        "pin is ",
        "--exec-arg=a,",
        "{run: ",
        "run: a # ",
        "a1",
        "1-",
        "text: a ",
        "- ",
        "a/",
        "\\n",
        "\\n- a",
        "\\\\n",
        "\"\" ",
        "\"a\",",
        "</",
        "a,",
        "host: ",
        "value: set-credentials ",
        "set-credentials a --exec-",
    ] {
        let line = part.repeat(100_000 / part.len());
        let source = Source::new("f", line.clone().into_bytes());
        let Some(start) = processor_time() else { return };
        masks(&source, 1);
        setting::settings(&line, "");
        setting::settings(&line, &line);
        prose::odd_words(&line);
        let spent = processor_time().map_or(0, |end| end - start);
        assert!(spent < 4_000_000_000, "{part:?} takes {spent} ns");
    }
}
