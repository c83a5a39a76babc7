#!/usr/bin/env bash
# check-docs.sh WORK BINARY: checks the pipelines in the documentation against the schemas of their CI
# systems, and the workflows with actionlint and zizmor. Then runs what can be run here: workflows with act,
# GitLab's jobs with gitlab-ci-local, and the shell of the others. What needs the network is played.
#
# Needs act, actionlint, check-jsonschema, zizmor, groovy-parser and python3 on PATH, and npm for
# gitlab-ci-local; without that, it says so. It writes only to the folder WORK.
set -euo pipefail
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
binary=$(cd "$(dirname "$2")" && pwd)
program=$binary/$(basename "$2")
cd "$(dirname "$0")/.."
root=$PWD
rm -rf -- "$work/recipes" "$work/run"
mkdir -- "$work/recipes" "$work/run"
python3 scripts/recipes.py extract "$work/recipes" README.md docs/*.md
for system in github-workflows gitlab-ci azure-pipelines circle-ci; do
    check-jsonschema --builtin-schema "vendor.$system" "$work/recipes/$system".*.yml
done
# Our own action has no release to pin yet. An organization follows the branch of its own shared
# workflow, so it need not be pinned.
commit=0000000000000000000000000000000000000000
sed -i -e "s|@COMMIT |@$commit |" -e "s|\(uses: ORGANIZATION/.*\)@main$|\1@$commit|" \
    "$work"/recipes/github-workflows.*.yml
zizmor --offline --no-progress --color never --quiet --config .github/zizmor.yml \
    "$work"/recipes/github-workflows.*.yml

fail() {
    echo "check-docs: $*" >&2
    exit 1
}
# In a private repository, upload-sarif fails without this.
found=$(grep -lF 'security-events: write' "$work"/recipes/* | xargs grep -L '^ *actions: read' || true)
[[ -z $found ]] || fail "upload-sarif may not read its run: $found"

# Copies the only recipe with this text to a file, with all its documents.
recipe() {
    local found part
    found=$(grep -lF -e "$1" "$work"/recipes/* || true)
    [[ -f $found ]] || fail "not one recipe has $1: $found"
    mkdir -p -- "$(dirname "$2")"
    part=${found%.*.yml}
    cat "$found" >"$2"
    [[ ! -f $part.1.yml || $found == "$part.1.yml" ]] || { echo --- && cat "$part.1.yml"; } >>"$2"
}
# actionlint looks for the shared workflow that another one calls in the same repository.
project=$work/run/project/.github/workflows
recipe 'gh api' "$project/kubeconfigs-of.yml"
cp -- "$work"/recipes/github-workflows.*.yml "$project"
git init -q "$work/run/project"
(cd "$work/run/project" && actionlint -no-color -oneline)

# Makes the current folder a repository with a finding.
repository() {
    cp -r "$root/tests/cases/seed-eks/tree" deploy
    git init -q -b main
    git add -A
    git -c user.name=ci -c user.email=ci@example.invalid commit -q --no-verify -m "$1"
}

# The programs that the recipes call besides kubeconfig-lint.
mkdir -- "$work/run/bin"
cat >"$work/run/bin/gh" <<SH
#!/bin/sh
echo "\$*" >>"$work/run/gh"
case "\$1 \$2" in
'pr list') echo 0 ;;
'repo list') echo '["acme/one","acme/two"]' ;;
esac
for word; do
    case \$word in sarif=@*) base64 -d "\${word#*@}" | gzip -d >>"$work/run/sarif" ;; esac
done
SH
# cargo, as the recipes call it.
cat >"$work/run/bin/cargo" <<SH
#!/bin/bash
url=https://github.com/kubeconfig-lint/kubeconfig-lint
[[ "\$*" =~ ^install\ --locked\ (--root\ [^\ ]+\ )?--git\ \$url(\ --rev\ COMMIT)?\ kubeconfig-lint\$ ]] || exit
[[ \$3 != --root ]] || { mkdir -p "\$4/bin" && cp -- "$program" "\$4/bin/kubeconfig-lint"; }
pwd >>"$work/run/installs"
SH
if ! command -v rsync >/dev/null; then
    # As gitlab-ci-local calls it: copies what git knows to the folder in the last word.
    cat >"$work/run/bin/rsync" <<'SH'
#!/bin/bash
mkdir -p "${@: -1}"
git ls-files -z | tar -c --null -T - | tar -x -C "${@: -1}"
SH
fi
chmod +x "$work"/run/bin/*
export PATH=$work/run/bin:$binary:$PATH

echo "check-docs: the shell of Jenkins, Azure Pipelines and CircleCI"
for system in jenkins azure-pipelines circle-ci; do
    mkdir -p -- "$work/run/shell/$system"
    (cd "$work/run/shell/$system" && repository "$system" &&
        HOME=$PWD/home python3 "$root/scripts/recipes.py" run "$work/recipes/$system".*)
done

echo "check-docs: plain shell"
# Runs the only recipe in the shell with this text in a folder, and expects that status.
shell() {
    local status=0
    (cd "$3" && recipe "$2" "$work/run/recipe.sh" && sh -e "$work/run/recipe.sh") >"$work/run/shell.log" 2>&1 || status=$?
    if [[ $status != "$1" ]]; then
        cat "$work/run/shell.log" >&2
        fail "the recipe with $2 ends with $status, not $1, in $3"
    fi
}
shell 0 'cargo install --locked --git https://github.com/kubeconfig-lint/kubeconfig-lint kubeconfig-lint' "$work/run/shell"
mkdir -- "$work/run/shell/source"
(
    cd "$work/run/shell/source"
    repository main
    shell 1 'kubeconfig-lint --format short' .
    git switch -q --create change
    cp deploy/clusters/prod/kubeconfig new
    git add -A
    git -c user.name=ci -c user.email=ci@example.invalid commit -q --no-verify -m change
    git switch -q main
    for branch in main change; do
        git clone -q --depth 1 --branch "$branch" "file://$PWD" "../$branch"
    done
    shell 0 '--diff-filter' ../main
    shell 1 '--diff-filter' ../change
    if ! grep -q ' new:' "$work/run/shell.log" || grep -q ' deploy/' "$work/run/shell.log"; then
        fail "the recipe checks other files than those that a change touches"
    fi
    git branch -q -m main trunk
    shell 128 '--diff-filter' ../change
)

echo "check-docs: workflows for many repositories, and for fixes"
for name in one two; do
    mkdir -p -- "$work/run/repositories/acme/$name"
    (cd "$work/run/repositories/acme/$name" && repository "$name")
done
# Actions that play those of GitHub. What one job stores is for the others.
stub() {
    mkdir -p -- "$work/run/$1"
    {
        printf 'name: %s\ndescription: none\ninputs:\n' "$1"
        printf '  %s: {default: "", description: none}\n' repository token persist-credentials name path pattern
        printf 'runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: %s\n' "$2"
    } >"$work/run/$1/action.yml"
}
mkdir -- "$work/run/stored"
stub checkout "cp -r '$work/run/repositories/\${{ inputs.repository }}/.' ."
stub upload "mkdir '$work/run/stored/\${{ inputs.name }}' && cp '\${{ inputs.path }}' '$work/run/stored/\${{ inputs.name }}/'"
stub cache ''
for half in restore save; do
    mkdir -- "$work/run/cache/$half"
    cat >"$work/run/cache/$half/action.yml" <<YAML
name: $half
description: none
inputs:
  path: {default: '', description: none}
  key: {default: '', description: none}
outputs:
  cache-primary-key: {value: '\${{ inputs.key }}', description: none}
  cache-hit: {value: '', description: none}
runs:
  using: composite
  steps:
    - shell: bash
      run: echo '$half \${{ inputs.path }} \${{ inputs.key }}' >>'$work/run/cached'
YAML
done
stub download "cp -r '$work/run/stored' '\${{ inputs.path }}'"
mkdir -p -- "$work/run/action/scripts"
cp -- action.yml Cargo.toml "$work/run/action/"
cp -- scripts/action.sh "$work/run/action/scripts/"
pin() { echo "$1@$(grep -rhoE "$1(/[a-z]+)?@[0-9a-f]{40}" "$work/recipes" | head -n 1 | tail -c 41)"; }
workflow() {
    local status=0
    XDG_CACHE_HOME=$work/cache GITHUB_TOKEN='' act "$1" --json --no-cache-server -W ".github/workflows/$2.yml" \
        -P ubuntu-latest=-self-hosted -s KUBECONFIGS_TOKEN=token \
        --local-repository "kubeconfig-lint/kubeconfig-lint@$commit=$work/run/action" \
        --local-repository "$(pin actions/checkout)=$work/run/checkout" \
        --local-repository "$(pin actions/cache)=$work/run/cache" \
        --local-repository "$(pin actions/upload-artifact)=$work/run/upload" \
        --local-repository "$(pin actions/download-artifact)=$work/run/download" \
        >"$work/run/$2.jsonl" 2>&1 || status=$?
    if ! grep -q "\"jobResult\":\"${3:-success}\"" "$work/run/$2.jsonl"; then
        sed -n 's/.*"msg":"\(\([^"\\]\|\\.\)*\)".*/\1/p' "$work/run/$2.jsonl" | tail -n 60 >&2
        fail "the workflow $2 did not end with ${3:-success}"
    fi
}
mkdir -- "$work/run/github"
(
    cd "$work/run/github"
    recipe actions/cache/restore .github/workflows/kubeconfigs.yml
    repository github
    workflow pull_request kubeconfigs failure
)
grep -q '"command":"error".*removed-api-version' "$work/run/kubeconfigs.jsonl" || fail "there are no annotations"
[[ $(sort -k 3 "$work/run/cached" | sed 's/^[^ ]* //' | uniq -c | awk '{ print $1 }') == 2 ]] ||
    fail "the build is not kept where it is looked for: $(cat "$work/run/cached")"
