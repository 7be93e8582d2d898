-- net.ipv4.tcp_no_ssthresh_metrics_save = 1 (Linux since 5.6): the next connection begins with slow start unbounded.
local c = script.connected { rtt = "40ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 10001 win 65535")
c:shutdown()
script.expect("F. 10001:10001(0) ack 1")
script.inject("+40ms", "F. 1:1(0) ack 10002 win 65535")
script.expect(". 10002:10002(0) ack 2")
local d = script.connected { rtt = "40ms", cc = "reno" }
expect.above(d.ssthresh, 1000)
