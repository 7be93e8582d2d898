-- Linux's tcp_dsack_seen(): a copy that was sent needlessly has been delivered as well.  Seen on
-- Linux 6.18: ten packets and one copy, the SYN-ACK among them, are twelve.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
for n = 3001, 5001, 1000 do script.inject("+0ms", (". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:%d>"):format(n)) end
script.expect(". 1:1001(1000) ack 1")
script.inject("+39ms", ". 1:1(0) ack 10001 win 257")
expect.equal(c.delivered, 11)
script.inject("+2ms", ". 1:1(0) ack 10001 win 257 <nop,nop,sack 1:1001>")
expect.equal(c.delivered, 12)
