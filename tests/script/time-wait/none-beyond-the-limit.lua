-- Linux, tcp_max_tw_buckets: there is no TIME_WAIT for one more, and its repeated FIN finds nobody.
local host = script.host { sysctl = { ["net.ipv4.tcp_max_tw_buckets"] = 0 } }
local c = script.accepted()
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
expect.equal(host:counters().TcpExtTCPTimeWaitOverflow, 1)
script.inject("+1s", "F. 1:1(0) ack 2 win 257")
script.expect("R 2:2(0)")
