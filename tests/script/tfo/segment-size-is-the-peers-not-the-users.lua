-- RFC 7413 4.1.3: what is remembered is the MSS of the SYN-ACK (Linux's tcp_rcv_fastopen_synack
-- parses it again): TCP_MAXSEG of one connection does not limit the SYN data of the next.
script.host { sysctl = { ["net.ipv4.tcp_timestamps"] = 0 } }
local c = script.connect { mss = 1040, fastopen = 0 }
script.expect("S 0:0(0) <mss 1040,nop,nop,sackOK,nop,wscale 10,FO,nop,nop>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 14600 <mss 1340,nop,nop,sackOK,nop,wscale 6,FO abcd1234,nop,nop>")
script.expect(". 1:1(0) ack 1")
-- It does limit those of its own.
c:write(2000)
script.expect(". 1:1041(1040) ack 1")
script.expect("P. 1041:2001(960) ack 1")
c:abort()
script.expect("R. 2001:2001(0) ack 1")
script.connect { fastopen = 2000 }
script.expect("S 0:1300(1300) <mss 1460,nop,nop,sackOK,nop,wscale 10,FO abcd1234,nop,nop>")
