-- A packet of 1500 bytes meets a link that takes only 1000.
--
-- The bit DF ("don't fragment") in the IP header decides.  Without it the router cuts the packet in
-- two.  With it the router drops the packet and tells the source which size would do (ICMP
-- "fragmentation needed"), and the source remembers that for the whole path: path MTU discovery.
--
-- Look at
--   narrow.pcap  behind router r1: two fragments for each of the first two echo requests
--   wide.pcap    in front of it: the third request has DF set, and the router's answer says MTU 1000.
--                The fourth never leaves its host: it knows better now.  The fifth may be cut, and now
--                its own host does it.
--   tcp.pcap     TCP always sets DF.  Its first ten segments are refused, it learns the size from the
--                first answer and sends them all again as twenty, without waiting for a time-out.
--   sizes.png    the IP packets that TCP sends: first ten of 1500 bytes in vain, then at most 1000
--
-- tags: lab ip mtu icmp tcp
-- needs: ping tcp
local net = weft.network()
local h, t, d = net:host("h"), net:host("t"), net:host("d")
local r1, r2 = net:router("r1"), net:router("r2")
local wide = net:link(h, r1, { rate = "100Mbps", delay = "1ms" })
local tcp_side = net:link(t, r1, { rate = "100Mbps", delay = "1ms" })
local narrow = net:link(r1, r2, { rate = "10Mbps", delay = "5ms", mtu = 1000 })
net:link(r2, d, { rate = "100Mbps", delay = "1ms" })
wide:capture { name = "wide" }
tcp_side:capture { name = "tcp" }
narrow:capture { name = "narrow", filter = "icmp" }

-- What leaves the router and what leaves t, as loss functions that lose nothing.
local fragments, sizes = {}, {}
local refused, fits = { name = "refused by r1", x = {}, y = {} }, { name = "fits", x = {}, y = {} }
narrow:set { loss = { ab = function(p)
  if p.ip and p.ip.proto == 1 then
    fragments[#fragments + 1] = { p.ip.len, p.ip.frag_offset, p.ip.flags.mf, p.ip.flags.df }
  end
  return false
end } }
tcp_side:set { loss = { ab = function(p)
  if p.tcp then
    local list = p.ip.len > 1000 and refused or fits
    list.x[#list.x + 1], list.y[#list.y + 1], sizes[#sizes + 1] = p.time, p.ip.len, p.ip.len
  end
  return false
end } }

-- 1500 bytes of IP: 1472 of data, 8 of ICMP, 20 of IP.
local clear = h:ping(d, { name = "DF-clear", size = 1472, df = "no", count = 2 })
local set = h:ping(d, { name = "DF-set", size = 1472, df = "yes", count = 2, start = "2s" })
local again = h:ping(d, { name = "DF-clear-again", size = 1472, df = "no", count = 1, start = "4s" })
local flow = net:tcp { name = "tcp", from = t, to = d, bytes = "100kB", start = "5s" }
net:run("6s")
refused.label, refused.unit, fits.label, fits.unit = "IP packet from t", "B", "IP packet from t", "B"
weft.plot { refused, fits, x_label = "time", x_unit = "s", style = "scatter", name = "sizes" }

-- A fragment but the last carries a multiple of 8 bytes: 976 of the 980 that would fit.  So 20 + 976
-- and 20 + 504 bytes, the second at offset 976 / 8.
expect.equal(clear.received, 2)
expect.equal(r1:counters().IpFragOKs, 2, "the router cut two packets")
for i = 1, 3, 2 do
  expect.equal(fragments[i][1], 996, "length of the first fragment")
  expect.equal(fragments[i][3], true, "more fragments")
  expect.equal(fragments[i + 1][1], 524, "length of the second fragment")
  expect.equal(fragments[i + 1][2], 122, "offset of the second fragment")
  expect.equal(fragments[i + 1][3], false, "no more fragments")
end

expect.equal(set.received, 0)
expect.equal(set.mtu, 1000, "the MTU that the router tells")
expect.equal(set.errors, 2, "one refused by the router, one by the host itself")

expect.equal(again.received, 1)
expect.equal(h:counters().IpFragOKs, 1, "now the host cuts")

-- TCP begins with ten segments (RFC 6928).  A packet of 1500 bytes has 1448 of data behind 20 of IP,
-- 20 of TCP and 12 of timestamps, one of 1000 has 948.  So two parts replace each segment: 948 + 500, or,
-- as Linux hands two segments down together, 948 + 948 + 948 + 52 for two.
local full, later = 0, 0
for _, size in ipairs(sizes) do
  if size == 1500 then full = full + 1 end
  if full == 10 and size < 1500 then later = math.max(later, size) end
end
expect.equal(flow.delivered, 100000)
expect.equal(full, 10, "packets of 1500 bytes")
expect.equal(later, 1000, "the largest packet once the size is known")
expect.equal(flow.retransmits, 20, "ten segments are sent again as twenty")
expect.equal(flow.timeouts, 0)
