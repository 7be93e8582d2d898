-- RFC 1122 4.2.3.6: either end may ask.
local c = script.connected { rtt = "10ms", keepalive = true, keepidle = 10, keepintvl = 5, keepcnt = 3 }
script.expect("+10s", ". 0:0(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1 win 65535")
script.expect("+10s", ". 0:0(0) ack 1")
