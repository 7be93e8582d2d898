-- RFC 9293 3.10.5.
local c = script.accepted()
c:abort()
script.expect("R. 1:1(0) ack 1")
