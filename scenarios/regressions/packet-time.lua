-- How long one packet takes, to the picosecond: serialisation on each link, and propagation.
--
-- On the wire a frame has 8 bytes of preamble, 14 of Ethernet header, at least 46 of data, 4 of checksum
-- and 12 of gap (IEEE 802.3, 3.1 and 4.4.2).  The gap comes behind the last bit, but keeps the link
-- busy like it, and counts.  A time that is no whole number of picoseconds is rounded up.  A router
-- sends a packet on when it has all of it.
--
-- tags: regression link physics
-- needs: ping udp
local second = 1000000000000 -- in picoseconds, an integer as all times here

local function serialisation(ip_bytes, rate)
  local bits = 8 * (8 + 14 + math.max(ip_bytes, 46) + 4 + 12)
  return -(-bits * second // rate)
end

-- Seconds of the language are doubles, which can tell picoseconds up to 9007 s.
local function ps(seconds) return math.tointeger((seconds * 1e12 + 0.5) // 1) end

-- The way of the packets: the rate of each link, and its delay.
local function check(name, rates, delays, sizes)
  local net = weft.network { name = name }
  local last, hosts = net:host("a"), {}
  hosts[1] = last
  for i, rate in ipairs(rates) do
    local node = i < #rates and net:router("r" .. i) or net:host("b")
    net:link(last, node, { rate = rate, delay = delays[i] / second, mtu = 9000 })
    last = node
  end
  hosts[2] = last

  for i, size in ipairs(sizes) do
    -- The first one waits for ARP.
    local flow = net:udp { from = hosts[1], to = hosts[2], size = size, count = 2, arrival = "1s", start = 20 * i }
    local ping = hosts[1]:ping(hosts[2], { size = size, count = 1, timeout = "10s", start = 20 * i + 10 })
    flow:record("delay")
    ping:record("rtt")
    net:run(20 * i + 19)

    local want = 0
    for j, rate in ipairs(rates) do want = want + serialisation(size + 28, rate) + delays[j] end
    local where = (" of %d bytes on the way %s"):format(size, name)
    expect.equal(ps(flow:series("delay"):at(20 * i + 5)), want, "delay" .. where)
    expect.equal(ps(ping:series("rtt"):at(20 * i + 19)), 2 * want, "round trip" .. where)
  end
end

check("1G", { 1000000000 }, { 5000000 }, { 1, 18, 19, 1472, 8972 })
-- Rates that do not divide: 84 bytes at 7 Mbit/s take 96 µs exactly, others do not.
check("7M", { 7000000 }, { 1 }, { 18, 100, 1000 })
check("3G", { 3000000000 }, { 33333333333 }, { 1, 100, 1000 })
check("odd", { 999999937 }, { 123456789012 }, { 1, 100, 8972 })
check("chain", { 10000000, 1000000000, 100000000000, 33333333 }, { 0, 20000000001, 7, 1000000000 }, { 18, 1000 })
