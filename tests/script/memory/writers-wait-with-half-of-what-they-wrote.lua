-- Out of pages (net.ipv4.tcp_mem) a send buffer becomes half of what is in it, so that the writer waits until that has
-- left (Linux's sk_stream_moderate_sndbuf()).  With pages for all it may write 24,000 bytes at once.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1 } }
local function written(port, mem)
  host:sysctl("net.ipv4.tcp_mem", mem)
  script.port(port)
  script.inject("+1ms", "S 0:0(0) win 3000 <mss 1000,sackOK,nop,nop>")
  script.expect("S. 0:0(0) ack 1 <...>")
  script.inject("+10ms", ". 1:1(0) ack 1 win 3000")
  local c = script.accept()
  local sum = 0
  while sum < 24000 do
    local n = c:write(1000)
    if n <= 0 then break end
    sum = sum + n
  end
  return sum, c.sndbuf
end
script.listen()
local all, size = written(40001, "1 100 100")
expect.equal(all, 24000)
expect.equal(size, 46080)
local some, less = written(40002, "1 100 4") -- all of which the first one has
expect.below(some, 12000)
expect.equal(less, 4608) -- the least there is
