#!/bin/sh
# The shell scripts parse; where shellcheck is installed, it has nothing to say.
# usage: shell.sh [TREE]
. "$(dirname "$0")/lib.sh"

bad=0
scripts=$(tree_files | while read -r f; do
    if head -n 1 "$f" 2> /dev/null | tr -d '\0' | grep -qE '^#! ?/(usr/)?bin/(env )?(ba|da)?sh'; then
        echo "$f"
    fi
done)
for script in $scripts; do
    shell=$(head -n 1 "$script" | grep -oE '(ba|da)?sh$')
    "$shell" -n "$script" || bad=1
done
if [ -n "$scripts" ] && command -v shellcheck > /dev/null; then
    # shellcheck disable=SC2086
    shellcheck -x -e SC1091,SC2016,SC2020 $scripts || bad=1
fi
exit $bad
