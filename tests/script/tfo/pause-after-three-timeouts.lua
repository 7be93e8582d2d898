-- net.ipv4.tcp_fastopen_blackhole_timeout_sec (ip-sysctl.rst; Linux 6.18): three time-outs in a row of a connection that
-- began with Fast Open, and nobody tries it for a while; each time twice as long, until one that tried it again has data.
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen_blackhole_timeout_sec"] = 10, ["net.ipv4.tcp_timestamps"] = 0 } }
local plain, asks = "S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10>", "S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10,FO,nop,nop>"
local function try(first)
  local c = script.connect { fastopen = 100 }
  script.expect(first)
  return c
end
local function fail()
  local c = try(asks)
  script.expect("+1s", plain)
  script.expect("+1s", plain)
  script.expect("+1s", plain)
  c:close()
end
fail()
expect.equal(host:counters().TcpExtTCPFastOpenBlackhole, 1)
expect.equal(host:counters().TcpExtTCPFastOpenActiveFail, 1)
try(plain):close()
script.sleep("9800ms")
try(plain):close()
script.sleep("400ms")
fail()
script.sleep("19800ms")
try(plain):close()
script.sleep("400ms")
local c = try(asks)
script.inject("+10ms", "S. 0:0(0) ack 1 win 5840 <mss 1460>")
script.expect(". 1:1(0) ack 1")
script.inject("+10ms", "P. 1:101(100) ack 1 win 5840")
script.expect(". 1:1(0) ack 101")
script.inject("+10ms", "R. 101:101(0) ack 1")
c:close()
asks = "S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10,FOEXP>" -- it came without a cookie
fail()
script.sleep("9800ms")
try(plain):close()
script.sleep("400ms")
try(asks):close()
expect.equal(host:counters().TcpExtTCPFastOpenBlackhole, 3)
expect.equal(host:counters().TcpExtTCPFastOpenActiveFail, 3)
