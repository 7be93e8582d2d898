-- Linux (RFC 2861 in spirit): a window that was not used for a time-out goes half of the way to the most that was used since
-- it was full, ten segments at least: that 15 of 40 were used before all 40 were does not count, 80 become 45.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno", sndbuf = 200000 }
local seq = 1
local function send(n)
  for _ = 1, n do
    c:write(1000)
    script.expect(string.format("P. %d:%d(1000) ack 1", seq, seq + 1000))
    seq = seq + 1000
  end
end
for _, n in ipairs { 10, 20, 15, 40 } do
  send(n)
  script.inject("+40ms", string.format(". 1:1(0) ack %d win 4000", seq))
end
expect.equal(c.cwnd, 80)
script.sleep("170ms")
send(1)
expect.equal(c.cwnd, 80)
script.sleep("85ms")
send(1)
expect.equal(c.cwnd, 45)
