-- A datagram that is larger than the link's MTU travels in pieces.
--
-- A host sends IP datagrams of 5140 bytes over Ethernet, whose MTU is 1500.  Each fragment has a header
-- of 20 bytes of its own, so it carries 1480 of the 5120 bytes; its offset counts units of 8 bytes.
-- Only the destination puts them together again, and only if it gets all of them.
--
-- Look at
--   a-eth1.pcap    four frames for each datagram: one identification, offsets 0, 185, 370, 555, and
--                  "more fragments" set in all but the last.  Only the first has a UDP header.
--                  The third fragment of the fourth datagram is lost on the way: the whole datagram
--                  is, and 30 s later `b` gives up waiting and says so (time exceeded, code 1).
--   fragments.png  where in its datagram each fragment belongs, and which one is missing
--
-- tags: lab ip fragmentation
-- needs: udp
local net = weft.network()
local a, b = net:host("a"), net:host("b")
local link = net:link(a, b, { rate = "10Mbps", delay = "5ms", mtu = 1500 })
link:capture()

-- A loss function sees each frame; this one loses the third fragment of the fourth datagram.
local sent, by_id = {}, {} -- lists of fragments
local arrived, lost = { name = "arrives", x = {}, y = {} }, { name = "lost", x = {}, y = {} }
link:set { loss = { ab = function(p)
  if not p.ip then return false end
  local list = by_id[p.ip.id] or {}
  if #list == 0 then by_id[p.ip.id], sent[#sent + 1] = list, list end
  list[#list + 1] = { length = p.ip.len, offset = p.ip.frag_offset, more = p.ip.flags.mf }
  local lose = #sent == 4 and #list == 3
  local points = lose and lost or arrived
  points.x[#points.x + 1], points.y[#points.y + 1] = p.time, 8 * p.ip.frag_offset
  return lose
end } }

-- 5140 bytes of IP are 5112 of data, 8 of UDP and 20 of IP.
local flow = net:udp { from = a, to = b, size = 5112, count = 6, rate = "2Mbps" }
net:run("40s")
arrived.label, arrived.unit, lost.label, lost.unit = "offset of the fragment", "B", "offset of the fragment", "B"
weft.plot { arrived, lost, x_label = "time", x_unit = "s", style = "scatter", name = "fragments" }

local want = { { 1500, 0, true }, { 1500, 185, true }, { 1500, 370, true }, { 700, 555, false } }
for _, list in ipairs(sent) do
  expect.equal(#list, 4, "fragments of a datagram")
  for i, w in ipairs(want) do
    expect.equal(list[i].length, w[1], "length of fragment " .. i)
    expect.equal(list[i].offset, w[2], "offset of fragment " .. i)
    expect.equal(list[i].more, w[3], "more fragments after " .. i)
  end
end
expect.equal(#sent, 6)
expect.equal(flow.received, 5, "one lost fragment costs the whole datagram")

local at_a, at_b = a:counters(), b:counters()
expect.equal(at_a.IpFragOKs, 6)
expect.equal(at_a.IpFragCreates, 24)
expect.equal(at_b.IpReasmReqds, 23)
expect.equal(at_b.IpReasmOKs, 5)
expect.equal(at_b.IpReasmFails, 1)
