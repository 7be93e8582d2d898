-- listen(2), Linux: the queue holds backlog + 1 connections; while it is full a SYN has no answer.
local host = script.host()
script.listen { backlog = 0 }
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
script.port(40001)
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.silence("900ms")
expect.equal(host:counters().TcpExtListenOverflows, 1)
expect.equal(host:counters().TcpExtListenDrops, 1)
script.accept()
script.inject("+100ms", "S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
