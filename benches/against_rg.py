#!/usr/bin/env python3
"""against_rg.py [--binary FILE] [--scale N] [--runs N] [--only WORD] [--growth] [--write]: times whole
runs of kubeconfig-lint beside what people use instead, in turn on the same trees: ripgrep, `grep -r`
and, if it is installed, ast-grep.

It creates trees of the shapes in TREES in a temporary folder, runs each program once to warm the cache
and then --runs times, and prints the medians of wall time, CPU time and peak memory, and the ratios to
ripgrep. --scale multiplies the number of files. --growth also times 1,000 to 1,000,000 files and one
file of 1 KB to 200 MB. --write puts the figures into docs/performance.md and draws docs/performance.svg.

BINARY defaults to target/release/kubeconfig-lint. Needs Linux, Python's standard library, GNU time,
and a real `rg` binary on PATH: a wrapper script would count against ripgrep."""

import argparse
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE, PICTURE = ROOT / "docs/performance.md", ROOT / "docs/performance.svg"
GROUP = "client.authentication.k8s.io"
WORDS = """the cluster users exec client current context return value if name spec of and authentication
Export cursor image to func error nil config k8s.io""".split()

KUBECONFIG = f"""apiVersion: v1
kind: Config
clusters:
- name: c
  cluster: {{server: https://example.com}}
contexts:
- name: x
  context: {{cluster: c, user: u}}
current-context: x
users:
- name: u
  user:
    exec:
      apiVersion: {GROUP}/v1beta1
      command: aws
      args: [eks, get-token, --cluster-name, c]
"""
MANIFEST = """---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: x
spec:
  template:
    spec:
      containers:
      - name: c
        image: y
        livenessProbe:
          exec:
            command: [a]
"""


def prose(words, count):
    text = words.choices(WORDS, k=count)
    return "\n".join(" ".join(text[i : i + 12]) for i in range(0, count, 12)) + "\n"


def ordinary(root, files, words):
    """Source code, manifests, prose, JSON and binary files, none of which is ours."""
    for i in range(files):
        kind = i % 20
        if kind < 7:
            name, text = "go", "package x\n// " + prose(words, 400)
        elif kind < 11:
            name, text = "yaml", MANIFEST * 12
        elif kind < 14:
            name, text = "md", prose(words, 900)
        elif kind < 16:
            name, text = "json", '{"a": ["' + prose(words, 500).replace("\n", " ") + '"]}'
        elif kind < 18:
            name, text = "bin", "\0\x01\x7fx" * 8000
        else:
            name, text = "ts", "export const x = `" + prose(words, 500) + "`;\n"
        put(root / f"d{i % 97}" / f"e{i % 13}" / f"f{i}.{name}", text)


