#!/bin/sh
# The same seed gives the same results in ten processes, byte for byte: captures, csv, json and the
# plots' scripts; another seed gives others; a host more changes no flow's numbers.
# usage: determinism.sh; WEFT names the program, ./weft otherwise
set -u
weft=${WEFT:-$PWD/weft}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0

# Goes over string keys, draws at random, loses and reorders, plots and captures.
cat > many.lua << 'END'
local idle = weft.arg("idle", "no", "one host more, of which nothing is heard: made first or last")
local net = weft.network { rtt = "40ms" }
local early = idle == "first" and net:host("idle")
local rates = { gold = "20Mbps", silver = "10Mbps", bronze = "5Mbps", iron = "2Mbps", tin = "1Mbps" }
local left, right = net:router("left"), net:router("right")
local neck = net:link(left, right, { rate = "15Mbps", delay = "15ms", queue = "1bdp",
                                     loss = { ab = "0.1%" }, reorder = { rate = "0.5%", delay = "2ms" } })
local pick, names, flows = weft.random("pick"), {}, {}
for name, rate in pairs(rates) do
  names[#names + 1] = name
  local s, d = net:host("s-" .. name), net:host("d-" .. name)
  net:link(s, left, { rate = rate, delay = math.random(5) .. "ms" })
  net:link(right, d, { rate = "100Mbps", delay = "1ms" })
  flows[name] = net:tcp { name = name, from = s, to = d, cc = pick:choice { "cubic", "reno" },
                          start = { "0s", jitter = "500ms" } }
  flows[name]:record("cwnd", "goodput")
end
-- Processes that wake each other, and at one instant.
local talker, listener = net:host("talker"), net:host("listener")
net:link(talker, left, { rate = "10Mbps", delay = "1ms" })
net:link(right, listener, { rate = "10Mbps", delay = "1ms" })
listener:spawn(function()
  local all = { listener:listen(7) }
  while true do
    for _, s in ipairs((weft.select { read = all })) do
      local data = s.state ~= "LISTEN" and s:recv()
      if s.state == "LISTEN" then
        all[#all + 1] = s:accept()
      elseif data then
        s:send(data)
      else
        for i = #all, 1, -1 do if all[i] == s then table.remove(all, i) end end
      end
    end
  end
end)
for i = 1, 5 do
  talker:spawn(function()
    sleep(i < 4 and "1s" or math.random())
    local s = talker:connect(listener, 7)
    for _ = 1, 20 do
      s:send(string.rep(tostring(i), math.random(3000)))
      sleep(math.random() / 10)
      weft.result(("echo of %d at %.9f"):format(i, now()), #s:recv(), "B")
    end
  end)
end
if idle ~= "no" then net:link(early or net:host("idle"), right) end
neck:record("queue_packets", "drops")
neck:capture { snaplen = 96 }
net:every("1s", function()
  for name, f in next, flows do
    if f.goodput then weft.result(name .. " at " .. now(), f.goodput, "bit/s") end
  end
end, { start = "1s" })
net:plot { "cwnd", "queue_packets" }
net:run("5s")
weft.plot { weft.series({ flows.gold, flows.tin, flows.iron }, "goodput"), style = "cdf", name = "all" }
weft.result("order of " .. table.concat(names, " "), 1)
expect.equal(#names, 5)
END

run() { # directory, arguments
    out=$1
    shift
    "$weft" run -q many.lua -o "$out" "$@" || { echo "the run $out failed"; exit 1; }
}

# A digest of everything that is promised to be the same.
digest() {
    (cd "$1/many" && find . -type f \( -name '*.pcap' -o -name '*.csv' -o -name '*.json' -o -name '*.gp' \) \
        ! -name run.json | sort | xargs sha256sum)
}

run base
digest base > wanted
for kind in pcap csv json gp; do
    grep -q "\.$kind\$" wanted || { echo "there is no $kind file:"; cat wanted; bad=1; }
done
for i in 2 3 4 5 6 7 8 9 10; do
    # Another place in memory and another environment must not matter.
    NOISE=$(printf '%*s' "$((i * 321))" '') run again
    digest again > got
    cmp -s wanted got || { echo "process $i differs:"; diff wanted got; bad=1; }
    rm -rf again
done

run other --seed 2
cmp -s base/many/left-eth1.pcap other/many/left-eth1.pcap && { echo 'two seeds, one capture'; bad=1; }
run same --seed 1
cmp -s base/many/left-eth1.pcap same/many/left-eth1.pcap || { echo 'the default seed is not 1'; bad=1; }

# The flows of a summary, with all their figures.
flows() {
    sed -n '/^      "flows": \[/,/^      \]/p' "$1/many/summary.json"
}

flows base > wanted
[ "$(grep -c '"name"' wanted)" -eq 5 ] || { echo 'the summary has no flows'; bad=1; }
# What is made first has no better numbers than what is made last.
for idle in last first; do
    run "$idle" --set idle=$idle
    for file in series.csv left-eth1.pcap drops.csv; do
        cmp -s base/many/$file $idle/many/$file || { echo "an idle host, made $idle, changes $file"; bad=1; }
    done
    flows $idle > got
    cmp -s wanted got || { echo "an idle host, made $idle, changes a flow:"; diff wanted got; bad=1; }
done

# Without a random draw of the scenario or a link, seeds differ in what TCP and UDP draw.
cat > plain.lua << 'END'
local net = weft.network()
local a, b = net:host("a"), net:host("b")
net:link(a, b, { rate = "10Mbps", delay = "10ms" }):capture()
net:PROTOCOL { from = a, to = b, bytes = "20kB" }
net:run("2s")
END
for protocol in tcp udp; do
    sed "s/PROTOCOL/$protocol/" plain.lua > $protocol.lua
    for seed in 1 2; do
        "$weft" run -q $protocol.lua -o "seed$seed" --seed $seed || { echo "$protocol.lua failed"; bad=1; }
    done
    cmp -s seed1/$protocol/a-eth1.pcap seed2/$protocol/a-eth1.pcap &&
        { echo "two seeds, one capture of plain $protocol"; bad=1; }
done
exit $bad
