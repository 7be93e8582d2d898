-- TCP_WINDOW_CLAMP (tcp(7)) before the handshake: three whole segments of 1460 fit into 5000 bytes.  When data tells what
-- the peer's segments take of the memory, Linux computes the limit anew from the buffer.  Seen on Linux 6.18.
script.listen { window_clamp = 5000 }
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK>")
script.expect("S. 0:0(0) ack 1 win 4380 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 3000")
local c = script.accept()
script.inject("+10ms", "P. 1:1001(1000) ack 1 win 3000")
script.expect(". 1:1(0) ack 1001 win 7000")