def mixed(root, files, words):
    """An ordinary tree in which one of 50 files is a kubeconfig or mentions the API."""
    ordinary(root, files, words)
    for i in range(files // 50):
        put(root / f"d{i % 97}" / f"kubeconfig-{i}", KUBECONFIG)
        put(root / f"d{i % 97}" / f"notes-{i}.md", prose(words, 300) + GROUP + "/v1alpha1\n")


def large(root, files, words):
    """Files of a megabyte with many kubeconfigs."""
    users = KUBECONFIG[KUBECONFIG.index("- name: u") :]
    for i in range(files // 500):
        text = KUBECONFIG + "".join(users.replace("name: u", f"name: u{n}") for n in range(6000))
        put(root / f"kubeconfig-{i}.yaml", text)


def lines(root, files, words):
    """JSON on one line with many occurrences."""
    for i in range(files // 100):
        user = f'{{"name":"u","user":{{"exec":{{"apiVersion":"{GROUP}/v1beta1","command":"aws"}}}}}}'
        put(root / f"f{i}.json", '{"kind":"Config","users":[' + ",".join([user] * 1000) + "]}")


def tiny(root, files, words):
    """Many files of a few bytes."""
    for i in range(files * 2):
        put(root / f"d{i % 211}" / f"f{i}.txt", prose(words, 8))


def deep(root, files, words):
    """Folders in folders, a hundred deep."""
    for i in range(files // 10):
        folder = root / f"d{i % 20}"
        put(folder.joinpath(*(f"n{n}" for n in range(i % 100))) / f"f{i}.yaml", MANIFEST)


def ignores(root, files, words):
    """A .gitignore in each folder."""
    for i in range(files // 10):
        put(root / f"d{i}" / ".gitignore", f"*.log\n/build{i}/\n!keep-{i}\n")
        put(root / f"d{i}" / "f.yaml", MANIFEST)
        put(root / f"d{i}" / "f.log", prose(words, 50))


TREES = {shape.__name__: shape for shape in (ordinary, mixed, large, lines, tiny, deep, ignores)}


def put(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run(command, folder, listed=None):
    """Runs the command and returns its wall and CPU time in seconds."""
    begin = time.perf_counter()
    stdin = open(listed, "rb") if listed else subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=folder, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - begin
    # xargs says 123 where ripgrep says 1.
    if process.returncode not in (0, 1, 123):
        sys.exit(f"{command} ended with {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime


def memory(command, folder, listed):
    """Returns the peak memory in MB, by GNU time: what Python measures contains Python's own memory."""
    with tempfile.NamedTemporaryFile() as out:
        run(["/usr/bin/time", "-qf", "%M", "-o", out.name, *command], folder, listed)
        return int(out.read()) / 1024


def compare(commands, folder, runs):
    """Runs the commands in turn and returns the medians of each."""
    taken = {name: [] for name in commands}
    for round in range(runs + 1):
        for name, (command, listed) in commands.items():
            figures = run(command, folder, listed)
            if round:
                taken[name].append(figures)
    medians = {name: [statistics.median(each) for each in zip(*all)] for name, all in taken.items()}
    for name, (command, listed) in commands.items():
        medians[name].append(memory(command, folder, listed))
    return medians


def programs(binary, names=None):
    """Returns the command of each program: for a tree, or for the files listed in `names`."""
    rg = ["rg", "--no-config", "--hidden", "-cF", GROUP]
    if names:
        ours = [binary, "--no-config", "--quiet", "--files-from", "-"]
        return {
            "ripgrep": (["xargs", "-0", *rg], names),
            "kubeconfig-lint": (ours, names),
            "  the folder": ([binary, "--no-config", "--quiet", "."], None),
        }
    commands = {
        "ripgrep": ([*rg, "."], None),
        "kubeconfig-lint": ([binary, "--no-config", "--quiet", "."], None),
        "grep": (["grep", "-rcF", GROUP, "."], None),
    }
    if shutil.which("ast-grep"):
        rule = "{id: x, language: yaml, rule: {kind: plain_scalar, regex: client.authentication.k8s.io}}"
        commands["ast-grep"] = (["ast-grep", "scan", "--inline-rules", rule, "."], None)
    return commands


def show(label, medians):
    print(label)
    base = medians["ripgrep"]
    for name, figures in medians.items():
        wall, cpu, memory = figures
        ratios = " ".join(f"{value / of:5.2f}" for value, of in zip(figures, base))
        print(f"  {name:16} wall {wall:7.3f} s  CPU {cpu:7.3f} s  memory {memory:6.1f} MB  ratios {ratios}")
    sys.stdout.flush()
    return label, medians


def trees(options, work):
    """Yields the label and medians of each shape of tree."""
    for name, plant in TREES.items():
        if options.only not in name:
            continue
        root = work / name
        plant(root, options.scale * 2000, random.Random(42))
        files = [path for path in root.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        label = f"{name}: {len(files):,} files, {size / 1e6:,.0f} MB"
        yield show(label, compare(programs(options.binary), root, options.runs))
        if name == "ordinary":
            names = work / "names"
            names.write_bytes(b"".join(bytes(path.relative_to(root)) + b"\0" for path in files))
            label = f"names: the files of {name}, from a list"
            yield show(label, compare(programs(options.binary, names), root, options.runs))
        shutil.rmtree(root)


def growth(options, work):
    """Yields (what, amount, medians) for more and more files, and for larger and larger ones."""
    root = work / "many"
    count = 0
    for goal in (1_000, 10_000, 100_000, 1_000_000):
        while count < goal:
            put(root / f"d{count // 1000}" / f"f{count}.yaml", MANIFEST)
            count += 1
        label, medians = show(f"{goal:,} files", compare(both(options), root, max(1, options.runs // 3)))
        yield "files", goal, medians
    shutil.rmtree(root)
    root = work / "one"
    users = KUBECONFIG[KUBECONFIG.index("- name: u") :]
    for goal in (1_000, 10_000, 100_000, 1_000_000, 10_000_000, 200_000_000):
        put(root / "config", KUBECONFIG + users * (goal // len(users)))
        label, medians = show(f"one file of {goal:,} bytes", compare(both(options), root, max(1, options.runs // 3)))
        yield "bytes", goal, medians


def both(options):
    commands = programs(options.binary)
    return {name: commands[name] for name in ("ripgrep", "kubeconfig-lint")}


def table(results):
    rows = ["| tree | wall | CPU | memory | against ripgrep: wall | CPU | memory |", "|---|--:|--:|--:|--:|--:|--:|"]
    for label, medians in results:
        wall, cpu, memory = medians["kubeconfig-lint"]
        ratios = [f"{value / of:.2f}" for value, of in zip(medians["kubeconfig-lint"], medians["ripgrep"])]
        rows.append(f"| {label} | {wall:.2f} s | {cpu:.2f} s | {memory:.0f} MB | {' | '.join(ratios)} |")
    return "\n".join(rows)


def growth_table(results):
    rows = ["| input | wall | CPU | memory |", "|---|--:|--:|--:|"]
    for what, amount, medians in results:
        wall, cpu, memory = medians["kubeconfig-lint"]
        label = f"{amount:,} files" if what == "files" else f"one file of {amount:,} bytes"
        rows.append(f"| {label} | {wall:.3f} s | {cpu:.3f} s | {memory:.0f} MB |")
    return "\n".join(rows)


def picture(results):
    """Returns an SVG with a bar for CPU time of each tree, as a ratio to ripgrep's."""
    row, left, unit = 30, 130, 220
    height = 60 + row * len(results)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="760" height="{height}" font-family="sans-serif" font-size="13">',
        "<style>text{fill:#24292f}.bar{fill:#0969da}.line{stroke:#57606a}"
        "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.bar{fill:#4493f8}.line{stroke:#8b949e}}</style>",
        '<text x="8" y="20">CPU time of kubeconfig-lint; the line is ripgrep on the same tree; longer bars are cut off</text>',
    ]
    for i, (label, medians) in enumerate(results):
        ratio = medians["kubeconfig-lint"][1] / medians["ripgrep"][1]
        y, width = 36 + i * row, min(ratio, 2.6) * unit
        parts.append(f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{label.split(":")[0]}</text>')
        parts.append(f'<rect class="bar" x="{left}" y="{y}" width="{width:.0f}" height="20"/>')
        parts.append(f'<text x="{left + width + 6:.0f}" y="{y + 15}">{ratio:.2f}</text>')
    parts.append(
        f'<line class="line" x1="{left + unit}" x2="{left + unit}" y1="30" y2="{height - 18}" stroke-dasharray="4 3"/>'
    )
    return "\n".join([*parts, "</svg>", ""])


def machine(options):
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    version = subprocess.run([options.binary, "--version"], capture_output=True, text=True, check=True)
    rg = subprocess.run(["rg", "--version"], capture_output=True, text=True, check=True)
    return (
        f"Measured with {version.stdout.strip()} and {rg.stdout.split(' (')[0].splitlines()[0]} on "
        f"{len(os.sched_getaffinity(0))} cores of {cpu.group(1) if cpu else platform.machine()}, "
        f"Linux {platform.release().split('-')[0]}, files in the cache, median of {options.runs} runs in turn."
    )


def write(results, grown, options):
    """Replaces what is between the markers of the page."""
    parts = {"machine": machine(options), "trees": table(results), "growth": growth_table(grown)}
    page = PAGE.read_text(encoding="utf-8")
    for name, text in parts.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end {name} -->"
        page = re.sub(begin + ".*?" + end, lambda _: f"{begin}{text}\n{end}", page, flags=re.S)
    PAGE.write_text(page, encoding="utf-8")
    PICTURE.write_text(picture(results), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / "target/release/kubeconfig-lint"))
    parser.add_argument("--scale", type=int, default=10, help="2,000 files times this")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--only", default="", help="only trees with this in their name")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    options.binary = str(Path(options.binary).resolve())
    if options.write and (options.only or not options.growth):
        sys.exit("--write needs all figures: use it with --growth and without --only")
    if not shutil.which("rg"):
        sys.exit("there is no rg on PATH to compare with")
    with tempfile.TemporaryDirectory() as work:
        results = list(trees(options, Path(work)))
        grown = list(growth(options, Path(work))) if options.growth else []
    if options.write:
        write(results, grown, options)


if __name__ == "__main__":
    main()