mkdir -- "$work/run/ci"
(
    cd "$work/run/ci"
    recipe 'gh api' .github/workflows/kubeconfigs-of.yml
    recipe 'gh repo list' .github/workflows/kubeconfigs-of-all.yml
    repository ci
    workflow workflow_dispatch kubeconfigs-of-all
)
[[ $(grep -c '^api repos/acme/.*/code-scanning/sarifs .* -f ref=refs/heads/main ' "$work/run/gh") == 2 ]] ||
    fail "not every repository got its SARIF report"
[[ $(grep -c '"ruleId": "removed-api-version"' "$work/run/sarif") == 4 ]] || fail "the SARIF reports are others"
for name in one two; do
    grep '"command":"summary"' "$work/run/kubeconfigs-of-all.jsonl" | grep -qF "| acme/$name | 2 | 0 |" ||
        fail "the summary lacks acme/$name"
done
mkdir -- "$work/run/fix"
(
    cd "$work/run/fix"
    recipe 'gh pr create' .github/workflows/fix.yml
    repository fix
    git clone -q --bare . "$work/run/origin.git"
    git remote add origin "$work/run/origin.git"
    workflow workflow_dispatch fix
)
git -C "$work/run/origin.git" show --format='%an: %s' kubeconfig-lint >"$work/run/pushed"
grep -q '^github-actions\[bot\]: Fix exec API versions' "$work/run/pushed" || fail "there is no commit"
grep -q '^+.*client.authentication.k8s.io/v1beta1' "$work/run/pushed" || fail "nothing is fixed"
grep -q '^pr create --head kubeconfig-lint ' "$work/run/gh" || fail "there is no pull request"

