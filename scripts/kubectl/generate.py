"""Generates random kubeconfigs. A file depends only on the seed and its index."""

import base64
import os
import random

from kubeconfigs import GROUP
from mutate import mutate
from paths import DATA
from verdicts import File
from writing import Alias, Mapping, Scalar, Sequence, YamlWriter, as_json

ODD_VERSIONS = [
    GROUP + "v1beta2",
    GROUP + "v1alpha2",
    GROUP + "v2",
    GROUP + "V1BETA1",
    GROUP.upper() + "v1",
    GROUP[:-1],
    GROUP,
    "v1beta1",
    "v1",
    "",
    "authentication.k8s.io/v1beta1",
    "client.authentication.k8s.io//v1",
    GROUP + "v1beta1 ",
    " " + GROUP + "v1",
    GROUP + "v1beta1\n",
    GROUP + "v1beta1/",
    GROUP + "v1beta1#",
    GROUP + "v1\u00a0",
]
RAW_VALUES = [
    "1",
    "1.0",
    "true",
    "null",
    "~",
    "",
    "[a]",
    "{a: b}",
    "2020-01-01",
    "yes",
    "0x10",
    "[]",
    "{}",
    "!!str 1",
    "!!binary Y2xpZW50LmF1dGhlbnRpY2F0aW9uLms4cy5pby92MWJldGEx",
]
USER_NAMES = [
    "u",
    "dev",
    "prod-admin",
    "arn:aws:eks:us-east-1:111122223333:cluster/x",
    "gke_p_z_c",
    "user@cluster",
    "oidc",
    "a b",
    "é",
    'a"b',
    "it's",
    "U",
    "-x",
]
TLS = "https://127.0.0.1:18443"
HTTP = "http://127.0.0.1:18080"


def raw(text):
    """Returns a scalar that is written verbatim as YAML."""
    return Scalar(text, raw=True)


def texts(*values):
    """Returns a sequence of texts."""
    return Sequence([Scalar(value) for value in values])


def pem_data(name):
    """Returns the certificate or the key of a self-signed pair, in base64."""
    with open(os.path.join(DATA, f"client-{name}.pem"), "rb") as file:
        return base64.b64encode(file.read()).decode()


