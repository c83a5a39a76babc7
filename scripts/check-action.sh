#!/usr/bin/env bash
# check-action.sh WORK BINARY: checks action.yml and the workflows, and runs the action in a
# user's workflow, with act directly on this machine.
#
# Needs act, actionlint, check-jsonschema, shellcheck and zizmor on PATH, and cargo. WORK is a
# folder for everything.
set -euo pipefail
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
binary=$(cd "$(dirname "$2")" && pwd)
program=$binary/$(basename "$2")
cd "$(dirname "$0")/.."

check-jsonschema --builtin-schema vendor.github-actions action.yml
check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
shellcheck scripts/*.sh .ci/run
actionlint -no-color -oneline
zizmor --offline --no-progress --color never --quiet .
# The workflows pin every action to a commit, and the documentation shows the same commit.
unpinned=$(grep -hoE 'uses: [^ ]+' .github/workflows/*.yml | grep -vE '@[0-9a-f]{40}$|: \./$' || true)
pins=$(grep -rhoE '[A-Za-z0-9_.-]+/[A-Za-z0-9_./-]+@[0-9a-f]{40} # v[0-9.]+' .github README.md docs | sort -u)
doubled=$(cut -d @ -f 1 <<<"$pins" | uniq -d)
if [[ -n $unpinned$doubled ]]; then
    echo "check-action: actions without a commit, or with several: $unpinned $doubled" >&2
    exit 1
fi

# A release as the release workflow builds it, and one whose binary was changed afterwards.
version=$(scripts/package.sh "$(uname -m)-unknown-linux-musl" "$program" "$work/releases/tmp")
rm -rf -- "$work/releases"/v*
mv -- "$work/releases/tmp" "$work/releases/v$version"
cp -r -- "$work/releases/v$version" "$work/releases/v9.9.9"
(cd "$work/releases/v9.9.9" && mv -- *.tar.gz "kubeconfig-lint-9.9.9-$(uname -m)-unknown-linux-musl.tar.gz")
for folder in "$work/releases"/v*; do
    (cd "$folder" && sha256sum -- *.tar.gz >SHA256SUMS)
done
printf 'x' >>"$work/releases/v9.9.9/kubeconfig-lint-9.9.9-$(uname -m)-unknown-linux-musl.tar.gz"
mapfile -t inputs < <(sed -n '/^inputs:/,/^outputs:/s/^  \([a-z-]*\):$/\1/p' action.yml)

scripts/export.sh "$work/action"
# act copies the action for every step: if nothing is built, copy only what is run.
rm -rf -- "$work/small"
mkdir -p "$work/small/scripts"
cp -- action.yml "$work/small/"
cp -- scripts/action.sh "$work/small/scripts/"
cp -r -- support "$work/small/"
rm -rf -- "$work/consumer"
mkdir -p "$work/consumer/.github/workflows"
cp -r tests/cases/seed-eks/tree "$work/consumer/old"
cp -r tests/cases/clean/tree "$work/consumer/good files"
cd "$work/consumer"
# Settings in the checked repository that would run programs in the build, or break it.
mkdir .cargo
cat >wrapper.sh <<'SH'
#!/bin/sh
echo "$*" >>"$GITHUB_WORKSPACE/injected"
exit 1
SH
chmod +x wrapper.sh
for setting in rustc rustc-wrapper rustc-workspace-wrapper; do
    printf '%s = "./wrapper.sh"\n' "$setting"
done | cat <(printf '[build]\n') - >.cargo/config.toml
printf '[toolchain]\npath = "%s"\n' "$PWD" >rust-toolchain.toml
mkdir bin
cp wrapper.sh bin/rustc
cat >.github/workflows/build.yml <<'YAML'
on: push
env:
  CARGO_BUILD_RUSTC: ./wrapper.sh
  CARGO_HOME: ${{ github.workspace }}/.cargo
  RUSTC: ./wrapper.sh
  RUSTC_WRAPPER: ./wrapper.sh
  RUSTC_WORKSPACE_WRAPPER: ./wrapper.sh
  RUSTFLAGS: -C linker=./wrapper.sh
  RUSTUP_TOOLCHAIN: ${{ github.workspace }}
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
        run: |
          test "$BUILT" = '0 0 0'
          test ! -e injected
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
      - id: usage
        name: fails on wrong usage
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          kubectl-version: newest
      - id: path
        name: is told to take the one on PATH, and to be silent
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          version: path
          paths: old/clusters
          fail-on: never
          annotations: 'false'
          summary: 'false'
      - name: What came out
        shell: bash
        env:
          GOOD: ${{ steps.good.outcome }} ${{ steps.good.outputs.exit-code }} ${{ steps.good.outputs.errors }} ${{ steps.good.outputs.warnings }}
          GOOD_SARIF: ${{ steps.good.outputs.sarif-file }}
          BAD: ${{ steps.bad.outcome }} ${{ steps.bad.outputs.exit-code }} ${{ steps.bad.outputs.errors }} ${{ steps.bad.outputs.warnings }} ${{ steps.bad.outputs.sarif-file }}
          OPTIONS: ${{ steps.options.outcome }} ${{ steps.options.outputs.exit-code }} ${{ steps.options.outputs.errors }}
          OPTIONS_SARIF: ${{ steps.options.outputs.sarif-file }}
          SILENT: ${{ steps.path.outcome }} ${{ steps.path.outputs.errors }}
          USAGE: ${{ steps.usage.outcome }} ${{ steps.usage.outputs.exit-code }} ${{ steps.usage.outputs.sarif-file }}.
        run: |
          set -x
          test "$GOOD" = 'success 0 0 0'
          grep -q '"results": *\[ *\]' "$GOOD_SARIF"
          test "$BAD" = 'failure 1 1 0 out.sarif'
          grep -q '"ruleId": "removed-api-version"' out.sarif
          test "$OPTIONS" = 'success 0 1'
          grep -q '"ruleId": "removed-api-version"' "$OPTIONS_SARIF"
          test "$SILENT" = 'success 1'
          test "$USAGE" = 'failure 2 .'
YAML
# Every input with a value that a shell, the runner or the command line could obey. Each must fail,
# set its outputs, and do nothing else. Only `args` may contain options.
shell="'\"; \$(touch injected); \`touch injected\`; touch injected #'"
outcomes=0
results=()
{
    printf 'on: push\njobs:\n  hostile:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v6\n'
    for input in "${inputs[@]}"; do
        step() {
            printf '      - id: %s\n        continue-on-error: true\n' "$input-$1"
            printf '        uses: kubeconfig-lint/kubeconfig-lint@main\n        with:\n'
            [[ $input == paths ]] || printf '          paths: missing\n'
            outcomes=$((outcomes + 1))
            results+=("\${{ steps.$input-$1.outcome }}=\${{ steps.$input-$1.outputs.exit-code }}")
        }
        step line
        printf '          %s: %s\n' "$input" "$shell"
        step lines
        cat <<YAML
          $input: |
            \$(touch injected)
            "; touch injected; '; touch injected; #
            ::set-output name=exit-code::0
            ::error file=forged::forged
            ##[error]forged
            exit-code=0
YAML
        if [[ $input != args ]]; then
            step option
            printf '          args: old\n          %s: --fix\n' "$input"
        fi
    done
    printf '      - shell: bash\n        env:\n          CAME_OUT: >-\n'
    printf '            %s\n' "${results[@]}"
    cat <<YAML
        run: |
          set -x
          test "\$(tr ' ' '\\n' <<<"\$CAME_OUT" | grep -cx 'failure=2')" = $outcomes
          test -z "\$(find . -name 'injected*')"
          git diff --exit-code
YAML
} >.github/workflows/hostile.yml
cat >.github/workflows/release.yml <<YAML
on: push
jobs:
  release:
    runs-on: ubuntu-latest
    env:
      KUBECONFIG_LINT_RELEASES: file://$work/releases
    steps:
      - uses: actions/checkout@v6
      - id: good
        name: takes the binary of a release
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          paths: good files
          version: $version
          kubectl-version: 1.24-1.37
      - id: pinned
        name: takes the binary of the release that is pinned
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          paths: good files
          version: v$version
          checksum: $(sha256sum <"$work/releases/v$version/SHA256SUMS" | cut -d ' ' -f 1)
          kubectl-version: 1.24-1.37
      - id: other
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          version: $version
          checksum: $(printf '%064d' 0)
      - id: changed
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          version: 9.9.9
      - id: absent
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          version: 9.9.8
      - shell: bash
        env:
          CAME_OUT: >-
            \${{ steps.good.outputs.exit-code }} \${{ steps.pinned.outputs.exit-code }}
            \${{ steps.other.outputs.exit-code }} \${{ steps.changed.outputs.exit-code }}
            \${{ steps.absent.outputs.exit-code }}
        run: test "\$CAME_OUT" = '0 0 2 2 2'
YAML
git init -q -b main
git add -A
git -c user.name=ci -c user.email=ci@example.invalid commit -q --no-verify -m consumer

# Runs a workflow with the action from a folder, as are all other actions except checkout.
workflow() {
    local status=0 action=${2:-$work/small}
    XDG_CACHE_HOME=$work/cache GITHUB_TOKEN='' act push --json --no-cache-server \
        -W ".github/workflows/$1.yml" -P ubuntu-latest=-self-hosted \
        --local-repository "kubeconfig-lint/kubeconfig-lint@main=$action" \
        >"$work/$1.jsonl" 2>&1 || status=$?
    if [[ $status != 0 ]] || ! grep -q '"jobResult":"success"' "$work/$1.jsonl"; then
        sed -n 's/.*"msg":"\(\([^"\\]\|\\.\)*\)".*/\1/p' "$work/$1.jsonl" | tail -n 80 >&2
        echo "check-action: the workflow failed" >&2
        exit 1
    fi
}

