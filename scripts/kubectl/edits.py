"""Checks that two texts differ only in what `--fix` may write, judging by their bytes alone."""

import codecs
import re
from difflib import SequenceMatcher
from itertools import accumulate

from kubeconfigs import V1, V1BETA1

TOKEN = re.compile(
    r"\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\r\n|[A-Za-z0-9._-]+|.", re.DOTALL
)
WORDS = {"v1", "v1beta1"}
GROUP = r"client\.authentication\.k8s\.io"
BEHIND_GROUP = re.compile(GROUP + r"\\*/$")
VERSION = re.compile(r"v[0-9]+((alpha|beta)[0-9]+)?")
# A flag of this kind, and `=` or what separates list items, including comments, but no other flag.
BEHIND_FLAG = re.compile(r"--[a-z-]*version\b((?!--).){,200}$", re.DOTALL)
# The key, and what may come between it and its value. Of an anchor, only the mark is recognized.
BEHIND_KEY = re.compile(
    r"(apiVersion['\"]?\s*:(\s+#.*\n)?\s*|(?<![^\s,\[{])&[^\s,\[\]{}]+\s+)([&!]\S*\s+)*([|>][-+0-9]*(\s+#.*\n)?\s+)?['\"]?$"
)
BEHIND_VERSION = re.compile(GROUP + r"\\*/v1(beta1)?$")
BEHIND_MODE = re.compile(r"interactiveMode['\"]?\s*:\s*['\"]?$")
PAIR = re.compile(
    rf"(interactiveMode['\"]?\s*:\s*['\"]?IfAvailable|apiVersion['\"]?\s*:\s*['\"]?{GROUP}/v1(beta1)?)"
)
MISSPELLED_KEY = re.compile(r"api[-_]?version", re.IGNORECASE)
KEY_ENDS = re.compile(r"\\*['\"]?\s*:")
JOINT = re.compile(r"[\s,'\"]*")
ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(/)|\r?\n *)")
# Differences with at most this number of characters between them may be one.
NEARBY = 3
# The number of characters before a difference that may show what it is.
NEAR = 400
OF_VALUE = re.compile(r"[^\s,'\"\[\]{}]*")


def text_of(data):
    """Returns the bytes as a text, with one character per byte except in UTF-16."""
    for mark, name in [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]:
        if data.startswith(mark) and len(data) % 2 == 0:
            return data.decode(name, "surrogatepass")
    return data.decode("latin-1")


def strays(before, after):
    """Returns the differences that are not edits of a fix, each as a text.

    >>> mode = b"apiVersion: client.authentication.k8s.io/v1\\ninteractiveMode: IfAvailable\\n"
    >>> strays(b"apiVersion: client.authentication.k8s.io/v1alpha1\\n", mode)
    []
    >>> strays(b"a: --version=v1alpha1\\n", b"a: --version=v1beta1\\n")
    []
    >>> strays(b"apiVersion: v1\\n", b"apiVersion: v2\\n")
    ["'v1' became 'v2'"]
    >>> strays(b"a: 1\\n", b"a: 1 \\n")
    ["'' became ' '"]
    >>> strays(b"interactiveMode: ''\\n", b"interactiveMode: 'IfAvailable'\\n")
    []
    >>> strays(b'"client.authentication.k8s.io/v1 "', b'"client.authentication.k8s.io/v1"')
    []
    >>> group = b"client.authentication.k8s.io"
    >>> strays(b"apiVersion:\\n", b"apiVersion: " + group + b"/v1\\n")
    []
    >>> strays(b"API_version: v1\\n", b"apiVersion: v1\\n")
    []
    >>> strays(b"command: API_version\\n", b"command: apiVersion\\n")
    ["'API_version' became 'apiVersion'"]
    >>> strays(b'"apiVersion":' + group + b'.v1}', b'"apiVersion":' + group + b'/v1}')
    []
    """
    old, new = text_of(before), text_of(after)
    found = []
    for ending in ("all", "none"):
        ends = [_endings(text) == ending for text in (old, new)]
        if ends[0] and not ends[1] and "\n" in old:
            found.append("the line ends differ")
    for group in _groups(_differences(old, new)):
        (i, _, k, _), (_, j, _, l) = group[0], group[-1]
        edits = [[(i, j, k, l)], group]
        if not any(all(_may_be_edit(old[i:j], new, k, l) for i, j, k, l in edit) for edit in edits):
            found.append(f"{old[i:j]!r} became {new[k:l]!r}")
    return found


