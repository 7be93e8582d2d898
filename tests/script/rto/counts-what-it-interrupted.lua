-- Linux's counters of what a time-out put an end to: a recovery, duplicate ACKs that were not enough for one, the
-- repair of another time-out (TCPSackRecoveryFail, TCPRenoFailures, TCPLossFailures).
local host = script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local function counted(recoveries, reno, losses)
  expect.equal(host:counters().TcpExtTCPSackRecoveryFail, recoveries)
  expect.equal(host:counters().TcpExtTCPRenoFailures, reno)
  expect.equal(host:counters().TcpExtTCPLossFailures, losses)
end
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(4000)
for i = 0, 3 do script.expect(string.format("%s %d:%d(1000) ack 1", i % 2 == 1 and "P." or ".", i * 1000 + 1, i * 1000 + 1001)) end
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
script.tolerance("20ms")
script.expect("+210ms", ". 1:1001(1000) ack 1")
counted(1, 0, 0)
script.inject("+10ms", ". 1:1(0) ack 4001 win 257")
c:abort()
script.expect("R. 4001:4001(0) ack 1")
script.close()
script.port(40001)
c = script.accepted { rtt = "10ms", cc = "reno", offer = "mss 1000", win = 65535 }
c:write(4000)
for i = 0, 3 do script.expect(string.format("%s %d:%d(1000) ack 1", i % 2 == 1 and "P." or ".", i * 1000 + 1, i * 1000 + 1001)) end
script.inject("+10ms", ". 1:1(0) ack 1 win 65535")
script.expect("+200ms", ". 1:1001(1000) ack 1")
counted(1, 1, 0)
script.inject("+10ms", ". 1:1(0) ack 1001 win 65535")
script.sleep("1s")
counted(1, 1, 1)
