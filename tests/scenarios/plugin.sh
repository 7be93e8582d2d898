#!/bin/sh
# A congestion control compiled outside of the tree, as doc/adding-a-cc.md tells, runs; what is none,
# or was made for another header, is refused.
# usage: plugin.sh; WEFT names the program, ./weft otherwise
set -u
weft=${WEFT:-$PWD/weft}
top=$(cd "$(dirname "$0")/../.." && pwd)
cc=${CC:-gcc}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v "$cc" > /dev/null && pkg-config --exists glib-2.0 || exit 77

fail() {
    echo "$*"
    exit 1
}
# shellcheck disable=SC2046
build() { # NAME: from its source and the headers alone
    "$cc" -std=gnu11 -Wall -Wno-unused-parameter -Wno-missing-field-initializers \
        -Wno-unused-function -O2 -shared -fPIC \
        -I "$work/include" $(pkg-config --cflags glib-2.0) -o "$work/$1.so" "$work/$1.c" ||
        fail "$1 does not compile"
}

# The headers as they are installed, and no others.
for header in protocols/cc/cc.h protocols/cc/bbr.h protocols/cc/ewma.h protocols/cc/hystart.h \
    protocols/cc/minmax.h protocols/cc/owd.h protocols/cc/vegas.h sim/dist.h sim/error.h sim/param.h \
    sim/rng.h sim/simtime.h sim/unit.h sim/word.h; do
    mkdir -p "$work/include/${header%/*}"
    cp "$top/$header" "$work/include/$header"
done

# The example of the manual.
sed -n '/^```c$/,/^```$/p' "$top/doc/adding-a-cc.md" | grep -v '^```' > "$work/mine.c"
echo 'CC_PLUGIN(mine);' >> "$work/mine.c"
build mine
cat > "$work/run.lua" << 'EOF'
local net = weft.network()
local a, b = net:host("a"), net:host("b")
net:link(a, b, { rate = "10Mbps", delay = "10ms" })
local f = net:tcp { from = a, to = b, cc = weft.arg("cc", "mine", "congestion control"), bytes = "1MB" }
net:run("10s")
expect(f.done, "the data arrives")
EOF
cd "$work" || exit 1
"$weft" run -q --plugin mine.so run.lua || fail 'the plug-in does not run'
"$weft" run -q --plugin "$work/mine.so" --set "cc=mine gain 3" run.lua || fail 'its parameters'
"$weft" run -q run.lua 2> message && fail 'it runs without the plug-in'
grep -q 'unknown congestion control "mine"' message || fail "$(cat message)"

refused() { # MESSAGE NAME
    "$weft" run -q --plugin "$2.so" run.lua 2> message && fail "$2 is accepted"
    grep -q "$1" message || fail "$2: $(cat message)"
}
echo 'int x;' > none.c
build none
refused 'exports no weft_plugin' none
sed '$d' mine.c > old.c
echo 'const struct cc_plugin weft_plugin = { CC_PLUGIN_ABI + 1, mine_module };' >> old.c
build old
refused 'compiled against another version' old
sed 's/"mine"/"reno"/' mine.c > taken.c
build taken
refused '"reno" already' taken
cp mine.so again.so
"$weft" run -q --plugin mine.so --plugin again.so run.lua 2> message && fail 'two of one name'
grep -q '"mine" already' message || fail "two of one name: $(cat message)"
"$weft" test --plugin mine.so run.lua > /dev/null || fail 'weft test does not know it'
sed '/\.undo = /d' mine.c > lacks.c
build lacks
refused 'lacks `undo`' lacks
refused 'nowhere.so' nowhere

# One that uses what several algorithms share.
cat > shared.c << 'EOF'
#include "protocols/cc/bbr.h"
#include "protocols/cc/ewma.h"
#include "protocols/cc/hystart.h"
#include "protocols/cc/minmax.h"
#include "protocols/cc/owd.h"
#include "protocols/cc/vegas.h"

static void shared_acked(struct cc *cc, const struct cc_ack *ack)
{
    minmax_running_min(cc->priv, 10000, cc_clock_ms(cc), (uint32_t)ack->rtt_us);
}

static const struct cc_ops shared = {
    .name = "shared",
    .doc = "Reno that remembers the shortest round trip of ten seconds",
    .priv_size = sizeof(struct minmax),
    .ssthresh = cc_reno_ssthresh,
    .avoid = cc_reno_avoid,
    .undo = cc_undo,
    .acked = shared_acked,
};

const struct cc_ops *const shared_module[] = { &shared, NULL };
CC_PLUGIN(shared);
EOF
build shared
"$weft" run -q --plugin shared.so --set cc=shared run.lua || fail 'what several share'
