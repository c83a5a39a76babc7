"""Kubeconfigs about what stands beside exec: other credentials, clusters and contexts."""

import base64
import itertools
import os

from kubeconfigs import (
    HEAD,
    HTTP_HEAD,
    NEVER,
    REFUSED,
    V1,
    V1ALPHA1,
    V1BETA1,
    exec_body,
    exec_key,
    exec_of,
    indent,
    of_exec,
    of_two,
    of_user,
)
from paths import DATA


def pem(name):
    """The bytes of a file of a self-signed certificate pair: certificate or key."""
    with open(os.path.join(DATA, f"client-{name}.pem"), "rb") as file:
        return file.read()


def _base64(name):
    return base64.b64encode(pem(name)).decode()


CERTIFICATE = f"client-certificate-data: {_base64('certificate')}\n"
KEY = f"client-key-data: {_base64('key')}\n"
CERTIFICATE_FILE = "client-certificate: /no/such/certificate\n"
KEY_FILE = "client-key: /no/such/key\n"

# Credentials and impersonation, without exec.
CREDENTIALS = {
    "token": "token: abc\n",
    "token empty": 'token: ""\n',
    "token a number": "token: 1\n",
    "tokenFile": "tokenFile: tok.txt\n",
    "tokenFile absolute": "tokenFile: /no/such/token\n",
    "token and tokenFile": "token: abc\ntokenFile: tok.txt\n",
    "username": "username: a\n",
    "password": "password: b\n",
    "username and password": "username: a\npassword: b\n",
    "username empty": 'username: ""\npassword: b\n',
    "token and username": "token: abc\nusername: a\npassword: b\n",
    "token and password": "token: abc\npassword: b\n",
    "tokenFile and username": "tokenFile: tok.txt\nusername: a\n",
    "files missing": CERTIFICATE_FILE + KEY_FILE,
    "certificate file alone": CERTIFICATE_FILE,
    "key file alone": KEY_FILE,
    "pair": CERTIFICATE + KEY,
    "certificate alone": CERTIFICATE,
    "key alone": KEY,
    "certificate twice": CERTIFICATE + CERTIFICATE_FILE + KEY,
    "key twice": CERTIFICATE + KEY + KEY_FILE,
    "key twice, no certificate": KEY + KEY_FILE,
    "certificate twice, no key": CERTIFICATE + CERTIFICATE_FILE,
    "all four": CERTIFICATE + CERTIFICATE_FILE + KEY + KEY_FILE,
    "certificate data, key file": CERTIFICATE + KEY_FILE,
    "certificate file, key data": CERTIFICATE_FILE + KEY,
    "pair and token": CERTIFICATE + KEY + "token: abc\n",
    "pair and username": CERTIFICATE + KEY + "username: a\n",
    "bad pem": "client-certificate-data: YWJj\nclient-key-data: YWJj\n",
    "certificate as key": CERTIFICATE + f"client-key-data: {_base64('certificate')}\n",
    "bad base64": "client-key-data: '***'\n",
    "certificate empty": 'client-certificate-data: ""\n',
    "certificate null": "client-certificate-data: null\n" + KEY,
    "certificate a list": "client-certificate-data: [1, 2]\n",
    "certificate a list out of range": "client-certificate-data: [256]\n",
    "oidc": "auth-provider: {name: oidc}\n",
    "gcp": "auth-provider: {name: gcp}\n",
    "azure": "auth-provider: {name: azure}\n",
    "openstack": "auth-provider: {name: openstack}\n",
    "unknown provider": "auth-provider: {name: bogus}\n",
    "provider null": "auth-provider: null\n",
    "provider empty": "auth-provider: {}\n",
    "provider a string": "auth-provider: gcp\n",
    "provider config a list": "auth-provider: {name: oidc, config: [a]}\n",
    "provider config number": "auth-provider: {name: oidc, config: {a: 1}}\n",
    "provider config null": "auth-provider: {name: oidc, config: {a: null}}\n",
    "oidc with issuer": "auth-provider: {name: oidc, config: {idp-issuer-url: 'https://127.0.0.1:18443', client-id: a, id-token: b}}\n",
    "oidc and token": "auth-provider: {name: oidc}\ntoken: abc\n",
    "gcp with config": "auth-provider:\n  name: gcp\n  config: {access-token: abc, expiry: '2999-01-01T00:00:00Z', cmd-path: /bin/true, token-key: '{.a}', expiry-key: '{.b}'}\n",
    "azure with config": "auth-provider:\n  name: azure\n  config: {access-token: abc, apiserver-id: a, client-id: b, tenant-id: c, environment: AzurePublicCloud, expires-in: '99999999', expires-on: '32503680000', refresh-token: r}\n",
    "as": "as: someone\n",
    "as empty": 'as: ""\nas-groups: [g]\n',
    "as-groups": "as-groups: [g]\n",
    "as-groups empty": "as-groups: []\n",
    "as-groups a string": "as-groups: g\n",
    "as-uid": "as-uid: '1'\n",
    "as-uid a number": "as-uid: 1\n",
    "as-user-extra": "as-user-extra: {a: [b]}\n",
    "as-user-extra empty": "as-user-extra: {}\n",
    "as-user-extra of strings": "as-user-extra: {a: b}\n",
    "as and all": "as: someone\nas-groups: [g]\nas-uid: '1'\nas-user-extra: {a: [b]}\n",
    "all but as": "as-groups: [g]\nas-uid: '1'\nas-user-extra: {a: [b]}\n",
    "extensions": "extensions:\n- name: e\n  extension: {a: b}\n",
    "extensions a map": "extensions: {a: b}\n",
    "extensions twice": "extensions:\n- {name: e, extension: {}}\n- {name: e, extension: {}}\n",
}


