-- Linux 6.18, observed: data in order whose ACK was overtaken is taken along the fast path, and its
-- timestamp is echoed (RFC 7323 4.3 asks only for the sequence number).
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000>")
script.inject("+50ms", ". 1:1(0) ack 1 win 32792 <nop,nop,TS val 1050 ecr 100>")
local c = script.accept()
c:set { nodelay = true }
c:write(100)
script.expect("P. 1:101(100) ack 1 <nop,nop,TS val 150 ecr 1050>")
c:write(100)
script.expect("P. 101:201(100) ack 1 <nop,nop,TS val 150 ecr 1050>")
script.inject("+50ms", ". 1:1(0) ack 101 win 32792 <nop,nop,TS val 1100 ecr 150>")
script.inject("+10ms", "P. 1:51(50) ack 1 win 32792 <nop,nop,TS val 1110 ecr 150>")
script.expect(". 201:201(0) ack 51 <nop,nop,TS val 210 ecr 1110>")
