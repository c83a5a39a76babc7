#!/usr/bin/env bash
# Run by action.yml: gets kubeconfig-lint, runs it once, and reports the result.
#
# Reads INPUT_*, RUNNER_TEMP and GITHUB_ACTION_PATH; writes to GITHUB_OUTPUT and
# GITHUB_STEP_SUMMARY. To run on every runner, it needs only bash 3.2, the POSIX tools and, for a
# release, curl and tar. KUBECONFIG_LINT_RELEASES is the URL of a mirror of the releases.
set -u

temp=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
# On Windows, bash would convert an argument that begins with a slash, as if it were a path.
export MSYS_NO_PATHCONV=1 MSYS2_ARG_CONV_EXCL='*'
! command -v cygpath >/dev/null || temp=$(cygpath -m "$temp")
releases=${KUBECONFIG_LINT_RELEASES:-https://github.com/kubeconfig-lint/kubeconfig-lint/releases/download}
sarif='' own_sarif='' json=''

# Prints the number with this name from the summary of the JSON report. No text in the report can
# look like it, because its quotes would be escaped.
count() {
    [[ -f $json ]] || return 0
    sed -n 's/.*"'"$1"'": *\([0-9][0-9]*\).*/\1/p' "$json" | head -n 1
}

# Sets the outputs and exits with that status. Does not pass off the SARIF report of an earlier run
# as one of this run.
finish() {
    cmp -s -- "$own_sarif" "$sarif" 2>/dev/null || sarif=
    {
        echo "sarif-file=$sarif"
        echo "exit-code=$1"
        echo "errors=$(count errors)"
        echo "warnings=$(count warnings)"
    } >>"${GITHUB_OUTPUT:-/dev/null}"
    exit "$1"
}

# Says why the action cannot run. Does not repeat the value of an input, which could be a command.
die() {
    echo "::error title=kubeconfig-lint::$1"
    finish 2
}

# Prints the target triple of the binary that runs here; a static one on Linux.
target() {
    local machine
    case $(uname -m) in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) return 1 ;;
    esac
    case $(uname -s) in
    Linux) echo "$machine-unknown-linux-musl" ;;
    Darwin) echo "$machine-apple-darwin" ;;
    # Windows on arm64 also runs x86-64 programs.
    MINGW* | MSYS* | CYGWIN*) echo "x86_64-pc-windows-msvc" ;;
    *) return 1 ;;
    esac
}

sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1"
    else
        shasum -a 256 <"$1"
    fi | cut -d ' ' -f 1
}

fetch() {
    curl --proto '=https,file' --fail --silent --show-error --location --retry 3 \
        --output "$2" -- "$releases/$1"
}

# Downloads the binary of a release, and sets `binary`. Unpacks it only if its SHA-256 is the one in
# the action's support/checksums or, if the action does not know the release, the one in the
# release's SHA256SUMS.
download() {
    local version=$1 triple name archive sums held wanted
    triple=$(target) || die "no release has a binary for this machine; set version to source"
    name=kubeconfig-lint-$version-$triple
    archive=$reports/$name.tar.gz
    sums=$reports/SHA256SUMS
    held=$GITHUB_ACTION_PATH/support/checksums/v$version
    if [[ -f $held ]]; then
        cp -- "$held" "$sums" || die "cannot read the checksums of the action"
    else
        fetch "v$version/SHA256SUMS" "$sums" || die "cannot download SHA256SUMS of that release"
    fi
    if [[ -n ${INPUT_CHECKSUM:-} && $INPUT_CHECKSUM != "$(sha256 "$sums")" ]]; then
        die "SHA256SUMS of that release does not match the input checksum"
    fi
    wanted=$(awk -v name="$name.tar.gz" '$2 == name || $2 == "*" name { print $1 }' "$sums")
    [[ $wanted =~ ^[0-9a-f]{64}$ ]] || die "SHA256SUMS of that release does not list the binary for this machine"
    fetch "v$version/$name.tar.gz" "$archive" || die "cannot download the binary of that release"
    [[ $(sha256 "$archive") == "$wanted" ]] || die "the downloaded binary does not match SHA256SUMS"
    # Some versions of tar read `C:/` as the name of another machine.
    (cd "$reports" && tar -xzf "$name.tar.gz") || die "cannot unpack the binary of that release"
    binary=$reports/$name/kubeconfig-lint
}

