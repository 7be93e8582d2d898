-- Since 6.17 Linux learns the segment size, and the share of data in its memory, from data out of
-- order as well, so that the window opens.  Seen on Linux 6.18: by two segments of 1460 in
-- units of 1024.
script.accepted { rtt = "20ms", offer = "mss 1460,sackOK,nop,wscale 7" }
script.inject("P. 1461:2921(1460) ack 1 win 257")
script.expect(". 1:1(0) ack 1 win 66 <nop,nop,sack 1461:2921>")
