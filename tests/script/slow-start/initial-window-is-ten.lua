-- RFC 6928.
local c = script.accepted()
expect.equal(c.cwnd, 10)
c:write(20000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.silence("50ms")
