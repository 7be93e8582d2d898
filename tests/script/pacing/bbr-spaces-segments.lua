-- draft-cardwell-iccrg-bbr-congestion-control-00 4.2.1: after a round trip of 100 ms with ten segments the rate is 2.89
-- times that, less 1 % (Linux), 286 kB/s: two segments each 7 ms.  Only the
-- first ones, which come late, make up for half of that.  Seen on Linux 6.18.
script.tolerance("300us")
local c = script.accepted { rtt = "100ms", cc = "bbr", win = 512 }
c:write(60000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 10001 win 512")
script.expect("P. 10001:12001(2*1000) ack 1")
script.expect("+3500us", "P. 12001:14001(2*1000) ack 1")
script.expect("+7ms", "P. 14001:16001(2*1000) ack 1")
script.expect("+7ms", "P. 16001:18001(2*1000) ack 1")
script.expect("+7ms", "P. 18001:20001(2*1000) ack 1")
