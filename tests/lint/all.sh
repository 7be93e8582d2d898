#!/bin/sh
# Runs all lint scripts; prints TAP.  Exit status 1 if one has findings.
# usage: tests/lint/all.sh
set -u
here=$(cd "$(dirname "$0")" && pwd)
lints='selftest floors modules words headers examples links sizes format shell globals'

n=0 failed=0
echo "1..$(echo "$lints" | wc -w)"
for lint in $lints; do
    n=$((n + 1))
    output=$("$here/$lint.sh" 2>&1)
    status=$?
    case $status in
    0) echo "ok $n - lint $lint" ;;
    77) echo "ok $n - lint $lint # SKIP $output" ;;
    *) echo "not ok $n - lint $lint"; failed=$((failed + 1)) ;;
    esac
    if [ $status -ne 77 ] && [ -n "$output" ]; then echo "$output" | sed 's/^/# /'; fi
done
[ $failed -eq 0 ]
