#!/bin/sh
# The program weft: its commands, options, messages and exit statuses, from outside.
# usage: weft.sh; WEFT names the program, ./weft otherwise
set -u
weft=${WEFT:-$PWD/weft}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0

# wants STATUS COMMAND...: runs it, said and cried hold what it printed.
wants() {
    status=$1
    shift
    "$@" > said 2> cried
    got=$?
    if [ $got -ne "$status" ]; then
        echo "exit status $got, wanted $status: $*"
        cat said cried
        bad=1
    fi
}

# says FILE TEXT: the file has the text.
says() {
    if ! grep -qF -- "$2" "$1"; then
        echo "no such text in $1: $2"
        cat "$1"
        bad=1
    fi
}

# silent FILE: nothing is in it.
silent() {
    if [ -s "$1" ]; then
        echo "$1 should be empty:"
        cat "$1"
        bad=1
    fi
}

exists() {
    for file; do
        [ -e "$file" ] || { echo "$file is missing"; bad=1; }
    done
}

absent() {
    for file; do
        [ ! -e "$file" ] || { echo "$file should not be there"; bad=1; }
    done
}

# ---- Commands -------------------------------------------------------------------------------

wants 2 "$weft"
says said 'weft run FILE.lua'
wants 0 "$weft" --version
says said 'weft 0.'
wants 0 "$weft" help
wants 0 "$weft" --help
wants 0 "$weft" help run
says said '--max-capture SIZE'
wants 0 "$weft" help net:link
says said 'net:link(a, b'
wants 0 "$weft" help link
wants 0 "$weft" help tcp
says said 'bulk data'
wants 0 "$weft" help net:tcp
says said 'bulk data'
wants 0 "$weft" help tcp_syn_retries
says said 'net.ipv4.tcp_syn_retries  6        1 to 127'
wants 0 "$weft" help SO_LINGER
says said 'time or false'
wants 0 "$weft" help cwnd
says said 'congestion window'
wants 0 "$weft" help vegas
says said 'fewest packets'
wants 0 "$weft" help losses
says said 'packets newly marked lost'
wants 0 "$weft" help recv
says said 's:recv('
wants 0 "$weft" help expect
says said 'expect.eventually'
wants 0 "$weft" help --help
says said 'weft help'
wants 2 "$weft" help nonsense
wants 2 "$weft" help cwdn
says cried 'did you mean cwnd?'
wants 2 "$weft" rnu
says cried 'unknown command rnu; did you mean run?'
wants 2 "$weft" a.lua
says cried 'weft run a.lua'

for kind in cc qdisc app param sysctl sockopt metric word packet missing; do
    wants 0 "$weft" list $kind
    silent cried
    [ -s said ] || { echo "list $kind is empty"; bad=1; }
done
wants 0 "$weft" list cc
says said 'cubic'
wants 0 "$weft" list sysctl
says said 'net.ipv4.tcp_rto_min_us'
wants 2 "$weft" list
says cried 'there are cc, qdisc'
wants 2 "$weft" list qdsc
says cried 'perhaps qdisc'

# ---- run ------------------------------------------------------------------------------------

cat > two.lua << 'END'
local net = weft.network()
local a, b = net:host("a"), net:host("b")
local l = net:link(a, b, { rate = weft.arg("rate", "10Mbps", "of the link"), delay = "1ms" })
local n = weft.arg("n", 3, "flows")
for i = 1, n do net:tcp { from = a, to = b, bytes = "10kB", start = i * weft.arg("gap", 0.1) } end
if weft.arg("capture", false) then l:capture() end
l:record("queue_packets")
print("n is " .. n)
net:run("5s")
expect.equal(net:now(), 5, "it runs for five seconds")
END
wants 0 "$weft" run two.lua
says said 'n is 3'
says said 'a-b-3'
says said 'the expectation is met'
silent cried
exists out/two/summary.json out/two/run.json out/two/series.csv out/two/drops.csv
absent out/two/a-eth1.pcap
wants 0 "$weft" run --set n=2 two.lua --set=capture=yes -o results -q
says said 'n is 2'
[ "$(wc -l < said)" -eq 1 ] || { echo "a quiet run says too much"; cat said; bad=1; }
exists results/two/a-eth1.pcap
grep -q '"n": "2"' results/two/summary.json || { echo 'the argument is not in the summary'; bad=1; }

