"""Kubeconfigs about the file as a whole: JSON, documents, top-level keys, things given twice."""

import json
import textwrap

from kubeconfigs import (
    HEAD,
    NEVER,
    REFUSED,
    V1BETA1,
    exec_body,
    exec_key,
    exec_of,
    indent,
    of_exec,
    of_two,
    of_user,
    sound,
)

GOOD = exec_key(exec_body(V1BETA1))
BAD = exec_of(REFUSED)


def as_json(api, before=""):
    """A kubeconfig in JSON; `before`: text before the apiVersion of its exec."""
    return (
        '{"apiVersion":"v1","kind":"Config","clusters":[{"name":"c","cluster":'
        '{"server":"https://127.0.0.1:18443","insecure-skip-tls-verify":true}}],'
        '"contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}],"current-context":"x",'
        '"users":[{"name":"u","user":{"exec":{'
        + before
        + '"apiVersion":"'
        + api
        + '","command":"fake-plugin","interactiveMode":"Never"}}}]}'
    )


JSON = as_json(V1BETA1)


def duplicates():
    """Names and keys given twice."""
    same = lambda first, second: of_two(first, second).replace("- name: other", "- name: u")
    yield "users: good, v1beta2", same(GOOD, BAD)
    yield "users: v1beta2, good", same(BAD, GOOD)
    yield "users: v1beta2, token", same(BAD, "token: abc\n")
    two = "interactiveMode: Never\napiVersion: {}\napiVersion: {}\ncommand: fake-plugin\n"
    yield "apiVersion: v1beta2, v1beta1", of_exec(two.format(REFUSED, V1BETA1))
    yield "apiVersion: v1beta1, v1beta2", of_exec(two.format(V1BETA1, REFUSED))
    yield "exec: v1beta2, good", of_user(BAD + GOOD)
    yield "exec: good, v1beta2", of_user(GOOD + BAD)
    yield "exec: v1beta2, command only", of_user(BAD + exec_key("command: fake-plugin\n"))
    again = "users:\n- name: u\n  user:\n"
    yield "key users: v1beta2, good", of_user(BAD) + again + indent(GOOD, 4)
    yield "key users: good, v1beta2", of_user(GOOD) + again + indent(BAD, 4)
    yield "apiVersion: null, v1beta1", of_exec(two.format("null", V1BETA1))
    yield "apiVersion: number, v1beta1", of_exec(two.format("1", V1BETA1))
    yield "JSON: v1beta2, v1beta1", as_json(V1BETA1, f'"apiVersion":"{REFUSED}",')
    yield "JSON: v1beta1, v1beta2", as_json(REFUSED, f'"apiVersion":"{V1BETA1}",')
    yield "JSON: case before", as_json(V1BETA1, f'"apiversion":"{REFUSED}",')
    yield "JSON: case after", JSON.replace('"command"', f'"apiversion":"{REFUSED}","command"')
    yield (
        "case after",
        of_exec(f"apiVersion: {V1BETA1}\napiversion: {REFUSED}\ncommand: fake-plugin\n"),
    )
    yield (
        "case before",
        of_exec(f"apiversion: {REFUSED}\napiVersion: {V1BETA1}\ncommand: fake-plugin\n"),
    )


def json_files():
    """JSON, and what looks like it."""
    pretty = json.dumps(json.loads(JSON), indent="\t")
    yield from {
        "good": JSON,
        "v1beta2": as_json(REFUSED),
        "tabs": pretty,
        "trailing comma": JSON.replace('"Never"', '"Never",'),
        "// comment": "// hi\n" + JSON,
        "# comment": "# hi\n" + JSON,
        "leading blank lines": "\n\n  " + JSON,
        "single quotes": JSON.replace('"', "'"),
        "BOM": "\ufeff" + JSON,
        "text after": JSON + "\n}",
        "two documents": JSON + "\n" + as_json(REFUSED),
        "escapes": as_json(V1BETA1.replace("/v1", "\\/v\\u0031")),
        "YAML escape": pretty.replace("client.auth", "\\x63lient.auth"),
        "surrogate pair": as_json(V1BETA1, '"installHint":"\\ud83d\\ude00",'),
        "lone surrogate": as_json(V1BETA1, '"installHint":"\\ud83d",'),
        "control character": as_json(V1BETA1, '"installHint":"a\x01b",'),
        "tab in a string": as_json(V1BETA1, '"installHint":"a\tb",'),
        "line break in a string": as_json(V1BETA1, '"installHint":"a\nb",'),
        "number forms": as_json(V1BETA1, '"a":1e400,"b":-0,"c":01,"d":1E+2,'),
        "NaN": as_json(V1BETA1, '"a":NaN,'),
        "cut": JSON[:-2],
        "cut in a string": JSON[:-20],
        "null document": "null",
        "array": "[" + JSON + "]",
        "empty object": "{}",
        "string": '"a"',
        "nul literal": as_json(V1BETA1, '"a":nul,'),
        "capital TRUE": as_json(V1BETA1, '"a":TRUE,'),
    }.items()


