-- Linux's order of options: mss, sackOK with timestamps, nop, wscale (RFC 9293 3.2, 2018, 7323).
script.connect()
script.expect("S 0:0(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10>")
