-- net.ipv4.tcp_no_ssthresh_metrics_save = 0: what a connection learnt about its destination is the beginning of the next
-- one's: the threshold of a lost one, 5.
script.host { sysctl = { ["net.ipv4.tcp_no_ssthresh_metrics_save"] = 0, ["net.ipv4.tcp_early_retrans"] = 0 } }
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
expect.equal(d.ssthresh, 5)
