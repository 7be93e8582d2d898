-- connect(2) that waits fails with ECONNREFUSED when the answer is a RST.
local host, what = script.host {}, nil
host:spawn(function()
    local s, why = host:connect("10.52.230.110", 8080) -- the peer's address follows from its name
    what = s and "connected" or why
end)
script.expect("S 0:0(0) <...>")
script.sleep("30ms")
expect.equal(what, nil)
script.inject("R. 0:0(0) ack 1 win 0")
script.sleep("1ms")
expect.equal(what, "ECONNREFUSED")
