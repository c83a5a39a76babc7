"""Compares what we predict of a kubectl with what it did.

Our verdict comes from `cargo run --example verdict`, theirs from the recorded table or from a live
kubectl (see verdicts.of). Both are dictionaries.
"""

import re
from dataclasses import dataclass

# Our class says that validation and construction succeed, and what happens then. The outcome does not
# depend on the file, but on the plugin, the other credentials and the server.
OPEN_CLASSES = {
    "runs-plugin": {"ok-ran-plugin", "plugin-not-found", "plugin-failed"},
    "no-plugin": {"ok-no-plugin", "request-failed", "deprecated-warning"},
    "auth-provider": {
        "ok-no-plugin",
        "request-failed",
        "deprecated-warning",
        "auth-provider-config",
    },
}
# We look only at the outer layers of certificates, and predict only whether a server has TLS. What an
# auth provider does comes first.
UNFORETOLD = re.compile(
    r"tls: |failed to parse certificate: |host must be a URL or a host:port pair"
)
AFTER_AUTH_PROVIDER = re.compile(r"root certificates")
LOADING = 'error: error loading config file "FILE": '
# The first kubectl that knows interactiveMode; it also adds it to exec configs of older versions.
INTERACTIVE_MODE_SINCE = 22
DEFAULTED = {"client.authentication.k8s.io/v1alpha1", "client.authentication.k8s.io/v1beta1"}


@dataclass
class Outcome:
    """One comparison. `user`: the user's name; None for the file as it is. `agrees`: whether neither
    the classes nor the messages differ."""

    user: str | None
    theirs: str
    ours: str
    agrees: bool


def words_agree(ours, theirs):
    """Returns whether the messages are equal; `…` in ours stands for any text.

    >>> words_agree('no kind "…" here', 'no kind "Foo" here')
    True
    >>> words_agree("yaml: line 3: x", "yaml: line 4: x")
    False
    """
    pattern = ".*".join(re.escape(part) for part in ours.strip().split("…"))
    return re.fullmatch(pattern, theirs.strip(), re.DOTALL) is not None


def said_agrees(ours, theirs):
    """Returns whether our class and message match theirs.

    >>> said_agrees({"class": "runs-plugin", "says": ""}, {"class": "plugin-failed", "says": "exit"})
    True
    >>> said_agrees({"class": "runs-plugin", "says": ""}, {"class": "ok-no-plugin", "says": ""})
    False
    """
    if ours["class"] in OPEN_CLASSES:
        # If we predict a message anyway (a warning), it must match.
        fits = theirs["class"] in OPEN_CLASSES[ours["class"]] or UNFORETOLD.search(theirs["says"])
        if ours["class"] == "auth-provider":
            fits = fits or AFTER_AUTH_PROVIDER.search(theirs["says"])
        return bool(fits) and (not ours["says"] or words_agree(ours["says"], theirs["says"]))
    return ours["class"] == theirs["class"] and words_agree(ours["says"], theirs["says"])


def read_as(exec):
    """Returns the exec config that kubectl printed, in our form; None if there is none."""
    if exec is None:
        return None
    return {
        "apiVersion": exec.get("apiVersion") or "",
        "command": exec.get("command") or "",
        "args": exec.get("args") or [],
        "env": [[env["name"], env["value"]] for env in exec.get("env") or []],
        "interactiveMode": exec.get("interactiveMode") or "",
        "installHint": exec.get("installHint") or "",
        "provideClusterInfo": bool(exec.get("provideClusterInfo")),
    }


def as_read_by(ours, minor):
    """Returns our exec config as kubectl of that minor prints it: it drops or adds interactiveMode."""
    if ours is None:
        return None
    ours = {**ours, "provideClusterInfo": bool(ours["provideClusterInfo"])}
    if int(minor.split(".")[1]) < INTERACTIVE_MODE_SINCE:
        ours["interactiveMode"] = ""
    elif not ours["interactiveMode"] and ours["apiVersion"] in DEFAULTED:
        ours["interactiveMode"] = "IfAvailable"
    return ours


def outcomes(ours, theirs, minor):
    """Yields all comparisons of one file and kubectl: the file as it is, then each user."""
    if "undecodable" in ours or not theirs["decoded"]:
        yield _decoding(ours, theirs)
        return
    yield Outcome(
        None,
        _shown(theirs["current"]),
        _shown(ours["current"]),
        said_agrees(ours["current"], theirs["current"]),
    )
    known = {user["name"]: user for user in ours["users"]}
    for name, exec in theirs["model"].items():
        user = known.pop(name, None)
        if user is None:
            yield Outcome(name, "a user", "no such user", False)
            continue
        exec, predicted = read_as(exec), as_read_by(user["exec"], minor)
        if exec != predicted:
            yield Outcome(name, f"reads {exec}", f"reads {predicted}", False)
        elif name in theirs["users"]:
            said = theirs["users"][name]
            yield Outcome(name, _shown(said), _shown(user), said_agrees(user, said))
    for name in known:
        yield Outcome(name, "no such user", "a user", False)


def _decoding(ours, theirs):
    said = theirs["current"]
    if "undecodable" not in ours:
        return Outcome(None, _shown(said), "decodes", False)
    words = ours["undecodable"]
    shown = "does not decode" if words is None else f"does not decode: {words}"
    if theirs["decoded"]:
        return Outcome(None, "decodes", shown, False)
    agrees = words is None or words_agree(LOADING + words, said["says"])
    return Outcome(None, _shown(said), shown, agrees)


def _shown(said):
    return f"{said['class']}: {said['says']}" if said["says"] else said["class"]
