-- A signed SYN to a port where nobody is gets no RST, which could not be signed, and is not counted; nor is one that is
-- signed twice.  Seen on Linux 6.18.
local h = script.host()
script.inject("S 0:0(0) win 65535 <mss 1000,md5>")
script.silence("10ms")
script.inject("S 0:0(0) win 65535 <mss 1000>")
script.expect("R. 0:0(0) ack 1")
script.listen()
script.inject("S 0:0(0) win 65535 <md5,md5>")
script.silence("10ms")
expect.equal(h:counters().TcpExtTCPMD5Unexpected, 0)
