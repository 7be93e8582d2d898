#!/bin/sh
# Runs all fuzz targets, each for its share of the time, and prints TAP.
#
# usage: run.sh [SECONDS]
# SECONDS is for all together (default: $FUZZ_SECONDS, else 60).  WEFT_BUILD is the build directory
# (default: build, in the checkout); the targets are built there first.  An input that crashes a
# target is kept in fuzz/ of the build directory; then the exit status is 1.
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${WEFT_BUILD:-$top/build}
seconds=${1:-${FUZZ_SECONDS:-60}}

if ! command -v clang > /dev/null; then
    echo "1..0 # SKIP clang is not installed: Debian's packages clang and libclang-rt-14-dev"
    exit 0
fi
[ -f "$build/Makefile" ] || {
    echo "Bail out! $build is not configured: run ./quickstart build"
    exit 1
}
make -s -j"$(nproc)" -C "$build" fuzz >&2
targets=$(make -s -C "$build" --eval 'fuzz-list: ; @echo $(FUZZ_TARGETS)' fuzz-list)
n=$(echo "$targets" | wc -w)
share=$((seconds / n))
[ "$share" -gt 0 ] || share=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
for target in $targets; do
    mkdir -p "$work/$target"
    seeds=$top/tests/fuzz/corpus/$target
    [ -d "$seeds" ] || seeds=
    # What it finds stays in the temporary directory; a crash keeps its input.
    # shellcheck disable=SC2086
    if "$build/fuzz/fuzz_$target" -max_total_time="$share" -seed=1 -timeout=10 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="$build/fuzz/$target-" "$work/$target" $seeds \
        > "$work/log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
        echo "ok - fuzz $target # ${runs:-0} inputs"
    else
        echo "not ok - fuzz $target"
        tail -n 60 "$work/log" | sed 's/^/# /'
        status=1
    fi
done
echo "1..$n"
exit $status
