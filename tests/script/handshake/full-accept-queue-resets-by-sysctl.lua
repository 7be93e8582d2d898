-- Linux, tcp_abort_on_overflow = 1.
local host = script.host { sysctl = { ["net.ipv4.tcp_abort_on_overflow"] = 1 } }
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
script.expect("R 1:1(0)")
expect.equal(host:counters().TcpExtEmbryonicRsts, 1)
script.silence("10s")
