"""What a credential plugin prints, by the apiVersion that it was asked for."""

import json

from families_beside import pem
from kubeconfigs import GROUP, V1, V1ALPHA1, V1BETA1

TOKEN = {"token": "t"}
TIME = "2999-01-01T00:00:00Z"


def credential(api=V1BETA1, kind="ExecCredential", **more):
    """An ExecCredential as a text; None leaves a key out. Keyword arguments are further keys."""
    keys = {"apiVersion": api, "kind": kind, **more}
    return json.dumps({key: value for key, value in keys.items() if value is not None})


def with_status(text, api=V1BETA1):
    """An ExecCredential whose status is this text, JSON or not."""
    return f'{{"apiVersion":"{api}","kind":"ExecCredential","status":{text}}}'


def versions():
    """Each version for each version: (label, configured, text)."""
    for configured in (V1ALPHA1, V1BETA1, V1):
        for printed in ("v1alpha1", "v1beta1", "v1", "v1beta2"):
            label = f"{configured.removeprefix(GROUP)} configured, {printed} printed"
            yield label, configured, credential(GROUP + printed, status=TOKEN)


def _printed(api):
    """Label and text of each output for a configured apiVersion."""
    good = credential(api, status=TOKEN)
    pretty = json.dumps(json.loads(good), indent=1)
    alpha = f'"apiVersion":"{V1ALPHA1}",'
    pair = {
        "clientCertificateData": pem("certificate").decode(),
        "clientKeyData": pem("key").decode(),
    }
    kinds = {
        f"kind {kind}": credential(api, kind, status=TOKEN)
        for kind in ("Foo", "TokenReview", "execcredential", "List", "", "Status")
    }
    return {
        **kinds,
        "no kind": credential(api, None, status=TOKEN),
        "no apiVersion": credential(None, status=TOKEN),
        "neither": credential(None, None, status=TOKEN),
        "apiVersion empty": credential("", status=TOKEN),
        "other group": good.replace("client.auth", "auth"),
        "apiVersion in capitals": credential(api.upper(), status=TOKEN),
        "apiVersion number": good.replace(f'"{api}"', "1"),
        "apiVersion null": good.replace(f'"{api}"', "null"),
        "kind number": good.replace('"ExecCredential"', "1"),
        "kind null": good.replace('"ExecCredential"', "null"),
        "apiVersion list": good.replace(f'"{api}"', "[]"),
        "apiVersion of three parts": credential("a/b/c", status=TOKEN),
        "apiVersion with space": credential(api + " ", status=TOKEN),
        "apiVersion v1": credential("v1", status=TOKEN),
        "no status": credential(api),
        "pair": credential(api, status=pair),
        "pair and token": credential(api, status={**pair, **TOKEN}),
        "certificate alone": credential(api, status={"clientCertificateData": "x"}),
        "key alone": credential(api, status={"clientKeyData": "x"}),
        "token, certificate alone": credential(api, status={**TOKEN, "clientCertificateData": "x"}),
        "bad pair": credential(api, status={"clientCertificateData": "x", "clientKeyData": "y"}),
        "certificate, bad key": credential(api, status={**pair, "clientKeyData": "y"}),
        "key, bad certificate": credential(api, status={**pair, "clientCertificateData": "y"}),
        "two certificates": credential(
            api, status={**pair, "clientKeyData": pair["clientCertificateData"]}
        ),
        "bad PEM body": credential(
            api,
            status={
                **pair,
                "clientCertificateData": "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n",
            },
        ),
        "PEM cut": credential(
            api, status={**pair, "clientCertificateData": pair["clientCertificateData"][:200]}
        ),
        "empty pair": credential(api, status={"clientCertificateData": "", "clientKeyData": ""}),
        "unknown fields": credential(api, status={**TOKEN, "foo": 1}, metadata={"a": "b"}, zzz=[1]),
        "spec": credential(api, status=TOKEN, spec={"interactive": True}),
        "Token": credential(api, status={"Token": "t"}),
        "Status": good.replace('"status"', '"Status"'),
        "apiversion": good.replace('"apiV', '"apiv'),
        "Kind": good.replace('"kind"', '"Kind"'),
        "TOKEN beside token": credential(api, status={"token": "t", "TOKEN": ""}),
        "YAML": f"apiVersion: {api}\nkind: ExecCredential\nstatus:\n  token: t\n",
        "YAML, comment and ---": f"# hi\n---\napiVersion: {api}\nkind: ExecCredential\nstatus:\n  token: t\n",
        "YAML, two documents": f"apiVersion: {api}\nkind: ExecCredential\nstatus: {{token: t}}\n---\na: b\n",
        "YAML, token number": f"apiVersion: {api}\nkind: ExecCredential\nstatus: {{token: 1}}\n",
        "YAML, merge": f"a: &a {{token: t}}\napiVersion: {api}\nkind: ExecCredential\nstatus: {{<<: *a}}\n",
        "duplicate apiVersion, last right": good.replace("{", "{" + alpha, 1),
        "duplicate apiVersion, first right": good.replace('"status"', alpha + '"status"'),
        "duplicate token": with_status('{"token":"","token":"t"}', api),
        "duplicate status": good[:-1] + ',"status":{}}',
        "garbage": "hello world",
        "nothing": "",
        "blank": "\n",
        "space": " ",
        "log line before": "INFO getting token\n" + good,
        "text after": good + "\nbye",
        "two documents": good + "\n" + good,
        "array": f"[{good}]",
        "BOM": "\ufeff" + good,
        "CRLF": pretty.replace("\n", "\r\n"),
        "pretty": pretty,
        "tabs": pretty.replace("\n ", "\n\t"),
        "in a List": f'{{"apiVersion":"v1","kind":"List","items":[{good}]}}',
        "trailing comma": good[:-1] + ",}",
        "comment after": good + " # hi",
        "// comment": "// hi\n" + good,
        "single quotes": good.replace('"', "'"),
        "bad UTF-8": good.encode().replace(b'"t"', b'"\xff"'),
        "NUL": good.encode() + b"\0",
        "UTF-16": ("\ufeff" + good).encode("utf-16-le"),
    }


