"""Kubeconfigs about YAML and JSON: which value is read, and what does not parse."""

import json
import textwrap

from kubeconfigs import (
    HEAD, NEVER, REFUSED, V1BETA1,
    exec_body, exec_key, exec_of, indent, of_exec, of_two, of_user, sound,
)

GOOD = exec_key(exec_body(V1BETA1))
BAD = exec_of(REFUSED)
BODY = exec_body(V1BETA1)
USER = HEAD + "users:\n- name: u\n  user:\n"


def as_json(api, before=""):
    """A kubeconfig in JSON; `before`: text before the apiVersion of its exec."""
    return (
        '{"apiVersion":"v1","kind":"Config","clusters":[{"name":"c","cluster":'
        '{"server":"https://127.0.0.1:18443","insecure-skip-tls-verify":true}}],'
        '"contexts":[{"name":"x","context":{"cluster":"c","user":"u"}}],"current-context":"x",'
        '"users":[{"name":"u","user":{"exec":{' + before + '"apiVersion":"' + api
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
    yield "case after", of_exec(f"apiVersion: {V1BETA1}\napiversion: {REFUSED}\ncommand: fake-plugin\n")
    yield "case before", of_exec(f"apiversion: {REFUSED}\napiVersion: {V1BETA1}\ncommand: fake-plugin\n")


def json_files():
    """JSON, and what looks like it."""
    pretty = json.dumps(json.loads(JSON), indent="\t")
    yield from {
        "good": JSON, "v1beta2": as_json(REFUSED), "tabs": pretty,
        "trailing comma": JSON.replace('"Never"', '"Never",'), "// comment": "// hi\n" + JSON,
        "# comment": "# hi\n" + JSON, "leading blank lines": "\n\n  " + JSON,
        "single quotes": JSON.replace('"', "'"), "BOM": "\ufeff" + JSON, "text after": JSON + "\n}",
        "two documents": JSON + "\n" + as_json(REFUSED),
        "escapes": as_json(V1BETA1.replace("/v1", "\\/v\\u0031")),
        "YAML escape": pretty.replace("client.auth", "\\x63lient.auth"),
        "surrogate pair": as_json(V1BETA1, '"installHint":"\\ud83d\\ude00",'),
        "lone surrogate": as_json(V1BETA1, '"installHint":"\\ud83d",'),
        "control character": as_json(V1BETA1, '"installHint":"a\x01b",'),
        "tab in a string": as_json(V1BETA1, '"installHint":"a\tb",'),
        "line break in a string": as_json(V1BETA1, '"installHint":"a\nb",'),
        "number forms": as_json(V1BETA1, '"a":1e400,"b":-0,"c":01,"d":1E+2,'),
        "NaN": as_json(V1BETA1, '"a":NaN,'), "cut": JSON[:-2], "cut in a string": JSON[:-20],
        "null document": "null", "array": "[" + JSON + "]", "empty object": "{}", "string": '"a"',
        "nul literal": as_json(V1BETA1, '"a":nul,'), "capital TRUE": as_json(V1BETA1, '"a":TRUE,'),
    }.items()


def _based(api, more=""):
    return f"x-base: &b\n  apiVersion: {api}\n  command: fake-plugin\n  interactiveMode: Never\n{more}" + HEAD


def anchors():
    """Anchors, aliases and merge keys."""
    good, bad = _based(V1BETA1), _based(REFUSED)
    both = lambda a, b: _based(a).removesuffix(HEAD).replace("x-base: &b", "x-a: &a") + _based(b)
    other = HEAD.replace("user: u\n", "user: other\n")
    for label, body, head in [
        ("all from the base", "<<: *b\n", good), ("all from a refused base", "<<: *b\n", bad),
        ("own after", f"<<: *b\napiVersion: {V1BETA1}\n", bad),
        ("own before", f"apiVersion: {V1BETA1}\n<<: *b\n", bad),
        ("own refused, before", f"apiVersion: {REFUSED}\n<<: *b\n", good),
        ("list, first good", "<<: [*a, *b]\n", both(V1BETA1, REFUSED)),
        ("list, first refused", "<<: [*a, *b]\n", both(REFUSED, V1BETA1)),
        ("twice, first good", "<<: *a\n<<: *b\n", both(V1BETA1, REFUSED)),
        ("twice, first refused", "<<: *a\n<<: *b\n", both(REFUSED, V1BETA1)),
        ("quoted", '"<<": *b\n', good), ("!!merge", "!!merge <<: *b\n", good),
        ("!!str", "!!str <<: *b\n" + BODY, bad), ("null", "<<:\n" + BODY, HEAD),
        ("inline map", f"<<: {{apiVersion: {V1BETA1}, command: fake-plugin}}\n", HEAD),
        ("scalar", "<<: abc\n" + BODY, HEAD), ("empty list", "<<: []\n" + BODY, HEAD),
        ("list with a scalar", "<<: [*b, a]\n", good),
        ("list with an inline map", f"<<: [{{apiVersion: {REFUSED}}}, *b]\n", good),
        ("list in a list", "<<: [[*b]]\n", good),
        ("null before", "apiVersion: null\n<<: *b\n", good), ("null after", "<<: *b\napiVersion: null\n", good),
        ("of a map with one", "<<: *d\n", _based(V1BETA1, "x-d: &d\n  <<: *b\n  interactiveMode: Never\n")),
        ("of a map with one and own", "<<: *d\n", _based(REFUSED, f"x-d: &d\n  apiVersion: {V1BETA1}\n  <<: *b\n")),
        ("undefined", "<<: *nope\n" + BODY, HEAD), ("of itself", "<<: &s {<<: *s}\n" + BODY, HEAD),
    ]:
        yield f"merge: {label}", of_exec(body, head=head)
    yield "merge: in flow", of_user("exec: {<<: *b}\n", good)
    yield "merge: in user", of_user("<<: *b\n", f"x-base: &b\n  exec:\n    apiVersion: {V1BETA1}\n    command: fake-plugin\n" + HEAD)
    yield "alias of exec", other + "users:\n- name: u\n  user:\n    exec: &e\n" + indent(BODY, 6) + "- name: other\n  user:\n    exec: *e\n"
    yield "alias of user", other + "users:\n- name: u\n  user: &e\n" + indent(BAD, 4) + "- name: other\n  user: *e\n"
    yield "defined after", of_exec(exec_body("*v")) + f"x: &v {V1BETA1}\n"
    yield "redefined", of_exec(exec_body("*v"), head=f"x1: &v {REFUSED}\nx2: &v {V1BETA1}\n" + HEAD)
    yield "alias as key", of_exec(f"*k : {V1BETA1}\ncommand: fake-plugin\n", head="x-k: &k apiVersion\n" + HEAD)
    yield "alias as key, no space", of_exec(f"*k: {V1BETA1}\ncommand: fake-plugin\n", head="x-k: &k apiVersion\n" + HEAD)
    yield "of itself", of_exec(exec_body(V1BETA1, "foo: &f [*f]\n"))
    yield "env by alias", of_exec(exec_body(V1BETA1, "env: *e\n"), head="x-env: &e [{name: PROBE, value: a}]\n" + HEAD)
    yield "anchor above the value", of_exec("apiVersion: &v\n  " + V1BETA1 + "\ncommand: fake-plugin\n")
    yield "tag and anchor", of_exec(exec_body("!!str &v " + V1BETA1))
    yield "anchor and tag", of_exec(exec_body("&v !!str " + V1BETA1))
    yield "two anchors", of_exec(exec_body("&v &w " + V1BETA1))
    yield "anchor without name", of_exec(exec_body("& " + V1BETA1))
    yield "anchor on an alias", of_exec(exec_body("&w *v"), head=f"x: &v {V1BETA1}\n" + HEAD)
    layers = "".join(f"{n}: &{n} [{','.join([was] * 9)}]\n" for n, was in zip("abcde", ["x", "*a", "*b", "*c", "*d"]))
    yield "expansion, five levels", sound() + layers


def documents():
    """Several documents, directives, and files with nothing in them."""
    good, bad = sound(), of_exec(exec_body(REFUSED, NEVER))
    yield from {
        "good, v1beta2": good + "---\n" + bad, "v1beta2, good": bad + "---\n" + good,
        "empty, good": "---\n---\n" + good, "comment, good": "# hi\n---\n" + good,
        "good, broken": good + "---\n{[\n", "ConfigMap, good": "apiVersion: v1\nkind: ConfigMap\n---\n" + good,
        "null, good": "null\n---\n" + good, "string, good": "a\n---\n" + good,
        "leading ---": "---\n" + good, "leading --- and comment": "--- # hi\n" + good,
        "trailing ---": good + "---\n", "trailing ...": good + "...\n", "... and garbage": good + "...\n{[\n",
        "YAML 1.1": "%YAML 1.1\n---\n" + good, "YAML 1.2": "%YAML 1.2\n---\n" + good,
        "YAML 2.0": "%YAML 2.0\n---\n" + good, "YAML twice": "%YAML 1.1\n%YAML 1.1\n---\n" + good,
        "directive and no ---": "%YAML 1.1\n" + good, "TAG": "%TAG !e! tag:example.com,2000:\n---\n" + good,
        "TAG twice": "%TAG !e! a:\n%TAG !e! b:\n---\n" + good, "unknown directive": "%FOO bar\n---\n" + good,
        "--- with content": "--- " + JSON, "directives in the second": good + "...\n%YAML 1.1\n---\na: b\n",
        "comments and two ---": "# a\n---\n# b\n---\n" + good, "empty": "", "blank": "\n\n", "spaces": "  ",
        "comment only": "# a\n", "null": "null\n", "list": "- a\n", "a string": "abc\n", "only ---": "---\n",
        "only ...": "...\n", "tab only": "\t\n", "{}": "{}\n", "[]": "[]\n", "number": "1\n",
        "List": "apiVersion: v1\nkind: List\nitems:\n" + textwrap.indent(good, "  ").replace("  ", "- ", 1),
        "ConfigMap": "apiVersion: v1\nkind: ConfigMap\ndata:\n  kubeconfig: |\n" + textwrap.indent(bad, "    "),
        "template": good.replace("https://127.0.0.1:18443", "{{ .Server }}"),
        "template as key": "{{- if .a }}\n" + good + "{{- end }}\n",
    }.items()


def top_level():
    """apiVersion, kind and the other keys of the file."""
    good = sound()
    for old, new in [
        ("kind: Config\n", ""), ("apiVersion: v1\n", ""), ("apiVersion: v1\nkind: Config\n", ""),
        *[("kind: Config\n", f"kind: {kind}\n") for kind in ("Foo", "config", "KubeConfig", "null", "1", '""', "[]", "'Config '", "true")],
        *[("apiVersion: v1\n", f"apiVersion: {api}\n") for api in ("v2", "null", "v1beta1", "1", "foo/v1", "/v1", "v1/", "a/b/c", '""', "{}", "1.0", "''")],
        *[("kind: Config\n", f"kind: Config\npreferences: {text}\n") for text in ("{}", "[]", "{colors: true}", "{colors: 'x'}", "a", "null", "{extensions: [{name: a, extension: 1}]}")],
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


def keys():
    """Keys in other spellings."""
    good = sound()
    rest = "command: fake-plugin\n"
    for key in ("apiversion", "APIVersion", "ApiVersion", "api-version", "api_version", "APIVERSION", '"apiVersion"',
                "'apiVersion'", "? apiVersion\n", "!!str apiVersion", "&k apiVersion", '"api\\x56ersion"', "apiVersion ",
                "! apiVersion", "api\u017fersion", "apiVer\u017fion"):
        yield f"key {key.strip()}{' and space' if key.endswith(' ') else ''}", of_exec(f"{key}: {V1BETA1}\n{rest}")
    yield "no space after the colon", of_exec(f"apiVersion:{V1BETA1}\n{rest}")
    for old, new in [("command:", "Command:"), ("exec:", "Exec:"), ("users:", "Users:"), ("  user:\n", "  User:\n"),
                     ("- name: u\n  user", "- Name: u\n  user"), ("current-context:", "Current-Context:"),
                     ("clusters:", "Clusters:"), ("contexts:", "CONTEXTS:"), ("server:", "Server:")]:
        yield f"{new.strip()} for {old.strip()}", good.replace(old, new)
    for text in ("1: a", "true: a", "~: a", "? [a]\n: b", ".nan: b", "? {a: b}\n: c", "1.5: a", "2020-01-01: a", ": a", "? a", "[a]: b",
                 '"": a', "!!binary YQ==: a", "!!int x: a", "<<: {a: b}\n<<: {c: d}", "y: a", "0x1F: a", "a b: c", "- a", "a: b: c", "a:: b"):
        yield f"in exec, {text}".replace("\n", "; "), of_exec(exec_body(V1BETA1, text + "\n"))
    yield "longer than 1024", of_exec(exec_body(V1BETA1, "k" * 1100 + ": a\n"))
    yield "quoted, longer than 1024", of_exec(exec_body(V1BETA1, '"' + "k" * 1100 + '": a\n'))
    yield "over two lines", of_exec(exec_body(V1BETA1, '"a\n  b": c\n'))


def layout():
    """Indentation, tabs, flow style, block scalars, long and deep values."""
    good = sound()
    flow = lambda inner: USER + "    exec: {" + inner + "}\n"
    pair = f"apiVersion: {V1BETA1}, command: fake-plugin"
    yield from {
        "tabs as indentation": good.replace("      apiVersion", "\tapiVersion").replace("      command", "\tcommand"),
        "tab after the colon": good.replace("apiVersion: client", "apiVersion:\tclient"),
        "tab before a comment": good.replace("v1beta1\n", "v1beta1\t# hi\n"),
        "tab-only line": good.replace("      command", "\t\n      command"), "tab at the end": good.replace("plugin\n", "plugin\t\n"),
        "tabs in flow": flow(f"\n\t\tapiVersion: {V1BETA1},\n\t\tcommand: fake-plugin\n\t"), "flow": flow(pair),
        "flow, quoted": flow(f'"apiVersion":"{V1BETA1}","command":"fake-plugin"'), "flow, no space": flow(pair.replace("n: ", "n:")),
        "flow, trailing comma": flow(pair + ","), "flow, two commas": flow(pair + ",,"), "flow, less indent": flow(pair.replace(", ", ",\n ")),
        "flow at the margin": flow(pair.replace(", ", ",\n")), "flow, comment": flow(pair.replace(", ", ", # hi\n      ")),
        "flow, unclosed": USER + "    exec: {" + pair + "\n", "flow, no comma": flow(pair.replace(",", "\n     ")),
        "flow, key alone": flow(pair + ", foo"), "flow, explicit key": flow("? " + pair), "flow, pairs in a list": flow(pair + ", foo: [a: b, c]"),
        "indented list": HEAD + "users:\n  - name: u\n    user:\n" + indent(GOOD, 6), "one space less": good.replace("      command", "     command"),
        "one space more": good.replace("      command", "       command"), "text after a quote": good.replace("fake-plugin", "'fake' plugin"),
        "unclosed quote": of_exec(exec_body('"' + V1BETA1)), "unclosed single quote": of_exec(exec_body("'" + V1BETA1)),
        "comment below the key": of_exec(f"apiVersion: # hi\n  {V1BETA1}\ncommand: fake-plugin\n"), "no final line break": good.rstrip("\n"),
        "blank line in quotes": of_exec(exec_body(f'"{V1BETA1}\n\n  "')), "escaped line break at the end": of_exec(exec_body(f'"{V1BETA1}\\n"')),
        "list item on the key's line": good.replace("users:\n- name", "users: - name"), "key after a list": good + "  foo: bar\n",
        "literal not indented": of_exec("apiVersion: |-\n" + V1BETA1 + "\ncommand: fake-plugin\n").replace("      client", "client"),
    }.items()
    for text in (
        "args:\n- a\n- b", "foo:\n- - a\n  - b", "foo: @bar", "foo: `bar`", "foo: %bar", "foo: ?bar\nbaz: -x", "foo: !e!x bar", "foo: !!binary '***'",
        "foo: !!binary YQ==", "foo: !bar {a: b}", "foo: 2020-01-01T00:00:00Z", "foo: .inf", "foo: .NaN", "foo: 123456789012345678901234567890", "foo: !!int a",
        "foo: !!bool 3", "foo: !!null a", "foo: !!map [a]", "foo: !!seq {a: b}", "foo: !!timestamp x", "foo: |9\n  a", "foo: |0\n  a", "foo: |-+\n  a", "foo: | a",
        "foo: >2-\n   a", "foo: |\n\t a", "foo: \"\\q\"", "foo: \"\\u12\"", "foo: \"\\ud800\"", "foo: \"\\U00110000\"", "foo: *", "foo: &", "foo: !<", "foo: !<>", "foo: ! !",
        "foo: ]", "foo: }", "foo: [", "foo: ,", "foo: 'a' 'b'", "foo: a\n bar", "installHint: 'it''s here'", "foo: !!set {a, b}", "foo: !!omap [a: b]", "? foo\n? bar", "foo: -\nbar: b",
    ):
        yield f"in exec, {text}".replace("\n", "; ").replace("\t", "TAB"), of_exec(exec_body(V1BETA1, text + "\n"))
    for depth in (200, 9000, 10001):
        yield f"{depth} lists deep", of_exec(exec_body(V1BETA1, "foo: " + "[" * depth + "]" * depth + "\n"))


def characters():
    """Line ends, encodings and characters that are no text."""
    good = sound()
    literal = of_exec(f"apiVersion: |-\n  {V1BETA1}\ncommand: fake-plugin\n")
    yield from {
        "CRLF": good.replace("\n", "\r\n"), "CRLF, literal": literal.replace("\n", "\r\n"), "CR": good.replace("\n", "\r"),
        "BOM": "\ufeff" + good, "BOM and CRLF": "\ufeff" + good.replace("\n", "\r\n"), "two BOMs": "\ufeff\ufeff" + good,
        "BOM inside": good + "\ufeff# a\n", "BOM before a key": good.replace("users:", "\ufeffusers:"),
        "UTF-16LE": ("\ufeff" + good).encode("utf-16-le"), "UTF-16BE": ("\ufeff" + good).encode("utf-16-be"),
        "UTF-16LE, no BOM": good.encode("utf-16-le"), "UTF-16LE, odd length": ("\ufeff" + good).encode("utf-16-le")[:-1],
        "UTF-16LE, lone surrogate": ("\ufeff" + good).encode("utf-16-le") + b"#\x00\x00\xd8\n\x00", "UTF-32LE": ("\ufeff" + good).encode("utf-32-le"),
        "bad UTF-8 in a comment": good.encode() + b"# \xff\xfe\n", "bad UTF-8 in apiVersion": good.encode().replace(b"v1beta1", b"v1beta1\xff"),
        "overlong UTF-8": good.encode() + b"# \xc0\xaf\n", "UTF-8 surrogate": good.encode() + b"# \xed\xa0\x80\n", "cut UTF-8": good.encode() + b"# \xe2\x82",
        "UTF-8 beyond Unicode": good.encode() + b"# \xf4\x90\x80\x80\n", "Latin-1": good.encode() + b"# caf\xe9 x\n",
        "CR within a line": of_exec(exec_body(V1BETA1)).replace("v1beta1\n", "v1beta1\r\n", 1), "CR and more": of_exec(f"apiVersion: {V1BETA1}\r      command: fake-plugin\n"),
    }.items()
    for code in (0x00, 0x01, 0x07, 0x08, 0x0B, 0x0C, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9F, 0xA0, 0xAD, 0x200B, 0x2028, 0x2029, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F600, 0x1FFFE):
        yield f"U+{code:04X} in a comment", good + f"# a{chr(code)}b: c\n"
        yield f"U+{code:04X} after a value", of_exec(f"apiVersion: {V1BETA1}{chr(code)}      command: fake-plugin\n")
        yield f"U+{code:04X} in quotes", of_exec(exec_body(V1BETA1, f'installHint: "a{chr(code)}b"\n', "no-such-plugin"))


FAMILIES = {
    "duplicates": duplicates, "json": json_files, "anchors": anchors, "documents": documents,
    "top-level": top_level, "keys": keys, "layout": layout, "characters": characters,
}
