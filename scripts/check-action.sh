#!/usr/bin/env bash
# check-action.sh WORK BINARY: checks action.yml and the workflows, and runs the action in a
# user's workflow, with act directly on this machine.
#
# Needs act, actionlint, check-jsonschema, shellcheck and zizmor on PATH, and cargo, curl, openssl and
# python3. WORK is a folder for everything.
set -euo pipefail
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
binary=$(cd "$(dirname "$2")" && pwd)
program=$binary/$(basename "$2")
cd "$(dirname "$0")/.."
root=$PWD

check-jsonschema --builtin-schema vendor.github-actions action.yml
check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
check-jsonschema --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
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
version=$(scripts/release/pack.py "$(uname -m)-unknown-linux-musl" "$program" "$work/releases/tmp")
rm -rf -- "$work/releases"/v*
mv -- "$work/releases/tmp" "$work/releases/v$version"
cp -r -- "$work/releases/v$version" "$work/releases/v9.9.9"
(cd "$work/releases/v9.9.9" && mv -- *.tar.gz "kubeconfig-lint-9.9.9-$(uname -m)-unknown-linux-musl.tar.gz")
for folder in "$work/releases"/v*; do
    (cd "$folder" && sha256sum -- *.tar.gz >SHA256SUMS)
done
printf 'x' >>"$work/releases/v9.9.9/kubeconfig-lint-9.9.9-$(uname -m)-unknown-linux-musl.tar.gz"
# The server of the releases, whose certificate only these tests trust.
export CURL_CA_BUNDLE=$work/releases/key.pem
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext basicConstraints=critical,CA:TRUE \
    -keyout "$work/releases/key" -out "$work/releases/certificate" 2>/dev/null
cat "$work/releases/key" "$work/releases/certificate" >"$CURL_CA_BUNDLE"
rm -f -- "$work/ports" "$work/requests"
python3 scripts/release_server.py "$work/releases" "$work/ports" "$work/requests" &
server=$!
trap 'kill $server' EXIT
for _ in {1..100}; do
    [[ ! -s $work/ports ]] || break
    sleep 0.1
done
read -r port _ <"$work/ports"
releases=https://localhost:$port
mapfile -t inputs < <(sed -n '/^inputs:/,/^outputs:/s/^  \([a-z-]*\):$/\1/p' action.yml)

scripts/export.sh "$work/action"
# The program that the action builds need not be quick.
cat >"$work/action/.cargo/config.toml" <<'TOML'
[profile.release]
opt-level = 0
lto = "off"
codegen-units = 16
TOML
# act copies the action for every step: if nothing is built, copy only what is run.
rm -rf -- "$work/small"
mkdir -p "$work/small/scripts"
cp -- action.yml Cargo.toml "$work/small/"
cp -- scripts/action.sh "$work/small/scripts/"
cp -r -- support "$work/small/"
# And one as it will be once its release exists.
rm -rf -- "$work/released"
cp -r -- "$work/small" "$work/released"
cp -- "$work/releases/v$version/SHA256SUMS" "$work/released/support/checksums/v$version"
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
# Programs and settings in the checked repository that would run if it were on PATH, or were HOME.
mkdir bin
for program in awk cargo curl cut find git head kubeconfig-lint mktemp rustc sed sha256sum sort tar tr; do
    cp wrapper.sh "bin/$program"
