-- Linux: the timestamp was moved back by at most 63 ms to hold the options, and the first round-trip time counts from
-- there (RFC 7323 4.1), as the time of sending is not known.
script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen()
script.inject("S 0:0(0) win 65535 <mss 1460,sackOK,TS val 700 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 700,nop,wscale 10>")
-- The host's clock began at 1000 ms, and 1000 mod 64 is 40; 7 + 16 was wanted.
script.inject("+20ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 701 ecr 100>")
expect.near(script.accept().srtt, 0.020 + (40 - 23) / 1000, "1ms")
script.port(40001)
script.inject("S 0:0(0) win 65535 <mss 1460>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
script.inject("+20ms", ". 1:1(0) ack 1 win 257")
local c = script.accept()
expect.equal(c.srtt, 0)
expect.equal(c.rto, 3) -- RFC 6298 5.7
