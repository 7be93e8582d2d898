# shellcheck shell=bash
# What tests beside other implementations share; sourced.  Each test has a case's name, its network
# namespaces and its files under $work; all of it is gone at the end.
# Functions that `eventually` calls by name look unreachable, variables are the sourcing script's:
# shellcheck disable=SC2317,SC2034

build=${WEFT_BUILD:?the build directory}
work=$(mktemp -d)
namespaces=()

cleanup() {
    local ns pid
    for pid in "$work"/*.pid; do
        [ -f "$pid" ] && kill "$(cat "$pid")" 2> /dev/null
    done
    for ns in "${namespaces[@]}"; do ip netns del "$ns" 2> /dev/null; done
    rm -rf "$work"
}
trap cleanup EXIT

# Ends the script unless there are TAP devices and namespaces, or if the program does not build.
need_taps() { # what is tested, program
    skip() {
        echo "ok - $1 # SKIP $2"
        exit 0
    }
    [ "$(id -u)" = 0 ] || skip "$1" 'needs root'
    [ -c /dev/net/tun ] || skip "$1" 'there is no /dev/net/tun'
    command -v ip > /dev/null || skip "$1" 'there is no ip(8)'
    make -s -C "$build" "tests/interop/$2" >&2 || {
        echo "not ok - $2 builds"
        exit 1
    }
    ip netns add "weft-probe-$$" 2> /dev/null || skip "$1" 'no network namespaces'
    namespaces+=("weft-probe-$$")
}

# Waits up to $1 seconds for a command to succeed.
eventually() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@" 2> /dev/null; do
        [ $SECONDS -lt $deadline ] || return 1
        sleep 0.2
    done
}

verdict() { # name, log, status
    if [ "$3" = 0 ]; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        sed 's/^/# /' "$2"
    fi
    return "$3"
}

# Runs a program of this folder in the case's namespace, its output in the case's log.
start_weft() { # case, namespace, last TAP, program, arguments...
    local case=$1 ns=$2 last=$3 program=$4
    shift 4
    ip netns exec "$ns" "$build/tests/interop/$program" "$@" > "$work/$case.log" 2>&1 &
    echo $! > "$work/$case.pid"
    eventually 10 ip netns exec "$ns" ip link show "$last" > /dev/null
}

# ---- Open vSwitch ----------------------------------------------------------------------------

have_ovs() {
    command -v ovs-vswitchd > /dev/null && command -v ovs-vsctl > /dev/null
}

ovs() { # case, ovs-vsctl's arguments
    local dir=$work/$1.ovs
    shift
    ovs-vsctl --db="unix:$dir/db.sock" --timeout=10 "$@"
}

# An Open vSwitch of its own in the namespace.
start_ovs() { # case, namespace
    local dir=$work/$1.ovs
    mkdir -p "$dir" &&
        ovsdb-tool create "$dir/conf.db" /usr/share/openvswitch/vswitch.ovsschema &&
        OVS_RUNDIR=$dir ovsdb-server "$dir/conf.db" --remote="punix:$dir/db.sock" --detach \
            --pidfile="$work/$1-db.pid" --log-file="$dir/db.log" --no-chdir > /dev/null 2>&1 &&
        ovs "$1" --no-wait init &&
        OVS_RUNDIR=$dir ip netns exec "$2" ovs-vswitchd "unix:$dir/db.sock" --detach \
            --pidfile="$work/$1-vs.pid" --log-file="$dir/vs.log" --no-chdir > /dev/null 2>&1
}
