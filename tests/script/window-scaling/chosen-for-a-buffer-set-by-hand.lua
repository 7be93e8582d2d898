-- As Linux's tcp_select_initial_window: SO_RCVBUF of 1 MB is doubled, half of it can be offered, and a
-- shift of 4 does for 1000000 bytes (65535 << 3 is 524280).
script.connect { rcvbuf = 1000000 }
script.expect("S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 4>")
