#!/bin/sh
# The C examples of the documentation compile as they stand.
# usage: examples.sh [TREE]
. "$(dirname "$0")/lib.sh"

cc=${CC:-gcc}
command -v "$cc" > /dev/null || skip "no C compiler $cc"
flags=$(pkg-config --cflags glib-2.0 2> /dev/null) || skip 'GLib is not installed: ./quickstart'
bad=0

for page in doc/adding-*.md; do
    [ -e "$page" ] || continue
    # shellcheck disable=SC2086
    sed -n '/^```c$/,/^```$/p' "$page" | grep -v '^```' |
        "$cc" -std=gnu11 -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers \
            -Werror -I. $flags -fsyntax-only -x c - || { echo "$page: its example does not compile"; bad=1; }
done
exit $bad
