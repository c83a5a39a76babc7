"""check_manifests.py MANIFESTS RELEASE BASE VERSION: checks what scripts/release/manifests wrote.

Each manifest must be one that its tool accepts, and name, below the address BASE, files of the folder
RELEASE with the right SHA-256, which contain what the manifest says. Also compares the table with
what else names files of a release: Cargo.toml (for cargo binstall), scripts/action.sh and the documentation.
The bills of materials must be CycloneDX.

Needs cyclonedx-python-lib with json-validation, packaging, PyYAML and, unless there is ruby, tree-sitter
and tree-sitter-ruby.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import table
import yaml
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename

manifests, release, base, version = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
seen = 0


def check(fact, what):
    """Ends the run if it is no fact."""
    if not fact:
        sys.exit(f"check_manifests: {what}")


def members(url, checksum):
    """Returns the names in the archive with this address, whose SHA-256 must be this."""
    global seen
    check(url.startswith(f"{base}/v{version}/"), f"the address is another: {url}")
    path = release / url.removeprefix(f"{base}/v{version}/")
    check(path.is_file(), f"the release has no {path.name}")
    check(hashlib.sha256(path.read_bytes()).hexdigest() == checksum, f"the SHA-256 of {path.name} is another")
    seen += 1
    if path.suffix in (".zip", ".whl"):
        with zipfile.ZipFile(path) as files:
            return set(files.namelist())
    with tarfile.open(path) as files:
        return set(files.getnames())


def homebrew(path):
    """The formula is Ruby, and installs only what the archives contain."""
    text = path.read_text(encoding="utf-8")
    if shutil.which("ruby"):
        subprocess.run(["ruby", "-c", path], check=True, stdout=subprocess.DEVNULL)
    else:
        import tree_sitter
        import tree_sitter_ruby

        parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_ruby.language()))
        check(not parser.parse(text.encode()).root_node.has_error, "the formula is no Ruby")
    description = re.search(r'desc "(.*)"', text)[1]
    check(len(description) <= 80 and not re.match(r"(?i)(an?|the|kubeconfig-lint)\b", description), "brew audit refuses the description")
    downloads = re.findall(r'url "(.*)"\n +sha256 "(.*)"', text)
    check(len(downloads) == len(table.having("homebrew")) == text.count("url "), "a download is missing")
    installed = re.findall(r'\.install "(.*?)"', text)
    check(len(installed) == 5, "the formula does not install five files")
    for url, checksum in downloads:
        inside = members(url, checksum)
        (folder,) = {name.split("/")[0] for name in inside}
        check({f"{folder}/{name}" for name in installed} <= inside, f"{url} lacks one of {installed}")


def scoop(path):
    """The manifest has the keys that Scoop's schema requires, and `bin` is in the archives."""
    manifest = json.loads(path.read_text(encoding="utf-8"))
    check({"version", "homepage", "license"} <= set(manifest), "Scoop wants a version, a homepage and a license")
    check(set(manifest["architecture"]) <= {"32bit", "64bit", "arm64"}, "Scoop knows no such processor")
    check(set(manifest["architecture"]) == set(manifest["autoupdate"]["architecture"]), "autoupdate forgets a processor")
    for processor, now in manifest["architecture"].items():
        check(f"{now['extract_dir']}/{manifest['bin']}" in members(now["url"], now["hash"]), f"no program in {now['url']}")
        later = manifest["autoupdate"]["architecture"][processor]
        name = later["url"].replace("$version", version)
        check(name == table.url(version, now["url"].rpartition("/")[2]), f"autoupdate leads to {name}")
        check(later["extract_dir"].replace("$version", version) == now["extract_dir"], "autoupdate unpacks another folder")


def krew(path):
    """What krew checks before it accepts a manifest (krew's internal/index/validation)."""
    plugin = yaml.safe_load(path.read_text(encoding="utf-8"))
    spec = plugin["spec"]
    check(plugin["apiVersion"] == "krew.googlecontainertools.github.com/v1alpha2" and plugin["kind"] == "Plugin", "no krew plugin")
    check(re.fullmatch(r"[a-z0-9-]+", plugin["metadata"]["name"]) and plugin["metadata"]["name"] == path.stem, "the name of the plugin")
    check(re.fullmatch(r"v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", spec["version"]), "krew wants a version with a v")
    check(0 < len(spec["shortDescription"]) <= 50 and "\n" not in spec["shortDescription"], "the short description")
    platforms = set()
    for platform in spec["platforms"]:
        check(set(platform) == {"selector", "uri", "sha256", "bin", "files"}, "the keys of a platform")
        labels = platform["selector"]["matchLabels"]
        platforms.add((labels["os"], labels["arch"]))
        inside = members(platform["uri"], platform["sha256"])
        sources = [step["from"] for step in platform["files"]]
        check(set(sources) <= inside and all(step["to"] == "." for step in platform["files"]), f"{platform['uri']} lacks one of {sources}")
        names = {source.rpartition("/")[2] for source in sources}
        check(platform["bin"] in names and any(name.startswith("LICENSE") for name in names), "no program or no license")
        check(platform["bin"].endswith(".exe") == (labels["os"] == "windows"), "the name of the program")
    check(len(platforms) == len(spec["platforms"]) == len(table.having("krew")), "a platform twice, or none")


