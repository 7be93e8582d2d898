-- TCP_FASTOPEN_NO_COOKIE (tcp(7); Linux 6.18): this client sends data without a cookie, and asks for none; another one of the
-- same host asks.
script.host { sysctl = { ["net.ipv4.tcp_timestamps"] = 0 } }
local c = script.connect { fastopen = 500, fastopen_no_cookie = true }
script.expect("S 0:500(500) <mss 1460,nop,nop,sackOK,nop,wscale 10>")
script.inject("+10ms", "S. 0:0(0) ack 501 win 5840 <mss 1460,FO abcd1234,nop,nop>")
script.expect(". 501:501(0) ack 1")
expect.equal(c.syn_data, 1)
c:close()
script.expect("F. 501:501(0) ack 1")
script.inject("+10ms", "R. 1:1(0) ack 502")
script.connect { fastopen = 500 }
script.expect("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10,FO,nop,nop>")
