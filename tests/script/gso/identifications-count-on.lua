-- Linux's software GSO: the segments of one burst bear identifications one after the other, and the next burst goes on
-- from there, since the connection's counter grew by as many as there were segments.  The last alone is pushed.
local c = script.accepted { rtt = "1ms" }
local id
local function burst(first, last)
  c:write((last - first) * 1000 + 1000)
  for i = first, last do
    script.expect(string.format("%s %d:%d(1000) ack 1", i == last and "P." or ".", i * 1000 + 1, i * 1000 + 1001))
    id = id or script.id()
    expect.equal(script.id(), (id + i) % 65536)
  end
end
burst(0, 3)
script.inject("+1ms", ". 1:1(0) ack 4001 win 257")
burst(4, 6)
