-- RFC 8985 6.2 step 4: a window that a needless retransmission has widened is a quarter of the least round trip again after
-- sixteen recoveries without another one.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(4000)
script.expect("P. 1:4001(2*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001>")
script.inject("+1ms", ". 1:1(0) ack 4001 win 257")
local una = 4001
-- Two segments; the first one is late by so much, and goes again; does it come twice?
local function late(from, to, twice)
  c:write(2000)
  script.expect(("P. %d:%d(2*1000) ack 1"):format(una, una + 2000))
  script.inject("+42ms", (". 1:1(0) ack %d win 257 <nop,nop,sack %d:%d>"):format(una, una + 1000, una + 2000))
  script.expect(from .. "~" .. to, (". %d:%d(1000) ack 1"):format(una, una + 1000))
  script.inject("+41ms", (". 1:1(0) ack %d win 257"):format(una + 2000))
  if twice then script.inject("+2ms", (". 1:1(0) ack %d win 257 <nop,nop,sack %d:%d>"):format(una + 2000, una, una + 1000)) end
  una = una + 2000
end
late("+9ms", "+14ms", true)
for _ = 1, 16 do late("+18ms", "+23ms") end
late("+9ms", "+14ms")
