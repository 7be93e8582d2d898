-- net.ipv4.tcp_comp_sack_nr: so many duplicate ACKs may be left out for one that goes.
local host = script.host { sysctl = { ["net.ipv4.tcp_comp_sack_delay_ns"] = 100000000, ["net.ipv4.tcp_comp_sack_nr"] = 2 } }
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+400ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1400 ecr 100>")
local c = script.accept()
c:write(988)
script.expect("P. 1:989(988) ack 1 <...>")
script.inject("+400ms", ". 1:989(988) ack 989 win 257 <nop,nop,TS val 1800 ecr 500>")
script.expect(". 989:989(0) ack 989 <...>")
c:quickack(false)
for n = 2, 9 do
  script.inject((". %d:%d(988) ack 989 win 257 <nop,nop,TS val 1800 ecr 500>"):format(n * 988 + 1, n * 988 + 989))
  if n <= 4 or n == 7 then script.expect((". 989:989(0) ack 989 <nop,nop,TS val 900 ecr 1800,nop,nop,sack 1977:%d>"):format(n * 988 + 989)) end
end
script.expect("+20ms", ". 989:989(0) ack 989 <nop,nop,TS val 920 ecr 1800,nop,nop,sack 1977:9881>")
expect.equal(host:counters().TcpExtTCPAckCompressed, 3)
