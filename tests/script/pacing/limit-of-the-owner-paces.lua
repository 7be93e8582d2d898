-- socket(7), SO_MAX_PACING_RATE in bytes per second: whatever the congestion control, segments of
-- 2000 bytes leave 20 ms apart at 100 kB/s.  The first ten packets are not paced, the last of them
-- has its time all the same, and who was late gains half of that.  Seen on Linux 6.18.
local c = script.accepted { rtt = "100ms", win = 500, cc = "reno", max_pacing_rate = 100000 }
c:write(20000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 10001 win 500")
script.expect("P. 10001:12001(2*1000) ack 1")
script.expect("+10ms", "P. 12001:14001(2*1000) ack 1")
script.expect("+20ms", "P. 14001:16001(2*1000) ack 1")
c:set { max_pacing_rate = 200000 } -- counts from the next ACK on
script.expect("+20ms", "P. 16001:18001(2*1000) ack 1")
script.expect("+20ms", "P. 18001:20001(2*1000) ack 1")
