-- A segment in order counts for the timestamp (RFC 7323 4.3) however old its ACK field is: the
-- challenge that answers it (RFC 5961 5.2) echoes it.  Seen on Linux 6.18, where it takes the fast
-- path.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+20ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1020 ecr 100>")
script.inject("+80ms", ". 1:1(0) ack 0 win 257 <nop,nop,TS val 1100 ecr 100>")
script.expect(". 1:1(0) ack 1 <nop,nop,TS val 200 ecr 1100>")
