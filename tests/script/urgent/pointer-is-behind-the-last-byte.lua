-- RFC 6093 2.2: what BSD and Linux do.  As a Linux 6.18 host has been seen to send.
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", win = 512 }
c:write(3, "urgent")
script.expect("PU. 1:4(3) ack 1 urg 3")
c:write(3)
script.expect("P. 4:7(3) ack 1")
