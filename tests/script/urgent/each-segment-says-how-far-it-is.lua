-- RFC 9293 3.8.5: the pointer counts from each segment's own number.  As a Linux 6.18 host has been seen
-- to send: segments leave one by one, so that only the last one pushes.
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", win = 512 }
c:write(3000, "urgent")
script.expect("U. 1:1461(1460) ack 1 urg 3000")
script.expect("U. 1461:2921(1460) ack 1 urg 1540")
script.expect("PU. 2921:3001(80) ack 1 urg 80")
script.inject("+10ms", ". 1:1(0) ack 3001 win 512")
c:write(10)
script.expect("P. 3001:3011(10) ack 1")
