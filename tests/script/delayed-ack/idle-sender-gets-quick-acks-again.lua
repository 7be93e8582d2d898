-- Linux (tcp_event_data_recv()): a gap longer than the retransmission time-out means that the sender has begun anew with
-- a small window: its segments are acknowledged at once, though the quick phase had been over.
script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms" }
local function segment(after, n)
  script.inject(after, (". %d:%d(100) ack 1 win 257"):format(1 + n * 100, 101 + n * 100))
  c:read(100)
end
for n = 0, 15 do
  segment("+2ms", n)
  script.expect((". 1:1(0) ack %d"):format(101 + n * 100))
end
segment("+2ms", 16)
script.expect("+40ms~48ms", ". 1:1(0) ack 1701")
segment("+100ms", 17)
script.expect("+40ms~48ms", ". 1:1(0) ack 1801")
segment("+1s", 18)
script.expect(". 1:1(0) ack 1901")
