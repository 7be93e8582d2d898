-- The classic schedule (RFC 6298 5.5) with net.ipv4.tcp_syn_linear_timeouts = 0: 1, 3, 7, 15, 31,
-- 63 s; the end at 127 s.
script.host { sysctl = { ["net.ipv4.tcp_syn_linear_timeouts"] = 0 } }
local c = script.connect()
script.expect("S 0:0(0) <...>")
for _, d in ipairs { 1, 2, 4, 8, 16, 32 } do script.expect(d, "S 0:0(0) <...>") end
script.sleep("65s")
expect.equal(c.error, 110)
