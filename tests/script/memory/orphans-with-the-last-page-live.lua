-- With just as many pages in use as net.ipv4.tcp_mem's third number says, who closes is not reset, whatever it has in
-- its send buffer (Linux's tcp_out_of_memory()): here four segments, in two pages.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1 } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK", win = 3000 }
c:write(4000)
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 1001:2001(1000) ack 1")
script.expect(". 2001:3001(1000) ack 1")
host:sysctl("net.ipv4.tcp_mem", "0 100 2")
c:close()
script.silence("10ms")
expect.equal(host:counters().TcpExtTCPAbortOnMemory, 0)
