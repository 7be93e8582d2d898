#!/bin/sh
# Prints registry.c: one table of modules for each kind of plug-in.
# usage: registry.sh kind="file.c file.c" ...
# A module file .../foo.c exports foo_module, a NULL-terminated array of ops tables, so that
# variants can share a file.
set -eu

echo '/* Made by tools/registry.sh from modules.am; do not edit. */'
for arg; do
    kind=${arg%%=*} files=${arg#*=}
    echo
    echo "struct ${kind}_ops;"
    for f in $files; do
        echo "extern const struct ${kind}_ops *const $(basename "$f" .c)_module[];"
    done
    echo "const struct ${kind}_ops *const *const ${kind}_registry[] = {"
    for f in $files; do
        echo "    $(basename "$f" .c)_module,"
    done
    echo "    0,"
    echo "};"
done
