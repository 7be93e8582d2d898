-- RFC 7323 3.2: a SYN-ACK that echoes a timestamp which was never sent answers another SYN (Linux: PAWSActive).
local host = script.host()
script.connect()
script.expect("S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 65535 <mss 1000,sackOK,TS val 500 ecr 99999>")
script.expect("R 1:1(0)")
expect.equal(host:counters().TcpExtPAWSActive, 1)
