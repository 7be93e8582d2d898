-- RFC 9937 with CUBIC's 0.7: packets 1 to 4 and 11 to 16 of 20 are lost; reduction in proportion,
-- then one for one, then slow start back to the threshold.
local c = script.accepted { rtt = "10ms", win = 320 }
local function ack(delay, n, sack) script.inject(delay, (". 1:1(0) ack %d win 320 <sack %s,nop,nop>"):format(n, sack)) end
local function data(n, push) script.expect(("%s. %d:%d(1000) ack 1"):format(push and "P" or "", n, n + 1000)) end
c:write(20000)
script.expect("P. 1:10001(5*2*1000) ack 1")
ack("+10ms", 1, "4001:5001") data(10001)
ack("+2ms", 1, "4001:6001") data(11001)
ack("+2ms", 1, "4001:7001") data(1)
ack("+2ms", 1, "4001:8001") data(1001)
ack("+2ms", 1, "4001:9001") data(2001)
ack("+2ms", 1, "4001:10001") data(3001)
ack("+2ms", 1, "4001:11001") data(12001)
ack("+2ms", 1, "4001:12001") data(13001)
ack("+10ms", 1001, "4001:12001") data(14001) data(15001, true)
ack("+2ms", 1001, "2001:12001") data(1001) data(16001)
ack("+2ms", 1001, "2001:13001") data(17001)
