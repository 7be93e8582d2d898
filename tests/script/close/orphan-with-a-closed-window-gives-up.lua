-- net.ipv4.tcp_orphan_retries counts the probes of a window that stays closed, too: after two without an answer the
-- closed socket's data is thrown away.
script.host { sysctl = { ["net.ipv4.tcp_orphan_retries"] = 2 } }
local c = script.accepted { rtt = "10ms" }
script.inject(". 1:1(0) ack 1 win 0")
c:write(1000)
c:close()
script.expect("+210ms", ". 0:0(0) ack 1")
script.expect("+420ms", ". 0:0(0) ack 1")
script.silence("1s")
script.inject(". 1:1(0) ack 1 win 257")
script.expect("R 1:1(0)")
