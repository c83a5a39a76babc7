"""Kubeconfigs about the fields of `exec`: apiVersion, interactiveMode, and the others."""

from kubeconfigs import (
    GROUP,
    HEAD,
    NEVER,
    REFUSED,
    V1,
    V1ALPHA1,
    V1BETA1,
    exec_body,
    exec_key,
    of_exec,
    of_two,
    of_user,
)


def api_version():
    """Every way to write an apiVersion, right or wrong."""
    values = {
        "v1alpha1": V1ALPHA1,
        "v1beta1": V1BETA1,
        "v1": V1,
        "v1beta2": REFUSED,
        "v1alpha2": GROUP + "v1alpha2",
        "v2": GROUP + "v2",
        "v1beta": GROUP + "v1beta",
        "v1alpha": GROUP + "v1alpha",
        "v1beta3": GROUP + "v1beta3",
        "group only": GROUP[:-1],
        "group with slash, no version": GROUP,
        "bare v1beta1": "v1beta1",
        "bare v1": "v1",
        "group authentication.k8s.io, v1beta1": "authentication.k8s.io/v1beta1",
        "group authentication.k8s.io, v1": "authentication.k8s.io/v1",
        "group client.authentication.kubernetes.io": "client.authentication.kubernetes.io/v1beta1",
        "group clientauthentication.k8s.io": "clientauthentication.k8s.io/v1beta1",
        "version in capitals": GROUP + "V1BETA1",
        "group capitalised": "Client.Authentication.K8s.io/v1beta1",
        "trailing space, quoted": f'"{V1BETA1} "',
        "leading space, quoted": f'" {V1BETA1}"',
        "trailing space, plain": V1BETA1 + "   ",
        "trailing tab, plain": V1BETA1 + "\t",
        "trailing comment": V1BETA1 + " # old",
        "hash without space": V1BETA1 + "#old",
        "three segments": V1BETA1 + "/x",
        "double slash": GROUP + "/v1beta1",
        "missing": None,
        "empty": '""',
        "nothing": "",
        "null": "null",
        "tilde": "~",
        "number": "1",
        "float": "1.0",
        "true": "true",
        "list": f"[{V1BETA1}]",
        "map": "{a: b}",
        "date": "2020-01-01",
        "single-quoted": f"'{V1BETA1}'",
        "double-quoted": f'"{V1BETA1}"',
        "escapes": '"\\x63lient.authentication.k8s.io\\/v\\u0031beta1"',
        "escaped line break": f'"{GROUP}\\\n  v1beta1"',
        "quoted over two lines": f'"{GROUP}\n  v1beta1"',
        "plain over two lines": f"{GROUP}\n  v1beta1",
        "value on the next line": f"\n  {V1BETA1}",
        "!!str": "!!str " + V1BETA1,
        "! tag": "! " + V1BETA1,
        "!foo tag": "!foo " + V1BETA1,
        "verbatim tag": "!<tag:yaml.org,2002:str> " + V1BETA1,
        "!!binary": "!!binary Y2xpZW50LmF1dGhlbnRpY2F0aW9uLms4cy5pby92MWJldGEx",
        "!!str 1": "!!str 1",
        "!!int x": "!!int x",
        "!!float 1": "!!float 1",
        "literal": f"|\n  {V1BETA1}",
        "literal stripped": f"|-\n  {V1BETA1}",
        "literal kept": f"|+\n  {V1BETA1}\n",
        "folded": f">\n  {V1BETA1}",
        "folded stripped": f">-\n  {V1BETA1}",
        "literal with indentation": f"|2-\n  {V1BETA1}",
        "anchor": "&v " + V1BETA1,
        "non-breaking space": V1BETA1 + "\u00a0",
        "zero-width space": V1BETA1 + "\u200b",
        "shell variable": "${API_VERSION}",
        "colon and space": "client: v1",
    }
    for label, api in values.items():
        yield label, of_exec(exec_body(api, NEVER))
    for label, api in [
        ("v1beta1", V1BETA1),
        ("v1alpha1", V1ALPHA1),
        ("v1", V1),
        ("v1beta2", REFUSED),
        ("missing", None),
    ]:
        yield f"{label}, no interactiveMode", of_exec(exec_body(api))
    yield "scalar alias", of_exec(exec_body("*v", NEVER), head=f"x-v: &v {V1BETA1}\n" + HEAD)


