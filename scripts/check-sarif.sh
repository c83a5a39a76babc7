#!/usr/bin/env bash
# check-sarif.sh WORK BINARY MULTITOOL: validates the SARIF of every tree of tests/cases: against the
# OASIS schema, with Microsoft's validator (including its rules for GitHub), and for what neither
# of them checks.
#
# Needs check-jsonschema on PATH. MULTITOOL is the unpacked npm package
# @microsoft/sarif-multitool-linux, which also contains the schema. It
# writes only to the folder WORK.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
binary=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
multitool=$(cd "$3" && pwd)
rm -f -- "$work"/*.sarif

# Some trees have an intentionally invalid configuration file.
for tree in tests/cases/*/tree; do
    name=$(basename "$(dirname "$tree")")
    for version in 1.37 1.20-1.24; do
        status=0
        (cd "$tree" && "$binary" -q --no-config --show-notes --show-mentions \
            --kubectl-version "$version" --format sarif . >"$work/$name-$version.sarif") || status=$?
        if [[ $status -gt 1 ]]; then
            echo "check-sarif: $tree: exit status $status" >&2
            exit 1
        fi
    done
done
files=("$work"/*-*.sarif)
check-jsonschema --schemafile "$multitool/sarif-2.1.0.json" "${files[@]}"
python3 scripts/check_sarif.py "${files[@]}"

# Its exit status says nothing: it writes what it finds to a SARIF file of its own.
chmod u+x "$multitool/Sarif.Multitool"
validate() {
    local output=$1
    shift
    "$multitool/Sarif.Multitool" validate "$@" --rule-kind 'Sarif;Ghas' --level 'Error;Warning' \
        --log ForceOverwrite --output "$output" >"$work/multitool.log" 2>&1 || true
    if ! grep -qx "Done. $# files scanned." "$work/multitool.log"; then
        cat "$work/multitool.log" >&2
        exit 1
    fi
}
validate "$work/multitool.sarif" "${files[@]}"
python3 scripts/check_sarif.py --verdict "$work/multitool.sarif"
# Make sure that it finds anything at all.
sed 's/"uri": "clusters/"uri": "a b/' "$work/seed-eks-1.37.sarif" >"$work/broken.sarif"
cp "$work/broken.sarif" "$work/broken-too.sarif"
validate "$work/multitool.sarif" "$work/broken.sarif" "$work/broken-too.sarif"
if python3 scripts/check_sarif.py --verdict "$work/multitool.sarif" 2>/dev/null; then
    echo "check-sarif: the validator found nothing in a broken file" >&2
    exit 1
fi
echo "check-sarif: ${#files[@]} reports are valid"
