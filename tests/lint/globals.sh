#!/bin/sh
# No global mutable state: the library has no variable in a writable section.  Constant tables
# that hold addresses (.data.rel.ro) are constant.
# usage: globals.sh [TREE]; WEFT_BUILD names the build directory, else TREE/build
. "$(dirname "$0")/lib.sh"

lib=${WEFT_BUILD:-build}/libweft.a
[ -f "$lib" ] || skip "$lib is not built yet"

# A quark is a process-wide number that GLib hands out.  The pattern of bulk data (sim/blob.c) is
# filled before main and never written again; its blob is immortal.
allowed='^(q|q\.[0-9]+|blob_pattern|pattern|word_sum)$'
objdump -t "$lib" | awk -v allowed="$allowed" '
    /file format/ { object = $1; sub(/:$/, "", object) }
    / O / || /\*COM\*/ {
        section = ""
        for (i = 2; i <= NF; i++)
            if ($i ~ /^(\.t?data|\.t?bss|\.data\.[^r].*|\.bss\..*|\*COM\*)$/) section = $i
        if (section != "" && $NF !~ allowed) {
            print object ": variable " $NF " in " section "; state hangs off struct sim or its owner"
            bad = 1
        }
    }
    END { exit bad }'
