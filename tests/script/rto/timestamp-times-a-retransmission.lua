-- RFC 7323 4.1: the echo says which transmission is acknowledged, so Karn's doubt does not arise: 7/8 of 10 ms and 1/8 of
-- the 90 ms since the second one.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_frto"] = 0 } }
script.listen { cc = "reno" }
script.inject("S 0:0(0) win 32792 <mss 1012,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1010 ecr 100>")
local c = script.accept()
c:write(1000)
script.expect("P. 1:1001(1000) ack 1 <...>")
script.expect("+210ms", "P. 1:1001(1000) ack 1 <nop,nop,TS val 320 ecr 1010>")
script.inject("+90ms", ". 1:1(0) ack 1001 win 257 <nop,nop,TS val 1310 ecr 320>")
expect.near(c.srtt, 0.020, "1ms")
