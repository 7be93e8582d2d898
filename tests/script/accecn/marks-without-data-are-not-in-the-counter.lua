-- nstat's TcpExtTCPDeliveredCE is of what ACKs deliver (Linux 7.2): with nothing outstanding a change of the ACE field is
-- followed, if a timestamp says that the ACK is no old one, but not counted there.
local host = script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 1000,sackOK,TS val 1 ecr 0,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1,nop,wscale 10>")
script.inject("+50ms", "W. 1:1(0) ack 1 win 310 <nop,nop,TS val 2 ecr 100>")
local c = script.accept()
script.inject("+50ms", "WA. 1:1(0) ack 1 win 310 <nop,nop,TS val 60 ecr 100>")
expect.equal(c.delivered_ce, 1)
expect.equal(host:counters().TcpExtTCPDeliveredCE, 0)
