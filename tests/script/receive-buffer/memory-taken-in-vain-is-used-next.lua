-- Linux takes memory by the page: a segment that does not fit into the rest of the last page goes along the slow path, and
-- is none of TCPHPHits.  Four of 100 bytes (832 each) leave 768 bytes.  A page is taken for the small one that comes next,
-- in vain, as it fits behind the one before it; so the five after that find memory, and the sixth does not (Linux 6.18).
local host = script.host()
local c = script.accepted { rtt = "10ms" }
local next = 1
local function segment(length)
  script.inject("+1ms", (". %d:%d(%d) ack 1 win 257"):format(next, next + length, length))
  next = next + length
  return host:counters().TcpExtTCPHPHits
end
for hits = 0, 3 do expect.equal(segment(100), hits) end
expect.equal(segment(10), 3)
expect.equal(c.rmem_alloc, 4 * 832)
for hits = 4, 8 do expect.equal(segment(100), hits) end
expect.equal(segment(100), 8)
