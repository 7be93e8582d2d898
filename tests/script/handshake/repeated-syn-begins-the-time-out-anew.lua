-- Linux (tcp_check_req): the SYN-ACK that answers a repeated SYN is followed by the next a whole time-out later, and
-- counts as repeated.
local host = script.host()
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+600ms", "S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
expect.equal(host:counters().TcpExtTCPSynRetrans, 1)
script.silence("900ms")
script.tolerance("60ms")
script.expect("+100ms", "S. 0:0(0) ack 1 <...>")
