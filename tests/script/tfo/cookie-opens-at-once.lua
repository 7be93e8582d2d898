-- RFC 7413 4.2.2: data in a SYN with the cookie is acknowledged by the SYN-ACK; a cookie of somebody else's is not valid,
-- and is answered by the right one.
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 3, ["net.ipv4.tcp_fastopen_key"] = "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4" } }
script.listen { fastopen = 5 }
script.inject("S 0:1000(1000) win 32792 <mss 1460,sackOK,FO 5a76602d2d3427dd,nop,nop>")
script.expect("S. 0:0(0) ack 1001 <mss 1460,nop,nop,sackOK>")
expect.equal(script.accept():read(2000), 1000)
script.port(40001)
script.inject("S 0:1000(1000) win 32792 <mss 1460,sackOK,FO 5a76602d2d3427de,nop,nop>")
script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,FO 5a76602d2d3427dd,nop,nop>")
expect.equal(script.accept(), nil)
