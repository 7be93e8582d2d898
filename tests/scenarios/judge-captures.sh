#!/bin/sh
# Judges captures by tshark: no malformed packet, no bad checksum, no expert error.  Retransmissions
# and the like are warnings, which count only where nothing was lost.
#
# usage: judge-captures.sh [--lossless] [--allow REGEX]... FILE-OR-DIR...
#   --lossless     warnings are findings, too
#   --allow REGEX  findings that match (as grep -E) are meant to be
# Prints TAP, a test per capture.  Exit status 1 if one has findings, 2 if there is none to judge,
# 77 if tshark is not installed.
set -eu
export LC_ALL=C

# One capture; prints its findings, a line each.
judge() {
    tshark -n -2 -r "$1" -q -z expert,warn -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
        -o udp.check_checksum:TRUE > "$work/out.$$" 2> "$work/err.$$" || {
        echo "tshark cannot read it: $(grep -v 'Running as user' "$work/err.$$" | head -n 1)"
        return
    }
    # Sections "Errors (3)" and "Warns (17)"; rows: frequency, group, protocol, summary.
    awk -v lossless="$lossless" '
        /^[A-Z][a-z]+ \([0-9]+\)$/ { section = $1; next }
        $1 !~ /^[0-9]+$/ { next }
        section == "Errors" || $2 == "Malformed" || $2 == "Checksum" ||
        (section == "Warns" && lossless) {
            kind = section == "Errors" ? "error" : "warning"
            $1 = $1 " x"
            print kind ": " $0
        }' "$work/out.$$"
    # A wrong checksum of OSPF is but a word in its text.
    tshark -n -r "$1" -Y ospf -V 2> /dev/null | grep -E 'Checksum: .*incorrect' | sort | uniq -c |
        sed 's/^ *\([0-9]*\) */error: \1 x OSPF /' | head -n 5
}

if [ "${1-}" = --one ]; then # called by itself, see below
    work=$2 lossless=$3 allow=$4 file=$5
    judge "$file" > "$work/found.$$"
    if [ -n "$allow" ]; then
        grep -vE -- "$allow" "$work/found.$$" > "$work/left.$$" || true
        mv "$work/left.$$" "$work/found.$$"
    fi
    if [ -s "$work/found.$$" ]; then
        # In one piece, as two of these run at a time.
        printf '%s\n' "not ok - $file
$(sed 's/^ */#   /' "$work/found.$$")"
    else
        echo "ok - $file"
    fi
    exit 0
fi

lossless='' allow=''
while [ $# -gt 0 ]; do
    case $1 in
    --lossless) lossless=1 ;;
    --allow) allow="${allow:+$allow|}$2"; shift ;;
    -*) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || { sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
command -v tshark > /dev/null || { echo "1..0 # SKIP tshark is not installed"; exit 77; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
find "$@" -name '*.pcap' -type f | sort > "$work/files"
n=$(wc -l < "$work/files")
if [ "$n" -eq 0 ]; then
    echo "1..0 # no captures below $*"
    exit 2
fi
tr '\n' '\0' < "$work/files" |
    xargs -0 -n 1 -P 2 "$0" --one "$work" "$lossless" "$allow" > "$work/results"
echo "1..$n"
cat "$work/results"
failed=$(grep -c '^not ok' "$work/results" || true)
echo "# $((n - failed)) captures passed, $failed failed"
[ "$failed" -eq 0 ]
