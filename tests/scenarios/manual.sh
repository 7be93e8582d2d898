#!/bin/sh
# The pages about the language are true: each example is a scenario that runs and whose
# expectations are met, and the reference is what the program says.
# usage: manual.sh; WEFT names the program, ./weft otherwise
set -u
weft=${WEFT:-$PWD/weft}
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

# Splits the Lua blocks of a page into files page-1.lua, page-2.lua, ...
examples() {
    awk -v stem="$work/$(basename "$1" .md)" '
        /^```lua$/ { file = stem "-" ++n ".lua"; next }
        /^```$/ { file = ""; next }
        file { print > file }' "$1"
}

examples "$top/README.md"
for page in "$top"/doc/*.md; do
    examples "$page"
done
"$weft" test "$work" || bad=1

"$top/tools/reference.sh" "$weft" > "$work/reference.md"
if ! diff -u "$top/doc/scenario-reference.md" "$work/reference.md"; then
    echo 'doc/scenario-reference.md is not what the program says: make reference'
    bad=1
fi
exit $bad
