#!/usr/bin/env python3
"""pack.py TARGET PROGRAM OUT [RUNNABLE]: makes the archives of a target in the folder OUT.

They contain PROGRAM, its man page and completions, which RUNNABLE (PROGRAM, unless it is for another
machine) prints, the documentation and the licenses. The same input makes the same bytes: sorted names,
no owner, and the time of the commit, or SOURCE_DATE_EPOCH. Prints the version.
"""

import gzip
import io
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import table

PAGES = {
    "man/kubeconfig-lint.1": "man",
    "completions/kubeconfig-lint.bash": "complete-bash",
    "completions/_kubeconfig-lint": "complete-zsh",
    "completions/kubeconfig-lint.fish": "complete-fish",
    "completions/_kubeconfig-lint.ps1": "complete-powershell",
    "completions/kubeconfig-lint.elv": "complete-elvish",
}
TEXTS = ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "crates/goyaml/NOTICE"]


def epoch():
    """Returns the time of every file, in seconds."""
    if told := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(told)
    command = ["git", "-C", table.ROOT, "log", "-1", "--format=%ct"]
    return int(subprocess.run(command, check=True, capture_output=True).stdout)


def contents(target, program, runnable):
    """Returns the files of the archives: their mode and bytes by name, sorted."""
    files = {table.program(target): (0o755, Path(program).read_bytes())}
    for text in TEXTS:
        files[Path(text).name] = (0o644, (table.ROOT / text).read_bytes())
    for name, what in PAGES.items():
        command = [Path(runnable).resolve(), "--generate", what]
        files[name] = (0o644, subprocess.run(command, check=True, capture_output=True).stdout)
    return dict(sorted(files.items()))


def tar_gz(folder, files, when):
    """Returns a .tar.gz."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, (mode, data) in files.items():
            info = tarfile.TarInfo(f"{folder}/{name}")
            info.mode, info.size, info.mtime = mode, len(data), when
            tar.addfile(info, io.BytesIO(data))
    packed = io.BytesIO()
    # Not gzip.compress: what that writes into the header depends on the version of Python.
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as out:
        out.write(buffer.getvalue())
    return packed.getvalue()


def zipped(folder, files, when):
    """Returns a .zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name, (mode, data) in files.items():
            info = zipfile.ZipInfo(f"{folder}/{name}", time.gmtime(when)[:6])
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            info.external_attr = (0o100000 | mode) << 16
            out.writestr(info, data)
    return buffer.getvalue()


def pack(target, program, out, runnable=None):
    """Writes the archives of a target."""
    version = table.cargo_version()
    files = contents(target, program, runnable or program)
    Path(out).mkdir(parents=True, exist_ok=True)
    for kind in table.row(target)["archives"]:
        make = {"tar.gz": tar_gz, "zip": zipped}[kind]
        data = make(table.folder(version, target), files, epoch())
        (Path(out) / table.archive(version, target, kind)).write_bytes(data)
    return version


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    print(pack(*sys.argv[1:]))
