#!/usr/bin/env bash
# check-docs.sh WORK BINARY: checks the pipelines in the documentation against the schemas of their CI
# systems, and the workflows with zizmor. Then runs what can be run here: workflows with act, GitLab's jobs
# with gitlab-ci-local, and the shell of the others. What needs the network is played.
#
# Needs act, check-jsonschema, zizmor, groovy-parser and python3 on PATH, and npm for gitlab-ci-local; without
# that, it says so. It writes only to the folder WORK.
set -euo pipefail
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
binary=$(cd "$(dirname "$2")" && pwd)
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
# Makes the current folder a repository with a finding.
repository() {
    cp -r "$root/tests/cases/seed-eks/tree" deploy
    echo "export PATH='$binary':\$PATH" >install-kubeconfig-lint.sh
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
printf '#!/bin/sh\n' >"$work/run/bin/cargo"
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
mkdir -- "$work/run/shell"
(cd "$work/run/shell" && repository shell &&
    python3 "$root/scripts/recipes.py" run "$work"/recipes/{jenkins,azure-pipelines,circle-ci}.*)

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
stub download "cp -r '$work/run/stored' '\${{ inputs.path }}'"
mkdir -p -- "$work/run/action/scripts"
cp -- action.yml Cargo.toml "$work/run/action/"
cp -- scripts/action.sh "$work/run/action/scripts/"
pin() { grep -rhoE "$1@[0-9a-f]{40}" "$work/recipes" | head -n 1; }
workflow() {
    local status=0
    XDG_CACHE_HOME=$work/cache GITHUB_TOKEN='' act "$1" --json --no-cache-server -W ".github/workflows/$2.yml" \
        -P ubuntu-latest=-self-hosted -s KUBECONFIGS_TOKEN=token \
        --local-repository "kubeconfig-lint/kubeconfig-lint@$commit=$work/run/action" \
        --local-repository "$(pin actions/checkout)=$work/run/checkout" \
        --local-repository "$(pin actions/upload-artifact)=$work/run/upload" \
        --local-repository "$(pin actions/download-artifact)=$work/run/download" \
        >"$work/run/$2.jsonl" 2>&1 || status=$?
    if [[ $status != 0 ]] || ! grep -q '"jobResult":"success"' "$work/run/$2.jsonl"; then
        sed -n 's/.*"msg":"\(\([^"\\]\|\\.\)*\)".*/\1/p' "$work/run/$2.jsonl" | tail -n 60 >&2
        fail "the workflow $2 failed"
    fi
}
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
mkdir -- "$work/run/gitlab" "$work/run/component"
(cd "$work/run/gitlab" && recipe '- . ./install-kubeconfig-lint.sh' .gitlab-ci.yml && repository gitlab)
(
    cd "$work/run/component"
    recipe 'spec:' templates/kubeconfig-lint.yml
    recipe '- component:' .gitlab-ci.yml
    sed -i 's|- component: .*|- local: /templates/kubeconfig-lint.yml|' .gitlab-ci.yml
    repository component
)
for name in gitlab component; do
    (
        cd "$work/run/$name"
        git remote add origin https://gitlab.example/acme/infra.git
        status=0
        HOME=$work/run "$local" --force-shell-executor kubeconfig-lint >"$work/run/$name.log" 2>&1 || status=$?
        if [[ $status != 1 ]] || ! grep -q removed-api-version gl-code-quality-report.json; then
            cat "$work/run/$name.log" >&2
            fail "GitLab's job in $name ends with $status"
        fi
    )
done
grep -qF -- "--kubectl-version '1.28-1.37'" "$work/run/component.log" || fail "the component has no inputs"
