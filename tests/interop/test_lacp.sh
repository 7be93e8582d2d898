#!/usr/bin/env bash
# LACP beside Open vSwitch, where it is installed.
#
# Two TAP devices join weft's system (lacp_tap) to a bond of an Open vSwitch in user space.  All cases
# run at the same time, each in a network namespace of its own.  Waiting is polling with deadlines
# that are far beyond what the timers need.
# Functions that `eventually` calls by name look unreachable:
# shellcheck disable=SC2317
set -uo pipefail
# shellcheck source=tests/interop/bridge.sh
. "$(dirname "$0")/bridge.sh"

need_taps 'LACP beside Open vSwitch' lacp_tap
have_ovs || {
    echo 'ok - LACP beside Open vSwitch # SKIP it is not installed'
    exit 0
}

# The last thing that weft said of a port: "receive actor-state partner-state".
port_is() { # case, tap, words
    [ "$(awk -v tap="$2" '$2 == tap { last = $3 " " $4 " " $5 } END { print last }' \
        "$work/$1.log")" = "$3" ]
}

ovs_says() { # case, command, its arguments
    local dir=$work/$1.ovs
    ovs-appctl --target="$dir/ovs-vswitchd.$(cat "$work/$1-vs.pid").ctl" "$2" bond0
}

# What Open vSwitch's lacp/show says of its member: "current attached".
ovs_status_is() { # case, tap, status
    ovs_says "$1" lacp/show | grep -qE "^(member|slave): $2: $3$"
}

ovs_enabled() { # case, tap, enabled|disabled
    ovs_says "$1" bond/show | grep -qE "^(member|slave) $2: $3$"
}

ovs_partner_is() { # case, system
    ovs_says "$1" lacp/show | grep -q "partner sys_id: $2"
}

start_pair() { # case, weft's rate and activity, Open vSwitch's lacp and lacp-time
    local ns=weft-$1-$$
    ip netns add "$ns" && start_weft "$1" "$ns" t1 lacp_tap "$2" "$3" 120 t0 t1 &&
        start_ovs "$1" "$ns" && ip -n "$ns" link set t0 up && ip -n "$ns" link set t1 up &&
        ovs "$1" add-br br0 -- set bridge br0 datapath_type=netdev -- \
            add-bond br0 bond0 t0 t1 "lacp=$4" "other_config:lacp-time=$5" bond_mode=balance-tcp
}

# Both ends attach, collect and distribute, by both links.
agreed() { # case, states of weft, of Open vSwitch
    eventually 30 port_is "$1" t0 "current $2 $3" && eventually 10 port_is "$1" t1 "current $2 $3" &&
        eventually 10 ovs_status_is "$1" t0 'current attached' &&
        eventually 10 ovs_status_is "$1" t1 'current attached' &&
        eventually 10 ovs_enabled "$1" t0 enabled && eventually 10 ovs_enabled "$1" t1 enabled &&
        eventually 10 ovs_partner_is "$1" 02:00:00:00:01:00
}

# A link goes (Open vSwitch sees it, weft hears nothing any more) and comes back.
fast_and_failure() {
    local case=fast ns=weft-fast-$$
    start_pair "$case" fast active active fast && agreed "$case" ASGSCD-- ASGSCD-- &&
        ip -n "$ns" link set t0 down &&
        eventually 20 ovs_enabled "$case" t0 disabled &&
        eventually 20 port_is "$case" t0 'defaulted ASG---F- -L-SCD--' &&
        port_is "$case" t1 'current ASGSCD-- ASGSCD--' &&
        ip -n "$ns" link set t0 up && agreed "$case" ASGSCD-- ASGSCD--
    verdict 'lacp: both active, fast; a link fails and comes back' "$work/$case.log" $?
}

slow() {
    local case=slow
    start_pair "$case" slow active active slow && agreed "$case" ALGSCD-- ALGSCD--
    verdict 'lacp: both active, slow' "$work/$case.log" $?
}

ovs_passive() {
    local case=ovspassive
    start_pair "$case" fast active passive fast && agreed "$case" ASGSCD-- -SGSCD--
    verdict 'lacp: Open vSwitch passive' "$work/$case.log" $?
}

weft_passive() {
    local case=weftpassive
    start_pair "$case" fast passive active slow && agreed "$case" -SGSCD-- ALGSCD--
    verdict "lacp: weft passive" "$work/$case.log" $?
}

namespaces+=("weft-fast-$$" "weft-slow-$$" "weft-ovspassive-$$" "weft-weftpassive-$$")
jobs=()
for case in fast_and_failure slow ovs_passive weft_passive; do
    "$case" > "$work/$case.tap" &
    jobs+=($!)
done
status=0
for job in "${jobs[@]}"; do wait "$job" || status=1; done
cat "$work"/*.tap
exit $status