done
printf 'url = "file:///etc/hostname"\noutput = "injected"\n' >.curlrc
printf '[core]\n    fsmonitor = ./wrapper.sh\n' >.gitconfig
# shellcheck disable=SC2016 # for the other bash
echo '[[ -z ${INPUT_PATHS:-} ]] || echo BASH_ENV >>"$GITHUB_WORKSPACE/injected"' >environment.sh
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
  BASH_ENV: ./environment.sh
  HOME: ${{ github.workspace }}
  TOOL_CACHE: ${{ github.workspace }}/tools
  RUNNER_TOOL_CACHE: ${{ github.workspace }}/tools
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - shell: bash
        run: printf '%s\n' bin "$PWD/bin" >>"$GITHUB_PATH"
      - id: built
        name: builds its own
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          paths: good files
          kubectl-version: 1.24-1.37
      - id: kept
        name: runs what it built
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          paths: old/clusters
      - name: What came out
        shell: bash
        env:
          BUILT: ${{ steps.built.outputs.exit-code }} ${{ steps.built.outputs.errors }} ${{ steps.built.outputs.warnings }}
          KEPT: ${{ steps.kept.outputs.exit-code }} ${{ steps.kept.outputs.errors }}
        run: |
          test "$BUILT" = '0 0 0'
          test "$KEPT" = '1 1'
          test ! -e injected
          test ! -e tools
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
      KUBECONFIG_LINT_RELEASES: $releases/good
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
# The action takes its own release. If it cannot be had, it goes on with the one on PATH; but not if
# it is another file than the action knows.
{
    cat <<'YAML'
on: push
jobs:
  released:
    runs-on: ubuntu-latest
    env:
      HOME: ${{ github.workspace }}
    steps:
      - uses: actions/checkout@v6
      - shell: bash
        run: printf '%s\n' bin "$PWD/bin" >>"$GITHUB_PATH"
YAML
    came_out=
    for place in "$releases"/{changed,cut,absent,plain} https://localhost:1 "$releases"/{moved,absent,good}; do
        number=$((${number:-0} + 1))
        if [[ $number == 8 ]]; then
            # shellcheck disable=SC2016 # for the other bash
            printf '      - shell: bash\n        run: for f in "$RUNNER_TOOL_CACHE/kubeconfig-lint"/*; do echo >"$f"; done\n'
        fi
        cat <<YAML
      - id: from-$number
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        env:
          KUBECONFIG_LINT_RELEASES: $place
        with:
          paths: good files
          kubectl-version: 1.24-1.37
YAML
        came_out+=" \${{ steps.from-$number.outputs.exit-code }}"
    done
    cat <<YAML
      - shell: bash
        env:
          CAME_OUT: '$came_out'
        run: |
          test "\$CAME_OUT" = ' 2 0 0 0 0 0 0 0'
          test ! -e injected
YAML
} >.github/workflows/released.yml
commit() {
    git add -A
    git -c user.name=ci -c user.email=ci@example.invalid commit -q --no-verify -m "$1"
}
git init -q -b main
commit consumer

# A pull request that hides all findings: with its configuration, and with its baseline. And a
# repository whose own settings would run programs.
rm -rf -- "$work/pull"
mkdir -p "$work/pull/.github/workflows"
cp -r "$root/tests/cases/config-root/tree/." "$work/pull"
cp wrapper.sh "$work/pull/"
cat >"$work/pull/.github/workflows/pull.yml" <<'YAML'
on: push
jobs:
  pull:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - shell: bash
        run: |
          git config core.fsmonitor ./wrapper.sh
          git config core.hooksPath .
          git config core.pager ./wrapper.sh
          git config core.sshCommand ./wrapper.sh
          git config pager.cat-file true
          git config diff.x.textconv ./wrapper.sh
          git config filter.x.smudge ./wrapper.sh
          git config alias.ls-tree '!./wrapper.sh'
          git config alias.cat-file '!./wrapper.sh'
          git config remote.origin.url 'ext::./wrapper.sh'
          git config remote.origin.promisor true
          git config extensions.partialClone origin
          git config protocol.ext.allow always
          printf '* diff=x filter=x\n' >.gitattributes
          git replace -f HEAD^1 HEAD
      - id: checkout
        uses: kubeconfig-lint/kubeconfig-lint@main
      - id: trusted
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          trusted-ref: HEAD^1
      - id: args
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          trusted-ref: HEAD^1
          baseline: ci/baseline.json
          args: |
            --config=.kubeconfig-lint.yaml
            --baseline=ci/baseline.json
      - id: none
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          trusted-ref: HEAD^1^1
          args: --no-ignore
      - id: unknown
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          trusted-ref: HEAD^1^1^1
      - id: absent
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          trusted-ref: HEAD^1
          config: ci/settings.yaml
      - id: outside
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          trusted-ref: HEAD^1
          baseline: ../baseline.json
      - shell: bash
        run: |
          object=$(git --no-replace-objects rev-parse HEAD^1:.kubeconfig-lint.yaml)
          rm -f ".git/objects/${object:0:2}/${object:2}"
      - id: lost
        continue-on-error: true
        uses: kubeconfig-lint/kubeconfig-lint@main
        with:
          trusted-ref: HEAD^1
      - shell: bash
        env:
          CAME_OUT: >-
            ${{ steps.checkout.outputs.errors }} ${{ steps.trusted.outputs.errors }}
            ${{ steps.args.outputs.errors }} ${{ steps.none.outputs.errors }}
            ${{ steps.unknown.outputs.exit-code }} ${{ steps.absent.outputs.exit-code }}
            ${{ steps.outside.outputs.exit-code }} ${{ steps.lost.outputs.exit-code }}
        run: |
          test "$CAME_OUT" = '0 1 1 4 2 2 2 2'
          test ! -e injected