def outputs():
    """Whole outputs: kinds, certificates, spellings, what is no JSON."""
    for api in (V1BETA1, V1):
        for label, text in _printed(api).items():
            yield f"{api.removeprefix(GROUP)}, {label}", api, text


def types():
    """Every field with values of every type."""
    for value in ("null", "1", "1.5", "true", '""', '"a"', "[]", "[1]", "{}", '{"a":1}'):
        for field in ("token", "clientCertificateData", "clientKeyData", "expirationTimestamp"):
            yield f"{field} {value}", V1BETA1, with_status(f'{{"{field}":{value}}}')
            yield (
                f"token and {field} {value}",
                V1BETA1,
                with_status(f'{{"token":"t","{field}":{value}}}'),
            )
        yield f"status {value}", V1BETA1, with_status(value)
        yield f"status {value}, v1", V1, with_status(value, V1)
        good = credential(status=TOKEN)
        for field in ("apiVersion", "kind", "spec"):
            yield f"{field} {value}", V1BETA1, good[:-1] + f',"{field}":{value}}}'
        yield (
            f"spec.interactive {value}",
            V1BETA1,
            good[:-1] + f',"spec":{{"interactive":{value}}}}}',
        )
        yield f"spec.cluster {value}", V1BETA1, good[:-1] + f',"spec":{{"cluster":{value}}}}}'
        yield f"top {value}", V1BETA1, value


