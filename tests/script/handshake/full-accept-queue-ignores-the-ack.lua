-- Linux, tcp_abort_on_overflow = 0: the ACK is forgotten, so the SYN-ACK is repeated after 1, 2, 4 s, and the next
-- segment of the peer's opens the connection if there is room by then.
local host = script.host()
script.listen { backlog = 1 }
local function syn(port)
  script.port(port)
  script.inject("S 0:0(0) win 32792 <mss 1000>")
  script.expect("S. 0:0(0) ack 1 <...>")
end
local function ack(port)
  script.port(port)
  script.inject("+10ms", ". 1:1(0) ack 1 win 257")
end
syn(40001)
ack(40001)
syn(40002)
syn(40003)
ack(40002)
-- Two wait to be accepted, which is all that a backlog of 1 allows.
ack(40003)
expect.equal(host:counters().TcpExtListenOverflows, 1)
script.expect("+980ms", "S. 0:0(0) ack 1 <...>")
script.expect("+2s", "S. 0:0(0) ack 1 <...>")
script.accept()
script.accept()
script.inject("+10ms", "P. 1:11(10) ack 1 win 257")
script.expect(". 1:1(0) ack 11")
expect.equal(script.accept().ready, 10)
