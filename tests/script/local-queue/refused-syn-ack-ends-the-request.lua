-- A SYN-ACK that cannot be repeated, since the host's own queue is full, is the end of the request: the peer's ACK finds
-- nobody.  Seen on Linux 6.18 with pfifo limit 0 (reqsk_timer_handler).
local port = script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 0 } }:iface(1)
script.listen()
script.inject("S 0:0(0) win 65535 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
port.queue = "pfifo limit 0"
script.silence("1500ms")
port.queue = "pfifo"
script.inject(". 1:1(0) ack 1 win 65535")
script.expect("R 1:1(0)")
