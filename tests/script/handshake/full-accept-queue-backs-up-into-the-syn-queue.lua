-- Linux: what cannot be accepted stays half open, so there is less room for SYNs even when one place is free.
local host = script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 0 } }
script.listen { backlog = 1 }
local function syn(port, answer)
  script.port(port)
  script.inject("S 0:0(0) win 32792 <mss 1000>")
  if answer then script.expect("S. 0:0(0) ack 1 <...>") else script.silence("1ms") end
end
local function ack(port)
  script.port(port)
  script.inject("+10ms", ". 1:1(0) ack 1 win 257")
end
syn(40001, true)
syn(40002, true)
ack(40001)
syn(40003, true)
ack(40002)
-- The accept queue is full: 40003 stays, and nobody else comes in.
ack(40003)
syn(40004, false)
expect.equal(host:counters().TcpExtListenOverflows, 2)
script.accept()
syn(40005, true)
-- One may be accepted now, but two are half open: the SYN queue is full.
syn(40006, false)
expect.equal(host:counters().TcpExtTCPReqQFullDrop, 1)