echo "check-docs: jobs of GitLab"
# Newer ones need Node.js 22.
timeout 300 npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$work/npm" gitlab-ci-local@4.64.1 >"$work/npm.log" 2>&1 || true
local=$work/npm/node_modules/.bin/gitlab-ci-local
if [[ ! -x $local ]]; then
    [[ -z ${CI:-} ]] || fail "gitlab-ci-local cannot be installed"
    echo "!!! SKIPPED: gitlab-ci-local cannot be installed"
    exit
fi
# Runs GitLab's job in a folder below `run`, and expects that status and the Code Quality report.
gitlab() {
    local name=$1 wanted=$2 status=0
    shift 2
    cd "$work/run/$name"
    git remote get-url origin >"$work/run/gitlab.log" 2>&1 || git remote add origin https://gitlab.example/acme/infra.git
    HOME=$work/run "$local" --force-shell-executor "$@" kubeconfig-lint >"$work/run/gitlab.log" 2>&1 || status=$?
    if [[ $status != "$wanted" || ! -f gl-code-quality-report.json ]]; then
        cat "$work/run/gitlab.log" >&2
        fail "GitLab's job in $name ends with $status, not $wanted, or without a report"
    fi
}
mkdir -- "$work/run/gitlab" "$work/run/component" "$work/run/merge-request"
(
    cd "$work/run/gitlab"
    recipe 'It builds nothing' .gitlab-ci.yml
    repository gitlab
    gitlab gitlab 1
    grep -q removed-api-version gl-code-quality-report.json || fail "the Code Quality report is empty"
    ! grep -q 'warning: ' "$work/run/gitlab.log" || fail "the job warns: $(cat "$work/run/gitlab.log")"
)
(
    cd "$work/run/component"
    recipe 'spec:' templates/kubeconfig-lint.yml
    recipe '- component:' .gitlab-ci.yml
    sed -i 's|- component: .*|- local: /templates/kubeconfig-lint.yml|' .gitlab-ci.yml
    # The component obeys the configuration of a project, unless the project says otherwise.
    printf 'kubectl-version: 1.20-1.22\nfail-on: error\n' >.kubeconfig-lint.yaml
    repository component
    gitlab component 1
    sed -i '/inputs:/,$d' .gitlab-ci.yml
    git add -A
    gitlab component 0
)
(
    # A merge request that turns all rules off.
    cd "$work/run/merge-request"
    recipe 'git worktree add' .gitlab-ci.yml
    repository merge-request
    git clone -q --bare . "$work/run/target.git"
    git remote add origin "file://$work/run/target.git"
    printf 'exclude: ["*"]\n' >.kubeconfig-lint.yaml
    git add -A
    of_merge_request=(--variable CI_PIPELINE_SOURCE=merge_request_event --variable CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main)
    gitlab merge-request 1 "${of_merge_request[@]}"
    # And a target branch with a configuration.
    git worktree prune
    git clone -q "$work/run/target.git" "$work/run/target"
    cd "$work/run/target"
    printf 'fail-on: never\n' >.kubeconfig-lint.yaml
    git add -A
    git -c user.name=ci -c user.email=ci@example.invalid commit -q --no-verify -m target
    git push -q origin main
    gitlab merge-request 0 "${of_merge_request[@]}"
    [[ $(tail -n 1 "$work/run/installs") == / ]] || fail "cargo runs in the checkout"
)
