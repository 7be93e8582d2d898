-- RFC 2883 4 has room for one report; of a segment that overlaps old data and waiting data Linux
-- reports the old (tcp_dsack_extend()).  Seen on Linux 6.18.
script.accepted { rtt = "20ms" }
script.inject("P. 1:501(500) ack 1 win 257")
script.expect(". 1:1(0) ack 501")
script.inject("+5ms", "P. 801:901(100) ack 1 win 257")
script.expect(". 1:1(0) ack 501 <nop,nop,sack 801:901>")
script.inject("+5ms", "P. 301:851(550) ack 1 win 257")
script.expect(". 1:1(0) ack 901 <nop,nop,sack 301:501>")
