"""recipes.py extract FOLDER PAGE...: writes the pipelines and the shell in the documentation to FOLDER, as
SYSTEM.PAGE.NUMBER.yml, .groovy or .sh.
recipes.py run FILE...: does what the shell does in pipelines for Jenkins, Azure Pipelines and CircleCI, in
the current folder, and checks that each report that they publish was written, and that what they keep is
where they install.
"""

import re
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

# Words that occur only in the pipelines of one system.
SYSTEMS = {
    "runs-on:": "github-workflows",
    "/.github/workflows/": "github-workflows",
    "gl-code-quality-report.json": "gitlab-ci",
    "- component:": "gitlab-ci",
    "vmImage:": "azure-pipelines",
    "cimg/": "circle-ci",
}


def extract(folder, *pages):
    for page in map(Path, pages):
        blocks = re.findall(r"^```(yaml|groovy|sh)\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S)
        for number, (language, block) in enumerate(blocks):
            system = next((system for word, system in SYSTEMS.items() if word in block), None)
            if language != "yaml":
                name = {"groovy": f"jenkins.{page.stem}.{number}.groovy", "sh": f"shell.{page.stem}.{number}.sh"}
                (folder / name[language]).write_text(block, encoding="utf-8")
                continue
            if system == "github-workflows" and not re.search(r"^on:", block, re.M):
                block = "on: push\n" + block
            # A component of GitLab has two documents, of one schema.
            for part, document in enumerate(re.split(r"^---\n", block, flags=re.M)):
                if system:
                    (folder / f"{system}.{page.stem}.{number}.{part}.yml").write_text(document, encoding="utf-8")


def shell_and_reports(path):
    """Returns the scripts of a pipeline, and the names of the files that it publishes."""
    text = Path(path).read_text(encoding="utf-8")
    if path.endswith(".groovy"):
        # It is slow to import, and only this needs it.
        from groovy_parser.parser import parse_and_digest_groovy_content

        parse_and_digest_groovy_content(text)
        return re.findall(r"\bsh '(.*)'", text), re.findall(r"\b(?:testResults|pattern): '(.*?)'", text)
    pipeline = YAML(typ="safe", pure=True).load(text)
    steps = pipeline.get("steps", []) + [step for job in pipeline.get("jobs", {}).values() for step in job["steps"]]
    steps = [step for step in steps if isinstance(step, dict)]
    scripts = [script for step in steps if (script := step.get("bash") or step.get("run"))]
    reports = [step.get("publish") or step.get("inputs", {}).get("testResultsFiles") for step in steps]
    reports += [step["store_test_results"]["path"] for step in steps if "store_test_results" in step]
    kept = [path for step in steps if "save_cache" in step for path in step["save_cache"]["paths"]]
    reports += [str(Path(path).expanduser()) for path in kept]
    return scripts, [report for report in reports if report]


def run(*paths):
    for path in paths:
        scripts, reports = shell_and_reports(path)
        if not scripts or not reports:
            sys.exit(f"{path}: no script or no report")
        for script in scripts:
            done = subprocess.run(["bash", "-e", "-c", script], capture_output=True, text=True, check=False)
            # The last one finds something, and the others install.
            wanted = (1, True) if script == scripts[-1] else (0, False)
            if (done.returncode, "removed-api-version" in done.stdout) != wanted:
                sys.exit(f"{path}: exit status {done.returncode}\n{script}\n{done.stdout}{done.stderr}")
        for report in map(Path, reports):
            files = [file for file in (report.rglob("*") if report.is_dir() else [report]) if file.is_file()]
            if not files or not all(file.stat().st_size for file in files):
                sys.exit(f"{path}: {report} was not written")


if sys.argv[1] == "extract":
    extract(Path(sys.argv[2]), *sys.argv[3:])
else:
    run(*sys.argv[2:])
