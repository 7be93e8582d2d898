-- RFC 9293 3.7.1.
local c = script.accepted { offer = "nop,nop,sackOK", win = 20000 }
c:write(536)
script.expect("P. 1:537(536) ack 1")
expect.equal(c.mss, 536)
