#!/bin/sh
# The lists and the files agree: each plug-in of modules.am exists and exports NAME_module, each
# file that exports one is listed there once, and each source, header, test and Lua file is named
# in a list, so that it is built, run and part of the tarball.
# usage: modules.sh [TREE]
. "$(dirname "$0")/lib.sh"

bad=0
finding() {
    echo "$*"
    bad=1
}

# The words of the .am files without comments and line ends.
words_of() {
    sed 's/#.*//; s/\\$//' "$@" | tr ' \t=' '\n\n\n' | grep . || true
}

modules=$(words_of modules.am | grep '\.c$' || true)
for dup in $(echo "$modules" | sort | uniq -d); do
    finding "modules.am: $dup is listed twice"
done
for file in $modules; do
    name=$(basename "$file" .c)
    if [ ! -f "$file" ]; then
        finding "modules.am: $file does not exist"
    elif ! grep -qE "\b${name}_module\[\]" "$file"; then
        finding "$file: exports no table ${name}_module[], but modules.am lists it"
    fi
done
for file in $(floor_sources c | xargs -r grep -lE '^[a-z].*\*const [a-z0-9_]+_module\[\] =' || true); do
    echo "$modules" | grep -qxF "$file" || finding "$file: exports a module; list it in modules.am"
done

listed=$(tree_files | grep '\.am$' | while read -r am; do words_of "$am"; done | sort -u)
is_listed() {
    echo "$listed" | grep -qxF -e "$1" -e "\$(srcdir)/$1" -e "\$(top_srcdir)/$1"
}
for file in $(floor_sources c h lua); do
    is_listed "$file" || finding "$file: not in any list (sources.am of its floor)"
done
for file in $(tree_sources c h | grep '^tests/' || true); do
    # The source of a program defaults to its own name.
    is_listed "$file" || is_listed "${file%.c}" || finding "$file: not in any list (tests.am)"
done
exit $bad
