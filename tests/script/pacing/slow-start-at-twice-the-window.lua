-- net.ipv4.tcp_pacing_ss_ratio = 200: SO_MAX_PACING_RATE makes CUBIC pace; the rate is twice the window of 20 segments in a
-- round trip of 100 ms: 400 kB/s, two segments each 5 ms.  The first, which come late, make up for half of that.
script.tolerance("300us")
local c = script.accepted { rtt = "100ms", cc = "cubic", win = 512, max_pacing_rate = 1000000000 }
c:write(60000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 10001 win 512")
script.expect("P. 10001:12001(2*1000) ack 1")
script.expect("+2500us", "P. 12001:14001(2*1000) ack 1")
script.expect("+5ms", "P. 14001:16001(2*1000) ack 1")
script.expect("+5ms", "P. 16001:18001(2*1000) ack 1")
script.expect("+5ms", "P. 18001:20001(2*1000) ack 1")
