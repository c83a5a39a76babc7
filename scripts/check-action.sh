#!/usr/bin/env bash
# check-action.sh WORK BINARY: checks action.yml and the workflows, and runs the action in a
# workflow of somebody else's, with act on this very machine.
#
# Needs act, actionlint, check-jsonschema, shellcheck and zizmor on PATH, and cargo. WORK is a
# folder for everything.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
binary=$(cd "$(dirname "$2")" && pwd)

check-jsonschema --builtin-schema vendor.github-actions action.yml
check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
shellcheck scripts/*.sh .ci/run
actionlint -no-color -oneline
zizmor --offline --no-progress --color never --quiet .

scripts/export.sh "$work/action"
rm -rf -- "$work/consumer"
mkdir -p "$work/consumer/.github/workflows"
cp -r tests/cases/seed-eks/tree "$work/consumer/old"
cp -r tests/cases/clean/tree "$work/consumer/good files"
cd "$work/consumer"
cat >.github/workflows/build.yml <<'YAML'
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - id: built
        name: builds its own
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          paths: good files
          kubectl-version: 1.24-1.37
      - name: What came out
        shell: bash
        env:
          BUILT: ${{ steps.built.outputs.exit-code }} ${{ steps.built.outputs.errors }} ${{ steps.built.outputs.warnings }}
        run: test "$BUILT" = '0 0 0'
YAML
cat >.github/workflows/lint.yml <<'YAML'
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - id: good
        name: finds nothing
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          paths: good files
          kubectl-version: 1.24-1.37
      - id: bad
        name: finds what is there
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          paths: |
            old/clusters

            good files
          sarif-file: out.sarif
      - id: options
        name: hands on what it is given
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          paths: old
          fail-on: never
          annotations: 'false'
          args: |
            --exclude
            hack
      - id: hostile
        name: takes no input for shell
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          paths: $(touch injected); `touch injected`
          kubectl-version: ''
      - id: usage
        name: fails on wrong usage
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          kubectl-version: newest
      - name: What came out
        shell: bash
        env:
          GOOD: ${{ steps.good.outcome }} ${{ steps.good.outputs.exit-code }} ${{ steps.good.outputs.errors }} ${{ steps.good.outputs.warnings }}
          GOOD_SARIF: ${{ steps.good.outputs.sarif-file }}
          BAD: ${{ steps.bad.outcome }} ${{ steps.bad.outputs.exit-code }} ${{ steps.bad.outputs.errors }} ${{ steps.bad.outputs.warnings }} ${{ steps.bad.outputs.sarif-file }}
          OPTIONS: ${{ steps.options.outcome }} ${{ steps.options.outputs.exit-code }} ${{ steps.options.outputs.errors }}
          OPTIONS_SARIF: ${{ steps.options.outputs.sarif-file }}
          HOSTILE: ${{ steps.hostile.outcome }} ${{ steps.hostile.outputs.exit-code }}
          USAGE: ${{ steps.usage.outcome }} ${{ steps.usage.outputs.exit-code }} ${{ steps.usage.outputs.sarif-file }}.
        run: |
          set -x
          test "$GOOD" = 'success 0 0 0'
          grep -q '"results": *\[ *\]' "$GOOD_SARIF"
          test "$BAD" = 'failure 1 1 0 out.sarif'
          grep -q '"ruleId": "removed-api-version"' out.sarif
          test "$OPTIONS" = 'success 0 1'
          grep -q '"ruleId": "removed-api-version"' "$OPTIONS_SARIF"
          test "$HOSTILE" = 'failure 2'
          test ! -e injected
          test "$USAGE" = 'failure 2 .'
YAML
git init -q -b main
git add -A
git -c user.name=ci -c user.email=ci@example.invalid commit -q --no-verify -m consumer

# Runs a workflow; every action but checkout comes from a folder.
workflow() {
    local status=0
    XDG_CACHE_HOME=$work/cache GITHUB_TOKEN='' act push --json --no-cache-server \
        -W ".github/workflows/$1.yml" -P ubuntu-latest=-self-hosted \
        --local-repository "kubeconfig-lint/kubeconfig-lint@main=$work/action" \
        >"$work/$1.jsonl" 2>&1 || status=$?
    if [[ $status != 0 ]] || ! grep -q '"jobResult":"success"' "$work/$1.jsonl"; then
        sed -n 's/.*"msg":"\(\([^"\\]\|\\.\)*\)".*/\1/p' "$work/$1.jsonl" | tail -n 80 >&2
        echo "check-action: the workflow failed" >&2
        exit 1
    fi
}

echo "check-action: the action takes the kubeconfig-lint on PATH"
PATH=$binary:$PATH workflow lint
if grep -q 'Build kubeconfig-lint' "$work/lint.jsonl"; then
    echo "check-action: it was built, though one is on PATH" >&2
    exit 1
fi
# One annotation, of the one step that finds something and may annotate.
annotations=$(grep -c '"command":"error"' "$work/lint.jsonl" || true)
if [[ $annotations != 1 ]] || ! grep '"command":"error"' "$work/lint.jsonl" | grep -q '"file":"old/clusters/prod/kubeconfig"'; then
    grep '"command":"error"' "$work/lint.jsonl" >&2
    echo "check-action: $annotations annotations" >&2
    exit 1
fi
echo "check-action: the action builds its own"
workflow build
grep -q 'Build kubeconfig-lint' "$work/build.jsonl"
echo "check-action: action.yml does what it says"
