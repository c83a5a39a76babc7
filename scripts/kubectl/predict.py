"""Predicts verdicts: runs the example `verdict` of this repository on files."""

import json
import os
import subprocess

from paths import ROOT

EXAMPLE = ["--quiet", "--release", "--example", "verdict"]
# Limit on the files per run of the example: more would not fit on a command line.
BATCH = 400


def build():
    """Builds the example. Call it before the network is cut off: it may download crates."""
    subprocess.run(["cargo", "build", *EXAMPLE], cwd=ROOT, check=True)


def predict(files, minors, folder):
    """Writes the files (verdicts.File) to the folder as 00000.yaml and so on, and returns the verdicts
    of each file by minor, for all minors from the first to the last."""
    versions = f"{minors[0]}-{minors[-1]}"
    paths = []
    for index, file in enumerate(files):
        paths.append(os.path.join(folder, f"{index:05}.yaml"))
        with open(paths[-1], "wb") as out:
            out.write(file.data)
    found = {path: {} for path in paths}
    for start in range(0, len(paths), BATCH):
        command = ["cargo", "run", *EXAMPLE, "--", versions, *paths[start : start + BATCH]]
        run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        for line in run.stdout.splitlines():
            said = json.loads(line)
            verdict = _without_paths(said["verdict"], said["file"], folder)
            found[said["file"]][said["version"]] = verdict
    return [found[path] for path in paths]


def _without_paths(value, path, folder):
    """Returns the value with FILE and $TMP for the paths in its texts, as in normalized messages."""
    if isinstance(value, str):
        return value.replace(path, "FILE").replace(folder, "$TMP")
    if isinstance(value, list):
        return [_without_paths(inner, path, folder) for inner in value]
    if isinstance(value, dict):
        return {key: _without_paths(inner, path, folder) for key, inner in value.items()}
    return value
