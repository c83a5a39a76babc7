#!/usr/bin/env python3
"""siege.py [--binary FILE] [--only WORD] [--size BYTES] [--modes text,json,diff] [--runs N] [--json OUT]
[--against OLD]: runs kubeconfig-lint on files that are made to take much time or memory for each of their
bytes.

It writes a file of each shape in SHAPES with --size bytes and with four times as many, and runs the
program on both with 60 seconds of CPU and 4 GB of address space at most. It prints the least CPU time of
--runs runs on the larger file and their peak of memory, how CPU time grows (4 is linear), and the memory
beyond that of a run on one user, as a multiple of the size of the file. The worst come last; marks show
growth above 4.4, memory above 12 times the size, and runs that fail. --json writes the figures, and
--against compares with such a file. --write FOLDER only writes the larger files.

BINARY defaults to target/release/kubeconfig-lint. Needs Linux, Python's standard library and GNU time:
what Python measures contains Python's own memory."""

import argparse
import base64
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GROUP = "client.authentication.k8s.io"
OLD, NEW = f"{GROUP}/v1alpha1", f"{GROUP}/v1beta1"
MAX_CPU, MAX_SPACE = 60, 4_000_000_000
MAX_GROWTH, MAX_TIMES = 4.4, 12
MODES = {"text": [], "json": ["--format", "json"], "diff": ["--diff", "--unsafe-fixes"]}

MARK = f"# {NEW}\n"
EXEC = f"exec: {{apiVersion: {OLD}, command: aws}}"
FINE = f"exec: {{apiVersion: {NEW}, command: aws, interactiveMode: Never}}"
USER = f"- {{name: u, user: {{{EXEC}}}}}\n"
USERS = "kind: Config\nusers:\n"
ONE = USERS + USER
JSON_USER = f'{{"name":"u","user":{{"exec":{{"apiVersion":"{OLD}","command":"aws"}}}}}}'
CREDENTIAL = f'{{"kind":"ExecCredential","apiVersion":"{OLD}","status":{{"token":"t"}}}}'
BLOCK = f'exec {{\n  api_version = "{OLD}"\n  command = "aws"\n}}\n'
SHAPES = {}


def shape(name, file, text):
    """Adds a shape: the text of its file as a function of a count."""
    SHAPES[name] = (file, text)


def each(name, file, piece, head="", tail=""):
    """Adds a shape that repeats a piece, in which N is its number."""
    shape(name, file, lambda n: head + repeat(n, piece) + tail)


def repeat(n, piece):
    return "".join(piece.replace("N", str(i)) for i in range(n)) if "N" in piece else piece * n


def indented(text, blanks=4):
    return "".join(" " * blanks + line for line in text.splitlines(True))


def in_exec(field):
    """Returns the halves of a user whose exec config has a field around what is repeated."""
    return f"{USERS}- name: u\n  user: {{exec: {{apiVersion: {OLD}, command: aws, {field}"


def encoded(text):
    return base64.b64encode(text.encode()).decode()


def wrapped(text, width):
    return "".join(text[at : at + width] + "\n" for at in range(0, len(text), width))


def quoted(text, depth):
    for _ in range(depth):
        text = json.dumps(text)
    return text


