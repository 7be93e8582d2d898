-- RFC 7323 5.5: a timestamp counts for 24 days since it came, not since the connection began: after 20 days without
-- anything a newer one comes, as predicted or with another window, and 20 days later an old one is still refused.
script.listen()
for n = 0, 1 do
  script.port(40000 + n)
  script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
  script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
  script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1010 ecr 100>")
  local c = script.accept()
  script.inject("+1728000s", ("P. 1:11(10) ack 1 win %d <nop,nop,TS val 1100 ecr 100>"):format(257 + n))
  script.expect(". 1:1(0) ack 11 <nop,nop,TS val 1728000110 ecr 1100>")
  script.inject("+1728000s", "P. 11:21(10) ack 1 win 257 <nop,nop,TS val 1050 ecr 100>")
  script.expect(". 1:1(0) ack 11 <nop,nop,TS val 3456000110 ecr 1100>")
  expect.equal(c.ready, 10)
end
