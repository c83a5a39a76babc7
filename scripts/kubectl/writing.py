"""A tree of mappings, sequences and scalars, and a writer of YAML or JSON in a random style."""

import json
import re
from dataclasses import dataclass, field


@dataclass
class Scalar:
    """A text; `raw`: the text is YAML and is written verbatim."""

    text: str
    raw: bool = False
    anchor: str | None = None


@dataclass
class Alias:
    """`*name`."""

    name: str


@dataclass
class Mapping:
    """Key texts and values in order; a key may occur twice. The key `<<` merges."""

    items: list = field(default_factory=list)
    anchor: str | None = None


@dataclass
class Sequence:
    """Values in order."""

    items: list = field(default_factory=list)
    anchor: str | None = None


PLAIN = re.compile(r"[A-Za-z/_é][A-Za-z0-9./_@+-]*(:[A-Za-z0-9./_@+-]+)*")
# Unquoted, YAML 1.1 does not read these as text.
WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "Y", "N"}
COMMENTS = [
    "# a comment: with a colon",
    "#",
    "# apiVersion: client.authentication.k8s.io/v1alpha1",
    "#no space",
    "# 'quote",
    "# é \U0001f600",
    "# [",
    "# tab\there",
]
TAGS = ["!!str ", "! ", "!foo ", "!<tag:yaml.org,2002:str> ", "!!str &w ", "&w !!str "]


def _one_of(rng, weights):
    return rng.choices(list(weights), list(weights.values()))[0]