# YAML without findings.
each("yaml flow open", "f.yaml", "[", MARK)
each("yaml flow nested", "f.yaml", f"- {'[' * 9000}{']' * 9000}\n", MARK)
each("yaml many anchors", "f.yaml", "- &aN x\n", MARK)
each("yaml many aliases", "f.yaml", "- *a\n", f"{MARK}a: &a x\nb:\n")
each("yaml merges chain", "f.yaml", "aN: &aN {<<: *a, b: c}\n", f"{MARK}a: &a {{b: c}}\n")
each("yaml merge list", "f.yaml", "- {<<: [*a, *a, *a, *a, *a, *a]}\n", f"{MARK}a: &a {{b: c}}\nb:\n")
each("yaml duplicate keys", "config", "a: b\n", f"{ONE}x:\n", "")
each("yaml words on lines", "f.yaml", "- word\n", MARK)
each("yaml list of letters", "f.yaml", "a,", f"{MARK}a: [", "]\n")
each("yaml empty lines and keys", "f.yaml", "a:\n", MARK)
each("yaml maps in maps", "f.yaml", "{a: {b: c}},", f"{MARK}a: [", "]\n")
each("yaml unclosed quote", "f.yaml", "word ", f'{MARK}a: "')
each("yaml many unclosed quotes", "f.yaml", 'a: "\n', MARK)
each("yaml long plain value", "f.yaml", "  word\n", f"{MARK}a:\n")
each("yaml comments", "f.yaml", "# comment\n", MARK)
each("yaml complex keys", "f.yaml", "? a\n: b\n", MARK)
each("yaml nested sequences", "f.yaml", "- ", MARK)
each("yaml tags", "f.yaml", "- !!str a\n", MARK)
each("yaml tag directives", "f.yaml", "%TAG !aN! tag:x,2000:\n", MARK, "---\na: b\n")
each("yaml documents", "f.yaml", "--- a\n", MARK)
each("yaml escapes", "f.yaml", '- "\\n"\n', MARK)
each("yaml quoted letters", "f.yaml", "'a',", f"{MARK}a: [", "]\n")
each("yaml folded lines", "f.yaml", "  a\n\n", f"{MARK}a: >\n")

