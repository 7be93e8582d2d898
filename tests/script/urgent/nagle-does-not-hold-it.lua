-- As a Linux 6.18 host has been seen to do: a small segment does not wait for another's acknowledgement
-- if it is urgent, nor while urgent data is unacknowledged.
local c = script.accepted { rtt = "10ms", win = 512 }
c:write(10)
script.expect("P. 1:11(10) ack 1")
c:write(1, "urgent")
script.expect("PU. 11:12(1) ack 1 urg 1")
c:write(5)
script.expect("P. 12:17(5) ack 1")
script.inject("+10ms", ". 1:1(0) ack 12 win 512")
c:write(5)
script.silence("5ms")
