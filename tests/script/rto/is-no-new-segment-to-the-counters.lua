-- RFC 4022: tcpOutSegs leaves out those that hold only what was sent before; tcpRetransSegs has them.
local host = script.host()
local c = script.accepted { rtt = "40ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+240ms", "P. 1:1001(1000) ack 1")
script.expect("+240ms", "P. 1:1001(1000) ack 1")
local counters = host:counters()
expect.equal(counters.TcpOutSegs, 2, "the SYN-ACK and the data")
expect.equal(counters.TcpRetransSegs, 2)
expect.equal(counters.TcpExtTcpTimeoutRehash, 1, "the first was a loss probe")
