#!/bin/sh
# weft against real peers: the kernel of this machine over a TUN device, and what each test_*.sh of
# this folder has.  Prints TAP.  The clock is the wall's, so deadlines are generous and only states
# are asserted.
# usage: run.sh; WEFT_BUILD names the build directory, build otherwise
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${WEFT_BUILD:-$top/build}

if ! make -s -C "$build" tests/interop/kernel > "$build/interop.log" 2>&1; then
    echo 'not ok - the programs build'
    tail -n 20 "$build/interop.log"
    exit 1
fi
"$build/tests/interop/kernel"
status=$?
for test in "$top"/tests/interop/test_*.sh; do
    WEFT_BUILD=$build "$test" || status=1
done
exit $status
