"""~/.kube/kuberc beside a sound kubeconfig whose exec runs `fake-plugin`."""

import itertools
import json

V1ALPHA1, V1BETA1 = "kubectl.config.k8s.io/v1alpha1", "kubectl.config.k8s.io/v1beta1"


def kuberc(body="", api=V1BETA1, kind="Preference"):
    """A kuberc with these lines after its head. None leaves a key out."""
    head = "" if api is None else f"apiVersion: {api}\n"
    return head + ("" if kind is None else f"kind: {kind}\n") + body


def policy(text):
    """The line of the policy."""
    return f"credentialPluginPolicy: {text}\n"


def allowlist(text):
    """The line of the list."""
    return f"credentialPluginAllowlist: {text}\n"


DENY = policy("DenyAll")
ONLY = policy("Allowlist") + allowlist("[{name: fake-plugin}]")
ALIASES = """aliases:
- name: getn
  command: get
  prependArgs: [namespace]
  appendArgs: ["--", a]
  options: [{name: output, default: json}]
"""
DEFAULTS = """defaults:
- command: apply
  options: [{name: server-side, default: "true"}]
"""


def policies():
    """Policies with lists."""
    names = ("none", "AllowAll", "DenyAll", "Allowlist", '""', "bogus", "denyall", "null")
    lists = {
        "no list": "",
        "[]": allowlist("[]"),
        "null": allowlist("null"),
        "name": allowlist("[{name: fake-plugin}]"),
        "command": allowlist("[{command: fake-plugin}]"),
        "other": allowlist("[{name: other}]"),
        "{}": allowlist("[{}]"),
    }
    for name, (label, lines) in itertools.product(names, lists.items()):
        yield f"{name}, {label}", kuberc(("" if name == "none" else policy(name)) + lines)
    for value in (
        "1",
        "true",
        "[DenyAll]",
        "{a: b}",
        "' DenyAll'",
        '"DenyAll\\n"',
        "~",
        "",
        "!!str DenyAll",
        "|\n  DenyAll",
    ):
        yield f"policy {value}".replace("\n", "; "), kuberc(policy(value))


def entries():
    """Entries of the list, under the policy Allowlist."""
    for entry in (
        "{name: fake-plugin}",
        "{command: fake-plugin}",
        "{name: '@PLUGIN@'}",
        "{command: '@PLUGIN@'}",
        "{name: other}",
        "{name: other}, {name: fake-plugin}",
        "{name: fake-plugin}, {}",
        "{name: fake-plugin}, {}, {name: other}",
        "{name: a}, {}, {name: fake-plugin}",
        "{}, {}",
        "{name: ''}",
        "{command: ''}",
        "{name: null}",
        "{name: fake-plugin, command: fake-plugin}",
        "{name: fake-plugin, command: other}",
        "{name: other, command: fake-plugin}",
        "{name: '', command: fake-plugin}",
        "null",
        "null, {name: fake-plugin}",
        "{name: fake-plugin}, null",
        "fake-plugin",
        "1",
        "[]",
        "{name: 1}",
        "{name: [a]}",
        "{name: true}",
        "{Name: fake-plugin}",
        "{NAME: other, name: fake-plugin}",
        "{name: fake-plugin, foo: bar}",
        "{foo: bar}",
        "{name: a, name: fake-plugin}",
        "{name: ./fake-plugin}",
        "{name: ../fake-plugin}",
        "{name: /no/such/fake-plugin}",
        "{name: /}",
        "{name: .}",
        "{name: 'fake plugin'}",
        "{name: ' fake-plugin'}",
        "{name: FAKE-PLUGIN}",
        "{name: 'fake-*'}",
        "{name: bin/fake-plugin}",
        "{name: ~/fake-plugin}",
        "{name: '$HOME/fake-plugin'}",
        "{name: no-such-plugin}",
        "{name: sh}",
        "{name: /bin/sh}",
        "{name: /bin/../bin/sh}",
        "{name: other}, {name: other}",
    ):
        yield entry, kuberc(policy("Allowlist") + allowlist(f"[{entry}]"))
    for text in ("fake-plugin", "{name: fake-plugin}", "1", "''", "true", "{}"):
        yield f"list {text}", kuberc(policy("Allowlist") + allowlist(text))


