#!/usr/bin/env bash
# check-hook.sh WORK BINARY: uses the pre-commit hooks as a user's repository would.
#
# Needs pre-commit on PATH (and, for `language: rust`, cargo). It writes only to the folder WORK.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
binary=$(cd "$(dirname "$2")" && pwd)
export PRE_COMMIT_HOME=$work/store
# A user's build starts from scratch and is optimized; here the compiled dependencies are kept, and the program
# need not be quick.
export CARGO_TARGET_DIR=$work/target
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
export GIT_AUTHOR_NAME=ci GIT_AUTHOR_EMAIL=ci@example.invalid
export GIT_COMMITTER_NAME=ci GIT_COMMITTER_EMAIL=ci@example.invalid GIT_CONFIG_GLOBAL=/dev/null
# This checkout plays the repository on GitHub. pre-commit hands on these variables.
url=https://github.com/kubeconfig-lint/kubeconfig-lint
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=url.file://$work/hooks.insteadOf GIT_CONFIG_VALUE_0=$url

fail() {
    echo "check-hook: $*" >&2
    cat "$work/log" >&2
    exit 1
}

# Runs pre-commit and expects that status.
run() {
    local wanted=$1 status=0
    shift
    pre-commit "$@" --color never >"$work/log" 2>&1 || status=$?
    [[ $status == "$wanted" ]] || fail "pre-commit $* ended with $status, not $wanted"
}

expect() { grep -qF -e "$1" "$work/log" || fail "no '$1' in what pre-commit printed"; }

pre-commit validate-manifest .pre-commit-hooks.yaml
# pre-commit accepts unknown keys and duplicate ids.
python3 - <<'PYTHON'
import re, sys
known = set("""id name entry language minimum_pre_commit_version alias files exclude types
types_or exclude_types additional_dependencies args always_run fail_fast pass_filenames description
language_version log_file require_serial stages verbose""".split())
text = open(".pre-commit-hooks.yaml", encoding="utf-8").read()
keys = re.findall(r"^(?:- |  )(\w+):", text, re.M)
ids = re.findall(r"^- id: (.*)$", text, re.M)
unknown = set(keys) - known
if unknown or len(ids) != len(set(ids)) or not ids:
    sys.exit(f".pre-commit-hooks.yaml: unknown keys {sorted(unknown)}, ids {ids}")
PYTHON

# The block of the README about pre-commit in this language.
readme() { sed -n '/^## pre-commit/,/^## GitHub/p' README.md | sed -n "/^\`\`\`$1/,/^\`\`\`/p" | sed '/^```/d'; }
config=$(readme yaml)
commands=$(readme sh)
scripts/export.sh "$work/hooks"
rm -rf -- "$work/consumer" "$work/store"
mkdir -p "$work/consumer/clusters"
cd "$work/consumer"
git init -q -b main
kubeconfig() {
    printf 'apiVersion: v1\nkind: Config\nusers:\n- name: u\n  user:\n    exec:\n'
    printf '      apiVersion: client.authentication.k8s.io/%s\n      command: aws\n' "$1"
    printf '      args: [eks, get-token, --cluster-name, c]\n'
}
hook() {
    printf 'repos:\n- repo: %s\n  rev: %s\n  hooks:\n  - id: %s\n' \
        "$url" "$(git -C "$work/hooks" rev-parse HEAD)" "$1"
    [[ $# == 1 ]] || printf '    args: [%s]\n' "$2"
}

# As the README says.
kubeconfig v1alpha1 >clusters/kubeconfig
echo "$config" >.pre-commit-config.yaml
git add -A
status=0
bash -ec "$commands" >"$work/log" 2>&1 || status=$?
[[ $status == 1 ]] || fail "the commands of the README end with $status"
expect 'clusters/kubeconfig:7:19'
hook kubeconfig-lint | grep -qF "$(grep rev: .pre-commit-config.yaml | sed 's/ *//;s/ #.*//')" ||
    fail "autoupdate did not write the commit"
[[ -x .git/hooks/pre-commit ]] || fail "the README does not install the hook"
rm .git/hooks/pre-commit

for id in kubeconfig-lint kubeconfig-lint-system; do
    [[ $id == kubeconfig-lint ]] || export PATH=$binary:$PATH
    # Without an extension, with a name that looks like an option, and hidden.
    kubeconfig v1alpha1 >clusters/kubeconfig
    git add -A
    run 0 install-hooks
    run 1 run --all-files
    expect 'error[removed-api-version]'
    expect 'clusters/kubeconfig:7:19'
    expect 'hint: to fix with pre-commit, configure the hook kubeconfig-lint-fix'
    kubeconfig v1beta1 >clusters/kubeconfig
    # A file name is never read as an option.
    printf 'x\n' >./--fail-on=never
    git add -A
    run 1 run --all-files
    expect "'--fail-on=never' is an option and also a file"
    rm ./--fail-on=never
    kubeconfig v1alpha1 >-odd
    git add -A
    run 1 run --all-files
    expect "'-odd' is an option and also a file"
    hook "$id" -- >.pre-commit-config.yaml
    git add -A
    run 1 run --all-files
    expect '-odd:7:19'
    rm ./-odd
    # The user's own arguments do not disable `exclude`.
    mkdir old
    kubeconfig v1alpha1 >old/kubeconfig
    printf 'exclude: [/old/]\n' >.kubeconfig-lint.yaml
    for args in --kubectl-version=1.28-1.37 '--kubectl-version, 1.28-1.37, --'; do
        hook "$id" "$args" >.pre-commit-config.yaml
        git add -A
        run 0 run --all-files
        expect 'Passed'
    done
    rm -r old .kubeconfig-lint.yaml
    hook "$id" >.pre-commit-config.yaml
    git add -A
    run 0 run --all-files
    expect 'Passed'
done
# The hook that fixes: it changes the file, pre-commit stops the commit, and the next commit
# succeeds.
hook kubeconfig-lint-fix >.pre-commit-config.yaml
kubeconfig v1alpha1 >clusters/kubeconfig
printf 'kubeconfig: {{ secret }}\n' >clusters/notes
git add -A
run 0 install-hooks
run 1 run --files clusters/kubeconfig clusters/notes
expect 'files were modified by this hook'
expect 'fixed 1 finding in'
kubeconfig v1beta1 | cmp - clusters/kubeconfig || fail "what the fix hook wrote is not v1beta1"
git add -A
run 0 run --all-files
# From scratch, as in the README.
run 0 try-repo "$work/hooks" kubeconfig-lint --all-files
# The hook stops a commit.
hook kubeconfig-lint-system >.pre-commit-config.yaml
kubeconfig v1alpha1 >clusters/kubeconfig
git add -A
pre-commit install >/dev/null
if git commit -q -m bad >"$work/log" 2>&1; then
    fail "a commit with a finding went through"
fi
expect 'error[removed-api-version]'
echo "check-hook: the hooks stop what they should, and nothing else"
