-- RFC 9293 3.10.7.4, RFC 5961 4.2: the ACK of the handshake was lost: the SYN-ACK that comes again is answered.
script.connected { rtt = "10ms" }
script.inject("+1s", "S. 0:0(0) ack 1 win 65535 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect(". 1:1(0) ack 1")
