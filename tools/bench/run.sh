#!/bin/sh
# make bench: what the simulator costs, as lines of key=value words.
# usage: run.sh SRCDIR [all|ns3]
# Runs in the build directory.
set -eu

src=$1
what=${2:-all}
net=./tools/bench/bench_net
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# field NAME: the value of NAME=value in the line on standard input
field() {
    tr ' ' '\n' | sed -n "s/^$1=//p" | head -n 1
}

# ns-3's own programs for the same two workloads, if Debian's libns3-dev is installed.
ns3() {
    if [ ! -e /usr/include/ns3/core-module.h ]; then
        echo "bench=ns3 skipped=libns3-dev_is_not_installed"
        return
    fi
    libs="-lns3-applications -lns3-nix-vector-routing -lns3-internet -lns3-point-to-point
          -lns3-csma -lns3-bridge -lns3-traffic-control -lns3-network -lns3-stats -lns3-core"
    for pair in "dumbbell w1_dumbbell 10" "chain w4_chain 1"; do
        # shellcheck disable=SC2086
        set -- $pair
        # shellcheck disable=SC2086
        ${CXX:-g++} -O2 -std=c++17 -o "$tmp/$2" "$src/tools/bench/ns3/$2.cc" $libs
        hops=$("$tmp/$2" --time="$3" --count=1 | field hops)
        cpu=$("$tmp/$2" --time="$3" | field run_user)
        ours=$($net "$1" "$3" | field hops_per_cpu_s)
        echo "$hops $cpu $ours" | awk -v kind="$1" '{
            printf "bench=ns3 workload=%s ns3_hops_per_cpu_s=%.0f weft_hops_per_cpu_s=%.0f ratio=%.1f\n",
                   kind, $1 / $2, $3, $3 / ($1 / $2) }'
    done
}

case $what in
ns3) ns3 ;;
all)
    for model in exp net; do
        for pending in 1000 100000 1000000; do
            [ ! -x ./tools/bench/bench_queue ] || ./tools/bench/bench_queue --shipped $model $pending
        done
    done
    $net dumbbell
    $net chain
    $net memory
    [ ! -x ./tools/bench/bench_capture ] || ./tools/bench/bench_capture
    ns3
    WEFT_BUILD=. "$src/tools/bench/callgrind.sh"
    ;;
*)
    echo "usage: run.sh SRCDIR [all|ns3]" >&2
    exit 2
    ;;
esac
