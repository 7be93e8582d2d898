-- With urgent data that waits for a closed window, Linux sends two probes at a time, with the numbers
-- on both sides of what is acknowledged; TCPWinProbe counts both.  Seen on Linux 6.18.
local host = script.host()
local c = script.accepted { rtt = "10ms" }
script.inject("+1ms", ". 1:1(0) ack 1 win 0")
c:write(10, "urgent")
script.expect("+200ms~220ms", "U. 1:1(0) ack 1 urg 10")
script.expect("U. 0:0(0) ack 1 urg 11")
expect.equal(host:counters().TcpExtTCPWinProbe, 2)
