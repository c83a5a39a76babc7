"""The table of what a release contains: support/release/assets.json, and all names that follow from it.

A row says, for a target:
- `runner`: where the release workflow builds it, and `maturin`: with which flags;
- `wheel`: the platform tag that maturin then gives its wheel;
- `archives`: the kinds of archives with its program;
- `trial`: the runner on which the workflow runs that program;
- `homebrew`, `scoop`, `krew`, `image`, `pip`: how the Homebrew formula, the Scoop and krew manifests,
  the container image and the pre-commit mirror name the platform, if they offer it.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAME = "kubeconfig-lint"
REPOSITORY = f"https://github.com/{NAME}/{NAME}"
TARGETS = json.loads((ROOT / "support/release/assets.json").read_text(encoding="utf-8"))["targets"]
PRERELEASES = {"alpha": "a", "beta": "b", "rc": "rc"}


def cargo_version():
    """Returns the version in Cargo.toml."""
    return re.search(r'^version = "(.*)"$', (ROOT / "Cargo.toml").read_text(encoding="utf-8"), re.M)[1]


def python_version(version):
    """Returns how Python writes a version of Cargo.

    >>> python_version("1.2.3"), python_version("1.2.3-rc.4")
    ('1.2.3', '1.2.3rc4')
    """
    release, _, prerelease = version.partition("-")
    if not prerelease:
        return release
    word, _, number = prerelease.partition(".")
    if word not in PRERELEASES or not number.isdigit():
        raise ValueError(f"not a version such as 1.2.3 or 1.2.3-rc.4: {version}")
    return f"{release}{PRERELEASES[word]}{int(number)}"


def row(target):
    """Returns the row of a target."""
    return next(row for row in TARGETS if row["target"] == target)


def having(key):
    """Returns the rows with this key."""
    return [row for row in TARGETS if key in row]


def program(target):
    """Returns the file name of the program."""
    return f"{NAME}.exe" if "-windows-" in target else NAME


def folder(version, target):
    """Returns the name of the folder in an archive."""
    return f"{NAME}-{version}-{target}"


def archive(version, target, kind="tar.gz"):
    """Returns the name of an archive."""
    return f"{folder(version, target)}.{kind}"


def sbom(version, target):
    """Returns the name of the software bill of materials of a program."""
    return f"{folder(version, target)}.cdx.json"


def wheel(version, target):
    """Returns the name of a wheel."""
    return f"{NAME.replace('-', '_')}-{python_version(version)}-py3-none-{row(target)['wheel']}.whl"


def sdist(version):
    """Returns the name of the source distribution."""
    return f"{NAME.replace('-', '_')}-{python_version(version)}.tar.gz"


def files(version):
    """Returns the names of all files of a release that SHA256SUMS lists, sorted."""
    names = [sdist(version)]
    for target in (row["target"] for row in TARGETS):
        names += [archive(version, target, kind) for kind in row(target)["archives"]]
        names += [wheel(version, target), sbom(version, target)]
    return sorted(names)


def url(version, name):
    """Returns the address of a file of a release."""
    return f"{REPOSITORY}/releases/download/v{version}/{name}"