# Kubeconfigs.
each("users refused", "config", USER.replace("name: u", "name: uN"), USERS)
each("users refused, short", "config", f"- user: {{exec: {{apiVersion: {OLD}}}}}\n", USERS)
each("users accepted", "config", f"- {{name: uN, user: {{{FINE}}}}}\n", USERS)
each("users of one name", "config", USER, USERS)
each("users in blocks", "config", f"- name: uN\n  user:\n    exec:\n      apiVersion: {OLD}\n      command: aws\n", USERS)
each("users and contexts", "config", f"- {{name: uN, context: {{user: uN, cluster: c}}}}\n", f"{ONE}contexts:\n")
shape(
    "users with a context each",
    "config",
    lambda n: USERS + repeat(n, USER.replace("u,", "uN,")) + "contexts:\n" + repeat(n, "- {name: xN, context: {user: uN}}\n"),
)
each("users without anything", "config", "{},", f"kind: Config\ncurrent-context: x\nusers: [", "]\n")
each("users with a null", "config", "{user:},", f"{MARK}kind: Config\nusers: [", "]\n")
each("users with a letter", "config", "{user: {a: b}},", f"{MARK}kind: Config\nusers: [", "]\n")
each("users with a token", "config", "{user: {token: a}},", f"{MARK}kind: Config\nusers: [", "]\n")
each("users as letters", "config", "a,", f"{MARK}kind: Config\nusers: [", "]\n")
each("users with an auth provider", "config", "{user: {auth-provider: {name: gcp}}},", f"{MARK}kind: Config\nusers: [", "]\n")
each("users with an empty auth provider", "config", "{user: {auth-provider: {}}},", f"{MARK}kind: Config\nusers: [", "]\n")
each("exec configs empty", "config", "{user: {exec: {}}},", f"{MARK}kind: Config\nusers: [", "]\n")
each("exec configs with a letter", "config", "{user: {exec: {a: b}}},", f"{MARK}kind: Config\nusers: [", "]\n")
each("exec configs with a command", "config", "{user: {exec: {command: a}}},", f"{MARK}kind: Config\nusers: [", "]\n")
each("contexts without anything", "config", "{},", f"{ONE}contexts: [", "]\n")
each("contexts as letters", "config", "a,", f"{ONE}contexts: [", "]\n")
each("contexts of a missing user", "config", "{name: N, context: {user: N}},", f"{ONE}contexts: [", "]\n")
each("clusters without anything", "config", "{},", f"{ONE}clusters: [", "]\n")
each("clusters as letters", "config", "a,", f"{ONE}clusters: [", "]\n")
each("clusters refused", "config", '{name: N, cluster: {proxy-url: ":"}},', f"{ONE}clusters: [", "]\n")
each("env without names", "config", "{},", in_exec("env: ["), "]}}\n")
each("env of letters", "config", "a,", in_exec("env: ["), "]}}\n")
each("env of variables", "config", "{name: a, value: b},", in_exec("env: ["), "]}}\n")
each("args of letters", "config", "a,", in_exec("args: ["), "]}}\n")
each("args of numbers", "config", "1,", in_exec("args: ["), "]}}\n")
each("args of short flags", "config", "-a,", in_exec("args: ["), "]}}\n")
each("args of flags", "config", "--flag-N=valueN,", in_exec("args: ["), "]}}\n")
each("args of versions", "config", f"{OLD},", in_exec("args: ["), "]}}\n")
each("args of lists", "config", "[a],", in_exec("args: ["), "]}}\n")
each("token of letters", "config", "a,", f"{USERS}- name: u\n  user: {{token: [", "]}\n")
each("password of keys", "f.yaml", "a: b,", f"{MARK}password: {{", "}\n")
each("Secret of letters", "f.yaml", "a,", f"{MARK}kind: Secret\ndata: {{", "}\n")
each("Secret of values", "f.yaml", "  kN: dg==\n", f"{MARK}kind: Secret\ndata:\n")
each("broken after users", "config", USER, USERS, "- [\n")
each("broken before users", "config", USER, "a: [}\n" + USERS)
shape(
    "users share an exec config",
    "config",
    lambda n: (in_exec("args: [") + repeat(n, "a,") + "]}}\n").replace("exec: {", "exec: &e {")
    + repeat(n // 8, "- {user: {exec: *e}}\n"),
)
shape(
    "users merge an exec config",
    "config",
    lambda n: (in_exec("args: [") + repeat(n, "a,") + "]}}\n").replace("user: {", "user: &u {")
    + repeat(n // 8, "- {user: {<<: *u}}\n"),
)
each("kubeconfigs in documents", "f.yaml", f"---\n{ONE}")
each("kubeconfigs in a list", "f.yaml", f"- kind: Config\n  users: [{{name: u, user: {{{EXEC}}}}}]\n")
each("kubeconfigs in block scalars", "f.yaml", f"- |\n{indented(ONE)}")
shape("kubeconfig in block scalars, 7 deep", "f.yaml", lambda n: deep(USERS + repeat(n, USER), 7))
each("exec configs in a list", "f.yaml", f"- {{{EXEC}}}\n")
each("exec configs in a chart", "values.yaml", f"a:\n  {EXEC}\n---\n")
each("ExecCredentials", "f.yaml", CREDENTIAL + "\n")
each("ExecCredentials, documents", "f.yaml", f"---\n{CREDENTIAL}\n")
each("suppressed, each of its own", "config", f"{USER[:-1]} # kubeconfig-lint: ignore[removed-api-version] x\n", USERS)
each("suppressed, wrong names", "config", f"# kubeconfig-lint: ignore[nN] x\n{USER}", USERS)
each("suppressed, nothing there", "config", "# kubeconfig-lint: ignore[mention] x\n", ONE)
each("suppressed, many marks on a line", "config", "kubeconfig-lint: ignore[mention] ", f"{ONE}# ", "\n")
each("suppressed, many names", "config", "mention,", f"{ONE}# kubeconfig-lint: ignore[", "] x\n")
each("commented kubeconfigs", "f.yaml", f"#{USER}", f"{MARK}#{USERS.replace(chr(10), chr(10) + '#', 1)}")
each("hashes", "f.yaml", "# ", MARK)


def deep(text, depth):
    for _ in range(depth):
        text = "a: |\n" + indented(text, 1)
    return text


# JSON.
each("json nested lists", "f.json", "[", f'{{"a":"{NEW}","b":')
each("json nested maps", "f.json", '{"a":', f'{{"a":"{NEW}","b":')
each("json numbers", "f.json", "1,", f'{{"a":"{NEW}","b":[', "1]}")
each("json strings", "f.json", '"a",', f'{{"a":"{NEW}","b":[', "1]}")
each("json users", "config.json", JSON_USER + ",", '{"kind":"Config","users":[', JSON_USER + "]}")
each("json stream", "f.json", f'{{"kind":"Config","users":[{JSON_USER}]}}\n')
shape("json in json", "f.json", lambda n: json.dumps({"a": USERS + repeat(n, USER)}))
shape("json in json in json", "f.json", lambda n: quoted(f'{{"kind":"Config","users":[{(JSON_USER + ",") * n}{JSON_USER}]}}', 2))
each("json of quoted json", "f.json", quoted(f'{{"kind":"Config","users":[{JSON_USER}]}}', 2) + ",", "[", "1]")
each("jsonc unclosed comments", "f.json", "/* ", f'{{"a":"{NEW}"}}\n')
each("jsonc comments", "f.json", "// a\n", f'{{"a":"{NEW}"}}\n')
each("jsonc numbers", "f.json", "1,", f'{{"a":"{NEW}", // c\n"b":[', "1]}")
each("notebook", "f.ipynb", json.dumps(ONE) + ",", '{"cells":[{"cell_type":"code","source":[', '""]}]}')
each("notebook cells", "f.ipynb", f'{{"cell_type":"code","source":[{json.dumps(ONE)}]}},', '{"cells":[', "1]}")

# Terraform and HCL.
each("hcl nested blocks", "f.tf", "a {\n", MARK)
each("hcl nested parentheses", "f.tf", "(", f"{MARK}a = ")
each("hcl nested templates", "f.tf", '"${', f"{MARK}a = ")
each("hcl unclosed heredocs", "f.tf", "a = <<EOTN\n", MARK)
each("hcl heredocs", "f.tf", "a = <<E\nb\nE\n", MARK)
each("hcl empty blocks", "f.tf", 'a "b" {}\n', MARK)
each("hcl attributes", "f.tf", "a = b\n", MARK)
each("hcl list", "f.tf", "a,", f"{MARK}a = [", "]\n")
each("hcl exec blocks", "f.tf", BLOCK)
each("hcl exec blocks, accepted", "f.tf", BLOCK.replace(OLD, NEW))
each("hcl empty exec blocks", "f.tf", "exec {}\n", MARK)
each("hcl unclosed exec blocks", "f.tf", f'exec {{\n  api_version = "{OLD}"\n')
each("hcl variables", "f.tf", f'variable "vN" {{\n  default = "{OLD}"\n}}\n')
each("hcl variables used", "f.tf", f'variable "vN" {{\n  default = "{OLD}"\n}}\nexec {{\n  api_version = var.vN\n  command = "aws"\n}}\n')
each("hcl calls", "f.tf", "a(b),", f"{MARK}a = [", "]\n")
each("hcl one line", "f.tf", f'api_version = "{OLD}" ')
each("hcl unclosed comments", "f.tf", "/* ", MARK)

# Documentation and templates.
each("md unclosed fences", "f.md", "```yaml\na\n~~~\n", MARK)
each("md kubeconfigs", "f.md", f"```yaml\n{ONE}```\n")
each("md one fence", "f.md", USER, f"```yaml\n{USERS}", "```\n")
each("md nested quotes", "f.md", "> ", MARK)
shape("md nested lists", "f.md", lambda n: MARK + "".join(" " * (2 * i) + "- a\n" for i in range(int(n**0.5))))
each("md backticks", "f.md", "` `` ``` ", MARK)
each("md code spans", "f.md", f"a `{OLD}` b\n")
each("html unclosed pre", "f.html", "<pre>", MARK)
each("html brackets", "f.html", "<", MARK)
each("html entities", "f.html", "&amp;", f"<pre>{USERS}{USER}", "</pre>")
each("html unclosed comments", "f.html", "<!-- ", MARK)
each("html kubeconfigs", "f.html", f"<pre>{ONE}</pre>\n")
each("rst blocks", "f.rst", f"a::\n\n{indented(ONE)}\n")
each("adoc blocks", "f.adoc", f"----\n{ONE}----\n")
each("tpl unclosed", "f.tpl", "{{ ", MARK)
each("tpl conditions", "f.tpl", "{{ if .a }}\n" + USER + "{{ else }}\n" + USER + "{{ end }}\n", USERS)
each("tpl holes", "f.yaml", "- {{ .a }}\n", MARK)
each("j2 one line", "f.j2", f"apiVersion: {OLD} ")
each("j2 conditions", "f.j2", "{% if a %}\n" + USER + "{% endif %}\n", USERS)

# Code and scripts.
each("go constants", "f.go", f'const aN = "{OLD}"\n')
each("go one line", "f.go", f'APIVersion: "{OLD}", ')
each("go without versions", "f.go", f'"{GROUP}", ')
each("js one line", "f.js", f'apiVersion:"{OLD}",')
each("sh heredocs", "f.sh", f"cat <<EOF\n{ONE}EOF\n")
each("sh unclosed heredocs", "f.sh", "cat <<EOF\n", MARK)
each("sh unclosed heredocs, distinct", "f.sh", "cat <<EOFN\n", MARK)
each("sh two heredocs on a line", "f.sh", "cat <<A <<B\na\nA\nb\nB\n", MARK)
each("sh flags", "f.sh", f"kubectl config set-credentials uN --exec-api-version={OLD}\n")
each("sh flags on one line", "f.sh", f"--exec-api-version={OLD} ")
each("sh continued lines", "f.sh", "a \\\n", f"kubectl config set-credentials u --exec-api-version={OLD} \\\n")
each("sh unclosed quotes", "f.sh", "'\"", MARK)
each("py docstrings", "f.py", f'"""\n{ONE}"""\n')
each("code comments", "f.go", f"// {USER}", f"// {USERS.replace(chr(10), chr(10) + '// ', 1)}")

# Mentions and base64.
each("mentions on one line", "f.txt", f"{OLD} ")
each("mentions on lines", "f.txt", f"{OLD}\n")
each("mentions without versions", "f.txt", GROUP)
each("base64 of mentions on lines", "f.txt", encoded(f"   {OLD}   ") + "\n")
each("base64 of mentions on one line", "f.txt", encoded(f"   {OLD}   ") + " ")
shape("base64 of many mentions", "f.txt", lambda n: encoded(f"{OLD}\n" * n) + "\n")
shape("base64 of many mentions, wrapped", "f.txt", lambda n: wrapped(encoded(f"{OLD}\n" * n), 76))
each("base64 of kubeconfigs", "f.yaml", f"a: {encoded(ONE)}\n")
shape("base64 of a kubeconfig", "f.yaml", lambda n: f"a: {encoded(USERS + repeat(n, USER))}\n")
shape("base64 of base64 of a kubeconfig", "f.yaml", lambda n: f"a: {encoded(encoded(USERS + repeat(n, USER)))}\n")
each("base64 beginnings on lines", "f.txt", "Y2xpZW50LmF1dGhlbnRp\n", MARK)
each("base64 beginnings on one line", "f.txt", "Y2xpZW50LmF1dGhlbnRp ", MARK)
shape("utf-16", "config", lambda n: ("\ufeff" + USERS + repeat(n, USER)).encode("utf-16-le"))
each("lines ended by CR", "f.yaml", "- a\r", f"{MARK}\r")
each("not utf-8", "config", USER.replace("u,", "\udcff,"), USERS)

# kuberc.
KUBERC = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
each("kuberc policy", "kuberc", "- {name: a}\n", f"{KUBERC}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist:\n")
each("kuberc policy of empty entries", "kuberc", "{},", f"{KUBERC}credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [", "]\n")
each("kuberc aliases", "kuberc", "- {name: aN, command: get}\n", f"{KUBERC}aliases:\n")
each("kuberc options", "kuberc", "{name: a, default: b},", f"{KUBERC}defaults:\n- command: get\n  options: [", "]\n")


def write(path, text, size):
    """Writes a text of about that size, in a process of its own: a run begins with the memory of this one."""
    child = os.fork()
    if child == 0:
        low, high = 1, 2
        while len(text(high)) < size:
            low, high = high, high * 2
        count = high
        for _ in range(6):
            middle = (low + high) // 2
            long = len(text(middle)) >= size
            low, high = (low, middle) if long else (middle, high)
            count = high
        made = text(count)
        path.write_bytes(made if isinstance(made, bytes) else made.encode("utf-8", "surrogateescape"))
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        sys.exit(f"cannot write {path}")
    return path.stat().st_size


def bounded():
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU, MAX_CPU))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_SPACE, MAX_SPACE))


