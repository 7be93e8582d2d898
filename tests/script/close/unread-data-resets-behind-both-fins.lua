-- RFC 2525 2.17: data that came and was not read makes close() a reset, even when a FIN went each
-- way before.  Seen on Linux 6.18 (TCPAbortOnClose).
local c = script.accepted { rtt = "20ms" }
script.inject("FP. 1:101(100) ack 1 win 257")
script.expect("+40ms", ". 1:1(0) ack 102")
c:shutdown()
script.expect("F. 1:1(0) ack 102")
script.sleep("20ms")
c:close()
script.expect("R. 2:2(0) ack 102")
script.inject("+5ms", ". 102:102(0) ack 2 win 257")
script.expect("R 2:2(0)")
