"""check_schema.py WORK BINARY: the schema of the configuration file accepts what the program accepts.

Both check the configuration files of the cases, the example in the documentation, and random ones.
A file that the schema accepts and the program rejects must have an error that no schema can express.
"""

import json
import random
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
from ruamel.yaml import YAML, YAMLError

# What no schema can express: the order of a range, the syntax of a glob, 1.3, which is the same
# number as 1.30 in JSON, and between which releases a plugin changed.
BEYOND = re.compile(r"runs backwards|invalid glob `[^`]*`: (?!it matches|longer than|`\.)|is too old; kubeconfig-lint checks|is not a kubectl version|not every release of")
COUNT = 2000

work, binary = Path(sys.argv[1]), sys.argv[2]
# It stands in for the baselines that the files name.
baseline = work / "baseline.json"
baseline.write_text('{"version": 1, "findings": []}', encoding="utf-8")
schema = json.loads(Path("docs/config.schema.json").read_text(encoding="utf-8"))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
rules = schema["properties"]["ignore"]["items"]["enum"]
roles = schema["properties"]["roles"]["items"]["properties"]["role"]["enum"]
seen = {"taken": 0, "refused": 0, "beyond": 0, "no YAML": 0}


def complaints(path):
    """Returns what the program reports about a configuration file; nothing if it accepts it."""
    command = [binary, "--quiet", "--config", str(path), "--baseline", str(baseline), "--files-from", "/dev/null"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 2) or (done.returncode == 2) != bool(done.stderr):
        sys.exit(f"{path}: exit status {done.returncode}: {done.stderr}")
    return done.stderr.splitlines()


def judge(path, value):
    """Compares the two verdicts."""
    told = complaints(path)
    valid = validator.is_valid(value)
    if valid and told:
        is_number = isinstance((value or {}).get("kubectl-version"), float)
        for line in told:
            about_version = "kubectl" in line and "backwards" not in line
            if not BEYOND.search(line) or (about_version and not is_number):
                sys.exit(f"the schema takes what the program does not: {line}\n{value!r}")
        seen["beyond"] += 1
    elif not valid and not told:
        error = next(validator.iter_errors(value))
        sys.exit(f"the program takes what the schema does not: {error.message}\n{value!r}")
    else:
        seen["refused" if told else "taken"] += 1


def judge_yaml(path):
    """Does the same for a YAML file, as an editor reads it."""
    yaml = YAML(typ="safe", pure=True)
    try:
        value = yaml.load(path.read_text(encoding="utf-8"))
    except (YAMLError, ValueError, NotImplementedError):
        if not complaints(path):
            sys.exit(f"{path}: the program takes what is no YAML")
        seen["no YAML"] += 1
        return
    judge(path, value)


def some(*choices):
    """Picks one of the choices; calls it if it is callable."""
    choice = random.choice(choices)
    return choice() if callable(choice) else choice


def listed(make):
    """Generates a list of such values, almost always."""
    return some(*[lambda: [make() for _ in range(random.randrange(4))]] * 8, make, {}, True, 1)


def version():
    """Generates something like a version of kubectl."""
    minor = random.randrange(8, 40)
    one = f"{some('', 'v')}1.{minor}{some('', '', '.3')}"
    suffix = some("+", ".4-eks-a737599", ".5-gke.100", ".0-rc.1", ".4+k3s1", ".4-1.1", "-x", "-37", "-")
    client = some("helm", "helm", "argocd", "terraform-provider-helm", "kubectl", "flux", "")
    number = some("3.8", "v3.8.1", "4", "3.9.4+gdbc6d8e", "2.4.0-rc1", "latest", "3.08", "3.8.1.1", "x", "", one)
    other = some(f"{client}@{number}", f"{client}@{number}-{some('3.12', '4', 'latest', '')}", f"{client} @ >= {number}")
    return some(other, other, other, one, f"{one}-1.{random.randrange(20, 39)}", f" {one} - 1.37 ", minor / 100 + 1,
                f"1.{minor}{suffix}", f"1.{minor}{suffix}-1.39", f">={one}", f" >= {one} ", "latest",
                f"{one}-latest", "1.100", "1.1000", "1", "1.x", "1.024", "1.24-", "vv1.24", "2.1", "", 2, 1.3, 1, None, True, [], {})


