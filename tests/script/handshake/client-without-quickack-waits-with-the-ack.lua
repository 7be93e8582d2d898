-- Linux: with TCP_QUICKACK off the ACK that ends the handshake waits for data to ride on, 200 ms at most.
local c = script.connect()
script.expect("S 0:0(0) <...>")
c:quickack(false)
script.inject("+10ms", "S. 0:0(0) ack 1 win 65535 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
expect.equal(c.state, "ESTABLISHED")
script.silence("150ms")
script.tolerance("20ms")
script.expect("+50ms", ". 1:1(0) ack 1")
