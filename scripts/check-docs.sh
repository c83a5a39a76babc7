#!/usr/bin/env bash
# check-docs.sh WORK: checks the pipelines in the documentation against the schemas of their CI
# systems, and the workflows with zizmor. Needs check-jsonschema, zizmor and python3 on PATH. It
# writes only to the folder WORK.
set -euo pipefail
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
rm -f -- "$work"/*.yml
python3 - "$work" README.md docs/*.md <<'PYTHON'
import pathlib, re, sys
# Words that occur only in the pipelines of one system.
systems = {"runs-on:": "github-workflows", "/.github/workflows/": "github-workflows",
           "before_script:": "gitlab-ci", "vmImage:": "azure-pipelines", "cimg/": "circle-ci"}
work, *pages = map(pathlib.Path, sys.argv[1:])
for page in pages:
    for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", page.read_text(), re.M | re.S)):
        system = next((system for word, system in systems.items() if word in block), None)
        if system == "github-workflows" and not re.search(r"^on:", block, re.M):
            block = "on: push\n" + block
        if system:
            (work / f"{system}.{page.stem}.{number}.yml").write_text(block)
PYTHON
for system in github-workflows gitlab-ci azure-pipelines circle-ci; do
    check-jsonschema --builtin-schema "vendor.$system" "$work/$system".*.yml
done
# Our own action has no release to pin yet. An organization follows the branch of its own shared
# workflow, so it need not be pinned.
commit=0000000000000000000000000000000000000000
sed -i -e "s|@COMMIT |@$commit |" -e "s|\(uses: ORGANIZATION/.*\)@main$|\1@$commit|" \
    "$work"/github-workflows.*.yml
zizmor --offline --no-progress --color never --quiet "$work"/github-workflows.*.yml
