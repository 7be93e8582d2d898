#!/bin/sh
# The lint scripts find what they should: each is run over small trees made for it, one clean and
# several with one fault each.
set -u
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

# A tree that all lints accept.
clean() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/sim" "$work/tree/models" "$work/tree/tests/sim" "$work/tree/doc"
    cd "$work/tree" || exit 1
    cp "$here/../../.clang-format" .
    printf '/* Adds. */\n#ifndef WEFT_ADD_H\n#define WEFT_ADD_H\n\n/* The sum. */\nint add(int a, int b);\n\n#endif\n' > sim/add.h
    printf '#include "sim/add.h"\n\nint add(int a, int b)\n{\n    return a + b;\n}\n' > sim/add.c
    printf '#include "sim/add.h"\n\nconst void *const mod_module[] = { 0 };\n' > models/mod.c
    printf '#include "sim/add.h"\n' > tests/sim/test_add.c
    printf 'qdisc_modules = models/mod.c\n' > modules.am
    printf 'x_SOURCES = \\\n\tsim/add.c sim/add.h \\\n\ttests/sim/test_add\n' > sources.am
    printf 'See [the header](../sim/add.h).\n' > doc/page.md
}

# passes LINT: the tree as it stands is clean.
passes() {
    if ! output=$("$here/$1.sh" "$work/tree" 2>&1); then
        echo "$1 complains about a clean tree: $output"
        bad=1
    fi
}

# finds LINT TEXT: the lint fails and its output says TEXT.
finds() {
    output=$("$here/$1.sh" "$work/tree" 2>&1)
    status=$?
    [ $status -ne 77 ] || return 0
    if [ $status -eq 0 ] || ! echo "$output" | grep -qF -- "$2"; then
        echo "$1 does not find: $2 (exit status $status): $output"
        bad=1
    fi
}

clean
for lint in floors modules words links sizes; do passes $lint; done
for lint in format headers; do
    "$here/$lint.sh" "$work/tree" > "$work/out" 2>&1
    case $? in 0 | 77) ;; *) cat "$work/out"; bad=1 ;; esac
done

# floors
clean
echo '#include "models/link/link.h"' >> sim/add.c
finds floors 'sim/add.c:7: sim/ includes upward: "models/link/link.h"'
clean
echo '#  include "../models/mod.h"' >> sim/add.h
finds floors 'is not a path from the top'
clean
echo '#include <lua.h>' >> models/mod.c
finds floors 'models/ knows no Lua'
clean
echo '#include <pcap/pcap.h>' >> models/mod.c
finds floors 'models/ knows no files'

# modules
clean
echo 'cc_modules = protocols/cc/gone.c' >> modules.am
finds modules 'protocols/cc/gone.c does not exist'
clean
echo 'int x;' > models/mod.c
finds modules 'exports no table mod_module[]'
clean
cp models/mod.c models/forgotten.c
finds modules 'models/forgotten.c: not in any list'
clean
echo 'int y;' > tests/sim/test_more.c
finds modules 'tests/sim/test_more.c: not in any list'
clean
echo 'qdisc_modules += models/mod.c' >> modules.am
finds modules 'models/mod.c is listed twice'

# words
clean
echo "/* TO""DO: later */" >> models/mod.c
finds words 'models/mod.c:4:'
clean
echo "int f(void) { return rand() + time(NULL); }" >> sim/add.c
finds words 'a named stream'
finds words 'no wall clock'
clean
echo "double g(double x) { return exp (x); }" >> sim/add.c
finds words 'no libm'
clean
echo 'cd /ho''me/somebody/weft' > doc/note.md
finds words 'a path of one machine'
clean
printf '/* time(NULL) and exp(x) in a comment,\n * rand() too */\nconst char *s = "clock()";\n' >> sim/add.c
passes words

# headers
clean
printf 'size_t many(void);\n' > sim/add.h
finds headers 'size_t'
clean
printf '\nint undocumented(int a,\n                 int b);\n' >> sim/add.h
finds headers 'sim/add.h:10: undocumented has no doc comment'
clean
printf '\n/* Both. */\nint first(void);\nint second(void);\n\nint third(void); /* And this. */\n' >> sim/add.h
"$here/headers.sh" "$work/tree" > "$work/out" 2>&1
case $? in 0 | 77) ;; *) cat "$work/out"; bad=1 ;; esac

# links
clean
echo '![a plot](img/none.png)' >> doc/page.md
finds links 'doc/page.md: link to img/none.png'

# sizes: exactly at the limit, and one over it
long_function() { # lines of body
    printf '\nint longest(int a)\n{\n'
    awk -v n="$1" 'BEGIN { while (n-- > 0) print "    a++;" }'
    printf '}\n'
}
many_short() {
    awk 'BEGIN { for (i = 0; i < 40; i++) printf "\nint f%d(void)\n{\n    return 1;\n}\n", i }'
}
clean
{ many_short; long_function 67; } >> sim/add.c
passes sizes
clean
{ many_short; long_function 68; } >> sim/add.c
finds sizes 'function longest has 71 lines; at most 70'
clean
for i in 1 2 3 4; do long_function $((20 + i)); done >> sim/add.c
finds sizes 'the median of functions'
clean
for i in 1 2 3 4 5; do awk 'BEGIN { for (i = 0; i < 200; i++) print "int v;" }'; done > models/table.c
finds sizes 'models/table.c: 1000 lines; at most 800'
echo '/* sizes.sh: a table of data */' >> models/table.c
passes sizes

# format
clean
printf '\nint  spaced( void );\n' >> sim/add.h
finds format 'sim/add.h'

# shell
clean
printf '#!/bin/sh\nif true; then\n' > broken.sh
finds shell 'broken.sh'

# globals
clean
if command -v gcc objdump > /dev/null; then
    mkdir build
    printf 'int counter = 1;\nconst int fixed = 2;\nextern int there;\nint *const where = &there;\n' > g.c
    gcc -c g.c -o build/g.o && ar cr build/libweft.a build/g.o
    WEFT_BUILD=build finds globals 'variable counter in .data'
    printf 'const int fixed = 2;\nextern int there;\nint *const where = &there;\n' > g.c
    gcc -fPIE -c g.c -o build/g.o && rm build/libweft.a && ar cr build/libweft.a build/g.o
    WEFT_BUILD=build passes globals
fi
exit $bad
