#!/usr/bin/env bash
# check-generated.sh WORK BINARY: checks the output of --generate with the programs that it is for:
# the installed shells and man programs, and a validator of JSON schemas (Python with
# check-jsonschema).
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
binary=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")

fail() {
    echo "check-generated: $*" >&2
    exit 1
}

for what in man complete-bash complete-zsh complete-fish config-schema; do
    "$binary" --generate "$what" >"$work/$what"
done

# Prints what bash offers for the last of these words.
offered() {
    # shellcheck disable=SC2016 # for the other bash
    bash -euc '
        source "$0"
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _kubeconfig__lint "$1" "${@: -1}" "${@: -2:1}"
        printf "%s\n" "${COMPREPLY[@]}"' "$work/complete-bash" kubeconfig-lint "$@"
}
offers() {
    offered "${@:2}" >"$work/offered"
    grep -qx -e "$1" "$work/offered" || fail "bash does not offer $1"
}
offers --kubectl-version --kubectl-v
offers sarif --format sa
offers removed-api-version --ignore removed-api
read_by=bash
for shell in zsh fish; do
    if command -v "$shell" >/dev/null; then
        "$shell" -n "$work/complete-$shell"
        read_by+=", $shell"
    fi
done
if command -v groff >/dev/null; then
    groff -man -Tutf8 -ww "$work/man" 2>&1 >"$work/man.txt" | tee "$work/man.log"
    [[ ! -s $work/man.log ]] || fail "groff warns of the man page"
    read_by+=", groff"
fi
check-jsonschema --check-metaschema "$work/config-schema"
# The address in the documentation, the entry for SchemaStore, and the names of the file.
id=$(sed -n 's/^  "[$]id": "\(.*\)",$/\1/p' "$work/config-schema")
for page in docs/configuration.md CONTRIBUTING.md; do
    grep -qF "\"$id\"" "$page" || fail "$page has another address of the schema"
    grep -qF '[".kubeconfig-lint.yaml", ".kubeconfig-lint.yml"]' "$page" || fail "$page has other names of the file"
done
python3 scripts/check_schema.py "$work" "$binary"
echo "check-generated: read by $read_by"
