#!/usr/bin/env bash
# check-fuzz.sh WORK [SECONDS [NAME...]]: builds the fuzz targets with coverage and runs each for some
# seconds (20), or only those of these names, as many at once as there are cores. The initial corpus are
# the seeds in tests/fuzz and, for bodies of texts, the files of tests/cases. It uses the flags of cargo-fuzz, but without the
# sanitizers, which need a nightly toolchain. Needs cargo and a C++ compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
seconds=${2:-20}
shift $(($# < 2 ? $# : 2))
names=("$@")
[[ ${#names[@]} != 0 ]] || mapfile -t names < <(sed -n '/^\[\[bin\]\]/,/^name/s/^name = "\(.*\)"$/\1/p' fuzz/Cargo.toml)
rm -rf -- "$work/seeds" "$work/artifacts"
mkdir -p -- "$work/seeds" "$work/artifacts"
number=0
while IFS= read -r -d '' file; do
    number=$((number + 1))
    cp -- "$file" "$work/seeds/$number"
done < <(find tests/cases -path '*/tree/*' -type f -size -20k -print0)
target=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS='--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions' \
    cargo build --release --quiet --manifest-path fuzz/Cargo.toml --target "$target" --target-dir "$work/target"

# run NAME: runs one target, and says how often, or how it failed.
run() {
    local name=$1 log="$work/$1.log" seeds=("$work/corpus/$1")
    mkdir -p -- "$work/corpus/$name"
    [[ ! -d tests/fuzz/seeds/$name ]] || seeds+=("tests/fuzz/seeds/$name")
    # The others read decisions for a generator, and are too slow to read every file as such.
    [[ " baseline configuration discovery reports " == *" $name "* ]] || seeds+=("$work/seeds")
    if ! "$work/target/$target/release/$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=20000 \
        -artifact_prefix="$work/artifacts/$name-" -print_final_stats=1 "${seeds[@]}" >"$log" 2>&1; then
        tail -n 40 "$log" >&2
        echo "check-fuzz: the fuzz target $name failed; what it was given is in $work/artifacts" >&2
        return 1
    fi
    echo "check-fuzz: $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs in $seconds s"
}
export -f run
export work seconds target
printf '%s\n' "${names[@]}" | xargs -P "$(nproc)" -I NAME bash -euo pipefail -c 'run NAME'
