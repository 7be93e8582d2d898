#!/bin/sh
# What this tree calls itself: the release number and, from a git checkout, the commit.
# usage: version.sh --string SRCDIR RELEASE   prints it
#        version.sh --source SRCDIR RELEASE   prints version.c
# A tarball says what its .tarball-version says.  No clock is read: the same tree always gives
# the same text.
set -eu
mode=$1 srcdir=$2 release=$3

version() {
    if [ -f "$srcdir/.tarball-version" ]; then
        cat "$srcdir/.tarball-version"
        return
    fi
    # Only the checkout's own repository counts, not one that happens to lie around the tree.
    if [ -e "$srcdir/.git" ] && commit=$(git -C "$srcdir" describe --always --dirty \
        --abbrev=12 --exclude '*' 2>/dev/null); then
        echo "$release+g$commit"
    else
        echo "$release"
    fi
}

case $mode in
--string) version ;;
--source)
    echo '/* Made by tools/version.sh; do not edit. */'
    echo '#include "sim/version.h"'
    echo
    echo "const char weft_version[] = \"$(version)\";"
    ;;
*)
    echo "version.sh: unknown mode '$mode'" >&2
    exit 2
    ;;
esac
