-- MSG_MORE.
local c = script.accepted { rtt = "10ms" }
c:write(100, "more")
script.silence("50ms")
c:write(100)
script.expect("P. 1:201(200) ack 1")
