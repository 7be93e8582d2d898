-- tcp(7): TCP_CORK (here MSG_MORE) holds data for about 200 ms at most (Linux: one time-out, which
-- is 200 ms and the round trip).  What that timer sends is not among the small segments that
-- Nagle's algorithm waits for (Linux 6.18: tcp_write_wakeup does not touch snd_sml): the next small
-- one goes at once, and the one after it waits for that.
local c = script.accepted { rtt = "20ms" }
c:write(100, "more")
script.expect("+220ms", "P. 1:101(100) ack 1")
c:write(100)
script.expect("P. 101:201(100) ack 1")
c:write(100)
script.silence("15ms")
script.inject("0s", ". 1:1(0) ack 201 win 257")
script.expect("P. 201:301(100) ack 1")
