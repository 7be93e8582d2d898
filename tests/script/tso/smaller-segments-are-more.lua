-- A super-segment is so many bytes (what is paced in a millisecond, here 3.4 kB), not so many packets:
-- when the path turns out to be narrow, two of 1,460 bytes become six of less.  PSH ends each.  Seen on
-- Linux 6.18.
local c = script.accepted { rtt = "10ms", cc = "reno", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", win = 500 }
c:write(14600)
script.expect("P. 1:14601(5*2*1460) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2921 win 500")
script.icmp("fragmentation needed", 2921, 552)
for i = 2921, 4969, 512 do script.expect(string.format(". %d:%d(512) ack 1", i, i + 512)) end
script.expect("P. 5481:5841(360) ack 1")