def interactive_mode():
    """interactiveMode by apiVersion."""
    for api in (V1ALPHA1, V1BETA1, V1, REFUSED):
        name = api.removeprefix(GROUP)
        for mode in (
            "Never",
            "IfAvailable",
            "Always",
            "bogus",
            "never",
            '""',
            "null",
            "true",
            "1",
            "[Never]",
            "' Never'",
            '"Nev\\ner"',
        ):
            yield f"{name}, {mode}", of_exec(exec_body(api, f"interactiveMode: {mode}\n"))
        yield f"{name}, key interactivemode", of_exec(exec_body(api, "interactivemode: Never\n"))
    yield "no apiVersion, bogus", of_exec(exec_body(None, "interactiveMode: bogus\n"))
    yield "v1, no command, none", of_exec(exec_body(V1, command=None))
    yield (
        "v1beta2, no command, bogus",
        of_exec(exec_body(REFUSED, "interactiveMode: bogus\n", None)),
    )


def exec_fields():
    """The other fields of exec, and what stands where exec should."""
    more = [
        "foo: bar\nbaz: [1, {a: b}]",
        "provideClusterInfo: true",
        'provideClusterInfo: "true"',
        "provideClusterInfo: yes",
        "provideClusterInfo: on",
        "provideClusterInfo: y",
        "provideClusterInfo: 1",
        "provideClusterInfo: null",
        "provideClusterInfo: {}",
        "env: {PROBE: a}",
        "env: {}",
        "env: a",
        "env: null",
        "env: []",
        "env: [{name: PROBE, value: a}]",
        "env: [PROBE=a]",
        "env: [{name: PROBE, value: 1}]",
        "env: [{name: PROBE, value: true}]",
        "env: [{name: PROBE, value: null}]",
        'env: [{name: PROBE, value: ""}]',
        "env: [{name: PROBE}]",
        "env: [{value: a}]",
        "env: [{name: null, value: a}]",
        "env: [{name: 1, value: a}]",
        "env: [{name: A, value: b, valueFrom: {x: y}}]",
        "env: [null]",
        "env: [{}, {}]",
        "env: [{Name: A, VALUE: b}]",
        "args: a",
        "args: [1]",
        "args: [true]",
        "args: [a, null, b]",
        "args: null",
        "args: {a: b}",
        "args: [a, b]",
        "args: {}",
        "args: [[a]]",
        "args: [1.5, .inf]",
        "installHint: [a]",
        "installHint: 1",
        "config: {a: b}",
        "Config: {a: b}",
        "stdinUnavailable: true\nInteractiveMode: bogus",
        "pluginPolicy: {policyType: DenyAll}",
        "args: [1]\nenv: [1]",
        "env: [1]\nargs: [1]",
    ]
    for text in more:
        yield text.replace("\n", "; "), of_exec(exec_body(V1BETA1, text + "\n"))
    for command in (
        None,
        '""',
        "null",
        "1",
        "[fake-plugin]",
        "no-such-plugin",
        "/no/such/plugin",
        "./plugin",
        "'@PLUGIN@'",
        "fake-plugin get-token",
        '" "',
        "true",
        "'a\"b'",
        '"a\\tb"',
        "'é\u00a0'",
    ):
        label = "missing" if command is None else command
        body = exec_body(V1BETA1, "installHint: get it here\n", command)
        yield f"command: {label}", of_exec(body)
    yield "command, no hint", of_exec(exec_body(V1BETA1, command="no-such-plugin"))
    yield "command missing, v1alpha1", of_exec(exec_body(V1ALPHA1, command=None))
    yield "command and apiVersion missing", of_exec(exec_body(None, "foo: bar\n", None))
    for text in ("null", "{}", "[]", "fake-plugin", "1", "true", '""', "[{}]"):
        yield f"exec: {text}", of_user(f"exec: {text}\n")
    yield "exec a list of one", of_user(f"exec:\n- apiVersion: {V1BETA1}\n  command: fake-plugin\n")
    for text in ("", " {}", " [a]", " a", " 1", " null", ' ""'):
        yield f"user:{text}", HEAD + f"users:\n- name: u\n  user:{text}\n"
    yield "user missing", HEAD + "users:\n- name: u\n"
    yield (
        "exec beside user",
        HEAD + "users:\n- name: u\n  " + exec_key(exec_body(V1ALPHA1)).replace("\n  ", "\n    "),
    )
    yield "unknown keys elsewhere", of_exec(exec_body(V1BETA1), after="foo: bar\n") + "bar: [1]\n"
    yield (
        "policy in the kubeconfig",
        of_exec(exec_body(V1BETA1)) + "credentialPluginPolicy: DenyAll\n",
    )


