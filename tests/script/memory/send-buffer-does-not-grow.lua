-- With more than the first number of net.ipv4.tcp_mem in use a send buffer does not follow the congestion window any more
-- (Linux's tcp_should_expand_sndbuf()): the same ACKs enlarge it where there is memory.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1 } }
script.listen()
local function size(port, mem)
  host:sysctl("net.ipv4.tcp_mem", mem)
  script.port(port)
  script.inject("+1ms", "S 0:0(0) win 60000 <mss 1000,sackOK,nop,nop>")
  script.expect("S. 0:0(0) ack 1 <...>")
  script.inject("+10ms", ". 1:1(0) ack 1 win 60000")
  local c = script.accept()
  repeat until c:write(1000) <= 0
  local first = c.sndbuf
  script.inject("+10ms", ". 1:1(0) ack 10001 win 60000")
  script.inject("+10ms", ". 1:1(0) ack 25001 win 60000")
  return c.sndbuf - first
end
expect.above(size(40001, "1000 1000 1000"), 0)
expect.equal(size(40002, "1 1000 1000"), 0)
