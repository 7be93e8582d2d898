-- RFC 9438 4.6: after a loss the threshold is 0.7 of the window; Linux computes 717/1024 of it, rounded down: 14 of 20.
script.host { sysctl = { ["net.ipv4.tcp_min_tso_segs"] = 1 } }
local c = script.accepted { rtt = "80ms", cc = "cubic", sndbuf = 200000 }
local function sent(from, to, last)
  for n = from, to do
    script.expect(("%s %d:%d(1000) ack 1"):format((n == last or n == 25) and "P." or ".", n * 1000 + 1, n * 1000 + 1001))
  end
end
c:write(30000)
sent(0, 9)
script.inject("+80ms", ". 1:1(0) ack 10001 win 400")
sent(10, 29, 29)
expect.equal(c.cwnd, 20)
script.inject("+80ms", ". 1:1(0) ack 10001 win 400 <nop,nop,sack 11001:12001>")
script.inject(". 1:1(0) ack 10001 win 400 <nop,nop,sack 11001:13001>")
script.inject(". 1:1(0) ack 10001 win 400 <nop,nop,sack 11001:14001>")
sent(10, 10)
expect.equal(c.ssthresh, 14)