def alone():
    """Users without exec."""
    for label, user in CREDENTIALS.items():
        yield label, of_user(user)


def combinations():
    """The same beside an exec that is right, and one that is refused."""
    for label, user in CREDENTIALS.items():
        yield f"v1beta1 and {label}", of_exec(exec_body(V1BETA1, NEVER), after=user)
        yield f"v1beta2 and {label}", of_exec(exec_body(REFUSED, NEVER), before=user)


def http():
    """A server without TLS: a user's credentials are not sent there."""
    for label, body in {
        "v1beta1": exec_body(V1BETA1, NEVER),
        "v1beta2": exec_body(REFUSED, NEVER),
        "v1alpha1": exec_body(V1ALPHA1, NEVER),
        "v1": exec_body(V1, NEVER),
        "no apiVersion": exec_body(None),
        "no command": exec_body(V1BETA1, command=None),
        "v1 without interactiveMode": exec_body(V1),
        "env": exec_body(V1BETA1, "env: [{}]\n"),
        "bogus mode": exec_body(V1BETA1, "interactiveMode: bogus\n"),
        "nothing": exec_body(None, "foo: bar\n", None),
    }.items():
        yield label, of_exec(body, head=HTTP_HEAD)
    for label, user in CREDENTIALS.items():
        yield label, of_user(user, HTTP_HEAD)
    for label, line in {
        "insecure": "insecure-skip-tls-verify: true",
        "tls-server-name": "tls-server-name: a",
        "authority": "certificate-authority: /no/such/file",
    }.items():
        head = HTTP_HEAD.replace("18080\n", f"18080\n    {line}\n")
        yield f"{label}, v1beta1", of_exec(exec_body(V1BETA1), head=head)
    for server in ("HTTP://127.0.0.1:18080", "127.0.0.1:18080", "http://127.0.0.1:18080/a?b=c"):
        head = HTTP_HEAD.replace("http://127.0.0.1:18080", server)
        yield f"server {server}, v1beta2", of_exec(exec_body(REFUSED, NEVER), head=head)


