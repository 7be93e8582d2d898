-- RFC 9438 4.6: after a loss the threshold is 0.7 of the window; Linux computes 717/1024 of it, rounded down: 14 of 20.
script.host { sysctl = { ["net.ipv4.tcp_min_tso_segs"] = 1 } }
local c = script.accepted { rtt = "80ms", cc = "cubic", sndbuf = 200000 }
c:write(30000)
script.expect(". 1:10001(10*1000) ack 1")
script.inject("+80ms", ". 1:1(0) ack 10001 win 400")
script.expect("P. 10001:26001(16*1000) ack 1")
script.expect("P. 26001:30001(4*1000) ack 1")
expect.equal(c.cwnd, 20)
script.inject("+80ms", ". 1:1(0) ack 10001 win 400 <nop,nop,sack 11001:12001>")
script.inject(". 1:1(0) ack 10001 win 400 <nop,nop,sack 11001:13001>")
script.inject(". 1:1(0) ack 10001 win 400 <nop,nop,sack 11001:14001>")
script.expect(". 10001:11001(1000) ack 1")
expect.equal(c.ssthresh, 14)
