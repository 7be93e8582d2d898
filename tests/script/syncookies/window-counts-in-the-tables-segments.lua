-- Linux: the window is made of whole segments of the cookie's size; 122 of 536 fit into the 65,536 bytes that
-- tcp_rmem allows at first.
script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen()
script.inject("S 0:0(0) win 65535 <mss 536>")
script.expect("S. 0:0(0) ack 1 win 64240 <mss 1460>")
script.inject("+10ms", ". 1:1(0) ack 1 win 65535")
script.accept():close()
script.expect("F. 1:1(0) ack 1 win 65392")
