-- CE asks for two quick ACKs; a young connection has more of them anyway, and keeps them
-- (tcp_data_ecn_check() after tcp_event_data_recv()).  Seen on Linux 6.18.
script.listen()
script.inject("SEW 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("SE. 0:0(0) ack 1 <...>")
script.inject("+20ms", ". 1:1(0) ack 1 win 257")
script.accept()
script.inject("[ce] P. 1:101(100) ack 1 win 257")
script.expect("E. 1:1(0) ack 101")
for i = 1, 5 do
    script.inject("+50ms", ("[ect0] P. %d:%d(100) ack 1 win 257"):format(1 + i * 100, 101 + i * 100))
    script.expect(("E. 1:1(0) ack %d"):format(101 + i * 100))
end
