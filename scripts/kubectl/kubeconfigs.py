"""Blocks that the probe files are put together from."""

import textwrap

GROUP = "client.authentication.k8s.io/"
V1ALPHA1, V1BETA1, V1 = GROUP + "v1alpha1", GROUP + "v1beta1", GROUP + "v1"
# An apiVersion that every kubectl refuses by name, so that its message tells which value was read.
REFUSED = GROUP + "v1beta2"
NEVER = "interactiveMode: Never\n"

HEAD = """apiVersion: v1
kind: Config
clusters:
- name: c
  cluster:
    server: https://127.0.0.1:18443
    insecure-skip-tls-verify: true
contexts:
- name: x
  context:
    cluster: c
    user: u
current-context: x
"""
HTTP_HEAD = HEAD.replace("https://127.0.0.1:18443", "http://127.0.0.1:18080").replace(
    "    insecure-skip-tls-verify: true\n", ""
)


def indent(text, width):
    """The lines of the text, dedented first, behind `width` spaces."""
    text = textwrap.dedent(text).strip("\n")
    return textwrap.indent(text, " " * width) + "\n" if text.strip() else ""


def exec_body(api, more="", command="fake-plugin"):
    """Lines under `exec:`. api, command: YAML texts of the values, None for no such key."""
    lines = "" if api is None else f"apiVersion: {api}\n"
    lines += "" if command is None else f"command: {command}\n"
    return lines + more


def exec_key(body):
    """`exec:` with its lines."""
    return "exec:\n" + indent(body, 2)


def of_user(user, head=HEAD):
    """A kubeconfig whose user `u` has these lines under `user:`."""
    return head + "users:\n- name: u\n  user:\n" + indent(user, 4)


def of_exec(body, before="", after="", head=HEAD):
    """A kubeconfig whose user has an exec of these lines, and more lines before and after it."""
    return of_user(before + exec_key(body) + after, head)


def of_two(first, second, head=HEAD):
    """A kubeconfig with the current user `u` and an `other`; each given by its lines."""
    return of_user(first, head) + "- name: other\n  user:\n" + indent(second, 4)


def exec_of(api, more=NEVER):
    """`exec:` of that apiVersion, with nothing else wrong."""
    return exec_key(exec_body(api, more))


def sound():
    """A kubeconfig that all kubectls take."""
    return of_exec(exec_body(V1BETA1))
