#!/bin/sh
# make bench: what the simulator costs, as lines of key=value words.
# usage: run.sh SRCDIR [all|hold|net|lua|capture|ns3|instructions]...
# Runs in the build directory.  doc/performance.md says what the lines mean and what is wanted.
set -eu

src=$1
shift
net=./tools/bench/bench_net
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# field NAME: the value of NAME=value in the line on standard input
field() {
    tr ' ' '\n' | sed -n "s/^$1=//p" | head -n 1
}

# What an event costs in the queue in use and in those it was chosen over.
hold() {
    for queue in wheel ladder heap4; do
        for model in exp net; do
            for pending in 1000 100000 1000000; do
                ./tools/bench/bench_queue --queue $queue $model $pending
            done
        done
    done
}

networks() {
    for workload in dumbbell chain switches fat_tree torus connections memory; do
        $net $workload
    done
}

# cpu COMMAND...: its seconds of CPU time, user and system
cpu() {
    bash -c 'TIMEFORMAT="%U %S"; { time "$0" "$@" > /dev/null 2>&3; } 3> /dev/null' "$@" 2>&1 |
        awk '{ print $1 + $2 }'
}

# Networks built from Lua, and the same with the results of all their links.
lua() {
    hosts=20000
    for results in false true; do
        seconds=$(cpu ./weft run --quiet -o "$tmp" --set n=$hosts --set results=$results \
            "$src/tools/bench/hosts.lua")
        echo "$hosts $seconds $results" |
            awk '{ printf "bench=lua hosts=%d results=%s hosts_per_cpu_s=%.0f\n", $1, $3, $1 / $2 }'
    done
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

instructions() {
    WEFT_BUILD=. "$src/tools/bench/callgrind.sh" | sed -n \
        's/^.*ok - \(.*\): \([0-9]*\) .*recorded \([0-9]*\).*/bench=instructions workload=\1 per_hop=\2 recorded=\3/p'
}

[ $# -gt 0 ] || set -- all
for what; do
    case $what in
    hold) hold ;;
    net) networks ;;
    lua) lua ;;
    capture) ./tools/bench/bench_capture ;;
    ns3) ns3 ;;
    instructions) instructions ;;
    all)
        hold
        networks
        lua
        ./tools/bench/bench_capture
        ns3
        instructions
        ;;
    *)
        echo "usage: run.sh SRCDIR [all|hold|net|lua|capture|ns3|instructions]..." >&2
        exit 2
        ;;
    esac
done
