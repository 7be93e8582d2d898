#!/bin/sh
# Prints library.c: the Lua files of the language's library as texts in C, so that the program needs
# no file beside it.
# usage: embed.sh FILE.lua...
set -eu

echo '/* Made by tools/embed.sh from scenarios/lib/; do not edit. */'
echo '#include "scenarios/bind/library.h"'
echo
echo 'const struct bind_library_file bind_library_files[] = {'
for file; do
    printf '    { "%s",\n' "$(basename "$file")"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/      "/' -e 's/$/\\n"/' "$file"
    echo '    },'
done
echo '    { 0, 0 },'
echo '};'