def which_user():
    """Which user of several is judged, and which faults of others matter."""
    good = exec_key(exec_body(V1BETA1))
    refused = exec_key(exec_body(REFUSED, NEVER))
    others = {
        "v1alpha1": exec_key(exec_body(V1ALPHA1)),
        "v1beta2": refused,
        "no apiVersion": exec_key(exec_body(None)),
        "no command": exec_key(exec_body(V1BETA1, command=None)),
        "v1 without interactiveMode": exec_key(exec_body(V1)),
        "bogus mode": exec_key(exec_body(V1, "interactiveMode: bogus\n")),
        "exec and token": good + "token: abc\n",
        "apiVersion a number": exec_key(exec_body("1")),
        "args a string": exec_key(exec_body(V1BETA1, "args: a\n")),
        "bad base64": "client-certificate-data: '***'\n",
        "gcp": "auth-provider: {name: gcp}\n",
        "token a number": "token: 1\n",
        "nothing": "",
        "token": "token: abc\n",
    }
    for label, other in others.items():
        yield f"other: {label}", of_two(good, other)
    second = "- name: y\n  context: {cluster: c, user: other}\ncurrent-context"
    yield (
        "other context: v1alpha1",
        of_two(good, others["v1alpha1"], HEAD.replace("current-context", second)),
    )
    body = exec_body(REFUSED, NEVER)
    for label, old, new in [
        ("no current-context", "current-context: x\n", ""),
        ("current-context empty", "current-context: x\n", 'current-context: ""\n'),
        ("current-context null", "current-context: x\n", "current-context:\n"),
        ("current-context missing", "current-context: x\n", "current-context: nope\n"),
        ("current-context a number", "current-context: x\n", "current-context: 1\n"),
        ("context without user", "    user: u\n", ""),
        ("context of a missing user", "user: u\n", "user: nope\n"),
        ("context of a missing cluster", "cluster: c\n", "cluster: nope\n"),
        ("user differs in case", "user: u\n", "user: U\n"),
        ("server without scheme", "https://", ""),
    ]:
        yield label, of_exec(body, head=HEAD.replace(old, new))
    yield "users only", "apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n    exec: {}\n"
    yield (
        "number as names",
        of_user(good, HEAD.replace("user: u\n", "user: 123\n")).replace(
            "- name: u\n", "- name: 123\n"
        ),
    )
    yield (
        "quoted number as names",
        of_user(good, HEAD.replace("user: u\n", 'user: "123"\n')).replace(
            "- name: u\n", '- name: "123"\n'
        ),
    )
    yield "user without name", of_user(good).replace("- name: u\n  user:", "- user:")
    yield (
        "other user without name",
        of_two(good, refused).replace("- name: other\n  user", "- user"),
    )
    for word in (
        "y",
        "n",
        "yes",
        "no",
        "on",
        "off",
        "Y",
        "NO",
        "true",
        "null",
        "~",
        "1",
        "1.5",
        "1e3",
        "0x1f",
        "0o17",
        "017",
        "0b1",
        "1_000",
        "+1",
        ".5",
        "2020-01-01",
        ".inf",
        ".nan",
        "12:30:45",
        "1:2",
        "=",
        "!!str 1",
        "<<",
        "-",
        "?",
        "'",
        '"a b"',
        "é",
        "--token=abc",
    ):
        head = HEAD.replace("user: u\n", f"user: {word}\n")
        yield f"named {word}", of_user(good, head).replace("- name: u\n", f"- name: {word}\n")


FAMILIES = {
    "api-version": api_version,
    "interactive-mode": interactive_mode,
    "exec-fields": exec_fields,
    "which-user": which_user,
}
