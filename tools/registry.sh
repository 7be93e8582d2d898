#!/bin/sh
# Prints registry.c: one table of modules for each kind of plug-in.
# usage: registry.sh kind="file.c file.c" ...
# A module file .../foo.c exports foo_module, a NULL-terminated array of ops tables, so that
# variants can share a file.
set -eu

header() {
    case $1 in
    cc) echo '#include "protocols/cc/cc.h"' ;;
    qdisc) echo '#include "models/qdisc/qdisc.h"' ;;
    app) echo '#include "models/app/app.h"' ;;
    *) echo "registry.sh: unknown kind '$1'" >&2; exit 2 ;;
    esac
}

echo '/* Made by tools/registry.sh from modules.am; do not edit. */'
for arg; do
    kind=${arg%%=*}
    header "$kind"
done
for arg; do
    kind=${arg%%=*} files=${arg#*=}
    echo
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
