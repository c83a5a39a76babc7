"""Kubeconfigs about YAML: anchors, keys, layout, characters."""

from kubeconfigs import (
    HEAD,
    REFUSED,
    V1BETA1,
    exec_body,
    exec_key,
    exec_of,
    indent,
    of_exec,
    of_user,
    sound,
)

GOOD = exec_key(exec_body(V1BETA1))
BAD = exec_of(REFUSED)
BODY = exec_body(V1BETA1)
USER = HEAD + "users:\n- name: u\n  user:\n"


def _based(api, more=""):
    return (
        f"x-base: &b\n  apiVersion: {api}\n  command: fake-plugin\n  interactiveMode: Never\n{more}"
        + HEAD
    )


def anchors():
    """Anchors, aliases and merge keys."""
    good, bad = _based(V1BETA1), _based(REFUSED)
    both = lambda a, b: _based(a).removesuffix(HEAD).replace("x-base: &b", "x-a: &a") + _based(b)
    other = HEAD.replace("user: u\n", "user: other\n")
    for label, body, head in [
        ("all from the base", "<<: *b\n", good),
        ("all from a refused base", "<<: *b\n", bad),
        ("own after", f"<<: *b\napiVersion: {V1BETA1}\n", bad),
        ("own before", f"apiVersion: {V1BETA1}\n<<: *b\n", bad),
        ("own refused, before", f"apiVersion: {REFUSED}\n<<: *b\n", good),
        ("list, first good", "<<: [*a, *b]\n", both(V1BETA1, REFUSED)),
        ("list, first refused", "<<: [*a, *b]\n", both(REFUSED, V1BETA1)),
        ("twice, first good", "<<: *a\n<<: *b\n", both(V1BETA1, REFUSED)),
        ("twice, first refused", "<<: *a\n<<: *b\n", both(REFUSED, V1BETA1)),
        ("quoted", '"<<": *b\n', good),
        ("!!merge", "!!merge <<: *b\n", good),
        ("!!str", "!!str <<: *b\n" + BODY, bad),
        ("null", "<<:\n" + BODY, HEAD),
        ("inline map", f"<<: {{apiVersion: {V1BETA1}, command: fake-plugin}}\n", HEAD),
        ("scalar", "<<: abc\n" + BODY, HEAD),
        ("empty list", "<<: []\n" + BODY, HEAD),
        ("list with a scalar", "<<: [*b, a]\n", good),
        ("list with an inline map", f"<<: [{{apiVersion: {REFUSED}}}, *b]\n", good),
        ("list in a list", "<<: [[*b]]\n", good),
        ("null before", "apiVersion: null\n<<: *b\n", good),
        ("null after", "<<: *b\napiVersion: null\n", good),
        (
            "of a map with one",
            "<<: *d\n",
            _based(V1BETA1, "x-d: &d\n  <<: *b\n  interactiveMode: Never\n"),
        ),
        (
            "of a map with one and own",
            "<<: *d\n",
            _based(REFUSED, f"x-d: &d\n  apiVersion: {V1BETA1}\n  <<: *b\n"),
        ),
        ("undefined", "<<: *nope\n" + BODY, HEAD),
        ("of itself", "<<: &s {<<: *s}\n" + BODY, HEAD),
    ]:
        yield f"merge: {label}", of_exec(body, head=head)
    yield "merge: in flow", of_user("exec: {<<: *b}\n", good)
    yield (
        "merge: in user",
        of_user(
            "<<: *b\n",
            f"x-base: &b\n  exec:\n    apiVersion: {V1BETA1}\n    command: fake-plugin\n" + HEAD,
        ),
    )
    yield (
        "alias of exec",
        other
        + "users:\n- name: u\n  user:\n    exec: &e\n"
        + indent(BODY, 6)
        + "- name: other\n  user:\n    exec: *e\n",
    )
    yield (
        "alias of user",
        other + "users:\n- name: u\n  user: &e\n" + indent(BAD, 4) + "- name: other\n  user: *e\n",
    )
    yield "defined after", of_exec(exec_body("*v")) + f"x: &v {V1BETA1}\n"
    yield "redefined", of_exec(exec_body("*v"), head=f"x1: &v {REFUSED}\nx2: &v {V1BETA1}\n" + HEAD)
    yield (
        "alias as key",
        of_exec(f"*k : {V1BETA1}\ncommand: fake-plugin\n", head="x-k: &k apiVersion\n" + HEAD),
    )
    yield (
        "alias as key, no space",
        of_exec(f"*k: {V1BETA1}\ncommand: fake-plugin\n", head="x-k: &k apiVersion\n" + HEAD),
    )
    yield "of itself", of_exec(exec_body(V1BETA1, "foo: &f [*f]\n"))
    yield (
        "env by alias",
        of_exec(
            exec_body(V1BETA1, "env: *e\n"), head="x-env: &e [{name: PROBE, value: a}]\n" + HEAD
        ),
    )
    yield (
        "anchor above the value",
        of_exec("apiVersion: &v\n  " + V1BETA1 + "\ncommand: fake-plugin\n"),
    )
    yield "tag and anchor", of_exec(exec_body("!!str &v " + V1BETA1))
    yield "anchor and tag", of_exec(exec_body("&v !!str " + V1BETA1))
    yield "two anchors", of_exec(exec_body("&v &w " + V1BETA1))
    yield "anchor without name", of_exec(exec_body("& " + V1BETA1))
    yield "anchor on an alias", of_exec(exec_body("&w *v"), head=f"x: &v {V1BETA1}\n" + HEAD)
    layers = "".join(
        f"{n}: &{n} [{','.join([was] * 9)}]\n"
        for n, was in zip("abcde", ["x", "*a", "*b", "*c", "*d"])
    )
    yield "expansion, five levels", sound() + layers


