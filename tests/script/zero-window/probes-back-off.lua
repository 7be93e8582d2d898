-- RFC 9293 3.8.6.1: the probe is an old number.
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK", win = 2000 }
c:write(3000)
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 1001:2001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2001 win 0")
for _, d in ipairs { "+210ms", "+420ms", "+840ms", "+1680ms" } do script.expect(d, ". 2000:2000(0) ack 1") end
script.inject("+10ms", ". 1:1(0) ack 2001 win 2000")
script.expect("P. 2001:3001(1000) ack 1")