SERVER = "server: https://127.0.0.1:18443\n"
AUTHORITY = f"certificate-authority-data: {_base64('certificate')}\n"
CLUSTERS = {
    "no server": "insecure-skip-tls-verify: true\n",
    "empty": "{}\n",
    "null": "null\n",
    "a list": "[]\n",
    "server empty": 'server: ""\n',
    "server null": "server: null\n",
    "server a number": "server: 1\n",
    "server without host": "server: https://\n",
    "server blank": 'server: " "\n',
    "server no URL": "server: 'https://a b:c'\n",
    "server with a path": SERVER[:-1] + "/a/b\n",
    "server of another scheme": "server: ftp://127.0.0.1:18443\n",
    "server with user": "server: https://a:b@127.0.0.1:18443\n",
    "server template": "server: '{{ .Server }}'\n",
    "both authorities": SERVER + AUTHORITY + "certificate-authority: /no/such/file\n",
    "authority file missing": SERVER + "certificate-authority: /no/such/file\n",
    "authority data": SERVER + AUTHORITY,
    "authority bad pem": SERVER + "certificate-authority-data: YWJj\n",
    "authority bad base64": SERVER + "certificate-authority-data: '*'\n",
    "authority and insecure": SERVER + AUTHORITY + "insecure-skip-tls-verify: true\n",
    "authority file and insecure": SERVER
    + "certificate-authority: a\ninsecure-skip-tls-verify: true\n",
    "insecure a string": SERVER + 'insecure-skip-tls-verify: "true"\n',
    "insecure yes": SERVER + "insecure-skip-tls-verify: yes\n",
    "insecure false": SERVER + "insecure-skip-tls-verify: false\n",
    "no server, both authorities, bad proxy": AUTHORITY
    + "certificate-authority: a\nproxy-url: '::'\n",
    "proxy no URL": SERVER + "proxy-url: '::'\n",
    "proxy ftp": SERVER + "proxy-url: ftp://x\n",
    "proxy http": SERVER + "proxy-url: http://ok:1\n",
    "proxy empty": SERVER + 'proxy-url: ""\n',
    "proxy socks5": SERVER + "proxy-url: socks5://127.0.0.1:1\n",
    "proxy without scheme": SERVER + "proxy-url: 127.0.0.1:1\n",
    "tls-server-name": SERVER + "tls-server-name: example.com\n",
    "tls-server-name a number": SERVER + "tls-server-name: 1\n",
    "disable-compression": SERVER + "disable-compression: true\ninsecure-skip-tls-verify: true\n",
    "disable-compression a string": SERVER + "disable-compression: 'no'\n",
    "extension for exec": SERVER
    + "insecure-skip-tls-verify: true\nextensions:\n- name: client.authentication.k8s.io/exec\n  extension: {audience: abc}\n",
    "api-version": SERVER + "api-version: v1\ninsecure-skip-tls-verify: true\n",
}
USERS = {
    "v1beta1": exec_of(V1BETA1),
    "v1beta2": exec_of(REFUSED),
    "broken exec": exec_key("interactiveMode: bogus\nenv: [{}]\n"),
}


def _with_cluster(cluster):
    head, _, rest = HEAD.partition("  cluster:\n")
    return head + "  cluster:\n" + indent(cluster, 4) + rest[rest.index("contexts:") :]


def cluster():
    """What can be wrong with the cluster of the current context, by user."""
    for (label, lines), (name, user) in itertools.product(CLUSTERS.items(), USERS.items()):
        yield f"{label}, {name}", of_user(user, _with_cluster(lines))
    missing = HEAD.replace("- name: c\n", "- name: z\n")
    for name, user in USERS.items():
        yield f"missing, {name}", of_user(user, missing)
    none = HEAD.replace(HEAD[HEAD.index("clusters:") : HEAD.index("contexts:")], "")
    for text in (
        "",
        "clusters: []\n",
        "clusters:\n",
        "clusters: {}\n",
        "clusters: [null]\n",
        "clusters: [{}]\n",
    ):
        yield f"none: {text.strip() or 'no key'}", of_user(USERS["v1beta1"], none + text)
    second = "clusters:\n- name: z\n  cluster: {server: 'https://z', certificate-authority-data: '***'}\n"
    yield "another with bad base64", of_user(USERS["v1beta1"], HEAD.replace("clusters:\n", second))
    yield (
        "another without server",
        of_user(USERS["v1beta1"], HEAD.replace("clusters:\n", "clusters:\n- name: z\n")),
    )
    yield "twice", of_user(USERS["v1beta1"], HEAD.replace("clusters:\n", "clusters:\n- name: c\n"))