def times():
    """Forms of expirationTimestamp."""
    for time in (
        TIME,
        "2001-01-01T00:00:00Z",
        "soon",
        "",
        " ",
        "2999-01-01",
        "2999-01-01T00:00:00",
        "2999-01-01t00:00:00z",
        "2999-01-01T00:00:00z",
        "2999-01-01 00:00:00Z",
        "2999-01-01T00:00:60Z",
        "2999-01-01T24:00:00Z",
        "2999-13-01T00:00:00Z",
        "2999-02-30T00:00:00Z",
        "2999-00-01T00:00:00Z",
        "2999-01-01T00:00:00+01:00",
        "2999-01-01T00:00:00+0100",
        "2999-01-01T00:00:00+24:00",
        "2999-01-01T00:00:00.123456789012Z",
        "2999-01-01T00:00:00,5Z",
        "2999-01-01T00:00Z",
        "2999-1-1T0:0:0Z",
        "12999-01-01T00:00:00Z",
        "2999-01-01T00:00:00Z ",
        " 2999-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00Z",
        "-2999-01-01T00:00:00Z",
        "2999-01-01T00:00:00 Z",
        "Mon Jan 1",
        "32503680000",
        "2999-W01-1",
        "2999-01-01T0:00:00Z",
        "2999-01-01T00:0a:00Z",
        "２999-01-01T00:00:00Z",
        'a"b\\c\u00e9\n',
    ):
        yield (
            json.dumps(time),
            V1BETA1,
            credential(status={"token": "t", "expirationTimestamp": time}),
        )
    yield "number", V1, with_status('{"token":"t","expirationTimestamp":32503680000}', V1)
    yield "bad and no token", V1BETA1, credential(status={"expirationTimestamp": "soon"})
    yield (
        "past and no token",
        V1BETA1,
        credential(status={"expirationTimestamp": "2001-01-01T00:00:00Z"}),
    )


def broken():
    """JSON that ends too soon, or has bad literals, numbers, strings and escapes."""
    good = credential(status=TOKEN)
    for length in (
        1,
        2,
        5,
        13,
        14,
        15,
        16,
        17,
        30,
        49,
        50,
        51,
        52,
        60,
        77,
        78,
        85,
        87,
        90,
        len(good) - 8,
        len(good) - 5,
        len(good) - 3,
        len(good) - 2,
        len(good) - 1,
    ):
        yield f"first {length} of {len(good)}", V1BETA1, good[:length]
    for text in (
        "nul",
        "nulll",
        "tru",
        "True",
        "TRUE",
        "fals",
        "NaN",
        "Infinity",
        "undefined",
        "01",
        "-",
        "-a",
        "1.",
        ".5",
        "1e",
        "1e+",
        "+1",
        "0x1",
        "1_0",
        "--1",
        "1e400",
        "1e5",
        "-0",
        "'t'",
        "t",
        '"t',
        '"\\x41"',
        '"\\u12"',
        '"\\u12G4"',
        '"\\ud800"',
        '"\\ud83d\\ude00"',
        '"\\"',
        '"a\tb"',
        '"a\nb"',
        '"a\x01b"',
        '"a\x7fb"',
        '"\\/"',
        '"\\q"',
        "",
        ",",
        ":",
        "]",
        "}",
        '"a" "b"',
        '"a",',
        '"a":1',
        "[",
        "{",
        "[1,]",
        '{"a":}',
        '{"a"}',
        "{a:1}",
        "{,}",
        "!!str 1",
        "*a",
        "|",
        "y",
        "2020-01-01",
        "~",
        "\u00e9",
        "\ufeff1",
        "&a t",
        "- t",
        "[}",
    ):
        yield f"token {text}".replace("\n", "\\n"), V1BETA1, with_status('{"token":' + text + "}")
    for text in (
        '{"apiVersion"}',
        '{"apiVersion":}',
        '{"apiVersion" "a"}',
        "{'a':1}",
        "{1:2}",
        "{null:1}",
        "{}",
        "{}{}",
        "{},",
        "[]",
        "[",
        "]",
        "}",
        "{",
        '"',
        "'",
        ":",
        ",",
        "-",
        "?",
        "#",
        "%",
        "@",
        "`",
        "|",
        ">",
        "!",
        "&",
        "*",
        "&a",
        "a: b: c",
        "\t{}",
        "a:\n\tb: c",
        "---",
        "...",
        "--- {}",
        "%YAML 1.1\n---\n{}",
        "error: x",
        "Error: not logged in\nrun login",
        "a: 'b",
        "a: *b",
        "<html></html>",
        "export TOKEN=a",
        "{{ .a }}",
    ):
        yield f"all of it {text}".replace("\n", "\\n").replace("\t", "\\t"), V1BETA1, text


FAMILIES = {
    "credential-versions": versions,
    "credential-outputs": outputs,
    "credential-types": types,
    "credential-times": times,
    "credential-broken": broken,
}
