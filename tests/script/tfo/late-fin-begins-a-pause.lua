-- net.ipv4.tcp_fastopen_blackhole_timeout_sec (Linux 6.18): once closed, a connection that began with Fast Open takes a FIN
-- out of order for a sign that what was before it does not arrive; without Fast Open it is reset all the same.
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen_blackhole_timeout_sec"] = 10, ["net.ipv4.tcp_timestamps"] = 0 } }
local function late(config, flags)
  local c = script.connect(config)
  script.expect("S 0:0(0) <...>")
  script.inject("+10ms", "S. 0:0(0) ack 1 win 5840 <mss 1460,nop,nop,sackOK>")
  script.expect(". 1:1(0) ack 1")
  c:close()
  script.expect("F. 1:1(0) ack 1")
  script.inject("+10ms", flags .. " 101:201(100) ack 2 win 5840")
  script.expect("R 2:2(0)")
end
late({}, "F.")
late({ fastopen = 0 }, "P.")
expect.equal(host:counters().TcpExtTCPFastOpenBlackhole, 0)
late({ fastopen = 0 }, "F.")
expect.equal(host:counters().TcpExtTCPFastOpenBlackhole, 1)
