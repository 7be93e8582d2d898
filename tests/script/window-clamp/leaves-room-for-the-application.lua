-- net.ipv4.tcp_app_win: of what the buffer can offer, 65,536 bytes of 131,072 before the segments are known, the window
-- leaves 1 / 2^tcp_app_win to the application: half with 1 (tcp_init_buffer_space(), Linux 6.18).
script.host { sysctl = { ["net.ipv4.tcp_app_win"] = 1, ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
expect.equal(c.rcvbuf, 131072)
expect.equal(c.rcv_ssthresh, 65536 // 2)
