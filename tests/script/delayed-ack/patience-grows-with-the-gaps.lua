-- Linux (tcp_event_data_recv()): the time-out follows the gaps between segments, half of the old one and the gap: of 40 ms
-- become 55 by a gap of 35 ms, and 51 by one of 24 ms; the round trip, 100 ms here, would be the limit.
local c = script.accepted { rtt = "100ms" }
c:quickack(false)
script.inject("+10ms", ". 1:101(100) ack 1 win 257")
script.inject("+35ms", ". 101:201(100) ack 1 win 257")
script.expect(". 1:1(0) ack 201")
script.inject("+24ms", ". 201:301(100) ack 1 win 257")
script.expect("+48ms~56ms", ". 1:1(0) ack 301")
