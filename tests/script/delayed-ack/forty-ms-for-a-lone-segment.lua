-- RFC 1122 4.2.3.2 allows half a second; Linux waits 40 ms at least.
local c = script.accepted()
c:quickack(false)
script.inject("+10ms", "P. 1:101(100) ack 1 win 257")
script.expect("+40ms", ". 1:1(0) ack 101")
