-- RFC 4022: tcpOutSegs counts what is sent, RSTs too, and tcpOutRsts those.
local host = script.host()
local c = script.accepted { rtt = "10ms" }
expect.equal(host:counters().TcpOutSegs, 1)
c:abort()
script.expect("R. 1:1(0) ack 1")
expect.equal(host:counters().TcpOutSegs, 2)
expect.equal(host:counters().TcpOutRsts, 1)
script.inject("P. 1:101(100) ack 1 win 257")
script.expect("R 1:1(0)")
expect.equal(host:counters().TcpOutSegs, 3)
expect.equal(host:counters().TcpOutRsts, 2)
