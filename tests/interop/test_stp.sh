#!/usr/bin/env bash
# Spanning tree beside the Linux kernel's bridge (STP), and Open vSwitch (RSTP) where it is installed.
#
# Two TAP devices join weft's bridge (stp_tap) to the other one: a loop, so exactly one port must block.
# All cases run at the same time, each in a network namespace of its own.  Waiting is polling with
# deadlines that are far beyond what the timers need (hello 1 s, max age 6 s, forward delay 4 s).
# Functions that `eventually` calls by name look unreachable:
# shellcheck disable=SC2317
set -uo pipefail

# shellcheck source=tests/interop/bridge.sh
. "$(dirname "$0")/bridge.sh"

need_taps 'spanning tree beside other implementations' stp_tap
ip netns exec "weft-probe-$$" ip link add br0 type bridge stp_state 1 2> /dev/null || {
    echo 'ok - spanning tree beside other implementations # SKIP no kernel bridge'
    exit 0
}

# The last thing that weft's bridge said of a port: "role state".
port_is() { # case, tap, "role state"
    [ "$(awk -v tap="$2" '$2 == tap { last = $3 " " $4 } END { print last }' "$work/$1.log")" = "$3" ]
}

# State of the kernel bridge's port: 0 disabled, 1 listening, 2 learning, 3 forwarding, 4 blocking.
kernel_port_is() { # namespace, tap, number
    [ "$(ip netns exec "$1" cat "/sys/class/net/$2/brport/state")" = "$3" ]
}

kernel_root_is() { # namespace, id
    [ "$(ip netns exec "$1" cat /sys/class/net/br0/bridge/root_id)" = "$2" ]
}

start_bridge() { # case, namespace, protocol, priority
    start_weft "$1" "$2" t1 stp_tap "$3" "$4" 120 t0 t1
}

# weft's bridge and the kernel's, in the namespace; returns when both taps are plugged in.
start_pair() { # case, protocol, priority
    local ns=weft-$1-$$
    ip netns add "$ns" &&
        ip netns exec "$ns" ip link add br0 type bridge stp_state 1 hello_time 100 max_age 600 \
            forward_delay 400 priority 32768 &&
        start_bridge "$1" "$ns" "$2" "$3" &&
        for tap in t0 t1; do
            ip netns exec "$ns" ip link set "$tap" master br0 up || return
        done &&
        ip netns exec "$ns" ip link set br0 up
}

# weft is the root: the kernel believes it, and blocks its second port.
weft_is_root() { # protocol
    local case=root-$1 ns=weft-root-$1-$$
    start_pair "$case" "$1" 0 &&
        eventually 40 kernel_root_is "$ns" 0000.020000000100 &&
        eventually 40 port_is "$case" t0 'designated forwarding' &&
        eventually 40 port_is "$case" t1 'designated forwarding' &&
        eventually 40 kernel_port_is "$ns" t0 3 &&
        eventually 10 kernel_port_is "$ns" t1 4
    verdict "$1: the kernel's bridge takes weft's for its root" "$work/$case.log" $?
}

# The kernel is the root: weft has a root port and blocks the other; when the first dies unseen, the
# other takes over.
kernel_is_root() { # protocol, what a port that blocks is called
    local case=leaf-$1 ns=weft-leaf-$1-$$
    start_pair "$case" "$1" 61440 &&
        eventually 40 port_is "$case" t0 'root forwarding' &&
        eventually 40 port_is "$case" t1 "alternate $2" &&
        eventually 40 kernel_port_is "$ns" t1 3 &&
        ip netns exec "$ns" ip link set t0 nomaster &&
        eventually 60 port_is "$case" t1 'root forwarding'
    verdict "$1: weft's bridge finds the kernel's root, and a way round" "$work/$case.log" $?
}

# ---- Open vSwitch ----------------------------------------------------------------------------

# Port of Open vSwitch: its "role state".
ovs_port_is() { # case, tap, "Role State"
    [ "$(ovs "$1" get port "$2" rstp_status:rstp_port_role rstp_status:rstp_port_state |
        tr -d '"' | paste -sd' ')" = "$3" ]
}

start_ovs_pair() { # case, priority of weft's bridge
    local ns=weft-$1-$$
    ip netns add "$ns" && start_bridge "$1" "$ns" rstp "$2" && start_ovs "$1" "$ns" &&
        ip -n "$ns" link set t0 up && ip -n "$ns" link set t1 up &&
        ovs "$1" add-br br0 -- set bridge br0 datapath_type=netdev rstp_enable=true \
            other_config:rstp-priority=32768 -- add-port br0 t0 -- add-port br0 t1
}

# Proposals are agreed to: no port waits for the 8 s of two forward delays.
weft_is_ovs_root() {
    local case=ovsroot
    start_ovs_pair $case 0 &&
        eventually 20 ovs_port_is $case t0 'Root Forwarding' &&
        eventually 20 ovs_port_is $case t1 'Alternate Discarding' &&
        eventually 20 port_is $case t0 'designated forwarding' &&
        eventually 20 port_is $case t1 'designated forwarding'
    verdict "rstp: Open vSwitch takes weft's bridge for its root" "$work/$case.log" $?
}

ovs_is_root() {
    local case=ovsleaf
    start_ovs_pair $case 61440 &&
        eventually 20 port_is $case t0 'root forwarding' &&
        eventually 20 port_is $case t1 'alternate discarding' &&
        eventually 20 ovs_port_is $case t0 'Designated Forwarding' &&
        eventually 20 ovs_port_is $case t1 'Designated Forwarding' &&
        ip -n "weft-$case-$$" link set t0 down &&
        eventually 20 port_is $case t1 'root forwarding'
    verdict "rstp: weft's bridge finds Open vSwitch's root, and a way round" "$work/$case.log" $?
}

names=(weft-root-stp-$$ weft-root-rstp-$$ weft-leaf-stp-$$ weft-leaf-rstp-$$)
namespaces+=("${names[@]}")
weft_is_root stp > "$work/1.tap" &
one=$!
weft_is_root rstp > "$work/2.tap" &
two=$!
kernel_is_root stp blocking > "$work/3.tap" &
three=$!
kernel_is_root rstp discarding > "$work/4.tap" &
four=$!
jobs=("$one" "$two" "$three" "$four")
if have_ovs; then
    namespaces+=("weft-ovsroot-$$" "weft-ovsleaf-$$")
    weft_is_ovs_root > "$work/5.tap" &
    jobs+=($!)
    ovs_is_root > "$work/6.tap" &
    jobs+=($!)
else
    echo 'ok - rstp: beside Open vSwitch # SKIP it is not installed' > "$work/5.tap"
fi
status=0
for job in "${jobs[@]}"; do wait "$job" || status=1; done
cat "$work"/[1-6].tap
exit $status