def glob():
    """Generates something like a glob."""
    parts = ["a", "b.yaml", "*", "**", ".", "..", "...", "", "{a,b}", "[ab]", "{", "[", "é", " "]
    made = "/".join(random.choice(parts) for _ in range(random.randrange(1, 4)))
    return some(*[some("", "!", "/", "#", "") + made + some("", "", "/", " ")] * 9, 1, None, [], "a" * 5000)


def release():
    """Generates something like a release of a plugin."""
    name = some("aws-cli", "azure-kubelogin", "pomerium-cli")
    number = some("1", "1.22", "v2.6.3", "0.33.0-rc.1", "1.23", "1.", "x", "1.2.3.4", "", "1.22.5+x")
    return some(*[f"{name}={number}"] * 5, name, "tsh=1", "=1", 1, None, True, [])


def rule():
    """Generates something like the name of a rule."""
    return some(*[lambda: random.choice(rules)] * 5, "removed-api", "", 1, None, True)


def role():
    """Generates something like an item of `roles`."""
    item = {"paths": listed(glob), "role": some(*roles, *roles, "test", None, 1)}
    if not random.randrange(6):
        item.pop(random.choice(list(item)))
    if not random.randrange(12):
        item["path"] = ["a"]
    return some(*[item] * 9, [], None, "live")


def item_of_per_path():
    """Generates something like an item of `per-path`."""
    item = {"paths": listed(glob), "ignore": listed(rule)}
    if not random.randrange(6):
        item.pop(random.choice(list(item)))
    if not random.randrange(12):
        item["select"] = []
    return some(*[item] * 9, [], None, "mention")


def configuration():
    """Generates something like a configuration."""
    makers = {
        "kubectl-version": version,
        "plugins": lambda: listed(release),
        "fail-on": lambda: some("error", "warning", "note", "never", None, "info", 1, []),
        "min-severity": lambda: some("error", "warning", "note", "never", "Note", None, 1, {}),
        "fix-to": lambda: some("v1beta1", "v1", "v1alpha1", "client.authentication.k8s.io/v1", "", None, 1, []),
        "baseline": lambda: some("baseline.json", "../a b", "", None, 1, 1.5, True, [], {}),
        "per-path": lambda: listed(item_of_per_path),
        "select": lambda: listed(rule),
        "ignore": lambda: listed(rule),
        "exclude": lambda: listed(glob),
        "roles": lambda: listed(role),
        "rolls": lambda: [],
    }
    chosen = random.sample(list(makers), random.choice([0, 1, 1, 1, 2, 3]))
    made = {key: some(*[makers[key]] * 9, None) for key in chosen}
    return some(*[made] * 30, None, [], "word", 1)


for tree in ["tests/cases/config/tree", "tests/cases/config-errors/tree"]:
    for path in sorted(Path(tree).rglob("*")):
        if path.is_file():
            judge_yaml(path)
for path in sorted(Path("tests/cases").rglob(".kubeconfig-lint.y*ml")):
    judge_yaml(path)
text = Path("docs/configuration.md").read_text(encoding="utf-8")
examples = re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S)
for example in examples:
    path = work / "example.yaml"
    path.write_text(example, encoding="utf-8")
    judge_yaml(path)
    if complaints(path):
        sys.exit(f"docs/configuration.md: an example is refused: {complaints(path)}")
random.seed(1)
for _ in range(COUNT):
    value = configuration()
    path = work / "random.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    judge(path, value)
if not all(seen.values()) or not examples:
    sys.exit(f"the files are all alike: {seen}")
print("check-schema: " + ", ".join(f"{count} {what}" for what, count in seen.items()))