class Builder:
    """Builds the tree of one kubeconfig."""

    def __init__(self, rng):
        self.rng = rng
        self.chance = lambda probability: rng.random() < probability
        self.has_anchors = False

    def api_version(self):
        rng = self.rng
        kind = rng.choices(["v1beta1", "v1alpha1", "v1", "odd", "raw"], [33, 25, 22, 13, 7])[0]
        if kind == "raw":
            return raw(rng.choice(RAW_VALUES))
        return Scalar(rng.choice(ODD_VERSIONS) if kind == "odd" else GROUP + kind)

    def interactive_mode(self):
        if self.chance(0.06):
            return raw(self.rng.choice(["null", "true", "1", "no", "[]", "Never # x"]))
        modes = {
            "Never": 4,
            "IfAvailable": 4,
            "Always": 2,
            "bogus": 1,
            "never": 1,
            "": 1,
            "ALWAYS": 1,
        }
        return Scalar(self.rng.choices(list(modes), list(modes.values()))[0])

    def exec(self):
        """Returns the mapping under `exec`."""
        rng, chance, items = self.rng, self.chance, []
        if chance(0.95):
            items.append(("apiVersion", self.api_version()))
        if chance(0.95):
            command = rng.choices(["fake-plugin", "", "no-such-plugin", "./plugin"], [24, 2, 2, 1])[
                0
            ]
            items.append(("command", Scalar(command)))
        if chance(0.5):
            items.append(("interactiveMode", self.interactive_mode()))
        if chance(0.5):
            words = [
                "get-token",
                "--cluster-name",
                "x",
                "eks",
                "--region=us-east-1",
                "-l",
                "123",
                "no",
                "a: b",
                "#x",
            ]
            items.append(("args", texts(*rng.sample(words, rng.randint(0, 4)))))
        elif chance(0.06):
            items.append(
                (
                    "args",
                    rng.choice(
                        [
                            Scalar("a"),
                            Sequence([raw("1")]),
                            raw("null"),
                            raw("{}"),
                            Sequence([raw("null")]),
                        ]
                    ),
                )
            )
        if chance(0.35):
            items.append(("env", self.env()))
        if chance(0.2):
            value = rng.choices(
                ["false", "true", "no", "yes", "off", '"true"', "0", "null"],
                [6, 6, 1, 1, 1, 1, 1, 1],
            )[0]
            items.append(("provideClusterInfo", raw(value)))
        if chance(0.15):
            hints = [
                "install it: see https://example.com/x",
                "line one\nline two",
                "it's here",
                "é\t\u2028",
                GROUP + "v1beta1",
            ]
            items.append(("installHint", Scalar(rng.choice(hints))))
        if chance(0.05):
            key = rng.choice(
                [
                    "foo",
                    "apiversion",
                    "APIVersion",
                    "Command",
                    "interactivemode",
                    "config",
                    "ENV",
                    "Args",
                ]
            )
            items.append((key, Scalar(GROUP + "v1alpha1")))
        if chance(0.03):
            items.append(("apiVersion", self.api_version()))
        if chance(0.4):
            rng.shuffle(items)
        return Mapping(items)

    def env(self):
        pair = lambda name, value: Mapping([("name", Scalar(name)), ("value", value)])
        forms = {
            20: lambda: Sequence([pair("AWS_PROFILE", Scalar("default"))]),
            8: lambda: raw("null"),
            5: lambda: Sequence([pair("A", Scalar("b")), pair("A", Scalar("no"))]),
            4: lambda: Sequence(
                [pair("A", raw(self.rng.choice(["1", "true", "''", "null", "y"])))]
            ),
            3: lambda: raw("[]"),
            1: lambda: Mapping([("A", Scalar("b"))]),
            2: lambda: Sequence([Mapping([("value", Scalar("b"))])]),
        }
        return self.rng.choices(list(forms.values()), list(forms))[0]()

    def beside(self):
        """Returns credentials other than exec, and impersonation, as a list of items."""
        certificate, key = (
            (f"client-{name}-data", pem_data(name)) for name in ("certificate", "key")
        )
        pair = [(name, Scalar(value)) for name, value in (certificate, key)]
        provider = Mapping(
            [("name", Scalar(self.rng.choice(["gcp", "azure", "oidc", "openstack", "bogus"])))]
        )
        return self.rng.choice(
            [
                [("token", Scalar("abc"))],
                [("token", Scalar(""))],
                [("token", raw("123"))],
                [("tokenFile", Scalar("no-such-file"))],
                [("auth-provider", provider)],
                [("auth-provider", provider)],
                [("username", Scalar("a")), ("password", Scalar("b"))],
                [("username", Scalar("a"))],
                [("password", Scalar("b"))],
                pair,
                pair,
                pair[:1],
                pair[1:],
                pair + [("client-key", Scalar("/no/such/key"))],
                [
                    ("client-certificate", Scalar("/no/such/certificate")),
                    ("client-key", Scalar("key.pem")),
                ],
                [("client-certificate-data", Scalar("YWJj")), ("client-key-data", Scalar("YWJj"))],
                [("client-certificate-data", raw("'*'"))],
                [("as", Scalar("someone"))],
                [("as-groups", texts("g"))],
                [("as-uid", Scalar("1"))],
                [
                    ("as", Scalar("someone")),
                    ("as-groups", texts("g")),
                    ("as-user-extra", Mapping([("a", texts("b"))])),
                ],
                [("as-user-extra", Mapping([("a", texts("b"))]))],
                [
                    (
                        "extensions",
                        Sequence(
                            [
                                Mapping(
                                    [
                                        ("name", Scalar("e")),
                                        ("extension", Mapping([("a", raw("1"))])),
                                    ]
                                )
                            ]
                        ),
                    )
                ],
                [("Exec", self.exec())],
                [("TOKEN", Scalar("abc"))],
            ]
        )

    def named_user(self, name):
        """Returns an entry of `users`."""
        items = [("exec", self.exec())] if self.chance(0.88) else []
        while self.chance(0.17 if items else 0.8):
            items += self.beside()
        if items and self.chance(0.01):
            items.append(("exec", self.exec()))
        self.rng.shuffle(items)
        entry = [("name", Scalar(name)), ("user", Mapping(items))]
        if self.chance(0.02):
            entry.append(("exec", self.exec()))
        if self.chance(0.1):
            entry.reverse()
        return Mapping(entry)

    def named_cluster(self, name):
        """Returns an entry of `clusters`."""
        rng = self.rng
        kind = rng.choices(["tls", "http", "no server", "odd"], [86, 6, 3, 5])[0]
        items = []
        if kind in ("tls", "odd"):
            items = [("server", Scalar(TLS)), ("insecure-skip-tls-verify", raw("true"))]
        if kind == "http":
            items = [("server", Scalar(HTTP))]
        if kind == "odd":
            items += rng.choice(
                [
                    [("proxy-url", Scalar(rng.choice(["::", "ftp://x", "http://ok:1", ""])))],
                    [("tls-server-name", Scalar("a"))],
                    [("certificate-authority", Scalar("ca.pem"))],
                    [("certificate-authority-data", Scalar("YWJj"))],
                    [
                        ("certificate-authority-data", Scalar("YWJj")),
                        ("certificate-authority", Scalar("ca.pem")),
                    ],
                    [("certificate-authority-data", Scalar("*"))],
                    [("Server", Scalar("https://z.invalid"))],
                    [("disable-compression", raw("true"))],
                    [
                        (
                            "extensions",
                            Sequence(
                                [
                                    Mapping(
                                        [
                                            ("name", Scalar("client.authentication.k8s.io/exec")),
                                            ("extension", raw("{audience: a}")),
                                        ]
                                    )
                                ]
                            ),
                        )
                    ],
                ]
            )
        return Mapping([("name", Scalar(name)), ("cluster", Mapping(items))])

    def tree(self):
        """Returns the whole kubeconfig."""
        rng, chance = self.rng, self.chance
        names = rng.sample(USER_NAMES, rng.choice([1, 1, 1, 2, 2, 3]))
        if chance(0.02):
            names[0] = rng.choice(["y", "no", "123", "null", "1e3", "<<"])
        if len(names) > 1 and chance(0.03):
            names[1] = names[0]
        clusters = ["c"] + (
            rng.sample(["d", "http", "c2"], rng.randint(1, 2)) if chance(0.2) else []
        )
        contexts = []
        for index, name in enumerate(names):
            cluster = rng.choice(clusters)
            items = [
                ("cluster", Scalar("gone" if chance(0.02) else cluster)),
                ("user", Scalar("gone" if chance(0.02) else name)),
            ]
            if chance(0.1):
                items.append(
                    ("namespace", Scalar(rng.choice(["default", "kube-system", "A B", ""])))
                )
            if chance(0.02):
                items.pop(rng.randrange(len(items)))
            contexts.append(
                Mapping([("name", Scalar(f"context{index}")), ("context", Mapping(items))])
            )
        current = f"context{rng.randrange(len(names))}"
        if chance(0.03):
            current = rng.choice(["nope", "", "Context0"])
        tops = []
        if chance(0.95):
            tops.append(
                ("apiVersion", Scalar("v1" if chance(0.985) else rng.choice(["v1beta1", "v2", ""])))
            )
        if chance(0.95):
            tops.append(
                (
                    "kind",
                    Scalar("Config" if chance(0.985) else rng.choice(["config", "KubeConfig", ""])),
                )
            )
        tops += [
            ("clusters", Sequence([self.named_cluster(name) for name in clusters])),
            ("contexts", Sequence(contexts)),
            ("users", Sequence([self.named_user(name) for name in names])),
        ]
        if chance(0.98):
            tops.append(("current-context", Scalar(current)))
        if chance(0.4):
            tops.append(("preferences", Mapping([("colors", raw("true"))] if chance(0.2) else [])))
        if chance(0.03):
            tops.append(
                (
                    "extensions",
                    Sequence([Mapping([("name", Scalar("a")), ("extension", raw("{b: c}"))])]),
                )
            )
        if chance(0.02):
            tops.append(
                (rng.choice(["Users", "foo", "KIND", "ApiVersion", "current-Context"]), Scalar("x"))
            )
        rng.shuffle(tops) if chance(0.35) else tops.sort(key=lambda item: item[0].lower())
        root = Mapping(tops)
        if chance(0.25):
            self.entangle(root)
        return root

    def entangle(self, root):
        """Puts anchors, aliases and merges into the tree."""
        rng, chance = self.rng, self.chance
        self.has_anchors = True
        extra, previous = [], None
        users = next(value for key, value in root.items if key == "users")
        for index, entry in enumerate(users.items):
            user = dict(entry.items)["user"]
            found = [(at, value) for at, (key, value) in enumerate(user.items) if key == "exec"]
            if not found:
                continue
            at, mapping = found[0]
            shape = rng.random()
            if shape < 0.5 and mapping.items:
                user.items[at] = ("exec", self.merged(mapping, f"b{index}", extra))
            elif shape < 0.7 and previous is not None:
                previous.anchor = previous.anchor or f"e{index}"
                user.items[at] = ("exec", Alias(previous.anchor))
                continue
            elif shape < 0.9:
                for place, (key, value) in enumerate(mapping.items):
                    if isinstance(value, Scalar) and not value.raw and chance(0.6):
                        anchor = f"s{index}-{place}"
                        extra.append((f"x-{anchor}", Scalar(value.text, anchor=anchor)))
                        mapping.items[place] = (key, Alias(anchor))
            previous = user.items[at][1]
        if chance(0.04):
            rng.choice(users.items).anchor = "whole"
            users.items.append(Alias("whole"))
        # Aliases come after their anchors, except in a few files.
        root.items = root.items + extra if chance(0.05) else extra + root.items

    def merged(self, mapping, anchor, extra):
        """Moves some items of the mapping to merged bases, which go to `extra`; returns the mapping."""
        rng, chance = self.rng, self.chance
        items = list(mapping.items)
        rng.shuffle(items)
        cut = rng.randint(1, len(items))
        base, rest = Mapping(items[:cut], anchor), items[cut:]
        if chance(0.4):
            rest.append(("apiVersion", self.api_version()))
        if chance(0.3):
            # A base of the base; its own keys come before or after the merge.
            deeper = Mapping(self.exec().items, anchor + "-deeper")
            extra.append((f"x-{deeper.anchor}", deeper))
            base.items.insert(rng.randint(0, len(base.items)), ("<<", Alias(deeper.anchor)))
        extra.append((f"x-{anchor}", base))
        merge = Alias(anchor)
        if chance(0.3):
            second = self.exec()
            second.anchor = anchor + "-second"
            extra.append((f"x-{second.anchor}", second))
            merge = Sequence([merge, Alias(second.anchor)])
            rng.shuffle(merge.items)
        elif chance(0.1):
            merge = rng.choice([Mapping(self.exec().items), raw("null"), Sequence([]), Scalar("a")])
        rest.insert(rng.randint(0, len(rest)), ("<<", merge))
        if chance(0.05):
            rest.append(("<<", Alias(anchor)))
        return Mapping(rest)