def mirror(path):
    """No two of its requirements can hold on one machine, and each names a wheel that pip takes there."""
    words = {"linux": "linux", "darwin": "macosx", "win32": "win"}
    machines = [(system, machine) for system in words for machine in ("x86_64", "aarch64", "arm64", "AMD64", "ARM64")]
    requirements = [Requirement(line) for line in re.findall(r'^    "(.*)",$', path.read_text(encoding="utf-8"), re.M)]
    check(len(requirements) == len(table.having("pip")), "a wheel is missing")
    for requirement in requirements:
        url, _, checksum = requirement.url.partition("#sha256=")
        members(url, checksum)
        _, number, _, tags = parse_wheel_filename(url.rpartition("/")[2])
        check(str(number) == table.python_version(version), f"the version of {url}")
        held = [pair for pair in machines if Marker(str(requirement.marker)).evaluate(dict(zip(("sys_platform", "platform_machine"), pair)))]
        check(len(held) == 1, f"{requirement.marker} holds on {held}")
        machines.remove(held[0])
        system, machine = held[0]
        fits = (f"{words[system]}_{machine.lower()}", machine) if system == "win32" else (words[system], machine)
        check(all(fits[0] in tag.platform and tag.platform.endswith(fits[1].lower()) for tag in tags), f"{url} is not for {held[0]}")


def cargo_binstall():
    """Cargo.toml leads cargo binstall to the archives, and to the program in them."""
    manifest = (table.ROOT / "Cargo.toml").read_text(encoding="utf-8")
    section = manifest.partition("[package.metadata.binstall]\n")[2].partition("\n\n")[0]
    keys = dict(re.findall(r'^([a-z-]+) = "(.*)"$', section, re.M))
    check(keys.get("pkg-fmt") == "tgz", "cargo binstall unpacks something else")
    repository = re.search(r'^repository = "(.*)"$', manifest, re.M)[1]
    for target in (row["target"] for row in table.TARGETS):
        suffix = ".exe" if "-windows-" in target else ""
        words = {"repo": repository, "version": version, "name": table.NAME, "target": target, "bin": table.NAME, "binary-ext": suffix}
        filled = {key: re.sub(r"\{ ([a-z-]+) \}", lambda found: words[found[1]], text) for key, text in keys.items()}
        check(filled["pkg-url"] == table.url(version, table.archive(version, target)), f"cargo binstall looks for {filled['pkg-url']}")
        with tarfile.open(release / table.archive(version, target)) as files:
            check(filled["bin-dir"] in files.getnames(), f"cargo binstall looks for {filled['bin-dir']}")


def action():
    """The action knows the archive of every kind of runner."""
    function = re.search(r"^target\(\) \{.*?^\}", (table.ROOT / "scripts/action.sh").read_text(encoding="utf-8"), re.M | re.S)[0]
    for system in ("Linux", "Darwin", "MINGW64_NT-10.0"):
        for machine in ("x86_64", "aarch64", "arm64"):
            script = f'uname() {{ case $1 in -m) echo {machine} ;; *) echo {system} ;; esac; }}\n{function}\ntarget'
            target = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True).stdout.strip()
            check(any(row["target"] == target for row in table.TARGETS), f"the action wants {target} on {system} {machine}")


def sbom(path):
    """A bill of materials obeys its schema, and lists the linter and what it was built from."""
    text = path.read_text(encoding="utf-8")
    bom = json.loads(text)
    error = JsonStrictValidator(SchemaVersion.from_version(bom["specVersion"])).validate_str(text)
    check(error is None, f"{path.name} is not CycloneDX: {error}")
    subject = bom["metadata"]["component"]
    check((subject["name"], subject["version"]) == (table.NAME, version), f"{path.name} is of {subject['name']}")
    names = {component["name"] for component in bom["components"]}
    check({"kubeconfig-lint-goyaml", "serde", "clap"} <= names, f"{path.name} lacks dependencies")


def documentation():
    """The documentation speaks of no target that a release lacks."""
    targets = {row["target"] for row in table.TARGETS}
    for page in [table.ROOT / "README.md", *(table.ROOT / "docs").rglob("*.md")]:
        named = set(re.findall(r"\b(?:x86_64|aarch64)-[a-z]+-[a-z]+(?:-[a-z]+)?\b", page.read_text(encoding="utf-8")))
        check(named <= targets, f"{page.name} names {named - targets}")


homebrew(manifests / "homebrew/kubeconfig-lint.rb")
scoop(manifests / "scoop/kubeconfig-lint.json")
krew(manifests / "krew/kubeconfig-lint.yaml")
mirror(manifests / "mirror/pyproject.toml")
check((manifests / f"checksums/v{version}").read_bytes() == (release / "SHA256SUMS").read_bytes(), "the checksums differ")
for path in sorted({path.read_bytes(): path for path in release.glob("*.cdx.json")}.values()):
    sbom(path)
cargo_binstall()
action()
documentation()
print(f"check_manifests: {seen} downloads in 4 manifests, cargo binstall, the action and the documentation name files of the release")
