-- RFC 8985 7.2: with one segment in flight the probe waits 200 ms more for a delayed ACK: 2 * 250 + 200 ms, before the
-- time-out of 250 + 4 * 125 ms.  Linux takes half a round trip and the least time-out instead, 2 * 250 + 200 ms as well.
local c = script.accepted { rtt = "250ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+700ms", "P. 1:1001(1000) ack 1")
