-- net.ipv4.tcp_syn_linear_timeouts = 4: at 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 s; ETIMEDOUT at 131 s.
local c = script.connect()
script.expect("S 0:0(0) <...>")
for _, d in ipairs { 1, 1, 1, 1, 1, 2, 4, 8, 16, 32 } do script.expect(d, "S 0:0(0) <...>") end
script.silence("63s")
expect.equal(c.closed, false)
script.sleep("2s")
expect.equal(c.closed, true)
expect.equal(c.error, 110)
