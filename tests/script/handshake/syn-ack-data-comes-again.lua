-- RFC 9293 3.10.7.3 lets a SYN-ACK carry data; Linux takes it only with Fast Open, and acknowledges the SYN, so that the
-- data comes again.  Seen on Linux 6.18.
local c = script.connect()
script.expect("S 0:0(0) <...>")
script.inject("+10ms", "S. 0:500(500) ack 1 win 65535 <mss 1000>")
script.expect(". 1:1(0) ack 1")
expect.equal(c.ready, 0)
script.inject("+10ms", "P. 1:501(500) ack 1 win 65535")
script.expect(". 1:1(0) ack 501")
