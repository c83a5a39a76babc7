#!/usr/bin/env bash
# What action.yml runs: finds or builds kubeconfig-lint, runs it once, and says what came out.
#
# Reads INPUT_*, RUNNER_TEMP and GITHUB_ACTION_PATH; writes outputs to GITHUB_OUTPUT. It needs
# nothing but a shell and the POSIX tools, so that it also works with the bash of Windows.
set -u

temp=${RUNNER_TEMP:-${TMPDIR:-/tmp}}

tool() {
    if command -v kubeconfig-lint >/dev/null; then
        command -v kubeconfig-lint
        return
    fi
    local target=$temp/kubeconfig-lint-target
    {
        echo "::group::Build kubeconfig-lint"
        cargo build --release --locked --bin kubeconfig-lint \
            --manifest-path "$GITHUB_ACTION_PATH/Cargo.toml" --target-dir "$target"
        local status=$?
        echo "::endgroup::"
    } >&2
    echo "$target/release/kubeconfig-lint"
    return "$status"
}

# Appends the lines of a text to the array `words`, without empty ones.
words=()
add_lines() {
    local line
    while IFS= read -r line || [[ -n $line ]]; do
        line=${line%$'\r'}
        [[ -z $line ]] || words+=("$line")
    done <<<"$1"
}

# The number of that name in the summary of the JSON report. No text in the report can look
# like it: its quotes would be escaped.
count() {
    sed -n 's/.*"'"$1"'": *\([0-9][0-9]*\).*/\1/p' "$json" 2>/dev/null | head -n 1
}

binary=$(tool) || {
    echo "::error::kubeconfig-lint is not on PATH and could not be built"
    exit 2
}

# A job may use the action more than once.
reports=$(mktemp -d "$temp/kubeconfig-lint.XXXXXX") || exit 2
sarif=${INPUT_SARIF_FILE:-}
sarif=${sarif:-$reports/kubeconfig-lint.sarif}
json=$reports/kubeconfig-lint.json
annotations=$reports/annotations
if [[ $sarif == *[$'\r\n']* ]]; then
    echo "::error::sarif-file must be one line"
    exit 2
fi
rm -f -- "$sarif"

words+=(--format text --format "sarif=$sarif" --format "json=$json" --format "github=$annotations")
[[ -z ${INPUT_FAIL_ON:-} ]] || words+=(--fail-on "$INPUT_FAIL_ON")
[[ -z ${INPUT_KUBECTL_VERSION:-} ]] || words+=(--kubectl-version "$INPUT_KUBECTL_VERSION")
add_lines "${INPUT_ARGS:-}"
words+=(--)
add_lines "${INPUT_PATHS:-.}"

# What the report quotes from the files is no command to the runner; standard error goes the
# same way, or it could come after the end of this.
token=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
echo "::stop-commands::$token"
"$binary" "${words[@]}" 2>&1
status=$?
echo "::$token::"

[[ ${INPUT_ANNOTATIONS:-true} != true || ! -f $annotations ]] || cat -- "$annotations"

[[ -f $sarif ]] || sarif=
{
    echo "sarif-file=$sarif"
    echo "exit-code=$status"
    echo "errors=$(count errors)"
    echo "warnings=$(count warnings)"
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$status"
