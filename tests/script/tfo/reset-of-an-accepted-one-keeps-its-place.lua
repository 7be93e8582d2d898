-- RFC 7413 5.1: whoever forges SYNs with data may have them reset, and begin anew.  A connection that was accepted and then
-- reset counts against TCP_FASTOPEN's limit for a minute more; one that nobody had accepted does not (Linux 6.18).
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen { fastopen = 1 }
local function syn(port, ack)
  script.port(port)
  script.inject("S 0:100(100) win 32792 <mss 1000>")
  script.expect("S. 0:0(0) ack " .. ack .. " <...>")
end
syn(40001, 101)
script.inject("+10ms", "R 101:101(0)")
script.accept()
syn(40002, 101)
script.accept()
script.inject("+10ms", "R 101:101(0)")
syn(40003, 1)
script.inject("R 1:1(0)")
script.sleep("59s")
syn(40004, 1)
script.inject("R 1:1(0)")
script.sleep("2s")
syn(40005, 101)
