-- RFC 2018, Linux's tcp_is_sackblock_valid(): a block beyond what was sent is nonsense and counts as that.
local host = script.host()
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(4000)
script.expect("P. 1:4001(2*2*1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 90001:91001>")
expect.equal(c.sacked, 0)
expect.equal(host:counters().TcpExtTCPSACKDiscard, 1)
