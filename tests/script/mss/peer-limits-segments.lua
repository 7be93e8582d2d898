-- RFC 9293 3.7.1.
local c = script.accepted { offer = "mss 600,sackOK", win = 20000 }
c:write(1300)
script.expect(". 1:601(600) ack 1") script.expect("P. 601:1201(600) ack 1")
script.expect("P. 1201:1301(100) ack 1")
