#!/usr/bin/env python3
"""check_sarif.py FILE...: checks what GitHub requires of SARIF and no validator checks.
check_sarif.py --verdict FILE: fails if Microsoft's validator found something."""

import json
import re
import sys
from urllib.parse import unquote


def problems(path):
    raw = open(path, "rb").read()
    if raw.startswith(b"\xef\xbb\xbf"):
        yield "it begins with a byte order mark"
    if not raw.endswith(b"\n"):
        yield "it does not end with a line break"
    log = json.loads(raw)
    if len(log["runs"]) != 1:
        yield f"{len(log['runs'])} runs"
    run = log["runs"][0]
    if run.get("columnKind") not in ("utf16CodeUnits", "unicodeCodePoints"):
        yield "no columnKind"
    if "automationDetails" in run:
        yield "automationDetails overrides the category of the upload"
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        if rule.get("name") == rule["id"]:
            yield f"rule {rule['id']}: the name is the id"
        texts = [rule["shortDescription"]["text"], rule["fullDescription"]["text"]]
        texts.append(rule["help"]["text"])
        if not all(texts) or any(len(text) > 1024 for text in texts[:2]):
            yield f"rule {rule['id']}: a text is empty or longer than 1024"
        if "security-severity" in rule.get("properties", {}):
            yield f"rule {rule['id']}: a deprecation is no security alert"
    seen = set()
    for at, result in enumerate(run["results"]):
        where = f"result {at}"
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            yield f"{where}: ruleIndex {result['ruleIndex']} is not {result['ruleId']}"
        if result["level"] not in ("error", "warning", "note"):
            yield f"{where}: level {result['level']}"
        if not result["message"]["text"].strip():
            yield f"{where}: empty message"
        if len(result["locations"]) != 1:
            yield f"{where}: {len(result['locations'])} locations"
        place = result["locations"][0]["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/|\./[^:]*$", uri) or "\\" in uri:
            yield f"{where}: {uri} is no plain relative address"
        if re.search(r"[^A-Za-z0-9._~!$&'()*+,;=:@%/-]", uri) or unquote(uri) == "":
            yield f"{where}: {uri} is not percent-encoded"
        region = place["region"]
        begin = (region["startLine"], region["startColumn"])
        end = (region["endLine"], region["endColumn"])
        if min(begin) < 1 or begin > end:
            yield f"{where}: region {begin} to {end}"
        if "snippet" in region:
            yield f"{where}: a snippet may show a secret"
        # Next to a secret, there is no fingerprint.
        fingerprint = result.get("partialFingerprints", {}).get("primaryLocationLineHash", "0:1")
        if not re.fullmatch(r"[0-9a-f]{1,16}:[0-9]+", fingerprint):
            yield f"{where}: fingerprint {fingerprint!r}"
        # All lines in base64 have the same place; the message names the line.
        key = (result["ruleId"], uri, begin, result["message"]["text"])
        if key in seen:
            yield f"{where}: {key} twice"
        seen.add(key)
        related = {place["id"] for place in result.get("relatedLocations", [])}
        links = {int(number) for number in re.findall(r"\]\(([0-9]+)\)", result["message"]["text"])}
        if not links <= related:
            yield f"{where}: links {sorted(links)} to places {sorted(related)}"
        for fix in result.get("fixes", []):
            if not fix.get("description", {}).get("text") or not fix.get("artifactChanges"):
                yield f"{where}: a fix without description or changes"


def verdict(path):
    run = json.load(open(path, encoding="utf-8-sig"))["runs"][0]
    for result in run.get("results", []):
        places = result.get("locations") or [{}]
        name = places[0].get("physicalLocation", {}).get("artifactLocation", {}).get("uri")
        text = result["message"].get("text") or result["message"].get("arguments")
        yield f"{result.get('level', 'warning')} {result['ruleId']} in {name}: {text}"[:400]


def main(arguments):
    if arguments[:1] == ["--verdict"]:
        found = list(verdict(arguments[1]))
    else:
        found = [f"{path}: {problem}" for path in arguments for problem in problems(path)]
    for problem in found:
        print(f"check_sarif: {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
