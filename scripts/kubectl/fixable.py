"""Generates random kubeconfigs with much for `--fix` to do, and stand-ins for their plugins."""

import os
import random

import generate
from kubeconfigs import GROUP
from mutate import mutate
from paths import PLUGIN
from writing import Mapping, Scalar, Sequence

EKS = ["eks", "get-token", "--cluster-name", "c", "--output", "json"]
ALL, NEWER = "v1alpha1 v1beta1 v1", "v1beta1 v1"
# Command and arguments; `@V@` stands for a version. Some run through other programs, some by a path
# that does not exist: kubectl reports that only after it has checked the exec config.
KNOWN = [
    ("aws", EKS),
    ("aws", EKS),
    ("aws", ["--region", "eu-west-1", *EKS[:4]]),
    ("/usr/local/bin/aws", EKS),
    ("/usr/bin/env", ["AWS_PROFILE=p", "aws", *EKS]),
    ("/bin/sh", ["-c", "aws eks get-token --cluster-name c"]),
    ("aws-iam-authenticator", ["token", "-i", "c"]),
    ("gke-gcloud-auth-plugin", []),
    ("kubelogin", ["get-token", "--server-id", "6dae42f8", "--login", "azurecli"]),
    ("kubelogin", ["get-token", "--oidc-issuer-url=https://i.example"]),
    ("argocd-k8s-auth", ["aws", "--cluster-name", "c"]),
    ("oci", ["ce", "cluster", "generate-token", "--cluster-id", "c"]),
    ("tsh", ["kube", "credentials", "--kube-cluster=c"]),
    ("doctl", ["kubernetes", "cluster", "kubeconfig", "exec-credential", "--version=@V@", "c"]),
    ("doctl", ["k8s", "cluster", "kubeconfig", "exec-credential", "--version", "@V@", "c"]),
    ("ack-ram-tool", ["credential-plugin", "get-token", "--api-version", "@V@"]),
    ("ack-ram-tool", ["credential-plugin", "get-token", "--api-version=@V@"]),
    ("datumctl", ["auth", "get-token", f"--output={GROUP}@V@"]),
    ("scw", ["k8s", "exec-credential"]),
    ("oc", ["get-token", "--issuer-url=https://i.example"]),
    ("stackit", ["ske", "kubeconfig", "login"]),
    ("glab", ["cluster", "agent", "get-token", "--agent", "1"]),
    ("heptio-authenticator-aws", ["token", "-i", "c"]),
]
UNKNOWN = [
    ("fake-plugin", ["get-token"]),
    ("fake-plugin", []),
    ("./bin/own-plugin", ["--api-version", "@V@"]),
    (
        "/bin/sh",
        [
            "-c",
            f'echo \'{{"apiVersion":"{GROUP}@V@","kind":"ExecCredential","status":{{"token":"t"}}}}\'',
        ],
    ),
]
# The names of the stand-ins, and how they choose the version that they print: as the newest releases
# of the plugins do.
ANSWERS = {
    "aws": ("eks get-token", f"echo {ALL}"),
    "aws-iam-authenticator": ("token", f"echo {ALL}"),
    "kubelogin": ("get-token", f"echo {NEWER}"),
    "gke-gcloud-auth-plugin": ("", "fixed v1beta1"),
    "argocd-k8s-auth": ("", "fixed v1beta1"),
    "oci": ("ce cluster generate-token", "fixed v1beta1"),
    "tsh": ("kube credentials", "fixed v1beta1"),
    "scw": ("k8s exec-credential", "fixed v1"),
    "oc": ("get-token", "fixed v1"),
    "stackit": ("ske kubeconfig login", "fixed v1"),
    "glab": ("cluster agent get-token", "fixed v1"),
    "heptio-authenticator-aws": ("", "fixed v1alpha1"),
    "doctl": ("kubeconfig exec-credential", "flag --version"),
    "ack-ram-tool": ("credential-plugin get-token", "flag --api-version"),
    "datumctl": ("auth get-token", "flag --output"),
}
STAND_IN = r"""#!/bin/sh
# Stands in for a credential plugin: prints a credential of the version that this one would choose.
echo called >>"$PLUGIN_LOG"
case " $* " in
    *" WORDS "*) ;;
    *) exit 1 ;;
esac
set -- ANSWERS -- "$@"
how=$1
shift
version=v1beta1
if [ "$how" = fixed ]; then
    version=$1
elif [ "$how" = echo ]; then
    while [ "$1" != -- ]; do
        case $KUBERNETES_EXEC_INFO in
            *"\"client.authentication.k8s.io/$1\""*) version=$1 ;;
        esac
        shift
    done
else
    flag=$1
    before=
    for argument; do
        case $argument in
            "$flag"=*) version=${argument##*[=/]} ;;
        esac
        [ "$before" = "$flag" ] && version=$argument
        before=$argument
    done
fi
printf '{"apiVersion":"client.authentication.k8s.io/%s","kind":"ExecCredential","status":{"token":"t"}}\n' "$version"
"""
MISSPELLED = [
    GROUP + "v1betha1",
    GROUP + "v1apha1",
    GROUP + "v1alpha",
    GROUP + "beta1",
    GROUP + "v1aplha1",
    GROUP + "v1beta1 ",
    GROUP + "v1alpha1 ",
    GROUP + "V1Beta1",
    "client.authentification.k8s.io/v1beta1",
    "client.authentication.k8s.io.v1beta1",
    "client.authentication/v1beta1",
    "authentication.k8s.io/v1beta1",
    "client.authentication.k8s.io",
    "v1beta1",
    "v1alpha1",
    "v1",
]


