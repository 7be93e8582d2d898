-- Out of pages (net.ipv4.tcp_mem) who closes with no more than the least of a send buffer in use (4,608 bytes) is not reset
-- (Linux's tcp_out_of_memory()): the FIN follows its data.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "0 100 0" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK", win = 3000 }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
c:close()
script.expect("F. 1001:1001(0) ack 1")
expect.equal(host:counters().TcpExtTCPAbortOnMemory, 0)
