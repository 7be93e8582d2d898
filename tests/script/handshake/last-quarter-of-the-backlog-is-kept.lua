-- Linux, tcp_syncookies = 0: with tcp_max_syn_backlog = 16 a stranger's SYN is answered as long as at least 4 places
-- are free: the fourteenth is not.
local host = script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 0, ["net.ipv4.tcp_max_syn_backlog"] = 16 } }
script.listen { backlog = 50 }
for i = 1, 14 do
  script.port(41000 + i)
  script.inject("S 0:0(0) win 32792 <mss 1000>")
  if i <= 13 then script.expect("S. 0:0(0) ack 1 <...>") else script.silence("10ms") end
end
expect.equal(host:counters().TcpExtListenDrops, 1)
expect.equal(host:counters().TcpExtTCPReqQFullDrop, 0)