def write_plugins(folder):
    """Writes the stand-ins to the folder, and the fake plugin that accepts any version."""
    os.makedirs(folder, exist_ok=True)
    for name, (words, answers) in ANSWERS.items():
        script = STAND_IN.replace('" WORDS "', f'" {words} "' if words else '" "')
        _script(os.path.join(folder, name), script.replace("ANSWERS", answers))
    with open(PLUGIN, encoding="utf-8") as fake:
        _script(os.path.join(folder, os.path.basename(PLUGIN)), fake.read())


def _script(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o755)


class FixableBuilder(generate.Builder):
    """Builds kubeconfigs of known and unknown plugins, with copies of the version."""

    def version(self):
        """Picks a version without the group, usually the removed one."""
        return self.rng.choices(["v1alpha1", "v1beta1", "v1", "v2"], [60, 24, 14, 2])[0]

    def api_version(self):
        return self.value_of(self.version())

    def value_of(self, version):
        kind = self.rng.choices(["right", "misspelled", "any"], [82, 15, 3])[0]
        if kind == "any":
            return super().api_version()
        return Scalar(self.rng.choice(MISSPELLED) if kind == "misspelled" else GROUP + version)

    def exec(self):
        rng, chance = self.rng, self.chance
        if chance(0.05):
            return super().exec()
        command, args = rng.choice(KNOWN if chance(0.8) else UNKNOWN)
        version = self.version()
        copied = lambda: version if chance(0.75) else self.version()
        items = [("command", Scalar(command))]
        if chance(0.9):
            items.insert(rng.randint(0, 1), ("apiVersion", self.value_of(version)))
        args = [arg.replace("@V@", copied()) for arg in args]
        if args or chance(0.2):
            items.append(("args", generate.texts(*args)))
        if chance(0.3):
            items.append(("interactiveMode", Scalar(rng.choice(["Never", "IfAvailable"]))))
        elif chance(0.06):
            items.append(("interactiveMode", self.interactive_mode()))
        if chance(0.3):
            items.append(("env", self.environment(copied)))
        if chance(0.15):
            items.append(("provideClusterInfo", generate.raw(rng.choice(["false", "true"]))))
        if chance(0.1):
            items.append(("installHint", Scalar("install it:\nsee https://example.com/x")))
        if chance(0.4):
            rng.shuffle(items)
        return Mapping(items)

    def beside(self):
        return super().beside() if self.chance(0.3) else [("as", Scalar("someone"))]

    def named_cluster(self, name):
        server = [
            ("server", Scalar(generate.TLS)),
            ("insecure-skip-tls-verify", generate.raw("true")),
        ]
        return Mapping([("name", Scalar(name)), ("cluster", Mapping(server))])

    def environment(self, copied):
        """Generates variables, often the one that kubectl sets itself."""
        pair = lambda name, value: Mapping([("name", Scalar(name)), ("value", Scalar(value))])
        pairs = [pair("AWS_PROFILE", "default")]
        if self.chance(0.7):
            group = GROUP[:-1] + self.rng.choice(["/", "/", "/", "\\/"])
            info = f'{{"apiVersion": "{group}{copied()}"}}'
            if self.chance(0.5):
                info = f'{{"kind":"ExecCredential","apiVersion":"{group}{copied()}","spec":{{}}}}'
            pairs.append(pair("KUBERNETES_EXEC_INFO", info))
        self.rng.shuffle(pairs)
        return Sequence(pairs)


def file(seed, index):
    """Returns the bytes of a file: one in eight is any random file; a quarter of the others is mutated."""
    if index % 8 == 7:
        return generate.file(seed, index)[0]
    rng = random.Random(f"fixable/{seed}/{index}")
    data = generate.kubeconfig(rng, FixableBuilder)
    if rng.random() < 0.75:
        return data
    other = generate.kubeconfig(rng, FixableBuilder)
    for _ in range(rng.choices([1, 2, 3], [70, 20, 10])[0]):
        data = mutate(data, rng, other)
    return data
