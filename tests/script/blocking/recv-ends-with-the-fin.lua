-- recv(2) that waits returns with nothing when the peer closes.
local host, got, state = script.host {}, nil, "waits"
host:spawn(function()
    local s = host:listen(8080):accept()
    got = s:recv(1000)
    state = "returned"
end)
script.sleep("1ms")
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+20ms", ". 1:1(0) ack 1 win 257")
script.sleep("20ms")
expect.equal(state, "waits")
script.inject("F. 1:1(0) ack 1 win 257")
script.sleep("1ms")
expect.equal(state, "returned")
expect.equal(got == nil or got == "", true)