def heads():
    """apiVersion and kind."""
    for api, body in itertools.product(
        (
            V1ALPHA1,
            V1BETA1,
            "kubectl.config.k8s.io/v1",
            "kubectl.config.k8s.io/v1beta2",
            "v1beta1",
            "v1",
            "KUBECTL.config.k8s.io/v1beta1",
            "null",
            "1",
            '""',
            None,
        ),
        ("", DENY, ONLY),
    ):
        label = {"": "nothing else", DENY: "DenyAll", ONLY: "list"}[body]
        yield f"apiVersion {api}, {label}", kuberc(body, api)
    for kind in ("preference", "Preferences", "Config", "null", "1", '""', None, "List"):
        yield f"kind {kind}", kuberc(DENY, kind=kind)
        yield f"kind {kind}, v1alpha1", kuberc(DENY, V1ALPHA1, kind)
    yield "neither", kuberc(DENY, None, None)
    yield "ApiVersion and Kind", kuberc(DENY).replace("apiV", "ApiV").replace("kind", "Kind")
    yield "apiVersion twice, alpha first", f"apiVersion: {V1ALPHA1}\n" + kuberc(DENY)
    yield "apiVersion twice, alpha last", kuberc(DENY) + f"apiVersion: {V1ALPHA1}\n"


def sections():
    """Aliases, overrides (v1alpha1) and defaults (v1beta1), and wrong types in them."""
    overrides = DEFAULTS.replace("defaults", "overrides")
    for api in (V1ALPHA1, V1BETA1):
        name = api.rpartition("/")[2]
        for label, body in {
            "aliases": ALIASES,
            "overrides": overrides,
            "defaults": DEFAULTS,
            "all": ALIASES + overrides + DEFAULTS,
            "all and DenyAll": ALIASES + DEFAULTS + DENY,
            "aliases null": "aliases:\n",
            "aliases a map": "aliases: {a: b}\n",
            "aliases a string": "aliases: a\n",
            "aliases of strings": "aliases: [a]\n",
            "aliases of null": "aliases: [null]\n",
            "alias without command": "aliases: [{name: a}]\n",
            "alias without name": "aliases: [{command: get}]\n",
            "alias of a command's name": ALIASES.replace("getn", "get"),
            "alias twice": ALIASES + ALIASES.replace("aliases:\n", ""),
            "alias name with space": ALIASES.replace("getn", "'a b'"),
            "alias of no command": ALIASES.replace("command: get", "command: nope"),
            "args numbers": ALIASES.replace("[namespace]", "[1]"),
            "args a string": ALIASES.replace("[namespace]", "a"),
            "options a map": ALIASES.replace("[{name: output, default: json}]", "{a: b}"),
            "option without name": ALIASES.replace("name: output, ", ""),
            "option with dashes": ALIASES.replace("name: output", "name: --output"),
            "default a boolean": DEFAULTS.replace('"true"', "true"),
            "default a number": DEFAULTS.replace('"true"', "1"),
            "default missing": DEFAULTS.replace(', default: "true"', ""),
            "default of get": DEFAULTS.replace("apply", "get")
            .replace("server-side", "output")
            .replace('"true"', "yaml"),
            "unknown option of get": DEFAULTS.replace("apply", "get").replace(
                "server-side", "nope"
            ),
            "override of get": overrides.replace("apply", "get")
            .replace("server-side", "raw")
            .replace('"true"', "/nope"),
            "command twice": DEFAULTS + DEFAULTS.replace("defaults:\n", ""),
            "Defaults": DEFAULTS.replace("d", "D", 1),
            "without command": DEFAULTS.replace("command: apply", "foo: bar"),
        }.items():
            yield f"{name}, {label}", kuberc(body, api)