def kubeconfig(rng, make=Builder):
    """Returns the bytes of a random kubeconfig that is well-formed, though perhaps oddly written."""
    builder = make(rng)
    chance, root = builder.chance, builder.tree()
    writer, form = YamlWriter(rng), rng.random()
    if form < 0.12 and not builder.has_anchors:
        text = as_json(root, rng)
    elif form < 0.16:
        text = writer.flow_document(root)
    else:
        text = writer.document(root)
        if chance(0.15):
            text = (
                rng.choice(
                    [
                        "---\n",
                        "--- # x\n",
                        "%YAML 1.1\n---\n",
                        "# top\n---\n",
                        "\n\n---\n",
                        "%TAG !e! a:\n---\n",
                    ]
                )
                + text
            )
        if chance(0.02):
            text = "---\n---\n" + text
        if chance(0.08):
            other = YamlWriter(rng).document(make(rng).tree())
            text += rng.choice(["---\n", "...\n---\n", "--- \n", "---\n---\n"]) + other
        if chance(0.04):
            text += rng.choice(["...\n", "---\n", "# end", "\n\n"])
    if chance(0.06):
        text = text.replace("\n", "\r\n")
    if chance(0.03):
        text = text.rstrip("\r\n")
    if chance(0.02):
        return ("\ufeff" + text).encode(rng.choice(["utf-16-le", "utf-16-be"]))
    return ("\ufeff" * chance(0.03) + text).encode()


def file(seed, index):
    """Returns the bytes of a random file, and its family: random or mutated."""
    rng = random.Random(f"{seed}/{index}")
    data = kubeconfig(rng)
    if rng.random() < 0.5:
        return data, "random"
    other = kubeconfig(rng)
    for _ in range(rng.choices([1, 2, 3, 4], [60, 22, 11, 7])[0]):
        data = mutate(data, rng, other)
    return data, "mutated"


def named(seed, index):
    """Does the same as `verdicts.File`."""
    data, family = file(seed, index)
    return File(f"random/{index:05}", family, "kubeconfig", data)
