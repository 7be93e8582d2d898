-- RFC 5927 4.1: an error that quotes another number than the SYN-ACK's is not believed.
local host = script.host()
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.icmp("host unreachable", 1)
expect.equal(host:counters().TcpExtOutOfWindowIcmps, 1)
script.inject(". 1:1(0) ack 1 win 257")
expect.equal(script.accept().state, "ESTABLISHED")
