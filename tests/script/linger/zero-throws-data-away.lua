-- SO_LINGER 0 (socket(7)): what was sent and not acknowledged is not sent again; the RST has the
-- number behind it (RFC 9293 3.10.5, ABORT).  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno", linger = 0 }
c:write(3000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.expect("P. 2001:3001(1000) ack 1")
c:close()
script.expect("R. 3001:3001(0) ack 1")
script.inject("+36ms", ". 1:1(0) ack 1001 win 257")
script.expect("R 1001:1001(0)")
script.silence("1s")
