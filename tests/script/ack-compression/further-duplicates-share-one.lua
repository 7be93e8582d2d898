-- Linux (net.ipv4.tcp_comp_sack_delay_ns): the three duplicate ACKs that start a fast retransmit (RFC 5681 3.2) go at
-- once; what else comes out of order within a twentieth of the round trip, 20 of 400 ms here, shares one.
script.host { sysctl = { ["net.ipv4.tcp_comp_sack_delay_ns"] = 100000000 } }
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+400ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1400 ecr 100>")
local c = script.accept()
c:write(1000)
script.expect(". 1:989(988) ack 1 <...>") script.expect("P. 989:1001(12) ack 1 <...>")
script.inject("+400ms", ". 1:989(988) ack 1001 win 257 <nop,nop,TS val 1800 ecr 500>")
script.expect(". 1001:1001(0) ack 989 <...>")
c:quickack(false)
local function late(n) script.inject((". %d:%d(988) ack 1001 win 257 <nop,nop,TS val 1800 ecr 500>"):format(n * 988 + 1, n * 988 + 989)) end
for n = 2, 4 do
  late(n)
  script.expect((". 1001:1001(0) ack 989 <nop,nop,TS val 900 ecr 1800,nop,nop,sack 1977:%d>"):format(n * 988 + 989))
end
for n = 5, 9 do late(n) end
script.tolerance("500us")
script.expect("+20ms", ". 1001:1001(0) ack 989 <nop,nop,TS val 920 ecr 1800,nop,nop,sack 1977:9881>")
