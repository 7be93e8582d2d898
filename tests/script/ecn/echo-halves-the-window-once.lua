-- RFC 3168 6.1.2: the window goes down once a round trip, and the next new data says so with CWR.
-- Reno halves: 10 to 5.
script.listen { cc = "reno" }
script.inject("SEW 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("SE. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
local c = script.accept()
c:write(20000)
for i = 0, 9 do
  script.expect("[ect0] " .. (i % 2 == 1 and "P" or "") ..
    (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000))
end
script.inject("+10ms", "E. 1:1(0) ack 1001 win 257")
expect.equal(c.ssthresh, 5)
script.expect("[ect0] W. 10001:11001(1000) ack 1")
script.inject("+2ms", "E. 1:1(0) ack 3001 win 257")
expect.equal(c.ssthresh, 5)
script.expect("[ect0] . 11001:12001(1000) ack 1")