class YamlWriter:
    """Writes trees in one style, chosen at random."""

    def __init__(self, rng):
        self.rng = rng
        self.step = rng.choice([2, 2, 2, 2, 4, 3, 1])
        self.indents_sequences = rng.random() < 0.5
        self.quotes = _one_of(rng, {"plain": 3, "mixed": 2, "single": 1, "double": 1})
        self.comments = rng.choice([0, 0, 0, 0.08, 0.25])
        # How often tags, block scalars, escapes and explicit keys occur.
        self.oddity = rng.choice([0, 0, 0.5, 1, 3])
        self.flow = rng.choice([0, 0, 0, 0.1, 0.4])
        # Write `y`, `no` and the like without quotes, as a careless author would.
        self.careless = rng.random() < 0.06

    def chance(self, probability):
        return self.rng.random() < probability

    def odd(self, probability):
        return self.rng.random() < probability * self.oddity

    def document(self, mapping):
        """Returns the mapping as a block."""
        return "\n".join(self.block(mapping, 0)) + "\n"

    def flow_document(self, mapping):
        """Returns the mapping as one flow mapping."""
        return self.in_flow(mapping) + "\n"

    def scalar(self, node, in_flow=False, is_key=False):
        """Returns the scalar in one of the styles that fit on one line."""
        if node.raw:
            return node.text
        text = node.text
        tag = self.rng.choice(TAGS) if not is_key and self.odd(0.01) else ""
        style = self.quotes
        if is_key and self.chance(0.9):
            style = "plain"
        if style == "mixed":
            style = self.rng.choice(["plain", "single", "double"])
        if style == "plain":
            fits = PLAIN.fullmatch(text) and (self.careless or text not in WORDS)
            fits = fits or (self.careless and text.isdigit())
            style = "plain" if fits else "double"
        if style == "plain":
            return tag + text
        if style == "single" and text.isprintable():
            return tag + "'" + text.replace("'", "''") + "'"
        return tag + '"' + "".join(map(self.escaped, text)) + '"'

    def escaped(self, char):
        """Returns the character as written in double quotes."""
        if char in '"\\':
            return "\\" + char
        if char == "\n":
            return "\\n"
        if char == "\t":
            return "\\t"
        if ord(char) < 32:
            return f"\\x{ord(char):02x}"
        if self.odd(0.003):
            escapes = [f"\\u{ord(char):04x}", f"\\U{ord(char):08X}"] + [f"\\x{ord(char):02X}"] * (
                ord(char) < 256
            )
            return self.rng.choice(escapes)
        if self.odd(0.0005):
            return char + "\\\n        "
        return "\\/" if char == "/" and self.odd(0.01) else char

    def in_flow(self, node):
        """Returns the node in flow style."""
        if isinstance(node, Alias):
            return f"*{node.name}"
        mark = f"&{node.anchor} " if node.anchor else ""
        if isinstance(node, Scalar):
            return mark + self.scalar(node, in_flow=True)
        space = self.rng.choice(["", "", " "])
        parts = []
        for item in node.items:
            line_break = "\n" + " " * 12 if self.chance(0.07) else ""
            if isinstance(node, Mapping):
                parts.append(line_break + self.flow_pair(*item))
            else:
                parts.append(line_break + self.in_flow(item))
        comma = ", " if self.chance(0.9) else ","
        inner = space + comma.join(parts) + space + ("," if parts and self.chance(0.03) else "")
        return mark + ("{" + inner + "}" if isinstance(node, Mapping) else "[" + inner + "]")

    def flow_pair(self, key, value):
        key = key if key == "<<" else self.scalar(Scalar(key), is_key=True)
        value = self.in_flow(value)
        colon = ":" if key[-1] in "\"'" and self.chance(0.5) else ": "
        return ("? " if self.odd(0.01) else "") + key + colon + value

    def comment(self):
        """Returns a comment at the end of a line, or nothing."""
        if not self.chance(self.comments / 2):
            return ""
        return self.rng.choice([" ", "  ", "\t"]) + self.rng.choice(COMMENTS)

    def block(self, node, indent):
        """Returns the lines of a mapping or sequence at that indentation."""
        lines, pad = [], " " * indent
        for item in node.items:
            if self.chance(self.comments):
                lines.append(self.rng.choice([pad, "", pad + "  "]) + self.rng.choice(COMMENTS))
            if self.chance(self.comments / 4):
                lines.append("")
            if isinstance(node, Sequence):
                self.entry(lines, pad + "-", item, indent, True)
                continue
            key, value = item
            key = key if key == "<<" else self.scalar(Scalar(key), is_key=True)
            if self.odd(0.01):
                lines.append(f"{pad}? {key}")
                self.entry(lines, pad + ":", value, indent, False)
            else:
                self.entry(
                    lines, pad + key + (" " if self.odd(0.01) else "") + ":", value, indent, False
                )
        return lines

    def entry(self, lines, head, node, indent, in_sequence):
        """Appends the lines of an entry whose key or dash is `head`."""
        if isinstance(node, Alias):
            lines.append(f"{head} *{node.name}{self.comment()}")
            return
        mark = f" &{node.anchor}" if node.anchor else ""
        if isinstance(node, Scalar):
            self.scalar_entry(lines, head + mark, node, indent)
        elif not node.items or self.chance(self.flow):
            lines.append(f"{head} {self.in_flow(node)}{self.comment()}")
        elif isinstance(node, Mapping) and in_sequence and not mark:
            gap = self.rng.choice([1, 1, 1, 1, 3])
            inner = self.block(node, indent + 1 + gap)
            if inner[0].strip() and not inner[0].lstrip().startswith("#"):
                inner[0] = head + " " * gap + inner[0].lstrip(" ")
            else:
                lines.append(head)
            lines.extend(inner)
        else:
            lines.append(head + mark + self.comment())
            deeper = isinstance(node, Mapping) or self.indents_sequences or in_sequence
            lines.extend(self.block(node, indent + (self.step if deeper else 0)))

    def scalar_entry(self, lines, head, node, indent):
        """Appends a scalar after its key or dash: on the line, below it, or as a block scalar."""
        text = node.text
        if not node.raw and text.strip() == text != "" and text.isprintable() and self.odd(0.04):
            style = self.rng.choice(["|-", ">-", "|-", ">-", "|", ">", "|+", ">+"])
            lines.append(f"{head} {style}{self.comment()}")
            lines.append(" " * (indent + self.rng.choice([1, 2, 4])) + text)
            if style.endswith("+") and self.chance(0.3):
                lines.append("")
        elif not node.raw and self.odd(0.01):
            lines.append(head + self.comment())
            lines.append(" " * (indent + 2) + self.scalar(node))
        else:
            blanks = " " * self.rng.choice([1, 3]) if self.chance(0.02) else ""
            lines.append(f"{head} {self.scalar(node)}".rstrip(" ") + blanks + self.comment())


RAW_AS_JSON = {
    "true": "true",
    "yes": "true",
    "on": "true",
    "false": "false",
    "no": "false",
    "off": "false",
    "null": "null",
    "~": "null",
    "": "null",
    "[]": "[]",
    "{}": "{}",
}


def as_json(node, rng):
    """Returns the tree, which has no anchors, as JSON; duplicate keys stay."""
    unit = rng.choice(["", "", "  ", "    ", "\t", " "])

    def put(node, depth):
        if isinstance(node, Scalar):
            if not node.raw:
                return json.dumps(node.text, ensure_ascii=rng.random() < 0.5)
            if re.fullmatch(r"[0-9]+(\.[0-9]+)?", node.text):
                return node.text
            return RAW_AS_JSON.get(node.text) or json.dumps(node.text.strip("'\""))
        if isinstance(node, Mapping):
            marks, space = "{}", " " if unit else rng.choice(["", " "])
            parts = [
                f"{json.dumps(key)}:{space}{put(value, depth + 1)}" for key, value in node.items
            ]
        else:
            marks = "[]"
            parts = [put(value, depth + 1) for value in node.items]
        if not parts or not unit:
            return marks[0] + ",".join(parts) + marks[1]
        line_break = "\n" + unit * (depth + 1)
        return (
            marks[0] + line_break + ("," + line_break).join(parts) + "\n" + unit * depth + marks[1]
        )

    return put(node, 0) + ("\n" if rng.random() < 0.8 else "")
