#!/bin/sh
# Instructions per packet-hop, under callgrind, held against the recorded figures: a rise of more
# than 10 % fails.  The difference of two run lengths leaves the set-up out.  Prints TAP.
# usage: WEFT_BUILD=DIR callgrind.sh
set -eu

top=$(cd "$(dirname "$0")/../.." && pwd)
build=${WEFT_BUILD:-$top/build}
recorded=$top/tools/bench/instructions.txt
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

command -v valgrind > /dev/null || { echo "ok - instructions # SKIP valgrind is not installed"; exit 0; }
make -s -C "$build" tools/bench/bench_net > "$tmp/make" 2>&1 || { cat "$tmp/make"; exit 1; }

# counts KIND SECONDS: "instructions hops" of one run
counts() {
    line=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        "$build/tools/bench/bench_net" "$1" "$2" 2> "$tmp/callgrind")
    total=$(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$tmp/callgrind")
    echo "$total $(echo "$line" | tr ' ' '\n' | sed -n 's/^hops=//p')"
}

status=0
while read -r kind short long was; do
    now=$(echo "$(counts "$kind" "$short") $(counts "$kind" "$long")" |
        awk '{ printf "%.0f", ($3 - $1) / ($4 - $2) }')
    limit=$((was * 110 / 100))
    verdict=ok
    [ "$now" -le "$limit" ] || { verdict='not ok'; status=1; }
    echo "$verdict - $kind: $now instructions a packet-hop (recorded $was, at most $limit)"
done < "$recorded"
exit $status