# Fails unless the log of a workflow has this number of lines with this command and text.
wants() {
    local found
    found=$(grep "\"command\":\"$3\"" "$work/$2.jsonl" | grep -cF -e "$4" || true)
    if [[ $found != "$1" ]]; then
        grep "\"command\":\"$3\"" "$work/$2.jsonl" >&2 || true
        echo "check-action: $2: $found of $3 with $4, not $1" >&2
        exit 1
    fi
}

echo "check-action: the action takes the kubeconfig-lint on PATH"
PATH=$binary:$PATH workflow lint
if grep -q 'Build kubeconfig-lint' "$work/lint.jsonl"; then
    echo "check-action: it was built, though one is on PATH" >&2
    exit 1
fi
# One annotation, from the only step that finds something and may annotate.
wants 1 lint error ''
wants 1 lint error '"file":"old/clusters/prod/kubeconfig"'
# The summary contains the findings of the steps that may write one.
# (No pipe into grep -q: it exits at the first match, and pipefail reports the writer's SIGPIPE.)
grep '"command":"summary"' "$work/lint.jsonl" >"$work/summaries"
grep -qF 'removed-api-version' "$work/summaries"
echo "check-action: inputs are data"
PATH=$binary:$PATH workflow hostile
wants 0 hostile error forged
echo "check-action: the action takes the binary of a release, if it is the right one"
workflow release
wants 1 release error 'does not match the input checksum'
wants 1 release error 'does not match SHA256SUMS'
wants 1 release error 'cannot download'
echo "check-action: the action builds its own, whatever the checked repository says of builds"
workflow build "$work/action"
grep -q 'Build kubeconfig-lint' "$work/build.jsonl"
echo "check-action: action.yml does what it says"
