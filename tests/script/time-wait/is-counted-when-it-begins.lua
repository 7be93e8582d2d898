-- Linux 6.18, observed: TcpExtTW counts what is left of a connection when it begins, not when it ends;
-- what is to last no more than 4 s, as an orphan in FIN_WAIT2 may, is in TcpExtTWKilled.
local host = script.host { sysctl = { ["net.ipv4.tcp_fin_timeout"] = 3 } }
local l = script.listen()
for i = 1, 2 do
  script.port(40000 + i)
  script.inject("S 0:0(0) win 32792 <mss 1000,sackOK>")
  script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK>")
  script.inject("+10ms", ". 1:1(0) ack 1 win 1000")
  local c = script.accept()
  c:close()
  script.expect("F. 1:1(0) ack 1")
  script.inject("+10ms", (i == 1 and "." or "F.") .. " 1:1(0) ack 2 win 1000")
  if i == 2 then script.expect(". 2:2(0) ack 2") end
end
expect.equal(host:counters().TcpExtTWKilled, 1)
expect.equal(host:counters().TcpExtTW, 1)
