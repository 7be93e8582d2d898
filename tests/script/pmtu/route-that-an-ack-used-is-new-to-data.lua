-- RFC 1191 6.3: what one connection learns of the path concerns the others, also one that has sent
-- ACKs since.  Linux compares the route's MTU with its own before data; seen on 6.18.
local syn = "S 0:0(0) win 32792 <mss 1460,sackOK,nop,nop,nop,wscale 7>"
script.listen()
local c = {}
for port = 40001, 40002 do
  script.port(port)
  script.inject(syn)
  script.expect("S. 0:0(0) ack 1 <...>")
  script.inject("+10ms", ". 1:1(0) ack 1 win 257")
  c[port] = script.accept()
end
c[40002]:write(1460)
script.expect("P. 1:1461(1460) ack 1")
script.icmp("fragmentation needed", 1, 1200)
script.expect(". 1:1161(1160) ack 1")
script.expect("P. 1161:1461(300) ack 1")
script.port(40001)
script.inject("P. 1:101(100) ack 1 win 257")
script.expect(". 1:1(0) ack 101")
c[40001]:write(1460)
script.expect(". 1:1161(1160) ack 101")
