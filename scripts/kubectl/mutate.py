"""Makes adversarial changes to a file: to its bytes and to their meaning."""

import re

# Texts that YAML 1.1 reads differently than they look, and truncated ones.
TRAPS = [
    "y",
    "n",
    "no",
    "Yes",
    "on",
    "OFF",
    "true",
    "0x1F",
    "0b11",
    "0o17",
    "017",
    "08",
    "1_000",
    "+1",
    "-0",
    "1e3",
    "1.",
    ".5",
    ".inf",
    "-.INF",
    ".nan",
    "~",
    "null",
    "",
    "2020-01-01",
    "2020-01-01T00:00:00Z",
    "12:30:45",
    "!!binary YWJj",
    "!!binary '*'",
    "!!str 1",
    "!!str",
    "!!int x",
    "!!int 1",
    "!!float 1",
    "!!bool yes",
    "!!null ''",
    "!!timestamp 2020-01-01",
    "!foo a",
    "! 1",
    "*alias",
    "*a b",
    "&a",
    "&a b",
    "<<",
    "=",
    "|",
    ">-",
    "|2",
    "{a: b}",
    "{}",
    "[]",
    "[a, 1]",
    "[",
    "}",
    "- a",
    "? a",
    ": a",
    "a: b",
    "a # b",
    "a#b",
    "'",
    '"',
    '"a',
    "''",
    '""',
    "@a",
    "`a`",
    "%a",
    "123456789012345678901234567890",
    "\u2028",
    "\u0085",
    "a\u00a0",
]
VERSIONS = ["v1alpha1", "v1beta1", "v1", "v1beta2", "V1", "v1 ", "v1beta1/", "1"]
SPECIALS = [
    "\u0085",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\u00a0",
    "\t",
    "\r",
    "\0",
    "\x01",
    "\x1b",
    "\x7f",
    "\x80",
    "\u200b",
    "\ufffe",
    "\U0001f600",
]
PUNCTUATION = list(":-?,[]{}#&*!|>'\"%@` \n") + [
    ": ",
    "- ",
    " #",
    "? ",
    "---\n",
    "...\n",
    "<<: ",
    "!!",
    "\\",
    "\\u",
    "\\x4",
    "${A}",
    "{{ a }}",
]
ENTRY = re.compile(rb"^([ \t]*(?:- +)?)([\"']?[A-Za-z-]+[\"']?)([ ]*:)([ \t]+\S.*|[ \t]*)$")


def mutate(data, rng, other):
    """Returns the data with one change. `other`: another file, to splice with."""
    change = rng.choices([_of_bytes, _of_lines, _of_meaning], [2, 2, 7])[0]
    return change(data, rng, other)


def _of_bytes(data, rng, _):
    """Deletes, inserts, duplicates, swaps or replaces a few bytes."""
    if not data:
        return rng.choice(SPECIALS).encode()
    at = rng.randrange(len(data))
    length = rng.choice([1, 1, 1, 2, 5])
    special = rng.choice(rng.choice([SPECIALS, PUNCTUATION])).encode()
    kind = rng.choice(
        ["delete", "insert", "insert", "double", "swap", "replace", "quote", "byte", "cut"]
    )
    if kind == "delete":
        return data[:at] + data[at + length :]
    if kind == "double":
        return data[: at + length] + data[at:]
    if kind == "swap":
        return data[:at] + data[at + 1 : at + 2] + data[at : at + 1] + data[at + 2 :]
    if kind == "replace":
        return data[:at] + special + data[at + 1 :]
    if kind == "quote":
        quotes = [match.start() for match in re.finditer(rb"[\"']", data)] or [at]
        at = rng.choice(quotes)
        return data[:at] + rng.choice([b"", b"'", b'"', b"\\"]) + data[at + 1 :]
    if kind == "byte":
        return data[:at] + bytes([rng.randrange(256)]) + data[at:]
    if kind == "cut" and rng.random() < 0.3:
        return data[:at]
    return data[:at] + special + data[at:]


def _of_lines(data, rng, _):
    """Deletes, duplicates, swaps, joins or indents lines."""
    lines = data.split(b"\n")
    at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.choice(
        [
            "delete",
            "double",
            "swap",
            "move",
            "join",
            "indent",
            "dedent",
            "tab",
            "tab inside",
            "shift",
            "blank",
            "comment",
            "split",
        ]
    )
    line = lines[at]
    if kind == "delete":
        del lines[at]
    elif kind == "double":
        lines.insert(to if rng.random() < 0.3 else at, line)
    elif kind == "swap":
        lines[at], lines[to] = lines[to], lines[at]
    elif kind == "move":
        lines.insert(to, lines.pop(at))
    elif kind == "join":
        lines[at : at + 2] = [
            b"".join(
                part.strip(b" ") if place else part for place, part in enumerate(lines[at : at + 2])
            )
        ]
    elif kind == "indent":
        lines[at] = b" " * rng.choice([1, 2, 3]) + line
    elif kind == "dedent":
        lines[at] = line.removeprefix(b" " * rng.choice([1, 2]))
    elif kind == "tab":
        lines[at] = b"\t" + line.lstrip(b" ")
    elif kind == "tab inside":
        lines[at] = line.replace(b" ", b"\t", rng.choice([1, 2, 9]))
    elif kind == "shift":
        # If a whole block moves, the file more often stays well-formed.
        for place in range(at, min(len(lines), at + rng.randint(2, 8))):
            lines[place] = b"  " + lines[place]
    elif kind == "blank":
        lines.insert(at, rng.choice([b"", b" ", b"\t", b"        ", b" \t "]))
    elif kind == "comment":
        lines[at] = line + rng.choice([b" # x", b"# x", b"\t# x", b" #", b" # \xff"])
    else:
        cut = rng.randrange(len(line) + 1)
        lines[at : at + 1] = [line[:cut], line[cut:]]
    return b"\n".join(lines)


