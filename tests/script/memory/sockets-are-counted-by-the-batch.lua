-- Each processor of a Linux host keeps changes of the number of sockets to itself until they are 32 (percpu_counter): with
-- 31 of them (30 and the listener) none is known, and under pressure (net.ipv4.tcp_mem) nobody's share is too large.
-- Segments take 2,304 bytes: the eleventh needs a seventh page, of which 32 sockets could not have as many.
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
for i = 1, 30 do c[i] = client(40000 + i) end
script.port(40001)
for i = 0, 10 do script.inject("+1ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001)) end
expect.equal(host:counters().TcpExtTCPMemoryPressures, 1)
expect.equal(host:counters().TcpExtTCPRcvQDrop, 0)
expect.equal(c[1].ready, 11000)
