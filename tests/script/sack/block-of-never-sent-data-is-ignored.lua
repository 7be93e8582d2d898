-- RFC 2018, Linux's tcp_is_sackblock_valid(): a block beyond what was sent is nonsense and counts as that.
local host = script.host()
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(4000)
for i = 0, 3 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 90001:91001>")
expect.equal(c.sacked, 0)
expect.equal(host:counters().TcpExtTCPSACKDiscard, 1)
