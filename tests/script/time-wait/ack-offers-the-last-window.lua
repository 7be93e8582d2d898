-- Linux: what TIME_WAIT acknowledges offers the connection's last window, scaled as the connection's was: 65536 bytes
-- in units of 1024.  A bare ACK within it asks for nothing.
local c = script.accepted { rtt = "20ms" }
c:shutdown()
script.expect("F. 1:1(0) ack 1 win 63")
script.inject("+5ms", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2 win 63")
c:close()
script.inject("+5ms", "P. 2:102(100) ack 2 win 257")
script.expect(". 2:2(0) ack 2 win 63")
script.inject("+600ms", "P. 70002:70102(100) ack 2 win 257")
script.expect(". 2:2(0) ack 2 win 63")
