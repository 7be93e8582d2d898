-- Minshall: only a small segment in flight holds the next small one back.
local c = script.accepted { rtt = "100ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
c:write(100)
script.expect("P. 1001:1101(100) ack 1")
