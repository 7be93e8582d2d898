#!/bin/sh
# The relative links and pictures of the Markdown pages lead to files of the tree.
# usage: links.sh [TREE]
. "$(dirname "$0")/lib.sh"

bad=0
for page in $(tree_sources md); do
    for link in $(grep -oE '\]\([^)# ]+' "$page" | sed 's/^](//' | grep -vE '^[a-z]+:' || true); do
        if [ ! -e "$(dirname "$page")/$link" ]; then
            echo "$page: link to $link, which does not exist"
            bad=1
        fi
    done
done
exit $bad
