-- RFC 9293 3.6.1, RFC 6191: a SYN whose number is above the old one's.
local c = script.accepted()
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
script.inject("+1s", "S 10000:10000(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 10001 <...>")