def _endings(text):
    """Returns whether all line ends are CRLF, none, or some."""
    crlf, lf = text.count("\r\n"), text.count("\n")
    return "all" if crlf == lf else "some" if crlf else "none"


def _differences(old, new):
    """Yields each difference: start and end in the old text, then start and end in the new one."""
    tokens = [TOKEN.findall(text) for text in (old, new)]
    least = min(map(len, tokens))
    first = next((at for at in range(least) if tokens[0][at] != tokens[1][at]), least)
    last = next(
        (at for at in range(least - first) if tokens[0][-1 - at] != tokens[1][-1 - at]),
        least - first,
    )
    middle = [part[first : len(part) - last] for part in tokens]
    places = [
        list(accumulate(map(len, part[:first] + inner), initial=0))
        for part, inner in zip(tokens, middle)
    ]
    for kind, i, j, k, l in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
        if kind != "equal":
            old_places, new_places = places[0][first:], places[1][first:]
            yield old_places[i], old_places[j], new_places[k], new_places[l]


def _groups(differences):
    """Groups the differences that are only a few characters apart, perhaps equal by chance."""
    groups = []
    for difference in differences:
        if groups and difference[0] - groups[-1][-1][1] <= NEARBY:
            groups[-1].append(difference)
        else:
            groups.append([difference])
    return groups


def _may_be_edit(was, new, start, end):
    """Returns whether a fix may have written new[start:end], or the same nearby, in place of `was`."""
    return any(_is_edit(was, new, *place) for place in _places(was, new, start, end))


def _places(was, new, start, end):
    """Yields where the difference may begin and end: an insertion between texts that begin or end in
    the same way may seem to be further up or down."""
    yield start, end
    if was:
        return
    up, down = (start, end), (start, end)
    while up[0] > 0 and new[up[0] - 1] == new[up[1] - 1]:
        up = up[0] - 1, up[1] - 1
        yield up
    while down[1] < len(new) and new[down[0]] == new[down[1]]:
        down = down[0] + 1, down[1] + 1
        yield down


def _is_edit(was, new, start, end):
    """Returns whether a fix may have written new[start:end] in place of `was`."""
    put = new[start:end]
    # Blanks after a version, before the closing quote.
    if not put and was.isspace() and re.match(r"\\*['\"]", new[end:]):
        return bool(BEHIND_VERSION.search(_unescaped(new[max(0, start - NEAR) : start])))
    rest = PAIR.sub("", put)
    if put.isspace():
        return False
    if rest != put and JOINT.fullmatch(rest) and JOINT.fullmatch(was):
        return True
    word, was = (_unescaped(text).strip(" \t\r\n,'\"") for text in (rest, was))
    lead = _unescaped(new[max(0, start - NEAR) : start])
    if word == "apiVersion" and MISSPELLED_KEY.fullmatch(was) and KEY_ENDS.match(new[end:]):
        return True
    if word in WORDS and VERSION.fullmatch(was) and BEHIND_FLAG.search(lead):
        return True
    if word in WORDS and BEHIND_GROUP.search(lead) and not re.search(r"\s", was):
        return True
    if word == "IfAvailable" and was in ("", "null", "~") and BEHIND_MODE.search(lead):
        return True
    # The whole value: what surrounds the difference in the same value belongs to it, but not a key
    # right before it.
    start += len(put) - len(put.lstrip())
    begin = start - len(OF_VALUE.match(new[:start][::-1])[0])
    begin += new[begin:start].rfind(":") + 1
    value = new[begin:start] + rest.strip() + OF_VALUE.match(new[end:])[0]
    lead = _unescaped(new[max(0, begin - NEAR) : begin])
    return _unescaped(value).strip(" \t\r\n,'\"") in (V1, V1BETA1) and bool(BEHIND_KEY.search(lead))


def _unescaped(text):
    """Returns the text with the escapes of double-quoted strings decoded."""
    letter = lambda found: chr(int(found[1] or found[2] or found[3], 16) % 0x110000)
    return ESCAPE.sub(
        lambda found: letter(found) if found[1] or found[2] or found[3] else found[4] or "", text
    )
