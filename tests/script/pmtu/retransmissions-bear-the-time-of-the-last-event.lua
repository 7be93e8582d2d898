-- Linux 6.18, observed: no clock is looked at when ICMP makes segments go again.  Their timestamps are of
-- when the connection last did something, here of the write 50 ms before.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1460,sackOK,TS val 1000 ecr 0>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000>")
script.inject("+100ms", ". 1:1(0) ack 1 win 32792 <nop,nop,TS val 1100 ecr 100>")
local c = script.accept()
script.sleep("10ms")
c:write(1448)
script.expect("P. 1:1449(1448) ack 1 <nop,nop,TS val 210 ecr 1100>")
script.sleep("50ms")
script.icmp("fragmentation needed", 1, 1000)
script.expect(". 1:949(948) ack 1 <nop,nop,TS val 210 ecr 1100>")
script.expect("P. 949:1449(500) ack 1 <nop,nop,TS val 210 ecr 1100>")
