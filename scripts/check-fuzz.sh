#!/usr/bin/env bash
# check-fuzz.sh WORK [SECONDS]: builds the fuzz targets with coverage and runs each for some seconds,
# with the files of tests/cases as the initial corpus. It uses the flags of cargo-fuzz, but without
# the sanitizers, which need a nightly toolchain. Needs cargo and a C++ compiler.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p -- "$1"
work=$(cd "$1" && pwd)
seconds=${2:-20}
rm -rf -- "$work/seeds" "$work/corpus" "$work/artifacts"
mkdir -p -- "$work/seeds" "$work/artifacts"
number=0
while IFS= read -r -d '' file; do
    number=$((number + 1))
    cp -- "$file" "$work/seeds/$number"
done < <(find tests/cases -path '*/tree/*' -type f -size -20k -print0)
target=$(rustc -vV | sed -n 's/^host: //p')
RUSTFLAGS='--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1 -Cdebug-assertions' \
    cargo build --release --quiet --manifest-path fuzz/Cargo.toml --target "$target" --target-dir "$work/target"
for name in lint goyaml; do
    mkdir -p -- "$work/corpus/$name"
    "$work/target/$target/release/$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=20000 \
        -artifact_prefix="$work/artifacts/$name-" -print_final_stats=1 "$work/corpus/$name" "$work/seeds" >"$work/log" 2>&1 || {
        tail -n 40 "$work/log" >&2
        echo "check-fuzz: the fuzz target $name failed; what it was given is in $work/artifacts" >&2
        exit 1
    }
    echo "check-fuzz: $name: $number files and what was made of them in $seconds s: $(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log") runs"
done
