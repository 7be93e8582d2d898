-- tcp(7), Linux: TCP_DEFER_ACCEPT of 10 s is 15 s, four time-outs.  While data is awaited the SYN-ACK is not repeated, but
-- for a last chance at the end; then a bare ACK is good enough.
local host = script.host()
script.listen { defer_accept = 4 }
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
expect.equal(host:counters().TcpExtTCPDeferAcceptDrop, 1)
script.expect("+14990ms", "S. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
expect.equal(script.accept().state, "ESTABLISHED")
