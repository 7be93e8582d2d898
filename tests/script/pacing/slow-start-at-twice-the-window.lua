-- net.ipv4.tcp_pacing_ss_ratio = 200: SO_MAX_PACING_RATE makes CUBIC pace; the rate is twice the window of 20 segments in a
-- round trip of 100 ms: 400 kB/s, two segments each 5 ms.  The first, which come late, make up for half of that.
script.tolerance("300us")
local c = script.accepted { rtt = "100ms", cc = "cubic", win = 512, max_pacing_rate = 1000000000 }
c:write(60000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+100ms", ". 1:1(0) ack 10001 win 512")
for n = 10001, 18001, 2000 do
  script.expect(n == 10001 and "+0ms" or n == 12001 and "+2500us" or "+5ms", (". %d:%d(1000) ack 1"):format(n, n + 1000))
  script.expect(("P. %d:%d(1000) ack 1"):format(n + 1000, n + 2000))
end