def documents():
    """Several documents, directives, and files with nothing in them."""
    good, bad = sound(), of_exec(exec_body(REFUSED, NEVER))
    yield from {
        "good, v1beta2": good + "---\n" + bad,
        "v1beta2, good": bad + "---\n" + good,
        "empty, good": "---\n---\n" + good,
        "comment, good": "# hi\n---\n" + good,
        "good, broken": good + "---\n{[\n",
        "ConfigMap, good": "apiVersion: v1\nkind: ConfigMap\n---\n" + good,
        "null, good": "null\n---\n" + good,
        "string, good": "a\n---\n" + good,
        "leading ---": "---\n" + good,
        "leading --- and comment": "--- # hi\n" + good,
        "trailing ---": good + "---\n",
        "trailing ...": good + "...\n",
        "... and garbage": good + "...\n{[\n",
        "YAML 1.1": "%YAML 1.1\n---\n" + good,
        "YAML 1.2": "%YAML 1.2\n---\n" + good,
        "YAML 2.0": "%YAML 2.0\n---\n" + good,
        "YAML twice": "%YAML 1.1\n%YAML 1.1\n---\n" + good,
        "directive and no ---": "%YAML 1.1\n" + good,
        "TAG": "%TAG !e! tag:example.com,2000:\n---\n" + good,
        "TAG twice": "%TAG !e! a:\n%TAG !e! b:\n---\n" + good,
        "unknown directive": "%FOO bar\n---\n" + good,
        "--- with content": "--- " + JSON,
        "directives in the second": good + "...\n%YAML 1.1\n---\na: b\n",
        "comments and two ---": "# a\n---\n# b\n---\n" + good,
        "empty": "",
        "blank": "\n\n",
        "spaces": "  ",
        "comment only": "# a\n",
        "null": "null\n",
        "list": "- a\n",
        "a string": "abc\n",
        "only ---": "---\n",
        "only ...": "...\n",
        "tab only": "\t\n",
        "{}": "{}\n",
        "[]": "[]\n",
        "number": "1\n",
        "List": "apiVersion: v1\nkind: List\nitems:\n"
        + textwrap.indent(good, "  ").replace("  ", "- ", 1),
        "ConfigMap": "apiVersion: v1\nkind: ConfigMap\ndata:\n  kubeconfig: |\n"
        + textwrap.indent(bad, "    "),
        "template": good.replace("https://127.0.0.1:18443", "{{ .Server }}"),
        "template as key": "{{- if .a }}\n" + good + "{{- end }}\n",
    }.items()


def top_level():
    """apiVersion, kind and the other keys of the file."""
    good = sound()
    for old, new in [
        ("kind: Config\n", ""),
        ("apiVersion: v1\n", ""),
        ("apiVersion: v1\nkind: Config\n", ""),
        *[
            ("kind: Config\n", f"kind: {kind}\n")
            for kind in (
                "Foo",
                "config",
                "KubeConfig",
                "null",
                "1",
                '""',
                "[]",
                "'Config '",
                "true",
            )
        ],
        *[
            ("apiVersion: v1\n", f"apiVersion: {api}\n")
            for api in (
                "v2",
                "null",
                "v1beta1",
                "1",
                "foo/v1",
                "/v1",
                "v1/",
                "a/b/c",
                '""',
                "{}",
                "1.0",
                "''",
            )
        ],
        *[
            ("kind: Config\n", f"kind: Config\npreferences: {text}\n")
            for text in (
                "{}",
                "[]",
                "{colors: true}",
                "{colors: 'x'}",
                "a",
                "null",
                "{extensions: [{name: a, extension: 1}]}",
            )
        ],
        ("apiVersion: v1\nkind: Config\n", "ApiVersion: v1\nKind: Config\n"),
        ("apiVersion: v1\nkind: Config\n", "ApiVersion: v9\nKind: Foo\n"),
    ]:
        yield f"{new or 'without ' + old}".strip().replace("\n", "; "), good.replace(old, new, 1)
    for extra in ("Kind: Foo", "KIND: Foo", "APIVERSION: v2", "apiversion: v2", "\u212aind: Foo"):
        yield f"{extra}, before", extra + "\n" + good
        yield f"{extra}, after", good + extra + "\n"
    for text in (" null", " [null]", " [u]", " {}", " a", "", " [{}]", " [[]]", " 1"):
        yield f"users:{text}", HEAD + f"users:{text}\n"
    yield "users a map", HEAD + "users:\n  u:\n" + indent(GOOD, 4)
    yield "no users", HEAD
    for key in ("clusters", "contexts", "current-context"):
        for text in ("a", "1", "{a: b}", "[a]", "true"):
            yield f"{key}: {text}", f"apiVersion: v1\nkind: Config\n{key}: {text}\n"
    yield "extensions a string", good + "extensions: a\n"
    yield "extensions of strings", good + "extensions: [a]\n"
    yield "extension any", good + "extensions: [{name: a, extension: 1}]\n"


FAMILIES = {
    "duplicates": duplicates,
    "json": json_files,
    "documents": documents,
    "top-level": top_level,
}
