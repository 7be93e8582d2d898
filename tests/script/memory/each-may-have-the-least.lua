-- Under pressure (net.ipv4.tcp_mem) everybody may still have the first number of net.ipv4.tcp_rmem, 4,096 bytes, whatever its
-- share would be (Linux's __sk_mem_raise_allocated()).  32 sockets (31 and the listener) share 32 pages, of which nobody gets
-- more than none: the first connection, with 6,912 bytes in two pages, gets no third, but another one, with 2,304 in
-- one, gets its second.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "1 2 32" } }
local function client(port)
  script.port(port)
  script.inject("+1ms", "S 0:0(0) win 3000 <mss 1000,sackOK,nop,nop>")
  script.expect("S. 0:0(0) ack 1 <...>")
  script.inject("+10ms", ". 1:1(0) ack 1 win 3000")
  return script.accept()
end
local function segments(port, n)
  script.port(port)
  for i = 0, n - 1 do script.inject("+1ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001)) end
end
script.listen()
local c = {}
for i = 1, 31 do c[i] = client(40000 + i) end
segments(40001, 4)
expect.equal(c[1].ready, 3000)
expect.equal(host:counters().TcpExtTCPRcvQDrop, 1)
segments(40002, 2)
expect.equal(c[2].ready, 2000)
expect.equal(host:counters().TcpExtTCPRcvQDrop, 1)