# Bars are called after the flows whose figures they are, or after numbers that stand for x.
cat > bars.lua << 'END'
local net = weft.network()
local a, b = net:host("a"), net:host("b")
net:link(a, b)
local flows = {}
for i, name in ipairs { "one", "other" } do flows[i] = net:tcp { name = name, from = a, to = b, bytes = "10kB" } end
net:run("5s")
weft.plot { weft.series(flows, "delivered"), style = "bars", name = "flows" }
weft.plot { { x = { 16, 32 }, y = { 1, 2 }, label = "y" }, style = "bars", name = "numbers" }
END
wants 0 "$weft" run -q bars.lua
grep -q "xtics scale 0 ('one' 0, 'other' 1)" out/bars/flows.gp || { echo 'bars do not bear the names'; bad=1; }
grep -q "xtics scale 0 ('16' 0, '32' 1)" out/bars/numbers.gp || { echo 'bars do not bear the numbers'; bad=1; }

wants 0 "$weft" run two.lua --set capture=yes --print
says said 'Flags [S]'
wants 0 "$weft" run two.lua --help
says said 'rate=10Mbps'
says said 'of the link'
says said 'gap=0.1'
absent out/two/nothing
wants 1 "$weft" run two.lua --until 2s
says said 'FAILED two.lua:10: it runs for five seconds'
says said 'actual 2, wanted 5'
wants 1 "$weft" run two.lua --until 2s --quiet
says cried 'FAILED two.lua:10'

# Mistakes on the command line: status 2, and the old results stay.
before=$(cat out/two/summary.json)
wants 2 "$weft" run
says cried 'say which scenario'
wants 2 "$weft" run nothing.lua
says cried 'cannot read the file "nothing.lua"'
wants 2 "$weft" run two.lua --sed 5
says cried 'unknown option --sed; did you mean --seed?'
wants 2 "$weft" run two.lua --seed
says cried '--seed needs a value'
wants 2 "$weft" run two.lua --seed -5
says cried 'must be a whole number, not negative'
wants 2 "$weft" run two.lua --seed 1.5
wants 2 "$weft" run two.lua --set n
says cried 'write --set name=value'
wants 2 "$weft" run two.lua --set gab=5
says cried 'two.lua declares no argument `gab` with weft.arg; did you mean `gap`?'
wants 2 "$weft" run two.lua --set n=x
says cried 'two.lua:4: argument n "x"'
wants 2 "$weft" run two.lua --set n=2.5
says cried 'must be a whole number, as its default is'
wants 2 "$weft" run two.lua --set capture=maybe
says cried 'argument capture "maybe": must be "yes" or "no"'
wants 2 "$weft" run two.lua --until 2parsec
says cried 'unknown unit "parsec"'
wants 2 "$weft" run two.lua --max-capture lots
wants 2 "$weft" run two.lua --max-capture 0
says cried '--max-capture "0": must be above 0'
wants 2 "$weft" run two.lua two.lua
says cried 'one scenario at a time'
wants 2 "$weft" run two.lua -x
says cried 'unknown option -x'
[ "$before" = "$(cat out/two/summary.json)" ] || { echo 'old results were touched'; bad=1; }

# An argument that is declared in a branch is told at the end, at the latest.
cat > branch.lua << 'END'
local net = weft.network()
net:run(1)
if weft.arg("more", false) then weft.arg("extra", 5) end
END
wants 0 "$weft" run -q branch.lua --set more=yes --set extra=6
wants 2 "$weft" run -q branch.lua --set extra=6
says cried 'declares no argument `extra`'

# An output that cannot be written.
mkdir -p locked
echo precious > locked/two
wants 2 "$weft" run two.lua -o locked
says cried 'locked/two'
[ "$(cat locked/two)" = precious ] || { echo 'a file of the user is gone'; bad=1; }
echo file > plain
wants 2 "$weft" run two.lua -o plain
says cried 'plain'

# What standard output does not take is told.
if [ -c /dev/full ]; then
    "$weft" help > /dev/full 2> cried
    [ $? -eq 2 ] || { echo 'a full device is not noticed'; bad=1; }
    says cried 'cannot write to standard output'
fi

