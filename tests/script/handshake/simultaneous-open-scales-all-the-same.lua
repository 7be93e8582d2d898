-- In a simultaneous open Linux repeats the window scale of its SYN in the SYN-ACK, and scales by it, whether or not the peer's
-- SYN had one (a departure from RFC 7323 2.2; seen on Linux 6.18 with this conversation, the window 64240 >> 10 too).
local c = script.connect()
script.expect("S 0:0(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10>")
script.inject("+100ms", "S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 200 ecr 0,nop,wscale 10>")
script.inject("+100ms", ". 1:1(0) ack 1 win 32792")
script.inject("+100ms", "P. 1:101(100) ack 1 win 32792")
script.expect("+0~+100ms", ". 1:1(0) ack 101 win 63")
expect.equal(c.state, "ESTABLISHED")
