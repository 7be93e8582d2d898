-- A connection that was not held up begins to pay with the packet that makes ten, and pays in full
-- if that left with the others (Linux: tcp_update_skb_after_send, sch_fq).  With an ACK after
-- 30 ms the next packets wait for the rest of the last one's 40 ms, 2000 bytes at 50 kB/s.
local c = script.accepted { rtt = "100ms", win = 500, cc = "reno", max_pacing_rate = 50000 }
c:write(14000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+30ms", ". 1:1(0) ack 2001 win 500")
script.expect("+10ms", "P. 10001:12001(2*1000) ack 1")
