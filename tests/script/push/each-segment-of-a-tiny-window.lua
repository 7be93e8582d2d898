-- A receiver that never offered more than 536 bytes gets segments as large as its window, and PSH in
-- each, as half of the window was written (tcp_bound_to_half_wnd(), forced_push()).  Seen on
-- Linux 6.18.
local c = script.connected { rtt = "20ms", cc = "reno", win = 100, offer = "mss 1460,nop,wscale 7" }
c:write(3000)
script.expect("P. 1:101(100) ack 1")
script.silence("20ms")
