-- Out of pages (net.ipv4.tcp_mem) who closes with more than the least of a send buffer in use is reset at once
-- (Linux's tcp_check_oom(); TCPAbortOnMemory).
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1 } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK", win = 3000 }
c:write(4000)
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 1001:2001(1000) ack 1")
script.expect(". 2001:3001(1000) ack 1")
host:sysctl("net.ipv4.tcp_mem", "0 100 1")
c:close()
script.expect("R. 3001:3001(0) ack 1")
expect.equal(host:counters().TcpExtTCPAbortOnMemory, 1)
