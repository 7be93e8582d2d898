-- Linux (tcp_reinit_congestion_control()): an algorithm that takes over begins with nothing of the one before: Hybla over
-- 100 ms adds 2^4 - 1 packets an ACK (Caini, Firrincieli 2004) and is not, by what Vegas left, as Reno.
local c = script.accepted { rtt = "100ms", cc = "vegas" }
c:write(4000)
script.expect("P. 1:4001(2*2*1000) ack 1")
for n = 1001, 3001, 1000 do script.inject(n == 1001 and "+100ms" or "0s", (". 1:1(0) ack %d win 257"):format(n)) end
c:set { cc = "hybla" }
local before = c.cwnd
script.inject("0s", ". 1:1(0) ack 4001 win 257")
expect.equal(c.cwnd, before + 15)
