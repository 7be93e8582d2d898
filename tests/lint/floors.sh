#!/bin/sh
# Includes point downward only: tools > scenarios > models > protocols > sim.
# Lua is known to scenarios and tools alone, and so is libpcap: a tap writes through a sink.
# usage: floors.sh [TREE]
. "$(dirname "$0")/lib.sh"

floor_sources c h | xargs -r awk '
    BEGIN {
        rank["sim"] = 1; rank["protocols"] = 2; rank["models"] = 3
        rank["scenarios"] = 4; rank["tools"] = 5
    }
    function finding(text) { print FILENAME ":" FNR ": " text; bad = 1 }
    FNR == 1 { floor = FILENAME; sub(/\/.*/, "", floor) }
    !/^[ \t]*#[ \t]*include/ { next }
    {
        target = $0
        sub(/^[ \t]*#[ \t]*include[ \t]*/, "", target)
        quoted = target ~ /^"/
        target = substr(target, 2)
        sub(/[">].*/, "", target)
    }
    quoted && target == "config.h" { next }
    quoted {
        top = target; sub(/\/.*/, "", top)
        if (!(top in rank) || top == target)
            finding("include \"" target "\" is not a path from the top of the tree into a floor")
        else if (rank[top] > rank[floor])
            finding(floor "/ includes upward: \"" target "\"; call through an ops struct instead")
        next
    }
    target ~ /^(lua|lauxlib|lualib)[.]h/ && rank[floor] < rank["scenarios"] {
        finding(floor "/ knows no Lua: <" target "> belongs in scenarios/bind/")
    }
    target ~ /^pcap/ && rank[floor] < rank["scenarios"] {
        finding(floor "/ knows no files: <" target "> belongs above models/")
    }
    END { exit bad }'
