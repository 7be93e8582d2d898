-- Karn (RFC 6298 3): after a repetition the round-trip time is only known if the ACK says which one it answers
-- (RFC 7323 4.1).
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,nop,nop,TS val 700 ecr 0>")
script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 100 ecr 700>")
script.expect("+1s", "S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 1100 ecr 700>")
script.inject("+50ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1750 ecr 1100>")
expect.near(script.accept().srtt, 0.050, "1ms")
script.port(40001)
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
script.expect("+1s", "S. 0:0(0) ack 1 <mss 1460>")
script.inject("+50ms", ". 1:1(0) ack 1 win 257")
expect.equal(script.accept().srtt, 0)
