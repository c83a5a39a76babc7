#!/usr/bin/env bash
# check-wheel.sh WORK: builds the wheel, and uses it as users would: with pip in a virtual
# environment, and as a pre-commit hook with `language: python` from a mirror. The source
# distribution must contain everything that a build needs.
#
# Needs maturin with zig, and pre-commit on PATH, cargo, and python3 with venv.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
rm -rf -- "$work/dist" "$work/fresh" "$work/mirror" "$work/consumer" "$work/store"
mkdir -p -- "$work/dist" "$work/mirror" "$work/consumer"
export PRE_COMMIT_HOME=$work/store GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=ci GIT_AUTHOR_EMAIL=ci@example.invalid
export GIT_COMMITTER_NAME=ci GIT_COMMITTER_EMAIL=ci@example.invalid

fail() {
    echo "check-wheel: $*" >&2
    exit 1
}

version=$(sed -n '/^version = /{s/^version = "\(.*\)"$/\1/p;q}' Cargo.toml)
# Built like a release, so that the URL of the mirror can be compared with its name.
flags=$(sed -n '/target: x86_64-unknown-linux-gnu/,/wheel:/s/^ *wheel: //p' .github/workflows/release.yml)
read -ra flags <<<"$flags"
[[ ${#flags[@]} != 0 ]] || fail "release.yml tells no flags for maturin"
maturin build --quiet --release --locked --bindings bin --out "$work/dist" "${flags[@]}"
maturin sdist --out "$work/dist" >"$work/sdist.log"
wheels=("$work"/dist/*.whl)
[[ ${#wheels[@]} == 1 ]] || fail "not one wheel: ${wheels[*]}"
named=$(sed -n 's|^.*/releases/download/v\([^#]*\)#sha256=.*|\1|p' support/mirror/pyproject.toml)
built=$version/$(basename "${wheels[0]}")
[[ ${named//x86_64/$(uname -m)} == "$built" ]] || fail "the mirror names $named, and maturin makes $built"
tar -tzf "$work/dist/kubeconfig_lint-$version.tar.gz" >"$work/sdist.list"
for file in Cargo.toml Cargo.lock pyproject.toml README.md LICENSE-MIT LICENSE-APACHE src/main.rs \
    crates/goyaml/Cargo.toml crates/goyaml/NOTICE crates/goyaml/src/lib.rs; do
    grep -qx "kubeconfig_lint-$version/$file" "$work/sdist.list" || fail "the sdist lacks $file"
done

python3 -m venv "$work/fresh"
"$work/fresh/bin/pip" install --quiet --no-index "${wheels[0]}"
[[ $("$work/fresh/bin/kubeconfig-lint" --version) == "kubeconfig-lint $version" ]] ||
    fail "the program of the wheel is not kubeconfig-lint $version"
status=0
# Run inside the tree: from the root, everything below tests/ is test data.
(cd tests/cases/seed-eks/tree && "$work/fresh/bin/kubeconfig-lint" --quiet) >"$work/report" || status=$?
[[ $status == 1 ]] || fail "the program of the wheel ended with $status"
grep -qF 'error[removed-api-version]' "$work/report" || fail "it found nothing"

# A mirror is a repository of these three files.
cd "$work/mirror"
git init -q -b main
sum=$(sha256sum "${wheels[0]}")
sed "s|@ https://[^\"]*|@ file://${wheels[0]}#sha256=${sum%% *}|" \
    "$root/support/mirror/pyproject.toml" >pyproject.toml
grep -qF "file://$work" pyproject.toml || fail "the mirror names no wheel"
sed 's/^  language: rust$/  language: python/' "$root/.pre-commit-hooks.yaml" >.pre-commit-hooks.yaml
git add -A
git commit -q --no-verify -m mirror
cd "$work/consumer"
git init -q -b main
cp -R "$root/tests/cases/seed-eks/tree/." .
git add -A -f
status=0
pre-commit try-repo "$work/mirror" kubeconfig-lint --all-files \
    --color never >"$work/log" 2>&1 || status=$?
if [[ $status != 1 ]] || ! grep -qF 'error[removed-api-version]' "$work/log"; then
    cat "$work/log" >&2
    fail "the hook of the mirror ended with $status"
fi
echo "check-wheel: the wheel and a mirror of it run"
