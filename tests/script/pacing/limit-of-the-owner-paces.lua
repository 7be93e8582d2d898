-- socket(7), SO_MAX_PACING_RATE in bytes per second: whatever the congestion control, segments of
-- 2000 bytes leave 20 ms apart at 100 kB/s.  The first ten packets are not paced, the last of them
-- has its time all the same, and who was late gains half of that.  Seen on Linux 6.18.
local c = script.accepted { rtt = "100ms", win = 500, cc = "reno", max_pacing_rate = 100000 }
local function pair(delay, n)
  script.expect(delay, (". %d:%d(1000) ack 1"):format(1 + n * 1000, 1001 + n * 1000))
  script.expect(("P. %d:%d(1000) ack 1"):format(1001 + n * 1000, 2001 + n * 1000))
end
c:write(20000)
for n = 0, 8, 2 do pair("+0ms", n) end
script.inject("+100ms", ". 1:1(0) ack 10001 win 500")
pair("+0ms", 10)
pair("+10ms", 12)
pair("+20ms", 14)
c:set { max_pacing_rate = 200000 } -- counts from the next ACK on
pair("+20ms", 16)
pair("+20ms", 18)
