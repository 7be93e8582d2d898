-- RFC 3168 6.1.2: once a round trip: an echo behind what was sent when the window went down reduces it again.
script.listen { cc = "reno" }
script.inject("SEW 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("SE. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
local c = script.accept()
c:write(10000)
for i = 0, 9 do script.expect("[ect0] " .. (i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+10ms", "E. 1:1(0) ack 1001 win 257")
expect.equal(c.ssthresh, 5)
script.inject("+10ms", ". 1:1(0) ack 10001 win 257")
c:write(5000)
script.expect("[ect0] W. 10001:11001(1000) ack 1")
for i = 11, 14 do script.expect("[ect0] " .. ((i % 2 == 1 or i == 14) and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+10ms", "E. 1:1(0) ack 11001 win 257")
expect.equal(c.ssthresh, 2)
