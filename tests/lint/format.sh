#!/bin/sh
# clang-format decides layout.  Versions differ in details; the tree follows version 14.
# usage: format.sh [TREE]
. "$(dirname "$0")/lib.sh"

for tool in clang-format-14 clang-format; do
    command -v "$tool" > /dev/null && break
    tool=
done
[ -n "$tool" ] || skip 'clang-format is not installed (Debian: clang-format)'
case $("$tool" --version) in
*'version 14.'*) ;;
*) skip "$("$tool" --version); the layout is that of version 14" ;;
esac

tree_sources c h | xargs -r -n 16 "$tool" --style=file --dry-run -Werror 2>&1 |
    sed -n 's/: code should be clang-formatted.*/: is not as clang-format -i leaves it/p' |
    sed 's/:[0-9]*: error//' | awk -F: '!seen[$1]++ { bad = 1; print } END { exit bad }'
