-- The packet of data that a SYN carries is one of its own in Linux's books (6.18): unacknowledged beside the SYN, and still
-- so when the server took the SYN only; delivered when it is acknowledged after being sent again.
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 5, ["net.ipv4.tcp_timestamps"] = 0 } }
local c = script.connect { fastopen = 500 }
script.expect("S 0:500(500) <...>")
expect.equal(c.unacked, 2)
script.inject("+100ms", "S. 0:0(0) ack 1 win 5840 <mss 1460,nop,nop,sackOK>")
script.expect("P. 1:501(500) ack 1")
expect.equal(c.unacked, 1)
expect.equal(c.retrans, 1)
expect.equal(c.delivered, 1)
script.inject("+100ms", ". 1:1(0) ack 501 win 5840")
expect.equal(c.delivered, 2)