def forms():
    """JSON, several documents, duplicate, unknown and mis-cased keys, and what does not parse."""
    deny, alpha, only = kuberc(DENY), kuberc(DENY, V1ALPHA1), kuberc(ONLY)
    allow = kuberc(policy("AllowAll"))
    as_json = json.dumps(
        {"apiVersion": V1BETA1, "kind": "Preference", "credentialPluginPolicy": "DenyAll"}
    )
    yield from {
        "empty": "",
        "blank": "\n",
        "comment": "# a\n",
        "null": "null\n",
        "list": "- a\n",
        "string": "abc\n",
        "{}": "{}\n",
        "does not parse": "{[\n",
        "unclosed quote": deny + 'a: "\n',
        "tab": deny + "\ta: b\n",
        "JSON": as_json,
        "JSON pretty": json.dumps(json.loads(as_json), indent=2),
        "JSON, trailing comma": as_json[:-1] + ",}",
        "JSON, duplicate": as_json[:-1] + ',"credentialPluginPolicy":"AllowAll"}',
        "JSON, case": as_json.replace("credentialPlugin", "CredentialPlugin"),
        "JSON, unknown": as_json[:-1] + ',"foo":1}',
        "JSON, two": as_json + "\n" + as_json,
        "JSON, text after": as_json + " a",
        "unknown key": kuberc("foo: bar\n"),
        "unknown key, DenyAll": deny + "foo: bar\n",
        "unknown key, v1alpha1": alpha + "foo: bar\n",
        "v1alpha1 with policy": alpha,
        "policy twice": kuberc(policy("AllowAll") + DENY),
        "policy twice, the other": kuberc(DENY + policy("AllowAll")),
        "CredentialPluginPolicy": deny.replace("credential", "Credential"),
        "credentialpluginpolicy": deny.lower().replace("denyall", "DenyAll"),
        "credentialpluginpolicy and right": deny + "credentialpluginpolicy: AllowAll\n",
        "mis-cased list": only.replace("Allowlist: [", "AllowList: ["),
        "list twice": only + allowlist("[{name: other}]"),
        "v1alpha1, v1beta1": kuberc("", V1ALPHA1) + "---\n" + deny,
        "v1beta1, v1alpha1": deny + "---\n" + kuberc("", V1ALPHA1),
        "v1beta1 twice": deny + "---\n" + allow,
        "v1beta1 twice, the other": allow + "---\n" + deny,
        "v1beta1, broken": deny + "---\n{[\n",
        "broken, v1beta1": "{[\n---\n" + deny,
        "v1, v1beta1": kuberc("", "kubectl.config.k8s.io/v1") + "---\n" + deny,
        "v1alpha1, unknown, v1beta1": kuberc("foo: a\n", V1ALPHA1) + "---\n" + deny,
        "empty, v1beta1": "---\n---\n" + deny,
        "v1beta1, empty": deny + "---\n",
        "ConfigMap, v1beta1": "apiVersion: v1\nkind: ConfigMap\n---\n" + deny,
        "v1beta1, ConfigMap": deny + "---\napiVersion: v1\nkind: ConfigMap\n",
        "v1beta1 unknown, v1beta1": kuberc("foo: a\n") + "---\n" + deny,
        "v1beta1 bad type, v1beta1": kuberc("aliases: a\n") + "---\n" + deny,
        "v1alpha1, v1beta1 unknown": kuberc("", V1ALPHA1) + "---\n" + deny + "foo: a\n",
        "three": kuberc("", V1ALPHA1)
        + "---\n"
        + deny
        + "---\n"
        + kuberc("", "kubectl.config.k8s.io/v1"),
        "comment, v1beta1": "# a\n---\n" + deny,
        "... between": deny + "...\n" + allow,
        "trailing ...": deny + "...\n",
        "BOM": "\ufeff" + deny,
        "CRLF": deny.replace("\n", "\r\n"),
        "UTF-16": ("\ufeff" + deny).encode("utf-16-le"),
        "bad UTF-8": deny.encode() + b"# \xff\n",
        "NUL": deny + "# \0\n",
        "merge": f"a: &a {{credentialPluginPolicy: DenyAll}}\n{kuberc()}<<: *a\n",
        "alias": f"{kuberc()}credentialPluginPolicy: &a DenyAll\nfoo: *a\n",
        "undefined alias": kuberc(policy("*a")),
        "flow": "{apiVersion: "
        + V1BETA1
        + ", kind: Preference, credentialPluginPolicy: DenyAll}\n",
        "number key": deny + "1: a\n",
        "null key": deny + "~: a\n",
        "metadata": deny + "metadata: {name: a}\n",
        "kubeconfig": "apiVersion: v1\nkind: Config\n",
        "1000 unknown": deny + "".join(f"k{i}: a\n" for i in range(1000)),
    }.items()


FAMILIES = {
    "kuberc-policies": policies,
    "kuberc-entries": entries,
    "kuberc-heads": heads,
    "kuberc-sections": sections,
    "kuberc-forms": forms,
}
