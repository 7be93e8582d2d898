-- net.ipv4.tcp_fin_timeout above the sixty seconds of TIME_WAIT: Linux keeps the orphan for what is beyond them, and
-- remembers it for as long again: 2 * (70 - 60) s.  Seen on Linux 6.18.
script.host { sysctl = { ["net.ipv4.tcp_fin_timeout"] = 70 } }
local c = script.accepted { rtt = "10ms" }
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2 win 257")
script.inject("+15s", ". 1:1(0) ack 2 win 257")
script.silence("6s")
script.inject("F. 1:1(0) ack 2 win 257")
script.expect("R 2:2(0)")