# Keeps the checked repository out of the build. cargo and rustup read `.cargo/config.toml` and
# `rust-toolchain.toml` in the current folder and its parents, and settings from the environment;
# both can name programs to run. Only the settings remain that say where cargo and rustup are
# installed, unless that is in the checkout, and how to reach the network.
leave_checkout() {
    local name checkout=$PWD
    while IFS= read -r name; do
        case $name in
        CARGO_HOME | RUSTUP_HOME)
            case ${!name} in
            "$checkout"* | "${GITHUB_WORKSPACE:-$checkout}"*) unset "$name" ;;
            esac
            ;;
        CARGO_HTTP_* | CARGO_NET_*) ;;
        CARGO | CARGO_* | RUSTC | RUSTC_* | RUSTDOC* | RUSTFLAGS | RUST_* | RUSTUP_TOOLCHAIN)
            unset "$name"
            ;;
        esac
    done < <(compgen -e)
    cd -- "$GITHUB_ACTION_PATH" || exit
}

# Builds the binary with the runner's Rust, and sets `binary`.
build() {
    local folder=$temp/kubeconfig-lint-target status
    echo "::group::Build kubeconfig-lint"
    (
        leave_checkout
        cargo build --release --locked --bin kubeconfig-lint --target-dir "$folder"
    ) 2>&1
    status=$?
    echo "::endgroup::"
    [[ $status == 0 ]] || die "cannot build kubeconfig-lint; set version to a release"
    binary=$folder/release/kubeconfig-lint
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

for value in "${INPUT_ANNOTATIONS:=true}" "${INPUT_SUMMARY:=true}"; do
    [[ $value == true || $value == false ]] || die "annotations and summary must be true or false"
done
[[ ${INPUT_SARIF_FILE:=} != *[$'\r\n']* ]] || die "sarif-file must be one line"
if [[ -n ${INPUT_CHECKSUM:=} ]]; then
    [[ $INPUT_CHECKSUM =~ ^[0-9a-f]{64}$ ]] || die "checksum must be 64 hexadecimal digits"
fi
number='^v?([0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?)$'
release=
if [[ ${INPUT_VERSION:=} =~ $number ]]; then
    release=${BASH_REMATCH[1]}
elif [[ $INPUT_VERSION != path && $INPUT_VERSION != source && -n $INPUT_VERSION ]]; then
    die "version must be a release such as 0.1.0, path or source"
fi
[[ -n $release || -z $INPUT_CHECKSUM ]] || die "checksum works only if version is a release"

# A job may use the action several times.
reports=$(mktemp -d "$temp/kubeconfig-lint.XXXXXX") || die "cannot create a temporary folder"
onpath=$(command -v kubeconfig-lint)
if [[ -n $release ]]; then
    download "$release"
elif [[ $INPUT_VERSION != source && -n $onpath ]]; then
    binary=$onpath
elif [[ $INPUT_VERSION == path ]]; then
    die "kubeconfig-lint is not on PATH"
else
    build
fi

own_sarif=$reports/kubeconfig-lint.sarif
sarif=${INPUT_SARIF_FILE:-$own_sarif}
json=$reports/kubeconfig-lint.json
annotations=$reports/annotations
summary=$reports/summary.md

words+=(--format text "--format=sarif=$own_sarif" "--format=json=$json" "--format=github=$annotations")
[[ -z $INPUT_SARIF_FILE ]] || words+=("--format=sarif=$sarif")
# A kubeconfig-lint on PATH may be too old for the format.
if grep -qw markdown <<<"$("$binary" --help 2>/dev/null)"; then
    words+=("--format=markdown=$summary")
fi
# One word each, so that no value can be read as another option.
[[ -z ${INPUT_FAIL_ON:-} ]] || words+=("--fail-on=$INPUT_FAIL_ON")
[[ -z ${INPUT_KUBECTL_VERSION:-} ]] || words+=("--kubectl-version=$INPUT_KUBECTL_VERSION")
add_lines "${INPUT_ARGS:-}"
words+=(--)
add_lines "${INPUT_PATHS:-.}"

# The runner must not read what the report quotes from files as commands. Standard error goes the
# same way; otherwise it could arrive after commands are enabled again.
token=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
echo "::stop-commands::$token"
"$binary" "${words[@]}" 2>&1
status=$?
echo
echo "::$token::"

[[ $INPUT_ANNOTATIONS != true || ! -f $annotations ]] || cat -- "$annotations"
if [[ $INPUT_SUMMARY == true && -f $summary ]]; then
    # GitHub rejects a summary of more than 1 MiB.
    if (($(wc -c <"$summary") > 1000000)); then
        head -c 1000000 "$summary" | LC_ALL=C sed '$d'
        printf '\nThe report is cut here: the log and the SARIF report have the rest.\n'
    else
        cat -- "$summary"
    fi >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
fi
finish "$status"
