-- net.ipv4.tcp_no_metrics_save = 1: the next connection knows nothing: without a sample its time-out is 3 s (RFC 6298
-- 5.7), as its SYN went twice.
script.host { sysctl = { ["net.ipv4.tcp_no_metrics_save"] = 1 } }
local c = script.connected { rtt = "400ms", cc = "reno" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.inject("+400ms", ". 1:1(0) ack 1001 win 65535")
c:shutdown()
script.expect("F. 1001:1001(0) ack 1")
script.inject("+400ms", "F. 1:1(0) ack 1002 win 65535")
script.expect(". 1002:1002(0) ack 2")
local d = script.connect { cc = "reno" }
script.expect("S 0:0(0) <...>")
script.expect("+1s", "S 0:0(0) <...>")
script.inject("+400ms", "S. 0:0(0) ack 1 win 65535 <mss 1000>")
script.expect(". 1:1(0) ack 1")
expect.equal(d.rto, 3)
