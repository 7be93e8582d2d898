-- draft-cardwell-iccrg-bbr-congestion-control-00 4.2.1: after a round trip of 100 ms with ten segments the rate is 2.89
-- times that, less 1 % (Linux), 286 kB/s: two segments each 7 ms.  Only the
-- first ones, which come late, make up for half of that.  Seen on Linux 6.18.
script.tolerance("300us")
local c = script.accepted { rtt = "100ms", cc = "bbr", win = 512 }
c:write(60000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+100ms", ". 1:1(0) ack 10001 win 512")
for n = 10001, 18001, 2000 do
  script.expect(n == 10001 and "+0ms" or n == 12001 and "+3500us" or "+7ms", (". %d:%d(1000) ack 1"):format(n, n + 1000))
  script.expect(("P. %d:%d(1000) ack 1"):format(n + 1000, n + 2000))
end
