-- Linux: there is nowhere to keep what the SYN offers, so the SYN-ACK does not agree to it.
script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen()
script.inject("S 0:0(0) win 65535 <mss 1460,nop,nop,sackOK,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
expect.equal(script.accept().snd_wnd, 257)
