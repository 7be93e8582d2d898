-- Linux (tcp_check_reno_reordering()): without SACK each duplicate ACK stands for a packet that has arrived; four of them,
-- when four packets are under way and one is missing, mean that they came out of order.
local host = script.host()
local c = script.accepted { rtt = "40ms", cc = "reno", offer = "mss 1000,nop,wscale 7" }
c:write(4000)
script.expect("P. 1:4001(2*2*1000) ack 1")
for _ = 1, 3 do script.inject("+1ms", ". 1:1(0) ack 1 win 257") end
script.expect(". 1:1001(1000) ack 1")
expect.equal(c.reordering, 3)
script.inject("+1ms", ". 1:1(0) ack 1 win 257")
expect.equal(c.reordering, 4)
expect.equal(c.sacked, 3)
expect.equal(host:counters().TcpExtTCPRenoReorder, 1)
