-- net.ipv4.tcp_comp_sack_slack_ns: the timer of a compressed ACK may be late by so much, to share an interrupt with others;
-- where there is no other it is (hrtimer_start_range_ns(), seen on Linux 6.18): 5 % of 400 ms, and 60 ms.
script.host { sysctl = { ["net.ipv4.tcp_comp_sack_delay_ns"] = 100000000, ["net.ipv4.tcp_comp_sack_slack_ns"] = 60000000 } }
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
for n = 2, 6 do
  script.inject((". %d:%d(988) ack 989 win 257 <nop,nop,TS val 1800 ecr 500>"):format(n * 988 + 1, n * 988 + 989))
  if n <= 4 then script.expect((". 989:989(0) ack 989 <nop,nop,TS val 900 ecr 1800,nop,nop,sack 1977:%d>"):format(n * 988 + 989)) end
end
script.expect("+80ms", ". 989:989(0) ack 989 <nop,nop,TS val 980 ecr 1800,nop,nop,sack 1977:6917>")
