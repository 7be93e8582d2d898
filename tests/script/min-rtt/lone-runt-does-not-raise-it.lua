-- Linux: the ACK of a lone segment that is not full may have been delayed (tcp_min_rtt_wlen seconds later it would be
-- the least of its time all the same), so it raises the least round trip no more; that of a full one does.
script.host { sysctl = { ["net.ipv4.tcp_min_rtt_wlen"] = 1 } }
local c = script.accepted { rtt = "20ms" }
local seq = 1
local function send(bytes, rtt)
  c:write(bytes)
  script.expect(string.format("P. %d:%d(%d) ack 1", seq, seq + bytes, bytes))
  seq = seq + bytes
  script.inject(rtt, string.format(". 1:1(0) ack %d win 257", seq))
end
send(1000, "20ms")
expect.near(c.min_rtt, 0.02, 0.003)
script.sleep("1500ms")
send(500, "80ms")
expect.near(c.min_rtt, 0.02, 0.003)
send(1000, "80ms")
expect.near(c.min_rtt, 0.08, 0.003)