def run(binary, arguments, folder):
    """Runs the program and returns its exit status, its CPU time in seconds, and its peak memory in bytes."""
    with tempfile.NamedTemporaryFile() as out:
        command = ["/usr/bin/time", "-qf", "%M %x", "-o", out.name, binary, "--no-config", *arguments]
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"HOME": str(folder), "PATH": os.environ["PATH"], "COLUMNS": "80"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=bounded,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        peak, *_ = out.read().split()
    return process.returncode, usage.ru_utime + usage.ru_stime, int(peak) * 1024


def measure(options, work):
    """Yields the figures of each shape in each mode."""
    bases = {}
    for mode in options.modes:
        (work / "config").write_text(ONE, encoding="utf-8")
        bases[mode] = run(options.binary, [*MODES[mode], "config"], work)[2]
    for name, (file, text) in SHAPES.items():
        if options.only not in name:
            continue
        runs = {mode: [] for mode in options.modes}
        for size in (options.size, 4 * options.size):
            path = work / file
            length = write(path, text, size)
            for mode in options.modes:
                figures = [run(options.binary, [*MODES[mode], file], work) for _ in range(options.runs)]
                status, cpu, peak = zip(*figures)
                runs[mode].append((length, max(status), min(cpu), max(peak)))
            path.unlink()
        for mode, (few, many) in runs.items():
            yield {
                "shape": name,
                "mode": mode,
                "bytes": many[0],
                "status": many[1],
                "cpu": round(many[2], 3),
                # Less than this says nothing.
                "growth": round(many[2] / few[2] * 4 * few[0] / many[0], 2) if many[2] > 0.1 else None,
                "peak": many[3],
                "times": round((many[3] - bases[mode]) / many[0], 1),
            }


