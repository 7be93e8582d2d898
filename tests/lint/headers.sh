#!/bin/sh
# Each header compiles on its own, and each function it declares has a doc comment: above it,
# above the group of lines it stands in, or behind it.  A short inline function may speak for
# itself.
# usage: headers.sh [TREE]
. "$(dirname "$0")/lib.sh"

cc=${CC:-gcc}
command -v "$cc" > /dev/null || skip "no C compiler $cc"
flags=$(pkg-config --cflags glib-2.0 json-glib-1.0 libpcap lua5.4 2> /dev/null) ||
    skip 'the libraries are not installed: ./quickstart'
headers=$(floor_sources h)
bad=0

compile() {
    # shellcheck disable=SC2086
    echo "$headers" | xargs -r -P 4 -n 1 "$cc" -std=gnu11 -Wall -Wextra -Wno-unused-parameter \
        -Wno-pragma-once-outside-header -Werror -I. $flags -fsyntax-only -x c
}
compile || bad=1

# What a module shares only among its own files is explained where it is defined.
public=$(echo "$headers" | grep -v 'internal\.h$' || true)
# shellcheck disable=SC2086
[ -z "$public" ] || awk '
    function finding(what) { print FILENAME ":" first ": " what " has no doc comment"; bad = 1 }
    function name(text) { sub(/[ ]*\(.*/, "", text); sub(/.*[ *]/, "", text); return text }
    FNR == 1 { doc = comment = statement = body = 0 }

    # Inside an inline function: it may be up to 8 lines without a word.
    body && /^}/ {
        if (!body_doc && FNR - body > 9)
            finding("inline function " name(text))
        body = doc = 0
        next
    }
    body { next }
    /^\{/ && statement { body = FNR; body_doc = doc; statement = 0; next }

    /^$/ { doc = 0; next }
    /^\/\*/ { comment = 1 }
    comment { if (/\*\//) { comment = 0; doc = 1 }; next }

    !statement && /^[A-Za-z_]/ && !/^(typedef|_Static_assert|G_DEFINE)/ {
        statement = 1; first = FNR; text = ""
    }
    statement {
        text = text $0
        if (/\{[ \t]*(\/\*.*)?$/) {        # struct, union, enum: up to its end
            statement = 0; skipping = 1
        } else if (/;/) {
            statement = 0
            if (text ~ /\(/ && text !~ /=/ && name(text) !~ /^[A-Z_]+$/ && !doc && text !~ /\/\*/)
                finding(name(text))
        }
    }
    END { exit bad }' $public || bad=1
exit $bad