def keys():
    """Keys in other spellings."""
    good = sound()
    rest = "command: fake-plugin\n"
    for key in (
        "apiversion",
        "APIVersion",
        "ApiVersion",
        "api-version",
        "api_version",
        "APIVERSION",
        '"apiVersion"',
        "'apiVersion'",
        "? apiVersion\n",
        "!!str apiVersion",
        "&k apiVersion",
        '"api\\x56ersion"',
        "apiVersion ",
        "! apiVersion",
        "api\u017fersion",
        "apiVer\u017fion",
    ):
        yield (
            f"key {key.strip()}{' and space' if key.endswith(' ') else ''}",
            of_exec(f"{key}: {V1BETA1}\n{rest}"),
        )
    yield "no space after the colon", of_exec(f"apiVersion:{V1BETA1}\n{rest}")
    for old, new in [
        ("command:", "Command:"),
        ("exec:", "Exec:"),
        ("users:", "Users:"),
        ("  user:\n", "  User:\n"),
        ("- name: u\n  user", "- Name: u\n  user"),
        ("current-context:", "Current-Context:"),
        ("clusters:", "Clusters:"),
        ("contexts:", "CONTEXTS:"),
        ("server:", "Server:"),
    ]:
        yield f"{new.strip()} for {old.strip()}", good.replace(old, new)
    for text in (
        "1: a",
        "true: a",
        "~: a",
        "? [a]\n: b",
        ".nan: b",
        "? {a: b}\n: c",
        "1.5: a",
        "2020-01-01: a",
        ": a",
        "? a",
        "[a]: b",
        '"": a',
        "!!binary YQ==: a",
        "!!int x: a",
        "<<: {a: b}\n<<: {c: d}",
        "y: a",
        "0x1F: a",
        "a b: c",
        "- a",
        "a: b: c",
        "a:: b",
    ):
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
        "tabs as indentation": good.replace("      apiVersion", "\tapiVersion").replace(
            "      command", "\tcommand"
        ),
        "tab after the colon": good.replace("apiVersion: client", "apiVersion:\tclient"),
        "tab before a comment": good.replace("v1beta1\n", "v1beta1\t# hi\n"),
        "tab-only line": good.replace("      command", "\t\n      command"),
        "tab at the end": good.replace("plugin\n", "plugin\t\n"),
        "tabs in flow": flow(f"\n\t\tapiVersion: {V1BETA1},\n\t\tcommand: fake-plugin\n\t"),
        "flow": flow(pair),
        "flow, quoted": flow(f'"apiVersion":"{V1BETA1}","command":"fake-plugin"'),
        "flow, no space": flow(pair.replace("n: ", "n:")),
        "flow, trailing comma": flow(pair + ","),
        "flow, two commas": flow(pair + ",,"),
        "flow, less indent": flow(pair.replace(", ", ",\n ")),
        "flow at the margin": flow(pair.replace(", ", ",\n")),
        "flow, comment": flow(pair.replace(", ", ", # hi\n      ")),
        "flow, unclosed": USER + "    exec: {" + pair + "\n",
        "flow, no comma": flow(pair.replace(",", "\n     ")),
        "flow, key alone": flow(pair + ", foo"),
        "flow, explicit key": flow("? " + pair),
        "flow, pairs in a list": flow(pair + ", foo: [a: b, c]"),
        "indented list": HEAD + "users:\n  - name: u\n    user:\n" + indent(GOOD, 6),
        "one space less": good.replace("      command", "     command"),
        "one space more": good.replace("      command", "       command"),
        "text after a quote": good.replace("fake-plugin", "'fake' plugin"),
        "unclosed quote": of_exec(exec_body('"' + V1BETA1)),
        "unclosed single quote": of_exec(exec_body("'" + V1BETA1)),
        "comment below the key": of_exec(f"apiVersion: # hi\n  {V1BETA1}\ncommand: fake-plugin\n"),
        "no final line break": good.rstrip("\n"),
        "blank line in quotes": of_exec(exec_body(f'"{V1BETA1}\n\n  "')),
        "escaped line break at the end": of_exec(exec_body(f'"{V1BETA1}\\n"')),
        "list item on the key's line": good.replace("users:\n- name", "users: - name"),
        "key after a list": good + "  foo: bar\n",
        "literal not indented": of_exec(
            "apiVersion: |-\n" + V1BETA1 + "\ncommand: fake-plugin\n"
        ).replace("      client", "client"),
    }.items()
    for text in (
        "args:\n- a\n- b",
        "foo:\n- - a\n  - b",
        "foo: @bar",
        "foo: `bar`",
        "foo: %bar",
        "foo: ?bar\nbaz: -x",
        "foo: !e!x bar",
        "foo: !!binary '***'",
        "foo: !!binary YQ==",
        "foo: !bar {a: b}",
        "foo: 2020-01-01T00:00:00Z",
        "foo: .inf",
        "foo: .NaN",
        "foo: 123456789012345678901234567890",
        "foo: !!int a",
        "foo: !!bool 3",
        "foo: !!null a",
        "foo: !!map [a]",
        "foo: !!seq {a: b}",
        "foo: !!timestamp x",
        "foo: |9\n  a",
        "foo: |0\n  a",
        "foo: |-+\n  a",
        "foo: | a",
        "foo: >2-\n   a",
        "foo: |\n\t a",
        'foo: "\\q"',
        'foo: "\\u12"',
        'foo: "\\ud800"',
        'foo: "\\U00110000"',
        "foo: *",
        "foo: &",
        "foo: !<",
        "foo: !<>",
        "foo: ! !",
        "foo: ]",
        "foo: }",
        "foo: [",
        "foo: ,",
        "foo: 'a' 'b'",
        "foo: a\n bar",
        "installHint: 'it''s here'",
        "foo: !!set {a, b}",
        "foo: !!omap [a: b]",
        "? foo\n? bar",
        "foo: -\nbar: b",
    ):
        yield (
            f"in exec, {text}".replace("\n", "; ").replace("\t", "TAB"),
            of_exec(exec_body(V1BETA1, text + "\n")),
        )
    for depth in (200, 9000, 10001):
        yield (
            f"{depth} lists deep",
            of_exec(exec_body(V1BETA1, "foo: " + "[" * depth + "]" * depth + "\n")),
        )