def show(found, before):
    """Prints the figures of a shape, and their ratios to those before."""
    growth, times = found["growth"], found["times"]
    marks = [
        f"grows x{growth}" if growth and growth > MAX_GROWTH else "",
        "memory" if times > MAX_TIMES else "",
        f"ended with {found['status']}" if found["status"] not in (0, 1) else "",
    ]
    old = before.get((found["shape"], found["mode"]))
    change = f"  was {old['times']:5.1f} x {old['cpu']:6.2f} s" if old else ""
    marks = ", ".join(filter(None, marks))
    print(
        f"{found['shape']:40} {found['mode']:4} {found['bytes'] / 1e6:5.2f} MB {found['cpu']:6.2f} s "
        f"{'x%.1f' % growth if growth else '':>5} {found['peak'] / 1e6:6.1f} MB {times:5.1f} x{change}"
        + (f"  <== {marks}" if marks else "")
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / "target/release/kubeconfig-lint"))
    parser.add_argument("--only", default="", help="only shapes with this in their name")
    parser.add_argument("--size", type=int, default=300_000, help="of the smaller file, in bytes")
    parser.add_argument("--modes", default="json", help="of " + ",".join(MODES))
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--json", metavar="OUT")
    parser.add_argument("--against", metavar="OLD")
    parser.add_argument("--write", metavar="FOLDER", help="only write the larger file of each shape")
    options = parser.parse_args()
    options.binary = str(Path(options.binary).resolve())
    options.modes = options.modes.split(",")
    before = json.loads(Path(options.against).read_text(encoding="utf-8")) if options.against else []
    before = {(found["shape"], found["mode"]): found for found in before}
    if options.write:
        for number, (name, (file, text)) in enumerate(SHAPES.items()):
            folder = Path(options.write) / f"{number:03} {name}"
            folder.mkdir(parents=True, exist_ok=True)
            write(folder / file, text, 4 * options.size)
        return
    with tempfile.TemporaryDirectory() as work:
        results = list(measure(options, Path(work)))
    results.sort(key=lambda found: found["times"])
    for found in results:
        show(found, before)
    marked = [sum(found["times"] > least for found in results) for least in (MAX_TIMES, 20)]
    print(f"{marked[0]} of {len(results)} take more than {MAX_TIMES} times their size, {marked[1]} more than 20")
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