CONTEXT = "    cluster: c\n    user: u\n"


def context():
    """What can be wrong with the current context, by user."""
    forms = {
        "null": "  context:\n",
        "empty": "  context: {}\n",
        "absent": "",
        "a list": "  context: []\n",
        "a string": "  context: a\n",
        "namespace only": "  context:\n    namespace: d\n",
        "cluster only": "  context:\n    cluster: c\n",
        "user only": "  context:\n    user: u\n",
        "bad namespace": "  context:\n    namespace: 'A B'\n" + CONTEXT,
        "namespace a number": "  context:\n    namespace: 1\n" + CONTEXT,
        "user null": "  context:\n    cluster: c\n    user: null\n",
        "user empty": '  context:\n    cluster: c\n    user: ""\n',
        "both missing": "  context:\n    cluster: no\n    user: no\n",
        "extensions": "  context:\n    extensions: [{name: a, extension: {}}]\n" + CONTEXT,
        "Cluster and USER": "  context:\n    Cluster: c\n    USER: u\n",
    }
    for (label, lines), (name, user) in itertools.product(forms.items(), USERS.items()):
        yield f"{label}, {name}", of_user(user, HEAD.replace("  context:\n" + CONTEXT, lines))
    user = USERS["v1beta1"]
    yield "twice", of_user(user, HEAD.replace("contexts:\n", "contexts:\n- name: x\n"))
    yield "without name", of_user(user, HEAD.replace("- name: x\n  context:", "- context:"))
    none = HEAD.replace(HEAD[HEAD.index("contexts:") : HEAD.index("current-")], "")
    for text in ("", "contexts: []\n", "contexts:\n", "contexts: {}\n", "contexts: [null]\n"):
        yield f"none: {text.strip() or 'no key'}", of_user(user, none + text)


def several():
    """Several faults at once: the order and the company of the messages."""
    broken = USERS["broken exec"]
    users = {
        "auth-provider": broken + "auth-provider: {name: gcp}\n",
        "files": broken + CERTIFICATE_FILE + KEY_FILE,
        "certificate twice": broken + CERTIFICATE + CERTIFICATE_FILE,
        "token and username": broken + "token: a\nusername: b\n",
        "all but as": broken + CREDENTIALS["all but as"],
        "everything": broken
        + CERTIFICATE
        + CERTIFICATE_FILE
        + KEY
        + KEY_FILE
        + "token: a\nusername: b\nauth-provider: {name: gcp}\nas-groups: [g]\n",
        "two env": exec_key(exec_body(None, "env: [{}, {value: a}, {name: A}]\n", None)),
        "auth-provider, no exec": "auth-provider: {name: gcp}\ntoken: a\nusername: b\n",
    }
    clusters = {
        "sound": SERVER + "insecure-skip-tls-verify: true\n",
        "no server": "tls-server-name: a\n",
        "empty": "{}\n",
        "bad": CLUSTERS["no server, both authorities, bad proxy"],
        "authority file": SERVER + "certificate-authority: /no/such/file\n",
        "http": "server: http://127.0.0.1:18080\n",
    }
    for (label, user), (name, lines) in itertools.product(users.items(), clusters.items()):
        yield f"{label}, cluster {name}", of_user(user, _with_cluster(lines))
    head = HEAD.replace("user: u\n", "user: u\n    namespace: 'A B'\n").replace(
        "cluster: c\n", "cluster: no\n"
    )
    yield "everything, cluster missing, bad namespace", of_user(users["everything"], head)
    yield "other user everything", of_two(USERS["v1beta1"], users["everything"])


FAMILIES = {
    "alone": alone,
    "combinations": combinations,
    "http": http,
    "cluster": cluster,
    "context": context,
    "several": several,
}
