-- RFC 7323 5.5: what was heard 24 days ago may have wrapped, so that any timestamp is good then.  The days count from
-- the last timestamp that was kept, not from the first.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1010 ecr 100>")
local c = script.accept()
local day = 24 * 3600
script.inject(20 * day, "P. 1:1001(1000) ack 1 win 257 <nop,nop,TS val 2000 ecr 100>")
script.expect(". 1:1(0) ack 1001 <...>")
script.inject(20 * day, "P. 1001:2001(1000) ack 1 win 257 <nop,nop,TS val 1500 ecr 100>")
script.expect(". 1:1(0) ack 1001 <...>")
expect.equal(c.ready, 1000)
script.inject(5 * day, "P. 1001:2001(1000) ack 1 win 257 <nop,nop,TS val 1500 ecr 100>")
script.expect(". 1:1(0) ack 2001 <...>")
expect.equal(c.ready, 2000)
