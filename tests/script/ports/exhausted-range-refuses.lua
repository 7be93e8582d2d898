-- connect(2), ip(7): with two ports in net.ipv4.ip_local_port_range two connections to the same peer are possible; the
-- next one fails with EADDRNOTAVAIL, and nothing is sent for it.
local host, what = script.host { sysctl = { ["net.ipv4.ip_local_port_range"] = "50000 50001" } }, nil
for _ = 1, 2 do
  script.connect()
  script.expect("S 0:0(0) <...>")
end
host:spawn(function()
  local s, why = host:connect("10.52.230.110", 8080) -- the peer's address follows from its name
  what = s and "connected" or why
end)
script.silence("1ms")
expect.equal(what, "EADDRNOTAVAIL")
