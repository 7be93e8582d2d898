-- A FIN ends the news: what of its segment came twice is not reported any more (tcp_fin()).
-- Seen on Linux 6.18.
script.accepted { rtt = "20ms" }
script.inject("P. 1:51(50) ack 1 win 257")
script.expect(". 1:1(0) ack 51")
script.inject("+10ms", "FP. 1:101(100) ack 1 win 257")
script.expect("+40ms", ". 1:1(0) ack 102")