YAML
cd "$work/pull"
git init -q -b main
mv base .kubeconfig-lint.yaml ci "$work/releases/"
commit 'no configuration'
cp -r "$work/releases/base/." .
commit base
cp -r "$work/releases"/{.kubeconfig-lint.yaml,ci} .
rm -r -- "$work/releases"/{base,.kubeconfig-lint.yaml,ci}
commit pull
cd "$work/consumer"

# Runs a workflow with the action from a folder, as are all other actions except checkout.
workflow() {
    local status=0 action=${2:-$work/small}
    rm -rf -- "$work/cache/act/tool_cache"
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

# Fails unless the log of a workflow has this number of lines with this text.
logged() {
    local found
    found=$(grep -cF -e "\"$3" "$work/$2.jsonl" || true)
    if [[ $found != "$1" ]]; then
        echo "check-action: $2: $found of $3, not $1" >&2
        exit 1
    fi
}

# Meanwhile, a release from a server that never answers.
started=$SECONDS
(
    mkdir -p -- "$work/temp"
    status=0
    env -u GITHUB_OUTPUT -u GITHUB_STEP_SUMMARY KUBECONFIG_LINT_RELEASES="$releases/hang" \
        INPUT_VERSION="$version" RUNNER_TEMP="$work/temp" GITHUB_ACTION_PATH="$work/released" \
        bash "$work/released/scripts/action.sh" >"$work/hang.log" 2>&1 || status=$?
    echo "$status $((SECONDS - started))" >"$work/hang.status"
) &
hang=$!

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
# The one that is pinned is kept from the step before it.
found=$(grep -c "good/v$version/kubeconfig-lint" "$work/requests")
[[ $found == 1 ]] || {
    echo "check-action: a release was downloaded $found times" >&2
    exit 1
}
echo "check-action: the action takes its own release, and goes on without it"
PATH=$binary:$PATH workflow released "$work/released"
wants 1 released error 'does not match SHA256SUMS'
logged 4 released 'Goes on without release'
logged 4 released 'Takes the kubeconfig-lint on PATH'
logged 3 released "Takes kubeconfig-lint $version, a release"
# From the redirect, and after what was kept had been changed.
found=$(grep -c "^https /good/v$version/kubeconfig-lint" "$work/requests")
if [[ $found != 3 ]] || grep '^http ' "$work/requests"; then
    echo "check-action: a release was downloaded $found times, or over HTTP" >&2
    exit 1
fi
echo "check-action: a pull request cannot hide findings from trusted-ref"
(cd "$work/pull" && PATH=$binary:$PATH workflow pull)
wants 1 pull error 'trusted-ref is not a commit in the checkout'
wants 1 pull error 'trusted-ref has no such configuration file'
wants 1 pull error 'files must be in the repository'
wants 1 pull error 'cannot read a file of trusted-ref'
echo "check-action: the action builds its own, whatever the checked repository says of builds"
workflow build "$work/action"
logged 1 build 'Takes the kubeconfig-lint that was built before'
grep -q 'Build kubeconfig-lint' "$work/build.jsonl"
wait "$hang"
read -r status seconds <"$work/hang.status"
if [[ $status != 2 ]] || ((seconds > 120)) || ! grep -q 'cannot download' "$work/hang.log"; then
    cat "$work/hang.log" >&2
    echo "check-action: a server that never answers: status $status after $seconds s" >&2
    exit 1
fi
echo "check-action: action.yml does what it says"