def characters():
    """Line ends, encodings and characters that are no text."""
    good = sound()
    literal = of_exec(f"apiVersion: |-\n  {V1BETA1}\ncommand: fake-plugin\n")
    yield from {
        "CRLF": good.replace("\n", "\r\n"),
        "CRLF, literal": literal.replace("\n", "\r\n"),
        "CR": good.replace("\n", "\r"),
        "BOM": "\ufeff" + good,
        "BOM and CRLF": "\ufeff" + good.replace("\n", "\r\n"),
        "two BOMs": "\ufeff\ufeff" + good,
        "BOM inside": good + "\ufeff# a\n",
        "BOM before a key": good.replace("users:", "\ufeffusers:"),
        "UTF-16LE": ("\ufeff" + good).encode("utf-16-le"),
        "UTF-16BE": ("\ufeff" + good).encode("utf-16-be"),
        "UTF-16LE, no BOM": good.encode("utf-16-le"),
        "UTF-16LE, odd length": ("\ufeff" + good).encode("utf-16-le")[:-1],
        "UTF-16LE, lone surrogate": ("\ufeff" + good).encode("utf-16-le") + b"#\x00\x00\xd8\n\x00",
        "UTF-32LE": ("\ufeff" + good).encode("utf-32-le"),
        "bad UTF-8 in a comment": good.encode() + b"# \xff\xfe\n",
        "bad UTF-8 in apiVersion": good.encode().replace(b"v1beta1", b"v1beta1\xff"),
        "overlong UTF-8": good.encode() + b"# \xc0\xaf\n",
        "UTF-8 surrogate": good.encode() + b"# \xed\xa0\x80\n",
        "cut UTF-8": good.encode() + b"# \xe2\x82",
        "UTF-8 beyond Unicode": good.encode() + b"# \xf4\x90\x80\x80\n",
        "Latin-1": good.encode() + b"# caf\xe9 x\n",
        "CR within a line": of_exec(exec_body(V1BETA1)).replace("v1beta1\n", "v1beta1\r\n", 1),
        "CR and more": of_exec(f"apiVersion: {V1BETA1}\r      command: fake-plugin\n"),
    }.items()
    for code in (
        0x00,
        0x01,
        0x07,
        0x08,
        0x0B,
        0x0C,
        0x1B,
        0x1F,
        0x7F,
        0x80,
        0x85,
        0x9F,
        0xA0,
        0xAD,
        0x200B,
        0x2028,
        0x2029,
        0xFEFF,
        0xFFFD,
        0xFFFE,
        0xFFFF,
        0x1F600,
        0x1FFFE,
    ):
        yield f"U+{code:04X} in a comment", good + f"# a{chr(code)}b: c\n"
        yield (
            f"U+{code:04X} after a value",
            of_exec(f"apiVersion: {V1BETA1}{chr(code)}      command: fake-plugin\n"),
        )
        yield (
            f"U+{code:04X} in quotes",
            of_exec(exec_body(V1BETA1, f'installHint: "a{chr(code)}b"\n', "no-such-plugin")),
        )


FAMILIES = {
    "anchors": anchors,
    "keys": keys,
    "layout": layout,
    "characters": characters,
}
