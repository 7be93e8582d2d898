-- connect(2) returns with the third segment of the handshake.
local host, at = script.host {}, nil
host:spawn(function()
    host:connect("10.52.230.110", 8080) -- the peer's address follows from its name
    at = now()
end)
script.expect("S 0:0(0) <...>")
script.sleep("30ms")
expect.equal(at, nil)
script.inject("S. 0:0(0) ack 1 win 65535 <mss 1000>")
script.expect(". 1:1(0) ack 1")
expect.equal(at ~= nil, true)
