-- Linux (tcp_cwnd_application_limited, RFC 2861 in spirit): a flow that sends on, but has used no more than the initial
-- ten of its window of twenty since it grew, a time-out (240 ms) ago, keeps fifteen.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
local seq = 1
local function send()
  c:write(1000)
  script.expect(string.format("P. %d:%d(1000) ack 1", seq, seq + 1000))
  seq = seq + 1000
end
for _ = 1, 10 do send() end
script.inject("+40ms", ". 1:1(0) ack 10001 win 257")
expect.equal(c.cwnd, 20)
script.sleep("170ms")
send()
expect.equal(c.cwnd, 20)
script.sleep("85ms")
send()
expect.equal(c.cwnd, 15)
