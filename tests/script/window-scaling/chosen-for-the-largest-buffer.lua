-- RFC 7323 2.3: the shift does not change later, so it is that of the largest window there may ever be:
-- by tcp_rmem 33554432 bytes, which takes a shift of 10 (65535 << 9 is less).
script.connect()
script.expect("S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10>")
