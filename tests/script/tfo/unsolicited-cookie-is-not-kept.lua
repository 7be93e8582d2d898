-- RFC 7413 4.1.3: a client keeps cookies that it asked for. One that comes in answer to data without any option
-- (net.ipv4.tcp_fastopen bit 4) is not used afterwards: the next SYN asks.
local h = script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 5, ["net.ipv4.tcp_timestamps"] = 0 } }
local c = script.connect { fastopen = 300 }
script.expect("S 0:300(300) <mss 1460,nop,nop,sackOK,nop,wscale 10>")
script.inject("+10ms", "S. 0:0(0) ack 301 win 6000 <mss 1200,nop,nop,sackOK,nop,wscale 6,FO 11223344aabb>")
script.expect(". 301:301(0) ack 1")
h:sysctl("net.ipv4.tcp_fastopen", 1)
script.connect { fastopen = 300 }
script.expect("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10,FO,nop,nop>")
