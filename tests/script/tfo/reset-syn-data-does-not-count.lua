-- TCPI_OPT_SYN_DATA says that data in the SYN was acknowledged, not that it was sent.
script.host { sysctl = { ["net.ipv4.tcp_timestamps"] = 0 } }
local c = script.connect { fastopen = 0 }
script.expect("S 0:0(0) <...>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 5840 <mss 1460,nop,nop,sackOK,nop,wscale 6,FO abcd1234,nop,nop>")
script.expect(". 1:1(0) ack 1")
c:abort()
script.expect("R. 1:1(0) ack 1")
c = script.connect { fastopen = 500 }
script.expect("S 0:500(500) <...>")
expect.equal(c.syn_data, 0)
script.inject("+10ms", "R. 0:0(0) ack 1 win 0")
expect.equal(c.syn_data, 0)