# A failing scenario leaves the results of the one before, and nothing else.
echo 'local net = weft.network() net:run(1) error("late")' > late.lua
echo 'weft.network():run(1)' > keep.lua
wants 0 "$weft" run -q keep.lua
cp late.lua keep.lua
wants 2 "$weft" run -q keep.lua
says cried 'keep.lua:1: late'
exists out/keep/summary.json
wants 2 "$weft" run -q late.lua
absent out/late
[ "$(find out -maxdepth 1 -name '.*' ! -name . | wc -l)" -eq 0 ] || { ls -la out; bad=1; }

# The first line of a script may be #!.
printf '#!/usr/bin/env -S weft run\nlocal x = y\n' > hash.lua
wants 2 "$weft" run hash.lua
says cried 'hash.lua:2: unknown global `y`'

# Windows begins texts with a mark; a pipe can be read once; what is compiled is refused.
printf '\357\273\277local x = y\n' > mark.lua
wants 2 "$weft" run mark.lua
says cried 'mark.lua:1: unknown global `y`'
echo 'error("read")' | wants 2 "$weft" run -o piped /dev/stdin
says cried '/dev/stdin:1: read'
printf '\033Lua' > compiled.lua
wants 2 "$weft" run compiled.lua
says cried 'compiled.lua: this is compiled Lua'

# An events' storm is stopped, and its actors are named.
cat > storm.lua << 'END'
local net = weft.network()
local function again() net:after(0, again) end
net:at("1s", again)
net:run("2s")
END
wants 2 "$weft" run storm.lua
says cried 'storm.lua:4: net:run: at 1 s'
says cried 'observer'
absent out/storm

# ---- test -----------------------------------------------------------------------------------

mkdir -p suite/deep
cat > suite/good.lua << 'END'
-- tags: quick lab
expect(true)
END
echo 'expect.equal(1, 2, "one is two")' > suite/wrong.lua
echo 'print("nothing to see")' > suite/nothing.lua
printf -- '-- needs: link wormhole\nexpect(true)\n' > suite/needs.lua
printf -- '-- needs: link tcp chain\nexpect(true)\n' > suite/has.lua
echo 'local x = = 1' > suite/deep/broken.lua
echo 'while true do end' > suite/deep/slow.lua
echo 'not a scenario' > suite/readme.txt
wants 1 "$weft" test suite -j 3 --timeout 1s --junit result.xml
says said 'TAP version 13'
says said '1..7'
says said 'not ok 1 - suite/deep/broken'
says said "# suite/deep/broken.lua:1: unexpected symbol near '='"
says said 'not ok 2 - suite/deep/slow'
says said '# it took too long'
says said 'ok 3 - suite/good'
says said 'ok 4 - suite/has'
says said 'ok 5 - suite/needs # SKIP needs wormhole, which is not modelled yet'
says said 'ok 6 - suite/nothing # SKIP it expects nothing'
says said 'not ok 7 - suite/wrong'
says said '# FAILED suite/wrong.lua:1: one is two'
says said '# 2 passed, 3 failed, 2 skipped'
says result.xml '<testsuite name="weft" tests="7" failures="3" skipped="2">'
says result.xml 'one is two'
absent out/good
wants 0 "$weft" test suite --filter lab
says said '1..1'
wants 0 "$weft" test suite --filter good --filter has
says said '1..2'
wants 0 "$weft" test suite/good.lua -o kept
exists kept/good/summary.json
wants 0 "$weft" test suite --list
says said 'quick lab'
wants 2 "$weft" test
wants 2 "$weft" test nowhere
says cried 'there is no file or folder "nowhere"'
wants 2 "$weft" test suite -j 0
says cried 'must be a whole number from 1 to 1024'
wants 2 "$weft" test suite --timeout 0
says cried '--timeout "0": must be above 0'
wants 2 "$weft" test suite --filter nonesuch
says cried 'there is no scenario that matches --filter'
mkdir -p desert other
wants 2 "$weft" test desert
says cried 'no file that ends in .lua'
cp suite/good.lua other
wants 2 "$weft" test suite/good.lua other -o both
says cried 'would both leave their results in both/good'
absent both
wants 0 "$weft" test suite/good.lua other -j 2
wants 2 "$weft" test suite/good.lua --junit /nowhere/x.xml
says cried 'cannot write the file "/nowhere/x.xml"'

exit $bad
