#!/usr/bin/env bash
# Run by action.yml: gets kubeconfig-lint, runs it once, and reports the result.
#
# Reads INPUT_*, TOOL_CACHE, RUNNER_TEMP, GITHUB_WORKSPACE and GITHUB_ACTION_PATH; writes to
# GITHUB_OUTPUT and GITHUB_STEP_SUMMARY. To run on every runner, it needs only bash 3.2, the POSIX
# tools and, for a release, curl and tar. KUBECONFIG_LINT_RELEASES is the URL of a mirror of the
# releases.
#
# The checkout may come from anybody: it is read, but nothing in it is run.
set -u

checkout=$(cd -P -- "${GITHUB_WORKSPACE:-$PWD}" && pwd) || exit 2

# Whether a folder is in the checkout, as is one with a relative path.
is_inside() (
    case $1 in
    /* | [A-Za-z]:*) ;;
    *) exit 0 ;;
    esac
    ! cd -P -- "$1" 2>/dev/null || set -- "$PWD"
    [[ $1/ == "$checkout"/* ]]
)

# Prints PATH without the folders in the checkout.
path_outside() (
    outside=
    while IFS= read -r -d : folder; do
        case $folder in
        /* | [A-Za-z]:*) ;;
        *) continue ;;
        esac
        if cd -P -- "$folder" 2>/dev/null && [[ $PWD/ != "$checkout"/* ]]; then
            outside+=${outside:+:}$folder
        fi
    done <<<"$PATH:"
    echo "$outside"
)

# Runs a program without settings from the checkout.
outside() (
    for name in HOME CURL_HOME XDG_CONFIG_HOME CARGO_HOME RUSTUP_HOME; do
        [[ -z ${!name:-} ]] || ! is_inside "${!name}" || unset "$name"
    done
    "$@"
)

PATH=$(path_outside)
# It holds options of tar, which can name programs.
unset TAR_OPTIONS

temp=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
# On Windows, bash would convert an argument that begins with a slash, as if it were a path.
export MSYS_NO_PATHCONV=1 MSYS2_ARG_CONV_EXCL='*'
! command -v cygpath >/dev/null || temp=$(cygpath -m "$temp")
releases=${KUBECONFIG_LINT_RELEASES:-https://github.com/kubeconfig-lint/kubeconfig-lint/releases/download}
sarif='' own_sarif='' json=''
# Where the action keeps what later runs need.
cache=
if [[ -n ${TOOL_CACHE:-} ]] && ! is_inside "$TOOL_CACHE"; then
    cache=$TOOL_CACHE/kubeconfig-lint
fi
exe=
case $(uname -s) in
MINGW* | MSYS* | CYGWIN*) exe=.exe ;;
esac
hash=(sha256sum)
command -v sha256sum >/dev/null || hash=(shasum -a 256)

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
    MINGW* | MSYS* | CYGWIN*) echo "$machine-pc-windows-msvc" ;;
    *) return 1 ;;
    esac
}

# Prints the SHA-256 of standard input.
sha256() {
    "${hash[@]}" | cut -d ' ' -f 1
}

# Keeps a file for later runs under a name, if there is a place for it.
keep() {
    [[ -n $cache ]] || return 0
    mkdir -p -- "$cache"
    # Another job may read or write it at the same time.
    cp -- "$1" "$cache/$2.${reports##*.}" && mv -f -- "$cache/$2.${reports##*.}" "$cache/$2"
} 2>/dev/null

# Copies the file that was kept under this name; fails if there is none.
take_kept() {
    [[ -n $cache && -f $cache/$1 ]] && cp -- "$cache/$1" "$2"
}

# A server that does not answer may take half a minute, and one that is slow a few minutes.
fetch() {
    outside curl --proto '=https,file' --fail --silent --show-error --location \
        --connect-timeout 10 --speed-limit 1000 --speed-time 10 --max-time 120 \
        --retry 2 --retry-max-time 60 --output "$2" -- "$releases/$1"
}

# Gets the binary of a release, and sets `binary`; fails and sets `why` if it cannot be had. Unpacks
# it only if its SHA-256 is the one in the action's support/checksums or, if the action does not know
# the release, the one in the release's SHA256SUMS. What was kept is checked in the same way.
download() {
    local version=$1 triple name archive sums held wanted
    triple=$(target) || {
        why="no release has a binary for this machine; set version to source"
        return 1
    }
    name=kubeconfig-lint-$version-$triple
    archive=$reports/$name.tar.gz
    sums=$reports/SHA256SUMS
    held=$GITHUB_ACTION_PATH/support/checksums/v$version
    if [[ -f $held ]]; then
        cp -- "$held" "$sums" || die "cannot read the checksums of the action"
    elif ! fetch "v$version/SHA256SUMS" "$sums"; then
        why="cannot download SHA256SUMS of that release"
        return 1
    fi
    if [[ -n ${INPUT_CHECKSUM:-} && $INPUT_CHECKSUM != "$(sha256 <"$sums")" ]]; then
        die "SHA256SUMS of that release does not match the input checksum"
    fi
    wanted=$(awk -v name="$name.tar.gz" '$2 == name || $2 == "*" name { print $1 }' "$sums")
    [[ $wanted =~ ^[0-9a-f]{64}$ ]] || die "SHA256SUMS of that release does not list the binary for this machine"
    if ! take_kept "$name.tar.gz" "$archive" || [[ $(sha256 <"$archive") != "$wanted" ]]; then
        if ! fetch "v$version/$name.tar.gz" "$archive"; then
            why="cannot download the binary of that release"
            return 1
        fi
        [[ $(sha256 <"$archive") == "$wanted" ]] || die "the downloaded binary does not match SHA256SUMS"
        keep "$archive" "$name.tar.gz"
    fi
    # Some versions of tar read `C:/` as the name of another machine.
    (cd "$reports" && tar -xzf "$name.tar.gz") || die "cannot unpack the binary of that release"
    binary=$reports/$name/kubeconfig-lint$exe
    echo "Takes kubeconfig-lint $version, a release"
}

# Keeps the checked repository out of the build. cargo and rustup read `.cargo/config.toml` and
# `rust-toolchain.toml` in the current folder and its parents, and settings from the environment;
# both can name programs to run. Only the settings remain that say where cargo and rustup are
# installed and how to reach the network.
leave_checkout() {
    local name
    while IFS= read -r name; do
        case $name in
        CARGO_HOME | RUSTUP_HOME | CARGO_HTTP_* | CARGO_NET_*) ;;
        CARGO | CARGO_* | RUSTC | RUSTC_* | RUSTDOC* | RUSTFLAGS | RUST_* | RUSTUP_TOOLCHAIN)
            unset "$name"
            ;;
        esac
    done < <(compgen -e)
    cd -- "$GITHUB_ACTION_PATH" || exit
}

# Prints a name for what a build makes: a hash of all that it reads, and the machine.
build_name() (
    cd -- "$GITHUB_ACTION_PATH" || exit
    sources=$(find . \( -path ./.git -o -path ./target -o -path ./tests -o -path ./fuzz \) -prune -o \
        -type f -exec "${hash[@]}" {} + | LC_ALL=C sort | sha256)
    echo "built-$sources-$(uname -s)-$(uname -m)$exe"
)

# Builds the binary with the runner's Rust, unless this was done before, and sets `binary`.
build() {
    local name folder=$reports/target status
    name=$(build_name) || die "cannot read the sources of the action"
    binary=$reports/kubeconfig-lint$exe
    # A container may share the folder with a machine that has another C library.
    if take_kept "$name" "$binary" && "$binary" --version >/dev/null 2>&1; then
        echo "Takes the kubeconfig-lint that was built before"
        return 0
    fi
    echo "::group::Build kubeconfig-lint"
    (
        leave_checkout
        outside cargo build --release --locked --bin kubeconfig-lint --target-dir "$folder"
    ) 2>&1
    status=$?
    echo "::endgroup::"
    [[ $status == 0 ]] || die "cannot build kubeconfig-lint: this needs Rust 1.89 or newer; a kubeconfig-lint on PATH needs no build"
    mv -f -- "$folder/release/kubeconfig-lint$exe" "$binary" || die "cannot read what was built"
    rm -rf -- "$folder"
    keep "$binary" "$name"
}

# Runs git so that nothing in the repository's own configuration makes it run a program, reach the
# network, or read other objects than those that it names.
git_outside() (
    while IFS= read -r name; do
        [[ $name != GIT_* ]] || unset "$name"
    done < <(compgen -e)
    export GIT_NO_REPLACE_OBJECTS=1 GIT_NO_LAZY_FETCH=1 GIT_ALLOW_PROTOCOL=''
    outside git --no-pager -c core.fsmonitor=false -c core.hooksPath=/dev/null "$@" 2>/dev/null
)

# Copies a file of the trusted commit into the folder `trusted`; fails if there is none.
take_trusted() {
    local mode='' kind='' object=''
    case /$1/ in
    //* | */../* | *:*) die "with trusted-ref, files must be in the repository" ;;
    esac
    read -r mode kind object _ < <(git_outside ls-tree "$commit" -- "$1")
    [[ -n $kind ]] || return 1
    [[ $mode == 100* ]] || die "trusted-ref has a link or a directory in place of the file"
    mkdir -p -- "$trusted/$(dirname -- "$1")"
    git_outside cat-file blob "$object" >"$trusted/$1" || die "cannot read a file of trusted-ref"
}

# Sets `settings`, the options for the configuration and the baseline, to those of `trusted-ref`.
take_settings() {
    local config=$INPUT_CONFIG baseline=$INPUT_BASELINE name
    trusted=$reports/trusted
    commit=
    [[ $INPUT_TRUSTED_REF == -* ]] ||
        commit=$(git_outside rev-parse --verify --quiet "$INPUT_TRUSTED_REF^{commit}")
    [[ $commit =~ ^[0-9a-f]{40,64}$ ]] ||
        die "trusted-ref is not a commit in the checkout; for HEAD^1, set fetch-depth: 2 of actions/checkout"
    if [[ -n $config ]]; then
        take_trusted "$config" || die "trusted-ref has no such configuration file"
    else
        for name in .kubeconfig-lint.yaml .kubeconfig-lint.yml; do
            if take_trusted "$name"; then
                config=$name
                break
            fi
        done
    fi
    if [[ -n $baseline ]]; then
        take_trusted "$baseline" || die "trusted-ref has no such baseline"
        settings+=("--baseline=$trusted/$baseline")
    elif [[ -n $config ]]; then
        # If this does not understand the line, kubeconfig-lint misses the file and says so.
        baseline=$(sed -n "s/^baseline:[[:space:]]*['\"]\\{0,1\\}\\([^'\"#]*[^'\"#[:space:]]\\).*/\\1/p" "$trusted/$config")
        [[ -z $baseline ]] || take_trusted "$(dirname -- "$config")/$baseline"
    fi
    if [[ -n $config ]]; then
        settings+=("--config=$trusted/$config" "--config-root=$(dirname -- "$config")")
    else
        settings+=(--no-config)
    fi
    echo "Takes the configuration${config:+ file} and the baseline, if any, from commit $commit"
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
for name in sarif-file config baseline trusted-ref; do
    value=$(tr a-z- A-Z_ <<<"INPUT_$name")
    [[ ${!value:-} != *[$'\r\n']* ]] || die "$name must be one line"
done
: "${INPUT_SARIF_FILE:=}" "${INPUT_CONFIG:=}" "${INPUT_BASELINE:=}" "${INPUT_TRUSTED_REF:=}"
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
settings=()
if [[ -n $INPUT_TRUSTED_REF ]]; then
    take_settings
else
    [[ -z $INPUT_CONFIG ]] || settings+=("--config=$INPUT_CONFIG")
    [[ -z $INPUT_BASELINE ]] || settings+=("--baseline=$INPUT_BASELINE")
fi

onpath=$(type -P kubeconfig-lint)
own=
if [[ -z $INPUT_VERSION ]]; then
    own=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml" | head -n 1)
    # Until that release exists, the action knows no checksums of it.
    [[ $own =~ $number && -f $GITHUB_ACTION_PATH/support/checksums/v$own ]] || own=
fi
binary=
if [[ -n $release ]]; then
    download "$release" || die "$why"
elif [[ -n $own ]] && ! download "$own"; then
    echo "Goes on without release $own: $why"
fi
if [[ -n $binary ]]; then
    :
elif [[ $INPUT_VERSION != source && -n $onpath ]]; then
    binary=$onpath
    echo "Takes the kubeconfig-lint on PATH"
elif [[ $INPUT_VERSION == path ]]; then
    die "kubeconfig-lint is not on PATH, in a folder outside of the checkout"
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
# The last one counts, so these are after `args`.
words+=(${settings[@]+"${settings[@]}"} --)
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