def _of_meaning(data, rng, other):
    """Changes a value, a key or an apiVersion, or splices two files."""
    lines = data.split(b"\n")
    entries = [at for at, line in enumerate(lines) if ENTRY.match(line)]
    kind = rng.choice(
        ["trap"] * 6
        + [
            "double key",
            "move key",
            "case",
            "rename",
            "version",
            "version",
            "splice",
            "anchor",
            "empty",
            "swap values",
            "merge",
        ]
    )
    if kind == "version":
        places = list(re.finditer(rb"k8s\.io/[A-Za-z0-9]+", data))
        if places:
            place = rng.choice(places)
            return (
                data[: place.start()]
                + b"k8s.io/"
                + rng.choice(VERSIONS).encode()
                + data[place.end() :]
            )
    if kind == "splice":
        theirs = other.split(b"\n")
        start, end = sorted(rng.randrange(len(theirs) + 1) for _ in range(2))
        at = rng.randrange(len(lines) + 1)
        return b"\n".join(lines[:at] + theirs[start : min(end, start + 12)] + lines[at:])
    if not entries:
        return _json_value(data, rng)
    at = rng.choice(entries)
    lead, key, colon, value = ENTRY.match(lines[at]).groups()
    trap = rng.choice(TRAPS).encode()
    put = lambda text: lines.__setitem__(at, lead + key + colon + b" " + text)
    if kind == "trap":
        # Values rather than the keys of blocks: replacing those is a syntax error.
        at = rng.choice(
            [place for place in entries if ENTRY.match(lines[place])[4].strip()] or [at]
        )
        lead, key, colon, value = ENTRY.match(lines[at]).groups()
        put(trap)
    elif kind == "double key":
        same = lead.replace(b"-", b" ") + key + colon
        lines.insert(at + rng.choice([0, 1]), same + rng.choice([value, b" " + trap]))
    elif kind == "move key":
        lines.insert(rng.choice(entries), lines.pop(at))
    elif kind == "case":
        name = rng.choice(
            [
                key.lower(),
                key.upper(),
                key.capitalize(),
                key.swapcase(),
                key.replace(b"s", "\u017f".encode()),
                key.replace(b"k", "\u212a".encode()),
            ]
        )
        lines[at] = lead + name + colon + value
    elif kind == "rename":
        name = rng.choice(
            [
                b"exec",
                b"token",
                b"user",
                b"name",
                b"apiVersion",
                b"command",
                b"args",
                b"env",
                b"foo",
                b"cluster",
                b"server",
                b"interactiveMode",
                trap,
            ]
        )
        lines[at] = lead + name + colon + value
    elif kind == "anchor":
        mark = rng.choice(
            [
                b" &m",
                b" !!str",
                b" !!map",
                b" !!seq",
                b" !x",
                b" !!binary",
                b" *m",
                b" &m !!str",
                b" |",
                b" >",
            ]
        )
        lines[at] = lead + key + colon + mark + value
    elif kind == "empty":
        lines[at] = lead + key + colon
    elif kind == "swap values":
        to = rng.choice(entries)
        theirs = ENTRY.match(lines[to])
        lines[to] = b"".join(theirs.groups()[:3]) + value
        if to != at:
            lines[at] = lead + key + colon + theirs[4]
    else:
        merged = rng.choice(
            [b"{apiVersion: a}", b"*m", b"[]", b"[{command: b}, {command: c}]", b"null", trap]
        )
        lines.insert(at + 1, lead.replace(b"-", b" ") + b"<<: " + merged)
    return b"\n".join(lines)


def _json_value(data, rng):
    """Changes a value or a key in a file in which no line is an entry of a block."""
    values = list(re.finditer(rb'(?<=[:,\[])( *)("[^"\n]*"|[a-z0-9.]+)', data))
    if not values:
        return data + rng.choice(SPECIALS).encode()
    place = rng.choice(values)
    text = rng.choice(
        [
            b"null",
            b"1",
            b"1.5",
            b"true",
            b"[]",
            b"{}",
            b'"a"',
            b"[null]",
            b'{"a":1}',
            b"01",
            b"tru",
            b'"\\u00"',
            b'"\\ud800"',
            b"1e999",
            b"",
            b"a",
        ]
    )
    return data[: place.start(2)] + text + data[place.end(2) :]
