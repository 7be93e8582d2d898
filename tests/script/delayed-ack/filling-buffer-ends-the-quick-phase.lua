-- With half of the receive buffer in use the sender is not hurried any more: a young connection's
-- quick ACKs end, and a duplicate brings no new ones (__tcp_select_window()).  Seen on Linux 6.18.
script.accepted { rtt = "20ms", rcvbuf = 16384 }
for i = 0, 23 do
    script.inject("+7ms", (". %d:%d(536) ack 1 win 257"):format(1 + i * 536, 537 + i * 536))
    if i <= 13 or i == 19 then script.expect((". 1:1(0) ack %d"):format(537 + i * 536)) end
end
script.expect("+12ms~22ms", ". 1:1(0) ack 12865")
script.inject("+100ms", "P. 12329:12865(536) ack 1 win 257")
script.expect(". 1:1(0) ack 12865 <nop,nop,sack 12329:12865>")
script.inject("+20ms", ". 12865:13401(536) ack 1 win 257")
script.expect("+40ms~46ms", ". 1:1(0) ack 13401")
