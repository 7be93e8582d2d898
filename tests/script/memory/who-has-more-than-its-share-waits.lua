-- Under pressure a connection gets more only as long as all sockets could have as much (Linux's
-- __sk_mem_raise_allocated()): 32 (31 and the listener) that share 224 pages fewer than seven each.  Segments take 2,304
-- bytes: ten fit into six pages, the eleventh does not.  Another connection, which has less, is served.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "1 2 224" } }
local function client(port)
  script.port(port)
  script.inject("+1ms", "S 0:0(0) win 3000 <mss 1000,sackOK,nop,nop>")
  script.expect("S. 0:0(0) ack 1 <...>")
  script.inject("+10ms", ". 1:1(0) ack 1 win 3000")
  return script.accept()
end
script.listen()
local c = {}
for i = 1, 31 do c[i] = client(40000 + i) end
script.port(40001)
for i = 0, 10 do script.inject("+1ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001)) end
expect.equal(host:counters().TcpExtTCPRcvQDrop, 1)
expect.equal(c[1].ready, 10000)
script.port(40002)
for i = 0, 7 do script.inject("+1ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001)) end
expect.equal(host:counters().TcpExtTCPRcvQDrop, 1)
expect.equal(c[2].ready, 8000)
