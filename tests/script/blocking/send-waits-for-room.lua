-- send(2) returns when all of it is in the send buffer; what SO_SNDBUF = 8192 (doubled, socket(7))
-- does not hold waits for ACKs.
local host, sent = script.host {}, nil
host:spawn(function()
    local s = host:listen(8080):accept()
    s:sockopt("SO_SNDBUF", 8192)
    s:send(("x"):rep(30000))
    sent = now()
end)
script.sleep("1ms")
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+20ms", ". 1:1(0) ack 1 win 257")
script.sleep("50ms")
expect.equal(sent, nil)
for n = 1001, 30001, 1000 do script.inject("+5ms", (". 1:1(0) ack %d win 257"):format(n)) end
expect.equal(sent ~= nil, true)
